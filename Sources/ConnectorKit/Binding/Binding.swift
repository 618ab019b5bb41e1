public import ConversationModel

/// How one kind of record of a vendor and a neutral record correspond, in both directions.
///
/// A binding is a list of rules. Each rule names a place in the vendor's JSON and a property of the neutral record, and is
/// read and written by the same line:
/// ```swift
/// static let part = Binding<Entry>([
///     .field("id", \.id, .id),
///     .field("created_at", \.createdAt, .unixSeconds),
///     .table("part_type", \.kind, ["comment": .message, "note": .note]),
/// ])
/// ```
/// What no rule names is kept in the record's extras. A value that the rule reads but would write differently is kept there
/// too, and is written again for as long as it still says what the record says; so a round trip to the same vendor gives
/// the same JSON. Rules are compiled once into a dispatch by key; a record costs no dictionary.
public struct Binding<Root: Sendable>: Sendable {
    let rules: [Rule<Root>]
    let cases: Cases<Root>?
    /// What a record is before its values are read; says what the records' place says of them.
    let initial: (@Sendable () -> Root)?

    /// Creates a binding.
    ///
    /// - Parameters:
    ///   - initial: A record that holds what no value says but all of these records are: contacts' fields, say.
    ///   - rules: The rules, in the order in which their keys are written.
    public init(from initial: (@Sendable () -> Root)? = nil, _ rules: [Rule<Root>]) {
        self.rules = rules
        self.initial = initial
        cases = nil
    }

    private init(rules: [Rule<Root>], cases: Cases<Root>?) {
        self.rules = rules
        self.cases = cases
        initial = nil
    }

    /// Compiles the rules.
    ///
    /// - Parameters:
    ///   - path: Where these records stand in their entity: `timeline`.
    ///   - extrasOffset: Where the record keeps its extras.
    /// - Returns: The compiled rules.
    func node(path: String = "", extrasOffset: Int?) -> ObjectNode {
        let common = SlotTree(rules)
        let plain = common.node(path: path, extrasOffset: extrasOffset)
        guard let cases else { return plain }
        let nodes = cases.rows.map { row in
            (
                raw: Array(row.raw.utf8),
                node: row.rules.isEmpty
                    ? plain : SlotTree(rules + row.rules).node(path: path, extrasOffset: extrasOffset),
                says: (row.to == nil ? [] : [place(\Entry.to)]) + (row.field == nil ? [] : [place(\Entry.field)])
            )
        }
        let marks = cases.rows.map(\.mark)
        let choose: @Sendable (UnsafeRawPointer) -> Int? = { root in
            let entry = root.assumingMemoryBound(to: Entry.self)
            // A mark is only taken out where its kind is that of the entry: a copy costs reference counts.
            for index in marks.indices where marks[index].kind == entry.pointee.kind && marks[index].fits(entry) {
                return index
            }
            return nil
        }
        return ObjectNode(
            slots: plain.slots, path: path, extrasOffset: extrasOffset,
            cases: CaseSet(key: cases.key, nodes: nodes, choose: choose))
    }
}

extension Binding where Root == Entry {
    /// The binding with further rules for entries that a type field tells apart.
    ///
    /// Every case reads and writes the type field itself; where several of its words mean the same kind, the first is
    /// written and the others are kept as they came.
    ///
    /// - Parameters:
    ///   - key: Key of the type field, a string.
    ///   - unknown: What a word without a case is read as.
    ///   - nearest: What is written for kinds that have no word.
    ///   - rows: The words, the kinds that they mean, and the rules of each beside the common ones.
    /// - Returns: A binding that reads and writes each entry by its case, and any other by the common rules.
    public func cases(
        _ key: String, unknown: Entry.Kind = .event(.other), nearest: [Entry.Kind: Entry.Kind] = [:], _ rows: [Case]
    ) -> Binding {
        let typeRows = rows.map { CaseTypeNode.Row(raw: Array($0.raw.utf8), mark: $0.mark) }
        var type = Rule<Entry>(
            path: Path([key]),
            content: .value { CaseTypeNode(rows: typeRows, unknown: unknown, nearest: nearest, path: $0) })
        // What an entry holds is known only when its other values are read.
        if rows.contains(where: { $0.mark.holds != nil }) { type = type.late }
        return Binding(
            rules: [type] + rules,
            cases: Cases(key: key, rows: rows.map { Cases.Row(raw: $0.raw, mark: $0.mark, rules: $0.rules) }))
    }
}

struct Cases<Root: Sendable>: Sendable {
    struct Row: Sendable {
        let raw: String
        let mark: CaseMark
        let rules: [Rule<Root>]
        var to: JSONValue? { mark.to }
        var field: String? { mark.field }
    }

    let key: String
    let rows: [Row]
}

