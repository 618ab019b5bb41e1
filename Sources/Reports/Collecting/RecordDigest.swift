internal import ConversationModel
internal import SyncEngine

/// What a worker makes of one record for the report: small, for many of them wait for their turn.
struct RecordDigest: Sendable {
    /// What of a record the report adds up.
    enum Content: Sendable {
        case conversation(ConversationFacts)
        case agent(Agent, Agent?, isDescribed: Bool)
        case team(Team, Team?)
        case contact(hasEmail: Bool)
        case field(FieldDefinition)
        case company
    }

    let content: Content
    let title: String
    let createdAt: Instant?
    let entries: Int
    let changes: [FieldChange]
    /// Both sides of a conversation that may be one of those to look at.
    let candidate: Candidate?

    /// A conversation and its scores.
    struct Candidate: Sendable {
        let before: Conversation
        let after: Conversation?
        let scores: [(reason: PickReason, score: Int)]
    }

    /// - Parameters:
    ///   - passage: The record before and after.
    ///   - bar: Scores that a conversation must exceed to be looked at.
    init(_ passage: RecordPassage, _ bar: PickBar) {
        title = Self.line(passage.before.title)
        createdAt = Self.createdAt(passage.before)
        changes = Self.changes(passage)
        var entries = 0
        var candidate: Candidate?
        switch passage.before {
        case .conversation(let conversation):
            var after: Conversation?
            if case .conversation(let value) = passage.after { after = value }
            entries = conversation.timeline.count
            content = .conversation(ConversationFacts(conversation, after))
            let scores = Ugliness(conversation, passage.losses, merged: bar.mergedPeople).scores(conversation)
            if scores.contains(where: { bar.admits($0.reason, $0.score) }) {
                candidate = Candidate(before: conversation, after: after, scores: scores)
            }
        case .agent(let agent):
            var after: Agent?
            if case .agent(let target) = passage.after { after = target }
            content = .agent(agent, after, isDescribed: passage.isDescribed)
        case .team(let team):
            if case .team(let target) = passage.after {
                content = .team(team, target)
            } else {
                content = .team(team, nil)
            }
        case .contact(let contact): content = .contact(hasEmail: !contact.emails.isEmpty)
        case .field(let field): content = .field(field)
        case .company: content = .company
        }
        self.entries = entries
        self.candidate = candidate
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
            var found = path.flatMap { seen[$0] }
            if let path { seen[path]?.isTaken = true }
            // What holds the field, such as all entries, shows another value than its own; and what was converted did
            // not vanish, though it stands elsewhere now.
            let isOther = path.map { $0 != loss.field && loss.field.hasPrefix($0 + ".") } ?? false
            let isElsewhere = loss.lossClass < .truncated && found?.after == nil
            if isOther || isElsewhere { found = nil }
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
