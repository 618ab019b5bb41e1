/// Completions for bash 3.2 and later.
///
/// bash splits words at `:` and `=`, which locations and `--name=value` are full of, so the script looks at the line
/// itself and answers with what follows the last of these marks.
struct BashCompletion {
    let tree: CommandTree

    var script: String {
        let function = "_" + Shell.identifier(tree.name)
        let valued = tree.allOptions.filter { $0.valueName != nil }.flatMap(\.names)
        return """
            # bash completion for \(tree.name)
            \(function)() {
                local line=${COMP_LINE:0:COMP_POINT} current previous='' command='' kind='' prefix='' word name
                local -a given=()
                local skip=0 position=0
                read -ra given <<< "$line"
                [[ $line == *[[:space:]] ]] && given+=('')
                current=${given[${#given[@]}-1]}
                COMPREPLY=()
                for word in "${given[@]:1:${#given[@]}-2}"; do
                    previous=$word
                    if (( skip )); then skip=0; continue; fi
                    case $word in
                        \(pattern(valued))) skip=1 ;;
                        -*) ;;
                        *)
                            name=${command:+$command }$word
                            case $name in
                                \(pattern(names))) command=$name; position=0 ;;
                                *) position=$((position + 1)) ;;
                            esac ;;
                    esac
                done
                if [[ $current == -*=* ]]; then
                    previous=${current%%=*}
                    current=${current#*=}
                    skip=1
                fi
                if (( skip )); then
                    case "$command $previous" in
            \(valueCases)
                    esac
                elif [[ $current == -* ]]; then
                    case $command in
            \(optionCases)
                    esac
                else
                    case "$command/$position" in
            \(argumentCases)
                    esac
                fi
                if [[ $kind == location ]]; then
                    if [[ $current == *:* ]]; then
                        [[ $COMP_WORDBREAKS == *:* ]] || prefix=${current%%:*}:
                        current=${current#*:}
                        kind=file
                    else
                        kind='names \(tree.connectors.map { $0 + ":" }.joined(separator: " "))'
                        compopt -o nospace 2>/dev/null
                    fi
                fi
                case $kind in
                    names*) COMPREPLY=($(compgen -W "${kind#names}" -- "$current")) ;;
                    file)
                        compopt -o filenames 2>/dev/null
                        while IFS= read -r word; do COMPREPLY+=("$prefix$word"); done < <(compgen -f -- "$current") ;;
                    directory)
                        compopt -o filenames 2>/dev/null
                        while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -d -- "$current") ;;
                esac
            }
            complete -F \(function) \(tree.name)

            """
    }

    /// Names of commands and of groups.
    private var names: [String] { tree.allCommands.map(\.name) + groups }

    private var groups: [String] { tree.topics.filter { topic in !tree.commands(in: topic).isEmpty } }

    private func pattern(_ words: [String]) -> String {
        words.map { $0.contains(" ") ? Shell.quoted($0) : $0 }.joined(separator: "|")
    }

    private func kind(_ completion: Completion) -> String? {
        switch completion {
        case .nothing: nil
        case .file: "file"
        case .directory: "directory"
        case .location: "location"
        case .names(let names): "names " + names.joined(separator: " ")
        }
    }

    private func branch(_ pattern: String, _ kind: String) -> String {
        "            \(pattern)) kind=\(Shell.quoted(kind)) ;;"
    }

    private var valueCases: String {
        let own = tree.commands.flatMap { command in
            tree.options(of: command).compactMap { option -> String? in
                guard option.valueName != nil, let kind = kind(option.completion) else { return nil }
                return branch(pattern(option.names.map { "\(command.name) \($0)" }), kind)
            }
        }
        return (own.isEmpty ? ["            *) ;;"] : own).joined(separator: "\n")
    }

    private var optionCases: String {
        let own = tree.allCommands.map { command in
            let names = tree.options(of: command).flatMap(\.names)
            return branch(Shell.quoted(command.name), "names " + names.joined(separator: " "))
        }
        let common = (tree.commonOptions + [CommandTree.versionOption]).flatMap(\.names)
        return (own + [branch("*", "names " + common.joined(separator: " "))]).joined(separator: "\n")
    }

    private var argumentCases: String {
        var lines = [branch("'/0'", "names " + tree.topics.joined(separator: " "))]
        for group in groups {
            let next = tree.commands(in: group).compactMap { $0.words.dropFirst().first }
            lines.append(branch("'\(group)/0'", "names " + next.joined(separator: " ")))
        }
        for command in tree.allCommands {
            for (index, argument) in command.arguments.enumerated() {
                guard let kind = kind(argument.completion) else { continue }
                let position = argument.isRepeated ? "'\(command.name)/'*" : "'\(command.name)/\(index)'"
                lines.append(branch(position, kind))
            }
        }
        return lines.joined(separator: "\n")
    }
}
