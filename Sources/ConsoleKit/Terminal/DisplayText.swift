/// Text measured in columns of a terminal.
public enum DisplayText {
    /// Columns a text takes: 2 for East Asian wide characters and emoji, 0 for combining marks, 1 for the rest.
    ///
    /// | text | columns |
    /// | --- | --- |
    /// | `abc` | 3 |
    /// | `日本` | 4 |
    /// | `e` with a combining accent | 1 |
    /// | a family joined of four emoji | 2 |
    public static func width(_ text: some StringProtocol) -> Int {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return text.reduce(0) { $0 + width($1) }
    }

    /// The beginning of a text that fits, with an ellipsis when something was cut.
    ///
    /// - Parameters:
    ///   - text: One line.
    ///   - columns: At least 1.
    ///   - ellipsis: What stands for the rest.
    /// - Returns: At most that many columns.
    public static func clipped(_ text: String, to columns: Int, ellipsis: String = "…") -> String {
        guard width(text) > columns else { return text }
        let room = columns - width(ellipsis)
        guard room > 0 else { return String(ellipsis.prefix(max(0, columns))) }
        var used = 0
        var result = ""
        for character in text {
            used += width(character)
            if used > room { break }
            result.append(character)
        }
        return result + ellipsis
    }

    /// Breaks a text at spaces; a word longer than a line stands alone.
    ///
    /// - Parameters:
    ///   - text: Paragraphs, parted by line ends that stay.
    ///   - columns: The longest line.
    ///   - indent: Spaces before each line.
    ///   - hanging: More spaces before each line but the first of a paragraph.
    /// - Returns: Lines without a line end behind the last.
    public static func wrapped(_ text: String, to columns: Int, indent: Int, hanging: Int = 0) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { paragraph in
            var lines: [String] = []
            var line = String(repeating: " ", count: indent)
            var isFresh = true
            for word in paragraph.split(separator: " ") {
                if !isFresh, width(line) + 1 + width(word) > columns {
                    lines.append(line)
                    line = String(repeating: " ", count: indent + hanging)
                    isFresh = true
                }
                line += isFresh ? String(word) : " " + word
                isFresh = false
            }
            return (isFresh ? lines : lines + [line]).joined(separator: "\n")
        }.joined(separator: "\n")
    }

    /// Columns of one character as a reader sees it.
    static func width(_ character: Character) -> Int {
        let scalars = character.unicodeScalars
        guard let first = scalars.first else { return 0 }
        if scalars.count > 1 {
            // U+FE0F asks for the emoji form; a joined sequence is one picture; two regional indicators are one flag.
            if scalars.contains("\u{FE0F}") || first.properties.isEmojiPresentation { return 2 }
        }
        return scalars.reduce(0) { $0 + width($1) }
    }

    private static func width(_ scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x300 { return scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) ? 0 : 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control, .lineSeparator, .paragraphSeparator: return 0
        default: break
        }
        // Vowels and finals of Hangul join the leading consonant before them.
        if (0x1160...0x11FF).contains(scalar.value) { return 0 }
        return isWide(scalar) ? 2 : 1
    }

    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.properties.isEmojiPresentation { return !(0x1F1E6...0x1F1FF).contains(scalar.value) }
        return wide.contains { $0.contains(scalar.value) }
    }

    /// East Asian Width W and F outside emoji, in blocks.
    ///
    /// Source: <https://www.unicode.org/reports/tr11/>.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
        0xA000...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,
        0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x20000...0x3FFFD,
    ]
}
