public import ConversationModel

/// What becomes of a value when a platform writes it.
public enum Holding: Sendable, Equatable {
    /// It is written as it is.
    case whole
    /// It is written as another value.
    case becomes(String)
    /// The platform has no place for it.
    case dropped
}

/// What a platform can hold, asked of its bindings: a record with the value is projected and looked at again.
extension Platform {
    /// What becomes of a conversation's status.
    public func holding(of status: Status) -> Holding {
        holding(status, \.status)
    }

    /// What becomes of a conversation's priority.
    public func holding(of priority: Priority) -> Holding {
        holding(priority, \.priority)
    }

    /// What becomes of the channel of a conversation and its messages.
    ///
    /// A conversation that cannot say its channel may still have messages that can; then nothing has to be changed.
    public func holding(of channel: Channel) -> Holding {
        let own = holding(channel, \.channel)
        guard own == .dropped else { return own }
        var conversation = Self.probe
        conversation.timeline[0].channel = channel
        guard case .conversation(let kept) = projected(.conversation(conversation))?.record,
            kept.timeline.first?.channel == channel
        else { return .dropped }
        return .whole
    }

    /// What becomes of an agent's role.
    public func holding(of role: Agent.Role) -> Holding {
        var agent = Agent()
        agent.id = "1"
        agent.role = role
        guard case .agent(let kept) = projected(.agent(agent))?.record, let value = kept.role else { return .dropped }
        return value == role ? .whole : .becomes(value.rawValue)
    }

    /// What becomes of the type of a custom field that records of this kind have.
    public func holding(of type: FieldDefinition.Kind, on entity: Entity) -> Holding {
        var field = FieldDefinition()
        field.id = "1"
        field.key = "probe"
        field.of = entity
        field.type = type
        field.options = [.init("a", label: "A")]
        guard case .field(let kept) = projected(.field(field))?.record, let value = kept.type else { return .dropped }
        return value == type ? .whole : .becomes(value.rawValue)
    }

    /// The statuses that are written as they are.
    public var statuses: [Status] { Status.allCases.filter { holding(of: $0) == .whole } }
    /// The priorities that are written as they are.
    public var priorities: [Priority] { Priority.allCases.filter { holding(of: $0) == .whole } }
    /// The channels that conversations themselves say as they are.
    public var channels: [Channel] { Channel.allCases.filter { holding($0, \.channel) == .whole } }

    /// Whether records of this kind can carry custom fields.
    public func holdsFields(on entity: Entity) -> Bool {
        let fields = [FieldValue("probe", .string("a"))]
        switch entity {
        case .conversation:
            var conversation = Self.probe
            conversation.fields = fields
            guard case .conversation(let kept) = projected(.conversation(conversation))?.record else { return false }
            return !kept.fields.isEmpty
        case .contact:
            var contact = Contact()
            contact.id = "1"
            contact.fields = fields
            guard case .contact(let kept) = projected(.contact(contact))?.record else { return false }
            return !kept.fields.isEmpty
        case .company:
            var company = Company()
            company.id = "1"
            company.fields = fields
            guard case .company(let kept) = projected(.company(company))?.record else { return false }
            return !kept.fields.isEmpty
        default: return false
        }
    }

    /// Whether conversations can carry tags.
    public var holdsTags: Bool {
        var conversation = Self.probe
        conversation.tags = ["probe"]
        guard case .conversation(let kept) = projected(.conversation(conversation))?.record else { return false }
        return !kept.tags.isEmpty
    }

    /// Whether conversations can be assigned to a team.
    public var holdsTeams: Bool {
        var conversation = Self.probe
        conversation.team = "1"
        guard case .conversation(let kept) = projected(.conversation(conversation))?.record else { return false }
        return kept.team != nil
    }

    /// What of one record cannot arrive as it is, by field; `nil` when the platform's files hold no records of its kind.
    public func losses(of record: NeutralRecord) -> [FidelityLoss]? { projected(record)?.losses.all }

    // MARK: Probing

    /// A conversation that every platform can hold, to put a value into.
    static var probe: Conversation {
        var message = Entry()
        message.id = "1"
        message.kind = .message
        message.author = Author(.contact, id: "1")
        message.text = "probe"
        message.createdAt = Instant(seconds: 1_700_000_000)
        var conversation = Conversation()
        conversation.id = "1"
        conversation.requester = "1"
        conversation.createdAt = message.createdAt
        conversation.timeline = [message]
        return conversation
    }

    private func holding<Value: RawRepresentable<String> & Equatable>(
        _ value: Value, _ path: WritableKeyPath<Conversation, Value?>
    ) -> Holding {
        var conversation = Self.probe
        conversation[keyPath: path] = value
        guard case .conversation(let kept) = projected(.conversation(conversation))?.record,
            let written = kept[keyPath: path]
        else { return .dropped }
        return written == value ? .whole : .becomes(written.rawValue)
    }

    /// The record as the platform's files would hold it; `nil` when they hold none of its kind.
    private func projected(_ record: NeutralRecord) -> (record: NeutralRecord, losses: LossTally)? {
        var record = record
        guard let export = output(for: record) else { return nil }
        let run = Projecting(capabilities: connector.capabilities, people: nil)
        coders[export].project(&record, run)
        return (record, run.losses)
    }
}
