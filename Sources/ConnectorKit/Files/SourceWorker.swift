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

    /// The place of records that no file holds: people that only other records name.
    public static let nowhere = SourcePlace(file: "", line: 0, byte: 0, generation: 0, bytes: 0)
}

/// Turns batches of a source into neutral records; one object a worker, used by one task at a time.
public final class SourceWorker {
    private let platform: Platform
    private let parser: JSONParser
    private let run: Decoding
    private let keepsExtras: Bool
    private var recentlyKnown = [UInt64](repeating: 0, count: 65536)

    /// Creates a worker.
    ///
    /// - Parameters:
    ///   - platform: The platform whose records are read.
    ///   - keepsExtras: Whether fields that no binding holds are kept with the record, or only counted.
    ///   - skipsTextBesideHTML: Whether plain text of entries that have HTML is not wanted.
    ///   - people: People by id, where records before these named them.
    /// - Throws: When there is no memory for a parser.
    public init(
        _ platform: Platform, keepsExtras: Bool, skipsTextBesideHTML: Bool = false, people: any PeopleLookup
    ) throws {
        self.platform = platform
        self.keepsExtras = keepsExtras
        parser = try JSONParser()
        run = Decoding(connector: platform.connector.name, keepsExtras: keepsExtras, people: people)
        run.skipsTextBesideHTML = skipsTextBesideHTML
    }

    /// Reads the records of a batch.
    ///
    /// - Parameters:
    ///   - batch: The batch.
    ///   - body: Takes each record, with people that it embeds; it must not keep the worker busy with anything else.
    /// - Returns: What was noticed beside the records.
    /// - Throws: What `body` throws.
    public func read(
        _ batch: SourceBatch, _ body: (inout NeutralRecord, SourcePlace, [NeutralRecord]) throws -> Void
    ) rethrows -> SourceNotes {
        var notes = SourceNotes()
        let file = batch.file
        for fault in batch.batch.faults {
            notes.rejected.append(
                RejectedRecord(
                    entity: file.streams.first ?? "record", id: nil,
                    place: Place(file: batch.batch.file, line: fault.line, byte: fault.byte), reason: fault.reason))
        }
        try batch.batch.bytes.withBytes { bytes in
            for span in batch.batch.records {
                let text = UnsafeBufferPointer(rebasing: bytes[span.offset..<(span.offset + span.count)])
                try read(text, span, batch, &notes, body)
            }
        }
        for envelope in batch.batch.envelopes { look(at: envelope.bytes, file, &notes) }
        collect(&notes)
        return notes
    }

    private func read(
        _ text: UnsafeBufferPointer<UInt8>, _ span: RecordSpan, _ batch: SourceBatch, _ notes: inout SourceNotes,
        _ body: (inout NeutralRecord, SourcePlace, [NeutralRecord]) throws -> Void
    ) rethrows {
        let file = batch.file
        func reject(_ entity: String, _ id: String?, _ path: String?, _ reason: String) {
            notes.rejected.append(
                RejectedRecord(
                    entity: entity, id: id,
                    place: Place(file: batch.batch.file, line: span.line, byte: span.byte, path: path), reason: reason))
        }
        let view: JSONView
        do {
            view = try parser.parse(text)
        } catch {
            return reject(file.streams.first ?? "record", nil, nil, "not JSON: " + error.reason)
        }
        guard let export = file.export(of: view, path: span.path, in: platform) else {
            return reject(file.streams.first ?? "record", nil, nil, "a record of no kind that this file holds")
        }
        let coder = platform.coders[export]
        let record: NeutralRecord?
        do {
            run.record = ""
            record = try coder.decode(view, run)
        } catch {
            let id = view.member("id")?.scalarText
            let path = error.path.isEmpty ? nil : error.path.joined(separator: ".").replacing(".[", with: "[")
            return reject(platform.connector.exports[export].name, id, path, error.reason)
        }
        notes.recordsRead += 1
        guard var record else {
            notes.ignored += 1
            return
        }
        checkCompleteness(view, export, record.id, &notes)
        if keepsExtras, platform.isSecondary(export, record) {
            record.note(export: platform.connector.exports[export].name)
        }
        let place = SourcePlace(
            file: batch.batch.file, line: span.line, byte: span.byte, generation: file.generation,
            bytes: text.count)
        try body(&record, place, embeddedPeople())
    }

