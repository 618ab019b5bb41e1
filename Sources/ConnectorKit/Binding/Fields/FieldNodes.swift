internal import ConversationModel

/// Custom fields as an object: `{"plan":"pro"}`.
final class FieldsObjectNode: ValueNode {
    let offset: Int
    var covers: [Int] { [offset] }
    let writesEmpty: Bool

    init(offset: Int, writesEmpty: Bool) {
        self.offset = offset
        self.writesEmpty = writesEmpty
    }

    private func read(_ view: JSONView) throws(DecodeFault) -> (fields: [FieldValue], exact: Bool) {
        if view.isNull { return ([], !writesEmpty) }
        guard view.isObject else { throw DecodeFault("expected an object, found \(view.kind.noun)") }
        var fields: [FieldValue] = []
        view.forEachMember { key, value in
            fields.append(FieldValue(String(decoding: key, as: UTF8.self), value.value))
            return true
        }
        return (fields, writesEmpty || !fields.isEmpty)
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (fields, exact) = try read(view)
        (root + offset).assumingMemoryBound(to: [FieldValue].self).pointee += fields
        return exact
    }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool {
        (root + offset).assumingMemoryBound(to: [FieldValue].self).pointee.isEmpty
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let fields = (root + offset).assumingMemoryBound(to: [FieldValue].self).pointee
        if fields.isEmpty, !writesEmpty { return false }
        out.put(UInt8(ascii: "{"))
        for field in fields {
            out.put(key: field.key)
            out.put(field.value)
        }
        out.put(UInt8(ascii: "}"))
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let (fields, _) = try? read(view) else { return false }
        return fields == (root + offset).assumingMemoryBound(to: [FieldValue].self).pointee
    }
}

/// Extras as an object of their own.
final class ExtrasNode: ValueNode {
    let offset: Int
    var covers: [Int] { [offset] }

    init(offset: Int) { self.offset = offset }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        guard view.isObject else {
            guard view.isNull else { throw DecodeFault("expected an object, found \(view.kind.noun)") }
            return true
        }
        run.scratch.truncate(to: 0)
        run.scratch.put(view)
        (root + offset).assumingMemoryBound(to: Extras.self).pointee = Extras(
            json: view.next == view.index + 2 ? "" : run.scratch.text)
        return true
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let extras = (root + offset).assumingMemoryBound(to: Extras.self).pointee
        guard !extras.isEmpty else { return false }
        out.put(raw: extras.json)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { false }
}

/// Custom fields as a list of pairs: `[{"id":1,"value":"x"}]`.
final class FieldPairsNode: ValueNode {
    let offset: Int
    var covers: [Int] { [offset] }
    let key: String
    let value: String
    let codec: TextCodec
    let writesEmpty: Bool

    init(offset: Int, key: String, value: String, codec: TextCodec, writesEmpty: Bool) {
        self.offset = offset
        self.key = key
        self.value = value
        self.codec = codec
        self.writesEmpty = writesEmpty
    }

