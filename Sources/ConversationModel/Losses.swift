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

    public static func < (a: LossClass, b: LossClass) -> Bool { a.severity < b.severity }

    private var severity: Int { Self.allCases.firstIndex(of: self) ?? 0 }
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

    private struct Key: Hashable {
        let entity: Entity
        let field: String
        let lossClass: LossClass
    }

    private var losses: [Key: FidelityLoss] = [:]

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
        let key = Key(entity: entity, field: field, lossClass: lossClass)
        var loss = losses[key] ?? FidelityLoss(entity: entity, field: field, lossClass: lossClass, count: 0, examples: [])
        losses[key] = nil
        loss.count += count
        if loss.examples.count < Self.examplesKept {
            loss.examples.append(FidelityLoss.Example(record: record, detail: detail()))
        }
        losses[key] = loss
    }

    /// Adds what another tally counted; its examples stand behind these.
    public mutating func merge(_ other: LossTally) {
        for (key, loss) in other.losses {
            guard var mine = losses.removeValue(forKey: key) else {
                losses[key] = loss
                continue
            }
            mine.count += loss.count
            mine.examples += loss.examples.prefix(max(0, Self.examplesKept - mine.examples.count))
            losses[key] = mine
        }
    }

    /// All kinds of difference, by entity, then the gravest class first, then field.
    public var all: [FidelityLoss] {
        losses.values.sorted {
            ($0.entity, $1.lossClass, $0.field) < ($1.entity, $0.lossClass, $1.field)
        }
    }

    /// How many values one kind of difference concerns.
    public func count(_ entity: Entity, _ field: String, _ lossClass: LossClass) -> Int {
        losses[Key(entity: entity, field: field, lossClass: lossClass)]?.count ?? 0
    }
}
