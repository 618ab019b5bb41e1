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
    /// Entries in the order of the source, by the id that they have now.
    public var entries: [String]
    /// For entries with another id now: the one that they had.
    public var ids: [String: String]
    /// Whether entries belonged to sessions.
    public var hasSessions: Bool

    /// Creates one.
    public init(
        head: Conversation, part: Int = 1, parts: Int = 1, entries: [String], ids: [String: String] = [:],
        hasSessions: Bool
    ) {
        self.head = head
        self.part = part
        self.parts = parts
        self.entries = entries
        self.ids = ids
        self.hasSessions = hasSessions
    }
}

extension ThreadOrigin {
    /// All of a conversation.
    init(whole conversation: Conversation, entries: [String], ids: [String: String] = [:]) {
        var head = conversation
        head.timeline = []
        self.init(
            head: head, entries: entries, ids: ids, hasSessions: conversation.timeline.contains { $0.session != nil })
    }
}

extension Conversation {
    /// When something was last written or happened in it.
    var lastMoment: Instant? { timeline.compactMap(\.createdAt).max() ?? updatedAt ?? createdAt }
    /// When something was first written or happened in it.
    var firstMoment: Instant? { [createdAt, timeline.compactMap(\.createdAt).min()].compactMap(\.self).min() }
}
