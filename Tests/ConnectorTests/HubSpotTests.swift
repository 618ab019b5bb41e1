import ConnectorCatalog
import ConnectorKit
import ConversationModel
import Foundation
import Testing

/// What HubSpot's files say, and what its importer is told.
@Suite struct HubSpotTests {
    private func shop(_ name: String) throws -> Workshop {
        try Workshop(try #require(ConnectorCatalog.connector(named: name)))
    }

    private func conversations(_ records: [NeutralRecord]) -> [String: Conversation] {
        var found: [String: Conversation] = [:]
        for case .conversation(let value) in records { found[value.id] = value }
        return found
    }

    private func put(_ text: String, _ name: String, _ shop: Workshop) throws {
        let folder = shop.directory + "/in"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
    }

    private func object(_ path: String) throws -> [String: Any] {
        let data = try Data(contentsOf: URL(filePath: path))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    // MARK: People

    @Test func peopleOfOtherPlatformsAreContactsOfTheCRMAndNotVisitorsOfTheChat() throws {
        let shop = try shop("hubspot")
        defer { shop.clear() }
        var contact = Contact()
        contact.id = "501"
        contact.name = "Li Wei"
        contact.emails = ["li@buyer.example"]
        contact.phones = ["+353 1 555 0100"]
        contact.fields = [FieldValue("plan", .string("pro"))]
        let projected = shop.project([.contact(contact)]).records
        let written = try object(try shop.write(projected, to: "out") + "/contacts.jsonl")
        let properties = try #require(written["properties"] as? [String: Any])
        #expect(properties["email"] as? String == "li@buyer.example")
        #expect(properties["phone"] as? String == "+353 1 555 0100" && properties["plan"] as? String == "pro")
    }

    // MARK: Tickets and threads

    @Test func aTicketAndAThreadOfOneNumberAreTwoConversations() throws {
        let shop = try shop("hubspot")
        defer { shop.clear() }
        try put(
            #"{"id":"70","properties":{"subject":"ticket","hs_pipeline_stage":"1"},"archived":false}"#,
            "tickets.jsonl", shop)
        try put(
            #"{"id":"70","status":"OPEN","createdAt":"2024-03-01T09:00:00Z","originalChannelId":"1000"}"#,
            "threads.jsonl", shop)
        try put(
            #"{"type":"MESSAGE","id":"a","conversationsThreadId":"70","createdAt":"2024-03-01T09:00:00Z","#
                + #""createdBy":"V-5","senders":[],"recipients":[],"text":"hello","attachments":[],"#
                + #""direction":"INCOMING","channelId":"1000"}"#, "messages.jsonl", shop)
        let read = try shop.read(shop.directory + "/in").records
        let found = conversations(read)
        #expect(found.keys.sorted() == ["70", "thread-70"])
        #expect(found["70"]?.subject == "ticket" && found["70"]?.timeline.isEmpty == true)
        #expect(found["thread-70"]?.timeline.map(\.text) == ["hello"])
        let out = try shop.write(read, to: "out")
        let thread = try object(out + "/threads.jsonl")
        #expect(thread["id"] as? String == "70")
        #expect(try object(out + "/messages.jsonl")["conversationsThreadId"] as? String == "70")
    }

    @Test func mailsOfAThreadKeepTheirSubjectAndAddresses() throws {
        let shop = try shop("hubspot")
        defer { shop.clear() }
        let found = conversations(try shop.read(FixtureTests.root + "/HubSpot/Fixtures/one").records)
        let thread = try #require(found["thread-7002"])
        #expect(thread.subject == "Hello")
        let mail = try #require(thread.timeline.first)
        #expect(mail.email?.subject == "Hello" && mail.email?.from == "lou@buyer.example")
        #expect(mail.email?.to == ["help@shop.example"] && mail.author.email == "lou@buyer.example")
        // A chat's opaque identifiers are no addresses.
        #expect(found["880011"]?.timeline.allSatisfy { $0.email == nil } == true)
    }

    @Test func stagesOfOwnPipelinesAreClosedWhereTheTicketWasClosed() throws {
        let shop = try shop("hubspot")
        defer { shop.clear() }
        let found = conversations(try shop.read(FixtureTests.root + "/HubSpot/Fixtures/one").records)
        #expect(found["880013"]?.status == .closed)
        #expect(found["880014"]?.status == .open)
    }

    @Test func timesBesideThePropertiesCountWhereNoPropertySaysThem() throws {
        let shop = try shop("hubspot")
        defer { shop.clear() }
        let text =
            #"{"id":"1","properties":{"subject":"x"},"createdAt":"2021-02-23T20:08:49.603Z","#
            + #""updatedAt":"2021-02-23T20:08:53.371Z","archived":false}"#
        try put(text, "tickets.jsonl", shop)
        let read = try shop.read(shop.directory + "/in").records
        let ticket = try #require(conversations(read)["1"])
        #expect(ticket.createdAt == Instant("2021-02-23T20:08:49.603Z"))
        #expect(ticket.updatedAt == Instant("2021-02-23T20:08:53.371Z"))
        let out = try object(try shop.write(read, to: "out") + "/tickets.jsonl")
        #expect((out["properties"] as? [String: String]) == ["subject": "x"])
        #expect(out["updatedAt"] as? String == "2021-02-23T20:08:53.371Z")
    }

    // MARK: Files and people

    @Test func filesOfNotesAreWhatTheirOwnRecordsSay() throws {
        let shop = try shop("hubspot")
        defer { shop.clear() }
        for name in ["tickets.json", "notes.json"] {
            let text = try String(contentsOfFile: FixtureTests.root + "/HubSpot/Fixtures/one/" + name, encoding: .utf8)
            try put(text, name, shop)
        }
        try put(
            #"{"id":"321","name":"shot.v2","extension":"png","size":2048,"url":"https://files.example/shot.png"}"#
                + "\n"
                + #"{"id":"999","name":"of nobody","extension":"pdf","size":1}"#, "files.jsonl", shop)
        let read = try shop.read(shop.directory + "/in")
        #expect(read.notes.rejected.isEmpty)
        let note = try #require(conversations(read.records)["880012"]?.timeline.first { $0.kind == .note })
        #expect(note.attachments.map(\.id) == ["321", "322"])
        #expect(note.attachments[0].name == "shot.v2.png" && note.attachments[0].size == 2048)
        #expect(note.attachments[1].name == nil)
        let out = try shop.write(read.records, to: "out")
        let file = try object(out + "/files.jsonl")
        #expect(file["name"] as? String == "shot.v2" && file["extension"] as? String == "png")
    }

    @Test func aContactHasSeveralAddressesAndTwoTelephones() throws {
        let shop = try shop("hubspot")
        defer { shop.clear() }
        for case .contact(let kim) in try shop.read(FixtureTests.root + "/HubSpot/Fixtures/one").records
        where kim.id == "551" {
            #expect(kim.emails == ["kim@buyer.example", "kim.lee@buyer.example"])
            #expect(kim.phones == ["+15550100", "+15550101"])
        }
    }

    // MARK: The importer's files

    private var tables: String { FixtureTests.root + "/HubSpotImport/Fixtures/one" }

    @Test func theImportersTablesAreReadBack() throws {
        let shop = try shop("hubspot-import")
        defer { shop.clear() }
        let read = try shop.read(tables)
        #expect(read.notes.rejected.isEmpty)
        let late = try #require(conversations(read.records)["4001"])
        #expect(late.subject == "Late, \"very\" late parcel" && late.externalID == "shop-17")
        #expect(late.status == .closed && late.priority == .high && late.channel == .chat)
        #expect(late.createdAt == Instant("2024-03-01T09:00:00.123Z"))
        #expect(late.requester == "1" && late.assignee == "ana@shop.example")
        #expect(late.participants == [Participant(.contact, "2", .participant)])
        #expect(late.fields == [FieldValue("order_number", .string("17"))])
        #expect(late.timeline.map(\.id) == ["m1", "n1", "m2", "m3"])
        #expect(late.timeline.map(\.kind) == [.message, .note, .message, .message])
        #expect(late.timeline.map(\.author.kind) == [.contact, .agent, .agent, .contact])
        #expect(late.timeline.map(\.author.id) == ["1", "ana@shop.example", "ana@shop.example", "2"])
        #expect(late.timeline[0].email?.from == "kim@buyer.example")
        let written = try shop.write(read.records, to: "out")
        for name in try FileManager.default.contentsOfDirectory(atPath: tables) where name.hasSuffix(".csv") {
            let before = try String(contentsOfFile: tables + "/" + name, encoding: .utf8)
            #expect(try String(contentsOfFile: written + "/" + name, encoding: .utf8) == before, "\(name)")
        }
    }

    @Test func keysOfCustomFieldsBecomeNamesThatAPropertyCanHave() throws {
        let shop = try shop("hubspot-import")
        defer { shop.clear() }
        var ticket = Conversation()
        ticket.id = "1"
        ticket.source.connector = "elsewhere"
        ticket.fields = ["5001", "Order number", "order_number", "Subject"].map { FieldValue($0, .string("x")) }
        let out = try shop.write(shop.project([.conversation(ticket)]).records, to: "out")
        let request = try object(out + "/tickets.import.json")
        let page = (request["files"] as? [[String: Any]])?.first?["fileImportPage"] as? [String: Any]
        let mappings = try #require(page?["columnMappings"] as? [[String: Any]])
        var names: [String: String] = [:]
        for mapping in mappings {
            names[mapping["columnName"] as? String ?? ""] = mapping["propertyName"] as? String
        }
        #expect(names["5001"] == "field_5001")
        #expect(names["order_number"] == "order_number" && names["Order number"] == "order_number_2")
        #expect(names["subject"] == "subject" && names["Subject"] == "subject_2")
        guard case .conversation(let back)? = try shop.read(out).records.first(where: { $0.id == "1" }) else {
            Issue.record("the ticket is not read back")
            return
        }
        #expect(Set(back.fields.map(\.key)) == ["5001", "Order number", "order_number", "Subject"])
    }

    /// Source: https://developers.hubspot.com/docs/api-reference/crm-imports-v3/guide (every column in the header's order).
    @Test func aRequestMapsEveryColumnInOrderAndNamesTheOtherRecord() throws {
        let shop = try shop("hubspot-import")
        defer { shop.clear() }
        let written = try shop.write(try shop.read(tables).records, to: "out")
        let others = [
            "contacts": ["company_legacy_id": "0-2"], "tickets": ["contact_legacy_id": "0-1"],
            "ticket_contacts": ["ticket_legacy_id": "0-5", "contact_legacy_id": "0-1"],
            "notes": ["ticket_legacy_id": "0-5"],
            "incoming_emails": ["ticket_legacy_id": "0-5", "contact_legacy_id": "0-1"],
            "outgoing_emails": ["ticket_legacy_id": "0-5"], "companies": [:],
        ]
        for (name, references) in others {
            let request = try object("\(written)/\(name).import.json")
            let file = try #require((request["files"] as? [[String: Any]])?.first)
            #expect(file["fileName"] as? String == name + ".csv")
            let page = try #require(file["fileImportPage"] as? [String: Any])
            let mappings = try #require(page["columnMappings"] as? [[String: Any]])
            let header = try String(contentsOfFile: "\(written)/\(name).csv", encoding: .utf8)
                .components(separatedBy: "\r\n")[0]
            #expect(mappings.map { $0["columnName"] as? String ?? "" }.joined(separator: ",") == header)
            for mapping in mappings {
                let column = try #require(mapping["columnName"] as? String)
                let isKey = column == "legacy_id" || references[column] != nil
                #expect((mapping["columnType"] as? String == "HUBSPOT_ALTERNATE_ID") == isKey, "\(name): \(column)")
                if let other = references[column] {
                    #expect(mapping["columnObjectTypeId"] as? String == other)
                    #expect(mapping["propertyName"] as? String == "legacy_id")
                }
            }
        }
        let operations = try object(written + "/notes.import.json")["importOperations"] as? [String: String]
        #expect(operations == ["0-46": "CREATE", "0-5": "UPDATE"])
        let properties = try object(written + "/tickets.properties.json")["inputs"] as? [[String: Any]]
        let unique = properties?.filter { $0["hasUniqueValue"] as? Bool == true }.map { $0["name"] as? String }
        #expect(unique == ["legacy_id"])
        #expect(properties?.contains { $0["name"] as? String == "order_number" } == true)
        #expect(properties?.contains { $0["name"] as? String == "subject" } == false)
    }
}
