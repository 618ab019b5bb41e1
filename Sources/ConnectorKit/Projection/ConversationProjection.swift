internal import ConversationModel
internal import ExportFormats

/// Cuts a conversation to what a destination can hold: the parts of it that no single rule can decide.
final class ConversationProjection: Sendable {
    /// One list of entries and what it can hold; a class, so that asking for an entry's list copies nothing.
    private final class EntryList: Sendable {
        let projection: Projection
        let takes: (@Sendable (Entry) -> Bool)?
        let kinds: (any EntryKindNode)?
        let keepsHTML: Bool
        let keepsText: Bool
        let keepsFilesApart: Bool
        /// Whether entries say what kind of author each has, beside the id.
        let tellsAuthors: Bool

        init(
            projection: Projection, takes: (@Sendable (Entry) -> Bool)?, kinds: (any EntryKindNode)?, keepsHTML: Bool,
            keepsText: Bool, keepsFilesApart: Bool, tellsAuthors: Bool
        ) {
            self.keepsFilesApart = keepsFilesApart
            self.tellsAuthors = tellsAuthors
            self.projection = projection
            self.takes = takes
            self.kinds = kinds
            self.keepsHTML = keepsHTML
            self.keepsText = keepsText
        }
    }

    private let whole: Projection
    /// What the first message says of the conversation.
    private let saidByFirst: [(node: any ValueNode, property: Property)]
    /// What sessions say of the conversation.
    private let saidBySessions: [(node: any ValueNode, property: Property)]
    private let sessionsHoldEntries: Bool
    /// Whether an entry alone tells that a session has ended.
    private let endsAreEntries: Bool
    private let merge: TimelineMerge?
    /// What each entry says of the conversation.
    private let saidByAny: [(node: any ValueNode, property: Property)]
    private let lists: [EntryList]
    private let first: EntryList?
    private let participants: [(kind: Author.Kind, role: Participant.Role)]
    private let requesterLeads: Bool
    private let participantsAreObjects: Bool
    private let links: [(kind: Link.Kind, isList: Bool)]
    private let linksAreObjects: Bool
    private let capabilities: Capabilities

