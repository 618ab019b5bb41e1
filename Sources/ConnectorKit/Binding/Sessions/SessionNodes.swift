internal import ConversationModel

/// Sessions as a list of objects, which may hold their entries.
final class SessionListNode: ValueNode {
    private static let sessions = place(\Conversation.sessions)
    private static let timeline = place(\Conversation.timeline)
    private static let id = place(\Session.id)
    let node: ObjectNode
    private let projection: Projection
    /// Lists of entries inside a session.
    let entryLists: [EntryListNode]
    /// Whether what a session says depends on the conversation.
    let holdsSpoken: Bool
    /// What a session says of its conversation.
    let saysOfConversation: [any ValueNode]
    var covers: [Int] { entryLists.isEmpty ? [Self.sessions] : [Self.sessions, Self.timeline] }
    var narrows: Bool { true }

    init(node: ObjectNode) {
        self.node = node
        var lists: [EntryListNode] = []
        var said: [any ValueNode] = []
        node.forEachValue { value, _ in
            if let list = value as? EntryListNode { lists.append(list) }
            if let sayer = value as? any ConversationSayer { said += sayer.sayings }
        }
        entryLists = lists
        holdsSpoken = node.isSpoken
        saysOfConversation = said
        projection = Projection(node, Session.properties, prefix: "sessions.")
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if view.isNull { return true }
        guard view.isArray else { throw DecodeFault("expected a list, found \(view.kind.noun)") }
        let sessions = (root + Self.sessions).assumingMemoryBound(to: [Session].self)
        let timeline = (root + Self.timeline).assumingMemoryBound(to: [Entry].self)
        run.parent = root
        let end = view.next - 1
        var at = view.index + 1
        var ordinal = 0
        while at < end {
            let element = view.at(at)
            at = element.next
            let mark = timeline.pointee.count
            var session = Session()
            do {
                try decode(element, into: &session, run)
            } catch {
                throw error.inside("[\(ordinal)]")
            }
            ordinal += 1
            if session.id.isEmpty { session.id = "\(ordinal)" }
            if !entryLists.isEmpty {
                for index in timeline.pointee.indices.dropFirst(mark) { timeline.pointee[index].session = session.id }
            }
            sessions.pointee.append(session)
        }
        return ordinal > 0
    }

    private func decode(_ view: JSONView, into session: inout Session, _ run: Decoding) throws(DecodeFault) {
        var fault: DecodeFault?
        withUnsafeMutablePointer(to: &session) { pointer in
            do throws(DecodeFault) {
                try node.decodeEntity(view, into: UnsafeMutableRawPointer(pointer), run)
            } catch {
                fault = error
            }
        }
        if let fault { throw fault }
    }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool {
        (root + Self.sessions).assumingMemoryBound(to: [Session].self).pointee.isEmpty
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let sessions = (root + Self.sessions).assumingMemoryBound(to: [Session].self).pointee
        guard !sessions.isEmpty else { return false }
        run.parent = root
        out.put(UInt8(ascii: "["))
        for session in sessions {
            out.separate()
            withUnsafePointer(to: session) { node.encodeEntity(UnsafeRawPointer($0), &out, run) }
        }
        out.put(UInt8(ascii: "]"))
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { false }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let sessions = (root + Self.sessions).assumingMemoryBound(to: [Session].self)
        for index in sessions.pointee.indices {
            withUnsafeMutablePointer(to: &sessions.pointee[index]) {
                projection.apply(UnsafeMutableRawPointer($0), run)
            }
        }
    }
}

/// The order of a timeline that was read from several lists, or from one without order.
struct TimelineMerge: Sendable {
    /// Which entries each list holds, in the order in which the lists are read.
    private let lists: [@Sendable (Entry) -> Bool]
    private let isOfSessions: Bool

    /// `nil` for a conversation with one list in its own order.
    init?(_ node: ObjectNode) {
        var lists: [EntryListNode] = []
        var isOfSessions = false
        node.forEachValue { value, _ in
            if let list = value as? EntryListNode { lists.append(list) }
            if let list = value as? SessionListNode, !list.entryLists.isEmpty {
                lists += list.entryLists
                isOfSessions = true
            }
        }
        guard lists.count > 1 || lists.contains(where: \.isOrderedByTime) else { return nil }
        var takes: [@Sendable (Entry) -> Bool] = lists.map { list in { list.takes?($0) ?? true } }
        var hasJournalText = false
        node.forEachValue { value, _ in hasJournalText = hasJournalText || value is JournalTextNode }
        if hasJournalText { takes.append { $0.isOfJournalText } }
        node.forEachValue { value, _ in if value is RecordFilesNode { takes.append { $0.isRecordFile } } }
        self.lists = takes
        self.isOfSessions = isOfSessions
    }

    /// Puts entries in the order of their times, and sessions in that of their beginnings.
    ///
    /// Entries of the same time stay as they stand; one without a time stays behind the one before it.
    func sort(_ conversation: inout Conversation) {
        if isOfSessions, !Self.isSorted(conversation.sessions.map(\.startedAt)) {
            conversation.sessions = Self.sorted(conversation.sessions, by: \.startedAt)
        }
        if !Self.isSorted(conversation.timeline.map(\.createdAt)) {
            conversation.timeline = Self.sorted(conversation.timeline, by: \.createdAt)
        }
    }

    /// The order that reading gives a conversation which is written as it stands.
    func settle(_ conversation: inout Conversation) {
        sort(&conversation)
        guard conversation.timeline.count > 1 else { return }
        var order: [Int] = []
        if isOfSessions {
            for session in conversation.sessions {
                for list in lists {
                    order += conversation.timeline.indices.filter {
                        conversation.timeline[$0].session == session.id && list(conversation.timeline[$0])
                    }
                }
            }
        } else {
            for list in lists { order += conversation.timeline.indices.filter { list(conversation.timeline[$0]) } }
        }
        guard order.count == conversation.timeline.count else { return }
        let entries = order.map { conversation.timeline[$0] }
        conversation.timeline = Self.sorted(entries, by: \.createdAt)
    }

    private static func isSorted(_ times: [Instant?]) -> Bool {
        var last: Instant?
        for case let time? in times {
            if let last, time < last { return false }
            last = time
        }
        return true
    }

    private static func sorted<Element>(_ elements: [Element], by time: (Element) -> Instant?) -> [Element] {
        var last: Instant?
        let keyed = elements.enumerated().map { place, element in
            last = time(element) ?? last
            return (time: last, place: place, element: element)
        }
        return keyed.sorted { a, b in
            switch (a.time, b.time) {
            case (nil, nil): a.place < b.place
            case (nil, _): true
            case (_, nil): false
            case (let x?, let y?): x == y ? a.place < b.place : x < y
            }
        }.map(\.element)
    }
}
