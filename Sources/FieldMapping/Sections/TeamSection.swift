import ConversationModel
import Diagnostics

/// `teams`: which team of the destination stands for which of the source.
struct TeamSection: MappingSection {
    static let name = "teams"
    static let keys = ["match", "file", "fallback", "by_name"]
    static let targetKeys = ["id", "name", "action"]

    private(set) var rules: [PeopleRule] = []
    private(set) var fallback = PeopleFallback.keep
    private(set) var byName = true

    init(_ node: JSON5Node, _ reader: inout NodeReader) {
        let members = reader.members(node, Self.name, keys: Self.keys)
        fallback =
            members["fallback"].flatMap { PeopleFallback($0, "teams.fallback", ofAgents: false, &reader) } ?? .keep
        byName = members["by_name"].flatMap { reader.flag($0, "teams.by_name") } ?? true
        for member in members["match"].flatMap({ reader.anyMembers($0, "teams.match") }) ?? [] {
            let path = "teams.match.\(member.key)"
            guard let target = Self.target(member.node, path, &reader) else { continue }
            if let same = rules.first(where: { $0.label == member.key.lowercased() }) {
                reader.fault(
                    member.keyMark, "team '\(member.key)' is named twice, first in line \(same.mark.line)",
                    expected: "it once; upper and lower case are the same")
                continue
            }
            rules.append(
                PeopleRule(
                    id: member.key, label: member.key.lowercased(), target: target,
                    rule: reader.rule(path, at: member.keyMark), mark: member.keyMark, path: path))
        }
        guard let file = members["file"], let (name, bytes) = reader.file(file, "teams.file") else { return }
        var seen = SeenPeople(what: "team")
        for row in PeopleTable.read(bytes, file: name, label: "name", &reader) {
            let target: PeopleTarget =
                switch row.action {
                case .map: .either(row.target)
                case .keep, .placeholder: .keep
                case .unassigned: .unassigned
                case .fallback: .fallback
                }
            let path = "teams.file line \(row.mark.line)"
            let rule = PeopleRule(
                id: row.id.isEmpty ? nil : row.id, label: row.name.isEmpty ? nil : row.name.lowercased(),
                target: target, rule: reader.rule(path, at: row.mark), mark: row.mark, path: path)
            reader.attached.append("teams " + row.canonicalText)
            if seen.isNew(rule, &reader) { rules.append(rule) }
        }
    }

    /// `"Finance"`, `{id: "77"}`, `{name: "Finance"}` or `{action: "keep"}`.
    ///
    /// A plain text is a name, or an id where the destination knows it as one.
    private static func target(_ node: JSON5Node, _ path: String, _ reader: inout NodeReader) -> PeopleTarget? {
        guard case .object = node.value else { return reader.text(node, path).map(PeopleTarget.either) }
        let count = reader.faults.count
        let members = reader.members(node, path, keys: targetKeys)
        guard reader.faults.count == count else { return nil }
        guard members.count == 1 else {
            reader.fault(
                node.mark, "'\(path)' has \(members.isEmpty ? "no target" : "more than one target")",
                expected: "one of 'id', 'name' and 'action'")
            return nil
        }
        if let node = members["id"] { return reader.text(node, path + ".id").map(PeopleTarget.id) }
        if let node = members["name"] { return reader.text(node, path + ".name").map(PeopleTarget.label) }
        return members["action"].flatMap { reader.word($0, path + ".action", as: TeamAction.self) }?.target
    }

    func resolver(for destination: DestinationPeople) -> PeopleResolver {
        PeopleResolver(rules: rules, fallback: fallback, automatic: byName, destination: destination.teams)
    }
}
