import Diagnostics

/// Reads JSON5: JSON with comments, trailing commas, single quotes, bare keys and line continuations.
///
/// Beyond the format's own rules: a key that stands twice is an error, `Infinity` and `NaN` are refused, and nesting
/// ends at ``maximumDepth``. Grammar: <https://spec.json5.org>.
public enum JSON5 {
    /// How deep objects and lists may nest.
    public static let maximumDepth = 100

    /// Reads one JSON5 value that fills the whole text.
    ///
    /// - Parameters:
    ///   - bytes: The text in UTF-8, with or without a byte order mark.
    ///   - file: Name for messages.
    /// - Returns: The value with places.
    /// - Throws: `configuration/syntax` with file, line and column of the first fault.
    public static func parse(_ bytes: [UInt8], file: String) throws -> JSON5Node {
        do {
            return try parseLocating(bytes, file: file)
        } catch {
            throw MigrationError(
                "configuration/syntax", recovery: .fixConfiguration, place: error.mark.place, summary: error.summary,
                hint: error.hint)
        }
    }

    /// Reads one JSON5 value that fills the whole text, as ``parse(_:file:)-([UInt8],_)`` does.
    public static func parse(_ text: String, file: String) throws -> JSON5Node {
        try parse(Array(text.utf8), file: file)
    }

    static func parseLocating(_ bytes: [UInt8], file: String) throws(JSON5Fault) -> JSON5Node {
        if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) {
            throw JSON5Fault(
                mark: SourceMark(file: file, line: 1, column: 1), summary: "the file is UTF-16; expected UTF-8",
                hint: "save it as UTF-8")
        }
        var scanner = JSON5Scanner(bytes, file: file)
        if let bad = firstInvalidByte(in: bytes) {
            let byte = String(bytes[bad], radix: 16, uppercase: true)
            throw JSON5Fault(
                mark: scanner.mark(at: bad),
                summary: "byte \(bad) (0x\(byte)) is not UTF-8; expected a file in UTF-8", hint: "save it as UTF-8")
        }
        var parser = JSON5Parser(scanner: scanner)
        return try parser.document()
    }

    /// Offset of the first byte that is no part of well-formed UTF-8.
    private static func firstInvalidByte(in bytes: [UInt8]) -> Int? {
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var offset = 0
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { offset += UTF8.width(scalar) }
        return min(offset, bytes.count - 1)
    }
}

/// The first fault of a JSON5 text.
struct JSON5Fault: Error {
    let mark: SourceMark
    let summary: String
    var hint: String?
}

/// Recursive descent over the tokens of ``JSON5Scanner``.
struct JSON5Parser {
    var scanner: JSON5Scanner
    private var depth = 0

    init(scanner: JSON5Scanner) { self.scanner = scanner }

    mutating func document() throws(JSON5Fault) -> JSON5Node {
        try scanner.skipBlanks()
        let node = try value()
        try scanner.skipBlanks()
        guard scanner.isAtEnd else { throw scanner.unexpected(expected: "nothing more after the value") }
        return node
    }

    private mutating func value() throws(JSON5Fault) -> JSON5Node {
        let mark = scanner.mark()
        switch scanner.current {
        case UInt8(ascii: "{"): return JSON5Node(try object(from: mark), at: mark)
        case UInt8(ascii: "["): return JSON5Node(try array(from: mark), at: mark)
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return JSON5Node(.string(try scanner.string()), at: mark)
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            return JSON5Node(.number(try scanner.number()), at: mark)
        case _ where scanner.startsNumber: return JSON5Node(.number(try scanner.number()), at: mark)
        default: return JSON5Node(try word(at: mark), at: mark)
        }
    }

    private mutating func word(at mark: SourceMark) throws(JSON5Fault) -> JSON5Node.Value {
        guard scanner.startsIdentifier else { throw scanner.unexpected(expected: "a value") }
        let word = try scanner.identifier()
        switch word {
        case "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "Infinity", "NaN":
            throw JSON5Fault(mark: mark, summary: "found \(word); expected a finite number")
        default:
            let near = NearestName.of(word, among: ["null", "true", "false"])
            throw JSON5Fault(
                mark: mark, summary: "found '\(word)'; expected a value",
                hint: near.map { "did you mean \($0)?" } ?? "put quotes round text")
        }
    }

    private mutating func open(_ mark: SourceMark) throws(JSON5Fault) {
        depth += 1
        guard depth <= JSON5.maximumDepth else {
            throw JSON5Fault(mark: mark, summary: "nested more than \(JSON5.maximumDepth) deep; expected less")
        }
        scanner.advance()
        try scanner.skipBlanks()
    }

    private mutating func array(from mark: SourceMark) throws(JSON5Fault) -> JSON5Node.Value {
        try open(mark)
        var elements: [JSON5Node] = []
        while !scanner.take(UInt8(ascii: "]")) {
            try requireMore(of: "list", opened: mark)
            elements.append(try value())
            try separator(before: UInt8(ascii: "]"), of: "list", opened: mark)
        }
        depth -= 1
        return .array(elements)
    }

    private mutating func object(from mark: SourceMark) throws(JSON5Fault) -> JSON5Node.Value {
        try open(mark)
        var members: [JSON5Node.Member] = []
        var seen: [String: SourceMark] = [:]
        while !scanner.take(UInt8(ascii: "}")) {
            try requireMore(of: "object", opened: mark)
            let keyMark = scanner.mark()
            let key = try self.key()
            if let first = seen.updateValue(keyMark, forKey: key) {
                throw JSON5Fault(
                    mark: keyMark, summary: "key '\(key)' stands twice, first in line \(first.line); expected it once",
                    hint: "join the two or take one out")
            }
            try scanner.skipBlanks()
            guard scanner.take(UInt8(ascii: ":")) else { throw scanner.unexpected(expected: "':' after key '\(key)'") }
            try scanner.skipBlanks()
            members.append(JSON5Node.Member(key: key, keyMark: keyMark, node: try value()))
            try separator(before: UInt8(ascii: "}"), of: "object", opened: mark)
        }
        depth -= 1
        return .object(members)
    }

    private mutating func key() throws(JSON5Fault) -> String {
        if scanner.current == UInt8(ascii: "\"") || scanner.current == UInt8(ascii: "'") { return try scanner.string() }
        guard scanner.startsIdentifier else {
            throw scanner.unexpected(
                expected: "a key or '}'", hint: scanner.startsNumber ? "put quotes round keys that are numbers" : nil)
        }
        return try scanner.identifier()
    }

    private mutating func requireMore(of what: String, opened mark: SourceMark) throws(JSON5Fault) {
        guard scanner.isAtEnd else { return }
        let close = what == "list" ? "]" : "}"
        throw scanner.unexpected(expected: "'\(close)' for the \(what) opened in line \(mark.line)")
    }

    private mutating func separator(before close: UInt8, of what: String, opened mark: SourceMark) throws(JSON5Fault) {
        try scanner.skipBlanks()
        if scanner.take(UInt8(ascii: ",")) { return try scanner.skipBlanks() }
        try requireMore(of: what, opened: mark)
        guard scanner.current == close else {
            throw scanner.unexpected(expected: "',' or '\(Character(Unicode.Scalar(close)))'")
        }
    }
}
