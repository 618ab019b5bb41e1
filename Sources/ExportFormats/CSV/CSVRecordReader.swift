internal import Diagnostics

/// Reads CSV; every row becomes a flat object of strings under the names of the header.
///
/// A row with too few cells lacks the last members. A quote that is never closed takes the rest of the file with it: rows
/// made of what follows could be pieces of one long cell, so none are.
final class CSVRecordReader: RecordReader {
    private let name: String
    private let limits: ReadLimits
    private let window: InputWindow
    private var dialect: CSVDialect
    private let isDetecting: Bool
    private let columns: ColumnNames
    private let keepsEmptyCells: Bool
    private var output = OutputBytes(capacity: 2 << 20)
    private var parts = BatchParts()
    private var at = 0
    private var line = 1
    private var endsInReturn = false
    /// The row before could not be read for its quotes.
    private var isBehindFlaw = false
    private var isFinished = false
    private var needsFill = true
    /// `{"a":`, `,"b":` laid end to end, and where each begins; empty until the header was read.
    private var prefixes: [UInt8] = []
    private var offsets: [Int] = []

    init(
        _ source: UnicodeSource, name: String, dialect: CSVDialect?, columns: ColumnNames = ColumnNames(),
        keepsEmptyCells: Bool = true,
        limits: ReadLimits
    ) {
        self.name = name
        self.columns = columns
        self.keepsEmptyCells = keepsEmptyCells
        self.limits = limits
        self.dialect = dialect ?? CSVDialect()
        isDetecting = dialect == nil
        window = InputWindow(source, target: limits.batchBytes, offset: source.markBytes)
    }

    func nextBatch() throws -> RecordBatch? {
        if isFinished {
            if let failure = window.failure { throw failure }
            return nil
        }
        if needsFill { window.fill() }
        needsFill = false
        if offsets.isEmpty, try !readHeader() { return try nextBatch() }
        while true {
            readRows()
            if window.isAtEnd || isFinished {
                isFinished = true
                return parts.isEmpty ? try nextBatch() : parts.batch(name, output.handOver())
            }
            guard window.count - at <= limits.recordBytes else { throw tooLong() }
            window.advance(keeping: at)
            at = 0
            if output.count >= limits.batchBytes || parts.faults.count >= 256 {
                return parts.batch(name, output.handOver())
            }
        }
    }

    private func tooLong() -> MigrationError {
        isFinished = true
        return MigrationError(
            "source/malformed", recovery: .stopStream, place: Place(file: name, line: line, byte: window.offset + at),
            summary:
                "row is larger than \(limits.recordBytes) bytes, a quote is probably never closed; reading stopped here",
            hint: "look for a quote in this line that has no partner")
    }

    // MARK: header

    private func readHeader() throws -> Bool {
        var names: [String] = []
        while true {
            switch header(&names) {
            case .row:
                setColumns(names)
                return true
            case .needsMore where window.isAtEnd:
                isFinished = true
                return false
            case .needsMore:
                guard window.count <= limits.recordBytes else { throw tooLong() }
                window.advance(keeping: 0)
                at = 0
            case .openQuote(let place):
                isFinished = true
                throw MigrationError(
                    "source/malformed", recovery: .stopStream,
                    place: Place(file: name, line: lineOf(place), byte: window.offset + place),
                    summary: "the header opens a quote that is never closed; nothing of the file was read",
                    hint: "repair the first line")
            }
        }
    }

    private func header(_ names: inout [String]) -> CSVRow.Outcome {
        names = []
        line = 1
        var start = 0
        guard window.count >= 7 || window.isAtEnd else { return .needsMore }
        if let (delimiter, next) = CSVDialect.named(window.base, window.count) {
            dialect = CSVDialect(delimiter: delimiter, fallsBackToWindows1252: dialect.fallsBackToWindows1252)
            start = next
            line = 2
        } else {
            while start < window.count, window.base[start] == Byte.newline || window.base[start] == Byte.carriageReturn
            {
                if window.base[start] == Byte.newline { line += 1 }
                start += 1
            }
            if isDetecting { dialect = CSVDialect(delimiter: CSVDialect.detect(window.base, start, window.count)) }
        }
        guard start < window.count else { return .needsMore }
        var row = CSVRow(window.base, start, window.count, isAtEnd: window.isAtEnd, dialect: dialect)
        let outcome = row.texts(&names)
        guard outcome == .row else { return outcome }
        at = row.at
        countLines(from: start, to: row.at)
        return .row
    }

