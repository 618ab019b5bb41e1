import Diagnostics
import Foundation

/// A record that could not be taken over.
public struct QuarantinedRecord: Sendable, Equatable {
    /// Kind of record.
    public var entity: String
    /// Its id, when that could be read.
    public var id: String?
    /// File as the person named it.
    public var file: String
    /// Line, from 1.
    public var line: Int?
    /// Byte offset in the file after decompression, from 0.
    public var byte: Int?
    /// One line for the consultant.
    public var reason: String
    /// The record as it came, to try it again; may hold what customers wrote.
    public var raw: [UInt8]?

    /// Creates a quarantined record.
    public init(
        entity: String, id: String? = nil, file: String = "", line: Int? = nil, byte: Int? = nil, reason: String,
        raw: [UInt8]? = nil
    ) {
        self.entity = entity
        self.id = id
        self.file = file
        self.line = line
        self.byte = byte
        self.reason = reason
        self.raw = raw
    }
}

/// A row of the quarantine.
public struct QuarantineRow: Sendable, Equatable {
    /// Its number in the ledger, for a person to name.
    public let number: Int64
    /// The record.
    public let record: QuarantinedRecord
    /// The run that met it first.
    public let firstRun: RunID
    /// The run that met it last.
    public let run: RunID
    /// Whether it still waits.
    public let isOpen: Bool
}

/// How often a field lost something, in one way.
public struct LossTotal: Sendable, Equatable {
    /// Kind of record.
    public var entity: String
    /// Field of the neutral model.
    public var field: String
    /// Class of loss: `converted`, `narrowed`, `truncated`, `dropped`, `invented`.
    public var lossClass: String
    /// How many records.
    public var count: Int
    /// Ids or values of some, at most ``Ledger/examplesOfALoss``.
    public var examples: [String]

    /// Creates a total.
    public init(entity: String, field: String, lossClass: String, count: Int, examples: [String] = []) {
        self.entity = entity
        self.field = field
        self.lossClass = lossClass
        self.count = count
        self.examples = examples
    }
}

extension Ledger {
    /// How many examples of one loss are kept.
    public static let examplesOfALoss = 5

    /// Puts records into quarantine; one that is there already is opened again and not counted twice.
    public func quarantine(_ records: [QuarantinedRecord], run: RunID) throws {
        CrashPoint.reach("ledger.quarantine.before")
        try transaction {
            let migration = try migration(of: run)
            let insert = try database.cached(
                """
                INSERT INTO quarantine(
                    migration, entity, source_id, file, line, byte, reason, first_run, run, state, raw)
                VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, 'open', ?9)
                ON CONFLICT DO UPDATE SET reason = excluded.reason, run = excluded.run, state = 'open',
                    raw = excluded.raw
                """)
            for record in records {
                try insert.run(
                    migration.rawValue, record.entity, record.id ?? "", record.file, record.line ?? -1,
                    record.byte ?? -1, record.reason, run.rawValue, record.raw)
            }
        }
        CrashPoint.reach("ledger.quarantine.after")
    }

    /// Streams the quarantine, oldest first, so that a large one does not stand in memory.
    ///
    /// - Parameters:
    ///   - migration: The migration.
    ///   - includingResolved: Also those that wait no longer.
    ///   - body: Gets each row.
    /// - Throws: What the body throws, or when the file cannot be read.
    public func quarantined(
        of migration: MigrationID, includingResolved: Bool = false, _ body: (QuarantineRow) throws -> Void
    ) throws {
        let rows = try database.prepare(
            """
            SELECT id, entity, source_id, file, line, byte, reason, raw, first_run, run, state FROM quarantine
            WHERE migration = ?1 AND (?2 OR state = 'open') ORDER BY id
            """)
        try rows.forEach(migration.rawValue, includingResolved ? 1 : 0) { row in
            let record = QuarantinedRecord(
                entity: row.string(1), id: row.string(2).isEmpty ? nil : row.string(2), file: row.string(3),
                line: row.int(4) < 0 ? nil : row.int(4), byte: row.int(5) < 0 ? nil : row.int(5),
                reason: row.string(6), raw: row.isNull(7) ? nil : row.bytes(7))
            try body(
                QuarantineRow(
                    number: row.int64(0), record: record, firstRun: RunID(row.string(8)), run: RunID(row.string(9)),
                    isOpen: row.string(10) == "open"))
        }
    }

    /// Marks rows as resolved; numbers that are not there are passed over.
    public func resolveQuarantine(_ numbers: [Int64]) throws {
        try transaction {
            let update = try database.cached("UPDATE quarantine SET state = 'resolved' WHERE id = ?1")
            for number in numbers { try update.run(number) }
        }
    }

    /// Resolves all open rows that a whole read of the source did not meet again; returns how many.
    @discardableResult
    public func resolveQuarantine(notMetBy run: RunID) throws -> Int {
        try transaction {
            try database.cached(
                "UPDATE quarantine SET state = 'resolved' WHERE migration = ?1 AND state = 'open' AND run <> ?2"
            ).run(try migration(of: run).rawValue, run.rawValue)
            return database.changes
        }
    }

    // MARK: Losses

    /// Adds to the totals of a run.
    public func add(losses: [LossTotal], run: RunID) throws {
        CrashPoint.reach("ledger.losses.before")
        try transaction {
            let examples = try database.cached(
                "SELECT examples FROM losses WHERE run = ?1 AND entity = ?2 AND field = ?3 AND class = ?4")
            let insert = try database.cached(
                """
                INSERT INTO losses VALUES(?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET count = count + excluded.count, examples = excluded.examples
                """)
            for loss in losses {
                var kept =
                    try examples.first(run.rawValue, loss.entity, loss.field, loss.lossClass) {
                        try decodeExamples($0.bytes(0))
                    } ?? []
                for example in loss.examples where kept.count < Self.examplesOfALoss && !kept.contains(example) {
                    kept.append(example)
                }
                let json = String(decoding: try JSONEncoder().encode(kept), as: UTF8.self)
                try insert.run(run.rawValue, loss.entity, loss.field, loss.lossClass, loss.count, json)
            }
        }
        CrashPoint.reach("ledger.losses.after")
    }

    /// The totals of a run, by entity, field and class.
    public func losses(of run: RunID) throws -> [LossTotal] {
        try database.cached(
            "SELECT entity, field, class, count, examples FROM losses WHERE run = ?1 ORDER BY entity, field, class"
        ).all(run.rawValue) { row in
            LossTotal(
                entity: row.string(0), field: row.string(1), lossClass: row.string(2), count: row.int(3),
                examples: try decodeExamples(row.bytes(4)))
        }
    }

    private func decodeExamples(_ json: [UInt8]) throws -> [String] {
        do {
            return try JSONDecoder().decode([String].self, from: Data(json))
        } catch {
            throw fault("examples of a loss that are not JSON")
        }
    }
}
