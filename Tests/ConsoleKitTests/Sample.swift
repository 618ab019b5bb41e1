import ConsoleKit
import Diagnostics
import Testing

/// A small command line with one of everything.
enum Sample {
    enum Entity: String, CaseIterable { case contacts, conversations }

    static let json = Option.flag("--json", help: "print one JSON object on stdout")
    static let quiet = Option.flag("--quiet", short: "-q", help: "no progress")
    static let limit = Option("--limit", "N", .integer(atLeast: 1), help: "stop after N conversations")
    static let share = Option("--share", "PART", .share, default: 0.5, help: "part of the rate limit to use")
    static let mapping = Option("--mapping", "FILE", repeated: .file, help: "mapping file; later ones win")
    static let only = Option("--only", "ENTITY", .choice(of: Entity.self), help: "only this kind of record")
    static let every = Option("--every", "TIME", .duration, help: "run again after this time")
    static let since = Option("--since", "TIME", .time, help: "only what changed since")
    static let state = Option(
        "--state", "FILE", .file, default: ".deskferry/state.sqlite", short: "-s",
        help: "the ledger, which remembers what was done so that runs can be repeated")
    static let dryRun = Option.flag("--dry-run", help: "write nothing")

    static let tree = CommandTree(
        name: "deskferry", version: "1.2.3", summary: "moves helpdesk conversations",
        examples: [.init("deskferry inspect zendesk:export/", "count what an export holds")],
        commands: [
            CommandSpec(
                "inspect", summary: "counts what a source holds",
                discussion: "Reads the source once and writes nothing, so it is the first thing to do with an export.",
                examples: [
                    .init("deskferry inspect zendesk:export/", "inventory of a directory of exported files"),
                    .init("deskferry inspect intercom:a.json --json", "the same for scripts"),
                ],
                arguments: [ArgumentSpec("SOURCE", help: "where to read from", completes: .location)],
                options: [limit, only, every, since], exits: [.done, .usage, .sourceUnreadable]),
            CommandSpec(
                "migrate", summary: "runs a migration or resumes one",
                examples: [.init("deskferry migrate zendesk:a intercom:b", "a full run")],
                arguments: [
                    ArgumentSpec("SOURCE", help: "where to read from", completes: .location),
                    ArgumentSpec("DESTINATION", help: "where to write to", isOptional: true, completes: .location),
                ],
                options: [mapping, dryRun]),
            CommandSpec(
                "mapping check", summary: "finds faults of a mapping",
                arguments: [ArgumentSpec("FILE", help: "mapping files", isRepeated: true, completes: .file)]),
            CommandSpec("mapping draft", summary: "writes a first mapping", options: [mapping]),
            CommandSpec("status", summary: "shows what the ledger knows"),
        ],
        commonOptions: [state, share, json, quiet], connectors: ["intercom", "zendesk"], footer: "More: docs/")

    /// Reads a line split at spaces; the command and its values.
    static func run(_ line: String, _ place: SourceLocation = #_sourceLocation) throws -> (String, ParsedCommand) {
        let words = line.split(separator: " ").map(String.init)
        guard case .run(let spec, let parsed) = try tree.parse(words) else {
            Issue.record("'\(line)' shows a text", sourceLocation: place)
            throw CancellationError()
        }
        return (spec.name, parsed)
    }

    static func show(_ line: String, width: Int = 80) throws -> String? {
        let words = line.split(separator: " ").map(String.init)
        guard case .show(let text) = try tree.parse(words, width: width) else { return nil }
        return text
    }
}
