/// Completions for fish: one `complete` line an option, bound to its command by a condition.
struct FishCompletion {
    let tree: CommandTree

    var script: String {
        let name = tree.name
        let function = "__" + Shell.identifier(name)
        let head = """
            # fish completion for \(name)
            function \(function)_words
                for word in (commandline -opc)[2..-1]
                    string match -q -- '-*' $word; or echo $word
                end
            end
            function \(function)_at
                set -l words (\(function)_words)
                test "$words" = "$argv[1]"
            end
            function \(function)_in
                set -l words (\(function)_words)
                set -l wanted (string split ' ' -- $argv[1])
                set -l length (count $wanted)
                test (count $words) -ge $length; or return 1
                test "$words[1..$length]" = "$argv[1]"
            end
            function \(function)_location
                set -l token (commandline -ct)
                if string match -q -- '*:*' $token
                    set -l parts (string split -m 1 : -- $token)
                    for path in (__fish_complete_path $parts[2])
                        echo $parts[1]:$path
                    end
                else
                    printf '%s:\\n' \(tree.connectors.joined(separator: " "))
                end
            end
            complete -c \(name) -f
            """
        return ([head] + words + tree.allCommands.flatMap(lines)).joined(separator: "\n") + "\n"
    }

    private func condition(_ suffix: String, _ words: String) -> String {
        "complete -c \(tree.name) -n \"__\(Shell.identifier(tree.name))_\(suffix) '\(words)'\""
    }

    /// First and second words of commands.
    private var words: [String] {
        let top = tree.topics.map { topic in
            let summary = tree.allCommands.first { $0.name == topic }?.summary ?? "a group of commands"
            return "\(condition("at", "")) -a \(topic) -d \(quoted(summary))"
        }
        let nested = tree.allCommands.filter { $0.words.count > 1 }.map { command in
            let group = command.words.dropLast().joined(separator: " ")
            return "\(condition("at", group)) -a \(command.words.last ?? "") -d \(quoted(command.summary))"
        }
        let common = (tree.commonOptions + [CommandTree.versionOption]).map { condition("at", "") + spec($0) }
        return top + nested + common
    }

    private func lines(_ command: CommandSpec) -> [String] {
        let options = tree.options(of: command).map { condition("in", command.name) + spec($0) }
        let arguments = command.arguments.compactMap { argument in
            action(argument.completion).map { condition("in", command.name) + " " + $0 }
        }
        return options + arguments
    }

    private func spec(_ option: OptionDeclaration) -> String {
        let short = option.short.map { " -s " + $0.dropFirst() } ?? ""
        let value = option.valueName == nil ? "" : (action(option.completion).map { " -r " + $0 } ?? " -x")
        return "\(short) -l \(option.name.dropFirst(2))\(value) -d \(quoted(option.help))"
    }

    private func action(_ completion: Completion) -> String? {
        switch completion {
        case .nothing: nil
        case .file: "-F"
        case .directory: "-f -a '(__fish_complete_directories)'"
        case .location: "-f -a '(__\(Shell.identifier(tree.name))_location)'"
        case .names(let names): "-f -a " + quoted(names.joined(separator: " "))
        }
    }

    private func quoted(_ text: String) -> String {
        "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }
}
