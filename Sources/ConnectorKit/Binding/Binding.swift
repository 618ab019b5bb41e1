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

    /// Creates a binding of rules, in the order in which their keys are written.
    public init(_ rules: [Rule<Root>]) {
        self.rules = rules
        cases = nil
    }

    private init(rules: [Rule<Root>], cases: Cases<Root>?) {
        self.rules = rules
        self.cases = cases
    }

    /// Compiles the rules.
    ///
    /// - Parameters:
    ///   - path: Where these records stand in their entity: `timeline`.
    ///   - extrasOffset: Where the record keeps its extras.
    func node(path: String = "", extrasOffset: Int?) -> ObjectNode {
        let common = SlotTree(rules)
        guard let cases else { return common.node(path: path, extrasOffset: extrasOffset) }
        let nodes = cases.rows.map { row in
            (raw: row.raw, node: SlotTree(rules + row.rules).node(path: path, extrasOffset: extrasOffset))
        }
        let kinds = cases.rows.map(\.kind)
        let choose: @Sendable (UnsafeRawPointer) -> Int? = { root in
            let kind = root.assumingMemoryBound(to: Entry.self).pointee.kind
            return kinds.firstIndex(of: kind)
        }
        return common.node(
            path: path, extrasOffset: extrasOffset, cases: CaseSet(key: cases.key, nodes: nodes, choose: choose))
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
        let table = ValueTable(rows.map { (key: TableKey.string($0.raw), value: $0.kind) }).unknown(unknown)
            .nearest(nearest)
        return Binding(
            rules: [.table(Path([key]), \.kind, table)] + rules, cases: Cases(key: key, rows: rows.map { Cases.Row(raw: $0.raw, kind: $0.kind, rules: $0.rules) }))
    }
}

struct Cases<Root: Sendable>: Sendable {
    struct Row: Sendable {
        let raw: String
        let kind: Entry.Kind
        let rules: [Rule<Root>]
    }

    let key: String
    let rows: [Row]
}

/// The rules of entries that one word of a vendor's type field stands for.
public struct Case: Sendable {
    let raw: String
    let kind: Entry.Kind
    let rules: [Rule<Entry>]

    /// Creates a case.
    ///
    /// - Parameters:
    ///   - raw: The vendor's word.
    ///   - kind: What it means.
    ///   - rules: Rules beside the common ones.
    public init(_ raw: String, _ kind: Entry.Kind, _ rules: [Rule<Entry>] = []) {
        self.raw = raw
        self.kind = kind
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

    /// The rule read after all others of its object.
    var late: Rule {
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
                return Slot(key: key, content: .group(group ?? ObjectNode(slots: [], path: inner, extrasOffset: nil), offset: 0))
            }
            var slot: Slot
            switch rule.content {
            case .value(let make): slot = Slot(key: key, content: .value(make(inner)), absence: rule.absence, part: rule.part)
            case .nested(let offset, let make):
                slot = Slot(key: key, content: .group(make(inner), offset: offset), absence: rule.absence, part: rule.part)
            }
            slot.rivals = rule.rivals.compactMap(\.keys.first)
            return slot
        }
        return ObjectNode(slots: slots, path: path, extrasOffset: extrasOffset, cases: cases)
    }
}

/// Where a stored property lies in its struct.
///
/// A computed property has no place; the contract suite writes and reads every property, so such a rule fails there.
func place<Root, Value>(_ path: WritableKeyPath<Root, Value>) -> Int {
    MemoryLayout<Root>.offset(of: path) ?? 0
}
