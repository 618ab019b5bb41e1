import Foundation
import Testing

@testable import StateStore

@Suite struct LedgerChangesTests {
    @Test func stagedRecordsAreSeenOnlyAfterTheCommit() throws {
        let scratch = try Scratch()
        let ledger = try scratch.ledger()
        let migration = try ledger.someMigration()
        let run = try ledger.begunRun("1", migration)
        var changes = written(["a", "b"])
        changes.identities = [Identity(entity: "conversation", sourceID: "a", destinationID: "A")]
        changes.cursors = ["tickets": "page 9"]
        try ledger.stage(changes, run: run)
        #expect(try ledger.record("a", in: "conversation", of: migration) == nil)
        #expect(try ledger.identity("a", in: "conversation", of: migration) == nil)
        #expect(try ledger.cursor("tickets", of: migration) == nil)
        try ledger.commit(run, output: "out/delta-0001")
        #expect(try ledger.record("a", in: "conversation", of: migration)?.fingerprint.parts == [7])
        #expect(try ledger.identity("a", in: "conversation", of: migration)?.destinationID == "A")
        #expect(try ledger.cursor("tickets", of: migration) == "page 9")
        #expect(try ledger.run(run)?.output == "out/delta-0001")
        #expect(try ledger.count("pending_fingerprints") == 0)
        #expect(label { try ledger.stage(written(["c"]), run: run) } == "state/no-run")
        #expect(label { try ledger.commit(run) } == "state/no-run")
    }

    @Test func discardLeavesNoTraceAndOtherRunsAlone() throws {
        let scratch = try Scratch()
        let ledger = try scratch.ledger()
        let migration = try ledger.someMigration()
        let other = try ledger.migration(source: "neutral:else", destination: "neutral:where")
        let (run, neighbour) = (try ledger.begunRun("1", migration), try ledger.begunRun("2", other))
        try ledger.stage(written(["a"]), run: run)
        try ledger.stage(written(["a"], head: 5), run: neighbour)
        try ledger.discard(run)
        try ledger.commit(neighbour)
        #expect(try ledger.record("a", in: "conversation", of: migration) == nil)
        #expect(try ledger.record("a", in: "conversation", of: other)?.fingerprint.head == 5)
    }

    @Test func ofOneKeyTheLastChangeOfARunCounts() throws {
        let scratch = try Scratch()
        let ledger = try scratch.ledger()
        let migration = try ledger.someMigration()
        let run = try ledger.begunRun("1", migration)
        try ledger.stage(written(["a", "b"], head: 1), run: run)
        try ledger.stage(written(["a"], head: 2), run: run)
        try ledger.commit(run)
        #expect(try ledger.record("a", in: "conversation", of: migration)?.fingerprint.head == 2)
        #expect(try ledger.countRecords("conversation", of: migration) == 2)
    }

    @Test func answersWhatChanged() throws {
        let scratch = try Scratch()
        let ledger = try scratch.ledger()
        let migration = try ledger.someMigration()
        let run = try ledger.begunRun("1", migration)
        var changes = Changes()
        let digest = UInt128.max - 3
        let key = Changes.Key("contact", "x")
        changes.written = [.init(key, Fingerprint(head: digest, parts: [1, .max]), destinationDigest: 9)]
        try ledger.apply(changes, run: run)
        func change(_ head: UInt128, _ parts: [UInt64]) throws -> Fingerprint.Change {
            try ledger.change(to: Fingerprint(head: head, parts: parts), id: "x", in: "contact", of: migration).change
        }
        #expect(try change(digest, [1, .max]) == .unchanged)
        #expect(try change(digest, [1, 4, .max]) == .append([1]))
        #expect(try change(digest, [1]) == .update)
        #expect(try change(digest - 1, [1, .max]) == .update)
        let known = try #require(try ledger.record("x", in: "contact", of: migration))
        #expect(known.fingerprint == Fingerprint(head: digest, parts: [1, .max]))
        #expect(known.destinationDigest == 9 && known.run == run)
        // The same id in another entity or migration is another record.
        let other = try ledger.migration(source: "neutral:else", destination: "neutral:where")
        #expect(try ledger.record("x", in: "conversation", of: migration) == nil)
        #expect(try ledger.record("x", in: "contact", of: other) == nil)
    }

