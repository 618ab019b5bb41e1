/// A report as a value: what HTML, JSON and CSV are made of, so that their figures are the same.
public struct ReportDocument: Sendable {
    /// Which report it is: `plan`, `inspect`, `migrate`, `sync`, `verify`.
    public var kind: String
    /// Language of its texts.
    public var language: Language
    /// Heading.
    public var title: String
    /// One sentence that says it all.
    public var verdict: String
    /// What the verdict means.
    public var tone: Tone
    /// The exit code of the command.
    public var exit: Int
    /// When it was made, ISO 8601.
    public var madeAt: String
    /// Labels and values of the heading: source, destination, mapping.
    public var facts: [ReportFact]
    /// What it says, in order.
    public var sections: [ReportSection]
    /// Records with their changes, for looking through.
    public var changes: ChangeList?
    /// Conversations for looking at, before and after.
    public var threads: [ThreadPair]
    /// Names of custom fields by their key.
    public var fieldNames: [String: String] = [:]

    /// Creates a report without sections.
    public init(
        kind: String, language: Language, title: String, verdict: String, tone: Tone, exit: Int, madeAt: String,
        facts: [ReportFact] = [], sections: [ReportSection] = [], changes: ChangeList? = nil,
        threads: [ThreadPair] = []
    ) {
        self.kind = kind
        self.language = language
        self.title = title
        self.verdict = verdict
        self.tone = tone
        self.exit = exit
        self.madeAt = madeAt
        self.facts = facts
        self.sections = sections
        self.changes = changes
        self.threads = threads
    }
}

/// What a value means to the reader; the colour follows, never alone.
public enum Tone: String, Sendable, CaseIterable {
    /// Well.
    case good
    /// Someone should look.
    case warn
    /// Wrong.
    case bad
    /// Nothing special.
    case plain
}

/// A line of the heading.
public struct ReportFact: Sendable, Equatable {
    /// Key in JSON and CSV.
    public let id: String
    /// What the reader sees.
    public let label: String
    /// The value.
    public let value: ReportValue

    /// Creates a fact.
    public init(_ id: String, _ label: String, _ value: ReportValue) {
        self.id = id
        self.label = label
        self.value = value
    }
}

/// A value with its kind, so that each format writes it in its own way.
public enum ReportValue: Sendable, Equatable {
    /// Text of this report.
    case text(String)
    /// Text from outside: names, subjects, ids; its direction is its own.
    case foreign(String)
    /// Ids, paths, hashes.
    case code(String)
    /// A count.
    case count(Int)
    /// A share from 0 to 1.
    case share(Double)
    /// Bytes.
    case bytes(Int)
    /// A span of time.
    case seconds(Double)
    /// A moment, ISO 8601.
    case moment(String)
    /// Nothing.
    case none
}

/// One part of a report, with a heading.
public struct ReportSection: Sendable {
    /// Anchor and key.
    public let id: String
    /// Heading.
    public let title: String
    /// What the reader is looking at.
    public let intro: String?
    /// The content.
    public let blocks: [ReportBlock]

    /// Creates a section.
    public init(_ id: String, _ title: String, intro: String? = nil, _ blocks: [ReportBlock]) {
        self.id = id
        self.title = title
        self.intro = intro
        self.blocks = blocks
    }
}

/// A piece of a section.
public enum ReportBlock: Sendable {
    /// Large figures.
    case tiles([ReportTile])
    /// Rows under titles.
    case table(ReportTable)
    /// A long table that is opened when wanted.
    case folded(String, ReportTable)
    /// Values of the source and what they become.
    case flow(FlowChart)
    /// Bars in order.
    case bars(BarChart)
    /// Counts by row and column, shaded.
    case heat(HeatMap)
    /// A sentence that stands out.
    case notice(Tone, String)
    /// The list of records with changes.
    case changes
    /// The viewer of conversations.
    case threads
    /// Places to sign.
    case signatures([String], statement: String)
}

extension ReportBlock {
    /// The drawing, where it is one.
    var flow: FlowChart? { if case .flow(let chart) = self { chart } else { nil } }

    /// The table, where it is so narrow that another fits beside it.
    var narrowTable: ReportTable? {
        guard case .table(let table) = self, table.columns.count < 4, !table.rows.isEmpty,
            table.columns.dropFirst().allSatisfy(\.isNumeric)
        else { return nil }
        return table
    }
}

/// A large figure.
public struct ReportTile: Sendable, Equatable {
    /// Key in JSON and CSV.
    public let id: String
    /// What is counted.
    public let label: String
    /// The figure.
    public let value: ReportValue
    /// What it means.
    public let tone: Tone
    /// A second line.
    public let note: String?

    /// Creates a tile.
    public init(_ id: String, _ label: String, _ value: ReportValue, _ tone: Tone = .plain, note: String? = nil) {
        self.id = id
        self.label = label
        self.value = value
        self.tone = tone
        self.note = note
    }
}

