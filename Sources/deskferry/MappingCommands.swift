import ConnectorKit
import ConsoleKit
import ConversationModel
import Diagnostics
import FieldMapping
import Foundation
import SyncEngine

/// The commands about mapping files.
enum MappingCommands {
    // MARK: mapping draft

    static let draft = CommandSpec(
        "mapping draft", summary: "write a complete first mapping from what a source holds",
        discussion:
            "Every status, priority, channel, tag, team, agent and custom field of the source gets a line with its count, a suggestion and the reason. The draft passes 'mapping check' as it is. Where the destination holds people already, agents and teams are matched with them.",
        examples: [
            .init("deskferry mapping draft zendesk:export/ intercom:out/ --out client.json5", "then edit client.json5"),
            .init(
                "deskferry mapping draft zendesk:export/ intercom:out/ --out client.json5 --agents agents.csv",
                "agents go to a table for a spreadsheet"),
        ],
        arguments: [RunCommands.source, RunCommands.destination], options: [Options.draftFile, Options.agentsFile],
        exits: [.done, .usage, .configuration, .sourceUnreadable, .interrupted])

    static func runDraft(_ session: Session) async throws -> ExitCode { try writeDraft(session, saysNext: true) }

    /// Writes the draft that a session asks for; `init` says itself what comes next.
    static func writeDraft(_ session: Session, saysNext: Bool) throws -> ExitCode {
        let (source, destination) = (try session.source(), try session.destination())
        let out = session.command[Options.draftFile]
        if let out, FileManager.default.fileExists(atPath: out) {
            throw MigrationError(
                "usage/exists", recovery: .fixConfiguration, place: Place(file: out),
                summary: "is there already, and a draft overwrites nothing", hint: "name another file with --out")
        }
        let files = try FileSource(Platform(source.connector), path: source.path)
        let (hooks, end) = session.hooks("inspect")
        let inventory: Inventory
        do {
            defer { end() }
            inventory = try Inventory.of(files, hooks: hooks)
        }
        let people = people(at: destination)
        let agents = session.command[Options.agentsFile]
        var kept = 0
        if let agents {
            kept = try AgentsFile.write(
                inventory, to: agents, destination: people?.agents, acceptsSuggestions: true)
        }
        let draft = MappingDraft(
            inventory, source: files.platform, destination: Platform(destination.connector),
            names: (source.name, destination.name), people: people,
            agentsFile: agents.map { relative($0, to: out) })
        let text = draft.text
        try finishDraft(session, text, out: out, agents: agents, inventory: inventory)
        let conversations = inventory.records[.conversation] ?? 0
        let place = out.map { "drafted \($0)" } ?? "drafted a mapping"
        let verdict =
            place + (agents.map { " and \($0)" } ?? "") + " from "
            + "\(Figures.count(conversations)) conversation\(conversations == 1 ? "" : "s")"
            + (kept > 0 ? "; \(kept) decisions of the earlier people file were kept" : "")
        Terminal.write(Verdict(.done, verdict).line(for: session.terminal), to: .messages)
        if saysNext, let out {
            Terminal.write("next: deskferry mapping check \(out) \(source.name) \(destination.name)\n", to: .messages)
        }
        return .done
    }

    private static func finishDraft(
        _ session: Session, _ text: String, out: String?, agents: String?, inventory: Inventory
    ) throws {
        if let out {
            do {
                try text.write(toFile: out, atomically: true, encoding: .utf8)
            } catch {
                throw MigrationError(
                    "failed/unwritable", recovery: .fixConfiguration, place: Place(file: out),
                    summary: "cannot be written", cause: error)
            }
        }
        if session.wantsJSON {
            let json: JSONText = .members([
                ("command", "mapping draft"), ("exit", 0), ("file", out.map { .string($0) }),
                ("agents_file", agents.map { .string($0) }), ("mapping", out == nil ? .string(text) : nil),
                ("conversations", .integer(inventory.records[.conversation] ?? 0)),
            ])
            Terminal.write(json.pretty, to: .output)
        } else if out == nil {
            Terminal.write(text, to: .output)
        }
    }

