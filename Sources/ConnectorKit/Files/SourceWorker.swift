public import ConversationModel
internal import Diagnostics
internal import ExportFormats

/// Where a record was read, and what of it identifies its content.
public struct SourcePlace: Sendable {
    /// File as a person knows it.
    public let file: String
    /// Line, from 1.
    public let line: Int
    /// Byte of the decompressed file.
    public let byte: Int
    /// Which complete set or delta it stands in.
    public let generation: Int
    /// Length of the record in bytes.
    public let bytes: Int
    /// Whether the record was put together from parts that stand loose.
    public let isGroup: Bool

    /// The place of records that no file holds: people that only other records name.
    public static let nowhere = SourcePlace(
        file: "", line: 0, byte: 0, generation: 0, bytes: 0, isGroup: false)
}

/// Turns batches of a source into neutral records; one object a worker, used by one task at a time.
public final class SourceWorker {
    private let platform: Platform
    private let parser: JSONParser
    private let run: Decoding
    private let keepsExtras: Bool
    private let assembler: Assembler?
    private let contentFolders: [String]
    /// By export: the ceiling that counts the records of a file.
    private let fileCeilings: [Int: Int]
    private var recentlyKnown = [UInt64](repeating: 0, count: 65536)
    /// By export: records that the batch at hand holds.
    private var found: [Int] = []

    /// Creates a worker.
    ///
    /// - Parameters:
    ///   - platform: The platform whose records are read.
    ///   - keepsExtras: Whether fields that no binding holds are kept with the record, or only counted.
    ///   - skipsTextBesideHTML: Whether plain text of entries that have HTML is not wanted.
    ///   - people: People by id, where records before these named them.
    ///   - children: Records that belong to others.
    ///   - contents: Takes the contents of files.
    ///   - contentFolders: Where contents lie as files, where they do.
    /// - Throws: When there is no memory for a parser.
    public init(
        _ platform: Platform, keepsExtras: Bool, skipsTextBesideHTML: Bool = false, people: any PeopleLookup,
        children: ChildStore? = nil, contents: ContentStore? = nil, contentFolders: [String] = []
    ) throws {
        assembler = try children.map { try Assembler($0) }
        self.contentFolders = contentFolders
        var fileCeilings: [Int: Int] = [:]
        for (index, ceiling) in platform.connector.ceilings.enumerated() {
            guard case .fullFile = ceiling.measure,
                let export = platform.connector.exports.firstIndex(where: { $0.name == ceiling.export })
            else { continue }
            fileCeilings[export] = index
        }
        self.fileCeilings = fileCeilings
        self.platform = platform
        self.keepsExtras = keepsExtras
        parser = try JSONParser()
        run = Decoding(connector: platform.connector.name, keepsExtras: keepsExtras, people: people)
        run.skipsTextBesideHTML = skipsTextBesideHTML
        run.pieces = assembler
        run.contents = contents
    }

    /// Puts the records of a batch aside that belong to others.
    public func stage(_ batch: SourceBatch) -> (children: StagedChildren, notes: SourceNotes) {
        var staged = StagedChildren()
        var notes = SourceNotes()
        var ofFile: [Int: [String]] = [:]
        resetFound()
        guard case .file(let records, let file, let number) = batch.content else { return (staged, notes) }
        records.bytes.withBytes { bytes in
            for span in records.records {
                let text = UnsafeBufferPointer(rebasing: bytes[span.offset..<(span.offset + span.count)])
                guard let view = try? parser.parse(text),
                    let export = file.export(of: view, path: span.path, in: platform)
                else { continue }
                guard platform.joins.isChild[export] else {
                    notes.isDeceived = notes.isDeceived || !file.phases.contains(platform.phase(of: export))
                    continue
                }
                notes.partsRead += 1
                found[export] += 1
                countRow(export, records.file, &notes)
                let relations = platform.joins.filed[export]
                let keys = relations.flatMap { relation in
                    var said = JoinPlan.keys(view, at: platform.joins.relations[relation].by)
                    if said.isEmpty { said = numbers(file, relation, &ofFile) }
                    return said.map { (relation, $0) }
                }
                let id = JoinPlan.id(view, at: platform.joins.relations[relations[0]].id)
                staged.add(
                    text, export: export, generation: file.generation, file: number, line: span.line, byte: span.byte,
                    id: id, keys: keys)
            }
        }
        if batch.phase == file.lastPhase { lookAround(records, file, &notes) }
        noteFound(inFile: number, &notes)
        return (staged, notes)
    }

