/// An option, declared once; help, messages, suggestions and completions come from this declaration.
///
/// ```swift
/// static let limit = Option("--limit", "N", .integer(atLeast: 1), help: "stop after N conversations")    // Int?
/// static let share = Option("--share", "PART", .share, default: 0.5, help: "part of the rate limit")      // Double
/// static let mapping = Option("--mapping", "FILE", repeated: .file, help: "mapping file, layered")        // [String]
/// static let json = Option.flag("--json", help: "print one JSON object on stdout")                        // Bool
/// ```
/// A command line is read by ``CommandTree/parse(_:width:)``, a value then by `parsed[Options.limit]`.
public struct Option<Value: Sendable>: DeclaredOption {
    /// What help and completions need to know.
    public let declaration: OptionDeclaration
    /// The value of the texts given for the option, in order; `nil` when one of them is not a value.
    let read: @Sendable ([String]) -> Value?
    /// The value when the option is not given.
    let fallback: Value

    /// Declares an option with a default.
    ///
    /// - Parameters:
    ///   - name: With its dashes: `--state`.
    ///   - valueName: What stands for the value in help: `FILE`.
    ///   - format: How the text becomes a value.
    ///   - fallback: The value when the option is not given; help shows it.
    ///   - short: A one-letter form, with its dash: `-o`.
    ///   - help: One line, lower-case start, no full stop.
    public init(
        _ name: String, _ valueName: String, _ format: ValueFormat<Value>, default fallback: Value,
        short: String? = nil, help: String
    ) {
        let shown = format.print(fallback)
        declaration = OptionDeclaration(
            name: name, short: short, valueName: valueName, help: help, format: format, fallback: shown)
        read = { texts in texts.last.map { format.parse($0) } ?? fallback }
        self.fallback = fallback
    }

    /// Declares an option without a default: `nil` when it is not given.
    ///
    /// - Parameters:
    ///   - name: With its dashes: `--limit`.
    ///   - valueName: What stands for the value in help: `N`.
    ///   - format: How the text becomes a value.
    ///   - short: A one-letter form, with its dash: `-o`.
    ///   - help: One line, lower-case start, no full stop.
    public init<Wrapped: Sendable>(
        _ name: String, _ valueName: String, _ format: ValueFormat<Wrapped>, short: String? = nil, help: String
    ) where Value == Wrapped? {
        declaration = OptionDeclaration(name: name, short: short, valueName: valueName, help: help, format: format)
        read = { texts in
            guard let text = texts.last else { return .some(nil) }
            return format.parse(text).map { .some($0) }
        }
        fallback = nil
    }

    /// Declares an option that may be given several times; its values keep their order.
    ///
    /// - Parameters:
    ///   - name: With its dashes: `--mapping`.
    ///   - valueName: What stands for one value in help: `FILE`.
    ///   - format: How one text becomes a value.
    ///   - short: A one-letter form, with its dash: `-m`.
    ///   - help: One line, lower-case start, no full stop.
    public init<Element: Sendable>(
        _ name: String, _ valueName: String, repeated format: ValueFormat<Element>, short: String? = nil,
        help: String
    ) where Value == [Element] {
        declaration = OptionDeclaration(
            name: name, short: short, valueName: valueName, help: help, format: format, isRepeated: true)
        read = { texts in
            let values = texts.compactMap(format.parse)
            return values.count == texts.count ? values : nil
        }
        fallback = []
    }
}

extension Option where Value == Bool {
    /// Declares an option without a value: true when it is given.
    ///
    /// - Parameters:
    ///   - name: With its dashes: `--json`.
    ///   - short: A one-letter form, with its dash: `-q`.
    ///   - help: One line, lower-case start, no full stop.
    /// - Returns: The option.
    public static func flag(_ name: String, short: String? = nil, help: String) -> Self {
        Self(
            declaration: OptionDeclaration(flag: name, short: short, help: help), read: { !$0.isEmpty },
            fallback: false)
    }

    private init(declaration: OptionDeclaration, read: @escaping @Sendable ([String]) -> Bool?, fallback: Bool) {
        self.declaration = declaration
        self.read = read
        self.fallback = fallback
    }
}

/// Something that stands in a list of options, whatever the type of its value.
public protocol DeclaredOption: Sendable {
    /// What help and completions need to know.
    var declaration: OptionDeclaration { get }
}

/// An option without the type of its value: what help, messages and completions are made of.
public struct OptionDeclaration: Sendable {
    /// With its dashes: `--state`.
    public let name: String
    /// The one-letter form, with its dash.
    public let short: String?
    /// What stands for the value in help; `nil` for a flag.
    public let valueName: String?
    /// One line of help.
    public let help: String
    /// The default as help shows it.
    public let fallback: String?
    /// Whether it may be given several times.
    public let isRepeated: Bool
    /// What a shell may offer as value.
    public let completion: Completion
    /// What is accepted, as it stands in a message.
    let expected: String
    /// Whether a text is a value.
    let accepts: @Sendable (String) -> Bool

    /// The names it answers to.
    var names: [String] { [name] + (short.map { [$0] } ?? []) }

    init<Value: Sendable>(
        name: String, short: String?, valueName: String, help: String, format: ValueFormat<Value>,
        fallback: String? = nil, isRepeated: Bool = false
    ) {
        self.name = name
        self.short = short
        self.valueName = valueName
        self.help = help
        self.fallback = fallback
        self.isRepeated = isRepeated
        completion = format.completion
        expected = format.expected
        accepts = { format.parse($0) != nil }
    }

    init(flag name: String, short: String?, help: String) {
        self.name = name
        self.short = short
        self.help = help
        valueName = nil
        fallback = nil
        isRepeated = false
        completion = .nothing
        expected = ""
        accepts = { _ in false }
    }
}
