import Diagnostics

/// The whole command line of a program, declared once.
public struct CommandTree: Sendable {
    /// What a command line asks for.
    public enum Request: Sendable {
        /// Run this command.
        case run(CommandSpec, ParsedCommand)
        /// Print this text on stdout and end well: help, version or a completion script.
        case show(String)
    }

    /// The program's name, as people type it.
    public let name: String
    /// Its version.
    public let version: String
    /// One line, lower-case start, no full stop.
    public let summary: String
    /// What a person tries first; they lead the overview.
    public let examples: [CommandSpec.Example]
    /// The commands in the order of help; `help` and `completion` come by themselves.
    public let commands: [CommandSpec]
    /// Options every command takes; `--help` and `--version` come by themselves.
    public let commonOptions: [OptionDeclaration]
    /// Names a shell offers before the colon of a location.
    public let connectors: [String]
    /// Where to read on: the last line of the overview.
    public let footer: String?

    /// Creates a command line.
    public init(
        name: String, version: String, summary: String, examples: [CommandSpec.Example] = [],
        commands: [CommandSpec], commonOptions: [any DeclaredOption] = [], connectors: [String] = [],
        footer: String? = nil
    ) {
        self.name = name
        self.version = version
        self.summary = summary
        self.examples = examples
        self.commands = commands
        self.commonOptions = commonOptions.map(\.declaration) + [Self.help]
        self.connectors = connectors
        self.footer = footer
    }

    /// Reads a command line, without the program's own name.
    ///
    /// - Parameters:
    ///   - arguments: The words as the shell gives them.
    ///   - width: Columns for help; more than 100 count as 100.
    /// - Returns: The command to run, or a text to print.
    /// - Throws: ``UsageError`` with a message, the usage line and an example.
    public func parse(_ arguments: [String], width: Int = 80) throws(UsageError) -> Request {
        try CommandParser(tree: self).parse(arguments, help: HelpText(tree: self, width: width))
    }

    /// Help for a command or a group of commands, or the full overview for an empty name; `nil` when there is none.
    public func helpText(for name: String = "", width: Int = 80) -> String? {
        HelpText(tree: self, width: width).text(for: name)
    }

    /// `deskferry 1.0.0`.
    public var versionText: String { "\(name) \(version)\n" }

    static let help = OptionDeclaration(flag: "--help", short: "-h", help: "show help and end")
    static let versionOption = OptionDeclaration(flag: "--version", short: nil, help: "show the version and end")

    /// Commands that every program has.
    var builtIn: [CommandSpec] {
        [
            CommandSpec(
                "help", summary: "show help for a command",
                examples: [.init("\(name) help \(commands.first?.name ?? "completion")", "show its help")],
                arguments: [
                    ArgumentSpec(
                        "COMMAND", help: "the command to explain", isOptional: true, isRepeated: true,
                        completes: .names(topics))
                ], exits: [.done, .usage]),
            CommandSpec(
                "completion", summary: "print a completion script for a shell",
                examples: Shell.allCases.map { .init($0.installation(of: name), "set it up for \($0.rawValue)") },
                arguments: [
                    ArgumentSpec(
                        "SHELL", help: "one of \(Shell.names.joined(separator: ", "))", completes: .names(Shell.names))
                ], exits: [.done, .usage]),
        ]
    }

    /// All commands, the built-in ones last.
    var allCommands: [CommandSpec] { commands + builtIn }

    /// First words of commands and groups, each once.
    var topics: [String] {
        var seen: Set<String> = []
        return (commands.compactMap(\.words.first) + ["help", "completion"]).filter { seen.insert($0).inserted }
    }

    /// The commands of a group: those whose names begin with `group` and go on.
    func commands(in group: String) -> [CommandSpec] {
        allCommands.filter { group.isEmpty || $0.name.hasPrefix(group + " ") }
    }

    /// What a command takes: its own options, then the common ones.
    func options(of command: CommandSpec) -> [OptionDeclaration] {
        let names = Set(command.options.map(\.name))
        return command.options + commonOptions.filter { !names.contains($0.name) }
    }

    /// Every option of every command, each name once.
    var allOptions: [OptionDeclaration] {
        var seen: Set<String> = []
        return (commands.flatMap(\.options) + commonOptions + [Self.versionOption]).filter {
            seen.insert($0.name).inserted
        }
    }
}
