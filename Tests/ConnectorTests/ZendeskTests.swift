import ConnectorCatalog
import ConnectorKit
import ConversationModel
import Foundation
import Testing

/// What a crawl of Zendesk's API holds beside tickets, by the synthetic exports in the connector's folder.
@Suite struct ZendeskTests {
    private func read(_ fixture: String) throws -> (records: [NeutralRecord], notes: SourceNotes) {
        let shop = try Workshop(try #require(ConnectorCatalog.connector(named: "zendesk")))
        defer { shop.clear() }
        return try shop.read("\(FixtureTests.root)/Zendesk/Fixtures/\(fixture)")
    }

    private func conversations(_ records: [NeutralRecord]) -> [String: Conversation] {
        var found: [String: Conversation] = [:]
        for case .conversation(let value) in records { found[value.id] = value }
        return found
    }

    @Test func commentsInPagesOfTheirOwnStandInTheirTicketOnce() throws {
        let (records, notes) = try read("comments")
        let tickets = conversations(records)
        #expect(notes.rejected.isEmpty && notes.incomplete.isEmpty)
        #expect(tickets["81"]?.timeline.map(\.id) == ["8101", "8111", "8121"])
        #expect(tickets["81"]?.timeline.map(\.kind) == [.message, .note, .message])
        #expect(tickets["81"]?.timeline.map(\.author.name) == ["Li Wei", "Ana Ruiz", "Ana Ruiz"])
        #expect(tickets["81"]?.timeline[0].attachments.map(\.name) == ["label.pdf"])
        #expect(tickets["82"]?.timeline.map(\.text) == ["Where is parcel 82?"])
        #expect(tickets["83"]?.timeline.map(\.id) == ["8301", "8311"])
        #expect(tickets["83"]?.timeline.map(\.kind) == [.message, .note])
        #expect(tickets["84"]?.timeline.map(\.text) == ["Where is parcel 84?", "It arrived"])
    }

    @Test func ticketsAreWrittenWithTheCommentsOfTheirPages() throws {
        let shop = try Workshop(try #require(ConnectorCatalog.connector(named: "zendesk")))
        defer { shop.clear() }
        let before = try read("comments").records
        let after = try shop.read(try shop.write(before, to: "out")).records
        for (id, ticket) in conversations(before) {
            let back = try #require(conversations(after)[id])
            #expect(back.timeline.map(\.id) == ticket.timeline.map(\.id))
            #expect(back.timeline.map(\.html) == ticket.timeline.map(\.html))
            #expect(back.timeline.map(\.kind) == ticket.timeline.map(\.kind))
        }
    }
}
