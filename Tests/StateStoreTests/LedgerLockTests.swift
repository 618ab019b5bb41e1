import Diagnostics
import Testing

@testable import StateStore

@Suite struct LedgerLockTests {
    private let elsewhere = ProcessIdentity(pid: 42, host: "another-host", namespace: "")
    // Above the largest process number that Linux gives.
    private var dead: ProcessIdentity {
        var process = ProcessIdentity.current
        process.pid = .max
        return process
    }
    private func at(_ seconds: Int64) -> Moment { Moment(milliseconds: seconds * 1000) }

    @Test func keepsTwoRunsApartAndSaysWhoIsThere() throws {
        let scratch = try Scratch()
        let (first, second) = (try scratch.ledger(), try scratch.ledger())
        try first.acquireLock(run: RunID("aaaa0001"), now: at(0), process: elsewhere)
        try first.heartbeat(now: at(30))
        let error = #expect(throws: MigrationError.self) {
            try second.acquireLock(run: RunID("bbbb0002"), now: at(42))
        }
        #expect(error?.code == "lock/held")
        #expect(error?.exit == .locked)
        #expect(
            error?.description
                == "\(scratch.ledgerPath): run 'aaaa0001' holds the ledger: process 42 on 'another-host' since "
                + "1970-01-01T00:00:00Z, last sign of life 12 s ago; nothing was started; wait until it ends or stop "
                + "it; a silent one is taken over after 60 s")
        try first.releaseLock()
        #expect(try second.acquireLock(run: RunID("bbbb0002"), now: at(43)) == nil)
    }

    @Test func aLivingProcessOfThisMachineIsNotTakenOver() throws {
        let scratch = try Scratch()
        try scratch.ledger().acquireLock(run: RunID("1"), now: at(0))
        #expect(label { try scratch.ledger().acquireLock(run: RunID("2"), now: at(59)) } == "lock/held")
    }

    @Test func takesOverADeadProcessAtOnce() throws {
        let scratch = try Scratch()
        try scratch.ledger().acquireLock(run: RunID("1"), now: at(0), process: dead)
        #expect(try scratch.ledger().acquireLock(run: RunID("2"), now: at(1))?.run == RunID("1"))
    }

    @Test func doesNotJudgeProcessesOfAnotherMachineOrContainer() throws {
        for change in [\ProcessIdentity.host, \ProcessIdentity.namespace] {
            let scratch = try Scratch()
            var process = dead
            process[keyPath: change] = "another"
            try scratch.ledger().acquireLock(run: RunID("1"), now: at(0), process: process)
            #expect(label { try scratch.ledger().acquireLock(run: RunID("2"), now: at(1)) } == "lock/held")
        }
    }

    @Test func takesOverASilentHolderWhichThenCannotWrite() throws {
        let scratch = try Scratch()
        let (sleeper, next) = (try scratch.ledger(), try scratch.ledger())
        let migration = try sleeper.someMigration()
        try sleeper.acquireLock(run: RunID("1"), now: at(0), process: elsewhere)
        let run = try sleeper.begunRun("1", migration)
        try sleeper.stage(written(["a"]), run: run)
        #expect(label { try next.acquireLock(run: RunID("2"), now: at(59)) } == "lock/held")
        #expect(try next.acquireLock(run: RunID("2"), now: at(60))?.process == elsewhere)
        #expect(label { try sleeper.heartbeat(now: at(61)) } == "lock/lost")
        #expect(label { try sleeper.stage(written(["b"]), run: run) } == "lock/lost")
        #expect(label { try sleeper.commit(run) } == "lock/lost")
        #expect(label { _ = try sleeper.recordIntent(Intent(.request, target: "x"), run: run) } == "lock/lost")
        // Its release must not free what is no longer its own.
        try sleeper.releaseLock()
        #expect(try next.lockHolder()?.run == RunID("2"))
        try next.heartbeat(now: at(62))
    }

    @Test func theSameRunMayTakeItAgain() throws {
        let scratch = try Scratch()
        let ledger = try scratch.ledger()
        try ledger.acquireLock(run: RunID("1"), now: at(0))
        #expect(try ledger.acquireLock(run: RunID("1"), now: at(1)) == nil)
    }
}