    private func resetFound() {
        found = [Int](repeating: 0, count: platform.connector.exports.count)
    }

    private func noteFound(inFile number: Int, _ notes: inout SourceNotes) {
        for (export, count) in found.enumerated() where count > 0 {
            notes.found[SourceNotes.FileStream(file: number, export: export), default: 0] += count
        }
    }

    /// Whose parts a file holds, as its path says it; asked once a batch.
    private func numbers(_ file: RecognisedFile, _ relation: Int, _ known: inout [Int: [String]]) -> [String] {
        guard let folder = platform.joins.relations[relation].folder else { return [] }
        if let numbers = known[relation] { return numbers }
        let numbers = FileNumber.of(folder, inPath: file.file.relativePath).map { [$0] } ?? []
        known[relation] = numbers
        return numbers
    }

    /// Reads the records of a batch.
    ///
    /// - Parameters:
    ///   - batch: The batch; of a file that is read several times, only the records of this pass are read.
    ///   - body: Takes each record, with people that it embeds; it must not keep the worker busy with anything else.
    /// - Returns: What was noticed beside the records.
    /// - Throws: What `body` throws.
    public func read(
        _ batch: SourceBatch, _ body: (inout NeutralRecord, SourcePlace, [NeutralRecord]) throws -> Void
    ) rethrows -> SourceNotes {
        var notes = SourceNotes()
        switch batch.content {
        case .file(let records, let file, let number):
            resetFound()
            if batch.phase == file.lastPhase { lookAround(records, file, &notes) }
            try records.bytes.withBytes { bytes in
                for span in records.records {
                    let text = UnsafeBufferPointer(rebasing: bytes[span.offset..<(span.offset + span.count)])
                    try read(text, span, records.file, file, batch.phase, &notes, body)
                }
            }
            noteFound(inFile: number, &notes)
        case .gathered(let gathered):
            try gathered.bytes.withUnsafeBufferPointer { bytes in
                for record in gathered.records {
                    let name = platform.connector.exports[record.export].name
                    if let missing = record.missing {
                        let parent = missing.isEmpty ? "says no record that it belongs to" : nil
                        notes.rejected.append(
                            RejectedRecord(
                                entity: name, id: nil, place: record.place,
                                reason: parent ?? "belongs to '\(missing)', which this export does not hold"))
                        continue
                    }
                    let text = UnsafeBufferPointer(rebasing: bytes[record.range])
                    let isAssembled = try assembler?.withAssembled(
                        text, export: record.export, generation: record.generation
                    ) { assembled in
                        try read(
                            whole: assembled, record.export, record.generation, record.place, record.members, &notes,
                            body)
                    }
                    if isAssembled != true {
                        try read(
                            whole: text, record.export, record.generation, record.place, record.members, &notes, body)
                    }
                }
            }
        }
        notes.claimed = assembler?.claimed ?? []
        assembler?.claimed.removeAll(keepingCapacity: true)
        collect(&notes)
        return notes
    }

    /// What a stretch of a file says beside its records: what could not be cut, and whether pages are missing.
    private func lookAround(_ records: RecordBatch, _ file: RecognisedFile, _ notes: inout SourceNotes) {
        for fault in records.faults {
            notes.rejected.append(
                RejectedRecord(
                    entity: file.streams.first ?? "record", id: nil,
                    place: Place(file: records.file, line: fault.line, byte: fault.byte), reason: fault.reason))
        }
        for envelope in records.envelopes { look(at: envelope.bytes, file, &notes) }
    }

