import ConversationModel
import Diagnostics

/// `agents`: who answers at the destination for whom at the source.
struct AgentSection: MappingSection {
    static let name = "agents"
    static let keys = ["match", "aliases", "file", "fallback", "by_email", "byline"]
    static let matchKeys = ["from", "email", "to", "to_email", "action", "since", "until"]

    private(set) var rules: [PeopleRule] = []
    private(set) var fallback = PeopleFallback.keep
    private(set) var byEmail = true
    private(set) var byline = Byline.fallback

    init(_ node: JSON5Node, _ reader: inout NodeReader) {
        let members = reader.members(node, Self.name, keys: Self.keys)
        fallback =
            members["fallback"].flatMap { PeopleFallback($0, "agents.fallback", ofAgents: true, &reader) } ?? .keep
        byEmail = members["by_email"].flatMap { reader.flag($0, "agents.by_email") } ?? true
        byline = members["byline"].flatMap { reader.word($0, "agents.byline") } ?? .fallback
        var seen = SeenPeople(what: "agent")
        for (index, node) in (members["match"].flatMap { reader.elements($0, "agents.match") } ?? []).enumerated() {
            if let rule = Self.rule(node, "agents.match[\(index)]", &reader), seen.isNew(rule, &reader) {
                rules.append(rule)
            }
        }
        for member in members["aliases"].flatMap({ reader.anyMembers($0, "agents.aliases") }) ?? [] {
            readAliases(member, &seen, &reader)
        }
        guard let file = members["file"], let (name, bytes) = reader.file(file, "agents.file") else { return }
        seen = SeenPeople(what: "agent")
        for row in PeopleTable.read(bytes, file: name, label: "email", &reader) {
            let target: PeopleTarget =
                switch row.action {
                case .map: row.target.contains("@") ? .label(row.target.lowercased()) : .id(row.target)
                case .keep: .keep
                case .placeholder: .placeholder
                case .unassigned: .unassigned
                case .fallback: .fallback
                }
            let path = "agents.file line \(row.mark.line)"
            let rule = PeopleRule(
                id: row.id.isEmpty ? nil : row.id, label: row.email.isEmpty ? nil : row.email, target: target,
                period: row.period, rule: reader.rule(path, at: row.mark), mark: row.mark, path: path)
            reader.attached.append("agents " + row.canonicalText)
            if seen.isNew(rule, &reader) { rules.append(rule) }
        }
    }

    /// `"ana@new.example": ["ana@old.example", "a.b@old.example"]`: addresses of one person.
    private mutating func readAliases(
        _ member: JSON5Node.Member, _ seen: inout SeenPeople, _ reader: inout NodeReader
    ) {
        let path = "agents.aliases"
        let name = JSON5Node(.string(member.key), at: member.keyMark)
        guard let target = Self.address(name, path, &reader),
            case .array(let nodes) = member.node.value, !nodes.isEmpty
        else {
            if case .array(let nodes) = member.node.value, !nodes.isEmpty { return }
            reader.fault(
                member.node.mark, "'\(path)' gives \(member.node.kind) for an address", expected: "a list of addresses")
            return
        }
        for node in nodes {
            guard let alias = Self.address(node, path, &reader) else { continue }
            let rule = PeopleRule(
                id: nil, label: alias, target: .label(target), rule: reader.rule(path, at: node.mark), mark: node.mark,
                path: path)
            if seen.isNew(rule, &reader) { rules.append(rule) }
        }
    }

    /// `{from: "7", to: "991001"}`: one of `from` and `email`, one of `to`, `to_email` and `action`.
    private static func rule(_ node: JSON5Node, _ path: String, _ reader: inout NodeReader) -> PeopleRule? {
        let count = reader.faults.count
        let members = reader.members(node, path, keys: matchKeys)
        guard reader.faults.count == count else { return nil }
        let from = ["from", "email"].filter { members[$0] != nil }
        let to = ["to", "to_email", "action"].filter { members[$0] != nil }
        if from.count != 1 {
            reader.fault(
                node.mark, "'\(path)' names \(from.isEmpty ? "no agent" : "an agent twice")",
                expected: "one of 'from' (id at the source) and 'email'")
        }
        if to.count != 1 {
            reader.fault(
                node.mark, "'\(path)' has \(to.isEmpty ? "no target" : "more than one target")",
                expected: "one of 'to' (id at the destination), 'to_email' and 'action'")
        }
        let id = members["from"].flatMap { reader.text($0, path + ".from") }
        let email = members["email"].flatMap { address($0, path + ".email", &reader) }
        var target: PeopleTarget?
        if let node = members["to"] { target = reader.text(node, path + ".to").map(PeopleTarget.id) }
        if let node = members["to_email"] {
            target = address(node, path + ".to_email", &reader).map(PeopleTarget.label)
        }
        if let node = members["action"] { target = reader.word(node, path + ".action", as: AgentAction.self)?.target }
        let period = Period(members, path, &reader)
        guard reader.faults.count == count, let target else { return nil }
        return PeopleRule(
            id: id, label: email, target: target, period: period, rule: reader.rule(path, at: node.mark),
            mark: node.mark, path: path)
    }

    private static func address(_ node: JSON5Node, _ what: String, _ reader: inout NodeReader) -> String? {
        guard let text = reader.text(node, what) else { return nil }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), !text.contains(where: \.isWhitespace) else {
            reader.fault(node.mark, "'\(what)' is no e-mail address", expected: "name@domain")
            return nil
        }
        return text.lowercased()
    }

    func resolver(for destination: DestinationPeople) -> PeopleResolver {
        PeopleResolver(
            rules: rules, fallback: fallback, automatic: byEmail, destination: destination.agents, byline: byline)
    }
}

/// Finds agents and teams that one list names twice.
struct SeenPeople {
    let what: String
    private typealias Sighting = (period: Period, line: Int)
    private var ids: [String: [Sighting]] = [:]
    private var labels: [String: [Sighting]] = [:]

    init(what: String) { self.what = what }

    mutating func isNew(_ rule: PeopleRule, _ reader: inout NodeReader) -> Bool {
        if let id = rule.id {
            if let twin = ids[id]?.first(where: { $0.period.overlaps(rule.period) }) {
                reader.fault(
                    rule.mark, "\(what) '\(id)' is named twice, first in line \(twin.line)",
                    expected: Self.once(twin.period, rule.period))
                return false
            }
            ids[id, default: []].append((rule.period, rule.mark.line))
        }
        // An address or name beside an id is evidence, and two people may share it.
        if rule.id == nil, let label = rule.label {
            if let twin = labels[label]?.first(where: { $0.period.overlaps(rule.period) }) {
                reader.fault(
                    rule.mark, "\(what) is named twice, first in line \(twin.line)",
                    expected: Self.once(twin.period, rule.period))
                return false
            }
            labels[label, default: []].append((rule.period, rule.mark.line))
        }
        return true
    }

    private static func once(_ a: Period, _ b: Period) -> String {
        a.isOpen && b.isOpen ? "it once" : "periods that do not overlap"
    }
}

extension PeopleRow {
    /// What the row decides, without evidence and layout.
    var canonicalText: String {
        let times = period.isOpen ? [] : [period.since, period.until].map { $0?.description ?? "" }
        return ([id, email, name, target, action.rawValue] + times).map(quotedJSON).joined(separator: ",")
    }
}
