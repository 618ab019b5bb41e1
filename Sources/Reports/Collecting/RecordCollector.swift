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
    private let bar = Mutex(PickBar())

    /// Begins a file of records.
    ///
    /// - Parameter rowsPath: Where every record with its changes is written, one JSON object a line; `nil` for nowhere.
    /// - Throws: `failed/unwritable` when the file cannot be made.
    public init(rowsPath: String?) throws {
        state = Mutex(CollectorState(try rowsPath.map { try LineFile(path: $0) }))
    }

    /// Condenses a record; called by workers, several at a time.
    public func digest(_ passage: RecordPassage) -> any Sendable { RecordDigest(passage, bar.withLock { $0 }) }

    /// Takes a record in its turn.
    public func met(_ entity: Entity, id: String, fate: RecordFate, added: [Int], digest: (any Sendable)?) {
        let raised = state.withLock { state -> PickBar? in
            state.take(entity, id, fate, added.count, digest as? RecordDigest)
            return state.takeRaisedBar()
        }
        if let raised { bar.withLock { $0 = raised } }
    }

    /// Forgets all: the run begins once more.
    public func restart() {
        state.withLock { $0.restart() }
        bar.withLock { $0 = PickBar() }
    }

    /// Ends the file and hands out what was gathered.
    ///
    /// - Throws: `failed/unwritable` when the file of records could not be written whole.
    public func finish() throws -> Gathered { try state.withLock { try $0.finish() } }
}

/// What a collector has so far.
struct CollectorState {
    /// Records that are sampled together, so that few agents do not drown in many conversations.
    struct RowKind: Hashable {
        let entity: Entity
        let fate: RecordFate

        /// Rows that a report holds of it at most.
        var limit: Int {
            let limit = CollectorState.rowLimits[fate] ?? 3000
            return entity == .conversation ? limit : min(limit, 4000)
        }

        /// Conversations first, for they are what people look for; what stays as it is last.
        var order: Int {
            let fates: [RecordFate] = [
                .conflict, .vanished, .update, .append, .create, .homeless, .filtered, .unchanged,
            ]
            let kinds = Array(Entity.allCases.reversed())
            return (kinds.firstIndex(of: entity) ?? 9) * 10 + (fates.firstIndex(of: fate) ?? 9)
        }
    }

    /// Rows that a report holds of each fate; what is rare is shown whole.
    static let rowLimits: [RecordFate: Int] = [
        .create: 20_000, .update: 8000, .append: 8000, .filtered: 3000, .homeless: 3000, .vanished: 3000,
        .conflict: 3000, .unchanged: 1000,
    ]
    /// Bytes that all rows of a report take as JSON, about.
    static let rowBytes = 8_000_000
    /// Ordinary conversations that a report holds for comparison.
    static let spreadThreads = 16
    /// Characters that all conversations of a report take, about.
    static let threadCharacters = 3_000_000

