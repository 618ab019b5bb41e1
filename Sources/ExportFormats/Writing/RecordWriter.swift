internal import Diagnostics

/// What a writer did.
public struct WriterSummary: Sendable, Equatable {
    /// Records written.
    public internal(set) var records = 0
    /// Bytes written.
    public internal(set) var bytes = 0
    /// Characters the format cannot hold, written as U+FFFD instead.
    public internal(set) var replacedCharacters = 0
    /// Of a table: its columns in order.
    public internal(set) var columns: [String] = []
}

/// Writes records, given as JSON texts, into one file.
public protocol RecordWriter: AnyObject {
    /// Writes one record, in the order of the calls.
    ///
    /// The bytes must be one whole JSON value; where the format is JSON they are written as they are. Throws
    /// `destination/unwritable`: with `.skipRecord` when the format cannot hold this record, and then nothing of it was written.
    func append(_ json: UnsafeBufferPointer<UInt8>) throws
    /// Writes what stands behind the last record and makes the file last.
    func finish() throws -> WriterSummary
}

extension RecordWriter {
    /// Writes a record given as text.
    public func append(_ json: String) throws {
        var json = json
        try json.withUTF8 { try append($0) }
    }
}

/// A member of an envelope beside its records.
public struct EnvelopeMember: Sendable, Hashable {
    /// What the member holds.
    public enum Value: Sendable, Hashable {
        /// JSON text as it is.
        case json(String)
        /// The number of records; only behind them.
        case count
    }

    /// Its name.
    public let name: String
    /// Its value.
    public let value: Value

    /// Creates a member.
    public init(_ name: String, _ value: Value) {
        self.name = name
        self.value = value
    }
}

/// A document around an array of records: `{"tickets":[...],"count":2}`.
public struct EnvelopeLayout: Sendable, Hashable {
    /// Keys from the top to the array, at least one.
    public let path: [String]
    /// Members of the top-level object before it.
    public let before: [EnvelopeMember]
    /// Members of the top-level object behind it.
    public let after: [EnvelopeMember]

    /// Creates a layout.
    public init(_ path: [String], before: [EnvelopeMember] = [], after: [EnvelopeMember] = []) {
        self.path = path
        self.before = before
        self.after = after
    }
}

/// How records are laid out in a file that is written.
public enum OutputFormat: Sendable {
    /// One record a line.
    case jsonLines
    /// A root array, one element a line.
    case jsonArray
    /// An array inside a document.
    case envelope(EnvelopeLayout)
    /// Exactly one record, which is the document.
    case jsonDocument
    /// Rows under a header.
    case csv(CSVLayout)
    /// Elements under a root.
    case xml(XMLLayout)

    /// Creates a writer into a sink.
    ///
    /// - Parameter sink: Takes the bytes; the writer finishes it.
    /// - Returns: A writer for one file.
    /// - Throws: `destination/unwritable`, also for names XML cannot hold.
    public func writer(to sink: any ByteSink) throws -> any RecordWriter {
        switch self {
        case .jsonLines: JSONWriter(sink, frame: .lines)
        case .jsonArray: JSONWriter(sink, frame: .array)
        case .envelope(let layout): JSONWriter(sink, frame: .envelope(layout))
        case .jsonDocument: JSONWriter(sink, frame: .document)
        case .csv(let layout): try CSVRecordWriter(sink, layout)
        case .xml(let layout): try XMLRecordWriter(sink, layout)
        }
    }
}

extension MigrationError {
    /// A record a format cannot hold.
    static func unfit(_ sink: any ByteSink, _ summary: String, record: Int, hint: String? = nil) -> MigrationError {
        MigrationError(
            "destination/unwritable", recovery: .skipRecord, place: Place(file: sink.name, record: "\(record + 1)"),
            summary: summary + "; nothing of the record was written", hint: hint)
    }
}

/// Writes JSON in all its layouts: what differs stands before, between and behind the records.
final class JSONWriter: RecordWriter {
    enum Frame {
        case lines, array, document
        case envelope(EnvelopeLayout)
    }

    private let sink: any ByteSink
    private let frame: Frame
    private var summary = WriterSummary()
    private var hasHead = false

    init(_ sink: any ByteSink, frame: Frame) {
        self.sink = sink
        self.frame = frame
    }

    func append(_ json: UnsafeBufferPointer<UInt8>) throws {
        if case .document = frame, summary.records > 0 {
            throw MigrationError.unfit(sink, "a document holds one record and has it already", record: summary.records)
        }
        if case .lines = frame, let base = json.baseAddress, ByteScan.find(Byte.newline, base, 0, json.count) != nil {
            // A line end inside a record can only be a blank; JSON Lines reserve it.
            var line = OutputBytes(capacity: json.count)
            JSONSlice(base, 0, json.count).putCompact(into: &line)
            line.put(Byte.newline)
            try write(line)
        } else {
            try head()
            try put(separator)
            try sink.write(UnsafeRawBufferPointer(json))
            summary.bytes += json.count
            if case .lines = frame { try put("\n") }
        }
        summary.records += 1
    }

    private func write(_ line: borrowing OutputBytes) throws {
        try sink.write(line)
        summary.bytes += line.count
    }

    private var separator: String {
        switch frame {
        case .array, .envelope: summary.records == 0 ? "\n" : ",\n"
        case .lines, .document: ""
        }
    }

    private func head() throws {
        guard !hasHead else { return }
        hasHead = true
        switch frame {
        case .array: try put("[")
        case .envelope(let layout):
            let before = layout.before.map { member($0) + "," }.joined()
            try put("{" + before + layout.path.map { quoted($0) + ":" }.joined(separator: "{") + "[")
        case .lines, .document: break
        }
    }

    func finish() throws -> WriterSummary {
        try head()
        let newline = summary.records == 0 ? "" : "\n"
        switch frame {
        case .lines: break
        case .document: try put(newline)
        case .array: try put(newline + "]\n")
        case .envelope(let layout):
            let inner = String(repeating: "}", count: max(0, layout.path.count - 1))
            try put(newline + "]" + inner + layout.after.map { "," + member($0) }.joined() + "}\n")
        }
        try sink.finish()
        return summary
    }

    private func put(_ text: String) throws {
        guard !text.isEmpty else { return }
        try sink.write(text: text)
        summary.bytes += text.utf8.count
    }

    private func member(_ member: EnvelopeMember) -> String {
        switch member.value {
        case .json(let json): quoted(member.name) + ":" + json
        case .count: quoted(member.name) + ":\(summary.records)"
        }
    }

    private func quoted(_ name: String) -> String {
        var output = OutputBytes(capacity: 64)
        var name = name
        name.withUTF8 { output.put(escaping: $0) }
        return "\"" + String(decoding: output.bytes, as: UTF8.self) + "\""
    }
}

extension JSONSlice {
    /// Appends the value without the blanks between its tokens.
    func putCompact(into output: inout OutputBytes) {
        var at = start
        while at < end {
            let byte = base[at]
            if Byte.isBlank(byte) {
                at += 1
            } else if byte == Byte.quote {
                let from = at
                at += 1
                _ = ByteScan.skipString(base, &at, end)
                output.put(base + from, at - from)
            } else {
                output.put(byte)
                at += 1
            }
        }
    }
}
