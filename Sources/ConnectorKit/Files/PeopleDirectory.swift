public import ConversationModel
internal import Foundation

/// People by id: agents in memory, contacts in a scratch file with eight bytes of memory each.
///
/// A worker asks for a person a few times a conversation; a contact costs one small read from the page cache.
public final class PeopleDirectory: PeopleLookup {
    private let agents: [String: Person]
    /// Contacts in the order of their hashes.
    private let index: [Slot]
    private let file: ScratchFile?

    /// The first 24 bits of the id's hash and, in the other 40, where the person stands in the file.
    fileprivate struct Slot: Comparable {
        private let word: UInt64

        init(hash: UInt64, offset: UInt64) { word = (hash >> 40) << 40 | offset }

        var offset: UInt64 { word & ((1 << 40) - 1) }
        var prefix: UInt64 { word >> 40 }

        static func < (a: Slot, b: Slot) -> Bool { a.word < b.word }
    }

    fileprivate init(agents: [String: Person], index: [Slot], file: ScratchFile?) {
        self.agents = agents
        self.index = index
        self.file = file
    }

    /// A directory of nobody.
    public static let empty = PeopleDirectory(agents: [:], index: [], file: nil)

    /// The same contacts with other agents.
    public func replacingAgents(_ records: [NeutralRecord]) -> PeopleDirectory {
        let builder = Builder()
        for record in records { builder.add(record) }
        return PeopleDirectory(agents: builder.finish().agents, index: index, file: file)
    }

    /// Whether the source named anybody at all.
    public var isEmpty: Bool { agents.isEmpty && index.isEmpty }

    /// Whether an agent has this id.
    public func isAgent(_ id: String) -> Bool { agents[id] != nil }

    /// The person with this id; `nil` when the source never named one.
    public func person(_ id: String) -> Person? {
        if let agent = agents[id] { return agent }
        guard let file, let offset = offset(of: id, in: file) else { return nil }
        return file.person(at: offset)
    }

    /// Whether the source named a person with this id.
    public func knows(_ id: String) -> Bool {
        if let file, offset(of: id, in: file) != nil { return true }
        return agents[id] != nil
    }

    /// Where a contact stands who was noted last under this id.
    private func offset(of id: String, in file: ScratchFile) -> UInt64? {
        let prefix = StableHash.of(id) >> 40
        var low = 0
        var high = index.count
        while low < high {
            let middle = (low + high) / 2
            if index[middle].prefix <= prefix { low = middle + 1 } else { high = middle }
        }
        while low > 0, index[low - 1].prefix == prefix {
            low -= 1
            if file.holds(id, at: index[low].offset) { return index[low].offset }
        }
        return nil
    }

    /// Gathers people while their records pass.
    public final class Builder {
        private var agents: [String: Person] = [:]
        private var index: [Slot] = []
        private var file: ScratchFile?

        /// Creates an empty builder.
        public init() {}

        /// Notes the person that a record describes; other records are passed over.
        public func add(_ record: NeutralRecord) {
            switch record {
            case .agent(let agent):
                agents[agent.id] = Person(
                    kind: agent.role == .bot ? .bot : .agent, name: agent.name, email: agent.email)
            case .contact(let contact):
                add(contact.id, Person(kind: .contact, name: contact.name, email: contact.emails.first))
            default: break
            }
        }

        /// Notes a login by which records name a person.
        public func add(login: String, of id: String) {
            guard !id.isEmpty else { return }
            add(LoginName.key(login), Person(kind: .contact, name: id, email: nil))
        }

        private func add(_ id: String, _ person: Person) {
            if file == nil { file = ScratchFile() }
            guard let offset = file?.append(id: id, person) else { return }
            index.append(Slot(hash: StableHash.of(id), offset: offset))
        }

        /// The directory of all that was noted; a person noted twice is as noted last.
        public func finish() -> PeopleDirectory {
            file?.flush()
            index.sort()
            return PeopleDirectory(agents: agents, index: index, file: file)
        }
    }
}

/// A 64-bit hash that is the same in every process.
public enum StableHash {
    static func of(_ text: String) -> UInt64 {
        var text = text
        return text.withUTF8 { of($0) }
    }

