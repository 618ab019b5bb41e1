/// What became of one field over all records of its kind.
public struct FieldFidelity: Sendable, Equatable {
    /// The kind of record.
    public let entity: Entity
    /// Path of the field.
    public let field: String
    /// Records of this kind.
    public let records: Int
    /// Records by the gravest thing that happened to the field in them; the counts add up to ``records``.
    public let counts: [LossClass: Int]

    /// Creates a row.
    public init(entity: Entity, field: String, records: Int, counts: [LossClass: Int]) {
        self.entity = entity
        self.field = field
        self.records = records
        self.counts = counts
    }
}

/// Keeps for each field how many records it fared in which way: one class a record, the gravest.
struct FieldAccount: Sendable {
    private struct Cell: Sendable {
        let entity: Entity
        let field: String
        /// The record that was counted last, and as what.
        var record = -1
        var gravest = LossClass.same
        /// Records by class, in the order of the classes.
        var counts = InlineArray<6, Int>(repeating: 0)
    }

    private struct Key: Hashable, Sendable {
        let entity: Entity
        let field: String
    }

    private var cells: [Cell] = []
    private var places: [Key: Int] = [:]
    /// Records by their kind, in the order of the kinds.
    private var records = InlineArray<6, Int>(repeating: 0)
    private var dropped = InlineArray<6, Int>(repeating: 0)
    private var current = (number: 0, entity: Entity.conversation)

    /// Where a field stands; a new one is added at the end.
    mutating func cell(_ entity: Entity, _ field: String) -> Int {
        let key = Key(entity: entity, field: field)
        if let place = places[key] { return place }
        places[key] = cells.count
        cells.append(Cell(entity: entity, field: field))
        return cells.count - 1
    }

    mutating func begin(_ entity: Entity) {
        current = (current.number + 1, entity)
        records[entity.order] += 1
    }

    mutating func retract() {
        records[current.entity.order] -= 1
        forget()
    }

    mutating func dropRecord() {
        dropped[current.entity.order] += 1
        forget()
    }

    /// Takes back what was counted of the current record.
    private mutating func forget() {
        for index in cells.indices where cells[index].record == current.number {
            cells[index].counts[cells[index].gravest.severity] -= 1
            cells[index].record = -1
        }
    }

    mutating func note(_ lossClass: LossClass, at cell: Int) {
        if cells[cell].record == current.number {
            let before = cells[cell].gravest
            guard before < lossClass else { return }
            cells[cell].counts[before.severity] -= 1
        }
        cells[cell].record = current.number
        cells[cell].gravest = lossClass
        cells[cell].counts[lossClass.severity] += 1
    }

    mutating func merge(_ other: FieldAccount) {
        for cell in other.cells {
            let place = self.cell(cell.entity, cell.field)
            for lossClass in cell.counts.indices { cells[place].counts[lossClass] += cell.counts[lossClass] }
        }
        for entity in records.indices {
            records[entity] += other.records[entity]
            dropped[entity] += other.dropped[entity]
        }
    }

    func fidelity(_ fields: [Entity: [String]]) -> [FieldFidelity] {
        var rows: [FieldFidelity] = []
        for entity in Entity.allCases {
            let total = records[entity.order]
            guard total > 0 else { continue }
            let known = fields[entity] ?? []
            let whole = Set(known)
            // Leftovers of a vendor's format are no fields of the model, and a whole record is none either.
            let others = cells.filter { $0.entity == entity && !whole.contains($0.field) }.map(\.field)
                .filter { $0 != "record" && !$0.hasPrefix("extras.") }.sorted()
            for field in known + others {
                let cell = places[Key(entity: entity, field: field)].map { cells[$0] }
                var counts: [LossClass: Int] = [:]
                for lossClass in LossClass.allCases where lossClass != .same {
                    let count =
                        (cell?.counts[lossClass.severity] ?? 0) + (lossClass == .dropped ? dropped[entity.order] : 0)
                    if count != 0 { counts[lossClass] = count }
                }
                counts[.same] = total - counts.values.reduce(0, +)
                rows.append(FieldFidelity(entity: entity, field: field, records: total, counts: counts))
            }
        }
        return rows
    }
}
