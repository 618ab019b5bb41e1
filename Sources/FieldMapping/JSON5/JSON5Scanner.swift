/// Bytes of a JSON5 text, cut into blanks, words, strings and numbers; counts lines and columns only when asked.
struct JSON5Scanner {
    private let bytes: [UInt8]
    private let file: String
    private(set) var at = 0
    /// The last place computed, so that places asked for in order cost one walk over the text.
    private var known: (byte: Int, line: Int, column: Int)

    /// `bytes` is well-formed UTF-8 by the time tokens are read.
    init(_ bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        at = start
        known = (start, 1, 1)
    }

    var isAtEnd: Bool { at >= bytes.count }
    var current: UInt8? { at < bytes.count ? bytes[at] : nil }
    var startsNumber: Bool { current.map { $0 &- UInt8(ascii: "0") < 10 } ?? false }

    private func byte(_ offset: Int) -> UInt8? { at + offset < bytes.count ? bytes[at + offset] : nil }

    mutating func advance() { at += 1 }

    mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        at += 1
        return true
    }

    mutating func mark() -> SourceMark { mark(at: at) }

    mutating func mark(at byte: Int) -> SourceMark {
        if byte < known.byte { known = (bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? min(3, byte) : 0, 1, 1) }
        while known.byte < byte {
            let next = bytes[known.byte]
            known.byte += 1
            let isCRLF = next == 13 && known.byte < bytes.count && bytes[known.byte] == 10
            if next == 10 || (next == 13 && !isCRLF) {
                known.line += 1
                known.column = 1
            } else if next & 0xC0 != 0x80 {
                known.column += 1
            }
        }
        return SourceMark(file: file, line: known.line, column: known.column)
    }

    mutating func unexpected(expected: String, hint: String? = nil) -> JSON5Fault {
        JSON5Fault(mark: mark(), summary: "found \(found); expected \(expected)", hint: hint)
    }

    private var found: String {
        guard let (scalar, _) = scalar() else { return "the end of the file" }
        if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) {
            return scalar == "\n" || scalar == "\r" ? "the end of the line" : "control character \(scalar.value)"
        }
        return "'\(Character(scalar))'"
    }

    /// The scalar here and its width in bytes.
    private func scalar() -> (Unicode.Scalar, Int)? {
        guard let first = current else { return nil }
        if first < 0x80 { return (Unicode.Scalar(first), 1) }
        let width = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        var value = UInt32(first) & (0xFF >> UInt32(width + 1))
        for offset in 1..<width { value = value << 6 | UInt32((byte(offset) ?? 0) & 0x3F) }
        return Unicode.Scalar(value).map { ($0, width) }
    }

    // MARK: Blanks and comments

    mutating func skipBlanks() throws(JSON5Fault) {
        while let byte = current {
            switch byte {
            case 9, 10, 11, 12, 13, 32: at += 1
            case UInt8(ascii: "/"): try skipComment()
            case 0x80...:
                guard let (scalar, width) = scalar(), Self.isBlank(scalar) else { return }
                at += width
            default: return
            }
        }
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xA0, 0xFEFF, 0x2028, 0x2029: true
        default: scalar.properties.generalCategory == .spaceSeparator
        }
    }

    private mutating func skipComment() throws(JSON5Fault) {
        let start = at
        switch byte(1) {
        case UInt8(ascii: "/"):
            while let byte = current, byte != 10, byte != 13, !isSeparatorScalar { at += 1 }
        case UInt8(ascii: "*"):
            at += 2
            while !isAtEnd, !(current == UInt8(ascii: "*") && byte(1) == UInt8(ascii: "/")) { at += 1 }
            guard !isAtEnd else {
                throw JSON5Fault(mark: mark(at: start), summary: "comment has no end; expected '*/'")
            }
            at += 2
        default: throw unexpected(expected: "a comment, '//' or '/*'")
        }
    }

    /// Whether a line or paragraph separator (U+2028, U+2029) stands here.
    private var isSeparatorScalar: Bool {
        current == 0xE2 && byte(1) == 0x80 && (byte(2) == 0xA8 || byte(2) == 0xA9)
    }

    // MARK: Bare words

    var startsIdentifier: Bool {
        guard let (scalar, _) = scalar() else { return false }
        return scalar == "\\" || Self.beginsName(scalar)
    }

    private static func beginsName(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "$" || scalar == "_" || scalar.properties.isIDStart
    }

    private static func continuesName(_ scalar: Unicode.Scalar) -> Bool {
        beginsName(scalar) || scalar.properties.isIDContinue || scalar == "\u{200C}" || scalar == "\u{200D}"
    }

    mutating func identifier() throws(JSON5Fault) -> String {
        var name = String.UnicodeScalarView()
        while let (scalar, width) = scalar() {
            if scalar == "\\" {
                let start = at
                at += 1
                guard take(UInt8(ascii: "u")) else { throw unexpected(expected: "'\\uXXXX' in a key without quotes") }
                let escaped = Unicode.Scalar(try hex(digits: 4))
                guard let escaped, name.isEmpty ? Self.beginsName(escaped) : Self.continuesName(escaped) else {
                    throw JSON5Fault(
                        mark: mark(at: start), summary: "found an escape that cannot stand in a key without quotes",
                        hint: "put quotes round the key")
                }
                name.append(escaped)
            } else {
                guard Self.continuesName(scalar) else { break }
                name.append(scalar)
                at += width
            }
        }
        return String(name)
    }

    mutating func hex(digits: Int) throws(JSON5Fault) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let digit = current.flatMap(Self.hexDigit) else {
                throw unexpected(expected: "\(digits) hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            at += 1
        }
        return value
    }

    static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    // MARK: Strings

    mutating func string() throws(JSON5Fault) -> String {
        let start = at
        let quote = bytes[at]
        at += 1
        var text: [UInt8] = []
        while let byte = current, byte != quote {
            switch byte {
            case 10, 13:
                throw JSON5Fault(
                    mark: mark(at: start), summary: "text has no end in its line; expected a closing quote",
                    hint: "close it, or end the line with '\\' to go on in the next")
            case UInt8(ascii: "\\"):
                at += 1
                try escape(into: &text)
            default:
                text.append(byte)
                at += 1
            }
        }
        guard take(quote) else {
            throw JSON5Fault(mark: mark(at: start), summary: "text has no end; expected a closing quote")
        }
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSON5Fault) {
        if isSeparatorScalar {
            at += 3
            return
        }
        guard let byte = current else { return }
        let simple: UInt8
        switch byte {
        case 10:
            at += 1
            return
        case 13:
            at += 1
            _ = take(10)
            return
        case UInt8(ascii: "b"): simple = 8
        case UInt8(ascii: "f"): simple = 12
        case UInt8(ascii: "n"): simple = 10
        case UInt8(ascii: "r"): simple = 13
        case UInt8(ascii: "t"): simple = 9
        case UInt8(ascii: "v"): simple = 11
        case UInt8(ascii: "x"), UInt8(ascii: "u"): return try codeEscape(into: &text)
        case UInt8(ascii: "0"):
            at += 1
            guard !startsNumber else { throw unexpected(expected: "no digit after '\\0'") }
            text.append(0)
            return
        case UInt8(ascii: "1")...UInt8(ascii: "9"): throw unexpected(expected: "an escape that is not a digit")
        default: simple = byte  // the lead byte of a longer character stands for itself; the others follow as they are
        }
        text.append(simple)
        at += 1
    }

    private mutating func codeEscape(into text: inout [UInt8]) throws(JSON5Fault) {
        let start = at - 1
        let width = current == UInt8(ascii: "x") ? 2 : 4
        at += 1
        var code = try hex(digits: width)
        if (0xD800..<0xDC00).contains(code), current == UInt8(ascii: "\\"), byte(1) == UInt8(ascii: "u") {
            at += 2
            let low = try hex(digits: 4)
            if (0xDC00..<0xE000).contains(low) { code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00) }
        }
        guard let scalar = Unicode.Scalar(code) else {
            throw JSON5Fault(mark: mark(at: start), summary: "half of a surrogate pair; expected both halves")
        }
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
}
