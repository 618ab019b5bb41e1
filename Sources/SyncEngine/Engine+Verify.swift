internal import ConnectorKit
internal import ConversationModel
internal import Diagnostics
internal import FieldMapping
internal import Foundation
internal import StateStore

extension Engine {
    /// Reads the destination's files back and compares every record, entry by entry, with what the source says now.
    ///
    /// Memory is flat: what was read back lies in a scratch database, a few dozen bytes a record. Where records differ,
    /// both sides are read once more for what exactly differs in the first of them.
    ///
    /// - Parameters:
    ///   - plan: What to verify.
    ///   - countsParts: Whether messages, notes, attachments and authors are counted too, for agreed limits.
    ///   - hooks: Progress and interruption.
    /// - Returns: What was found.
    /// - Throws: `source/...`, `interrupted/requested`, and errors that end the run.
    public static func verify(_ plan: RunPlan, countsParts: Bool = false, hooks: RunHooks) async throws -> RunReport {
        let started = ContinuousClock.now
        var report = RunReport(command: "verify")
        let scratch = try ReadBack()
        var plan = plan
        plan.request.comparesAuthorsByID = true
        let back = try readingBack(plan)
        var hooks = hooks.unobserved
        if countsParts { hooks.observer = PartObserver() }
        var (expected, found) = (PartCounts(), PartCounts())
        let reader = PassRunner(back, needsHashes: true, hooks: hooks.named("destination"))
        var sighted: Set<UInt64> = []
        try await scratch.fill { add in
            try await reader.run { item, _ in
                guard item.fate == .write else { return }
                try add(item)
                if item.place.file.isEmpty { sighted.insert(item.idHash) }
                if let parts = item.digest as? PartCounts { found.add(parts) }
            }
        }
        let runner = try await settled(plan.request, needsHashes: true, hooks: hooks) { runner in
            report.restart()
            expected = PartCounts()
            scratch.forgetSeen()
            try await runner.run { item, _ in
                guard report.count(item) else { return }
                if let parts = item.digest as? PartCounts { expected.add(parts) }
                try compare(item, scratch, &report)
            }
        }
        if plan.request.isWhole { try countExtra(scratch, plan, besides: sighted, &report) }
        report.conclude(runner, plan.request)
        for (entity, count) in report.counts {
            report.counts[entity]?.read =
                count.identical + count.different + count.missing + count.skip + count.quarantined
        }
        for rejected in reader.notes.rejected {
            report.findings.append(
                Finding(
                    "destination/unreadable", place: rejected.place, summary: "cannot be read back: " + rejected.reason)
            )
        }
        let wrong =
            report.total(\.different) + report.total(\.missing) + report.total(\.extra) + reader.notes.rejected.count
        if wrong > 0 { report.exit = .verificationFailed }
        report.unreadableAtDestination = reader.notes.rejected.count
        if countsParts { report.parts = (expected, found) }
        report.differences = try await differences(plan, back, report.changes, hooks: hooks)
        report.tellDifferences()
        report.seconds = (ContinuousClock.now - started) / .seconds(1)
        report.verdict = Verdicts.sentence(report)
        return report
    }

    /// The pass that reads the destination's files back as they are.
    static func readingBack(_ plan: RunPlan) throws -> PassRequest {
        let destination = try FileSource(plan.request.destination, path: plan.destinationPath)
        var back = PassRequest(
            source: destination, destination: plan.request.destination, mapping: Mapping.empty.compiled(),
            workers: plan.request.workers)
        back.only = plan.request.only
        back.comparesAuthorsByID = plan.request.comparesAuthorsByID
        return back
    }

