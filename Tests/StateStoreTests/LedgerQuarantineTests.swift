import Testing

@testable import StateStore

@Suite struct LedgerQuarantineTests {
    private func open(_ ledger: Ledger, _ migration: MigrationID, all: Bool = false) throws -> [QuarantineRow] {
        var rows: [QuarantineRow] = []
        try ledger.quarantined(of: migration, includingResolved: all) { rows.append($0) }
        return rows
    }

    @Test func keepsRecordsOnceAndOpensThemAgain() throws {
        let scratch = try Scratch()
        let ledger = try scratch.ledger()
        let migration = try ledger.someMigration()
        let first = try ledger.begunRun("1", migration)
        let records = [
            QuarantinedRecord(
                entity: "conversation", id: "7", file: "t.json", line: 3, byte: 90, reason: "r", raw: [1, 0]),
            QuarantinedRecord(entity: "contact", reason: "no id"),
        ]
        try ledger.quarantine(records, run: first)
        try ledger.quarantine(records, run: first)
        let rows = try open(ledger, migration)
        #expect(rows.map(\.record) == records)
        try ledger.resolveQuarantine([rows[0].number, 999])
        #expect(try open(ledger, migration).map(\.record.entity) == ["contact"])
        #expect(try open(ledger, migration, all: true).map(\.isOpen) == [false, true])

        let second = try ledger.begunRun("2", migration)
        try ledger.quarantine([records[0]], run: second)
        let again = try open(ledger, migration)
        #expect(again.count == 2)
        #expect(again[0].firstRun == first && again[0].run == second)
        #expect(try ledger.resolveQuarantine(notMetBy: second) == 1)
        #expect(try open(ledger, migration).map(\.record.id) == ["7"])
    }

    @Test func keepsMigrationsApart() throws {
        let scratch = try Scratch()
        let ledger = try scratch.ledger()
        let (one, other) = (
            try ledger.someMigration(), try ledger.migration(source: "neutral:else", destination: "neutral:where")
        )
        try ledger.quarantine([QuarantinedRecord(entity: "contact", reason: "r")], run: try ledger.begunRun("1", one))
        #expect(try open(ledger, other).isEmpty)
    }

    @Test func addsUpLossesAndKeepsSomeExamples() throws {
        let scratch = try Scratch()
        let ledger = try scratch.ledger()
        let run = try ledger.begunRun("1", try ledger.someMigration())
        func loss(_ count: Int, _ examples: [String], field: String = "status") -> LossTotal {
            LossTotal(
                entity: "conversation", field: field, lossClass: "narrowed", count: count, examples: examples)
        }
        try ledger.add(losses: [loss(2, ["a", "b"]), loss(1, [#"q"uo\te"#], field: "channel")], run: run)
        try ledger.add(losses: [loss(9, ["b", "c", "d", "e", "f", "g"])], run: run)
        #expect(
            try ledger.losses(of: run) == [
                loss(1, [#"q"uo\te"#], field: "channel"), loss(11, ["a", "b", "c", "d", "e"]),
            ])
        #expect(try ledger.losses(of: RunID("2")).isEmpty)
    }
}
