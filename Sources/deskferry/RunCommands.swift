import ConsoleKit
import ConversationModel
import Diagnostics
import FieldMapping
import Foundation
import Reports
import StateStore
import SyncEngine

/// The commands that take a source to a destination.
enum RunCommands {
    static let source = ArgumentSpec(
        "SOURCE", help: "CONNECTOR:PATH to read from, a file or a directory", isOptional: true, completes: .location)
    static let destination = ArgumentSpec(
        "DESTINATION", help: "CONNECTOR:DIRECTORY to write to", isOptional: true, completes: .location)
    private static let exits: [ExitCode] = [
        .done, .failed, .usage, .configuration, .quarantined, .sourceIncomplete, .sourceUnreadable,
        .destinationUnreachable,
        .interrupted,
    ]

    static let convert = CommandSpec(
        "convert", summary: "turn one platform's export into another's files, in one pass",
        discussion:
            "Keeps no ledger: the same line again needs another directory. For a migration use 'migrate' and 'sync'.",
        examples: [
            .init("deskferry convert zendesk:export/ intercom:out/", "Zendesk's export as Intercom's files"),
            .init("deskferry convert intercom:dump.jsonl neutral:bundle/", "any export as the neutral bundle"),
        ],
        arguments: [source, destination], options: Options.pass, exits: exits)

    static let plan = CommandSpec(
        "plan", summary: "say exactly what a run would write, and write nothing",
        examples: [
            .init("deskferry plan zendesk:export/ intercom:out/ --mapping client.json5", "the dry run before cutover"),
            .init("deskferry plan zendesk:export/ intercom:out/ --report report/", "and a page for the client to sign"),
            .init("deskferry plan zendesk:export/ intercom:out/ --out cutover.plan", "save it for 'migrate --plan'"),
        ],
        arguments: [source, destination],
        options: Options.pass + Options.reports + [Options.state, Options.out, Options.detailedExit],
        exits: exits + [.changes])

    static let migrate = CommandSpec(
        "migrate", summary: "write everything, or go on where a run was stopped",
        discussion:
            "The first run writes the complete set. Stop it at any moment and run the same line again: the result is the same.",
        examples: [
            .init("deskferry migrate zendesk:export/ intercom:out/ --mapping client.json5", "the full run"),
            .init("deskferry migrate zendesk:export/ intercom:out/ --plan cutover.plan", "exactly what was planned"),
        ],
        arguments: [source, destination],
        options: Options.pass + Options.reports + [Options.state, Options.planFile],
        exits: exits + [.planStale, .locked])

    static let sync = CommandSpec(
        "sync", summary: "write only what changed since the last run",
        discussion:
            "Writes a directory delta-0001, delta-0002 and so on with only the records that changed; no change, no directory. With --every it goes on until stopped, one run at a time.",
        examples: [
            .init("deskferry sync zendesk:export/ intercom:out/", "after a newer export was dropped into the folder"),
            .init(
                "deskferry sync zendesk:export/ intercom:out/ --every 15m --until 2026-12-01T06:00Z", "until cutover"),
        ],
        arguments: [source, destination],
        options: Options.pass + Options.reports + [Options.state, Options.every, Options.until],
        exits: exits + [.locked])

    static let verify = CommandSpec(
        "verify", summary: "read the destination back and compare it message by message",
        discussion:
            "With --thresholds, limits agreed before decide whether it passes; a difference that no limit covers still fails. With --plan, the plan's fingerprint stands among the evidence of the report.",
        examples: [
            .init("deskferry verify zendesk:export/ intercom:out/", "after a run, with the same mapping"),
            .init(
                "deskferry verify zendesk:export/ intercom:out/ --report report/ --thresholds agreed.json5",
                "for the client to sign"),
        ],
        arguments: [source, destination],
        options: Options.pass + Options.reports + [Options.state, Options.thresholds, Options.planFile],
        exits: exits + [.verificationFailed])

    // MARK: Running

    static func runConvert(_ session: Session) async throws -> ExitCode {
        let plan = try session.plan()
        let (hooks, end) = session.hooks("convert")
        let report = try await finishing(end) { try await Engine.convert(plan, hooks: hooks) }
        return show(report, session)
    }

    static func runPlan(_ session: Session) async throws -> ExitCode {
        let plan = try session.plan()
        let reporting = try Reporting(session, "plan")
        let (hooks, end) = session.hooks("plan", observer: reporting?.collector)
        var (report, saved) = try await finishing(end) { try await Engine.plan(plan, hooks: hooks) }
        if let file = session.command[Options.out] { try PlanFile.write(saved, report, to: file) }
        try reporting?.writePlan(plan, report)
        if session.command[Options.detailedExit], report.exit == .done, report.total(\.changes) > 0 {
            report.exit = .changes
        }
        return show(report, session)
    }

    static func runMigrate(_ session: Session) async throws -> ExitCode {
        var plan = try session.plan()
        if let file = session.command[Options.planFile] { plan.expected = try PlanFile.read(file) }
        return try await write(plan, "migrate", session)
    }

