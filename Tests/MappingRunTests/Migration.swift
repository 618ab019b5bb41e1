import ConnectorCatalog
import ConnectorKit
import ConversationModel
import Diagnostics
import FieldMapping
import Foundation
import SyncEngine
import Testing

/// From which platform to which a mapping is tried.
struct Pair: Sendable, CustomTestStringConvertible {
    let source: String
    let destination: String

    var testDescription: String { "\(source) -> \(destination)" }

    /// Platforms that hold what the records of these tests are made of.
    static let all = [
        Pair(source: "neutral", destination: "zendesk"), Pair(source: "zendesk", destination: "intercom"),
        Pair(source: "intercom", destination: "zendesk"), Pair(source: "zendesk", destination: "neutral"),
    ]
}

/// What a run gave: the records that were read back, the raw bytes, and the report.
struct Outcome {
    var records: [NeutralRecord] = []
    var text = ""
    /// Name of the output's folder.
    var folder = ""
    var report: RunReport

    var conversations: [Conversation] {
        records.compactMap { if case .conversation(let conversation) = $0 { conversation } else { nil } }
    }
    var contacts: [Contact] { records.compactMap { if case .contact(let contact) = $0 { contact } else { nil } } }
    var fields: [FieldDefinition] { records.compactMap { if case .field(let field) = $0 { field } else { nil } } }
    var entries: [Entry] { conversations.flatMap(\.timeline) }

    func conversation(_ id: String) -> Conversation? { conversations.first { $0.id == id } }
}

/// Takes records through the files of two platforms, with a mapping between them.
struct Migration {
    let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "deskferry-mapping-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    func clear() { try? FileManager.default.removeItem(atPath: folder) }

    private func platform(_ name: String) throws -> Platform {
        Platform(try #require(ConnectorCatalog.connector(named: name)))
    }

    /// Writes records as a platform's export.
    func export(_ records: [NeutralRecord], as name: String) async throws -> String {
        let platform = try platform(name)
        let path = folder + "/export-" + name + "-" + UUID().uuidString
        let people = PeopleDirectory.Builder()
        for record in records { people.add(record) }
        let worker = DestinationWorker(platform, people: people.finish())
        let destination = try FileDestination(platform, directory: path)
        func write(_ record: NeutralRecord) throws {
            var record = record.from("elsewhere")
            guard worker.project(&record) else { return }
            var bytes: [UInt8] = []
            let pieces = worker.encode(record, into: &bytes)
            try bytes.withUnsafeBufferPointer { try destination.append(pieces, of: $0) }
        }
        for record in records { try write(record) }
        for person in worker.takePlaceholders() { try write(person) }
        try destination.finish(source: "test")
        return path
    }

    private func plan(
        _ path: String, _ pair: Pair, _ mapping: String, _ files: [String: String], to output: String
    ) throws -> RunPlan {
        let layer = MappingLayer(name: "test.json5", bytes: Array("{version: 1, \(mapping)}".utf8))
        let mapping = try Mapping(layers: [layer]) { name in
            guard let text = files[name] else { throw CocoaError(.fileNoSuchFile) }
            return Array(text.utf8)
        }
        var request = PassRequest(
            source: try FileSource(try platform(pair.source), path: path), destination: try platform(pair.destination),
            mapping: mapping.compiled(), workers: 2)
        request.scratch = try platform("neutral")
        return RunPlan(
            request: request, destinationPath: output, sourceName: "source", destinationName: "destination",
            mappingHash: "", statePath: folder + "/state.sqlite")
    }

    private func outcome(of report: RunReport, _ pair: Pair, in output: String) throws -> Outcome {
        var outcome = Outcome(report: report)
        outcome.folder = (output as NSString).lastPathComponent
        for name in try FileManager.default.subpathsOfDirectory(atPath: output).sorted() {
            outcome.text += (try? String(contentsOfFile: output + "/" + name, encoding: .utf8)) ?? ""
        }
        let back = try FileSource(try platform(pair.destination), path: output)
        _ = try back.read(keepsExtras: false) { record, _, _ in outcome.records.append(record) }
        return outcome
    }

    /// Converts an export with a mapping and reads back what was written.
    func convert(
        _ path: String, _ pair: Pair, _ mapping: String, files: [String: String] = [:],
        _ change: (inout PassRequest) -> Void = { _ in }
    ) async throws -> Outcome {
        let output = folder + "/out-" + UUID().uuidString
        var plan = try plan(path, pair, mapping, files, to: output)
        change(&plan.request)
        return try outcome(of: try await Engine.convert(plan, hooks: RunHooks()), pair, in: output)
    }

    /// Migrates into the one destination of this migration, or brings it up to date, and reads back what the run wrote.
    func sync(
        _ path: String, _ pair: Pair, _ mapping: String, files: [String: String] = [:]
    ) async throws -> Outcome {
        let output = folder + "/kept"
        let before = Set((try? FileManager.default.contentsOfDirectory(atPath: output)) ?? [])
        let plan = try plan(path, pair, mapping, files, to: output)
        let report = try await Engine.migrate(plan, command: "sync", hooks: RunHooks())
        let delta = try FileManager.default.contentsOfDirectory(atPath: output)
            .first { $0.hasPrefix("delta-") && !before.contains($0) }
        guard !before.isEmpty, let delta else {
            return before.isEmpty ? try outcome(of: report, pair, in: output) : Outcome(report: report)
        }
        return try outcome(of: report, pair, in: output + "/" + delta)
    }

    /// Both steps: an export of the pair's source, converted to its destination.
    func run(
        _ records: [NeutralRecord], _ pair: Pair, _ mapping: String, files: [String: String] = [:],
        _ change: (inout PassRequest) -> Void = { _ in }
    ) async throws -> Outcome {
        try await convert(try await export(records, as: pair.source), pair, mapping, files: files, change)
    }
}

/// Records that every platform of ``Pair/all`` can hold.
enum Sample {
    static func contact(_ id: String, _ name: String, _ email: String) -> Contact {
        var contact = Contact()
        contact.id = id
        contact.name = name
        contact.emails = [email]
        contact.createdAt = Instant("2024-01-01T00:00:00Z")
        contact.updatedAt = Instant("2024-01-01T00:00:00Z")
        return contact
    }

