public import ConnectorKit
internal import ConversationModel
public import Diagnostics
public import FieldMapping

/// What a mapping leaves open when it is held against a source and a destination.
public struct MappingCheck: Sendable {
    /// One thing that a person should see.
    public struct Row: Sendable, Equatable {
        /// What it is about.
        public enum Kind: String, Sendable {
            /// A rule writes what the destination cannot hold; the mapping is wrong.
            case unholdable
            /// Somebody of the source has no match, and the mapping's fallback ends the run for that.
            case refused
            /// A rule cannot turn values of the source into what it asks for; they would not arrive.
            case unfit
            /// A value of the source has no rule.
            case unmapped
            /// A rule that nothing in the source uses.
            case unused
            /// A rule names somebody whom the destination does not have yet.
            case absent
        }

        /// What it is about.
        public let kind: Kind
        /// The rule's place, where a rule is meant.
        public let place: Place?
        /// Path of the rule, or the kind of value.
        public let subject: String
        /// The value that is meant, where one is.
        public let value: String?
        /// How often the value occurs in the source.
        public let count: Int?
        /// What a person reads.
        public let summary: String
        /// What would be right.
        public let nearest: String?

        /// Whether the mapping would not run because of it.
        public var isFault: Bool { kind == .unholdable || kind == .refused }
    }

    /// All rows: faults first, then by the order of the mapping, then by frequency.
    public private(set) var rows: [Row] = []
    /// Occurrences of values beyond those that are listed.
    public private(set) var furtherValues = 0

    /// Whether the mapping would not run as it is.
    public var hasFaults: Bool { rows.contains(where: \.isFault) }

    /// Holds a mapping against what was found in a source and what a destination can hold; either may be unknown.
    ///
    /// - Parameters:
    ///   - mapping: The mapping.
    ///   - coverage: What a pass over the source used; `nil` without a source.
    ///   - destination: The platform that records go to; `nil` without one.
    ///   - people: Agents and teams that the destination has, where it could be asked.
    public init(
        _ mapping: Mapping, coverage: MappingCoverage?, destination: Platform?, people: DestinationPeople = .unknown
    ) {
        if let destination {
            for written in mapping.writtenValues {
                guard let fate = Self.fate(of: written.value, written.kind, at: destination), fate != .whole else {
                    continue
                }
                rows.append(Self.unholdable(written, fate, destination))
            }
        }
        for finding in mapping.compiled(for: people).findings {
            rows.append(
                Row(
                    kind: .absent, place: finding.place, subject: finding.code, value: nil, count: nil,
                    summary: finding.summary + (finding.hint.map { "; " + $0 } ?? ""), nearest: nil))
        }
        guard let coverage else { return }
        let compiled = mapping.compiled()
        let refused = coverage.unruledValues.filter { compiled.refusesUnmatched($0.kind) }
        rows.insert(contentsOf: refused.map(Self.refused), at: rows.count { $0.isFault })
        rows += compiled.unfitValues(coverage).map(Self.unfit)
        for rule in compiled.unusedRules(coverage) {
            rows.append(
                Row(
                    kind: .unused, place: rule.place, subject: rule.path, value: nil, count: nil,
                    summary: "nothing in the source uses '\(rule.path)'", nearest: nil))
        }
        for value in coverage.unruledValues where !compiled.refusesUnmatched(value.kind) {
            rows.append(Self.unmapped(value, destination, fallback: compiled.fallbackWords(for: value.kind)))
        }
        furtherValues = coverage.furtherValues
    }

    private static func unholdable(_ written: WrittenValue, _ fate: Holding, _ destination: Platform) -> Row {
        let title = destination.connector.title
        let held = held(written.kind, at: destination)
        var summary = "\(title) cannot hold the \(written.kind.rawValue) '\(written.value)' of '\(written.rule.path)'"
        var nearest: String?
        switch fate {
        case .becomes(let name):
            summary += " and would write '\(name)'"
            nearest = name
        case .dropped, .whole: summary += " and would drop it"
        }
        summary +=
            held.isEmpty
            ? "; it has no \(written.kind.noun) at all"
            : "; expected one of " + held.map { "'\($0)'" }.joined(separator: ", ")
        return Row(
            kind: .unholdable, place: written.rule.place, subject: written.rule.path, value: written.value, count: nil,
            summary: summary, nearest: nearest)
    }

