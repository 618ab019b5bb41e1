import ConnectorCatalog
import ConnectorKit
import ConversationModel
import Diagnostics
import FieldMapping
import Foundation
import SyncEngine
import Testing

/// A record that stands more than once, as in crawls that were made again: the last version counts and nothing of others.
@Suite struct VersionRunTests {
    private static let records = Sample.records([
        Sample.conversation("1001", .open, "2024-03-01T10:00:00Z") { $0.tags = ["first"] },
        Sample.conversation("1002", .open, "2024-03-02T10:00:00Z") { $0.tags = ["alone"] },
        Sample.conversation("1001", .closed, "2024-03-03T10:00:00Z") { $0.tags = ["second"] },
        Sample.conversation("1001", .closed, "2024-03-04T10:00:00Z") { $0.tags = ["third"] },
    ])
    private static let mapping = "tags: {rename: {alone: 'one', third: 'three'}}"

    @Test(arguments: Pair.all) func reportAndRecordsTellOfTheLastVersion(_ pair: Pair) async throws {
        let migration = try Migration()
        defer { migration.clear() }
        let outcome = try await migration.run(Self.records, pair, Self.mapping)
        #expect(outcome.conversations.count == 2)
        #expect(outcome.conversation("1001")?.tags == ["three"])
        #expect(outcome.report.losses.count(.conversation, "tags", .converted) == 2)
        let tags = outcome.report.losses.fidelity([.conversation: ["tags"]]).first { $0.entity == .conversation }
        #expect(tags?.records == 2, "a version that does not count is no record")
        let duplicates = outcome.report.findings.first { $0.code == "record/duplicate" }
        #expect(duplicates?.summary.hasPrefix("2 records stand more than once") == true)
    }

    @Test(arguments: ["zendesk", "intercom", "neutral"])
    func whatTheSourceHoldsIsWhatARunWouldMeet(_ name: String) async throws {
        let migration = try Migration()
        defer { migration.clear() }
        let path = try await migration.export(Self.records, as: name)
        let platform = Platform(try #require(ConnectorCatalog.connector(named: name)))
        let source = try FileSource(platform, path: path)
        let inventory = try Inventory.of(source, hooks: RunHooks())
        #expect(inventory.records[.conversation] == 2)
        #expect(inventory.tags == ["alone": 1, "third": 1])
        #expect(inventory.statuses == ["open": 1, "closed": 1])
        let layer = MappingLayer(name: "test.json5", bytes: Array("{version: 1, \(Self.mapping)}".utf8))
        let mapping = try Mapping(layers: [layer]) { _ in [] }
        let coverage = try await Engine.coverage(of: mapping, over: source, hooks: RunHooks())
        #expect(coverage.unruledValues.isEmpty, "\(coverage.unruledValues)")
    }

    /// A chat with three events as `get_chat` gives it, and beside it events of the chat as they were pushed.
    @Test(arguments: [(1, 3, ["whole"]), (5, 5, [])])
    func ofAChatThatLooseEventsTellOfTooTheFullestVersionCounts(
        _ pushed: Int, _ expected: Int, _ tags: [String]
    ) async throws {
        let migration = try Migration()
        defer { migration.clear() }
        let path = migration.folder + "/chats"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        func event(_ number: Int) -> String {
            #"{"id":"TH1_\#(number)","type":"message","author_id":"u1","visibility":"all","text":"word \#(number)","#
                + #""created_at":"2024-03-01T10:0\#(number):00.000000Z"}"#
        }
        let users = #"[{"id":"u1","type":"customer","name":"Li","present":false}]"#
        let thread =
            #"{"id":"TH1","active":false,"created_at":"2024-03-01T10:00:00.000000Z","user_ids":["u1"],"tags":["whole"],"#
            + #""access":{"group_ids":[0]},"events":["# + (1...3).map(event).joined(separator: ",") + "]}"
        try #"{"id":"CH1","users":\#(users),"threads":[\#(thread)]}"#
            .write(toFile: path + "/chat.json", atomically: true, encoding: .utf8)
        let pushes = (1...pushed).map { #"{"chat_id":"CH1","thread_id":"TH1","event":\#(event($0))}"# }
        try pushes.joined(separator: "\n").write(toFile: path + "/pushes.jsonl", atomically: true, encoding: .utf8)

        let outcome = try await migration.convert(path, Pair(source: "livechat", destination: "neutral"), "")
        #expect(outcome.conversations.map(\.id) == ["CH1"])
        #expect(outcome.entries.count == expected && outcome.conversation("CH1")?.tags == tags)
        let livechat = Platform(try #require(ConnectorCatalog.connector(named: "livechat")))
        let inventory = try Inventory.of(try FileSource(livechat, path: path), hooks: RunHooks())
        #expect(inventory.records[.conversation] == 1 && Set(inventory.tags.keys) == Set(tags))
    }
}
