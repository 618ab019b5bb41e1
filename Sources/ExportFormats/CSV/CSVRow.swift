/// Cuts one row of CSV, writing its cells as JSON strings on the way.
///
/// Eight bytes are copied at a time until one of them means something: the delimiter, a quote, a line end, an escape JSON
/// needs, or the start of a character beyond ASCII, which is checked.
struct CSVRow {
    enum Outcome: Equatable {
        /// The row was read up to its line end.
        case row
        /// The window ends inside the row, and the file does not.
        case needsMore
        /// The file ends inside a quoted cell, which was opened at this place.
        case openQuote(at: Int)
    }

    /// What is wrong with a row that could be cut.
    struct Flaw {
        let reason: String
        let at: Int
    }

    let base: UnsafePointer<UInt8>
    let end: Int
    let isAtEnd: Bool
    let dialect: CSVDialect
    /// Behind the row, after `.row`.
    private(set) var at: Int
    /// Cells seen.
    private(set) var cells = 0
    /// Index of the last cell that is not empty, plus one.
    private(set) var filledCells = 0
    private(set) var flaw: Flaw?
    /// A cell without quotes around it holds one: alone that is sloppy, behind a flawed row it is that row's rest.
    private(set) var hasLooseQuote = false

    init(_ base: UnsafePointer<UInt8>, _ at: Int, _ end: Int, isAtEnd: Bool, dialect: CSVDialect) {
        self.base = base
        self.at = at
        self.end = end
        self.isAtEnd = isAtEnd
        self.dialect = dialect
    }

    /// Reads the row as an object; `prefixes` are `{"a":` `,"b":` and so on, laid end to end.
    ///
    /// Where empty cells are left out the first stays, because its prefix opens the object.
    mutating func read(
        prefixes: UnsafePointer<UInt8>, offsets: UnsafeBufferPointer<Int>, keepsEmpty: Bool,
        into output: inout OutputBytes
    ) -> Outcome {
        let columns = offsets.count - 1
        while true {
            let isKnown = cells < columns
            let before = output.count
            if isKnown { output.put(prefixes + offsets[cells], offsets[cells + 1] - offsets[cells]) }
            let outcome = cell(into: &output)
            if outcome != .row { return outcome }
            if !isKnown || (!keepsEmpty && cells > 0 && filledCells <= cells) { output.truncate(to: before) }
            guard nextCell() else { break }
        }
        if cells == 0 { output.put(Byte.openBrace) }
        output.put(Byte.closeBrace)
        return isLineEndWhole() ? .row : .needsMore
    }

    /// Reads the row as texts, for the header.
    mutating func texts(_ texts: inout [String]) -> Outcome {
        var output = OutputBytes()
        while true {
            output.truncate(to: 0)
            let outcome = cell(into: &output)
            if outcome != .row { return outcome }
            texts.append(JSONSlice(output.base, 0, output.count).text)
            guard nextCell() else { break }
        }
        return isLineEndWhole() ? .row : .needsMore
    }

    /// Behind a cell: `true` moves behind the delimiter.
    @inline(__always)
    private mutating func nextCell() -> Bool {
        cells &+= 1
        guard at < end, base[at] == dialect.delimiter else { return false }
        at &+= 1
        return true
    }

    /// Moves behind CR, LF or both; `false` when the LF of a CR may still come.
    private mutating func isLineEndWhole() -> Bool {
        guard at < end else { return isAtEnd }
        if base[at] == Byte.carriageReturn {
            guard at + 1 < end || isAtEnd else { return false }
            at += 1
        }
        if at < end, base[at] == Byte.newline { at += 1 }
        return true
    }

    private mutating func cell(into output: inout OutputBytes) -> Outcome {
        guard at < end || isAtEnd else { return .needsMore }
        output.put(Byte.quote)
        let start = output.count
        let outcome: Outcome
        if at < end, base[at] == Byte.quote {
            outcome = quoted(into: &output)
        } else {
            outcome = run(stop: dialect.delimiter, isQuoted: false, into: &output) ? .row : .needsMore
        }
        if output.count > start { filledCells = cells + 1 }
        output.put(Byte.quote)
        return outcome
    }

    private mutating func quoted(into output: inout OutputBytes) -> Outcome {
        let opened = at
        at += 1
        while true {
            guard run(stop: Byte.quote, isQuoted: true, into: &output) else {
                return isAtEnd ? .openQuote(at: opened) : .needsMore
            }
            // On a quote: a second one stands for itself, anything else ends the cell.
            guard at + 1 < end || isAtEnd else { return .needsMore }
            at += 1
            if at < end, base[at] == Byte.quote {
                output.putEscape(Byte.quote)
                at += 1
                continue
            }
            var behind = at
            while behind < end, base[behind] == Byte.space { behind += 1 }
            guard behind < end || isAtEnd else { return .needsMore }
            let next = behind < end ? base[behind] : Byte.newline
            if next == dialect.delimiter || next == Byte.newline || next == Byte.carriageReturn {
                at = behind
                return .row
            }
            flaw = flaw ?? Flaw(reason: "text behind the closing quote of column \(cells + 1)", at: at)
            // The quote was meant as text when the line has another that ends the cell; else the line ends the row.
            guard let isText = closesLater() else { return .needsMore }
            guard isText else {
                return run(stop: dialect.delimiter, isQuoted: false, into: &output) ? .row : .needsMore
            }
            output.putEscape(Byte.quote)
        }
    }

