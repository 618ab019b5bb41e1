/// One row of `agents.csv` or `teams.csv`.
struct PeopleRow {
    /// What the row asks for.
    enum Action: String, CaseIterable {
        /// Map to the target.
        case map
        /// Keep as it is in the source.
        case keep
        /// Leave whatever referred to it without an agent or team.
        case unassigned
        /// Do what `fallback` says.
        case fallback
    }

    let id: String
    let name: String
    let email: String
    let target: String
    let action: Action
    let mark: SourceMark
}

/// Reads the tables of agents and teams as spreadsheets save them.
///
/// ```
/// id;name;email;target;action;last_seen;...      header, in any order, in any case; `;`, `,` or tab between columns
/// 7;"Ana B.";ana@old.example;991001;map;...      columns beside the five are evidence and are not read
/// 8;...;;;keep;...                               a row without target and action decides nothing
/// ```
enum PeopleTable {
    static let columns = ["id", "name", "email", "target", "action"]

    /// Reads all rows; `label` is the column that names a person beside `id`: `email` or `name`.
    static func read(_ bytes: [UInt8], file: String, label: String, _ reader: inout NodeReader) -> [PeopleRow] {
        let start = SourceMark(file: file, line: 1, column: 1)
        guard var text = String(validating: bytes, as: UTF8.self) else {
            reader.fault(start, "the table is not UTF-8", expected: "UTF-8; in Excel save as 'CSV UTF-8'")
            return []
        }
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        var scanner = TableScanner(text, file: file)
        guard let header = scanner.row(&reader) else {
            reader.fault(start, "the table is empty", expected: Self.header(label))
            return []
        }
        guard let positions = positions(of: header, label: label, &reader) else { return [] }
        var rows: [PeopleRow] = []
        while let cells = scanner.row(&reader) {
            func cell(_ column: String) -> TableCell? {
                positions[column].flatMap { $0 < cells.count ? cells[$0] : nil }
            }
            if cells.allSatisfy({ $0.text.isEmpty }) { continue }
            let line = cells[0].mark
            guard cells.count <= header.count else {
                reader.fault(line, "the row has \(cells.count) cells", expected: "\(header.count), as the header has")
                continue
            }
            if let row = row(cell, line, label: label, &reader) { rows.append(row) }
        }
        return rows
    }

    private static func header(_ label: String) -> String { "a header with 'id' or '\(label)', and 'target'" }

    private static func positions(
        of header: [TableCell], label: String, _ reader: inout NodeReader
    ) -> [String: Int]? {
        var positions: [String: Int] = [:]
        for (index, cell) in header.enumerated() {
            let name = cell.text.lowercased()
            guard columns.contains(name) else { continue }
            if positions.updateValue(index, forKey: name) != nil {
                reader.fault(cell.mark, "column '\(name)' stands twice", expected: "it once")
            }
        }
        let named = positions["id"] ?? positions[label]
        let needed = [named == nil ? "id" : nil, positions["target"] == nil ? "target" : nil]
        let strange = header.map { $0.text.lowercased() }.filter { !columns.contains($0) }
        for column in needed.compactMap(\.self) {
            let near = NodeReader.nearest(column, among: strange)
            let summary = "column '\(column)' is missing" + (near.map { " (there is '\($0)')" } ?? "")
            reader.fault(header[0].mark, summary, expected: Self.header(label))
        }
        return needed.allSatisfy { $0 == nil } ? positions : nil
    }

    private static func row(
        _ cell: (String) -> TableCell?, _ line: SourceMark, label: String, _ reader: inout NodeReader
    ) -> PeopleRow? {
        func text(_ column: String) -> String { cell(column)?.text ?? "" }
        let word = text("action").lowercased()
        let mark = cell("action")?.mark ?? line
        let action: PeopleRow.Action
        if word.isEmpty {
            guard !text("target").isEmpty else { return nil }
            action = .map
        } else if let known = PeopleRow.Action(rawValue: word) {
            action = known
        } else {
            reader.unknown(
                word, "'\(word)' is no action", at: mark, among: PeopleRow.Action.allCases.map(\.rawValue))
            return nil
        }
        guard !text("id").isEmpty || !text(label).isEmpty else {
            reader.fault(line, "the row has neither id nor \(label)", expected: "one of the two")
            return nil
        }
        switch (action, text("target").isEmpty) {
        case (.map, true):
            reader.fault(
                cell("target")?.mark ?? line, "action 'map' has no target", expected: "an id or e-mail as target")
            return nil
        case (.keep, false), (.unassigned, false), (.fallback, false):
            reader.fault(mark, "action '\(word)' has a target", expected: "action 'map', or no target")
            return nil
        default: break
        }
        return PeopleRow(
            id: text("id"), name: text("name"), email: text("email").lowercased(), target: text("target"),
            action: action, mark: line)
    }
}

/// A cell without its outer blanks.
struct TableCell {
    let text: String
    let mark: SourceMark
}

/// Cuts a table into rows and cells; quotes may hold separators, line ends and doubled quotes.
struct TableScanner {
    private let scalars: [Unicode.Scalar]
    private let separator: Unicode.Scalar
    private let file: String
    private var at = 0
    private var line = 1
    private var column = 1

    init(_ text: String, file: String) {
        scalars = Array(text.unicodeScalars)
        self.file = file
        let header = scalars.prefix { $0 != "\n" && $0 != "\r" }
        let candidates: [Unicode.Scalar] = [";", "\t", ","]
        let counts = candidates.map { candidate in header.count { $0 == candidate } }
        separator = zip(candidates, counts).max { $0.1 < $1.1 }?.0 ?? ","
    }

    private mutating func next() {
        let isCRLF = scalars[at] == "\r" && at + 1 < scalars.count && scalars[at + 1] == "\n"
        if scalars[at] == "\n" || (scalars[at] == "\r" && !isCRLF) {
            line += 1
            column = 1
        } else {
            column += 1
        }
        at += 1
    }

    private var endsLine: Bool { at >= scalars.count || scalars[at] == "\n" || scalars[at] == "\r" }

    /// The next row with at least one cell; blank lines are passed over.
    mutating func row(_ reader: inout NodeReader) -> [TableCell]? {
        while at < scalars.count, endsLine { next() }
        guard at < scalars.count else { return nil }
        var cells: [TableCell] = []
        while true {
            cells.append(cell(&reader))
            guard at < scalars.count, scalars[at] == separator else { return cells }
            next()
        }
    }

    private mutating func cell(_ reader: inout NodeReader) -> TableCell {
        while !endsLine, scalars[at] == " " { next() }
        let mark = SourceMark(file: file, line: line, column: column)
        var text = String.UnicodeScalarView()
        if at < scalars.count, scalars[at] == "\"" {
            next()
            while at < scalars.count {
                if scalars[at] == "\"" {
                    next()
                    guard at < scalars.count, scalars[at] == "\"" else { break }
                }
                text.append(scalars[at])
                next()
                if at >= scalars.count { reader.fault(mark, "quoted cell has no end", expected: "a closing quote") }
            }
        }
        while !endsLine, scalars[at] != separator {
            text.append(scalars[at])
            next()
        }
        return TableCell(text: trimmed(String(text)), mark: mark)
    }
}

/// A text without blanks at its ends.
func trimmed(_ text: some StringProtocol) -> String {
    var rest = text[...]
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
}
