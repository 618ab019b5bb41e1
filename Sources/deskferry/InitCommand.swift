import ConnectorCatalog
import ConnectorKit
import ConsoleKit
import Diagnostics
import Foundation

/// `deskferry init`: asks its way to a project file and a first mapping.
enum InitCommand {
    static let spec = CommandSpec(
        "init", summary: "ask for source and destination, write a project file and a first mapping",
        discussion:
            "Writes \(ProjectFile.defaultPath) into this directory, so that the other commands run without arguments, and drafts a mapping from what the source holds. What stands on the command line is not asked for; with --no-input nothing is. Nothing that exists is overwritten.",
        examples: [
            .init("deskferry init", "answer some questions"),
            .init(
                "deskferry init zendesk:export/ intercom:out/ --mapping client.json5 --no-input", "for scripts"),
        ],
        arguments: [RunCommands.source, RunCommands.destination], options: [Options.initMapping, Options.state],
        exits: [.done, .failed, .usage, .configuration, .sourceUnreadable, .interrupted])

    static func run(_ session: Session) async throws -> ExitCode {
        guard !FileManager.default.fileExists(atPath: ProjectFile.defaultPath) else {
            throw MigrationError(
                "usage/exists", recovery: .fixConfiguration, place: Place(file: ProjectFile.defaultPath),
                summary: "is there already; nothing was written", hint: "edit it, or remove it and run 'deskferry init'"
            )
        }
        let prompt = Prompt.ofThisProcess(isForbidden: session.command[Options.noInput])
        let source = try source(session, prompt)
        let destination = try destination(session, prompt, source)
        let mapping = try mapping(session, prompt)
        try write(source, destination, mapping, session)
        Terminal.write("wrote \(ProjectFile.defaultPath)\n", to: .messages)
        if let mapping, FileManager.default.fileExists(atPath: mapping) {
            Terminal.write("\(mapping) is there already and stays as it is\n", to: .messages)
        } else if let mapping {
            let exit = try draft(mapping, source, destination, session)
            guard exit == .done else { return exit }
        }
        let steps = [
            ("deskferry inspect --report report/", "what the source holds"),
            mapping.map { ("deskferry mapping check \($0)", "after editing it") },
            ("deskferry plan --report report/", "what the migration would do, for the client to approve"),
        ].compactMap(\.self)
        let width = steps.map { $0.0.count }.max() ?? 0
        Terminal.write("\nnext:\n", to: .messages)
        for (line, what) in steps {
            let gap = String(repeating: " ", count: width - line.count + 2)
            Terminal.write("  \(line)\(gap)\(what)\n", to: .messages)
        }
        return .done
    }

    // MARK: Answers

    private static func source(_ session: Session, _ prompt: Prompt?) throws -> Location {
        if let text = session.command.argument(0) {
            return try text.contains(":") ? Location(text) : Location.recognised(text).location
        }
        guard let prompt else { throw session.tree.missing("SOURCE", of: session.spec) }
        var found: Location?
        let answer = prompt.ask("Where is the export (a file or a directory)", default: likelyExport()) { path in
            do {
                found = try path.contains(":") ? Location(path) : Location.recognised(path).location
                return nil
            } catch {
                return (error as? MigrationError)?.description ?? "\(error)"
            }
        }
        guard answer != nil, let found else { throw stopped }
        let count = try FileSource(Platform(found.connector), path: found.path).files.count
        prompt.say("  this is \(found.connector.title), \(count) \(count == 1 ? "file" : "files")")
        return found
    }

    private static func destination(_ session: Session, _ prompt: Prompt?, _ source: Location) throws -> Location {
        if let text = session.command.argument(1) { return try Location(text) }
        guard let prompt else { throw session.tree.missing("DESTINATION", of: session.spec) }
        let targets = ConnectorCatalog.all.filter { connector in
            connector.name != source.connector.name && connector.name != "memory"
                && connector.exports.contains { $0.output != nil }
        }
        prompt.say("")
        guard
            let choice = prompt.choose(
                "Which platform does it go to", among: targets.map { ($0.name, $0.title) })
        else { throw stopped }
        let target = targets[choice]
        let path = prompt.ask("Directory for its files", default: target.name + "-out") { path in
            let content = try? FileManager.default.contentsOfDirectory(atPath: path)
            return content?.isEmpty == false ? "'\(path)' already holds something; name another directory" : nil
        }
        guard let path else { throw stopped }
        return try Location(target.name + ":" + path)
    }

    private static func mapping(_ session: Session, _ prompt: Prompt?) throws -> String? {
        if let file = session.command[Options.initMapping] { return file }
        guard let prompt else { return "mapping.json5" }
        prompt.say("")
        guard let wanted = prompt.confirm("Draft a mapping from what the export holds", default: true) else {
            throw stopped
        }
        guard wanted else { return nil }
        guard let file = prompt.ask("File for the mapping", default: "mapping.json5") else { throw stopped }
        return file
    }

    /// A directory or file here that some connector recognises.
    private static func likelyExport() -> String? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: ".")) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted().first { (try? Location.recognised($0)) != nil }
    }

    private static let stopped = MigrationError(
        "interrupted/requested", recovery: .stopRun, summary: "no more answers; nothing was written",
        hint: "run 'deskferry init' again")

    // MARK: Writing

    private static func write(
        _ source: Location, _ destination: Location, _ mapping: String?, _ session: Session
    ) throws {
        func quoted(_ text: String) -> String { JSONText.string(text).compact }
        var text = "// What the commands of Deskferry take when nothing else is said.\n{\n"
        text += "  source: \(quoted(source.name)),\n  destination: \(quoted(destination.name)),\n"
        if let mapping { text += "  mapping: \(quoted(mapping)),\n" }
        text += "  state: \(quoted(session.statePath)),\n"
        text += "  // For 'deskferry sync' until cutover:\n"
        text += "  // schedule: { every: \"15m\", until: \"2026-12-01T06:00Z\" },\n}\n"
        do {
            try text.write(toFile: ProjectFile.defaultPath, atomically: true, encoding: .utf8)
        } catch {
            throw MigrationError(
                "failed/unwritable", recovery: .fixConfiguration, place: Place(file: ProjectFile.defaultPath),
                summary: "cannot be written", cause: error)
        }
    }

    private static func draft(
        _ file: String, _ source: Location, _ destination: Location, _ session: Session
    ) throws -> ExitCode {
        let words = ["mapping", "draft", source.name, destination.name, "--out", file]
        guard case .run(let spec, let command) = try session.tree.parse(words) else { return .failed }
        return try MappingCommands.writeDraft(try Session(command, spec, session.tree), saysNext: false)
    }
}
