internal import Diagnostics
internal import Glibc

/// Which columns a CSV file gets, and how.
public struct CSVLayout: Sendable, Hashable {
    /// Columns in order.
    public let columns: [String]
    /// Names beyond these become columns behind them, in the order they first appear.
    ///
    /// The records then wait in a temporary file until the header is known.
    public let discoversColumns: Bool
    /// The byte between cells.
    public let dialect: CSVDialect

    /// Creates a layout.
    public init(_ columns: [String], discoversColumns: Bool = false, dialect: CSVDialect = CSVDialect()) {
        self.columns = columns
        self.discoversColumns = discoversColumns
        self.dialect = dialect
    }
}

/// Writes flat objects as rows: minimal quotes, CR LF, nested values as compact JSON, absent and null as empty cells.
final class CSVRecordWriter: RecordWriter {
    private let sink: any ByteSink
    private let layout: CSVLayout
    private var columns: [String]
    private var index: [[UInt8]: Int] = [:]
    private var summary = WriterSummary()
    private var row = OutputBytes()
    private var cells: [(isText: Bool, value: JSONSlice)?] = []
    private var unescaped = OutputBytes()
    private let spool: UnsafeMutablePointer<FILE>?

    init(_ sink: any ByteSink, _ layout: CSVLayout) throws {
        self.sink = sink
        self.layout = layout
        columns = layout.columns
        for (place, name) in columns.enumerated() { index[Array(name.utf8)] = place }
        spool = layout.discoversColumns ? tmpfile() : nil
        if !layout.discoversColumns {
            try writeHeader()
        } else if spool == nil {
            throw SystemFault.current(
                "needs a temporary file that cannot be created", Place(file: sink.name), code: "destination/unwritable")
        }
    }

    deinit { if let spool { fclose(spool) } }

    func append(_ json: UnsafeBufferPointer<UInt8>) throws {
        guard let base = json.baseAddress, case let object = JSONSlice(base, 0, json.count),
            object.first == Byte.openBrace
        else { throw MigrationError.unfit(sink, "a CSV row must be an object", record: summary.records) }
        guard let spool else { return try writeRow(object) }
        guard object.forEachMember({ key, _ in discover(key) }) else { throw broken() }
        row.truncate(to: 0)
        object.putCompact(into: &row)
        row.put(Byte.newline)
        guard fwrite(row.base, 1, row.count, spool) == row.count else { throw spoolFault() }
        summary.records += 1
    }

    private func discover(_ key: JSONSlice) {
        let name = name(of: key)
        guard index[name] == nil else { return }
        index[name] = columns.count
        columns.append(String(decoding: name, as: UTF8.self))
    }

    private func name(of key: JSONSlice) -> [UInt8] {
        unescaped.truncate(to: 0)
        _ = key.unescape(into: &unescaped)
        return Array(unescaped.bytes)
    }

    private func writeHeader() throws {
        summary.columns = columns
        row.truncate(to: 0)
        for (place, name) in columns.enumerated() {
            if place > 0 { row.put(layout.dialect.delimiter) }
            var name = name
            name.withUTF8 { putCell($0) }
        }
        if row.count == 0 { row.put("\"\"") }
        row.put("\r\n")
        try sink.write(row)
        summary.bytes += row.count
    }

    private func writeRow(_ object: JSONSlice) throws {
        cells = Array(repeating: nil, count: columns.count)
        let isWhole = try object.forEachMember { key, value in
            guard let place = index[name(of: key)] else {
                let name = String(decoding: name(of: key), as: UTF8.self)
                throw MigrationError.unfit(
                    sink, "'\(name)' is no column of this file", record: summary.records,
                    hint: NearestName.of(name, among: columns).map { "did you mean '\($0)'" })
            }
            cells[place] = (value.first == Byte.quote, value)
        }
        guard isWhole else { throw broken() }
        row.truncate(to: 0)
        for (place, cell) in cells.enumerated() {
            if place > 0 { row.put(layout.dialect.delimiter) }
            guard let cell, !cell.value.isNull else { continue }
            unescaped.truncate(to: 0)
            if cell.isText {
                summary.replacedCharacters += cell.value.stringContent.unescape(into: &unescaped)
            } else {
                cell.value.putCompact(into: &unescaped)
            }
            putCell(unescaped.bytes)
        }
        // A row of one empty cell would be a blank line, which readers pass over.
        if row.count == 0 { row.put("\"\"") }
        row.put("\r\n")
        try sink.write(row)
        summary.bytes += row.count
        if spool == nil { summary.records += 1 }
    }

    private func putCell(_ text: UnsafeBufferPointer<UInt8>) {
        let delimiter = layout.dialect.delimiter
        let needsQuotes = text.contains {
            $0 == delimiter || $0 == Byte.quote || $0 == Byte.newline || $0 == Byte.carriageReturn
        }
        guard needsQuotes || text.contains(0) else { return row.put(text) }
        row.put(Byte.quote)
        for byte in text {
            if byte == Byte.quote { row.put(Byte.quote) }
            guard byte != 0 else {
                row.put("\u{FFFD}")
                summary.replacedCharacters += 1
                continue
            }
            row.put(byte)
        }
        row.put(Byte.quote)
    }

    func finish() throws -> WriterSummary {
        if let spool {
            try writeHeader()
            try writeSpooled(spool)
        }
        try sink.finish()
        return summary
    }

    private func writeSpooled(_ spool: UnsafeMutablePointer<FILE>) throws {
        guard fflush(spool) == 0 else { throw spoolFault() }
        rewind(spool)
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(line) }
        while true {
            let count = getline(&line, &capacity, spool)
            guard count > 0, let line else { break }
            try line.withMemoryRebound(to: UInt8.self, capacity: count) { try writeRow(JSONSlice($0, 0, count)) }
        }
        guard ferror(spool) == 0 else { throw spoolFault() }
    }

    private func broken() -> MigrationError {
        MigrationError.unfit(sink, "the record is not one whole JSON object", record: summary.records)
    }

    private func spoolFault() -> MigrationError {
        SystemFault.current("its temporary file cannot be used", Place(file: sink.name), code: "destination/unwritable")
    }
}
