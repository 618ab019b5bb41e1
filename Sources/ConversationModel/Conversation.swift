/// One thread of exchange: a ticket, a chat or a messaging thread, with everything that happened in it on one timeline.
public struct Conversation: Record {
    /// The kind of record.
    public static let entity = Entity.conversation
    /// The source's own id.
    public var id = ""
    /// Where the record came from.
    public var source = Origin()
    /// The number that people see, where it is not the id.
    public var number: String?
    /// The customer's own key.
    public var externalID: String?
    /// Subject line.
    public var subject: String?
    /// Where the work stands.
    public var status: Status?
    /// How urgent it is.
    public var priority: Priority?
    /// How the first message came.
    public var channel: Channel?
    /// Id of the brand.
    public var brand: String?
    /// Address of the conversation for people.
    public var url: String?
    /// When it began.
    public var createdAt: Instant?
    /// When it last changed.
    public var updatedAt: Instant?
    /// When it was closed.
    public var closedAt: Instant?
    /// Until when it sleeps.
    public var snoozedUntil: Instant?
    /// Id of the contact who asks.
    public var requester: String?
    /// Id of the agent who answers.
    public var assignee: String?
    /// Id of the team that answers.
    public var team: String?
    /// Others who take part.
    public var participants: [Participant] = []
    /// Tags.
    public var tags: [String] = []
    /// Custom fields.
    public var fields: [FieldValue] = []
    /// What the contact thought of it.
    public var rating: Rating?
    /// Conversations that this one belongs with.
    public var links: [Link] = []
    /// Live sittings of a conversation, in order.
    public var sessions: [Session] = []
    /// Messages, notes and events in the order they happened; ties in source order.
    public var timeline: [Entry] = []
    /// Vendor fields that nothing binds.
    public var extras = Extras()

    /// Creates an empty value.
    public init() {}
}

/// Where the work on a conversation stands.
public enum Status: String, Sendable, CaseIterable {
    case new, open, pending
    case onHold = "on_hold"
    case snoozed, solved, closed
}

/// How urgent a conversation is.
public enum Priority: String, Sendable, CaseIterable {
    case low, normal, high, urgent
}

/// The way by which people write.
public enum Channel: String, Sendable, CaseIterable {
    case chat, email, web, phone, sms, whatsapp, facebook, instagram, x, telegram, line, viber
    case appleMessages = "apple_messages"
    case inApp = "in_app"
    case forum, api, other
}

/// Somebody who takes part beside requester and assignee.
public struct Participant: Sendable, Hashable {
    /// In which part.
    public enum Role: String, Sendable, CaseIterable {
        /// Gets copies of messages.
        case cc
        /// An agent who gets copies, notes included.
        case follower
        /// Writes along.
        case participant
    }

    /// Contact or agent.
    public var kind = Author.Kind.contact
    /// Id of the person; empty when only name or address is known.
    public var id = ""
    /// In which part.
    public var role = Role.participant
    /// Name, where the source gives no id.
    public var name: String?
    /// Address, where the source gives no id.
    public var email: String?

    /// Creates an empty value.
    public init() {}
    /// Creates a participant.
    public init(_ kind: Author.Kind, _ id: String, _ role: Role) {
        self.kind = kind
        self.id = id
        self.role = role
    }
}

/// What a contact thought of a conversation.
public struct Rating: Sendable, Hashable {
    /// The mark, from 1 (worst) to ``scale`` (best).
    public var score = 0
    /// The best mark that could be given: 2 for thumbs, 5 for stars.
    public var scale = 0
    /// What the contact wrote with it.
    public var comment: String?
    /// When it was given.
    public var createdAt: Instant?

    /// Creates an empty value.
    public init() {}
    /// Creates a rating.
    public init(score: Int, scale: Int, comment: String? = nil, createdAt: Instant? = nil) {
        self.score = score
        self.scale = scale
        self.comment = comment
        self.createdAt = createdAt
    }
}

/// A conversation that another one belongs with.
public struct Link: Sendable, Hashable {
    /// In which way.
    public enum Kind: String, Sendable, CaseIterable {
        case parent, child
        case mergedInto = "merged_into"
        case followUpOf = "follow_up_of"
        case sideConversationOf = "side_conversation_of"
    }

    /// In which way this conversation belongs with the other.
    public var kind = Kind.parent
    /// Id of the other conversation.
    public var id = ""

    /// Creates an empty value.
    public init() {}
    /// Creates a link.
    public init(_ kind: Kind, _ id: String) {
        self.kind = kind
        self.id = id
    }
}

/// One live sitting of a conversation: a chat from its start to its end.
public struct Session: Sendable, Equatable {
    /// Whether both sides were there.
    public enum Kind: String, Sendable, CaseIterable {
        /// Both sides wrote at the same time.
        case live
        /// A message left while nobody was there.
        case offline
    }

    /// Id within the conversation.
    public var id = ""
    /// When it began.
    public var startedAt: Instant?
    /// When it ended.
    public var endedAt: Instant?
    /// Whether both sides were there.
    public var kind: Kind?
    /// By which way.
    public var channel: Channel?
    /// Vendor fields that nothing binds.
    public var extras = Extras()

    /// Creates an empty value.
    public init() {}
}
