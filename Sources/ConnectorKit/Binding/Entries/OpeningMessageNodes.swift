public import ConversationModel

/// The first message of a conversation where the vendor keeps it apart.
final class FirstMessageNode: ValueNode {
    private let timeline = place(\Conversation.timeline)
    private let createdAt = place(\Conversation.createdAt)
    let node: ObjectNode
    var covers: [Int] { [timeline] }
    /// Where the source had no such object, its first message stood among the others.
    let isIdentity = true

    init(node: ObjectNode) { self.node = node }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if view.isNull { return true }
        var entry = Entry()
        run.parent = root
        try decodeEntry(view, with: node, into: &entry, run)
        entry.createdAt = (root + createdAt).assumingMemoryBound(to: Instant?.self).pointee
        (root + timeline).assumingMemoryBound(to: [Entry].self).pointee.insert(entry, at: 0)
        return true
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        run.parent = root
        return (root + timeline).assumingMemoryBound(to: [Entry].self).pointee.withUnsafeBufferPointer { list in
            guard let first = list.baseAddress, !list.isEmpty, first.pointee.kind == .message else { return false }
            node.encodeEntity(UnsafeRawPointer(first), &out, run)
            return true
        }
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { false }
}

/// The text of the first message, standing for it where the source gives no timeline.
final class DescriptionNode: ValueNode {
    /// Behind the conversation's id, the id of an entry made of its description.
    static let idSuffix = "#description"

    private let timeline = place(\Conversation.timeline)
    let codec: TextCodec
    /// Whether it is a message of its own that the timeline does not repeat.
    let isOwnMessage: Bool
    var narrows: Bool { isOwnMessage }

    init(codec: TextCodec, isOwnMessage: Bool) {
        self.codec = codec
        self.isOwnMessage = isOwnMessage
    }

    /// The text of the message that will lead the timeline: where several lists make it up, it is in order only when all
    /// are read.
    static func earliestText(_ conversation: UnsafeRawPointer) -> String? {
        let late = Instant(microseconds: .max)
        return conversation.assumingMemoryBound(to: Conversation.self).pointee.timeline
            .filter { $0.kind == .message || made($0, of: conversation) }
            .min { ($0.createdAt ?? late) < ($1.createdAt ?? late) }?.text
    }

    /// Whether an entry was made of its conversation's description.
    static func made(_ entry: Entry, of conversation: UnsafeRawPointer) -> Bool {
        entry.id.hasSuffix(idSuffix)
            && entry.id == conversation.assumingMemoryBound(to: Conversation.self).pointee.id + idSuffix
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let conversation = root.assumingMemoryBound(to: Conversation.self)
        let isRepeated = !isOwnMessage && !conversation.pointee.timeline.isEmpty
        // Whether it says the same as the first message only matters to those who keep what it says.
        if isRepeated, !run.keepsExtras, view.isString { return true }
        let (text, exact) = try codec.read(view)
        guard !isRepeated else {
            guard let text, exact else { return false }
            let timeline = conversation.pointee.timeline
            if timeline.first(where: { $0.kind == .message })?.text == text { return true }
            return Self.earliestText(UnsafeRawPointer(root)) == text
        }
        guard let text else { return exact }
        var entry = Entry()
        entry.id = conversation.pointee.id + Self.idSuffix
        entry.text = text
        entry.author = Author(.contact, id: conversation.pointee.requester)
        entry.createdAt = conversation.pointee.createdAt
        conversation.pointee.timeline.insert(entry, at: 0)
        return exact
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let entries = (root + timeline).assumingMemoryBound(to: [Entry].self).pointee
        guard let first = entries.first(where: { $0.kind == .message || Self.made($0, of: root) }),
            !isOwnMessage || Self.made(first, of: root),
            // While a record is read its lists are not in order yet.
            let text = run.isProbe ? Self.earliestText(root) : first.text
        else { return false }
        codec.write(text, &out)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { true }

    // The only message of a conversation from elsewhere, where it is the requester's, becomes the text of the record itself.
    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let conversation = root.assumingMemoryBound(to: Conversation.self)
        guard run.isForeign, conversation.pointee.isOneOpeningMessage else { return }
        let id = conversation.pointee.id + Self.idSuffix
        let author = Author(.contact, id: conversation.pointee.requester)
        if conversation.pointee.timeline[0].id != id { run.note("timeline.id", .converted, "the record's own text") }
        if conversation.pointee.timeline[0].author != author {
            run.note("timeline.author.name", .converted, "carried by the person's own record")
        }
        conversation.pointee.timeline[0].id = id
        conversation.pointee.timeline[0].author = author
    }
}

extension Conversation {
    /// Whether the conversation is one message of the requester, as old as the conversation, and nothing else.
    public var isOneOpeningMessage: Bool {
        guard timeline.count == 1, timeline[0].kind == .message, timeline[0].author.kind == .contact,
            timeline[0].author.id == requester, timeline[0].createdAt == createdAt, timeline[0].attachments.isEmpty
        else { return false }
        return timeline[0].text != nil || timeline[0].html != nil
    }
}
