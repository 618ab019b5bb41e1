import ConversationModel

extension ThreadSection {
    /// Joins what belongs together into one conversation each.
    ///
    /// - Parameters:
    ///   - group: Conversations of one contact, or tickets that were merged or follow each other.
    ///   - losses: Counts what is joined.
    /// - Returns: One conversation for each stretch without a gap.
    func join(_ group: [Conversation], _ losses: inout LossTally) -> [ThreadedConversation] {
        guard group.count > 1 else { return group.map { ThreadedConversation($0) } }
        let ordered = group.enumerated().sorted { a, b in
            let (x, y) = (a.element.firstMoment?.microseconds ?? .max, b.element.firstMoment?.microseconds ?? .max)
            return (x, a.offset) < (y, b.offset)
        }.map(\.element)
        var stretches: [[Conversation]] = []
        var last: Instant?
        for conversation in ordered {
            let silence = conversation.firstMoment.flatMap { first in
                last.map { first.microseconds - $0.microseconds }
            }
            if stretches.isEmpty || mode == .perContact && gap.map({ (silence ?? 0) > $0 }) ?? false {
                stretches.append([])
                last = nil
            }
            stretches[stretches.count - 1].append(conversation)
            last = [last, conversation.lastMoment].compactMap(\.self).max()
        }
        return stretches.map { $0.count == 1 ? ThreadedConversation($0[0]) : joined($0, &losses) }
    }

