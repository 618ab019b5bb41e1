import ConversationModel
import Diagnostics
import Testing

@testable import FieldMapping

@Suite struct FilterTests {
    private func reason(_ filter: String, _ conversation: Conversation, people: SourcePeople = SourcePeople()) throws
        -> String?
    {
        let compiled = try sections("filter: {\(filter)}", files: ["ids.txt": "\u{FEFF}c1\r\n\r\n 007 \r\n"]).compiled()
        guard case .filtered(let reason) = compiled.applied(to: conversation, people: people).disposition else {
            return nil
        }
        return reason.rawValue
    }

    @Test(arguments: [
        ("since: '2024-01-01'", "2024-01-01T00:00:00Z", nil),
        ("since: '2024-01-01'", "2023-12-31T23:59:59.999999Z", "since"),
        ("until: '2024-01-01'", "2024-01-01T00:00:00Z", "until"),
        ("until: '2024-01-01'", "2023-12-31T23:59:59.999Z", nil),
        ("since: '2024-01-01T02:00:00+02:00'", "2024-01-01T00:00:00Z", nil),
        ("since: '2024-01-01', by: 'created_at'", "2023-06-01", nil),
    ]) func sinceIsInclusiveAndUntilExclusive(_ filter: String, _ updated: String, _ expected: String?) throws {
        let conversation = Conversation.sample {
            $0.updatedAt = Instant(updated)
            $0.createdAt = Instant("2024-06-01")
        }
        #expect(try reason(filter, conversation) == expected)
    }

    @Test func aMissingTimeFallsBackToCreationAndThenKeeps() throws {
        let old = Conversation.sample { $0.createdAt = Instant("2020-01-01") }
        #expect(try reason("since: '2024-01-01'", old) == "since")
        #expect(try reason("since: '2024-01-01'", .sample()) == nil)
        let updated = Conversation.sample { $0.updatedAt = Instant("2020-01-01") }
        #expect(try reason("since: '2024-01-01', by: 'created_at'", updated) == nil)
    }

    @Test(arguments: [
        ("status: ['open', 'closed']", nil), ("status: ['new']", "status"), ("not_status: ['open']", "not_status"),
        ("not_status: ['new']", nil), ("channels: ['email']", nil), ("channels: ['chat']", "channels"),
        ("not_channels: ['email']", "not_channels"), ("tags: ['vip', 'x']", nil), ("tags: ['vi*']", nil),
        ("tags: ['VIP']", "tags"), ("not_tags: ['*ip']", "not_tags"), ("not_tags: ['v']", nil),
        ("teams: ['55']", nil), ("teams: ['Billing']", nil), ("teams: ['Sales']", "teams"),
        ("not_teams: ['Bill*']", "not_teams"), ("ids: ['c1']", nil), ("ids: ['c2', 3]", "ids"),
        ("ids: {file: 'ids.txt'}", nil), ("not_ids: {file: 'ids.txt'}", "not_ids"),
    ]) func keepsWhatIsAskedFor(_ filter: String, _ expected: String?) throws {
        let conversation = Conversation.sample {
            $0.status = .open
            $0.channel = .email
            $0.tags = ["vip"]
            $0.team = "55"
        }
        let people = SourcePeople(teams: [team("55", "Billing")])
        #expect(try reason(filter, conversation, people: people) == expected)
    }

    @Test func whatIsAbsentIsNotOnAList() throws {
        for (filter, expected) in [
            ("status: ['open']", "status"), ("channels: ['chat']", "channels"), ("tags: ['*']", "tags"),
            ("teams: ['*']", "teams"),
        ] {
            #expect(try reason(filter, .sample()) == expected)
        }
        #expect(
            try reason("not_status: ['open'], not_channels: ['chat'], not_tags: ['*'], not_teams: ['*']", .sample())
                == nil)
    }

    @Test func looksAtSourceValuesAndLeavesTheRecordAlone() throws {
        let compiled = try sections("filter: {not_status: ['new']}, values: {status: {new: 'open'}}").compiled()
        let new = Conversation.sample { $0.status = .new }
        let result = compiled.applied(to: new)
        #expect(result.disposition == .filtered(.notStatus))
        #expect(result.conversation == new)
        #expect(result.losses.isEmpty)
    }
}

