public import ConversationModel

extension Rule {
    /// Another place for a whole number that has its own rule: read where that is empty, written only where the source had
    /// it.
    public static func alternate(_ path: Path, _ property: WritableKeyPath<Root, Int64?>) -> Rule {
        let offset = place(property)
        var rule = Rule(
            path: path,
            content: .value { _ in
                FallbackNode(IntegerNode(offset: offset, isOptional: true)) {
                    ($0 + offset).assumingMemoryBound(to: Int64?.self).pointee == nil
                }
            })
        rule.part = .alternate
        return rule
    }
}

extension Rule where Root == Conversation {
    /// Another place for the conversation that this one belongs with in one way: read where nothing else says it.
    public static func alternateLink(_ path: Path, _ kind: Link.Kind, _ codec: TextCodec) -> Rule {
        let offset = place(\Conversation.links)
        var rule = Rule(
            path: path,
            content: .value { _ in
                FallbackNode(
                    LinkIDsNode(offset: offset, kind: kind, codec: codec, isList: false, writesEmpty: false)
                ) { !($0 + offset).assumingMemoryBound(to: [Link].self).pointee.contains { $0.kind == kind } }
            })
        rule.part = .alternate
        return rule
    }

    /// Another list of those who take part, which may repeat others: read where no other names anybody.
    public static func alternateParticipants(
        _ path: Path, _ kind: Author.Kind, _ role: Participant.Role, _ codec: TextCodec
    ) -> Rule {
        var rule = Rule(
            path: path, content: .value { _ in AlternateParticipantsNode(kind: kind, role: role, codec: codec) })
        rule.part = .alternate
        return rule
    }
}

/// A list of people that repeats others, or stands for them.
final class AlternateParticipantsNode: ValueNode {
    private let list: ParticipantIDsNode
    private let codec: TextCodec
    private let participants = place(\Conversation.participants)

    init(kind: Author.Kind, role: Participant.Role, codec: TextCodec) {
        self.codec = codec
        list = ParticipantIDsNode(
            offset: participants, kind: kind, role: role, codec: codec, element: nil, writesEmpty: true,
            requesterOffset: nil)
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let others = (root + participants).assumingMemoryBound(to: [Participant].self)
        if others.pointee.isEmpty, !view.isNull { _ = try list.decode(view, into: root, run) }
        return false
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }

    /// It still says what is so for as long as all whom it names take part.
    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard view.isArray else { return view.isNull }
        let ids = Set((root + participants).assumingMemoryBound(to: [Participant].self).pointee.map(\.id))
        var isSo = true
        view.forEachElement { person in
            if let id = (try? codec.read(person))?.text, !ids.contains(id) { isSo = false }
        }
        return isSo
    }
}

/// A value that stands in for another one where that is absent.
final class FallbackNode: ValueNode {
    private let inner: any ValueNode
    private let isMissing: @Sendable (UnsafeRawPointer) -> Bool

    init(_ inner: any ValueNode, isMissing: @escaping @Sendable (UnsafeRawPointer) -> Bool) {
        self.inner = inner
        self.isMissing = isMissing
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if isMissing(root) { _ = try inner.decode(view, into: root, run) }
        return false
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        inner.matches(view, root, run)
    }
}
