public import ConversationModel

/// One value that two records of the same id do not share.
public struct FieldDifference: Sendable, Equatable {
    /// Where it stands, as in the model: `status`, `fields.31`, `timeline.text`.
    public let path: String
    /// Position of the entry it belongs to, from 1; `nil` for the record itself.
    public let entry: Int?
    /// What the first record has; `nil` when it has nothing there.
    public let before: String?
    /// What the second record has.
    public let after: String?

    /// Creates a difference.
    public init(path: String, entry: Int? = nil, before: String?, after: String?) {
        self.path = path
        self.entry = entry
        self.before = before
        self.after = after
    }
}

/// Compares two records of the same kind, field by field.
///
/// Entries are paired by their ids where both sides know them, else by position; vendor leftovers are not compared.
public struct RecordDifference {
    /// The differences found, in the order of the record's fields, then entry by entry; at most ``limit``.
    public private(set) var all: [FieldDifference] = []
    /// How many there are, those beyond the limit included.
    public private(set) var count = 0
    /// How many are kept.
    public let limit: Int
    /// Characters that are kept of a value.
    public static let longestValue = 400

    /// Compares two records.
    ///
    /// - Parameters:
    ///   - before: One record.
    ///   - after: The other one.
    ///   - limit: Differences that are kept.
    public init(_ before: NeutralRecord, _ after: NeutralRecord, limit: Int = 200) {
        self.limit = limit
        switch (before, after) {
        case (.conversation(let a), .conversation(let b)): compare(a, b)
        case (.contact(let a), .contact(let b)): compare(a, b)
        case (.agent(let a), .agent(let b)): compare(a, b)
        case (.company(let a), .company(let b)): compare(a, b)
        case (.team(let a), .team(let b)):
            note("id", a.id, b.id)
            note("name", a.name, b.name)
        case (.field(let a), .field(let b)): compare(a, b)
        default: add("record", nil, before.entity.rawValue, after.entity.rawValue)
        }
    }

    // MARK: Kinds of record

    private mutating func compare(_ a: FieldDefinition, _ b: FieldDefinition) {
        note("id", a.id, b.id)
        note("key", a.key, b.key)
        note("label", a.label, b.label)
        note("type", a.type?.rawValue, b.type?.rawValue)
        note("options", a.options.map { $0.label ?? $0.value }, b.options.map { $0.label ?? $0.value })
    }

    private mutating func compare(_ a: Agent, _ b: Agent) {
        note("id", a.id, b.id)
        note("name", a.name, b.name)
        note("email", a.email, b.email)
        note("role", a.role?.rawValue, b.role?.rawValue)
        note("active", a.active, b.active)
        note("teams", a.teams, b.teams)
        note("created_at", a.createdAt, b.createdAt)
    }

    private mutating func compare(_ a: Company, _ b: Company) {
        note("id", a.id, b.id)
        note("name", a.name, b.name)
        note("domains", a.domains, b.domains)
        note("external_id", a.externalID, b.externalID)
        note("created_at", a.createdAt, b.createdAt)
        note("updated_at", a.updatedAt, b.updatedAt)
        note(a.fields, b.fields)
    }

    private mutating func compare(_ a: Contact, _ b: Contact) {
        note("id", a.id, b.id)
        note("name", a.name, b.name)
        note("emails", a.emails, b.emails)
        note("phones", a.phones, b.phones)
        note("external_id", a.externalID, b.externalID)
        note("company", a.company, b.company)
        note("language", a.language, b.language)
        note("timezone", a.timezone, b.timezone)
        note("created_at", a.createdAt, b.createdAt)
        note("updated_at", a.updatedAt, b.updatedAt)
        note("blocked", a.blocked, b.blocked)
        note("tags", a.tags, b.tags)
        note(a.fields, b.fields)
    }

