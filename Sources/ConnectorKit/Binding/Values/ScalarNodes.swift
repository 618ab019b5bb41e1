internal import ConversationModel

// Concrete over the value, free of the record type: a rule knows its value by the offset within the record, which
// `MemoryLayout.offset(of:)` gives for stored properties. So reading a field is one table look-up and one store.

/// A piece of text that may be absent.
final class OptionalTextNode: ValueNode {
    let offset: Int
    var covers: [Int] { [offset] }
    let codec: TextCodec
    /// Where an entry's HTML lies, for its plain text.
    let html: Int?
    static let placeholder = "-"

    init(offset: Int, codec: TextCodec, html: Int? = nil) {
        self.offset = offset
        self.codec = codec
        self.html = html
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if let html, run.skipsTextBesideHTML, view.isString, !view.bytes.isEmpty,
            (root + html).assumingMemoryBound(to: String?.self).pointee != nil
        {
            (root + offset).assumingMemoryBound(to: String?.self).pointee = Self.placeholder
            return true
        }
        let (text, exact) = try codec.read(view)
        if let text { (root + offset).assumingMemoryBound(to: String?.self).pointee = text }
        return exact
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard (root + offset).assumingMemoryBound(to: String?.self).pointee != nil else { return false }
        codec.write(at: root + offset, &out)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let (text, _) = try? codec.read(view) else { return false }
        return text == (root + offset).assumingMemoryBound(to: String?.self).pointee
    }
}

/// A piece of text that is always there: ids and keys.
final class TextNode: ValueNode {
    let offset: Int
    var covers: [Int] { [offset] }
    let codec: TextCodec
    let isIdentity: Bool

    init(offset: Int, codec: TextCodec, isIdentity: Bool) {
        self.offset = offset
        self.codec = codec
        self.isIdentity = isIdentity
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (text, exact) = try codec.read(view)
        if let text { (root + offset).assumingMemoryBound(to: String.self).pointee = text }
        return exact
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard !(root + offset).assumingMemoryBound(to: String.self).pointee.isEmpty else { return false }
        codec.write(at: root + offset, &out)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let (text, _) = try? codec.read(view) else { return false }
        let mine = (root + offset).assumingMemoryBound(to: String.self).pointee
        return (text ?? "") == mine || (text == nil && isIdentity)
    }
}

/// Text that says the same as another field: fills it where it is empty, else only compares.
final class EchoTextNode: ValueNode {
    let offset: Int
    var covers: [Int] { [offset] }

    init(offset: Int) { self.offset = offset }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        guard view.isString else {
            guard view.isNull else { throw DecodeFault("expected text, found \(view.kind.noun)") }
            return (root + offset).assumingMemoryBound(to: String?.self).pointee == nil
        }
        let field = (root + offset).assumingMemoryBound(to: String?.self)
        let bytes = view.bytes
        if run.skipsTextBesideHTML, field.pointee == OptionalTextNode.placeholder { return true }
        if field.pointee == nil {
            guard !bytes.isEmpty else { return false }
            field.pointee = view.string
            return true
        }
        return field.pointee?.withUTF8 { $0.equals(bytes) } ?? false
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let text = (root + offset).assumingMemoryBound(to: String?.self).pointee else { return false }
        out.put(text)
        return true
    }

    // What the echo said besides the field is not in the record, so nothing can contradict it.
    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { true }
}

/// A moment that may be absent.
final class InstantNode: ValueNode {
    var narrows: Bool { true }
    let offset: Int
    var covers: [Int] { [offset] }
    let codec: InstantCodec
    /// A moment at or beyond which the vendor means "none".
    let noneFrom: Instant?

    init(offset: Int, codec: InstantCodec, noneFrom: Instant?) {
        self.offset = offset
        self.codec = codec
        self.noneFrom = noneFrom
    }

