/// A JSON value to be printed: keys keep their order, the same value gives the same bytes.
///
/// ```swift
/// let object: JSONText = ["command": "plan", "exit": 0, "losses": []]
/// print(object.pretty)
/// ```
public enum JSONText: Sendable, Equatable {
    /// A key and its value.
    public struct Member: Sendable, Equatable {
        /// The key.
        public let key: String
        /// Its value.
        public let value: JSONText

        /// Creates a member.
        public init(_ key: String, _ value: JSONText) {
            self.key = key
            self.value = value
        }
    }

    /// Text.
    case string(String)
    /// A whole number.
    case integer(Int)
    /// A number; what is not finite is printed as null, for JSON has no word for it.
    case number(Double)
    /// True or false.
    case boolean(Bool)
    /// Nothing.
    case null
    /// Values in order.
    case array([JSONText])
    /// Members in order.
    case object([Member])

    /// An object of the members that have a value.
    public static func members(_ members: [(String, JSONText?)]) -> JSONText {
        .object(members.compactMap { key, value in value.map { Member(key, $0) } })
    }

    /// Text with two spaces a level and a line end; empty lists and objects stay on one line.
    public var pretty: String {
        var text = ""
        write(into: &text, indent: "\n")
        return text + "\n"
    }

    /// Text on one line, without a line end.
    public var compact: String {
        var text = ""
        write(into: &text, indent: nil)
        return text
    }

    /// `indent` is the line end and the spaces of the level the value stands on; `nil` keeps all on one line.
    private func write(into text: inout String, indent: String?) {
        switch self {
        case .string(let value): Self.write(value, into: &text)
        case .integer(let value): text += String(value)
        case .number(let value): text += value.isFinite ? String(value) : "null"
        case .boolean(let value): text += value ? "true" : "false"
        case .null: text += "null"
        case .array(let values):
            Self.write(values, "[", "]", into: &text, indent: indent) { value, text, inner in
                value.write(into: &text, indent: inner)
            }
        case .object(let members):
            Self.write(members, "{", "}", into: &text, indent: indent) { member, text, inner in
                Self.write(member.key, into: &text)
                text += inner == nil ? ":" : ": "
                member.value.write(into: &text, indent: inner)
            }
        }
    }

    private static func write<Item>(
        _ items: [Item], _ open: String, _ close: String, into text: inout String, indent: String?,
        each: (Item, inout String, String?) -> Void
    ) {
        let inner = indent.map { $0 + "  " }
        text += open
        for (index, item) in items.enumerated() {
            text += (index > 0 ? "," : "") + (inner ?? "")
            each(item, &text, inner)
        }
        if !items.isEmpty, let indent { text += indent }
        text += close
    }

    /// Beyond what JSON asks for, all that would steer a terminal is escaped too: output is often looked at there.
    private static func write(_ value: String, into text: inout String) {
        var result = "\"".unicodeScalars
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": result.append(contentsOf: "\\\"".unicodeScalars)
            case "\\": result.append(contentsOf: "\\\\".unicodeScalars)
            case "\n": result.append(contentsOf: "\\n".unicodeScalars)
            case "\r": result.append(contentsOf: "\\r".unicodeScalars)
            case "\t": result.append(contentsOf: "\\t".unicodeScalars)
            case _ where Terminal.isSteering(scalar):
                let digits = String(scalar.value, radix: 16)
                let zeros = String(repeating: "0", count: 4 - digits.count)
                result.append(contentsOf: "\\u\(zeros)\(digits)".unicodeScalars)
            default: result.append(scalar)
            }
        }
        result.append("\"")
        text.unicodeScalars.append(contentsOf: result)
    }
}

extension JSONText: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    /// Text written in code.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A whole number written in code.
    public init(integerLiteral value: Int) { self = .integer(value) }
    /// A number written in code.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// True or false written in code.
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    /// Null written in code.
    public init(nilLiteral: ()) { self = .null }
    /// A list written in code.
    public init(arrayLiteral elements: JSONText...) { self = .array(elements) }
    /// An object written in code; its keys keep their order.
    public init(dictionaryLiteral elements: (String, JSONText)...) { self = .object(elements.map { Member($0, $1) }) }
}
