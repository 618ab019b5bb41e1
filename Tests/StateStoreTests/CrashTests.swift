import Foundation
import Testing

@testable import StateStore

/// A small engine that writes the records of a source as files, by the protocol of ``Ledger``.
private struct Rehearsal {
    let folder: String
    let records: [String: UInt128]

    func run(_ id: String) throws {
        let ledger = try Ledger.open(path: folder + "/state.sqlite")
        let migration = try ledger.migration(source: "neutral:in", destination: "neutral:out")
        let run = RunID(id)
        try ledger.acquireLock(run: run)
        for dead in try ledger.unsettledRuns(of: migration) {
            let moved = dead.moves.allSatisfy { FileManager.default.fileExists(atPath: $0.intent.target) }
            try ledger.settle(dead.run, moved: moved)
        }
        try ledger.begin(run, migration: migration, command: "sync")
        var lines: [String] = []
        for (record, head) in records.sorted(by: { $0.key < $1.key }) {
            let known = try ledger.change(to: Fingerprint(head: head), id: record, in: "conversation", of: migration)
            guard known.change != .unchanged else { continue }
            lines.append("\(record)=\(head)")
            var changes = Changes()
            changes.written = [.init(Changes.Key("conversation", record), Fingerprint(head: head))]
            try ledger.stage(changes, run: run)
        }
        let done = RunResult(.done, exit: 0, verdict: "done")
        if lines.isEmpty {
            try ledger.finish(run, done)
        } else {
            let partial = folder + "/partial-\(id)"
            let target = folder + "/delta-\(try outputs().count + 1)"
            try lines.joined(separator: "\n").write(toFile: partial, atomically: false, encoding: .utf8)
            let step = try ledger.recordIntent(Intent(.move, target: target), run: run)
            CrashPoint.reach("test.rename.before")
            try FileManager.default.moveItem(atPath: partial, toPath: target)
            CrashPoint.reach("test.rename.after")
            try ledger.commit(run, receipts: [Receipt(step)], result: done)
        }
        try ledger.releaseLock()
    }

    func outputs() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("delta-") }.sorted()
    }

    /// Every line ever moved into place.
    func lines() throws -> [String] {
        try outputs().flatMap {
            try String(contentsOfFile: folder + "/" + $0, encoding: .utf8).split(separator: "\n").map(String.init)
        }
    }
}

@Suite struct CrashTests {
    @Test func deathAtAnyPlaceEndsInTheSameDestinationAsOneCleanRun() async throws {
        var deaths = 0
        for place in 1...60 {
            let scratch = try Scratch()
            let folder = scratch.folder
            await #expect(processExitsWith: .exitCode(137)) { [folder = folder as String, place = place as Int] in
                setenv("DESKFERRY_CRASH_AT", "*#\(place)", 1)
                try Rehearsal(folder: folder, records: ["a": 1, "b": 2, "c": 3]).run("00000001")
                try Data().write(to: URL(fileURLWithPath: folder + "/survived"))
                exit(137)
            }
            guard !FileManager.default.fileExists(atPath: folder + "/survived") else { break }
            deaths += 1
            // The source has moved on meanwhile: what was moved must not come again, what was not must come.
            let rehearsal = Rehearsal(folder: folder, records: ["a": 1, "b": 20, "c": 3, "d": 4])
            try rehearsal.run("00000002")
            let lines = try rehearsal.lines()
            #expect(Set(lines).isSuperset(of: ["a=1", "b=20", "c=3", "d=4"]), "died at place \(place)")
            #expect(Set(lines).count == lines.count, "died at place \(place)")
            #expect(Set(lines).subtracting(["a=1", "b=2", "b=20", "c=3", "d=4"]).isEmpty)
            let before = try rehearsal.outputs()
            try rehearsal.run("00000003")
            #expect(try rehearsal.outputs() == before, "died at place \(place)")
            let ledger = try Ledger.open(path: folder + "/state.sqlite")
            #expect(try ledger.openIntents(of: try ledger.someMigration()).isEmpty)
            #expect(try ledger.count("pending_fingerprints") == 0)
        }
        // Schema, lock, begin, three stages, intent, rename, commit and their insides.
        #expect(deaths >= 18)
        #expect(deaths < 60)
    }

    @Test func aNamedPlaceIsCountedByName() async {
        await #expect(processExitsWith: .exitCode(137)) {
            setenv("DESKFERRY_CRASH_AT", "there#2", 1)
            CrashPoint.reach("there")
            CrashPoint.reach("elsewhere")
            CrashPoint.reach("there")
            exit(0)
        }
        await #expect(processExitsWith: .exitCode(0)) {
            setenv("DESKFERRY_CRASH_AT", "there#2", 1)
            CrashPoint.reach("there")
            CrashPoint.reach("elsewhere")
            exit(0)
        }
    }

    @Test func readsTheVariable() {
        #expect(CrashPoint.Target(nil) == nil)
        #expect(CrashPoint.Target("") == nil)
        #expect(CrashPoint.Target("a.b")?.hit == 1)
        #expect(CrashPoint.Target("a.b#12")?.name == "a.b")
        #expect(CrashPoint.Target("a.b#12")?.hit == 12)
        #expect(CrashPoint.Target("*#3")?.name == "*")
    }
}
