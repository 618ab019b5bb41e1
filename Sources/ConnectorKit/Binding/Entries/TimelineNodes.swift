internal import ConversationModel

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
