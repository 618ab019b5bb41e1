public import ConversationModel

/// Entries of a timeline as a list of objects.
///
/// A vendor may let one record say two things: an assignment that carries a reply. It is read as an event and a message
/// with the same time, the event's id being the message's with ``eventSuffix`` behind, and written as one again.
final class EntryListNode: ValueNode {
    static let eventSuffix = ":event"

    let offset: Int
    var covers: [Int] { isOfSession ? [] : [offset] }
    let node: ObjectNode
    let writesEmpty: Bool
    let takes: (@Sendable (Entry) -> Bool)?
    let behindFirst: Bool
    let splitsEventsWithText: Bool
    let description: DescriptionForm
    /// Whether the list stands in no order, so that the entries' times give it.
    let isOrderedByTime: Bool
    /// Whether the list stands inside a session, and holds the entries of that session only.
    let isOfSession: Bool
    /// What every entry of the list is before its values are read.
    private let initial: (@Sendable () -> Entry)?
    private static let timeline = place(\Conversation.timeline)

    init(
        offset: Int, node: ObjectNode, writesEmpty: Bool, takes: (@Sendable (Entry) -> Bool)?, behindFirst: Bool,
        splitsEventsWithText: Bool, description: DescriptionForm, isOrderedByTime: Bool = false,
        isOfSession: Bool = false, initial: (@Sendable () -> Entry)? = nil
    ) {
        self.initial = initial
        self.description = description
        self.isOrderedByTime = isOrderedByTime
        self.isOfSession = isOfSession
        self.offset = offset
        self.node = node
        self.writesEmpty = writesEmpty
        self.takes = takes
        self.behindFirst = behindFirst
        self.splitsEventsWithText = splitsEventsWithText
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if view.isNull { return !writesEmpty }
        guard view.isArray else { throw DecodeFault("expected a list, found \(view.kind.noun)") }
        if !isOfSession { run.parent = root }
        guard let owner = isOfSession ? run.parent : root else { return false }
        let list = (owner + Self.timeline).assumingMemoryBound(to: [Entry].self)
        if list.pointee.isEmpty { list.pointee.reserveCapacity(view.likelyCount) }
        let end = view.next - 1
        var at = view.index + 1
        var ordinal = 0
        while at < end {
            let element = view.at(at)
            at = element.next
            do {
                try append(element, to: &list.pointee, run)
            } catch {
                throw error.inside("[\(ordinal)]")
            }
            ordinal += 1
        }
        run.lastListCount = ordinal
        return ordinal > 0 || writesEmpty
    }

    @inline(__always)
    private func append(_ view: JSONView, to list: inout [Entry], _ run: Decoding) throws(DecodeFault) {
        list.append(initial?() ?? Entry())
        let last = list.count - 1
        do {
            try decodeEntry(view, with: node, into: &list[last], run)
        } catch {
            list.removeLast()
            throw error
        }
        guard splitsEventsWithText, list[last].kind.isEvent,
            list[last].html != nil || list[last].text != nil || !list[last].attachments.isEmpty
        else { return }
        var entry = list.removeLast()
        var message = entry
        message.kind = .message
        message.from = nil
        message.to = nil
        message.field = nil
        message.extras = Extras()
        entry.id += Self.eventSuffix
        entry.html = nil
        entry.text = nil
        entry.attachments = []
        entry.email = nil
        entry.redacted = false
        entry.editedAt = nil
        entry.replyTo = nil
        entry.channel = nil
        list.append(entry)
        list.append(message)
    }

