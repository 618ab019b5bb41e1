internal import ConversationModel

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
