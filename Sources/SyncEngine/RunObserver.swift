public import ConversationModel

/// What becomes of a record in a run.
public enum RecordFate: String, Sendable, CaseIterable {
    /// Written for the first time.
    case create
    /// Written again: something else than new entries changed.
    case update
    /// Written again: it only gained entries.
    case append
    /// Needs no write.
    case unchanged
    /// Left out by a filter of the mapping or the command line.
    case filtered
    /// Left out: the destination has no place for such records.
    case homeless
    /// Written before, and the source no longer has it.
    case vanished
    /// Changed on both sides.
    case conflict
}

/// A record on its way: as it was read, and as the destination will have it.
public struct RecordPassage: Sendable {
    /// As it was read.
    public let before: NeutralRecord
    /// As the destination will have it; `nil` when it is left out.
    public let after: NeutralRecord?
    /// Every difference between the two, counted.
    public let losses: [FidelityLoss]
    /// Whether a record of the source says it; people may be known only by what others say of them.
    public let isDescribed: Bool

    /// Creates a passage.
    public init(before: NeutralRecord, after: NeutralRecord?, losses: [FidelityLoss], isDescribed: Bool = true) {
        self.before = before
        self.after = after
        self.losses = losses
        self.isDescribed = isDescribed
    }
}

/// Watches the records of a run, for reports; a run without one costs nothing.
public protocol RunObserver: AnyObject, Sendable {
    /// Condenses a record; called by workers, several at a time.
    func digest(_ passage: RecordPassage) -> any Sendable

    /// Hears what becomes of a record; called in order, by one task at a time, once for each record that counts.
    ///
    /// - Parameters:
    ///   - entity: The kind of record.
    ///   - id: Its id at the source.
    ///   - fate: What becomes of it.
    ///   - added: Positions of new entries, from 0, where it only gained some.
    ///   - digest: What ``digest(_:)`` made of it; `nil` for records that the source no longer has.
    func met(_ entity: Entity, id: String, fate: RecordFate, added: [Int], digest: (any Sendable)?)

    /// The run begins once more from the first record.
    func restart()
}
