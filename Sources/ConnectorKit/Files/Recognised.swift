internal import ConversationModel
public import ExportFormats

/// A file of an export and what its records are.
public struct RecognisedFile: Sendable {
    /// The file.
    public let file: ExportFile
    /// Its name as a person knows it.
    public var name: String { file.displayName }
    /// Its bytes, before decompression.
    public var size: Int { file.size }
    /// Names of the streams that its records belong to.
    public let streams: [String]
    /// Which delta of the location it is in; 0 is the complete set.
    public let generation: Int
    let format: ExportFormat
    /// For each record path of the format, the exports that its records may be.
    let candidates: [[Int]]
    let order: Int
    /// The passes in which the file is read.
    var phases: Set<ReadPhase> = []

    /// The pass in which the file is read last, and what is wrong with it is told.
    var lastPhase: ReadPhase { phases.max() ?? .people }
}

/// Tells which files of a location a platform gave.
struct Recogniser {
    let platform: Platform
    private let parser = try? JSONParser()

    init(platform: Platform) { self.platform = platform }

    /// What a file is; `nil` when the platform gives no such file.
    func recognise(_ file: ExportFile, _ shape: FileShape, generation: Int) -> RecognisedFile? {
        let name = file.name.lowercased()
        switch shape.kind {
        case .csv: return delimited(file, shape, name, generation)
        case .xml: return elements(file, shape, name, generation)
        case .jsonLines, .jsonDocument, .jsonArray:
            return json(file, shape, name, generation) ?? later(file, name, generation)
        default: return later(file, name, generation)
        }
    }

    private func exports(_ format: Recognition.Format) -> [(index: Int, recognition: Recognition)] {
        platform.connector.exports.enumerated().filter { $0.element.recognition.format == format }
            .map { ($0.offset, $0.element.recognition) }
    }

    private func made(
        _ file: ExportFile, _ generation: Int, _ format: ExportFormat, _ candidates: [[Int]]
    ) -> RecognisedFile {
        let all = candidates.flatMap(\.self)
        let entities = all.flatMap { platform.coders[$0].entities }
        var streams: [String] = []
        for index in all where !streams.contains(platform.connector.exports[index].name) {
            streams.append(platform.connector.exports[index].name)
        }
        let order = entities.compactMap { Entity.allCases.firstIndex(of: $0) }.max() ?? -1
        return RecognisedFile(
            file: file, streams: streams, generation: generation, format: format, candidates: candidates, order: order)
    }

    /// A file of JSON Lines whose first record is damaged is known by one of its next, or, where all are, by its name.
    private func later(_ file: ExportFile, _ name: String, _ generation: Int) -> RecognisedFile? {
        guard [".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz"].contains(where: name.hasSuffix),
            let head = try? file.head()
        else { return nil }
        var isDamaged = true
        for line in head.split(separator: UInt8(ascii: "\n")).prefix(50) {
            guard let parser, let text = String(validating: line, as: UTF8.self), let record = try? parser.parse(text),
                record.isObject
            else { continue }
            isDamaged = false
            if let shape = try? FileShape.sniff(Array(line), name: name),
                let known = json(file, shape, name, generation)
            {
                return known
            }
        }
        guard isDamaged,
            let export = exports(.json).first(where: { export in
                export.recognition.names.contains { name == $0 || name.hasPrefix($0 + ".") || name.hasPrefix($0 + "-") }
            })
        else { return nil }
        let paths = export.recognition.envelopes.map { RecordPath($0.keys) } + [[]]
        return made(file, generation, .json(paths: paths), paths.map { _ in [export.index] })
    }

    // MARK: JSON

    private func json(_ file: ExportFile, _ shape: FileShape, _ name: String, _ generation: Int) -> RecognisedFile? {
        let all = exports(.json)
        let direct = all.filter { isRecord($0.recognition, shape, name) }
        if !direct.isEmpty {
            // Records that mark themselves may lie mixed in one file.
            let marked = direct.contains { !$0.recognition.marks.isEmpty }
            let chosen = marked ? all.filter { !$0.recognition.marks.isEmpty }.map(\.index) : [best(direct, name)]
            return made(file, generation, .json(paths: [[]]), [chosen])
        }
        guard shape.kind != .jsonArray else { return nil }
        // What has an id of its own is a record, whatever lists it holds, unless it says otherwise.
        let hasID = shape.member("id") != nil
        var paths: [RecordPath] = []
        var candidates: [[Int]] = []
        for (index, recognition) in all where !hasID || recognition.wrapsRecords {
            if recognition.requiresName, !recognition.names.contains(where: { name.hasPrefix($0) }) { continue }
            for (path, isMap) in recognition.envelopes.map({ ($0, false) }) + recognition.maps.map({ ($0, true) }) {
                guard let first = path.keys.first, let member = shape.member(first),
                    isMap || fits(recognition, member, path, shape)
                else { continue }
                let record = RecordPath(path.keys, isMap: isMap)
                if let known = paths.firstIndex(of: record) {
                    candidates[known].append(index)
                } else {
                    paths.append(record)
                    candidates.append([index])
                }
            }
        }
        return paths.isEmpty ? nil : made(file, generation, .json(paths: paths), candidates)
    }