    /// The people that stand at a destination already, where it holds files.
    private static func people(at location: Location) -> (agents: [Agent], teams: [Team])? {
        guard FileManager.default.fileExists(atPath: location.path),
            let source = try? FileSource(Platform(location.connector), path: location.path), !source.files.isEmpty,
            let people = try? Engine.people(of: source), !people.agents.isEmpty || !people.teams.isEmpty
        else { return nil }
        return people
    }

    /// A file's name as a mapping beside another file names it.
    private static func relative(_ file: String, to other: String?) -> String {
        let folder = other?.lastIndex(of: "/").flatMap { slash in other.map { String($0[...slash]) } } ?? ""
        if file.hasPrefix("/") || folder.isEmpty { return file }
        if file.hasPrefix(folder) { return String(file.dropFirst(folder.count)) }
        return FileManager.default.currentDirectoryPath + "/" + file
    }

    // MARK: mapping check

    static let check = CommandSpec(
        "mapping check", summary: "find every fault of a mapping",
        discussion:
            "With a source, values that no rule names and rules that nothing uses are listed too; with a destination, values that it cannot hold. '-' in place of SOURCE holds the mapping against a destination alone. --mapping puts other files below FILE, as they will be layered in the run.",
        examples: [
            .init("deskferry mapping check client.json5", "faults with line and column"),
            .init("deskferry mapping check client.json5 zendesk:export/", "and what of the source it does not cover"),
            .init(
                "deskferry mapping check client.json5 zendesk:export/ intercom:out/",
                "and what the destination cannot hold"),
        ],
        arguments: [
            ArgumentSpec("FILE", help: "the mapping; the project's without it", isOptional: true, completes: .file),
            ArgumentSpec("SOURCE", help: "CONNECTOR:PATH to hold it against", isOptional: true, completes: .location),
            ArgumentSpec(
                "DESTINATION", help: "CONNECTOR:PATH that it is to fit", isOptional: true, completes: .location),
        ],
        options: [Options.mapping], exits: [.done, .usage, .configuration, .sourceUnreadable, .interrupted])

    static func runCheck(_ session: Session) async throws -> ExitCode {
        let given = session.command.argument(0)
        guard let file = given ?? session.project.mapping.last else {
            throw session.tree.missing("FILE", of: session.spec)
        }
        let below = session.command[Options.mapping]
        let mapping: Mapping
        do {
            mapping = try Mapping.load(
                paths: given == nil && below.isEmpty ? session.project.mapping : below + [file])
        } catch let error as MigrationError {
            guard session.wantsJSON, let faults = error.cause as? MappingFaults else { throw error }
            Terminal.write(CheckPage.json(file, faults.faults).pretty, to: .output)
            return error.exit
        }
        // Without a file everything comes from the project.
        let places = given == nil ? [session.project.source, session.project.destination] : [nil, nil]
        let source = try (session.command.argument(1) ?? places[0]).flatMap { $0 == "-" ? nil : try Location($0) }
        let target = try (session.command.argument(2) ?? places[1]).map(Location.init)
        let there = target.flatMap(people(at:)).map { DestinationPeople(agents: $0.agents, teams: $0.teams) }
        var coverage: MappingCoverage?
        if let source {
            let files = try FileSource(Platform(source.connector), path: source.path)
            let (hooks, end) = session.hooks("check")
            defer { end() }
            coverage = try await Engine.coverage(of: mapping, over: files, hooks: hooks)
        }
        let check = MappingCheck(
            mapping, coverage: coverage, destination: target.map { Platform($0.connector) }, people: there ?? .unknown)
        let exit: ExitCode = check.hasFaults ? .configuration : .done
        let verdict = CheckPage.verdict(file, mapping, check, isAgainstSource: coverage != nil)
        if session.wantsJSON {
            Terminal.write(CheckPage.json(file, mapping, check, verdict, exit).pretty, to: .output)
        } else {
            Terminal.write(CheckPage.text(check, top: file, session.terminal), to: .output)
        }
        Terminal.write(Verdict(exit, verdict).line(for: session.terminal), to: .messages)
        return exit
    }
}

