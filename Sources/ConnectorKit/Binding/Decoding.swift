public import ConversationModel

/// What one worker carries while it reads records: its parser, what it leaves unbound, and what it noticed.
final class Decoding {
    /// Whether vendor fields that nothing binds are kept; when the destination is another vendor they are only counted.
    var keepsExtras: Bool
    /// Vendor fields being collected, innermost entity last.
    var residue = JSONOutput(capacity: 1 << 12)
    /// For asking what would be written.
    lazy var probe = Encoding(writesExtras: false)
    /// Where the probe writes.
    var scratch = JSONOutput(capacity: 1 << 10)
    /// Values to be read after the others of their object: slot and place on the tape, innermost object last.
    var late: [(slot: Int, place: Int)] = []
    /// The conversation whose entry is being read.
    var parent: UnsafeMutableRawPointer?
    /// People met inside the record being read.
    var sightings: [Sighting] = []
    /// Authors that nothing describes, and some of their ids.
    var dangling = 0
    var danglingExamples: [String] = []
    /// Members that no rule binds, by rule set and key.
    var unbound: [UnboundKey: UnboundCount] = [:]
    /// Values that no table holds: path and raw value.
    var unknownValues: [UnknownValue: Int] = [:]
    /// People known so far.
    let people: (any PeopleLookup)?
    /// Name of the connector that reads.
    let connector: String
    /// Where joined children of a record come from.
    var children: (any ChildSource)?
    /// Id of the record being read, once known; for notes about values.
    var record = ""

    init(connector: String, keepsExtras: Bool, people: (any PeopleLookup)?, children: (any ChildSource)? = nil) {
        self.connector = connector
        self.keepsExtras = keepsExtras
        self.people = people
        self.children = children
    }

    struct UnboundKey: Hashable {
        let node: ObjectIdentifier
        let hash: UInt64
    }

    struct UnboundCount {
        let field: String
        var count: Int
        var example: String
    }

    struct UnknownValue: Hashable {
        let path: String
        let value: String
    }

    func noteUnknown(_ path: String, _ view: JSONView) {
        let shown = view.scalarText.map { String($0.prefix(60)) } ?? view.kind.noun
        unknownValues[UnknownValue(path: path, value: shown), default: 0] += 1
    }

    /// Counts a member that nothing binds; empty values say nothing and are not counted.
    @inline(__always)
    func countUnbound(_ node: ObjectNode, _ key: UnsafeBufferPointer<UInt8>, _ value: JSONView) {
        switch value.letter {
        case UInt8(ascii: "n"), UInt8(ascii: "f"): return
        case UInt8(ascii: "\""): if value.bytes.isEmpty { return }
        case UInt8(ascii: "["), UInt8(ascii: "{"): if value.next == value.index + 2 { return }
        default: break
        }
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in key { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let name = UnboundKey(node: ObjectIdentifier(node), hash: hash)
        if unbound[name] != nil {
            unbound[name]?.count += 1
        } else {
            let text = String(decoding: key, as: UTF8.self)
            unbound[name] = UnboundCount(
                field: node.path.isEmpty ? text : node.path + "." + text, count: 1, example: record)
        }
    }
}

/// Finds people by the ids that a source's records use.
public protocol PeopleLookup: AnyObject, Sendable {
    /// The person with this id; `nil` when the source never named one.
    func person(_ id: String) -> Person?
}

/// A person as other records refer to one.
public struct Person: Sendable, Equatable {
    /// Contact, agent or bot.
    public let kind: Author.Kind
    /// Full name.
    public let name: String?
    /// Address.
    public let email: String?
    /// Creates a person.
    public init(kind: Author.Kind, name: String?, email: String?) {
        self.kind = kind
        self.name = name
        self.email = email
    }
}

/// Gives the records of another stream that belong to a parent.
protocol ChildSource: AnyObject {
    /// Calls `body` with each child record's JSON, in the order in which the source gave them.
    func forEachChild(of parent: String, in stream: String, _ body: (JSONView) throws -> Void) throws
}
