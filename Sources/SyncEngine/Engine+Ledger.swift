internal import ConnectorKit
internal import ConversationModel
internal import Diagnostics
internal import Foundation
internal import StateStore

extension Engine {
    /// Says what a run would write, and writes nothing: neither at the destination nor in the ledger.
    public static func plan(_ plan: RunPlan, hooks: RunHooks) async throws -> (report: RunReport, saved: SavedPlan) {
        let started = ContinuousClock.now
        var report = RunReport(command: "plan")
        let ledger = try Ledger.openToRead(path: plan.statePath)
        let migration = try ledger?.knownMigration(source: plan.sourceName, destination: plan.destinationName)
        let known = migration.flatMap { id in ledger.map { (ledger: $0, migration: id) } }
        let hasOutput = try known.map { try lastOutput($0.ledger, $0.migration) != nil } ?? false
        if !hasOutput { try requireEmpty(plan.destinationPath) }
        var seen = SeenRecords()
        let runner = try await settled(plan.request, needsHashes: true, hooks: hooks) { runner in
            report.restart()
            seen = SeenRecords()
            hooks.observer?.restart()
            try await runner.run { item, _ in
                guard report.count(item) else { return hooks.leave(item) }
                try hooks.meet(item, judge(item, known, &seen, &report))
            }
        }
        if let known, plan.request.isWhole, runner.failures.isEmpty {
            try noteVanished(known.ledger, known.migration, RunID("plan"), seen, &report) { key, isNew in
                if isNew { hooks.miss(key) }
            }
        }
        report.conclude(runner, plan.request)
        if let known { try noteMapping(plan, known.ledger, known.migration, except: nil, &report) }
        if hooks.observer != nil, hasOutput {
            report.differences = try await differences(
                plan, readingBack(plan), report.changes, .update, hooks: hooks)
        }
        report.seconds = (ContinuousClock.now - started) / .seconds(1)
        report.verdict = Verdicts.sentence(report)
        let last = try known.flatMap { try lastOutput($0.ledger, $0.migration)?.id.rawValue } ?? ""
        let saved = SavedPlan(
            sourceHash: hex(report.sourceHash), mappingHash: plan.mappingHash, lastRun: last)
        return (report, saved)
    }

    /// Writes the source to the destination, or what of it changed since the last run.
    ///
    /// The first run writes a complete set; a later one a directory `delta-0001`, `delta-0002` and so on that holds only
    /// what changed. Either stands beside its place until it is whole, so a run that dies leaves nothing, and the same
    /// command again ends in the same bytes.
    ///
    /// - Parameters:
    ///   - plan: What to run.
    ///   - command: `migrate` or `sync`, for the ledger.
    ///   - hooks: Progress and interruption.
    /// - Returns: What was done.
    /// - Throws: `lock/held`, `plan/stale`, `destination/exists`, and errors that end the run.
    public static func migrate(_ plan: RunPlan, command: String, hooks: RunHooks) async throws -> RunReport {
        let started = ContinuousClock.now
        let ledger = try Ledger.open(path: plan.statePath)
        let migration = try ledger.migration(source: plan.sourceName, destination: plan.destinationName)
        let run = RunID.random()
        try ledger.acquireLock(run: run)
        defer { try? ledger.releaseLock() }
        try settleDeadRuns(ledger, migration)
        let last = try lastOutput(ledger, migration)
        if let expected = plan.expected {
            guard expected.mappingHash == plan.mappingHash, expected.lastRun == (last?.id.rawValue ?? "") else {
                throw stale("the mapping or the destination changed since the plan was made")
            }
        }
        let isFirst = last == nil
        if isFirst { try requireEmpty(plan.destinationPath) }
        let target = isFirst ? plan.destinationPath : nextDelta(plan.destinationPath)
        let partial = isFirst ? plan.destinationPath + ".partial" : target + ".partial"
        try ledger.begin(run, migration: migration, command: command, mappingHash: plan.mappingHash, output: target)
        do {
            var report = try await write(
                plan, ledger, migration, run, command: command, partial: partial, target: target, isFirst: isFirst,
                hooks: hooks)
            report.seconds = (ContinuousClock.now - started) / .seconds(1)
            return report
        } catch {
            let isInterrupted = (error as? MigrationError)?.exit == .interrupted
            try? ledger.discard(run)
            try? ledger.finish(
                run,
                RunResult(
                    isInterrupted ? .interrupted : .failed, exit: (error as? MigrationError)?.exit.rawValue ?? 1,
                    verdict: "\(error)"))
            try? FileManager.default.removeItem(atPath: partial)
            throw error
        }
    }

