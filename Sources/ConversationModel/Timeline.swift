/// One thing that happened in a conversation: a public message, a note among agents, or an event.
public struct Entry: Sendable, Equatable {
    /// Id within the source.
    public var id = ""
    /// Message, note or event.
    public var kind = Kind.message
    /// Who did it.
    public var author = Author()
    /// When.
    public var createdAt: Instant?
    /// Id of the session in which it happened.
    public var session: String?
    /// Id of the entry that it answers.
    public var replyTo: String?
    /// Plain text.
    public var text: String?
    /// HTML fragment.
    public var html: String?
    /// By which way, when it differs from the conversation's.
    public var channel: Channel?
    /// Files.
    public var attachments: [Attachment] = []
    /// When it was last edited.
    public var editedAt: Instant?
    /// Whether its content was taken out.
    public var redacted = false
    /// Mail headers, for e-mail.
    public var email: EmailHeaders?
    /// Key of the custom field, for `field` events.
    public var field: String?
    /// Value before, for events.
    public var from: JSONValue?
    /// Value after, for events.
    public var to: JSONValue?
    /// Vendor fields that nothing binds.
    public var extras = Extras()

    /// Creates an empty value.
    public init() {}

    /// Message, note or event.
    public enum Kind: Sendable, Hashable {
        /// Everybody in the conversation can read it.
        case message
        /// Only agents can read it.
        case note
        /// Nobody wrote it; it happened.
        case event(Event)
    }

    /// What an event reports.
    public enum Event: String, Sendable, CaseIterable {
        case created, status, assigned
        case teamAssigned = "team_assigned"
        case priority
        case tagAdded = "tag_added"
        case tagRemoved = "tag_removed"
        case field, joined, left, transferred, rated
        case sessionStarted = "session_started"
        case sessionEnded = "session_ended"
        case merged, redacted, other
    }
}

extension Entry.Kind {
    /// Whether this is an event.
    public var isEvent: Bool { if case .event = self { true } else { false } }

    /// `message`, `note` or `event`.
    public var type: String {
        switch self {
        case .message: "message"
        case .note: "note"
        case .event: "event"
        }
    }
}

/// Who did something; known by id where the platform gives one, else by name alone.
public struct Author: Sendable, Hashable {
    /// Which kind of author.
    public enum Kind: String, Sendable, CaseIterable {
        case contact, agent, bot, system
    }

    /// Which kind of author.
    public var kind = Kind.system
    /// Id of the person; absent for system and for people known by name alone.
    public var id: String?
    /// Name as the source shows it.
    public var name: String?
    /// Address as the source shows it.
    public var email: String?

    /// Creates an empty value.
    public init() {}
    /// Creates an author.
    public init(_ kind: Kind, id: String? = nil, name: String? = nil, email: String? = nil) {
        self.kind = kind
        self.id = id
        self.name = name
        self.email = email
    }

    /// Begins the id under which somebody without one is listed.
    public static let namePrefix = "name:"

    /// The id under which the author is listed: its own, or its name, or its address, after `name:`.
    public var listID: String? { id ?? (name ?? email).map { Self.namePrefix + $0 } }

    /// Whether nothing but a name is known of somebody who is listed under this id.
    public static func isNameAlone(_ id: String, email: String?) -> Bool {
        id.hasPrefix(namePrefix) && (email ?? "").isEmpty
    }
}

/// A file that belongs to an entry.
public struct Attachment: Sendable, Equatable {
    /// Id within the source.
    public var id = ""
    /// File name.
    public var name: String?
    /// Media type.
    public var contentType: String?
    /// Bytes.
    public var size: Int64?
    /// Where the file can be fetched.
    public var url: String?
    /// SHA-256 of the content, in hex, when the content is at hand.
    public var sha256: String?
    /// Whether it is shown inside the text.
    public var inline = false
    /// The name by which the text refers to it.
    public var contentID: String?
    /// Vendor fields that nothing binds.
    public var extras = Extras()

    /// Creates an empty value.
    public init() {}
}

/// Mail headers of an entry.
public struct EmailHeaders: Sendable, Hashable {
    /// Message-ID.
    public var messageID: String?
    /// Subject of this mail.
    public var subject: String?
    /// Sender's address.
    public var from: String?
    /// Recipients' addresses.
    public var to: [String] = []
    /// Copies' addresses.
    public var cc: [String] = []

    /// Creates an empty value.
    public init() {}
}
