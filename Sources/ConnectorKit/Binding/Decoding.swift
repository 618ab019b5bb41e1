public import ConversationModel
internal import Diagnostics

/// What one worker carries while it reads records: its parser, what it leaves unbound, and what it noticed.
final class Decoding {
    /// Whether vendor fields that nothing binds are kept; when the destination is another vendor they are only counted.
    var keepsExtras: Bool
    /// Whether plain text beside HTML is of no use to anybody behind, as the destination keeps HTML and nothing maps texts.
    ///
    /// Such a text is not copied; a placeholder says that there was one.
    var skipsTextBesideHTML = false
    /// Vendor fields being collected, innermost entity last.
    var residue = JSONOutput(capacity: 1 << 12)
    /// For asking what would be written.
    lazy var probe = Encoding(writesExtras: false, isProbe: true)
    /// For writing what was read, to see what of it needs to be kept.
    lazy var settling = Encoding(writesExtras: true)
    /// Where the probe writes.
    var scratch = JSONOutput(capacity: 1 << 10)
    /// Elements of the list of entries read last, for a count beside it.
    var lastListCount = 0
    /// Values to be read after the others of their object: slot and place on the tape, innermost object last.
    var late: [(slot: Int, place: Int)] = []
    /// The conversation whose entry is being read.
    var parent: UnsafeMutableRawPointer? {
        didSet { probe.parent = UnsafeRawPointer(parent) }
    }
    /// The entry whose file is being read.
    var entry: UnsafeMutableRawPointer?
    /// The record that is being read.
    var whole: JSONView?
    /// The object of all values that is being read, where a record has one.
    var bag: JSONView?
    /// Gives the pieces of files' contents.
    weak var pieces: (any PieceSource)?
    /// Takes the contents of files; `nil` where nobody wants them and they are only looked at.
    var contents: ContentStore?
    /// What a person should know of the records being read.
    var findings: [Finding] = []
    /// Seconds by which moments as people see them are ahead of raw ones, as far as the record being read tells.
    var displayOffset: Int64 = 0
    /// Logins of people records, and whose they are.
    var logins: [(login: String, id: String)] = []
    /// Whether entries say what kind of author each has.
    var tellsAuthors = false
    /// What the entry being read said of its author so far.
    var toldOfAuthor = ToldOfAuthor.nothing
    /// People met inside the record being read; those without an id are known by name alone.
    var sightings: [Sighting] = []
    /// Ids of the list of agents read last, as they stand there; empty for those that say nothing.
    var listedAgents: [String] = []
    /// Authors of the conversation being read, as far as they are resolved.
    var authors: [Sighting] = []
    /// Authors that nothing describes, and some of their ids.
    var dangling = 0
    var danglingExamples: [String] = []
    /// Members that no rule binds, by rule set and key.
    private(set) var unbound: [UnboundCount] = []
    /// Where a rule set's unbound key is counted: a small open table, as the same few come with every record.
    private var unboundPlaces = [(hash: UInt64, place: Int)](repeating: (0, 0), count: 4096)
    /// Values that no table holds: path and raw value.
    var unknownValues: [UnknownValue: Int] = [:]
    /// People known so far.
    let people: RecentPeople?
    /// Name of the connector that reads.
    let connector: String
    /// Id of the record being read, once known; for notes about values.
    var record = ""

    init(connector: String, keepsExtras: Bool, people: (any PeopleLookup)?) {
        self.connector = connector
        self.keepsExtras = keepsExtras
        self.people = people.map(RecentPeople.init)
    }

    /// What an entry may say of its author beside a name.
    enum ToldOfAuthor { case nothing, kind, author }

    struct UnboundCount {
        let node: ObjectIdentifier
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
        var hash = UInt64(UInt(bitPattern: ObjectIdentifier(node))) ^ 0xCBF2_9CE4_8422_2325
        hash = KeyTable.hash(key, hash)
        if hash == 0 { hash = 1 }
        var at = Int(truncatingIfNeeded: hash ^ (hash >> 32)) & 4095
        while unboundPlaces[at].hash != 0 {
            if unboundPlaces[at].hash == hash {
                let place = unboundPlaces[at].place
                if unbound[place].count == 0 { unbound[place].example = record }
                unbound[place].count += 1
                return
            }
            at = (at + 1) & 4095
        }
        // Keys that differ from record to record would fill the table; what comes late is counted under one name.
        let isFull = unbound.count >= 2000
        if isFull, let place = unbound.firstIndex(where: { $0.field == Self.manyOthers }) {
            unbound[place].count += 1
            return
        }
        let text = isFull ? Self.manyOthers : String(decoding: key, as: UTF8.self)
        if !isFull { unboundPlaces[at] = (hash, unbound.count) }
        unbound.append(
            UnboundCount(
                node: ObjectIdentifier(node), field: node.path.isEmpty || isFull ? text : node.path + "." + text,
                count: 1,
                example: record))
    }

    private static let manyOthers = "(further keys)"

    /// Begins counting anew; the places stay.
    func forgetUnbound() {
        for index in unbound.indices { unbound[index].count = 0 }
    }
}

/// Finds people by the ids that a source's records use.
public protocol PeopleLookup: AnyObject, Sendable {
    /// The person with this id; `nil` when the source never named one.
    func person(_ id: String) -> Person?
    /// Whether an agent has this id.
    func isAgent(_ id: String) -> Bool
    /// Whether the source named a person with this id.
    func knows(_ id: String) -> Bool
}

extension PeopleLookup {
    /// Asks for the person; a directory that can tell without may do so.
    public func knows(_ id: String) -> Bool { person(id) != nil }
}

/// People as one worker asks for them: it remembers those it asked for last, as the same few come again and again.
final class RecentPeople {
    private let directory: any PeopleLookup
    private var recent = [(id: String, person: Person?)](repeating: ("", nil), count: 256)

    init(_ directory: any PeopleLookup) { self.directory = directory }

    func person(_ id: String) -> Person? {
        let place = Int(truncatingIfNeeded: StableHash.of(id) & 255)
        if recent[place].id == id, !id.isEmpty { return recent[place].person }
        let person = directory.person(id)
        recent[place] = (id, person)
        return person
    }

    func isAgent(_ id: String) -> Bool { directory.isAgent(id) }

    func knows(_ id: String) -> Bool { directory.knows(id) }
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