    private static func write(
        _ plan: RunPlan, _ ledger: Ledger, _ migration: MigrationID, _ run: RunID, command: String, partial: String,
        target: String, isFirst: Bool, hooks: RunHooks
    ) async throws -> RunReport {
        var plan = plan
        plan.request = try plan.request.withContents(beside: partial)
        let contents = plan.request.contents
        defer { contents?.remove() }
        var report = RunReport(command: command)
        report.run = run.rawValue
        var seen = SeenRecords()
        var changes = Changes()
        var beat = ContinuousClock.now
        let runner = try await settled(plan.request, needsHashes: true, hooks: hooks) { runner in
            report.restart()
            seen = SeenRecords()
            changes = Changes()
            hooks.observer?.restart()
            try ledger.restage(run)
            // The destination is opened at the first change, so that a run without changes leaves no trace of itself.
            var destination: FileDestination?
            if isFirst {
                destination = try FileDestination(
                    plan.request.destination, directory: partial, contents: contents)
            }
            try await runner.run { item, bytes in
                guard report.count(item) else { return hooks.leave(item) }
                let judgement = try judge(item, (ledger, migration), &seen, &report)
                hooks.meet(item, judgement)
                guard judgement.fate != .unchanged else { return }
                if destination == nil {
                    destination = try FileDestination(
                        plan.request.destination, directory: partial, contents: contents)
                }
                try destination?.append(item.pieces, of: bytes)
                changes.written.append(
                    Changes.Written(
                        Changes.Key(item.entity.rawValue, item.id), Fingerprint(head: item.head, parts: item.parts)))
                if changes.written.count >= 5000 {
                    try ledger.stage(changes, run: run)
                    changes = Changes()
                }
                if ContinuousClock.now - beat > .seconds(5) {
                    try ledger.heartbeat()
                    beat = ContinuousClock.now
                }
            }
            report.bytesWritten = try destination?.finish(source: plan.sourceName) ?? 0
        }
        CrashPoint.reach("engine.written")
        if plan.request.isWhole, runner.failures.isEmpty {
            try noteVanished(ledger, migration, run, seen, &report) { key, isNew in
                guard isNew else { return }
                changes.vanished.append(key)
                hooks.miss(key)
            }
        }
        try ledger.stage(changes, run: run)
        report.conclude(runner, plan.request)
        try noteMapping(plan, ledger, migration, except: run, &report)
        if let expected = plan.expected, expected.sourceHash != hex(report.sourceHash) {
            throw stale("the source changed since the plan was made")
        }
        report.verdict = Verdicts.sentence(report)
        let hasOutput = isFirst || report.bytesWritten > 0
        let result = RunResult(
            .done, exit: report.exit.rawValue, verdict: report.verdict, counts: report.countsText)
        if hasOutput {
            let step = try ledger.recordIntent(Intent(.move, target: target, payload: Array(partial.utf8)), run: run)
            CrashPoint.reach("engine.move.before")
            try move(partial, to: target)
            CrashPoint.reach("engine.move.after")
            report.output = target
            try noteRecords(ledger, run, report)
            try ledger.commit(run, output: target, receipts: [Receipt(step)], result: result)
        } else {
            try noteRecords(ledger, run, report)
            try ledger.commit(run, output: "", result: result)
        }
        return report
    }

