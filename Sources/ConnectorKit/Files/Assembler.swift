internal import Diagnostics

/// Puts the records that belong to a record into its JSON; one a worker.
final class Assembler {
    private let store: ChildStore
    private let plan: JoinPlan
    private let parser: JSONParser
    /// Numbers of the records that were put in since this was emptied.
    var claimed: [Int] = []
    /// The record's JSON with what belongs to it, and padding behind it.
    private var out: [UInt8] = []
    /// What stands in the outermost lists, by their key, so that a fault in one is told with its own place.
    private var outermost: [String: [ChildStore.Child]] = [:]
    /// Complete set or delta of the record that was assembled last.
    private var generation = 0

    init(_ store: ChildStore) throws {
        self.store = store
        plan = store.platform.joins
        parser = try JSONParser()
    }

    /// Whether the source has records of an export that belong to others.
    func holds(_ export: String) -> Bool {
        store.platform.connector.exports.indices.contains {
            store.platform.connector.exports[$0].name == export && store.exports.contains($0)
        }
    }

    /// Lends a record's JSON with what belongs to it; returns `false`, and calls nobody, where nothing does.
    func withAssembled(
        _ json: UnsafeBufferPointer<UInt8>, export: Int, generation: Int,
        _ body: (UnsafeBufferPointer<UInt8>) throws -> Void
    ) rethrows -> Bool {
        self.generation = generation
        guard !plan.slots[export].isEmpty, !store.isEmpty else { return false }
        out.removeAll(keepingCapacity: true)
        outermost.removeAll(keepingCapacity: true)
        guard append(json, export, generation, isOutermost: true) else { return false }
        let count = out.count
        out.append(contentsOf: repeatElement(0, count: JSONParser.padding))
        try out.withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0[..<count])) }
        return true
    }

    /// The place of a fault inside a record that was put in: `#messages`, `[3]`, and what comes behind.
    func place(of path: [String]) -> (place: Place, rest: [String])? {
        guard path.count >= 2, let children = outermost[path[0]], path[1].hasPrefix("["),
            let index = Int(path[1].dropFirst().dropLast()), children.indices.contains(index)
        else { return nil }
        return (store.place(of: children[index]), Array(path.dropFirst(2)))
    }

    /// Appends a record with what belongs to it; returns whether anything does.
    @discardableResult
    private func append(
        _ json: UnsafeBufferPointer<UInt8>, _ export: Int, _ generation: Int, isOutermost: Bool
    ) -> Bool {
        let lists = lists(json, export, generation)
        guard !lists.isEmpty, let end = json.lastIndex(of: UInt8(ascii: "}")) else {
            if !isOutermost { out.append(contentsOf: json) }
            return false
        }
        out.append(contentsOf: json[..<end])
        for (member, children) in lists {
            if out.last(where: { $0 > 32 }) != UInt8(ascii: "{") { out.append(UInt8(ascii: ",")) }
            out.append(contentsOf: "\"\(member)\":[".utf8)
            for (index, child) in children.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                withPadded(child.json) { append($0, child.export, generation, isOutermost: false) }
            }
            out.append(UInt8(ascii: "]"))
            if isOutermost { outermost[member] = children }
        }
        out.append(UInt8(ascii: "}"))
        return true
    }

    private func lists(
        _ json: UnsafeBufferPointer<UInt8>, _ export: Int, _ generation: Int
    ) -> [(member: String, children: [ChildStore.Child])] {
        let slots = plan.slots[export].filter { !$0.isContent }
        guard !slots.isEmpty, let view = try? parser.parse(json) else { return [] }
        // What joins a group belongs to the group, and not to each of its records.
        let isGrouped = plan.filed[export].contains { plan.relations[$0].isGroup }
        if isGrouped, view.member(Join.groupMember) == nil { return [] }
        var speaker = view
        if let records = view.member(Join.groupMember), records.isArray {
            // Of a group the first record speaks.
            var first: JSONView?
            records.forEachElement { first = first ?? $0 }
            speaker = first ?? view
        }
        let wanted = slots.map { slot in (slot, keys: JoinPlan.keys(speaker, at: slot.to)) }
        return wanted.compactMap { slot, keys in
            let children = keys.flatMap { store.children(slot.relation, generation, $0, claimed: &claimed) }
            return children.isEmpty ? nil : (slot.member, children)
        }
    }

    private func withPadded(_ json: ArraySlice<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        var copy = Array(json)
        let count = copy.count
        copy.append(contentsOf: repeatElement(0, count: JSONParser.padding))
        copy.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[..<count])) }
    }
}

extension Assembler: PieceSource {
    func pieces(_ export: String, of key: String) -> [ArraySlice<UInt8>] {
        let slots = plan.slots.flatMap(\.self)
        guard
            let slot = slots.first(where: { $0.isContent && store.platform.connector.exports[$0.child].name == export })
        else { return [] }
        return store.children(slot.relation, generation, key, claimed: &claimed).map(\.json)
    }
}
