internal import ConversationModel

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
    private let nearest: [(from: UInt64, to: UInt64)]
    private let absent: [TableKey]
    private let silent: [TableKey]
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
                key: row.key, text: Array(text.utf8), image: image(row.value), isPreferred: isPreferred,
                json: Self.json(row.key))
        }
        none = isOptional ? Self.image(of: Value?.none) : nil
        self.omitted = omitted.map(image)
        unknown = table.unknown.map(image)
        nearest = table.nearest.map { (image($0.key), image($0.value)) }
        absent = table.absent
        silent = table.silent
        absentWord = table.absent.first.map { Self.json($0) }
        ignoresCase = table.ignoresCase
        let values = table.rows.map(\.value) + table.nearest.keys
        word = { wanted in values.first { image($0) == wanted }.map { Self.word($0) } ?? "another value" }
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
        if silent.contains(where: { $0.text == wanted }) { return .absent(exact: false) }
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
            run.note(name, .invented, self.word(row.image))
            return
        }
        guard image != none, image != omitted else { return }
        for index in rows.indices where rows[index].image == image { return }
        if let nearest = nearest.first(where: { $0.from == image }) {
            set(nearest.to, root)
            run.note(name, .narrowed, word(nearest.from) + " -> " + word(nearest.to))
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
