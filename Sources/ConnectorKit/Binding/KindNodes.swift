public import ConversationModel

/// A sign that tells what kind of entry a record is, where no single field does: values at one or several paths.
public struct KindSign: Sendable {
    let kind: Entry.Kind
    let to: JSONValue?
    let conditions: [(path: Path, values: [TableKey])]
    let writes: [(path: Path, value: TableKey)]

    /// Creates a sign.
    ///
    /// - Parameters:
    ///   - kind: What the record is where the sign holds.
    ///   - to: What the sign says of an event's outcome.
    ///   - conditions: Paths, and the values of which each must have one; texts compare without case.
    ///   - writes: What is written for such an entry; nothing for signs that are only read.
    public init(
        _ kind: Entry.Kind, to: JSONValue? = nil, when conditions: KeyValuePairs<Path, [TableKey]>,
        writes: KeyValuePairs<Path, TableKey> = [:]
    ) {
        self.kind = kind
        self.to = to
        self.conditions = conditions.map { (path: $0.key, values: $0.value) }
        self.writes = writes.map { (path: $0.key, value: $0.value) }
    }
}

extension Rule where Root == Entry {
    /// The kind of an entry, told by several fields.
    ///
    /// - Parameters:
    ///   - path: The field that names the kind where one does; it must stand at the top of the record.
    ///   - signs: What is looked for, in order: the first that holds decides. Notes come first, so that nothing private is
    ///     ever read as public.
    ///   - unknown: What a word at `path` that no sign knows is read as; it is reported.
    ///   - system: What a message by the platform itself is read as, and written as.
    /// - Returns: The rules.
    public static func kinds(
        _ path: Path, _ signs: [KindSign], unknown: Entry.Kind = .note, bySystem system: Entry.Kind? = nil
    ) -> [Rule] {
        let set = KindSigns(path, signs, unknown: unknown, bySystem: system)
        var word = Rule(path: path, content: .value { KindWordNode(set, noted: $0) })
        word.part = .constant
        var marked: [Path] = []
        for write in signs.flatMap(\.writes) where write.path != path && !marked.contains(write.path) {
            marked.append(write.path)
        }
        return [word]
            + marked.map { mark in Rule(path: mark, content: .value { _ in KindMarkNode(set, mark) }) }
    }
}

/// The signs of a vendor, made ready.
final class KindSigns: Sendable {
    private struct Sign: Sendable {
        let kind: Entry.Kind
        let to: JSONValue?
        let conditions: [(field: Int, texts: [[UInt8]])]
        let writes: [(path: Path, value: TableKey)]
    }

    private struct Field: Sendable {
        let first: [UInt8]
        let rest: [String]
    }

    private let signs: [Sign]
    private let fields: [Field]
    /// The path of the word, which is the first of the fields.
    private let main: Path
    private let unknown: Entry.Kind
    private let system: Entry.Kind?

    init(_ path: Path, _ signs: [KindSign], unknown: Entry.Kind, bySystem system: Entry.Kind?) {
        var paths = [path]
        for condition in signs.flatMap(\.conditions) where !paths.contains(condition.path) {
            paths.append(condition.path)
        }
        fields = paths.map { Field(first: Array(($0.keys.first ?? "").utf8), rest: Array($0.keys.dropFirst())) }
        self.signs = signs.map { sign in
            Sign(
                kind: sign.kind, to: sign.to,
                conditions: sign.conditions.map { condition in
                    (
                        paths.firstIndex(of: condition.path) ?? 0,
                        condition.values.map { Array($0.text.lowercased().utf8) }
                    )
                }, writes: sign.writes)
        }
        main = path
        self.unknown = unknown
        self.system = system
    }

    // MARK: Reading

    /// Says what kind of entry a record is before its members are read.
    func decide(_ record: JSONView, _ entry: inout Entry, _ run: Decoding, noted: String) {
        var values = [JSONView?](repeating: nil, count: fields.count)
        record.forEachMember { key, value in
            for index in fields.indices where fields[index].first.withUnsafeBufferPointer({ $0.equals(key) }) {
                values[index] = fields[index].rest.isEmpty ? value : value.value(at: fields[index].rest)
            }
            return true
        }
        for sign in signs
        where sign.conditions.allSatisfy({ condition in
            values[condition.field].map { Self.holds(condition.texts, $0) } ?? false
        }) {
            entry.kind = sign.kind
            entry.to = sign.to
            return
        }
        guard let word = values[0], kind(of: word) == nil, let text = word.scalarText, !text.isEmpty else { return }
        run.noteUnknown(noted, word)
        entry.kind = unknown
    }

