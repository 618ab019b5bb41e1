public import ConnectorKit
public import ConversationModel
internal import Diagnostics
public import FieldMapping
internal import Synchronization

/// What a run is asked to do with the records of a source.
public struct PassRequest: Sendable {
    /// The files that are read.
    public var source: FileSource
    /// The platform that records are turned into.
    public var destination: Platform
    /// What happens to records on the way.
    public var mapping: CompiledMapping
    /// Kinds of record that are wanted; `nil` takes all.
    public var only: Set<Entity>?
    /// Conversations that changed before this moment are left out.
    public var since: Instant?
    /// Most conversations that are read.
    public var limit: Int?
    /// Records that may fail before the run ends.
    public var maxErrors: Int?
    /// Tasks that turn records at the same time.
    public var workers: Int
    /// Table of what was redacted, erased, joined and left unresolved; `nil` writes none.
    public var trailFile: String?
    /// Takes contents of files on their way; `nil` where they are not carried.
    public var contents: ContentStore?
    /// Table from old to new addresses of conversations; `nil` writes none.
    public var redirectFile: String?
    /// Table of what threaded conversations hold of which of the source, for the way back; `nil` writes none.
    public var threadFile: String?
    /// People who stand more than once, where the mapping looks for them; the run finds them.
    var contacts: ContactResolution?
    /// Whether records are compared by the ids of authors: names and addresses stand in the people's own records.
    var comparesAuthorsByID = false
    /// A platform that holds all of every record: conversations wait in its form until they are joined.
    public var scratch: Platform?

    /// Creates a request for everything.
    public init(source: FileSource, destination: Platform, mapping: CompiledMapping, workers: Int) {
        self.source = source
        self.destination = destination
        self.mapping = mapping
        self.workers = max(1, workers)
    }

    /// Whether every record of the source is met, so that one that is not met is gone.
    var isWhole: Bool { only == nil && since == nil && limit == nil }
}

/// A record on its way out of a pass.
struct PassItem: Sendable {
    enum Fate: Sendable {
        case write, filtered, homeless
        /// It waits until all that it is joined with are there.
        case staged
    }

    let entity: Entity
    /// The source's own id.
    let id: String
    var idHash: UInt64
    let contentHash: UInt64
    let place: SourcePlace
    var fate: Fate
    /// The record's bytes in the batch's output, and those of records that the destination keeps apart from it.
    let pieces: [EncodedPiece]
    let head: UInt128
    let parts: [UInt64]
    let entryCount: Int
    /// What the destination knows the record by, where the mapping gave it another id.
    var targetHash: UInt64?
    /// Where it stands among others, where the mapping names an order.
    var rank: (UInt8, Int64) = (0, 0)
    /// What a staged conversation is gathered by.
    var keys: [UInt64] = []
    /// What an observer made of the record.
    var digest: (any Sendable)?
}

/// What a worker made of one batch.
struct PassOutput: Sendable {
    var items: [PassItem] = []
    /// Bytes of all records, one behind the other.
    var bytes: [UInt8] = []
    var notes = SourceNotes()
    var losses = LossTally()
    var coverage = MappingCoverage()
    /// People of the source that the records name and nobody has described yet.
    var people: [NeutralRecord] = []
    /// People that the destination needs a record of, as the mapping left them.
    var placeholders: [NeutralRecord] = []
    /// Records that people are looked up in, where this batch holds any.
    var directory: [NeutralRecord] = []
    /// Contacts as the destination will know them, where the mapping gives people other names.
    var mappedContacts: [NeutralRecord] = []
    /// Ids of people whose content is erased.
    var erased: [String] = []
    /// Lines of the table that leads back from threads to conversations.
    var threads = ""
    /// Ids of records that another version of stands behind them.
    var repeated: [String] = []
    /// Where conversations were and are.
    var redirects: [Redirect] = []
    /// Records that belong to others, in the pass that puts them aside.
    var children = StagedChildren()
    var sourceBytes = 0
    /// How far the files of the pass were read.
    var position = 0
    var batchHash: UInt128?
}