    private let file: LineFile?
    private var gathered = Gathered()
    private var rows: [RowKind: EvenSample<ChangeRow>] = [:]
    private var best: [PickReason: Best<ThreadPair>] = [:]
    private var sourcesOfTarget: [String: [String]] = [:]
    private var bar = PickBar()
    private var isBarRaised = false

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
            switch digest.content {
            case .conversation(let facts): take(facts, digest, arrives)
            case .agent(let agent, let target, let isDescribed): take(agent, target, isDescribed)
            case .team(let team, let target):
                gathered.teams[team.id] = (team.name ?? "", target?.id, target?.name ?? "")
            case .contact(let hasEmail):
                gathered.contacts.all += 1
                if !hasEmail { gathered.contacts.withoutEmail += 1 }
                if !arrives { gathered.contacts.leftOut += 1 }
            case .field(let field): gathered.fieldNames[field.key] = field.label ?? field.key
            case .company: break
            }
        }
        let kind = RowKind(entity: entity, fate: fate)
        guard fate != .unchanged || rows[kind]?.seen ?? 0 < 100_000 else { return }
        let row = ChangeRow(
            entity: entity, id: id, fate: fate, title: digest?.title ?? "",
            createdAt: digest?.createdAt?.description ?? "", entries: digest?.entries ?? 0, gained: gained,
            changes: digest?.changes ?? [])
        rows[kind, default: EvenSample(limit: kind.limit)].offer(row)
        guard fate != .unchanged else { return }
        gathered.rowsInAll += 1
        file?.write(row.json)
    }

    private mutating func take(_ agent: Agent, _ target: Agent?, _ isDescribed: Bool) {
        var use = gathered.people[agent.id] ?? Gathered.PersonUse()
        use.name = agent.name ?? use.name
        use.email = agent.email ?? use.email
        use.isDescribed = isDescribed
        use.isBot = agent.role == .bot
        if let target {
            use.target = target.id
            use.targetName = target.name ?? ""
            use.targetEmail = target.email ?? ""
            sourcesOfTarget[target.id, default: []].append(agent.id)
            if let sharing = sourcesOfTarget[target.id], sharing.count > 1 {
                bar.mergedPeople.formUnion(sharing)
                isBarRaised = true
            }
        }
        gathered.people[agent.id] = use
    }

    private mutating func take(_ facts: ConversationFacts, _ digest: RecordDigest, _ arrives: Bool) {
        count(.status, facts.status, arrives)
        count(.priority, facts.priority, arrives)
        count(.channel, facts.channel, arrives)
        gathered.months[facts.month, default: Gathered.MonthCount()].all += 1
        if !arrives { gathered.months[facts.month]?.leftOut += 1 }
        gathered.entries += digest.entries
        if let assignee = facts.assignee { gathered.people[assignee]?.conversations += 1 }
        for writer in facts.writers {
            if gathered.people[writer.id] == nil {
                // One whom no record describes becomes known by what they wrote.
                var use = Gathered.PersonUse()
                use.name = writer.author.name ?? ""
                use.email = writer.author.email ?? ""
                use.isBot = writer.author.kind == .bot
                use.target = writer.target
                gathered.people[writer.id] = use
            }
            gathered.people[writer.id]?.messages += writer.entries
        }
        if let candidate = digest.candidate { pick(candidate, digest.changes) }
    }

    private mutating func count(_ kind: Gathered.FlowKind, _ values: (String, String), _ arrives: Bool) {
        let key = Gathered.FlowKey(from: values.0, to: arrives ? values.1 : "", arrives: arrives)
        gathered.flows[kind, default: [:]][key, default: 0] += 1
    }

    // MARK: Picking

    private mutating func pick(_ candidate: RecordDigest.Candidate, _ changes: [FieldChange]) {
        let (people, teams) = (gathered.people, gathered.teams)
        let conversation = candidate.before
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
            return ThreadPair(conversation, candidate.after, changes: changes, names: names)
        }
        for (reason, score) in candidate.scores {
            let limit = reason == .spread ? Self.spreadThreads : 2
            guard best[reason, default: Best(limit: limit)].offer(score: score, pair()) else { continue }
            guard let raised = best[reason]?.bar else { continue }
            bar.scores[reason] = raised
            isBarRaised = true
        }
    }

    /// The bar for workers, where it rose since it was asked for last.
    mutating func takeRaisedBar() -> PickBar? {
        guard isBarRaised else { return nil }
        isBarRaised = false
        return bar
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
                (a.value.elements.count, b.key.order) < (b.value.elements.count, a.key.order)
            }), largest.value.elements.count > 100
        {
            rows[largest.key]?.thin()
        }
        return rows.sorted { $0.key.order < $1.key.order }.flatMap { $0.value.elements.map(\.element) }
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
        let ugly = PickReason.allCases.filter { $0 != .spread }
        for reason in ugly {
            if let first = best[reason]?.elements.first { add(first.element, reason, first.score) }
        }
        for reason in ugly {
            guard let elements = best[reason]?.elements, elements.count > 1, places[elements[1].element.id] == nil,
                reason == .oldest || elements[1].score * 2 >= elements[0].score
            else { continue }
            add(elements[1].element, reason, elements[1].score)
        }
        for (_, pair) in best[.spread]?.elements ?? [] { add(pair, .spread, 0) }
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
