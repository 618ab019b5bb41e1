public import ConversationModel

/// A platform as a value: its files, how their records correspond to the neutral model, and what it can hold.
public struct Connector: Sendable {
    /// Name in locations: `zendesk:export/`.
    public let name: String
    /// Name for people.
    public let title: String
    /// What a person should know about its exports, one sentence.
    public let summary: String
    /// The files that the platform gives or takes.
    public let exports: [Export]
    /// Limits and conventions that its bindings do not say.
    public let capabilities: Capabilities
    /// Ceilings at which a source stops without saying so.
    public let ceilings: [Ceiling]
    /// File that lists what was written, with counts and hashes; `nil` for platforms, which have none.
    public let manifest: String?
    /// Where exports hold the content of files; `nil` where only references are exported.
    public let contents: Contents?

    /// Creates a connector.
    public init(
        name: String, title: String, summary: String, exports: [Export], capabilities: Capabilities,
        ceilings: [Ceiling],
        manifest: String? = nil, contents: Contents? = nil
    ) {
        self.manifest = manifest
        self.contents = contents
        self.name = name
        self.title = title
        self.summary = summary
        self.exports = exports
        self.capabilities = capabilities
        self.ceilings = ceilings
    }
}

extension Connector {
    /// Names of files that hold no records and only tell of others.
    var filesBeside: Set<String> { Set([manifest].compactMap(\.self) + exports.flatMap(\.guides).map(\.name)) }
}

/// One kind of file that a platform gives or takes.
public struct Export: Sendable {
    /// Name of the stream: `tickets`.
    public let name: String
    /// How its files and records are told from others.
    public let recognition: Recognition
    /// What a record is.
    public let records: RecordBinding
    /// The file it is written to; `nil` for files that are only read.
    public let output: OutputFile?
    /// Whether this form is a best effort, never seen from the vendor itself.
    public let isBestEffort: Bool
    /// Records of other exports that belong to these.
    public let joins: [Join]
    /// Files beside the one that is written, which tell an importer how to take it.
    public let guides: [Guide]
    /// Which conversations are written here rather than to the first export of conversations; `nil` for none.
    public let takes: (@Sendable (Conversation) -> Bool)?

    /// Creates an export.
    ///
    /// - Parameters:
    ///   - name: Name of the stream.
    ///   - recognition: How its files and records are told from others.
    ///   - records: What a record is.
    ///   - output: The file it is written to.
    ///   - joins: Records of other exports that belong to these.
    ///   - guides: Files beside the one that is written, which tell an importer how to take it.
    ///   - isBestEffort: Whether this form was never seen from the vendor itself.
    ///   - takes: Which conversations are written here rather than to the first export of conversations.
    public init(
        _ name: String, _ recognition: Recognition, _ records: RecordBinding, output: OutputFile?,
        joins: [Join] = [], guides: [Guide] = [], isBestEffort: Bool = false,
        takes: (@Sendable (Conversation) -> Bool)? = nil
    ) {
        self.takes = takes
        self.joins = joins
        self.guides = guides
        self.name = name
        self.recognition = recognition
        self.records = records
        self.output = output
        self.isBestEffort = isBestEffort
    }
}

/// A file beside an export's own that tells an importer how to take it: which column is which property.
///
/// It is made when the file is whole, because only then all columns are known, and passed over when files are read.
public struct Guide: Sendable {
    /// File name: `tickets.import.json`.
    public let name: String
    /// What stands in it, by the columns of the file in their order; `nil` where there is nothing to tell.
    let content: @Sendable (_ columns: [String]) -> JSONValue?

    /// Creates a guide.
    ///
    /// - Parameters:
    ///   - name: File name.
    ///   - content: What stands in it, by the columns of the file in their order.
    public init(_ name: String, _ content: @escaping @Sendable (_ columns: [String]) -> JSONValue?) {
        self.name = name
        self.content = content
    }
}

/// How the files and records of an export are told from others.
public struct Recognition: Sendable {
    /// The kinds of file that an export comes as.
    public enum Format: Sendable, Hashable, CaseIterable { case json, csv, xml }

    /// The kind of file.
    public var format: Format
    /// Beginnings of file names, lower case; a hint where content does not tell.
    public var names: [String]
    /// Whether a file counts only when its name begins as ``names`` say.
    public var requiresName: Bool
    /// Whether this is so for records without an envelope alone, as an envelope's key tells by itself.
    public var bareRequiresName: Bool
    /// Paths under which records stand in an envelope: `tickets`; a single record's own key counts too: `ticket`.
    public var envelopes: [Path]
    /// Paths of envelopes whose members are the records: `docs`.
    public var maps: [Path]
    /// Keys that every record has: JSON members, CSV columns, or XML child elements.
    public var keys: [String]
    /// Keys that no record of this export has, to tell likenesses apart.
    public var foreignKeys: [String]
    /// Members with a fixed text: `type` is `conversation`, or begins with one: `kobject.*`.
    public var marks: [String: [String]]
    /// Names of the XML elements that are records.
    public var elements: [String]
    /// CSV: other spellings of columns, by the column's name; where there are any, letters compare without case.
    public var spellings: [String: [String]]
    /// Whether an object with an id of its own may be an envelope: an event that reports a record.
    public var wrapsRecords: Bool
    /// CSV: whether an empty cell is told from a column that is not there.
    public var keepsEmptyCells: Bool