@Suite struct ValueAndTagTests {
    @Test func mapsValuesOfConversationSessionsEntriesAndEvents() throws {
        let compiled = try sections(
            "values: {status: {on_hold: 'pending', '*': 'open'}, priority: {low: 'high', high: 'low'}, "
                + "channel: {other: 'web'}}"
        ).compiled()
        var session = Session()
        session.channel = .other
        var message = entry(.message, Author(.contact, id: "u1"))
        message.channel = .other
        let result = compiled.applied(
            to: .sample {
                $0.status = .onHold
                $0.priority = .low
                $0.channel = .other
                $0.sessions = [session]
                $0.timeline = [
                    message, entry(.event(.status), Author(), from: .string("new"), to: .string("on_hold")),
                    entry(.event(.status), Author(), from: .string("vendor word"), to: .number("3")),
                    entry(.event(.other), Author(), to: .string("new")),
                ]
            })
        let mapped = result.conversation
        #expect(mapped.status == .pending && mapped.priority == .high && mapped.channel == .web)
        #expect(mapped.sessions.first?.channel == .web && mapped.timeline[0].channel == .web)
        #expect(mapped.timeline[1].from == .string("open") && mapped.timeline[1].to == .string("pending"))
        #expect(mapped.timeline[2].from == .string("vendor word") && mapped.timeline[2].to == .number("3"))
        #expect(mapped.timeline[3].to == .string("new"))
        // pending itself goes to open, so only on_hold ends in pending; a swap of two loses nothing either.
        #expect(result.count("status", .converted) == 1)
        #expect(result.count("priority", .converted) == 1)
        #expect(result.count("channel", .narrowed) == 1)
        #expect(result.count("sessions.channel", .narrowed) == 1 && result.count("timeline.channel", .narrowed) == 1)
        #expect(result.count("timeline.from", .narrowed) == 1 && result.count("timeline.to", .converted) == 1)
        #expect(result.losses.all.first { $0.field == "status" }?.examples.first?.detail == "on_hold -> pending")
    }

    @Test func aValueThatOthersShareIsNarrowed() throws {
        let result = try sections("values: {status: {on_hold: 'pending'}}").compiled()
            .applied(to: .sample { $0.status = .onHold })
        #expect(result.count("status", .narrowed) == 1)
    }

    @Test func absentValuesStayAbsent() throws {
        let result = try sections("values: {priority: {'*': 'high'}}").compiled().applied(to: .sample())
        #expect(result.conversation.priority == nil && result.losses.isEmpty)
    }

    @Test(arguments: [
        ("rename: {a: 'b'}", ["a", "x"], ["b", "x"]),
        ("rename: {a: 'b'}", ["b", "a"], ["b"]),
        ("rename: {a: 'b'}", ["a", "b"], ["b"]),
        ("rename: {a: 'c', b: 'c'}", ["a", "b"], ["c"]),
        ("rename: {a: 'b', b: 'a'}", ["a", "b"], ["b", "a"]),
        ("drop: ['tmp', 'sys_*', '*_x']", ["tmp", "sys_1", "q_x", "tmp2"], ["tmp2"]),
        ("rename: {sys_ok: 'ok'}, drop: ['sys_*']", ["sys_1", "sys_ok"], ["ok"]),
        ("rename: {'sys_a*': 'a'}, drop: ['sys_*']", ["sys_ab", "sys_b"], ["a"]),
        ("drop: ['*mid*']", ["a-mid-b", "mi"], ["mi"]),
        ("case: 'lower'", ["VIP", "vip", "Ok"], ["vip", "ok"]),
        ("case: 'lower', rename: {VIP: 'Key'}", ["VIP", "X"], ["Key", "x"]),
        ("add: ['m']", ["a"], ["a", "m"]),
        ("add: ['m']", ["m"], ["m"]),
        ("drop: ['*'], add: ['m']", ["a", "b"], ["m"]),
        ("rename: {q: 'r'}", ["dup", "dup"], ["dup", "dup"]),
    ]) func rewritesTags(_ rules: String, _ before: [String], _ after: [String]) throws {
        let compiled = try sections("tags: {\(rules)}").compiled()
        let result = compiled.applied(to: .sample { $0.tags = before })
        #expect(result.conversation.tags == after)
        #expect(result.losses.isEmpty == (before == after))
    }

