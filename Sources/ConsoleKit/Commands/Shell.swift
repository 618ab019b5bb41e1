/// A shell that completions can be printed for.
enum Shell: String, CaseIterable {
    case bash, zsh, fish

    static var names: [String] { allCases.map(\.rawValue) }

    /// A line that sets completions up for good.
    func installation(of program: String) -> String {
        switch self {
        case .bash: "\(program) completion bash > ~/.local/share/bash-completion/completions/\(program)"
        case .zsh: "\(program) completion zsh > \"${fpath[1]}/_\(program)\""
        case .fish: "\(program) completion fish > ~/.config/fish/completions/\(program).fish"
        }
    }

    /// The script, made of the declarations.
    func script(for tree: CommandTree) -> String {
        switch self {
        case .bash: BashCompletion(tree: tree).script
        case .zsh: ZshCompletion(tree: tree).script
        case .fish: FishCompletion(tree: tree).script
        }
    }

    /// A text as one word, in single quotes.
    static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }

    /// A name fit for a shell function.
    static func identifier(_ name: String) -> String {
        String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }
}