/// What `mapping check` found, as people and scripts read it.
enum CheckPage {
    static func verdict(
        _ file: String, _ mapping: Mapping, _ check: MappingCheck, isAgainstSource: Bool
    ) -> String {
        func count(_ kind: MappingCheck.Row.Kind) -> Int { check.rows.count { $0.kind == kind } }
        let rules = mapping.rules.count == 1 ? "1 rule" : "\(mapping.rules.count) rules"
        if check.hasFaults {
            let (unholdable, refused) = (count(.unholdable), count(.refused))
            let reasons = [
                unholdable > 0 ? "the destination cannot hold what it writes" : nil,
                refused > 0 ? "people have no match and its fallback is 'error'" : nil,
            ]
            let faults = unholdable + refused
            return "\(file) has \(faults == 1 ? "1 fault" : "\(faults) faults"): "
                + reasons.compactMap(\.self).joined(separator: "; ")
        }
        var text = "\(file) is a valid mapping with \(rules)"
        guard isAgainstSource else { return text }
        let (unmapped, unused) = (count(.unmapped), count(.unused))
        let unfit = check.rows.reduce(0) { $0 + ($1.kind == .unfit ? $1.count ?? 0 : 0) }
        if unmapped + unused + unfit == 0 { return text + "; it names every value of the source" }
        if unfit > 0 { text += "; \(unfit == 1 ? "1 value does" : "\(unfit) values do") not fit what a rule asks for" }
        if unmapped > 0 { text += "; \(unmapped == 1 ? "1 value" : "\(unmapped) values") of the source without a rule" }
        if unused > 0 { text += "; \(unused == 1 ? "1 rule" : "\(unused) rules") without a use" }
        return text
    }

    /// Unused rules of lower layers are summed up: a preset names more than one source has.
    static func text(_ check: MappingCheck, top: String, _ terminal: Terminal) -> String {
        var text = ""
        var below: [String: Int] = [:]
        for row in check.rows {
            if row.kind == .unused, let file = row.place?.file, file != top, file.hasSuffix(".json5") {
                below[file, default: 0] += 1
                continue
            }
            let sign =
                row.isFault
                ? terminal.styled("! ", .bad, on: .output) : terminal.styled("? ", .warn, on: .output)
            let place = row.place.map { "\($0): " } ?? ""
            text += sign + Terminal.safe(place + row.summary) + "\n"
        }
        for (file, count) in below.sorted(by: { $0.key < $1.key }) {
            text += Terminal.safe("  \(file): \(count) rules that this source does not need") + "\n"
        }
        if check.furtherValues > 0 {
            text += "? and \(Figures.count(check.furtherValues)) more occurrences of values without a rule\n"
        }
        return text
    }

    static func json(
        _ file: String, _ mapping: Mapping, _ check: MappingCheck, _ verdict: String, _ exit: ExitCode
    ) -> JSONText {
        .members([
            ("command", "mapping check"), ("verdict", .string(verdict)), ("exit", .integer(Int(exit.rawValue))),
            ("file", .string(file)), ("rules", .integer(mapping.rules.count)), ("faults", .array([])),
            (
                "findings",
                .array(
                    check.rows.map { row in
                        .members([
                            ("kind", .string(row.kind.rawValue)), ("file", row.place?.file.map { .string($0) }),
                            ("line", row.place?.line.map { .integer($0) }),
                            ("column", row.place?.column.map { .integer($0) }), ("subject", .string(row.subject)),
                            ("value", row.value.map { .string($0) }), ("count", row.count.map { .integer($0) }),
                            ("summary", .string(row.summary)), ("nearest", row.nearest.map { .string($0) }),
                        ])
                    })
            ),
        ])
    }

    static func json(_ file: String, _ faults: [MappingFault]) -> JSONText {
        let verdict =
            "\(file) has \(faults.count == 1 ? "1 fault" : "\(faults.count) faults"); nothing was read or written"
        return .members([
            ("command", "mapping check"), ("verdict", .string(verdict)), ("exit", 3), ("file", .string(file)),
            (
                "faults",
                .array(
                    faults.map { fault in
                        .members([
                            ("file", fault.place.file.map { .string($0) }),
                            ("line", fault.place.line.map { .integer($0) }),
                            ("column", fault.place.column.map { .integer($0) }), ("summary", .string(fault.summary)),
                            ("expected", .string(fault.expected)), ("nearest", fault.nearest.map { .string($0) }),
                        ])
                    })
            ), ("findings", .array([])),
        ])
    }
}
