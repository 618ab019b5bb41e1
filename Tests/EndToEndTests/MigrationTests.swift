import Foundation
import Testing

/// A whole migration as a consultant runs it.
@Suite struct MigrationTests {
    @Test func planSaysWhatMigrateDoesAndWritesNothing() throws {
        let program = try Program()
        defer { program.clear() }
        let plan = try program.run("plan zendesk:export intercom:out --json")
        #expect(plan.exit == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: program.directory) == ["export"])
        let migrate = try program.run("migrate zendesk:export intercom:out --json")
        #expect(migrate.exit == 0)
        for entity in ["conversations", "contacts", "agents", "teams", "companies", "fields"] {
            #expect(plan.count(entity, "create") == migrate.count(entity, "create"))
            #expect(plan.count(entity, "create") > 0)
        }
        #expect(try program.run("plan zendesk:export intercom:out --detailed-exitcode").exit == 0)
    }

    @Test func aDeltaHoldsOnlyWhatChanged() throws {
        let program = try Program()
        defer { program.clear() }
        #expect(try program.run("migrate zendesk:export intercom:out").exit == 0)
        let first = program.files("out")
        let nothing = try program.run("sync zendesk:export intercom:out --json")
        #expect(nothing.exit == 0 && program.files("out") == first)
        try program.dropLaterSnapshot()
        #expect(try program.run("plan zendesk:export intercom:out --detailed-exitcode").exit == 20)
        let sync = try program.run("sync zendesk:export intercom:out --json")
        #expect(sync.count("conversations", "append") == 3)
        #expect(sync.count("conversations", "update") == 1)
        #expect(sync.count("conversations", "create") == 1)
        #expect(sync.count("contacts", "create") == 1)
        let after = program.files("out")
        for (name, bytes) in first { #expect(after[name] == bytes, "\(name) was touched") }
        let delta = String(decoding: after["delta-0001/conversations.jsonl"] ?? Data(), as: UTF8.self)
        #expect(delta.split(separator: "\n").count == 5)
        let verify = try program.run("verify zendesk:export intercom:out --json")
        #expect(verify.exit == 0)
        #expect(verify.count("conversations", "identical") == 25)
        let bundle = try program.run("convert intercom:out neutral:bundle --json")
        #expect(bundle.count("conversations", "create") == 25, "deltas replace what they repeat")
    }

    @Test func whatVanishedIsCounted() throws {
        let program = try Program()
        defer { program.clear() }
        _ = try program.run("migrate zendesk:export intercom:out")
        let path = program.directory + "/export/tickets.jsonl"
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        try lines.dropFirst(2).joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
        let sync = try program.run("sync zendesk:export intercom:out --json")
        #expect(sync.count("conversations", "vanished") == 2)
        #expect(try program.run("sync zendesk:export intercom:out --json").count("conversations", "vanished") == 0)
        #expect(try program.run("verify zendesk:export intercom:out").exit == 0)
    }

    /// Sources whose people have no records of their own, to destinations that keep people apart, inside, or both.
    @Test(arguments: [
        ("zendesk-chat", "ZendeskChat", "zendesk"), ("zendesk-chat", "ZendeskChat", "servicenow"),
        ("livechat", "Livechat", "zendesk"), ("livechat", "Livechat", "hubspot"), ("intercom", "Intercom", "kustomer"),
        ("intercom", "Intercom", "zendesk-chat"), ("servicenow", "ServiceNow", "hubspot"),
    ])
    func peopleWithoutRecordsVerify(_ source: String, _ folder: String, _ destination: String) throws {
        let program = try Program()
        defer { program.clear() }
        let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Connectors/\(folder)/Fixtures/kinds").path
        _ = try program.run("migrate \(source):\(fixture) \(destination):out")
        let verify = try program.run("verify \(source):\(fixture) \(destination):out --json")
        #expect(verify.exit == 0 || verify.exit == 5, "\(verify.exit)")
        #expect(verify.count("conversations", "identical") > 1)
        #expect(verify.count("conversations", "different") == 0 && verify.count("contacts", "different") == 0)
    }

    @Test func verifyFindsWhatSomebodyChanged() throws {
        let program = try Program()
        defer { program.clear() }
        _ = try program.run("migrate zendesk:export intercom:out")
        let path = program.directory + "/out/conversations.jsonl"
        var lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
        lines.removeLast()
        lines[0] = lines[0].replacing("\"state\":\"open\"", with: "\"state\":\"closed\"")
            .replacing("\"state\":\"closed\"", with: "\"state\":\"open\"", maxReplacements: 1)
        lines[1] = lines[1].replacing("conversation_part\"", with: "x\"").replacing(
            "</p>", with: "!</p>", maxReplacements: 1)
        try (lines.joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
        let verify = try program.run("verify zendesk:export intercom:out --json")
        #expect(verify.exit == 8)
        #expect(verify.count("conversations", "missing") == 1)
        #expect(verify.count("conversations", "different") >= 1)
    }

    @Test func thereAndBackGivesTheSameExport() throws {
        let program = try Program()
        defer { program.clear() }
        #expect(try program.run("convert zendesk:export neutral:bundle").exit == 0)
        #expect(try program.run("convert neutral:bundle zendesk:back").exit == 0)
        for name in ["tickets", "users", "organizations", "groups"] {
            func records(_ folder: String) throws -> [NSDictionary] {
                try String(contentsOfFile: "\(program.directory)/\(folder)/\(name).jsonl", encoding: .utf8)
                    .split(separator: "\n").compactMap {
                        try JSONSerialization.jsonObject(with: Data($0.utf8)) as? NSDictionary
                    }
            }
            #expect(try records("back") == records("export"), "\(name)")
        }
    }

    @Test(arguments: ["o", "a/b", "./c"])
    func aDestinationMayHaveAnyName(_ name: String) throws {
        let program = try Program()
        defer { program.clear() }
        try FileManager.default.createDirectory(atPath: program.directory + "/a", withIntermediateDirectories: true)
        #expect(try program.run("convert zendesk:export neutral:\(name)").exit == 0)
        #expect(program.files(name)["conversations.jsonl"] != nil)
    }

    @Test func aStalePlanIsRefused() throws {
        let program = try Program()
        defer { program.clear() }
        #expect(try program.run("plan zendesk:export intercom:out --out cutover.plan").exit == 0)
        try program.dropLaterSnapshot()
        let stale = try program.run("migrate zendesk:export intercom:out --plan cutover.plan")
        #expect(stale.exit == 9)
        #expect(program.files("out").isEmpty)
        #expect(try program.run("plan zendesk:export intercom:out --out cutover.plan").exit == 0)
        #expect(try program.run("migrate zendesk:export intercom:out --plan cutover.plan").exit == 0)
    }

    @Test func compressedExportsAreReadTransparently() throws {
        let program = try Program()
        defer { program.clear() }
        _ = try program.run("convert zendesk:export neutral:plain")
        let gzip = Process()
        gzip.executableURL = URL(filePath: "/usr/bin/env")
        gzip.arguments = ["gzip", program.directory + "/export/tickets.jsonl"]
        try gzip.run()
        gzip.waitUntilExit()
        #expect(try program.run("convert zendesk:export neutral:packed").exit == 0)
        #expect(program.files("plain")["conversations.jsonl"] == program.files("packed")["conversations.jsonl"])
    }

    /// What was written is what was to be written, for every platform and in a delta too.
    @Test(arguments: [
        "freshchat", "hubspot", "hubspot-import", "intercom", "kustomer", "livechat", "neutral", "servicenow",
        "zendesk",
        "zendesk-chat",
    ])
    func everyDestinationReadsBackAsItWasWritten(_ destination: String) throws {
        let program = try Program()
        defer { program.clear() }
        let places = "zendesk:export \(destination):out"
        #expect(try program.run("migrate \(places)").exit == 0)
        let first = try program.run("verify \(places)")
        #expect(first.exit == 0, "\(first.output)")
        try program.dropLaterSnapshot()
        #expect(try program.run("sync \(places)").exit == 0)
        let second = try program.run("verify \(places)")
        #expect(second.exit == 0, "\(second.output)")
        #expect(program.files("out").keys.contains { $0.hasPrefix("delta-0001/") })
    }
}