    private static func holds(_ texts: [[UInt8]], _ view: JSONView) -> Bool {
        guard view.isString else {
            guard let text = view.scalarText else { return false }
            return texts.contains { $0.elementsEqual(text.utf8) }
        }
        let bytes = view.bytes
        return texts.contains { text in
            text.count == bytes.count && zip(text, bytes).allSatisfy { $0 == KindSigns.lower($1) }
        }
    }

    @inline(__always)
    private static func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    /// What the word alone says; `nil` for one that no sign knows.
    func kind(of word: JSONView) -> Entry.Kind? {
        signs.first { sign in
            sign.conditions.count == 1 && sign.conditions[0].field == 0
                && Self.holds(sign.conditions[0].texts, word)
        }?.kind
    }

    // MARK: Writing

    private func sign(of entry: Entry) -> Sign? {
        signs.first { !$0.writes.isEmpty && $0.kind == entry.kind && ($0.to == nil || $0.to == entry.to) }
    }

    /// What is written at a path for an entry.
    func value(at path: Path, for entry: Entry) -> TableKey? {
        sign(of: entry)?.writes.first { $0.path == path }?.value
    }

    /// Whether what is written says an event's outcome.
    func saysOutcome(of entry: Entry) -> Bool { sign(of: entry)?.to != nil }

    /// The word of an entry.
    func word(for entry: Entry) -> TableKey? { value(at: main, for: entry) }

    func writes(_ entry: Entry) -> Bool {
        if entry.kind == .message, entry.author.kind == .system, system != nil { return false }
        return sign(of: entry) != nil
    }

    func nearest(_ kind: Entry.Kind) -> Entry.Kind? { kind == .message ? system : nil }
}

/// The field that names an entry's kind.
final class KindWordNode: ValueNode, EntryKindNode {
    let signs: KindSigns
    let noted: String
    let covers = [place(\Entry.kind), place(\Entry.to)]
    let narrows = true

    init(_ signs: KindSigns, noted: String) {
        self.signs = signs
        self.noted = noted
    }

    func writes(_ entry: Entry) -> Bool { signs.writes(entry) }
    func nearest(_ kind: Entry.Kind) -> Entry.Kind? { signs.nearest(kind) }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        guard !view.isObject, !view.isArray else { throw DecodeFault("expected text, found \(view.kind.noun)") }
        return signs.word(for: root.assumingMemoryBound(to: Entry.self).pointee)?.says(view) ?? false
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let word = signs.word(for: root.assumingMemoryBound(to: Entry.self).pointee) else { return false }
        word.write(&out)
        return true
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let entry = root.assumingMemoryBound(to: Entry.self)
        guard entry.pointee.to != nil, !signs.saysOutcome(of: entry.pointee) else { return }
        entry.pointee.to = nil
        run.note("timeline.to", .dropped)
    }

    // The word of a note or event may be that of a message where another sign decided, which then stands beside it.
    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        let kind = root.assumingMemoryBound(to: Entry.self).pointee.kind
        guard let said = signs.kind(of: view) else { return kind != .message || view.scalarText?.isEmpty ?? true }
        return said == kind || kind != .message
    }
}

/// A value that tells an entry's kind beside the word.
final class KindMarkNode: ValueNode {
    private let signs: KindSigns
    private let path: Path

    init(_ signs: KindSigns, _ path: Path) {
        self.signs = signs
        self.path = path
    }

    private func value(_ root: UnsafeRawPointer) -> TableKey? {
        signs.value(at: path, for: root.assumingMemoryBound(to: Entry.self).pointee)
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        value(root)?.says(view) ?? false
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let value = value(root) else { return false }
        value.write(&out)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let value = value(root) else { return view.kind == .false || view.isNull }
        return view.scalarText?.lowercased() == value.text.lowercased()
    }
}

extension TableKey {
    /// Whether a value is exactly what is written for this key.
    func says(_ view: JSONView) -> Bool {
        switch self {
        case .string(var text): view.isString && text.withUTF8 { $0.equals(view.bytes) }
        case .int(let value): view.kind == .int && view.int == value
        case .bool(let value): view.kind == (value ? .true : .false)
        case .null: view.isNull
        }
    }

    func write(_ out: inout JSONOutput) {
        switch self {
        case .string(let text): out.put(text)
        case .int(let value): out.put(value)
        case .bool(let value): out.put(raw: value ? "true" : "false")
        case .null: out.putNull()
        }
    }
}
