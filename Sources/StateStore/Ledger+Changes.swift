import Diagnostics

// Two ways into the ledger. A destination of files becomes visible as a whole, so its changes are staged and taken over
// by one commit after the output was moved. A destination behind an API is visible with each request, so its changes
// are applied with the receipts.
extension Ledger {
    /// Keeps changes aside until ``commit(_:output:receipts:result:)``; call it in batches of some thousands.
    ///
    /// - Throws: `state/no-run` when the run was never begun or has been committed or discarded.
    public func stage(_ changes: Changes, run: RunID) throws {
        CrashPoint.reach("ledger.stage.before")
        try transaction {
            try markStaging(run)
            for record in changes.written {
                let row = hot.stage
                row.reset()
                try row.bind(run.rawValue, at: 1)
                try row.bind(Int64(0), at: 2)
                try row.bind(record.key.entity, at: 3)
                try row.bind(record.key.id, at: 4)
                try row.bind(digest: record.fingerprint.head, at: 5)
                try row.bind(digest: record.destinationDigest, at: 6)
                try row.bind(parts: record.fingerprint.parts, at: 7)
                _ = try row.step()
            }
            let none: [UInt8]? = nil
            for key in changes.vanished { try hot.stage.run(run.rawValue, 1, key.entity, key.id, none, none, none) }
            for key in changes.forgotten { try hot.stage.run(run.rawValue, 2, key.entity, key.id, none, none, none) }
            for identity in changes.identities {
                try hot.stageIdentity.run(
                    run.rawValue, identity.parent, identity.entity, identity.sourceID, identity.destinationID,
                    identity.stream)
            }
            let cursor = try database.cached("INSERT OR REPLACE INTO pending_cursors VALUES(?, ?, ?)")
            for (stream, position) in changes.cursors { try cursor.run(run.rawValue, stream, position) }
            hot.stage.reset()
        }
        CrashPoint.reach("ledger.stage.after")
    }

    /// Takes over all that a run staged, in one transaction that is on the disk when this returns.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - output: Directory that now stands in its place; `nil` keeps the one that the run began with.
    ///   - receipts: Receipts of the moves.
    ///   - result: How the run ended, when nothing comes after this.
    /// - Throws: `state/no-run` for a run that is committed or discarded already, `state/no-step`, `lock/lost`.
    public func commit(
        _ run: RunID, output: String? = nil, receipts: [Receipt] = [], result: RunResult? = nil
    ) throws {
        CrashPoint.reach("ledger.commit.before")
        try database.durably {
            try requireLock()
            let migration = try migration(of: run)
            try markStaging(run)
            try write(receipts)
            try merge(run, migration: migration)
            if let output {
                try database.cached("UPDATE runs SET output = ?2 WHERE id = ?1").run(run.rawValue, output)
            }
            if let result { try noteEnd(of: run, result) }
            CrashPoint.reach("ledger.commit.within")
        }
        CrashPoint.reach("ledger.commit.after")
    }

    /// Throws away all that a run staged.
    public func discard(_ run: RunID) throws {
        CrashPoint.reach("ledger.discard.before")
        try transaction { try dropStaged(run) }
        CrashPoint.reach("ledger.discard.after")
    }

    /// Throws away what a run staged so far; the run goes on and stages anew.
    public func restage(_ run: RunID) throws {
        try transaction {
            for table in ["pending_fingerprints", "pending_identity", "pending_cursors"] {
                try database.cached("DELETE FROM \(table) WHERE run = ?1").run(run.rawValue)
            }
        }
    }

    /// Takes over changes at once, for a destination where they are visible already.
    public func apply(_ changes: Changes, run: RunID) throws {
        CrashPoint.reach("ledger.apply.before")
        try transaction { try write(changes, run: run, migration: try migration(of: run)) }
        CrashPoint.reach("ledger.apply.after")
    }

    // MARK: Writing

    func write(_ changes: Changes, run: RunID, migration: MigrationID) throws {
        if !changes.written.isEmpty {
            let first = try reserveSlots(Int64(changes.written.count), of: migration)
            for (offset, record) in changes.written.enumerated() {
                let row = hot.upsert
                row.reset()
                try row.bind(migration.rawValue, at: 1)
                try row.bind(record.key.entity, at: 2)
                try row.bind(record.key.id, at: 3)
                try row.bind(first + Int64(offset), at: 4)
                try row.bind(run.rawValue, at: 5)
                try row.bind(digest: record.fingerprint.head, at: 6)
                try row.bind(digest: record.destinationDigest, at: 7)
                try row.bind(parts: record.fingerprint.parts, at: 8)
                _ = try row.step()
            }
            hot.upsert.reset()
        }
        for identity in changes.identities {
            try hot.putIdentity.run(
                migration.rawValue, identity.parent, identity.entity, identity.sourceID, identity.destinationID,
                identity.stream, run.rawValue)
        }
        for key in changes.vanished { try noteVanished(key, run: run, migration: migration) }
        for key in changes.forgotten { try forget(key, migration: migration) }
        let cursor = try database.cached("INSERT OR REPLACE INTO cursors VALUES(?, ?, ?, ?)")
        for (stream, position) in changes.cursors {
            try cursor.run(migration.rawValue, stream, position, run.rawValue)
        }
    }