/// The bindings of one worker: two workers that share one set spend their time on its reference counts.
struct PlatformPair: Sendable {
    let source: Platform
    let destination: Platform

    /// Compiles as many pairs as are asked for, at the same time; the first is the request's own.
    static func compile(_ request: PassRequest, count: Int) async -> [PlatformPair] {
        let first = PlatformPair(source: request.source.platform, destination: request.destination)
        return await withTaskGroup(of: PlatformPair.self) { group in
            for _ in 1..<max(1, count) {
                group.addTask {
                    PlatformPair(
                        source: Platform(request.source.platform.connector),
                        destination: Platform(request.destination.connector))
                }
            }
            return await group.reduce(into: [first]) { $0.append($1) }
        }
    }
}

/// One worker's tools; given to one task at a time by the pool.
final class PassWorker: @unchecked Sendable {  // owns a C parser; the pool hands it to one task at a time
    let request: PassRequest
    private let source: SourceWorker
    let destination: DestinationWorker
    let agents: SourcePeople
    /// For conversations that wait on disk until all that belong to them are there.
    let codec: RecordCodec?
    private let gathersPeople: Bool
    private let needsHashes: Bool
    private let versions: RecordVersions
    private let observer: (any RunObserver)?
    /// For an observer: records as they were written, by the position of their item.
    private var written: [Int: NeutralRecord] = [:]

    // The platforms are compiled for this worker alone.
    init(
        _ request: PassRequest, _ platforms: PlatformPair, people: PeopleDirectory, destinationPeople: PeopleDirectory,
        agents: SourcePeople, children: ChildStore?, versions: RecordVersions, gathersPeople: Bool, needsHashes: Bool,
        keepsExtras: Bool, observer: (any RunObserver)? = nil
    ) throws {
        self.request = request
        self.observer = observer
        self.agents = agents
        self.gathersPeople = gathersPeople
        self.needsHashes = needsHashes
        self.versions = versions
        source = try SourceWorker(
            platforms.source, keepsExtras: keepsExtras,
            skipsTextBesideHTML: observer == nil && !keepsExtras && !request.mapping.readsBodies
                && request.destination.keepsOnlyHTML,
            people: people, children: children, contents: request.contents,
            contentFolders: request.source.contentFolders)
        destination = DestinationWorker(
            platforms.destination, people: destinationPeople, takesContents: request.contents != nil)
        codec = try request.scratch.map { try RecordCodec($0) }
    }

    func work(_ batch: SourceBatch) -> PassOutput {
        var output = PassOutput()
        output.sourceBytes = batch.byteCount
        output.position = batch.position
        output.bytes.reserveCapacity(batch.byteCount)
        if needsHashes {
            output.batchHash = batch.contentHash
        }
        if batch.phase == .children {
            (output.children, output.notes) = source.stage(batch)
            return output
        }
        output.notes = source.read(batch) { record, place, embedded in
            switch versions.standing(of: record, at: place) {
            case .replaced: break
            case .repeated: output.repeated.append(record.id)
            case .current:
                output.people += embedded
                take(&record, place, &output)
            }
        }
        output.losses.merge(destination.takeLosses())
        output.placeholders = destination.takePlaceholders()
        return output
    }

    /// Turns records that did not come from a file: people that only other records name.
    func work(_ records: [NeutralRecord], place: SourcePlace) -> PassOutput {
        var output = PassOutput()
        for var record in records { take(&record, place, &output) }
        output.losses.merge(destination.takeLosses())
        return output
    }

    /// Writes people that the destination needs a record of; the mapping has had its say about them.
    func work(placeholders: [NeutralRecord]) -> PassOutput {
        var output = PassOutput()
        for person in placeholders where request.only?.contains(person.entity) ?? true {
            observing(&output, before: { _ in person }) { output in
                var record = person
                destination.counting { $0.begin(record.entity) }
                guard destination.project(&record) else { return }
                write(record, record.id, .nowhere, (0, 0), &output)
            }
        }
        output.losses.merge(destination.takeLosses())
        return output
    }

