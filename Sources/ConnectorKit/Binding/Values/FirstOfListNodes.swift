public import ConversationModel

// Lists of which the record keeps the first element: the assignee among the assigned, the channel among the channels.

extension Rule {
    /// The id in the first place of a list of ids.
    public static func first(
        _ path: Path, _ property: WritableKeyPath<Root, String?>, _ codec: TextCodec = .id
    ) -> Rule {
        let offset = place(property)
        return Rule(
            path: path,
            content: .value { _ in
                FirstOfListNode(
                    OptionalTextNode(offset: offset, codec: codec),
                    isAbsent: { ($0 + offset).assumingMemoryBound(to: String?.self).pointee == nil })
            })
    }
}

extension Rule where Root == Conversation {
    /// The person in the first place of a list of ids; the others take part.
    ///
    /// Written is the first alone, as nobody else should be given work who only took part elsewhere.
    public static func first(
        _ path: Path, _ property: WritableKeyPath<Conversation, String?>, _ codec: TextCodec = .id,
        rest: (kind: Author.Kind, role: Participant.Role)
    ) -> Rule {
        let offset = place(property)
        return Rule(
            path: path,
            content: .value { _ in
                LeadingPersonNode(offset: offset, codec: codec, kind: rest.kind, role: rest.role)
            })
    }

    /// The channel in the first place of a list; messages that name none get it when they are written.
    public static func channels(_ path: Path, _ table: ValueTable<Channel>) -> Rule {
        Rule(
            path: path,
            content: .value { path in
                ChannelListNode(
                    TableNode(
                        table: table, path: path, offset: place(\Conversation.channel), omitted: nil, isOptional: true))
            })
    }
}

/// A list of which another rule reads and writes the first element.
final class FirstOfListNode: ValueNode {
    let inner: any ValueNode
    let isAbsent: @Sendable (UnsafeRawPointer) -> Bool
    var covers: [Int] { inner.covers }
    var narrows: Bool { inner.narrows }

    init(_ inner: any ValueNode, isAbsent: @escaping @Sendable (UnsafeRawPointer) -> Bool) {
        self.inner = inner
        self.isAbsent = isAbsent
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if view.isNull { return false }
        guard view.isArray else { throw DecodeFault("expected a list, found \(view.kind.noun)") }
        guard view.next > view.index + 2 else { return true }
        let exact = try inner.decode(view.at(view.index + 1), into: root, run)
        return exact && view.elementCount == 1
    }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool { isAbsent(root) }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        out.put(UInt8(ascii: "["))
        if !isAbsent(root) { _ = inner.encode(root, &out, run) }
        out.put(UInt8(ascii: "]"))
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard view.isArray, view.next > view.index + 2 else { return isAbsent(root) }
        return inner.matches(view.at(view.index + 1), root, run)
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        inner.project(root, name, run)
    }
}

/// A list of people of whom the first has a part of his own.
final class LeadingPersonNode: ValueNode {
    private let participants = place(\Conversation.participants)
    let offset: Int
    let codec: TextCodec
    let kind: Author.Kind
    let role: Participant.Role
    var covers: [Int] { [offset] }

    init(offset: Int, codec: TextCodec, kind: Author.Kind, role: Participant.Role) {
        self.offset = offset
        self.codec = codec
        self.kind = kind
        self.role = role
    }

    private func read(_ view: JSONView) throws(DecodeFault) -> (ids: [String], exact: Bool) {
        if view.isNull { return ([], false) }
        guard view.isArray else { throw DecodeFault("expected a list, found \(view.kind.noun)") }
        var ids: [String] = []
        var exact = true
        let end = view.next - 1
        var at = view.index + 1
        while at < end {
            let element = view.at(at)
            at = element.next
            let (id, isExact) = try codec.read(element)
            exact = exact && isExact && id != nil
            if let id { ids.append(id) }
        }
        return (ids, exact && ids.count < 2)
    }

    private func rest(_ root: UnsafeRawPointer) -> [String] {
        (root + participants).assumingMemoryBound(to: [Participant].self).pointee
            .filter { $0.kind == kind && $0.role == role }.map(\.id)
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (ids, exact) = try read(view)
        guard let first = ids.first else { return exact }
        (root + offset).assumingMemoryBound(to: String?.self).pointee = first
        let list = (root + participants).assumingMemoryBound(to: [Participant].self)
        for id in ids.dropFirst() where id != first && !rest(root).contains(id) {
            list.pointee.append(Participant(kind, id, role))
        }
        return exact
    }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool {
        (root + offset).assumingMemoryBound(to: String?.self).pointee == nil
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        out.put(UInt8(ascii: "["))
        if let id = (root + offset).assumingMemoryBound(to: String?.self).pointee { codec.write(id, &out) }
        out.put(UInt8(ascii: "]"))
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let (ids, _) = try? read(view),
            ids.first == (root + offset).assumingMemoryBound(to: String?.self).pointee
        else { return false }
        var others: [String] = []
        for id in ids.dropFirst() where id != ids.first && !others.contains(id) { others.append(id) }
        return others == rest(root)
    }
}

/// The channels of a conversation, of which the first is its own.
final class ChannelListNode: ValueNode {
    private let list: FirstOfListNode
    var covers: [Int] { list.covers }
    var narrows: Bool { true }

    init(_ table: TableNode) { list = FirstOfListNode(table, isAbsent: { table.isEmpty($0) }) }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        try list.decode(view, into: root, run)
    }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool { list.isEmpty(root) }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        list.encode(root, &out, run)
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { list.matches(view, root, run) }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        list.project(root, name, run)
        let conversation = root.assumingMemoryBound(to: Conversation.self)
        guard let channel = conversation.pointee.channel else { return }
        var filled = 0
        for index in conversation.pointee.timeline.indices
        where conversation.pointee.timeline[index].kind == .message
            && conversation.pointee.timeline[index].channel == nil
        {
            conversation.pointee.timeline[index].channel = channel
            filled += 1
        }
        if filled > 0 { run.note("timeline.channel", .converted, count: filled, "the conversation's") }
    }
}
