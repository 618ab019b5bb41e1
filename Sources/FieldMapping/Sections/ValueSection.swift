import ConversationModel

/// `values`: one neutral status, priority or channel for another.
struct ValueSection: MappingSection {
    static let name = "values"
    static let keys = ["status", "priority", "channel"]

    private(set) var status: ValueTable<Status>?
    private(set) var priority: ValueTable<Priority>?
    private(set) var channel: ValueTable<Channel>?

    init(_ node: JSON5Node, _ reader: inout NodeReader) {
        let members = reader.members(node, Self.name, keys: Self.keys)
        status = members["status"].flatMap { ValueTable($0, "values.status", .status, &reader) }
        priority = members["priority"].flatMap { ValueTable($0, "values.priority", .priority, &reader) }
        channel = members["channel"].flatMap { ValueTable($0, "values.channel", .channel, &reader) }
    }

    var written: [SectionValue] {
        (status?.written(as: .status) ?? []) + (priority?.written(as: .priority) ?? [])
            + (channel?.written(as: .channel) ?? [])
    }

    func apply(to conversation: inout Conversation, _ losses: inout LossTally, _ coverage: inout MappingCoverage) {
        let id = conversation.id
        if let status {
            status.apply(to: &conversation.status, "status", record: id, &losses, &coverage)
        }
        if let priority {
            priority.apply(to: &conversation.priority, "priority", record: id, &losses, &coverage)
        }
        if let channel {
            channel.apply(to: &conversation.channel, "channel", record: id, &losses, &coverage)
            for index in conversation.sessions.indices {
                channel.apply(
                    to: &conversation.sessions[index].channel, "sessions.channel", record: id, &losses, &coverage)
            }
        }
        for index in conversation.timeline.indices {
            if let channel, conversation.timeline[index].channel != nil {
                channel.apply(
                    to: &conversation.timeline[index].channel, "timeline.channel", record: id, &losses, &coverage)
            }
            switch conversation.timeline[index].kind {
            case .event(.status): status?.apply(toEvent: &conversation.timeline[index], record: id, &losses, &coverage)
            case .event(.priority):
                priority?.apply(toEvent: &conversation.timeline[index], record: id, &losses, &coverage)
            default: break
            }
        }
    }
}

/// Rows of one kind of value, and what happens to values without a row.
struct ValueTable<Value: RawRepresentable<String> & CaseIterable & Hashable & Sendable>: Sendable {
    struct Row: Sendable {
        let target: Value
        let rule: Int
    }

    private let kind: UnruledValue.Kind
    private var rows: [Value: Row] = [:]
    private var other: Row?
    /// Targets that more than one value ends in: reaching them loses a distinction.
    private var crowded: Set<Value> = []

    /// `{on_hold: "pending", "*": "open"}`.
    init?(_ node: JSON5Node, _ what: String, _ kind: UnruledValue.Kind, _ reader: inout NodeReader) {
        guard let members = reader.anyMembers(node, what) else { return nil }
        self.kind = kind
        let names = Value.allCases.map(\.rawValue)
        for member in members {
            let source = Value(rawValue: member.key)
            if source == nil, member.key != "*" {
                reader.unknown(
                    member.key, "'\(member.key)' is no value of '\(what)'", at: member.keyMark, among: names + ["*"])
            }
            guard let target: Value = reader.word(member.node, "\(what).\(member.key)") else { continue }
            let row = Row(target: target, rule: reader.rule("\(what).\(member.key)", at: member.keyMark))
            if let source { rows[source] = row } else { other = row }
        }
        var seen: Set<Value> = []
        for value in Value.allCases {
            let target = (rows[value] ?? other)?.target ?? value
            if !seen.insert(target).inserted { crowded.insert(target) }
        }
    }

    func written(as kind: WrittenValue.Kind) -> [SectionValue] {
        (Array(rows.values) + (other.map { [$0] } ?? [])).map {
            SectionValue(kind: kind, value: $0.target.rawValue, rule: $0.rule)
        }
    }

    private func lossClass(of row: Row) -> LossClass { crowded.contains(row.target) ? .narrowed : .converted }

    func apply(
        to value: inout Value?, _ field: String, record: String, _ losses: inout LossTally,
        _ coverage: inout MappingCoverage
    ) {
        guard let source = value else { return }
        guard let row = rows[source] ?? other else { return coverage.noteUnruled(kind, source.rawValue) }
        coverage.noteUse(of: row.rule)
        guard row.target != source else { return }
        value = row.target
        losses.add(
            .conversation, field, lossClass(of: row), record: record,
            detail: "\(source.rawValue) -> \(row.target.rawValue)")
    }

    /// History speaks the same words as the conversation: the values of an event go through the same table.
    func apply(
        toEvent entry: inout Entry, record: String, _ losses: inout LossTally, _ coverage: inout MappingCoverage
    ) {
        if case .string(let text) = entry.from, var value = Value(rawValue: text).map(Optional.some) {
            apply(to: &value, "timeline.from", record: record, &losses, &coverage)
            if let value, value.rawValue != text { entry.from = .string(value.rawValue) }
        }
        if case .string(let text) = entry.to, var value = Value(rawValue: text).map(Optional.some) {
            apply(to: &value, "timeline.to", record: record, &losses, &coverage)
            if let value, value.rawValue != text { entry.to = .string(value.rawValue) }
        }
    }
}