    private func setColumns(_ names: [String]) {
        var output = OutputBytes()
        for name in CSVHeader.unique(columns.names(CSVHeader.unique(names))) {
            offsets.append(output.count)
            output.put(output.count == 0 ? Byte.openBrace : Byte.comma)
            output.put(Byte.quote)
            var name = name
            name.withUTF8 { output.put(escaping: $0) }
            output.put("\":")
        }
        offsets.append(output.count)
        prefixes = Array(output.bytes)
    }

    // MARK: rows

    private func readRows() {
        prefixes.withUnsafeBufferPointer { prefixes in
            offsets.withUnsafeBufferPointer { offsets in
                guard let first = prefixes.baseAddress else { return }
                while at < window.count, readRow(first, offsets) {}
            }
        }
    }

    private func readRow(_ prefixes: UnsafePointer<UInt8>, _ offsets: UnsafeBufferPointer<Int>) -> Bool {
        if skipBlankLine() { return true }
        let start = output.count
        var row = CSVRow(window.base, at, window.count, isAtEnd: window.isAtEnd, dialect: dialect)
        switch row.read(prefixes: prefixes, offsets: offsets, keepsEmpty: keepsEmptyCells, into: &output) {
        case .needsMore:
            output.truncate(to: start)
            return false
        case .openQuote(let place):
            output.truncate(to: start)
            guard window.failure == nil else {
                at = window.count
                return false
            }
            let rows = ByteScan.newlines(window.base, at, window.count)
            parts.faults.append(
                RecordFault(
                    line: lineOf(place), byte: window.offset + place,
                    reason:
                        "a quote is opened here and never closed; the last \(rows + 1) lines of the file were left out",
                    skipped: window.count - at))
            at = window.count
            isFinished = true
            return false
        case .row:
            finish(row, from: start, columns: offsets.count - 1)
            return true
        }
    }

    @inline(__always)
    private func finish(_ row: CSVRow, from start: Int, columns: Int) {
        if row.flaw == nil, row.filledCells <= columns, !(isBehindFlaw && row.hasLooseQuote) {
            isBehindFlaw = false
            parts.records.append(
                RecordSpan(
                    offset: start, count: output.count &- start, line: line, byte: window.offset &+ at, path: 0))
        } else {
            reject(row, columns: columns)
            output.truncate(to: start)
        }
        countLines(from: at, to: row.at)
        at = row.at
    }

    @inline(never)
    private func reject(_ row: CSVRow, columns: Int) {
        let place = row.flaw?.at ?? at
        let isSurplus = row.filledCells > columns
        let reason =
            row.flaw?.reason
            ?? (isSurplus
                ? "row has \(row.cells) cells, the header \(columns)"
                : "a quote without a partner, probably the rest of the row before")
        isBehindFlaw = row.flaw != nil || isBehindFlaw
        parts.faults.append(
            RecordFault(line: lineOf(place), byte: window.offset + place, reason: reason, skipped: row.at - at))
    }

    private func skipBlankLine() -> Bool {
        let byte = window.base[at]
        guard byte == Byte.newline || byte == Byte.carriageReturn else { return false }
        countLines(from: at, to: at + 1)
        at += 1
        return true
    }

    private func lineOf(_ place: Int) -> Int { line + CSVHeader.lineEnds(window.base, at, place, false).count }

    private func countLines(from: Int, to: Int) {
        let (count, endsInReturn) = CSVHeader.lineEnds(window.base, from, to, endsInReturn)
        line &+= count
        self.endsInReturn = endsInReturn
    }
}

enum CSVHeader {
    /// Trims blanks and numbers repeated names: `Name`, `Name (2)`.
    static func unique(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.map { name in
            let trimmed = trim(name)
            var unique = trimmed
            var number = 2
            while !seen.insert(unique).inserted {
                unique = "\(trimmed) (\(number))"
                number += 1
            }
            return unique
        }
    }

    private static func trim(_ name: String) -> String {
        var text = Substring(name)
        while let first = text.unicodeScalars.first, first == " " || first == "\t" || first == "\u{FEFF}" {
            text.unicodeScalars.removeFirst()
        }
        while let last = text.unicodeScalars.last, last == " " || last == "\t" { text.unicodeScalars.removeLast() }
        return String(text)
    }

    /// Line ends of any kind: LF, CR, and CR LF as one, also across two calls.
    @inline(__always)
    static func lineEnds(
        _ base: UnsafePointer<UInt8>, _ from: Int, _ to: Int, _ afterReturn: Bool
    ) -> (count: Int, endsInReturn: Bool) {
        var count = 0
        var wasReturn = afterReturn
        for at in from..<max(from, to) {
            let byte = base[at]
            if byte == Byte.carriageReturn || (byte == Byte.newline && !wasReturn) { count &+= 1 }
            wasReturn = byte == Byte.carriageReturn
        }
        return (count, wasReturn)
    }
}