    /// Whether the first object of a file is a record of this export.
    private func isRecord(_ recognition: Recognition, _ shape: FileShape, _ name: String) -> Bool {
        if recognition.bareRequiresName, !recognition.names.contains(where: { name.hasPrefix($0) }) { return false }
        guard recognition.keys.allSatisfy({ shape.member($0) != nil }) else { return false }
        guard !recognition.foreignKeys.contains(where: { shape.member($0) != nil }) else { return false }
        return recognition.marks.allSatisfy { key, texts in
            shape.member(key)?.text.map { Recognition.says($0, texts) } ?? false
        }
            && !(recognition.keys.isEmpty && recognition.marks.isEmpty)
    }

    /// Whether what stands under a key of the first object can be records of this export.
    private func fits(
        _ recognition: Recognition, _ member: FileShape.Member, _ path: Path, _ shape: FileShape
    ) -> Bool {
        // Keys deeper in are not known from the first bytes; the records themselves tell.
        guard path.keys.count == 1 else {
            return !member.isArray && (member.keys.isEmpty || member.keys.contains(path.keys[1]))
        }
        guard !member.keys.isEmpty else { return member.isArray }
        return recognition.keys.allSatisfy { member.keys.contains($0) }
            && !recognition.foreignKeys.contains { member.keys.contains($0) }
            && recognition.marks.keys.allSatisfy { member.keys.contains($0) }
    }

    private func best(_ exports: [(index: Int, recognition: Recognition)], _ name: String) -> Int {
        let ranked = exports.max { a, b in rank(a.recognition, name) < rank(b.recognition, name) }
        return ranked?.index ?? 0
    }

    private func rank(_ recognition: Recognition, _ name: String) -> Int {
        (recognition.names.contains { name.hasPrefix($0) } ? 100 : 0) + recognition.keys.count
    }

    // MARK: CSV and XML

    private func delimited(_ file: ExportFile, _ shape: FileShape, _ name: String, _ generation: Int) -> RecognisedFile?
    {
        let plain = Set(shape.header.map { $0.lowercased() })
        let fitting = exports(.csv).filter { export in
            let header = export.recognition.columns.map { Set($0.names(shape.header)) } ?? plain
            if export.recognition.requiresName, !export.recognition.names.contains(where: { name.hasPrefix($0) }) {
                return false
            }
            return export.recognition.keys.allSatisfy { header.contains($0.lowercased()) }
                && !export.recognition.foreignKeys.contains { header.contains($0.lowercased()) }
        }
        guard !fitting.isEmpty else { return nil }
        let chosen = best(fitting, name)
        let recognition = platform.connector.exports[chosen].recognition
        let format = ExportFormat.csv(
            nil, columns: recognition.columns ?? ColumnNames(), keepsEmptyCells: recognition.keepsEmptyCells)
        return made(file, generation, format, [[chosen]])
    }

    private func elements(_ file: ExportFile, _ shape: FileShape, _ name: String, _ generation: Int) -> RecognisedFile?
    {
        let all = exports(.xml)
        // Where the first bytes do not show an element, as behind a document type that is refused, the name tells.
        let isNamed = shape.child == nil && all.contains { $0.recognition.names.contains(where: name.hasPrefix) }
        guard isNamed || all.contains(where: { $0.recognition.elements.contains(shape.child ?? "") }) else {
            return nil
        }
        let names = all.flatMap(\.recognition.elements)
        // A record's path is the place of its element's name.
        let candidates = names.map { name in all.filter { $0.recognition.elements.contains(name) }.map(\.index) }
        return made(file, generation, .xml(XMLRecords(elements: names)), candidates)
    }
}

extension Recognition {
    /// Names of CSV columns, where they have several spellings.
    var columns: ColumnNames? { spellings.isEmpty ? nil : ColumnNames(spellings) }

    /// Whether a text is one of a mark's, or begins as one of them that ends with `*`.
    static func says(_ text: String, _ marks: [String]) -> Bool {
        marks.contains { $0 == text || ($0.hasSuffix("*") && text.hasPrefix($0.dropLast())) }
    }
}

extension RecognisedFile {
    /// The export that one record belongs to.
    func export(of record: JSONView, path: PathIndex, in platform: Platform) -> Int? {
        let list = candidates[Int(path)]
        guard list.count > 1 else { return list.first }
        return list.first { index in
            let recognition = platform.connector.exports[index].recognition
            if !recognition.elements.isEmpty {
                guard let element = record.member("@element")?.scalarText else { return false }
                return recognition.elements.contains(element)
            }
            return recognition.marks.allSatisfy { key, texts in
                record.member(key)?.scalarText.map { Recognition.says($0, texts) } ?? false
            } && (!recognition.marks.isEmpty || recognition.keys.allSatisfy { record.member($0) != nil })
                && !recognition.foreignKeys.contains { record.member($0) != nil }
        }
    }
}