    init(_ node: ObjectNode, _ capabilities: Capabilities) {
        self.capabilities = capabilities
        var saidByFirst: [(node: any ValueNode, property: Property)] = []
        var saidByAny: [(node: any ValueNode, property: Property)] = []
        var lists: [EntryList] = []
        var first: EntryList?
        var participants: [(kind: Author.Kind, role: Participant.Role)] = []
        var links: [(kind: Link.Kind, isList: Bool)] = []
        var requesterLeads = false
        var participantsAreObjects = false
        var linksAreObjects = false
        var saidBySessions: [(node: any ValueNode, property: Property)] = []
        var saidElsewhere: Set<Int> = []
        var sessionsHoldEntries = false
        var endsAreEntries = false
        // Entries inside their session need no word that says which one it is.
        var elsewhere: Set<Int> =
            capabilities.authorsAreIDs ? [place(\Entry.author.name), place(\Entry.author.email)] : []
        node.forEachValue { value, _ in
            if let list = value as? SessionListNode, !list.entryLists.isEmpty {
                elsewhere.insert(place(\Entry.session))
            }
            if value is SoleSessionNode { elsewhere.insert(place(\Entry.session)) }
        }
        func list(_ node: ObjectNode, takes: (@Sendable (Entry) -> Bool)?, isFirst: Bool) -> EntryList {
            var kinds: (any EntryKindNode)?
            var keepsFilesApart = false
            var tellsAuthors = false
            node.forEachValue { value, base in
                tellsAuthors = tellsAuthors || value is AuthorKindNode
                if let node = value as? any EntryKindNode, base == 0, node.decidesKinds { kinds = kinds ?? node }
                keepsFilesApart = keepsFilesApart || value is FileFieldNode
            }
            // The first message is as old as the conversation and needs no time of its own.
            let projection = Projection(
                node, Entry.properties, prefix: "timeline.",
                elsewhere: elsewhere.union(isFirst ? [place(\Entry.createdAt)] : []))
            return EntryList(
                projection: projection, takes: takes, kinds: kinds,
                keepsHTML: projection.binds(place(\Entry.html)), keepsText: projection.binds(place(\Entry.text)),
                keepsFilesApart: keepsFilesApart, tellsAuthors: tellsAuthors)
        }
        func namePeople() {
            participants += [(.contact, .participant), (.agent, .participant)]
            requesterLeads = true
        }
        func said(by entries: ObjectNode) -> [(node: any ValueNode, property: Property)] {
            var said: [(node: any ValueNode, property: Property)] = []
            entries.forEachValue { inner, _ in
                guard let inner = (inner as? ParentNode)?.inner, let offset = inner.covers.first,
                    let property = Conversation.properties.first(where: { $0.offset == offset })
                else { return }
                said.append((inner, property))
            }
            return said
        }
        node.forEachValue { value, _ in
            switch value {
            case let value as EntryListNode:
                lists.append(list(value.node, takes: value.takes, isFirst: false))
                saidByAny += said(by: value.node)
            case let value as FirstMessageNode:
                first = list(value.node, takes: nil, isFirst: true)
                saidByFirst += said(by: value.node)
            case let value as ParticipantIDsNode:
                participants.append((value.kind, value.role))
                requesterLeads = requesterLeads || value.requesterOffset != nil
            case let value as SessionListNode:
                for inner in value.entryLists { lists.append(list(inner.node, takes: inner.takes, isFirst: false)) }
                sessionsHoldEntries = sessionsHoldEntries || !value.entryLists.isEmpty
                for inner in value.saysOfConversation {
                    if inner is PeopleNode { namePeople() }
                    let properties = inner.covers.compactMap { offset in
                        Conversation.properties.first { $0.offset == offset }
                    }
                    saidElsewhere.formUnion(properties.map(\.offset))
                    if let property = properties.first { saidBySessions.append((inner, property)) }
                }
            case is PeopleNode: namePeople()
            case is SessionSpanNode: endsAreEntries = true
            case let value as any ParticipantPart: participants.append((value.kind, value.role))
            case let value as any LinkPart: links.append((value.kind, false))
            case let value as JournalTextNode:
                lists.append(list(value.entryNode, takes: { $0.isOfJournalText }, isFirst: false))
            case let value as RecordFilesNode:
                lists.append(list(value.entryNode, takes: { $0.isRecordFile }, isFirst: false))
            case is ObjectListNode<Participant>: participantsAreObjects = true
            case let value as LinkIDsNode: links.append((value.kind, value.isList))
            case is ObjectListNode<Link>: linksAreObjects = true
            default: break
            }
        }
        whole = Projection(
            node, Conversation.properties, prefix: "",
            elsewhere: saidElsewhere.union((saidByFirst + saidByAny).map(\.property.offset)))
        self.saidBySessions = saidBySessions
        self.sessionsHoldEntries = sessionsHoldEntries
        self.endsAreEntries = endsAreEntries
        merge = TimelineMerge(node)
        // A property that the conversation says itself does not depend on its first message.
        var own: Set<Int> = []
        node.forEachValue { value, base in own.formUnion(value.covers.map { $0 + base }) }
        self.saidByFirst = saidByFirst.filter { !own.contains($0.property.offset) }
        own.formUnion(saidByFirst.map(\.property.offset))
        self.saidByAny = saidByAny.filter { own.insert($0.property.offset).inserted }
        self.lists = lists
        self.first = first
        self.participants = participants
        self.requesterLeads = requesterLeads
        self.participantsAreObjects = participantsAreObjects
        self.links = links
        self.linksAreObjects = linksAreObjects
    }

    func apply(_ conversation: inout Conversation, _ run: Projecting) {
        run.isOwn = conversation.source.connector == run.platform
        if !participantsAreObjects, !conversation.participants.isEmpty { projectParticipants(&conversation, run) }
        if requesterLeads, conversation.requester == nil,
            let index = conversation.participants.firstIndex(where: { $0.kind == .contact })
        {
            conversation.requester = conversation.participants.remove(at: index).id
            run.note("requester", .invented, "the first participant")
            run.note("participants", .converted, "the first is the requester")
        }
        if !linksAreObjects, !conversation.links.isEmpty { projectLinks(&conversation, run) }
        projectRating(&conversation, run)
        if sessionsHoldEntries { giveSessions(&conversation, run) }
        if endsAreEntries { markEnds(&conversation, run) }
        if lists.contains(where: \.keepsFilesApart) {
            let count = conversation.putFilesApart()
            if count > 0 { run.note("timeline.attachments", .converted, count: count, "an entry of its own") }
        }
        if capabilities.firstMessageLeads { leadWithMessage(&conversation, run) }
        if !conversation.timeline.isEmpty { projectTimeline(&conversation, run) }
        withUnsafeMutablePointer(to: &conversation) { whole.apply(UnsafeMutableRawPointer($0), run) }
        projectSaidByEntries(&conversation, run)
        withUnsafeMutablePointer(to: &conversation) { pointer in
            for (node, property) in saidBySessions where node.narrows {
                node.project(UnsafeMutableRawPointer(pointer), property.name, run)
            }
        }
        if let limit = capabilities.subjectLimit, let subject = conversation.subject, subject.count > limit {
            conversation.subject = String(subject.prefix(limit))
            run.note("subject", .truncated, "\(subject.count) -> \(limit) characters")
        }
        if let merge { settleOrder(&conversation, merge, run) }
        // The first message's time is the conversation's, also where that was cut to whole seconds.
        if capabilities.firstMessageLeads, conversation.timeline.first?.kind == .message {
            if conversation.timeline[0].createdAt != conversation.createdAt {
                run.note("timeline.created_at", .narrowed)
            }
            conversation.timeline[0].createdAt = conversation.createdAt
        }
    }