    @Test func tagLossesSayWhatHappened() throws {
        let compiled = try sections("tags: {rename: {a: 'z', b: 'm', c: 'm'}, drop: ['sys_*'], add: ['new']}")
            .compiled()
        let result = compiled.applied(to: .sample { $0.tags = ["a", "b", "sys_secret", "keep"] })
        #expect(result.count("tags", .converted) == 1)
        #expect(result.count("tags", .narrowed) == 1)
        #expect(result.count("tags", .dropped) == 1)
        #expect(result.count("tags", .invented) == 1)
        #expect(result.losses.all.first { $0.lossClass == .dropped }?.examples.first?.detail == "sys_*")
    }

    @Test func tagEventsAreRenamedAndContactsGainNothing() throws {
        let compiled = try sections("tags: {rename: {a: 'b'}, drop: ['x'], add: ['m']}").compiled()
        let result = compiled.applied(
            to: .sample {
                $0.timeline = [
                    entry(.event(.tagAdded), Author(), to: .string("a")),
                    entry(.event(.tagRemoved), Author(), from: .string("x")),
                ]
            })
        #expect(result.conversation.timeline.map(\.to) == [.string("b"), nil])
        #expect(result.conversation.timeline[1].from == .string("x"))
        var contact = Contact()
        contact.tags = ["a", "x"]
        var losses = LossTally()
        var coverage = MappingCoverage()
        #expect(compiled.apply(to: &contact, losses: &losses, coverage: &coverage) == .keep)
        #expect(contact.tags == ["b"])
        #expect(losses.count(.contact, "tags", .dropped) == 1)
    }

    @Test func defaultsFillOnlyWhatIsAbsent() throws {
        let compiled = try sections(
            "values: {priority: {low: 'high'}}, defaults: {conversation: {priority: 'low', subject: '(none)', "
                + "team: 5}, contact: {language: 'en'}, agent: {role: 'light'}}"
        ).compiled()
        let filled = compiled.applied(to: .sample { $0.subject = "" })
        #expect(filled.conversation.priority == .low && filled.conversation.subject == "(none)")
        #expect(filled.conversation.team == "5")
        #expect(filled.losses.all.allSatisfy { $0.lossClass == .invented } && filled.losses.all.count == 3)
        let kept = compiled.applied(
            to: .sample {
                $0.priority = .urgent
                $0.subject = "Hi"
                $0.team = "1"
            })
        #expect(kept.conversation.priority == .urgent && kept.losses.isEmpty)
        var record = NeutralRecord.agent(agent("7", role: nil))
        var losses = LossTally()
        var coverage = MappingCoverage()
        #expect(compiled.apply(to: &record, people: SourcePeople(), losses: &losses, coverage: &coverage) == .keep)
        #expect(record == .agent(agent("7", role: .light)))
        #expect(losses.count(.agent, "role", .invented) == 1)
    }
}

@Suite struct WholeMappingTests {
    private static let rich = Conversation.sample {
        $0.status = .onHold
        $0.priority = .low
        $0.tags = ["a", "b"]
        $0.assignee = "7"
        $0.team = "55"
        $0.participants = [Participant(.agent, "8", .follower), Participant(.contact, "7", .cc)]
        $0.timeline = [
            entry(.message, Author(.contact, id: "7")), entry(.note, Author(.agent, id: "8", name: "Bo")),
            entry(.event(.assigned), Author(), from: .string("7"), to: .string("8")),
        ]
    }

