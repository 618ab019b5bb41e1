internal import ConversationModel

/// One property of a neutral struct: its name as in the model's JSON, where it lies, and how to empty it.
final class Property: Sendable {
    let name: String
    let offset: Int
    /// How many values it holds: 0 when empty.
    let count: @Sendable (UnsafeRawPointer) -> Int
    let clear: @Sendable (UnsafeMutableRawPointer) -> Void
    /// Whether it is always there, so that no destination can be without it.
    let isAlways: Bool
    /// How it lies in memory when nothing was ever put there.
    let empty: MemoryImage

    /// A property that may be absent.
    init<Root, Value>(_ name: String, _ path: WritableKeyPath<Root, Value?>) {
        let offset = place(path)
        self.name = name
        self.offset = offset
        isAlways = false
        empty = MemoryImage(Value?.none)
        count = { ($0 + offset).assumingMemoryBound(to: Value?.self).pointee == nil ? 0 : 1 }
        clear = { ($0 + offset).assumingMemoryBound(to: Value?.self).pointee = nil }
    }

    /// A property that is always there and never empty; listed for its name.
    init<Root, Value>(always name: String, _ path: WritableKeyPath<Root, Value>) {
        self.name = name
        offset = place(path)
        isAlways = true
        empty = MemoryImage()
        count = { _ in 0 }
        clear = { _ in }
    }

    /// A list.
    init<Root, Value>(list name: String, _ path: WritableKeyPath<Root, [Value]>) {
        let offset = place(path)
        self.name = name
        self.offset = offset
        isAlways = false
        empty = MemoryImage([Value]())
        count = { ($0 + offset).assumingMemoryBound(to: [Value].self).pointee.count }
        clear = { ($0 + offset).assumingMemoryBound(to: [Value].self).pointee = [] }
    }

    /// A property with a value that says nothing.
    init<Root, Value: Equatable & Sendable>(
        _ name: String, _ path: WritableKeyPath<Root, Value>, empty: Value
    ) {
        let offset = place(path)
        self.name = name
        self.offset = offset
        isAlways = false
        self.empty = MemoryImage(empty)
        count = { ($0 + offset).assumingMemoryBound(to: Value.self).pointee == empty ? 0 : 1 }
        clear = { ($0 + offset).assumingMemoryBound(to: Value.self).pointee = empty }
    }
}

/// The bytes of a small value, to see at a glance whether the same value lies somewhere.
///
/// Equal bytes are equal values; unequal bytes say nothing, as a value may lie in memory in more than one way.
struct MemoryImage: Sendable {
    private var size = 0
    private var head: UInt64 = 0
    private var tail: UInt64 = 0

    /// The image of no value.
    init() {}

    init<Value>(_ value: Value) {
        withUnsafeBytes(of: value) { bytes in
            guard let base = bytes.baseAddress, bytes.count == 1 || (8...16).contains(bytes.count) else { return }
            size = bytes.count
            (head, tail) = Self.words(base, size)
        }
    }

    @inline(__always)
    private static func words(_ base: UnsafeRawPointer, _ size: Int) -> (UInt64, UInt64) {
        guard size > 1 else { return (UInt64(base.load(as: UInt8.self)), 0) }
        return (
            base.loadUnaligned(as: UInt64.self), (base + (size &- 8)).loadUnaligned(as: UInt64.self)
        )
    }

    @inline(__always)
    func lies(at base: UnsafeRawPointer) -> Bool {
        guard size > 0 else { return false }
        let (head, tail) = Self.words(base, size)
        return head == self.head && tail == self.tail
    }
}

/// A neutral struct whose properties are listed, so that what a destination does not bind is found and named.
protocol Listed {
    static var properties: [Property] { get }
}

extension Agent: Listed {
    static let properties = [
        Property("id", \Agent.id, empty: ""), Property("name", \Agent.name), Property("email", \Agent.email),
        Property("role", \Agent.role), Property("active", \Agent.active), Property(list: "teams", \Agent.teams),
        Property("created_at", \Agent.createdAt),
    ]
}

extension Team: Listed {
    static let properties = [Property("id", \Team.id, empty: ""), Property("name", \Team.name)]
}

extension Company: Listed {
    static let properties = [
        Property("id", \Company.id, empty: ""), Property("name", \Company.name),
        Property(list: "domains", \Company.domains), Property("external_id", \Company.externalID),
        Property("created_at", \Company.createdAt), Property("updated_at", \Company.updatedAt),
        Property(list: "fields", \Company.fields),
    ]
}

