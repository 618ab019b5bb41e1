import ConnectorCatalog
import ConnectorKit
import ConversationModel
import FieldMapping
import Foundation
import Reports
import SyncEngine
import Testing

/// What a mapping takes out is in none of a report's files, on neither side.
@Suite struct PrivateReportTests {
    private static let conversation = """
        {"id":"1","source":{"connector":"elsewhere"},"subject":"Card 4111 1111 1111 1111","status":"open",\
        "created_at":"2024-01-01T10:00:00Z","requester":"c1","tags":["vip"],"timeline":[\
        {"type":"message","id":"1a","author":{"kind":"contact","id":"c1","name":"Li Secret"},\
        "created_at":"2024-01-01T10:00:00Z","text":"it is 4111 1111 1111 1111, call me"},\
        {"type":"note","id":"1b","author":{"kind":"agent","id":"a1","name":"Bo"},\
        "created_at":"2024-01-01T10:05:00Z","text":"plain words"}]}

        """
    private static let erased = """
        {"id":"2","source":{"connector":"elsewhere"},"subject":"Forget me","status":"open",\
        "created_at":"2024-01-01T10:00:00Z","requester":"c2","timeline":[\
        {"type":"message","id":"2a","author":{"kind":"contact","id":"c2","name":"Gone Forever"},\
        "created_at":"2024-01-01T10:00:00Z","text":"what I wrote once"}]}

        """
    private static let contacts = """
        {"id":"c1","source":{"connector":"elsewhere"},"name":"Li Secret","emails":["li@private.example"]}
        {"id":"c2","source":{"connector":"elsewhere"},"name":"Gone Forever","emails":["gone@private.example"]}

        """
    /// Texts that must not stand in any file, and one that must.
    private static let secrets = [
        "4111", "Li Secret", "li@private.example", "Gone Forever", "gone@private.example", "Forget me",
        "what I wrote once",
    ]

    @Test func whatIsTakenOutStandsOnNeitherSide() async throws {
        let directory = NSTemporaryDirectory() + "deskferry-private-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try FileManager.default.createDirectory(atPath: directory + "/bundle", withIntermediateDirectories: true)
        try (Self.conversation + Self.erased).write(
            toFile: directory + "/bundle/conversations.jsonl", atomically: true, encoding: .utf8)
        try Self.contacts.write(toFile: directory + "/bundle/contacts.jsonl", atomically: true, encoding: .utf8)
        let text = """
            {version: 1, privacy: {redact: ["card"], suppress: ["c2"], residency: "eu",
              pseudonymise: {who: ["contact"], secret: {file: "secret.txt"}}}}
            """
        let mapping = try Mapping(layers: [MappingLayer(name: "m.json5", bytes: Array(text.utf8))]) { _ in
            Array("a secret of some length".utf8)
        }
        let folder = try ReportFolder(directory + "/report")
        let collector = try RecordCollector(rowsPath: folder.file("changes.jsonl"))
        let neutral = try #require(ConnectorCatalog.connector(named: "neutral"))
        let intercom = try #require(ConnectorCatalog.connector(named: "intercom"))
        let request = PassRequest(
            source: try FileSource(Platform(neutral), path: directory + "/bundle"), destination: Platform(intercom),
            mapping: mapping.compiled(), workers: 1)
        let plan = RunPlan(
            request: request, destinationPath: directory + "/out", sourceName: "a", destinationName: "b",
            mappingHash: "", statePath: directory + "/state.sqlite")
        let report = try await Engine.plan(plan, hooks: RunHooks(observer: collector)).0
        let document = ReportDocument.plan(
            report, try collector.finish(), Sample.subject(), rowsFile: "changes.jsonl", sheet: "acceptance.csv")
        try folder.write(document)
        var all = ""
        for name in try FileManager.default.contentsOfDirectory(atPath: directory + "/report") {
            all += try String(contentsOfFile: directory + "/report/" + name, encoding: .utf8)
        }
        #expect(all.contains("plain words") && all.contains("call me"))
        for secret in Self.secrets { #expect(!all.contains(secret), "\(secret)") }
        // The tag of the residency is something that the run adds: the source is not shown with it.
        #expect(report.losses.count(.conversation, "tags", .invented) == 2)
    }
}
