internal import ConnectorKit
internal import ConversationModel
internal import Diagnostics
internal import FieldMapping

extension PassWorker {
    /// Puts a conversation aside, or turns what is cut out of it; `false` when it does not go along.
    func takeThreads(of conversation: Conversation, _ place: SourcePlace, _ output: inout PassOutput) -> Bool {
        guard request.mapping.filterReason(against: conversation, people: agents) == nil else { return false }
        let keys = keys(of: conversation)
        if !keys.isEmpty, let codec {
            let bytes = codec.encode(.conversation(conversation))
            let start = output.bytes.count
            output.bytes += bytes
            var hasher = StableHasher()
            bytes.withUnsafeBufferPointer { hasher.combine($0) }
            output.items.append(
                PassItem(
                    entity: .conversation, id: conversation.id, idHash: IDTable.hash(.conversation, conversation.id),
                    contentHash: UInt64(truncatingIfNeeded: hasher.finish()), place: place, fate: .staged,
                    pieces: [EncodedPiece(export: -1, range: start..<output.bytes.count)], head: 0, parts: [],
                    entryCount: conversation.timeline.count, keys: keys))
            return true
        }
        var losses = LossTally()
        take(request.mapping.cut(conversation, losses: &losses), losses, place, &output)
        return true
    }

    private func keys(of conversation: Conversation) -> [UInt64] {
        if let table = request.mapping.restoring {
            return table.rows(of: conversation.id).map { IDTable.hash(.conversation, $0.id) }
        }
        if let key = request.mapping.contactKey(of: conversation) { return [IDTable.hash(.contact, key)] }
        guard let survey = agents.known as? SourceSurvey else { return [] }
        return survey.relatives(of: conversation.id).map { [$0] } ?? []
    }

    /// Joins or puts together again what was gathered under one key, and turns it.
    func work(gathered: [Conversation], key: UInt64) -> PassOutput {
        var output = PassOutput()
        observing(
            &output,
            before: { id in (gathered.first { $0.id == id } ?? gathered.first).map { .conversation($0) } }
        ) { output in turn(gathered, key, &output) }
        output.losses.merge(destination.takeLosses())
        output.placeholders = destination.takePlaceholders()
        return output
    }

    private func turn(_ gathered: [Conversation], _ key: UInt64, _ output: inout PassOutput) {
        var losses = LossTally()
        if let table = request.mapping.restoring {
            if let whole = restored(gathered, key, table) {
                take([ThreadedConversation(whole)], losses, .nowhere, &output)
            }
        } else {
            let threads = request.mapping.joined(gathered, losses: &losses)
            // A thread that was joined may be cut again for platforms that think in sittings.
            let pieces = threads.flatMap { thread in
                thread.origins.isEmpty ? request.mapping.cut(thread.conversation, losses: &losses) : [thread]
            }
            take(pieces, losses, .nowhere, &output)
            let written = Set(pieces.map(\.conversation.id))
            for conversation in gathered where !written.contains(conversation.id) {
                output.items.append(
                    PassItem(
                        entity: .conversation, id: conversation.id,
                        idHash: IDTable.hash(.conversation, conversation.id), contentHash: 0, place: .nowhere,
                        fate: .filtered, pieces: [], head: 0, parts: [], entryCount: 0))
            }
        }
    }

    private func restored(_ gathered: [Conversation], _ key: UInt64, _ table: ThreadTable) -> Conversation? {
        var id: String?
        let holders = gathered.map { conversation in
            let rows = table.rows(of: conversation.id).filter { IDTable.hash(.conversation, $0.id) == key }
            id = id ?? rows.first?.id
            let origins = rows.compactMap { row -> ThreadOrigin? in
                guard case .conversation(let head)? = try? codec?.decode(Array(row.head.utf8), .conversation) else {
                    return nil
                }
                return row.origin(head)
            }
            return ThreadedConversation(conversation, origins: origins)
        }
        return id.flatMap { request.mapping.restored($0, from: holders) }
    }

    // MARK: Turning

    private func take(
        _ threads: [ThreadedConversation], _ losses: LossTally, _ place: SourcePlace, _ output: inout PassOutput
    ) {
        for (index, thread) in threads.enumerated() {
            destination.counting { tally in
                tally.begin(.conversation)
                if index == 0 { tally.add(losses, record: thread.conversation.id) }
            }
            take(thread, place, &output)
        }
    }

