internal import ConnectorKit

/// How a run talks to whoever started it.
public struct RunHooks: Sendable {
    /// Hears of progress: at the beginning of a phase, and behind every batch.
    public var progress: @Sendable (RunProgress) -> Void
    /// Asked between batches whether to stop.
    public var shouldStop: @Sendable () -> Bool
    /// Watches every record, for reports; `nil` costs nothing.
    public var observer: (any RunObserver)?

    /// Creates hooks.
    public init(
        progress: @escaping @Sendable (RunProgress) -> Void = { _ in },
        shouldStop: @escaping @Sendable () -> Bool = { false }, observer: (any RunObserver)? = nil
    ) {
        self.progress = progress
        self.shouldStop = shouldStop
        self.observer = observer
    }

    /// The same for a pass of its own kind, whose name goes before what it reads.
    func named(_ name: String) -> RunHooks {
        var named = self
        named.progress = { [progress] in progress($0.named(name)) }
        return named
    }

    /// The same without an observer, for passes that only look something up.
    var unobserved: RunHooks { RunHooks(progress: progress, shouldStop: shouldStop) }
}

/// How far a phase of a run is; all counts begin with the phase.
public struct RunProgress: Sendable, Equatable {
    /// What is being read: `people`, `conversations`; `records` where kinds are not told apart.
    public let phase: String
    /// Records so far.
    public let records: Int
    /// How far the files of the phase were read, out of ``bytesTotal``.
    public let bytesRead: Int
    /// Bytes of the files that the phase reads, as they lie on disk; 0 where nobody knows.
    public let bytesTotal: Int
    /// Records that could not be read.
    public let quarantined: Int

    /// Creates the progress of a phase that reads the files of a source one pass after the other.
    init(_ phase: String, _ far: ReadProgress, _ notes: SourceNotes) {
        self.init(
            phase: phase, records: notes.recordsRead + notes.partsRead, bytesRead: far.position,
            bytesTotal: far.total, quarantined: notes.rejected.count)
    }

    init(phase: String, records: Int = 0, bytesRead: Int = 0, bytesTotal: Int, quarantined: Int = 0) {
        self.phase = phase
        self.records = records
        self.bytesRead = bytesRead
        self.bytesTotal = bytesTotal
        self.quarantined = quarantined
    }

    /// Whether this is a later moment of the same phase, and not the beginning of another one.
    public func goesOn(from earlier: RunProgress) -> Bool {
        phase == earlier.phase && bytesTotal == earlier.bytesTotal && records >= earlier.records
            && bytesRead >= earlier.bytesRead
    }

    func named(_ name: String) -> RunProgress {
        RunProgress(
            phase: name + " " + phase, records: records, bytesRead: bytesRead, bytesTotal: bytesTotal,
            quarantined: quarantined)
    }
}
