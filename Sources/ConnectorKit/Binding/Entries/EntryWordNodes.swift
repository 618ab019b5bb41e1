public import ConversationModel

// Entries whose vendor says in several places what they are: a type, a type of event, and who may see them.

/// One word of a vendor's type field and the entries that it stands for.
public struct EntryWord: Sendable {
    let raw: [UInt8]
    let isEvent: Bool
    let isWritten: Bool
    let holds: @Sendable (Entry) -> Bool
    let keeps: @Sendable (Entry) -> Bool

    /// A word for messages and notes.
    ///
    /// - Parameters:
    ///   - raw: The word.
    ///   - writing: Which of them it is written for; `nil` for a word that is only read.
    ///   - keeping: Which of them it stays with where the source had it; `nil` for those that it is written for.
    /// - Returns: The word.
    public static func message(
        _ raw: String, writing: (@Sendable (Entry) -> Bool)? = nil, keeping: (@Sendable (Entry) -> Bool)? = nil
    ) -> EntryWord {
        let holds = writing ?? { _ in true }
        return EntryWord(
            raw: Array(raw.utf8), isEvent: false, isWritten: writing != nil, holds: holds, keeps: keeping ?? holds)
    }

    /// A word for events; `writing` says which of them it is written for.
    public static func event(_ raw: String, writing: (@Sendable (Entry) -> Bool)? = nil) -> EntryWord {
        EntryWord(
            raw: Array(raw.utf8), isEvent: true, isWritten: writing != nil, holds: writing ?? { _ in true },
            keeps: { _ in true })
    }
}

extension Rule where Root == Entry {
    /// The type of an entry, where the same words stand for messages and notes and ``audience(_:everybody:agents:)`` tells
    /// them apart; which word is written depends on what the entry holds.
    ///
    /// - Parameters:
    ///   - path: Where the word stands.
    ///   - words: The words; an entry is written by the first that fits.
    /// - Returns: The rule, which stands before that of the audience; a word that it does not know is an event without a
    ///   meaning.
    public static func words(_ path: Path, _ words: [EntryWord]) -> Rule {
        Rule(path: path, content: .value { EntryWordsNode(words, path: $0) }).late
    }

    /// A word that says what an event reports; its rule stands before that of ``words(_:_:)``.
    ///
    /// - Parameters:
    ///   - path: Where the word stands.
    ///   - table: The words; the first of each meaning is written.
    ///   - known: Words that are known and have no meaning of their own.
    ///   - writing: Which entries it is written for.
    /// - Returns: The rule.
    public static func eventWord(
        _ path: Path, _ table: [(String, Entry.Event)], known: Set<String> = [],
        writing: @escaping @Sendable (Entry) -> Bool
    ) -> Rule {
        Rule(path: path, content: .value { EventWordNode(table, known: known, writing: writing, path: $0) }).late
    }

    /// Values before and after that say what changed, whatever word the entry has; they are only read.
    ///
    /// - Parameters:
    ///   - from: Where the value before stands; where there is one, an event without a meaning reports the change.
    ///   - to: Where the value after stands.
    ///   - event: What the event reports.
    /// - Returns: The rules; those of a case with the same keys take their place.
    public static func change(from: Path, to: Path, _ event: Entry.Event) -> [Rule] {
        [(from, true), (to, false)].map { path, isBefore in
            Rule(path: path, content: .value { _ in ChangeNode(event, isBefore: isBefore) }).onlyRead
        }
    }

    /// Who can read an entry: everybody, or agents only, which makes a message a note.
    ///
    /// A word that it does not know counts as agents only.
    public static func audience(_ path: Path, everybody: TableKey, agents: TableKey) -> Rule {
        Rule(path: path, content: .value { AudienceNode(everybody: everybody, agents: agents, path: $0) }).late
    }

    /// The same under another key, as older records have it; written only where the source had it.
    public static func olderAudience(_ path: Path, everybody: TableKey, agents: TableKey) -> Rule {
        var rule = audience(path, everybody: everybody, agents: agents)
        rule.part = .alternate
        return rule
    }

    /// The part that an author has in a conversation, where authors are known by that: `visitor`, `agent`.
    ///
    /// A contact without an id is the conversation's requester; see ``Rule/contactsAreRequester(_:)``.
    ///
    /// - Parameters:
    ///   - path: Where the word stands.
    ///   - kinds: The words.
    ///   - internally: Words of those whose messages only agents read.
    /// - Returns: The rule.
    public static func authorRole(
        _ path: Path, _ kinds: [String: Author.Kind], internally: Set<String> = []
    ) -> Rule {
        var rule = Rule(path: path, content: .value { AuthorRoleNode(kinds, internally: internally, path: $0) })
        rule.part = .alternate
        return rule
    }