/// Which entries a case is about.
struct CaseMark: Sendable {
    let kind: Entry.Kind
    let to: JSONValue?
    let field: String?
    let holds: (@Sendable (Entry) -> Bool)?

    /// Whether the word says what the entry is.
    @inline(__always)
    func means(_ entry: UnsafePointer<Entry>) -> Bool {
        kind == entry.pointee.kind && (to == nil || to == entry.pointee.to)
            && (field == nil || field == entry.pointee.field)
    }

    /// Whether the word is the one for such an entry.
    @inline(__always)
    func fits(_ entry: UnsafePointer<Entry>) -> Bool { means(entry) && holds?(entry.pointee) ?? true }
}

/// The rules of entries that one word of a vendor's type field stands for.
public struct Case: Sendable {
    let raw: String
    let mark: CaseMark
    let rules: [Rule<Entry>]

    /// Creates a case.
    ///
    /// - Parameters:
    ///   - raw: The vendor's word.
    ///   - kind: What it means.
    ///   - to: What the word itself says of an event's outcome.
    ///   - field: Which value the word itself says that an event is about.
    ///   - holds: Which entries of that kind the word is for; of several cases with the same word the first that holds is
    ///     read, or else the last.
    ///   - rules: Rules beside the common ones.
    public init(
        _ raw: String, _ kind: Entry.Kind, to: JSONValue? = nil, field: String? = nil,
        where holds: (@Sendable (Entry) -> Bool)? = nil, _ rules: [Rule<Entry>] = []
    ) {
        self.raw = raw
        mark = CaseMark(kind: kind, to: to, field: field, holds: holds)
        self.rules = rules
    }
}

/// One line of a binding; made by the functions of the extensions below.
public struct Rule<Root: Sendable>: Sendable {
    enum Content: Sendable {
        case value(@Sendable (String) -> any ValueNode)
        case nested(offset: Int, @Sendable (String) -> ObjectNode)
    }

    let path: Path
    let content: Content
    var absence = Slot.Absence.omit
    var part = Slot.Part.plain
    var rivals: [Path] = []

    /// Whether an absent value is written as `null`.
    public var orNull: Rule {
        var rule = self
        rule.absence = .null
        return rule
    }

    /// The same value may also stand under other keys, bound by alternates; the source's own choice is written again.
    public func rival(_ path: Path) -> Rule {
        var rule = self
        rule.rivals.append(path)
        return rule
    }

    /// The rule only read, after all others: what the source had is written again, and nothing else.
    public var onlyRead: Rule {
        var rule = self
        rule.part = .alternate
        return rule
    }

    /// The rule read after all others of its object, as it rests on what they say.
    public var late: Rule {
        var rule = self
        rule.part = .echo
        return rule
    }
}

/// Rules sorted into the objects that their paths lead through.
private final class SlotTree<Root: Sendable> {
    private var order: [String] = []
    private var leaves: [String: Rule<Root>] = [:]
    private var groups: [String: SlotTree] = [:]

    init(_ rules: [Rule<Root>]) {
        for rule in rules { insert(rule, at: rule.path.keys[...]) }
    }

    private func insert(_ rule: Rule<Root>, at keys: ArraySlice<String>) {
        guard let key = keys.first else { return }
        if leaves[key] == nil, groups[key] == nil { order.append(key) }
        if keys.count == 1 {
            leaves[key] = rule
        } else {
            let group = groups[key] ?? SlotTree([])
            groups[key] = group
            group.insert(rule, at: keys.dropFirst())
        }
    }

    func node(path: String, extrasOffset: Int?, cases: CaseSet? = nil) -> ObjectNode {
        let slots = order.map { key -> Slot in
            let inner = path.isEmpty ? key : path + "." + key
            guard let rule = leaves[key] else {
                let group = groups[key]?.node(path: inner, extrasOffset: nil)
                return Slot(
                    key: key, content: .group(group ?? ObjectNode(slots: [], path: inner, extrasOffset: nil), offset: 0)
                )
            }
            let content: Slot.Content =
                switch rule.content {
                case .value(let make): .value(make(inner))
                case .nested(let offset, let make): .group(make(inner), offset: offset)
                }
            return Slot(
                key: key, content: content, absence: rule.absence, part: rule.part,
                rivals: rule.rivals.compactMap(\.keys.first))
        }
        return ObjectNode(slots: slots, path: path, extrasOffset: extrasOffset, cases: cases)
    }
}

/// Where a stored property lies in its struct.
///
/// A computed property, or one reached through a protocol, has no place: such a rule is a fault of the connector, and ends
/// the program in the first test that touches it instead of writing somewhere else.
func place<Root, Value>(_ path: WritableKeyPath<Root, Value>) -> Int {
    guard let offset = MemoryLayout<Root>.offset(of: path) else {
        preconditionFailure("\(path) is not a stored property, so no rule can bind it")
    }
    return offset
}
