import ConnectorCatalog
import ConnectorKit
import ConversationModel
import TestSupport
import Testing

/// The laws that every connector passes, with records that hold everything the model can hold.
@Suite struct ContractTests {
    static let connectors = ConnectorCatalog.all.map(\.name)
    static let seeds: [UInt64] = [1, 2, 3, 4, 5]

    private func workshop(_ name: String) throws -> Workshop {
        try Workshop(try #require(ConnectorCatalog.connector(named: name)))
    }

    @Test(arguments: connectors, seeds)
    func readingGivesWhatWasWritten(_ name: String, _ seed: UInt64) throws {
        let shop = try workshop(name)
        defer { shop.clear() }
        var generator = RecordGenerator(seed: seed)
        let projected = shop.project(generator.set(conversations: 40)).records
        let read = try shop.read(try shop.write(projected, to: "out"))
        #expect(read.notes.rejected.isEmpty, "seed \(seed): \(read.notes.rejected.prefix(3))")
        let back = Dictionary(
            read.records.map { ($0.entity.rawValue + "/" + $0.id, $0) }, uniquingKeysWith: { a, _ in a })
        #expect(back.count == projected.count, "seed \(seed)")
        for record in projected {
            let key = record.entity.rawValue + "/" + record.id
            guard let found = back[key] else {
                Issue.record("seed \(seed): \(key) is missing")
                continue
            }
            if found != record { Issue.record("seed \(seed): \(key): \(differences(record, found).prefix(4))") }
        }
    }

    @Test(arguments: connectors, seeds)
    func projectingTwiceIsProjectingOnce(_ name: String, _ seed: UInt64) throws {
        let shop = try workshop(name)
        defer { shop.clear() }
        var generator = RecordGenerator(seed: seed)
        let once = shop.project(generator.set(conversations: 40)).records
        let twice = shop.project(once)
        for (a, b) in zip(once, twice.records) where a != b {
            Issue.record("seed \(seed): \(a.entity) \(a.id): \(differences(a, b).prefix(4))")
        }
        #expect(once.count == twice.records.count)
        #expect(twice.losses.isEmpty, "seed \(seed): \(twice.losses.all.prefix(4))")
    }

    @Test(arguments: connectors, seeds)
    func everyDifferenceIsANamedLoss(_ name: String, _ seed: UInt64) throws {
        let shop = try workshop(name)
        defer { shop.clear() }
        var generator = RecordGenerator(seed: seed)
        for record in generator.set(conversations: 60) {
            let result = shop.project([record])
            guard let projected = result.records.first(where: { $0.entity == record.entity && $0.id == record.id })
            else {
                #expect(!result.losses.isEmpty, "\(record.entity) \(record.id) vanished without a loss")
                continue
            }
            let different = differingFields(record, projected)
            let named = Set(result.losses.all.map { $0.field.split(separator: ".").first.map(String.init) ?? "" })
            for field in different where !named.contains(field) {
                Issue.record("seed \(seed): \(record.entity) \(record.id): '\(field)' differs and no loss names it")
            }
        }
    }

    @Test(arguments: connectors, seeds)
    func noNoteBecomesPublic(_ name: String, _ seed: UInt64) throws {
        let shop = try workshop(name)
        defer { shop.clear() }
        var generator = RecordGenerator(seed: seed)
        let records = generator.set(conversations: 40)
        let read = try shop.read(try shop.write(shop.project(records).records, to: "out")).records
        let notes = Set(records.flatMap(\.entries).filter { $0.kind == .note }.map(\.id))
        let messages = Set(read.flatMap(\.entries).filter { $0.kind == .message }.map(\.id))
        #expect(notes.count > 20)
        #expect(notes.isDisjoint(with: messages), "seed \(seed)")
    }

    @Test(arguments: connectors)
    func writingTwiceGivesTheSameBytes(_ name: String) throws {
        let shop = try workshop(name)
        defer { shop.clear() }
        var generator = RecordGenerator(seed: 9)
        let projected = shop.project(generator.set(conversations: 30)).records
        let first = try shop.write(projected, to: "a")
        let second = try shop.write(try shop.read(first).records, to: "b")
        #expect(try bytes(first) == bytes(second))
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
    }
}

extension NeutralRecord {
    var entries: [Entry] { if case .conversation(let conversation) = self { conversation.timeline } else { [] } }
}
