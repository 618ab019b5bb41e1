import ConsoleKit
import ConversationModel
import Diagnostics
import FieldMapping
import Foundation
import Reports
import StateStore

/// What the ledger knows, as people and scripts read it.
struct StatusPage {
    typealias Migration = (id: MigrationID, source: String, destination: String)

    /// How far a migration is, and what comes next.
    enum Stage: String {
        case notWritten = "not_written"
        case stopped
        case unverified
        case differs
        case limitsMissed = "limits_missed"
        case incomplete
        case verified
    }

    let ledger: Ledger
    let migration: Migration
    let runs: [Run]
    let stage: Stage
    let openQuarantine: Int
    private let isProject: Bool

    init(_ ledger: Ledger, _ migration: Migration, _ project: ProjectFile) throws {
        self.ledger = ledger
        self.migration = migration
        runs = try ledger.runs(of: migration.id, limit: 500)
        var open = 0
        try ledger.quarantined(of: migration.id, includingResolved: false) { _ in open += 1 }
        openQuarantine = open
        isProject =
            (try? project.source.map { try Location($0).name }) == migration.source
            && (try? project.destination.map { try Location($0).name }) == migration.destination
        stage = Self.stage(runs)
    }

    /// Runs come newest first.
    private static func stage(_ runs: [Run]) -> Stage {
        let written = runs.firstIndex { $0.staging == .committed && !$0.output.isEmpty }
        let writing = runs.firstIndex { $0.command != "verify" }
        if let writing, runs[writing].state != .done, writing < written ?? runs.count { return .stopped }
        guard let written else { return .notWritten }
        guard let verified = runs.firstIndex(where: { $0.command == "verify" }), verified < written else {
            return .unverified
        }
        return switch runs[verified].exit {
        case Int32(ExitCode.done.rawValue), Int32(ExitCode.quarantined.rawValue): .verified
        case Int32(ExitCode.sourceIncomplete.rawValue): .incomplete
        default: runs[verified].verdict.contains(RunCommands.limitsMissed) ? .limitsMissed : .differs
        }
    }

    // MARK: Text

    func text(_ terminal: Terminal) throws -> String {
        var text = terminal.styled("\(migration.source) -> \(migration.destination)", .strong, on: .output) + "\n"
        let (sentence, style) = said
        text += "  " + terminal.styled(sentence, style, on: .output) + "\n"
        let records = try Entity.allCases.reversed().compactMap { entity -> String? in
            let count = try ledger.countRecords(entity.rawValue, of: migration.id)
            return count > 0 ? "\(Figures.count(count)) \(entity.plural)" : nil
        }
        if !records.isEmpty { text += "  at the destination: " + records.joined(separator: ", ") + "\n" }
        if openQuarantine > 0 {
            text += terminal.styled(
                "  ! \(Figures.count(openQuarantine)) \(openQuarantine == 1 ? "record" : "records") in quarantine; 'deskferry quarantine' lists them",
                .warn,
                on: .output)
            text += "\n"
        }
        if let expected = DeltaTrend(history).expected {
            text +=
                "  the next delta takes about \(Figures.duration(.seconds(expected.seconds))), by the last \(expected.runs) \(expected.runs == 1 ? "run" : "runs")\n"
        }
        var table = Table([.text("run"), .text("what"), .text("began"), .number("took"), .note("result")])
        for run in runs.prefix(10) {
            table.add([
                .init(run.id.rawValue), .init(run.command), .init(run.startedAt.description),
                .init(
                    run.endedAt.map { Figures.duration(.milliseconds($0.milliseconds - run.startedAt.milliseconds)) }
                        ?? "-"),
                .init(run.verdict.isEmpty ? run.state.rawValue : run.verdict, run.state == .done ? nil : .warn),
            ])
        }
        if !table.isEmpty { text += "\n" + table.text(for: terminal, on: .output) }
        text += "\nnext" + (steps.note.isEmpty ? "" : ", \(steps.note)") + ":\n"
        for command in steps.commands { text += "  " + terminal.styled(command, .strong, on: .output) + "\n" }
        return text + "\n"
    }

    private var said: (String, Style) {
        switch stage {
        case .notWritten: ("nothing was written yet", .warn)
        case .stopped: ("the last run was stopped before its end; nothing half-written stands there", .warn)
        case .unverified: ("written, and not verified since", .warn)
        case .differs: ("verified: differences were found", .bad)
        case .limitsMissed: ("verified: agreed limits were missed", .bad)
        case .incomplete: ("verified: nothing differs, but the source is incomplete", .warn)
        case .verified: ("verified: nothing differs", .good)
        }
    }

