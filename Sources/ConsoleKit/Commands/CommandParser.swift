import Diagnostics

/// Reads a command line against the declarations; pure.
struct CommandParser {
    let tree: CommandTree

    func parse(_ arguments: [String], help: HelpText) throws(UsageError) -> CommandTree.Request {
        if arguments.isEmpty { return .show(help.overview) }
        let beforeEnd = arguments.prefix { $0 != "--" }
        let asksForHelp = beforeEnd.contains { CommandTree.help.names.contains($0) }

        let target = try findCommand(in: arguments, isForgiving: asksForHelp)
        if target.words.isEmpty {
            if asksForHelp { return .show(help.full) }
            if beforeEnd.contains(CommandTree.versionOption.name) { return .show(tree.versionText) }
            throw UsageError(
                "usage/missing-command", "no command is given", "'\(tree.name) help' lists the commands")
        }
        if target.words == ["help"] { return .show(try topic(arguments, target, help)) }
        let name = target.words.joined(separator: " ")
        if asksForHelp, let text = help.text(for: name) { return .show(text) }
        guard let command = target.command else { throw tree.missingCommand(in: name) }
        let parsed = try parse(arguments, command: command, skipping: target.positions)
        guard command.name == "completion" else { return .run(command, parsed) }
        guard let shell = Shell(rawValue: parsed.arguments[0]) else { throw tree.wrongShell(parsed.arguments[0]) }
        return .show(shell.script(for: tree))
    }

    /// Where the words of the command stand.
    private struct Target {
        var words: [String] = []
        var positions: Set<Int> = []
        var command: CommandSpec?
    }

    /// Finds the longest name of a command among the words that are neither options nor their values.
    private func findCommand(in arguments: [String], isForgiving: Bool) throws(UsageError) -> Target {
        let options = tree.allOptions
        var target = Target()
        var index = 0
        var optionsEnded = false
        while index < arguments.count {
            let word = arguments[index]
            if !optionsEnded, word == "--" {
                optionsEnded = true
            } else if !optionsEnded, isOption(word) {
                let name = String(word.prefix { $0 != "=" })
                if let option = options.first(where: { $0.names.contains(name) }) {
                    if option.valueName != nil, !word.contains("=") { index += 1 }
                } else if !isForgiving {
                    throw tree.unknownOption(name, of: target.command)
                }
            } else {
                let name = (target.words + [word]).joined(separator: " ")
                let command = tree.allCommands.first { $0.name == name }
                let goesOn = !tree.commands(in: name).isEmpty
                guard command != nil || goesOn else {
                    // A command that is also a group takes the word as its argument.
                    if target.command != nil { return target }
                    throw tree.unknownCommand(name, in: target.words.joined(separator: " "))
                }
                target.words.append(word)
                target.positions.insert(index)
                target.command = command
                if !goesOn { return target }
            }
            index += 1
        }
        return target
    }

    private func topic(_ arguments: [String], _ target: Target, _ help: HelpText) throws(UsageError) -> String {
        let words = arguments.enumerated().filter { !target.positions.contains($0.offset) && !isOption($0.element) }
        let name = words.map(\.element).joined(separator: " ")
        guard let text = help.text(for: name) else { throw tree.unknownCommand(name, in: "") }
        return text
    }

    private func parse(
        _ arguments: [String], command: CommandSpec, skipping positions: Set<Int>
    ) throws(UsageError) -> ParsedCommand {
        let options = tree.options(of: command)
        var given: [String: [String]] = [:]
        var plain: [String] = []
        var index = 0
        var optionsEnded = false
        while index < arguments.count {
            let word = arguments[index]
            index += 1
            if positions.contains(index - 1) { continue }
            guard !optionsEnded, isOption(word) else {
                plain.append(word)
                continue
            }
            if word == "--" {
                optionsEnded = true
                continue
            }
            let name = String(word.prefix { $0 != "=" })
            guard let option = options.first(where: { $0.names.contains(name) }) else {
                throw tree.unknownOption(name, of: command)
            }
            let attached = word.count > name.count ? String(word.dropFirst(name.count + 1)) : nil
            guard option.isRepeated || given[option.name] == nil else { throw tree.repeated(option) }
            if option.valueName == nil {
                if let attached { throw tree.superfluousValue(option, attached) }
                given[option.name] = [""]
                continue
            }
            let value: String
            if let attached {
                value = attached
            } else {
                value = try self.value(of: option, at: index, in: arguments)
                index += 1
            }
            guard option.accepts(value) else { throw tree.wrongValue(option, value) }
            given[option.name, default: []].append(value)
        }
        try check(plain, of: command)
        return ParsedCommand(arguments: plain, given: given)
    }

    /// The word behind an option, unless it is an option itself.
    private func value(
        of option: OptionDeclaration, at index: Int, in arguments: [String]
    ) throws(UsageError) -> String {
        guard arguments.indices.contains(index) else { throw tree.missingValue(option, before: nil) }
        let word = arguments[index]
        let isNegative = word.dropFirst().first.map { $0.isNumber } ?? false
        guard !isOption(word) || isNegative else { throw tree.missingValue(option, before: word) }
        return word
    }

    private func check(_ arguments: [String], of command: CommandSpec) throws(UsageError) {
        for (position, argument) in command.arguments.enumerated() {
            if position >= arguments.count {
                if argument.isOptional { break }
                throw tree.missing(argument.name, of: command)
            }
            if arguments[position].isEmpty { throw tree.emptyArgument(argument, of: command) }
        }
        let takesRest = command.arguments.last?.isRepeated ?? false
        if !takesRest, arguments.count > command.arguments.count {
            throw tree.superfluousArgument(arguments[command.arguments.count], of: command)
        }
    }

    /// A lone dash is an argument: by custom it means standard input or output.
    private func isOption(_ word: String) -> Bool { word.hasPrefix("-") && word != "-" }
}
