import ConnectorCatalog
import ConnectorKit
import ConsoleKit
import Diagnostics
import Glibc

/// The program: reads the command line, runs one command, ends with its exit code.
enum Program {
    typealias Action = @Sendable (Session) async throws -> ExitCode

    static let actions: [(spec: CommandSpec, action: Action)] = [
        (InitCommand.spec, InitCommand.run),
        (LookCommands.connectors, LookCommands.runConnectors),
        (LookCommands.inspect, LookCommands.runInspect),
        (RunCommands.convert, RunCommands.runConvert),
        (RunCommands.plan, RunCommands.runPlan),
        (RunCommands.migrate, RunCommands.runMigrate),
        (RunCommands.sync, RunCommands.runSync),
        (RunCommands.verify, RunCommands.runVerify),
        (LookCommands.status, LookCommands.runStatus),
        (LookCommands.quarantine, LookCommands.runQuarantine),
        (MappingCommands.draft, MappingCommands.runDraft),
        (MappingCommands.check, MappingCommands.runCheck),
        (MappingDiff.spec, MappingDiff.run),
    ]

    static let version = "0.1.0"

    static let tree = CommandTree(
        name: "deskferry", version: version,
        summary: "moves customer-service conversations from one platform to another",
        examples: [
            .init("deskferry inspect zendesk:export/", "what an export holds"),
            .init("deskferry plan zendesk:export/ intercom:out/", "what a migration would write"),
            .init("deskferry migrate zendesk:export/ intercom:out/", "the migration"),
            .init("deskferry sync zendesk:export/ intercom:out/", "only what changed since"),
            .init("deskferry verify zendesk:export/ intercom:out/", "proof, message by message"),
        ],
        commands: actions.map(\.spec), commonOptions: Options.common, connectors: ConnectorCatalog.names,
        footer: "A location is CONNECTOR:PATH. 'deskferry connectors' lists the platforms.")

    static func run(_ words: [String]) async -> ExitCode {
        do {
            switch try tree.parse(words) {
            case .show(let text):
                Terminal.write(text, to: .output)
                return .done
            case .run(let spec, let command):
                guard let action = actions.first(where: { $0.spec.name == spec.name })?.action else { return .usage }
                return try await action(try Session(command, spec, tree))
            }
        } catch let error as UsageError {
            Terminal.write("\(error)\n", to: .messages)
            return error.error.exit
        } catch let error as MigrationError {
            Terminal.write("deskferry: \(Terminal.safe(error.description, keepsLines: true))\n", to: .messages)
            return error.exit
        } catch {
            Terminal.write("deskferry: internal fault: \(error); the run can be repeated\n", to: .messages)
            return .failed
        }
    }
}

JSONParser.keepFreedMemory()
exit(await Program.run(Array(CommandLine.arguments.dropFirst())).rawValue)