    private func read(_ view: JSONView) throws(DecodeFault) -> (fields: [FieldValue], exact: Bool) {
        if view.isNull { return ([], !writesEmpty) }
        guard view.isArray else { throw DecodeFault("expected a list, found \(view.kind.noun)") }
        var fields: [FieldValue] = []
        var exact = true
        let end = view.next - 1
        var at = view.index + 1
        while at < end {
            let pair = view.at(at)
            at = pair.next
            guard pair.isObject else { throw DecodeFault("expected an object, found \(pair.kind.noun)") }
            var name: String?
            var content: JSONView?
            let pairEnd = pair.next - 1
            var member = pair.index + 1
            while member < pairEnd {
                let memberKey = pair.at(member).bytes
                let memberValue = pair.at(member + 1)
                member = memberValue.next
                if memberKey.equals(key) {
                    let (text, isExact) = try codec.read(memberValue)
                    name = text
                    exact = exact && isExact
                } else if memberKey.equals(value) {
                    content = memberValue
                } else {
                    exact = false
                }
            }
            guard let name else {
                exact = false
                continue
            }
            if content == nil { exact = false }
            fields.append(FieldValue(name, content?.value ?? .null))
        }
        return (fields, exact && (writesEmpty || !fields.isEmpty))
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (fields, exact) = try read(view)
        (root + offset).assumingMemoryBound(to: [FieldValue].self).pointee += fields
        return exact
    }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool {
        (root + offset).assumingMemoryBound(to: [FieldValue].self).pointee.isEmpty
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let fields = (root + offset).assumingMemoryBound(to: [FieldValue].self).pointee
        if fields.isEmpty, !writesEmpty { return false }
        out.put(UInt8(ascii: "["))
        for field in fields {
            out.separate()
            out.put(UInt8(ascii: "{"))
            out.put(key: key)
            codec.write(field.key, &out)
            out.put(key: value)
            out.put(field.value)
            out.put(UInt8(ascii: "}"))
        }
        out.put(UInt8(ascii: "]"))
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let (fields, _) = try? read(view) else { return false }
        return fields == (root + offset).assumingMemoryBound(to: [FieldValue].self).pointee
    }
}

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

/// Ids of conversations that this one belongs with, in one way.
final class LinkIDsNode: ValueNode {
    let offset: Int
    var covers: [Int] { [offset] }
    let kind: Link.Kind
    let codec: TextCodec
    let isList: Bool
    let writesEmpty: Bool

    init(offset: Int, kind: Link.Kind, codec: TextCodec, isList: Bool, writesEmpty: Bool) {
        self.offset = offset
        self.kind = kind
        self.codec = codec
        self.isList = isList
        self.writesEmpty = writesEmpty
    }

    private func read(_ view: JSONView) throws(DecodeFault) -> (ids: [String], exact: Bool) {
        if view.isNull { return ([], !(isList && writesEmpty)) }
        guard isList else {
            let (id, exact) = try codec.read(view)
            return (id.map { [$0] } ?? [], exact)
        }
        guard view.isArray else { throw DecodeFault("expected a list, found \(view.kind.noun)") }
        var ids: [String] = []
        var exact = true
        let end = view.next - 1
        var at = view.index + 1
        while at < end {
            let item = view.at(at)
            at = item.next
            let (id, isExact) = try codec.read(item)
            exact = exact && isExact && id != nil
            if let id { ids.append(id) }
        }
        return (ids, exact && (writesEmpty || !ids.isEmpty))
    }

    private func current(_ root: UnsafeRawPointer) -> [String] {
        (root + offset).assumingMemoryBound(to: [Link].self).pointee.filter { $0.kind == kind }.map(\.id)
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (ids, exact) = try read(view)
        for id in ids { (root + offset).assumingMemoryBound(to: [Link].self).pointee.append(Link(kind, id)) }
        return exact
    }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool { isList && current(root).isEmpty }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let ids = current(root)
        guard isList else {
            guard let first = ids.first else { return false }
            codec.write(first, &out)
            return true
        }
        if ids.isEmpty, !writesEmpty { return false }
        out.put(UInt8(ascii: "["))
        for id in ids {
            out.separate()
            codec.write(id, &out)
        }
        out.put(UInt8(ascii: "]"))
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let (ids, _) = try? read(view) else { return false }
        let mine = current(root)
        return isList ? ids == mine : ids.first == mine.first
    }
}

extension UnsafeBufferPointer<UInt8> {
    @inline(__always)
    func equals(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { $0.equals(self) }
    }
}

extension JSONView {
    /// Whether an object holds nothing but a key and members that are constants.
    func hasOnlyMembers(_ key: String, _ constants: [JSONValue.Member]) -> Bool {
        var only = true
        forEachMember { bytes, value in
            if bytes.equals(key) { return true }
            only = constants.contains { bytes.equals($0.key) && $0.value == value.value }
            return only
        }
        return only
    }
}
