import ConnectorCatalog
import ConnectorKit
import ConversationModel
import Diagnostics
import FieldMapping
import Foundation
import FoundationXML
import SyncEngine
import Testing

/// What instances export, by the synthetic unloads, lists and pages in the connector's folder.
@Suite struct ServiceNowTests {
    static let whole = ["one", "kinds", "long", "list"]
    static let records = ["pages", "json", "display"]

    private func folder(_ fixture: String) -> String { FixtureTests.root + "/ServiceNow/Fixtures/" + fixture }

    private func shop(_ name: String = "servicenow") throws -> Workshop {
        try Workshop(try #require(ConnectorCatalog.connector(named: name)))
    }

    private func conversations(_ fixture: String) throws -> [Conversation] {
        let shop = try shop()
        defer { shop.clear() }
        return try shop.read(folder(fixture)).records.compactMap {
            if case .conversation(let value) = $0 { value } else { nil }
        }
    }

    // MARK: The same export again

    /// Rows that no record is kept of: settings, and what is gone.
    private static let unkept: Set<String> = ["sys_choice", "label", "sys_attachment_doc"]

    private func rows(_ directory: String) throws -> [String: [String: String]] {
        var rows: [String: [String: String]] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
            let reader = UnloadReader()
            let parser = XMLParser(data: try Data(contentsOf: URL(filePath: directory + "/" + name)))
            parser.delegate = reader
            #expect(parser.parse())
            rows.merge(reader.rows) { $1 }
        }
        return rows.filter { row in
            !Self.unkept.contains(String(row.key.prefix { $0 != "/" })) && row.value["@action"] != "DELETE"
        }
    }

