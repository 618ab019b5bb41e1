import ConversationModel

extension ThreadSection {
    // MARK: Sessions

    /// Cuts a conversation at its sessions, or at silences where it has none.
    func cut(_ conversation: Conversation, _ losses: inout LossTally) -> [ThreadedConversation] {
        guard concerns(conversation) else { return [ThreadedConversation(conversation)] }
        var whole = conversation
        if let idle, conversation.sessions.isEmpty { addSessions(to: &whole, idle: idle, &losses) }
        guard mode == .perSession, whole.sessions.count > 1 else {
            guard whole != conversation else { return [ThreadedConversation(conversation)] }
            let origin = ThreadOrigin(whole: conversation)
            return [ThreadedConversation(whole, origins: [origin])]
        }
        let pieces = sessionGroups(of: whole).map { sessions in
            (sessions: sessions, ids: Set(sessions.map(\.id)))
        }
        var timelines = [[Entry]](repeating: [], count: pieces.count)
        var at = 0
        for entry in whole.timeline {
            // What belongs to no session happened in the one before it.
            if let session = entry.session, let place = pieces.firstIndex(where: { $0.ids.contains(session) }) {
                at = place
            }
            timelines[at].append(entry)
        }
        losses.add(
            .conversation, "timeline", .converted, record: conversation.id,
            detail: "cut in \(pieces.count) conversations, one a session")
        return assemble(whole, of: conversation, zip(pieces.map(\.sessions), timelines).map { ($0, $1) }, &losses)
    }

    /// Sessions that stay together: an offline message goes with the sitting that follows it where that is asked for.
    private func sessionGroups(of conversation: Conversation) -> [[Session]] {
        var groups: [[Session]] = []
        var waiting: [Session] = []
        for session in conversation.sessions {
            if offline == .join, session.kind == .offline {
                waiting.append(session)
                continue
            }
            groups.append(waiting + [session])
            waiting = []
        }
        if !waiting.isEmpty { groups.append(waiting) }
        return groups
    }

    /// Writes sessions into an asynchronous thread: a new one begins where nobody wrote for a while.
    private func addSessions(to conversation: inout Conversation, idle: Int64, _ losses: inout LossTally) {
        guard !conversation.timeline.isEmpty else { return }
        var sessions: [Session] = []
        var lastWord: Instant?
        for index in conversation.timeline.indices {
            let entry = conversation.timeline[index]
            let time = entry.createdAt
            // What merely happened, such as an automatic close, neither begins a session nor keeps one going.
            let begins =
                sessions.isEmpty
                || !entry.kind.isEvent
                    && lastWord.map { last in (time?.microseconds ?? 0) - last.microseconds > idle } ?? false
            if begins {
                var session = Session()
                session.id = "\(conversation.id)-s\(sessions.count + 1)"
                session.startedAt = time
                session.channel = conversation.channel
                sessions.append(session)
            }
            conversation.timeline[index].session = sessions[sessions.count - 1].id
            if let time { sessions[sessions.count - 1].endedAt = time }
            if !entry.kind.isEvent, let time { lastWord = time }
        }
        for index in sessions.indices {
            let words = conversation.timeline.filter { $0.session == sessions[index].id && $0.kind == .message }
            let isAnswered = words.contains { $0.author.kind == .agent || $0.author.kind == .bot }
            let isAsked = words.contains { $0.author.kind == .contact }
            sessions[index].kind = isAnswered && isAsked ? .live : .offline
        }
        conversation.sessions = sessions
        losses.add(
            .conversation, "sessions", .invented, record: conversation.id, count: sessions.count,
            detail: "cut where nobody wrote")
    }

    // MARK: Pieces

    private func assemble(
        _ whole: Conversation, of source: Conversation, _ parts: [(sessions: [Session]?, entries: [Entry])],
        _ losses: inout LossTally
    ) -> [ThreadedConversation] {
        let kept = parts.filter { !$0.entries.isEmpty || ($0.sessions?.isEmpty == false) }
        if kept.count > 1, whole.status != .closed {
            losses.add(
                .conversation, "status", .invented, record: source.id, count: kept.count - 1,
                detail: "closed, as another piece follows")
        }
        var head = source
        head.timeline = []
        let sessions = Dictionary(
            source.timeline.compactMap { entry in entry.session.map { (entry.id, $0) } },
            uniquingKeysWith: { first, _ in first })
        return kept.enumerated().map { index, part in
            var piece = whole
            let (isFirst, isLast) = (index == 0, index == kept.count - 1)
            piece.timeline = part.entries
            if let sessions = part.sessions { piece.sessions = sessions }
            if !isFirst {
                let before = index == 1 ? whole.id : "\(whole.id)-\(index)"
                piece.id = "\(whole.id)-\(index + 1)"
                piece.number = nil
                piece.externalID = nil
                piece.createdAt = part.sessions?.first?.startedAt ?? part.entries.first?.createdAt ?? whole.createdAt
                piece.links = [Link(.followUpOf, before)]
            }
            if !isLast {
                let end = part.sessions?.last?.endedAt ?? part.entries.compactMap(\.createdAt).max()
                piece.status = .closed
                piece.closedAt = end ?? whole.closedAt
                piece.updatedAt = end ?? whole.updatedAt
                piece.snoozedUntil = nil
                piece.rating = nil
            }
            let origin = ThreadOrigin(
                head: head, part: index + 1, parts: kept.count,
                entries: part.entries.map { ThreadEntry(id: $0.id, session: sessions[$0.id]) })
            return ThreadedConversation(piece, origins: [origin])
        }
    }

    // MARK: Limits

    /// Cuts a conversation into pieces of at most so many entries, each with a note that names its neighbours.
    func split(_ conversation: Conversation, limit: Int, _ losses: inout LossTally) -> [ThreadedConversation] {
        let count = conversation.timeline.count
        guard count > limit, limit > 1 else { return [ThreadedConversation(conversation)] }
        let size = limit - 1
        let parts = stride(from: 0, to: count, by: size).map { start in
            (sessions: [Session]?.none, entries: Array(conversation.timeline[start..<min(count, start + size)]))
        }
        losses.add(
            .conversation, "timeline", .converted, record: conversation.id,
            detail: "\(count) entries split in \(parts.count) conversations of at most \(limit)")
        var pieces = assemble(conversation, of: conversation, parts, &losses)
        losses.add(
            .conversation, "timeline", .invented, record: conversation.id, count: pieces.count,
            detail: "notes that name the neighbours")
        for index in pieces.indices {
            var words = ["Part \(index + 1) of \(pieces.count)."]
            if index > 0 { words.append("Before it: \(pieces[index - 1].conversation.id).") }
            if index < pieces.count - 1 { words.append("After it: \(pieces[index + 1].conversation.id).") }
            var note = Entry()
            note.id = "part-\(index + 1)-\(conversation.id)"
            note.kind = .note
            note.author = Author(.system)
            note.createdAt = pieces[index].conversation.timeline.compactMap(\.createdAt).max() ?? conversation.createdAt
            note.text = words.joined(separator: " ")
            pieces[index].conversation.timeline.append(note)
            let used = Set(pieces[index].conversation.timeline.compactMap(\.session))
            if !pieces[index].conversation.sessions.isEmpty {
                pieces[index].conversation.sessions.removeAll { !used.contains($0.id) }
            }
        }
        return pieces
    }
}
