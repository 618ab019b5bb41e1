internal import ConnectorKit
internal import ConversationModel
internal import Diagnostics

extension MappingDraft {
    // MARK: Tags

    func writeTags(_ text: inout DraftText) {
        var counts = inventory.tags
        for (tag, count) in inventory.contactTags { counts[tag, default: 0] += count }
        guard !counts.isEmpty else {
            text.comment("The source has no tags.", indent: 2)
            return text.line()
        }
        guard destination.holdsTags else {
            text.comment(
                "\(title) holds no tags; \(DraftText.count(counts.count, "tag")) are dropped and counted in the report.",
                indent: 2)
            return text.line()
        }
        text.comment(
            "What a tag becomes; move a name to 'drop' and it stays behind. 'add' gives one to all.", indent: 2)
        let common = Self.commonSpellings(counts)
        var lines: [DraftLine] = []
        for (tag, count) in counts.sorted(by: { ($0.value, $1.key) > ($1.value, $0.key) }) {
            guard !tag.isEmpty, tag.contains(where: { !$0.isWhitespace }), !tag.contains("*") else {
                lines.append(.note("\(DraftText.quoted(tag)): \(count), kept; a rule cannot name it."))
                continue
            }
            let quoted = DraftText.quoted(tag)
            var reason = uses(of: tag)
            if let twin = common[tag] {
                reason += "; like \(DraftText.quoted(twin)) but for case or blanks: name that to join them"
            }
            lines.append(DraftLine("\(quoted): \(quoted),", reason))
        }
        guard lines.contains(where: { !$0.code.isEmpty }) else {
            text.lines(lines, indent: 2)
            return text.line()
        }
        text.line("  tags: {")
        text.object("rename", lines, indent: 4)
        text.comment("drop: [\"...\"],", indent: 4)
        text.comment("add: [\"migrated\"],", indent: 4)
        text.line("  },")
        text.line()
    }

    private func uses(of tag: String) -> String {
        [(inventory.tags[tag], "conversation"), (inventory.contactTags[tag], "contact")]
            .compactMap { count, noun in count.map { DraftText.count($0, noun) } }.joined(separator: ", ")
    }

    /// For each tag that is like another one but for case and blanks, the spelling that occurs most.
    private static func commonSpellings(_ counts: [String: Int]) -> [String: String] {
        var groups: [String: [String]] = [:]
        for tag in counts.keys {
            let plain = tag.lowercased().filter { !$0.isWhitespace && $0 != "-" && $0 != "_" }
            groups[plain, default: []].append(tag)
        }
        var common: [String: String] = [:]
        for group in groups.values where group.count > 1 {
            guard let most = group.max(by: { (counts[$0] ?? 0, $1) < (counts[$1] ?? 0, $0) }) else { continue }
            for tag in group where tag != most { common[tag] = most }
        }
        return common
    }

    // MARK: Teams

    func writeTeams(_ text: inout DraftText) {
        guard !inventory.teams.isEmpty else {
            text.comment("The source has no teams.", indent: 2)
            return text.line()
        }
        if !destination.holdsTeams, !destination.writes.contains(.team) {
            let count = DraftText.count(inventory.teams.count, "team")
            text.comment("\(title) holds no teams; \(count) are dropped and counted in the report.", indent: 2)
            return text.line()
        }
        text.comment(
            "Which team stands for which: a name, { id: \"...\" }, or an action: keep, unassigned, fallback.", indent: 2
        )
        var byName: [String: Team] = [:]
        for team in people?.teams ?? [] {
            if let name = team.name?.lowercased() { byName[name] = byName[name] ?? team }
        }
        var lines: [DraftLine] = []
        var taken: Set<String> = []
        for (id, use) in inventory.teams.sorted(by: {
            ($0.value.conversations, $1.key) > ($1.value.conversations, $0.key)
        }) {
            // Keys are compared without case, so an id that is another's but for case cannot have a row of its own.
            guard !id.isEmpty, taken.insert(id.lowercased()).inserted else {
                lines.append(.note("\(DraftText.quoted(id)): kept; a rule cannot tell it from another one."))
                continue
            }
            let name = use.name.map { DraftText.short($0) } ?? (use.isDescribed ? "without a name" : "no record")
            let count = DraftText.count(use.conversations, "conversation")
            if let twin = use.name.flatMap({ byName[$0.lowercased()] }) {
                lines.append(
                    DraftLine(
                        "\(DraftText.quoted(id)): { id: \(DraftText.quoted(twin.id)) },",
                        "\(name): \(count); same name at the destination"))
            } else {
                let reason = people == nil ? "keeps its id and name" : "no team of this name at the destination"
                lines.append(
                    DraftLine("\(DraftText.quoted(id)): { action: \"keep\" },", "\(name): \(count); \(reason)"))
            }
        }
        text.line("  teams: {")
        text.object("match", lines, indent: 4)
        text.line("  },")
        text.line()
    }

    // MARK: Agents

