internal import ConversationModel

/// Ids of people in one part of a conversation, each kind under a key of its own: `follower_ids`.
final class ParticipantIDsNode: ValueNode {
    let offset: Int
    var covers: [Int] { [offset] + (requesterOffset.map { [$0] } ?? []) }
    let kind: Author.Kind
    let role: Participant.Role
    let codec: TextCodec
    /// Key that holds the id, where elements are objects; with constants beside it when written.
    let element: (key: String, constants: [JSONValue.Member])?
    /// Key that holds the conversation's id, where elements are records of their own; nobody is named twice by them.
    let owner: String?
    let writesEmpty: Bool
    /// Offset of the requester, where the first element is the requester.
    let requesterOffset: Int?
    var narrows: Bool { owner != nil }

    init(
        offset: Int, kind: Author.Kind, role: Participant.Role, codec: TextCodec,
        element: (key: String, constants: [JSONValue.Member])?, owner: String? = nil, writesEmpty: Bool,
        requesterOffset: Int?
    ) {
        self.owner = owner
        self.offset = offset
        self.kind = kind
        self.role = role
        self.codec = codec
        self.element = element
        self.writesEmpty = writesEmpty
        self.requesterOffset = requesterOffset
    }

    private func read(_ view: JSONView) throws(DecodeFault) -> (ids: [String], exact: Bool) {
        if view.isNull { return ([], !writesEmpty) }
        guard view.isArray else { throw DecodeFault("expected a list, found \(view.kind.noun)") }
        var ids: [String] = []
        var exact = true
        let end = view.next - 1
        var at = view.index + 1
        while at < end {
            let item = view.at(at)
            at = item.next
            var scalar = item
            if let element, item.isObject {
                guard let id = item.member(element.key) else {
                    exact = false
                    continue
                }
                scalar = id
                exact = exact && (owner != nil || item.hasOnlyMembers(element.key, element.constants))
            } else if element != nil {
                exact = false
            }
            let (id, isExact) = try codec.read(scalar)
            exact = exact && isExact && id != nil
            if let id { ids.append(id) }
        }
        return (ids, exact && (writesEmpty || !ids.isEmpty))
    }

    private func current(_ root: UnsafeRawPointer) -> [String] {
        let participants = (root + offset).assumingMemoryBound(to: [Participant].self).pointee
        var ids = participants.filter { $0.kind == kind && $0.role == role && !$0.id.isEmpty }.map(\.id)
        if let requesterOffset, let requester = (root + requesterOffset).assumingMemoryBound(to: String?.self).pointee {
            ids.insert(requester, at: 0)
        }
        return ids
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (ids, exact) = try read(view)
        var rest = ids[...]
        if let requesterOffset, let first = rest.popFirst() {
            (root + requesterOffset).assumingMemoryBound(to: String?.self).pointee = first
        }
        let participants = (root + offset).assumingMemoryBound(to: [Participant].self)
        for id in rest { participants.pointee.append(Participant(kind, id, role)) }
        return exact
    }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool { current(root).isEmpty }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let ids = current(root)
        if ids.isEmpty, !writesEmpty { return false }
        out.put(UInt8(ascii: "["))
        for id in ids {
            out.separate()
            guard let element else {
                codec.write(id, &out)
                continue
            }
            out.put(UInt8(ascii: "{"))
            if let owner {
                out.put(key: owner)
                out.put((root + place(\Conversation.id)).assumingMemoryBound(to: String.self).pointee)
            }
            for constant in element.constants {
                out.put(key: constant.key)
                out.put(constant.value)
            }
            out.put(key: element.key)
            codec.write(id, &out)
            out.put(UInt8(ascii: "}"))
        }
        out.put(UInt8(ascii: "]"))
        return true
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let participants = (root + offset).assumingMemoryBound(to: [Participant].self)
        var named: Set<String> = []
        let before = participants.pointee.count
        participants.pointee.removeAll { $0.kind == kind && $0.role == role && !named.insert($0.id).inserted }
        let twice = before - participants.pointee.count
        if twice > 0 { run.note("participants", .converted, count: twice, "named once") }
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let (ids, _) = try? read(view) else { return false }
        return ids == current(root)
    }
}