    static func agent(_ id: String, _ name: String, _ email: String) -> Agent {
        var agent = Agent()
        agent.id = id
        agent.name = name
        agent.email = email
        agent.role = .agent
        agent.active = true
        return agent
    }

    static func entry(_ id: String, _ kind: Entry.Kind, _ author: Author, _ time: String, _ text: String) -> Entry {
        var entry = Entry()
        entry.id = id
        entry.kind = kind
        entry.author = author
        entry.createdAt = Instant(time)
        entry.html = "<p>" + text + "</p>"
        entry.text = text
        return entry
    }

    static func conversation(
        _ id: String, _ status: Status, _ time: String, by contact: String = "501",
        _ change: (inout Conversation) -> Void = { _ in }
    ) -> Conversation {
        var conversation = Conversation()
        conversation.id = id
        conversation.subject = "Parcel \(id)"
        conversation.status = status
        conversation.channel = .email
        conversation.createdAt = Instant(time)
        conversation.updatedAt = Instant(time)
        conversation.requester = contact
        conversation.assignee = "901"
        conversation.timeline = [
            entry("\(id)1", .message, Author(.contact, id: contact), time, "Where is parcel \(id)?")
        ]
        change(&conversation)
        return conversation
    }

    static func records(_ conversations: [Conversation]) -> [NeutralRecord] {
        [
            .agent(agent("901", "Bo Keeper", "bo@desk.example")),
            .contact(contact("501", "Li Wei", "li@buyer.example")),
            .contact(contact("502", "Ana Costa", "ana@buyer.example")),
            .contact(contact("503", "Never Wrote", "nobody@buyer.example")),
        ] + conversations.map(NeutralRecord.conversation)
    }
}

extension NeutralRecord {
    /// The record as one of another platform.
    func from(_ connector: String) -> NeutralRecord {
        func moved<R: Record>(_ record: R) -> R {
            var record = record
            record.source.connector = connector
            return record
        }
        return switch self {
        case .field(let record): .field(moved(record))
        case .team(let record): .team(moved(record))
        case .agent(let record): .agent(moved(record))
        case .company(let record): .company(moved(record))
        case .contact(let record): .contact(moved(record))
        case .conversation(let record): .conversation(moved(record))
        }
    }
}
