public import ConversationModel

extension CompiledMapping {
    /// Whether conversations may be cut, joined or put together again.
    public var threads: Bool { threading.map { $0.groups || $0.cuts || $0.excess == .split } ?? false }

    /// Whether conversations of the whole source have to be looked at together.
    public var groupsConversations: Bool { threading?.groups ?? false }

    /// Links by which conversations are joined.
    public var joiningLinks: Set<Link.Kind> {
        guard let threading else { return [] }
        return Set(
            (threading.merged == .join ? [Link.Kind.mergedInto] : [])
                + (threading.followUps == .join ? [.followUpOf] : []))
    }

    /// What a conversation is gathered by when there is one thread a contact; `nil` when it stands alone.
    public func contactKey(of conversation: Conversation) -> String? {
        guard let threading, threading.mode == .perContact, threading.concerns(conversation),
            let contact = conversation.requester, !contact.isEmpty
        else { return nil }
        return contact + "\u{1}" + (threading.byChannel ? conversation.channel?.rawValue ?? "" : "")
    }

    /// The table by which conversations are put together again; `nil` when this is no way back.
    public var restoring: ThreadTable? { threadTable }

    /// Cuts a conversation where its sessions end, or at silences.
    public func cut(_ conversation: Conversation, losses: inout LossTally) -> [ThreadedConversation] {
        guard let threading, threading.cuts else { return [ThreadedConversation(conversation)] }
        return threading.cut(conversation, &losses)
    }

    /// Joins conversations that were gathered, and cuts what comes of it where the mapping asks for both.
    public func joined(_ group: [Conversation], losses: inout LossTally) -> [ThreadedConversation] {
        threading?.join(group, &losses) ?? group.map { ThreadedConversation($0) }
    }

    /// The conversation of the source out of those that hold parts of it.
    public func restored(_ id: String, from holders: [ThreadedConversation]) -> Conversation? {
        ThreadSection.restored(id, from: holders)
    }

    /// Most entries of one conversation where longer ones are split; `nil` when none is.
    ///
    /// - Parameter destination: What the destination can hold.
    /// - Returns: The smaller of both limits.
    public func entryLimit(_ destination: Int?) -> Int? {
        guard let threading, threading.excess == .split else { return nil }
        return [threading.maximumEntries, destination].compactMap(\.self).min()
    }

    /// Cuts a conversation into pieces of at most so many entries.
    ///
    /// - Parameters:
    ///   - thread: After mapping, with what leads back to the source.
    ///   - limit: Entries of one piece.
    ///   - losses: Counts the cut.
    /// - Returns: The pieces, linked one to the next; each knows what it holds of which conversation.
    public func split(_ thread: ThreadedConversation, limit: Int, losses: inout LossTally) -> [ThreadedConversation] {
        guard let threading else { return [thread] }
        let pieces = threading.split(thread.conversation, limit: limit, &losses)
        guard pieces.count > 1 else { return [thread] }
        return pieces.enumerated().map { index, piece in
            let held = Set(piece.conversation.timeline.map(\.id))
            let origins = thread.origins.compactMap { origin -> ThreadOrigin? in
                var part = origin
                part.entries = origin.entries.filter { held.contains($0.id) }
                part.ids = origin.ids.filter { held.contains($0.key) }
                part.part = origin.part * 100_000 + index
                return part.entries.isEmpty && index > 0 ? nil : part
            }
            return ThreadedConversation(piece.conversation, origins: origins)
        }
    }

    /// All of a conversation of the source as the origin of what comes of it.
    public static func whole(_ conversation: Conversation) -> ThreadOrigin {
        ThreadOrigin(whole: conversation)
    }
}
