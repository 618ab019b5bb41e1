import Glibc

/// Asks a person, one question at a time, on stderr; stdout stays free for data.
public struct Prompt: Sendable {
    private let read: @Sendable () -> String?
    private let write: @Sendable (String) -> Void

    /// Asks wherever `write` puts it.
    ///
    /// - Parameters:
    ///   - read: The next line of the answer, without its end; `nil` when there are no more.
    ///   - write: Takes the text.
    public init(read: @escaping @Sendable () -> String?, write: @escaping @Sendable (String) -> Void) {
        self.read = read
        self.write = write
    }

    /// Asks the person at this terminal; `nil` where nobody sits, or nobody wants to be asked.
    ///
    /// - Parameter isForbidden: Whether `--no-input` was given.
    /// - Returns: The prompt, or `nil`.
    public static func ofThisProcess(isForbidden: Bool) -> Prompt? {
        guard !isForbidden, isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else { return nil }
        return Prompt(read: { readLine() }, write: { Terminal.write($0, to: .messages) })
    }

    /// Says something without asking.
    public func say(_ text: String) { write(Terminal.safe(text, keepsLines: true) + "\n") }

    /// Asks for a text until it is accepted.
    ///
    /// - Parameters:
    ///   - question: The question, without its mark.
    ///   - fallback: What an empty answer means; `nil` asks again.
    ///   - check: What is wrong with an answer; `nil` accepts it.
    /// - Returns: The answer; `nil` when there are no more lines.
    public func ask(_ question: String, default fallback: String? = nil, check: (String) -> String? = { _ in nil })
        -> String?
    {
        while true {
            write(Terminal.safe(question) + (fallback.map { " [\(Terminal.safe($0))]" } ?? "") + "? ")
            guard let line = read() else {
                write("\n")
                return nil
            }
            let trimmed = Self.trimmed(line)
            let answer = trimmed.isEmpty ? fallback ?? "" : trimmed
            if answer.isEmpty { continue }
            guard let fault = check(answer) else { return answer }
            say("  " + fault)
        }
    }

    /// Asks for one of several things, by number or name.
    ///
    /// - Parameters:
    ///   - question: The question, without its mark.
    ///   - choices: Name and explanation of each.
    /// - Returns: Position of the choice; `nil` when there are no more lines.
    public func choose(_ question: String, among choices: [(name: String, explanation: String)]) -> Int? {
        let width = choices.map { DisplayText.width($0.name) }.max() ?? 0
        for (index, choice) in choices.enumerated() {
            let gap = String(repeating: " ", count: width - DisplayText.width(choice.name) + 2)
            say("  \(index + 1)  \(choice.name)\(gap)\(choice.explanation)")
        }
        func position(_ answer: String) -> Int? {
            if let number = Int(answer), choices.indices.contains(number - 1) { return number - 1 }
            return choices.firstIndex { $0.name == answer }
        }
        let answer = ask(question) { answer in
            guard position(answer) == nil else { return nil }
            return "'\(answer)' is none of them; type a number from 1 to \(choices.count), or a name"
        }
        return answer.flatMap(position)
    }

    /// Asks for yes or no.
    public func confirm(_ question: String, default fallback: Bool) -> Bool? {
        let words: [String: Bool] = ["y": true, "yes": true, "n": false, "no": false]
        let answer = ask(question, default: fallback ? "yes" : "no") { answer in
            words[answer.lowercased()] == nil ? "type yes or no" : nil
        }
        return answer.flatMap { words[$0.lowercased()] }
    }

    private static func trimmed(_ text: String) -> String {
        var text = Substring(text)
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
