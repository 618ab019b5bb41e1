import ConnectorCatalog
import ConnectorKit
import ConversationModel
import Diagnostics
import Foundation
import TestSupport
import Testing

/// What JSON:API records with messages, notes and files apart mean, by the platform's own documents.
@Suite struct KustomerTests {
    private func shop() throws -> Workshop {
        try Workshop(try #require(ConnectorCatalog.connector(named: "kustomer")))
    }

    private func read(_ fixture: String) throws -> (records: [NeutralRecord], notes: SourceNotes) {
        let shop = try shop()
        defer { shop.clear() }
        return try shop.read("\(FixtureTests.root)/Kustomer/Fixtures/\(fixture)")
    }

    private func conversations(_ fixture: String) throws -> [Conversation] {
        try read(fixture).records.compactMap { if case .conversation(let value) = $0 { value } else { nil } }
    }

    /// Source: https://developer.kustomer.com/docs/concepts/custom-objects (`kobject.` and the name of the class).
    @Test func objectsOfTheAccountsOwnAreKnownAndLeftOut() throws {
        let shop = try shop()
        defer { shop.clear() }
        try
            (#"{"data":[{"type":"customer","id":"c1","attributes":{"name":"Kim"}}],"#
            + #""included":[{"type":"kobject.order","id":"o1","attributes":{"title":"Order 7"}}]}"#)
            .write(toFile: shop.directory + "/customers.json", atomically: true, encoding: .utf8)
        let read = try shop.read(shop.directory + "/customers.json")
        #expect(read.records.map(\.id) == ["c1"])
        #expect(read.notes.rejected.isEmpty)
    }

    @Test func messagesNotesAndFilesFindTheirConversation() throws {
        let conversation = try #require(try conversations("one").first)
        #expect(conversation.timeline.map(\.kind) == [.message, .note, .message])
        #expect(
            conversation.timeline.map(\.createdAt) == [
                Instant("2024-01-05T10:22:00.000Z"), Instant("2024-01-05T10:30:00.000Z"),
                Instant("2024-01-05T10:31:00.250Z"),
            ])
        let file = try #require(conversation.timeline[0].attachments.first)
        #expect(file.name == "parcel.png" && file.contentType == "image/png" && file.size == 48213)
        #expect(file.url?.hasPrefix("https://files.example/") == true)
        #expect(conversation.channel == .chat && conversation.priority == .high && conversation.status == .closed)
        #expect(
            conversation.rating
                == Rating(
                    score: 5, scale: 5, comment: "quick and kind", createdAt: Instant("2024-01-05T10:55:00.000Z")))
        #expect(conversation.closedAt == Instant("2024-01-05T10:51:00.000Z"))
        // The snooze is over.
        #expect(conversation.snoozedUntil == nil)
        #expect(conversation.fields.map(\.key) == ["orderNumberStr", "contactReasonTree"])
    }