extension Contact: Listed {
    static let properties = [
        Property("id", \Contact.id, empty: ""), Property("name", \Contact.name),
        Property(list: "emails", \Contact.emails), Property(list: "phones", \Contact.phones),
        Property("external_id", \Contact.externalID), Property("company", \Contact.company),
        Property("language", \Contact.language), Property("timezone", \Contact.timezone),
        Property("created_at", \Contact.createdAt), Property("updated_at", \Contact.updatedAt),
        Property("blocked", \Contact.blocked), Property(list: "tags", \Contact.tags),
        Property(list: "fields", \Contact.fields),
    ]
}

extension FieldDefinition: Listed {
    static let properties = [
        Property("id", \FieldDefinition.id, empty: ""), Property(always: "entity", \FieldDefinition.of),
        Property(always: "key", \FieldDefinition.key), Property("label", \FieldDefinition.label),
        Property("type", \FieldDefinition.type), Property(list: "options", \FieldDefinition.options),
    ]
}

extension FieldDefinition.Choice: Listed {
    static let properties = [
        Property("value", \FieldDefinition.Choice.value, empty: ""), Property("label", \FieldDefinition.Choice.label),
    ]
}

extension Conversation: Listed {
    static let properties = [
        Property("id", \Conversation.id, empty: ""), Property("number", \Conversation.number),
        Property("external_id", \Conversation.externalID), Property("subject", \Conversation.subject),
        Property("status", \Conversation.status), Property("priority", \Conversation.priority),
        Property("channel", \Conversation.channel), Property("brand", \Conversation.brand),
        Property("url", \Conversation.url), Property("created_at", \Conversation.createdAt),
        Property("updated_at", \Conversation.updatedAt), Property("closed_at", \Conversation.closedAt),
        Property("snoozed_until", \Conversation.snoozedUntil), Property("requester", \Conversation.requester),
        Property("assignee", \Conversation.assignee), Property("team", \Conversation.team),
        Property(list: "participants", \Conversation.participants), Property(list: "tags", \Conversation.tags),
        Property(list: "fields", \Conversation.fields), Property("rating", \Conversation.rating),
        Property(list: "links", \Conversation.links), Property(list: "sessions", \Conversation.sessions),
        Property(list: "timeline", \Conversation.timeline),
    ]
}

extension Session: Listed {
    static let properties = [
        Property("id", \Session.id, empty: ""), Property("started_at", \Session.startedAt),
        Property("ended_at", \Session.endedAt), Property("kind", \Session.kind), Property("channel", \Session.channel),
    ]
}

extension Entry: Listed {
    static let properties = [
        Property("id", \Entry.id, empty: ""), Property(always: "kind", \Entry.kind),
        Property(always: "author.kind", \Entry.author.kind), Property("author.id", \Entry.author.id),
        Property("author.name", \Entry.author.name), Property("author.email", \Entry.author.email),
        Property("created_at", \Entry.createdAt), Property("session", \Entry.session),
        Property("reply_to", \Entry.replyTo), Property("text", \Entry.text), Property("html", \Entry.html),
        Property("channel", \Entry.channel), Property(list: "attachments", \Entry.attachments),
        Property("edited_at", \Entry.editedAt), Property("redacted", \Entry.redacted, empty: false),
        Property("email", \Entry.email), Property("field", \Entry.field), Property("from", \Entry.from),
        Property("to", \Entry.to),
    ]
}

extension Attachment: Listed {
    static let properties = [
        Property("id", \Attachment.id, empty: ""), Property("name", \Attachment.name),
        Property("content_type", \Attachment.contentType), Property("size", \Attachment.size),
        Property("url", \Attachment.url), Property("sha256", \Attachment.sha256),
        Property("inline", \Attachment.inline, empty: false), Property("content_id", \Attachment.contentID),
    ]
}

extension Author: Listed {
    static let properties = [
        Property("id", \Author.id), Property("name", \Author.name), Property("email", \Author.email),
    ]
}

extension Rating: Listed {
    static let properties = [
        Property(always: "score", \Rating.score), Property(always: "scale", \Rating.scale),
        Property("comment", \Rating.comment), Property("created_at", \Rating.createdAt),
    ]
}

extension EmailHeaders: Listed {
    static let properties = [
        Property("message_id", \EmailHeaders.messageID), Property("subject", \EmailHeaders.subject),
        Property("from", \EmailHeaders.from), Property(list: "to", \EmailHeaders.to),
        Property(list: "cc", \EmailHeaders.cc),
    ]
}

extension Participant: Listed {
    static let properties = [
        Property("id", \Participant.id, empty: ""), Property("name", \Participant.name),
        Property("email", \Participant.email),
    ]
}

extension Link: Listed {
    static let properties = [Property("id", \Link.id, empty: "")]
}