    private func read(
        _ text: UnsafeBufferPointer<UInt8>, _ span: RecordSpan, _ name: String, _ file: RecognisedFile,
        _ phase: ReadPhase, _ notes: inout SourceNotes,
        _ body: (inout NeutralRecord, SourcePlace, [NeutralRecord]) throws -> Void
    ) rethrows {
        let place = Place(file: name, line: span.line, byte: span.byte)
        func reject(_ reason: String) {
            guard phase == file.lastPhase else { return }
            notes.rejected.append(
                RejectedRecord(entity: file.streams.first ?? "record", id: nil, place: place, reason: reason))
        }
        let view: JSONView
        do {
            view = try parser.parse(text)
        } catch {
            return reject("not JSON: " + error.reason)
        }
        guard let export = file.export(of: view, path: span.path, in: platform) else {
            return reject("a record of no kind that this file holds")
        }
        let wanted = platform.phase(of: export)
        guard wanted == phase else {
            notes.isDeceived = notes.isDeceived || !file.phases.contains(wanted)
            return
        }
        found[export] += 1
        let isAssembled = try assembler?.withAssembled(text, export: export, generation: file.generation) { assembled in
            try read(whole: assembled, export, file.generation, place, [], &notes, body)
        }
        if isAssembled != true { try read(view, text.count, export, file.generation, place, [], &notes, body) }
    }

    /// Reads a record whose children, if it has any, are already in it.
    private func read(
        whole text: UnsafeBufferPointer<UInt8>, _ export: Int, _ generation: Int, _ place: Place, _ members: [Place],
        _ notes: inout SourceNotes, _ body: (inout NeutralRecord, SourcePlace, [NeutralRecord]) throws -> Void
    ) rethrows {
        let view: JSONView
        do {
            view = try parser.parse(text)
        } catch {
            notes.rejected.append(
                RejectedRecord(
                    entity: platform.connector.exports[export].name, id: nil, place: place,
                    reason: "not JSON: " + error.reason))
            return
        }
        try read(view, text.count, export, generation, place, members, &notes, body)
    }

    private func read(
        _ view: JSONView, _ bytes: Int, _ export: Int, _ generation: Int, _ place: Place, _ members: [Place],
        _ notes: inout SourceNotes, _ body: (inout NeutralRecord, SourcePlace, [NeutralRecord]) throws -> Void
    ) rethrows {
        let decoded: NeutralRecord?
        do {
            run.record = ""
            decoded = try platform.coders[export].decode(view, run)
        } catch {
            let member = Self.member(error.path, of: members)
            let inner = member ?? assembler?.place(of: error.path)
            let keys = inner?.rest ?? error.path
            let path = keys.isEmpty ? nil : keys.joined(separator: ".").replacing(".[", with: "[")
            let at = inner?.place ?? place
            notes.rejected.append(
                RejectedRecord(
                    entity: platform.connector.exports[export].name,
                    id: (view.firstOfGroup ?? view).member("id")?.scalarText,
                    place: Place(file: at.file, line: at.line, byte: at.byte, path: path), reason: error.reason))
            return
        }
        notes.recordsRead += 1
        guard var record = consume decoded else {
            notes.ignoredByExport[export, default: 0] += 1
            checkCompleteness(view, export, nil, view.member("id")?.scalarText ?? "", place.file ?? "", &notes)
            return
        }
        checkCompleteness(view, export, record.entity, record.id, place.file ?? "", &notes)
        if !contentFolders.isEmpty, run.contents != nil { adoptContents(of: record) }
        if keepsExtras, platform.isSecondary(export, record) {
            record.note(export: platform.connector.exports[export].name)
        }
        let source = SourcePlace(
            file: place.file ?? "", line: place.line ?? 0, byte: place.byte ?? 0, generation: generation, bytes: bytes,
            isGroup: !members.isEmpty)
        try body(&record, source, embeddedPeople())
    }