    @Test func whoWroteFollowsFromTheDirection() throws {
        let conversation = try #require(try conversations("one").first)
        // Posted through the API by a user, and yet the customer's words.
        #expect(
            conversation.timeline[0].author
                == Author(.contact, id: conversation.requester, name: "Mia Chen", email: "mia@buyer.example"))
        #expect(conversation.timeline[1].author.kind == .agent && conversation.timeline[2].author.name == "Ana Lopez")
        let kinds = try #require(try conversations("kinds").first)
        let byText = Dictionary(kinds.timeline.map { ($0.text ?? "", $0) }, uniquingKeysWith: { a, _ in a })
        #expect(byText["Your order is on its way."]?.author.kind == .bot)
        #expect(byText["An answer by somebody who left"]?.author.kind == .agent)
        #expect(byText["left behind by an integration"]?.author == Author(.system))
        #expect(byText["שלום, by an agent who left"]?.author.kind == .agent)
        #expect(kinds.timeline.filter { $0.kind == .note }.count == 4)
    }

    @Test func mailHeadersAreOfMailAlone() throws {
        let kinds = try #require(try conversations("kinds").first)
        let byText = Dictionary(kinds.timeline.map { ($0.text ?? "", $0) }, uniquingKeysWith: { a, _ in a })
        var headers = EmailHeaders()
        headers.messageID = "<CAF0001@mail.buyer.example>"
        headers.subject = "Re: order 4417"
        headers.from = "mia@buyer.example"
        headers.to = ["help@shop.example"]
        #expect(byText["Good morning"]?.email == headers)
        #expect(byText["Answer by mail"]?.email?.cc == ["boss@buyer.example"])
        #expect(byText["One object as recipient"]?.email?.to == ["help@shop.example"])
        #expect(byText["One object as recipient"]?.email?.cc == ["boss@buyer.example"])
        #expect(byText["By text"]?.email == nil)
        #expect(byText["By text"]?.channel == .sms)
    }

    @Test func snoozeTimesAndAssigneesAreRead() throws {
        let all = try conversations("kinds")
        #expect(all.map(\.status) == [.open, .snoozed, .closed, .open, .open])
        #expect(all[1].snoozedUntil == Instant("2024-12-01T08:00:00.000Z"))
        #expect(all[0].assignee == "64a000000000000000000001")
        #expect(all[0].participants == [Participant(.agent, "64a000000000000000000002", .follower)])
        #expect(all[0].team == "64a000000000000000000021")
        #expect(all[0].priority == .low && all[1].priority == .urgent)
        #expect(all[3].timeline.count == 300)
        // `sentAt` is null, so the time of creation stands.
        #expect(all[1].timeline.last?.createdAt == Instant("2024-02-01T09:22:00.000Z"))
        #expect(all[1].timeline.last?.redacted == true)
        #expect(all[4].rating == nil && all[4].channel == .other)
    }

    @Test func rolesOfUsers() throws {
        let agents = try read("one").records.compactMap { if case .agent(let value) = $0 { value } else { nil } }
        #expect(agents.map(\.role) == [.admin, .light, .bot, .agent])
        #expect(agents.map(\.active) == [nil, nil, nil, false])
    }

    @Test func brokenRecordsAreNamedWithTheirPlace() throws {
        let (records, notes) = try read("broken")
        #expect(records.map(\.id) == ["64a000000000000000000431"])
        let rejected = notes.rejected.map { "\($0.place.line ?? 0) \($0.place.path ?? "-")" }
        #expect(rejected.contains("2 attributes.createdAt"))
        #expect(rejected.contains("4 attributes.assignedUsers"))
        #expect(rejected.contains("2 attributes.sentAt"))
        #expect(rejected.contains { $0.hasPrefix("3 ") }, "the record that is cut off inside the file")
        #expect(rejected.count == 7, "\(rejected)")
    }

    @Test func whatASearchLeavesOutIsSaid() throws {
        let (_, notes) = try read("capped")
        #expect(notes.incomplete.values.reduce(0) { $0 + $1.count } == 2)
        #expect(notes.pages.values.contains { $0.more == 1 && $0.last == 0 })
        #expect(try read("pages").notes.incomplete.isEmpty)
    }

    @Test func whatAWebhookWasSentIsReadAsTheRecordInside() throws {
        let (records, notes) = try read("webhooks")
        #expect(notes.rejected.isEmpty, "\(notes.rejected)")
        #expect(records.map(\.entity).sorted() == [.agent, .contact, .conversation])
        #expect(records.flatMap(\.entries).map(\.text) == ["told by a hook"])
    }

    @Test func tablesAreReadByTheirColumnsAndWrittenAsTables() throws {
        let shop = try shop()
        defer { shop.clear() }
        let read = try shop.read("\(FixtureTests.root)/Kustomer/Fixtures/csv")
        #expect(read.notes.rejected.isEmpty)
        let contacts = read.records.compactMap { if case .contact(let value) = $0 { value } else { nil } }
        #expect(contacts.map(\.name) == ["Mia Chen", "Leo \"the lion\" 🦁"])
        #expect(contacts[0].emails == ["mia@buyer.example", "mia@home.example"])
        #expect(
            contacts[0].fields == [
                FieldValue("loyaltyTierStr", .string("gold")), FieldValue("ordersCountNum", .number("4")),
                FieldValue("vipBool", .bool(true)),
            ])
        #expect(contacts[1].fields.isEmpty && contacts[1].emails.isEmpty)
        let agents = read.records.compactMap { if case .agent(let value) = $0 { value } else { nil } }
        #expect(agents.map(\.role) == [.agent, .bot])
        let rated = read.records.compactMap { if case .conversation(let value) = $0 { value.rating } else { nil } }
        #expect(rated == [Rating(score: 5, scale: 5)])
        #expect(!read.notes.incomplete.isEmpty, "a table holds no messages")
        let out = try shop.write(read.records, to: "out")
        for name in ["customers.csv", "companies.csv", "conversations.csv"] {
            #expect(
                try cells("\(FixtureTests.root)/Kustomer/Fixtures/csv/\(name)") == cells("\(out)/\(name)"), "\(name)")
        }
        #expect(
            try cells("\(FixtureTests.root)/Kustomer/Fixtures/csv/users.csv") == cells("\(out)/users-table.csv"))
    }

    /// Every row as its filled cells by column; the order of columns says nothing.
    private func cells(_ path: String) throws -> [[String: String]] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        var rows = [[""]]
        var isQuoted = false
        for character in text {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: rows[rows.count - 1].append("")
            case "\r\n" where !isQuoted: rows.append([""])
            default: rows[rows.count - 1][rows[rows.count - 1].count - 1].append(character)
            }
        }
        return rows.dropFirst().filter { $0.count == rows[0].count }.map { row in
            Dictionary(uniqueKeysWithValues: zip(rows[0], row)).filter { !$0.value.isEmpty }
        }
    }

    @Test func keysOfOtherPlatformsGetAnEnding() throws {
        let shop = try shop()
        defer { shop.clear() }
        var contact = Contact()
        contact.source.connector = "elsewhere"
        contact.id = "1"
        contact.fields = [
            FieldValue("plan", .string("gold")), FieldValue("Order number", .number("4417")),
            FieldValue("5001", .bool(true)), FieldValue("VIP", .bool(true)),
            FieldValue("sizes", .array([.string("S"), .string("M")])),
            FieldValue("note", .string(String(repeating: "x", count: 1025))), FieldValue("seatsNum", .string("five")),
            FieldValue("tierStr", .string("kept")), FieldValue("plan ", .string("again")),
            FieldValue("orderId", .string("not an id")),
            FieldValue("سعر", .number("5")),
        ]
        let result = shop.project([.contact(contact)])
        guard case .contact(let projected) = try #require(result.records.first) else { return }
        #expect(
            projected.fields.map(\.key) == [
                "planStr", "orderNumberNum", "field5001Bool", "vipBool", "sizesStr", "noteTxt", "seatsStr", "tierStr",
                "plan2Str", "orderStr", "u633u639u631Num",
            ])
        #expect(projected.fields[4].value == .string("S, M"))
        #expect(result.losses.all.first { $0.field == "fields" }?.count == 10)
    }

    @Test func longTextIsCutAndSaid() throws {
        let shop = try shop()
        defer { shop.clear() }
        var conversation = Conversation()
        conversation.source.connector = "elsewhere"
        conversation.id = "1"
        conversation.channel = .telegram
        var entry = Entry()
        entry.id = "2"
        entry.author = Author(.contact, id: "9", name: "Mia")
        entry.text = String(repeating: "a", count: 10_239) + "👩‍👩‍👧"
        conversation.timeline = [entry]
        let result = shop.project([.conversation(conversation)])
        guard case .conversation(let projected) = try #require(result.records.first) else { return }
        #expect(projected.timeline[0].text?.unicodeScalars.count == 10_239)
        #expect(projected.timeline[0].channel == .chat)
        #expect(result.losses.all.contains { $0.field == "timeline.text" && $0.lossClass == .truncated })
    }
}