    private func take(_ record: inout NeutralRecord, _ place: SourcePlace, _ output: inout PassOutput) {
        guard observer != nil else { return turn(&record, place, &output) }
        let before = record
        observing(&output, before: { _ in before }) { turn(&record, place, &$0) }
    }

    /// Shows an observer what records became; their losses are counted apart for it, and they are kept as they were.
    ///
    /// - Parameters:
    ///   - output: What the work adds to.
    ///   - before: The record that one of an id was made from.
    ///   - work: Turns records.
    func observing(
        _ output: inout PassOutput, before: (String) -> NeutralRecord?, _ work: (inout PassOutput) -> Void
    ) {
        guard let observer else { return work(&output) }
        let first = output.items.count
        var losses = output.losses
        output.losses = destination.takeLosses()
        losses.merge(output.losses)
        output.losses = LossTally()
        written = [:]
        work(&output)
        output.losses.merge(destination.takeLosses())
        let own = output.losses.all
        losses.merge(output.losses)
        output.losses = losses
        for index in first..<output.items.count where output.items[index].fate != .staged {
            guard let source = before(output.items[index].id) else { continue }
            let shown = request.mapping.shown(source, people: agents)
            output.items[index].digest = observer.digest(
                RecordPassage(
                    before: shown, after: written[index], losses: own,
                    isDescribed: !output.items[index].place.file.isEmpty))
        }
        written = [:]
    }

    private func turn(_ record: inout NeutralRecord, _ place: SourcePlace, _ output: inout PassOutput) {
        let entity = record.entity
        let id = record.id
        func leave(_ fate: PassItem.Fate) {
            output.items.append(
                PassItem(
                    entity: entity, id: id, idHash: IDTable.hash(entity, id), contentHash: 0, place: place, fate: fate,
                    pieces: [], head: 0, parts: [], entryCount: 0))
        }
        if let only = request.only, !only.contains(entity) { return leave(.filtered) }
        if let since = request.since, case .conversation(let conversation) = record,
            let changed = conversation.updatedAt ?? conversation.createdAt, changed < since
        {
            return leave(.filtered)
        }
        if case .contact(let contact) = record, let contacts = request.contacts {
            // A person who was joined with another one goes along in that one's record.
            if contacts.moves[contact.id] != nil {
                if gathersPeople { output.directory.append(record) }
                return leave(.filtered)
            }
            if let merged = contacts.merged[contact.id] { record = .contact(merged) }
        }
        if gathersPeople {
            output.directory.append(record)
            if request.mapping.erases(record) { output.erased.append(id) }
        }
        if isUnreferenced(record) { return leave(.filtered) }
        if request.mapping.threads || request.threadFile != nil, case .conversation(let conversation) = record {
            record = .team(Team())
            guard takeThreads(of: conversation, place, &output) else { return leave(.filtered) }
            return
        }
        var rank: (UInt8, Int64) = (0, 0)
        var redirect: Redirect?
        if case .conversation(let conversation) = record {
            if let order = request.mapping.order { rank = order.rank(of: conversation) }
            if request.redirectFile != nil { redirect = request.mapping.redirect(conversation, to: id) }
        }
        destination.counting { $0.begin(entity) }
        if !request.mapping.isIdentity {
            guard map(&record, id, &output) else {
                destination.counting { $0.retract() }
                return leave(.filtered)
            }
        }
        if gathersPeople, request.mapping.changesPeople, case .contact = record { output.mappedContacts.append(record) }
        if let redirect { output.redirects.append(redirect) }
        guard destination.project(&record, isUnchanged: request.mapping.isIdentity) else { return leave(.homeless) }
        write(record, id, place, rank, &output)
    }

    /// Whether the mapping takes only people that conversations refer to, and none refers to this one.
    private func isUnreferenced(_ record: NeutralRecord) -> Bool {
        guard request.mapping.keepsOnlyReferencedPeople, let survey = agents.known as? SourceSurvey else {
            return false
        }
        return !survey.refers(to: record)
    }

