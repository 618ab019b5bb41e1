internal import ConnectorKit
public import ConversationModel
internal import Diagnostics
internal import FieldMapping
internal import Synchronization

/// A record that differs at the destination, with what exactly does.
public struct DifferentRecord: Sendable, Equatable {
    /// The kind of record.
    public let entity: Entity
    /// Its id at the source.
    public let id: String
    /// Subject or name.
    public let title: String
    /// The values that differ: expected, and found at the destination.
    public let fields: [FieldDifference]
    /// How many there are, those beyond the list included.
    public let count: Int

    /// Creates a different record.
    public init(entity: Entity, id: String, title: String, fields: [FieldDifference], count: Int) {
        self.entity = entity
        self.id = id
        self.title = title
        self.fields = fields
        self.count = count
    }
}

/// Parts of conversations, counted on both sides of a verification.
public struct PartCounts: Sendable, Equatable {
    /// Public messages.
    public var messages = 0
    /// Internal notes.
    public var notes = 0
    /// Events.
    public var events = 0
    /// Files.
    public var attachments = 0
    /// Messages and notes whose author nobody knows by name or address.
    public var unknownAuthors = 0

    /// Creates counts of nothing.
    public init() {}

    mutating func add(_ conversation: Conversation) {
        for entry in conversation.timeline {
            switch entry.kind {
            case .message: messages += 1
            case .note: notes += 1
            case .event: events += 1
            }
            attachments += entry.attachments.count
            let author = entry.author
            if !entry.kind.isEvent, author.kind == .agent || author.kind == .contact, author.name == nil,
                author.email == nil
            {
                unknownAuthors += 1
            }
        }
    }

    mutating func add(_ other: PartCounts) {
        messages += other.messages
        notes += other.notes
        events += other.events
        attachments += other.attachments
        unknownAuthors += other.unknownAuthors
    }
}

/// Hands on the records of a pass as the destination will have them, those that are wanted.
private final class Onlooker: RunObserver {
    private let wanted: Set<String>

    init(_ wanted: Set<String>) { self.wanted = wanted }

    static func key(_ entity: Entity, _ id: String) -> String { entity.rawValue + "/" + id }

    func digest(_ passage: RecordPassage) -> any Sendable {
        wanted.contains(Self.key(passage.before.entity, passage.before.id)) ? passage.after : nil
    }

    func met(_ entity: Entity, id: String, fate: RecordFate, added: [Int], digest: (any Sendable)?) {}

    func restart() {}
}

/// Counts the parts of the records of a pass.
final class PartObserver: RunObserver {
    func digest(_ passage: RecordPassage) -> any Sendable {
        var counts = PartCounts()
        if case .conversation(let conversation) = passage.after { counts.add(conversation) }
        return counts
    }

    func met(_ entity: Entity, id: String, fate: RecordFate, added: [Int], digest: (any Sendable)?) {}

    func restart() {}
}

extension Engine {
    /// Records whose differences are worked out field by field.
    public static let differencesKept = 300

    /// Reads both sides once more for the records that differ, and compares them field by field.
    ///
    /// `changes` names the records by their action. Costs nothing where nothing differs; memory holds at most ``differencesKept`` records.
    static func differences(
        _ plan: RunPlan, _ back: PassRequest, _ changes: [RecordChange], _ action: RecordChange.Action = .different,
        hooks: RunHooks
    ) async throws -> [DifferentRecord] {
        let different = changes.filter { $0.action == action }.prefix(differencesKept)
        guard !different.isEmpty else { return [] }
        let onlooker = Onlooker(Set(different.map { Onlooker.key($0.entity, $0.id) }))
        var looking = hooks.unobserved.named("differences")
        looking.observer = onlooker
        var expected: [String: NeutralRecord] = [:]
        var found: [String: NeutralRecord] = [:]
        _ = try await settled(plan.request, needsHashes: false, hooks: looking) { runner in
            expected = [:]
            try await runner.run { item, _ in
                if let record = item.digest as? NeutralRecord { expected[Onlooker.key(item.entity, item.id)] = record }
            }
        }
        let reader = PassRunner(back, needsHashes: false, hooks: looking)
        try await reader.run { item, _ in
            if let record = item.digest as? NeutralRecord { found[Onlooker.key(item.entity, item.id)] = record }
        }
        return different.compactMap { change in
            let key = Onlooker.key(change.entity, change.id)
            guard let wanted = expected[key], let there = found[key] else { return nil }
            let difference = RecordDifference(wanted, there, limit: 50)
            var fields = difference.all
            if fields.isEmpty {
                fields = [FieldDifference(path: "extras", before: wanted.leftovers, after: there.leftovers)]
            }
            return DifferentRecord(
                entity: change.entity, id: change.id, title: wanted.title, fields: fields,
                count: max(difference.count, 1))
        }
    }
}

extension NeutralRecord {
    /// Subject or name, for people; empty where the record has none.
    public var title: String {
        switch self {
        case .conversation(let record): record.subject ?? ""
        case .contact(let record): record.name ?? record.emails.first ?? record.phones.first ?? ""
        case .agent(let record): record.name ?? record.email ?? ""
        case .company(let record): record.name ?? ""
        case .team(let record): record.name ?? ""
        case .field(let record): record.label ?? record.key
        }
    }

    fileprivate var leftovers: String {
        let json =
            switch self {
            case .conversation(let record): record.extras.json
            case .contact(let record): record.extras.json
            case .agent(let record): record.extras.json
            case .company(let record): record.extras.json
            case .team(let record): record.extras.json
            case .field(let record): record.extras.json
            }
        return String(json.prefix(RecordDifference.longestValue))
    }
}
