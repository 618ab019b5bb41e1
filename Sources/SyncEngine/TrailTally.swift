internal import ConversationModel
internal import Diagnostics
public import FieldMapping
internal import Foundation

/// Adds up what a mapping did to single records: counts of everything, the first rows, and all rows in a file.
public struct TrailTally: Sendable {
    /// How many rows are kept for showing.
    public static let rowsKept = 1000

    /// How often a kind of thing happened.
    public struct Total: Sendable, Equatable {
        /// What kind of thing.
        public let kind: TrailRow.Kind
        /// What exactly; empty where the kind says it all.
        public let detail: String
        /// How often.
        public let count: Int
    }

    private struct Key: Hashable {
        let kind: TrailRow.Kind
        let detail: String
    }

    private var counts: [Key: Int] = [:]
    /// The first rows, in the order of the records.
    public private(set) var rows: [TrailRow] = []
    private let file: RowFile?

    init(file: String?) {
        self.file = file.map { RowFile($0, header: "kind,entity,record,entry,field,what,count\n") }
    }

    /// Whether nothing happened.
    public var isEmpty: Bool { counts.isEmpty }

    /// How often each thing happened, by kind, the most frequent first.
    public var totals: [Total] {
        counts.map { Total(kind: $0.key.kind, detail: $0.key.detail, count: $0.value) }
            .sorted { ($0.kind.rawValue, $1.count, $0.detail) < ($1.kind.rawValue, $0.count, $1.detail) }
    }

    mutating func append(_ rows: [TrailRow]) throws {
        guard !rows.isEmpty else { return }
        for row in rows {
            // Ids are as many as records; words are few.
            let isWord = row.kind == .redacted || row.kind == .erased
            counts[Key(kind: row.kind, detail: isWord ? row.detail : ""), default: 0] += row.count
            if self.rows.count < Self.rowsKept { self.rows.append(row) }
        }
        try file?.append(
            rows.map { row in
                [
                    row.kind.rawValue, row.entity.rawValue, row.record, row.entry ?? "", row.field, row.detail,
                    String(row.count),
                ]
            })
    }
}

/// The table from old to new addresses.
final class RedirectFile: Sendable {
    private let file: RowFile

    init(_ path: String) { file = RowFile(path, header: "old_id,old_number,old_url,new_id,new_url\n") }

    func append(_ redirects: [Redirect]) throws {
        guard !redirects.isEmpty else { return }
        try file.append(redirects.map { [$0.id, $0.number, $0.url, $0.newID, $0.newURL] })
    }
}

/// A CSV file that a run fills row by row; begun anew with each pass.
final class RowFile: Sendable {
    private let path: String

    /// Begins the file; a fault shows with the first rows.
    init(_ path: String, header: String) {
        self.path = path
        _ = FileManager.default.createFile(atPath: path, contents: Foundation.Data(header.utf8))
    }

    func append(_ rows: [[String]]) throws {
        try append(text: rows.map { $0.map(PeopleFile.cell).joined(separator: ",") + "\n" }.joined())
    }

    func append(text: String) throws {
        do {
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            defer { try? handle.close() }
            try handle.seekToEnd()
            try handle.write(contentsOf: Foundation.Data(text.utf8))
        } catch {
            throw MigrationError(
                "report/unwritable", recovery: .stopRun, place: Place(file: path), summary: "cannot be written",
                hint: "check that the folder exists and may be written", cause: error)
        }
    }
}
