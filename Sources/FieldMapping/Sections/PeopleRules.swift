import ConversationModel
import Diagnostics

/// What a rule makes of an agent or team.
enum PeopleTarget: Sendable, Equatable {
    /// The destination's id.
    case id(String)
    /// The destination's label: an agent's e-mail, a team's name.
    case label(String)
    /// A label or an id, whichever the destination knows.
    case either(String)
    case keep, placeholder, unassigned, fallback
}

/// One rule about an agent or team of the source.
struct PeopleRule: Sendable {
    /// The source's id; `nil` when the label alone is known.
    var id: String?
    /// The source's label in lower case.
    var label: String?
    let target: PeopleTarget
    /// The time for which it holds; open where a bound is absent.
    var period = Period()
    let rule: Int
    let mark: SourceMark
    let path: String
}

/// A stretch of time from its beginning, inclusive, to its end, exclusive.
struct Period: Sendable, Equatable {
    var since: Instant?
    var until: Instant?

    var isOpen: Bool { since == nil && until == nil }

    func contains(_ time: Instant) -> Bool {
        (since.map { $0 <= time } ?? true) && (until.map { time < $0 } ?? true)
    }

    func overlaps(_ other: Period) -> Bool {
        func endsBefore(_ a: Period, _ b: Period) -> Bool {
            guard let until = a.until, let since = b.since else { return false }
            return until <= since
        }
        return !endsBefore(self, other) && !endsBefore(other, self)
    }

    /// Reads `since` and `until` of a rule; a period without a moment in it is a fault.
    init(_ members: [String: JSON5Node], _ what: String, _ reader: inout NodeReader) {
        since = members["since"].flatMap { reader.instant($0, what + ".since") }
        until = members["until"].flatMap { reader.instant($0, what + ".until") }
        if let since, let until, since >= until, let node = members["until"] {
            reader.fault(node.mark, "'\(what).until' is not after its 'since'", expected: "a later date than \(since)")
        }
    }

    init(since: Instant? = nil, until: Instant? = nil) {
        self.since = since
        self.until = until
    }
}

/// What becomes of agents or teams that no rule names.
enum PeopleFallback: Sendable, Equatable {
    case keep, placeholder, unassigned, error
    case id(String)

    private enum AgentWord: String, CaseIterable {
        case keep, placeholder, unassigned, error
    }

    private enum TeamWord: String, CaseIterable {
        case keep, unassigned, error
    }

    /// What it does to somebody, as a person reads it.
    var words: String {
        switch self {
        case .keep: "it stays as it is"
        case .placeholder: "it stays as a placeholder"
        case .unassigned: "it does not go along"
        case .error: "the run ends"
        case .id(let id): "'\(id)' stands in"
        }
    }

    /// `"keep"`, `"placeholder"` (agents only), `"unassigned"`, `"error"` or `{id: "77"}`.
    init?(_ node: JSON5Node, _ what: String, ofAgents: Bool, _ reader: inout NodeReader) {
        if case .object = node.value {
            guard let idNode = reader.members(node, what, keys: ["id"])["id"] else {
                reader.fault(node.mark, "'\(what)' names no id", expected: "{id: \"...\"}")
                return nil
            }
            guard let id = reader.text(idNode, what + ".id") else { return nil }
            self = .id(id)
            return
        }
        let word =
            ofAgents
            ? reader.word(node, what, as: AgentWord.self)
            : reader.word(node, what, as: TeamWord.self).flatMap { AgentWord(rawValue: $0.rawValue) }
        guard let word else { return nil }
        self =
            switch word {
            case .keep: .keep
            case .placeholder: .placeholder
            case .unassigned: .unassigned
            case .error: .error
            }
    }
}

/// The actions that a rule about an agent can name instead of a target.
enum AgentAction: String, CaseIterable {
    case keep, placeholder, unassigned, fallback

    var target: PeopleTarget {
        switch self {
        case .keep: .keep
        case .placeholder: .placeholder
        case .unassigned: .unassigned
        case .fallback: .fallback
        }
    }
}

