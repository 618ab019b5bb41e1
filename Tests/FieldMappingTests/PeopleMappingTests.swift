import ConversationModel
import Diagnostics
import Testing

@testable import FieldMapping

@Suite struct PeopleMappingTests {
    private static let people = SourcePeople(
        agents: [
            agent("7", email: "Ana@Old.example", name: "Ana"), agent("8", email: "bo@x.example", name: "Bo"),
            agent("9", name: "Cy"),
        ],
        teams: [team("55", "Billing"), team("56", "Sales")])
    private static let destination = DestinationPeople(
        agents: [agent("991001", email: "ana@new.example"), agent("991002", email: "bo@x.example")],
        teams: [team("77", "Finance"), team("78", "sales")])

    private static let thread = Conversation.sample {
        $0.requester = "7"
        $0.assignee = "7"
        $0.participants = [Participant(.agent, "8", .follower), Participant(.contact, "7", .cc)]
        $0.timeline = [
            entry(.message, Author(.contact, id: "7")),
            entry(.message, Author(.agent, id: "7", email: "ana@old.example")),
            entry(.note, Author(.agent, id: "8")), entry(.message, Author(.agent, id: "9")),
            entry(.event(.assigned), Author(.system), from: .null, to: .string("7")),
            entry(.event(.assigned), Author(.system), from: .number("7"), to: .string("8")),
        ]
    }

    @Test func movesEveryReferenceToAnAgentAndNoContact() throws {
        let compiled = try sections("agents: {match: [{from: 7, to: 'A'}, {from: 8, to: 'B'}]}").compiled()
        let result = compiled.applied(to: Self.thread)
        let moved = result.conversation
        #expect(moved.assignee == "A" && moved.requester == "7")
        #expect(moved.participants.map(\.id) == ["B", "7"])
        #expect(moved.timeline.map(\.author.id) == ["7", "A", "B", "9", nil, nil])
        #expect(moved.timeline[4].from == .null && moved.timeline[4].to == .string("A"))
        #expect(moved.timeline[5].from == .string("A") && moved.timeline[5].to == .string("B"))
        #expect(result.count("assignee", .converted) == 1)
        #expect(result.count("participants", .converted) == 1)
        #expect(result.count("timeline.author", .converted) == 2)
        #expect(result.count("timeline.to", .converted) == 2 && result.count("timeline.from", .converted) == 1)
    }

    @Test func ruleThenTableThenEmailThenFallback() throws {
        let text = "agents: {match: [{from: 7, to_email: 'ana@new.example'}], file: 'a.csv', fallback: {id: 'F'}}"
        let files = ["a.csv": "id,target\n7,wrong\n10,T\n"]
        let compiled = try sections(text, files: files).compiled(for: Self.destination)
        func target(_ id: String) throws -> String? {
            compiled.applied(to: .sample { $0.assignee = id }, people: Self.people).conversation.assignee
        }
        #expect(try ["7", "10", "8", "9"].map(target) == ["991001", "T", "991002", "F"])
        let deaf = try sections("agents: {by_email: false, fallback: 'unassigned'}").compiled(for: Self.destination)
        #expect(deaf.applied(to: .sample { $0.assignee = "8" }, people: Self.people).conversation.assignee == nil)
    }

    @Test func authorsKnownByNameAloneHaveRulesOfTheirOwn() throws {
        let thread = Conversation.sample {
            $0.timeline = [entry(.note, Author(.agent, name: "Ana Ruiz")), entry(.note, Author(.bot, name: "Hello"))]
        }
        let ruled = try sections("agents: {match: [{from: 'name:Ana Ruiz', to: 'A'}], fallback: 'keep'}").compiled()
        let authors = ruled.applied(to: thread).conversation.timeline.map(\.author)
        #expect(authors == [Author(.agent, id: "A", name: "Ana Ruiz"), Author(.bot, name: "Hello")])
        let strict = try sections("agents: {fallback: 'error'}").compiled()
        #expect(throws: MigrationError.self) { try strict.requireMatches(strict.applied(to: thread).coverage) }
    }

