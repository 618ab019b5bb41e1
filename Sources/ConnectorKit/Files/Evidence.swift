/// What speaks for a file being one that a platform gives.
///
/// Files of several platforms may have the same name, and lists the same key; so the records' keys say most.
public struct Evidence: Sendable {
    /// What of a file was seen, from what says least to what says most.
    public enum Basis: Int, Sendable, Comparable {
        /// Its name alone.
        case name
        /// The key that lists of the platform stand under, and no record.
        case envelope
        /// A record.
        case record

        /// Whether the first says less than the second.
        public static func < (a: Basis, b: Basis) -> Bool { a.rawValue < b.rawValue }
    }

    /// What of the file was seen.
    public let basis: Basis
    /// Index of the export that fits best; `nil` where the record would have to say it, deeper than the first bytes are read.
    let export: Int?
    /// Keys of the record that was seen.
    let keys: Int
    /// Those of them that the platform's records have.
    let known: Int
    /// Whether the record itself says what it is, by a fixed text or as an XML element.
    let isMarked: Bool
    /// Whether it stands under a key that the platform uses.
    let isEnveloped: Bool
    /// Whether the file is named as the platform's are.
    let isNamed: Bool
    /// What is taken off: for streams that nothing is kept of or that nobody has seen, for records behind the first.
    var discount = 1.0

    /// How much it says: 0.02 for a name, about 1 for a record with all its keys.
    var weight: Double {
        let seen =
            switch basis {
            case .name: 0.02
            case .envelope: 0.1
            case .record:
                (keys == 0 ? 1 : Double(known) / Double(keys)) + (isMarked ? 0.25 : 0) + (isEnveloped ? 0.1 : 0)
            }
        return discount * (seen + (isNamed && basis > .name ? 0.05 : 0))
    }
}

extension Platform {
    /// The keys that records of an export have on their first level, as far as its declarations name them.
    func keys(of index: Int) -> Set<String> {
        let export = connector.exports[index]
        var keys = Set(export.recognition.keys + export.recognition.marks.keys)
        keys.formUnion(export.recognition.spellings.keys)
        keys.formUnion(coders[index].keys)
        keys.formUnion(coders[index].keys(under: Join.groupMember))
        for (parent, slots) in joins.slots.enumerated() {
            for slot in slots where slot.child == index {
                keys.formUnion(coders[parent].keys(under: slot.member))
                if let by = joins.relations[slot.relation].by.first { keys.insert(by) }
            }
        }
        return keys
    }
}

extension RecordCoder {
    /// The rule sets of the records, one for each kind that they may be.
    fileprivate var nodes: [ObjectNode] {
        func nodes(_ content: Content) -> [ObjectNode] {
            switch content {
            case .field(let coder): [coder.node]
            case .team(let coder): [coder.node]
            case .agent(let coder): [coder.node]
            case .company(let coder): [coder.node]
            case .contact(let coder): [coder.node]
            case .conversation(let coder, _, _): [coder.node]
            case .split(_, _, let then, let otherwise): nodes(then) + nodes(otherwise)
            case .ignored: []
            }
        }
        return nodes(content)
    }

    /// Keys of the records themselves.
    fileprivate var keys: Set<String> { nodes.reduce(into: []) { $0.formUnion($1.keys) } }

    /// Keys of the records that are listed under a member of these.
    fileprivate func keys(under member: String) -> Set<String> {
        var keys: Set<String> = []
        for slot in nodes.flatMap(\.slots) where slot.key == member {
            if let list = slot.value as? any RecordListNode { keys.formUnion(list.node.keys) }
        }
        return keys
    }
}

/// A list whose elements are records by themselves.
protocol RecordListNode {
    /// The rules of an element.
    var node: ObjectNode { get }
}

extension EntryListNode: RecordListNode {}
extension SessionListNode: RecordListNode {}
extension RecordFilesNode: RecordListNode {}
extension ObjectListNode: RecordListNode {}

extension ObjectNode {
    /// Keys that a vendor's object of this kind may have.
    fileprivate var keys: Set<String> {
        let all = slots + (cases?.nodes.flatMap(\.node.slots) ?? [])
        return Set(all.map(\.key).filter { !$0.hasPrefix("#") })
    }
}
