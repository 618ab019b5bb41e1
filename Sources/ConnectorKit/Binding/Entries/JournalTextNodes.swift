public import ConversationModel

// Journals as people see them: all entries of a field in one text, the newest first, each below a line that says when and
// by whom.
//
//     2026-02-01 10:50:34 - Jane Roe (Additional comments)
//     We are looking into it.
//
// Times are in the reader's zone; where a record gives any moment both raw and as people see it, the difference tells.

extension Rule where Root == Conversation {
    /// A journal as people see it, read where the export holds no rows of it.
    ///
    /// - Parameters:
    ///   - path: Where the text stands; its last key is part of the entries' ids.
    ///   - kind: What its entries are; `nil` where each entry's label tells.
    ///   - messages: Labels of entries that everybody can read; any other is a note.
    ///   - rivals: Fields that hold some of the same entries.
    ///   - entry: The form of an entry, as its own rows have it.
    /// - Returns: The rule.
    public static func journalText(
        _ path: Path, kind: Entry.Kind?, messages: [String] = [], rivals: [String], entry: Binding<Entry>
    ) -> Rule {
        let field = path.keys.last ?? ""
        return Rule(
            path: path,
            content: .value { _ in
                JournalTextNode(
                    field: field, kind: kind, messages: messages, rivals: rivals,
                    entryNode: entry.node(path: "timeline", extrasOffset: place(\Entry.extras)))
            }
        ).late
    }
}

extension Entry {
    /// Whether an entry was read out of a journal's text and has no row of its own.
    public var isOfJournalText: Bool { JournalTextNode.isMark(id) }
}

/// A journal in one text.
final class JournalTextNode: ValueNode {
    private let timeline = place(\Conversation.timeline)
    private static let mark = "#journal-"
    private let field: String
    private let kind: Entry.Kind?
    private let messages: [String]
    private let rivals: [String]
    let entryNode: ObjectNode

    init(field: String, kind: Entry.Kind?, messages: [String], rivals: [String], entryNode: ObjectNode) {
        self.field = field
        self.kind = kind
        self.messages = messages
        self.rivals = rivals
        self.entryNode = entryNode
    }

    static func isMark(_ id: String) -> Bool {
        // Few ids hold the sign at all.
        id.utf8.contains(UInt8(ascii: "#")) && id.contains(mark)
    }

    private func isMine(_ entry: Entry, _ field: String) -> Bool { entry.id.contains(Self.mark + field + "-") }

    private func text(_ view: JSONView) -> String? {
        let content = view.isObject ? view.member("display_value") ?? Box.content(view) : view
        guard let text = content?.scalarText, !text.isEmpty else { return nil }
        return text
    }

    /// The entries of a text, the oldest first.
    private func entries(_ text: String, _ id: String, offset: Int64) -> [Entry] {
        var entries: [Entry] = []
        var body: [Substring] = []
        var isBehindBlank = true
        func close() {
            guard !entries.isEmpty else { return }
            while body.last?.isEmpty == true { body.removeLast() }
            entries[entries.count - 1].text = body.isEmpty ? nil : body.joined(separator: "\n")
            body = []
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            // A line that looks like a head is one only behind a blank line: entries quote each other.
            if isBehindBlank, let head = Head(line, kind: kind, messages: messages) {
                close()
                var entry = Entry()
                entry.kind = head.kind
                entry.createdAt = head.time.map { Instant(seconds: $0.seconds - offset) }
                entry.author = Author(entry.kind == .note ? .agent : .contact, name: head.name)
                entries.append(entry)
            } else {
                if entries.isEmpty, !line.isEmpty {
                    // Without a head nobody knows by whom it is, or when.
                    var entry = Entry()
                    entry.kind = kind ?? .note
                    entries.append(entry)
                }
                body.append(line)
            }
            isBehindBlank = line.isEmpty
        }
        close()
        entries.reverse()
        for index in entries.indices { entries[index].id = id + Self.mark + field + "-" + String(index + 1) }
        return entries
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if view.isArray { throw DecodeFault("expected text, found \(view.kind.noun)") }
        let conversation = root.assumingMemoryBound(to: Conversation.self)
        guard let text = text(view) else { return false }
        let hasRows = conversation.pointee.timeline.contains {
            !$0.isOfJournalText && !$0.isRecordFile && !DescriptionNode.made($0, of: UnsafeRawPointer(root))
        }
        let isTold = conversation.pointee.timeline.contains { entry in rivals.contains { isMine(entry, $0) } }
        guard !hasRows, !isTold else { return false }
        var entries = entries(text, conversation.pointee.id, offset: run.displayOffset)
        let staff = Set(entries.filter { $0.kind == .note }.compactMap(\.author.name))
        for index in entries.indices {
            guard let name = entries[index].author.name else { continue }
            if staff.contains(name) { entries[index].author.kind = .agent }
            // Somebody whom the record itself names is that person, where it names nobody else so.
            let known = run.sightings.filter { $0.person.name == name }
            if let first = known.first, known.allSatisfy({ $0.id == first.id }) {
                entries[index].author = Author(first.person.kind, id: first.id, name: name)
            }
        }
        conversation.pointee.timeline += entries
        return false
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let mine = (root + timeline).assumingMemoryBound(to: [Entry].self).pointee.filter { isMine($0, field) }
        guard !mine.isEmpty else { return false }
        out.put(
            mine.reversed().map { entry in
                var time = JSONOutput(capacity: 32)
                if let moment = entry.createdAt { InstantCodec.dateTime.write(moment, &time) }
                let label = entry.kind == .note ? "Work notes" : "Additional comments"
                let name = entry.author.name ?? entry.author.id ?? ""
                return "\(time.text.dropFirst().dropLast()) - \(name) (\(label))\n\(entry.text ?? "")\n\n"
            }.joined())
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        let conversation = root.assumingMemoryBound(to: Conversation.self).pointee
        let mine = conversation.timeline.filter { isMine($0, field) }
        guard !mine.isEmpty else { return true }
        let said = text(view).map { entries($0, conversation.id, offset: 0) } ?? []
        return said.map(\.id) == mine.map(\.id) && said.map(\.text) == mine.map(\.text)
            && said.map(\.author.name) == mine.map(\.author.name)
    }

    /// The line above an entry.
    private struct Head {
        let time: Instant?
        let name: String
        let kind: Entry.Kind

        init?(_ line: Substring, kind: Entry.Kind?, messages: [String]) {
            guard line.utf8.last == UInt8(ascii: ")"), let open = line.lastIndex(of: "("),
                let dash = line.range(of: " - ")
            else { return nil }
            let moment = String(line[..<dash.lowerBound])
            guard dash.upperBound < open else { return nil }
            if let told = ShownTime(moment) {
                if case .told(let instant) = told { time = instant } else { time = nil }
            } else if let instant = Instant(moment) {
                time = instant
            } else {
                return nil
            }
            name = Self.trimmed(line[dash.upperBound..<open])
            guard !name.isEmpty else { return nil }
            let label = String(line[line.index(after: open)...].dropLast())
            self.kind = kind ?? (messages.contains(label) ? .message : .note)
        }

        private static func trimmed(_ text: Substring) -> String {
            var text = text
            while text.last == " " { text.removeLast() }
            return String(text)
        }
    }
}

extension Substring {
    /// Where a piece of text stands first.
    fileprivate func range(of piece: String) -> Range<Index>? {
        var at = startIndex
        while at < endIndex {
            if self[at...].hasPrefix(piece) { return at..<index(at, offsetBy: piece.count) }
            at = index(after: at)
        }
        return nil
    }
}
