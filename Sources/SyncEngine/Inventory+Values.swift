public import ConversationModel

/// How often a value occurs: on conversations themselves, and elsewhere in them.
public struct ValueUse: Sendable, Equatable {
    /// Conversations that carry the value.
    public var conversations = 0
    /// Sessions, entries and events that carry it.
    public var elsewhere = 0
}

/// One team with evidence of use.
public struct TeamUse: Sendable, Equatable {
    /// Name, where a record says it.
    public var name: String?
    /// Whether a record of its own describes it, or only other records name it.
    public var isDescribed = false
    /// Conversations that the team has.
    public var conversations = 0
}

/// One custom field with evidence of use.
public struct FieldUse: Sendable {
    /// The kind of record and the key under which it carries the field.
    public struct Key: Sendable, Hashable, Comparable {
        /// The kind of record.
        public let entity: Entity
        /// The source's own key.
        public let key: String

        /// Creates a key.
        public init(_ entity: Entity, _ key: String) {
            self.entity = entity
            self.key = key
        }

        /// Conversations' fields first, then by key.
        public static func < (a: Key, b: Key) -> Bool {
            a.entity == b.entity ? a.key < b.key : a.entity > b.entity
        }
    }

    /// How many different values are kept.
    public static let valuesKept = 50

    /// The definition, where the source has one.
    public var definition: FieldDefinition?
    /// Records that have a value.
    public var records = 0
    /// Records that name the field, with a value or without one.
    public var mentions = 0
    /// Short values with how often they occur; further ones than ``valuesKept`` are not kept.
    public var values: [String: Int] = [:]
    /// Whether there are values that are not kept: too many, or too long to be choices.
    public var hasMore = false
    /// Records whose value is of each form.
    public var texts = 0
    /// Records whose value is a number.
    public var numbers = 0
    /// Records whose value is true or false.
    public var flags = 0
    /// Records whose value is a list.
    public var lists = 0

    /// The type that the source defines, or else the one that all values have.
    public var type: FieldDefinition.Kind {
        if let type = definition?.type { return type }
        if records > 0, numbers == records { return .number }
        if records > 0, flags == records { return .boolean }
        if records > 0, lists == records { return .multiChoice }
        return .text
    }

    mutating func take(_ value: JSONValue) {
        records += 1
        switch value {
        case .string(let text):
            texts += 1
            note(text)
        case .number(let digits):
            numbers += 1
            note(digits)
        case .bool(let flag):
            flags += 1
            note(flag ? "true" : "false")
        case .array(let elements):
            lists += 1
            for element in elements { if let text = element.text { note(text) } }
        case .null, .object: hasMore = true
        }
    }

    private mutating func note(_ text: String) {
        if let count = values[text] {
            values[text] = count + 1
        } else if values.count < Self.valuesKept, text.utf8.count <= 60 {
            values[text] = 1
        } else {
            hasMore = true
        }
    }
}

extension Inventory {
    /// Counts the values that a mapping can name, at every place where a mapping looks for them.
    mutating func takeValues(_ conversation: Conversation) {
        if let status = conversation.status { statusUses[status, default: ValueUse()].conversations += 1 }
        if let priority = conversation.priority { priorityUses[priority, default: ValueUse()].conversations += 1 }
        if let channel = conversation.channel { channelUses[channel, default: ValueUse()].conversations += 1 }
        for session in conversation.sessions {
            if let channel = session.channel { channelUses[channel, default: ValueUse()].elsewhere += 1 }
        }
        if let team = conversation.team { teams[team, default: TeamUse()].conversations += 1 }
        for field in conversation.fields { take(field, of: .conversation) }
        for participant in conversation.participants where participant.kind == .agent && !participant.id.isEmpty {
            name(agent: participant.id)
        }
        if let assignee = conversation.assignee { name(agent: assignee) }
        for entry in conversation.timeline {
            if let channel = entry.channel { channelUses[channel, default: ValueUse()].elsewhere += 1 }
            guard case .event(let event) = entry.kind else { continue }
            for value in [entry.from, entry.to] {
                guard let text = value?.text, !text.isEmpty else { continue }
                switch event {
                case .status:
                    if let status = Status(rawValue: text) { statusUses[status, default: ValueUse()].elsewhere += 1 }
                case .priority:
                    if let value = Priority(rawValue: text) { priorityUses[value, default: ValueUse()].elsewhere += 1 }
                case .assigned: name(agent: text)
                case .teamAssigned: teams[text, default: TeamUse()].conversations += 0
                default: break
                }
            }
        }
    }

    mutating func takeValues(_ record: NeutralRecord) {
        switch record {
        case .agent(let agent):
            for team in agent.teams { teams[team, default: TeamUse()].conversations += 0 }
        case .team(let team):
            teams[team.id, default: TeamUse()].name = team.name
            teams[team.id, default: TeamUse()].isDescribed = true
        case .contact(let contact):
            for tag in contact.tags { contactTags[tag, default: 0] += 1 }
            for field in contact.fields { take(field, of: .contact) }
        case .company(let company):
            for field in company.fields { take(field, of: .company) }
        case .field(let field):
            guard let entity = field.of else { break }
            customFields[FieldUse.Key(entity, field.key), default: FieldUse()].definition = field
        case .conversation(let conversation): takeValues(conversation)
        }
    }

    private mutating func take(_ field: FieldValue, of entity: Entity) {
        let key = FieldUse.Key(entity, field.key)
        customFields[key, default: FieldUse()].mentions += 1
        switch field.value {
        case .null, .string(""), .array([]): return
        default: customFields[key]?.take(field.value)
        }
    }

    /// Notes an agent that a record names, so that the people file has everybody.
    private mutating func name(agent id: String) {
        guard agents[id] == nil else { return }
        var agent = Agent()
        agent.id = id
        agents[id] = AgentUse(agent: agent, isDescribed: false)
    }
}
