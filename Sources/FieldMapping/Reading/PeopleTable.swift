import ConversationModel
import Diagnostics

/// One row of `agents.csv` or `teams.csv`.
struct PeopleRow {
    /// What the row asks for.
    enum Action: String, CaseIterable {
        /// Map to the target.
        case map
        /// Keep as it is in the source.
        case keep
        /// Keep the name, without the right to sign in; agents only.
        case placeholder
        /// Leave whatever referred to it without an agent or team.
        case unassigned
        /// Do what `fallback` says.
        case fallback

        /// Reads a word; `default` is another name of `fallback`.
        init?(word: String) {
            guard let action = Self(rawValue: word == "default" ? "fallback" : word) else { return nil }
            self = action
        }
    }

    let id: String
    let name: String
    let email: String
    let target: String
    let action: Action
    let period: Period
    let mark: SourceMark
}

/// Reads the tables of agents and teams as spreadsheets save them.
///
/// ```
/// id;name;email;target;action;valid_from;...     header, in any order, in any case; `;`, `,` or tab between columns
/// 7;"Ana B.";ana@old.example;991001;map;...      columns beside these are evidence and are not read
/// '007;...;;;keep;...                            an apostrophe keeps a spreadsheet from taking an id for a number
/// 8;...;;placeholder;;...                        an action may stand as target, so that suggestions can be copied there
/// ```
/// A row without target and action decides nothing. Bytes may be UTF-8, UTF-16 with a byte order mark, or Windows-1252 as
/// long as the columns that decide are plain.
enum PeopleTable {
    static let columns = ["id", "name", "email", "target", "action", "valid_from", "valid_until"]
    /// Columns that decide, in which no letter may be in doubt.
    private static let deciding = ["id", "email", "target", "action", "valid_from", "valid_until"]

    /// Reads all rows; `label` is the column that names a person beside `id`: `email` or `name`.
    static func read(_ bytes: [UInt8], file: String, label: String, _ reader: inout NodeReader) -> [PeopleRow] {
        let start = SourceMark(file: file, line: 1, column: 1)
        guard let (text, isCertain) = TableText.decode(bytes), isCertain || label == "email" else {
            reader.fault(start, "the table is not UTF-8", expected: "UTF-8; in Excel save as 'CSV UTF-8'")
            return []
        }
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
            guard cells.dropFirst(header.count).allSatisfy({ $0.text.isEmpty }) else {
                reader.fault(line, "the row has \(cells.count) cells", expected: "\(header.count), as the header has")
                continue
            }
            if !isCertain,
                let doubtful = deciding.compactMap(cell).first(where: { !$0.text.utf8.allSatisfy { $0 < 128 } })
            {
                reader.fault(
                    doubtful.mark, "the table is not UTF-8 and this cell holds more than plain letters",
                    expected: "UTF-8; in Excel save as 'CSV UTF-8'")
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
        func text(_ column: String) -> String { cell(column)?.plain ?? "" }
        var target = text("target")
        var word = text("action").lowercased()
        if word.isEmpty, PeopleRow.Action(word: target.lowercased()) ?? .map != .map {
            word = target.lowercased()
            target = ""
        }
        let mark = cell("action")?.mark ?? line
        let action: PeopleRow.Action
        if word.isEmpty {
            guard !target.isEmpty else { return nil }
            action = .map
        } else if let known = PeopleRow.Action(word: word), known != .placeholder || label == "email" {
            action = known
        } else {
            let words = PeopleRow.Action.allCases.map(\.rawValue).filter { $0 != "placeholder" || label == "email" }
            reader.unknown(word, "'\(word)' is no action", at: mark, among: words)
            return nil
        }
        guard !text("id").isEmpty || !text(label).isEmpty else {
            reader.fault(line, "the row has neither id nor \(label)", expected: "one of the two")
            return nil
        }
        for column in ["id", "target"] {
            guard let cell = cell(column), cell.hasLostDigits else { continue }
            reader.fault(
                cell.mark, "'\(column)' is '\(cell.text)': a spreadsheet took the id for a number and lost its digits",
                expected: "the id as the platform writes it, in a column of format 'text' or behind an apostrophe")
            return nil
        }
        switch (action, target.isEmpty) {
        case (.map, true):
            reader.fault(
                cell("target")?.mark ?? line, "action 'map' has no target", expected: "an id or e-mail as target")
            return nil
        case (.keep, false), (.placeholder, false), (.unassigned, false), (.fallback, false):
            reader.fault(mark, "action '\(word)' has a target", expected: "action 'map', or no target")
            return nil
        default: break
        }
        guard let period = period(cell, &reader) else { return nil }
        return PeopleRow(
            id: text("id"), name: text("name"), email: text("email").lowercased(), target: target, action: action,
            period: period, mark: line)
    }

    /// From `valid_from`, inclusive, to `valid_until`, exclusive; an empty cell leaves that side open.
    private static func period(_ cell: (String) -> TableCell?, _ reader: inout NodeReader) -> Period? {
        let count = reader.faults.count
        func moment(_ column: String) -> Instant? {
            guard let cell = cell(column), !cell.plain.isEmpty else { return nil }
            if let moment = TableText.moment(cell.plain) { return moment }
            reader.fault(
                cell.mark, "'\(column)' is '\(cell.text)', not a date", expected: "ISO 8601, as 2024-01-31")
            return nil
        }
        let period = Period(since: moment("valid_from"), until: moment("valid_until"))
        if let since = period.since, let until = period.until, since >= until, let cell = cell("valid_until") {
            reader.fault(cell.mark, "'valid_until' is not after 'valid_from'", expected: "a later date than \(since)")
        }
        return reader.faults.count == count ? period : nil
    }
}

/// A cell without its outer blanks.
struct TableCell {
    let text: String
    let mark: SourceMark

    /// The text without what keeps spreadsheets from reading it as a number, date or formula: `'007`, `="007"`.
    var plain: String {
        if text.hasPrefix("'") {
            let rest = text.dropFirst()
            return rest.isEmpty ? text : String(rest)
        }
        if text.hasPrefix("=\""), text.hasSuffix("\""), text.count > 3 { return String(text.dropFirst(2).dropLast()) }
        return text
    }

    /// Whether the text is a number as spreadsheets shorten it: `9.00719925474099E+15`.
    var hasLostDigits: Bool {
        let parts = text.uppercased().split(separator: "E", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].hasPrefix("+"), !parts[0].isEmpty, parts[1].count > 1 else { return false }
        return parts[1].dropFirst().allSatisfy(\.isNumber)
            && parts[0].allSatisfy { $0.isNumber || $0 == "." || $0 == "," }
    }
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
        // A first line that only tells a spreadsheet what separates the columns.
        let words = header.filter { $0 != "\"" }
        if words.count == 5, String(String.UnicodeScalarView(words.prefix(4))).lowercased() == "sep=" {
            separator = words[words.startIndex + 4]
            at = header.count
            return
        }
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
    // Most texts begin and end with what is plainly no blank; characters are looked at only where bytes do not say it.
    let text = String(text)
    if let first = text.utf8.first, let last = text.utf8.last, (0x21..<0x7F).contains(first),
        (0x21..<0x7F).contains(last)
    {
        return text
    }
    var rest = text[...]
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
}
