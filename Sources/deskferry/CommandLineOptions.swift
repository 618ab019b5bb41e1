import ConnectorCatalog
import ConsoleKit
import ConversationModel
import Reports
import StateStore

/// Every option of the program, declared once; help, messages and completions come from here.
enum Options {
    /// Kinds of record as words of `--only`.
    enum Kind: String, CaseIterable { case fields, teams, agents, companies, contacts, conversations }

    static let mapping = Option(
        "--mapping", "FILE", repeated: .file, help: "mapping file; several layer, later ones win")
    static let state = Option(
        "--state", "FILE", .file, default: Ledger.defaultPath, help: "the ledger, which makes runs repeatable")
    static let project = Option(
        "--project", "FILE", .file,
        help: "project file with source, destination, mapping and state; default deskferry.json5")
    static let json = Option.flag("--json", help: "print one JSON object on stdout")
    static let limit = Option("--limit", "N", .integer(atLeast: 1), help: "only the first N conversations")
    static let since = Option(
        "--since", "TIME", .time, help: "only conversations changed since this day or moment, UTC")
    static let only = Option("--only", "KIND", repeated: .choice(of: Kind.self), help: "only this kind of record")
    static let maxErrors = Option(
        "--max-errors", "N", .integer(atLeast: 0), help: "stop after more than N unreadable records")
    static let quiet = Option.flag("--quiet", short: "-q", help: "no progress on stderr")
    static let noColour = Option.flag("--no-color", help: "no colours")
    static let noInput = Option.flag("--no-input", help: "never ask")
    static let planFile = Option(
        "--plan", "FILE", .file, help: "apply exactly this saved plan; refuse if anything moved")
    static let out = Option("--out", "FILE", .file, help: "write the plan to this file, for 'migrate --plan'")
    static let draftFile = Option("--out", "FILE", .file, help: "write the draft to this new file")
    static let detailedExit = Option.flag("--detailed-exitcode", help: "exit 20 when there are changes")
    static let every = Option(
        "--every", "TIME", .duration, help: "run again after this time, such as 15m, until stopped")
    static let until = Option("--until", "TIME", .time, help: "with --every: start no run after this moment, UTC")
    static let agentsFile = Option("--agents", "FILE", .file, help: "write the people of the source to this CSV")
    static let markdown = Option.flag("--markdown", help: "as a Markdown table, with what cannot survive")
    static let report = Option(
        "--report", "DIR", .directory, help: "also write a report into this directory: HTML, JSON and CSV")
    static let thresholds = Option(
        "--thresholds", "FILE", .file, help: "limits agreed before, JSON5; exit 8 when one is missed")
    static let initMapping = Option("--mapping", "FILE", .file, help: "draft the mapping into this file")
    static let language = Option(
        "--language", "CODE", .choice(of: Language.self), default: .en, help: "language of the report")
    static let resolved = Option.flag("--all", help: "also those resolved since")

    static let trail = Option(
        "--trail", "FILE", .file,
        help: "write a row for each redaction, erasure, join and unresolved link; never values")
    static let redirects = Option(
        "--redirects", "FILE", .file, help: "write old and new id, number and address of each conversation")

    static let threads = Option(
        "--threads", "FILE", .file, help: "write what joined or cut conversations hold, for 'threading.restore'")

    /// Options that every command takes.
    static let common: [any DeclaredOption] = [project, json, quiet, noColour, noInput]

    /// Options of commands that write reports.
    static let reports: [any DeclaredOption] = [report, language]

    /// Options of commands that read a source into a destination.
    static let pass: [any DeclaredOption] = [mapping, limit, since, only, maxErrors, trail, redirects, threads]
}
