internal import ConversationModel

/// What is carried while one record is cut to what a destination can hold; counts every difference.
final class Projecting {
    let capabilities: Capabilities
    /// People of this run as the destination will know them.
    let people: RecentPeople?
    /// Whether the platform's own records of people can say that one is a bot.
    var holdsBots = true
    /// Whether the record came from another platform than the one it is cut to.
    var isForeign = true
    var losses = LossTally()
    /// People that the destination needs and no record gave: authors known by name alone.
    var placeholders: [Sighting] = []
    /// Name of the destination's platform, and whether the record came from there.
    var platform = ""
    var isOwn = false
    var entity = Entity.conversation
    var record = ""

    init(capabilities: Capabilities, people: (any PeopleLookup)?) {
        self.capabilities = capabilities
        self.people = people.map(RecentPeople.init)
    }

    func note(_ field: String, _ lossClass: LossClass, count: Int = 1, _ detail: @autoclosure () -> String = "") {
        losses.add(entity, field, lossClass, record: record, count: count, detail: detail())
    }
}

extension ValueNode {
    var covers: [Int] { [] }
    var narrows: Bool { false }
    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {}
}

extension ObjectNode {
    /// All values of this object and of the groups in it, with the place of each group.
    func forEachValue(_ base: Int = 0, _ body: (any ValueNode, Int) -> Void) {
        for slot in slots where slot.part != .alternate {
            switch slot.content {
            case .value(let node): body(node, base)
            case .group(let node, let offset): node.forEachValue(base + offset, body)
            }
        }
    }
}

/// What a rule set can hold of a struct, worked out once: its rules by property, and the properties that no rule binds.
final class Projection: Sendable {
    /// A rule and the name of what it binds; a class, so that the loop over them copies nothing.
    private final class Bound: Sendable {
        let node: any ValueNode
        let base: Int
        let name: String

        init(node: any ValueNode, base: Int, name: String) {
            self.node = node
            self.base = base
            self.name = name
        }
    }

    /// A property that no rule binds, with its whole name.
    private final class Unbound: Sendable {
        let property: Property
        let name: String

        init(property: Property, name: String) {
            self.property = property
            self.name = name
        }
    }

    private let bound: [Bound]
    private let unbound: [Unbound]
    /// The same for the loops.
    private let boundTable: [Borrowed<Bound>]
    private let unboundTable: [Borrowed<Unbound>]
    private let unboundOffsets: Set<Int>
    private let cases: [Projection]
    private let choose: (@Sendable (UnsafeRawPointer) -> Int?)?
    let prefix: String

    /// - Parameters:
    ///   - node: The compiled rules.
    ///   - properties: All properties of the struct.
    ///   - prefix: Where the struct stands in its entity: `timeline.`.
    ///   - elsewhere: Offsets that are carried by other means: joined streams, people.
    init(_ node: ObjectNode, _ properties: [Property], prefix: String, elsewhere: Set<Int> = []) {
        var bound: [Bound] = []
        var covered = elsewhere
        node.forEachValue { value, base in
            let offsets = value.covers.map { $0 + base }
            covered.formUnion(offsets)
            let name = offsets.first.flatMap { offset in properties.first { $0.offset == offset }?.name } ?? ""
            if value.narrows { bound.append(Bound(node: value, base: base, name: prefix + name)) }
        }
        self.bound = bound
        boundTable = bound.map { Borrowed($0) }
        unbound = properties.filter { !covered.contains($0.offset) && !$0.isAlways }
            .map { Unbound(property: $0, name: prefix + $0.name) }
        unboundTable = unbound.map { Borrowed($0) }
        unboundOffsets = Set(unbound.map(\.property.offset))
        self.prefix = prefix
        // What the word of a case itself says of an event needs no place of its own.
        cases =
            node.cases?.nodes.map {
                Projection($0.node, properties, prefix: prefix, elsewhere: elsewhere.union($0.says))
            } ?? []
        choose = node.cases?.choose
    }

    func apply(_ root: UnsafeMutableRawPointer, _ run: Projecting) {
        if let index = choose?(root) { return cases[index].apply(root, run) }
        for index in unboundTable.indices {
            unboundTable[index].use { unbound in
                if unbound.property.empty.lies(at: root + unbound.property.offset) { return }
                let count = unbound.property.count(root)
                guard count > 0 else { return }
                run.note(unbound.name, .dropped, count: count)
                unbound.property.clear(root)
            }
        }
        for index in boundTable.indices {
            boundTable[index].use { $0.node.project(root + $0.base, $0.name, run) }
        }
    }

    /// Whether a property is among those that the rules bind.
    func binds(_ offset: Int) -> Bool { !unboundOffsets.contains(offset) }
}
