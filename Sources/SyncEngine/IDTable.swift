internal import ConnectorKit
internal import ConversationModel

/// Remembers which ids a run has met, in about 24 bytes each: the id's hash and its content's.
struct IDTable {
    /// Whether an id was met before.
    enum Meeting { case first, again(sameContent: Bool) }

    private var hashes: [UInt64]
    private var contents: [UInt64]
    private var count = 0
    private var mask: Int

    init() {
        mask = (1 << 10) - 1
        hashes = [UInt64](repeating: 0, count: mask + 1)
        contents = hashes
    }

    static func hash(_ entity: Entity, _ id: String) -> UInt64 {
        var hasher = StableHasher()
        hasher.combine(entity.rawValue)
        hasher.combine(id)
        let hash = UInt64(truncatingIfNeeded: hasher.finish() >> 64)
        return hash == 0 ? 1 : hash
    }

    mutating func meet(_ hash: UInt64, content: UInt64) -> Meeting {
        if count * 10 > mask * 7 { grow() }
        var at = Int(truncatingIfNeeded: hash) & mask
        while hashes[at] != 0 {
            if hashes[at] == hash { return .again(sameContent: contents[at] == content) }
            at = (at + 1) & mask
        }
        hashes[at] = hash
        contents[at] = content
        count += 1
        return .first
    }

    private mutating func grow() {
        let (oldHashes, oldContents) = (hashes, contents)
        mask = mask * 2 + 1
        hashes = [UInt64](repeating: 0, count: mask + 1)
        contents = hashes
        for index in oldHashes.indices where oldHashes[index] != 0 {
            var at = Int(truncatingIfNeeded: oldHashes[index]) & mask
            while hashes[at] != 0 { at = (at + 1) & mask }
            hashes[at] = oldHashes[index]
            contents[at] = oldContents[index]
        }
    }
}