    @Test func emailsMatchInAnyCase() throws {
        let compiled = try sections("agents: {match: [{email: 'ANA@old.example', to: 'A'}]}").compiled()
        #expect(compiled.applied(to: Self.thread, people: Self.people).conversation.assignee == "A")
        #expect(compiled.applied(to: Self.thread).conversation.timeline[1].author.id == "A")
    }

    @Test func anUnknownDestinationChangesEmailsAndKeepsIDs() throws {
        let compiled = try sections("agents: {match: [{from: 7, to_email: 'ana@new.example'}]}").compiled()
        let result = compiled.applied(to: Self.thread, people: Self.people)
        #expect(result.conversation.assignee == "7")
        #expect(result.conversation.timeline[1].author == Author(.agent, id: "7", email: "ana@new.example"))
        var record = agent("7", email: "ana@old.example")
        var losses = LossTally()
        var coverage = MappingCoverage()
        #expect(compiled.apply(to: &record, people: SourcePeople(), losses: &losses, coverage: &coverage) == .keep)
        #expect(record == agent("7", email: "ana@new.example"))
        #expect(losses.count(.agent, "email", .converted) == 1)
    }

    @Test func manyToOneIsNarrowed() throws {
        let files = [
            "a.csv": "\u{FEFF}ID;Name;Target;Action\r\n7;\"Ana; \"\"A\"\"\";A;\r\n8;Bo;A;MAP\r\n9;;;keep\r\n;;;\r\n"
        ]
        let compiled = try sections("agents: {file: 'a.csv', fallback: 'unassigned'}", files: files).compiled()
        let result = compiled.applied(to: Self.thread)
        #expect(result.conversation.timeline.map(\.author.id) == ["7", "A", "A", "9", nil, nil])
        #expect(result.count("assignee", .narrowed) == 1 && result.count("timeline.author", .narrowed) == 2)
    }

