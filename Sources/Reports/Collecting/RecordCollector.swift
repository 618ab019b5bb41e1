public import ConversationModel
internal import Diagnostics
internal import Foundation
public import SyncEngine
internal import Synchronization

/// Watches a run and keeps what its report shows: sums, a bounded sample of records, the ugliest conversations.
///
/// Every record with its changes goes to a file of JSON Lines at once, so memory is flat.
public final class RecordCollector: RunObserver {
    private let state: Mutex<CollectorState>

    /// Begins a file of records.
    ///
    /// - Parameter rowsPath: Where every record with its changes is written, one JSON object a line; `nil` for nowhere.
    /// - Throws: `failed/unwritable` when the file cannot be made.
    public init(rowsPath: String?) throws {
        state = Mutex(CollectorState(try rowsPath.map { try LineFile(path: $0) }))
    }

    /// Condenses a record; called by workers, several at a time.
    public func digest(_ passage: RecordPassage) -> any Sendable { RecordDigest(passage) }

    /// Takes a record in its turn.
    public func met(_ entity: Entity, id: String, fate: RecordFate, added: [Int], digest: (any Sendable)?) {
        state.withLock { $0.take(entity, id, fate, added.count, digest as? RecordDigest) }
    }

    /// Forgets all: the run begins once more.
    public func restart() { state.withLock { $0.restart() } }

    /// Ends the file and hands out what was gathered.
    ///
    /// - Throws: `failed/unwritable` when the file of records could not be written whole.
    public func finish() throws -> Gathered { try state.withLock { try $0.finish() } }
}

/// What a collector has so far.
struct CollectorState {
    /// Rows that a report holds of each fate; what is rare is shown whole.
    static let rowLimits: [RecordFate: Int] = [
        .create: 20_000, .update: 8000, .append: 8000, .filtered: 3000, .homeless: 3000, .vanished: 3000,
        .conflict: 3000, .unchanged: 1000,
    ]
    /// Bytes that all rows of a report take as JSON, about.
    static let rowBytes = 8_000_000
    /// Characters that all conversations of a report take, about.
    static let threadCharacters = 3_000_000

    private let file: LineFile?
    private var gathered = Gathered()
    private var rows: [RecordFate: EvenSample<ChangeRow>] = [:]
    private var best: [PickReason: Best<ThreadPair>] = [:]
    private var spread = EvenSample<ThreadPair>(limit: 16)
    private var sourcesOfTarget: [String: Int] = [:]
    private var ordinal = 0

    init(_ file: LineFile?) { self.file = file }

    mutating func restart() {
        file?.restart()
        self = CollectorState(file)
    }

    // MARK: Taking

    mutating func take(_ entity: Entity, _ id: String, _ fate: RecordFate, _ gained: Int, _ digest: RecordDigest?) {
        let arrives = fate != .filtered && fate != .homeless
        if fate != .vanished {
            gathered.records[entity, default: 0] += 1
            if !arrives { gathered.leftOut[entity, default: [:]][fate, default: 0] += 1 }
        }
        if let digest {
            switch digest.before {
            case .conversation(let conversation): take(conversation, digest, arrives)
            case .agent(let agent): take(agent, digest.after)
            case .team(let team): take(team, digest.after)
            case .contact(let contact):
                gathered.contacts.all += 1
                if contact.emails.isEmpty { gathered.contacts.withoutEmail += 1 }
                if !arrives { gathered.contacts.leftOut += 1 }
            case .field(let field): gathered.fieldNames[field.key] = field.label ?? field.key
            case .company: break
            }
        }
        guard fate != .unchanged || rows[.unchanged]?.seen ?? 0 < 100_000 else { return }
        let row = ChangeRow(
            entity: entity, id: id, fate: fate, title: digest?.title ?? "",
            createdAt: digest?.createdAt?.description ?? "", entries: digest?.entries ?? 0, gained: gained,
            changes: digest?.changes ?? [])
        rows[fate, default: EvenSample(limit: Self.rowLimits[fate] ?? 3000)].offer(row)
        guard fate != .unchanged else { return }
        gathered.rowsInAll += 1
        file?.write(row.json)
    }

