public import ConversationModel
public import Diagnostics
internal import ExportFormats

/// The files of a location as a source of records: what is there, in which order it is read, and what was not recognised.
public struct FileSource: Sendable {
    /// The platform whose files these are.
    public let platform: Platform
    /// The location as a person wrote it.
    public let path: String
    /// Files in reading order: what others refer to comes first, complete sets before their deltas.
    public internal(set) var files: [RecognisedFile]
    /// Files that are not of this platform, and entries that were refused.
    public let findings: [Finding]
    /// Bytes of all recognised files, before decompression.
    public let bytes: Int
    /// Where contents of files lie, where they lie beside the records.
    public let contentFolders: [String]
    /// Whether files are read in every pass that they may need.
    public internal(set) var isExhaustive = false

    /// Lists a location and tells what each file is.
    ///
    /// - Throws: `source/unreadable` when it cannot be read, `source/unrecognised` when no file is of this platform.
    public init(_ platform: Platform, path: String) throws {
        self.platform = platform
        self.path = path
        let listing = try ExportFiles.list(path)
        var files: [RecognisedFile] = []
        var findings = listing.refused
        let recogniser = Recogniser(platform: platform)
        var folders: [String] = []
        let beside = platform.connector.filesBeside
        for file in listing.files where !beside.contains(file.name) {
            if let folder = Self.contentFolder(file.relativePath, platform) {
                let whole = (path.hasSuffix("/") ? String(path.dropLast()) : path) + "/" + folder
                if folders.last != whole, !folders.contains(whole) { folders.append(whole) }
                continue
            }
            let shape = try FileShape.sniff(file)
            if let known = recogniser.recognise(file, shape, generation: Self.generation(file.relativePath)) {
                files.append(known)
            } else if file.size > 0 {
                findings.append(
                    Finding(
                        "source/unrecognised", place: Place(file: file.displayName),
                        summary: "not a file that \(platform.connector.title) gives; left out"))
            }
        }
        guard !files.isEmpty || listing.files.allSatisfy({ $0.size == 0 || beside.contains($0.name) })
        else {
            throw MigrationError(
                "source/unrecognised", recovery: .fixConfiguration, place: Place(file: path),
                summary: "holds no file that \(platform.connector.title) gives (\(listing.files.count) looked at)",
                hint:
                    "'deskferry inspect \(path)' tells what they are; 'deskferry connectors \(platform.connector.name)' what is expected"
            )
        }
        self.files = files.enumerated().sorted {
            ($0.element.order, $0.element.generation, $0.offset) < ($1.element.order, $1.element.generation, $1.offset)
        }.map { _, file in
            var file = file
            file.phases = Self.phases(of: file, platform)
            return file
        }
        self.findings = findings
        contentFolders = folders
        bytes = files.reduce(0) { $0 + $1.file.size }
    }

    /// The folder of contents that a file lies in, below the location.
    private static func contentFolder(_ relativePath: String, _ platform: Platform) -> String? {
        guard case .directory(let name) = platform.connector.contents else { return nil }
        let folders = relativePath.split(separator: "/").dropLast()
        return folders.last.map(String.init) == name ? folders.joined(separator: "/") : nil
    }

    /// The delta directory that a file lies in: 3 for `delta-0003/tickets.jsonl`; 0 outside of any.
    private static func generation(_ relativePath: String) -> Int {
        for part in relativePath.split(separator: "/").dropLast() where part.hasPrefix("delta-") {
            return Int(part.dropFirst(6)) ?? 0
        }
        return 0
    }
}

/// A record that was not read, with its place and reason.
public struct RejectedRecord: Sendable, Equatable {
    /// Name of its kind, or of the stream where that is not known.
    public let entity: String
    /// Its id, where that could be read.
    public let id: String?
    /// File, line and byte.
    public let place: Place
    /// What is wrong with it.
    public let reason: String
}

/// What a worker noticed in the records of a batch beside the records themselves.
public struct SourceNotes: Sendable {
    /// Records that could be read, also those that nothing is kept of.
    public var recordsRead = 0
    /// Records of streams that are known and not kept, by the index of their export.
    public var ignoredByExport: [Int: Int] = [:]
    /// Records of streams that are known and not kept.
    public var ignored: Int { ignoredByExport.values.reduce(0, +) }
    /// Records that were read as parts of others.
    public var partsRead = 0
    /// Records that were put aside and have found their parent, by number.
    public var claimed: [Int] = []
    /// Whether a file held records that its beginning did not announce; it must be read again in all passes.
    public var isDeceived = false
    /// Records that could not be read.
    public var rejected: [RejectedRecord] = []
    /// Fields that no binding holds, as losses under `extras.`.
    public var unbound = LossTally()
    /// Values that no table holds: field and value, with their number.
    public var unknownValues: [UnknownValue: Int] = [:]
    /// Authors that no record describes.
    public var danglingAuthors = 0
    /// Ids of a few of them.
    public var danglingExamples: [String] = []
    /// What a person should know of single records: contents that are damaged.
    public var findings: [Finding] = []
    /// Logins that people records of this batch gave, and whose they are.
    public var logins: [(login: String, id: String)] = []
    /// Records that came incomplete: index of the ceiling, number, and an example's id.
    public var incomplete: [Int: (count: Int, example: String)] = [:]
    /// Records that were found, by file and stream; records that cannot be read are not among them.
    public var found: [FileStream: Int] = [:]
    /// Records of a file under a ceiling that counts them.
    public var rows: [FileRows: Int] = [:]
    /// Pages that name a next one and pages that do not.
    public var pages: [PageSet: (more: Int, last: Int)] = [:]

    /// Pages that belong together.
    public struct PageSet: Hashable, Sendable {
        /// Index of the ceiling.
        public let ceiling: Int
        /// The record whose parts they hold, where the files' paths say it.
        public let of: String
    }

    /// One stream of records in one file.
    public struct FileStream: Hashable, Sendable {
        /// Index of the file among those of the source.
        public let file: Int
        /// Index of the export that its records belong to.
        public let export: Int
    }

    /// A file and the ceiling that counts its records.
    public struct FileRows: Hashable, Sendable {
        /// File as a person knows it.
        public let file: String
        /// Index of the ceiling.
        public let ceiling: Int
    }

    /// A value that no table holds.
    public struct UnknownValue: Hashable, Sendable {
        /// The kind of record and the path of the field.
        public let field: String
        /// The value.
        public let value: String
    }

    /// Creates empty notes.
    public init() {}

    /// Adds what another batch noted.
    public mutating func merge(_ other: SourceNotes) {
        recordsRead += other.recordsRead
        ignoredByExport.merge(other.ignoredByExport, uniquingKeysWith: +)
        partsRead += other.partsRead
        isDeceived = isDeceived || other.isDeceived
        rejected += other.rejected
        unbound.merge(other.unbound)
        // The first hundred say what there is to say.
        findings += other.findings.prefix(max(0, 100 - findings.count))
        unknownValues.merge(other.unknownValues, uniquingKeysWith: +)
        danglingAuthors += other.danglingAuthors
        for id in other.danglingExamples where danglingExamples.count < 3 && !danglingExamples.contains(id) {
            danglingExamples.append(id)
        }
        found.merge(other.found, uniquingKeysWith: +)
        rows.merge(other.rows, uniquingKeysWith: +)
        incomplete.merge(other.incomplete) { ($0.count + $1.count, $0.example) }
        pages.merge(other.pages) { ($0.more + $1.more, $0.last + $1.last) }
    }
}
