/// How the text of an option becomes a value: what it accepts, what a shell may offer, how a default is shown.
public struct ValueFormat<Value: Sendable>: Sendable {
    /// What is accepted, as it stands in a message: `a whole number of at least 1`.
    let expected: String
    /// What a shell may offer.
    let completion: Completion
    /// The value, or `nil` when the text is not one.
    public let parse: @Sendable (String) -> Value?
    /// The text of a value, as help shows a default.
    let print: @Sendable (Value) -> String

    /// Creates a format that this module does not know.
    ///
    /// - Parameters:
    ///   - expected: What is accepted, to follow "is 'x', not": `a count or a share such as '50%'`.
    ///   - completion: What a shell may offer.
    ///   - parse: The value, or `nil` when the text is not one.
    ///   - print: The text of a value; reading it gives the value back.
    public init(
        expected: String, completion: Completion = .nothing, parse: @escaping @Sendable (String) -> Value?,
        print: @escaping @Sendable (Value) -> String
    ) {
        self.expected = expected
        self.completion = completion
        self.parse = parse
        self.print = print
    }
}

/// What a shell may offer where a value stands.
public enum Completion: Sendable, Equatable {
    /// Nothing: a number, a time, free text.
    case nothing
    /// Files and directories.
    case file
    /// Directories only.
    case directory
    /// `connector:path`; the connectors are those of ``CommandTree/connectors``.
    case location
    /// One of these words.
    case names([String])
}

extension ValueFormat where Value == String {
    /// Any text that is not empty.
    public static var text: Self { nonEmpty("text", .nothing) }
    /// The path of a file.
    public static var file: Self { nonEmpty("the path of a file", .file) }
    /// The path of a directory.
    public static var directory: Self { nonEmpty("the path of a directory", .directory) }
    /// A location, `connector:path`; whether it is one is not looked at here.
    public static var location: Self { nonEmpty("a location, 'connector:path'", .location) }

    /// One of some words.
    public static func name(among names: [String]) -> Self {
        Self(
            expected: "one of \(names.joined(separator: ", "))", completion: .names(names),
            parse: { names.contains($0) ? $0 : nil }, print: { $0 })
    }

    private static func nonEmpty(_ expected: String, _ completion: Completion) -> Self {
        Self(expected: expected, completion: completion, parse: { $0.isEmpty ? nil : $0 }, print: { $0 })
    }
}

extension ValueFormat where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    /// One of the cases of an enum, by raw value.
    public static func choice(of type: Value.Type = Value.self) -> Self {
        let names = Value.allCases.map(\.rawValue)
        return Self(
            expected: "one of \(names.joined(separator: ", "))", completion: .names(names),
            parse: { Value(rawValue: $0) }, print: { $0.rawValue })
    }
}

extension ValueFormat where Value == Int {
    /// A whole number of at least `least`.
    public static func integer(atLeast least: Int = 0) -> Self {
        integer(least...Int.max)
    }

    /// A whole number in a range.
    public static func integer(_ range: ClosedRange<Int>) -> Self {
        let expected =
            switch (range.lowerBound, range.upperBound) {
            case (.min, .max): "a whole number"
            case (let least, .max): "a whole number of at least \(least)"
            default: "a whole number from \(range.lowerBound) to \(range.upperBound)"
            }
        return Self(
            expected: expected, parse: { text in Int(text).flatMap { range.contains($0) ? $0 : nil } },
            print: { String($0) })
    }
}

extension ValueFormat where Value == Double {
    /// A number in a range, written in decimals.
    public static func number(_ range: ClosedRange<Double>) -> Self {
        Self(
            expected: "a number from \(plain(range.lowerBound)) to \(plain(range.upperBound))",
            parse: { text in decimal(text).flatMap { range.contains($0) ? $0 : nil } }, print: plain)
    }

    /// A share above 0 and up to 1, written `0.5` or `50%`.
    public static var share: Self {
        Self(
            expected: "a share above 0 and up to 1, such as '0.5' or '50%'",
            parse: { text in
                let value = text.hasSuffix("%") ? decimal(text.dropLast()).map { $0 / 100 } : decimal(text[...])
                return value.flatMap { $0 > 0 && $0 <= 1 ? $0 : nil }
            },
            print: plain)
    }

    /// `Double` alone would also take `inf`, `nan` and hexadecimal.
    private static func decimal(_ text: some StringProtocol) -> Double? {
        text.utf8.allSatisfy { (48...57).contains($0) || $0 == 46 || $0 == 45 || $0 == 43 } ? Double(String(text)) : nil
    }

    private static func plain(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }
}

extension ValueFormat where Value == Duration {
    /// A time span such as `15m`, `1h30m` or `250ms`.
    public static var duration: Self {
        Self(expected: "a time span such as '30s', '15m' or '1h30m'", parse: TimeSpan.parse, print: TimeSpan.text)
    }
}

extension ValueFormat where Value == UTCTime {
    /// A date or time in ISO 8601; without a zone it is UTC, without a time it is midnight.
    public static var time: Self {
        Self(
            expected: "a date or time such as '2026-03-31' or '2026-03-31T18:00Z'", parse: UTCTime.parse,
            print: \.text)
    }
}