    var isIdentity: Bool { isOfSession }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool {
        // Which entries are a session's only its conversation knows; lists in sessions are written when they hold any.
        if isOfSession { return false }
        let list = (root + offset).assumingMemoryBound(to: [Entry].self).pointee
        let start = behindFirst && !list.isEmpty && list[0].kind == .message ? 1 : 0
        if takes == nil, case .none = description { return list.count <= start }
        return !list.dropFirst(start).contains {
            (takes?($0) ?? true) && !isOutsideList($0, root)
        }
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        if isOfSession, run.isProbe {
            // Whatever the session will hold: where its record has no list, it is written without one.
            out.put(raw: "[]")
            return true
        }
        if !isOfSession { run.parent = root }
        guard let owner = isOfSession ? run.parent : root else { return false }
        let session = isOfSession ? root.assumingMemoryBound(to: Session.self).pointee.id : ""
        let start = out.count
        out.put(UInt8(ascii: "["))
        let opened = out.count
        // Entries are written where they lie: a copy of one costs a reference count for each of its texts.
        (owner + Self.timeline).assumingMemoryBound(to: [Entry].self).pointee.withUnsafeBufferPointer { list in
            guard let base = list.baseAddress else { return }
            var index = behindFirst && !run.firstIsInList && base.pointee.kind == .message ? 1 : 0
            while index < list.count {
                defer { index += 1 }
                let entry = base + index
                if isOfSession, entry.pointee.session != session { continue }
                if let takes, !takes(entry.pointee) { continue }
                if isDescription(entry.pointee, root, run) { continue }
                out.separate()
                if splitsEventsWithText, index + 1 < list.count,
                    entry.pointee.kind.isEvent,
                    let joined = Self.joined(entry.pointee, entry[1])
                {
                    withUnsafePointer(to: joined) { node.encodeEntity(UnsafeRawPointer($0), &out, run) }
                    index += 1
                } else {
                    node.encodeEntity(UnsafeRawPointer(entry), &out, run)
                }
            }
        }
        if out.count == opened, !writesEmpty {
            out.truncate(to: start)
            return false
        }
        out.put(UInt8(ascii: "]"))
        return true
    }

    /// Whether an entry stands in the conversation's description alone.
    private func isDescription(_ entry: Entry, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        switch description {
        case .none: false
        case .ownMessage: DescriptionNode.made(entry, of: root)
        case .repeatsFirst: run.writesExtras && DescriptionNode.made(entry, of: root)
        case .opening(let limit): OpeningNode.holds(entry, of: root, limit: limit)
        }
    }

    private func isOutsideList(_ entry: Entry, _ root: UnsafeRawPointer) -> Bool {
        switch description {
        case .none: false
        case .opening(let limit): OpeningNode.holds(entry, of: root, limit: limit)
        default: DescriptionNode.made(entry, of: root)
        }
    }

    /// The one record that an event and the message behind it were read from.
    private static func joined(_ event: Entry, _ message: Entry) -> Entry? {
        guard event.kind.isEvent, message.kind == .message,
            event.id.utf8.count == message.id.utf8.count + eventSuffix.utf8.count,
            event.id == message.id + eventSuffix
        else { return nil }
        var entry = message
        entry.kind = event.kind
        entry.from = event.from
        entry.to = event.to
        entry.field = event.field
        entry.extras = event.extras
        return entry
    }

    // The list's own entries carry what differs, so there is no raw list to compare.
    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        if isOfSession { return false }
        let list = (root + offset).assumingMemoryBound(to: [Entry].self).pointee
        let mine = takes.map { list.filter($0) } ?? list
        return mine.isEmpty && (view.isNull || view.elementCount == 0)
    }
}

/// The first message of a conversation where the vendor keeps it apart.
final class FirstMessageNode: ValueNode {
    private let timeline = place(\Conversation.timeline)
    private let createdAt = place(\Conversation.createdAt)
    let node: ObjectNode
    var covers: [Int] { [timeline] }
    /// Where the source had no such object, its first message stood among the others.
    let isIdentity = true

    init(node: ObjectNode) { self.node = node }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if view.isNull { return true }
        var entry = Entry()
        run.parent = root
        try decodeEntry(view, with: node, into: &entry, run)
        entry.createdAt = (root + createdAt).assumingMemoryBound(to: Instant?.self).pointee
        (root + timeline).assumingMemoryBound(to: [Entry].self).pointee.insert(entry, at: 0)
        return true
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        run.parent = root
        return (root + timeline).assumingMemoryBound(to: [Entry].self).pointee.withUnsafeBufferPointer { list in
            guard let first = list.baseAddress, !list.isEmpty, first.pointee.kind == .message else { return false }
            node.encodeEntity(UnsafeRawPointer(first), &out, run)
            return true
        }
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { false }
}

