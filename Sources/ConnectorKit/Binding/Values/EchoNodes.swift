public import ConversationModel

extension Rule {
    /// A moment that repeats another one: fills it where it is empty, is written like it, and kept where it differs.
    public static func echo(
        _ path: Path, _ property: WritableKeyPath<Root, Instant?>, _ codec: InstantCodec
    ) -> Rule {
        let offset = place(property)
        return Rule(path: path, content: .value { _ in EchoInstantNode(offset: offset, codec: codec) }).late
    }

    /// Text of at most so many characters; more is cut off.
    public static func field(
        _ path: Path, _ property: WritableKeyPath<Root, String?>, limit: Int
    ) -> Rule {
        let offset = place(property)
        return Rule(path: path, content: .value { _ in LimitedTextNode(offset: offset, limit: limit) })
    }
}

/// A moment that says the same as another place: fills it where it is empty, else only compares.
final class EchoInstantNode: ValueNode {
    let offset: Int
    let codec: InstantCodec
    var covers: [Int] { [offset] }

    init(offset: Int, codec: InstantCodec) {
        self.offset = offset
        self.codec = codec
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (instant, exact) = try codec.read(view)
        let field = (root + offset).assumingMemoryBound(to: Instant?.self)
        guard let instant else { return field.pointee == nil && exact }
        if field.pointee == nil { field.pointee = instant }
        return exact && field.pointee == instant
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let instant = (root + offset).assumingMemoryBound(to: Instant?.self).pointee else { return false }
        codec.write(instant, &out)
        return true
    }

    // What the echo said besides the field is not in the record, so nothing can contradict it.
    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { true }
}

/// A piece of text of limited length.
final class LimitedTextNode: ValueNode {
    let offset: Int
    let limit: Int
    private let text: OptionalTextNode
    var covers: [Int] { [offset] }
    var narrows: Bool { true }

    init(offset: Int, limit: Int) {
        self.offset = offset
        self.limit = limit
        text = OptionalTextNode(offset: offset, codec: .text)
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        try text.decode(view, into: root, run)
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        text.encode(root, &out, run)
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { text.matches(view, root, run) }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let field = (root + offset).assumingMemoryBound(to: String?.self)
        guard let whole = field.pointee, whole.utf8.count > limit else { return }
        let scalars = whole.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex),
            end < scalars.endIndex
        else { return }
        // A cut through the middle of a character would leave half an emoji.
        let cut = whole.rangeOfComposedCharacter(before: end)
        field.pointee = String(whole[..<cut])
        run.note(name, .truncated, "\(scalars.count) -> \(limit) characters")
    }
}

extension String {
    /// The last boundary of a character at or before a place.
    fileprivate func rangeOfComposedCharacter(before end: String.Index) -> String.Index {
        if end.samePosition(in: self) != nil { return end }
        var index = endIndex
        while index > end, index > startIndex { index = self.index(before: index) }
        return index
    }
}
