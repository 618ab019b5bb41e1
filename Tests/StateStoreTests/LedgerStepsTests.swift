import Testing

@testable import StateStore

@Suite struct LedgerStepsTests {
    @Test func aReceiptComesWithItsChangesOrNotAtAll() throws {
        let scratch = try Scratch()
        let ledger = try scratch.ledger()
        let migration = try ledger.someMigration()
        let run = try ledger.begunRun("1", migration)
        let steps = try ledger.recordIntents(
            [Intent(.request, target: "POST /a", payload: [1]), Intent(.request, target: "POST /b")], run: run)
        #expect(try ledger.openIntents(of: migration).map(\.intent.target) == ["POST /a", "POST /b"])
        try ledger.recordReceipts([Receipt(steps[0], content: [9])], applying: written(["a"]), run: run)
        #expect(try ledger.openIntents(of: migration).map(\.id) == [steps[1]])
        #expect(try ledger.record("a", in: "conversation", of: migration) != nil)
        #expect(
            label { try ledger.recordReceipts([Receipt(steps[0])], applying: written(["b"]), run: run) }
                == "state/no-step")
        #expect(try ledger.record("b", in: "conversation", of: migration) == nil)
        try ledger.abandon(steps)
        let all = try ledger.steps(of: run)
        #expect(all.map(\.state) == [.receipt, .abandoned])
        #expect(all.map(\.sequence) == [1, 2])
        #expect(all[0].intent.payload == [1] && all[0].receipt == [9])
        let third = try ledger.recordIntent(Intent(.append, target: "f"), run: run)
        #expect(try ledger.steps(of: run, kind: .append).map(\.id) == [third])
        #expect(try ledger.steps(of: run).last?.sequence == 3)
    }

    @Test(arguments: [true, false])
    func aDeadMoveMustBeSettledBeforeTheNextRun(moved: Bool) throws {
        let scratch = try Scratch()
        let ledger = try scratch.ledger()
        let migration = try ledger.someMigration()
        let run = try ledger.begunRun("1", migration)
        try ledger.stage(written(["a"]), run: run)
        _ = try ledger.recordIntent(Intent(.move, target: "out"), run: run)
        let next = try scratch.ledger()
        #expect(label { _ = try next.begunRun("2", migration) } == "state/unsettled")
        let unsettled = try next.unsettledRuns(of: migration)
        #expect(unsettled.map(\.run) == [run] && unsettled[0].moves.map(\.intent.target) == ["out"])
        try next.settle(run, moved: moved)
        #expect(try next.unsettledRuns(of: migration).isEmpty)
        #expect(try next.openIntents(of: migration).isEmpty)
        _ = try next.begunRun("2", migration)
        #expect((try next.record("a", in: "conversation", of: migration) != nil) == moved)
        #expect(try next.run(run)?.staging == (moved ? .committed : .discarded))
        #expect(label { try next.settle(run, moved: !moved) } == "state/no-run")
    }

    @Test func aMoveWithItsReceiptIsTakenOverByTheNextRun() throws {
        let scratch = try Scratch()
        let ledger = try scratch.ledger()
        let migration = try ledger.someMigration()
        let run = try ledger.begunRun("1", migration)
        try ledger.stage(written(["a"]), run: run)
        let step = try ledger.recordIntent(Intent(.move, target: "out"), run: run)
        try ledger.recordReceipts([Receipt(step)], run: run)
        let next = try scratch.ledger()
        #expect(try next.unsettledRuns(of: migration).isEmpty)
        _ = try next.begunRun("2", migration)
        #expect(try next.record("a", in: "conversation", of: migration)?.run == run)
    }

    @Test func anOpenRequestDoesNotStopTheNextRun() throws {
        let scratch = try Scratch()
        let ledger = try scratch.ledger()
        let migration = try ledger.someMigration()
        let run = try ledger.begunRun("1", migration)
        _ = try ledger.recordIntent(Intent(.request, target: "POST /a"), run: run)
        _ = try ledger.begunRun("2", migration)
        #expect(try ledger.openIntents(of: migration).map(\.run) == [run])
    }
}
