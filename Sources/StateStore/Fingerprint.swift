/// What a record looked like: one digest of all but its entries, and one of each entry in order.
public struct Fingerprint: Sendable, Hashable {
    /// Digest of the record without its entries.
    public var head: UInt128
    /// Digest of each entry, in the order of the timeline.
    public var parts: [UInt64]

    /// Creates a fingerprint of digests.
    public init(head: UInt128, parts: [UInt64] = []) {
        self.head = head
        self.parts = parts
    }

    /// What happened to a record since its last fingerprint.
    public enum Change: Sendable, Hashable {
        /// There was none.
        case create
        /// Nothing.
        case unchanged
        /// Entries were added and nothing else; the indices of the new ones in the new parts, ascending.
        case append([Int])
        /// Something else: the head differs, or an entry was edited, removed or moved.
        case update
    }

    /// Compares two fingerprints of one record.
    ///
    /// | old parts | new parts | change, heads being equal |
    /// | --- | --- | --- |
    /// | a b | a b | unchanged |
    /// | a b | a b c | append [2] |
    /// | a b | x a b y | append [0, 3]: a late entry may stand before older ones |
    /// | a b | b a, or a, or a c | update |
    public static func change(from old: Fingerprint?, to new: Fingerprint) -> Change {
        guard let old else { return .create }
        guard old.head == new.head else { return .update }
        guard old.parts != new.parts else { return .unchanged }
        guard old.parts.count < new.parts.count else { return .update }
        var added: [Int] = []
        var matched = 0
        for (index, part) in new.parts.enumerated() {
            if matched < old.parts.count, old.parts[matched] == part {
                matched += 1
            } else {
                added.append(index)
            }
        }
        return matched == old.parts.count ? .append(added) : .update
    }
}

// How fingerprints stand in a row: the head in 16 bytes, big end first; a part in 8 bytes, little end first.
extension Statement {
    func bind(digest: UInt128?, at index: Int) throws {
        guard let digest else { return try bindNull(at: index) }
        try withUnsafeBytes(of: digest.bigEndian) { try bind($0, at: index) }
    }

    func bind(parts: [UInt64], at index: Int) throws {
        #if _endian(little)
            try parts.withUnsafeBytes { try bind($0, at: index) }
        #else
            try parts.map(\.littleEndian).withUnsafeBytes { try bind($0, at: index) }
        #endif
    }

    func digest(_ column: Int) -> UInt128? {
        withBytes(column) { $0.count == 16 ? UInt128(bigEndian: $0.loadUnaligned(as: UInt128.self)) : nil }
    }

    func parts(_ column: Int) -> [UInt64] {
        withBytes(column) { bytes in
            (0..<bytes.count / 8).map {
                UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self))
            }
        }
    }

    /// Compares in place, so that an unchanged record costs no array.
    func equals(parts: [UInt64], at column: Int) -> Bool {
        withBytes(column) { stored in
            guard stored.count == parts.count * 8 else { return false }
            for (index, part) in parts.enumerated() {
                let old = UInt64(littleEndian: stored.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
                guard old == part else { return false }
            }
            return true
        }
    }
}