    /// The author's name as the entry shows it, which need not be the one in the person's own record.
    public static func authorName(_ path: Path) -> Rule {
        var rule = Rule(path: path, content: .value { _ in AuthorNameNode() })
        rule.part = .alternate
        return rule
    }

    /// The author's id, where it tells agents and bots from contacts.
    ///
    /// - Parameters:
    ///   - path: Where the id stands.
    ///   - kind: Who somebody is, by the id; where the source describes the person, that counts.
    /// - Returns: The rule.
    public static func authorID(_ path: Path, kind: @escaping @Sendable (String) -> Author.Kind?) -> Rule {
        Rule(path: path, content: .value { _ in AuthorIDNode(kind) })
    }

    /// The author's id where an agent wrote; contacts are known otherwise.
    public static func agentID(_ path: Path, _ codec: TextCodec) -> Rule {
        Rule(path: path, content: .value { _ in AgentIDNode(codec) })
    }
}

extension Rule where Root == Conversation {
    /// The conversation began with its first entry, where nothing else says so.
    ///
    /// - Parameter name: A key beginning with `#`, which no record has.
    /// - Returns: The rule.
    public static func beginsWithFirstEntry(_ name: Path) -> Rule {
        Rule(path: name, content: .value { _ in FirstEntryTimeNode() })
    }

    /// Entries under an older key, read where the timeline is still empty, and kept for their vendor.
    public static func olderTimeline(_ path: Path, _ binding: Binding<Entry>) -> Rule {
        let content = timeline(path, binding).content
        var rule = Rule(
            path: path,
            content: .value { path in
                guard case .value(let make) = content else { return RepeatedNode() }
                return OlderTimelineNode(make(path))
            })
        rule.part = .alternate
        return rule
    }

    /// Contacts that entries name without an id are the requester.
    ///
    /// - Parameter name: A key beginning with `#`, which no record has.
    /// - Returns: The rule.
    public static func contactsAreRequester(_ name: Path) -> Rule {
        Rule(path: name, content: .value { _ in RequesterAuthorNode() })
    }
}

/// The type field of entries.
final class EntryWordsNode: ValueNode, EntryKindNode {
    private let words: [EntryWord]
    private let path: String
    /// An entry without a type does not get one.
    let isIdentity = true
    var covers: [Int] { [place(\Entry.kind)] }

    init(_ words: [EntryWord], path: String) {
        self.words = words
        self.path = path
    }

    private func written(for entry: Entry) -> Int? {
        words.firstIndex { $0.isWritten && $0.isEvent == entry.kind.isEvent && $0.holds(entry) }
    }

    private func word(_ view: JSONView) -> Int? {
        guard view.isString else { return nil }
        let bytes = view.bytes
        return words.firstIndex { $0.raw.withUnsafeBufferPointer { $0.equals(bytes) } }
    }

    func writes(_ entry: Entry) -> Bool { written(for: entry) != nil }
    func nearest(_ kind: Entry.Kind) -> Entry.Kind? { nil }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if view.isObject || view.isArray { throw DecodeFault("expected text, found \(view.kind.noun)") }
        let entry = root.assumingMemoryBound(to: Entry.self)
        let index = word(view)
        if index == nil { run.noteUnknown(path, view) }
        if index.map({ words[$0].isEvent }) ?? true {
            if !entry.pointee.kind.isEvent { entry.pointee.kind = .event(.other) }
        } else if entry.pointee.kind.isEvent {
            entry.pointee.kind = .message
        }
        return index != nil && written(for: entry.pointee) == index
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let index = written(for: root.assumingMemoryBound(to: Entry.self).pointee) else { return false }
        words[index].raw.withUnsafeBufferPointer { out.put(text: $0) }
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        let entry = root.assumingMemoryBound(to: Entry.self).pointee
        guard let index = word(view) else { return entry.kind.isEvent }
        guard words[index].isEvent == entry.kind.isEvent else { return false }
        return words[index].keeps(entry)
    }
}

/// What an event reports, in a word of its own beside the type.
final class EventWordNode: ValueNode {
    private let rows: [(raw: [UInt8], event: Entry.Event)]
    private let known: Set<String>
    private let writing: @Sendable (Entry) -> Bool
    private let path: String

