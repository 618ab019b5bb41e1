public import Diagnostics

/// A command line that cannot be run: one message, and below it the usage line and an example.
public struct UsageError: Error, Sendable, CustomStringConvertible {
    /// The message; its code begins with `usage/`, so it ends with exit code 2.
    public let error: MigrationError
    /// Lines that show how it goes.
    public let guidance: [String]

    /// The whole text for stderr, without a line end.
    public var description: String { ([error.description] + guidance).joined(separator: "\n") }

    init(_ code: MigrationError.Code, _ summary: String, _ hint: String? = nil, guidance: [String] = []) {
        error = MigrationError(code, recovery: .fixConfiguration, summary: summary, hint: hint)
        self.guidance = guidance
    }
}

extension CommandTree {
    /// An argument is missing that neither the line nor anything else supplied.
    public func missing(_ argument: String, of command: CommandSpec) -> UsageError {
        let help = command.arguments.first { $0.name == argument }?.help
        return UsageError(
            "usage/missing-argument", "'\(command.name)' needs \(argument)" + (help.map { ": " + $0 } ?? ""),
            guidance: guidance(for: command))
    }

    /// A fault that only the command itself can see, such as two options that exclude each other.
    ///
    /// - Parameters:
    ///   - summary: What is wrong, lower-case start.
    ///   - hint: What to do.
    ///   - command: The command whose usage is shown.
    /// - Returns: An error to throw.
    public func fault(_ summary: String, hint: String? = nil, of command: CommandSpec) -> UsageError {
        UsageError("usage/contradiction", summary, hint, guidance: guidance(for: command))
    }

    /// The usage line and the first example.
    func guidance(for command: CommandSpec) -> [String] {
        ["usage: " + usage(of: command)] + command.examples.prefix(1).map { "example: " + $0.line }
    }

    /// `deskferry inspect SOURCE [options]`.
    func usage(of command: CommandSpec) -> String {
        ([name, command.name] + command.arguments.map(\.usage) + ["[options]"]).joined(separator: " ")
    }

    func unknownCommand(_ words: String, in group: String) -> UsageError {
        let candidates = group.isEmpty ? topics + commands.map(\.name) : commands(in: group).map(\.name)
        let known = group.isEmpty ? "'\(name) help'" : "'\(name) help \(group)'"
        let nearest = NearestName.of(words, among: candidates)
        return UsageError(
            "usage/unknown-command", "unknown command \(quoted(words))",
            nearest.map { "did you mean '\($0)'?" } ?? "\(known) lists the commands")
    }

    func missingCommand(in group: String) -> UsageError {
        let names = commands(in: group).map { "'\($0.name)'" }
        return UsageError(
            "usage/missing-command", "'\(group)' is a group of commands",
            "write one of \(names.joined(separator: ", "))")
    }

    func unknownOption(_ written: String, of command: CommandSpec?) -> UsageError {
        let options = command.map { self.options(of: $0) } ?? allOptions
        if let command {
            let owners = commands.filter { $0.options.contains { $0.names.contains(written) } }.map { "'\($0.name)'" }
            if !owners.isEmpty {
                return UsageError(
                    "usage/foreign-option", "'\(command.name)' has no option \(quoted(written))",
                    "it belongs to \(owners.joined(separator: ", "))", guidance: guidance(for: command))
            }
        }
        let nearest = NearestName.of(written, among: options.flatMap(\.names).filter { $0.hasPrefix("--") })
        let all = command.map { "'\(name) help \($0.name)' lists the options" } ?? "'\(name) --help' lists the options"
        return UsageError(
            "usage/unknown-option", "unknown option \(quoted(written))", nearest.map { "did you mean '\($0)'?" } ?? all)
    }

    func missingValue(_ option: OptionDeclaration, before next: String?) -> UsageError {
        let form = "\(option.name) \(option.valueName ?? "")"
        let hint = next.map { "'\(form)' is meant, or '\(option.name)=\(shown($0))' if that is the value" }
        return UsageError("usage/missing-value", "option '\(option.name)' has no value", hint ?? "write '\(form)'")
    }

    func superfluousValue(_ option: OptionDeclaration, _ value: String) -> UsageError {
        UsageError(
            "usage/superfluous-value", "option '\(option.name)' takes no value, but has \(quoted(value))",
            "write '\(option.name)' alone")
    }

    func wrongValue(_ option: OptionDeclaration, _ value: String) -> UsageError {
        var hint: String?
        if case .names(let names) = option.completion {
            hint = NearestName.of(value, among: names).map { "did you mean '\($0)'?" }
        }
        let written = value.isEmpty ? "empty" : quoted(value)
        return UsageError("usage/wrong-value", "option '\(option.name)' is \(written), not \(option.expected)", hint)
    }

    func repeated(_ option: OptionDeclaration) -> UsageError {
        UsageError("usage/repeated-option", "option '\(option.name)' is given twice", "give it once")
    }

    func superfluousArgument(_ argument: String, of command: CommandSpec) -> UsageError {
        let takes =
            switch command.arguments.count {
            case 0: "takes no arguments"
            case 1: "takes one argument"
            case let count: "takes \(count) arguments"
            }
        return UsageError(
            "usage/superfluous-argument", "unexpected argument \(quoted(argument))",
            "'\(command.name)' \(takes)", guidance: guidance(for: command))
    }

    func emptyArgument(_ argument: ArgumentSpec, of command: CommandSpec) -> UsageError {
        UsageError(
            "usage/empty-argument", "\(argument.name) of '\(command.name)' is empty",
            "a variable that is not set does this", guidance: guidance(for: command))
    }

    func wrongShell(_ written: String) -> UsageError {
        let nearest = NearestName.of(written, among: Shell.names)
        return UsageError(
            "usage/unknown-shell",
            "no completions for \(quoted(written)), only for \(Shell.names.joined(separator: ", "))",
            nearest.map { "did you mean '\($0)'?" })
    }

    private func quoted(_ text: String) -> String { "'\(shown(text))'" }

    /// What a person wrote comes from scripts too: it may hold anything and be of any length.
    private func shown(_ text: String) -> String { DisplayText.clipped(Terminal.safe(text), to: 60) }
}
