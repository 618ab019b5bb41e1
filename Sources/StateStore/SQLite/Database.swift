import CSQLite
import Diagnostics

/// One SQLite file, used from one place at a time.
///
/// It is not `Sendable`: whoever opens it keeps it, inside an actor or on one task. Result codes become
/// ``MigrationError`` with a code `state/...` where they occur.
public final class Database {
    /// How the file survives a crash.
    public enum Journal: String, Sendable {
        /// Write-ahead log: readers beside one writer, a killed process loses nothing that was committed.
        case wal = "WAL"
        /// None: fastest; a failed transaction cannot be rolled back and a crash leaves a file to throw away.
        case off = "OFF"
    }

    /// How often the disk is asked to keep what was written.
    public enum Synchronous: String, Sendable {
        /// Never.
        case off = "OFF"
        /// At checkpoints: enough against a killed process, a power cut may lose the latest commits.
        case normal = "NORMAL"
        /// At each commit.
        case full = "FULL"
    }

    /// What may be done with the file.
    public enum Access: Sendable {
        /// Reading; the file must exist.
        case readOnly
        /// Reading and writing; the file is made when it is missing.
        case readWrite
    }

    /// Trade of speed against durability.
    public struct Settings: Sendable {
        /// How the file survives a crash.
        public var journal: Journal
        /// How often the disk is asked to keep what was written.
        public var synchronous: Synchronous
        /// How long a write waits for another process.
        public var busyTimeout: Duration
        /// Upper bound of the page cache.
        public var cacheInBytes: Int

        /// Creates settings.
        public init(
            journal: Journal, synchronous: Synchronous, busyTimeout: Duration = .seconds(10),
            cacheInBytes: Int = 16 << 20
        ) {
            self.journal = journal
            self.synchronous = synchronous
            self.busyTimeout = busyTimeout
            self.cacheInBytes = cacheInBytes
        }

        /// For the ledger: nothing that was committed is lost when the process dies.
        public static let ledger = Settings(journal: .wal, synchronous: .normal)
        /// For intermediate files that are thrown away after a crash.
        public static let staging = Settings(journal: .off, synchronous: .off, cacheInBytes: 32 << 20)
    }

    /// The file as it was named; empty for a temporary one.
    public let path: String
    private let connection: Connection
    private let settings: Settings
    private var statements: [String: Statement] = [:]
    /// Transactions that are open inside each other.
    private var depth = 0
    private var isReading = false

    /// Opens a database file.
    ///
    /// - Parameters:
    ///   - path: The file; an empty path makes a temporary file that goes away with this object.
    ///   - access: What may be done with it.
    ///   - settings: Trade of speed against durability.
    /// - Throws: `state/cannot-open`, or `state/corrupt` when the file is something else.
    public init(path: String, access: Access = .readWrite, settings: Settings) throws {
        self.path = path
        self.settings = settings
        // Used from one place at a time, so SQLite need not take its own mutex at each call.
        let flags =
            switch access {
            case .readOnly: SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX
            case .readWrite: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
            }
        connection = try Connection(path: path, flags: flags)
        let wait = settings.busyTimeout.components
        sqlite3_busy_timeout(
            connection.handle, Int32(clamping: wait.seconds * 1000 + wait.attoseconds / 1_000_000_000_000_000))
        try execute("PRAGMA cache_size = -\(settings.cacheInBytes / 1024)")
        if case .readWrite = access {
            try execute("PRAGMA journal_mode = \(settings.journal.rawValue)")
            try execute("PRAGMA synchronous = \(settings.synchronous.rawValue)")
            // A log that one large commit blew up shrinks again at the next checkpoint.
            if settings.journal == .wal {
                try execute("PRAGMA wal_autocheckpoint = 8000; PRAGMA journal_size_limit = \(64 << 20)")
            }
        } else {
            // A wrong file is found out here and not at some later query.
            try execute("PRAGMA schema_version")
        }
    }

    /// Runs one or more statements without parameters or results.
    public func execute(_ sql: String) throws {
        try connection.check(sqlite3_exec(connection.handle, sql, nil, nil, nil))
    }

    /// Prepares a statement that the caller keeps and reuses.
    public func prepare(_ sql: String) throws -> Statement {
        try Statement(sql, on: connection)
    }

    /// The statement of this text, prepared at the first call and reset; not for use inside its own rows.
    public func cached(_ sql: String) throws -> Statement {
        if let statement = statements[sql] {
            statement.reset()
            return statement
        }
        let statement = try prepare(sql)
        statements[sql] = statement
        return statement
    }

    /// Whether a transaction is open.
    public var isInTransaction: Bool { connection.isInTransaction }

    /// Rows changed by the latest insert, update or delete.
    public var changes: Int { Int(sqlite3_changes64(connection.handle)) }

    /// Row id of the latest insert into a table that has them.
    public var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(connection.handle) }

    /// Does all of the body or, when it throws, nothing of it.
    ///
    /// The write lock is taken at the start. A transaction inside another one becomes a savepoint: an error caught
    /// between the two undoes the inner one only. Without a journal nothing can be undone.
    public func transaction<Result>(_ body: () throws -> Result) throws -> Result {
        guard !isReading else { throw fault("a transaction inside a group of look-ups") }
        let name = depth == 0 ? "" : "inner\(depth)"
        try execute(depth == 0 ? "BEGIN IMMEDIATE" : "SAVEPOINT \(name)")
        depth += 1
        defer { depth -= 1 }
        do {
            let result = try body()
            try execute(name.isEmpty ? "COMMIT" : "RELEASE \(name)")
            return result
        } catch {
            // SQLite rolls back by itself on a full disk; a second rollback would hide the first error.
            if isInTransaction {
                try? execute(name.isEmpty ? "ROLLBACK" : "ROLLBACK TO \(name); RELEASE \(name)")
            }
            throw error
        }
    }

    /// Reads many times from one state of the file, more than twice as fast as reading one by one.
    ///
    /// A transaction inside it throws `state/fault`; one around it is used.
    public func reading<Result>(_ body: () throws -> Result) throws -> Result {
        guard depth == 0, !isReading else { return try body() }
        try execute("BEGIN DEFERRED")
        isReading = true
        defer {
            isReading = false
            if isInTransaction { try? execute("COMMIT") }
        }
        return try body()
    }

    /// A transaction that is on the disk when this returns, also after a power cut; so is all committed before it.
    ///
    /// - Throws: `state/fault` inside another transaction, where that promise cannot be kept.
    public func durably<Result>(_ body: () throws -> Result) throws -> Result {
        guard depth == 0 else { throw fault("a durable step inside a transaction") }
        try execute("PRAGMA synchronous = FULL")
        defer { try? execute("PRAGMA synchronous = \(settings.synchronous.rawValue)") }
        return try transaction(body)
    }

    /// Moves the write-ahead log into the file and asks the disk to keep it.
    public func sync() throws {
        guard settings.journal == .wal else { return }
        try execute("PRAGMA wal_checkpoint(PASSIVE)")
    }

    private func fault(_ what: String) -> MigrationError {
        MigrationError(
            "state/fault", recovery: .stopRun, place: Place(file: path),
            summary: "internal fault: \(what); nothing was written, the run can be resumed")
    }
}
