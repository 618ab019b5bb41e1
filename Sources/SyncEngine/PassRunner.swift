internal import ConnectorKit
internal import ConversationModel
internal import Diagnostics
internal import FieldMapping
internal import StateStore

/// Reads a source in order, turns its records on all cores, and hands them on in order.
///
/// People and what else conversations refer to are read first and gathered into a directory; then the conversations. At
/// most as many batches are in flight as there are workers, so memory is flat; there is one worker more than asked for, so
/// that no core waits while finished batches are written.
final class PassRunner {
    private var request: PassRequest
    private let needsHashes: Bool
    private let hooks: RunHooks
    private let keepsExtras: Bool
    /// What is added up over the whole pass.
    private(set) var notes = SourceNotes()
    private(set) var losses = LossTally()
    private(set) var coverage = MappingCoverage()
    /// What a person may want to see of single records.
    private(set) var trail: TrailTally
    private let trailTable: RowFile?
    private let redirects: RowFile?
    /// Conversations of a run with an order of its own, until all are read.
    private var spool: OrderedSpool?
    /// Conversations that are to be joined, until all are read.
    private var stage: ThreadStage?
    private var isDraining = false
    private let threads: RowFile?
    private(set) var bytesRead = 0
    private(set) var failures: [MigrationError] = []
    private(set) var duplicates = (same: 0, changed: 0, example: "")
    private var claims = Claims()
    private var sourceHash = StableHasher()
    private var platforms: [PlatformPair] = []
    private var met = IDTable()
    private var conversations = 0
    private var versions: RecordVersions
    /// For ids that stood more than once with different content: where the last one stands.
    private(set) var lastVersions: [UInt64: UInt64] = [:]
    /// Those of them that loose parts tell of.
    private(set) var grouped: Set<UInt64> = []

    /// People that the mapping gave another id, with the bytes of their batch.
    private var renamed: [(item: PassItem, bytes: [UInt8])] = []
    /// Ids of agents and teams that stand at the destination by now.
    private var targets: Set<UInt64> = []

    init(_ request: PassRequest, needsHashes: Bool, hooks: RunHooks, versions: RecordVersions = RecordVersions()) {
        self.request = request
        trailTable = request.trailFile.map { RowFile($0, header: TrailTally.header) }
        trail = TrailTally(trailTable)
        redirects = request.redirectFile.map { RowFile($0, header: "old_id,old_number,old_url,new_id,new_url\n") }
        threads = request.threadFile.map { RowFile($0, header: "") }
        self.needsHashes = needsHashes
        self.hooks = hooks
        self.versions = versions
        keepsExtras =
            request.destination.keepsForeignExtras
            || request.destination.connector.name == request.source.platform.connector.name
            || request.source.platform.keepsForeignExtras || request.threadFile != nil
    }

    var hash: UInt128 { sourceHash.finish() }

    /// Runs the pass; the tables that were asked for stand at its end.
    ///
    /// - Parameters:
    ///   - refusesUnmatched: Whether people without a match end the run where the mapping's fallback says so.
    ///   - body: Takes each record that is to be written, in order, with the bytes that its pieces stand in.
    /// - Throws: What `body` throws, `interrupted/requested`, and errors that end a run.
    func run(
        refusesUnmatched: Bool = true, _ body: (PassItem, UnsafeBufferPointer<UInt8>) throws -> Void
    ) async throws {
        let tables = [trailTable, redirects, threads].compactMap(\.self)
        do {
            try await readAll(body)
            if refusesUnmatched { try request.mapping.requireMatches(coverage) }
            CrashPoint.reach("pass.read")
            for table in tables { try table.finish() }
        } catch {
            for table in tables { table.discard() }
            throw error
        }
    }

