/// Where something stands: as much of it as is known.
public struct Place: Sendable, Equatable, CustomStringConvertible {
    /// File as the person named it; a member of an archive reads `export.zip!tickets.json`.
    public var file: String?
    /// Line, from 1.
    public var line: Int?
    /// Column, from 1.
    public var column: Int?
    /// Byte offset in the file after decompression, from 0.
    public var byte: Int?
    /// Connector or other part of the house, when no file is meant: `zendesk`, `mapping`.
    public var subject: String?
    /// Id of the record as its platform gives it.
    public var record: String?
    /// Path inside the record: `comments[3].created_at`.
    public var path: String?

    /// Creates a place of the parts that are known.
    public init(
        file: String? = nil, line: Int? = nil, column: Int? = nil, byte: Int? = nil, subject: String? = nil,
        record: String? = nil, path: String? = nil
    ) {
        self.file = file
        self.line = line
        self.column = column
        self.byte = byte
        self.subject = subject
        self.record = record
        self.path = path
    }

    /// `tickets.csv:1183:7`, `export.json: byte 20481`, with record and path behind when known.
    public var description: String {
        var text = file ?? subject ?? ""
        if let line {
            text += ":\(line)"
            if let column { text += ":\(column)" }
        } else if let byte {
            text += ": byte \(byte)"
        }
        if let record { text += text.isEmpty ? "record \(record)" : ": record \(record)" }
        if let path { text += text.isEmpty ? "'\(path)'" : ": '\(path)'" }
        return text
    }
}
