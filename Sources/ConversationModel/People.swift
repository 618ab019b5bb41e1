/// Who answers: a member of the support staff, or a bot that acts like one.
public struct Agent: Record {
    /// What an agent may do.
    public enum Role: String, Sendable, CaseIterable {
        /// Runs the account.
        case admin
        /// Answers customers.
        case agent
        /// Reads and writes notes only.
        case light
        /// A program.
        case bot
    }

    /// The kind of record.
    public static let entity = Entity.agent
    /// The source's own id.
    public var id = ""
    /// Where the record came from.
    public var source = Origin()
    /// Full name.
    public var name: String?
    /// Sign-in address.
    public var email: String?
    /// What the agent may do.
    public var role: Role?
    /// Whether the agent can sign in; `nil` when the source does not say.
    public var active: Bool?
    /// Ids of the agent's teams.
    public var teams: [String] = []
    /// When the agent was created.
    public var createdAt: Instant?
    /// Vendor fields that nothing binds.
    public var extras = Extras()

    /// Creates an empty value.
    public init() {}
}

/// Group of agents that conversations are assigned to.
public struct Team: Record {
    /// The kind of record.
    public static let entity = Entity.team
    /// The source's own id.
    public var id = ""
    /// Where the record came from.
    public var source = Origin()
    /// Name of the team.
    public var name: String?
    /// Vendor fields that nothing binds.
    public var extras = Extras()

    /// Creates an empty value.
    public init() {}
}

/// Organisation that contacts belong to.
public struct Company: Record {
    /// The kind of record.
    public static let entity = Entity.company
    /// The source's own id.
    public var id = ""
    /// Where the record came from.
    public var source = Origin()
    /// Name of the company.
    public var name: String?
    /// E-mail domains that belong to it.
    public var domains: [String] = []
    /// The customer's own key.
    public var externalID: String?
    /// When it was created.
    public var createdAt: Instant?
    /// When it last changed.
    public var updatedAt: Instant?
    /// Custom fields.
    public var fields: [FieldValue] = []
    /// Vendor fields that nothing binds.
    public var extras = Extras()

    /// Creates an empty value.
    public init() {}
}

/// Who asks.
public struct Contact: Record {
    /// The kind of record.
    public static let entity = Entity.contact
    /// The source's own id.
    public var id = ""
    /// Where the record came from.
    public var source = Origin()
    /// Full name.
    public var name: String?
    /// Addresses, the main one first.
    public var emails: [String] = []
    /// Telephone numbers, the main one first.
    public var phones: [String] = []
    /// The customer's own key.
    public var externalID: String?
    /// Id of the company.
    public var company: String?
    /// Language tag.
    public var language: String?
    /// Zone name.
    public var timezone: String?
    /// When it was created.
    public var createdAt: Instant?
    /// When it last changed.
    public var updatedAt: Instant?
    /// Whether the contact is barred from writing.
    public var blocked: Bool?
    /// Tags.
    public var tags: [String] = []
    /// Custom fields.
    public var fields: [FieldValue] = []
    /// Vendor fields that nothing binds.
    public var extras = Extras()

    /// Creates an empty value.
    public init() {}
}

/// Definition of a custom field.
public struct FieldDefinition: Record {
    /// One choice of a field.
    public struct Choice: Sendable, Hashable {
        /// The value that records carry.
        public var value = ""
        /// What people see.
        public var label: String?
        /// Creates an empty value.
        public init() {}
        /// Creates a choice.
        public init(_ value: String, label: String? = nil) {
            self.value = value
            self.label = label
        }
    }

    /// The kind of value that a field holds.
    public enum Kind: String, Sendable, CaseIterable {
        /// Text of any length.
        case text
        /// Integer or decimal number.
        case number
        /// Yes or no.
        case boolean
        /// A day.
        case date
        /// A moment.
        case datetime
        /// One of ``FieldDefinition/options``.
        case choice
        /// Several of ``FieldDefinition/options``.
        case multiChoice = "multi_choice"
        /// Anything else; the vendor's own word is in the extras.
        case other
    }

    /// The kind of record.
    public static let entity = Entity.field
    /// The source's own id.
    public var id = ""
    /// Where the record came from.
    public var source = Origin()
    /// The kind of record that has the field.
    public var of: Entity?
    /// The key under which records carry the value.
    public var key = ""
    /// What people see.
    public var label: String?
    /// The kind of value.
    public var type: Kind?
    /// The choices, for choice fields.
    public var options: [Choice] = []
    /// Vendor fields that nothing binds.
    public var extras = Extras()

    /// Creates an empty value.
    public init() {}
}
