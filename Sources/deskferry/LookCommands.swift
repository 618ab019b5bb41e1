import ConnectorCatalog
import ConnectorKit
import ConsoleKit
import ConversationModel
import Diagnostics
import FieldMapping
import Foundation
import StateStore
import SyncEngine

/// The commands that only look.
enum LookCommands {
    // MARK: connectors

    static let connectors = CommandSpec(
        "connectors", summary: "list the platforms, or describe one",
        examples: [
            .init("deskferry connectors", "all of them"),
            .init("deskferry connectors intercom", "files, records and limits of one"),
            .init("deskferry connectors --markdown", "the table as README has it"),
        ],
        arguments: [
            ArgumentSpec(
                "NAME", help: "the connector", isOptional: true, completes: .names(ConnectorCatalog.names))
        ],
        options: [Options.markdown],
        exits: [.done, .usage])

    static func runConnectors(_ session: Session) async throws -> ExitCode {
        if let name = session.command.argument(0) {
            let connector = try Location(name + ":.").connector
            Terminal.write(
                session.wantsJSON
                    ? ConnectorPage.json(connector).pretty : ConnectorPage.text(connector, session.terminal),
                to: .output)
            return .done
        }
        if session.wantsJSON {
            Terminal.write(JSONText.array(ConnectorCatalog.all.map(ConnectorPage.json)).pretty, to: .output)
            return .done
        }
        Terminal.write(
            session.command[Options.markdown]
                ? ConnectorPage.markdown : ConnectorPage.list(session.terminal), to: .output)
        return .done
    }

    // MARK: inspect

    static let inspect = CommandSpec(
        "inspect", summary: "count and profile what a source holds",
        discussion: "Reads the source once and writes nothing but what --agents and --report name.",
        examples: [
            .init("deskferry inspect zendesk:export/", "inventory of an export"),
            .init("deskferry inspect zendesk:export/ --agents agents.csv", "and the people file to fill in"),
            .init("deskferry inspect zendesk:export/ --report report/", "and a page for the client"),
        ],
        arguments: [RunCommands.source], options: [Options.agentsFile] + Options.reports,
        exits: [.done, .usage, .quarantined, .sourceIncomplete, .sourceUnreadable, .interrupted])

    static func runInspect(_ session: Session) async throws -> ExitCode {
        let location = try inspected(session)
        let source = try FileSource(Platform(location.connector), path: location.path)
        let reporting = try Reporting(session, "inspect", keepsRows: false)
        let (hooks, end) = session.hooks("inspect")
        let inventory: Inventory
        do {
            defer { end() }
            inventory = try Inventory.of(source, hooks: hooks)
        }
        if let file = session.command[Options.agentsFile] { _ = try AgentsFile.write(inventory, to: file) }
        try reporting?.writeInventory(inventory, source, location.name)
        if session.wantsJSON {
            Terminal.write(InventoryPage.json(inventory).pretty, to: .output)
        } else {
            Terminal.write(InventoryPage.text(inventory, session.terminal), to: .output)
        }
        Terminal.write(
            Verdict(inventory.report.exit, inventory.report.verdict).line(for: session.terminal), to: .messages)
        return inventory.report.exit
    }

    /// The location; where no connector is named, the platform that its files speak of.
    private static func inspected(_ session: Session) throws -> Location {
        guard let text = session.command.argument(0),
            !text.contains(":") || FileManager.default.fileExists(atPath: text)
        else {
            return try session.source()
        }
        let (found, candidate) = try Location.recognised(text)
        Terminal.write(
            "this looks like \(found.connector.title): \(candidate.reason)\nits location is \(found.name)\n",
            to: .messages)
        return found
    }

    // MARK: status and quarantine

    static let status = CommandSpec(
        "status", summary: "say where each migration stands and what comes next",
        examples: [.init("deskferry status", "of the ledger in this directory")], options: [Options.state],
        exits: [.done, .usage])

    static func runStatus(_ session: Session) async throws -> ExitCode {
        let ledger = try Ledger.openToRead(path: session.statePath)
        let migrations = try ledger?.migrations() ?? []
        guard let ledger, !migrations.isEmpty else {
            Terminal.write(
                session.wantsJSON ? JSONText.array([]).pretty : "no migration is known in \(session.statePath)\n",
                to: .output)
            Terminal.write(
                session.project.source == nil
                    ? "begin with 'deskferry init', or with 'deskferry inspect SOURCE' and 'deskferry plan SOURCE DESTINATION'\n"
                    : "next: deskferry plan --report report/\n", to: .messages)
            return .done
        }
        if session.wantsJSON {
            Terminal.write(
                JSONText.array(
                    try migrations.map { try StatusPage(ledger, $0, session.project).json() }
                ).pretty, to: .output)
        } else {
            for migration in migrations {
                let page = try StatusPage(ledger, migration, session.project)
                Terminal.write(try page.text(session.terminal), to: .output)
            }
        }
        return .done
    }

    static let quarantine = CommandSpec(
        "quarantine", summary: "list records that could not be read, and why",
        examples: [
            .init("deskferry quarantine", "those still open"),
            .init("deskferry quarantine --all --json", "all, for scripts"),
        ], options: [Options.state, Options.resolved], exits: [.done, .usage])

    static func runQuarantine(_ session: Session) async throws -> ExitCode {
        let ledger = try Ledger.openToRead(path: session.statePath)
        var rows: [QuarantineRow] = []
        for migration in try ledger?.migrations() ?? [] {
            try ledger?.quarantined(of: migration.id, includingResolved: session.command[Options.resolved]) {
                rows.append($0)
            }
        }
        if session.wantsJSON {
            Terminal.write(JSONText.array(rows.map(QuarantinePage.json)).pretty, to: .output)
        } else {
            for row in rows { Terminal.write(QuarantinePage.text(row, session.terminal), to: .output) }
        }
        let open = rows.count { $0.isOpen }
        Terminal.write(
            open == 0
                ? "no record is in quarantine\n"
                : (open == 1 ? "1 record is in quarantine; mend it" : "\(open) records are in quarantine; mend them")
                    + " in the export and run the same command again\n",
            to: .messages)
        return .done
    }
}