    /// Notes in the ledger that the destination was verified, so that `status` can tell; where another run holds the
    /// lock or the migration was never run, nothing is noted.
    public static func noteVerification(_ plan: RunPlan, _ report: RunReport) {
        guard
            let known = try? Ledger.openToRead(path: plan.statePath)?.knownMigration(
                source: plan.sourceName, destination: plan.destinationName),
            let ledger = try? Ledger.open(path: plan.statePath)
        else { return }
        let run = RunID.random()
        do { try ledger.acquireLock(run: run) } catch { return }
        defer { try? ledger.releaseLock() }
        do {
            let began = Moment(milliseconds: Moment.now.milliseconds - Int64(report.seconds * 1000))
            try ledger.begin(run, migration: known, command: "verify", mappingHash: plan.mappingHash, now: began)
            try ledger.finish(
                run,
                RunResult(
                    .done, exit: report.exit.rawValue, verdict: report.verdict, counts: report.countsText))
        } catch {
            // Another run's output waits to be settled; that comes first.
        }
    }

    private static func noteRecords(_ ledger: Ledger, _ run: RunID, _ report: RunReport) throws {
        try ledger.quarantine(
            report.quarantine.map {
                QuarantinedRecord(
                    entity: $0.entity, id: $0.id, file: $0.place.file ?? "", line: $0.place.line, byte: $0.place.byte,
                    reason: ($0.place.path.map { "'\($0)': " } ?? "") + $0.reason)
            }, run: run)
        _ = try ledger.resolveQuarantine(notMetBy: run)
        try ledger.add(
            losses: report.losses.all.map {
                LossTotal(
                    entity: $0.entity.rawValue, field: $0.field, lossClass: $0.lossClass.rawValue, count: $0.count,
                    examples: $0.examples.map(\.record))
            }, run: run)
    }

    /// A run that died around its move is settled by looking where its output stands.
    private static func settleDeadRuns(_ ledger: Ledger, _ migration: MigrationID) throws {
        for dead in try ledger.unsettledRuns(of: migration) {
            let moved = dead.moves.allSatisfy { move in
                !FileManager.default.fileExists(atPath: String(decoding: move.intent.payload, as: UTF8.self))
                    && FileManager.default.fileExists(atPath: move.intent.target)
            }
            try ledger.settle(dead.run, moved: moved)
            if moved {
                try ledger.finish(
                    dead.run,
                    RunResult(
                        .done, exit: 0, verdict: "died after its output was in place; the next run took note of it"))
            }
        }
    }

    /// Says that the mapping is another one than the last time, and how many conversations are written again.
    private static func noteMapping(
        _ plan: RunPlan, _ ledger: Ledger, _ migration: MigrationID, except run: RunID?, _ report: inout RunReport
    ) throws {
        let before = try ledger.runs(of: migration, limit: 100).first {
            $0.id != run && $0.state == .done && $0.command != "verify"
        }
        guard let before, before.mappingHash != plan.mappingHash else { return }
        let touched = report.counts[.conversation].map { $0.update + $0.append } ?? 0
        report.findings.append(
            Finding(
                "mapping/changed", place: Place(subject: "mapping"),
                summary:
                    "it is another one than in run \(before.id.rawValue); what it turns out differently is written again, "
                    + "authors too: \(touched) conversations changed by it or at the source"))
    }

    /// The run whose output stands last at the destination.
    private static func lastOutput(_ ledger: Ledger, _ migration: MigrationID) throws -> Run? {
        try ledger.runs(of: migration, limit: 1_000_000).first { $0.staging == .committed && !$0.output.isEmpty }
    }

    // MARK: Deciding

