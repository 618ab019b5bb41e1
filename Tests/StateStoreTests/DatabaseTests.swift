import Foundation
import Testing

@testable import StateStore

@Suite struct DatabaseTests {
    private struct Refusal: Error {}

    private func table() throws -> Database {
        let database = try Database(path: "", settings: .ledger)
        try database.execute("CREATE TABLE things(key TEXT PRIMARY KEY, value) WITHOUT ROWID")
        return database
    }

    @Test func keepsEveryKindOfValueExactly() throws {
        let database = try Database(path: "", settings: .staging)
        try database.execute("CREATE TABLE t(a INTEGER, b REAL, c TEXT, d BLOB, e TEXT, f BLOB, g TEXT)")
        let absent: String? = nil
        let blob: [UInt8] = [0, 255, 0, 1]
        let noBytes: [UInt8] = []
        try database.prepare("INSERT INTO t VALUES(?, ?, ?, ?, ?, ?, ?)")
            .run(Int64.min, 0.1, "a\u{0}b 👩🏽‍🚀", blob, absent, noBytes, "")
        let found: Bool? = try database.prepare("SELECT * FROM t").first { row in
            #expect(row.int64(0) == .min)
            #expect(row.double(1) == 0.1)
            #expect(Array(row.string(2).utf8) == Array("a\u{0}b 👩🏽‍🚀".utf8))
            #expect(row.bytes(3) == blob)
            #expect(row.isNull(4))
            #expect(!row.isNull(5) && row.bytes(5).isEmpty)
            #expect(!row.isNull(6) && row.string(6).isEmpty)
            return true
        }
        #expect(found == true)
    }

    @Test func rollsBackAllOfATransactionThatThrows() throws {
        let database = try table()
        let insert = try database.prepare("INSERT INTO things VALUES(?, ?)")
        #expect(throws: Refusal.self) {
            try database.transaction {
                try insert.run("a", 1)
                throw Refusal()
            }
        }
        #expect(!database.isInTransaction)
        try database.transaction { try insert.run("b", 2) }
        #expect(try database.prepare("SELECT key FROM things").all { $0.string(0) } == ["b"])
    }

    @Test func anErrorCaughtBetweenTwoTransactionsUndoesTheInnerOneOnly() throws {
        let database = try table()
        let insert = try database.prepare("INSERT INTO things VALUES(?, ?)")
        try database.transaction {
            try insert.run("outer", 1)
            try? database.transaction {
                try insert.run("inner", 2)
                throw Refusal()
            }
            try database.transaction { try insert.run("second", 3) }
        }
        #expect(try database.prepare("SELECT key FROM things").all { $0.string(0) } == ["outer", "second"])
    }

    @Test func namesTheKindOfFailure() throws {
        let scratch = try Scratch()
        let database = try table()
        let insert = try database.prepare("INSERT INTO things VALUES(?, ?)")
        try insert.run("a", 1)
        #expect(label { try insert.run("a", 1) } == "state/constraint")
        #expect(label { _ = try database.prepare("SELEKT") } == "state/fault")
        #expect(label { _ = try database.prepare("  ") } == "state/fault")
        #expect(label { try database.transaction { try database.durably {} } } == "state/fault")
        #expect(
            label { _ = try Database(path: scratch.folder + "/no/such/folder.db", settings: .ledger) }
                == "state/cannot-open")
        let text = scratch.folder + "/text.db"
        try String(repeating: "not a database ", count: 100).write(toFile: text, atomically: true, encoding: .utf8)
        #expect(label { _ = try Database(path: text, settings: .ledger) } == "state/corrupt")
        #expect(label { _ = try Database(path: text, access: .readOnly, settings: .ledger) } == "state/corrupt")
    }

    @Test func saysBusyWhenAnotherWriterHoldsTheFile() throws {
        let scratch = try Scratch()
        let path = scratch.folder + "/shared.db"
        var settings = Database.Settings.ledger
        settings.busyTimeout = .zero
        let (first, second) = (
            try Database(path: path, settings: settings), try Database(path: path, settings: settings)
        )
        try first.transaction {
            #expect(label { try second.transaction {} } == "state/busy")
        }
        #expect(label { try second.transaction {} } == nil)
    }

    @Test func aStatementCanBeUsedAgainAfterAnErrorAndAfterAnEarlyEnd() throws {
        let database = try table()
        let insert = try database.prepare("INSERT INTO things VALUES(?, ?)")
        for key in ["a", "b", "c"] { try insert.run(key, 1) }
        #expect(label { try insert.run("a", 1) } == "state/constraint")
        try insert.run("d", 1)
        let select = try database.cached("SELECT key FROM things ORDER BY key")
        #expect(try select.first { $0.string(0) } == "a")
        #expect(try select.all { $0.string(0) } == ["a", "b", "c", "d"])
    }

    @Test func readingGroupsLookUpsAndLeavesNoTransactionOpen() throws {
        let database = try table()
        #expect(throws: Refusal.self) { try database.reading { throw Refusal() } }
        #expect(!database.isInTransaction)
        #expect(try database.reading { try database.reading { database.isInTransaction } })
        #expect(label { try database.reading { try database.transaction {} } } == "state/fault")
        #expect(label { try database.transaction { try database.reading {} } } == nil)
    }
}