    /// The place of a fault in one of the records of a group: `#records`, `[3]`, and what comes behind.
    private static func member(_ path: [String], of members: [Place]) -> (place: Place, rest: [String])? {
        guard !members.isEmpty, path.first == Join.groupMember else { return nil }
        guard path.count > 1, path[1].hasPrefix("["), let index = Int(path[1].dropFirst().dropLast()),
            members.indices.contains(index)
        else { return (members[0], Array(path.dropFirst())) }
        return (members[index], Array(path.dropFirst(2)))
    }

    /// People written into the record just read that no record of their own describes.
    private func embeddedPeople() -> [NeutralRecord] {
        var records: [NeutralRecord] = []
        for sighting in run.sightings where !sighting.id.isEmpty {
            // Most people of a conversation were met a moment ago; the directory is asked for the others only.
            let hash = StableHash.of(sighting.id)
            let slot = Int(truncatingIfNeeded: hash & 65535)
            if recentlyKnown[slot] == hash { continue }
            if run.people?.knows(sighting.id) == true {
                recentlyKnown[slot] = hash
                continue
            }
            records.append(NeutralRecord(sighting, connector: platform.connector.name))
        }
        return records
    }

    /// Takes the contents that lie as files beside the records and that a record refers to.
    private func adoptContents(of record: NeutralRecord) {
        for sha256 in record.contents where ContentStore.isName(sha256) {
            let found = contentFolders.contains { run.contents?.adopt($0 + "/" + sha256, sha256: sha256) ?? false }
            guard !found else { continue }
            run.findings.append(
                Finding(
                    "attachment/missing", place: Place(subject: platform.connector.name, record: record.id),
                    summary: "the content \(sha256) is not there, or is another than its name says; it was left out"))
        }
    }

    // MARK: Completeness

    /// Counts a record of a file that an export cuts at a number of them.
    private func countRow(_ export: Int, _ file: String, _ notes: inout SourceNotes) {
        guard let ceiling = fileCeilings[export] else { return }
        notes.rows[SourceNotes.FileRows(file: file, ceiling: ceiling), default: 0] += 1
    }

    private func checkCompleteness(
        _ view: JSONView, _ export: Int, _ entity: Entity?, _ id: String, _ file: String, _ notes: inout SourceNotes
    ) {
        let ceilings = platform.connector.ceilings
        countRow(export, file, &notes)
        // A person in a file of conversations lacks nothing that these have.
        if entity != .conversation, platform.coders[export].entities.contains(.conversation) { return }
        for index in ceilings.indices where ceilings[index].export == platform.connector.exports[export].name {
            var isIncomplete = false
            if case .fullFile = ceilings[index].measure {
                continue
            } else if case .alone(let child, let path) = ceilings[index].measure {
                isIncomplete =
                    path.flatMap { view.value(at: $0.keys) }?.saysAnything != true
                    && assembler?.holds(child) != true
            } else if let group = view.member(Join.groupMember), group.isArray {
                group.forEachElement { isIncomplete = isIncomplete || ceilings[index].measure.isReached(by: $0) }
            } else {
                isIncomplete = ceilings[index].measure.isReached(by: view)
            }
            if isIncomplete { notes.incomplete[index] = ((notes.incomplete[index]?.count ?? 0) + 1, id) }
        }
    }

    private func look(at envelope: PaddedBytes, _ file: RecognisedFile, _ notes: inout SourceNotes) {
        let ceilings = platform.connector.ceilings
        for index in ceilings.indices where file.streams.contains(ceilings[index].export) {
            guard ceilings[index].measure.isOfPages,
                let view = try? envelope.withBytes({ try parser.parse($0) })
            else { continue }
            let pages = SourceNotes.PageSet(ceiling: index, of: parent(ofPagesOf: ceilings[index].export, file))
            let known = notes.pages[pages] ?? (0, 0)
            let isMore = ceilings[index].measure.saysMore(view)
            notes.pages[pages] = isMore ? (known.more + 1, known.last) : (known.more, known.last + 1)
        }
    }