    private mutating func compare(_ a: Conversation, _ b: Conversation) {
        note("id", a.id, b.id)
        note("number", a.number, b.number)
        note("external_id", a.externalID, b.externalID)
        note("subject", a.subject, b.subject)
        note("status", a.status?.rawValue, b.status?.rawValue)
        note("priority", a.priority?.rawValue, b.priority?.rawValue)
        note("channel", a.channel?.rawValue, b.channel?.rawValue)
        note("brand", a.brand, b.brand)
        note("url", a.url, b.url)
        note("created_at", a.createdAt, b.createdAt)
        note("updated_at", a.updatedAt, b.updatedAt)
        note("closed_at", a.closedAt, b.closedAt)
        note("snoozed_until", a.snoozedUntil, b.snoozedUntil)
        note("requester", a.requester, b.requester)
        note("assignee", a.assignee, b.assignee)
        note("team", a.team, b.team)
        if a.participants != b.participants {
            note("participants", a.participants.map(\.shown), b.participants.map(\.shown))
        }
        note("tags", a.tags, b.tags)
        note(a.fields, b.fields)
        if a.rating != b.rating { note("rating", a.rating?.shown, b.rating?.shown) }
        if a.links != b.links { note("links", a.links.map(\.shown), b.links.map(\.shown)) }
        if a.sessions != b.sessions { note("sessions", a.sessions.map(\.shown), b.sessions.map(\.shown)) }
        compare(a.timeline, b.timeline)
    }

    // MARK: Entries

    private mutating func compare(_ a: [Entry], _ b: [Entry]) {
        if a.count == b.count, zip(a, b).allSatisfy({ $0.id == $1.id }) {
            for index in a.indices { compare(a[index], b[index], index + 1) }
            return
        }
        let places = Dictionary(b.enumerated().map { ($0.element.id, $0.offset) }) { first, _ in first }
        guard a.contains(where: { places[$0.id] != nil }) else {
            // The sides share no id: they are taken in order.
            for index in 0..<min(a.count, b.count) { compare(a[index], b[index], index + 1) }
            for index in min(a.count, b.count)..<a.count { add("timeline", index + 1, a[index].shown, nil) }
            for index in min(a.count, b.count)..<b.count { add("timeline", index + 1, nil, b[index].shown) }
            return
        }
        var met = Set<Int>()
        var last = -1
        for (index, entry) in a.enumerated() {
            guard let place = places[entry.id], met.insert(place).inserted else {
                add("timeline", index + 1, entry.shown, nil)
                continue
            }
            if place < last { add("timeline.order", index + 1, "\(index + 1)", "\(place + 1)") }
            last = max(last, place)
            compare(entry, b[place], index + 1)
        }
        for (index, entry) in b.enumerated() where !met.contains(index) { add("timeline", index + 1, nil, entry.shown) }
    }

    private mutating func compare(_ a: Entry, _ b: Entry, _ entry: Int) {
        guard a != b else { return }
        note("timeline.kind", a.kind.shown, b.kind.shown, entry)
        note("timeline.author.kind", a.author.kind.rawValue, b.author.kind.rawValue, entry)
        note("timeline.author.id", a.author.id, b.author.id, entry)
        note("timeline.author.name", a.author.name, b.author.name, entry)
        note("timeline.author.email", a.author.email, b.author.email, entry)
        note("timeline.created_at", a.createdAt, b.createdAt, entry)
        note("timeline.session", a.session, b.session, entry)
        note("timeline.reply_to", a.replyTo, b.replyTo, entry)
        note("timeline.text", a.text, b.text, entry)
        note("timeline.html", a.html, b.html, entry)
        note("timeline.channel", a.channel?.rawValue, b.channel?.rawValue, entry)
        if a.attachments != b.attachments {
            note("timeline.attachments", a.attachments.map(\.shown), b.attachments.map(\.shown), entry)
        }
        note("timeline.edited_at", a.editedAt, b.editedAt, entry)
        note("timeline.redacted", a.redacted, b.redacted, entry)
        if a.email != b.email { note("timeline.email", a.email?.shown, b.email?.shown, entry) }
        note("timeline.field", a.field, b.field, entry)
        note("timeline.from", a.from?.shown, b.from?.shown, entry)
        note("timeline.to", a.to?.shown, b.to?.shown, entry)
    }