    func writeAgents(_ text: inout DraftText) {
        guard !inventory.agents.isEmpty else {
            text.comment("The source has no agents.", indent: 2)
            return text.line()
        }
        text.comment(
            "Who answers for whom: 'to' (id), 'to_email', or an action: keep, placeholder, unassigned, fallback.",
            indent: 2)
        if let agentsFile {
            text.comment(
                "The file has every agent with evidence; fill in its columns 'target' and 'action'.", indent: 2)
            text.line("  agents: {")
            text.line("    file: \(DraftText.quoted(agentsFile)),")
            text.line("    fallback: \"keep\",")
            text.line("  },")
            return text.line()
        }
        let suggestions = AgentSuggestion.all(for: inventory, destination: people?.agents)
        let uses = inventory.agents.values.sorted { ($0.messages, $1.agent.id) > ($1.messages, $0.agent.id) }
        let lines = uses.compactMap { use -> DraftLine? in
            guard use.agent.id.contains(where: { !$0.isWhitespace }), let suggestion = suggestions[use.agent.id] else {
                return nil
            }
            let target =
                suggestion.target.map { "to: \(DraftText.quoted($0))" } ?? "action: \"\(suggestion.action)\""
            let name = DraftText.short(use.agent.name ?? "no name", 40)
            let evidence =
                "\(DraftText.count(use.messages, "entry")), \(DraftText.count(use.conversations, "conversation"))"
            return DraftLine(
                "{ from: \(DraftText.quoted(use.agent.id)), \(target) },", "\(name): \(evidence); \(suggestion.reason)")
        }
        text.line("  agents: {")
        text.line("    match: [")
        text.lines(lines, indent: 6)
        text.line("    ],")
        text.line("    fallback: \"keep\",")
        text.line("  },")
        text.line()
    }

    // MARK: Fields

    func writeFields(_ text: inout DraftText) {
        guard !inventory.customFields.isEmpty else {
            text.comment("The source has no custom fields.", indent: 2)
            return text.line()
        }
        text.comment(
            "What becomes of a custom field: a new key, or { to, as, values, drop: \"reason\", ... }.", indent: 2)
        let fields = inventory.customFields.sorted { $0.key < $1.key }
        let held = [Entity.conversation, .contact, .company].filter { destination.holdsFields(on: $0) }
        let tables = held.map { entity in
            (entity, fields.filter { $0.key.entity == entity && $0.value.mentions > 0 }.map(row))
        }.filter { $0.1.contains { !$0.code.isEmpty } }
        if !tables.isEmpty {
            text.line("  fields: {")
            for (entity, lines) in tables { text.object(entity.rawValue, lines, indent: 4) }
            text.line("  },")
        }
        let homeless = fields.filter { !held.contains($0.key.entity) && $0.value.records > 0 }
        if !homeless.isEmpty {
            text.comment("\(title) has no place for these; they are dropped and counted in the report:", indent: 2)
            for (key, use) in homeless {
                text.comment("  \(key.entity.rawValue) \(DraftText.quoted(key.key)): \(describe(key, use))", indent: 2)
            }
        }
        let unused = fields.filter { $0.value.mentions == 0 }.map { key, use in
            use.definition?.label.map { "\(DraftText.short(key.key)) (\(DraftText.short($0)))" }
                ?? DraftText.short(key.key)
        }
        if !unused.isEmpty {
            text.comment("Defined and used by no record: " + unused.joined(separator: ", "), indent: 2)
        }
        text.line()
    }

    private func row(_ key: FieldUse.Key, _ use: FieldUse) -> DraftLine {
        let quoted = DraftText.quoted(key.key)
        guard key.key.contains(where: { !$0.isWhitespace }), key.key != "*" else {
            return .note("\(quoted): \(describe(key, use)); kept, as a rule cannot name it.")
        }
        let fate = destination.holding(of: use.type, on: key.entity)
        guard use.type == .multiChoice, use.lists > 0, case .becomes(let type) = fate, type != "multi_choice" else {
            var reason = describe(key, use)
            if case .becomes(let type) = fate { reason += "; \(title) makes it \(type)" }
            return DraftLine("\(quoted): \(quoted),", reason)
        }
        return DraftLine(
            "\(quoted): { as: \"text\", separator: \"; \" },",
            describe(key, use) + "; \(title) has room for one choice, a text has it for all")
    }

    /// A field in one line: label, type, use and values.
    func describe(_ key: FieldUse.Key, _ use: FieldUse) -> String {
        var line = ""
        if let label = use.definition?.label, label != key.key { line += DraftText.short(label) + ", " }
        line += "\(use.type.rawValue): " + DraftText.count(use.records, key.entity.rawValue)
        if use.records == 0 { line += " (\(DraftText.grouped(use.mentions)) name it without a value)" }
        // Free text may be about people; words that come again and again are choices.
        let isClosed = [.choice, .multiChoice, .boolean].contains(use.type)
        if !use.values.isEmpty, !use.hasMore, isClosed || use.values.count * 2 <= use.records {
            let values = use.values.sorted { ($0.value, $1.key) > ($1.value, $0.key) }
            line +=
                "; " + values.prefix(12).map { "\(DraftText.short($0.key, 30)) \($0.value)" }.joined(separator: ", ")
            if values.count > 12 { line += " and \(values.count - 12) more" }
        }
        return line
    }

    // MARK: Defaults

    func writeDefaults(_ text: inout DraftText) {
        text.comment("Values for what the source leaves open; each is counted as invented.", indent: 2)
        let none = "(none)"
        let open = [
            ("status", inventory.statuses[none]), ("priority", inventory.priorities[none]),
            ("channel", inventory.channels[none]),
        ].compactMap { name, count in count.map { "\(name) of \(DraftText.count($0, "conversation"))" } }
        if !open.isEmpty { text.comment("Open are: " + open.joined(separator: ", ") + ".", indent: 2) }
        text.comment("defaults: { conversation: { priority: \"normal\" } },", indent: 2)
    }
}
