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
        channel?.apply(toChannelsOf: &conversation.timeline, record: id, &losses, &coverage)
        for index in conversation.timeline.indices {
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
        var lossClass = LossClass.converted
    }

    private let kind: UnruledValue.Kind
    /// Few enough to be gone through; hashing a value would hash its name.
    private var rows: [(source: Value, row: Row)] = []
    private var other: Row?

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
            if let source { rows.append((source, row)) } else { other = row }
        }
        // Reaching a target that more than one value ends in loses a distinction.
        let targets = Value.allCases.map { row(of: $0)?.target ?? $0 }
        func lossClass(of target: Value) -> LossClass {
            targets.count { $0 == target } > 1 ? .narrowed : .converted
        }
        for index in rows.indices { rows[index].row.lossClass = lossClass(of: rows[index].row.target) }
        if let target = other?.target { other?.lossClass = lossClass(of: target) }
    }

    private func row(of value: Value) -> Row? { rows.first { $0.source == value }?.row ?? other }

    func written(as kind: WrittenValue.Kind) -> [SectionValue] {
        (rows.map(\.row) + (other.map { [$0] } ?? [])).map {
            SectionValue(kind: kind, value: $0.target.rawValue, rule: $0.rule)
        }
    }

    func apply(
        to value: inout Value?, _ field: String, record: String, _ losses: inout LossTally,
        _ coverage: inout MappingCoverage
    ) {
        guard let source = value else { return }
        let row = row(of: source)
        if let row { value = row.target }
        note(source, row, field, record: record, count: 1, &losses, &coverage)
    }

    private func note(
        _ source: Value, _ row: Row?, _ field: String, record: String, count: Int, _ losses: inout LossTally,
        _ coverage: inout MappingCoverage
    ) {
        guard let row else { return coverage.noteUnruled(kind, source.rawValue, count: count) }
        coverage.noteUse(of: row.rule, count: count)
        guard row.target != source else { return }
        losses.add(
            .conversation, field, row.lossClass, record: record, count: count,
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

extension ValueTable<Channel> {
    /// Looks a channel up once for all entries in a row that have it, as most of a thread do.
    func apply(
        toChannelsOf entries: inout [Entry], record: String, _ losses: inout LossTally,
        _ coverage: inout MappingCoverage
    ) {
        var (last, lastRow, count): (Channel?, Row?, Int) = (nil, nil, 0)
        func noteLast(_ losses: inout LossTally, _ coverage: inout MappingCoverage) {
            guard let last else { return }
            note(last, lastRow, "timeline.channel", record: record, count: count, &losses, &coverage)
        }
        for index in entries.indices {
            guard let source = entries[index].channel else { continue }
            if source != last {
                noteLast(&losses, &coverage)
                (last, lastRow, count) = (source, row(of: source), 0)
            }
            count += 1
            if let lastRow, lastRow.target != source { entries[index].channel = lastRow.target }
        }
        noteLast(&losses, &coverage)
    }
}