/// The text of the first message, standing for it where the source gives no timeline.
final class DescriptionNode: ValueNode {
    /// Behind the conversation's id, the id of an entry made of its description.
    static let idSuffix = "#description"

    private let timeline = place(\Conversation.timeline)
    let codec: TextCodec
    /// Whether it is a message of its own that the timeline does not repeat.
    let isOwnMessage: Bool
    var narrows: Bool { isOwnMessage }

    init(codec: TextCodec, isOwnMessage: Bool) {
        self.codec = codec
        self.isOwnMessage = isOwnMessage
    }

    /// The text of the message that will lead the timeline: where several lists make it up, it is in order only when all
    /// are read.
    static func earliestText(_ conversation: UnsafeRawPointer) -> String? {
        let late = Instant(microseconds: .max)
        return conversation.assumingMemoryBound(to: Conversation.self).pointee.timeline
            .filter { $0.kind == .message || made($0, of: conversation) }
            .min { ($0.createdAt ?? late) < ($1.createdAt ?? late) }?.text
    }

    /// Whether an entry was made of its conversation's description.
    static func made(_ entry: Entry, of conversation: UnsafeRawPointer) -> Bool {
        entry.id.hasSuffix(idSuffix)
            && entry.id == conversation.assumingMemoryBound(to: Conversation.self).pointee.id + idSuffix
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let conversation = root.assumingMemoryBound(to: Conversation.self)
        let isRepeated = !isOwnMessage && !conversation.pointee.timeline.isEmpty
        // Whether it says the same as the first message only matters to those who keep what it says.
        if isRepeated, !run.keepsExtras, view.isString { return true }
        let (text, exact) = try codec.read(view)
        guard !isRepeated else {
            guard let text, exact else { return false }
            let timeline = conversation.pointee.timeline
            if timeline.first(where: { $0.kind == .message })?.text == text { return true }
            return Self.earliestText(UnsafeRawPointer(root)) == text
        }
        guard let text else { return exact }
        var entry = Entry()
        entry.id = conversation.pointee.id + Self.idSuffix
        entry.text = text
        entry.author = Author(.contact, id: conversation.pointee.requester)
        entry.createdAt = conversation.pointee.createdAt
        conversation.pointee.timeline.insert(entry, at: 0)
        return exact
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let entries = (root + timeline).assumingMemoryBound(to: [Entry].self).pointee
        guard let first = entries.first(where: { $0.kind == .message || Self.made($0, of: root) }),
            !isOwnMessage || Self.made(first, of: root),
            // While a record is read its lists are not in order yet.
            let text = run.isProbe ? Self.earliestText(root) : first.text
        else { return false }
        codec.write(text, &out)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { true }

    // The only message of a conversation from elsewhere, where it is the requester's, becomes the text of the record itself.
    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let conversation = root.assumingMemoryBound(to: Conversation.self)
        guard run.isForeign, conversation.pointee.isOneOpeningMessage else { return }
        let id = conversation.pointee.id + Self.idSuffix
        let author = Author(.contact, id: conversation.pointee.requester)
        if conversation.pointee.timeline[0].id != id { run.note("timeline.id", .converted, "the record's own text") }
        if conversation.pointee.timeline[0].author != author {
            run.note("timeline.author.name", .converted, "carried by the person's own record")
        }
        conversation.pointee.timeline[0].id = id
        conversation.pointee.timeline[0].author = author
    }
}

extension Conversation {
    /// Whether the conversation is one message of the requester, as old as the conversation, and nothing else.
    public var isOneOpeningMessage: Bool {
        guard timeline.count == 1, timeline[0].kind == .message, timeline[0].author.kind == .contact,
            timeline[0].author.id == requester, timeline[0].createdAt == createdAt, timeline[0].attachments.isEmpty
        else { return false }
        return timeline[0].text != nil || timeline[0].html != nil
    }
}

