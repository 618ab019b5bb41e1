internal import Diagnostics

/// Where records stand in a JSON document.
public struct RecordPath: Sendable, Hashable, ExpressibleByArrayLiteral {
    /// Keys from the top, `["response", "data"]`; none for the top-level value or the elements of a top-level array.
    public let keys: [String]
    /// An object found there is a map whose member values are the records; otherwise an object is one record.
    public let isMap: Bool

    /// Creates a path; an array found there always gives its elements.
    public init(_ keys: [String], isMap: Bool = false) {
        self.keys = keys
        self.isMap = isMap
    }

    /// Creates a path to an array or to one object.
    public init(arrayLiteral keys: String...) { self.init(keys) }
}

/// Which XML elements are records.
public struct XMLRecords: Sendable, Hashable {
    /// Names at any depth; `nil` makes every child of the root a record.
    public let elements: [String]?

    /// Creates the rule.
    public init(elements: [String]? = nil) { self.elements = elements }
}

/// How the bytes of a file hold records; whatever it is, a record leaves the reader as JSON text.
public enum ExportFormat: Sendable {
    /// JSON Lines, one document, a root array, concatenated documents or paged envelopes, told apart by content.
    ///
    /// For every top-level value: where non-empty paths lead to an array, map or object, its elements are the records, each
    /// with the index of its path. Otherwise the empty path, when listed, makes the value itself the record; a root array
    /// then gives its elements without looking into them. No paths at all mean the empty path.
    case json(paths: [RecordPath])
    /// Rows become flat objects of strings; `nil` detects the dialect. Where empty cells say nothing they are left out, but
    /// for the first of a row.
    case csv(CSVDialect?, columns: ColumnNames = ColumnNames(), keepsEmptyCells: Bool = true)
    /// Elements become objects.
    case xml(XMLRecords)

    /// Opens a reader for one file.
    ///
    /// - Parameters:
    ///   - file: From ``ExportFiles/list(_:limits:)``.
    ///   - limits: Read-ahead and the sizes at which reading stops.
    /// - Returns: A reader that stands before the first record.
    /// - Throws: `source/unreadable`, `source/encrypted` or `source/malformed`.
    public func open(_ file: ExportFile, limits: ReadLimits = ReadLimits()) throws -> any RecordReader {
        try open(file.open(limits: limits), name: file.displayName, limits: limits)
    }

    /// Opens a reader for bytes of any origin.
    ///
    /// - Parameters:
    ///   - source: The bytes, decompressed.
    ///   - name: The file as a person knows it, for messages.
    ///   - limits: Read-ahead and the sizes at which reading stops.
    /// - Returns: A reader that stands before the first record.
    /// - Throws: What the first bytes make impossible.
    public func open(
        _ source: any ByteSource, name: String, limits: ReadLimits = ReadLimits()
    ) throws -> any RecordReader {
        switch self {
        case .json(let paths):
            try JSONRecordReader(UnicodeSource(source, name: name), name: name, paths: paths, limits: limits)
        case .csv(let dialect, let columns, let keepsEmptyCells):
            try CSVRecordReader(
                UnicodeSource(source, name: name), name: name, dialect: dialect, columns: columns,
                keepsEmptyCells: keepsEmptyCells, limits: limits)
        case .xml(let records):
            try XMLRecordReader(source, name: name, rule: records, limits: limits)
        }
    }
}
