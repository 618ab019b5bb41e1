internal import ConversationModel

// Concrete over the value, free of the record type: a rule knows its value by the offset within the record, which
// `MemoryLayout.offset(of:)` gives for stored properties. So reading a field is one table look-up and one store.

/// A piece of text that may be absent.
final class OptionalTextNode: ValueNode {
    let offset: Int
    var covers: [Int] { [offset] }
    let codec: TextCodec

    init(offset: Int, codec: TextCodec) {
        self.offset = offset
        self.codec = codec
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (text, exact) = try codec.read(view)
        if let text { (root + offset).assumingMemoryBound(to: String?.self).pointee = text }
        return exact
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let text = (root + offset).assumingMemoryBound(to: String?.self).pointee else { return false }
        codec.write(text, &out)
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
        let text = (root + offset).assumingMemoryBound(to: String.self).pointee
        guard !text.isEmpty else { return false }
        codec.write(text, &out)
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
        view.value == (root + offset).assumingMemoryBound(to: JSONValue?.self).pointee
    }
}

/// A value told by a table: status, kind, role, yes or no.
final class TableNode<Value: Sendable & Hashable>: ValueNode {
    /// Where the value lies and how it is read and written there; closures because it may be optional or not.
    let get: @Sendable (UnsafeRawPointer) -> Value?
    let set: @Sendable (UnsafeMutableRawPointer, Value) -> Void
    /// Empties the value; `nil` where it is always there.
    let clear: (@Sendable (UnsafeMutableRawPointer) -> Void)?
    let covers: [Int]
    let path: String
    private let texts: [(bytes: [UInt8], value: Value, exact: Bool)]
    private let others: [(key: TableKey, value: Value, exact: Bool)]
    private let written: [Value: [UInt8]]
    private let absentWord: [UInt8]?
    let table: ValueTable<Value>
    /// What is not written, because absence says it.
    private let omitted: Value?

    init(
        table: ValueTable<Value>, path: String, omitted: Value?, offset: Int,
        get: @escaping @Sendable (UnsafeRawPointer) -> Value?,
        set: @escaping @Sendable (UnsafeMutableRawPointer, Value) -> Void,
        clear: (@Sendable (UnsafeMutableRawPointer) -> Void)?
    ) {
        covers = [offset]
        self.clear = clear
        self.table = table
        self.path = path
        self.get = get
        self.set = set
        self.omitted = omitted
        var texts: [(bytes: [UInt8], value: Value, exact: Bool)] = []
        var others: [(key: TableKey, value: Value, exact: Bool)] = []
        var written: [Value: [UInt8]] = [:]
        for row in table.rows {
            let exact = written[row.value] == nil
            if case .string(let text) = row.key {
                texts.append((Array((table.ignoresCase ? text.lowercased() : text).utf8), row.value, exact))
            } else {
                others.append((row.key, row.value, exact))
            }
            if exact { written[row.value] = Self.json(row.key) }
        }
        self.texts = texts
        self.others = others
        self.written = written
        absentWord = table.absent.first.map { Self.json($0) }
    }

    private static func json(_ key: TableKey) -> [UInt8] {
        var out = JSONOutput(capacity: 64)
        switch key {
        case .string(let text): out.put(text)
        case .int(let value): out.put(value)
        case .bool(let value): out.put(value)
        case .null: out.putNull()
        }
        return Array(out.bytes)
    }

    private func read(_ view: JSONView) throws(DecodeFault) -> (value: Value?, exact: Bool, known: Bool) {
        let result = try readRow(view)
        if !result.known, !table.absent.isEmpty, let text = view.scalarText,
            let index = table.absent.firstIndex(where: { $0.text == text })
        {
            return (nil, index == 0, true)
        }
        return result
    }

