import Diagnostics

/// Renders help from the declarations: examples first, common options last.
struct HelpText {
    let tree: CommandTree
    let width: Int

    init(tree: CommandTree, width: Int) {
        self.tree = tree
        self.width = min(max(width, 50), 100)
    }

    /// Help for a command, a group or (empty name) the whole program; `nil` when there is none.
    func text(for name: String) -> String? {
        if name.isEmpty { return full }
        if let command = tree.allCommands.first(where: { $0.name == name }) { return text(of: command) }
        let members = tree.commands(in: name)
        return members.isEmpty ? nil : group(name, members)
    }

    /// What the bare program prints.
    var overview: String {
        joined([
            wrapped("\(tree.name) - \(tree.summary)"),
            examples(tree.examples),
            list("Commands:", commandRows(tree.commands)),
            wrapped("'\(tree.name) help COMMAND' explains a command, '\(tree.name) --help' shows more."),
            tree.footer.map(wrapped) ?? "",
        ])
    }

    /// What `--help` without a command prints.
    var full: String {
        joined([
            wrapped("\(tree.name) - \(tree.summary)"),
            examples(tree.examples),
            wrapped("Usage: \(tree.name) COMMAND [arguments] [options]", hanging: 7),
            list("Commands:", commandRows(tree.allCommands)),
            list("Exit codes:", ExitCode.allCases.map { (String($0.rawValue), $0.meaning) }),
            list("Common options:", (tree.commonOptions + [CommandTree.versionOption]).map(row)),
            tree.footer.map(wrapped) ?? "",
        ])
    }

    private func text(of command: CommandSpec) -> String {
        let own = Set(command.options.map(\.name))
        return joined([
            wrapped("\(tree.name) \(command.name) - \(command.summary)"),
            examples(command.examples),
            wrapped("Usage: " + tree.usage(of: command), hanging: 7),
            wrapped(command.discussion ?? ""),
            list("Arguments:", command.arguments.map { ($0.usage, $0.help) }),
            list("Options:", command.options.map(row)),
            list("Exit codes:", command.exits.map { (String($0.rawValue), $0.meaning) }),
            list("Common options:", tree.commonOptions.filter { !own.contains($0.name) }.map(row)),
        ])
    }

    private func group(_ name: String, _ members: [CommandSpec]) -> String {
        joined([
            examples(members.flatMap { $0.examples.prefix(1) }),
            wrapped("Usage: \(tree.name) \(name) COMMAND [arguments] [options]", hanging: 7),
            list("Commands:", commandRows(members)),
        ])
    }

    private func commandRows(_ commands: [CommandSpec]) -> [(String, String)] {
        commands.map { ($0.name, $0.summary) }
    }

    private func row(_ option: OptionDeclaration) -> (String, String) {
        let term = (option.short.map { $0 + ", " } ?? "    ") + option.name + (option.valueName.map { " " + $0 } ?? "")
        var notes: [String] = []
        if case .names(let names) = option.completion { notes.append("one of " + names.joined(separator: ", ")) }
        if let fallback = option.fallback { notes.append("default \(fallback)") }
        if option.isRepeated { notes.append("may be repeated") }
        return (term, option.help + (notes.isEmpty ? "" : " (" + notes.joined(separator: "; ") + ")"))
    }

    private func examples(_ examples: [CommandSpec.Example]) -> String {
        guard !examples.isEmpty else { return "" }
        let entries = examples.map { example in
            // A line to copy is never wrapped: half of it would run.
            "  \(example.line)\n" + DisplayText.wrapped(example.explanation, to: width, indent: 6)
        }
        return "Examples:\n" + entries.joined(separator: "\n")
    }

    /// Terms on the left, explanations on the right; a long term has its explanation below.
    private func list(_ title: String, _ rows: [(term: String, text: String)]) -> String {
        guard !rows.isEmpty else { return "" }
        let column = min(rows.map { DisplayText.width($0.term) }.max() ?? 0, 26) + 4
        let lines = rows.map { row in
            let text = DisplayText.wrapped(row.text, to: width, indent: column)
            let term = "  " + row.term
            guard DisplayText.width(term) <= column - 2 else { return term + "\n" + text }
            return term + text.dropFirst(DisplayText.width(term))
        }
        return title + "\n" + lines.joined(separator: "\n")
    }

    private func wrapped(_ text: String) -> String { wrapped(text, hanging: 0) }

    private func wrapped(_ text: String, hanging: Int) -> String {
        DisplayText.wrapped(text, to: width, indent: 0, hanging: hanging)
    }

    private func joined(_ parts: [String]) -> String {
        parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }
}
