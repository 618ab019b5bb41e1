public import ConversationModel

/// How a vendor keeps the history of a record: a row for each value that changed.
public struct ChangeRows: Sendable {
    /// Key of the name of the value.
    public var name: String
    /// Key of the value before.
    public var from: String
    /// Key of the value after.
    public var to: String
    /// What the change of a value reports; values that are not named here are custom fields.
    public var events: [String: Entry.Event]
    /// Words that a value's own words stand for, by the value's name.
    public var words: [String: [String: String]]
    /// Values whose changes other records tell, or that follow from others.
    public var hidden: Set<String>

    /// Creates a form.
    public init(
        name: String, from: String, to: String, events: [String: Entry.Event], words: [String: [String: String]],
        hidden: Set<String>
    ) {
        self.name = name
        self.from = from
        self.to = to
        self.events = events
        self.words = words
        self.hidden = hidden
    }
}

extension Rule where Root == Conversation {
    /// The history of the record's values, whose rows become events; kept for its vendor and written again as it came.
    ///
    /// - Parameters:
    ///   - path: Where the rows stand.
    ///   - form: How a row tells what changed.
    ///   - row: What a row says beside that: id, time and author.
    /// - Returns: The rule.
    public static func changeRows(_ path: Path, _ form: ChangeRows, row: Binding<Entry>) -> Rule {
        var rule = Rule(
            path: path,
            content: .value { _ in ChangeRowsNode(form, row: row.node(path: "timeline", extrasOffset: nil)) })
        rule.part = .alternate
        return rule
    }
}

/// Rows of changes, which are only read.
final class ChangeRowsNode: ValueNode {
    private let timeline = place(\Conversation.timeline)
    private let form: ChangeRows
    private let row: ObjectNode

    init(_ form: ChangeRows, row: ObjectNode) {
        self.form = form
        self.row = row
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        guard view.isArray else { return false }
        run.parent = root
        let entries = (root + timeline).assumingMemoryBound(to: [Entry].self)
        let residue = run.residue.count
        var ordinal = 0
        var fault: DecodeFault?
        view.forEachElement { element in
            guard fault == nil else { return }
            do throws(DecodeFault) {
                if let entry = try entry(element, run) { entries.pointee.append(entry) }
            } catch {
                fault = error.inside("[\(ordinal)]")
            }
            ordinal += 1
        }
        // What is kept of the rows is their raw form, as a whole.
        run.residue.truncate(to: residue)
        if let fault { throw fault }
        return false
    }

    private func entry(_ view: JSONView, _ run: Decoding) throws(DecodeFault) -> Entry? {
        guard view.isObject else { throw DecodeFault("expected an object, found \(view.kind.noun)") }
        guard let name = text(view, form.name), !form.hidden.contains(name) else { return nil }
        var entry = Entry()
        var fault: DecodeFault?
        withUnsafeMutablePointer(to: &entry) { pointer in
            do throws(DecodeFault) {
                _ = try row.decodeMembers(view, into: UnsafeMutableRawPointer(pointer), run)
            } catch {
                fault = error
            }
        }
        if let fault { throw fault }
        let event = form.events[name] ?? .field
        entry.kind = .event(event)
        entry.field = event == .field ? name : nil
        entry.from = value(view, form.from, name)
        entry.to = value(view, form.to, name)
        entry.extras = Extras(json: "{\"\(ObjectNode.logKey)\":true}")
        return entry
    }

    private func text(_ view: JSONView, _ key: String) -> String? {
        guard let member = view.member(key), let text = JoinPlan.text(member), !text.isEmpty else { return nil }
        return text
    }

    private func value(_ view: JSONView, _ key: String, _ name: String) -> JSONValue? {
        text(view, key).map { .string(form.words[name]?[$0] ?? $0) }
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }
    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { true }
}
