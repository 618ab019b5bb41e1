import ConversationModel
import Foundation

/// Names, as losses use them, of the fields in which two records differ; where they came from does not count.
func differingFields(_ a: NeutralRecord, _ b: NeutralRecord) -> Set<String> {
    var fields: Set<String> = []
    func compare<Value: Equatable>(_ name: String, _ x: Value, _ y: Value) { if x != y { fields.insert(name) } }
    switch (a, b) {
    case (.conversation(let x), .conversation(let y)):
        compare("number", x.number, y.number)
        compare("external_id", x.externalID, y.externalID)
        compare("subject", x.subject, y.subject)
        compare("status", x.status, y.status)
        compare("priority", x.priority, y.priority)
        compare("channel", x.channel, y.channel)
        compare("brand", x.brand, y.brand)
        compare("url", x.url, y.url)
        compare("created_at", x.createdAt, y.createdAt)
        compare("updated_at", x.updatedAt, y.updatedAt)
        compare("closed_at", x.closedAt, y.closedAt)
        compare("snoozed_until", x.snoozedUntil, y.snoozedUntil)
        compare("requester", x.requester, y.requester)
        compare("assignee", x.assignee, y.assignee)
        compare("team", x.team, y.team)
        compare("participants", Set(x.participants), Set(y.participants))
        compare("tags", x.tags, y.tags)
        compare("fields", x.fields, y.fields)
        compare("rating", x.rating, y.rating)
        compare("links", Set(x.links), Set(y.links))
        compare("sessions", x.sessions, y.sessions)
        compare("timeline", x.timeline, y.timeline)
    case (.contact(let x), .contact(let y)):
        compare("name", x.name, y.name)
        compare("emails", x.emails, y.emails)
        compare("phones", x.phones, y.phones)
        compare("external_id", x.externalID, y.externalID)
        compare("company", x.company, y.company)
        compare("language", x.language, y.language)
        compare("timezone", x.timezone, y.timezone)
        compare("created_at", x.createdAt, y.createdAt)
        compare("updated_at", x.updatedAt, y.updatedAt)
        compare("blocked", x.blocked, y.blocked)
        compare("tags", x.tags, y.tags)
        compare("fields", x.fields, y.fields)
    case (.agent(let x), .agent(let y)):
        compare("name", x.name, y.name)
        compare("email", x.email, y.email)
        compare("role", x.role, y.role)
        compare("active", x.active, y.active)
        compare("teams", x.teams, y.teams)
        compare("created_at", x.createdAt, y.createdAt)
    case (.company(let x), .company(let y)):
        compare("name", x.name, y.name)
        compare("domains", x.domains, y.domains)
        compare("external_id", x.externalID, y.externalID)
        compare("created_at", x.createdAt, y.createdAt)
        compare("updated_at", x.updatedAt, y.updatedAt)
        compare("fields", x.fields, y.fields)
    case (.team(let x), .team(let y)): compare("name", x.name, y.name)
    case (.field(let x), .field(let y)):
        compare("label", x.label, y.label)
        compare("type", x.type, y.type)
        compare("options", x.options, y.options)
        compare("key", x.key, y.key)
    default: fields.insert("entity")
    }
    return fields
}

/// All files below a directory by name.
func bytes(_ directory: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: directory) {
        files[name] = FileManager.default.contents(atPath: directory + "/" + name)
    }
    return files
}