    @Test func keepsOddIdsApartByteForByte() throws {
        let scratch = try Scratch()
        let ledger = try scratch.ledger()
        let migration = try ledger.someMigration()
        let run = try ledger.begunRun("1", migration)
        let ids = [
            "", " ", "a", "A", "é", "e\u{301}", "a\u{0}", "a\u{0}b", "'; DROP TABLE runs; --", "שלום", "👩🏽‍🚀", "١",
            String(repeating: "9", count: 1_000_000),
        ]
        var changes = Changes()
        for (number, id) in ids.enumerated() {
            changes.written.append(.init(Changes.Key("conversation", id), Fingerprint(head: UInt128(number))))
            changes.identities.append(Identity(entity: "conversation", sourceID: id, destinationID: "\(number)"))
        }
        try ledger.stage(changes, run: run)
        try ledger.commit(run)
        for (number, id) in ids.enumerated() {
            #expect(try ledger.record(id, in: "conversation", of: migration)?.fingerprint.head == UInt128(number))
            let back = try ledger.identities(destinationID: "\(number)", in: "conversation", of: migration)
            #expect(back.map { Array($0.sourceID.utf8) } == [Array(id.utf8)])
        }
    }

    @Test func findsVanishedRecordsOnceNotedAndForgotten() throws {
        let scratch = try Scratch()
        let ledger = try scratch.ledger()
        let migration = try ledger.someMigration()
        let first = try ledger.begunRun("1", migration)
        var all = written(["a", "b", "c", "d"])
        all.identities = [
            Identity(entity: "conversation", sourceID: "c", destinationID: "C"),
            Identity(entity: "entry", sourceID: "1", destinationID: "C1", parent: "c"),
            Identity(entity: "entry", sourceID: "1", destinationID: "D1", parent: "d"),
        ]
        try ledger.stage(all, run: first)
        try ledger.commit(first)

        let second = try ledger.begunRun("2", migration)
        var seen = SeenRecords()
        seen.insert(try #require(try ledger.record("b", in: "conversation", of: migration)))
        // Written at once by this very run, so not vanished either.
        try ledger.apply(written(["a", "new"], head: 2), run: second)
        var changes = Changes()
        var missing: [String] = []
        try ledger.vanished("conversation", of: migration, seen: seen, run: second) { id, before in
            #expect(before == nil)
            missing.append(id)
            if id == "c" { changes.forgotten.append(Changes.Key("conversation", id)) }
            if id == "d" { changes.vanished.append(Changes.Key("conversation", id)) }
        }
        #expect(missing == ["c", "d"])
        try ledger.stage(changes, run: second)
        try ledger.commit(second)
        #expect(try ledger.record("c", in: "conversation", of: migration) == nil)
        #expect(try ledger.identity("c", in: "conversation", of: migration) == nil)
        #expect(try ledger.identity("1", in: "entry", parent: "c", of: migration) == nil)
        #expect(try ledger.identity("1", in: "entry", parent: "d", of: migration)?.destinationID == "D1")
        #expect(try ledger.record("d", in: "conversation", of: migration)?.vanishedIn == second)
        #expect(try ledger.countRecords("conversation", of: migration) == 3)

        let third = try ledger.begunRun("3", migration)
        var noted: [String: RunID?] = [:]
        try ledger.vanished("conversation", of: migration, seen: SeenRecords(), run: third) { noted[$0] = $1 }
        #expect(noted == ["a": nil, "b": nil, "d": second, "new": nil])
        try ledger.apply(written(["d"]), run: third)
        #expect(try ledger.record("d", in: "conversation", of: migration)?.vanishedIn == nil)
    }

    @Test func anErrorInAGroupUndoesAllOfIt() throws {
        struct Refusal: Error {}
        let scratch = try Scratch()
        let ledger = try scratch.ledger()
        let migration = try ledger.someMigration()
        let run = try ledger.begunRun("1", migration)
        #expect(throws: Refusal.self) {
            try ledger.transaction {
                try ledger.stage(written(["a"]), run: run)
                try ledger.quarantine([QuarantinedRecord(entity: "contact", reason: "broken")], run: run)
                throw Refusal()
            }
        }
        #expect(try ledger.run(run)?.staging == Run.Staging.none)
        try ledger.stage(written(["b"]), run: run)
        try ledger.commit(run)
        #expect(try ledger.record("a", in: "conversation", of: migration) == nil)
        #expect(try ledger.record("b", in: "conversation", of: migration) != nil)
        #expect(try ledger.count("quarantine") == 0)
    }

    @Test func severalSourceRecordsMayShareOneAtTheDestination() throws {
        let scratch = try Scratch()
        let ledger = try scratch.ledger()
        let migration = try ledger.someMigration()
        let run = try ledger.begunRun("1", migration)
        var changes = Changes()
        changes.identities = ["a", "b"].map { Identity(entity: "agent", sourceID: $0, destinationID: "X", stream: "s") }
        try ledger.apply(changes, run: run)
        let back = try ledger.identities(destinationID: "X", in: "agent", of: migration)
        #expect(Set(back.map(\.sourceID)) == ["a", "b"])
        var fromRun: [String] = []
        try ledger.identities(from: run, of: migration) { fromRun.append($0.sourceID) }
        #expect(fromRun == ["a", "b"])
        #expect(back.first?.stream == "s")
    }
}
