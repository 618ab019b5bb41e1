import ConnectorCatalog
import ConnectorKit
import ConversationModel
import Diagnostics
import Foundation
import Testing

/// Chats that come once for each of their threads, and what is in them.
///
/// Expected values follow <https://platform.text.com/messaging/agent-chat-api/data-structures>.
@Suite struct LivechatTests {
    private static let fixtures = FixtureTests.root + "/Livechat/Fixtures/"

    private func shop(_ name: String = "livechat") throws -> Workshop {
        try Workshop(try #require(ConnectorCatalog.connector(named: name)))
    }

    private func read(_ fixture: String) throws -> (records: [NeutralRecord], notes: SourceNotes) {
        let shop = try shop()
        defer { shop.clear() }
        return try shop.read(Self.fixtures + fixture)
    }

    private func conversations(_ fixture: String) throws -> [String: Conversation] {
        var found: [String: Conversation] = [:]
        for case .conversation(let conversation) in try read(fixture).records { found[conversation.id] = conversation }
        return found
    }

    // MARK: Round trips

    /// All records of a folder, sorted, each once: a record repeated at the border of two pages is one.
    private func records(_ directory: String) throws -> Set<NSDictionary> {
        var records: Set<NSDictionary> = []
        func take(_ value: Any) {
            if let object = value as? [String: Any] {
                let lists = ["chats", "threads", "customers", "tickets", "chats_summary"]
                if object["id"] == nil, let list = lists.lazy.compactMap({ object[$0] as? [Any] }).first {
                    list.forEach(take)
                } else if object["action"] as? String != "thread_tagged" {
                    records.insert(object as NSDictionary)
                }
            } else if let list = value as? [Any] {
                list.forEach(take)
            }
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
            let text = try String(contentsOfFile: directory + "/" + name, encoding: .utf8)
            if let whole = try? JSONSerialization.jsonObject(with: Data(text.utf8)) {
                take(whole)
            } else {
                for line in text.split(separator: "\n") {
                    take(try JSONSerialization.jsonObject(with: Data(line.utf8)))
                }
            }
        }
        return records
    }

    static let whole = ["one", "kinds", "pages", "capped", "threads", "summary", "v2", "webhooks"]

    @Test(arguments: whole)
    func anExportComesBackAsItWas(_ fixture: String) throws {
        let shop = try shop()
        defer { shop.clear() }
        let read = try shop.read(Self.fixtures + fixture)
        #expect(read.notes.rejected.isEmpty)
        let written = try records(try shop.write(read.records, to: "out"))
        let original = try records(Self.fixtures + fixture)
        #expect(!original.isEmpty)
        for record in original.subtracting(written) { Issue.record("\(fixture): \(record["id"] ?? "-") differs") }
        for record in written.subtracting(original) { Issue.record("\(fixture): \(record["id"] ?? "-") is new") }
    }

    @Test(arguments: whole)
    func theWayThroughTheNeutralBundleChangesNothing(_ fixture: String) throws {
        let shop = try shop()
        let neutral = try self.shop("neutral")
        defer {
            shop.clear()
            neutral.clear()
        }
        let bundle = try neutral.write(try shop.read(Self.fixtures + fixture).records, to: "bundle")
        let written = try records(try shop.write(try neutral.read(bundle).records, to: "out"))
        for record in try records(Self.fixtures + fixture).subtracting(written) {
            Issue.record("\(fixture): \(record["id"] ?? "-") differs")
        }
    }

    // MARK: Chats

    @Test func aChatGivenOnceAThreadIsOneConversation() throws {
        let chats = try conversations("pages")
        #expect(chats.keys.sorted() == ["PA3PAG0001", "PA3PAG0002"])
        let chat = try #require(chats["PA3PAG0001"])
        #expect(chat.sessions.map(\.id) == ["QA3PAG0001", "QA3PAG0002", "QA3PAG0004"])
        #expect(chat.timeline.map(\.text) == ["thread 1", "thread 2", "thread 4"])
        #expect(chat.timeline.map(\.session) == chat.sessions.map(\.id))
        #expect(Set(chat.tags) == ["early", "late"])
        #expect(chat.createdAt == Instant("2024-04-01T08:00:00Z"))
        #expect(chat.updatedAt == Instant("2024-04-04T08:00:01Z"))
        #expect(try read("pages").notes.incomplete.isEmpty)
    }

    @Test func theLatestThreadSpeaksForItsChat() throws {
        let chat = try #require(try conversations("kinds")["PA2KIN0000"])
        #expect(chat.status == .open && chat.closedAt == nil)
        #expect(chat.sessions.map(\.endedAt) == [Instant("2024-01-05T10:22:55.056728Z"), nil])
        #expect(chat.sessions.map(\.kind) == [.live, nil])
        #expect(chat.rating == Rating(score: 1, scale: 2))
        #expect(chat.team == "0")
        #expect(chat.tags == ["first", "second"])
        let fields = Dictionary(chat.fields.map { ($0.key, $0.value) }, uniquingKeysWith: { a, _ in a })
        let app = "0805e283233042b37f460ed8fbf22000."
        #expect(fields[app + "order_id"] == .string("2"))
        #expect(fields[app + "tier"] == .string("gold"))
        #expect(fields["ecommerce.has_sale"] == .bool(true))
        #expect(fields["routing.start_url"] == .string("https://shop.example/help"))
        #expect(!fields.keys.contains { $0.hasPrefix("source.") || $0.hasPrefix("rating.") })
    }

    @Test func usersOfAChatArePeople() throws {
        let chat = try #require(try conversations("kinds")["PA2KIN0000"])
        #expect(chat.requester == "b7a1c0de-0000-4000-8000-000000000001")
        #expect(chat.assignee == "ben@shop.example")
        #expect(
            chat.participants == [
                Participant(.agent, "ana@shop.example", .participant),
                Participant(.agent, "5c9871d5372c824cbf22d860a707a500", .participant),
                Participant(.agent, "sue@shop.example", .participant),
            ])
        func author(_ number: Int) -> Author? { chat.timeline.first { $0.id == "QA2KIN0001_\(number)" }?.author }
        #expect(author(5) == Author(.contact, id: chat.requester, name: "Mia Chen", email: "mia@buyer.example"))
        #expect(author(2)?.kind == .bot && author(2)?.name == "Helper bot")
        #expect(author(7)?.kind == .agent && author(7)?.email == "ana@shop.example")
        #expect(author(8)?.id == "gone@shop.example" && author(8)?.kind == .agent)
        #expect(author(13) == Author(.system))
    }

