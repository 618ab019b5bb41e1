import Diagnostics
import Foundation
import Testing

@testable import StateStore

@Suite struct LedgerRunTests {
    @Test func makesFolderAndFileForTheOwnerOnly() throws {
        let scratch = try Scratch()
        #expect(try Ledger.openToRead(path: scratch.ledgerPath) == nil)
        _ = try scratch.ledger()
        let attributes = try FileManager.default.attributesOfItem(atPath: scratch.ledgerPath)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    }

    @Test func refusesALedgerOfANewerProgramAndLeavesItAlone() throws {
        let scratch = try Scratch()
        _ = try scratch.ledger()
        let raw = try Database(path: scratch.ledgerPath, settings: .ledger)
        try raw.execute("PRAGMA user_version = \(LedgerSchema.version + 1)")
        #expect(label { _ = try scratch.ledger() } == "state/newer")
        #expect(label { _ = try Ledger.openToRead(path: scratch.ledgerPath) } == "state/newer")
        let version = try raw.prepare("PRAGMA user_version").first { $0.int(0) }
        #expect(version == LedgerSchema.version + 1)
    }

    @Test func refusesADatabaseThatIsNoLedger() throws {
        let scratch = try Scratch()
        let path = scratch.folder + "/other.db"
        try Database(path: path, settings: .ledger).execute("CREATE TABLE mine(a)")
        #expect(label { _ = try Ledger.open(path: path) } == "state/foreign")
    }

    @Test func readsBesideAWriterAndDoesNotWrite() throws {
        let scratch = try Scratch()
        let ledger = try scratch.ledger()
        let migration = try ledger.someMigration()
        _ = try ledger.begunRun("1", migration)
        let reader = try #require(try Ledger.openToRead(path: scratch.ledgerPath))
        #expect(try reader.migrations().map(\.id) == [migration])
        let seenBesideTheWriter = try ledger.transaction { try reader.runs().count }
        #expect(seenBesideTheWriter == 1)
        #expect(label { try reader.finish(RunID("1"), RunResult(.done, exit: 0, verdict: "")) } == "state/read-only")
    }

    @Test func readsALedgerThatNobodyElseHasOpen() throws {
        let scratch = try Scratch()
        do { _ = try scratch.ledger().begunRun("1", try scratch.ledger().someMigration()) }
        let reader = try #require(try Ledger.openToRead(path: scratch.ledgerPath))
        #expect(try reader.runs().map(\.id) == [RunID("1")])
    }

    @Test func keepsMigrationsOfOneFileApart() throws {
        let scratch = try Scratch()
        let ledger = try scratch.ledger()
        let one = try ledger.migration(source: "a:1", destination: "b:1")
        let two = try ledger.migration(source: "a:1", destination: "b:2")
        #expect(one != two)
        #expect(try scratch.ledger().migration(source: "a:1", destination: "b:1") == one)
        #expect(try ledger.knownMigration(source: "a:2", destination: "b:1") == nil)
        _ = try ledger.begunRun("1", one)
        _ = try ledger.begunRun("2", two)
        #expect(try ledger.runs(of: one).map(\.id) == [RunID("1")])
        #expect(try ledger.runs().map(\.id) == [RunID("2"), RunID("1")])
    }

    @Test func keepsAllOfARun() throws {
        let scratch = try Scratch()
        let ledger = try scratch.ledger()
        let migration = try ledger.someMigration()
        let run = RunID("7f3a0001")
        try ledger.begin(
            run, migration: migration, command: "migrate", sourceFingerprint: "s", mappingHash: "m", output: "o",
            now: Moment(milliseconds: 5))
        try ledger.note(counts: #"{"read":1}"#, of: run)
        #expect(try ledger.run(run)?.counts == #"{"read":1}"#)
        #expect(try ledger.unfinishedRun(of: migration)?.id == run)
        let end = Moment(milliseconds: 9)
        try ledger.finish(run, RunResult(.done, exit: 4, verdict: "v", counts: "{}", endedAt: end))
        #expect(
            try ledger.run(run)
                == Run(
                    id: run, migration: migration, command: "migrate", startedAt: Moment(milliseconds: 5),
                    endedAt: end, state: .done, exit: 4, verdict: "v", counts: "{}", sourceFingerprint: "s",
                    mappingHash: "m", output: "o", staging: .none))
        #expect(try ledger.unfinishedRun(of: migration) == nil)
        #expect(try ledger.lastRun(of: migration, command: "migrate", state: .done)?.id == run)
        #expect(try ledger.lastRun(of: migration, command: "sync") == nil)
        #expect(label { try ledger.finish(RunID("no"), RunResult(.done, exit: 0, verdict: "")) } == "state/no-run")
        #expect(label { try ledger.resume(run) } == "state/no-run")
    }

    @Test func theNextRunMarksADeadOneAsInterrupted() throws {
        let scratch = try Scratch()
        let ledger = try scratch.ledger()
        let migration = try ledger.someMigration()
        let dead = try ledger.begunRun("1", migration)
        try ledger.stage(written(["a"]), run: dead)
        let next = try scratch.ledger()
        #expect(try next.unfinishedRun(of: migration)?.id == dead)
        _ = try next.begunRun("2", migration, at: 77)
        let found = try next.run(dead)
        #expect(found?.state == .interrupted && found?.staging == .discarded)
        #expect(found?.endedAt == Moment(milliseconds: 77))
        #expect(try next.count("pending_fingerprints") == 0)
    }

    @Test func resumesARunOfAnAPI() throws {
        let scratch = try Scratch()
        let ledger = try scratch.ledger()
        let migration = try ledger.someMigration()
        let run = try ledger.begunRun("1", migration)
        try ledger.finish(run, RunResult(.interrupted, exit: 130, verdict: "stopped"))
        try ledger.resume(run)
        #expect(try ledger.run(run)?.state == .running)
        #expect(try ledger.run(run)?.exit == nil)
    }

    @Test func drawsIdsOfEightDigits() {
        var random = SeededGenerator(state: 3)
        for _ in 0..<1000 {
            let id = RunID.random(using: &random).rawValue
            #expect(id.count == 8 && id.allSatisfy(\.isHexDigit))
        }
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_782_400_000, "2000-02-29T00:00:00Z"),
            (1_795_512_645_999, "2026-11-24T09:30:45Z"), (-1, "1969-12-31T23:59:59Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00Z"),
        ] as [(Int64, String)])
    func writesMomentsAsTheirDate(milliseconds: Int64, text: String) {
        #expect(Moment(milliseconds: milliseconds).description == text)
    }
}