    private func readAll(_ body: (PassItem, UnsafeBufferPointer<UInt8>) throws -> Void) async throws {
        let last = versions.last
        versions = try RecordVersions(of: request.source)
        versions.last = last
        platforms = await PlatformPair.compile(request, count: workerCount)
        let children = try await putChildrenAside()
        let people = PeopleDirectory.Builder()
        var agents: (agents: [Agent], teams: [Team]) = ([], [])
        var extras: [NeutralRecord] = []
        var tools = Tools(children: children)
        let asMapped = request.mapping.changesPeople ? PeopleDirectory.Builder() : nil
        var erased: Set<String> = []
        if request.mapping.looksForDuplicates {
            let contacts = try ContactSurvey(request).resolution
            request.contacts = contacts
            losses.merge(contacts.losses)
            try trail.append(contacts.rows)
        }
        let survey = try surveyed()
        tools.agents.known = survey
        try emit(request.mapping.created, tools, body)
        try await phase(.people, tools) { output in
            erased.formUnion(output.erased)
            for record in output.mappedContacts { asMapped?.add(record) }
            for record in output.directory {
                people.add(record)
                switch record {
                case .agent(let agent): agents.agents.append(agent)
                case .team(let team): agents.teams.append(team)
                default: break
                }
            }
            for login in output.notes.logins { people.add(login: login.login, of: login.id) }
            extras += output.people
            try emit(output, body)
        }
        try emitRenamed(body)
        tools.people = people.finish()
        tools.mapped = mappedDirectory(asMapped?.finish() ?? tools.people, agents.agents)
        tools.agents = SourcePeople(agents: agents.agents, teams: agents.teams)
        tools.agents.erased = erased
        tools.agents.moved = request.contacts?.moves ?? [:]
        tools.agents.known = survey
        var late = SightedPeople()
        late.add(people: extras)
        spool = try request.mapping.order.map { _ in try OrderedSpool() }
        if request.mapping.groupsConversations {
            guard request.scratch != nil else { throw Self.noScratch }
            stage = try ThreadStage()
        }
        for pass in [ReadPhase.conversations, .gathered, .orphans] {
            try await phase(pass, tools) { output in
                late.add(output)
                try emit(output, body)
            }
        }
        try emitThreads(tools, &late, body)
        if let sorted = spool {
            spool = nil
            try sorted.drain { item, bytes in
                if let limit = request.limit, conversations >= limit { return }
                conversations += 1
                try body(item, bytes)
            }
        }
        try emit(late.records.filter { tools.people.person($0.id) == nil }, tools, body)
        try emitRenamed(body)
        try emitPlaceholders(late, tools, body)
    }

    /// Hands on people that the destination needs a record of and that have none by now.
    ///
    /// Their ids are the destination's, so one may be that of somebody else at the source.
    private func emitPlaceholders(
        _ late: SightedPeople, _ tools: Tools, _ body: (PassItem, UnsafeBufferPointer<UInt8>) throws -> Void
    ) throws {
        let missing = late.placeholders.filter { person in
            tools.mapped.person(person.id) == nil && !targets.contains(IDTable.hash(person.entity, person.id))
                && (person.entity == .agent || !late.names(person))
        }
        guard !missing.isEmpty else { return }
        let output = try makeWorker(platforms[0], tools, gathersPeople: false).work(placeholders: missing)
        losses.merge(output.losses)
        try output.bytes.withUnsafeBufferPointer { bytes in
            for var item in output.items {
                if case .again = met.meet(item.idHash, content: item.contentHash) {
                    item.targetHash = item.idHash
                    item.idHash = IDTable.hash(item.entity, "placeholder " + item.id)
                }
                try body(item, bytes)
            }
        }
    }

    /// Hands on records that stand in no file: those that a mapping makes, and people that only others name.
    private func emit(
        _ records: [NeutralRecord], _ tools: Tools, _ body: (PassItem, UnsafeBufferPointer<UInt8>) throws -> Void
    ) throws {
        guard !records.isEmpty else { return }
        let output = try makeWorker(platforms[0], tools, gathersPeople: false)
            .work(records, place: .nowhere)
        losses.merge(output.losses)
        coverage.merge(output.coverage)
        try trail.append(output.coverage.trail)
        try emit(output, body)
    }

    /// Joins what was put aside, and hands it on.
    private func emitThreads(
        _ tools: Tools, _ late: inout SightedPeople, _ body: (PassItem, UnsafeBufferPointer<UInt8>) throws -> Void
    ) throws {
        guard let stage, let scratch = request.scratch else { return }
        self.stage = nil
        isDraining = true
        defer { isDraining = false }
        let codec = try RecordCodec(scratch)
        let gathered = try stage.finish()
        var tools = tools
        if request.mapping.needsKnownConversations, let survey = tools.agents.known as? SourceSurvey {
            var joined: [UInt64: String] = [:]
            var losses = LossTally()
            try gathered.forEach(codec) { _, conversations in
                for thread in request.mapping.joined(conversations, losses: &losses) {
                    for origin in thread.origins {
                        joined[IDTable.hash(.conversation, origin.head.id)] = thread.conversation.id
                    }
                }
            }
            tools.agents.known = JoinedConversations(survey: survey, joined: joined)
        }
        let worker = try makeWorker(platforms[0], tools, gathersPeople: false)
        try gathered.forEach(codec) { key, conversations in
            if hooks.shouldStop() { throw Self.interrupted }
            let output = worker.work(gathered: conversations, key: key)
            losses.merge(output.losses)
            coverage.merge(output.coverage)
            try trail.append(output.coverage.trail)
            try addRows(output)
            late.add(output)
            try emit(output, body)
        }
    }

