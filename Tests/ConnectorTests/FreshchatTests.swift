import ConnectorCatalog
import ConnectorKit
import ConversationModel
import Diagnostics
import Foundation
import Testing

/// Freshchat's shapes as its API, webhooks and reports give them; the sources are named in the connector's README.
@Suite struct FreshchatTests {
    private func fixture(_ name: String) -> String { "\(FixtureTests.root)/Freshchat/Fixtures/\(name)" }

    private func read<Result>(
        _ path: String, _ body: (_ records: [NeutralRecord], _ notes: SourceNotes) throws -> Result
    ) throws -> Result {
        let shop = try Workshop(try #require(ConnectorCatalog.connector(named: "freshchat")))
        defer { shop.clear() }
        let read = try shop.read(path)
        return try body(read.records, read.notes)
    }

    private func conversations(_ path: String) throws -> [Conversation] {
        try read(path) { records, notes in
            #expect(notes.rejected.isEmpty, "\(notes.rejected)")
            return records.compactMap { if case .conversation(let conversation) = $0 { conversation } else { nil } }
        }
    }

    private func written(_ files: [String: String]) throws -> String {
        let directory = NSTemporaryDirectory() + "deskferry-freshchat-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        for (name, text) in files { try text.write(toFile: directory + "/" + name, atomically: true, encoding: .utf8) }
        return directory
    }

    // MARK: Messages

    private func entries() throws -> [String: Entry] {
        let conversation = try #require(
            conversations(fixture("kinds")).first { $0.id == "b1c2d3e4-0000-4000-8000-00000000000a" })
        return Dictionary(uniqueKeysWithValues: conversation.timeline.map { ($0.id, $0) })
    }

    @Test func privateAndBotNotesAreNotesWhateverElseTheySay() throws {
        let entries = try entries()
        for id in ["k-011", "k-012", "k-019"] { #expect(entries[id]?.kind == .note, "\(id)") }
        // A type that nobody knows yet is shown to agents only.
        #expect(entries["k-020"]?.kind == .note)
        #expect(entries.values.count { $0.kind == .note } == 4)
    }

    @Test func whatThePlatformSaysIsAnEvent() throws {
        let entries = try entries()
        #expect(entries["k-013"]?.kind == .event(.other))
        #expect(entries["k-013"]?.text == "Conversation was assigned to Ana Ruiz")
        #expect(entries["k-014"]?.kind == .event(.status) && entries["k-014"]?.to == .string("closed"))
        #expect(entries["k-015"]?.kind == .event(.status) && entries["k-015"]?.to == .string("open"))
        #expect(entries["k-016"]?.kind == .event(.other) && entries["k-016"]?.author.kind == .system)
    }

    @Test func authorsAreToldApartInAnyCase() throws {
        let entries = try entries()
        #expect(
            entries["k-001"]?.author
                == Author(
                    .contact, id: "5e000000-0000-4000-8000-000000000001", name: "Kim Lee", email: "kim@buyer.example"))
        #expect(entries["k-002"]?.author.name == "Ana Ruiz" && entries["k-002"]?.author.kind == .agent)
        #expect(entries["k-006"]?.author.kind == .bot)
        #expect(entries["k-017"]?.kind == .message && entries["k-017"]?.author.kind == .contact)
        #expect(entries["k-018"]?.kind == .message && entries["k-018"]?.author.kind == .contact)
        #expect(entries["k-019"]?.author.kind == .agent)
        #expect(entries["k-024"]?.author == Author(.agent, id: "90e00000-0000-4000-8000-00000000dead"))
    }

