internal import ConversationModel

/// What of a conversation the report adds up.
struct ConversationFacts: Sendable {
    /// Somebody of the staff who wrote in it, and how many entries.
    struct Writer: Sendable {
        let author: Author
        let id: String
        /// Id at the destination.
        var target: String?
        var entries = 0
    }

    let status: (String, String)
    let priority: (String, String)
    let channel: (String, String)
    let month: String
    let assignee: String?
    let writers: [Writer]

    init(_ before: Conversation, _ after: Conversation?) {
        status = (before.status?.rawValue ?? "", after?.status?.rawValue ?? "")
        priority = (before.priority?.rawValue ?? "", after?.priority?.rawValue ?? "")
        channel = (before.channel?.rawValue ?? "", after?.channel?.rawValue ?? "")
        month = before.createdAt.map { String($0.description.prefix(7)) } ?? ""
        assignee = before.assignee
        var writers: [Writer] = []
        for (index, entry) in before.timeline.enumerated() where !entry.kind.isEvent {
            guard let id = entry.author.listID, entry.author.kind == .agent || entry.author.kind == .bot else {
                continue
            }
            if let place = writers.firstIndex(where: { $0.id == id }) {
                writers[place].entries += 1
                continue
            }
            // Most entries keep their place; where one moved, its author is known by a record anyway.
            let target =
                after.flatMap { $0.timeline.indices.contains(index) ? $0.timeline[index] : nil }
                .flatMap { $0.id == entry.id ? $0.author.id : nil }
            writers.append(Writer(author: entry.author, id: id, target: target, entries: 1))
        }
        self.writers = writers
    }
}

/// What a conversation must exceed to be one of those to look at.
///
/// Workers ask it, so that few conversations are kept until their turn. It only ever rises, so an old one keeps more and
/// never less.
struct PickBar: Sendable {
    var scores: [PickReason: Int] = [:]
    /// People who share their place at the destination with others.
    var mergedPeople: Set<String> = []

    func admits(_ reason: PickReason, _ score: Int) -> Bool { scores[reason].map { score > $0 } ?? true }
}
