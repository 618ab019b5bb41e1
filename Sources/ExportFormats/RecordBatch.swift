/// Which of the record paths of a format a record was found at: an index into the list the format was made of.
public typealias PathIndex = Int16

/// One record inside the bytes of its batch: a JSON text with its place in the file.
public struct RecordSpan: Sendable, Equatable {
    /// First byte of the record in the bytes of the batch.
    public let offset: Int
    /// Length in bytes.
    public let count: Int
    /// Line the record starts at, from 1.
    public let line: Int
    /// Byte of the decompressed file the record starts at, from 0.
    ///
    /// In UTF-16 files it counts the text as converted to UTF-8; in XML it is where the parser stood, a few kB ahead.
    public let byte: Int
    /// Which record path matched.
    public let path: PathIndex
    /// First byte of the member name of a record of a map, in the bytes of the batch, without its quotes.
    public let keyOffset: Int
    /// Length of that name as written in the file; 0 where there is none.
    public let keyCount: Int

    init(offset: Int, count: Int, line: Int, byte: Int, path: PathIndex, keyOffset: Int = 0, keyCount: Int = 0) {
        self.offset = offset
        self.count = count
        self.line = line
        self.byte = byte
        self.path = path
        self.keyOffset = keyOffset
        self.keyCount = keyCount
    }
}

/// A piece of a file that could not be cut into records; reading went on behind it where that was possible.
public struct RecordFault: Sendable, Equatable {
    /// Line the piece starts at, from 1.
    public let line: Int
    /// Byte of the decompressed file the piece starts at, from 0.
    public let byte: Int
    /// What is wrong, without any of the content.
    public let reason: String
    /// Bytes that were left out.
    public let skipped: Int

    init(line: Int, byte: Int, reason: String, skipped: Int = 0) {
        self.line = line
        self.byte = byte
        self.reason = reason
        self.skipped = skipped
    }
}

/// What is left of a document when its records are taken out: `{"tickets":[],"next_page":null,"count":2}`.
public struct EnvelopeText: Sendable {
    /// The JSON text.
    public let bytes: PaddedBytes
    /// Line the document starts at, from 1.
    public let line: Int
    /// Byte of the decompressed file the document starts at.
    public let byte: Int
}

/// About a megabyte of records, in the order of the file.
public struct RecordBatch: Sendable {
    /// Name of the file as a person knows it.
    public let file: String
    /// Holds the records.
    public let bytes: PaddedBytes
    /// The records.
    public let records: [RecordSpan]
    /// What could not be cut out of this stretch of the file.
    public let faults: [RecordFault]
    /// Documents that ended in this stretch, without their records.
    public let envelopes: [EnvelopeText]
}

/// Cuts one file into records, a batch at a time.
///
/// Memory is flat: a batch, and what is read ahead. A reader belongs to one task.
public protocol RecordReader: AnyObject {
    /// The next records of the file; `nil` at its end.
    ///
    /// A batch may hold faults only. Throws `source/unreadable`, `source/malformed` or `source/bomb` when nothing more can be
    /// read; batches given out before stay valid.
    func nextBatch() throws -> RecordBatch?
}

/// How much a reader takes at once, and where it refuses to go on.
public struct ReadLimits: Sendable {
    /// Bytes read ahead, and so the usual size of a batch.
    public var batchBytes = 1 << 20
    /// Largest single record in bytes; a larger one is a fault.
    public var recordBytes = 256 << 20
    /// Largest decompressed size of one file in bytes.
    public var expandedBytes = 512 << 30
    /// Largest ratio of decompressed to compressed bytes beyond ``freeBytes``: JSON reaches 50 to 100, a bomb 1,000.
    public var expansionRatio = 250
    /// Decompressed bytes before the ratio counts.
    public var freeBytes = 64 << 20
    /// Largest number of members of an archive.
    public var archiveMembers = 100_000

    /// The limits named above.
    public init() {}
}

/// Counts of a finished stretch, gathered by the readers before they make a batch of them.
struct BatchParts {
    var records: [RecordSpan] = []
    var faults: [RecordFault] = []
    var envelopes: [EnvelopeText] = []

    var isEmpty: Bool { records.isEmpty && faults.isEmpty && envelopes.isEmpty }
    /// Faults alone are worth a batch when there are many, so that a file of garbage does not gather them without end.
    var isWorthABatch: Bool { !records.isEmpty || faults.count >= 256 || !envelopes.isEmpty }

    mutating func batch(_ file: String, _ bytes: PaddedBytes) -> RecordBatch {
        let batch = RecordBatch(file: file, bytes: bytes, records: records, faults: faults, envelopes: envelopes)
        records.removeAll(keepingCapacity: false)
        faults = []
        envelopes = []
        return batch
    }
}
