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

    @Test func aTicketWhoseLastPageOfCommentsIsMissingIsNoticedBesideOthersThatAreWhole() throws {
        let shop = try Workshop(try #require(ConnectorCatalog.connector(named: "zendesk")))
        defer { shop.clear() }
        let copy = shop.directory + "/in"
        try FileManager.default.copyItem(atPath: "\(FixtureTests.root)/Zendesk/Fixtures/comments", toPath: copy)
        try FileManager.default.removeItem(atPath: copy + "/tickets/81/comments-2.json")
        let pages = try shop.read(copy).notes.pages.filter { $0.value.more > 0 && $0.value.last == 0 }
        #expect(pages.keys.map(\.of) == ["81"])
    }

    @Test func aConversationLogGivesTheMessagesAndDoublesNoComment() throws {
        let (records, notes) = try read("messaging")
        let tickets = conversations(records)
        #expect(notes.rejected.isEmpty && notes.incomplete.isEmpty)
        let ticket = try #require(tickets["91"])
        #expect(
            ticket.timeline.map(\.kind) == [.message, .message, .note, .note, .message, .message, .note])
        #expect(
            ticket.timeline.map(\.author.kind) == [.bot, .contact, .contact, .agent, .agent, .contact, .contact])
        #expect(ticket.timeline[0].author == Author(.bot, name: "Parcel Bot"))
        #expect(ticket.timeline.compactMap(\.text).contains("It ships today"))
        #expect(ticket.timeline[5].attachments.map(\.name) == ["box.png"])
        // The transcript repeats the messages for agents only.
        #expect(ticket.timeline[6].id == "9121")
        let guest = try #require(tickets["92"]?.timeline)
        #expect(guest.map(\.kind) == [.message, .note, .message])
        #expect(guest[0].author.name == "Web User 7f3a" && guest[0].author.kind == .contact)
    }

    @Test func sideConversationsAreThreadsOfNotesThatBelongToTheirTicket() throws {
        let (records, notes) = try read("side")
        let threads = conversations(records)
        #expect(notes.rejected.isEmpty && notes.incomplete.isEmpty && threads.count == 4)
        let mail = try #require(threads["8566255a-ece5-11e8-857d-493066000001"])
        #expect(mail.links == [Link(.sideConversationOf, "101")])
        #expect(mail.status == .closed && mail.subject == "Courier: parcel 101")
        #expect(mail.participants.map(\.kind) == [.agent, .contact])
        #expect(mail.participants.map(\.email) == ["ana@shop.example", "desk@courier.example"])
        #expect(mail.timeline.map(\.kind) == [.note, .note, .event(.status)])
        #expect(mail.timeline.map(\.author.name) == ["Ana Ruiz", "Courier desk", "Ana Ruiz"])
        #expect(mail.timeline[1].attachments.map(\.name) == ["slip.png"])
        #expect(mail.timeline[2].to == .string("closed"))
        // A list says the ticket by its address alone, and a child ticket by its id.
        let child = try #require(threads["8566255a-ece5-11e8-857d-493066000002"])
        #expect(Set(child.links) == [Link(.sideConversationOf, "101"), Link(.child, "102")])
        #expect(threads["101"]?.timeline.map(\.id) == ["10101"])
    }

    @Test func sideConversationsGoBackIntoTheirOwnFilesAsTheyCame() throws {
        let shop = try Workshop(try #require(ConnectorCatalog.connector(named: "zendesk")))
        defer { shop.clear() }
        let path = try shop.write(try read("side").records, to: "out")
        func lines(_ name: String) throws -> [String: NSDictionary] {
            var found: [String: NSDictionary] = [:]
            for line in try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8).split(separator: "\n") {
                let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? NSDictionary)
                found[try #require(object["id"] as? String)] = object
            }
            return found
        }
        let source = "\(FixtureTests.root)/Zendesk/Fixtures/side"
        var lists: [String: [NSDictionary]] = [:]
        for name in ["tickets/101/side_conversations.json", "events.json"] {
            let data = try Data(contentsOf: URL(filePath: "\(source)/\(name)"))
            for (key, value) in try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:] {
                lists[key, default: []] += value as? [NSDictionary] ?? []
            }
        }
        for (key, file) in [
            ("side_conversations", "side_conversations.jsonl"), ("events", "side_conversation_events.jsonl"),
        ] {
            let written = try lines(file)
            let given = try #require(lists[key])
            #expect(!given.isEmpty && written.count == Set(given.compactMap { $0["id"] as? String }).count)
            for record in given { #expect(written[try #require(record["id"] as? String)] == record) }
        }
    }

    @Test func mergedAndFollowUpTicketsAreLinks() throws {
        let tickets = conversations(try read("links").records)
        #expect(tickets["111"]?.links == [Link(.mergedInto, "112")])
        #expect(tickets["112"]?.links == [])
        #expect(tickets["113"]?.links == [Link(.child, "114")])
        #expect(tickets["114"]?.links == [Link(.followUpOf, "113")])
    }

    @Test func theDescriptionOfAPrivateTicketIsNoMessage() throws {
        let ticket = try #require(conversations(try read("private").records)["141"])
        #expect(ticket.timeline.map(\.kind) == [.note] && ticket.timeline.map(\.text) == ["Watch this buyer"])
    }

    @Test func copiesFollowersAndOldCollaboratorsAreToldApart() throws {
        let tickets = conversations(try read("links").records)
        #expect(
            tickets["112"]?.participants == [Participant(.agent, "601", .follower), Participant(.contact, "502", .cc)])
        #expect(
            tickets["115"]?.participants == [Participant(.contact, "502", .cc), Participant(.contact, "503", .cc)])
    }

    @Test func whatACrawlSaysOfPeopleAndTicketsIsReadAndTheRestIsNamed() throws {
        let (records, notes) = try read("crawl")
        #expect(notes.rejected.isEmpty && notes.incomplete.isEmpty)
        for case .contact(let contact) in records where contact.id == "501" {
            #expect(contact.emails == ["li@buyer.example", "li.wei@work.example"])
            #expect(contact.phones == ["+353215550100"] && contact.company == "900")
        }
        for case .agent(let agent) in records { #expect(agent.teams == ["3", "4"]) }
        let tickets = conversations(records)
        #expect(tickets["121"]?.rating == Rating(score: 2, scale: 2, comment: "Quick!"))
        #expect(tickets["122"]?.links == [Link(.followUpOf, "121")])
        // What was hidden after it was written is no message, whatever the audit said of it first.
        #expect(tickets["122"]?.timeline.map(\.kind) == [.message, .note])
        // What a search found lies mixed: a user is no ticket.
        #expect(Set(tickets.keys) == ["121", "122", "131"])
        #expect(records.contains { $0.entity == .contact && $0.id == "531" })
        let exports = try #require(ConnectorCatalog.connector(named: "zendesk")).exports
        let named = Dictionary(uniqueKeysWithValues: notes.ignoredByExport.map { (exports[$0.key].name, $0.value) })
        #expect(
            named == [
                "custom_statuses": 1, "brands": 1, "tags": 1, "job_statuses": 1, "engagements": 1,
                "group_memberships": 1, "satisfaction_ratings": 1, "search_results": 1,
            ])
    }
}
