import ConnectorCatalog
import ConnectorKit
import ConversationModel
import Diagnostics
import Foundation
import Testing

/// Chats with their history, offline messages, and who wrote what in them.
///
/// Expected values follow <https://developer.zendesk.com/api-reference/live-chat/chat-api/chats/> and the records that
/// public clients of the API show.
@Suite struct ZendeskChatTests {
    private static let fixtures = FixtureTests.root + "/ZendeskChat/Fixtures/"

    private func shop(_ name: String = "zendesk-chat") throws -> Workshop {
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

    private func read(text: String, as name: String = "chats.jsonl") throws -> (Workshop, [NeutralRecord], SourceNotes)
    {
        let shop = try shop()
        try text.write(toFile: shop.directory + "/" + name, atomically: true, encoding: .utf8)
        let read = try shop.read(shop.directory + "/" + name)
        return (shop, read.records, read.notes)
    }

    // MARK: Chats and offline messages

    @Test func aChatIsOneLiveSessionFromBeginningToEnd() throws {
        let chat = try #require(try conversations("one")["2403.91001.QHgVx6SOrRuSx"])
        #expect(chat.channel == .chat && chat.status == .closed)
        #expect(chat.createdAt == Instant("2024-03-01T10:00:10Z"))
        #expect(chat.updatedAt == Instant("2024-03-01T10:25:00Z"))
        #expect(chat.closedAt == Instant("2024-03-01T10:20:00Z"))
        #expect(chat.sessions.map(\.kind) == [.live])
        #expect(chat.sessions[0].startedAt == chat.createdAt && chat.sessions[0].endedAt == chat.closedAt)
        #expect(chat.timeline.allSatisfy { $0.session == chat.sessions[0].id })
        #expect(chat.requester == "91001.gCgOWZRtqVKq1" && chat.assignee == "4120927")
        #expect(chat.rating == Rating(score: 2, scale: 2, comment: "Great"))
        #expect(chat.timeline[1].createdAt == Instant("2024-03-01T10:00:10.165Z"))
        #expect(chat.timeline[1].id == "1709287210165" && chat.timeline[1].text == "Where is it?")
    }

    @Test func anOfflineMessageIsOneMessageOfItsVisitor() throws {
        let found = try conversations("kinds")
        let message = try #require(found["2403.91003.QKinds0000003"])
        #expect(message.timeline.map(\.kind) == [.message])
        #expect(message.timeline[0].text == "Hi there!\nAnybody?")
        #expect(message.timeline[0].author == Author(.contact, id: "91003.gCgOWZRtqVKq3"))
        #expect(message.timeline[0].createdAt == Instant("2024-03-01T11:00:00Z"))
        #expect(message.sessions.map(\.kind) == [.offline])
        // Nobody has looked at it yet.
        #expect(message.status == .open && message.team == "1817719521")
        #expect(message.links == [Link(.child, "83")])
        #expect(found["123"]?.status == .closed && found["123"]?.requester == "1.12345")
    }

    @Test func visitorsAgentsAndDepartmentsArePeopleAndTeams() throws {
        let records = try read("kinds").records
        var agents: [String: Agent] = [:]
        var contacts: [String: Contact] = [:]
        var teams: [String: String?] = [:]
        for record in records {
            switch record {
            case .agent(let agent): agents[agent.id] = agent
            case .contact(let contact): contacts[contact.id] = contact
            case .team(let team): teams[team.id] = team.name
            default: break
            }
        }
        #expect(agents["4120927"]?.role == .admin && agents["4120927"]?.teams == ["1817719521"])
        #expect(agents["361089721035"]?.active == false && agents["361089721035"]?.role == .agent)
        #expect(teams["7282640316815"] == "Returns")
        #expect(contacts["91002.gCgOWZRtqVKq2"]?.phones == ["+97221234567"])
        #expect(contacts["91003.gCgOWZRtqVKq3"] == nil)
    }

    @Test func whoIsOnlyInAChatIsKnownFromThere() throws {
        let shop = try shop()
        defer { shop.clear() }
        let source = try FileSource(shop.platform, path: Self.fixtures + "one")
        var met: [NeutralRecord] = []
        _ = try source.read(keepsExtras: true, restart: { met = [] }) { _, _, people in met += people }
        #expect(
            met.contains { record in
                guard case .contact(let contact) = record else { return false }
                return contact.id == "91001.gCgOWZRtqVKq1" && contact.name == "Li Wei"
                    && contact.emails == ["li@buyer.example"] && contact.phones == ["+353871234567"]
            })
        #expect(
            met.contains { record in
                guard case .agent(let agent) = record else { return false }
                return agent.id == "4120927" && agent.name == "Ana Ruiz"
            })
    }

    // MARK: Entries

    @Test func everyTypeOfHistoryHasItsMeaning() throws {
        let chat = try #require(try conversations("kinds")["2403.91001.QKinds0000001"])
        #expect(
            chat.timeline.map(\.kind) == [
                .event(.joined), .message, .message, .message, .event(.other), .event(.joined), .message, .message,
                .message,
                .event(.tagAdded), .event(.tagRemoved), .event(.teamAssigned), .event(.joined), .message,
                .event(.other),
                .event(.rated), .event(.rated), .event(.rated), .event(.other), .message, .event(.left), .event(.left),
            ])
        #expect(chat.timeline[9].to == .array([.string("vip"), .string("refund")]))
        #expect(chat.timeline[10].from == .array([.string("vip"), .string("refund")]))
        #expect(chat.timeline[11].from == .number("1817719521") && chat.timeline[11].to == .number("7282640316815"))
        #expect(chat.timeline[15].to == .string("bad") && chat.timeline[16].from == .string("bad"))
        #expect(chat.timeline[17].field == "comment" && chat.timeline[17].to == .string("Great after all"))
        #expect(chat.timeline[7].attachments.map(\.name) == ["label.pdf"])
        #expect(chat.timeline[7].attachments.map(\.size) == [2532])
        #expect(chat.timeline[8].attachments.map(\.url) == ["https://v2assets.example/s/map.png"])
        #expect(chat.timeline[1].createdAt == Instant("2024-03-01T10:00:10.000001Z"))
        #expect(chat.rating?.score == 2 && chat.links == [Link(.child, "4014")])
    }

    @Test func peopleTriggersBotsAndThePlatformAreToldApart() throws {
        let chat = try #require(try conversations("kinds")["2403.91001.QKinds0000001"])
        func author(_ index: Int) -> Author { chat.timeline[index].author }
        #expect(author(1) == Author(.bot, name: "Customer Service"))
        #expect(author(2) == Author(.contact, id: "91001.gCgOWZRtqVKq1", name: "Visitor 75731813"))
        #expect(author(3).kind == .system && author(3).id == nil)
        #expect(author(6) == Author(.agent, id: "4120927", name: "Ana Ruiz"))
        // An agent whom no record describes any more.
        #expect(author(13) == Author(.agent, id: "990001", name: "Gone Long"))
        #expect(author(19) == Author(.bot, name: "Robin"))
        #expect(chat.assignee == "990001" && chat.participants == [Participant(.agent, "4120927", .participant)])
    }

    @Test func aNameTellsTheAuthorOnlyWhereOnePersonHasIt() throws {
        let older = try conversations("older")
        let first = try #require(older["1704.91001.QOlder000001"])
        #expect(first.timeline[1].author.id == first.requester && first.timeline[1].author.kind == .contact)
        #expect(first.timeline[3].author == Author(.agent, id: "4120927", name: "Ana Ruiz"))
        // A trigger's name is nobody's: it stays a name.
        #expect(first.timeline[4].author == Author(.system, name: "Customer Service"))
        let second = try #require(older["1704.91002.QOlder000002"])
        #expect(second.timeline[0].author == Author(.contact, id: second.requester, name: "Visitor 86152943"))
        #expect(second.timeline[1].author.id == second.requester)
        // Two agents are called so: one of them wrote, and nobody says which.
        #expect(second.timeline[2].author == Author(.agent, name: "Sam"))
        #expect(second.timeline[3].author.id == "4120927")
        let third = try #require(older["1704.91003.QOlder000003"])
        // The visitor and an agent are called so.
        #expect(third.timeline[0].author == Author(.system, name: "Ana Ruiz"))
        // Of three names and two ids none is anybody's.
        #expect(third.timeline[1].author == Author(.agent, name: "Bo"))
    }

    /// Lists that do not agree in length give nobody a name, even where as many people as names are left.
    @Test func namesBesideAnotherNumberOfIDsAreNobodys() throws {
        let chat = """
            {"id":"6","type":"chat","visitor":null,"timestamp":"2024-01-01T00:00:00Z","agent_ids":["7","8","7"],\
            "agent_names":["Y","Z"],"tags":[],"unread":false,"history":[\
            {"type":"chat.msg","msg":"a","name":"Z","timestamp":"2024-01-01T00:00:01Z"},\
            {"type":"chat.msg","msg":"nobody","timestamp":"2024-01-01T00:00:02Z"},\
            {"type":"chat.msg","msg":"system","nick":"agent:system","timestamp":"2024-01-01T00:00:03Z"},\
            {"type":"chat.msg","msg":"file","name":"Z","attachment":{"name":"a.png","url":"https://x.example/a"},\
            "timestamp":"2024-01-01T00:00:04Z"}]}
            """
        let (shop, records, _) = try read(text: chat)
        defer { shop.clear() }
        let entries = records.flatMap(\.entries)
        #expect(
            entries.map(\.author) == [
                Author(.agent, name: "Z"), Author(.system), Author(.system), Author(.agent, name: "Z"),
            ])
        #expect(entries[3].attachments.map(\.name) == ["a.png"])
        let written = try shop.write(records, to: "out")
        let back = try JSONSerialization.jsonObject(with: try Data(contentsOf: URL(filePath: written + "/chats.jsonl")))
        let original = try JSONSerialization.jsonObject(with: Data(chat.utf8))
        #expect(back as? NSDictionary == original as? NSDictionary)
    }

    @Test func aDepartmentBeforeMakesAChangeOfTeamWhateverTheType() throws {
        let chat = """
            {"id":"1","type":"chat","visitor":{"id":"v"},"timestamp":"2024-01-01T00:00:00Z","agent_ids":[],"tags":[],\
            "unread":false,"history":[{"type":"chat.moved","name":"Ana","nick":"agent:7","timestamp":"2024-01-01T00:00:01Z",\
            "prev_department_id":3,"department_id":"18446744073709551617"},\
            {"type":"chat.moved","name":"Ana","nick":"agent:7","timestamp":"2024-01-01T00:00:02Z","department_id":3}]}
            """
        let (shop, records, notes) = try read(text: chat)
        defer { shop.clear() }
        let entries = records.flatMap(\.entries)
        #expect(entries.map(\.kind) == [.event(.teamAssigned), .event(.other)])
        #expect(entries[0].from == .number("3") && entries[0].to == .string("18446744073709551617"))
        #expect(notes.unknownValues.keys.map(\.value) == ["chat.moved"])
        let written = try shop.write(records, to: "out")
        let back = try JSONSerialization.jsonObject(with: try Data(contentsOf: URL(filePath: written + "/chats.jsonl")))
        let original = try JSONSerialization.jsonObject(with: Data(chat.utf8))
        #expect(back as? NSDictionary == original as? NSDictionary)
    }

    @Test func whatIsUnknownIsKeptAndReported() throws {
        let unknown = try read("kinds").notes.unknownValues
        #expect(
            Set(unknown.keys.map { $0.field + " " + $0.value }) == [
                "rating excellent", "timeline.type chat.conversion",
            ])
        #expect(try conversations("kinds")["2403.91002.QKinds0000002"]?.rating == nil)
    }

    // MARK: Files

    @Test func aChatThatALaterPageRepeatsIsAsItCameLast() throws {
        let read = try read("pages")
        let chats = read.records.compactMap { if case .conversation(let value) = $0 { value } else { nil } }
        #expect(Set(chats.map(\.id)).count == 5)
        #expect(chats.last { $0.id == "2404.91003.QPages0000003" }?.tags == ["late"])
        #expect(read.notes.rejected.isEmpty && read.notes.incomplete.isEmpty)
    }

    @Test func aMapOfChatsIsReadLikeAList() throws {
        let read = try read("bulk")
        #expect(
            Set(read.records.filter { $0.entity == .conversation }.map(\.id)) == [
                "2404.91001.QPages0000001", "123", "2404.91002.QPages0000002",
            ])
        #expect(read.notes.rejected.isEmpty)
    }

    @Test func aThreadOfThreeHundredMessagesKeepsItsOrder() throws {
        let chat = try #require(try conversations("long").values.first)
        #expect(chat.timeline.map(\.text) == (0..<300).map { "message \($0)" })
        #expect(chat.timeline.allSatisfy { $0.author.id == ($0.author.kind == .agent ? "4120927" : chat.requester) })
    }

    @Test func pagesThatNameChatsWithoutHoldingThemAreIncomplete() throws {
        let notes = try read("capped").notes
        let reached = notes.incomplete.keys.map { index in
            let connector = ConnectorCatalog.connector(named: "zendesk-chat")
            return connector?.ceilings[index].export ?? ""
        }
        #expect(Set(reached) == ["chats", "chat_ids", "search_results"])
        #expect(notes.pages.values.contains { $0.more > 0 && $0.last == 0 })
    }

    @Test(arguments: [(1000, false), (999, true)])
    func theIncrementalExportEndsWithAPageThatIsNotFull(_ count: Int, _ isEnd: Bool) throws {
        let page = """
            {"chats":[{"id":"1","type":"chat","visitor":{"id":"v"},"timestamp":"2024-01-01T00:00:00Z","history":[]}],\
            "count":\(count),"end_time":1,"end_id":"1","next_page":"https://shop.example/api/v2/chat/incremental/chats"}
            """
        let (shop, records, notes) = try read(text: page, as: "chats.json")
        defer { shop.clear() }
        #expect(records.count { $0.entity == .conversation } == 1)
        #expect(notes.pages.values.contains { $0.more > 0 && $0.last == 0 } == !isEnd)
    }

    @Test func brokenChatsAreNamedAndTheOthersGoOn() throws {
        let read = try read("broken")
        #expect(
            Set(read.records.filter { $0.entity == .conversation }.map(\.id)) == [
                "2404.91001.QPages0000001", "2404.91002.QPages0000002",
            ])
        let faults = Dictionary(
            read.notes.rejected.map { ($0.place.line ?? 0, $0) }, uniquingKeysWith: { first, _ in first })
        #expect(Set(faults.keys) == [2, 3, 4, 5, 6, 7, 8])
        #expect(faults[2]?.place.path == "timestamp" && faults[2]?.reason.contains("31/02/2024") == true)
        #expect(faults[3]?.place.path == "history")
        #expect(faults[4]?.place.path == "history[1].timestamp")
        #expect(faults[7]?.place.path == "tags")
        #expect(try self.read("truncated").notes.rejected.count == 1)
    }

    // MARK: Other platforms

    /// An agent, a visitor, another contact, a bot and a note, as another platform has them.
    @Test func nobodyBecomesSomebodyElse() throws {
        var conversation = Conversation()
        conversation.id = "C"
        conversation.source.connector = "elsewhere"
        conversation.requester = "c-1"
        conversation.createdAt = Instant("2024-01-01T00:00:00.123456Z")
        let authors = [
            Author(.contact, id: "c-1", name: "Li"), Author(.contact, id: "c-2", name: "Mo"),
            Author(.contact, name: "Li"), Author(.agent, id: "7", name: "Ana"), Author(.bot, name: "Robin"),
            Author(.agent, name: "Ana"), Author(.system),
        ]
        for (index, author) in authors.enumerated() {
            var entry = Entry()
            entry.id = "\(index)"
            entry.author = author
            entry.text = "text \(index)"
            entry.createdAt = conversation.createdAt
            conversation.timeline.append(entry)
        }
        var note = conversation.timeline[3]
        note.id = "note"
        note.kind = .note
        note.text = "secret"
        conversation.timeline.append(note)
        let shop = try shop()
        defer { shop.clear() }
        let projected = shop.project([.conversation(conversation)])
        let written = try shop.write(projected.records, to: "out")
        let text = try String(contentsOfFile: written + "/chats.jsonl", encoding: .utf8)
        #expect(!text.contains("secret"))
        #expect(projected.losses.all.contains { $0.field == "timeline.note" && $0.lossClass == .dropped })
        let back = try #require(try shop.read(written).records.first { $0.entity == .conversation })
        guard case .conversation(let chat) = back else { return }
        #expect(
            chat.timeline.map(\.author) == [
                authors[0], authors[1], Author(.system, name: "Li"), authors[3], authors[4],
                Author(.system, name: "Ana"),
                authors[6],
            ])
        #expect(chat.createdAt == conversation.createdAt)
    }

    /// One message in an offline session is written as an offline message; a chat, or a message with an answer, is a chat.
    @Test(arguments: [(Session.Kind.offline, 1, true), (.live, 1, false), (.offline, 2, false)])
    func aMessageLeftElsewhereIsAnOfflineMessage(_ kind: Session.Kind, _ count: Int, _ isOffline: Bool) throws {
        var conversation = Conversation()
        conversation.id = "C"
        conversation.source.connector = "elsewhere"
        conversation.requester = "c-1"
        conversation.status = .open
        conversation.createdAt = Instant("2024-01-01T00:00:00.5Z")
        var session = Session()
        session.id = "S"
        session.startedAt = conversation.createdAt
        session.kind = kind
        conversation.sessions = [session]
        for index in 0..<count {
            var entry = Entry()
            entry.id = "m\(index)"
            entry.author = index == 0 ? Author(.contact, id: "c-1", name: "Li") : Author(.agent, id: "7", name: "Ana")
            entry.html = "<p>text \(index)</p>"
            entry.createdAt = conversation.createdAt
            entry.session = session.id
            conversation.timeline.append(entry)
        }
        let shop = try shop()
        defer { shop.clear() }
        let projected = shop.project([.conversation(conversation)])
        let written = try shop.write(projected.records, to: "out")
        let files = try FileManager.default.contentsOfDirectory(atPath: written)
        #expect(files.contains("offline_messages.jsonl") == isOffline && files.contains("chats.jsonl") == !isOffline)
        let back = try shop.read(written).records
        #expect(back == projected.records)
        guard case .conversation(let chat) = try #require(back.first { $0.entity == .conversation }) else { return }
        #expect(chat.timeline.map(\.text) == (0..<count).map { "text \($0)" })
        #expect(chat.timeline[0].author.id == "c-1" && chat.timeline[0].author.kind == .contact)
        #expect(chat.sessions.map(\.kind) == [isOffline ? .offline : .live])
        #expect(chat.sessions[0].startedAt == conversation.createdAt && chat.status == .open)
    }
}