    @Test func unassignedKeepsNamesOfAuthors() throws {
        let compiled = try sections("agents: {match: [{from: 9, to: 'C'}], fallback: 'unassigned'}").compiled()
        let result = compiled.applied(to: Self.thread, people: Self.people)
        let moved = result.conversation
        #expect(moved.assignee == nil && moved.participants.map(\.kind) == [.contact])
        #expect(moved.timeline[1].author == Author(.agent, name: "Ana"))
        #expect(moved.timeline[5].to == nil)
        #expect(result.count("assignee", .dropped) == 1 && result.count("participants", .dropped) == 1)
        #expect(result.count("timeline.author", .narrowed) == 2)
        var record = agent("8")
        var losses = LossTally()
        var coverage = MappingCoverage()
        #expect(
            compiled.apply(to: &record, people: SourcePeople(), losses: &losses, coverage: &coverage)
                == .filtered(.unassigned)
        )
    }

    @Test func botsFollowOnlyRulesThatNameThem() throws {
        let compiled = try sections("agents: {match: [{from: 'b1', to: 'B'}], fallback: 'error'}").compiled()
        let result = compiled.applied(
            to: .sample {
                $0.timeline = [entry(.message, Author(.bot, id: "b1")), entry(.message, Author(.bot, id: "b2"))]
            })
        #expect(result.conversation.timeline.map(\.author.id) == ["B", "b2"])
        var bot = agent("b2", role: .bot)
        var losses = LossTally()
        var coverage = MappingCoverage()
        #expect(compiled.apply(to: &bot, people: SourcePeople(), losses: &losses, coverage: &coverage) == .keep)
    }

    @Test func unmatchedAgentsAreRefusedByNameWithCounts() throws {
        let compiled = try sections("agents: {match: [{from: 7, to: 'A'}], fallback: 'error'}").compiled()
        var losses = LossTally()
        var coverage = MappingCoverage()
        for _ in 0..<2 {
            var conversation = Self.thread
            let fate = compiled.apply(to: &conversation, people: Self.people, losses: &losses, coverage: &coverage)
            #expect(fate == .keep, "everybody is looked at before anybody is refused")
        }
        let error = try #require(throws: MigrationError.self) { try compiled.requireMatches(coverage) }
        #expect(error.code == "mapping/unmatched-agents" && error.exit == .configuration)
        #expect(error.summary == "2 agents have no match: '8' (6x), '9' (2x); nothing was written")
        #expect(error.description.contains("agents.fallback"))
        try compiled.requireMatches(MappingCoverage())
    }

    @Test func nobodyWithoutAMatchIsForgottenBehindOtherValues() throws {
        let compiled = try sections("agents: {match: [{from: 7, to: 'A'}], fallback: 'error'}").compiled()
        var coverage = MappingCoverage()
        for number in 0...MappingCoverage.valuesKept { coverage.noteUnruled(.tag, "tag \(number)") }
        var losses = LossTally()
        var conversation = Self.thread
        _ = compiled.apply(to: &conversation, people: Self.people, losses: &losses, coverage: &coverage)
        #expect(coverage.furtherValues == 1)
        #expect(throws: MigrationError.self) { try compiled.requireMatches(coverage) }
    }

    @Test func targetsThatTheDestinationLacksAreFindings() throws {
        let compiled = try sections(
            "agents: {match: [{from: 7, to: 'gone'}, {from: 8, to_email: 'no@x.example'}], fallback: {id: 'F'}}, "
                + "teams: {match: {Billing: 'Nowhere'}}"
        ).compiled(for: Self.destination)
        #expect(compiled.findings.map(\.code) == Array(repeating: "mapping/target-absent", count: 3))
        #expect(compiled.findings.contains { $0.summary.contains("agents.match[1]") })
        let result = compiled.applied(to: Self.thread, people: Self.people)
        #expect(result.conversation.assignee == "gone")
        #expect(result.conversation.participants.first?.id == "F")
    }

    @Test func movesTeamsByIDAndName() throws {
        let compiled = try sections(
            "teams: {match: {billing: 'Finance', '57': {id: 'T'}, '58': {action: 'unassigned'}}}"
        )
        .compiled(for: Self.destination)
        func moved(_ id: String) throws -> String? {
            compiled.applied(to: .sample { $0.team = id }, people: Self.people).conversation.team
        }
        #expect(try moved("55") == "77" && moved("56") == "78" && moved("57") == "T")
        #expect(try moved("58") == nil && moved("59") == "59")
        var record = team("55", "Billing")
        var losses = LossTally()
        var coverage = MappingCoverage()
        #expect(compiled.apply(to: &record, losses: &losses, coverage: &coverage) == .keep)
        #expect(record == team("77", "Finance"))
        var member = agent("1")
        member.teams = ["55", "58", "59", "77"]
        #expect(compiled.apply(to: &member, people: Self.people, losses: &losses, coverage: &coverage) == .keep)
        #expect(member.teams == ["77", "59"])
        #expect(losses.count(.agent, "teams", .dropped) == 1)
    }

    @Test func anUnknownDestinationRenamesTheTeamRecord() throws {
        let compiled = try sections("teams: {match: {Billing: 'Finance'}}").compiled()
        let result = compiled.applied(to: .sample { $0.team = "55" }, people: Self.people)
        #expect(result.conversation.team == "55" && result.losses.isEmpty)
        #expect(compiled.applied(to: .sample { $0.team = "Billing" }).conversation.team == "Finance")
        var record = team("55", "Billing")
        var losses = LossTally()
        var coverage = MappingCoverage()
        #expect(compiled.apply(to: &record, losses: &losses, coverage: &coverage) == .keep)
        #expect(record == team("55", "Finance"))
    }

    @Test func teamTablesAcceptTabsAndNames() throws {
        let files = ["t.csv": "name\ttarget\taction\nBilling\tFinance\t\nSales\t\tunassigned\n"]
        let compiled = try sections("teams: {file: 't.csv', fallback: 'error'}", files: files).compiled(
            for: Self.destination)
        func applied(_ id: String) -> Applied { compiled.applied(to: .sample { $0.team = id }, people: Self.people) }
        #expect(applied("55").conversation.team == "77" && applied("56").conversation.team == nil)
        #expect(throws: MigrationError.self) { try compiled.requireMatches(applied("99").coverage) }
    }
}
