public import ConversationModel

extension Rule where Root == Conversation {
    /// A text of the record itself that is its first message, by the requester and as old as the conversation.
    ///
    /// A first message from elsewhere that is just that is written there, with its own id beside it; any other stays among
    /// the entries. The list of entries leaves it out when it is told `description: .opening`.
    ///
    /// - Parameters:
    ///   - path: Where it stands.
    ///   - limit: Characters that fit.
    /// - Returns: The rule.
    public static func opening(_ path: Path, limit: Int) -> Rule {
        var rule = Rule(path: path, content: .value { _ in OpeningNode(limit: limit) })
        rule.part = .derived
        return rule
    }
}

/// The first message as a text of the record itself.
final class OpeningNode: ValueNode {
    private let timeline = place(\Conversation.timeline)
    let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Whether an entry stands in the record itself.
    static func holds(_ entry: Entry, of root: UnsafeRawPointer, limit: Int) -> Bool {
        if DescriptionNode.made(entry, of: root) { return true }
        let conversation = root.assumingMemoryBound(to: Conversation.self).pointee
        guard entry.kind == .message, entry.author.kind == .contact, let author = entry.author.id,
            author == conversation.requester, entry.createdAt == conversation.createdAt, entry.email == nil,
            let text = entry.text, text.utf16.count <= limit, let first = conversation.timeline.first
        else { return false }
        return first.id == entry.id && first == entry
    }

    private func read(_ view: JSONView) throws(DecodeFault) -> (text: String?, id: String?, exact: Bool) {
        guard view.isObject else {
            let (text, exact) = try TextCodec.text.read(view)
            return (text, nil, exact)
        }
        let text = Box.content(view)?.scalarText.flatMap { $0.isEmpty ? nil : $0 }
        let id = view.member(Box.original)?.scalarText
        return (text, id, id != nil && view.memberCount == 2)
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (text, id, exact) = try read(view)
        guard let text else { return false }
        let conversation = root.assumingMemoryBound(to: Conversation.self)
        var entry = Entry()
        entry.id = id ?? conversation.pointee.id + DescriptionNode.idSuffix
        entry.text = text
        entry.author = Author(.contact, id: conversation.pointee.requester)
        entry.createdAt = conversation.pointee.createdAt
        conversation.pointee.timeline.insert(entry, at: 0)
        return exact
    }

    private func opening(_ root: UnsafeRawPointer) -> Entry? {
        (root + timeline).assumingMemoryBound(to: [Entry].self).pointee.first {
            Self.holds($0, of: root, limit: limit)
        }
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let entry = opening(root), let text = entry.text else { return false }
        if DescriptionNode.made(entry, of: root) {
            out.put(text)
            return true
        }
        out.put(UInt8(ascii: "{"))
        out.put(key: Box.original)
        out.put(entry.id)
        out.put(key: "#text")
        out.put(text)
        out.put(UInt8(ascii: "}"))
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let (text, _, _) = try? read(view) else { return false }
        return text == opening(root)?.text
    }
}

extension Rule where Root == Conversation {
    /// Whether everybody may read the conversation at all; where not, its description is a note and no message.
    public static func opensDescription(_ path: Path) -> Rule {
        var rule = Rule(path: path, content: .value { _ in DescriptionPrivacyNode() })
        rule.part = .alternate
        return rule
    }
}

/// Keeps the description of a private conversation among agents.
final class DescriptionPrivacyNode: ValueNode {
    private let timeline = place(\Conversation.timeline)

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        guard view.kind == .false else { return false }
        let entries = (root + timeline).assumingMemoryBound(to: [Entry].self)
        for index in entries.pointee.indices where DescriptionNode.made(entries.pointee[index], of: root) {
            entries.pointee[index].kind = .note
        }
        return false
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }
    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { true }
}