    private func read(_ view: JSONView) throws(DecodeFault) -> (instant: Instant?, exact: Bool) {
        let (instant, exact) = try codec.read(view)
        if let noneFrom, let instant, instant >= noneFrom { return (nil, false) }
        return (instant, exact)
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (instant, exact) = try read(view)
        if let instant { (root + offset).assumingMemoryBound(to: Instant?.self).pointee = instant }
        return exact
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let instant = (root + offset).assumingMemoryBound(to: Instant?.self).pointee else { return false }
        codec.write(instant, &out)
        return true
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let field = (root + offset).assumingMemoryBound(to: Instant?.self)
        guard let instant = field.pointee else { return }
        if let noneFrom, instant >= noneFrom {
            field.pointee = nil
            run.note(name, .dropped, instant.description)
        } else if instant.precision.rawValue > codec.precision.rawValue {
            let cut = instant.cut(to: codec.precision)
            if cut != instant { run.note(name, .narrowed, "\(instant) -> \(cut)") }
            field.pointee = cut
        }
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let (instant, _) = try? read(view) else { return false }
        return instant == (root + offset).assumingMemoryBound(to: Instant?.self).pointee
    }
}

/// An integer; `isOptional` tells `Int64?` from `Int`.
final class IntegerNode: ValueNode {
    let offset: Int
    var covers: [Int] { [offset] }
    let isOptional: Bool

    init(offset: Int, isOptional: Bool) {
        self.offset = offset
        self.isOptional = isOptional
    }

    private func read(_ view: JSONView) throws(DecodeFault) -> (value: Int64?, exact: Bool) {
        switch view.kind {
        case .int: return (view.int, true)
        case .null: return (nil, true)
        case .string:
            let text = view.string
            if text.isEmpty { return (nil, false) }
            guard let value = Int64(text) else { throw DecodeFault("expected a whole number, found text") }
            return (value, false)
        case .double:
            guard view.double.magnitude < 9e15 else { throw DecodeFault("expected a whole number") }
            return (Int64(view.double), false)
        default: throw DecodeFault("expected a whole number, found \(view.kind.noun)")
        }
    }

    private func current(_ root: UnsafeRawPointer) -> Int64? {
        isOptional
            ? (root + offset).assumingMemoryBound(to: Int64?.self).pointee
            : Int64((root + offset).assumingMemoryBound(to: Int.self).pointee)
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (value, exact) = try read(view)
        guard let value else { return exact }
        if isOptional {
            (root + offset).assumingMemoryBound(to: Int64?.self).pointee = value
        } else {
            (root + offset).assumingMemoryBound(to: Int.self).pointee = Int(value)
        }
        return exact
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let value = current(root) else { return false }
        out.put(value)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let (value, _) = try? read(view) else { return false }
        return value == current(root)
    }
}

/// Any JSON value, kept as it is.
final class JSONValueNode: ValueNode {
    let offset: Int
    var covers: [Int] { [offset] }

    init(offset: Int) { self.offset = offset }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        guard !view.isNull else { return true }
        (root + offset).assumingMemoryBound(to: JSONValue?.self).pointee = view.value
        return true
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let value = (root + offset).assumingMemoryBound(to: JSONValue?.self).pointee else { return false }
        out.put(value)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        let value = (root + offset).assumingMemoryBound(to: JSONValue?.self).pointee
        return view.isNull ? value == nil : view.value == value
    }
}

/// A fixed piece of JSON: written always; another value in the source is kept.
final class ConstantNode: ValueNode {
    let json: [UInt8]
    private let value: JSONValue

    init(_ value: JSONValue) {
        self.value = value
        var out = JSONOutput(capacity: 64)
        out.put(value)
        json = Array(out.bytes)
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if case .string(var text) = value, view.isString { return text.withUTF8 { $0.equals(view.bytes) } }
        return view.value == value
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        json.withUnsafeBufferPointer { out.put(raw: $0) }
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { true }
}

/// A value that follows from the record, such as a count; where the source says otherwise its word is kept.
final class DerivedNode: ValueNode {
    let value: @Sendable (UnsafeRawPointer) -> JSONValue?

    init(_ value: @escaping @Sendable (UnsafeRawPointer) -> JSONValue?) { self.value = value }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        view.value == (value(root) ?? .null)
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let value = value(root) else { return false }
        out.put(value)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { true }
}