    /// People written into the record just read that no record of their own describes.
    private func embeddedPeople() -> [NeutralRecord] {
        var records: [NeutralRecord] = []
        for sighting in run.sightings {
            // Most people of a conversation were met a moment ago; the directory is asked for the others only.
            let hash = StableHash.of(sighting.id)
            let slot = Int(truncatingIfNeeded: hash & 65535)
            if recentlyKnown[slot] == hash { continue }
            if run.people?.person(sighting.id) != nil {
                recentlyKnown[slot] = hash
                continue
            }
            records.append(NeutralRecord(sighting, connector: platform.connector.name))
        }
        return records
    }

    // MARK: Completeness

    private func checkCompleteness(_ view: JSONView, _ export: Int, _ id: String, _ notes: inout SourceNotes) {
        let ceilings = platform.connector.ceilings
        for index in ceilings.indices where ceilings[index].export == platform.connector.exports[export].name {
            let isIncomplete: Bool
            switch ceilings[index].measure {
            case .countBeyondList(let count, let list):
                guard let said = view.value(at: count.keys)?.scalarText.flatMap({ Int($0) }) else { continue }
                isIncomplete = said > (view.value(at: list.keys)?.elementCount ?? 0)
            case .missing(let path): isIncomplete = view.value(at: path.keys) == nil
            case .always: isIncomplete = true
            case .morePages: continue
            }
            if isIncomplete { notes.incomplete[index] = ((notes.incomplete[index]?.count ?? 0) + 1, id) }
        }
    }

    private func look(at envelope: PaddedBytes, _ file: RecognisedFile, _ notes: inout SourceNotes) {
        let ceilings = platform.connector.ceilings
        for index in ceilings.indices where file.streams.contains(ceilings[index].export) {
            guard case .morePages(let path, let end) = ceilings[index].measure,
                let view = try? envelope.withBytes({ try parser.parse($0) }), let next = view.value(at: path.keys)
            else { continue }
            let says = !next.isNull && next.kind != .false && !(next.isString && next.bytes.isEmpty)
            let isEnd = end.flatMap { view.value(at: $0.keys)?.kind } == .true
            let known = notes.pages[index] ?? (0, 0)
            notes.pages[index] = says && !isEnd ? (known.more + 1, known.last) : (known.more, known.last + 1)
        }
    }

    // MARK: Notes

    private func collect(_ notes: inout SourceNotes) {
        for count in run.unbound where count.count > 0 {
            notes.unbound.append(
                SourceNotes.Unbound(
                    entity: platform.entity(of: count.node) ?? .conversation, field: count.field, count: count.count,
                    example: count.example))
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
    }
}

extension NeutralRecord {
    /// A record for a person that only other records name.
    init(_ sighting: Sighting, connector: String) {
        switch sighting.person.kind {
        case .contact:
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

extension Platform {
    /// The kind of record that a rule set belongs to.
    func entity(of node: ObjectIdentifier) -> Entity? {
        for coder in coders {
            if let entity = coder.entity(of: node) { return entity }
        }
        return nil
    }
}

extension RecordCoder {
    func entity(of node: ObjectIdentifier) -> Entity? { Self.entity(of: node, in: content) }

    private static func entity(of node: ObjectIdentifier, in content: Content) -> Entity? {
        switch content {
        case .field(let coder): coder.node.holds(node) ? .field : nil
        case .team(let coder): coder.node.holds(node) ? .team : nil
        case .agent(let coder): coder.node.holds(node) ? .agent : nil
        case .company(let coder): coder.node.holds(node) ? .company : nil
        case .contact(let coder): coder.node.holds(node) ? .contact : nil
        case .conversation(let coder, _): coder.node.holds(node) ? .conversation : nil
        case .split(_, _, let then, let otherwise): entity(of: node, in: then) ?? entity(of: node, in: otherwise)
        case .ignored: nil
        }
    }
}

extension ObjectNode {
    /// Whether a rule set is this one or one of the groups in it.
    func holds(_ node: ObjectIdentifier) -> Bool {
        ObjectIdentifier(self) == node
            || slots.contains { if case .group(let group, _) = $0.content { group.holds(node) } else { false } }
    }
}
