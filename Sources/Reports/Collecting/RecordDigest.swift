internal import ConversationModel
internal import SyncEngine

/// What a worker makes of one record for the report.
struct RecordDigest: Sendable {
    let before: NeutralRecord
    let after: NeutralRecord?
    let title: String
    let createdAt: Instant?
    let entries: Int
    let changes: [FieldChange]
    let ugliness: Ugliness?

    init(_ passage: RecordPassage) {
        before = passage.before
        after = passage.after
        title = Self.line(passage.before.title)
        createdAt = Self.createdAt(passage.before)
        changes = Self.changes(passage)
        if case .conversation(let conversation) = passage.before {
            entries = conversation.timeline.count
            ugliness = Ugliness(conversation, passage.losses)
        } else {
            entries = 0
            ugliness = nil
        }
    }

    private static func createdAt(_ record: NeutralRecord) -> Instant? {
        switch record {
        case .conversation(let record): record.createdAt
        case .contact(let record): record.createdAt
        case .agent(let record): record.createdAt
        case .company(let record): record.createdAt
        case .team, .field: nil
        }
    }

    /// A text in one line of bounded length.
    static func line(_ text: String, longest: Int = 120) -> String {
        let folded =
            text.utf8.contains { $0 < 0x20 } ? text.split(whereSeparator: \.isWhitespace).joined(separator: " ") : text
        guard folded.utf8.count > longest, folded.count > longest else { return folded }
        return folded.prefix(longest - 1) + "…"
    }

    /// The losses of a record by field, each with the value before and after where the two records show it.
    static func changes(_ passage: RecordPassage) -> [FieldChange] {
        guard let after = passage.after else {
            return passage.losses.map {
                FieldChange($0.field, $0.lossClass, count: $0.count, detail: $0.examples.first?.detail ?? "")
            }
        }
        struct Seen {
            var count = 0
            var before: String?
            var after: String?
            var isTaken = false
        }
        var seen: [String: Seen] = [:]
        var order: [String] = []
        for difference in RecordDifference(passage.before, after, limit: 2000).all {
            if seen[difference.path] == nil {
                order.append(difference.path)
                seen[difference.path] = Seen(before: difference.before, after: difference.after)
            }
            seen[difference.path]?.count += 1
        }
        var changes: [FieldChange] = []
        for loss in passage.losses {
            // The path itself, else one within it: the loss of an entry is seen as a missing entry.
            let path =
                seen[loss.field] != nil
                ? loss.field
                : order.first { $0.hasPrefix(loss.field + ".") || loss.field.hasPrefix($0 + ".") }
            let found = path.flatMap { seen[$0] }
            if let path { seen[path]?.isTaken = true }
            changes.append(
                FieldChange(
                    loss.field, loss.lossClass, count: loss.count, before: found?.before.map { line($0) },
                    after: found?.after.map { line($0) }, detail: loss.examples.first?.detail ?? ""))
        }
        for path in order {
            guard let found = seen[path], !found.isTaken, !isNamed(path, passage.losses) else { continue }
            changes.append(
                FieldChange(
                    path, found.after == nil ? .dropped : found.before == nil ? .invented : .converted,
                    count: found.count, before: found.before.map { line($0) }, after: found.after.map { line($0) }))
        }
        return changes.sorted { ($1.lossClass, $0.field) < ($0.lossClass, $1.field) }
    }

    private static func isNamed(_ path: String, _ losses: [FidelityLoss]) -> Bool {
        losses.contains { path.hasPrefix($0.field + ".") || $0.field.hasPrefix(path + ".") }
    }
}
