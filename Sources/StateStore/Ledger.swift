import Diagnostics
import Foundation

/// What makes re-runs safe: which records were written, under which ids, and what was about to be written.
///
/// One file holds any number of migrations. It is not `Sendable`: one actor or task owns it. All that is committed
/// survives the death of the process; steps recorded with ``recordIntents(_:run:)`` survive a power cut too.
///
/// A run with a file destination:
/// ```
/// acquireLock, unsettled -> settle, begin
///   stage(changes) ...                      files are written to DIR.partial-RUN
/// recordIntent(move) -> rename -> commit(receipts:result:)
/// releaseLock
/// ```
/// A run with an API: `recordIntents`, send, `recordReceipts(applying:)`, again and again, then `finish`.
public final class Ledger {
    /// Where a ledger stands when nothing else is named.
    public static let defaultPath = ".deskferry/state.sqlite"

    /// The file.
    public let path: String
    let database: Database
    let hot: HotStatements
    var holder: RunID?

    /// Opens a ledger and brings its tables to this version; makes file and folder when they are missing.
    ///
    /// - Parameter path: The file.
    /// - Returns: The ledger, without a lock.
    /// - Throws: `state/newer`, `state/foreign`, `state/corrupt`, `state/cannot-open`.
    public static func open(path: String = defaultPath) throws -> Ledger {
        try makeFile(path)
        let database = try Database(path: path, settings: .ledger)
        try LedgerSchema.prepare(database)
        return try Ledger(path: path, database: database)
    }

    /// Opens a ledger for a command that only looks; `nil` when there is none yet.
    ///
    /// - Parameter path: The file.
    /// - Returns: The ledger; writing to it throws `state/read-only`.
    /// - Throws: As ``open(path:)``, and `state/older` when a run must bring the tables up to date first.
    public static func openToRead(path: String = defaultPath) throws -> Ledger? {
        guard access(path, F_OK) == 0 else { return nil }
        let database = try Database(path: path, access: .readOnly, settings: .ledger)
        switch try LedgerSchema.version(of: database) {
        case LedgerSchema.version: return try Ledger(path: path, database: database)
        case 0: return nil
        case let found:
            throw MigrationError(
                "state/older", recovery: .fixConfiguration, place: Place(file: path),
                summary: "the ledger has version \(found), this program reads version \(LedgerSchema.version)",
                hint: "run 'deskferry sync' once to bring it up to date")
        }
    }

    private init(path: String, database: Database) throws {
        self.path = path
        self.database = database
        hot = try HotStatements(database)
    }

    /// The migration between two locations, made when it is not known yet.
    ///
    /// - Parameters:
    ///   - source: The source's location as text.
    ///   - destination: The destination's location as text.
    ///   - now: The time noted for a new one.
    /// - Returns: Its id in this file.
    /// - Throws: When the file cannot be read or written.
    public func migration(source: String, destination: String, now: Moment = .now) throws -> MigrationID {
        if let known = try knownMigration(source: source, destination: destination) { return known }
        return try database.transaction {
            try database.cached(
                "INSERT INTO migrations(source, destination, created_at) VALUES(?, ?, ?) ON CONFLICT DO NOTHING"
            ).run(source, destination, now.milliseconds)
            guard let made = try knownMigration(source: source, destination: destination) else {
                throw fault("a migration just written is not there")
            }
            return made
        }
    }

    /// The migration between two locations; `nil` when no run has been there.
    public func knownMigration(source: String, destination: String) throws -> MigrationID? {
        try database.cached("SELECT id FROM migrations WHERE source = ? AND destination = ?")
            .first(source, destination) { MigrationID(rawValue: $0.int64(0)) }
    }

    /// All migrations of this file, oldest first.
    public func migrations() throws -> [(id: MigrationID, source: String, destination: String)] {
        try database.cached("SELECT id, source, destination FROM migrations ORDER BY id").all {
            (MigrationID(rawValue: $0.int64(0)), $0.string(1), $0.string(2))
        }
    }

    /// Groups calls so that all of them happen or none.
    public func transaction<Result>(_ body: () throws -> Result) throws -> Result {
        try database.transaction {
            try requireLock()
            return try body()
        }
    }

    /// Groups look-ups: a batch of some hundred inside one call is more than twice as fast as one by one.
    ///
    /// - Parameter body: Looks up and does not write.
    /// - Returns: What the body returns.
    /// - Throws: What the body throws.
    public func reading<Result>(_ body: () throws -> Result) throws -> Result { try database.reading(body) }

    /// Moves the write-ahead log into the file and asks the disk to keep it.
    public func sync() throws { try database.sync() }

    func fault(_ what: String) -> MigrationError {
        MigrationError(
            "state/fault", recovery: .stopRun, place: Place(file: path),
            summary: "internal fault: \(what); nothing more was written, the run can be resumed")
    }

    /// Quarantined records may hold what customers wrote, so a new file is for its owner only.
    private static func makeFile(_ path: String) throws {
        guard access(path, F_OK) != 0 else { return }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: nil)
        } catch {
            throw MigrationError(
                "state/cannot-open", recovery: .fixConfiguration, place: Place(file: path),
                summary: "the folder '\(folder)' cannot be made; nothing was written",
                hint: "check its permissions, or name another file with '--state'", cause: error)
        }
        // Only a file that did not exist is touched here: closing a descriptor drops SQLite's locks on the same file.
        let descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
    }
}

/// A migration in one ledger file: a source location and a destination location.
public struct MigrationID: Sendable, Hashable {
    let rawValue: Int64
}

/// The statements that run once a record, prepared when the ledger is opened.
struct HotStatements {
    let lookup: Statement
    let upsert: Statement
    let stage: Statement
    let putIdentity: Statement
    let stageIdentity: Statement

    init(_ database: Database) throws {
        lookup = try database.prepare(
            """
            SELECT slot, run, vanished_in, head, destination_digest, parts FROM fingerprints
            WHERE migration = ?1 AND entity = ?2 AND source_id = ?3
            """)
        upsert = try database.prepare(
            """
            INSERT INTO fingerprints(
                migration, entity, source_id, slot, run, vanished_in, head, destination_digest, parts)
            VALUES(?1, ?2, ?3, ?4, ?5, NULL, ?6, ?7, ?8)
            ON CONFLICT DO UPDATE SET run = excluded.run, vanished_in = NULL, head = excluded.head,
                destination_digest = excluded.destination_digest, parts = excluded.parts
            """)
        stage = try database.prepare(
            """
            INSERT INTO pending_fingerprints(run, kind, entity, source_id, head, destination_digest, parts)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """)
        putIdentity = try database.prepare(
            """
            INSERT INTO identity(migration, parent, entity, source_id, destination_id, stream, run)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT DO UPDATE SET destination_id = excluded.destination_id, stream = excluded.stream,
                run = excluded.run
            """)
        stageIdentity = try database.prepare(
            """
            INSERT INTO pending_identity(run, parent, entity, source_id, destination_id, stream)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6)
            """)
    }
}
