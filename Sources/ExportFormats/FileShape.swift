/// What the first bytes of a file show, so that the platform it comes from can be recognised.
public struct FileShape: Sendable {
    /// What a file holds.
    public enum Kind: String, Sendable {
        /// One JSON value a line.
        case jsonLines
        /// One JSON object, or several behind each other.
        case jsonDocument
        /// A JSON array.
        case jsonArray
        /// Delimited rows.
        case csv
        /// XML.
        case xml
        /// None of these, or empty.
        case unknown
    }

    /// A member of the first JSON object.
    public struct Member: Sendable, Equatable {
        /// Its name.
        public let name: String
        /// Its value when that is a short text: `conversation.list`.
        public let text: String?
        /// Member names of its value, or of the first element of its value.
        public let keys: [String]
        /// Its value is an array.
        public let isArray: Bool
    }

    /// How it is packed.
    public internal(set) var compression = Compression.none
    /// How its text is encoded.
    public internal(set) var encoding = TextEncoding.utf8
    /// What it holds.
    public internal(set) var kind = Kind.unknown
    /// JSON: members of the first object, which is the first element where the file is an array.
    public internal(set) var members: [Member] = []
    /// CSV: the header as records will be keyed.
    public internal(set) var header: [String] = []
    /// CSV: how cells are divided.
    public internal(set) var dialect: CSVDialect?
    /// XML: name of the root element.
    public internal(set) var root: String?
    /// XML: name of the first element below the root.
    public internal(set) var child: String?

    /// A member of the first JSON object by its name.
    public func member(_ name: String) -> Member? { members.first { $0.name == name } }

    /// Looks at the first 256 kB of a file.
    ///
    /// - Parameter file: The file; it is decompressed on the way.
    /// - Returns: What could be seen; `.unknown` is no error.
    /// - Throws: `source/unreadable`, `source/encrypted`, `source/bomb`.
    public static func sniff(_ file: ExportFile) throws -> FileShape {
        var shape = try sniff(file.head(), name: file.displayName)
        shape.compression = file.compression
        return shape
    }

    /// Looks at the first bytes of a file, decompressed.
    ///
    /// - Parameters:
    ///   - bytes: From the start of the file.
    ///   - name: For messages.
    /// - Returns: What could be seen; `.unknown` is no error.
    /// - Throws: When the bytes cannot be read, which memory never refuses.
    public static func sniff(_ bytes: [UInt8], name: String) throws -> FileShape {
        var shape = FileShape()
        let source = try UnicodeSource(MemorySource(bytes), name: name)
        shape.encoding = source.encoding
        let window = InputWindow(source, target: bytes.count * 2 + 64, offset: 0)
        window.fill()
        let end = window.count
        var start = 0
        while start < end, Byte.isBlank(window.base[start]) || window.base[start] == Byte.recordSeparator { start += 1 }
        guard start < end else { return shape }
        switch window.base[start] {
        case Byte.openBrace, Byte.openBracket: shape.readJSON(window.base, start, end)
        case UInt8(ascii: "<"): shape.readXML(bytes, name: name)
        default: shape.readCSV(window.base, start, end)
        }
        return shape
    }

    private mutating func readJSON(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) {
        var at = start
        var scanner = ValueScanner(first: base[start])
        let isWhole = scanner.advance(base, &at, end, isAtEnd: true)
        let value = JSONSlice(base, start, isWhole ? at : end)
        var object = value
        if value.first == Byte.openBracket {
            kind = .jsonArray
            object = Self.firstElement(value) ?? value
        } else {
            let newline = ByteScan.find(Byte.newline, base, start, end)
            ByteScan.skipBlanks(base, &at, end)
            kind = isWhole && at < end && (newline ?? 0) >= value.end ? .jsonLines : .jsonDocument
        }
        object.forEachMember { key, value in
            guard members.count < 512 else { return }
            let isText = value.first == Byte.quote && value.raw.count <= 258
            members.append(
                Member(
                    name: key.name, text: isText ? value.text : nil, keys: Self.keys(value),
                    isArray: value.first == Byte.openBracket))
        }
    }

    private static func firstElement(_ array: JSONSlice) -> JSONSlice? {
        var first: JSONSlice?
        array.forEachElement { if first == nil { first = $0 } }
        return first
    }

    private static func keys(_ value: JSONSlice) -> [String] {
        let object = value.first == Byte.openBracket ? firstElement(value) : value
        var keys: [String] = []
        object?.forEachMember { key, _ in if keys.count < 512 { keys.append(key.name) } }
        return keys
    }

    private mutating func readCSV(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) {
        var start = start
        var delimiter = CSVDialect.detect(base, start, end)
        if let (named, next) = CSVDialect.named(base + start, end - start) {
            delimiter = named
            start += next
        }
        let dialect = CSVDialect(delimiter: delimiter, fallsBackToWindows1252: true)
        var row = CSVRow(base, start, end, isAtEnd: true, dialect: dialect)
        var names: [String] = []
        guard row.texts(&names) == .row, names.count > 1 || CSVDialect.looksLikeText(base, start, row.at) else {
            return
        }
        kind = .csv
        header = CSVHeader.unique(names)
        self.dialect = CSVDialect(delimiter: delimiter)
    }

    private mutating func readXML(_ bytes: [UInt8], name: String) {
        kind = .xml
        guard let names = try? XMLRecordReader.firstNames(MemorySource(bytes), name: name) else { return }
        root = names.root
        child = names.child
    }
}

extension CSVDialect {
    /// Whether a line could be the header of a single column: text, and not much of it.
    static func looksLikeText(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
        end - start <= 128 && !(start..<end).contains { base[$0] < 0x20 && !Byte.isBlank(base[$0]) }
    }
}