    private func projectSaidByEntries(_ conversation: inout Conversation, _ run: Projecting) {
        project(
            saidByFirst, of: &conversation, isSaid: conversation.timeline.first?.kind == .message,
            "no first message to say it", run)
        project(saidByAny, of: &conversation, isSaid: !conversation.timeline.isEmpty, "no entry to say it", run)
    }

    private func project(
        _ said: [(node: any ValueNode, property: Property)], of conversation: inout Conversation, isSaid: Bool,
        _ reason: String, _ run: Projecting
    ) {
        guard !said.isEmpty else { return }
        withUnsafeMutablePointer(to: &conversation) { pointer in
            let root = UnsafeMutableRawPointer(pointer)
            for (node, property) in said {
                if isSaid {
                    node.project(root, property.name, run)
                } else if property.count(root) > 0 {
                    run.note(property.name, .dropped, reason)
                    property.clear(root)
                }
            }
        }
    }

    // MARK: People and links

    private func projectParticipants(_ conversation: inout Conversation, _ run: Projecting) {
        var kept: [(rank: Int, participant: Participant)] = []
        for var participant in conversation.participants {
            if participant.id.isEmpty {
                run.note("participants", .dropped, "known by address only")
                continue
            }
            if let rank = participants.firstIndex(where: { $0.kind == participant.kind && $0.role == participant.role })
            {
                kept.append((rank, participant))
            } else if let rank = participants.firstIndex(where: { $0.kind == participant.kind }) {
                run.note("participants.role", .narrowed, "\(participant.role) -> \(participants[rank].role)")
                participant.role = participants[rank].role
                kept.append((rank, participant))
            } else {
                run.note("participants", .dropped, "\(participant.kind) as \(participant.role)")
                continue
            }
            if participant.name != nil || participant.email != nil {
                run.note("participants.name", .converted, "carried by the person's own record")
                kept[kept.count - 1].participant.name = nil
                kept[kept.count - 1].participant.email = nil
            }
        }
        conversation.participants = kept.enumerated()
            .sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }.map(\.element.participant)
    }

    private func projectLinks(_ conversation: inout Conversation, _ run: Projecting) {
        var kept: [(rank: Int, link: Link)] = []
        for link in conversation.links {
            guard let rank = links.firstIndex(where: { $0.kind == link.kind }),
                links[rank].isList || !kept.contains(where: { $0.rank == rank })
            else {
                run.note("links", .dropped, link.kind.rawValue)
                continue
            }
            kept.append((rank, link))
        }
        conversation.links = kept.enumerated()
            .sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }.map(\.element.link)
    }

    private func projectRating(_ conversation: inout Conversation, _ run: Projecting) {
        guard let scale = capabilities.ratingScale, var rating = conversation.rating, rating.scale != scale else {
            return
        }
        guard rating.scale > 1, rating.score >= 1 else {
            conversation.rating = nil
            run.note("rating", .dropped, "\(rating.score) of \(rating.scale)")
            return
        }
        let share = Double(rating.score - 1) / Double(rating.scale - 1)
        let score = 1 + Int((share * Double(scale - 1)).rounded())
        run.note(
            "rating.score", rating.scale > scale ? .narrowed : .converted,
            "\(rating.score) of \(rating.scale) -> \(score) of \(scale)")
        rating.score = score
        rating.scale = scale
        conversation.rating = rating
    }

    // MARK: Sessions and order

    /// Puts every entry into a session, where the platform keeps entries inside sessions.
    private func giveSessions(_ conversation: inout Conversation, _ run: Projecting) {
        if conversation.sessions.isEmpty {
            var session = Session()
            session.id = conversation.id
            session.startedAt = conversation.createdAt ?? conversation.timeline.compactMap(\.createdAt).min()
            session.endedAt = conversation.closedAt
            conversation.sessions = [session]
            run.note("sessions", .invented, "one for the whole conversation")
        }
        let known = Set(conversation.sessions.map(\.id))
        for index in conversation.timeline.indices {
            if let session = conversation.timeline[index].session, known.contains(session) { continue }
            let time = conversation.timeline[index].createdAt
            let begun = conversation.sessions.last { session in
                guard let start = session.startedAt, let time else { return false }
                return start <= time
            }
            conversation.timeline[index].session = (begun ?? conversation.sessions.first)?.id
            run.note("timeline.session", .invented)
        }
    }

    /// Adds the event that a session has ended where it is to have ended later than its last entry tells.
    private func markEnds(_ conversation: inout Conversation, _ run: Projecting) {
        for (index, session) in conversation.sessions.enumerated() {
            guard let end = session.endedAt, !(index == conversation.latestSession && conversation.isOpen) else {
                continue
            }
            let own = conversation.timeline.indices.filter { conversation.timeline[$0].session == session.id }
            let isTold = own.contains { index in
                let entry = conversation.timeline[index]
                return entry.kind == .event(.sessionEnded) || entry.createdAt.map { $0 >= end } ?? false
            }
            guard !isTold else { continue }
            var event = Entry()
            event.id = session.id + "-end"
            event.kind = .event(.sessionEnded)
            event.author = Author(.system)
            event.createdAt = end
            event.session = session.id
            conversation.timeline.insert(event, at: own.last.map { $0 + 1 } ?? conversation.timeline.endIndex)
            run.note("timeline", .invented, "the end of a session")
        }
    }

    /// Entries arrive in the order of their times where the platform keeps them in several places.
    private func settleOrder(_ conversation: inout Conversation, _ merge: TimelineMerge, _ run: Projecting) {
        let before = conversation.timeline.map(\.id)
        let sessions = conversation.sessions.map(\.id)
        merge.settle(&conversation)
        let moved = zip(before, conversation.timeline).count { $0 != $1.id }
        if moved > 0 { run.note("timeline.order", .converted, count: moved, "by time") }
        if sessions != conversation.sessions.map(\.id) { run.note("sessions.order", .converted, "by time") }
    }

    // MARK: Timeline

    private func leadWithMessage(_ conversation: inout Conversation, _ run: Projecting) {
        guard let index = conversation.timeline.firstIndex(where: { $0.kind == .message }) else { return }
        if index > 0 {
            let message = conversation.timeline.remove(at: index)
            conversation.timeline.insert(message, at: 0)
            run.note("timeline.order", .converted, count: index, "first message moved before \(index) entries")
        }
        let message = conversation.timeline[0]
        if let time = message.createdAt, time != conversation.createdAt {
            run.note("created_at", .converted, "now the time of the first message")
            conversation.createdAt = time
        } else if message.createdAt == nil, conversation.createdAt != nil {
            run.note("timeline.created_at", .invented, "the conversation's own time")
        }
        conversation.timeline[0].createdAt = conversation.createdAt
    }

    private func projectTimeline(_ conversation: inout Conversation, _ run: Projecting) {
        guard first != nil || !lists.isEmpty else { return }
        var dropped: [Int] = []
        for index in conversation.timeline.indices {
            let isFirst = index == 0 && first != nil && conversation.timeline[0].kind == .message
            let list =
                isFirst
                ? first : lists.count == 1 && lists[0].takes == nil ? lists[0] : list(for: conversation.timeline[index])
            guard let list, keepKind(&conversation.timeline[index], list, run) else {
                dropped.append(index)
                let kind = conversation.timeline[index].kind
                if case .event(let event) = kind {
                    run.note("timeline.event.\(event.rawValue)", .dropped)
                } else {
                    run.note("timeline.\(kind.type)", .dropped)
                }
                continue
            }
            project(&conversation.timeline[index], list, run)
        }
        for index in dropped.reversed() { conversation.timeline.remove(at: index) }
    }

    private func list(for entry: Entry) -> EntryList? {
        lists.first { $0.takes?(entry) ?? true }
    }

    /// Whether the list can say what kind of entry this is, after the nearest kind was taken.
    private func keepKind(_ entry: inout Entry, _ list: EntryList, _ run: Projecting) -> Bool {
        guard let kinds = list.kinds else { return list.takes != nil || entry.kind == .message }
        if kinds.writes(entry) { return true }
        guard let nearest = kinds.nearest(entry.kind), nearest != .message || entry.kind != .note else { return false }
        if case .event(let event) = entry.kind {
            run.note("timeline.event.\(event.rawValue)", .narrowed)
        } else {
            run.note("timeline.\(entry.kind.type)", .narrowed)
        }
        entry.kind = nearest
        return true
    }

    private func project(_ entry: inout Entry, _ list: EntryList, _ run: Projecting) {
        if !list.keepsHTML || !list.keepsText { projectBody(&entry, list, run) }
        if capabilities.authorsAreIDs { projectAuthor(&entry, list, run) }
        if let limit = capabilities.bodyLimit, !run.isOwn { noteLength(of: entry, list, limit, run) }
        withUnsafeMutablePointer(to: &entry) { list.projection.apply(UnsafeMutableRawPointer($0), run) }
        if let limit = capabilities.attachmentLimit, entry.attachments.count > limit {
            run.note("timeline.attachments", .dropped, count: entry.attachments.count - limit)
            entry.attachments.removeSubrange(limit...)
        }
    }

    /// Says which body the platform will cut on the day that it is imported; the file holds all of it.
    private func noteLength(of entry: Entry, _ list: EntryList, _ limit: Int, _ run: Projecting) {
        let body = list.keepsHTML ? entry.html : entry.text
        guard let length = body?.utf8.count, length > limit else { return }
        run.note(
            list.keepsHTML ? "timeline.html" : "timeline.text", .truncated, "\(length) -> \(limit) bytes")
    }

    private func projectBody(_ entry: inout Entry, _ list: EntryList, _ run: Projecting) {
        if list.keepsHTML {
            guard let text = entry.text else { return }
            if entry.html == nil { entry.html = HTMLText.html(of: text) }
            entry.text = nil
            run.note("timeline.text", .converted)
        } else if list.keepsText {
            guard let html = entry.html else { return }
            if entry.text == nil { entry.text = HTMLText.plain(html) }
            entry.html = nil
            run.note("timeline.html", .converted)
        }
    }

    /// Authors that are ids: name and address are carried by the person's own record, and who has none gets one.
    private func projectAuthor(_ entry: inout Entry, _ list: EntryList, _ run: Projecting) {
        let holdsBots = run.holdsBots || list.tellsAuthors
        if entry.author.kind == .bot, !holdsBots, entry.author.id.flatMap({ run.people?.person($0) }) == nil {
            entry.author.kind = .agent
            run.note("timeline.author.kind", .converted, "bot -> agent")
        }
        let author = entry.author
        if author.kind == .system {
            let system = Author(.system, id: list.tellsAuthors ? author.id : capabilities.systemAuthor)
            if author.name != nil { run.note("timeline.author.name", .dropped) }
            if author.id != system.id { run.note("timeline.author.id", .converted, "the platform itself") }
            entry.author = system
            return
        }
        if let id = author.id {
            guard let person = run.people?.person(id) else {
                entry.author.name = nil
                entry.author.email = nil
                // Where entries do not say what kind of author each is, a record of the person must.
                let isToldByRecord = !list.tellsAuthors && !run.isOwn
                if author.name != nil || author.email != nil || isToldByRecord {
                    let person = Person(kind: author.kind, name: author.name, email: author.email)
                    run.placeholders.append(Sighting(id: id, person: person))
                    entry.author = Author(author.kind, id: id, name: author.name, email: author.email)
                }
                return
            }
            let kind =
                list.tellsAuthors ? author.kind : person.kind == .bot && !holdsBots ? .agent : person.kind
            if kind != author.kind { run.note("timeline.author.kind", .converted, "\(author.kind) -> \(kind)") }
            if author.name != nil, author.name != person.name { run.note("timeline.author.name", .converted) }
            if author.email != nil, author.email != person.email { run.note("timeline.author.email", .converted) }
            entry.author = Author(kind, id: id, name: person.name, email: person.email)
            return
        }
        guard let id = author.listID else {
            if list.tellsAuthors { return }
            entry.author = Author(.system, id: capabilities.systemAuthor)
            run.note("timeline.author", .converted, "unknown -> system")
            return
        }
        run.placeholders.append(
            Sighting(id: id, person: Person(kind: author.kind, name: author.name, email: author.email)))
        run.note("timeline.author.id", .invented)
        entry.author.id = id
    }
}
