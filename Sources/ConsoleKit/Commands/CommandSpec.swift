public import Diagnostics

/// A command as a value: help, parsing, messages and completions come from it.
public struct CommandSpec: Sendable {
    /// A line worth copying, and what it does.
    public struct Example: Sendable {
        /// The whole line, with the program's name.
        public let line: String
        /// What it does.
        public let explanation: String

        /// Creates an example.
        public init(_ line: String, _ explanation: String) {
            self.line = line
            self.explanation = explanation
        }
    }

    /// The words a person types: `inspect`, or `mapping check` for a command of a group.
    public let name: String
    /// One line, lower-case start, no full stop.
    public let summary: String
    /// What a person must know beyond the summary; paragraphs are parted by an empty line.
    public let discussion: String?
    /// Lines worth copying; they stand first in help, and the first one in messages.
    public let examples: [Example]
    /// The arguments by position; those a command can do without come last.
    public let arguments: [ArgumentSpec]
    /// The options of this command, in the order of help.
    public let options: [OptionDeclaration]
    /// The exit codes a script may see.
    public let exits: [ExitCode]

    /// Creates a command.
    public init(
        _ name: String, summary: String, discussion: String? = nil, examples: [Example] = [],
        arguments: [ArgumentSpec] = [], options: [any DeclaredOption] = [],
        exits: [ExitCode] = [.done, .failed, .usage]
    ) {
        self.name = name
        self.summary = summary
        self.discussion = discussion
        self.examples = examples
        self.arguments = arguments
        self.options = options.map(\.declaration)
        self.exits = exits
    }

    /// The words of the name.
    var words: [String] { name.split(separator: " ").map(String.init) }
}

/// An argument of a command, known by its position.
public struct ArgumentSpec: Sendable {
    /// In capitals: `SOURCE`.
    public let name: String
    /// One line, lower-case start, no full stop.
    public let help: String
    /// Whether the command can do without it.
    public let isOptional: Bool
    /// Whether it takes all arguments that are left; only the last one can.
    public let isRepeated: Bool
    /// What a shell may offer.
    public let completion: Completion

    /// Creates an argument.
    public init(
        _ name: String, help: String, isOptional: Bool = false, isRepeated: Bool = false,
        completes completion: Completion = .nothing
    ) {
        self.name = name
        self.help = help
        self.isOptional = isOptional
        self.isRepeated = isRepeated
        self.completion = completion
    }

    /// As the usage line shows it: `SOURCE`, `[SOURCE]`, `[ID ...]`.
    var usage: String {
        let name = isRepeated ? name + " ..." : name
        return isOptional ? "[\(name)]" : name
    }
}

/// A command line that was read: typed values of options, texts of arguments.
public struct ParsedCommand: Sendable {
    /// The arguments in order, as they were written.
    public let arguments: [String]
    /// The texts given for each option, by name.
    let given: [String: [String]]

    /// The value of an option: what was given, else its default.
    public subscript<Value>(option: Option<Value>) -> Value {
        given[option.declaration.name].flatMap(option.read) ?? option.fallback
    }

    /// Whether the option stands on the command line.
    public func isGiven(_ option: some DeclaredOption) -> Bool { given[option.declaration.name] != nil }

    /// The argument at a position, from 0; `nil` when the line ends before it.
    public func argument(_ index: Int) -> String? { arguments.indices.contains(index) ? arguments[index] : nil }
}