/// The actions that a rule about a team can name instead of a target.
enum TeamAction: String, CaseIterable {
    case keep, unassigned, fallback

    var target: PeopleTarget {
        switch self {
        case .keep: .keep
        case .unassigned: .unassigned
        case .fallback: .fallback
        }
    }
}

/// Whose entries begin with the name of the agent who wrote them, because they stand under another one's.
enum Byline: String, CaseIterable, Sendable {
    /// Entries that the fallback's agent stands in for.
    case fallback
    /// Those, and entries of agents who share a target with others.
    case shared
    /// None.
    case none
}

/// What becomes of one agent or team.
struct PeopleAnswer: Sendable {
    enum Outcome: Sendable, Equatable {
        /// Takes this id, and this e-mail or name where the destination told it.
        case place(id: String, label: String?)
        /// Takes this e-mail or name and keeps its id, because the destination's ids are not known.
        case label(String)
        /// Stays under its own name and cannot sign in.
        case placeholder
        case keep, unassigned
    }

    let outcome: Outcome
    /// The rule that said so; `nil` when none did.
    var rule: Int?
    var lossClass = LossClass.converted
    /// Whether neither a rule nor the destination knew the person.
    var isUnmatched = false
    /// Whether somebody stands in for a person who has no place of their own.
    var isStandIn = false
}

/// Answers for all agents, or all teams: rules first, then equal labels at the destination, then the fallback.
struct PeopleResolver: Sendable {
    private var byID = NameTable<PeopleAnswer>()
    private var byLabel = NameTable<PeopleAnswer>()
    /// Answers that hold for a time, in the order of time.
    private var datedByID: [String: [(period: Period, answer: PeopleAnswer)]] = [:]
    private var datedByLabel: [String: [(period: Period, answer: PeopleAnswer)]] = [:]
    /// Whether an answer depends on the time.
    var hasPeriods: Bool { !datedByID.isEmpty || !datedByLabel.isEmpty }
    private let automatic: Bool
    private let destination: DestinationPeople.Directory
    private let unmatched: PeopleAnswer
    /// What becomes of an agent or team without an answer.
    let fallback: PeopleFallback
    /// When the body of an entry says who wrote it.
    let byline: Byline
    private(set) var findings: [Finding] = []

    init(
        rules: [PeopleRule], fallback: PeopleFallback, automatic: Bool, destination: DestinationPeople.Directory,
        byline: Byline = .none
    ) {
        self.byline = byline
        self.automatic = automatic && destination.isKnown
        self.destination = destination
        self.fallback = fallback
        let outcome: PeopleAnswer.Outcome =
            switch fallback {
            case .keep, .error: .keep
            case .placeholder: .placeholder
            case .unassigned: .unassigned
            case .id(let id): .place(id: id, label: destination.label(of: id))
            }
        let standsIn = if case .id = fallback { true } else { false }
        unmatched = PeopleAnswer(outcome: outcome, lossClass: .narrowed, isUnmatched: true, isStandIn: standsIn)
        var answers = rules.map { answer(to: $0) }
        var uses: [String: Int] = [:]
        func key(_ answer: PeopleAnswer) -> String? {
            switch answer.outcome {
            case .place(let id, _): "i" + id
            case .label(let label): "l" + label.lowercased()
            default: nil
            }
        }
        for answer in answers { if let key = key(answer) { uses[key, default: 0] += 1 } }
        for (index, rule) in rules.enumerated() {
            if let key = key(answers[index]), uses[key, default: 0] > 1 { answers[index].lossClass = .narrowed }
            guard rule.period.isOpen else {
                let dated = (period: rule.period, answer: answers[index])
                if let id = rule.id { datedByID[id, default: []].append(dated) }
                if rule.id == nil, let label = rule.label { datedByLabel[label, default: []].append(dated) }
                continue
            }
            if let id = rule.id, byID[id] == nil { byID.insert(answers[index], for: id) }
            if let label = rule.label, byLabel[label] == nil { byLabel.insert(answers[index], for: label) }
        }
        func inOrder(_ answers: [(period: Period, answer: PeopleAnswer)]) -> [(period: Period, answer: PeopleAnswer)] {
            answers.sorted { ($0.period.since?.microseconds ?? .min) < ($1.period.since?.microseconds ?? .min) }
        }
        datedByID = datedByID.mapValues(inOrder)
        datedByLabel = datedByLabel.mapValues(inOrder)
    }