    static func runSync(_ session: Session) async throws -> ExitCode {
        let every = try session.command[Options.every] ?? session.project.every.map(Self.duration)
        guard let every else { return try await syncOnce(session) }
        let until = session.command[Options.until]
        let interrupt = InterruptFlag.install()
        var last = ExitCode.done
        while true {
            do {
                last = try await syncOnce(session)
            } catch let error as MigrationError where error.exit == .locked {
                // Another run is at work; the next turn comes anyway.
                Terminal.write("deskferry: \(error)\n", to: .messages)
            }
            let now = ContinuousClock.now
            while ContinuousClock.now - now < every {
                if interrupt.isRequested { return last }
                try await Task.sleep(for: min(.milliseconds(200), every))
            }
            if let until, Moment.now.milliseconds > until.milliseconds { return last }
        }
    }

    private static func duration(_ text: String) throws -> Duration {
        guard let value = ValueFormat<Duration>.duration.parse(text) else {
            throw MigrationError(
                "configuration/invalid", recovery: .fixConfiguration,
                place: Place(file: ProjectFile.defaultPath, path: "schedule.every"),
                summary: "'\(text)' is no time span", hint: "write 15m, 2h or 1h30m")
        }
        return value
    }

    private static func syncOnce(_ session: Session) async throws -> ExitCode {
        try await write(try session.plan(), "sync", session)
    }

    private static func write(_ plan: RunPlan, _ command: String, _ session: Session) async throws -> ExitCode {
        let reporting = try Reporting(session, command)
        let (hooks, end) = session.hooks(command, observer: reporting?.collector)
        let report = try await finishing(end) { try await Engine.migrate(plan, command: command, hooks: hooks) }
        try reporting?.writeRun(plan, report)
        return show(report, session)
    }

    static func runVerify(_ session: Session) async throws -> ExitCode {
        let plan = try session.plan()
        guard FileManager.default.fileExists(atPath: plan.destinationPath) else {
            throw MigrationError(
                "destination/missing", recovery: .fixConfiguration, place: Place(file: plan.destinationPath),
                summary: "nothing stands there yet", hint: "run 'deskferry migrate' first")
        }
        let thresholds = try session.command[Options.thresholds].map(ThresholdsFile.read)
        let reporting = try Reporting(session, "verify", keepsRows: false)
        let (hooks, end) = session.hooks("verify")
        var report = try await finishing(end) {
            try await Engine.verify(plan, countsParts: reporting != nil || thresholds != nil, hooks: hooks)
        }
        if let thresholds { judge(&report, thresholds) }
        Engine.noteVerification(plan, report)
        try reporting?.writeVerification(plan, report, thresholds)
        return show(report, session)
    }

    /// In a verdict: limits were agreed before, and not all are kept.
    static let limitsMissed = "agreed limits missed"

    /// Agreed limits decide instead of the rule that nothing may differ.
    private static func judge(_ report: inout RunReport, _ thresholds: Thresholds) {
        let results = thresholds.results(report)
        let missed = results.count { !$0.isKept }
        if missed > 0 {
            report.exit = .verificationFailed
        } else if report.exit == .verificationFailed {
            report.exit =
                !report.incomplete.isEmpty ? .sourceIncomplete : report.quarantine.isEmpty ? .done : .quarantined
        }
        report.verdict +=
            missed == 0
            ? "; all \(results.count) agreed limits are kept"
            : "; \(limitsMissed): \(missed) of \(results.count)"
    }

    private static func finishing<R>(_ end: () -> Void, _ body: () async throws -> R) async throws -> R {
        defer { end() }
        return try await body()
    }

    private static func show(_ report: RunReport, _ session: Session) -> ExitCode {
        if session.wantsJSON {
            Terminal.write(Rendering.json(report).pretty, to: .output)
        } else {
            let folder = session.command.isGiven(Options.report) ? session.command[Options.report] : nil
            Terminal.write(Rendering.text(report, session.terminal, folder: folder), to: .output)
        }
        Terminal.write(Verdict(report.exit, report.verdict).line(for: session.terminal), to: .messages)
        return report.exit
    }
}

/// A saved plan on disk.
enum PlanFile {
    static func write(_ plan: SavedPlan, _ report: RunReport, to path: String) throws {
        let text: JSONText = [
            "format": "deskferry-plan", "version": 1, "source_sha": .string(plan.sourceHash),
            "mapping_sha256": .string(plan.mappingHash), "last_run": .string(plan.lastRun),
            "verdict": .string(report.verdict),
        ]
        do {
            try text.pretty.write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            throw MigrationError(
                "failed/unwritable", recovery: .fixConfiguration, place: Place(file: path),
                summary: "cannot be written", cause: error)
        }
    }

    static func read(_ path: String) throws -> SavedPlan {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw MigrationError(
                "configuration/unreadable", recovery: .fixConfiguration, place: Place(file: path),
                summary: "cannot be read")
        }
        let root = try JSON5.parse([UInt8](data), file: path)
        guard root["format"]?.text == "deskferry-plan", let source = root["source_sha"]?.text,
            let mapping = root["mapping_sha256"]?.text, let last = root["last_run"]?.text
        else {
            throw MigrationError(
                "configuration/invalid", recovery: .fixConfiguration, place: Place(file: path),
                summary: "is not a saved plan",
                hint: "make one with 'deskferry plan --out \(path)'")
        }
        return SavedPlan(sourceHash: source, mappingHash: mapping, lastRun: last)
    }
}