    private func take(_ thread: ThreadedConversation, _ place: SourcePlace, _ output: inout PassOutput) {
        var thread = thread
        let id = thread.conversation.id
        let limit = request.mapping.entryLimit(request.destination.connector.capabilities.entryLimit)
        if request.redirectFile != nil {
            let sources =
                thread.origins.isEmpty ? [thread.conversation] : thread.origins.filter { $0.part == 1 }.map(\.head)
            output.redirects += sources.map { request.mapping.redirect($0, to: id) }
        }
        let rank = request.mapping.order?.rank(of: thread.conversation) ?? (0, 0)
        // A way back that is asked for leads to sessions too, which few destinations keep.
        let hasSessions = request.threadFile != nil && !thread.conversation.sessions.isEmpty
        if limit != nil || hasSessions, thread.origins.isEmpty {
            thread.origins = [CompiledMapping.whole(thread.conversation)]
        }
        map(&thread.conversation, &output)
        var pieces = [thread]
        if let limit, needsSplit(thread.conversation, limit) {
            pieces = destination.counting { request.mapping.split(thread, limit: limit, losses: &$0) }
        } else if limit != nil, !hasSessions, thread.origins.count == 1, thread.origins[0].head.id == id,
            thread.origins[0].part == 1
        {
            // It is whole, so nothing needs to lead back.
            if thread.origins[0].entries.count == thread.conversation.timeline.count { pieces[0].origins = [] }
        }
        for piece in pieces {
            note(piece, &output)
            var record = NeutralRecord.conversation(piece.conversation)
            guard destination.project(&record, isUnchanged: request.mapping.isIdentity) else { continue }
            write(record, piece.conversation.id, place, rank, &output)
        }
    }

    /// Whether more entries than the limit are left after the destination took what it can hold.
    private func needsSplit(_ conversation: Conversation, _ limit: Int) -> Bool {
        guard conversation.timeline.count > limit else { return false }
        let before = destination.takeLosses()
        var trial = NeutralRecord.conversation(conversation)
        _ = destination.project(&trial)
        destination.counting { $0 = before }
        guard case .conversation(let projected) = trial else { return false }
        return projected.timeline.count > limit
    }

    private func note(_ thread: ThreadedConversation, _ output: inout PassOutput) {
        guard request.threadFile != nil, !thread.origins.isEmpty, let codec else { return }
        output.threads += ThreadTable.line(thread) {
            let head = request.mapping.shown(.conversation($0), people: agents)
            return String(decoding: codec.encode(head), as: UTF8.self)
        }
    }
}

/// Conversations that wait until all that belong together are there.
final class ThreadStage {
    private let builder: KeyedStaging.Builder
    private var keys: [UInt64] = []
    private var known: Set<UInt64> = []

    init() throws { builder = try KeyedStaging.Builder() }

    func append(_ item: PassItem, _ bytes: UnsafeBufferPointer<UInt8>) throws {
        for piece in item.pieces {
            try builder.append(UnsafeBufferPointer(rebasing: bytes[piece.range]), keys: item.keys)
        }
        for key in item.keys where known.insert(key).inserted { keys.append(key) }
    }

    /// All that was gathered, ready to be given out as often as is asked for.
    func finish() throws -> GatheredThreads { GatheredThreads(staging: try builder.finish(), keys: keys) }
}

/// Conversations by what they are gathered by.
struct GatheredThreads {
    fileprivate let staging: KeyedStaging
    fileprivate let keys: [UInt64]

    /// Gives them out key by key, in the order in which the keys were first met.
    func forEach(_ codec: RecordCodec, _ body: (_ key: UInt64, _ gathered: [Conversation]) throws -> Void) throws {
        for key in keys {
            let gathered = try staging.items(key).compactMap { item -> Conversation? in
                guard case .conversation(let conversation) = try codec.decode(staging.payload(item), .conversation)
                else {
                    return nil
                }
                return conversation
            }
            try body(key, gathered)
        }
    }
}

/// Conversations that go along, some of them in one that they were joined in.
struct JoinedConversations: KnownConversations {
    let survey: SourceSurvey
    let joined: [UInt64: String]

    func destinationID(of id: String) -> String? {
        joined[IDTable.hash(.conversation, id)] ?? survey.destinationID(of: id)
    }

    func destinationID(ofNumber number: String) -> String? {
        survey.destinationID(ofNumber: number).flatMap { destinationID(of: $0) }
    }
}
