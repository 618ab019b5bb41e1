import ConversationModel
import Diagnostics

/// What a person wrote into one row of a people file.
public struct PeopleDecision: Sendable, Equatable {
    /// The source's id; empty when the row names a person by e-mail alone.
    public let id: String
    /// The source's e-mail in lower case; empty when the row has none.
    public let email: String
    /// Id or e-mail at the destination; empty when the action needs none.
    public let target: String
    /// A word of the column `action`.
    public let action: String
    /// When the row begins to hold, ISO 8601; empty when it always did.
    public let validFrom: String
    /// When the row ceases to hold, ISO 8601; empty when it never does.
    public let validUntil: String
}

/// Reads and writes the cells of a people file, so that ids survive a spreadsheet.
public enum PeopleFile {
    /// The decisions of a people file, in its order; rows without one are left out.
    ///
    /// - Parameters:
    ///   - bytes: The file.
    ///   - file: Its name, for messages.
    /// - Returns: One decision a row that makes one.
    /// - Throws: `mapping/invalid` with every fault.
    public static func decisions(_ bytes: [UInt8], file: String) throws -> [PeopleDecision] {
        var reader = NodeReader(files: { _ in [] })
        let rows = PeopleTable.read(bytes, file: file, label: "email", &reader)
        guard reader.faults.isEmpty else { throw MappingFaults(faults: reader.faults).error }
        return rows.map { row in
            PeopleDecision(
                id: row.id, email: row.email, target: row.target, action: row.action.rawValue,
                validFrom: row.period.since?.description ?? "", validUntil: row.period.until?.description ?? "")
        }
    }

    /// A cell that reads back as it is, after a spreadsheet too.
    ///
    /// What a spreadsheet would take for a formula, a date or a number that it may change stands behind an apostrophe, which
    /// the reader takes off again.
    ///
    /// | text | cell |
    /// | --- | --- |
    /// | `814860` | `814860` |
    /// | `007` | `'007` |
    /// | `9007199254740993001` | `'9007199254740993001` |
    /// | `=1+1` | `'=1+1` |
    public static func cell(_ text: String) -> String {
        let safe = isAtRisk(text) ? "'" + text : text
        guard safe.contains(where: { ",;\"\t\r\n".contains($0) }) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }

    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mai", "okt", "dez",
    ]

    private static func isAtRisk(_ text: String) -> Bool {
        guard let first = text.first else { return false }
        if "=+-@'\t\r".contains(first) { return true }
        let lower = text.lowercased()
        if lower == "true" || lower == "false" { return true }
        let bytes = Array(lower.utf8)
        func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
        if bytes.allSatisfy(isDigit) { return bytes.count > 15 || bytes.count > 1 && bytes[0] == 48 }
        // 12e5 is a number, 1-2 and 3.4 are dates or fractions, and MAR1 is a day.
        if bytes.allSatisfy({ isDigit($0) || "e-./:,".utf8.contains($0) }), isDigit(bytes[0]) {
            return !isISODate(lower)
        }
        return months.contains { lower.hasPrefix($0) } && bytes.last.map(isDigit) == true
            && bytes.dropFirst(3).allSatisfy { isDigit($0) || "- .".utf8.contains($0) }
    }

    /// Dates of the evidence columns may change their form; nobody reads them back.
    private static func isISODate(_ text: String) -> Bool { text.count == 10 && text.dropFirst(4).first == "-" }
}
