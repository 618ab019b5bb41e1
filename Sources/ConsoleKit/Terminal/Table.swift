/// Rows under titles, fitted to the terminal.
///
/// Numbers stand right and are never cut; text stands left and gives way, notes first, then the widest column. Off a
/// terminal nothing is cut, so that `grep` finds what is there.
public struct Table: Sendable {
    /// A column.
    public struct Column: Sendable {
        /// What stands on top.
        public let title: String
        /// Whether the values stand at the right edge, as numbers do.
        public let isNumeric: Bool
        /// Whether it is cut before other columns are.
        public let isNote: Bool

        /// A column of text: left, may be cut.
        public static func text(_ title: String) -> Column { Column(title: title, isNumeric: false, isNote: false) }
        /// A column of text that says more about the others: left, cut first.
        public static func note(_ title: String) -> Column { Column(title: title, isNumeric: false, isNote: true) }
        /// A column of numbers: right, never cut.
        public static func number(_ title: String) -> Column { Column(title: title, isNumeric: true, isNote: false) }
    }

    /// A value and what it means.
    public struct Cell: Sendable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
        /// The text as it came; the table makes it safe.
        public let text: String
        /// Its meaning.
        public let style: Style?

        /// Creates a cell.
        public init(_ text: String, _ style: Style? = nil) {
            self.text = text
            self.style = style
        }
        /// Creates a cell written in code.
        public init(stringLiteral value: String) { self.init(value) }
    }

    private let columns: [Column]
    private var rows: [[Cell]] = []
    /// A text column is not cut below this while another is wider.
    private let leastWidth = 8
    private let gap = 2

    /// Creates a table without rows.
    public init(_ columns: [Column]) { self.columns = columns }

    /// Adds a row; missing cells stay empty, those too many are left out.
    public mutating func add(_ cells: [Cell]) {
        rows.append(
            columns.indices.map { index in
                guard cells.indices.contains(index) else { return Cell("") }
                return Cell(Terminal.safe(cells[index].text), cells[index].style)
            })
    }

    /// Whether there are no rows.
    public var isEmpty: Bool { rows.isEmpty }

    /// How wide it is when nothing is cut.
    public var width: Int { widths(within: nil).reduce(0, +) + gap * max(0, columns.count - 1) }

    /// The table as lines, each with its line end.
    ///
    /// - Parameters:
    ///   - terminal: Gives width, colours and ellipsis.
    ///   - channel: Where it will be written.
    /// - Returns: A line of titles, then one line a row.
    public func text(for terminal: Terminal, on channel: Terminal.Channel = .output) -> String {
        let widths = widths(within: terminal.isTerminal(channel) ? terminal.columns : nil)
        let ellipsis = terminal.showsUnicode ? "…" : "..."
        let titles = columns.map { Cell(Terminal.safe($0.title), .strong) }
        return ([titles] + rows).map { row in
            var line = ""
            // Blanks wait until something follows them, so that no line ends in them.
            var blanks = 0
            for (index, cell) in row.enumerated() {
                let shown = DisplayText.clipped(cell.text, to: widths[index], ellipsis: ellipsis)
                let room = widths[index] - DisplayText.width(shown)
                if columns[index].isNumeric { blanks += room }
                if !shown.isEmpty {
                    line += String(repeating: " ", count: blanks) + terminal.styled(shown, cell.style, on: channel)
                    blanks = 0
                }
                blanks += (columns[index].isNumeric ? 0 : room) + gap
            }
            return line + "\n"
        }.joined()
    }

    /// Takes off the widest text column, notes before others, until all fit or none can give more.
    private func widths(within limit: Int?) -> [Int] {
        var widths = columns.indices.map { index in
            rows.reduce(DisplayText.width(columns[index].title)) { max($0, DisplayText.width($1[index].text)) }
        }
        guard let limit else { return widths }
        var excess = widths.reduce(0, +) + gap * max(0, columns.count - 1) - limit
        while excess > 0 {
            let all = columns.indices.filter { !columns[$0].isNumeric && widths[$0] > leastWidth }
            let notes = all.filter { columns[$0].isNote }
            let candidates = notes.isEmpty ? all : notes
            guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
            let next = candidates.filter { $0 != widest }.map { widths[$0] }.max() ?? leastWidth
            // Down to the next widest at once: a cell of a million characters must not take a million turns.
            let step = min(excess, max(1, widths[widest] - max(next, leastWidth)))
            widths[widest] -= step
            excess -= step
        }
        return widths
    }
}