    @Test(arguments: whole)
    func unloadsComeBackAsTheyWere(_ fixture: String) throws {
        let shop = try shop()
        defer { shop.clear() }
        let read = try shop.read(folder(fixture))
        #expect(read.notes.rejected.isEmpty)
        let original = try rows(folder(fixture))
        let written = try rows(try shop.write(read.records, to: "out"))
        #expect(!original.isEmpty)
        for (key, row) in original { #expect(written[key] == row, "\(fixture): \(key)") }
        #expect(Set(written.keys) == Set(original.keys))
    }

    @Test(arguments: whole)
    func unloadsComeBackThroughTheNeutralBundle(_ fixture: String) throws {
        let (shop, neutral) = (try shop(), try shop("neutral"))
        defer {
            shop.clear()
            neutral.clear()
        }
        let bundle = try neutral.write(try shop.read(folder(fixture)).records, to: "bundle")
        let written = try rows(try shop.write(try neutral.read(bundle).records, to: "out"))
        for (key, row) in try rows(folder(fixture)) { #expect(written[key] == row, "\(fixture): \(key)") }
    }

    @Test(arguments: records)
    func rowsInJSONComeBackAsTheyWere(_ fixture: String) throws {
        func objects(_ directory: String) throws -> [String: NSDictionary] {
            var objects: [String: NSDictionary] = [:]
            for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
                let data = try Data(contentsOf: URL(filePath: directory + "/" + name))
                let document = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
                let list = (document["result"] ?? document["records"]) as? [[String: Any]] ?? []
                for row in list {
                    let id = row["sys_id"] as? [String: Any]
                    objects["\(id?["value"] ?? row["sys_id"] ?? "")"] = row as NSDictionary
                }
            }
            return objects
        }
        let (shop, neutral) = (try shop(), try shop("neutral"))
        defer {
            shop.clear()
            neutral.clear()
        }
        let read = try shop.read(folder(fixture))
        #expect(read.notes.rejected.isEmpty)
        let bundle = try neutral.write(read.records, to: "bundle")
        for records in [read.records, try neutral.read(bundle).records] {
            let written = try objects(try shop.write(records, to: "out"))
            let original = try objects(folder(fixture))
            for (key, row) in original { #expect(written[key] == row, "\(fixture): \(key)") }
            #expect(written.count == original.count)
        }
    }

    // MARK: What it means

    @Test func descriptionCommentsAndWorkNotesAreOneTimeline() throws {
        let found = try #require(try conversations("one").first)
        #expect(found.number == "INC0010001" && found.subject == "Where is my parcel" && found.externalID == "EXT-1")
        #expect(found.status == .pending && found.priority == .normal && found.channel == .email)
        #expect(found.timeline.map(\.kind) == [.message, .note, .message, .message])
        #expect(found.timeline.map(\.author.kind) == [.contact, .agent, .agent, .contact])
        #expect(found.timeline.map(\.author.name) == ["Joe Caller", "Beth Agent", "Beth Agent", "Joe Caller"])
        #expect(found.timeline[0].text == "The parcel did not arrive.\nCan you help?")
        #expect(found.timeline[0].createdAt == Instant("2026-02-01T09:00:00Z"))
        #expect(found.timeline[0].author.id == found.requester)
        #expect(found.timeline[2].attachments.map(\.name) == ["Pasted Image"])
        #expect(found.timeline[2].attachments.map(\.size) == [5120])
        #expect(found.fields == [FieldValue("u_order", .string("A-1001"))])
        #expect(found.participants.map(\.role) == [.cc, .follower, .follower])
    }

    @Test func usersAreAgentsByTheirGroupsAndRoles() throws {
        let shop = try shop()
        defer { shop.clear() }
        var kinds: [String: String] = [:]
        for record in try shop.read(folder("one")).records {
            switch record {
            case .agent(let agent): kinds[agent.name ?? ""] = agent.role?.rawValue ?? "-"
            case .contact(let contact): kinds[contact.name ?? ""] = "contact"
            default: break
            }
        }
        #expect(kinds == ["Beth Agent": "-", "Ann Admin": "admin", "Joe Caller": "contact"])
    }

    @Test func everyKindOfEntryIsRead() throws {
        let all = Dictionary(
            uniqueKeysWithValues: try conversations("kinds").map { ($0.number ?? $0.subject ?? "", $0) })
        let first = try #require(all["INC0020001"])
        #expect(first.tags == ["vip"] && first.priority == .urgent && first.channel == .other)
        #expect(first.timeline.first?.text == "Written before it was opened")
        #expect(first.timeline[1].text == "مرحبا، أحتاج إلى المساعدة 👩‍👩‍👧" && first.subject == "שלום עולם")
        let internals = first.timeline.filter { $0.text == "A journal of the customer's own making" }
        #expect(internals.map(\.kind) == [.note])
        #expect(first.timeline.contains { $0.author == Author(.system, id: "system") })
        #expect(first.timeline.contains { $0.author == Author(.contact, id: "left.long.ago", name: "left.long.ago") })
        #expect(first.timeline.filter { $0.text?.contains("I quoted you.") == true }.count == 1)
        #expect(first.timeline.flatMap(\.attachments).map(\.name) == ["note.txt", "note.txt"])
        #expect(first.timeline.contains { $0.isRecordFile })
        let events = first.timeline.filter(\.kind.isEvent)
        #expect(events.map(\.kind) == [.event(.status), .event(.assigned), .event(.field)])
        #expect(events[0].from == .string("new") && events[0].to == .string("open"))
        #expect(events.map(\.field) == [nil, nil, "category"])
        #expect(all["INC0020002"]?.status == .closed && all["INC0020002"]?.links == [Link(.parent, first.id)])
        #expect(all["INC0020003"]?.status == .onHold)
        #expect(all["INC0020003"]?.snoozedUntil == Instant("2026-03-01T00:00:00Z"))
        let ticket = try #require(all["CS0000001"])
        #expect(ticket.status == .pending && ticket.priority == .high && ticket.channel == .chat)
        #expect(ticket.timeline.map(\.kind) == [.message, .message, .message, .event(.other)])
        #expect(ticket.timeline[2].email?.to == ["help@desk.example", "other@desk.example"])
        #expect(ticket.timeline[2].author == Author(.contact, id: "cara@boxeo.example", email: "cara@boxeo.example"))
        #expect(ticket.participants.map(\.email) == ["somebody@elsewhere.example", nil])
    }

    @Test func chatsAreSessionsOfTheirInteraction() throws {
        let all = try conversations("kinds")
        let interaction = try #require(all.first { $0.number == "IMS0000001" })
        #expect(interaction.sessions.count == 1 && interaction.links.first?.kind == .parent)
        #expect(interaction.timeline.map(\.kind) == [.message, .message, .note, .message, .note])
        #expect(interaction.timeline.map(\.author.kind) == [.contact, .bot, .agent, .agent, .agent])
        #expect(interaction.timeline[1].text == "Let me look")
        #expect(interaction.timeline.map { $0.session != nil } == [true, true, true, true, false])
        let alone = try #require(all.first { $0.subject == "A chat on its own" })
        #expect(alone.timeline.map(\.text) == ["Nobody there?"] && alone.status == .open)
    }

    @Test func longThreadsStandInTheOrderOfTheirTimes() throws {
        let thread = try #require(try conversations("long").first)
        #expect(thread.timeline.count == 301)
        #expect(thread.timeline.dropFirst().map(\.text) == (0..<300).map { "entry \($0)" })
        #expect(thread.timeline.filter { $0.kind == .note }.count == 100)
    }

    @Test func valuesAreTheSameInEveryForm() throws {
        let found = Dictionary(
            uniqueKeysWithValues: (try conversations("json") + conversations("csv")).map { ($0.number ?? $0.id, $0) })
        let bare = try #require(found["INC0050008"])
        #expect(bare.status == .open && bare.timeline.map(\.text) == ["text of 8", "journal 8"])
        let both = try #require(found["INC0050009"])
        #expect(both.status == .solved && both.priority == .high)
        #expect(both.createdAt == Instant("2026-02-09T08:00:00Z") && both.requester == bare.requester)
        let row = try #require(found["INC0060001"])
        #expect(row.status == .onHold && row.priority == .high && row.requester == "name:Joe Caller")
        #expect(row.subject == "=1+1 is not a sum")
        #expect(found["INC0060002"]?.createdAt == Instant("2026-02-13T10:29:21Z"))
    }

    /// Where an export has no rows of journals, what people see of them is taken apart; the zone follows from moments that
    /// are given twice, and who wrote it from the names on the record.
    @Test func journalsInDisplayValuesAreTakenApart() throws {
        let found = Dictionary(uniqueKeysWithValues: try conversations("display").map { ($0.number ?? "", $0) })
        let both = try #require(found["INC0050010"])
        #expect(both.timeline.map(\.kind) == [.message, .message, .note, .message])
        #expect(
            both.timeline.map(\.createdAt) == [
                Instant("2026-02-10T08:00:00Z"), Instant("2026-02-10T09:00:00Z"), Instant("2026-02-10T09:30:00Z"),
                Instant("2026-02-10T10:30:00Z"),
            ])
        #expect(both.timeline[1].text == "It is broken" && both.timeline[1].author.id == both.requester)
        #expect(both.timeline[2].author == Author(.agent, name: "Sam Somebody"))
        #expect(both.timeline[2].text == "looks bad\nreally")
        #expect(both.timeline[3].author.id == both.assignee && both.timeline[3].author.kind == .agent)
        #expect(both.timeline[3].text?.hasPrefix("You wrote:\n2026-02-10 10:00:00 - Joe Caller") == true)
        let labels = try #require(found["INC0050011"])
        #expect(labels.timeline.map(\.kind) == [.message, .message, .note])
        #expect(labels.timeline.map(\.text) == ["text of 11", "Hello", "nur intern"])
    }

    @Test func aFileThatIsFullMayHaveBeenCut() async throws {
        let directory = NSTemporaryDirectory() + "deskferry-full-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let row = { (number: Int) in
            let key = String(number, radix: 16)
            return "<sys_user><email/><sys_id>" + String(repeating: "0", count: 32 - key.count) + key
                + "</sys_id></sys_user>"
        }
        for (count, isWhole) in [(10_000, false), (9_999, true)] {
            let rows = (1...count).map(row).joined(separator: "\n")
            try "<unload>\n\(rows)\n</unload>".write(
                toFile: directory + "/sys_user.xml", atomically: true, encoding: .utf8)
            let platform = Platform(try #require(ConnectorCatalog.connector(named: "servicenow")))
            let request = PassRequest(
                source: try FileSource(platform, path: directory + "/sys_user.xml"), destination: platform,
                mapping: Mapping.empty.compiled(), workers: 1)
            let plan = RunPlan(
                request: request, destinationPath: directory + "/out-\(count)", sourceName: "a", destinationName: "b",
                mappingHash: "", statePath: directory + "/state")
            let report = try await Engine.convert(plan, hooks: RunHooks())
            #expect(report.counts[.contact]?.create == count)
            #expect(report.incomplete.isEmpty == isWhole)
        }
    }

    @Test func pagesGiveEachRecordOnce() throws {
        let shop = try shop()
        defer { shop.clear() }
        let read = try shop.read(folder("pages"))
        #expect(Set(read.records.map(\.id)).count == 6 && read.records.count == 7)
        #expect(read.notes.incomplete.isEmpty)
    }

    @Test func listsWithoutJournalsAreIncomplete() throws {
        for fixture in ["list", "csv"] {
            let shop = try shop()
            defer { shop.clear() }
            #expect(try !shop.read(folder(fixture)).notes.incomplete.isEmpty, "\(fixture)")
        }
    }

    @Test func brokenRowsAreNamedAndTheOthersGoOn() throws {
        let shop = try shop()
        defer { shop.clear() }
        let read = try shop.read(folder("broken"))
        let numbers = read.records.compactMap { if case .conversation(let value) = $0 { value.number } else { nil } }
        #expect(numbers == ["INC0030000", "INC0070001", "INC0070004"])
        let places = read.notes.rejected.map {
            "\(($0.place.file ?? "").split(separator: "/").last ?? ""):\($0.place.line ?? 0)"
        }
        #expect(places.sorted() == ["cut.xml:88", "unload.xml:157", "unload.xml:50", "unload.xml:97"])
        #expect(read.notes.rejected.contains { $0.place.path == "opened_at" && $0.reason.contains("a time") })
    }

    // MARK: From elsewhere

    /// Keys are made of ids, the same for every reference to one, and ids come back beside them.
    @Test func foreignIDsBecomeKeysThatAnInstanceTakes() throws {
        let shop = try shop()
        defer { shop.clear() }
        var contact = Contact()
        (contact.id, contact.name, contact.emails) = ("c-1", "Ann Lee", ["ann@buyer.example"])
        var conversation = Conversation()
        (conversation.id, conversation.requester, conversation.tags) = ("1042", "c-1", ["vip"])
        conversation.createdAt = Instant("2026-01-01T00:00:00Z")
        var first = Entry()
        (first.id, first.author, first.text) = ("e1", Author(.contact, id: "c-1"), "hello")
        first.createdAt = conversation.createdAt
        var note = Entry()
        (note.id, note.kind, note.author, note.text) = ("e2", .note, Author(.agent, id: "a-1", name: "Bea"), "psst")
        var file = Attachment()
        (file.id, file.name) = ("f1", "secret.txt")
        note.attachments = [file]
        note.createdAt = Instant("2026-01-01T00:01:00Z")
        conversation.timeline = [first, note]
        let projected = shop.project([.contact(contact), .conversation(conversation)])
        #expect(projected.losses.all.contains { $0.field == "timeline.attachments" && $0.lossClass == .dropped })
        let out = try shop.write(projected.records, to: "out")
        let rows = try rows(out)
        #expect(rows.keys.allSatisfy { KeyCodec.isKey(String($0.split(separator: "/")[1])) })
        let incident = try #require(rows.first { $0.key.hasPrefix("incident/") })
        let user = try #require(
            rows.first { $0.key.hasPrefix("sys_user/") && $0.value["user_name"] == "ann@buyer.example" })
        #expect(incident.value["caller_id"] == user.value["sys_id"] && incident.value["description"] == "hello")
        let journals = rows.filter { $0.key.hasPrefix("sys_journal_field/") }
        #expect(journals.values.map { $0["element"] } == ["work_notes"])
        #expect(journals.values.map { $0["element_id"] } == [incident.value["sys_id"]])
        let entry = try #require(rows.first { $0.key.hasPrefix("label_entry/") })
        #expect(entry.value["table_key"] == incident.value["sys_id"])
        let read = try shop.read(out).records
        #expect(Set(read.map(\.id)).isSuperset(of: ["c-1", "1042", "a-1"]))
    }
}

/// Rows of an unload: table and key, then columns with their texts and attributes.
private final class UnloadReader: NSObject, XMLParserDelegate {
    private(set) var rows: [String: [String: String]] = [:]
    private var path: [String] = []
    private var row: [String: String] = [:]
    private var text = ""

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        path.append(name)
        text = ""
        if path.count == 2 { row = [:] }
        guard path.count > 1 else { return }
        for (key, value) in attributes { row[(path.count > 2 ? name : "") + "@" + key] = value }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        if path.count == 3 { row[name] = text }
        if path.count == 2 { rows[name + "/" + (row["sys_id"] ?? "")] = row }
        path.removeLast()
    }
}
