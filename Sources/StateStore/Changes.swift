/// Effects of written records that the ledger takes over together: all of them or none.
public struct Changes: Sendable {
    /// A record of the source: `entity` is `conversation`, `contact` and so on, `id` the source's own.
    public struct Key: Sendable, Hashable {
        /// Kind of record.
        public var entity: String
        /// Id at the source, byte for byte.
        public var id: String

        /// Creates a key.
        public init(_ entity: String, _ id: String) {
            self.entity = entity
            self.id = id
        }
    }

    /// What a written record looked like.
    public struct Written: Sendable, Equatable {
        /// Which record.
        public var key: Key
        /// What it looked like at the source.
        public var fingerprint: Fingerprint
        /// Digest of the destination's content after the write, if known.
        public var destinationDigest: UInt128?

        /// Creates the note of a written record.
        public init(_ key: Key, _ fingerprint: Fingerprint, destinationDigest: UInt128? = nil) {
            self.key = key
            self.fingerprint = fingerprint
            self.destinationDigest = destinationDigest
        }
    }

    /// Written records; the last one of a key counts.
    public var written: [Written] = []
    /// Ids given by the destination.
    public var identities: [Identity] = []
    /// Records noted as vanished from the source; their fingerprints stay.
    public var vanished: [Key] = []
    /// Records taken away at the destination; their fingerprints and identities go.
    public var forgotten: [Key] = []
    /// New positions of streams.
    public var cursors: [String: String] = [:]

    /// Creates empty changes.
    public init() {}

    /// Whether there is nothing in them.
    public var isEmpty: Bool {
        written.isEmpty && identities.isEmpty && vanished.isEmpty && forgotten.isEmpty && cursors.isEmpty
    }
}

/// Which record at the destination stands for one at the source.
public struct Identity: Sendable, Hashable {
    /// Kind of record: `conversation`, `contact`, `entry` and so on.
    public var entity: String
    /// Id at the source, byte for byte.
    public var sourceID: String
    /// Id at the destination.
    public var destinationID: String
    /// Stream of the destination that holds it; empty when the entity says it.
    public var stream: String
    /// For an entry: the source id of its conversation, within which its own id is unique; empty otherwise.
    public var parent: String

    /// Creates an identity.
    public init(entity: String, sourceID: String, destinationID: String, stream: String = "", parent: String = "") {
        self.entity = entity
        self.sourceID = sourceID
        self.destinationID = destinationID
        self.stream = stream
        self.parent = parent
    }
}
