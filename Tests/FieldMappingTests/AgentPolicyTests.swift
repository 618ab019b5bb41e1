import ConversationModel
import Diagnostics
import FieldMapping
import Testing

/// Placeholders, periods and bylines.
@Suite struct AgentPolicyTests {
    private func message(_ author: String, _ time: String, name: String? = nil, html: String? = nil) -> Entry {
        var message = entry(.message, Author(.agent, id: author, name: name))
        message.createdAt = Instant(time)
        message.html = html
        if html == nil { message.text = "hello" }
        return message
    }

    @Test func aPlaceholderKeepsNameAndHistoryAndCannotSignIn() throws {
        let files = ["a.csv": "id,target,action\n7,,placeholder\n8,,keep\n"]
        let compiled = try sections("agents: {file: 'a.csv', fallback: 'unassigned'}", files: files).compiled()
        let thread = Conversation.sample {
            $0.assignee = "7"
            $0.timeline = [message("7", "2024-01-01", name: "Ana")]
        }
        let result = compiled.applied(to: thread)
        #expect(result.conversation == thread && result.losses.isEmpty)
        var losses = LossTally()
        var coverage = MappingCoverage()
        var ana = agent("7", name: "Ana")
        ana.active = true
        #expect(compiled.apply(to: &ana, people: SourcePeople(), losses: &losses, coverage: &coverage) == .keep)
        #expect(ana.active == false && ana.name == "Ana")
        #expect(losses.count(.agent, "active", .converted) == 1)
        var bo = agent("8")
        bo.active = true
        #expect(compiled.apply(to: &bo, people: SourcePeople(), losses: &losses, coverage: &coverage) == .keep)
        #expect(bo.active == true)
        let everybody = try sections("agents: {fallback: 'placeholder'}").compiled()
        #expect(everybody.apply(to: &bo, people: SourcePeople(), losses: &losses, coverage: &coverage) == .keep)
        #expect(bo.active == false)
    }

    @Test(arguments: [
        "agents: {match: [{from: 7, to: 'A', until: '2024-01-01'}, {from: 7, to: 'B', since: '2024-01-01'}], fallback: {id: 'F'}}",
        "agents: {file: 'a.csv', fallback: {id: 'F'}}",
    ]) func anAccountThatChangedHandsIsSplitByDate(_ section: String) throws {
        let table = "id;target;valid_from;valid_until\n7;A;;01.01.2024\n7;B;2024-01-01;\n"
        let compiled = try sections(section, files: ["a.csv": table]).compiled()
        let result = compiled.applied(
            to: .sample {
                $0.assignee = "7"
                $0.updatedAt = Instant("2024-06-01")
                $0.timeline = [message("7", "2023-12-31T23:59:59Z"), message("7", "2024-01-01T00:00:00Z")]
            })
        #expect(result.conversation.timeline.map(\.author.id) == ["A", "B"])
        #expect(result.conversation.assignee == "B")
        var losses = LossTally()
        var coverage = MappingCoverage()
        var record = agent("7")
        #expect(compiled.apply(to: &record, people: SourcePeople(), losses: &losses, coverage: &coverage) == .keep)
        #expect(record.id == "B")
        #expect(compiled.unusedRules(result.coverage).isEmpty)
    }

    @Test func whatLiesOutsideAllPeriodsIsUnmatched() throws {
        let compiled = try sections(
            "agents: {match: [{from: 7, to: 'A', since: '2024-01-01', until: '2024-02-01'}], fallback: {id: 'F'}}"
        ).compiled()
        let result = compiled.applied(
            to: .sample { $0.timeline = ["2023-12-31", "2024-01-15", "2024-02-01"].map { message("7", $0) } })
        #expect(result.conversation.timeline.map(\.author.id) == ["F", "A", "F"])
        #expect(result.coverage.unruledValues.map(\.count) == [2])
    }

    @Test func aStandInNeverSpeaksInSilence() throws {
        let compiled = try sections("agents: {match: [{from: 8, to: 'B'}], fallback: {id: 'F'}}").compiled()
        let people = SourcePeople(agents: [agent("9", email: "cy@x.example", name: "Cy <C>")])
        let thread = Conversation.sample {
            $0.timeline = [
                message("7", "2024-01-01", name: "Ana"), message("8", "2024-01-02", name: "Bo"),
                message("9", "2024-01-03", html: "<p>hi</p>"), entry(.event(.joined), Author(.agent, id: "7")),
            ]
        }
        let result = compiled.applied(to: thread, people: people)
        #expect(result.conversation.timeline.map(\.author.id) == ["F", "B", "F", "F"])
        #expect(result.conversation.timeline.map(\.text) == ["Ana wrote:\nhello", "hello", nil, nil])
        #expect(result.conversation.timeline[2].html == "<p><em>Cy &lt;C&gt; wrote:</em></p><p>hi</p>")
        #expect(result.count("timeline.text", .converted) == 2)
        #expect(result.count("timeline.author", .narrowed) == 3)
        let silent = try sections("agents: {match: [{from: 8, to: 'B'}], fallback: {id: 'F'}, byline: 'none'}")
            .compiled()
        #expect(silent.applied(to: thread).conversation.timeline[0].text == "hello")
    }

    @Test func aStandInTakesNeitherNameNorAddressNorRecordOfWhomTheyStandInFor() throws {
        let compiled = try sections("agents: {match: [{from: 8, to: 'B'}], fallback: {id: 'F'}}").compiled()
        let thread = Conversation.sample {
            var ana = Participant(.agent, "7", .follower)
            (ana.name, ana.email) = ("Ana", "ana@x.example")
            $0.participants = [ana]
            $0.timeline = [message("7", "2024-01-01", name: "Ana")]
            $0.timeline[0].author.email = "ana@x.example"
        }
        let result = compiled.applied(to: thread)
        #expect(result.conversation.timeline[0].author == Author(.agent, id: "F"))
        #expect(result.conversation.participants.map(\.id) == ["F"])
        #expect(result.conversation.participants[0].name == nil && result.conversation.participants[0].email == nil)
        var losses = LossTally()
        var coverage = MappingCoverage()
        for (id, expected) in [("7", Disposition.filtered(.unassigned)), ("8", .keep)] {
            var record = agent(id, email: "ana@x.example", name: "Ana")
            #expect(
                compiled.apply(to: &record, people: SourcePeople(), losses: &losses, coverage: &coverage) == expected)
        }
        let teams = try sections("teams: {match: {'8': {id: 'B'}}, fallback: {id: 'F'}}").compiled()
        var team = Team()
        (team.id, team.name) = ("7", "Old")
        #expect(teams.apply(to: &team, losses: &losses, coverage: &coverage) == .filtered(.unassigned))
    }

    @Test func sharedTargetsCanBeSignedToo() throws {
        let rules = "match: [{from: 7, to: 'T'}, {from: 8, to: 'T'}, {from: 9, to: 'C'}]"
        let thread = Conversation.sample {
            $0.timeline = ["7", "8", "9"].map { message($0, "2024-01-01", name: "N" + $0) }
        }
        let signed = try sections("agents: {\(rules), byline: 'shared'}").compiled().applied(to: thread)
        #expect(signed.conversation.timeline.map(\.text) == ["N7 wrote:\nhello", "N8 wrote:\nhello", "hello"])
        let plain = try sections("agents: {\(rules)}").compiled().applied(to: thread)
        #expect(plain.conversation.timeline.map(\.text) == ["hello", "hello", "hello"])
    }
}