    @Test func everyTypeOfEventHasItsMeaning() throws {
        let chat = try #require(try conversations("kinds")["PA2KIN0000"])
        let entries = Dictionary(
            chat.timeline.map { (String($0.id.dropFirst("QA2KIN0001_".count)), $0) }, uniquingKeysWith: { a, _ in a })
        func kind(_ number: Int) -> Entry.Kind? { entries["\(number)"]?.kind }
        #expect([1, 11, 12, 13, 17].allSatisfy { kind($0) == .event(.other) })
        #expect([2, 3, 4, 5, 6, 7, 8, 9, 14, 15, 16, 18, 19, 20].allSatisfy { kind($0) == .message })
        #expect(kind(10) == .note)
        #expect(entries["2"]?.text == "Was it helpful?\nyes\nOpen: https://shop.example/help")
        #expect(entries["3"]?.text == "Red shoe\nsize 42\nhttps://files.shop.example/shoe.png")
        #expect(entries["5"]?.replyTo == "QA2KIN0001_2")
        #expect(entries["9"]?.attachments.map(\.name) == ["list.pdf"])
        #expect(entries["10"]?.attachments.map(\.size) == [12])
        #expect(entries["14"]?.redacted == true && entries["14"]?.text == nil)
        #expect(entries["18"]?.createdAt == Instant("2024-01-05T10:22:17.5Z"))
        #expect(entries["20"]?.text == "How was it? fine")
        let reported = chat.timeline.filter { Int($0.id.dropFirst("QA2KIN0001_".count)) ?? 0 > 20 }
        func count(_ event: Entry.Event) -> Int { reported.count { $0.kind == .event(event) } }
        #expect(reported.allSatisfy { $0.kind.isEvent } && reported.count == 39)
        #expect(count(.joined) == 3 && count(.left) == 3 && count(.transferred) == 1 && count(.rated) == 3)
        #expect(count(.assigned) == 12 && count(.sessionEnded) == 12 && count(.other) == 5)
    }

