import ConversationModel

/// `tags`: renames, drops, adds; rules look at a tag as the source writes it.
struct TagSection: MappingSection {
    static let name = "tags"
    static let keys = ["rename", "drop", "add", "case"]

    enum Letters: String, CaseIterable {
        case keep, lower
    }

    private struct Row: Sendable {
        /// The new name; `nil` drops the tag.
        let target: String?
        let rule: Int
        let key: String
    }

    private var rows = NameTable<Row>()
    private var patterns: [(pattern: NamePattern, row: Row)] = []
    /// Targets that more than one rule ends in.
    private var crowded: Set<String> = []
    private var added: [(tag: String, rule: Int)] = []
    private var letters = Letters.keep

    init(_ node: JSON5Node, _ reader: inout NodeReader) {
        let members = reader.members(node, Self.name, keys: Self.keys)
        letters = members["case"].flatMap { reader.word($0, "tags.case") } ?? .keep
        var marks: [String: SourceMark] = [:]
        for member in members["rename"].flatMap({ reader.anyMembers($0, "tags.rename") }) ?? [] {
            marks[member.key] = member.keyMark
            guard let target = reader.text(member.node, "tags.rename.\(member.key)") else { continue }
            guard !target.contains("*") else {
                reader.fault(member.node.mark, "'\(target)' holds a '*'", expected: "the new name, written out")
                continue
            }
            let rule = reader.rule("tags.rename.\(member.key)", at: member.keyMark)
            insert(Row(target: target, rule: rule, key: member.key))
        }
        for (text, mark) in members["drop"].flatMap({ reader.texts($0, "tags.drop") }) ?? [] {
            if let first = marks[text] {
                reader.fault(
                    mark, "'\(text)' is dropped here and renamed in line \(first.line)", expected: "one of the two")
                continue
            }
            insert(Row(target: nil, rule: reader.rule("tags.drop.\(text)", at: mark), key: text))
        }
        for (text, mark) in members["add"].flatMap({ reader.texts($0, "tags.add") }) ?? [] {
            added.append((text, reader.rule("tags.add.\(text)", at: mark)))
        }
        patterns.sort { NamePattern.isMoreExact($0.pattern, $1.pattern) }
        var seen: Set<String> = []
        for target in (rows.values.map(\.target) + patterns.map(\.row.target)).compactMap(\.self)
        where !seen.insert(target).inserted {
            crowded.insert(target)
        }
        crowded.formUnion(patterns.compactMap(\.row.target))
    }

    private mutating func insert(_ row: Row) {
        if let pattern = NamePattern(row.key) {
            patterns.append((pattern, row))
        } else {
            rows.insert(row, for: row.key)
        }
    }

    var written: [SectionValue] { added.map { SectionValue(kind: .tag, value: $0.tag, rule: $0.rule) } }

    private var hasRules: Bool { !rows.isEmpty || !patterns.isEmpty }

    private func row(for tag: String) -> Row? {
        rows[tag] ?? patterns.first { $0.pattern.matches(tag) }?.row
    }

    // MARK: Application

    func apply(to conversation: inout Conversation, _ losses: inout LossTally, _ coverage: inout MappingCoverage) {
        let id = conversation.id
        rewrite(&conversation.tags, .conversation, record: id, &losses, &coverage)
        for (tag, rule) in added where !conversation.tags.contains(tag) {
            coverage.noteUse(of: rule)
            conversation.tags.append(tag)
            losses.add(.conversation, "tags", .invented, record: id, detail: tag)
        }
        guard hasRules || letters == .lower else { return }
        for index in conversation.timeline.indices {
            switch conversation.timeline[index].kind {
            case .event(.tagAdded), .event(.tagRemoved):
                rewrite(&conversation.timeline[index].from, "timeline.from", record: id, &losses)
                rewrite(&conversation.timeline[index].to, "timeline.to", record: id, &losses)
            default: break
            }
        }
    }

    func apply(to contact: inout Contact, _ losses: inout LossTally, _ coverage: inout MappingCoverage) {
        rewrite(&contact.tags, .contact, record: contact.id, &losses, &coverage)
    }

    private func lowered(_ tag: String) -> String? {
        guard letters == .lower else { return nil }
        let lower = tag.lowercased()
        return lower == tag ? nil : lower
    }

    /// Copies the list only when something changes; a name that a rule makes appears once.
    private func rewrite(
        _ tags: inout [String], _ entity: Entity, record: String, _ losses: inout LossTally,
        _ coverage: inout MappingCoverage
    ) {
        guard hasRules || letters == .lower else { return }
        var output: [String]?
        var made: [String] = []
        for (index, tag) in tags.enumerated() {
            let row = row(for: tag)
            if let row { coverage.noteUse(of: row.rule) } else if hasRules { coverage.noteUnruled(.tag, tag) }
            let name = row.map(\.target) ?? lowered(tag) ?? tag
            guard name != tag || output != nil else { continue }
            if output == nil {
                output = []
                output?.reserveCapacity(tags.count + 2)
                output? += tags[..<index]
            }
            guard let name else {
                losses.add(entity, "tags", .dropped, record: record, detail: row?.key ?? "")
                continue
            }
            let isMerged = name == tag ? made.contains(name) : output?.contains(name) ?? false
            if name != tag {
                made.append(name)
                let narrows = isMerged || crowded.contains(name)
                losses.add(
                    entity, "tags", narrows ? .narrowed : .converted, record: record,
                    detail: row.map { "\($0.key) -> \(name)" } ?? "")
            } else if isMerged {
                losses.add(entity, "tags", .narrowed, record: record)
            }
            guard !isMerged else { continue }
            output?.append(name)
        }
        if let output { tags = output }
    }

    /// Renames the tag of an event; the event of a dropped tag stays, it happened.
    private func rewrite(_ value: inout JSONValue?, _ field: String, record: String, _ losses: inout LossTally) {
        guard case .string(let tag) = value else { return }
        let row = row(for: tag)
        guard let name = row.map({ $0.target ?? tag }) ?? lowered(tag), name != tag else { return }
        value = .string(name)
        losses.add(
            .conversation, field, crowded.contains(name) ? .narrowed : .converted, record: record,
            detail: row.map { "\($0.key) -> \(name)" } ?? "")
    }
}
