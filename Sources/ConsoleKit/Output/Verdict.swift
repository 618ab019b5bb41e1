public import Diagnostics

/// How it ended, in one sentence: the last line, where eyes go.
public struct Verdict: Sendable, Equatable {
    /// What the shell is told.
    public let exit: ExitCode
    /// One sentence, without private data.
    public let sentence: String

    /// Creates a verdict.
    public init(_ exit: ExitCode, _ sentence: String) {
        self.exit = exit
        self.sentence = sentence
    }

    /// The line for stderr, with its line end; green for well, yellow for done with something to look at, red else.
    public func line(for terminal: Terminal) -> String {
        let style: Style =
            switch exit {
            case .done, .changes: .good
            case .quarantined, .sourceIncomplete, .retryLater, .interrupted: .warn
            default: .bad
            }
        return terminal.styled(Terminal.safe(sentence), style, on: .messages) + "\n"
    }
}