/// Rows under titles.
public struct ReportTable: Sendable {
    /// A column.
    public struct Column: Sendable, Equatable {
        /// Key in JSON and CSV.
        public let id: String
        /// What the reader sees.
        public let title: String
        /// Whether values stand at the end of the cell, as numbers do.
        public let isNumeric: Bool

        /// Creates a column.
        public init(_ id: String, _ title: String, isNumeric: Bool = false) {
            self.id = id
            self.title = title
            self.isNumeric = isNumeric
        }
    }

    /// A value and what it means.
    public struct Cell: Sendable, Equatable {
        /// The value.
        public let value: ReportValue
        /// What it means.
        public let tone: Tone

        /// Creates a cell.
        public init(_ value: ReportValue, _ tone: Tone = .plain) {
            self.value = value
            self.tone = tone
        }
    }

    /// A row; its key is the same in every language.
    public struct Row: Sendable, Equatable {
        /// Key in JSON and CSV.
        public let id: String
        /// One cell a column.
        public let cells: [Cell]

        /// Creates a row.
        public init(_ id: String, _ cells: [Cell]) {
            self.id = id
            self.cells = cells
        }
    }

    /// Key in JSON and CSV.
    public let id: String
    /// What the rows are, for the reader.
    public let caption: String
    /// The columns.
    public let columns: [Column]
    /// The rows that are shown.
    public let rows: [Row]
    /// How many there are in all.
    public let total: Int
    /// What stands in place of rows when there are none.
    public let whenEmpty: String

    /// Creates a table; `total` is the number of rows unless more were left out.
    public init(
        _ id: String, _ caption: String, _ columns: [Column], _ rows: [Row], total: Int? = nil, whenEmpty: String = ""
    ) {
        self.id = id
        self.caption = caption
        self.columns = columns
        self.rows = rows
        self.total = total ?? rows.count
        self.whenEmpty = whenEmpty
    }
}

/// Values of the source on the left, what they become on the right.
public struct FlowChart: Sendable, Equatable {
    /// So many records go from one value to another.
    public struct Link: Sendable, Equatable {
        /// Key of the value at the source; empty for none.
        public let from: String
        /// Key of the value at the destination; empty for none.
        public let to: String
        /// Records.
        public let count: Int

        /// Creates a link.
        public init(_ from: String, _ to: String, _ count: Int) {
            self.from = from
            self.to = to
            self.count = count
        }
    }

    /// Key in JSON and CSV.
    public let id: String
    /// What flows.
    public let title: String
    /// The links.
    public let links: [Link]
    /// What the reader sees for each value.
    public let names: [String: String]
    /// Values in the order in which each side shows them.
    public let order: [String]

    /// Creates a chart.
    public init(_ id: String, _ title: String, _ links: [Link], names: [String: String], order: [String]) {
        self.id = id
        self.title = title
        self.links = links
        self.names = names
        self.order = order
    }
}

/// Bars in order, such as months.
public struct BarChart: Sendable, Equatable {
    /// One bar.
    public struct Bar: Sendable, Equatable {
        /// What stands below it.
        public let label: String
        /// Its height.
        public let value: Int

        /// Creates a bar.
        public init(_ label: String, _ value: Int) {
            self.label = label
            self.value = value
        }
    }

    /// Key in JSON and CSV.
    public let id: String
    /// What is counted.
    public let title: String
    /// Title of the labels.
    public let labelTitle: String
    /// Title of the values.
    public let valueTitle: String
    /// The bars in order.
    public let bars: [Bar]
    /// Whether values are spans of time, in milliseconds.
    public let isDuration: Bool

    /// Creates a chart.
    public init(
        _ id: String, _ title: String, labelTitle: String, valueTitle: String, _ bars: [Bar], isDuration: Bool = false
    ) {
        self.id = id
        self.title = title
        self.labelTitle = labelTitle
        self.valueTitle = valueTitle
        self.bars = bars
        self.isDuration = isDuration
    }
}

/// Counts by row and column; the shade says how large a share of its base a count is.
public struct HeatMap: Sendable, Equatable {
    /// One row.
    public struct Row: Sendable, Equatable {
        /// Key in JSON and CSV.
        public let id: String
        /// What rows beside each other share, such as the kind of record.
        public let group: String
        /// What the reader sees.
        public let label: String
        /// One count a column.
        public let counts: [Int]
        /// Of how many values; 0 when not known.
        public let base: Int

        /// Creates a row.
        public init(_ id: String, _ group: String, _ label: String, _ counts: [Int], of base: Int) {
            self.id = id
            self.group = group
            self.label = label
            self.counts = counts
            self.base = base
        }
    }

    /// Key in JSON and CSV.
    public let id: String
    /// What is counted.
    public let title: String
    /// Keys and titles of the columns.
    public let columns: [ReportTable.Column]
    /// The rows.
    public let rows: [Row]

    /// Creates a heat map.
    public init(_ id: String, _ title: String, columns: [ReportTable.Column], rows: [Row]) {
        self.id = id
        self.title = title
        self.columns = columns
        self.rows = rows
    }
}