    init(
        _ table: [(String, Entry.Event)], known: Set<String>, writing: @escaping @Sendable (Entry) -> Bool, path: String
    ) {
        rows = table.map { (Array($0.0.utf8), $0.1) }
        self.known = known
        self.writing = writing
        self.path = path
    }

    private func row(_ view: JSONView) -> Int? {
        guard view.isString else { return nil }
        let bytes = view.bytes
        return rows.firstIndex { row in row.raw.withUnsafeBufferPointer { $0.equals(bytes) } }
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if view.isNull { return false }
        let entry = root.assumingMemoryBound(to: Entry.self)
        guard let index = row(view) else {
            if !(view.isString && known.contains(view.string)) { run.noteUnknown(path, view) }
            entry.pointee.kind = .event(.other)
            return false
        }
        entry.pointee.kind = .event(rows[index].event)
        return writing(entry.pointee) && rows.firstIndex { $0.event == rows[index].event } == index
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let entry = root.assumingMemoryBound(to: Entry.self)
        guard case .event(let event) = entry.pointee.kind, writing(entry.pointee),
            let row = rows.first(where: { $0.event == event })
        else { return false }
        row.raw.withUnsafeBufferPointer { out.put(text: $0) }
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        root.assumingMemoryBound(to: Entry.self).pointee.kind == .event(row(view).map { rows[$0].event } ?? .other)
    }
}

/// A value before or after a change.
final class ChangeNode: ValueNode {
    private let event: Entry.Event
    private let isBefore: Bool

    init(_ event: Entry.Event, isBefore: Bool) {
        self.event = event
        self.isBefore = isBefore
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let entry = root.assumingMemoryBound(to: Entry.self)
        guard !view.isNull else { return false }
        if isBefore, entry.pointee.kind == .event(.other) {
            entry.pointee.kind = .event(event)
            entry.pointee.from = view.value
        } else if !isBefore, entry.pointee.kind == .event(event) {
            entry.pointee.to = view.value
        }
        return false
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }
    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { true }
}

/// Who can read an entry.
final class AudienceNode: ValueNode {
    private let everybody: TableKey
    private let agents: TableKey
    private let path: String

    init(everybody: TableKey, agents: TableKey, path: String) {
        self.everybody = everybody
        self.agents = agents
        self.path = path
    }

    private static func says(_ view: JSONView, _ key: TableKey) -> Bool {
        switch key {
        case .string(var text): view.isString && text.withUTF8 { $0.equals(view.bytes) }
        case .bool(let flag): view.kind == (flag ? .true : .false)
        case .int(let value): view.kind == .int && view.int == value
        case .null: view.isNull
        }
    }

    private func isPublic(_ view: JSONView) -> Bool { view.isNull || Self.says(view, everybody) }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if view.isObject || view.isArray { throw DecodeFault("expected one value, found \(view.kind.noun)") }
        if isPublic(view) { return !view.isNull }
        if !Self.says(view, agents) { run.noteUnknown(path, view) }
        let entry = root.assumingMemoryBound(to: Entry.self)
        if entry.pointee.kind == .message { entry.pointee.kind = .note }
        return entry.pointee.kind == .note && Self.says(view, agents)
    }

    // That everybody can read it is what silence says, too.
    func isEmpty(_ root: UnsafeRawPointer) -> Bool {
        root.assumingMemoryBound(to: Entry.self).pointee.kind != .note
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        switch root.assumingMemoryBound(to: Entry.self).pointee.kind == .note ? agents : everybody {
        case .string(let text): out.put(text)
        case .bool(let flag): out.put(flag)
        case .int(let value): out.put(value)
        case .null: out.putNull()
        }
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        let kind = root.assumingMemoryBound(to: Entry.self).pointee.kind
        return kind.isEvent || isPublic(view) == (kind == .message)
    }
}

/// Entries under an older key.
final class OlderTimelineNode: ValueNode {
    private let inner: any ValueNode

    init(_ inner: any ValueNode) { self.inner = inner }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        guard root.assumingMemoryBound(to: Conversation.self).pointee.timeline.isEmpty else { return false }
        let mark = run.residue.count
        _ = try inner.decode(view, into: root, run)
        run.residue.truncate(to: mark)
        return false
    }
    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }
    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { true }
}

/// Gives a conversation the time of its first entry.
final class FirstEntryTimeNode: FinishingNode {
    var covers: [Int] { [place(\Conversation.createdAt)] }

    func finish(_ conversation: inout Conversation) {
        if conversation.createdAt == nil { conversation.createdAt = conversation.timeline.first?.createdAt }
    }
}
