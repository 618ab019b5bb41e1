internal import ConversationModel

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
