internal import ConversationModel

/// Entries of a timeline as a list of objects.
///
/// A vendor may let one record say two things: an assignment that carries a reply. It is read as an event and a message
/// with the same time, the event's id being the message's with ``eventSuffix`` behind, and written as one again.
final class EntryListNode: ValueNode {
    static let eventSuffix = ":event"

    let offset: Int
    var covers: [Int] { [offset] }
    let node: ObjectNode
    let writesEmpty: Bool
    let takes: (@Sendable (Entry) -> Bool)?
    let behindFirst: Bool
    let splitsEventsWithText: Bool

    init(
        offset: Int, node: ObjectNode, writesEmpty: Bool, takes: (@Sendable (Entry) -> Bool)?, behindFirst: Bool,
        splitsEventsWithText: Bool
    ) {
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
        let list = (root + offset).assumingMemoryBound(to: [Entry].self)
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
        return ordinal > 0 || writesEmpty
    }

    @inline(__always)
    private func append(_ view: JSONView, to list: inout [Entry], _ run: Decoding) throws(DecodeFault) {
        var entry = Entry()
        try decodeEntry(view, with: node, into: &entry, run)
        guard splitsEventsWithText, entry.kind.isEvent,
            entry.html != nil || entry.text != nil || !entry.attachments.isEmpty
        else {
            list.append(entry)
            return
        }
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

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let list = (root + offset).assumingMemoryBound(to: [Entry].self).pointee
        let start = out.count
        out.put(UInt8(ascii: "["))
        let opened = out.count
        var index = behindFirst && list.first?.kind == .message ? 1 : 0
        while index < list.count {
            defer { index += 1 }
            if let takes, !takes(list[index]) { continue }
            out.separate()
            if splitsEventsWithText, index + 1 < list.count, let joined = Self.joined(list[index], list[index + 1]) {
                write(joined, &out, run)
                index += 1
            } else {
                write(list[index], &out, run)
            }
        }
        if out.count == opened, !writesEmpty {
            out.truncate(to: start)
            return false
        }
        out.put(UInt8(ascii: "]"))
        return true
    }

    private func write(_ entry: Entry, _ out: inout JSONOutput, _ run: Encoding) {
        withUnsafePointer(to: entry) { node.encodeEntity(UnsafeRawPointer($0), &out, run) }
    }

    /// The one record that an event and the message behind it were read from.
    private static func joined(_ event: Entry, _ message: Entry) -> Entry? {
        guard event.kind.isEvent, message.kind == .message, event.id.utf8.count == message.id.utf8.count + eventSuffix.utf8.count,
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

    init(node: ObjectNode) { self.node = node }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if view.isNull { return true }
        var entry = Entry()
        try decodeEntry(view, with: node, into: &entry, run)
        entry.createdAt = (root + createdAt).assumingMemoryBound(to: Instant?.self).pointee
        (root + timeline).assumingMemoryBound(to: [Entry].self).pointee.insert(entry, at: 0)
        return true
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let first = (root + timeline).assumingMemoryBound(to: [Entry].self).pointee.first, first.kind == .message
        else { return false }
        withUnsafePointer(to: first) { node.encodeEntity(UnsafeRawPointer($0), &out, run) }
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { false }
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
}

@inline(__always)
func decodeEntry(
    _ view: JSONView, with node: ObjectNode, into entry: inout Entry, _ run: Decoding
) throws(DecodeFault) {
    var fault: DecodeFault?
    withUnsafeMutablePointer(to: &entry) { pointer in
        do throws(DecodeFault) {
            try node.decodeEntity(view, into: UnsafeMutableRawPointer(pointer), run)
        } catch {
            fault = error
        }
    }
    if let fault { throw fault }
}
