extension Ledger {
    /// What the ledger knows of a record; `nil` when it was never written.
    public func record(_ id: String, in entity: String, of migration: MigrationID) throws -> KnownRecord? {
        try compare(nil, id: id, entity: entity, migration: migration).known
    }

    /// Compares a record of the source with what was written last: the question of every delta run.
    ///
    /// An unchanged record is compared in place and costs one look-up without a copy of its parts.
    ///
    /// - Parameters:
    ///   - fingerprint: What the record looks like now.
    ///   - id: Its id at the source.
    ///   - entity: Kind of record.
    ///   - migration: The migration.
    /// - Returns: What happened to it, and what is known of it; the latter is `nil` exactly for `.create`.
    /// - Throws: When the file cannot be read.
    public func change(
        to fingerprint: Fingerprint, id: String, in entity: String, of migration: MigrationID
    ) throws -> (change: Fingerprint.Change, known: KnownRecord?) {
        try compare(fingerprint, id: id, entity: entity, migration: migration)
    }

    private func compare(
        _ new: Fingerprint?, id: String, entity: String, migration: MigrationID
    ) throws -> (change: Fingerprint.Change, known: KnownRecord?) {
        let row = hot.lookup
        row.reset()
        try row.bind(migration.rawValue, at: 1)
        try row.bind(entity, at: 2)
        try row.bind(id, at: 3)
        guard try row.step() else { return (.create, nil) }
        // A statement left on its row would hold a read transaction open and stop the log from being emptied.
        defer { row.reset() }
        guard let head = row.digest(3) else { throw fault("a fingerprint of another length") }
        let isUnchanged = new.map { $0.head == head && row.equals(parts: $0.parts, at: 5) } ?? false
        let old = isUnchanged ? new ?? Fingerprint(head: head) : Fingerprint(head: head, parts: row.parts(5))
        let known = KnownRecord(
            fingerprint: old, destinationDigest: row.digest(4), run: RunID(row.string(1)),
            vanishedIn: row.isNull(2) ? nil : RunID(row.string(2)), slot: max(0, row.int(0)))
        guard let new, !isUnchanged else { return (.unchanged, known) }
        return (Fingerprint.change(from: old, to: new), known)
    }

    /// Streams the known records that a whole read of the source did not meet, in the order of their ids.
    ///
    /// Records that `run` itself wrote do not count. The body may stage or apply changes.
    ///
    /// - Parameters:
    ///   - entity: Kind of record.
    ///   - migration: The migration.
    ///   - seen: What the run met.
    ///   - run: The run.
    ///   - body: Gets the id of each, and the run that noted it as vanished before, if one did.
    /// - Throws: What the body throws, or when the file cannot be read.
    public func vanished(
        _ entity: String, of migration: MigrationID, seen: SeenRecords, run: RunID,
        _ body: (_ id: String, _ notedBefore: RunID?) throws -> Void
    ) throws {
        let rows = try database.prepare(
            """
            SELECT source_id, slot, vanished_in FROM fingerprints
            WHERE migration = ?1 AND entity = ?2 AND run <> ?3
            """)
        try rows.forEach(migration.rawValue, entity, run.rawValue) { row in
            guard !seen.contains(slot: max(0, row.int(1))) else { return }
            try body(row.string(0), row.isNull(2) ? nil : RunID(row.string(2)))
        }
    }

    /// How many records of an entity are known, those noted as vanished left out: the base of a maximum share.
    public func countRecords(_ entity: String, of migration: MigrationID) throws -> Int {
        try database.cached(
            "SELECT count(*) FROM fingerprints WHERE migration = ?1 AND entity = ?2 AND vanished_in IS NULL"
        ).first(migration.rawValue, entity) { $0.int(0) } ?? 0
    }

    /// The position of a stream after the last commit; `nil` before the first.
    public func cursor(_ stream: String, of migration: MigrationID) throws -> String? {
        try database.cached("SELECT cursor FROM cursors WHERE migration = ?1 AND stream = ?2")
            .first(migration.rawValue, stream) { $0.string(0) }
    }

    // MARK: Identity

    /// The record at the destination that stands for one at the source.
    ///
    /// - Parameters:
    ///   - sourceID: Id at the source.
    ///   - entity: Kind of record.
    ///   - parent: For an entry: the source id of its conversation.
    ///   - migration: The migration.
    /// - Returns: The identity; `nil` when the record was never written.
    /// - Throws: When the file cannot be read.
    public func identity(
        _ sourceID: String, in entity: String, parent: String = "", of migration: MigrationID
    ) throws -> Identity? {
        try database.cached(
            """
            SELECT parent, entity, source_id, destination_id, stream FROM identity
            WHERE migration = ?1 AND parent = ?2 AND entity = ?3 AND source_id = ?4
            """
        ).first(migration.rawValue, parent, entity, sourceID, row: decodeIdentity)
    }

    /// The records at the source for which one at the destination stands: several where a mapping merged them.
    public func identities(
        destinationID: String, in entity: String, of migration: MigrationID
    ) throws -> [Identity] {
        try database.cached(
            """
            SELECT parent, entity, source_id, destination_id, stream FROM identity
            WHERE migration = ?1 AND entity = ?2 AND destination_id = ?3
            """
        ).all(migration.rawValue, entity, destinationID, row: decodeIdentity)
    }

    /// Streams the identities that a run gave last: what a rollback starts from.
    public func identities(from run: RunID, of migration: MigrationID, _ body: (Identity) throws -> Void) throws {
        let rows = try database.prepare(
            """
            SELECT parent, entity, source_id, destination_id, stream FROM identity WHERE migration = ?1 AND run = ?2
            """)
        try rows.forEach(migration.rawValue, run.rawValue) { try body(decodeIdentity($0)) }
    }

    private func decodeIdentity(_ row: Statement) -> Identity {
        Identity(
            entity: row.string(1), sourceID: row.string(2), destinationID: row.string(3), stream: row.string(4),
            parent: row.string(0))
    }
}
