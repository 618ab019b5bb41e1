/// Completions for zsh: one function a command, each a call of `_arguments`.
struct ZshCompletion {
    let tree: CommandTree

    var script: String {
        let function = "_" + Shell.identifier(tree.name)
        return """
            #compdef \(tree.name)
            # zsh completion for \(tree.name)
            \(function)_location() {
                if compset -P '*:'; then
                    _files
                else
                    compadd -S : -- \(tree.connectors.joined(separator: " "))
                fi
            }
            \(functions.joined(separator: "\n"))
            \(function)() {
            \(dispatch("", depth: 1))
            }
            if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
                \(function) "$@"
            else
                compdef \(function) \(tree.name)
            fi

            """
    }

    private func function(_ command: CommandSpec) -> String {
        "_\(Shell.identifier(tree.name))_\(Shell.identifier(command.name))"
    }

    private var functions: [String] {
        tree.allCommands.map { command in
            let specs = tree.options(of: command).map(spec) + arguments(of: command)
            return "\(function(command))() {\n    _arguments \\\n"
                + specs.map { "        " + $0 }.joined(separator: " \\\n") + "\n}"
        }
    }

    /// Offers the next words of a group, or hands on to the function of the command.
    private func dispatch(_ group: String, depth: Int) -> String {
        let pad = String(repeating: "    ", count: depth * 2 - 1)
        let members = tree.commands(in: group)
        var seen: Set<String> = []
        let words = members.compactMap { $0.words.dropFirst(depth - 1).first }.filter { seen.insert($0).inserted }
        let described = words.map { word in
            let name = group.isEmpty ? word : group + " " + word
            let summary = tree.allCommands.first { $0.name == name }?.summary ?? "a group of commands"
            return Shell.quoted(escaped(word, ":") + ":" + summary)
        }
        let branches = words.map { word in
            let name = group.isEmpty ? word : group + " " + word
            let inner = tree.commands(in: name)
            let command = tree.allCommands.first { $0.name == name }
            let body =
                inner.isEmpty
                ? pad + "        " + (command.map(function) ?? "_files") : dispatch(name, depth: depth + 1)
            return "\(pad)    \(word))\n\(body)\n\(pad)        ;;"
        }
        let options = (tree.commonOptions + (group.isEmpty ? [CommandTree.versionOption] : [])).map(spec)
        return """
            \(pad)if (( CURRENT == 2 )); then
            \(pad)    local -a commands=(\(described.joined(separator: " ")))
            \(pad)    if [[ $words[2] == -* ]]; then
            \(pad)        _arguments \(options.joined(separator: " "))
            \(pad)    else
            \(pad)        _describe -t commands command commands
            \(pad)    fi
            \(pad)    return
            \(pad)fi
            \(pad)shift words
            \(pad)(( CURRENT-- ))
            \(pad)case $words[1] in
            \(branches.joined(separator: "\n"))
            \(pad)    *) _files ;;
            \(pad)esac
            """
    }

    private func spec(_ option: OptionDeclaration) -> String {
        let help = "[" + escaped(option.help, "[]:") + "]"
        let value = option.valueName.map { ":\($0):" + action(option.completion) } ?? ""
        let mark = option.valueName == nil ? "" : "="
        let star = option.isRepeated ? "*" : ""
        guard let short = option.short else { return Shell.quoted(star + option.name + mark + help + value) }
        let exclusion = option.isRepeated ? "*" : "(\(short) \(option.name))"
        return Shell.quoted(exclusion) + "{\(short),\(option.name)\(mark)}" + Shell.quoted(help + value)
    }

    private func arguments(of command: CommandSpec) -> [String] {
        command.arguments.enumerated().map { index, argument in
            let position = argument.isRepeated ? "*" : (argument.isOptional ? "\(index + 1):" : "\(index + 1)")
            return Shell.quoted("\(position):\(argument.name):" + action(argument.completion))
        }
    }

    private func action(_ completion: Completion) -> String {
        switch completion {
        case .nothing: " "
        case .file: "_files"
        case .directory: "_files -/"
        case .location: "_\(Shell.identifier(tree.name))_location"
        case .names(let names): "(" + names.joined(separator: " ") + ")"
        }
    }

    private func escaped(_ text: String, _ marks: String) -> String {
        String(text.flatMap { marks.contains($0) || $0 == "\\" ? ["\\", $0] : [$0] })
    }
}
