internal import ConnectorKit
internal import ConversationModel

/// Remembers which ids a run has met: twelve bytes a place, eight of the id's hash and four of its content's.
///
/// The table is cut into sections that grow one by one, so that no moment holds the whole of it twice.
struct IDTable {
    /// Whether an id was met before.
    enum Meeting { case first, again(sameContent: Bool) }

    private var sections = [Section](repeating: Section(), count: 64)

    static func hash(_ entity: Entity, _ id: String) -> UInt64 {
        var hasher = StableHasher()
        hasher.combine(entity.rawValue)
        hasher.combine(id)
        let hash = UInt64(truncatingIfNeeded: hasher.finish() >> 64)
        return hash == 0 ? 1 : hash
    }

    mutating func meet(_ hash: UInt64, content: UInt64) -> Meeting {
        sections[Int(hash >> 58)].meet(hash, content: UInt32(truncatingIfNeeded: content))
    }

    private struct Section {
        private var hashes: [UInt64] = []
        private var contents: [UInt32] = []
        private var count = 0

        mutating func meet(_ hash: UInt64, content: UInt32) -> Meeting {
            if count * 5 >= hashes.count * 4 { grow() }
            let at = place(hash)
            if hashes[at] == hash { return .again(sameContent: contents[at] == content) }
            hashes[at] = hash
            contents[at] = content
            count += 1
            return .first
        }

        /// Where a hash stands, or the free place where it belongs.
        private func place(_ hash: UInt64) -> Int {
            var at = Int(truncatingIfNeeded: hash) & (hashes.count - 1)
            while hashes[at] != 0, hashes[at] != hash { at = (at + 1) & (hashes.count - 1) }
            return at
        }

        private mutating func grow() {
            let old = self
            hashes = [UInt64](repeating: 0, count: max(64, old.hashes.count * 2))
            contents = [UInt32](repeating: 0, count: hashes.count)
            for index in old.hashes.indices where old.hashes[index] != 0 {
                let at = place(old.hashes[index])
                hashes[at] = old.hashes[index]
                contents[at] = old.contents[index]
            }
        }
    }
}
