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

/// A value told by a table: status, kind, role, yes or no.
///
/// Not generic, for the hot path: a value is known by its bytes in memory, at most eight, as all of these are enums without
/// references, flags and small numbers.
final class TableNode: ValueNode {
    struct Row: Sendable {
        let key: TableKey
        /// The bytes of a string key, as they are compared.
        let text: [UInt8]
        /// The value's bytes in memory.
        let image: UInt64
        /// The value as a word, for messages.
        let word: String
        /// Whether this row is the one that its value is written by.
        let isPreferred: Bool
        /// The key as JSON.
        let json: [UInt8]
    }

    private let rows: [Row]
    private let offset: Int
    private let size: Int
    /// Bytes of "no value", where the value may be absent.
    private let none: UInt64?
    /// Bytes of a value that is said by absence.
    private let omitted: UInt64?
    private let unknown: UInt64?
    private let nearest: [(from: UInt64, to: UInt64, words: String)]
    private let absent: [TableKey]
    private let absentWord: [UInt8]?
    private let ignoresCase: Bool
    private let path: String
    private let word: @Sendable (UInt64) -> String
    let covers: [Int]
    let narrows = true

    /// - Parameters:
    ///   - table: The table.
    ///   - path: Where the value stands, for notes.
    ///   - offset: Where it lies.
    ///   - omitted: What is said by absence.
    ///   - isOptional: Whether an optional of the value lies there.
    init<Value: Sendable & Hashable>(
        table: ValueTable<Value>, path: String, offset: Int, omitted: Value?, isOptional: Bool
    ) {
        self.path = path
        self.offset = offset
        covers = [offset]
        let image: @Sendable (Value) -> UInt64 = { isOptional ? Self.image(of: Optional($0)) : Self.image(of: $0) }
        size = isOptional ? MemoryLayout<Value?>.size : MemoryLayout<Value>.size
        precondition(size <= 8 && _isPOD(Value.self), "\(Value.self) is too large for a value table")
        var written: Set<Value> = []
        rows = table.rows.map { row in
            let isPreferred = written.insert(row.value).inserted
            var text = row.key.text
            if table.ignoresCase { text = text.lowercased() }
            return Row(
                key: row.key, text: Array(text.utf8), image: image(row.value), word: Self.word(row.value),
                isPreferred: isPreferred, json: Self.json(row.key))
        }
        none = isOptional ? Self.image(of: Value?.none) : nil
        self.omitted = omitted.map(image)
        unknown = table.unknown.map(image)
        nearest = table.nearest.map {
            (image($0.key), image($0.value), Self.word($0.key) + " -> " + Self.word($0.value))
        }
        absent = table.absent
        absentWord = table.absent.first.map { Self.json($0) }
        ignoresCase = table.ignoresCase
        let words = Dictionary(
            (table.rows.map(\.value) + table.nearest.keys).map { (image($0), Self.word($0)) },
            uniquingKeysWith: { a, _ in a })
        word = { words[$0] ?? "another value" }
    }