/// A person written into a conversation beside the id.
final class EmbeddedPersonNode: ValueNode {
    let offset: Int?
    let kind: Author.Kind
    let codec: TextCodec
    let nameKey: String
    let emailKey: String

    init(offset: Int?, kind: Author.Kind, codec: TextCodec, nameKey: String, emailKey: String) {
        self.offset = offset
        self.kind = kind
        self.codec = codec
        self.nameKey = nameKey
        self.emailKey = emailKey
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if view.isNull { return true }
        guard view.isObject else { throw DecodeFault("expected an object, found \(view.kind.noun)") }
        var id: String?
        var name: String?
        var email: String?
        let end = view.next - 1
        var at = view.index + 1
        while at < end {
            let key = view.at(at).bytes
            let value = view.at(at + 1)
            at = value.next
            if key.equals("id") {
                id = try codec.read(value).text
            } else if key.equals(nameKey) {
                name = try TextCodec.text.read(value).text
            } else if key.equals(emailKey) {
                email = try TextCodec.text.read(value).text
            }
        }
        guard let id else { return false }
        if let offset {
            let field = (root + offset).assumingMemoryBound(to: String?.self)
            if field.pointee == nil { field.pointee = id }
        }
        run.sightings.append(Sighting(id: id, person: Person(kind: kind, name: name, email: email)))
        return false
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let offset else { return true }
        let mine = (root + offset).assumingMemoryBound(to: String?.self).pointee
        guard let id = view.member("id"), let (text, _) = try? codec.read(id) else { return mine == nil }
        return text == mine
    }
}

/// A value that stands in for another one where that is absent.
final class FallbackTextNode: ValueNode {
    let offset: Int
    let codec: TextCodec

    init(offset: Int, codec: TextCodec) {
        self.offset = offset
        self.codec = codec
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (text, _) = try codec.read(view)
        let field = (root + offset).assumingMemoryBound(to: String?.self)
        if field.pointee == nil { field.pointee = text }
        return false
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let (text, _) = try? codec.read(view) else { return false }
        return text == nil || text == (root + offset).assumingMemoryBound(to: String?.self).pointee
    }
}

/// A person met inside another record.
struct Sighting {
    let id: String
    let person: Person
    /// The whole contact, where the record describes one.
    var contact: Contact?
}

@inline(__always)
func decodeEntry(
    _ view: JSONView, with node: ObjectNode, into entry: inout Entry, _ run: Decoding
) throws(DecodeFault) {
    var fault: DecodeFault?
    run.toldOfAuthor = .nothing
    if let kinds = node.kinds { kinds.signs.decide(view, &entry, run, noted: kinds.noted) }
    withUnsafeMutablePointer(to: &entry) { pointer in
        do throws(DecodeFault) {
            try node.decodeEntity(view, into: UnsafeMutableRawPointer(pointer), run)
        } catch {
            fault = error
        }
    }
    if let fault { throw fault }
}

/// Writes and reads the type field that tells entries apart.
final class CaseTypeNode: ValueNode, EntryKindNode {
    struct Row: Sendable {
        let raw: [UInt8]
        let mark: CaseMark
    }

    private let rows: [Row]
    private let unknown: Entry.Kind
    private let nearestKinds: [Entry.Kind: Entry.Kind]
    private let path: String
    private let kind = place(\Entry.kind)
    var covers: [Int] { [kind] }

    init(rows: [Row], unknown: Entry.Kind, nearest: [Entry.Kind: Entry.Kind], path: String) {
        self.rows = rows
        self.unknown = unknown
        nearestKinds = nearest
        self.path = path
    }

    private func row(of entry: UnsafePointer<Entry>) -> Int? {
        for index in rows.indices where rows[index].mark.kind == entry.pointee.kind && rows[index].mark.fits(entry) {
            return index
        }
        return nil
    }

    func writes(_ entry: Entry) -> Bool { withUnsafePointer(to: entry) { row(of: $0) } != nil }
    func nearest(_ kind: Entry.Kind) -> Entry.Kind? { nearestKinds[kind] }