    /// The commands that come next, on one line.
    var next: String { steps.commands.joined(separator: ", then ") }

    /// The commands that come next, and what to do beside them.
    private var steps: (note: String, commands: [String]) {
        let places = isProject ? "" : " \(migration.source) \(migration.destination)"
        let last = runs.first { $0.command != "verify" }?.command ?? "migrate"
        let verify = "deskferry verify\(places)"
        let sync = "deskferry sync\(places)"
        return switch stage {
        case .notWritten: ("", ["deskferry migrate\(places)"])
        case .stopped: ("", ["deskferry \(last)\(places)"])
        case .unverified: ("", [verify + " --report report/"])
        case .differs:
            (
                "look in report/verify.html at what differs; sync where the source changed",
                [verify + " --report report/", sync]
            )
        case .limitsMissed:
            (
                "look in report/verify.html at the limits missed; mend what differs, or agree on others",
                [verify + " --report report/ --thresholds FILE"]
            )
        case .incomplete:
            ("get the rest of the source, as inspect says", ["deskferry inspect \(migration.source)", sync, verify])
        case .verified: ("after a newer export", [sync, verify])
        }
    }

    /// The runs as reports show them, the latest first.
    var history: [ReportSubject.RunRecord] { runs.map(Self.record) }

    static func record(_ run: Run) -> ReportSubject.RunRecord {
        ReportSubject.RunRecord(
            id: run.id.rawValue, command: run.command, startedAt: run.startedAt.description,
            seconds: run.endedAt.map { Double($0.milliseconds - run.startedAt.milliseconds) / 1000 },
            state: run.state.rawValue, exit: run.exit.map { Int($0) }, verdict: run.verdict, written: written(run))
    }

    /// Records that a run wrote, from the counts that the ledger keeps.
    private static func written(_ run: Run) -> Int? {
        guard run.command != "verify", let root = try? JSON5.parse(run.counts, file: "counts"), !root.members.isEmpty
        else { return nil }
        return root.members.reduce(0) { sum, member in
            sum
                + ["create", "update", "append"].reduce(0) { $0 + (member.node[$1]?.text.flatMap { Int($0) } ?? 0) }
        }
    }

    // MARK: JSON

    func json() throws -> JSONText {
        [
            "source": .string(migration.source), "destination": .string(migration.destination),
            "stage": .string(stage.rawValue), "quarantined": .integer(openQuarantine),
            "runs": .array(
                runs.prefix(100).map { run in
                    .members([
                        ("id", .string(run.id.rawValue)), ("command", .string(run.command)),
                        ("started_at", .string(run.startedAt.description)),
                        ("ended_at", run.endedAt.map { .string($0.description) }),
                        ("state", .string(run.state.rawValue)), ("exit", run.exit.map { .integer(Int($0)) }),
                        ("verdict", .string(run.verdict)), ("output", .string(run.output)),
                        ("written", Self.written(run).map { .integer($0) }),
                    ])
                }),
            "records": .members(
                try Entity.allCases.map {
                    ($0.plural, .integer(try ledger.countRecords($0.rawValue, of: migration.id)))
                }),
            "next": .string(next),
        ]
    }
}

/// Records in quarantine, as people and scripts read them.
enum QuarantinePage {
    static func text(_ row: QuarantineRow, _ terminal: Terminal) -> String {
        let record = row.record
        let place = Place(file: record.file, line: record.line, byte: record.byte)
        let state = row.isOpen ? "" : " (resolved)"
        return terminal.styled(row.isOpen ? "! " : "= ", row.isOpen ? .bad : .dim, on: .output)
            + Terminal.safe("\(place): \(record.entity) \(record.id ?? "without an id"): \(record.reason)\(state)")
            + "\n"
    }

    static func json(_ row: QuarantineRow) -> JSONText {
        .members([
            ("entity", .string(row.record.entity)), ("id", row.record.id.map { .string($0) }),
            ("file", .string(row.record.file)),
            ("line", row.record.line.map { .integer($0) }), ("byte", row.record.byte.map { .integer($0) }),
            ("reason", .string(row.record.reason)), ("first_run", .string(row.firstRun.rawValue)),
            ("run", .string(row.run.rawValue)),
            ("open", .boolean(row.isOpen)),
        ])
    }
}
