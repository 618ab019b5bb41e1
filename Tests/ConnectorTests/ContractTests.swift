import ConnectorCatalog
import ConnectorKit
import ConversationModel
import Foundation
import TestSupport
import Testing

/// The laws that every connector keeps to, with records that hold everything the model can hold.
@Suite struct ContractTests {
    /// A connector and a law.
    struct Duty: Sendable, CustomTestStringConvertible {
        let connector: String
        let law: Law
        var testDescription: String { connector + ": " + law.name }
    }

    /// One connector while it is being written, by `CONNECTOR=acme`; all of them otherwise.
    static let connectors = ConnectorCatalog.all.filter { connector in
        ProcessInfo.processInfo.environment["CONNECTOR"].map { $0 == connector.name } ?? true
    }
    static let duties = connectors.flatMap { connector in
        Law.all.map { Duty(connector: connector.name, law: $0) }
    }
    static let seeds: [UInt64] = [1, 2, 3, 4, 5]
    static let sizes = [1, 2, 4, 8, 16, 40]

    @Test(arguments: duties, seeds)
    func everyConnectorKeepsToTheLaws(_ duty: Duty, _ seed: UInt64) throws {
        let connector = try #require(ConnectorCatalog.connector(named: duty.connector))
        func faults(_ size: Int) throws -> [String] {
            let shop = try Workshop(connector)
            defer { shop.clear() }
            return try duty.law.faults(shop, seed, size)
        }
        guard var found = Optional(try faults(40)), !found.isEmpty else { return }
        // The smallest set that shows it says most.
        var size = 40
        for smaller in Self.sizes {
            let less = try faults(smaller)
            guard less.isEmpty else {
                (found, size) = (less, smaller)
                break
            }
        }
        if Waiver.of(duty.connector, duty.law) == nil {
            Issue.record("seed \(seed), size \(size): \(found.prefix(4).joined(separator: "; "))")
        }
    }

    @Test func connectorsAreListedUnderTheNamesTheyGiveThemselves() {
        #expect(ConnectorCatalog.names == ConnectorCatalog.all.map(\.name))
        #expect(ConnectorCatalog.names.count >= 9)
    }

    @Test func everyWaiverIsStillNeeded() throws {
        for waiver in Waiver.all {
            let connector = try #require(ConnectorCatalog.connector(named: waiver.connector))
            let law = try #require(Law.all.first { $0.name == waiver.law })
            #expect(!waiver.reason.isEmpty)
            let isBroken = try Self.seeds.contains { seed in
                let shop = try Workshop(connector)
                defer { shop.clear() }
                return try !law.faults(shop, seed, 40).isEmpty
            }
            #expect(isBroken, "\(waiver.connector) keeps '\(waiver.law)' now; remove its waiver")
        }
    }

    /// A law that nothing can break proves nothing: each finds the fault of a connector made to break it.
    @Test func theLawsFindWhatIsWrong() throws {
        let leaky = Connector(
            name: "leaky", title: "Leaky", summary: "For tests: all that is private becomes public.",
            exports: [
                Export(
                    "threads", Recognition(names: ["threads"], keys: ["id", "posts"]),
                    .conversation(
                        Binding<Conversation>([
                            .field("id", \.id),
                            .timeline(
                                "posts",
                                Binding<Entry>([
                                    .field("id", \.id), .field("text", \.text),
                                    .field("at", \.createdAt, .unixSeconds),
                                ]).cases("kind", [Case("m", .message), Case("m", .note)])),
                        ])), output: OutputFile("threads.jsonl", .lines))
            ], capabilities: .everything, ceilings: [])
        let shop = try Workshop(leaky)
        defer { shop.clear() }
        #expect(try !Law.noNoteBecomesPublic.faults(shop, 1, 40).isEmpty)
        #expect(try !Law.readingGivesWhatWasWritten.faults(shop, 1, 40).isEmpty)
    }

    @Test func theGeneratorHoldsEverything() {
        var generator = RecordGenerator(seed: 1)
        let records = (0..<6).flatMap { _ in generator.set(conversations: 60) }
        let entries = records.flatMap(\.entries)
        for event in Entry.Event.allCases { #expect(entries.contains { $0.kind == .event(event) }, "\(event)") }
        for kind in Author.Kind.allCases { #expect(entries.contains { $0.author.kind == kind }, "\(kind)") }
        let conversations = records.compactMap { if case .conversation(let value) = $0 { value } else { nil } }
        for status in Status.allCases { #expect(conversations.contains { $0.status == status }, "\(status)") }
        for channel in Channel.allCases { #expect(conversations.contains { $0.channel == channel }, "\(channel)") }
        #expect(conversations.contains { $0.timeline.count == 300 })
        #expect(conversations.contains { $0.timeline.isEmpty })
        #expect(conversations.contains { $0.sessions.count > 1 })
        #expect(entries.count { $0.kind == .note } > 20)
    }
}