    /// Maps a record; `false` when it does not go along.
    private func map(_ record: inout NeutralRecord, _ id: String, _ output: inout PassOutput) -> Bool {
        guard request.mapping.addsNotes, case .conversation(var conversation) = record else {
            return destination.counting { losses in
                request.mapping.apply(to: &record, people: agents, losses: &losses, coverage: &output.coverage)
            } == .keep
        }
        record = .team(Team())
        defer { record = .conversation(conversation) }
        guard request.mapping.filterReason(against: conversation, people: agents) == nil else { return false }
        map(&conversation, &output)
        return true
    }

    /// Maps a conversation that goes along, with the note about what of it does not arrive.
    func map(_ conversation: inout Conversation, _ output: inout PassOutput) {
        guard request.mapping.addsNotes else {
            return destination.counting { losses in
                request.mapping.map(&conversation, people: agents, losses: &losses, coverage: &output.coverage)
            }
        }
        let id = conversation.id
        var own = LossTally()
        request.mapping.map(&conversation, people: agents, losses: &own, coverage: &output.coverage)
        var record = NeutralRecord.conversation(conversation)
        addNote(to: &record, id, own, &output)
        if case .conversation(let noted) = record { conversation = noted }
        destination.counting { $0.add(own, record: id) }
    }

    /// Tries what the destination does to a conversation, and adds a note about what of it does not arrive.
    private func addNote(to record: inout NeutralRecord, _ id: String, _ own: LossTally, _ output: inout PassOutput) {
        guard case .conversation(var conversation) = record else { return }
        let before = destination.takeLosses()
        var trial = record
        _ = destination.project(&trial)
        var lost = own
        lost.merge(destination.takeLosses())
        destination.counting { losses in
            losses = before
            request.mapping.addNote(to: &conversation, id: id, lost: lost, losses: &losses)
        }
        record = .conversation(conversation)
    }

    /// Encodes a projected record.
    func write(
        _ record: NeutralRecord, _ id: String, _ place: SourcePlace, _ rank: (UInt8, Int64), _ output: inout PassOutput
    ) {
        let compared = request.comparesAuthorsByID ? record.withAuthorsByID : record
        let hashes = needsHashes ? compared.contentHashes : (0, [])
        let start = output.bytes.count
        let pieces = destination.encode(record, into: &output.bytes)
        let contentHash = output.bytes.withUnsafeBufferPointer {
            StableHash.ofContent(UnsafeBufferPointer(rebasing: $0[start...]))
        }
        var entries = 0
        if case .conversation(let conversation) = record { entries = conversation.timeline.count }
        if observer != nil, !pieces.isEmpty { written[output.items.count] = compared }
        output.items.append(
            PassItem(
                entity: record.entity, id: id, idHash: IDTable.hash(record.entity, id), contentHash: contentHash,
                place: place, fate: pieces.isEmpty ? .homeless : .write, pieces: pieces, head: hashes.0,
                parts: hashes.1, entryCount: entries,
                targetHash: record.id == id ? nil : IDTable.hash(record.entity, record.id), rank: rank))
    }
}

/// Hands workers out and takes them back.
final class WorkerPool: Sendable {
    private let idle: Mutex<[PassWorker]>

    init(_ workers: [PassWorker]) { idle = Mutex(workers) }

    func withWorker<R: Sendable>(_ body: (PassWorker) -> R) -> R? {
        guard let worker = idle.withLock({ $0.popLast() }) else { return nil }
        defer { idle.withLock { $0.append(worker) } }
        return body(worker)
    }
}

extension NeutralRecord {
    /// The record with authors and participants who have an id known by that alone.
    fileprivate var withAuthorsByID: NeutralRecord {
        guard case .conversation(var conversation) = self else { return self }
        for index in conversation.timeline.indices where conversation.timeline[index].author.id != nil {
            conversation.timeline[index].author.name = nil
            conversation.timeline[index].author.email = nil
        }
        for index in conversation.participants.indices where !conversation.participants[index].id.isEmpty {
            conversation.participants[index].name = nil
            conversation.participants[index].email = nil
        }
        return .conversation(conversation)
    }
}