    @Test(arguments: ["{version: 1}", "{version: 1, filter: {}, tags: {}, agents: {}}"])
    func anEmptyMappingTouchesAndReportsNothing(_ text: String) throws {
        for compiled in [try mapping(text).compiled(), Mapping.empty.compiled()] {
            #expect(compiled.isIdentity)
            let result = compiled.applied(to: Self.rich)
            #expect(result.conversation == Self.rich && result.disposition == .keep)
            #expect(result.losses.isEmpty && result.coverage.isEmpty)
            #expect(compiled.unusedRules(result.coverage).isEmpty)
        }
    }

    @Test func rulesThatNameOtherValuesTouchAndReportNothing() throws {
        let compiled = try sections(
            "values: {status: {new: 'open'}}, tags: {rename: {q: 'r'}, drop: ['zz*']}, "
                + "agents: {match: [{from: 99, to: 1}]}, "
                + "teams: {match: {Other: 'X'}}, filter: {not_ids: ['c9']}, defaults: {conversation: {status: 'open'}}"
        ).compiled()
        #expect(!compiled.isIdentity)
        let result = compiled.applied(to: Self.rich)
        #expect(result.conversation == Self.rich && result.losses.isEmpty)
    }

    @Test func anyRecordGoesThroughTheSamePipeline() throws {
        let compiled = try sections("values: {status: {on_hold: 'open'}}, agents: {match: [{from: 7, to: 70}]}")
            .compiled()
        let direct = compiled.applied(to: Self.rich)
        var record = NeutralRecord.conversation(Self.rich)
        var losses = LossTally()
        var coverage = MappingCoverage()
        #expect(compiled.apply(to: &record, people: SourcePeople(), losses: &losses, coverage: &coverage) == .keep)
        #expect(record == .conversation(direct.conversation))
        #expect(losses.all == direct.losses.all)
        for other in [
            NeutralRecord.company(Company()), .field(FieldDefinition()), .contact(Contact()), .team(team("1", "T")),
        ] {
            var record = other
            #expect(compiled.apply(to: &record, people: SourcePeople(), losses: &losses, coverage: &coverage) == .keep)
            #expect(record == other)
        }
    }

    @Test func coverageNamesUnusedRulesAndUnruledValues() throws {
        let compiled = try sections(
            "values: {status: {on_hold: 'open', new: 'open'}}, tags: {rename: {a: 'z'}, drop: ['never']},\n"
                + " agents: {match: [{from: 7, to: 70}, {from: 6, to: 60}]}, "
                + "defaults: {conversation: {channel: 'email'}}"
        ).compiled()
        var total = MappingCoverage()
        total.merge(compiled.applied(to: Self.rich).coverage)
        total.merge(compiled.applied(to: .sample { $0.status = .solved }).coverage)
        let unused = compiled.unusedRules(total)
        #expect(unused.map(\.path) == ["values.status.new", "tags.drop.never", "agents.match[1]"])
        #expect(unused.first?.place == Place(file: "layer1.json5", line: 1, column: 49))
        #expect(
            total.unruledValues == [
                UnruledValue(kind: .status, value: "solved", count: 1), UnruledValue(kind: .tag, value: "b", count: 1),
                UnruledValue(kind: .agent, value: "8", count: 3),
            ])
    }

    @Test func mergedCoverageIsTheCoverageOfTheWhole() throws {
        let compiled = try sections("tags: {rename: {a: 'z', b: 'y'}}").compiled()
        var random = SystemLikeGenerator(seed: 3)
        var whole = MappingCoverage()
        var merged = MappingCoverage()
        for _ in 0..<200 {
            var conversation = Conversation.sample()
            conversation.tags = (0..<4).map { _ in String("abcdef".randomElement(using: &random) ?? "a") }
            var losses = LossTally()
            _ = compiled.apply(to: &conversation, people: SourcePeople(), losses: &losses, coverage: &whole)
        }
        random = SystemLikeGenerator(seed: 3)
        for _ in 0..<200 {
            var conversation = Conversation.sample()
            conversation.tags = (0..<4).map { _ in String("abcdef".randomElement(using: &random) ?? "a") }
            merged.merge(compiled.applied(to: conversation).coverage)
        }
        #expect(whole.unruledValues == merged.unruledValues)
        #expect(!whole.unruledValues.isEmpty)
    }
}
