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
    /// What speaks for it being a file of the platform.
    public internal(set) var evidence: Evidence
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
    /// By export: the keys that its records may have.
    private let keys: [Set<String>]

    init(platform: Platform) {
        self.platform = platform
        keys = platform.connector.exports.indices.map { index in
            let keys = platform.keys(of: index)
            guard platform.connector.exports[index].recognition.format == .csv else { return keys }
            return Set(keys.map { $0.lowercased() })
        }
    }

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
        _ file: ExportFile, _ generation: Int, _ format: ExportFormat, _ candidates: [[Int]],
        _ evidence: Evidence
    ) -> RecognisedFile {
        let all = candidates.flatMap(\.self)
        let entities = all.flatMap { platform.coders[$0].entities }
        var streams: [String] = []
        for index in all where !streams.contains(platform.connector.exports[index].name) {
            streams.append(platform.connector.exports[index].name)
        }
        let order = entities.compactMap { Entity.allCases.firstIndex(of: $0) }.max() ?? -1
        return RecognisedFile(
            file: file, streams: streams, generation: generation, evidence: evidence, format: format,
            candidates: candidates, order: order)
    }

    /// What speaks for a file being one of an export: of a record that was seen, its keys.
    ///
    /// The fixed text of a record in an envelope is not read, so such a record does not say by itself what it is.
    private func evidence(
        _ basis: Evidence.Basis, _ index: Int, _ name: String, keys record: [String] = [], isElement: Bool = false,
        isEnveloped: Bool = false
    ) -> Evidence {
        let export = platform.connector.exports[index]
        let isMarked = basis == .record && !export.recognition.marks.isEmpty
        let isNamed = export.recognition.names.contains { name.hasPrefix($0) }
        let isKept = export.records.reasonToIgnore == nil
        return Evidence(
            basis: basis, export: isMarked && isEnveloped && !isNamed ? nil : index, keys: record.count,
            known: record.count { keys[index].contains($0) }, isMarked: isElement || (isMarked && !isEnveloped),
            isEnveloped: isEnveloped, isNamed: isNamed,
            discount: (isKept ? 1 : 0.5) * (export.isBestEffort ? 0.75 : 1))
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
                var known = json(file, shape, name, generation)
            {
                known.evidence.discount *= 0.5
                return known
            }
        }
        guard isDamaged,
            let export = exports(.json).first(where: { export in
                export.recognition.names.contains { name == $0 || name.hasPrefix($0 + ".") || name.hasPrefix($0 + "-") }
            })
        else { return nil }
        let paths = export.recognition.envelopes.map { RecordPath($0.keys) } + [[]]
        return made(
            file, generation, .json(paths: paths), paths.map { _ in [export.index] },
            evidence(.name, export.index, name))
    }

    // MARK: JSON

    private func json(_ file: ExportFile, _ shape: FileShape, _ name: String, _ generation: Int) -> RecognisedFile? {
        let all = exports(.json)
        let direct = all.filter { isRecord($0.recognition, shape, name) }
        if !direct.isEmpty {
            // Records that mark themselves may lie mixed in one file.
            let marked = direct.contains { !$0.recognition.marks.isEmpty }
            let first = best(marked ? direct.filter { !$0.recognition.marks.isEmpty } : direct, name)
            let chosen = marked ? all.filter { !$0.recognition.marks.isEmpty }.map(\.index) : [first]
            return made(
                file, generation, .json(paths: [[]]), [chosen],
                evidence(.record, first, name, keys: shape.members.map(\.name)))
        }
        guard shape.kind != .jsonArray else { return nil }
        // What has an id of its own is a record, whatever lists it holds, unless it says otherwise.
        let hasID = shape.member("id") != nil
        var paths: [RecordPath] = []
        var candidates: [[Int]] = []
        var met: [Evidence] = []
        for (index, recognition) in all where !hasID || recognition.wrapsRecords {
            if recognition.requiresName, !recognition.names.contains(where: { name.hasPrefix($0) }) { continue }
            for (path, isMap) in recognition.envelopes.map({ ($0, false) }) + recognition.maps.map({ ($0, true) }) {
                guard let first = path.keys.first, let member = shape.member(first),
                    isMap || fits(recognition, member, path, shape)
                else { continue }
                let record = RecordPath(path.keys, isMap: isMap)
                let keys = isMap || path.keys.count > 1 ? [] : member.keys
                met.append(
                    evidence(keys.isEmpty ? .envelope : .record, index, name, keys: keys, isEnveloped: true))
                if let known = paths.firstIndex(of: record) {
                    candidates[known].append(index)
                } else {
                    paths.append(record)
                    candidates.append([index])
                }
            }
        }
        guard let best = met.max(by: { $0.weight < $1.weight }) else { return nil }
        return made(file, generation, .json(paths: paths), candidates, best)
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
        let header = (recognition.columns?.names(shape.header) ?? shape.header).map { $0.lowercased() }
        return made(file, generation, format, [[chosen]], evidence(.record, chosen, name, keys: header))
    }

    private func elements(_ file: ExportFile, _ shape: FileShape, _ name: String, _ generation: Int) -> RecognisedFile?
    {
        let all = exports(.xml)
        let names = all.flatMap(\.recognition.elements)
        let first = all.first { $0.recognition.elements.contains(shape.child ?? "") }
        // Where the first bytes do not show an element, as behind a document type that is refused, the name tells.
        let named = shape.child == nil ? all.first { $0.recognition.names.contains(where: name.hasPrefix) } : nil
        guard let likely = first ?? named else { return nil }
        // A record's path is the place of its element's name.
        let candidates = names.map { name in all.filter { $0.recognition.elements.contains(name) }.map(\.index) }
        return made(
            file, generation, .xml(XMLRecords(elements: names)), candidates,
            evidence(first == nil ? .name : .record, likely.index, name, isElement: first != nil))
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