    private mutating func take(_ agent: Agent, _ after: NeutralRecord?) {
        var use = gathered.people[agent.id] ?? Gathered.PersonUse()
        use.name = agent.name ?? use.name
        use.email = agent.email ?? use.email
        use.isDescribed = true
        use.isBot = agent.role == .bot
        if case .agent(let target) = after {
            use.target = target.id
            use.targetName = target.name ?? ""
            use.targetEmail = target.email ?? ""
            sourcesOfTarget[target.id, default: 0] += 1
        }
        gathered.people[agent.id] = use
    }

    private mutating func take(_ team: Team, _ after: NeutralRecord?) {
        var target: Team?
        if case .team(let team) = after { target = team }
        gathered.teams[team.id] = (team.name ?? "", target?.id, target?.name ?? "")
    }

    private mutating func take(_ conversation: Conversation, _ digest: RecordDigest, _ arrives: Bool) {
        var after: Conversation?
        if case .conversation(let value) = digest.after { after = value }
        count(.status, conversation.status?.rawValue, after?.status?.rawValue, arrives)
        count(.priority, conversation.priority?.rawValue, after?.priority?.rawValue, arrives)
        count(.channel, conversation.channel?.rawValue, after?.channel?.rawValue, arrives)
        let month = conversation.createdAt.map { String($0.description.prefix(7)) } ?? ""
        gathered.months[month, default: Gathered.MonthCount()].all += 1
        if !arrives { gathered.months[month]?.leftOut += 1 }
        gathered.entries += conversation.timeline.count
        if let assignee = conversation.assignee { gathered.people[assignee]?.conversations += 1 }
        var merged = 0
        for (index, entry) in conversation.timeline.enumerated() where !entry.kind.isEvent {
            guard let id = entry.author.id, entry.author.kind == .agent || entry.author.kind == .bot else { continue }
            note(author: entry.author, id, of: after, at: index)
            if let target = gathered.people[id]?.target, sourcesOfTarget[target, default: 0] > 1 { merged += 1 }
        }
        pick(conversation, after, digest, merged)
    }

    /// Counts an entry for its author; one whom no record describes becomes known by it.
    private mutating func note(author: Author, _ id: String, of after: Conversation?, at index: Int) {
        if gathered.people[id] == nil {
            var use = Gathered.PersonUse()
            use.name = author.name ?? ""
            use.email = author.email ?? ""
            use.isBot = author.kind == .bot
            if let after, after.timeline.indices.contains(index) { use.target = after.timeline[index].author.id }
            gathered.people[id] = use
        }
        gathered.people[id]?.messages += 1
    }

    private mutating func count(_ kind: Gathered.FlowKind, _ from: String?, _ to: String?, _ arrives: Bool) {
        let key = Gathered.FlowKey(from: from ?? "", to: arrives ? to ?? "" : "", arrives: arrives)
        gathered.flows[kind, default: [:]][key, default: 0] += 1
    }

    // MARK: Picking

    private mutating func pick(
        _ conversation: Conversation, _ after: Conversation?, _ digest: RecordDigest, _ merged: Int
    ) {
        guard let ugliness = digest.ugliness else { return }
        let age = conversation.createdAt.map { Int(-($0.seconds / 60)) }
        let scores: [(PickReason, Int?)] = [
            (.longest, ugliness.longest), (.deletedAuthor, ugliness.deletedAuthor),
            (.copyReplies, ugliness.copyReplies),
            (.attachments, ugliness.attachments), (.oldest, age), (.encoding, ugliness.encoding),
            (.mergedPeople, merged), (.losses, ugliness.losses), (.sessions, ugliness.sessions),
            (.longText, ugliness.longText > 1000 ? ugliness.longText : 0),
        ]
        let (people, teams) = (gathered.people, gathered.teams)
        func pair() -> ThreadPair {
            var names: [String: String] = [:]
            func add(_ id: String, _ name: String, _ target: String?, _ targetName: String?) {
                if !name.isEmpty { names[id] = name }
                guard let target else { return }
                let shown = targetName.flatMap { $0.isEmpty ? nil : $0 } ?? name
                if !shown.isEmpty { names[target] = shown }
            }
            let ids = conversation.timeline.compactMap(\.author.id) + [conversation.assignee].compactMap(\.self)
            for id in Set(ids) {
                if let use = people[id] { add(id, use.name, use.target, use.targetName) }
            }
            if let id = conversation.team, let team = teams[id] { add(id, team.name, team.target, team.targetName) }
            return ThreadPair(conversation, after, changes: digest.changes, names: names)
        }
        for (reason, score) in scores {
            guard let score, score > 0 || reason == .oldest else { continue }
            best[reason, default: Best(limit: 2)].offer(score: score, pair())
        }
        spread.offer(pair())
    }