    private func joined(_ conversations: [Conversation], _ losses: inout LossTally) -> ThreadedConversation {
        let lead = leader(of: conversations)
        var whole = conversations[lead]
        let last = conversations[conversations.count - 1]
        if mode == .perContact {
            // A thread is known by its beginning and stands where it stands now.
            whole.status = last.status
            whole.priority = last.priority
            whole.assignee = last.assignee
            whole.team = last.team
            whole.snoozedUntil = last.snoozedUntil
            whole.rating = conversations.compactMap(\.rating).last
            whole.closedAt = last.closedAt
        }
        whole.createdAt = conversations.compactMap(\.createdAt).min() ?? whole.createdAt
        whole.updatedAt = conversations.compactMap(\.updatedAt).max() ?? whole.updatedAt
        let members = Set(conversations.map(\.id))
        whole.tags = union(conversations.map(\.tags))
        whole.participants = union(conversations.map(\.participants))
        for requester in union([conversations.compactMap(\.requester)])
        where requester != whole.requester && !whole.participants.contains(where: { $0.id == requester }) {
            whole.participants.append(Participant(.contact, requester, .participant))
        }
        whole.links = union(conversations.map(\.links)).filter { !members.contains($0.id) }
        whole.fields = joinedFields(conversations, lead)
        whole.sessions = []
        var origins: [ThreadOrigin] = []
        var taken: Set<String> = []
        var entries: [(time: Int64, entry: Entry)] = []
        for conversation in conversations {
            let (timeline, sessions, ids) = unique(conversation, &taken)
            whole.sessions += sessions
            var time = Int64.min
            for entry in timeline {
                time = max(time, entry.createdAt?.microseconds ?? time)
                entries.append((time, entry))
            }
            origins.append(ThreadOrigin(whole: conversation, timeline: timeline, ids: ids))
        }
        whole.timeline = entries.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element.entry)
        losses.add(
            .conversation, "timeline", .converted, record: whole.id,
            detail: "joined of \(conversations.count) conversations")
        noteHeads(conversations, whole, &losses)
        return ThreadedConversation(whole, origins: origins)
    }

    /// Whose id and head the joined conversation takes: the ticket that others were merged into, else the first.
    private func leader(of conversations: [Conversation]) -> Int {
        guard mode != .perContact else { return 0 }
        let members = Set(conversations.map(\.id))
        return conversations.firstIndex { conversation in
            !conversation.links.contains {
                ($0.kind == .mergedInto || $0.kind == .followUpOf) && members.contains($0.id)
            }
        } ?? 0
    }

    /// What the joined conversations' heads say and the whole does not say any more, that of the leader included.
    private func noteHeads(_ conversations: [Conversation], _ whole: Conversation, _ losses: inout LossTally) {
        for head in conversations {
            func note<Value: Equatable>(
                _ field: String, _ value: Value?, _ kept: Value?, _ lossClass: LossClass = .dropped,
                _ detail: (Value) -> String = { _ in "joined in \(whole.id)" }
            ) {
                guard let value, value != kept else { return }
                losses.add(.conversation, field, lossClass, record: head.id, detail: detail(value))
            }
            note("number", head.number, whole.number)
            note("external_id", head.externalID, whole.externalID)
            note("subject", head.subject, whole.subject)
            note("status", head.status, whole.status) { $0.rawValue }
            note("priority", head.priority, whole.priority) { $0.rawValue }
            note("brand", head.brand, whole.brand)
            note("url", head.url, whole.url)
            note("snoozed_until", head.snoozedUntil, whole.snoozedUntil)
            note("requester", head.requester, whole.requester, .converted) { _ in "participant of \(whole.id)" }
            note("assignee", head.assignee, whole.assignee)
            note("team", head.team, whole.team)
            note("rating", head.rating, whole.rating)
            // A conversation without sessions became one, which says its channel and its end.
            if !head.sessions.isEmpty {
                let sessions = whole.sessions.filter { $0.channel == head.channel }
                note("channel", head.channel, sessions.isEmpty ? whole.channel : head.channel) { $0.rawValue }
                note("closed_at", head.closedAt, whole.closedAt)
            }
            for field in head.fields where !field.value.saysNothing {
                note("fields." + field.key, field.value, whole.fields.first { $0.key == field.key }?.value)
            }
        }
    }

    private func union<Value: Hashable>(_ lists: [[Value]]) -> [Value] {
        var seen: Set<Value> = []
        return lists.flatMap { $0 }.filter { seen.insert($0).inserted }
    }

    /// The newest value of each field; the leader's where only order decides.
    private func joinedFields(_ conversations: [Conversation], _ lead: Int) -> [FieldValue] {
        let ordered =
            mode == .perContact
            ? conversations : conversations.filter { $0.id != conversations[lead].id } + [conversations[lead]]
        var fields: [FieldValue] = []
        for field in ordered.flatMap(\.fields) where !field.value.saysNothing {
            if let index = fields.firstIndex(where: { $0.key == field.key }) {
                fields[index] = field
            } else {
                fields.append(field)
            }
        }
        return fields
    }

    /// Timeline and sessions of one conversation with ids that nothing else of the thread has.
    private func unique(
        _ conversation: Conversation, _ taken: inout Set<String>
    ) -> (timeline: [Entry], sessions: [Session], ids: [String: String]) {
        var timeline = conversation.timeline
        var ids: [String: String] = [:]
        var renamed: [String: String] = [:]
        for index in timeline.indices {
            let old = timeline[index].id
            var new = old.isEmpty ? "\(conversation.id)/\(index + 1)" : old
            if taken.contains(new) { new = "\(conversation.id)/\(old)" }
            var number = 2
            while taken.contains(new) {
                new = "\(conversation.id)/\(old)#\(number)"
                number += 1
            }
            taken.insert(new)
            guard new != old else { continue }
            timeline[index].id = new
            ids[new] = old
            renamed[old] = new
        }
        if !renamed.isEmpty {
            for index in timeline.indices {
                if let answered = timeline[index].replyTo, let new = renamed[answered] { timeline[index].replyTo = new }
            }
        }
        var sessions = conversation.sessions
        if sessions.isEmpty {
            var session = Session()
            session.id = conversation.id
            session.startedAt = conversation.firstMoment
            session.endedAt = conversation.closedAt ?? conversation.lastMoment
            session.channel = conversation.channel
            sessions = [session]
            for index in timeline.indices { timeline[index].session = session.id }
        }
        return (timeline, sessions, ids)
    }

    // MARK: Back

    /// Puts a conversation of the source together again from the conversations that hold parts of it.
    ///
    /// - Parameters:
    ///   - id: The conversation's id.
    ///   - holders: What holds parts of it, with what leads back.
    /// - Returns: The conversation with all entries that are still there, in the order that it had.
    static func restored(_ id: String, from holders: [ThreadedConversation]) -> Conversation? {
        var parts: [(origin: ThreadOrigin, holder: Conversation)] = []
        for holder in holders {
            for origin in holder.origins where origin.head.id == id { parts.append((origin, holder.conversation)) }
        }
        parts.sort { $0.origin.part < $1.origin.part }
        guard var whole = parts.first?.origin.head else { return nil }
        for (origin, holder) in parts {
            let entries = Dictionary(holder.timeline.map { ($0.id, $0) }, uniquingKeysWith: { a, _ in a })
            for member in origin.entries {
                guard var entry = entries[member.id] else { continue }
                entry.id = origin.ids[member.id] ?? member.id
                if let answered = entry.replyTo, let old = origin.ids[answered] { entry.replyTo = old }
                entry.session = member.session
                whole.timeline.append(entry)
            }
        }
        return whole
    }
}
