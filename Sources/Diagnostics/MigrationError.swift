/// An error that ends a record, a stream or a run.
///
/// What is only worth seeing is a ``Finding``.
public struct MigrationError: Error, Sendable, CustomStringConvertible {
    /// What the engine does about it; callers never inspect text.
    public enum Recovery: Sendable, Equatable {
        /// The record goes to quarantine, the rest goes on.
        case skipRecord
        /// The stream ends here; what was read stays.
        case stopStream
        /// The run ends and can be resumed.
        case stopRun
        /// A person must change something first.
        case fixConfiguration
        /// The same again later may work.
        case retry(after: Duration?)
    }

    /// Stable, bounded label such as `source/unreadable`; its first part decides the exit code.
    public struct Code: Sendable, Hashable, RawRepresentable, ExpressibleByStringLiteral {
        /// The label itself.
        public let rawValue: String
        /// Wraps a label.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// Wraps a label written in code.
        public init(stringLiteral value: String) { rawValue = value }
    }

    /// The label of this error.
    public let code: Code
    /// What the engine does.
    public let recovery: Recovery
    /// Where it happened.
    public var place: Place
    /// One line for the consultant: lower-case start, no full stop after a single clause, no private data.
    public let summary: String
    /// The next action.
    public let hint: String?
    /// What lies behind, for the log file.
    public let cause: (any Error)?

    /// Creates an error.
    public init(
        _ code: Code, recovery: Recovery, place: Place = Place(), summary: String, hint: String? = nil,
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.recovery = recovery
        self.place = place
        self.summary = summary
        self.hint = hint
        self.cause = cause
    }

    /// `place: what happened; what to do`.
    public var description: String {
        let place = place.description
        return (place.isEmpty ? "" : place + ": ") + summary + (hint.map { "; " + $0 } ?? "")
    }

    /// The exit code that a run ended by this error returns.
    public var exit: ExitCode {
        switch code.rawValue.prefix(while: { $0 != "/" }) {
        case "usage": .usage
        case "configuration", "mapping": .configuration
        case "source": .sourceUnreadable
        case "destination": .destinationUnreachable
        case "plan": .planStale
        case "lock": .locked
        case "retry": .retryLater
        case "interrupted": .interrupted
        default: .failed
        }
    }
}

/// What a run tells the shell; scripts rely on these numbers.
public enum ExitCode: Int32, Sendable, CaseIterable {
    /// Done and whole.
    case done = 0
    /// Failed for a reason that has no number of its own.
    case failed = 1
    /// The command line is wrong.
    case usage = 2
    /// Configuration, mapping or manifest is wrong.
    case configuration = 3
    /// Done, some records quarantined.
    case quarantined = 4
    /// The source is incomplete.
    case sourceIncomplete = 5
    /// The source cannot be read or refuses.
    case sourceUnreadable = 6
    /// The destination cannot be reached or refuses.
    case destinationUnreachable = 7
    /// Verification found differences or a threshold was missed.
    case verificationFailed = 8
    /// The plan is older than source, mapping or destination.
    case planStale = 9
    /// Another run holds the lock.
    case locked = 10
    /// `plan --detailed-exitcode`: there are changes.
    case changes = 20
    /// A later try may work.
    case retryLater = 75
    /// Stopped by Ctrl-C or a signal.
    case interrupted = 130

    /// What the number means, for help.
    public var meaning: String {
        switch self {
        case .done: "done and whole"
        case .failed: "failed"
        case .usage: "the command line is wrong"
        case .configuration: "configuration, mapping or manifest is wrong"
        case .quarantined: "done, some records quarantined"
        case .sourceIncomplete: "the source is incomplete"
        case .sourceUnreadable: "the source cannot be read or refuses"
        case .destinationUnreachable: "the destination cannot be reached or refuses"
        case .verificationFailed: "verification found differences, or a threshold was missed"
        case .planStale: "the plan is older than its source, mapping or destination"
        case .locked: "another run holds the lock"
        case .changes: "plan --detailed-exitcode: there are changes"
        case .retryLater: "a later try may work"
        case .interrupted: "interrupted; the same command resumes"
        }
    }
}
