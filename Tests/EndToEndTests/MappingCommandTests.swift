import Foundation
import Testing

/// The consultant's way from an export to a plan, as processes.
@Suite struct MappingCommandTests {
    @Test(arguments: ["intercom", "neutral", "memory"])
    func fromAnExportToAPlanWithoutReadingSourceCode(_ destination: String) throws {
        let program = try Program()
        defer { program.clear() }
        #expect(try program.run("inspect export").exit == 0)
        let draft = try program.run(
            "mapping draft zendesk:export \(destination):out --out client.json5 --agents agents.csv")
        #expect(draft.exit == 0, "\(draft.messages)")
        #expect(draft.messages.contains("next: deskferry mapping check client.json5"))
        let clean = try program.run("mapping check client.json5 zendesk:export \(destination):out")
        #expect(clean.exit == 0 && clean.output.isEmpty, "\(clean.output)")
        #expect(clean.messages.contains("names every value of the source"))
        // An edit with a typing error, then the right one.
        let path = program.directory + "/client.json5"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try text.replacing("on_hold: \"", with: "on_hold: \"clsed").write(
            toFile: path, atomically: true, encoding: .utf8)
        let wrong = try program.run("mapping check client.json5 zendesk:export \(destination):out")
        #expect(wrong.exit == 3)
        #expect(wrong.messages.contains("client.json5:") && wrong.messages.contains("on_hold"))
        try text.replacing("// filter: {", with: "filter: {").write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try program.run("mapping check client.json5 zendesk:export \(destination):out").exit == 0)
        let plan = try program.run("plan zendesk:export \(destination):out --mapping client.json5 --json")
        #expect(plan.exit == 0 && plan.count("conversations", "create") == 24, "\(plan.messages)")
        #expect(program.files("out").isEmpty)
    }

    @Test func aDraftOverwritesNothing() throws {
        let program = try Program()
        defer { program.clear() }
        try program.write("{version: 1} // mine", to: "client.json5")
        let result = try program.run("mapping draft zendesk:export intercom:out --out client.json5")
        #expect(result.exit == 2 && result.messages.contains("--out"))
        #expect(try String(contentsOfFile: program.directory + "/client.json5", encoding: .utf8).contains("mine"))
        // In a project the commands need no arguments.
        try program.write(
            "{source: 'zendesk:export', destination: 'intercom:out', mapping: ['client.json5']}", to: "deskferry.json5")
        let check = try program.run("mapping check")
        #expect(check.exit == 0 && check.messages.contains("client.json5 is a valid mapping with 0 rules"))
        #expect(try program.run("mapping draft").output.contains("values: {"))
        let json = try program.run("mapping draft zendesk:export intercom:out --json")
        #expect((json.json["mapping"] as? String)?.contains("version: 1,") == true)
    }

    @Test func checkTellsScriptsEverything() throws {
        let program = try Program()
        defer { program.clear() }
        try program.write(
            "{version: 1,\n values: {status: {on_hold: 'pending', snoozed: 'open'}, priorty: {}},\n tag: {}}",
            to: "m.json5")
        let faults = try program.run("mapping check m.json5 --json")
        let rows = faults.json["faults"] as? [[String: Any]]
        #expect(faults.exit == 3 && rows?.count == 2)
        #expect(
            rows?.compactMap { $0["line"] as? Int } == [2, 3]
                && rows?.compactMap { $0["nearest"] as? String } == ["priority", "tags"])
        try program.write("{version: 1, values: {status: {on_hold: 'pending', snoozed: 'open'}}}", to: "m.json5")
        let held = try program.run("mapping check m.json5 zendesk:export intercom:out --json")
        let findings = held.json["findings"] as? [[String: Any]] ?? []
        #expect(held.exit == 3 && held.json["exit"] as? Int == 3)
        #expect(findings.first?["kind"] as? String == "unholdable" && findings.first?["nearest"] as? String == "open")
        #expect(
            findings.contains {
                $0["kind"] as? String == "unused" && $0["subject"] as? String == "values.status.snoozed"
            })
        #expect(findings.contains { $0["kind"] as? String == "unmapped" && $0["value"] as? String == "solved" })
        let alone = try program.run("mapping check m.json5 - intercom:out")
        #expect(alone.exit == 3 && alone.output.hasPrefix("! m.json5:1:32: Intercom cannot hold the status 'pending'"))
        // A layer on top mends it.
        try program.write("{version: 1, values: {status: {on_hold: 'open'}}}", to: "top.json5")
        #expect(try program.run("mapping check top.json5 - intercom:out --mapping m.json5").exit == 0)
    }

    @Test func aDiffSaysWhatChangedAndWhatItTouches() throws {
        let program = try Program()
        defer { program.clear() }
        try program.write("{version: 1, tags: {drop: ['spam']}}", to: "a.json5")
        try program.write("{version: 1, tags: {drop: ['spam', 'vip']}}", to: "b.json5")
        let result = try program.run("mapping diff a.json5 b.json5 zendesk:export")
        #expect(result.exit == 0)
        #expect(result.output == "+ tag 'vip' is dropped; touches 1 conversation, 1 contact\n")
        let json = try program.run("mapping diff a.json5 b.json5 zendesk:export --json").json
        #expect((json["touches"] as? [String: Int]) == ["conversations": 1, "contacts": 1])
        #expect(try program.run("mapping diff a.json5 a.json5").messages.contains("say the same"))
        #expect(try program.run("mapping diff a.json5").exit == 2)
    }

    // MARK: People

    private func rows(_ program: Program) throws -> [[String: String]] {
        let bytes = try #require(FileManager.default.contents(atPath: program.directory + "/agents.csv"))
        #expect(bytes.starts(with: [0xEF, 0xBB, 0xBF]))
        let lines = String(decoding: bytes.dropFirst(3), as: UTF8.self).split(separator: "\r\n").map { line in
            line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        return lines.dropFirst().map { Dictionary(zip(lines[0], $0), uniquingKeysWith: { a, _ in a }) }
    }

    @Test func thePeopleFileHasEvidenceAndKeepsDecisions() throws {
        let program = try Program()
        defer { program.clear() }
        #expect(try program.run("inspect zendesk:export --agents agents.csv").exit == 0)
        let dev = try #require(try rows(program).first { $0["id"] == "9001004" })
        #expect(dev["name"] == "Dev Patel (left)" && dev["active"] == "no" && dev["messages"] == "1")
        #expect(dev["last_seen"] == "2024-02-08" && dev["suggestion"] == "placeholder" && dev["target"] == "")
        // Filled in, as a spreadsheet saves it; a newer export renews the evidence and leaves the decisions.
        let path = program.directory + "/agents.csv"
        let filled = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\r\n").map { line in
            line.hasPrefix("9001001,") ? line.dropLast(4) + ",501,map,2020-01-01," : line
        }
        let saved = filled.joined(separator: "\r\n").replacing(",", with: ";")
        try saved.write(toFile: path, atomically: true, encoding: .utf8)
        try program.dropLaterSnapshot()
        #expect(try program.run("inspect zendesk:export --agents agents.csv").exit == 0)
        let ana = try #require(try rows(program).first { $0["id"] == "9001001" })
        #expect(ana["target"] == "501" && ana["action"] == "map" && ana["valid_from"]?.hasPrefix("2020-01-01") == true)
    }

    @Test(arguments: ["neutral", "intercom"])
    func aCorrectedPeopleFileMendsAuthorsWithTheNextSync(_ destination: String) throws {
        let program = try Program()
        defer { program.clear() }
        try program.write("{version: 1, agents: {file: 'agents.csv'}}", to: "m.json5")
        try program.write("id,target\n9001001,501\n9001002,502\n", to: "agents.csv")
        let line = "zendesk:export \(destination):out --mapping m.json5 --json"
        #expect(try program.run("migrate " + line).exit == 0)
        #expect(try program.run("sync " + line).json["verdict"] as? String != nil)
        #expect(program.files("out/delta-0001").isEmpty)
        try program.write("id;target\r\n9001001;501\r\n9001002;777\r\n", to: "agents.csv")
        let sync = try program.run("sync " + line)
        #expect(sync.exit == 0)
        // Ben wrote in six conversations and follows a seventh; those are written again, and nothing else.
        #expect(sync.count("conversations", "update") == 7, "\(sync.output)")
        #expect(sync.count("conversations", "create") == 0)
        #expect(sync.output.contains("mapping/changed") && sync.output.contains("authors too: 7 conversations"))
        let delta = program.files("out/delta-0001").values.map { String(decoding: $0, as: UTF8.self) }.joined()
        // Ben's former record stays behind in the first set; everybody else is as it should be.
        let verify = try program.run("verify " + line)
        #expect(verify.count("conversations", "identical") == 24 && verify.count("agents", "missing") == 0)
        #expect(delta.contains("777") && !delta.contains("\"502\"") && !delta.contains(":502"))
        #expect(try program.run("sync " + line).count("conversations", "update") == 0)
    }

    @Test func agentsWhoShareATargetAreOneAgentThere() throws {
        let program = try Program()
        defer { program.clear() }
        // Two go to somebody new, one to a colleague whose own record goes along.
        try program.write(
            "{version: 1, agents: {match: [{from: 9001001, to: 501}, {from: 9001002, to: 501}, {from: 9001004, to: 9001003}]}}",
            to: "m.json5")
        let line = "zendesk:export neutral:out --mapping m.json5 --json"
        let migrate = try program.run("migrate " + line)
        #expect(migrate.exit == 0 && migrate.count("agents", "create") == 2 && migrate.count("agents", "skip") == 2)
        let agents = try String(contentsOfFile: program.directory + "/out/agents.jsonl", encoding: .utf8)
        #expect(agents.split(separator: "\n").count == 2)
        #expect(agents.contains("Cara") && !agents.contains("Dev Patel"))
        let verify = try program.run("verify " + line)
        #expect(verify.exit == 0, "\(verify.messages)")
        #expect(verify.count("agents", "identical") == 2 && verify.count("agents", "extra") == 0)
    }
}