    // MARK: Finishing

    mutating func finish() throws -> Gathered {
        try file?.finish()
        gathered.rows = finishedRows()
        gathered.threads = finishedThreads()
        return gathered
    }

    private mutating func finishedRows() -> [ChangeRow] {
        func size() -> Int { rows.values.reduce(0) { $0 + $1.elements.reduce(0) { $0 + $1.element.size } } }
        while size() > Self.rowBytes,
            let largest = rows.max(by: { a, b in
                (a.value.elements.count, b.key.rawValue) < (b.value.elements.count, a.key.rawValue)
            }), largest.value.elements.count > 100
        {
            rows[largest.key]?.thin()
        }
        // Conversations first, for they are what people look for; what stays as it is last.
        let order: [RecordFate] = [.conflict, .vanished, .update, .append, .create, .homeless, .filtered, .unchanged]
        let all = order.flatMap { rows[$0]?.elements.map(\.element) ?? [] }
        return Entity.allCases.reversed().flatMap { entity in all.filter { $0.entity == entity } }
    }

    /// The best of each reason, then the second best, then those evenly spread; a conversation stands once.
    private func finishedThreads() -> [ThreadPair] {
        var threads: [ThreadPair] = []
        var places: [String: Int] = [:]
        var characters = 0
        func measure(_ reason: PickReason, _ score: Int) -> Int {
            [.oldest, .encoding, .longText].contains(reason) ? 0 : score
        }
        func add(_ pair: ThreadPair, _ reason: PickReason, _ score: Int) {
            if let place = places[pair.id] {
                guard reason != .spread else { return }
                threads[place].reasons.append(ThreadPair.PickedFor(reason, measure(reason, score)))
                return
            }
            guard characters + pair.size <= Self.threadCharacters || threads.isEmpty else { return }
            characters += pair.size
            var pair = pair
            pair.reasons = [ThreadPair.PickedFor(reason, measure(reason, score))]
            places[pair.id] = threads.count
            threads.append(pair)
        }
        for reason in PickReason.allCases {
            if let first = best[reason]?.elements.first { add(first.element, reason, first.score) }
        }
        for reason in PickReason.allCases {
            guard let elements = best[reason]?.elements, elements.count > 1, places[elements[1].element.id] == nil,
                reason == .oldest || elements[1].score * 2 >= elements[0].score
            else { continue }
            add(elements[1].element, reason, elements[1].score)
        }
        for (_, pair) in spread.elements { add(pair, .spread, 0) }
        return threads
    }
}

extension ChangeRow {
    /// Bytes as JSON, about.
    var size: Int {
        changes.reduce(80 + title.utf8.count + id.utf8.count) {
            $0 + 16 + ($1.before?.utf8.count ?? 0) + ($1.after?.utf8.count ?? 0) + $1.detail.utf8.count
        }
    }

    /// One line of the file of records.
    var json: [UInt8] {
        var json = JSONBytes()
        json.object { json in
            json.key("entity"); json.put(entity.rawValue)
            json.key("id"); json.put(id)
            json.key("action"); json.put(fate.rawValue)
            if !title.isEmpty { json.key("title"); json.put(title) }
            if !createdAt.isEmpty { json.key("created_at"); json.put(createdAt) }
            if entity == .conversation { json.key("entries"); json.put(entries) }
            if gained > 0 { json.key("gained"); json.put(gained) }
            json.key("changes")
            json.array { json in for change in changes { change.write(&json) } }
        }
        json.endLine()
        return json.bytes
    }
}

extension FieldChange {
    func write(_ json: inout JSONBytes) {
        json.object { json in
            json.key("field"); json.put(field)
            json.key("class"); json.put(lossClass.rawValue)
            json.key("count"); json.put(count)
            if let before { json.key("before"); json.put(before) }
            if let after { json.key("after"); json.put(after) }
            if !detail.isEmpty { json.key("detail"); json.put(detail) }
        }
    }
}

extension ThreadPair {
    /// Characters of both sides, about.
    var size: Int {
        func size(_ view: ThreadView) -> Int { view.entries.reduce(500) { $0 + 200 + $1.text.utf8.count } }
        return size(before) + (after.map(size) ?? 0)
    }
}
