import ConversationModel

/// What spreadsheets do to a table's bytes and dates, undone.
enum TableText {
    /// The text of a table, without a byte order mark.
    ///
    /// - Parameter bytes: UTF-8; UTF-16 with a byte order mark, as a spreadsheet's "Unicode text" is; anything else is
    ///   taken for Windows-1252.
    /// - Returns: The text, and whether its letters are certain: in Windows-1252 only plain ones are.
    static func decode(_ bytes: [UInt8]) -> (text: String, isCertain: Bool)? {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            let isLittle = bytes[0] == 0xFF
            guard bytes.count % 2 == 0 else { return nil }
            var units: [UInt16] = []
            for at in stride(from: 2, to: bytes.count, by: 2) {
                let (high, low) = isLittle ? (bytes[at + 1], bytes[at]) : (bytes[at], bytes[at + 1])
                units.append(UInt16(high) << 8 | UInt16(low))
            }
            return String(validating: units, as: UTF16.self).map { ($0, true) }
        }
        if var text = String(validating: bytes, as: UTF8.self) {
            if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
            return (text, true)
        }
        // Bytes 0x80 to 0x9F differ from Latin-1, but none of them may decide anything.
        guard !bytes.contains(0) else { return nil }
        var scalars = String.UnicodeScalarView()
        for byte in bytes { scalars.append(Unicode.Scalar(byte)) }
        return (String(scalars), false)
    }

    /// A day or moment: ISO 8601, or `31.01.2024` as spreadsheets of many countries write it.
    ///
    /// Forms with slashes are not read: which number is the month depends on who wrote them.
    static func moment(_ text: String) -> Instant? {
        if let moment = Instant(text) { return moment }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[2].count == 4, (1...2).contains(parts[0].count), (1...2).contains(parts[1].count),
            parts.allSatisfy({ $0.allSatisfy(\.isASCII) })
        else { return nil }
        func two(_ digits: Substring) -> String { digits.count == 1 ? "0" + digits : String(digits) }
        return Instant("\(parts[2])-\(two(parts[1]))-\(two(parts[0]))")
    }
}
