internal import ConversationModel

/// Something that is known to repeat what other fields say, or to say nothing: kept for its vendor, no loss elsewhere.
final class RepeatedNode: ValueNode {
    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        false
    }
    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }
    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { true }
}

/// A value of the conversation around an entry that the vendor writes into the entry.
final class ParentNode: ValueNode {
    let inner: any ValueNode
    /// Whether it stands in a session, of which the conversation is known only when all of them are read.
    private let isOfSession: Bool

    init(_ inner: any ValueNode, isOfSession: Bool = false) {
        self.inner = inner
        self.isOfSession = isOfSession
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        guard let parent = run.parent else { return false }
        run.scratch.truncate(to: 0)
        guard inner.encode(UnsafeRawPointer(parent), &run.scratch, run.probe) else {
            return try inner.decode(view, into: parent, run)
        }
        return inner.writesSame(view, run)
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard !(isOfSession && run.isProbe), let parent = run.parent else { return false }
        return inner.encode(parent, &out, run)
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { true }
}

extension ValueNode {
    /// Whether what was just written to the scratch output is this JSON.
    func writesSame(_ view: JSONView, _ run: Decoding) -> Bool {
        let start = run.scratch.count
        run.scratch.put(view)
        let bytes = run.scratch.bytes
        return UnsafeBufferPointer(rebasing: bytes[..<start]).equals(UnsafeBufferPointer(rebasing: bytes[start...]))
    }
}

/// The id in the first element of a list of references: a contact's main company.
final class FirstReferenceNode: ValueNode {
    let offset: Int
    let key: String
    let constants: [JSONValue.Member]
    let codec: TextCodec
    var covers: [Int] { [offset] }

    init(offset: Int, key: String, constants: [JSONValue.Member], codec: TextCodec) {
        self.offset = offset
        self.key = key
        self.constants = constants
        self.codec = codec
    }

    private func read(_ view: JSONView) throws(DecodeFault) -> (id: String?, exact: Bool) {
        if view.isNull { return (nil, false) }
        guard view.isArray else { throw DecodeFault("expected a list, found \(view.kind.noun)") }
        let count = view.elementCount
        guard count > 0 else { return (nil, true) }
        let first = view.at(view.index + 1)
        guard let id = first.member(key) else { return (nil, false) }
        let (text, exact) = try codec.read(id)
        return (text, exact && count == 1 && first.hasOnlyMembers(key, constants))
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (id, exact) = try read(view)
        if let id { (root + offset).assumingMemoryBound(to: String?.self).pointee = id }
        return exact
    }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool {
        (root + offset).assumingMemoryBound(to: String?.self).pointee == nil
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        out.put(UInt8(ascii: "["))
        if let id = (root + offset).assumingMemoryBound(to: String?.self).pointee {
            out.put(UInt8(ascii: "{"))
            for constant in constants {
                out.put(key: constant.key)
                out.put(constant.value)
            }
            out.put(key: key)
            codec.write(id, &out)
            out.put(UInt8(ascii: "}"))
        }
        out.put(UInt8(ascii: "]"))
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let (id, _) = try? read(view) else { return false }
        return id == (root + offset).assumingMemoryBound(to: String?.self).pointee
    }
}