    /// A hash of many bytes, to be compared within one run: four lanes, so that their multiplications overlap.
    public static func ofContent(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        guard let base = UnsafeRawPointer(bytes.baseAddress) else { return 0 }
        @inline(__always) func mixed(_ lane: UInt64, _ word: UInt64) -> UInt64 {
            let (high, low) = (lane ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
            return high ^ low
        }
        var (a, b, c, d): (UInt64, UInt64, UInt64, UInt64) = (UInt64(bytes.count), 1, 2, 3)
        var at = 0
        while at &+ 32 <= bytes.count {
            a = mixed(a, (base + at).loadUnaligned(as: UInt64.self))
            b = mixed(b, (base + (at &+ 8)).loadUnaligned(as: UInt64.self))
            c = mixed(c, (base + (at &+ 16)).loadUnaligned(as: UInt64.self))
            d = mixed(d, (base + (at &+ 24)).loadUnaligned(as: UInt64.self))
            at &+= 32
        }
        while at < bytes.count {
            a = mixed(a, UInt64(bytes[at]) | 0x100)
            at &+= 1
        }
        return mixed(mixed(mixed(a, b), c), d)
    }

    /// FNV-1a with a final mix, so that both halves of the result are well spread.
    static func of(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ (hash >> 32)) &* 0xD6E8_FEB8_6659_FD93
        return hash ^ (hash >> 32)
    }
}

/// An unnamed file that disappears with the process; records are length-prefixed texts.
private final class ScratchFile: @unchecked Sendable {  // written by one builder only; read by position afterwards
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var flushed: UInt64 = 0

    init?() {
        let pattern = (ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp") + "/deskferry-XXXXXX"
        var name = Array(pattern.utf8CString)
        descriptor = mkstemp(&name)
        guard descriptor >= 0 else { return nil }
        unlink(name)
    }

    deinit { close(descriptor) }

    func append(id: String, _ person: Person) -> UInt64 {
        let offset = flushed + UInt64(buffer.count)
        for text in [id, person.name, person.email] {
            let bytes = text.map { Array($0.utf8) }
            let count = bytes.map { UInt32($0.count) } ?? .max
            withUnsafeBytes(of: count) { buffer.append(contentsOf: $0) }
            buffer.append(contentsOf: bytes ?? [])
        }
        if buffer.count > 1 << 20 { flush() }
        return offset
    }

    func flush() {
        var at = 0
        while at < buffer.count {
            let wrote = buffer.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress.map { $0 + at }, buffer.count - at, off_t(flushed) + off_t(at))
            }
            guard wrote > 0 else { break }
            at += wrote
        }
        flushed += UInt64(buffer.count)
        buffer.removeAll(keepingCapacity: true)
    }

    /// Whether the person at this place has this id.
    func holds(_ id: String, at offset: UInt64) -> Bool {
        var id = id
        return id.withUTF8 { wanted in
            let length = 4 + wanted.count
            return withUnsafeTemporaryAllocation(byteCount: length, alignment: 4) { bytes in
                guard let base = bytes.baseAddress, let start = wanted.baseAddress,
                    pread(descriptor, base, length, off_t(offset)) == length,
                    base.load(as: UInt32.self) == UInt32(wanted.count)
                else { return false }
                return memcmp(base + 4, start, wanted.count) == 0
            }
        }
    }

    func person(at offset: UInt64) -> Person? {
        var bytes = [UInt8](repeating: 0, count: 512)
        var count = pread(descriptor, &bytes, bytes.count, off_t(offset))
        guard count > 12 else { return nil }
        var texts = Self.texts(bytes, count)
        if texts == nil {
            bytes = [UInt8](repeating: 0, count: 1 << 20)
            count = pread(descriptor, &bytes, bytes.count, off_t(offset))
            texts = Self.texts(bytes, count)
        }
        guard let texts else { return nil }
        return Person(kind: .contact, name: texts[1], email: texts[2])
    }

    private static func texts(_ bytes: [UInt8], _ count: Int) -> [String?]? {
        var at = 0
        var texts: [String?] = []
        for _ in 0..<3 {
            guard at + 4 <= count else { return nil }
            let length = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: at, as: UInt32.self) }
            at += 4
            guard length != .max else {
                texts.append(nil)
                continue
            }
            guard at + Int(length) <= count else { return nil }
            texts.append(String(decoding: bytes[at..<(at + Int(length))], as: UTF8.self))
            at += Int(length)
        }
        return texts
    }
}
