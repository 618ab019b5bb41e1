/// Rows of comma-separated values for spreadsheets: a byte order mark so that accents come out right, quoted where
/// needed, and no cell that a spreadsheet would take for a formula.
struct CSVText {
    private(set) var text = "\u{FEFF}"

    init(_ titles: [String]) { add(titles) }

    mutating func add(_ cells: [String]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { text += "," }
            text += Self.cell(cell)
        }
        text += "\r\n"
    }

    /// Whether enough was added to be written away.
    var isLarge: Bool { text.utf8.count > 1 << 16 }

    /// Hands out what was added since the last time.
    mutating func take() -> String {
        defer { text = "" }
        return text
    }

    /// A cell; an apostrophe in front keeps a spreadsheet from running it.
    ///
    /// Numbers stay numbers: `-3` is no formula. White space before the sign does not hide it.
    static func cell(_ text: String) -> String {
        let safe = startsLikeFormula(text) ? "'" + text : text
        guard safe.utf8.contains(where: { [0x2C, 0x22, 0x0D, 0x0A].contains($0) }) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }

    private static func startsLikeFormula(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first else { return false }
        if first == "\t" || first == "\r" || first == "\n" { return true }
        let sign = text.unicodeScalars.first { !$0.properties.isWhitespace && $0 != "\u{FEFF}" && $0 != "\u{200B}" }
        // Full-width forms of the signs are taken for them by some spreadsheets.
        guard let sign, "=+-@＝＋－＠".unicodeScalars.contains(sign) else { return false }
        return !(first == "-" && Double(text) != nil)
    }
}
