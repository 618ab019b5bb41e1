import Diagnostics

extension Ledger {
    /// Begins a run and clears what dead runs of the same migration left.
    ///
    /// Runs of the migration still marked as running become interrupted. What they staged is thrown away when they
    /// announced no move of their output, and committed when each announced move has its receipt.
    ///
    /// - Parameters:
    ///   - run: A new id.
    ///   - migration: The migration.
    ///   - command: The command.
    ///   - sourceFingerprint: What the source looks like.
    ///   - mappingHash: Digest of the mapping.
    ///   - output: Directory that the run will write, when known.
    ///   - now: When it begins.
    /// - Throws: `state/unsettled` when only a look at the destination can tell whether an output was moved: see
    ///   ``unsettledRuns(of:)``.
    public func begin(
        _ run: RunID, migration: MigrationID, command: String, sourceFingerprint: String = "",
        mappingHash: String = "", output: String = "", now: Moment = .now
    ) throws {
        CrashPoint.reach("ledger.begin.before")
        try transaction {
            for dead in try stagedRuns(of: migration) {
                let moves = try steps(of: dead, kind: .move)
                if moves.contains(where: { $0.state == .intent }) { throw unsettled(dead) }
                if moves.contains(where: { $0.state == .receipt }) {
                    try merge(dead, migration: migration)
                } else {
                    try dropStaged(dead)
                }
            }
            try database.cached(
                """
                UPDATE runs SET state = 'interrupted', ended_at = ?2, verdict = 'interrupted without a word'
                WHERE migration = ?1 AND state = 'running'
                """
            ).run(migration.rawValue, now.milliseconds)
            try database.cached(
                """
                INSERT INTO runs(
                    id, migration, command, started_at, state, verdict, counts, source_fingerprint, mapping_hash,
                    output)
                VALUES(?, ?, ?, ?, 'running', '', '{}', ?, ?, ?)
                """
            ).run(
                run.rawValue, migration.rawValue, command, now.milliseconds, sourceFingerprint, mappingHash, output)
        }
        CrashPoint.reach("ledger.begin.after")
    }

    /// Marks an unfinished run as running again, for a destination whose steps were applied one by one.
    ///
    /// - Throws: `state/no-run` when it is not known, done, or staged for a destination of files.
    public func resume(_ run: RunID) throws {
        try transaction {
            try database.cached(
                """
                UPDATE runs SET state = 'running', ended_at = NULL, exit = NULL, verdict = ''
                WHERE id = ?1 AND state <> 'done' AND staging = 0
                """
            ).run(run.rawValue)
            guard database.changes == 1 else { throw noRun(run, "cannot be resumed") }
        }
    }

    /// Notes how a run ended.
    public func finish(_ run: RunID, _ result: RunResult) throws {
        CrashPoint.reach("ledger.finish.before")
        try transaction { try noteEnd(of: run, result) }
        CrashPoint.reach("ledger.finish.after")
    }

    /// Notes counts of a run that goes on, so that `status` can show them.
    public func note(counts: String, of run: RunID) throws {
        try database.cached("UPDATE runs SET counts = ?2 WHERE id = ?1").run(run.rawValue, counts)
    }

    /// A run by its id; `nil` when it is not in this file.
    public func run(_ id: RunID) throws -> Run? {
        try runs(where: "id = ?1", id.rawValue, limit: 1).first
    }

    /// The latest runs, newest first.
    ///
    /// - Parameters:
    ///   - migration: Only of this one; of all when `nil`.
    ///   - limit: At most so many.
    /// - Returns: The runs.
    /// - Throws: When the file cannot be read.
    public func runs(of migration: MigrationID? = nil, limit: Int = 100) throws -> [Run] {
        try runs(where: "?1 IS NULL OR migration = ?1", migration?.rawValue, limit: limit)
    }

    /// The latest run of a migration with these properties; `nil` without one.
    ///
    /// - Parameters:
    ///   - migration: The migration.
    ///   - command: Only of this command; of any when `nil`.
    ///   - state: Only in this state; in any when `nil`.
    /// - Returns: The run.
    /// - Throws: When the file cannot be read.
    public func lastRun(of migration: MigrationID, command: String? = nil, state: Run.State? = nil) throws -> Run? {
        try database.cached(
            """
            SELECT \(Self.runColumns) FROM runs WHERE migration = ?1 AND (?2 IS NULL OR command = ?2)
                AND (?3 IS NULL OR state = ?3) ORDER BY number DESC LIMIT 1
            """
        ).first(migration.rawValue, command, state?.rawValue) { try decodeRun($0) }
    }

    /// The run that a new one of the same migration would take up: the latest, unless it is done or committed.
    public func unfinishedRun(of migration: MigrationID) throws -> Run? {
        guard let last = try lastRun(of: migration), last.state != .done, last.staging != .committed else { return nil }
        return last
    }

    func noteEnd(of run: RunID, _ result: RunResult) throws {
        try database.cached(
            "UPDATE runs SET state = ?2, exit = ?3, verdict = ?4, counts = ?5, ended_at = ?6 WHERE id = ?1"
        ).run(
            run.rawValue, result.state.rawValue, Int64(result.exit), result.verdict, result.counts,
            result.endedAt.milliseconds)
        guard database.changes == 1 else { throw noRun(run, "is not in this ledger") }
    }

    func noRun(_ run: RunID, _ what: String) -> MigrationError {
        MigrationError(
            "state/no-run", recovery: .fixConfiguration, place: Place(file: path),
            summary: "run '\(run)' \(what); nothing was changed", hint: "see 'deskferry status' for the runs it knows")
    }

    private func runs(where condition: String, _ value: (some SQLiteValue)?, limit: Int) throws -> [Run] {
        try database.cached(
            "SELECT \(Self.runColumns) FROM runs WHERE \(condition) ORDER BY number DESC LIMIT ?2"
        ).all(value, limit) { try decodeRun($0) }
    }

    private static let runColumns = """
        id, migration, command, started_at, ended_at, state, exit, verdict, counts, source_fingerprint, mapping_hash,
        output, staging
        """

    private func decodeRun(_ row: Statement) throws -> Run {
        guard let state = Run.State(rawValue: row.string(5)), let staging = Run.Staging(rawValue: row.int64(12)) else {
            throw fault("a run in an unknown state")
        }
        return Run(
            id: RunID(row.string(0)), migration: MigrationID(rawValue: row.int64(1)), command: row.string(2),
            startedAt: Moment(milliseconds: row.int64(3)),
            endedAt: row.isNull(4) ? nil : Moment(milliseconds: row.int64(4)), state: state,
            exit: row.isNull(6) ? nil : Int32(truncatingIfNeeded: row.int64(6)), verdict: row.string(7),
            counts: row.string(8), sourceFingerprint: row.string(9), mappingHash: row.string(10),
            output: row.string(11), staging: staging)
    }
}