    private static func refused(_ value: UnruledValue) -> Row {
        Row(
            kind: .refused, place: nil, subject: value.kind.rawValue, value: value.value, count: value.count,
            summary: "\(value.kind) '\(value.value)' has no match (\(DraftText.count(value.count, "time"))), "
                + "and the fallback 'error' ends the run", nearest: nil)
    }

    private static func unfit(_ values: UnfitValues) -> Row {
        Row(
            kind: .unfit, place: values.rule.place, subject: values.rule.path, value: nil, count: values.count,
            summary: "'\(values.rule.path)' leaves out \(DraftText.count(values.count, "value")): \(values.reason) "
                + "(first: \(values.record))", nearest: nil)
    }

    private static func unmapped(_ value: UnruledValue, _ destination: Platform?, fallback: String?) -> Row {
        var summary = "\(value.kind) '\(value.value)' has no rule (\(DraftText.count(value.count, "time")))"
        var nearest: String?
        let fate = destination.flatMap { destination in
            WrittenValue.Kind(rawValue: value.kind.rawValue).flatMap { Self.fate(of: value.value, $0, at: destination) }
        }
        switch fate {
        case .becomes(let name):
            summary += "; \(destination?.connector.title ?? "the destination") writes it as '\(name)'"
            nearest = name
        case .dropped: summary += "; \(destination?.connector.title ?? "the destination") drops it"
        case .whole, nil: summary += "; " + (fallback ?? "it stays as it is")
        }
        return Row(
            kind: .unmapped, place: nil, subject: value.kind.rawValue, value: value.value, count: value.count,
            summary: summary, nearest: nearest)
    }

    /// What becomes of a neutral name at the destination; `nil` when it is no neutral name of its kind.
    private static func fate(of value: String, _ kind: WrittenValue.Kind, at destination: Platform) -> Holding? {
        switch kind {
        case .status: Status(rawValue: value).map(destination.holding(of:))
        case .priority: Priority(rawValue: value).map(destination.holding(of:))
        case .channel: Channel(rawValue: value).map(destination.holding(of:))
        case .role: Agent.Role(rawValue: value).map(destination.holding(of:))
        case .tag: destination.holdsTags ? .whole : .dropped
        case .conversationField: fate(ofField: value, .conversation, at: destination)
        case .contactField: fate(ofField: value, .contact, at: destination)
        case .companyField: fate(ofField: value, .company, at: destination)
        }
    }

    /// Platforms whose files define no fields take values of any type.
    private static func fate(ofField type: String, _ entity: Entity, at destination: Platform) -> Holding? {
        guard let type = FieldDefinition.Kind(rawValue: type) else { return nil }
        guard destination.holdsFields(on: entity) else { return .dropped }
        let fate = destination.holding(of: type, on: entity)
        return fate == .dropped ? .whole : fate
    }

    private static func held(_ kind: WrittenValue.Kind, at destination: Platform) -> [String] {
        switch kind {
        case .status: destination.statuses.map(\.rawValue)
        case .priority: destination.priorities.map(\.rawValue)
        case .channel: Channel.allCases.filter { destination.holding(of: $0) == .whole }.map(\.rawValue)
        case .role: Agent.Role.allCases.filter { destination.holding(of: $0) == .whole }.map(\.rawValue)
        case .tag: []
        case .conversationField: types(of: .conversation, at: destination)
        case .contactField: types(of: .contact, at: destination)
        case .companyField: types(of: .company, at: destination)
        }
    }

    private static func types(of entity: Entity, at destination: Platform) -> [String] {
        guard destination.holdsFields(on: entity) else { return [] }
        return FieldDefinition.Kind.allCases.filter {
            $0 != .other && destination.holding(of: $0, on: entity) == .whole
        }
        .map(\.rawValue)
    }
}

extension WrittenValue.Kind {
    /// What a platform may have none of.
    fileprivate var noun: String {
        switch self {
        case .conversationField: "custom field of conversations"
        case .contactField: "custom field of contacts"
        case .companyField: "custom field of companies"
        default: rawValue
        }
    }
}
