import Diagnostics

/// The tables of a ledger file, as the list of steps that made them; the position in the list is the version.
enum LedgerSchema {
    /// Marks the file as a ledger: 'DFry' in ASCII.
    static let applicationID: Int64 = 0x4446_7279
    static var version: Int { steps.count }

    /// A step never changes once it was released; a new version is a new step.
    static let steps = [version1]

    private static let version1 = """
        CREATE TABLE migrations(
            id INTEGER PRIMARY KEY, source TEXT NOT NULL, destination TEXT NOT NULL, created_at INTEGER NOT NULL,
            next_slot INTEGER NOT NULL DEFAULT 0, UNIQUE(source, destination)) STRICT;

        CREATE TABLE lock(
            one INTEGER PRIMARY KEY CHECK(one = 1), run TEXT NOT NULL, pid INTEGER NOT NULL, host TEXT NOT NULL,
            namespace TEXT NOT NULL, since INTEGER NOT NULL, heartbeat INTEGER NOT NULL) STRICT;

        -- staging: 0 nothing staged, 1 staged, 2 committed, 3 discarded
        CREATE TABLE runs(
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, migration INTEGER NOT NULL, command TEXT NOT NULL,
            started_at INTEGER NOT NULL, ended_at INTEGER, state TEXT NOT NULL, exit INTEGER, verdict TEXT NOT NULL,
            counts TEXT NOT NULL, source_fingerprint TEXT NOT NULL, mapping_hash TEXT NOT NULL, output TEXT NOT NULL,
            staging INTEGER NOT NULL DEFAULT 0) STRICT;
        CREATE INDEX runs_of_migration ON runs(migration, number);

        CREATE TABLE fingerprints(
            migration INTEGER NOT NULL, entity TEXT NOT NULL, source_id TEXT NOT NULL, slot INTEGER NOT NULL,
            run TEXT NOT NULL, vanished_in TEXT, head BLOB NOT NULL, destination_digest BLOB, parts BLOB NOT NULL,
            PRIMARY KEY(migration, entity, source_id)) STRICT, WITHOUT ROWID;

        CREATE TABLE identity(
            migration INTEGER NOT NULL, parent TEXT NOT NULL, entity TEXT NOT NULL, source_id TEXT NOT NULL,
            destination_id TEXT NOT NULL, stream TEXT NOT NULL, run TEXT NOT NULL,
            PRIMARY KEY(migration, parent, entity, source_id)) STRICT, WITHOUT ROWID;
        CREATE INDEX identity_by_destination ON identity(migration, entity, destination_id);

        CREATE TABLE cursors(
            migration INTEGER NOT NULL, stream TEXT NOT NULL, cursor TEXT NOT NULL, run TEXT NOT NULL,
            PRIMARY KEY(migration, stream)) STRICT, WITHOUT ROWID;

        -- what a run of a file destination did, until its output stands in its place; kind: 0 written, 1 vanished,
        -- 2 forgotten
        CREATE TABLE pending_fingerprints(
            id INTEGER PRIMARY KEY, run TEXT NOT NULL, kind INTEGER NOT NULL, entity TEXT NOT NULL,
            source_id TEXT NOT NULL, head BLOB, destination_digest BLOB, parts BLOB) STRICT;
        CREATE TABLE pending_identity(
            id INTEGER PRIMARY KEY, run TEXT NOT NULL, parent TEXT NOT NULL, entity TEXT NOT NULL,
            source_id TEXT NOT NULL, destination_id TEXT NOT NULL, stream TEXT NOT NULL) STRICT;
        CREATE TABLE pending_cursors(
            run TEXT NOT NULL, stream TEXT NOT NULL, cursor TEXT NOT NULL,
            PRIMARY KEY(run, stream)) STRICT, WITHOUT ROWID;

        CREATE TABLE steps(
            id INTEGER PRIMARY KEY, migration INTEGER NOT NULL, run TEXT NOT NULL, sequence INTEGER NOT NULL,
            kind TEXT NOT NULL, target TEXT NOT NULL, payload BLOB NOT NULL, state TEXT NOT NULL, receipt BLOB,
            UNIQUE(run, sequence)) STRICT;
        CREATE INDEX open_steps ON steps(migration, id) WHERE state = 'intent';

        CREATE TABLE quarantine(
            id INTEGER PRIMARY KEY, migration INTEGER NOT NULL, entity TEXT NOT NULL, source_id TEXT NOT NULL,
            file TEXT NOT NULL, line INTEGER NOT NULL, byte INTEGER NOT NULL, reason TEXT NOT NULL,
            first_run TEXT NOT NULL, run TEXT NOT NULL, state TEXT NOT NULL, raw BLOB,
            UNIQUE(migration, entity, source_id, file, line, byte)) STRICT;

        CREATE TABLE losses(
            run TEXT NOT NULL, entity TEXT NOT NULL, field TEXT NOT NULL, class TEXT NOT NULL, count INTEGER NOT NULL,
            examples TEXT NOT NULL, PRIMARY KEY(run, entity, field, class)) STRICT, WITHOUT ROWID;
        """

    /// Brings the file to this program's version.
    ///
    /// - Throws: `state/newer` for a file of a later program, `state/foreign` for a database that is no ledger.
    static func prepare(_ database: Database) throws {
        guard try version(of: database) < version else { return }
        try database.transaction {
            // Read again under the write lock: another process may have been first.
            let found = try version(of: database)
            for step in steps.dropFirst(found) { try database.execute(step) }
            try database.execute("PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
            CrashPoint.reach("ledger.schema.before")
        }
        CrashPoint.reach("ledger.schema.after")
    }

    /// The version of the file, 0 when it is new.
    static func version(of database: Database) throws -> Int {
        func number(_ sql: String) throws -> Int64 { try database.prepare(sql).first { $0.int64(0) } ?? 0 }
        let found = try number("PRAGMA user_version")
        let mark = try number("PRAGMA application_id")
        let tables = try number("SELECT count(*) FROM sqlite_schema")
        guard mark == applicationID || (mark == 0 && tables == 0) else {
            throw MigrationError(
                "state/foreign", recovery: .fixConfiguration, place: Place(file: database.path),
                summary: "a database, but not a ledger; nothing was changed", hint: "name another file with '--state'")
        }
        guard found <= version else {
            throw MigrationError(
                "state/newer", recovery: .fixConfiguration, place: Place(file: database.path),
                summary: "the ledger has version \(found), this program knows versions up to \(version); "
                    + "nothing was changed",
                hint: "use the newer program, or name another file with '--state'")
        }
        return Int(found)
    }
}