    @Test func whatIsUnknownIsKeptAndReported() throws {
        let unknown = try read("kinds").notes.unknownValues
        #expect(
            Set(unknown.keys.map { $0.field + " " + $0.value }) == [
                "timeline.type annotation", "timeline.system_message_type app.of_its_own",
            ])
    }

    @Test func formsAndOldRecordsAreReadLikeNewOnes() throws {
        let first = try #require(try conversations("one").values.first)
        #expect(first.timeline[0].text == "Your name: Mia Chen\nTopic: Support\nArea: Orders, Returns\nTeam: Sales")
        #expect(first.timeline[0].kind == .message && first.timeline[0].author.kind == .contact)
        #expect(first.timeline[3].kind == .note)
        #expect(first.rating == Rating(score: 2, scale: 2, comment: "quick"))
        #expect(first.status == .closed && first.closedAt == first.timeline.last?.createdAt)
        let old = try #require(try conversations("kinds")["PA2KIN0004"])
        #expect(old.timeline.map(\.kind) == [.message, .note, .message])
        #expect(old.timeline[2].text == "Name: Lev")
        #expect(old.sessions.map(\.kind) == [.offline])
    }

    @Test func aVisibilityThatIsUnknownIsNeverPublic() throws {
        let shop = try shop()
        defer { shop.clear() }
        let chat = """
            {"id":"C","users":[],"thread":{"id":"T","created_at":"2024-01-01T00:00:00.000000Z","active":false,"events":[\
            {"id":"1","type":"message","visibility":"team","author_id":"a@b.example","text":"x"},\
            {"visibility":"agents","id":"2","type":"message","author_id":"a@b.example","text":"x"},\
            {"visibility":"agents","id":"3","type":"system_message","system_message_type":"agent_left","text":"x"}]}}
            """
        try chat.write(toFile: shop.directory + "/chats.jsonl", atomically: true, encoding: .utf8)
        let read = try shop.read(shop.directory + "/chats.jsonl")
        #expect(read.records.flatMap(\.entries).map(\.kind) == [.note, .note, .event(.left)])
        let written = try shop.write(read.records, to: "out")
        let back = try JSONSerialization.jsonObject(
            with: try Data(contentsOf: URL(filePath: written + "/chats.jsonl")))
        let original = try JSONSerialization.jsonObject(with: Data(chat.utf8))
        #expect(back as? NSDictionary == original as? NSDictionary)
    }

    // MARK: Other shapes

    @Test func eventsThatCameOneByOneAreTheirChat() throws {
        let hooks = try conversations("webhooks")
        #expect(hooks.keys.sorted() == ["PA6BRO0020", "PA7HOO0000", "PA8PUS0000"])
        let chat = try #require(hooks["PA7HOO0000"])
        #expect(chat.timeline.map(\.text) == ["line 1", "line 2", "line 3"])
        #expect(chat.timeline.map(\.kind) == [.message, .message, .note])
        #expect(chat.timeline.map(\.author.kind) == [.contact, .agent, .contact])
        #expect(chat.sessions.map(\.id) == ["QA7HOO0001", "QA7HOO0002"])
        let notes = try read("webhooks").notes
        #expect(notes.ignored == 1 && notes.rejected.isEmpty)
    }

    @Test func aThreadWithoutItsChatFollowsTheOneBefore() throws {
        let threads = try conversations("threads")
        #expect(threads.keys.sorted() == ["PA4THR0000", "QA4THR0001", "QA4THR0002"])
        let second = try #require(threads["QA4THR0002"])
        #expect(second.links == [Link(.followUpOf, "QA4THR0001")])
        #expect(second.status == .open && second.tags == ["x"] && second.assignee == "ana@shop.example")
        #expect(second.timeline.map(\.author.kind) == [.contact, .agent])
        #expect(threads["QA4THR0001"]?.rating == Rating(score: 1, scale: 2, comment: "slow"))
        #expect(threads["PA4THR0000"]?.sessions.map(\.id) == ["QA4THR0003", "QA4THR0004"])
    }

    @Test func oldChatsAndTicketsAreRead() throws {
        let old = try conversations("v2")
        let chat = try #require(old["MH1OLD0001"])
        #expect(chat.timeline.map(\.kind) == [.message, .message, .message, .note, .event(.sessionEnded)])
        #expect(chat.timeline.map(\.author.kind) == [.agent, .contact, .contact, .agent, .contact])
        #expect(chat.timeline[1].attachments.map(\.name) == ["hello.JPG"])
        #expect(chat.timeline[2].author.id == "S1355415390.49b894" && chat.timeline[2].author.name == "Mary Brown")
        #expect(chat.rating == Rating(score: 2, scale: 2) && chat.team == "2" && chat.status == .closed)
        #expect(chat.assignee == "ana@shop.example")
        #expect(chat.fields.contains(FieldValue("custom_variables.customer_login", .string("mary_brown"))))
        #expect(chat.createdAt == Instant(seconds: 1_358_937_653) && chat.closedAt == Instant(seconds: 1_358_939_109))
        let open = try #require(old["MH1OLD0002"])
        #expect(open.status == .open && open.timeline.map(\.text) == ["only messages", "old form"])
        let ticket = try #require(old["5FUED"])
        #expect(ticket.timeline.map(\.kind) == [.message, .event(.assigned), .note, .note])
        #expect(ticket.timeline[1].to == .string("ben@shop.example"))
        #expect(ticket.requester == "mary@buyer.example" && ticket.channel == .email)
        #expect(ticket.createdAt == Instant(seconds: 1_384_554_260))
        #expect(old["5SPAM"]?.status == .closed)
    }

    @Test func aFaultIsToldWithThePlaceOfItsThread() throws {
        let shop = try shop()
        defer { shop.clear() }
        func line(_ thread: String, _ time: String) -> String {
            #"{"id":"C","users":[],"thread":{"id":"\#(thread)","created_at":"\#(time)","events":[]}}"#
        }
        let text = [line("1", "2024-01-01T00:00:00Z"), line("2", "yesterday"), line("3", "2024-01-02T00:00:00Z")]
        try text.joined(separator: "\n").write(
            toFile: shop.directory + "/chats.jsonl", atomically: true, encoding: .utf8)
        let rejected = try shop.read(shop.directory + "/chats.jsonl").notes.rejected
        #expect(rejected.map(\.place.line) == [2] && rejected.map(\.place.path) == ["thread.created_at"])
        #expect(rejected.map(\.id) == ["C"])
    }

    @Test func customersInChatsBringAllThatIsSaidOfThem() throws {
        let shop = try shop()
        defer { shop.clear() }
        var people: [NeutralRecord] = []
        let source = try FileSource(shop.platform, path: Self.fixtures + "kinds")
        _ = try source.read(keepsExtras: true, restart: { people = [] }) { _, _, embedded in people += embedded }
        let contacts = people.compactMap { if case .contact(let contact) = $0 { contact } else { nil } }
        let mia = try #require(contacts.first { $0.name == "Mia Chen" })
        #expect(mia.emails == ["mia@buyer.example"] && mia.timezone == "Europe/Warsaw")
        #expect(mia.fields == [FieldValue("crm_id", .string("10293")), FieldValue("plan", .string("pro"))])
        #expect(mia.createdAt == Instant("2023-11-02T19:19:50.625101Z"))
        let agents = people.compactMap { if case .agent(let agent) = $0 { agent } else { nil } }
        #expect(agents.first { $0.id == "gone@shop.example" }?.email == "gone@shop.example")
        #expect(agents.first { $0.name == "Helper bot" }?.role == .bot)
    }

    @Test func botsOfOtherPlatformsStayBots() throws {
        var bot = Agent()
        bot.id = "robin"
        bot.name = "Robin"
        bot.role = .bot
        bot.source.connector = "elsewhere"
        let shop = try shop()
        defer { shop.clear() }
        let written = try shop.write(shop.project([.agent(bot)]).records, to: "out")
        #expect(FileManager.default.fileExists(atPath: written + "/bots.jsonl"))
        let back = try shop.read(written).records
        guard case .agent(let agent) = try #require(back.first) else { return }
        #expect(agent.role == .bot && agent.name == "Robin")
    }

    @Test func listsThatStopAreIncomplete() throws {
        #expect(!(try read("summary").notes.incomplete.isEmpty))
        #expect(try read("kinds").notes.incomplete.values.map(\.example) == ["PA2KIN0003"])
        let pages = try read("capped").notes.pages
        #expect(pages.values.contains { $0.more == 1 && $0.last == 0 })
        #expect(try read("empty").records.isEmpty)
    }

    @Test func brokenRecordsAreNamedAndTheOthersGoOn() throws {
        let read = try read("broken")
        #expect(read.records.filter { $0.entity == .conversation }.map(\.id).sorted() == ["PA6BRO0001", "PA6BRO0011"])
        let faults = read.notes.rejected.map { "\($0.place.line ?? 0) \($0.place.path ?? "-")" }
        #expect(
            Set(faults) == [
                "2 thread.created_at", "3 thread.events", "4 users", "5 thread.events[0].created_at", "6 -",
                "7 thread.events[1]", "8 thread.tags", "9 -", "10 thread.properties", "12 -", "13 -",
            ])
        #expect(read.notes.rejected.first { $0.place.line == 2 }?.reason.contains("31/02/2024") == true)
    }

    @Test func whatLiveChatHasNoFieldForIsKept() throws {
        var conversation = Conversation()
        conversation.id = "9"
        conversation.source.connector = "elsewhere"
        conversation.subject = "Where is it?"
        conversation.priority = .urgent
        conversation.channel = .email
        conversation.status = .pending
        conversation.createdAt = Instant("2024-01-01T00:00:00Z")
        conversation.fields = [FieldValue("plan", .string("pro")), FieldValue("app.level", .number("3"))]
        var entry = Entry()
        entry.id = "91"
        entry.kind = .note
        entry.author = Author(.agent, id: "1", name: "Ana")
        entry.createdAt = Instant("2024-01-01T00:00:01Z")
        entry.text = "see these"
        for name in ["a.png", "b.png"] {
            var file = ConversationModel.Attachment()
            file.id = name
            file.name = name
            file.url = "https://files.example/" + name
            entry.attachments.append(file)
        }
        conversation.timeline = [entry]
        let shop = try shop()
        defer { shop.clear() }
        let written = try shop.write(shop.project([.conversation(conversation)]).records, to: "out")
        let line = try String(contentsOfFile: written + "/chats.jsonl", encoding: .utf8)
        let chat = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        let thread = try #require(chat["thread"] as? [String: Any])
        let events = try #require(thread["events"] as? [[String: Any]])
        #expect(events.map { $0["type"] as? String } == ["message", "file", "file"])
        #expect(events.allSatisfy { $0["visibility"] as? String == "agents" && $0["author_id"] as? String == "1" })
        let properties = try #require(thread["properties"] as? [String: [String: Any]])
        #expect(properties["deskferry"]?["subject"] as? String == "Where is it?")
        #expect(properties["deskferry"]?["channel"] as? String == "email")
        #expect(properties["deskferry_fields"]?["plan"] as? String == "pro")
        #expect(properties["app"]?["level"] as? Int == 3)
        #expect(thread["active"] as? Bool == true)
    }
}
