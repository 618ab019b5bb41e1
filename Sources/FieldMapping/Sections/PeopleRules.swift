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
    case keep, unassigned, fallback
}

/// One rule about an agent or team of the source.
struct PeopleRule: Sendable {
    /// The source's id; `nil` when the label alone is known.
    var id: String?
    /// The source's label in lower case.
    var label: String?
    let target: PeopleTarget
    let rule: Int
    let mark: SourceMark
    let path: String
}

/// What becomes of agents or teams that no rule names.
enum PeopleFallback: Sendable, Equatable {
    case keep, unassigned, error
    case id(String)

    private enum Word: String, CaseIterable {
        case keep, unassigned, error
    }

    /// `"keep"`, `"unassigned"`, `"error"` or `{id: "77"}`.
    init?(_ node: JSON5Node, _ what: String, _ reader: inout NodeReader) {
        if case .object = node.value {
            guard let idNode = reader.members(node, what, keys: ["id"])["id"] else {
                reader.fault(node.mark, "'\(what)' names no id", expected: "{id: \"...\"}")
                return nil
            }
            guard let id = reader.text(idNode, what + ".id") else { return nil }
            self = .id(id)
            return
        }
        guard let word = reader.word(node, what, as: Word.self) else { return nil }
        self =
            switch word {
            case .keep: .keep
            case .unassigned: .unassigned
            case .error: .error
            }
    }
}

/// The actions that a rule inside the mapping can name instead of a target.
enum PeopleAction: String, CaseIterable {
    case keep, unassigned, fallback

    var target: PeopleTarget {
        switch self {
        case .keep: .keep
        case .unassigned: .unassigned
        case .fallback: .fallback
        }
    }
}

/// What becomes of one agent or team.
struct PeopleAnswer: Sendable {
    enum Outcome: Sendable, Equatable {
        /// Takes this id, and this e-mail or name where the destination told it.
        case place(id: String, label: String?)
        /// Takes this e-mail or name and keeps its id, because the destination's ids are not known.
        case label(String)
        case keep, unassigned
    }

    let outcome: Outcome
    /// The rule that said so; `nil` when none did.
    var rule: Int?
    var lossClass = LossClass.converted
    /// Whether neither a rule nor the destination knew the person.
    var isUnmatched = false
}

/// Answers for all agents, or all teams: rules first, then equal labels at the destination, then the fallback.
struct PeopleResolver: Sendable {
    private var byID: [String: PeopleAnswer] = [:]
    private var byLabel: [String: PeopleAnswer] = [:]
    private let automatic: Bool
    private let destination: DestinationPeople.Directory
    private let unmatched: PeopleAnswer
    /// Whether an agent or team without an answer ends the run.
    let refusesUnmatched: Bool
    private(set) var findings: [Finding] = []

    init(rules: [PeopleRule], fallback: PeopleFallback, automatic: Bool, destination: DestinationPeople.Directory) {
        self.automatic = automatic && destination.isKnown
        self.destination = destination
        refusesUnmatched = fallback == .error
        let outcome: PeopleAnswer.Outcome =
            switch fallback {
            case .keep, .error: .keep
            case .unassigned: .unassigned
            case .id(let id): .place(id: id, label: destination.label(of: id))
            }
        unmatched = PeopleAnswer(outcome: outcome, lossClass: .narrowed, isUnmatched: true)
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
            if let id = rule.id, byID[id] == nil { byID[id] = answers[index] }
            if let label = rule.label, byLabel[label] == nil { byLabel[label] = answers[index] }
        }
    }

    private mutating func answer(to rule: PeopleRule) -> PeopleAnswer {
        switch rule.target {
        case .keep: return PeopleAnswer(outcome: .keep, rule: rule.rule)
        case .unassigned: return PeopleAnswer(outcome: .unassigned, rule: rule.rule)
        case .fallback: return PeopleAnswer(outcome: unmatched.outcome, rule: rule.rule, lossClass: .narrowed)
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
    func answer(id: String?, label: String?, labels: [String: String]?) -> PeopleAnswer {
        if let id, let answer = byID[id] { return answer }
        guard automatic || !byLabel.isEmpty, let label = label ?? id.flatMap({ labels?[$0] }) else { return unmatched }
        let key = label.lowercased()
        if let answer = byLabel[key] { return answer }
        guard automatic, let id = destination.id(of: key) else { return unmatched }
        return PeopleAnswer(outcome: .place(id: id, label: destination.label(of: id)))
    }
}
