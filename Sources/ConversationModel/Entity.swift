/// The kinds of record, in the order in which they are written: what others refer to comes first.
public enum Entity: String, Sendable, CaseIterable, Comparable {
    /// Definition of a custom field.
    case field
    /// Group of agents.
    case team
    /// Who answers.
    case agent
    /// Organisation that contacts belong to.
    case company
    /// Who asks.
    case contact
    /// One thread of exchange.
    case conversation

    /// Plural name, as in file names: `companies`.
    public var plural: String { self == .company ? "companies" : rawValue + "s" }

    /// Whether the first comes before the second.
    public static func < (a: Entity, b: Entity) -> Bool { a.order < b.order }

    /// Its place among ``allCases``.
    var order: Int {
        switch self {
        case .field: 0
        case .team: 1
        case .agent: 2
        case .company: 3
        case .contact: 4
        case .conversation: 5
        }
    }
}

/// What all records share.
public protocol Record: Sendable, Equatable {
    /// Which kind of record this is.
    static var entity: Entity { get }
    /// An empty record, to be filled by a reader.
    init()
    /// The source's own id.
    var id: String { get set }
    /// Where it came from.
    var source: Origin { get set }
    /// Vendor fields that nothing binds.
    var extras: Extras { get set }
}

/// A record of any kind, as it passes through the house.
public enum NeutralRecord: Sendable, Equatable {
    /// A custom field's definition.
    case field(FieldDefinition)
    /// A team.
    case team(Team)
    /// An agent.
    case agent(Agent)
    /// A company.
    case company(Company)
    /// A contact.
    case contact(Contact)
    /// A conversation.
    case conversation(Conversation)

    /// The record's kind.
    public var entity: Entity {
        switch self {
        case .field: .field
        case .team: .team
        case .agent: .agent
        case .company: .company
        case .contact: .contact
        case .conversation: .conversation
        }
    }

    /// The record's id.
    public var id: String {
        switch self {
        case .field(let record): record.id
        case .team(let record): record.id
        case .agent(let record): record.id
        case .company(let record): record.id
        case .contact(let record): record.id
        case .conversation(let record): record.id
        }
    }

    /// Where the record came from.
    public var source: Origin {
        switch self {
        case .field(let record): record.source
        case .team(let record): record.source
        case .agent(let record): record.source
        case .company(let record): record.source
        case .contact(let record): record.source
        case .conversation(let record): record.source
        }
    }
}
