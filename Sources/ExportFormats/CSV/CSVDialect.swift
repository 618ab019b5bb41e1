/// How rows and cells stand in a CSV file.
public struct CSVDialect: Sendable, Hashable {
    /// The byte between cells: comma, semicolon, tab or bar.
    public let delimiter: UInt8
    /// Bytes that are not UTF-8 are read as Windows-1252 instead of being a fault.
    public let fallsBackToWindows1252: Bool

    /// Creates a dialect; quotes are always `"`, doubled inside a cell.
    public init(delimiter: Character = ",", fallsBackToWindows1252: Bool = false) {
        self.delimiter = delimiter.asciiValue ?? Byte.comma
        self.fallsBackToWindows1252 = fallsBackToWindows1252
    }

    init(delimiter: UInt8, fallsBackToWindows1252: Bool = false) {
        self.delimiter = delimiter
        self.fallsBackToWindows1252 = fallsBackToWindows1252
    }

    static let delimiters: [UInt8] = [Byte.comma, UInt8(ascii: ";"), Byte.tab, UInt8(ascii: "|")]

    /// The delimiter that stands most often in the first line outside quotes; the comma where none does.
    static func detect(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> UInt8 {
        var counts = [Int](repeating: 0, count: delimiters.count)
        var isQuoted = false
        for at in start..<end {
            let byte = base[at]
            if byte == Byte.quote { isQuoted.toggle() }
            guard !isQuoted else { continue }
            if byte == Byte.newline || byte == Byte.carriageReturn { break }
            if let index = delimiters.firstIndex(of: byte) { counts[index] += 1 }
        }
        let most = counts.max() ?? 0
        return most > 0 ? delimiters[counts.firstIndex(of: most) ?? 0] : Byte.comma
    }

    /// The delimiter a first line `sep=;` names, and the place behind that line.
    static func named(_ base: UnsafePointer<UInt8>, _ end: Int) -> (delimiter: UInt8, next: Int)? {
        guard end >= 5, "sep=".utf8.elementsEqual((0..<4).map { base[$0] | ($0 < 3 ? 0x20 : 0) }) else { return nil }
        var at = 5
        if at < end, base[at] == Byte.carriageReturn { at += 1 }
        if at < end, base[at] == Byte.newline { at += 1 }
        return at > 5 || at == end ? (base[4], at) : nil
    }
}
