/// What became of a value on its way from source to destination.
public enum LossClass: String, Sendable, CaseIterable, Comparable {
    /// It arrives as it was.
    case same
    /// It arrives in another form that says the same: text as HTML, an author's e-mail instead of an id.
    case converted
    /// It arrives less exact: seconds for milliseconds, four priorities for five.
    case narrowed
    /// Its end is missing.
    case truncated
    /// It does not arrive.
    case dropped
    /// The destination gets something that the source does not say.
    case invented

    /// Whether the first comes before the second.
    public static func < (a: LossClass, b: LossClass) -> Bool { a.severity < b.severity }

    /// Its place among ``allCases``.
    var severity: Int {
        switch self {
        case .same: 0
        case .converted: 1
        case .narrowed: 2
        case .truncated: 3
        case .dropped: 4
        case .invented: 5
        }
    }
}

/// One kind of difference between source and destination, with how often it occurs.
public struct FidelityLoss: Sendable, Equatable {
    /// An instance for the report: a record's id and, where it says something, the value before and after.
    ///
    /// Values are ids, dates, enum values or counts; never text that people wrote.
    public struct Example: Sendable, Equatable {
        /// Id of the record.
        public let record: String
        /// What happened to it: `on_hold -> open`; empty when the class says it all.
        public let detail: String
        /// Creates an example.
        public init(record: String, detail: String = "") {
            self.record = record
            self.detail = detail
        }
    }

    /// The kind of record.
    public let entity: Entity
    /// The field, with its entity's parts by path: `timeline.created_at`.
    public let field: String
    /// What became of it.
    public let lossClass: LossClass
    /// How many values it concerns.
    public var count: Int
    /// The first few instances.
    public var examples: [Example]
}

/// Counts differences as records pass; a value that workers fill apart and the run adds up.
public struct LossTally: Sendable {
    /// How many instances of each kind are kept.
    public static let examplesKept = 3

    /// Kinds of difference in the order in which they were met, and which field of the account each is.
    private var losses: [(loss: FidelityLoss, cell: Int)] = []
    private var fields = NameIndex()
    /// Where each kind stands: by field, then entity, then class; -1 where there is none.
    private var places: [Int] = []
    /// What became of each field, record by record.
    private var account = FieldAccount()

    /// Creates an empty tally.
    public init() {}

    /// Whether nothing was counted.
    public var isEmpty: Bool { losses.isEmpty }

    /// Counts one difference.
    ///
    /// - Parameters:
    ///   - entity: The kind of record.
    ///   - field: Path of the field within the record.
    ///   - lossClass: What became of the value.
    ///   - record: The record's id.
    ///   - count: How many values of this record it concerns.
    ///   - detail: Ids, dates, enum values or counts; never text that people wrote.
    public mutating func add(
        _ entity: Entity, _ field: String, _ lossClass: LossClass, record: String, count: Int = 1,
        detail: @autoclosure () -> String = ""
    ) {
        let place = place(entity, field, lossClass)
        losses[place].loss.count += count
        account.note(lossClass, at: losses[place].cell)
        if losses[place].loss.examples.count < Self.examplesKept {
            losses[place].loss.examples.append(FidelityLoss.Example(record: record, detail: detail()))
        }
    }

    /// Begins a record: differences from here on are its own, until the next one begins.
    public mutating func begin(_ entity: Entity) { account.begin(entity) }

    /// Takes back that a record began: it does not go along.
    public mutating func retract() { account.retract() }

    /// Says that the record which began last does not arrive at all, in none of its fields.
    public mutating func dropRecord() { account.dropRecord() }

    /// Counts once more what another tally counted of the record that began last.
    public mutating func add(_ other: LossTally, record: String) {
        for (loss, _) in other.losses {
            add(
                loss.entity, loss.field, loss.lossClass, record: record, count: loss.count,
                detail: loss.examples.first?.detail ?? "")
        }
    }

    /// What became of every field of every record: for each field one class a record, the gravest.
    ///
    /// The counts of a field add up to the records of its kind.
    ///
    /// - Parameter fields: All fields of the model by kind of record, so that those without a difference are there too.
    /// - Returns: By kind of record, then in the order of `fields`, then other paths by name.
    public func fidelity(_ fields: [Entity: [String]]) -> [FieldFidelity] { account.fidelity(fields) }

    /// Where a kind of difference stands; a new one is added at the end.
    private mutating func place(_ entity: Entity, _ field: String, _ lossClass: LossClass) -> Int {
        let (entities, classes) = (Entity.allCases.count, LossClass.allCases.count)
        let row = fields.number(taking: field) * entities * classes
        if row == places.count { places += Array(repeating: -1, count: entities * classes) }
        let kind = row + entity.order * classes + lossClass.severity
        if places[kind] < 0 {
            places[kind] = losses.count
            let loss = FidelityLoss(entity: entity, field: field, lossClass: lossClass, count: 0, examples: [])
            losses.append((loss, account.cell(entity, field)))
        }
        return places[kind]
    }

    /// Adds what another tally counted; its examples stand behind these.
    public mutating func merge(_ other: LossTally) {
        for (loss, _) in other.losses {
            let place = place(loss.entity, loss.field, loss.lossClass)
            losses[place].loss.count += loss.count
            let room = Self.examplesKept - losses[place].loss.examples.count
            if room > 0 { losses[place].loss.examples += loss.examples.prefix(room) }
        }
        account.merge(other.account)
    }

    /// All kinds of difference, by entity, then the gravest class first, then field.
    public var all: [FidelityLoss] {
        losses.map(\.loss).sorted {
            ($0.entity, $1.lossClass, $0.field) < ($1.entity, $0.lossClass, $1.field)
        }
    }

    /// How many values one kind of difference concerns.
    public func count(_ entity: Entity, _ field: String, _ lossClass: LossClass) -> Int {
        losses.first { $0.loss.entity == entity && $0.loss.field == field && $0.loss.lossClass == lossClass }?.loss
            .count
            ?? 0
    }
}