    /// Whether a quote in the rest of the line stands before a delimiter or the line end; `nil` when the window ends first.
    private func closesLater() -> Bool? {
        var here = at
        var isBehindQuote = false
        while here < end {
            let byte = base[here]
            let isLineEnd = byte == Byte.newline || byte == Byte.carriageReturn
            if isBehindQuote, isLineEnd || byte == dialect.delimiter { return true }
            if isLineEnd { return false }
            isBehindQuote = byte == Byte.quote || (isBehindQuote && byte == Byte.space)
            here += 1
        }
        return isAtEnd ? isBehindQuote : nil
    }

    /// Copies text up to `stop`, or up to a line end outside quotes; `false` when the window ends first.
    @inline(__always)
    private mutating func run(stop: UInt8, isQuoted: Bool, into output: inout OutputBytes) -> Bool {
        let stops = Word.broadcast(stop)
        let quotes = Word.broadcast(Byte.quote)
        let slashes = Word.broadcast(Byte.backslash)
        let controls = Word.broadcast(0x20)
        var here = at
        while true {
            var length = output.count
            output.reserve(16)
            while here &+ 8 <= end {
                let word = Word.load(base + here)
                let hits =
                    Word.zeros(word ^ stops) | Word.zeros(word ^ quotes) | Word.zeros(word ^ slashes)
                    | ((word &- controls) & ~word & Word.highs) | (word & Word.highs)
                UnsafeMutableRawPointer(output.base + length).storeBytes(of: word.littleEndian, as: UInt64.self)
                let plain = Word.leading(hits)
                here &+= plain
                length &+= plain
                guard hits == 0 else { break }
                output.commit(length)
                output.reserve(16)
            }
            output.commit(length)
            guard here < end else {
                at = here
                return isAtEnd && !isQuoted
            }
            let byte = base[here]
            if byte == stop || (!isQuoted && (byte == Byte.newline || byte == Byte.carriageReturn)) {
                at = here
                return true
            }
            if byte < 0x80 {
                if byte == Byte.quote { hasLooseQuote = true }
                special(byte, here, into: &output)
                here &+= 1
            } else if !character(&here, into: &output) {
                at = here
                return false
            }
        }
    }

    @inline(__always)
    private mutating func special(_ byte: UInt8, _ here: Int, into output: inout OutputBytes) {
        if byte == 0 { flaw = flaw ?? Flaw(reason: "a NUL byte in column \(cells + 1)", at: here) }
        if byte < 0x20 || byte == Byte.quote || byte == Byte.backslash {
            output.putEscape(byte)
        } else {
            output.put(byte)
        }
    }

    /// Copies characters beyond ASCII, checked; `false` when the window ends inside one.
    private mutating func character(_ here: inout Int, into output: inout OutputBytes) -> Bool {
        while here < end, base[here] >= 0x80 {
            let length = UTF8Check.length(base, here, end)
            if length > 0 {
                output.put(base + here, length)
                here += length
                continue
            }
            if length < 0, !isAtEnd { return false }
            if dialect.fallsBackToWindows1252 {
                output.put(scalar: Windows1252.scalar(base[here]))
            } else {
                flaw = flaw ?? Flaw(reason: "bytes in column \(cells + 1) are not UTF-8", at: here)
            }
            here += 1
        }
        return true
    }
}

enum UTF8Check {
    /// Length of the character at a place; 0 when it is none, -1 when the bytes end inside it.
    static func length(_ base: UnsafePointer<UInt8>, _ at: Int, _ end: Int) -> Int {
        let first = base[at]
        let length =
            switch first {
            case ..<0x80: 1
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 0
            }
        guard length > 1 else { return length }
        guard at + 1 < end else { return -1 }
        let second = base[at + 1]
        let lowest: UInt8 = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80
        let highest: UInt8 = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF
        guard second >= lowest, second <= highest else { return 0 }
        for offset in 2..<max(length, 2) {
            guard at + offset < end else { return -1 }
            guard base[at + offset] & 0xC0 == 0x80 else { return 0 }
        }
        return length
    }
}

enum Windows1252 {
    private static let high: [UInt32] = [
        0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD,
        0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0xFFFD, 0x017E, 0x0178,
    ]

    static func scalar(_ byte: UInt8) -> UInt32 { 0x80..<0xA0 ~= byte ? high[Int(byte) - 0x80] : UInt32(byte) }
}