    func merge(_ run: RunID, migration: MigrationID) throws {
        let highest = try database.cached("SELECT max(id) FROM pending_fingerprints").first { $0.int64(0) } ?? 0
        let first = try reserveSlots(highest + 1, of: migration)
        // In key order, so that the table is written from left to right; of one key the last counts.
        try database.cached(
            """
            INSERT INTO fingerprints(
                migration, entity, source_id, slot, run, vanished_in, head, destination_digest, parts)
            SELECT ?1, entity, source_id, ?2 + id, run, NULL, head, destination_digest, parts
            FROM pending_fingerprints WHERE run = ?3 AND kind = 0 ORDER BY entity, source_id, id
            ON CONFLICT DO UPDATE SET run = excluded.run, vanished_in = NULL, head = excluded.head,
                destination_digest = excluded.destination_digest, parts = excluded.parts
            """
        ).run(migration.rawValue, first, run.rawValue)
        try database.cached(
            """
            INSERT INTO identity(migration, parent, entity, source_id, destination_id, stream, run)
            SELECT ?1, parent, entity, source_id, destination_id, stream, run FROM pending_identity
            WHERE run = ?2 ORDER BY parent, entity, source_id, id
            ON CONFLICT DO UPDATE SET destination_id = excluded.destination_id, stream = excluded.stream,
                run = excluded.run
            """
        ).run(migration.rawValue, run.rawValue)
        try database.cached(
            "INSERT OR REPLACE INTO cursors SELECT ?1, stream, cursor, run FROM pending_cursors WHERE run = ?2"
        ).run(migration.rawValue, run.rawValue)
        let gone = try database.cached(
            "SELECT kind, entity, source_id FROM pending_fingerprints WHERE run = ?1 AND kind <> 0 ORDER BY id"
        ).all(run.rawValue) { (kind: $0.int(0), key: Changes.Key($0.string(1), $0.string(2))) }
        for (kind, key) in gone {
            if kind == 1 {
                try noteVanished(key, run: run, migration: migration)
            } else {
                try forget(key, migration: migration)
            }
        }
        try clearPending(run, .committed)
    }

    func dropStaged(_ run: RunID) throws { try clearPending(run, .discarded) }

    private func clearPending(_ run: RunID, _ staging: Run.Staging) throws {
        try database.cached("UPDATE runs SET staging = ?2 WHERE id = ?1").run(run.rawValue, staging.rawValue)
        let others = try database.cached("SELECT count(*) FROM runs WHERE staging = 1").first { $0.int(0) } ?? 0
        for table in ["pending_fingerprints", "pending_identity", "pending_cursors"] {
            if others == 0 {
                // Without a condition SQLite frees whole pages instead of rows.
                try database.execute("DELETE FROM \(table)")
            } else {
                try database.cached("DELETE FROM \(table) WHERE run = ?1").run(run.rawValue)
            }
        }
    }

    /// Once a batch and not remembered: a rollback of the caller's transaction takes the mark away again.
    func markStaging(_ run: RunID) throws {
        try database.cached("UPDATE runs SET staging = 1 WHERE id = ?1 AND staging IN (0, 1)").run(run.rawValue)
        guard database.changes == 1 else { throw noRun(run, "is not open for staging") }
    }

    func migration(of run: RunID) throws -> MigrationID {
        let found = try database.cached("SELECT migration FROM runs WHERE id = ?1")
            .first(run.rawValue) { MigrationID(rawValue: $0.int64(0)) }
        guard let found else { throw noRun(run, "is not in this ledger") }
        return found
    }

    private func reserveSlots(_ count: Int64, of migration: MigrationID) throws -> Int64 {
        let first = try database.cached("SELECT next_slot FROM migrations WHERE id = ?1")
            .first(migration.rawValue) { $0.int64(0) }
        guard let first else { throw fault("a run of an unknown migration") }
        try database.cached("UPDATE migrations SET next_slot = ?2 WHERE id = ?1").run(migration.rawValue, first + count)
        return first
    }

    private func noteVanished(_ key: Changes.Key, run: RunID, migration: MigrationID) throws {
        try database.cached(
            "UPDATE fingerprints SET vanished_in = ?4 WHERE migration = ?1 AND entity = ?2 AND source_id = ?3"
        ).run(migration.rawValue, key.entity, key.id, run.rawValue)
    }

    private func forget(_ key: Changes.Key, migration: MigrationID) throws {
        try database.cached("DELETE FROM fingerprints WHERE migration = ?1 AND entity = ?2 AND source_id = ?3")
            .run(migration.rawValue, key.entity, key.id)
        try database.cached(
            "DELETE FROM identity WHERE migration = ?1 AND parent = '' AND entity = ?2 AND source_id = ?3"
        ).run(migration.rawValue, key.entity, key.id)
        guard key.entity == "conversation" else { return }
        try database.cached("DELETE FROM identity WHERE migration = ?1 AND parent = ?2").run(migration.rawValue, key.id)
    }
}