    /// What workers share in a pass.
    private struct Tools {
        var people = PeopleDirectory.empty
        var mapped = PeopleDirectory.empty
        var agents = SourcePeople(agents: [], teams: [])
        let children: ChildStore?
    }

    /// Looks over the source before the pass, where the mapping asks for what only all of it can tell.
    private func surveyed() throws -> SourceSurvey? {
        guard
            request.mapping.needsKnownConversations || request.mapping.keepsOnlyReferencedPeople
                || !request.mapping.joiningLinks.isEmpty
        else { return nil }
        return try SourceSurvey(request, hooks)
    }

    private func putChildrenAside() async throws -> ChildStore? {
        guard request.source.has(.children) else { return nil }
        let builder = try ChildStore.Builder(request.source)
        try await phase(.children, Tools(children: nil)) { try builder.append($0.children) }
        return try builder.finish()
    }

    private func phase(_ phase: ReadPhase, _ tools: Tools, _ emit: (PassOutput) throws -> Void) async throws {
        // A run that takes only some conversations leaves the others' children unasked for: they are no orphans.
        if phase >= .gathered, tools.children == nil || !hasRoom(phase) { return }
        let reader = SourceReader(request.source, phase, children: tools.children, claims: claims)
        let before = (records: notes.recordsRead + notes.partsRead, quarantined: notes.rejected.count)
        if reader.size > 0 { hooks.progress(RunProgress(phase: phase.title, bytesTotal: reader.size)) }
        let workers = try platforms.map { platforms in
            try makeWorker(platforms, tools, gathersPeople: phase == .people)
        }
        let pool = WorkerPool(workers)
        try await withThrowingTaskGroup(of: (Int, PassOutput?).self) { group in
            var inFlight = 0
            var waiting: [Int: PassOutput] = [:]
            var expected = 0
            var isDone = false
            while true {
                while !isDone, inFlight < workerCount, waiting.count < workerCount * 2 {
                    if hooks.shouldStop() { throw Self.interrupted }
                    guard hasRoom(phase), let batch = reader.nextBatch() else {
                        isDone = true
                        break
                    }
                    inFlight += 1
                    group.addTask { (batch.number, pool.withWorker { $0.work(batch) }) }
                }
                guard let (number, output) = try await group.next() else { break }
                inFlight -= 1
                waiting[number] = output ?? PassOutput()
                while let output = waiting.removeValue(forKey: expected) {
                    expected += 1
                    try add(output)
                    hooks.progress(
                        RunProgress(
                            phase: phase.title, records: notes.recordsRead + notes.partsRead - before.records,
                            bytesRead: output.position, bytesTotal: reader.size,
                            quarantined: notes.rejected.count - before.quarantined))
                    try emit(output)
                }
            }
        }
        failures += reader.failures
    }

    /// Whether `--limit` lets more conversations in.
    private func hasRoom(_ phase: ReadPhase) -> Bool {
        phase < .conversations || spool != nil || stage != nil || request.limit.map { conversations < $0 } ?? true
    }

    private var workerCount: Int { request.workers + 1 }

    private func makeWorker(_ platforms: PlatformPair, _ tools: Tools, gathersPeople: Bool) throws -> PassWorker {
        try PassWorker(
            request, platforms, people: tools.people, destinationPeople: tools.mapped, agents: tools.agents,
            children: tools.children, versions: versions, gathersPeople: gathersPeople, needsHashes: needsHashes,
            keepsExtras: keepsExtras, observer: hooks.observer)
    }

    /// People as the destination will know them: the mapping may give agents other ids.
    private func mappedDirectory(_ directory: PeopleDirectory, _ agents: [Agent]) -> PeopleDirectory {
        guard !request.mapping.isIdentity else { return directory }
        var losses = LossTally()
        var coverage = MappingCoverage()
        var mapped: [NeutralRecord] = []
        for agent in agents {
            var copy = agent
            _ = request.mapping.apply(
                to: &copy, people: SourcePeople(agents: agents, teams: []), losses: &losses, coverage: &coverage)
            mapped.append(.agent(copy))
        }
        return directory.replacingAgents(mapped)
    }