    private static func image<Stored>(of value: Stored) -> UInt64 {
        var image: UInt64 = 0
        withUnsafeBytes(of: value) { bytes in
            withUnsafeMutableBytes(of: &image) {
                $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes.prefix(8)))
            }
        }
        return image
    }

    private static func word(_ value: some Any) -> String {
        (value as? any RawRepresentable)?.rawValue as? String ?? "\(value)"
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

    @inline(__always)
    private func current(_ root: UnsafeRawPointer) -> UInt64 {
        if size == 1 { return UInt64((root + offset).load(as: UInt8.self)) }
        if size == 8 { return (root + offset).loadUnaligned(as: UInt64.self) }
        var image: UInt64 = 0
        withUnsafeMutableBytes(of: &image) {
            $0.copyMemory(from: UnsafeRawBufferPointer(start: root + offset, count: size))
        }
        return image
    }

    @inline(__always)
    private func set(_ image: UInt64, _ root: UnsafeMutableRawPointer) {
        if size == 1 { return (root + offset).storeBytes(of: UInt8(truncatingIfNeeded: image), as: UInt8.self) }
        withUnsafeBytes(of: image) {
            (root + offset).copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(root), byteCount: size)
        }
    }

    private enum Reading {
        case row(Int, exact: Bool)
        case absent(exact: Bool)
        case unknown
    }

    private func read(_ view: JSONView) throws(DecodeFault) -> Reading {
        switch view.letter {
        case UInt8(ascii: "\""):
            let bytes = view.bytes
            if !ignoresCase {
                for index in rows.indices {
                    guard case .string = rows[index].key, rows[index].text.withUnsafeBufferPointer({ $0.equals(bytes) })
                    else { continue }
                    return .row(index, exact: rows[index].isPreferred)
                }
            }
            return readText(view.string)
        case UInt8(ascii: "l"): return read(.int(view.int), view)
        case UInt8(ascii: "t"): return read(.bool(true), view)
        case UInt8(ascii: "f"): return read(.bool(false), view)
        case UInt8(ascii: "n"):
            if let index = rows.firstIndex(where: { $0.key == .null }) {
                return .row(index, exact: rows[index].isPreferred)
            }
            return .absent(exact: absentWord == nil)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            // An XML element with attributes: its text stands under a key of its own.
            if let inner = view.member("#text") {
                if case .row(let index, _) = try read(inner) { return .row(index, exact: false) }
                return .unknown
            }
            if view.member("@type") != nil { return .absent(exact: false) }
            throw DecodeFault("expected one value, found \(view.kind.noun)")
        default: return .unknown
        }
    }

    private func read(_ key: TableKey, _ view: JSONView) -> Reading {
        if let index = rows.firstIndex(where: { $0.key == key }) { return .row(index, exact: rows[index].isPreferred) }
        guard let text = view.scalarText else { return .unknown }
        if case .row(let index, _) = readText(text) { return .row(index, exact: false) }
        return absentReading(text) ?? .unknown
    }

    /// A text that no string row holds as it is: without case, or as the number or flag that it spells.
    private func readText(_ text: String) -> Reading {
        let wanted = Array((ignoresCase ? text.lowercased() : text).utf8)
        if let index = rows.firstIndex(where: { $0.text == wanted }) {
            return .row(index, exact: rows[index].isPreferred && rows[index].key == .string(text))
        }
        return absentReading(text) ?? (text.isEmpty ? .absent(exact: false) : .unknown)
    }

    private func absentReading(_ text: String) -> Reading? {
        let wanted = ignoresCase ? text.lowercased() : text
        return absent.firstIndex { $0.text == wanted }.map { .absent(exact: $0 == 0 && absent[0] == .string(text)) }
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        switch try read(view) {
        case .row(let index, let exact):
            set(rows[index].image, root)
            return exact && rows[index].image != omitted
        case .absent(let exact): return exact
        case .unknown:
            run.noteUnknown(path, view)
            if let unknown { set(unknown, root) }
            return false
        }
    }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool { none.map { current(root) == $0 } ?? false }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let image = current(root)
        if image == none {
            guard let absentWord else { return false }
            absentWord.withUnsafeBufferPointer { out.put(raw: $0) }
            return true
        }
        guard image != omitted else { return false }
        for index in rows.indices where rows[index].image == image {
            rows[index].json.withUnsafeBufferPointer { out.put(raw: $0) }
            return true
        }
        return false
    }

    /// Whether the table has a row for these bytes.
    private func writes(_ image: UInt64) -> Bool { rows.contains { $0.image == image } }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let image = current(UnsafeRawPointer(root))
        if image == none, let word = absent.first, let row = rows.first(where: { $0.key == word }) {
            // The word for none is also a value's: it reads back as that.
            set(row.image, root)
            run.note(name, .invented, row.word)
            return
        }
        guard image != none, image != omitted else { return }
        for index in rows.indices where rows[index].image == image { return }
        if let nearest = nearest.first(where: { $0.from == image }) {
            set(nearest.to, root)
            run.note(name, .narrowed, nearest.words)
        } else if let empty = none ?? omitted {
            set(empty, root)
            run.note(name, .dropped, word(image))
        }
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let reading = try? read(view) else { return false }
        let image = current(root)
        switch reading {
        case .row(let index, _): return rows[index].image == image
        case .absent: return image == none
        // A raw value that no table holds stands for the record's value until somebody sets another one.
        case .unknown: return image == unknown || (unknown == nil && image == none)
        }
    }
}

extension TableNode: EntryKindNode {
    private func image(_ kind: Entry.Kind) -> UInt64 { Self.image(of: kind) }

    /// Whether the table is one of entry kinds; any other has nothing to say of them.
    var decidesKinds: Bool { covers == [place(\Entry.kind)] && size == MemoryLayout<Entry.Kind>.size }

    func writes(_ entry: Entry) -> Bool { writes(image(entry.kind)) }

    func nearest(_ kind: Entry.Kind) -> Entry.Kind? {
        guard let to = nearest.first(where: { $0.from == image(kind) })?.to else { return nil }
        let kinds: [Entry.Kind] = [.message, .note] + Entry.Event.allCases.map { .event($0) }
        return kinds.first { image($0) == to }
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
    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        false
    }
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