    // MARK: Values

    private mutating func note(_ path: String, _ a: String?, _ b: String?, _ entry: Int? = nil) {
        guard a != b else { return }
        add(path, entry, a, b)
    }

    private mutating func note(_ path: String, _ a: Instant?, _ b: Instant?, _ entry: Int? = nil) {
        guard a != b else { return }
        add(path, entry, a?.description, b?.description)
    }

    private mutating func note(_ path: String, _ a: Bool?, _ b: Bool?, _ entry: Int? = nil) {
        guard a != b else { return }
        add(path, entry, a.map { $0 ? "true" : "false" }, b.map { $0 ? "true" : "false" })
    }

    private mutating func note(_ path: String, _ a: [String], _ b: [String], _ entry: Int? = nil) {
        guard a != b else { return }
        add(path, entry, a.isEmpty ? nil : a.joined(separator: ", "), b.isEmpty ? nil : b.joined(separator: ", "))
    }

    private mutating func note(_ a: [FieldValue], _ b: [FieldValue]) {
        guard a != b else { return }
        let after = Dictionary(b.map { ($0.key, $0.value) }) { first, _ in first }
        let before = Dictionary(a.map { ($0.key, $0.value) }) { first, _ in first }
        for field in a where after[field.key] != field.value {
            add("fields." + field.key, nil, field.value.shown, after[field.key]?.shown)
        }
        for field in b where before[field.key] == nil { add("fields." + field.key, nil, nil, field.value.shown) }
    }

    private mutating func add(_ path: String, _ entry: Int?, _ a: String?, _ b: String?) {
        count += 1
        guard all.count < limit else { return }
        let start = Self.start(a, b)
        all.append(
            FieldDifference(
                path: path, entry: entry, before: Self.clipped(a, from: start), after: Self.clipped(b, from: start)))
    }

    /// Where the shown part of two long texts begins: a little before they part.
    private static func start(_ a: String?, _ b: String?) -> Int {
        guard let a, let b, max(a.utf8.count, b.utf8.count) > longestValue else { return 0 }
        let common = zip(a, b).prefix { $0 == $1 }.count
        return common < longestValue / 2 ? 0 : common - 60
    }

    private static func clipped(_ text: String?, from start: Int) -> String? {
        guard let text, start > 0 || text.utf8.count > longestValue else { return text }
        let rest = text.dropFirst(start)
        let shown = rest.prefix(longestValue)
        return (start > 0 ? "…" : "") + shown + (shown.endIndex < rest.endIndex ? "…" : "")
    }
}

// How values stand in one line for people.
extension Participant {
    fileprivate var shown: String { "\(role.rawValue) \(id.isEmpty ? email ?? name ?? "?" : id)" }
}

extension Rating {
    fileprivate var shown: String { "\(score)/\(scale)" + (comment.map { ": " + $0 } ?? "") }
}

extension Link {
    fileprivate var shown: String { "\(kind.rawValue) \(id)" }
}

extension Session {
    fileprivate var shown: String { id + (startedAt.map { " \($0)" } ?? "") + (endedAt.map { " – \($0)" } ?? "") }
}

extension Attachment {
    fileprivate var shown: String { name ?? (id.isEmpty ? url ?? "?" : id) }
}

extension EmailHeaders {
    fileprivate var shown: String { [subject, from].compactMap(\.self).joined(separator: " / ") }
}

extension Entry.Kind {
    fileprivate var shown: String { if case .event(let event) = self { "event " + event.rawValue } else { type } }
}

extension Entry {
    fileprivate var shown: String { kind.shown + (createdAt.map { " \($0)" } ?? "") }
}

extension JSONValue {
    /// The value in one line, as people would write it.
    public var shown: String {
        switch self {
        case .null: ""
        case .bool(let value): value ? "true" : "false"
        case .number(let text), .string(let text): text
        case .array(let values): values.map(\.shown).joined(separator: ", ")
        case .object(let members): members.map { "\($0.key): \($0.value.shown)" }.joined(separator: ", ")
        }
    }
}
