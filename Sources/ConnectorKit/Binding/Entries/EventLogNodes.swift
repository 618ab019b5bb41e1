public import ConversationModel

/// How a log tells what happened: batches with a time and an author, each with several changes.
public struct EventLog: Sendable {
    /// Where the changes of a batch stand; the first that is there.
    public var changes: [Path]
    /// Keys that say what kind of change it is; the first that is there.
    public var types: [String]
    /// Words for the change of a value.
    public var valueChanges: Set<String>
    /// Words for something that somebody wrote, as the timeline has it.
    public var comments: Set<String>
    /// Words for taking something that somebody wrote from the public, and the key of what it is.
    public var hidings: [String: String]
    /// Key of the name of the value that changed.
    public var name: String
    /// Keys of the value before and after.
    public var from: String
    /// Key of the value after.
    public var to: String
    /// What the change of a value reports; values that are not named here are custom fields.
    public var events: [String: Entry.Event]

    /// Creates a form.
    public init(
        changes: [Path], types: [String], valueChanges: Set<String>, comments: Set<String>,
        hidings: [String: String] = [:],
        name: String, from: String, to: String, events: [String: Entry.Event]
    ) {
        self.hidings = hidings
        self.changes = changes
        self.types = types
        self.valueChanges = valueChanges
        self.comments = comments
        self.name = name
        self.from = from
        self.to = to
        self.events = events
    }
}

extension Rule where Root == Conversation {
    /// A log beside the timeline, whose changes of values become events.
    ///
    /// Where the conversation has no entries of its own, what people wrote is taken from it too. The log itself is kept for
    /// its vendor and written again as it came.
    ///
    /// - Parameters:
    ///   - path: Where the list of batches stands.
    ///   - form: How the log tells what happened.
    ///   - batch: What a batch says of all entries in it: time and author.
    ///   - comment: The form of what somebody wrote.
    /// - Returns: The rule.
    public static func log(
        _ path: Path, _ form: EventLog, batch: Binding<Entry>, comment: Binding<Entry>
    ) -> Rule {
        var rule = Rule(
            path: path,
            content: .value { _ in
                EventLogNode(
                    form, batch: batch.node(path: "timeline", extrasOffset: nil),
                    comment: comment.node(path: "timeline", extrasOffset: nil))
            })
        rule.part = .alternate
        return rule
    }
}

/// A log beside the timeline, which is only read.
final class EventLogNode: ValueNode {
    private let timeline = place(\Conversation.timeline)
    private let form: EventLog
    private let batch: ObjectNode
    private let comment: ObjectNode
    private let idKey = "id"

    init(_ form: EventLog, batch: ObjectNode, comment: ObjectNode) {
        self.form = form
        self.batch = batch
        self.comment = comment
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        guard view.isArray else { return false }
        run.parent = root
        let entries = (root + timeline).assumingMemoryBound(to: [Entry].self)
        // What the timeline or another log has, it says better.
        let known = Set(entries.pointee.map(\.id))
        let before = entries.pointee.count
        var hidden: Set<String> = []
        // What is kept of the log is its raw form, as a whole.
        let residue = run.residue.count
        let end = view.next - 1
        var at = view.index + 1
        var ordinal = 0
        while at < end {
            let element = view.at(at)
            at = element.next
            do {
                try take(element, known, &hidden, &entries.pointee, run)
            } catch {
                throw error.inside("[\(ordinal)]")
            }
            ordinal += 1
        }
        run.residue.truncate(to: residue)
        for index in before..<entries.pointee.count
        where entries.pointee[index].kind == .message && hidden.contains(entries.pointee[index].id) {
            entries.pointee[index].kind = .note
        }
        // A description stands for the first comment only where nothing else tells it.
        if entries.pointee.dropFirst(before).contains(where: { !$0.kind.isEvent }) {
            entries.pointee.removeAll { DescriptionNode.made($0, of: root) }
        }
        return false
    }

    private func take(
        _ view: JSONView, _ known: Set<String>, _ hidden: inout Set<String>, _ entries: inout [Entry],
        _ run: Decoding
    ) throws(DecodeFault) {
        guard view.isObject else { throw DecodeFault("expected an object, found \(view.kind.noun)") }
        var shared = Entry()
        try decode(view, batch, &shared, run)
        guard let changes = form.changes.lazy.compactMap({ view.value(at: $0.keys) }).first, changes.isArray else {
            return
        }
        let end = changes.next - 1
        var at = changes.index + 1
        while at < end {
            let change = changes.at(at)
            at = change.next
            guard let type = form.types.lazy.compactMap({ change.member($0)?.scalarText }).first else { continue }
            if let key = form.hidings[type], let id = change.member(key)?.scalarText {
                hidden.insert(id)
                continue
            }
            var entry = shared
            entry.id = change.member(idKey)?.scalarText ?? ""
            if !entry.id.isEmpty, known.contains(entry.id) { continue }
            if form.comments.contains(type) {
                try decode(change, comment, &entry, run)
                entry.extras = Extras(json: "{\"\(ObjectNode.logKey)\":true}")
                entries.append(entry)
            } else if form.valueChanges.contains(type), fill(&entry, change) {
                entries.append(entry)
            }
        }
    }

    /// Makes an entry the event of a changed value; `false` where no value is named.
    private func fill(_ entry: inout Entry, _ change: JSONView) -> Bool {
        let to: JSONView?
        if let name = change.member(form.name)?.scalarText {
            to = change.member(form.to)
            entry.field = name
        } else {
            guard let name = form.events.keys.sorted().first(where: { change.member($0) != nil }) else { return false }
            to = change.member(name)
            entry.field = name
        }
        let event = entry.field.flatMap { form.events[$0] } ?? .field
        if event != .field { entry.field = nil }
        entry.from = change.member(form.from)?.value
        entry.to = to?.value
        if event == .tagAdded, case .array(let before)? = entry.from, case .array(let after)? = entry.to,
            after.count < before.count
        {
            entry.kind = .event(.tagRemoved)
        } else {
            entry.kind = .event(event)
        }
        return true
    }

    private func decode(
        _ view: JSONView, _ node: ObjectNode, _ entry: inout Entry, _ run: Decoding
    ) throws(DecodeFault) {
        var fault: DecodeFault?
        withUnsafeMutablePointer(to: &entry) { pointer in
            do throws(DecodeFault) {
                _ = try node.decodeMembers(view, into: UnsafeMutableRawPointer(pointer), run)
            } catch {
                fault = error
            }
        }
        if let fault { throw fault }
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }
    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { true }
}

extension Entry {
    /// Whether the entry was read from a log beside the timeline, which its own platform keeps as it is.
    public var isLogged: Bool { extras.json.hasPrefix("{\"\(ObjectNode.logKey)\"") }
}