    private static func compare(_ item: PassItem, _ scratch: ReadBack, _ report: inout RunReport) throws {
        let detail: String
        switch try scratch.take(item) {
        case nil:
            report.counts[item.entity, default: RecordCounts()].missing += 1
            report.note(
                RecordChange(entity: item.entity, id: item.id, action: .missing, entries: item.entryCount, detail: ""))
            return
        case let found? where found.head == item.head && found.parts == item.parts:
            report.counts[item.entity, default: RecordCounts()].identical += 1
            return
        case let found?:
            var words: [String] = []
            if found.head != item.head { words.append("fields differ") }
            if found.parts.count != item.parts.count {
                words.append("\(found.parts.count) entries instead of \(item.parts.count)")
            }
            if let first = zip(found.parts, item.parts).enumerated().first(where: { $0.element.0 != $0.element.1 }) {
                words.append("entry \(first.offset + 1) differs")
            }
            detail = words.joined(separator: ", ")
        }
        report.counts[item.entity, default: RecordCounts()].different += 1
        report.note(
            RecordChange(entity: item.entity, id: item.id, action: .different, entries: item.entryCount, detail: detail)
        )
    }

    /// Counts what stands at the destination and is not in the source; what vanished from it is expected to.
    ///
    /// People whom only the destination's entries name, which are compared themselves, are no records there.
    private static func countExtra(
        _ scratch: ReadBack, _ plan: RunPlan, besides sighted: Set<UInt64>, _ report: inout RunReport
    ) throws {
        let ledger = try Ledger.openToRead(path: plan.statePath)
        let migration = try ledger?.knownMigration(source: plan.sourceName, destination: plan.destinationName)
        try scratch.forEachUnseen { entity, id in
            if sighted.contains(IDTable.hash(entity, id)) { return }
            if let ledger, let migration, try ledger.record(id, in: entity.rawValue, of: migration)?.vanishedIn != nil {
                report.counts[entity, default: RecordCounts()].vanished += 1
                return
            }
            report.counts[entity, default: RecordCounts()].extra += 1
            report.note(RecordChange(entity: entity, id: id, action: .extra, entries: 0, detail: ""))
        }
    }
}

/// What was read back from a destination, in a scratch database that goes with the process.
private final class ReadBack {
    private let database: Database
    private let insert: Statement
    private let find: Statement
    private var seen: [UInt64] = []
    private var count = 0

    init() throws {
        database = try Database(path: "", settings: .staging)
        try database.execute(
            "CREATE TABLE records(hash INTEGER PRIMARY KEY, slot INTEGER, entity TEXT, id TEXT, head BLOB, parts BLOB)")
        insert = try database.prepare("INSERT OR REPLACE INTO records VALUES(?, ?, ?, ?, ?, ?)")
        find = try database.prepare("SELECT slot, head, parts FROM records WHERE hash = ?")
    }

    func fill(_ body: (_ add: (PassItem) throws -> Void) async throws -> Void) async throws {
        try database.execute("BEGIN")
        try await body { item in
            try insert.run(
                Int64(bitPattern: item.idHash), count, item.entity.rawValue, item.id, Self.bytes(item.head),
                item.parts.withUnsafeBytes { Array($0) })
            count += 1
        }
        try database.execute("COMMIT")
        forgetSeen()
    }

    func forgetSeen() { seen = [UInt64](repeating: 0, count: count / 64 + 1) }

    func take(_ item: PassItem) throws -> (head: UInt128, parts: [UInt64])? {
        try find.first(Int64(bitPattern: item.targetHash ?? item.idHash)) { row in
            let slot = row.int(0)
            seen[slot / 64] |= 1 << UInt64(slot % 64)
            let head = row.bytes(1).reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
            let parts = row.withBytes(2) { bytes in
                stride(from: 0, to: bytes.count, by: 8).map { bytes.loadUnaligned(fromByteOffset: $0, as: UInt64.self) }
            }
            return (head, parts)
        }
    }

    func forEachUnseen(_ body: (Entity, String) throws -> Void) throws {
        try database.prepare("SELECT slot, entity, id FROM records ORDER BY slot").forEach { row in
            let slot = row.int(0)
            guard seen[slot / 64] & (1 << UInt64(slot % 64)) == 0, let entity = Entity(rawValue: row.string(1)) else {
                return
            }
            try body(entity, row.string(2))
        }
    }

    private static func bytes(_ value: UInt128) -> [UInt8] {
        (0..<16).map { UInt8(truncatingIfNeeded: value >> (8 * (15 - UInt128($0)))) }
    }
}
