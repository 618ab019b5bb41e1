import Foundation
import Testing

/// Exit codes and messages that scripts and people rely on.
@Suite struct ExitCodeTests {
    @Test(arguments: [
        ("convert zendesk:export", 2, "DESTINATION"),
        ("convert zendesk:export intercom:out --mappin x", 2, "--mapping"),
        ("convrt zendesk:export intercom:out", 2, "convert"),
        ("convert zendsk:export intercom:out", 2, "zendesk"),
        ("convert export intercom:out", 2, "CONNECTOR:PATH"),
        ("convert zendesk:export intercom:out --mapping none.json5", 3, "none.json5"),
        ("convert zendesk:missing intercom:out", 6, "missing"),
        ("convert intercom:export/tickets.jsonl neutral:out", 6, "holds no file"),
        ("convert zendesk:export intercom:export", 7, "already holds"),
        ("migrate zendesk:export intercom:export", 7, "already holds"),
    ])
    func wrongLinesEndWithTheirCodeAndSayWhatToDo(_ line: String, _ exit: Int, _ word: String) throws {
        let program = try Program()
        defer { program.clear() }
        let result = try program.run(line)
        #expect(result.exit == Int32(exit), "\(line): \(result.messages)")
        #expect(result.messages.contains(word), "\(line): \(result.messages)")
        #expect(result.output.isEmpty)
    }

    @Test func unreadableRecordsGoToQuarantineAndTheRestGoesOn() throws {
        let program = try Program()
        defer { program.clear() }
        let path = program.directory + "/export/tickets.jsonl"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try ("{\"id\":1,\"subject\":\"cut\n" + text + "{\"id\":2,\"subject\":\"x\",\"status\":\"open\",\"tags\":{}}\n")
            .write(toFile: path, atomically: true, encoding: .utf8)
        let result = try program.run("migrate zendesk:export intercom:out --json")
        #expect(result.exit == 4)
        #expect(result.count("conversations", "quarantined") == 2)
        #expect(result.count("conversations", "create") == 24)
        #expect(result.count("conversations", "read") == 26)
        let places = (result.json["quarantine"] as? [[String: Any]])?.compactMap { $0["line"] as? Int }
        #expect(places == [1, 26])
        let listed = try program.run("quarantine")
        #expect(listed.output.contains("tickets.jsonl:26"))
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try program.run("sync zendesk:export intercom:out").exit == 0)
        #expect(try program.run("quarantine").output.isEmpty)
    }

    @Test func aSourceThatStopsShortIsIncomplete() throws {
        let program = try Program()
        defer { program.clear() }
        try program.write(
            "{\"tickets\":[{\"id\":1,\"status\":\"open\",\"subject\":\"x\",\"tags\":[]}],\"next_page\":\"https://acme.example/2\"}",
            to: "pages/tickets.json")
        let result = try program.run("convert zendesk:pages intercom:out --json")
        #expect(result.exit == 5)
        let incomplete = result.json["incomplete"] as? [[String: String]]
        #expect(incomplete?.count == 2)
        #expect(incomplete?.allSatisfy { !($0["remedy"] ?? "").isEmpty } == true)
    }

    @Test func jsonHasTheShapeOfTheContract() throws {
        let program = try Program()
        defer { program.clear() }
        let result = try program.run("migrate zendesk:export intercom:out --json")
        for key in [
            "command", "verdict", "exit", "run", "counts", "losses", "quarantine", "incomplete", "bytes_read",
            "seconds",
        ] {
            #expect(result.json[key] != nil, "\(key)")
        }
        let loss = (result.json["losses"] as? [[String: Any]])?.first
        for key in ["entity", "field", "class", "count", "examples"] { #expect(loss?[key] != nil, "\(key)") }
        #expect(result.messages.hasSuffix("wrote 60 new records\n"))
    }

    @Test func anotherRunsLockIsRespected() throws {
        let program = try Program()
        defer { program.clear() }
        #expect(try program.run("migrate zendesk:export intercom:out").exit == 0)
        let holder = Process()
        holder.executableURL = URL(filePath: Program.executable)
        holder.arguments = ["sync", "zendesk:export", "intercom:out", "--every", "1h", "--quiet"]
        holder.currentDirectoryURL = URL(filePath: program.directory)
        holder.standardOutput = FileHandle.nullDevice
        holder.standardError = FileHandle.nullDevice
        try holder.run()
        defer {
            holder.terminate()
            holder.waitUntilExit()
        }
        // Between its turns a scheduled run holds nothing, so that others can work.
        #expect([0, 10].contains(try program.run("sync zendesk:export intercom:out").exit))
    }

    @Test func aLocationWithoutAConnectorIsProposedWithItsReasonOrUndecided() throws {
        let program = try Program()
        defer { program.clear() }
        let known = try program.run("inspect export")
        #expect(known.exit == 0)
        #expect(known.messages.contains("this looks like Zendesk Support: "))
        #expect(known.messages.contains("the records have the keys Zendesk Support gives ("))
        #expect(known.messages.contains("its location is zendesk:export\n"))
        try program.write("{\"results\":[]}", to: "nothing/tickets.json")
        for line in ["inspect nothing", "init nothing intercom:out --no-input"] {
            let open = try program.run(line)
            #expect(open.exit == 6, "\(line)")
            for word in ["no record is to be seen", "zendesk:nothing", "hubspot:nothing", "name the connector"] {
                #expect(open.messages.contains(word), "\(line): \(open.messages)")
            }
        }
    }

    @Test func helpIsGivenForEveryCommand() throws {
        let program = try Program()
        defer { program.clear() }
        let commands = [
            "connectors", "inspect", "convert", "plan", "migrate", "sync", "verify", "status", "quarantine",
            "mapping check",
        ]
        let overview = try program.run("--help").output
        for command in commands {
            #expect(overview.contains(command))
            let help = try program.run(command + " --help")
            #expect(help.exit == 0 && help.output.contains("Example"), "\(command)")
        }
    }
}
