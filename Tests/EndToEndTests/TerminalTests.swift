import Foundation
import Testing

/// What the commands print, as a new user reads it.
@Suite struct TerminalTests {
    /// Lines of a list of changes: sign, kind, id.
    private func changes(_ output: String) -> [[String]] {
        output.split(separator: "\n").filter { "+*-".contains($0.prefix(1)) && $0.dropFirst().hasPrefix(" ") }
            .map { $0.split(separator: " ").map(String.init) }
    }

    /// A source in which an agent is known by her name alone.
    private func writeNamedAgent(_ program: Program) throws {
        let time = "2024-02-01T10:00:00.000Z"
        let conversations = (1...3).map { number in
            "{\"id\":\"\(number)\",\"requester\":\"c1\",\"created_at\":\"\(time)\",\"source\":{\"connector\":\"x\"},"
                + "\"timeline\":[{\"id\":\"e\(number)\",\"type\":\"message\",\"created_at\":\"\(time)\",\"text\":\"Hello\","
                + "\"author\":{\"kind\":\"agent\",\(number == 1 ? "\"id\":\"a1\"" : "\"name\":\"Kim Solo\"")}}]}\n"
        }
        try program.write(conversations.joined(), to: "bundle/conversations.jsonl")
        try program.write(
            "{\"id\":\"a1\",\"name\":\"Ana\",\"email\":\"ana@shop.example\",\"source\":{\"connector\":\"x\"}}\n",
            to: "bundle/agents.jsonl")
        try program.write(
            "{\"id\":\"c1\",\"name\":\"Li\",\"source\":{\"connector\":\"x\"}}\n", to: "bundle/contacts.jsonl")
    }

    @Test func connectorsFitTheTerminalAndOneTellsAll() throws {
        let program = try Program()
        defer { program.clear() }
        for columns in [80, 100] {
            let list = try program.run("connectors", environment: ["COLUMNS": "\(columns)"]).output
            let longest = list.split(separator: "\n").map(\.count).max() ?? 0
            #expect(longest <= columns && longest > columns - 15)
            #expect(list.contains("kinds of events") && !list.contains("tag removed"))
        }
        let one = try program.run("connectors hubspot", environment: ["COLUMNS": "80"]).output
        #expect(one.replacing("\n  ", with: " ").contains("events (created, priority, tag added, tag removed"))
        #expect(one.contains("parts of others"), "messages are read, as parts of conversations")
        #expect(one.split(separator: "\n").allSatisfy { $0.count <= 80 || !$0.hasPrefix("- ") })
    }

    @Test func anInventoryCountsWhatEachFileHolds() throws {
        let program = try Program()
        defer { program.clear() }
        let text = try program.run("inspect zendesk:export")
        #expect(text.output.contains("tickets.jsonl        24 tickets"))
        #expect(text.messages.contains("inspect records: 60 in "))
        // All kinds of a platform in one file, as a crawl may write them.
        let kinds = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Connectors/Kustomer/Fixtures/kinds").path
        var mixed = ""
        for name in ["conversations", "customers", "messages", "notes", "users"] {
            mixed += try String(contentsOfFile: kinds + "/\(name).jsonl", encoding: .utf8)
        }
        try program.write(mixed, to: "all.jsonl")
        let line = try program.run("inspect kustomer:all.jsonl").output.split(separator: "\n")[1]
        #expect(line.hasPrefix("all.jsonl  315 messages, 5 conversations, 5 notes, and 2 more kinds"))
        let files = try program.run("inspect kustomer:all.jsonl --json").json["files"] as? [[String: Any]]
        let records = ["messages": 315, "conversations": 5, "notes": 5, "customers": 3, "users": 2]
        #expect(files?.first?["records"] as? [String: Int] == records)
    }

    @Test func kindsOfRecordStandTogetherInAListOfChanges() throws {
        let program = try Program()
        defer { program.clear() }
        let plan = try program.run("plan zendesk:export intercom:out").output
        let kinds = changes(plan).map { $0[1] }
        var blocks: [String] = []
        for kind in kinds where blocks.last != kind { blocks.append(kind) }
        #expect(blocks == ["field", "team", "agent", "company", "contact", "conversation"])
        #expect(kinds.count == 40)
        #expect(plan.contains("  and 8 more fields\n") && plan.contains("  and 12 more conversations\n"))
        // Somebody whom only conversations name is met last, and stands with the agents all the same.
        try writeNamedAgent(program)
        let named = changes(try program.run("plan neutral:bundle zendesk:out").output).map { $0.dropFirst().prefix(2) }
        #expect(named.prefix(2).map { $0.joined(separator: " ") } == ["agent a1", "agent name:Kim"])
    }

    @Test func theHintNamesTheReportThatWasMade() throws {
        let program = try Program()
        defer { program.clear() }
        #expect(try program.run("plan zendesk:export intercom:out").output.contains("--report DIR lists them all"))
        let reported = try program.run("plan zendesk:export intercom:out --report r").output
        #expect(reported.contains("  r/changes.jsonl lists them all") && !reported.contains("--report DIR"))
    }

    @Test func oneRecordIsMissingAndStatusSaysWhatHelps() throws {
        let program = try Program()
        defer { program.clear() }
        _ = try program.run("migrate zendesk:export intercom:out")
        let path = program.directory + "/out/conversations.jsonl"
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        try (lines.dropLast().joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
        let verify = try program.run("verify zendesk:export intercom:out")
        #expect(verify.messages.contains("59 records are identical, 0 differ, 1 is missing, 0 are not from the source"))
        #expect(verify.output.contains("'deskferry plan' lists them"), "losses were told by the plan")
        #expect(try program.run("status").output.contains("  deskferry sync zendesk:export intercom:out\n"))
        try program.write("{ conversations: { missing: 0 } }", to: "agreed.json5")
        #expect(try program.run("verify zendesk:export intercom:out --thresholds agreed.json5").exit == 8)
        let status = try program.run("status").output
        #expect(status.contains("agreed limits were missed") && status.contains("report/verify.html"))
        #expect(status.contains("  deskferry verify zendesk:export intercom:out --report report/ --thresholds FILE\n"))
        #expect(!status.contains("deskferry sync"), "a delta brings back nothing that went missing")
    }

    @Test func somebodyKnownByNameAloneIsSaidToBeThatEverywhere() throws {
        let program = try Program()
        defer { program.clear() }
        try writeNamedAgent(program)
        let inspect = try program.run("inspect neutral:bundle --report r").output
        let line = try #require(inspect.split(separator: "\n").first { $0.hasPrefix("name:Kim Solo") })
        #expect(line.hasSuffix("known by name alone"))
        func row(_ report: String, _ column: String) throws -> String? {
            let data = FileManager.default.contents(atPath: program.directory + "/r/\(report).json") ?? Data()
            let root = try JSONSerialization.jsonObject(with: data) as? [String: Any]
            let blocks = (root?["sections"] as? [[String: Any]] ?? []).flatMap {
                $0["content"] as? [[String: Any]] ?? []
            }
            let rows = blocks.first { $0["table"] as? String == "agents" }?["rows"] as? [[String: Any]]
            return rows?.first { $0["key"] as? String == "name:Kim Solo" }?[column] as? String
        }
        // Where an agent is made of the name, and where it stands with the entries.
        for destination in ["zendesk", "intercom"] {
            _ = try program.run("plan neutral:bundle \(destination):out --report r")
            #expect(try row("plan", "how") == "known by name alone", "\(destination)")
        }
        #expect(try row("inspect", "described") == "known by name alone")
    }
}
