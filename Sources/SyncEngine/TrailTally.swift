internal import ConnectorKit
internal import ConversationModel
public import FieldMapping

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

    init(_ file: RowFile?) {
        self.file = file
    }

    /// Whether nothing happened.
    public var isEmpty: Bool { counts.isEmpty }

    /// How often each thing happened, by kind, the most frequent first.
    public var totals: [Total] {
        counts.map { Total(kind: $0.key.kind, detail: $0.key.detail, count: $0.value) }
            .sorted { ($0.kind.rawValue, $1.count, $0.detail) < ($1.kind.rawValue, $0.count, $1.detail) }
    }

    static let header = "kind,entity,record,entry,field,what,count\n"

    /// Lines of a table that survive a spreadsheet.
    static func lines(_ rows: [[String]]) -> String {
        rows.map { $0.map(PeopleFile.cell).joined(separator: ",") + "\n" }.joined()
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
            Self.lines(
                rows.map { row in
                    [
                        row.kind.rawValue, row.entity.rawValue, row.record, row.entry ?? "", row.field, row.detail,
                        String(row.count),
                    ]
                }))
    }
}
