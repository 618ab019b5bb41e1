import ConnectorCatalog
import ConnectorKit
import ConversationModel
import Diagnostics
import FieldMapping
import Foundation
import Testing

@testable import SyncEngine

/// Files of Mappings/: one for each destination, and some for an occasion; all are layers to be laid below a client's own.
@Suite struct PresetTests {
    /// Files that are not named after a destination.
    static let occasions: Set<String> = ["example", "chat-to-async", "async-to-chat", "privacy"]
    /// Destinations whose conventions a client can count on.
    static let destinations: Set<String> = [
        "zendesk", "intercom", "kustomer", "livechat", "freshchat", "servicenow", "hubspot",
        "zendesk-chat",
    ]

    private static var names: [String] {
        let folder = repository.appending(path: "Mappings").path
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".json5") }
            .map { String($0.dropLast(6)) }.sorted()
    }

    private func path(_ name: String) -> String { repository.appending(path: "Mappings/\(name).json5").path }

    @Test func everyDestinationHasConventionsThatItAccepts() throws {
        let names = Self.names
        #expect(Set(names).isSuperset(of: Self.destinations))
        for name in names {
            let preset = try Mapping.load(paths: [path(name)])
            #expect(Self.occasions.contains(name) || !preset.rules.isEmpty, "\(name)")
            guard let connector = ConnectorCatalog.connector(named: name) else {
                #expect(Self.occasions.union(Self.destinations).contains(name), "\(name) is no destination")
                continue
            }
            let check = MappingCheck(preset, coverage: nil, destination: Platform(connector))
            #expect(check.rows.map(\.summary) == [], "\(name)")
        }
    }

    /// With its conventions, a destination gets no status, priority or channel that it would have to change by itself.
    @Test func conventionsLeaveNothingToBeNarrowedInSilence() throws {
        let names = Self.names
        for connector in ConnectorCatalog.all where names.contains(connector.name) {
            let platform = Platform(connector)
            let compiled = try Mapping.load(paths: [path(connector.name)]).compiled()
            var losses = LossTally()
            var coverage = MappingCoverage()
            func arrives<Value: RawRepresentable<String> & CaseIterable & Equatable>(
                _ property: WritableKeyPath<Conversation, Value?>, _ held: [Value], _ hold: (Value) -> Holding
            ) throws {
                // Where a platform has no place for any value, no convention can help.
                guard !held.isEmpty else { return }
                for value in Value.allCases {
                    var conversation = Conversation()
                    conversation.id = "1"
                    conversation[keyPath: property] = value
                    _ = compiled.apply(to: &conversation, people: SourcePeople(), losses: &losses, coverage: &coverage)
                    let mapped = try #require(conversation[keyPath: property])
                    #expect(hold(mapped) == .whole, "\(connector.name): \(value) -> \(mapped)")
                }
            }
            try arrives(\.status, platform.statuses, platform.holding(of:))
            try arrives(\.priority, platform.priorities, platform.holding(of:))
            try arrives(\.channel, platform.channels, platform.holding(of:))
        }
    }

    @Test(arguments: ["zendesk", "intercom", "neutral"])
    func aClientsMappingWinsOverTheConventions(_ destination: String) async throws {
        let demo = try #require(try exports().first { $0.name == "demo" }).source
        let platform = Platform(try #require(ConnectorCatalog.connector(named: destination)))
        let inventory = try Inventory.of(demo, hooks: RunHooks())
        let draft = MappingDraft(inventory, source: demo.platform, destination: platform, names: ("a", "b")).text
        let scratch = FileManager.default.temporaryDirectory.appending(path: "preset-\(UUID().uuidString).json5")
        try draft.write(to: scratch, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let below = Self.destinations.contains(destination) ? destination : "example"
        let both = try Mapping.load(paths: [path(below), scratch.path])
        let client = try Mapping.load(paths: [scratch.path])
        #expect(both.layers == [path(below), scratch.path])
        for written in client.writtenValues { #expect(both.writtenValues.contains(written), "\(written)") }
        #expect(!MappingCheck(both, coverage: nil, destination: platform).hasFaults || below == "example")
    }
}