    @Test func partsAreOneTextAndTheFilesBesideIt() throws {
        let entries = try entries()
        #expect(entries["k-001"]?.text == "first line\nsecond line")
        let image = try #require(entries["k-002"]?.attachments.first)
        #expect(image.url == "https://files.example/i.png" && image.contentType == "image/png")
        #expect(entries["k-002"]?.text == nil)
        #expect(entries["k-003"]?.attachments.map(\.url) == ["https://files.example/bare.jpg"])
        let file = try #require(entries["k-004"]?.attachments.first)
        #expect(file.id == "f-9" && file.name == "a b.txt" && file.size == 12 && file.contentType == "text/plain")
        #expect(entries["k-005"]?.attachments.map(\.contentType) == ["video/mp4", "audio/ogg"])
        #expect(entries["k-030"]?.text == "two in one" && entries["k-030"]?.attachments.count == 1)
        #expect(entries["k-021"]?.text == "with a part of tomorrow")
        #expect(entries["k-022"]?.text == nil && entries["k-023"]?.text == nil)
        #expect(
            entries["k-027"]?.text == "<p>See <a href=\"https://shop.example/x\">this</a> & \"that\"</p>\n\tnew line")
    }

    @Test func buttonsCollectionsAndTemplatesAreReadAsLines() throws {
        let entries = try entries()
        #expect(
            entries["k-006"]?.text
                == "Pick one\n[Track order] https://shop.example/track\n[👍 upvote]\n[Refund]\n[Other]")
        #expect(entries["k-007"]?.replyTo == "k-006")
        #expect(entries["k-008"]?.text == "inside\n[Article five]")
        #expect(entries["k-008"]?.attachments.map(\.url) == ["https://files.example/deep.gif"])
        #expect(entries["k-009"]?.text == "Blue shoe\n[Look] https://shop.example/shoe")
        #expect(entries["k-009"]?.attachments.map(\.url) == ["https://files.example/shoe.png"])
    }

    @Test func aMailPartIsHTMLWithItsSubject() throws {
        let mail = try #require(try entries()["k-010"])
        #expect(mail.email?.subject == "Re: order A-7")
        #expect(mail.html?.hasPrefix("<p>Please <b>call</b> me &amp; hurry") == true)
        #expect(mail.text == "Please call me & hurry\nphoto")
    }

    @Test func pagesThatComeNewestFirstStandInOrder() throws {
        let timeline = try #require(try conversations(fixture("one")).first).timeline
        #expect(timeline.map(\.id) == ["m-1", "m-2", "m-3", "m-4"])
        #expect(timeline.map(\.session) == Array(repeating: "515435468500047-1654077600000", count: 4))
        let pages = try #require(try conversations(fixture("pages")).first).timeline
        #expect(pages.map(\.id) == ["p-0", "p-1", "p-2", "p-3", "p-4", "p-5"])
        let long = try #require(try conversations(fixture("long")).first).timeline
        #expect(long.count == 300 && long.last?.text == "message 300 of 300")
    }

    // MARK: Conversations and people

    @Test func conversationsAreReadInBothFormsOfTheirProperties() throws {
        let all = try conversations(fixture("kinds"))
        let first = try #require(all.first { $0.id.hasSuffix("a") })
        #expect(first.number == "515435468500048" && first.status == .open && first.priority == .high)
        #expect(first.fields == [FieldValue("cf_order_id", .string("A-7"))])
        #expect(first.channel == .chat && first.requester == "5e000000-0000-4000-8000-000000000001")
        #expect(first.createdAt == Instant("2022-06-01T10:00:00.000Z"))
        let pairs = try #require(all.first { $0.id.hasSuffix("b") })
        #expect(pairs.priority == .normal && pairs.fields == [FieldValue("cf_order_id", .string("B-1"))])
        let bare = try #require(all.first { $0.id.hasSuffix("c") })
        #expect(bare.assignee == nil && bare.team == nil && bare.priority == nil)
        let strange = try #require(all.first { $0.id.hasSuffix("d") })
        #expect(strange.status == .open && strange.priority == nil)
        #expect(strange.fields.map(\.key) == ["cf_seats", "cf_ok", "cf_none"])
    }

    @Test func usersAndAgentsAreRead() throws {
        try read(fixture("kinds")) { records, notes in
            let contacts = records.compactMap { if case .contact(let contact) = $0 { contact } else { nil } }
            #expect(
                contacts.map(\.name) == ["Kim Lee", "عمر", "Ana María del Mar", "Onlylast", "One Name", nil])
            #expect(contacts[0].externalID == "crm-991" && contacts[0].emails == ["kim@buyer.example"])
            #expect(contacts[0].fields.first == FieldValue("plan", .string("gold")))
            let agents = records.compactMap { if case .agent(let agent) = $0 { agent } else { nil } }
            #expect(agents.map(\.active) == [true, false, true])
            #expect(agents.map(\.role) == [.agent, .admin, .agent])
            #expect(agents[1].teams.count == 2)
            #expect(notes.unknownValues.keys.contains { $0.value == "hologram" })
            #expect(notes.unknownValues.keys.contains { $0.value == "whispered" })
            #expect(notes.unknownValues.keys.contains { $0.value == "waiting_on_moon" })
        }
    }

    @Test func aRequesterStandsInTheUsersOfAConversation() throws {
        let conversation = try #require(try conversations(fixture("documents")).first)
        #expect(conversation.requester == "5e000000-0000-4000-8000-000000000001")
        #expect(conversation.timeline.map(\.text) == ["created by the API"])
        #expect(try conversations(fixture("dumps")).map(\.timeline.count) == [2, 2])
    }

    @Test func webhooksAreAConversationOnce() throws {
        let conversation = try #require(try conversations(fixture("webhooks")).first)
        #expect(conversation.timeline.map(\.text) == ["<b> 'is' <raw>", "answer", "thanks"])
        #expect(conversation.createdAt == Instant("2023-01-01T00:00:00.000Z"))
        #expect(conversation.brand == "c4a00000-0000-4000-8000-0000000000e1")
    }

    // MARK: Reports

    @Test func transcriptsAreConversationsWithRatingsAndLabels() throws {
        let all = try conversations(fixture("csv"))
        #expect(all.count == 2)
        let conversation = try #require(all.first { $0.id == "7a4c0000-0000-4000-8000-000000000001" })
        #expect(conversation.timeline.map(\.id) == ["t-1", "t-2", "t-3", "t-4", "t-5", "t-6"])
        #expect(
            conversation.timeline.map(\.kind)
                == [.message, .message, .note, .event(.status), .event(.status), .message])
        #expect(conversation.timeline.map(\.to) == [nil, nil, nil, .string("closed"), .string("open"), nil])
        #expect(conversation.timeline[0].text == "Where is my order?\nIt is late, \"very\" late")
        #expect(conversation.timeline[0].createdAt == Instant("2022-06-01T10:00:00Z"))
        #expect(conversation.timeline[1].createdAt == Instant("2022-06-01T10:05:00.250Z"))
        #expect(conversation.timeline[1].author.name == "Ana Ruiz")
        #expect(conversation.timeline[1].attachments.map(\.name) == ["label.pdf"])
        #expect(conversation.timeline[5].text == "still nothing")
        #expect(conversation.requester == "5e000000-0000-4000-8000-000000000001")
        #expect(conversation.createdAt == Instant("2022-06-01T10:00:00Z"))
        #expect(conversation.assignee == "a6000000-0000-4000-8000-000000000001")
        #expect(conversation.team == "6a000000-0000-4000-8000-000000000001")
        #expect(conversation.tags == ["Delivery", "Late", "Lost"])
        #expect(conversation.rating?.score == 5 && conversation.rating?.scale == 5)
        #expect(conversation.rating?.comment == "better now")
    }

    @Test func aZipOfReportsIsReadThoughItIsNamedCSV() throws {
        let all = try conversations(fixture("zipped"))
        #expect(all.map(\.timeline.count).sorted() == [1, 6])
    }

    @Test func headersAreReadInEveryCaseAndSpelling() throws {
        let directory = try written([
            "Chat-Transcript.csv": "Conversation_ID,MESSAGE ID,Created_At,Actor_Type,actor_id,Message\n"
                + "c-1,m-1,2022-06-01 10:00:00.0,USER,u-1,hello\n",
            "csat.csv": "conversation_id,survey_id,rating,feedback\nc-1,s-1,4,good\n",
            "labels.csv": "conversation_id,resolution_label,abel_sub_category_name\nc-1,Sales,Quote\n",
        ])
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let conversation = try #require(try conversations(directory).first)
        #expect(conversation.timeline.map(\.text) == ["hello"])
        #expect(conversation.timeline[0].createdAt == Instant("2022-06-01T10:00:00Z"))
        #expect(conversation.timeline[0].author == Author(.contact, id: "u-1"))
        #expect(conversation.rating?.score == 4 && conversation.rating?.comment == "good")
        #expect(conversation.tags == ["Sales", "Quote"])
    }

    @Test func reportsOfEventsAloneGiveConversationsWithoutMessages() throws {
        let directory = try written([
            "Conversation-Created.csv":
                "conversation_id,created_at,agent_id,reopened\nc-1,2022-06-01T10:00:00.000Z,a-1,false\n",
            "Conversation-Resolved.csv": "conversation_id,created_at,agent_id\nc-1,2022-06-02T10:00:00.000Z,a-1\n",
        ])
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try read(directory) { records, notes in
            guard records.count == 1, case .conversation(let conversation) = records[0] else {
                Issue.record("\(records.count) records")
                return
            }
            #expect(conversation.timeline.map(\.kind) == [.event(.created), .event(.status)])
            #expect(conversation.timeline[1].to == .string("closed"))
            #expect(conversation.assignee == "a-1")
            #expect(notes.incomplete.count == 1)
        }
    }

    @Test func aTranscriptAddsOnlyWhatTheMessagesDoNotHold() throws {
        let message =
            "{\"id\":\"m-1\",\"conversation_id\":\"c-1\",\"actor_type\":\"user\",\"actor_id\":\"u-1\",\"message_type\":\"normal\","
            + "\"message_parts\":[{\"text\":{\"content\":\"by the API\"}}],\"created_time\":\"2022-06-01T10:00:00.000Z\"}\n"
        let directory = try written([
            "messages.jsonl": message,
            "Chat-Transcript.csv": "conversation_id,message_id,created_time,actor_type,actor_id,message\n"
                + "c-1,m-1,2022-06-01 10:00:00.0,user,u-1,by the report\nc-1,m-2,2022-06-01 10:01:00.0,user,u-1,more\n",
            "Conversation-Created.csv":
                "conversation_id,created_at,agent_id,reopened\nc-1,2022-06-01T09:59:59.000Z,a-1,false\n",
        ])
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let all = try conversations(directory)
        #expect(all.count == 1)
        #expect(all.first?.timeline.map(\.text) == ["by the API", "more"])
        #expect(all.first?.assignee == "a-1")
    }

    // MARK: Writing

    @Test(arguments: ["one", "kinds", "documents", "dumps"])
    func itsOwnRecordsAreWrittenAsTheyWereAfterTheyWereProjected(_ name: String) throws {
        let shop = try Workshop(try #require(ConnectorCatalog.connector(named: "freshchat")))
        defer { shop.clear() }
        let records = try shop.read(fixture(name)).records
        let plain = try bytes(try shop.write(records, to: "plain"))
        let projected = try bytes(try shop.write(shop.project(records).records, to: "projected"))
        #expect(Set(plain.keys).isSubset(of: projected.keys))
        for (file, data) in plain where file.hasPrefix("messages") || file.hasPrefix("conversation") {
            #expect(projected[file] == data, "\(file)")
        }
    }

    @Test func aChangedTextIsWrittenOnceAndItsOffersGo() throws {
        let shop = try Workshop(try #require(ConnectorCatalog.connector(named: "freshchat")))
        defer { shop.clear() }
        var records = try shop.read(fixture("one")).records
        for index in records.indices {
            guard case .conversation(var conversation) = records[index] else { continue }
            conversation.timeline[1].text = "See the [removed]"
            records[index] = .conversation(conversation)
        }
        let output = try shop.write(records, to: "out")
        let text = try String(contentsOfFile: output + "/messages.jsonl", encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.contains("\"m-2\"") })
        let message = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        let parts = try #require(message["message_parts"] as? [[String: Any]])
        #expect((parts[0]["text"] as? [String: String]) == ["content": "See the [removed]"])
        #expect((parts[1]["file"] as? [String: Any])?["file_hash"] as? String == "9f2c")
        #expect(message["reply_parts"] == nil)
        guard case .conversation(let back) = try shop.read(output).records.first(where: { $0.entity == .conversation })
        else { return }
        #expect(back.timeline[1].text == "See the [removed]")
    }

    @Test func aChangedNameIsWrittenWhole() throws {
        let shop = try Workshop(try #require(ConnectorCatalog.connector(named: "freshchat")))
        defer { shop.clear() }
        let records = try shop.read(fixture("kinds")).records.compactMap { record -> NeutralRecord? in
            guard case .contact(var contact) = record else { return nil }
            contact.name = "Bob van der Stone"
            return .contact(contact)
        }
        let back = try shop.read(try shop.write(records, to: "out")).records
        #expect(back.count == 6)
        for case .contact(let contact) in back { #expect(contact.name == "Bob van der Stone", "\(contact.id)") }
    }

    // MARK: What is wrong

    @Test func brokenRecordsAreNamedWithTheirPlaces() throws {
        try read(fixture("broken")) { records, notes in
            #expect(records.map(\.id) == ["5e000000-0000-4000-8000-000000000001"])
            let rejected = notes.rejected.map {
                "\($0.place.file?.split(separator: "/").last ?? ""):\($0.place.line ?? 0)"
            }
            #expect(
                Set(rejected) == [
                    "messages.jsonl:6", "messages.jsonl:8", "messages.jsonl:9", "messages.jsonl:2", "users.jsonl:2",
                    "users.jsonl:3", "conversations.jsonl:2", "conversations.jsonl:3", "conversations.jsonl:4",
                ])
            let time = notes.rejected.first { $0.place.path == "created_time" && $0.place.line == 2 }
            #expect(time?.reason.contains("31/02/2024") == true || time?.reason.contains("an object") == true)
        }
    }

    @Test func aPageThatNamesANextOneIsNotTheLast() throws {
        let page = try String(contentsOfFile: fixture("pages/messages-1.json"), encoding: .utf8)
        let directory = try written(["messages.json": page])
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try read(directory) { _, notes in
            #expect(notes.pages.values.contains { $0.more == 1 && $0.last == 0 })
        }
        try read(fixture("pages")) { _, notes in
            #expect(!notes.pages.values.contains { $0.more > 0 && $0.last == 0 })
        }
    }

    @Test func anEmptyAccountIsNoError() throws {
        try read(fixture("empty")) { records, notes in #expect(records.isEmpty && notes.rejected.isEmpty) }
    }
}
