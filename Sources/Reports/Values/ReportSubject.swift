/// What a report is about, beside the run itself.
public struct ReportSubject: Sendable {
    /// Language of the texts.
    public var language: Language
    /// Platform and location that is read: `Zendesk Support`, `zendesk:export`.
    public var source: (title: String, location: String)
    /// Platform and location that is written; `nil` for an inventory.
    public var destination: (title: String, location: String)?
    /// Mapping files.
    public var mappings: [String]
    /// When the report is made, ISO 8601.
    public var madeAt: String
    /// Name and version of the program.
    public var program: String
    /// What the figures rest on.
    public var evidence: [Evidence]
    /// Files of the source with their sizes and digests.
    public var sourceFiles: [(name: String, bytes: Int, sha256: String)]
    /// Runs of the migration, the latest first.
    public var history: [RunRecord]
    /// Requests, hours and notifications, where the destination is an API.
    public var effort: Effort?

    /// One thing a report rests on, and its SHA-256 or id.
    public struct Evidence: Sendable, Equatable {
        /// What kind of thing it is.
        public enum Kind: String, Sendable { case source, mapping, plan, run, limits }
        /// What kind of thing it is.
        public let kind: Kind
        /// File name, or command of a run.
        public let name: String
        /// SHA-256 in hex, or id of a run.
        public let fingerprint: String

        /// Creates evidence.
        public init(_ kind: Kind, name: String, fingerprint: String) {
            self.kind = kind
            self.name = name
            self.fingerprint = fingerprint
        }
    }

    /// One earlier run.
    public struct RunRecord: Sendable, Equatable {
        /// Its id.
        public let id: String
        /// `migrate`, `sync`, `verify`.
        public let command: String
        /// When it began, ISO 8601.
        public let startedAt: String
        /// Wall time; `nil` while it runs or when it died.
        public let seconds: Double?
        /// `done`, `failed`, `interrupted`, `running`.
        public let state: String
        /// What it told the shell; `nil` while it runs or when it died.
        public let exit: Int?
        /// How it ended, in one sentence.
        public let verdict: String
        /// Records it wrote; `nil` when not known.
        public let written: Int?

        /// Creates a record of a run.
        public init(
            id: String, command: String, startedAt: String, seconds: Double?, state: String, exit: Int?,
            verdict: String, written: Int?
        ) {
            self.id = id
            self.command = command
            self.startedAt = startedAt
            self.seconds = seconds
            self.state = state
            self.exit = exit
            self.verdict = verdict
            self.written = written
        }
    }

    /// What a run costs at an API.
    public struct Effort: Sendable, Equatable {
        /// One phase.
        public struct Phase: Sendable, Equatable {
            /// Its name.
            public let name: String
            /// Requests that are sent.
            public let requests: Int
            /// How long they take at the granted rate.
            public let seconds: Double

            /// Creates a phase.
            public init(name: String, requests: Int, seconds: Double) {
                self.name = name
                self.requests = requests
                self.seconds = seconds
            }
        }

        /// The phases in order.
        public var phases: [Phase]
        /// Who could be notified, and how many of them.
        public var notified: [(who: String, count: Int)]

        /// Creates an effort.
        public init(phases: [Phase], notified: [(who: String, count: Int)] = []) {
            self.phases = phases
            self.notified = notified
        }

        /// Whether both say the same.
        public static func == (a: Effort, b: Effort) -> Bool {
            a.phases == b.phases && a.notified.elementsEqual(b.notified) { $0 == $1 }
        }
    }

    /// Creates a subject without evidence.
    public init(
        language: Language, source: (title: String, location: String), destination: (title: String, location: String)?,
        mappings: [String], madeAt: String, program: String
    ) {
        self.language = language
        self.source = source
        self.destination = destination
        self.mappings = mappings
        self.madeAt = madeAt
        self.program = program
        evidence = []
        sourceFiles = []
        history = []
    }
}
