internal import ConnectorKit
internal import ConversationModel

/// Which of several versions of a record counts: that of the last delta, and within a set the one that stands last.
///
/// A version that was put together from loose parts, as from webhooks, may know less than one that the export tells whole,
/// or more than a summary does: of these the one with the most entries counts.
struct RecordVersions: Sendable {
    /// What a version is to its record.
    enum Standing {
        case current
        /// A later delta has another one.
        case replaced
        /// Another one stands behind it in the same set.
        case repeated
    }

    /// Ids that stand in deltas, with the last delta of each.
    private var generations: [UInt64: Int] = [:]
    /// Where the last one stands, for ids that stand several times: the place's ``key(of:)``.
    var last: [UInt64: UInt64] = [:]

    /// Takes every version for the current one.
    init() {}

    /// Looks through the deltas of a source.
    ///
    /// - Throws: As reading a source does.
    init(of source: FileSource) throws {
        guard source.files.contains(where: { $0.generation > 0 }) else { return }
        var found: [UInt64: Int] = [:]
        _ = try source.read(keepsExtras: false, where: { $0.generation > 0 }) { record, place, _ in
            let hash = IDTable.hash(record.entity, record.id)
            found[hash] = max(found[hash] ?? 0, place.generation)
        }
        generations = found
    }

    func standing(of record: NeutralRecord, at place: SourcePlace) -> Standing {
        if generations.isEmpty, last.isEmpty { return .current }
        let hash = IDTable.hash(record.entity, record.id)
        if let latest = generations[hash], place.generation < latest { return .replaced }
        if let last = last[hash], last != Self.key(of: place) { return .repeated }
        return .current
    }

    /// Looks for the fullest version of conversations that loose parts tell of too.
    ///
    /// - Parameters:
    ///   - ids: Their hashes.
    ///   - source: Is read once more, where there are any.
    /// - Throws: As reading a source does.
    mutating func preferFullest(of ids: Set<UInt64>, in source: FileSource) throws {
        guard !ids.isEmpty else { return }
        var fullest: [UInt64: (entries: Int, place: SourcePlace)] = [:]
        _ = try source.read(keepsExtras: false, restart: { fullest = [:] }) { record, place, _ in
            let hash = IDTable.hash(record.entity, record.id)
            guard ids.contains(hash), case .conversation(let conversation) = record else { return }
            let entries = conversation.timeline.count
            if let known = fullest[hash], place.generation <= known.place.generation {
                guard place.generation == known.place.generation else { return }
                if known.place.isGroup || place.isGroup {
                    // Of two as full the one that is told whole has the better head.
                    let isAsFull = entries == known.entries && (!place.isGroup || known.place.isGroup)
                    guard entries > known.entries || isAsFull else { return }
                }
            }
            fullest[hash] = (entries, place)
        }
        for (hash, version) in fullest { last[hash] = Self.key(of: version.place) }
    }

    /// Eight bytes that stand for a place, as an export may hold every record twice.
    static func key(of place: SourcePlace) -> UInt64 {
        var hasher = StableHasher()
        hasher.combine(place.file)
        hasher.combine(UInt64(place.byte))
        hasher.combine(UInt64(place.generation))
        return UInt64(truncatingIfNeeded: hasher.finish())
    }
}