    // MARK: Adding up

    private func add(_ output: PassOutput) throws {
        if output.notes.isDeceived, !request.source.isExhaustive { throw Deceived() }
        notes.merge(output.notes)
        claims.insert(output.notes.claimed)
        losses.merge(output.losses)
        coverage.merge(output.coverage)
        try trail.append(output.coverage.trail)
        try addRows(output)
        bytesRead += output.sourceBytes
        duplicates.changed += output.repeated.count
        if duplicates.example.isEmpty { duplicates.example = output.repeated.first ?? "" }
        if let hash = output.batchHash {
            sourceHash.combine(UInt64(truncatingIfNeeded: hash))
            sourceHash.combine(UInt64(truncatingIfNeeded: hash >> 64))
        }
        if let limit = request.maxErrors, notes.rejected.count > limit {
            throw MigrationError(
                "failed/too-many-errors", recovery: .stopRun,
                summary: "\(notes.rejected.count) records could not be read, more than --max-errors \(limit)",
                hint: "the first is \(notes.rejected[0].place): \(notes.rejected[0].reason)")
        }
    }

    /// Adds to the tables of old and new addresses and of threads.
    private func addRows(_ output: PassOutput) throws {
        if let redirects, !output.redirects.isEmpty {
            try redirects.append(
                TrailTally.lines(output.redirects.map { [$0.id, $0.number, $0.url, $0.newID, $0.newURL] }))
        }
        if !output.threads.isEmpty { try threads?.append(output.threads) }
    }

    private func emit(_ output: PassOutput, _ body: (PassItem, UnsafeBufferPointer<UInt8>) throws -> Void) throws {
        try output.bytes.withUnsafeBufferPointer { bytes in
            for item in output.items {
                if item.fate == .staged {
                    if isCurrent(item) { try stage?.append(item, bytes) }
                    continue
                }
                if let spool, item.entity == .conversation, item.fate == .write {
                    if isCurrent(item) { try spool.append(item, bytes) }
                    continue
                }
                if item.entity == .conversation, item.fate == .write {
                    if let limit = request.limit, conversations >= limit { continue }
                    conversations += 1
                }
                guard isCurrent(item) else { continue }
                if item.entity == .agent || item.entity == .team, item.fate == .write {
                    guard item.targetHash == nil else {
                        renamed.append((item, output.bytes))
                        continue
                    }
                    targets.insert(item.idHash)
                }
                try body(item, bytes)
            }
        }
    }

    /// Hands on the people that the mapping gave another id, each target once: a person who has the id already goes first.
    private func emitRenamed(_ body: (PassItem, UnsafeBufferPointer<UInt8>) throws -> Void) throws {
        let waiting = renamed
        renamed = []
        for (var item, bytes) in waiting {
            if let target = item.targetHash, !targets.insert(target).inserted { item.fate = .filtered }
            try bytes.withUnsafeBufferPointer { try body(item, $0) }
        }
    }

    /// Whether the id is met for the first time.
    private func isCurrent(_ item: PassItem) -> Bool {
        guard item.fate == .write || item.fate == .staged else { return true }
        // What a stage gave out was met when it went in.
        if isDraining, item.entity == .conversation { return true }
        switch met.meet(item.idHash, content: item.contentHash) {
        case .first: return true
        case .again(let sameContent):
            if !sameContent || lastVersions[item.idHash] != nil {
                if item.place.isGroup { grouped.insert(item.idHash) }
                lastVersions[item.idHash] = RecordVersions.key(of: item.place)
            }
            if duplicates.example.isEmpty { duplicates.example = item.id }
            if sameContent {
                duplicates.same += 1
            } else {
                duplicates.changed += 1
            }
            return false
        }
    }

    private static let noScratch = MigrationError(
        "internal/no-scratch", recovery: .stopRun,
        summary: "conversations are to be joined and there is no form in which they could wait")

    static let interrupted = MigrationError(
        "interrupted/requested", recovery: .stopRun,
        summary: "interrupted; nothing half-written stands at the destination",
        hint: "the same command goes on")
}

extension ReadPhase {
    /// Name for people.
    var title: String {
        switch self {
        case .children: "messages"
        case .people: "people"
        case .conversations: "conversations"
        case .gathered: "grouped conversations"
        case .orphans: "parts without a record"
        }
    }
}

extension StableHasher {
    mutating func combine(_ word: UInt64) {
        withUnsafeBytes(of: word) { combine($0.bindMemory(to: UInt8.self)) }
    }
}
