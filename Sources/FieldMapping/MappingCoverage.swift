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
    }

    /// The kind of value.
    public let kind: Kind
    /// The value: a neutral name, a tag or an id.
    public let value: String
    /// How often it occurred.
    public let count: Int
}

/// Counts which rules of a mapping were used and which values had none; workers fill it apart and the run adds up.
///
/// Values are noted only for sections that the mapping has: without `values.status` no status lacks a rule.
public struct MappingCoverage: Sendable {
    /// How many different values are remembered, beside agents and teams; further ones are counted together.
    public static let valuesKept = 10_000

    private struct Key: Hashable {
        let kind: UnruledValue.Kind
        let value: String
    }

    private var uses: [Int] = []
    private var unruled: [Key: Int] = [:]
    /// Occurrences of values beyond ``valuesKept``.
    public private(set) var furtherValues = 0

    /// What a person may want to see of single records, in order; whoever runs the mapping takes it away.
    public var trail: [TrailRow] = []

    /// Creates an empty tally.
    public init() {}

    /// Whether nothing was counted.
    public var isEmpty: Bool { uses.isEmpty && unruled.isEmpty }

    mutating func noteUse(of rule: Int) {
        if rule >= uses.count { uses += [Int](repeating: 0, count: rule + 1 - uses.count) }
        uses[rule] += 1
    }

    mutating func noteUnruled(_ kind: UnruledValue.Kind, _ value: String, count: Int = 1) {
        let key = Key(kind: kind, value: value)
        // A mapping may refuse people without a match, so none of them may be forgotten.
        let isPerson = kind == .agent || kind == .team
        if !isPerson, unruled.count >= Self.valuesKept, unruled[key] == nil {
            furtherValues += count
        } else {
            unruled[key, default: 0] += count
        }
    }

    func count(ofRule rule: Int) -> Int { rule < uses.count ? uses[rule] : 0 }

    /// Adds what another tally of the same mapping counted; the trail is not part of it.
    public mutating func merge(_ other: MappingCoverage) {
        if other.uses.count > uses.count {
            uses += [Int](repeating: 0, count: other.uses.count - uses.count)
        }
        for (rule, count) in other.uses.enumerated() { uses[rule] += count }
        for (key, count) in other.unruled { noteUnruled(key.kind, key.value, count: count) }
        furtherValues += other.furtherValues
    }

    /// Values that no rule named, by kind, the most frequent first.
    public var unruledValues: [UnruledValue] {
        let order = UnruledValue.Kind.allCases
        return unruled.map { UnruledValue(kind: $0.key.kind, value: $0.key.value, count: $0.value) }
            .sorted {
                (order.firstIndex(of: $0.kind) ?? 0, $1.count, $0.value)
                    < (order.firstIndex(of: $1.kind) ?? 0, $0.count, $1.value)
            }
    }
}
