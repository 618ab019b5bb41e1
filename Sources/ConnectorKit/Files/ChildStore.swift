internal import Diagnostics

/// Numbers of records that were put aside and have found their parent.
public struct Claims: Sendable {
    private var words: [UInt64] = []

    /// Creates an empty set.
    public init() {}

    /// Adds numbers.
    public mutating func insert(_ numbers: [Int]) {
        for number in numbers {
            while words.count <= number / 64 { words.append(0) }
            words[number / 64] |= 1 << UInt64(number % 64)
        }
    }

    func contains(_ number: Int) -> Bool {
        number / 64 < words.count && words[number / 64] & (1 << UInt64(number % 64)) != 0
    }
}

/// Records that belong to others, as a worker cut them out of one batch.
public struct StagedChildren: Sendable {
    var bytes: [UInt8] = []
    var records: [(range: Range<Int>, keys: [UInt64])] = []
    var exports: Set<Int> = []

    /// Creates an empty batch.
    public init() {}
}

/// Records of a source that belong to others, put aside on disk and given out by their parent's key.
public final class ChildStore: Sendable {
    /// A record that was put aside.
    struct Child {
        let item: KeyedStaging.Item
        let export: Int
        let generation: Int
        let file: Int
        let line: Int
        let byte: Int
        let idHash: UInt64
        let keys: [(relation: Int, key: String)]
        let json: ArraySlice<UInt8>
    }

    let staging: KeyedStaging
    let source: FileSource
    /// Exports that anything was put aside of.
    let exports: Set<Int>
    var platform: Platform { source.platform }

    private init(_ staging: KeyedStaging, _ source: FileSource, _ exports: Set<Int>) {
        self.staging = staging
        self.source = source
        self.exports = exports
    }

    /// Whether nothing was put aside.
    var isEmpty: Bool { staging.count == 0 }

    /// Records of one parent, in the order of their files; one that stands twice is taken once, as it came last.
    ///
    /// `claimed` gets the number of every record that was found, repeated ones included.
    func children(_ relation: Int, _ generation: Int, _ key: String, claimed: inout [Int]) -> [Child] {
        var children: [Child] = []
        var places: [UInt64: Int] = [:]
        for item in staging.items(JoinPlan.hash(relation, generation, key)) {
            let child = Self.decode(item, staging.payload(item))
            guard child.keys.contains(where: { $0.relation == relation && $0.key == key }) else { continue }
            claimed.append(item.number)
            if let place = places[child.idHash] {
                children[place] = child
            } else {
                places[child.idHash] = children.count
                children.append(child)
            }
        }
        return children
    }

    /// Whether any record is filed under a key.
    func holds(_ relation: Int, _ generation: Int, _ key: String) -> Bool {
        staging.items(JoinPlan.hash(relation, generation, key)).contains { item in
            Self.decode(item, staging.payload(item)).keys.contains { $0.relation == relation && $0.key == key }
        }
    }

    /// The place of a child, for messages.
    func place(of child: Child, path: String? = nil) -> Place {
        Place(file: source.files[child.file].name, line: child.line, byte: child.byte, path: path)
    }

    // MARK: Payloads

    private struct Cursor {
        let bytes: [UInt8]
        var at = 0

        mutating func number() -> Int {
            defer { at += 8 }
            return Int(truncatingIfNeeded: word())
        }

        func word() -> UInt64 { bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: at, as: UInt64.self) } }

        mutating func text() -> String {
            let count = number()
            defer { at += count }
            return String(decoding: bytes[at..<(at + count)], as: UTF8.self)
        }
    }

    static func decode(_ item: KeyedStaging.Item, _ bytes: [UInt8]) -> Child {
        var cursor = Cursor(bytes: bytes)
        let (export, generation, file) = (cursor.number(), cursor.number(), cursor.number())
        let (line, byte) = (cursor.number(), cursor.number())
        let idHash = cursor.word()
        cursor.at += 8
        var keys: [(relation: Int, key: String)] = []
        for _ in 0..<cursor.number() { keys.append((cursor.number(), cursor.text())) }
        return Child(
            item: item, export: export, generation: generation, file: file, line: line, byte: byte, idHash: idHash,
            keys: keys, json: bytes[cursor.at...])
    }

    /// Builds a store from what workers cut out.
    public final class Builder {
        private let staging: KeyedStaging.Builder
        private let source: FileSource
        private var exports: Set<Int> = []

        /// Creates an empty builder.
        ///
        /// - Throws: `scratch/unwritable`.
        public init(_ source: FileSource) throws {
            staging = try KeyedStaging.Builder()
            self.source = source
        }

        /// Takes what was cut out of the next batch.
        ///
        /// - Throws: `scratch/unwritable`.
        public func append(_ staged: StagedChildren) throws {
            exports.formUnion(staged.exports)
            try staged.bytes.withUnsafeBufferPointer { bytes in
                for record in staged.records {
                    try staging.append(UnsafeBufferPointer(rebasing: bytes[record.range]), keys: record.keys)
                }
            }
        }

        /// The store.
        ///
        /// - Throws: `scratch/unwritable`.
        public func finish() throws -> ChildStore { ChildStore(try staging.finish(), source, exports) }
    }
}

