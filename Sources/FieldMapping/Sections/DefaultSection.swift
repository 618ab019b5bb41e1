import ConversationModel

/// `defaults`: values for what the source leaves open; a value that is there is never touched.
struct DefaultSection: MappingSection {
    static let name = "defaults"
    static let keys = ["conversation", "contact", "agent"]
    static let conversationKeys = ["status", "priority", "channel", "subject", "brand", "assignee", "team"]
    static let contactKeys = ["name", "language", "timezone"]
    static let agentKeys = ["name", "role"]

    struct Default<Value: Sendable>: Sendable {
        let value: Value
        let rule: Int
    }

    private var status: Default<Status>?
    private var priority: Default<Priority>?
    private var channel: Default<Channel>?
    private var role: Default<Agent.Role>?
    private var subject: Default<String>?
    private var brand: Default<String>?
    private var assignee: Default<String>?
    private var team: Default<String>?
    private var contactName: Default<String>?
    private var language: Default<String>?
    private var timezone: Default<String>?
    private var agentName: Default<String>?

    init(_ node: JSON5Node, _ reader: inout NodeReader) {
        let members = reader.members(node, Self.name, keys: Self.keys)
        if let node = members["conversation"] { readConversation(node, &reader) }
        if let node = members["contact"] {
            let members = reader.members(node, "defaults.contact", keys: Self.contactKeys)
            contactName = Self.text(members["name"], "defaults.contact.name", &reader)
            language = Self.text(members["language"], "defaults.contact.language", &reader)
            timezone = Self.text(members["timezone"], "defaults.contact.timezone", &reader)
        }
        if let node = members["agent"] {
            let members = reader.members(node, "defaults.agent", keys: Self.agentKeys)
            agentName = Self.text(members["name"], "defaults.agent.name", &reader)
            role = Self.word(members["role"], "defaults.agent.role", &reader)
        }
    }

    private mutating func readConversation(_ node: JSON5Node, _ reader: inout NodeReader) {
        let what = "defaults.conversation"
        let members = reader.members(node, what, keys: Self.conversationKeys)
        status = Self.word(members["status"], "\(what).status", &reader)
        priority = Self.word(members["priority"], "\(what).priority", &reader)
        channel = Self.word(members["channel"], "\(what).channel", &reader)
        subject = Self.text(members["subject"], "\(what).subject", &reader)
        brand = Self.text(members["brand"], "\(what).brand", &reader)
        assignee = Self.text(members["assignee"], "\(what).assignee", &reader)
        team = Self.text(members["team"], "\(what).team", &reader)
    }

    private static func text(_ node: JSON5Node?, _ what: String, _ reader: inout NodeReader) -> Default<String>? {
        guard let node, let text = reader.text(node, what) else { return nil }
        return Default(value: text, rule: reader.rule(what, at: node.mark))
    }

    private static func word<Word: RawRepresentable<String> & CaseIterable & Sendable>(
        _ node: JSON5Node?, _ what: String, _ reader: inout NodeReader
    ) -> Default<Word>? {
        guard let node, let word: Word = reader.word(node, what) else { return nil }
        return Default(value: word, rule: reader.rule(what, at: node.mark))
    }

    var written: [SectionValue] {
        [
            status.map { SectionValue(kind: .status, value: $0.value.rawValue, rule: $0.rule) },
            priority.map { SectionValue(kind: .priority, value: $0.value.rawValue, rule: $0.rule) },
            channel.map { SectionValue(kind: .channel, value: $0.value.rawValue, rule: $0.rule) },
            role.map { SectionValue(kind: .role, value: $0.value.rawValue, rule: $0.rule) },
        ].compactMap(\.self)
    }

    // MARK: Application

    func apply(to conversation: inout Conversation, _ losses: inout LossTally, _ coverage: inout MappingCoverage) {
        let id = conversation.id
        fill(&conversation.status, status, .conversation, "status", id, &losses, &coverage) { $0.rawValue }
        fill(&conversation.priority, priority, .conversation, "priority", id, &losses, &coverage) { $0.rawValue }
        fill(&conversation.channel, channel, .conversation, "channel", id, &losses, &coverage) { $0.rawValue }
        fill(&conversation.subject, subject, .conversation, "subject", id, &losses, &coverage)
        fill(&conversation.brand, brand, .conversation, "brand", id, &losses, &coverage)
        fill(&conversation.assignee, assignee, .conversation, "assignee", id, &losses, &coverage)
        fill(&conversation.team, team, .conversation, "team", id, &losses, &coverage)
    }

    func apply(to contact: inout Contact, _ losses: inout LossTally, _ coverage: inout MappingCoverage) {
        let id = contact.id
        fill(&contact.name, contactName, .contact, "name", id, &losses, &coverage)
        fill(&contact.language, language, .contact, "language", id, &losses, &coverage)
        fill(&contact.timezone, timezone, .contact, "timezone", id, &losses, &coverage)
    }

    func apply(to agent: inout Agent, _ losses: inout LossTally, _ coverage: inout MappingCoverage) {
        let id = agent.id
        fill(&agent.name, agentName, .agent, "name", id, &losses, &coverage)
        fill(&agent.role, role, .agent, "role", id, &losses, &coverage) { $0.rawValue }
    }

    private func fill<Value: Equatable>(
        _ value: inout Value?, _ filler: Default<Value>?, _ entity: Entity, _ field: String, _ record: String,
        _ losses: inout LossTally, _ coverage: inout MappingCoverage, detail: (Value) -> String = { _ in "" }
    ) {
        guard let filler, value == nil || (value as? String)?.isEmpty == true else { return }
        value = filler.value
        coverage.noteUse(of: filler.rule)
        losses.add(entity, field, .invented, record: record, detail: detail(filler.value))
    }
}