    /// Creates a recognition; what is not named does not matter.
    public init(
        _ format: Format = .json, names: [String] = [], envelopes: [Path] = [], maps: [Path] = [], keys: [String] = [],
        foreignKeys: [String] = [], marks: [String: [String]] = [:], elements: [String] = [],
        spellings: [String: [String]] = [:], requiresName: Bool = false, bareRequiresName: Bool = false,
        wrapsRecords: Bool = false, keepsEmptyCells: Bool = true
    ) {
        self.bareRequiresName = requiresName || bareRequiresName
        self.wrapsRecords = wrapsRecords
        self.keepsEmptyCells = keepsEmptyCells
        self.requiresName = requiresName
        self.spellings = spellings
        self.format = format
        self.names = names
        self.envelopes = envelopes
        self.maps = maps
        self.keys = keys
        self.foreignKeys = foreignKeys
        self.marks = marks
        self.elements = elements
    }
}

/// What a record of an export is.
public indirect enum RecordBinding: Sendable {
    case field(Binding<FieldDefinition>)
    case team(Binding<Team>)
    case agent(Binding<Agent>)
    case company(Binding<Company>)
    case contact(Binding<Contact>)
    case conversation(Binding<Conversation>)
    /// Records of two kinds in one file, told apart by a value: users by role.
    ///
    /// - Parameters:
    ///   - key: Key of the value.
    ///   - values: Texts that mean the first kind.
    ///   - then: What those records are.
    ///   - otherwise: What all others are.
    case split(key: String, values: [String], then: RecordBinding, otherwise: RecordBinding)
    /// Records that are only ever read as parts of others, which join them.
    case part
    /// Records that together make one: a chat that is given once a session.
    ///
    /// What becomes of them is an object with the list of all records of one key, under `#records`. A record that stands
    /// twice in a group, by its own id under `each`, is taken once, as it came last.
    case grouped(by: Path, each: Path = [], RecordBinding)
    /// Records that are known and hold nothing that the model keeps: memberships, metrics.
    case ignored(reason: String)
}

extension RecordBinding {
    /// In a split's values: any text at all, and any list that is not empty.
    public static let anything = "*"

    /// Records of two kinds in one file, told apart by whether they say anything under some keys.
    public static func told(by keys: [String], then: RecordBinding, otherwise: RecordBinding) -> RecordBinding {
        keys.reversed().reduce(otherwise) { .split(key: $1, values: [anything], then: then, otherwise: $0) }
    }

    /// Why records of this kind are not kept; `nil` where they are.
    public var reasonToIgnore: String? {
        switch self {
        case .ignored(let reason): reason
        case .split(_, _, let then, let otherwise): then.reasonToIgnore ?? otherwise.reasonToIgnore
        case .grouped(_, _, let records): records.reasonToIgnore
        default: nil
        }
    }

    /// Whether a value is one of a split's.
    static func says(_ view: JSONView?, _ values: [String]) -> Bool {
        guard let view else { return false }
        if view.isArray { return view.elementCount > 0 && values.contains(anything) }
        guard let text = JoinPlan.text(view) else { return false }
        return values.contains(text) || (!text.isEmpty && values.contains(anything))
    }
}

/// The file that records of an export are written to.
public struct OutputFile: Sendable, Hashable {
    /// How records are laid into a file.
    public enum Form: Sendable, Hashable {
        /// One record a line.
        case lines
        /// One envelope with the records under a key and a count beside it where the platform gives one.
        case envelope(key: String, count: String?)
        /// Comma-separated values with these columns first.
        case csv(columns: [String])
        /// Elements below a root element.
        case xml(root: String)
    }

    /// File name: `tickets.jsonl`.
    public let name: String
    /// How records are laid into it.
    public let form: Form
    /// Creates an output file.
    public init(_ name: String, _ form: Form) {
        self.name = name
        self.form = form
    }
}

/// A point at which a source silently stops; reaching it makes the run incomplete.
public struct Ceiling: Sendable {
    /// What is looked at.
    public enum Measure: Sendable {
        /// A record whose source says more children than it gives: paths of the count and of the list.
        case countBeyondList(count: Path, list: Path)
        /// Pages of which none is the last: path of what names a next page, and of what says that this is the end.
        case morePages(Path, unless: Path?)
        /// Pages of which none has fewer records than fit on one, where each names a next one: path of the count.
        case fullPages(Path, of: Int)
        /// Records that lack a list which whole records always have, and every other that says the same.
        case missing(Path, orElse: [Path] = [])
        /// Records that say themselves that something is kept from them: path of what says so.
        case says(Path)
        /// Every record of this export.
        case always
        /// Every record of this export where the source has no record of another that belongs to such; a record that has
        /// a value under the path is whole.
        case alone(without: String, unless: Path?)
        /// A file with exactly as many records as an export gives at most.
        case fullFile(Int)
    }

    /// Name of the export it concerns.
    public let export: String
    /// What is looked at.
    public let measure: Measure
    /// What a person is told.
    public let reason: String
    /// The other way to get the rest.
    public let remedy: String

    /// Creates a ceiling.
    public init(_ export: String, _ measure: Measure, reason: String, remedy: String) {
        self.export = export
        self.measure = measure
        self.reason = reason
        self.remedy = remedy
    }
}
