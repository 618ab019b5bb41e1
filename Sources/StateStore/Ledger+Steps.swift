import Diagnostics

/// A dead run of which only the destination knows whether its output was moved into place.
public struct UnsettledRun: Sendable, Equatable {
    /// The run.
    public let run: RunID
    /// The moves it announced; those without receipt may or may not have happened.
    public let moves: [Step]
}

extension Ledger {
    /// Writes down what is about to be done; it is on the disk when this returns, also after a power cut.
    ///
    /// - Parameters:
    ///   - intents: In the order they will be done; a batch costs one write of the disk.
    ///   - run: The run.
    /// - Returns: Their numbers, in the same order.
    /// - Throws: `lock/lost` when another run took over, before anything was sent; `state/no-run`.
    public func recordIntents(_ intents: [Intent], run: RunID) throws -> [StepID] {
        CrashPoint.reach("ledger.intent.before")
        let steps = try database.durably {
            try requireLock()
            let migration = try migration(of: run)
            var sequence =
                try database.cached("SELECT max(sequence) FROM steps WHERE run = ?1")
                .first(run.rawValue) { $0.int(0) } ?? 0
            let insert = try database.cached(
                """
                INSERT INTO steps(migration, run, sequence, kind, target, payload, state)
                VALUES(?, ?, ?, ?, ?, ?, 'intent')
                """)
            return try intents.map { intent in
                sequence += 1
                try insert.run(
                    migration.rawValue, run.rawValue, sequence, intent.kind.rawValue, intent.target, intent.payload)
                return StepID(rawValue: database.lastInsertedRow)
            }
        }
        CrashPoint.reach("ledger.intent.after")
        return steps
    }

    /// Writes down one intent; see ``recordIntents(_:run:)``.
    public func recordIntent(_ intent: Intent, run: RunID) throws -> StepID {
        guard let step = try recordIntents([intent], run: run).first else { throw fault("an intent without a number") }
        return step
    }

    /// Notes the answers to steps together with what they changed: all of it or nothing.
    ///
    /// - Parameters:
    ///   - receipts: The answers.
    ///   - changes: What the ledger takes over with them.
    ///   - run: The run.
    /// - Throws: `state/no-step` for a step that is not open.
    public func recordReceipts(_ receipts: [Receipt], applying changes: Changes = Changes(), run: RunID) throws {
        CrashPoint.reach("ledger.receipt.before")
        try transaction {
            try write(receipts)
            if !changes.isEmpty { try write(changes, run: run, migration: try migration(of: run)) }
        }
        CrashPoint.reach("ledger.receipt.after")
    }

    /// Closes steps that turned out not to have happened; they may be sent again as new ones.
    public func abandon(_ steps: [StepID]) throws {
        try transaction {
            let update = try database.cached(
                "UPDATE steps SET state = 'abandoned' WHERE id = ?1 AND state = 'intent'")
            for step in steps { try update.run(step.rawValue) }
        }
    }

    /// Steps of a migration without receipt, oldest first: to be settled before anything is sent again.
    public func openIntents(of migration: MigrationID) throws -> [Step] {
        try database.cached(
            "SELECT \(Self.stepColumns) FROM steps WHERE migration = ?1 AND state = 'intent' ORDER BY id"
        ).all(migration.rawValue, row: decodeStep)
    }

    /// Steps of a run in their order, only of one kind unless `nil`.
    public func steps(of run: RunID, kind: Intent.Kind? = nil) throws -> [Step] {
        try database.cached(
            "SELECT \(Self.stepColumns) FROM steps WHERE run = ?1 AND (?2 IS NULL OR kind = ?2) ORDER BY sequence"
        ).all(run.rawValue, kind?.rawValue, row: decodeStep)
    }

    // MARK: Settling

    /// Dead runs whose output may stand in its place or not; no run can begin until each is settled.
    public func unsettledRuns(of migration: MigrationID) throws -> [UnsettledRun] {
        try stagedRuns(of: migration).compactMap { run in
            let moves = try steps(of: run, kind: .move)
            return moves.contains { $0.state == .intent } ? UnsettledRun(run: run, moves: moves) : nil
        }
    }

    /// Ends the doubt about a dead run: takes over or throws away what it staged, and closes its open steps.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - moved: Whether its whole output stands in its place. The target of a move tells: a rename is all or nothing.
    ///   - now: Noted as its end when it has none.
    /// - Throws: `state/no-run` for a run that is committed or discarded already.
    public func settle(_ run: RunID, moved: Bool, now: Moment = .now) throws {
        CrashPoint.reach("ledger.settle.before")
        try database.durably {
            try requireLock()
            let migration = try migration(of: run)
            try markStaging(run)
            try database.cached("UPDATE steps SET state = ?2 WHERE run = ?1 AND state = 'intent' AND kind = 'move'")
                .run(run.rawValue, moved ? Step.State.receipt.rawValue : Step.State.abandoned.rawValue)
            if moved { try merge(run, migration: migration) } else { try dropStaged(run) }
            try database.cached(
                """
                UPDATE runs SET state = 'interrupted', ended_at = ?2, verdict = ?3 WHERE id = ?1 AND state = 'running'
                """
            ).run(
                run.rawValue, now.milliseconds,
                moved ? "interrupted after its output was in place" : "interrupted before its output was in place")
        }
        CrashPoint.reach("ledger.settle.after")
    }

    func stagedRuns(of migration: MigrationID) throws -> [RunID] {
        try database.cached(
            """
            SELECT id FROM runs WHERE migration = ?1 AND (staging = 1 OR staging = 0 AND EXISTS(
                SELECT 1 FROM steps WHERE run = runs.id AND kind = 'move' AND state = 'intent')) ORDER BY number
            """
        ).all(migration.rawValue) { RunID($0.string(0)) }
    }

    func unsettled(_ run: RunID) -> MigrationError {
        MigrationError(
            "state/unsettled", recovery: .stopRun, place: Place(file: path),
            summary: "run '\(run)' died while its output was moved into place; nothing was started",
            hint: "look whether the output is there, and settle the run first")
    }

    func write(_ receipts: [Receipt]) throws {
        guard !receipts.isEmpty else { return }
        let update = try database.cached(
            "UPDATE steps SET state = 'receipt', receipt = ?2 WHERE id = ?1 AND state = 'intent'")
        for receipt in receipts {
            try update.run(receipt.step.rawValue, receipt.content)
            guard database.changes == 1 else {
                throw MigrationError(
                    "state/no-step", recovery: .stopRun, place: Place(file: path),
                    summary: "internal fault: a receipt for step \(receipt.step.rawValue), which is not open; "
                        + "nothing was noted, the run can be resumed")
            }
        }
    }

    private static let stepColumns = "id, run, sequence, kind, target, payload, state, receipt"

    private func decodeStep(_ row: Statement) throws -> Step {
        guard let state = Step.State(rawValue: row.string(6)) else { throw fault("a step in an unknown state") }
        return Step(
            id: StepID(rawValue: row.int64(0)), run: RunID(row.string(1)), sequence: row.int(2),
            intent: Intent(Intent.Kind(rawValue: row.string(3)), target: row.string(4), payload: row.bytes(5)),
            state: state, receipt: row.bytes(7))
    }
}
