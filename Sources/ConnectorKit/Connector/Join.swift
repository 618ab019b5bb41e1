/// Records of another export that belong to a record: messages that lie in a file of their own.
///
/// Before a record is read, the records that belong to it are put into its JSON as a list under `#` and the name of their
/// export: `#messages`. The record's binding reads them there as if they had always been inside. When a record is written,
/// such lists are taken out again and go to the file of their export.
public struct Join: Sendable {
    /// What becomes of records whose parent is not in the source.
    public enum Orphans: Sendable {
        /// They cannot be kept and are named, each with its place.
        case reported
        /// They stand for themselves, read by their own export's binding.
        case ownRecords
    }

    /// Name of the export whose records belong to this one's.
    public let export: String
    /// Where such a record says which parent it belongs to; a list names several, a text may name several between `;`.
    ///
    /// ``fileNumber`` is the number in the file's path, for records that only their file tells apart:
    /// `tickets/4014/comments.json`.
    public let by: Path
    /// Whether the number in the file's path says it where the record itself does not.
    public let orFile: Bool
    /// Where the parent says its own key; one that names several children by their ids has all of them.
    public let to: Path
    /// Where such a record says its own id; one that stands twice is taken once, as it came last.
    public let id: Path
    /// What becomes of records whose parent is not in the source.
    public let orphans: Orphans
    /// Whether these are pieces of a file's content, which are fetched one file at a time and never put into the record.
    public let isContent: Bool

    /// Creates a join.
    public init(
        _ export: String, by: Path, orFile: Bool = false, to: Path = "id", id: Path = "id",
        orphans: Orphans = .reported, isContent: Bool = false
    ) {
        self.orFile = orFile || by == Join.fileNumber
        self.isContent = isContent
        self.export = export
        self.by = by
        self.to = to
        self.id = id
        self.orphans = orphans
    }

    /// The number in a file's path that says what its records belong to.
    public static let fileNumber: Path = ["#file"]

    /// Key under which the records of an export stand in their parent.
    static func member(_ export: String) -> String { "#" + export }

    /// Key under which records that are grouped stand in what becomes of them.
    static let groupMember = "#records"
}

/// A connector's joins made ready: which export belongs to which, and by what.
struct JoinPlan: Sendable {
    /// Records of one export filed under one kind of key.
    struct Relation: Sendable {
        let child: Int
        let by: [String]
        /// Name of the parent's export, where the file's path may say which one it is.
        let folder: String?
        let id: [String]
        let orphans: Join.Orphans
        let isGroup: Bool
    }

    /// What is put into the records of an export.
    struct Slot: Sendable {
        let member: String
        let relation: Int
        let child: Int
        let to: [String]
        let isContent: Bool
    }

    let relations: [Relation]
    /// By export: what belongs to its records.
    let slots: [[Slot]]
    /// By export: the relations that its records are filed under.
    let filed: [[Int]]
    /// By export: whether its records are only met through others, and never read as they come.
    var isChild: [Bool] { filed.map { !$0.isEmpty } }
    var isEmpty: Bool { relations.isEmpty }

    init(_ exports: [Export]) {
        var relations: [Relation] = []
        var slots = exports.map { _ in [Slot]() }
        var filed = exports.map { _ in [Int]() }
        func relation(_ child: Int, _ join: Join, of parent: String, isGroup: Bool) -> Int {
            if let known = relations.firstIndex(where: {
                $0.child == child && $0.by == join.by.keys && $0.isGroup == isGroup
            }) {
                return known
            }
            relations.append(
                Relation(
                    child: child, by: join.by.keys, folder: join.orFile ? parent : nil, id: join.id.keys,
                    orphans: join.orphans, isGroup: isGroup))
            filed[child].append(relations.count - 1)
            return relations.count - 1
        }
        for (index, export) in exports.enumerated() {
            for join in export.joins {
                guard let child = exports.firstIndex(where: { $0.name == join.export }) else {
                    preconditionFailure("'\(export.name)' joins '\(join.export)', and there is no such export")
                }
                slots[index].append(
                    Slot(
                        member: Join.member(join.export),
                        relation: relation(child, join, of: export.name, isGroup: false),
                        child: child, to: join.to.keys, isContent: join.isContent))
            }
            if case .grouped(let by, let each, _) = export.records {
                let join = Join(export.name, by: by, id: each)
                _ = relation(index, join, of: export.name, isGroup: true)
            }
        }
        self.relations = relations
        self.slots = slots
        self.filed = filed
    }

    /// The texts of a key: one id, or several where the value is a list or a text with `;` in it.
    static func keys(_ view: JSONView, at path: [String]) -> [String] {
        guard let value = view.value(at: path) else { return [] }
        if value.isArray {
            var keys: [String] = []
            value.forEachElement { element in
                if let key = text(element) ?? element.member("id").flatMap(text) { keys.append(key) }
            }
            return keys
        }
        guard let key = text(value), !key.isEmpty else { return [] }
        guard key.utf8.contains(UInt8(ascii: ";")) else { return [key] }
        return key.split(separator: ";").map { $0.drop { $0 == " " } }.filter { !$0.isEmpty }.map(String.init)
    }

    /// A record's own id; `nil` where it says none.
    static func id(_ view: JSONView, at path: [String]) -> String? {
        path.isEmpty ? nil : view.value(at: path).flatMap(text)
    }

    /// A key as text; elements with attributes say it as their text, values beside their display as `value`.
    static func text(_ view: JSONView) -> String? {
        view.scalarText ?? view.member("#text")?.scalarText ?? view.member("value")?.scalarText
    }

    /// What a key is filed under.
    static func hash(_ relation: Int, _ generation: Int, _ key: String) -> UInt64 {
        var hasher = StableHasher()
        hasher.combine(Int64(relation))
        hasher.combine(Int64(generation))
        hasher.combine(key)
        return UInt64(truncatingIfNeeded: hasher.finish())
    }
}
