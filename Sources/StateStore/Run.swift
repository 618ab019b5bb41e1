/// Id of a run: eight hexadecimal digits.
public struct RunID: Sendable, Hashable, CustomStringConvertible {
    /// The digits.
    public let rawValue: String

    /// Wraps an id a person or the ledger gave.
    public init(_ rawValue: String) { self.rawValue = rawValue }

    /// Draws an id.
    public static func random(using generator: inout some RandomNumberGenerator) -> RunID {
        let digits = String(UInt32.random(in: .min ... .max, using: &generator), radix: 16)
        return RunID(String(repeating: "0", count: 8 - digits.count) + digits)
    }

    /// Draws an id from the system's generator.
    public static func random() -> RunID {
        var generator = SystemRandomNumberGenerator()
        return random(using: &generator)
    }

    /// The digits.
    public var description: String { rawValue }
}

/// One execution, as the ledger keeps it.
public struct Run: Sendable, Equatable {
    /// How far it came.
    public enum State: String, Sendable {
        /// It runs, or died without a word.
        case running
        /// It came to its end.
        case done
        /// It ended with an error.
        case failed
        /// It was stopped, or found dead by a later run.
        case interrupted
    }

    /// What happened to the records it staged.
    public enum Staging: Int64, Sendable {
        /// It staged none.
        case none = 0
        /// They wait for the output to be moved into place.
        case staged = 1
        /// They are part of the ledger.
        case committed = 2
        /// They were thrown away with the output.
        case discarded = 3
    }

    /// Its id.
    public let id: RunID
    /// The migration it belongs to.
    public let migration: MigrationID
    /// The command: `migrate`, `sync` and so on.
    public let command: String
    /// When it began.
    public let startedAt: Moment
    /// When it ended.
    public let endedAt: Moment?
    /// How far it came.
    public let state: State
    /// The exit code it returned.
    public let exit: Int32?
    /// One sentence; empty until it ended.
    public let verdict: String
    /// Counts per entity as JSON; `{}` until known.
    public let counts: String
    /// What the source looked like; empty when not taken.
    public let sourceFingerprint: String
    /// Digest of the mapping; empty without one.
    public let mappingHash: String
    /// Directory of the complete set or delta it wrote; empty when none.
    public let output: String
    /// What happened to the records it staged.
    public let staging: Staging
}

/// How a run ended.
public struct RunResult: Sendable, Equatable {
    /// How far it came.
    public var state: Run.State
    /// The exit code.
    public var exit: Int32
    /// One sentence.
    public var verdict: String
    /// Counts per entity as JSON.
    public var counts: String
    /// When it ended.
    public var endedAt: Moment

    /// Creates a result.
    public init(_ state: Run.State, exit: Int32, verdict: String, counts: String = "{}", endedAt: Moment = .now) {
        self.state = state
        self.exit = exit
        self.verdict = verdict
        self.counts = counts
        self.endedAt = endedAt
    }
}
