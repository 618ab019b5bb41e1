import ConversationModel
import Diagnostics
import Testing

@testable import FieldMapping

@Suite struct ContactSectionTests {
    private func contact(
        _ id: String, _ name: String? = nil, emails: [String] = [], phones: [String] = [], external: String? = nil,
        created: String? = nil
    ) -> Contact {
        var contact = Contact()
        contact.id = id
        contact.name = name
        contact.emails = emails
        contact.phones = phones
        contact.externalID = external
        contact.createdAt = created.flatMap { Instant($0) }
        return contact
    }

    private func resolve(_ text: String, _ contacts: [Contact]) throws -> ContactResolution {
        try sections("contacts: {\(text)}").compiled().resolve(contacts)
    }

    @Test func duplicatesAreListedAndNobodyIsJoinedWithoutARule() throws {
        let people = [
            contact("1", "Ana", emails: ["Ana@shop.example"]),
            contact("2", "Ana", emails: ["x@shop.example", "ana@SHOP.example"]),
            contact("3", "Ana"),
        ]
        let result = try resolve("same_by: ['email', 'phone']", people)
        #expect(result.moves.isEmpty && result.merged.isEmpty && result.losses.isEmpty)
        #expect(result.rows == [TrailRow(.duplicate, .contact, "2", field: "email", detail: "1")])
    }

    @Test func theOldestStaysAndIsFilledFromTheOthers() throws {
        var newer = contact(
            "1", "Ana C.", emails: ["ana@shop.example"], phones: ["+44 20 7946 0958"], created: "2024-01-01")
        newer.tags = ["b"]
        newer.fields = [.init("size", .string("L")), .init("plan", .string("gold"))]
        newer.language = "pt"
        var older = contact("2", "Ana", emails: ["a@shop.example", "ana@shop.example"], created: "2023-01-01")
        older.tags = ["a"]
        older.fields = [.init("size", .string("M")), .init("plan", .null)]
        let result = try resolve("merge: ['email']", [newer, older])
        #expect(result.moves == ["1": "2"])
        let whole = try #require(result.merged["2"])
        #expect(
            whole.name == "Ana" && whole.emails == ["a@shop.example", "ana@shop.example"] && whole.language == "pt")
        #expect(whole.phones == ["+44 20 7946 0958"] && whole.tags == ["a", "b"])
        #expect(whole.fields == [.init("size", .string("M")), .init("plan", .string("gold"))])
        #expect(result.losses.count(.contact, "name", .dropped) == 1)
        #expect(result.losses.count(.contact, "fields.size", .dropped) == 1)
        #expect(result.losses.count(.contact, "id", .narrowed) == 1)
        #expect(result.rows == [TrailRow(.merged, .contact, "1", field: "id", detail: "2")])
    }

    @Test func aStrongerKeyKeepsPeopleApart() throws {
        let people = [
            contact("1", emails: ["shared@shop.example"], external: "A"),
            contact("2", emails: ["shared@shop.example"], external: "B"),
            contact("3", emails: ["other@shop.example"], external: "A"),
        ]
        let result = try resolve("merge: ['external_id', 'email']", people)
        #expect(result.moves == ["3": "1"])
        #expect(result.rows.contains(TrailRow(.duplicate, .contact, "2", field: "email", detail: "1")))
    }

    @Test func phonesAreComparedByTheirDigitsAndNamesNever() throws {
        let people = [
            contact("1", "Same Name", phones: ["+44 20 7946 0958"]),
            contact("2", "Same Name", phones: ["0044 (20) 7946-0958"]),
            contact("3", "Same Name", phones: ["12"]), contact("4", "Same Name", phones: ["12"]),
        ]
        #expect(try resolve("merge: ['phone']", people).moves == ["2": "1"])
        #expect(try resolve("merge: ['email']", people).moves.isEmpty)
    }

    @Test func conversationsSpeakOfTheOneThatIsLeft() throws {
        let compiled = try sections("contacts: {merge: ['email']}").compiled()
        #expect(compiled.looksForDuplicates && compiled.changesPeople)
        var people = SourcePeople()
        people.moved = ["2": "1"]
        let result = compiled.applied(
            to: .sample {
                $0.requester = "2"
                $0.participants = [
                    Participant(.contact, "1", .cc), Participant(.contact, "2", .cc),
                    Participant(.agent, "2", .follower),
                ]
                $0.timeline = [
                    entry(.message, Author(.contact, id: "2", name: "Ana")), entry(.note, Author(.agent, id: "2")),
                ]
            }, people: people)
        #expect(result.conversation.requester == "1")
        #expect(
            result.conversation.participants == [Participant(.contact, "1", .cc), Participant(.agent, "2", .follower)])
        #expect(result.conversation.timeline.map(\.author.id) == ["1", "2"])
        #expect(result.count("requester", .converted) == 1 && result.count("timeline.author", .converted) == 1)
    }

    @Test func aliasesAreOnePerson() throws {
        let compiled = try sections(
            "agents: {aliases: {'Ana@new.example': ['ana@old.example', 'A.B@old.example']}, fallback: 'unassigned'}"
        ).compiled(for: DestinationPeople(agents: [agent("99", email: "ana@new.example")]))
        for address in ["ana@old.example", "a.b@OLD.example"] {
            let people = SourcePeople(agents: [agent("7", email: address)])
            let result = compiled.applied(to: .sample { $0.assignee = "7" }, people: people)
            #expect(result.conversation.assignee == "99")
        }
        let found = faults("{version: 1, agents: {aliases: {'ana': ['b@c.example']}}}")
        #expect(found.first?.summary == "'agents.aliases' is no e-mail address")
        let twice = faults(
            "{version: 1, agents: {match: [{email: 'a@b.example', to: 1}], aliases: {'x@y.example': ['a@b.example']}}}")
        #expect(twice.first?.summary.hasPrefix("agent is named twice") == true)
    }

    @Test(arguments: [
        ("{version: 1, contacts: {merge: [¶'name']}}", "expected one of 'external_id', 'email', 'phone'"),
        ("{version: 1, contacts: {¶merged: ['email']}}", "did you mean 'merge'?"),
    ]) func wrongKeysAreNamedWithTheirPlace(_ marked: String, _ part: String) throws {
        let marked = MarkedText(marked)
        let found = faults(marked.text)
        let fault = try #require(found.first)
        #expect(found.count == 1, "\(found)")
        #expect(fault.place == Place(file: "layer1.json5", line: marked.line, column: marked.column))
        #expect(fault.description.contains(part), "\(fault)")
    }
}