    /// The answer for the time, or for a record without one the latest.
    private static func answer(
        at time: Instant?, in dated: [(period: Period, answer: PeopleAnswer)]?
    ) -> PeopleAnswer? {
        guard let dated else { return nil }
        guard let time else { return dated.last?.answer }
        return dated.first { $0.period.contains(time) }?.answer
    }

    private mutating func answer(to rule: PeopleRule) -> PeopleAnswer {
        switch rule.target {
        case .keep: return PeopleAnswer(outcome: .keep, rule: rule.rule)
        case .placeholder: return PeopleAnswer(outcome: .placeholder, rule: rule.rule)
        case .unassigned: return PeopleAnswer(outcome: .unassigned, rule: rule.rule)
        case .fallback:
            return PeopleAnswer(
                outcome: unmatched.outcome, rule: rule.rule, lossClass: .narrowed, isStandIn: unmatched.isStandIn)
        case .id(let id):
            if destination.isKnown, !destination.hasID(id) { noteAbsent(rule) }
            return PeopleAnswer(outcome: .place(id: id, label: destination.label(of: id)), rule: rule.rule)
        case .label(let label), .either(let label):
            guard destination.isKnown else { return PeopleAnswer(outcome: .label(label), rule: rule.rule) }
            if let id = destination.id(of: label) {
                return PeopleAnswer(outcome: .place(id: id, label: destination.label(of: id)), rule: rule.rule)
            }
            if rule.target == .either(label), destination.hasID(label) {
                return PeopleAnswer(outcome: .place(id: label, label: destination.label(of: label)), rule: rule.rule)
            }
            noteAbsent(rule)
            var answer = unmatched
            answer.rule = rule.rule
            return answer
        }
    }

    private mutating func noteAbsent(_ rule: PeopleRule) {
        findings.append(
            Finding(
                "mapping/target-absent", place: rule.mark.place,
                summary: "target of '\(rule.path)' is not at the destination",
                hint: "create it there first, or correct the rule"))
    }

    /// What becomes of the agent or team with this id, or with this label when the id says nothing.
    ///
    /// - Parameters:
    ///   - id: The source's id.
    ///   - label: The agent's e-mail or the team's name, where the record says it.
    ///   - labels: E-mails or names by the source's ids.
    ///   - time: When it happened; `nil` for records that have no time.
    /// - Returns: The answer of the rule that holds, of the destination, or of the fallback.
    func answer(id: String?, label: String?, labels: NameTable<String> = NameTable(), at time: Instant? = nil)
        -> PeopleAnswer
    {
        if let id {
            if !datedByID.isEmpty, let answer = Self.answer(at: time, in: datedByID[id]) { return answer }
            if let answer = byID[id] { return answer }
        }
        guard automatic || !byLabel.isEmpty || !datedByLabel.isEmpty,
            let label = label ?? id.flatMap({ labels[$0] })
        else { return unmatched }
        let key = label.isLowerASCII ? label : label.lowercased()
        if !datedByLabel.isEmpty, let answer = Self.answer(at: time, in: datedByLabel[key]) { return answer }
        if let answer = byLabel[key] { return answer }
        guard automatic, let id = destination.id(of: key) else { return unmatched }
        return PeopleAnswer(outcome: .place(id: id, label: destination.label(of: id)))
    }
}

extension String {
    /// Whether it surely stays as it is in lower case.
    fileprivate var isLowerASCII: Bool { utf8.allSatisfy { $0 < 0x80 && !(0x41...0x5A).contains($0) } }
}
