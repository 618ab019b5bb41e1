import ConversationModel

/// A value of the source that no rule named, with how often it occurred.
public struct UnruledValue: Sendable, Hashable {
    /// The kind of value.
    public enum Kind: String, Sendable, CaseIterable {
        /// A status.
        case status
        /// A priority.
        case priority
        /// A channel.
        case channel
        /// A tag.
        case tag
        /// An agent's id.
        case agent
        /// A team's id.
        case team
        /// A custom field's key, or `key: value` where a table of values has no row.
        case field

        /// Its place among ``allCases``.
        var order: Int {
            switch self {
            case .status: 0
            case .priority: 1
            case .channel: 2
            case .tag: 3
            case .agent: 4
            case .team: 5
            case .field: 6
            }
        }
    }

    /// The kind of value.
    public let kind: Kind
    /// The value: a neutral name, a tag or an id.
    public let value: String
    /// How often it occurred.
    public let count: Int
}

/// Values that a rule could not turn into what it asks for, so that they do not arrive.
public struct UnfitValues: Sendable, Equatable {
    /// The rule.
    public let rule: MappingRule
    /// Why: `is no number`.
    public let reason: String
    /// How many values.
    public let count: Int
    /// Id of the first record with one.
    public let record: String
}

/// Counts which rules of a mapping were used and which values had none; workers fill it apart and the run adds up.
///
/// Values are noted only for sections that the mapping has: without `values.status` no status lacks a rule.
public struct MappingCoverage: Sendable {
    /// How many different values are remembered, beside agents and teams; further ones are counted together.
    public static let valuesKept = 10_000

    /// Values of one kind with their counts.
    private struct Counts: Sendable {
        private(set) var values = NameIndex()
        private(set) var counts: [Int] = []

        /// Adds to the count of a value that was met; `false` when it was not.
        mutating func add(_ count: Int, to value: String) -> Bool {
            guard let number = values.number(of: value) else { return false }
            counts[number] += count
            return true
        }

        mutating func add(_ count: Int, at number: Int) { counts[number] += count }

        /// Where a value is counted.
        mutating func number(taking value: String) -> Int {
            let number = values.number(taking: value)
            if number == counts.count { counts.append(0) }
            return number
        }
    }

    /// A rule and why it could not be followed; there are few reasons.
    private struct Unfit: Hashable {
        let rule: Int
        let reason: String
    }

    private var uses: [Int] = []
    private var unfit: [Unfit: (count: Int, record: String)] = [:]
    /// By the order of their kinds; empty until the first is noted.
    private var unruled: [Counts] = []
    private var unruledCount = 0
    /// Occurrences of values beyond ``valuesKept``.
    public private(set) var furtherValues = 0

    /// What a person may want to see of single records, in order; whoever runs the mapping takes it away.
    public var trail: [TrailRow] = []

    /// Creates an empty tally.
    public init() {}

    /// Whether nothing was counted.
    public var isEmpty: Bool { uses.isEmpty && unruledCount == 0 }

    mutating func noteUse(of rule: Int, count: Int = 1) {
        if rule >= uses.count { uses += [Int](repeating: 0, count: rule + 1 - uses.count) }
        uses[rule] += count
    }

    mutating func noteUnruled(_ kind: UnruledValue.Kind, _ value: String, count: Int = 1) {
        makeRoom()
        if unruled[kind.order].add(count, to: value) { return }
        guard kind == .agent || kind == .team || unruledCount < Self.valuesKept else {
            furtherValues += count
            return
        }
        noteUnruled(kind, at: slot(of: value, kind), count: count)
    }

    /// Where a value of a kind is counted; people are never forgotten, as a mapping may refuse those without a match.
    mutating func slot(of value: String, _ kind: UnruledValue.Kind) -> Int {
        makeRoom()
        let known = unruled[kind.order].counts.count
        let slot = unruled[kind.order].number(taking: value)
        if slot == known { unruledCount += 1 }
        return slot
    }

    mutating func noteUnruled(_ kind: UnruledValue.Kind, at slot: Int, count: Int = 1) {
        unruled[kind.order].add(count, at: slot)
    }

    private mutating func makeRoom() {
        if unruled.isEmpty { unruled = Array(repeating: Counts(), count: UnruledValue.Kind.allCases.count) }
    }

    mutating func noteUnfit(_ rule: Int, _ reason: String, record: String, count: Int = 1) {
        unfit[Unfit(rule: rule, reason: reason), default: (0, record)].count += count
    }

    func unfitValues(_ rules: [MappingRule]) -> [UnfitValues] {
        unfit.sorted { ($0.key.rule, $0.key.reason) < ($1.key.rule, $1.key.reason) }.map {
            UnfitValues(
                rule: rules[$0.key.rule], reason: $0.key.reason, count: $0.value.count, record: $0.value.record)
        }
    }

    func count(ofRule rule: Int) -> Int { rule < uses.count ? uses[rule] : 0 }

    /// Adds what another tally of the same mapping counted; the trail is not part of it.
    public mutating func merge(_ other: MappingCoverage) {
        if other.uses.count > uses.count {
            uses += [Int](repeating: 0, count: other.uses.count - uses.count)
        }
        for (rule, count) in other.uses.enumerated() { uses[rule] += count }
        for value in other.unruledValues { noteUnruled(value.kind, value.value, count: value.count) }
        furtherValues += other.furtherValues
        for (key, value) in other.unfit {
            noteUnfit(key.rule, key.reason, record: value.record, count: value.count)
        }
    }

    /// Values that no rule named, by kind, the most frequent first.
    public var unruledValues: [UnruledValue] {
        zip(UnruledValue.Kind.allCases, unruled).flatMap { kind, counts in
            zip(counts.values.names, counts.counts).map { UnruledValue(kind: kind, value: $0, count: $1) }
                .sorted { ($1.count, $0.value) < ($0.count, $1.value) }
        }
    }
}
