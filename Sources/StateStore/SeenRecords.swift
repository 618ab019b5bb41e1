/// Which of the known records a run has met, as one bit each.
///
/// Nothing is written for a record that did not change: a run over a million unchanged records keeps 125 kB here
/// instead of touching a million rows.
public struct SeenRecords: Sendable {
    private var words: [UInt64] = []
    /// How many different records were seen.
    public private(set) var count = 0

    /// Creates an empty set.
    public init() {}

    /// Notes a record; false when it was noted before, that is, when the source gave it twice.
    @discardableResult
    public mutating func insert(_ record: KnownRecord) -> Bool {
        let (word, bit) = (record.slot >> 6, UInt64(1) << UInt64(record.slot & 63))
        if word >= words.count { words.append(contentsOf: repeatElement(0, count: word + 1 - words.count)) }
        guard words[word] & bit == 0 else { return false }
        words[word] |= bit
        count += 1
        return true
    }

    func contains(slot: Int) -> Bool {
        let word = slot >> 6
        return word < words.count && words[word] & (UInt64(1) << UInt64(slot & 63)) != 0
    }
}

/// What the ledger knows of one record of the source.
public struct KnownRecord: Sendable, Equatable {
    /// What it looked like when it was last written.
    public let fingerprint: Fingerprint
    /// Digest of the destination's content after that write, where the destination was read back.
    public let destinationDigest: UInt128?
    /// The run that wrote it last.
    public let run: RunID
    /// The run that noted it as vanished from the source, if one did.
    public let vanishedIn: RunID?
    /// Small number, unique in the migration and stable, for ``SeenRecords``.
    let slot: Int
}