    /// Compares a record with what the ledger knows, counts it, and says what becomes of it.
    private static func judge(
        _ item: PassItem, _ known: (ledger: Ledger, migration: MigrationID)?, _ seen: inout SeenRecords,
        _ report: inout RunReport
    ) throws -> Judgement {
        let entity = item.entity
        guard let known else {
            report.counts[entity, default: RecordCounts()].create += 1
            report.note(
                RecordChange(entity: entity, id: item.id, action: .create, entries: item.entryCount, detail: ""))
            return Judgement(.create)
        }
        let (change, record) = try known.ledger.change(
            to: Fingerprint(head: item.head, parts: item.parts), id: item.id, in: entity.rawValue, of: known.migration)
        if let record { seen.insert(record) }
        switch change {
        case .unchanged:
            // A record that had vanished and is back the same is written again only by policy; it is known and unchanged.
            report.counts[entity, default: RecordCounts()].skip += 1
            return Judgement(.unchanged)
        case .create:
            report.counts[entity, default: RecordCounts()].create += 1
            report.note(
                RecordChange(entity: entity, id: item.id, action: .create, entries: item.entryCount, detail: ""))
            return Judgement(.create)
        case .append(let added):
            report.counts[entity, default: RecordCounts()].append += 1
            report.note(RecordChange(entity: entity, id: item.id, action: .append, entries: added.count, detail: ""))
            return Judgement(.append, added: added)
        case .update:
            report.counts[entity, default: RecordCounts()].update += 1
            report.note(
                RecordChange(entity: entity, id: item.id, action: .update, entries: item.entryCount, detail: ""))
            return Judgement(.update)
        }
    }

    /// Counts records that were written before and that the source no longer has; the policy is to report them.
    private static func noteVanished(
        _ ledger: Ledger, _ migration: MigrationID, _ run: RunID, _ seen: SeenRecords, _ report: inout RunReport,
        _ body: (Changes.Key, _ isNew: Bool) -> Void
    ) throws {
        for entity in Entity.allCases {
            var count = 0
            var examples: [RecordChange] = []
            try ledger.vanished(entity.rawValue, of: migration, seen: seen, run: run) { id, before in
                body(Changes.Key(entity.rawValue, id), before == nil)
                guard before == nil else { return }
                count += 1
                if examples.count < 100 {
                    examples.append(RecordChange(entity: entity, id: id, action: .vanished, entries: 0, detail: ""))
                }
            }
            if count > 0 { report.counts[entity, default: RecordCounts()].vanished += count }
            for example in examples { report.note(example) }
        }
    }

    private static func nextDelta(_ path: String) -> String {
        var number = 1
        while FileManager.default.fileExists(atPath: delta(path, number)) { number += 1 }
        return delta(path, number)
    }

    private static func delta(_ path: String, _ number: Int) -> String {
        let digits = String(number)
        return path + "/delta-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private static func stale(_ reason: String) -> MigrationError {
        MigrationError(
            "plan/stale", recovery: .fixConfiguration, summary: reason + "; nothing was written",
            hint: "make a new plan with 'deskferry plan' and apply that")
    }

    static func hex(_ hash: UInt128) -> String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }
}

/// What becomes of a record, and which of its entries are new.
struct Judgement {
    let fate: RecordFate
    let added: [Int]

    init(_ fate: RecordFate, added: [Int] = []) {
        self.fate = fate
        self.added = added
    }
}

extension RunHooks {
    /// Tells an observer of a record that was judged.
    func meet(_ item: PassItem, _ judgement: Judgement) {
        observer?.met(item.entity, id: item.id, fate: judgement.fate, added: judgement.added, digest: item.digest)
    }

    /// Tells an observer of a record that does not go on.
    func leave(_ item: PassItem) {
        observer?.met(
            item.entity, id: item.id, fate: item.fate == .filtered ? .filtered : .homeless, added: [],
            digest: item.digest)
    }

    /// Tells an observer of a record that the source no longer has.
    func miss(_ key: Changes.Key) {
        guard let entity = Entity(rawValue: key.entity) else { return }
        observer?.met(entity, id: key.id, fate: .vanished, added: [], digest: nil)
    }
}