extension StagedChildren {
    /// Puts a record aside under the keys that it names.
    mutating func add(
        _ json: UnsafeBufferPointer<UInt8>, export: Int, generation: Int, file: Int, line: Int, byte: Int, id: String?,
        keys: [(relation: Int, key: String)]
    ) {
        let start = bytes.count
        func put(_ number: UInt64) { withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) } }
        for number in [export, generation, file, line, byte] { put(UInt64(number)) }
        // What says no id of its own is the same only where all of it is.
        var hasher = StableHasher()
        if let id { hasher.combine(id) } else { hasher.combine(json) }
        put(UInt64(truncatingIfNeeded: hasher.finish()))
        put(UInt64(keys.count))
        for (relation, key) in keys {
            put(UInt64(relation))
            put(UInt64(key.utf8.count))
            bytes.append(contentsOf: key.utf8)
        }
        bytes.append(contentsOf: json)
        exports.insert(export)
        records.append((start..<bytes.count, keys.map { JoinPlan.hash($0.relation, generation, $0.key) }))
    }
}

/// Records that were put aside and are read for themselves: groups, and children without a parent.
struct GatheredRecords: Sendable {
    /// A record, or one that has no parent and no place.
    struct Record: Sendable {
        let range: Range<Int>
        let export: Int
        let generation: Int
        let place: Place
        /// Of a group: the places of its records.
        let members: [Place]
        /// The parent that is not there, where the record cannot stand for itself.
        let missing: String?
    }

    var bytes: [UInt8] = []
    var records: [Record] = []
}

/// Walks over what was put aside and gives out what nobody claimed.
final class Gatherer {
    private let store: ChildStore
    private var walk: KeyedStaging.Walk
    private var claims: Claims
    /// Whether only what cannot stand for itself is given out, or all else.
    private let takesOrphans: Bool
    /// By relation: the groups that take records of it in, so that those are not given out for themselves.
    private let takers: [[Int]]

    init(_ store: ChildStore, _ claims: Claims, takesOrphans: Bool) {
        self.takesOrphans = takesOrphans
        self.store = store
        self.claims = claims
        let plan = store.platform.joins
        var takers = plan.relations.map { _ in [Int]() }
        for (export, slots) in plan.slots.enumerated() {
            let groups = plan.filed[export].filter { plan.relations[$0].isGroup }
            for slot in slots { takers[slot.relation] += groups.filter { plan.relations[$0].by == slot.to } }
        }
        self.takers = takers
        walk = KeyedStaging.Walk(store.staging)
    }

    /// About a megabyte of records; `nil` when none is left.
    func next() -> GatheredRecords? {
        var gathered = GatheredRecords()
        while gathered.bytes.count < 1 << 20, gathered.records.count < 5000 {
            guard let (item, payload) = walk.next(where: { [unowned self] in !claims.contains($0) }) else { break }
            let child = ChildStore.decode(item, payload)
            if !isTaken(child) { take(child, &gathered) }
        }
        return gathered.records.isEmpty ? nil : gathered
    }

    /// Whether a group holds the record's parent, which takes it in when that is read.
    private func isTaken(_ child: ChildStore.Child) -> Bool {
        child.keys.contains { relation, key in
            takers[relation].contains { store.holds($0, child.generation, key) }
        }
    }

    private func take(_ child: ChildStore.Child, _ gathered: inout GatheredRecords) {
        let plan = store.platform.joins
        let start = gathered.bytes.count
        let group = child.keys.first { plan.relations[$0.relation].isGroup }
        let relations = plan.filed[child.export].map { plan.relations[$0] }
        let standsAlone =
            group != nil || relations.contains { if case .ownRecords = $0.orphans { true } else { false } }
        guard standsAlone != takesOrphans else { return }
        var places: [Place] = []
        if let group {
            var numbers: [Int] = []
            let members = store.children(group.relation, child.generation, group.key, claimed: &numbers)
            claims.insert(numbers)
            places = members.map { store.place(of: $0) }
            gathered.bytes.append(contentsOf: "{\"\(Join.groupMember)\":[".utf8)
            for (index, member) in members.enumerated() {
                if index > 0 { gathered.bytes.append(UInt8(ascii: ",")) }
                gathered.bytes.append(contentsOf: member.json)
            }
            gathered.bytes.append(contentsOf: "]}".utf8)
        } else {
            gathered.bytes.append(contentsOf: child.json)
        }
        let end = gathered.bytes.count
        gathered.bytes.append(contentsOf: repeatElement(0, count: JSONParser.padding))
        gathered.records.append(
            GatheredRecords.Record(
                range: start..<end, export: child.export, generation: child.generation, place: store.place(of: child),
                members: places, missing: standsAlone ? nil : child.keys.map(\.key).joined(separator: ", ")))
    }
}
