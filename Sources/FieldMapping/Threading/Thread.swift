public import ConversationModel

/// A conversation that was cut out of others or joined of them, and what leads back.
public struct ThreadedConversation: Sendable, Equatable {
    /// The conversation as it goes on.
    public var conversation: Conversation
    /// The conversations of the source that it holds, or holds a part of; empty when it is one of them as it was.
    public var origins: [ThreadOrigin]

    /// Creates one.
    public init(_ conversation: Conversation, origins: [ThreadOrigin] = []) {
        self.conversation = conversation
        self.origins = origins
    }
}

/// What a threaded conversation holds of one conversation of the source.
public struct ThreadOrigin: Sendable, Equatable {
    /// The conversation without its timeline.
    public var head: Conversation
    /// Which part of it, from 1, and of how many.
    public var part: Int
    /// How many parts there are.
    public var parts: Int
    /// Entries in the order of the source.
    public var entries: [ThreadEntry]
    /// For entries with another id now: the one that they had.
    public var ids: [String: String]

    /// Creates one.
    public init(
        head: Conversation, part: Int = 1, parts: Int = 1, entries: [ThreadEntry], ids: [String: String] = [:]
    ) {
        self.head = head
        self.part = part
        self.parts = parts
        self.entries = entries
        self.ids = ids
    }
}

/// An entry of a threaded conversation, as its conversation of the source had it.
public struct ThreadEntry: Sendable, Equatable {
    /// The id that it has now.
    public let id: String
    /// The session of the source that it belongs to.
    public let session: String?
}

extension ThreadOrigin {
    /// All of a conversation.
    ///
    /// - Parameters:
    ///   - conversation: As the source has it.
    ///   - timeline: Its entries in the same order, with the ids that they have now; its own unless said otherwise.
    ///   - ids: For entries with another id now: the one that they had.
    init(whole conversation: Conversation, timeline: [Entry]? = nil, ids: [String: String] = [:]) {
        var head = conversation
        head.timeline = []
        let entries = zip(conversation.timeline, timeline ?? conversation.timeline)
            .map { ThreadEntry(id: $1.id, session: $0.session) }
        self.init(head: head, entries: entries, ids: ids)
    }
}

extension Conversation {
    /// When something was last written or happened in it.
    var lastMoment: Instant? { timeline.compactMap(\.createdAt).max() ?? updatedAt ?? createdAt }
    /// When something was first written or happened in it.
    var firstMoment: Instant? { [createdAt, timeline.compactMap(\.createdAt).min()].compactMap(\.self).min() }
}
