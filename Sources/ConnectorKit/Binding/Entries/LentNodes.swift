public import ConversationModel

// What records of other files say of a record beside it: reports of ratings, labels, memberships. It is read where the
// record says nothing, and never written, as no platform takes such reports back.

extension Rule {
    /// Values that the records of a list say of the record, where it says nothing itself.
    ///
    /// - Parameters:
    ///   - path: Where the list stands, `#ratings` for records of a file of their own.
    ///   - first: What its first record says; an empty path is the record itself.
    ///   - last: What its last record says.
    ///   - each: What each of its records says.
    /// - Returns: A rule that is only read.
    public static func lent(
        _ path: Path, first: [Rule] = [], last: [Rule] = [], each: [Rule] = []
    ) -> Rule {
        var rule = Rule(
            path: path,
            content: .value { path in
                func made(_ rules: [Rule]) -> [LentNode.Loan] {
                    rules.compactMap { inner in
                        guard case .value(let make) = inner.content else { return nil }
                        return (inner.path.keys, make(([path] + inner.path.keys).joined(separator: ".")))
                    }
                }
                return LentNode(first: made(first), last: made(last), each: made(each))
            })
        rule.part = .derived
        return rule
    }

    /// One more text of a list, such as a tag: added where the list does not hold it yet.
    ///
    /// - Parameters:
    ///   - path: Where the text stands.
    ///   - property: The list.
    ///   - condition: A key of the record and the word that it must have for the text to count.
    /// - Returns: The rule.
    public static func adding(
        _ path: Path, _ property: WritableKeyPath<Root, [String]>, where condition: (key: String, word: String)? = nil
    ) -> Rule {
        let offset = place(property)
        guard let condition else { return Rule(path: path, content: .value { _ in AddedTextNode(offset: offset) }) }
        return Rule(
            path: [],
            content: .value { _ in AddedTextNode(offset: offset, path: path.keys, condition: condition) })
    }
}

extension Rule where Root == Conversation {
    /// Entries that a list of another file holds, beside the list that the conversation's own record has.
    ///
    /// Those are added whose id it does not hold. Where the conversation is written, all stand in its own list.
    ///
    /// - Parameters:
    ///   - path: Where the list stands.
    ///   - binding: The form of an entry.
    ///   - quieting: Messages of the own list that only repeat together what this list says one by one, such as the
    ///     transcript of a chat; they are notes where this list has any message.
    /// - Returns: A rule that is only read.
    public static func lentTimeline(
        _ path: Path, _ binding: Binding<Entry>, quieting: (@Sendable (Entry) -> Bool)? = nil
    ) -> Rule {
        let offset = place(\Conversation.timeline)
        var rule = Rule(
            path: path,
            content: .value { _ in
                LentEntriesNode(
                    EntryListNode(
                        offset: offset, node: binding.node(path: "timeline", extrasOffset: place(\Entry.extras)),
                        writesEmpty: false, takes: nil, behindFirst: false, splitsEventsWithText: false,
                        description: .none, initial: binding.initial), quieting)
            })
        rule.part = .derived
        return rule
    }
}

extension Rule where Root == Entry {
    /// The time of an entry in a conversation that says no time of its own: the earliest is when that began.
    public static func beginning(_ path: Path, _ codec: InstantCodec) -> Rule {
        Rule(path: path, content: .value { _ in BeginningNode(codec) })
    }
}

/// The time of an entry, and of the conversation where it is the earliest.
final class BeginningNode: ValueNode {
    private let own: InstantNode
    private let conversation = place(\Conversation.createdAt)
    private let entry = place(\Entry.createdAt)
    var covers: [Int] { own.covers }
    let narrows = true

    init(_ codec: InstantCodec) {
        own = InstantNode(offset: place(\Entry.createdAt), codec: codec, noneFrom: nil)
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let exact = try own.decode(view, into: root, run)
        if let parent = run.parent, let time = (root + entry).assumingMemoryBound(to: Instant?.self).pointee {
            let began = (parent + conversation).assumingMemoryBound(to: Instant?.self)
            began.pointee = min(began.pointee ?? time, time)
        }
        return exact
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        own.encode(root, &out, run)
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) { own.project(root, name, run) }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        own.matches(view, root, run)
    }
}

/// Values that records of a list say of what holds it.
final class LentNode: ValueNode {
    typealias Loan = (path: [String], node: any ValueNode)

    private let first: [Loan]
    private let last: [Loan]
    private let each: [Loan]

    init(first: [Loan], last: [Loan], each: [Loan]) {
        self.first = first
        self.last = last
        self.each = each
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        guard view.isArray else { return view.isNull }
        let end = view.next - 1
        var at = view.index + 1
        var ordinal = 0
        while at < end {
            let record = view.at(at)
            at = record.next
            if ordinal == 0 { try lend(first, of: record, ordinal, root, run) }
            try lend(each, of: record, ordinal, root, run)
            if at >= end { try lend(last, of: record, ordinal, root, run) }
            ordinal += 1
        }
        return true
    }

    private func lend(
        _ loans: [Loan], of record: JSONView, _ ordinal: Int, _ root: UnsafeMutableRawPointer, _ run: Decoding
    ) throws(DecodeFault) {
        for (path, node) in loans {
            guard let value = record.value(at: path) else { continue }
            if !(node is AddedTextNode) {
                run.scratch.truncate(to: 0)
                if node.encode(UnsafeRawPointer(root), &run.scratch, run.probe) { continue }
            }
            let mark = run.residue.count
            do {
                _ = try node.decode(value, into: root, run)
            } catch {
                throw path.reversed().reduce(error) { $0.inside($1) }.inside("[\(ordinal)]")
            }
            run.residue.truncate(to: mark)
        }
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }
    func isEmpty(_ root: UnsafeRawPointer) -> Bool { true }
    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { true }
}

/// A text that joins a list.
final class AddedTextNode: ValueNode {
    private let offset: Int
    private let path: [String]
    private let condition: (key: String, word: String)?

    init(offset: Int, path: [String] = [], condition: (key: String, word: String)? = nil) {
        self.offset = offset
        self.path = path
        self.condition = condition
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if let condition, view.member(condition.key)?.scalarText != condition.word { return true }
        guard let value = view.value(at: path), let text = try TextCodec.id.read(value).text else { return true }
        let list = (root + offset).assumingMemoryBound(to: [String].self)
        if !list.pointee.contains(text) { list.pointee.append(text) }
        return true
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }
    func isEmpty(_ root: UnsafeRawPointer) -> Bool { true }
    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { true }
}

/// Entries that are read from a list of another file.
final class LentEntriesNode: ValueNode {
    private let list: EntryListNode
    private let quieting: (@Sendable (Entry) -> Bool)?

    init(_ list: EntryListNode, _ quieting: (@Sendable (Entry) -> Bool)?) {
        self.list = list
        self.quieting = quieting
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let entries = (root + list.offset).assumingMemoryBound(to: [Entry].self)
        let known = Set(entries.pointee.map(\.id))
        let count = entries.pointee.count
        _ = try list.decode(view, into: root, run)
        // What the conversation's own list has, it says better.
        let lent = entries.pointee[count...].filter { $0.id.isEmpty || !known.contains($0.id) }
        entries.pointee.replaceSubrange(count..., with: lent)
        if let quieting, lent.contains(where: { $0.kind == .message }) {
            for index in 0..<count where entries.pointee[index].kind == .message && quieting(entries.pointee[index]) {
                entries.pointee[index].kind = .note
            }
        }
        return true
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }
    func isEmpty(_ root: UnsafeRawPointer) -> Bool { true }
    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { true }
}
