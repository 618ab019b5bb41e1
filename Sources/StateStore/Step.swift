/// Something about to be done at the destination, written down before it is.
public struct Intent: Sendable, Equatable {
    /// What is done; a connector may have kinds of its own.
    public struct Kind: Sendable, Hashable, RawRepresentable {
        /// The word in the ledger.
        public let rawValue: String
        /// Wraps a word.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// A finished output is moved into its place; what the run staged hangs on it.
        public static let move = Kind(rawValue: "move")
        /// A request is sent.
        public static let request = Kind(rawValue: "request")
        /// Records are added to a file.
        public static let append = Kind(rawValue: "append")
    }

    /// What is done.
    public var kind: Kind
    /// What it is done to: a path, or a request line without its query.
    public var target: String
    /// What settling needs to know: marker, natural key, where a move comes from.
    public var payload: [UInt8]

    /// Creates an intent.
    public init(_ kind: Kind, target: String, payload: [UInt8] = []) {
        self.kind = kind
        self.target = target
        self.payload = payload
    }
}

/// The answer to a step.
public struct Receipt: Sendable, Equatable {
    /// The step it answers.
    public var step: StepID
    /// What a rollback or a later run needs of the answer.
    public var content: [UInt8]

    /// Creates a receipt.
    public init(_ step: StepID, content: [UInt8] = []) {
        self.step = step
        self.content = content
    }
}

/// Number of a step in one ledger file.
public struct StepID: Sendable, Hashable {
    let rawValue: Int64
}

/// An intent with what became of it.
public struct Step: Sendable, Equatable {
    /// What became of an intent.
    public enum State: String, Sendable {
        /// Open: it may or may not have happened.
        case intent
        /// It happened.
        case receipt
        /// It was settled as not having happened.
        case abandoned
    }

    /// Its number.
    public let id: StepID
    /// The run that meant to do it.
    public let run: RunID
    /// Position in that run, from 1.
    public let sequence: Int
    /// What was to be done.
    public let intent: Intent
    /// What became of it.
    public let state: State
    /// Content of the receipt; empty without one.
    public let receipt: [UInt8]
}