    /// The row of a word; of several the first that is for such an entry.
    private func row(reading view: JSONView, _ entry: UnsafePointer<Entry>) -> Int? {
        guard view.isString else { return nil }
        let bytes = view.bytes
        var last: Int?
        for index in rows.indices where rows[index].raw.withUnsafeBufferPointer({ $0.equals(bytes) }) {
            guard let holds = rows[index].mark.holds else { return index }
            if holds(entry.pointee) { return index }
            last = index
        }
        return last
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let entry = root.assumingMemoryBound(to: Entry.self)
        guard let index = row(reading: view, UnsafePointer(entry)) else {
            if view.isObject || view.isArray { throw DecodeFault("expected text, found \(view.kind.noun)") }
            run.noteUnknown(path, view)
            entry.pointee.kind = unknown
            return false
        }
        let mark = rows[index].mark
        entry.pointee.kind = mark.kind
        if let to = mark.to { entry.pointee.to = to }
        if let field = mark.field { entry.pointee.field = field }
        return row(of: UnsafePointer(entry)) == index
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        // The entry stays where it lies: a copy of it costs a reference count for each of its texts.
        guard let index = row(of: root.assumingMemoryBound(to: Entry.self)) else { return false }
        rows[index].raw.withUnsafeBufferPointer { out.put(text: $0) }
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        let entry = root.assumingMemoryBound(to: Entry.self)
        guard let index = row(reading: view, entry) else {
            // What an unknown word means may be said by other values.
            return entry.pointee.kind == unknown || unknown.isEvent && entry.pointee.kind.isEvent
        }
        // The word stays with an entry that another would be written for, as long as it means the same.
        return rows.contains { $0.raw == rows[index].raw && $0.mark.means(entry) }
    }
}

/// A rule that decides which kinds of entry can be written.
protocol EntryKindNode: AnyObject, Sendable {
    /// Whether the rule is about kinds of entry at all.
    var decidesKinds: Bool { get }
    /// Whether there is a word for this entry.
    func writes(_ entry: Entry) -> Bool
    /// What is written for a kind that has no word.
    func nearest(_ kind: Entry.Kind) -> Entry.Kind?
}

/// `message`, `note` or `event` as words.
final class EntryTypeNode: ValueNode, EntryKindNode {
    private let kind = place(\Entry.kind)
    private let path: String
    var covers: [Int] { [kind] }

    init(path: String) { self.path = path }

    func writes(_ entry: Entry) -> Bool { true }
    func nearest(_ kind: Entry.Kind) -> Entry.Kind? { nil }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let field = (root + kind).assumingMemoryBound(to: Entry.Kind.self)
        switch view.scalarText {
        case "message": field.pointee = .message
        case "note": field.pointee = .note
        case "event": if !field.pointee.isEvent { field.pointee = .event(.other) }
        default:
            throw DecodeFault("expected 'message', 'note' or 'event'")
        }
        return true
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        out.put((root + kind).assumingMemoryBound(to: Entry.Kind.self).pointee.type)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { false }
}

/// What an event reports, as a word.
final class EntryEventNode: ValueNode {
    private let kind = place(\Entry.kind)
    private let path: String
    var covers: [Int] { [kind] }

    init(path: String) { self.path = path }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        guard view.isString else { return view.isNull }
        guard let event = Entry.Event(rawValue: view.string) else {
            run.noteUnknown(path, view)
            return false
        }
        (root + kind).assumingMemoryBound(to: Entry.Kind.self).pointee = .event(event)
        return true
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard case .event(let event) = (root + kind).assumingMemoryBound(to: Entry.Kind.self).pointee else {
            return false
        }
        out.put(event.rawValue)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { false }
}

extension EntryKindNode {
    var decidesKinds: Bool { true }
}

/// How many elements the list beside it has; where the source says another number, its word is kept.
final class CountNode: ValueNode {
    let count: @Sendable (UnsafeRawPointer) -> Int

    init(_ count: @escaping @Sendable (UnsafeRawPointer) -> Int) { self.count = count }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        view.kind == .int && view.int == Int64(run.lastListCount)
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        out.put(Int64(count(root)))
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { true }
}