    /// Whose records a file of parts holds, as far as its path says it; pages of several are counted apart.
    private func parent(ofPagesOf export: String, _ file: RecognisedFile) -> String {
        guard let index = platform.connector.exports.firstIndex(where: { $0.name == export }) else { return "" }
        let folders = platform.joins.filed[index].compactMap { platform.joins.relations[$0].folder }
        return folders.lazy.compactMap { FileNumber.of($0, inPath: file.file.relativePath) }.first ?? ""
    }

    // MARK: Notes

    private func collect(_ notes: inout SourceNotes) {
        for count in run.unbound where count.count > 0 {
            notes.unbound.add(
                platform.entity(of: count.node) ?? .conversation, "extras." + count.field, .dropped,
                record: count.example, count: count.count)
        }
        run.forgetUnbound()
        for (value, count) in run.unknownValues {
            notes.unknownValues[SourceNotes.UnknownValue(field: value.path, value: value.value), default: 0] += count
        }
        run.unknownValues.removeAll(keepingCapacity: true)
        notes.danglingAuthors = run.dangling
        notes.danglingExamples = run.danglingExamples
        run.dangling = 0
        run.danglingExamples = []
        notes.findings += run.findings
        run.findings = []
        notes.logins = run.logins
        run.logins = []
    }
}

extension Ceiling.Measure {
    /// Whether pages are looked at, and not the records on them.
    fileprivate var isOfPages: Bool {
        switch self {
        case .morePages, .fullPages: true
        default: false
        }
    }

    /// Whether a page says, or lets one expect, that another follows.
    fileprivate func saysMore(_ view: JSONView) -> Bool {
        switch self {
        case .morePages(let path, let end):
            // The last page may say that there is none, or say nothing.
            let next = view.value(at: path.keys)
            let says = next.map { !$0.isNull && $0.kind != .false && !($0.isString && $0.bytes.isEmpty) } ?? false
            return says && end.flatMap { view.value(at: $0.keys)?.kind } != .true
        case .fullPages(let path, let limit):
            return view.value(at: path.keys)?.scalarText.flatMap { Int($0) } ?? 0 >= limit
        default: return false
        }
    }

    /// Whether a record shows that its source stopped.
    fileprivate func isReached(by view: JSONView) -> Bool {
        switch self {
        case .countBeyondList(let count, let list):
            guard let said = view.value(at: count.keys)?.scalarText.flatMap({ Int($0) }) else { return false }
            return said > (view.value(at: list.keys)?.elementCount ?? 0)
        case .missing(let path, let others): return ([path] + others).allSatisfy { view.value(at: $0.keys) == nil }
        case .says(let path): return view.value(at: path.keys).map { !$0.isNull } ?? false
        case .always: return true
        case .alone, .fullFile, .fullPages, .morePages: return false
        }
    }
}

extension JSONView {
    /// Whether a value is there and not empty; of one beside what people see of it, that counts too.
    fileprivate var saysAnything: Bool {
        if isObject { return Box.shown(self) != nil || Box.content(self)?.saysAnything == true }
        return !isNull && !(isString && bytes.isEmpty)
    }

    /// The first record of a group.
    fileprivate var firstOfGroup: JSONView? {
        guard let group = member(Join.groupMember), group.elementCount > 0 else { return nil }
        return group.at(group.index + 1)
    }
}

extension NeutralRecord {
    /// A record for a person that only other records name.
    init(_ sighting: Sighting, connector: String) {
        switch sighting.person.kind {
        case .contact:
            if let contact = sighting.contact {
                self = .contact(contact)
                return
            }
            var contact = Contact()
            contact.id = sighting.id
            contact.source.connector = connector
            contact.name = sighting.person.name
            contact.emails = sighting.person.email.map { [$0] } ?? []
            self = .contact(contact)
        default:
            var agent = Agent()
            agent.id = sighting.id
            agent.source.connector = connector
            agent.name = sighting.person.name
            agent.email = sighting.person.email
            agent.role = sighting.person.kind == .bot ? .bot : nil
            self = .agent(agent)
        }
    }
}