    private func readRow(_ view: JSONView) throws(DecodeFault) -> (value: Value?, exact: Bool, known: Bool) {
        let key: TableKey
        switch view.kind {
        case .string:
            let bytes = view.bytes
            if table.ignoresCase {
                let lowered = Array(view.string.lowercased().utf8)
                if let row = texts.first(where: { $0.bytes == lowered }) {
                    return (row.value, written[row.value].map { Array($0.dropFirst().dropLast()) } == Array(bytes), true)
                }
            } else {
                for row in texts where row.bytes.withUnsafeBufferPointer({ $0.equals(bytes) }) {
                    return (row.value, row.exact, true)
                }
            }
            if let number = Int64(view.string), let row = others.first(where: { $0.key == .int(number) }) {
                return (row.value, false, true)
            }
            if let row = others.first(where: { $0.key == .bool(true) }), view.string == "true" { return (row.value, false, true) }
            if let row = others.first(where: { $0.key == .bool(false) }), view.string == "false" { return (row.value, false, true) }
            return bytes.isEmpty ? (nil, false, true) : (table.unknown, false, false)
        case .int: key = .int(view.int)
        case .true: key = .bool(true)
        case .false: key = .bool(false)
        case .null: key = .null
        case .object, .array:
            if let inner = view.member("#text") {
                let (value, _, known) = try readRow(inner)
                return (value, false, known)
            }
            if view.member("@type") != nil { return (nil, false, true) }
            throw DecodeFault("expected one value, found \(view.kind.noun)")
        default: return (table.unknown, false, false)
        }
        if let row = others.first(where: { $0.key == key }) { return (row.value, row.exact, true) }
        if key == .null { return (nil, absentWord == nil, true) }
        if case .int(let value) = key, let row = texts.first(where: { $0.bytes == Array(String(value).utf8) }) {
            return (row.value, false, true)
        }
        return (table.unknown, false, false)
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (value, exact, known) = try read(view)
        if !known { run.noteUnknown(path, view) }
        if let value { set(root, value) }
        return exact && value != omitted || (value == nil && exact)
    }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool { get(root) == nil }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let value = get(root) else {
            guard let absentWord else { return false }
            absentWord.withUnsafeBufferPointer { out.put(raw: $0) }
            return true
        }
        guard value != omitted, let bytes = written[value] else { return false }
        bytes.withUnsafeBufferPointer { out.put(raw: $0) }
        return true
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        guard let value = get(root), value != omitted, written[value] == nil else { return }
        if let nearest = table.nearest[value] {
            set(root, nearest)
            run.note(name, .narrowed, "\(Self.word(value)) -> \(Self.word(nearest))")
        } else if let clear {
            clear(root)
            run.note(name, .dropped, Self.word(value))
        } else if let omitted {
            set(root, omitted)
            run.note(name, .dropped, Self.word(value))
        }
    }

    /// Whether the table can write a value.
    func writes(_ value: Value) -> Bool { written[value] != nil }

    private static func word(_ value: Value) -> String {
        (value as? any RawRepresentable)?.rawValue as? String ?? "\(value)"
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let (value, _, known) = try? read(view) else { return false }
        // A raw value that no table holds stands for the record's value until somebody sets another one.
        return value == get(root) || (!known && table.unknown == nil && get(root) == nil)
    }
}

extension TableKey {
    /// The key's text as a scalar is shown.
    var text: String {
        switch self {
        case .string(let text): text
        case .int(let value): String(value)
        case .bool(let value): value ? "true" : "false"
        case .null: "null"
        }
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

/// Something that is known to repeat what other fields say, or to say nothing: kept for its vendor, no loss elsewhere.
final class RepeatedNode: ValueNode {
    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool { false }
    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }
    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { true }
}

/// A value of the conversation around an entry that the vendor writes into the entry.
final class ParentNode: ValueNode {
    let inner: any ValueNode

    init(_ inner: any ValueNode) { self.inner = inner }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        guard let parent = run.parent else { return false }
        run.scratch.truncate(to: 0)
        guard inner.encode(UnsafeRawPointer(parent), &run.scratch, run.probe) else {
            return try inner.decode(view, into: parent, run)
        }
        return inner.writesSame(view, run)
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let parent = run.parent else { return false }
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

    func isEmpty(_ root: UnsafeRawPointer) -> Bool { (root + offset).assumingMemoryBound(to: String?.self).pointee == nil }

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
