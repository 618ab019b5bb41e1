internal import ConversationModel

/// One line of a draft: what the reader takes, and what a person reads beside it.
struct DraftLine {
    var code = ""
    var comment = ""

    init(_ code: String, _ comment: String = "") {
        self.code = code
        self.comment = comment
    }

    /// A line that only explains.
    static func note(_ text: String) -> DraftLine { DraftLine("", text) }
}

/// Lays lines out as JSON5: indented, comments in one column.
struct DraftText {
    private(set) var text = ""

    mutating func line(_ line: String = "") { text += line + "\n" }

    mutating func comment(_ words: String, indent: Int = 0) {
        line(String(repeating: " ", count: indent) + (words.isEmpty ? "//" : "// " + Self.safe(words)))
    }

    mutating func lines(_ lines: [DraftLine], indent: Int) {
        let blanks = String(repeating: " ", count: indent)
        let width = min(46, lines.filter { !$0.comment.isEmpty }.map(\.code.count).max() ?? 0)
        for line in lines {
            if line.code.isEmpty {
                comment(line.comment, indent: indent)
            } else if line.comment.isEmpty {
                self.line(blanks + line.code)
            } else {
                let gap = String(repeating: " ", count: max(2, width - line.code.count + 2))
                self.line(blanks + line.code + gap + "// " + Self.safe(line.comment))
            }
        }
    }

    /// An object under a key.
    mutating func object(_ key: String, _ lines: [DraftLine], indent: Int) {
        let blanks = String(repeating: " ", count: indent)
        line(blanks + key + ": {")
        self.lines(lines, indent: indent + 2)
        line(blanks + "},")
    }

    /// A text that stays on its line, whatever a source put into it.
    static func safe(_ text: String) -> String {
        var safe = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: safe += " "
            // Marks that turn the direction of what follows would make the line unreadable.
            case .format: break
            default: safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }

    /// A text from the source, shortened for a comment.
    static func short(_ text: String, _ limit: Int = 60) -> String {
        text.count > limit ? text.prefix(limit) + "..." : text
    }

    /// A text as JSON5 reads it back.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x2028 || scalar.value == 0x2029:
                let hex = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// A count with its noun: `1 conversation`, `1,204 conversations`.
    static func count(_ number: Int, _ noun: String) -> String {
        let plural = noun.hasSuffix("y") ? noun.dropLast() + "ies" : noun + "s"
        return "\(grouped(number)) \(number == 1 ? noun : String(plural))"
    }

    static func grouped(_ number: Int) -> String {
        var digits = String(number)
        var at = digits.count - 3
        while at > 0 {
            digits.insert(",", at: digits.index(digits.startIndex, offsetBy: at))
            at -= 3
        }
        return digits
    }
}
