internal import ConversationModel
public import SyncEngine

/// Limits that were agreed before a migration, by which its verification is judged.
public struct Thresholds: Sendable, Equatable {
    /// What a limit is about: a kind of record, or parts of conversations.
    public enum Object: String, Sendable, CaseIterable {
        case conversations, contacts, companies, agents, teams, fields
        case messages, notes, events, attachments, authors, destination

        /// What can be measured of it.
        public var measures: [Measure] {
            switch self {
            case .conversations, .contacts, .companies, .agents, .teams, .fields:
                [.identical, .different, .missing, .extra, .quarantined]
            case .messages, .notes, .events, .attachments: [.missing, .extra]
            case .authors: [.unknown]
            case .destination: [.unreadable]
            }
        }

        var entity: Entity? { Entity.allCases.first { $0.plural == rawValue } }
    }

    /// What is measured.
    public enum Measure: String, Sendable, CaseIterable {
        case identical, different, missing, extra, quarantined, unknown, unreadable

        /// Whether more of it is better.
        var isGood: Bool { self == .identical }
    }

    /// A number, or a share of what should be there.
    public enum Bound: Sendable, Equatable {
        case count(Int)
        case share(Double)
    }

    /// One agreed limit.
    public struct Limit: Sendable, Equatable {
        /// What it is about.
        public let object: Object
        /// What is measured.
        public let measure: Measure
        /// At most so much, or for identical records at least so much.
        public let bound: Bound

        /// Creates a limit.
        public init(_ object: Object, _ measure: Measure, _ bound: Bound) {
            self.object = object
            self.measure = measure
            self.bound = bound
        }
    }

    /// Who agreed to them and when; empty when the file does not say.
    public var agreed: String
    /// The file they stand in.
    public var file: String
    /// The limits in the order of the file.
    public var limits: [Limit]

    /// Creates limits.
    public init(agreed: String, file: String, limits: [Limit]) {
        self.agreed = agreed
        self.file = file
        self.limits = limits
    }

    /// A limit held against what was found.
    public struct Result: Sendable, Equatable {
        /// The limit.
        public let limit: Limit
        /// What was measured.
        public let measured: Int
        /// How many there should be: what a share is a share of.
        public let base: Int
        /// Whether it was agreed; a difference that no limit covers is held against none.
        public let isAgreed: Bool

        /// Whether the limit is kept.
        public var isKept: Bool {
            let least =
                switch limit.bound {
                case .count(let count): Double(count)
                case .share(let share): share * Double(base)
                }
            // A billionth more than the share, for shares such as 0.1 that a Double cannot hold.
            return limit.measure.isGood ? Double(measured) >= least - 1e-6 : Double(measured) <= least + 1e-6
        }
    }

    /// Holds the limits against a verification, and every difference that no limit covers against zero.
    ///
    /// - Parameter report: The verification; parts of conversations are measured where they were counted.
    /// - Returns: One result a limit, agreed ones first.
    public func results(_ report: RunReport) -> [Result] {
        var results = limits.map { limit in
            Result(
                limit: limit, measured: Self.measured(limit.object, limit.measure, report),
                base: Self.base(limit.object, report), isAgreed: true)
        }
        let covered = Set(limits.map { "\($0.object)/\($0.measure)" })
        for object in Object.allCases where object.entity != nil || object == .destination {
            for measure in object.measures where !measure.isGood && measure != .quarantined {
                let measured = Self.measured(object, measure, report)
                // A limit on how many are identical covers those that differ or are missing.
                let isCovered =
                    covered.contains("\(object)/\(measure)")
                    || (measure != .extra && covered.contains("\(object)/identical"))
                guard measured > 0, !isCovered else { continue }
                results.append(
                    Result(
                        limit: Limit(object, measure, .count(0)), measured: measured, base: Self.base(object, report),
                        isAgreed: false))
            }
        }
        return results
    }

    private static func measured(_ object: Object, _ measure: Measure, _ report: RunReport) -> Int {
        if let entity = object.entity {
            let counts = report.counts[entity] ?? RecordCounts()
            return switch measure {
            case .identical: counts.identical
            case .different: counts.different
            case .missing: counts.missing
            case .extra: counts.extra
            case .quarantined: counts.quarantined
            case .unknown, .unreadable: 0
            }
        }
        if object == .destination { return report.unreadableAtDestination }
        guard let parts = report.parts else { return 0 }
        if object == .authors { return parts.found.unknownAuthors }
        let (expected, found) = (count(object, parts.expected), count(object, parts.found))
        return max(0, measure == .missing ? expected - found : found - expected)
    }

    private static func base(_ object: Object, _ report: RunReport) -> Int {
        if let entity = object.entity {
            let counts = report.counts[entity] ?? RecordCounts()
            return counts.identical + counts.different + counts.missing + counts.quarantined
        }
        guard let parts = report.parts else { return 0 }
        return object == .authors ? parts.expected.messages + parts.expected.notes : count(object, parts.expected)
    }

    private static func count(_ object: Object, _ parts: PartCounts) -> Int {
        switch object {
        case .messages: parts.messages
        case .notes: parts.notes
        case .events: parts.events
        case .attachments: parts.attachments
        default: 0
        }
    }
}
