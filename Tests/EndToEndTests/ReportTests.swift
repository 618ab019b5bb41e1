import Foundation
import Testing

/// Reports, limits, status and the first steps, as a consultant meets them.
@Suite struct ReportTests {
    private func report(_ program: Program, _ name: String) throws -> [String: Any] {
        let data = FileManager.default.contents(atPath: program.directory + "/r/\(name).json") ?? Data()
        return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    }

    /// Rows of a table of a report.
    private func rows(_ report: [String: Any], _ table: String) -> [[String: Any]] {
        for section in report["sections"] as? [[String: Any]] ?? [] {
            for block in section["content"] as? [[String: Any]] ?? [] where block["table"] as? String == table {
                return block["rows"] as? [[String: Any]] ?? []
            }
        }
        return []
    }

    @Test func thePlansReportTerminalAndJSONSayTheSame() throws {
        let program = try Program()
        defer { program.clear() }
        let json = try program.run("plan zendesk:export intercom:out --report r --json")
        #expect(json.exit == 0)
        let names = Set(try FileManager.default.contentsOfDirectory(atPath: program.directory + "/r"))
        #expect(
            names == [
                "plan.html", "plan.json", "plan.csv", "changes.jsonl", "changes.csv", "acceptance.csv",
            ])
        let text = try program.run("plan zendesk:export intercom:out").output
        let report = try report(program, "plan")
        #expect(rows(report, "counts").count == 6)
        for row in rows(report, "counts") {
            let kind = try #require(row["key"] as? String)
            for measure in ["read", "create", "update", "append", "skip", "quarantined"] {
                #expect(row[measure] as? Int == json.count(kind, measure), "\(kind) \(measure)")
            }
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(kind) })
            let figures = line.split(separator: " ").dropFirst().map { $0 == "-" ? 0 : Int($0) }
            #expect(
                figures
                    == ["read", "create", "update", "append", "skip", "vanished", "quarantined"].map { row[$0] as? Int }
            )
        }
        #expect(!FileManager.default.fileExists(atPath: program.directory + "/out"), "a plan writes nothing else")
        #expect(try program.run("plan zendesk:export intercom:out --report r --language es").exit == 0)
        #expect(try self.report(program, "plan")["language"] as? String == "es")
        #expect(try program.run("plan zendesk:export intercom:out --language de").exit == 2)
    }

    @Test func runsTellTheirHistoryAndWhatTheNextDeltaTakes() throws {
        let program = try Program()
        defer { program.clear() }
        #expect(try program.run("migrate zendesk:export intercom:out --report r").exit == 0)
        #expect(rows(try report(program, "migrate"), "history").map { $0["command"] as? String } == ["Full run"])
        try program.dropLaterSnapshot()
        #expect(try program.run("sync zendesk:export intercom:out --report r").exit == 0)
        #expect(try program.run("sync zendesk:export intercom:out --report r").exit == 0)
        let sync = try report(program, "sync")
        let history = rows(sync, "history")
        #expect(history.map { $0["command"] as? String } == ["Delta", "Delta", "Full run"])
        #expect(history.map { $0["written"] as? Int } == [0, 6, 60])
        let page = try String(contentsOfFile: program.directory + "/r/sync.html", encoding: .utf8)
        #expect(page.contains("Expected: about"))
        let changes = try String(contentsOfFile: program.directory + "/r/migrate-changes.jsonl", encoding: .utf8)
        #expect(changes.split(separator: "\n").count == 60)
    }

    @Test func statusSaysWhereItStandsAndWhatComesNext() throws {
        let program = try Program()
        defer { program.clear() }
        func status() throws -> (stage: String, next: String) {
            let result = try program.run("status --json")
            let first = (try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])?.first
            return (first?["stage"] as? String ?? "", first?["next"] as? String ?? "")
        }
        #expect(try program.run("status").messages.contains("deskferry init"))
        _ = try program.run("migrate zendesk:export intercom:out")
        #expect(try status().stage == "unverified")
        #expect(try status().next.hasPrefix("deskferry verify zendesk:export intercom:out"))
        _ = try program.run("verify zendesk:export intercom:out")
        #expect(try status().stage == "verified")
        try program.dropLaterSnapshot()
        _ = try program.run("sync zendesk:export intercom:out")
        #expect(try status().stage == "unverified", "what was verified before the delta is not verified now")
        try FileManager.default.removeItem(atPath: program.directory + "/out/delta-0001/conversations.jsonl")
        #expect(try program.run("verify zendesk:export intercom:out").exit == 8)
        #expect(try status().stage == "differs")
        #expect(try program.run("status").output.contains("differences were found"))
    }

    @Test func recordsThatCannotBeReadAreNoDifference() throws {
        let program = try Program()
        defer { program.clear() }
        let path = "export/tickets.jsonl"
        let text = try String(contentsOfFile: program.directory + "/" + path, encoding: .utf8)
        try program.write(text + "{\"id\":1,\"subject\":[}\n", to: path)
        #expect(try program.run("migrate zendesk:export intercom:out").exit == 4)
        #expect(try program.run("verify zendesk:export intercom:out --report r").exit == 4)
        let status = try program.run("status").output
        #expect(status.contains("verified: nothing differs") && status.contains("1 record in quarantine"))
        #expect(try report(program, "verify")["tone"] as? String == "warn", "well, but not all of it was read")
        let history = rows(try report(program, "verify"), "history")
        #expect(history.last?["result"] as? String == "Done, something is left")
    }

    @Test func verificationNamesEachFieldThatDiffers() throws {
        let program = try Program()
        defer { program.clear() }
        _ = try program.run("migrate zendesk:export intercom:out")
        let path = program.directory + "/out/conversations.jsonl"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let changed = text.replacing("\"state\":\"open\"", with: "\"state\":\"closed\"", maxReplacements: 1)
            .replacing("Courier lost the scan", with: "Courier found the scan", maxReplacements: 1)
        try changed.write(toFile: path, atomically: true, encoding: .utf8)
        let verify = try program.run("verify zendesk:export intercom:out --report r")
        #expect(verify.exit == 8)
        #expect(verify.output.contains("* conversation 4001"))
        let found = rows(try report(program, "verify"), "differences")
        #expect(found.contains { $0["expected"] as? String == "Open" && $0["found"] as? String == "Closed" })
        let note = try #require(found.first { ($0["found"] as? String)?.contains("Courier found") == true })
        #expect(note["expected"] as? String != nil && (note["field"] as? String)?.hasPrefix("Entry 2") == true)
    }

    @Test func wrongInputSaysWhatToDo() throws {
        let program = try Program()
        defer { program.clear() }
        let missing = try program.run("plan zendesk:exprot intercom:out")
        #expect(missing.exit == 6 && missing.messages.contains("check the path"))
        let early = try program.run("verify zendesk:export intercom:out")
        #expect(early.exit == 7 && early.messages.contains("run 'deskferry migrate' first"))
        try program.write("", to: "file")
        let folder = try program.run("plan zendesk:export intercom:out --report file")
        #expect(folder.exit == 1 && folder.messages.contains("--report"))
        let option = try program.run("plan zendesk:export intercom:out --repport r")
        #expect(option.exit == 2 && option.messages.contains("did you mean '--report'"))
        _ = try program.run("plan zendesk:export intercom:out --report r")
        let again = try program.run("plan zendesk:export intercom:out --report r")
        #expect(again.exit == 0 && again.messages.contains("in place of the one made 20"))
        #expect(!again.output.contains("\u{1B}"), "no colour where there is no terminal")
    }

    @Test func agreedLimitsDecideWhetherAVerificationPasses() throws {
        let program = try Program()
        defer { program.clear() }
        _ = try program.run("migrate zendesk:export intercom:out")
        let path = program.directory + "/out/conversations.jsonl"
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        try (lines.dropLast().joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
        let line = "verify zendesk:export intercom:out --report r --thresholds agreed.json5"
        func verify(_ limits: String) throws -> (exit: Int32, messages: String) {
            try program.write(limits, to: "agreed.json5")
            let result = try program.run(line)
            return (result.exit, result.messages)
        }
        #expect(try program.run("verify zendesk:export intercom:out").exit == 8)
        #expect(try verify("{ version: 1, agreed: \"Ana\", conversations: { missing: 1 } }").exit == 0)
        #expect(try verify("{ conversations: { missing: 0 } }").exit == 8)
        #expect(try verify("{ conversations: { identical: \"95%\" } }").exit == 0)
        #expect(try verify("{ conversations: { identical: \"96%\" } }").exit == 8)
        #expect(try verify("{ contacts: { missing: 5 } }").exit == 8, "what no limit covers is held to none")
        let results = rows(try report(program, "verify"), "limits")
        #expect(results.map { $0["key"] as? String } == ["contacts.missing", "conversations.missing"])
        #expect(results.map { $0["result"] as? String } == ["Pass", "Fail"])
        let history = rows(try report(program, "verify"), "history")
        #expect(
            history.first?["result"] as? String == "Differences found", "a run that came to its end may have failed")
        let fault = try verify("{\n  conversations: { mising: 0 },\n}")
        #expect(fault.exit == 3)
        #expect(fault.messages.contains("agreed.json5:2:20") && fault.messages.contains("did you mean 'missing'"))
        #expect(try verify("{ conversations: { missing: \"1.5\" } }").exit == 3)
    }

    @Test func anInventoryIsAPageToo() throws {
        let program = try Program()
        defer { program.clear() }
        let inspect = try program.run("inspect zendesk:export --report r --json")
        #expect(inspect.exit == 0)
        let report = try report(program, "inspect")
        let files = rows(report, "source_files")
        #expect(files.count == 5)
        #expect(files.allSatisfy { ($0["sha256"] as? String)?.count == 64 })
        #expect(
            rows(report, "fill").contains { $0["key"] as? String == "conversation.status" && $0["count"] as? Int == 24 }
        )
        #expect(rows(report, "quality").count == 7)
    }

    @Test func initLeadsToAPlanWithoutFurtherArguments() throws {
        let program = try Program()
        defer { program.clear() }
        #expect(try program.run("init").exit == 2, "nobody is there to answer")
        let line = "init export intercom:out --mapping client.json5 --no-input"
        let made = try program.run(line)
        #expect(made.exit == 0)
        #expect(made.messages.contains("deskferry plan --report report/"))
        #expect(FileManager.default.fileExists(atPath: program.directory + "/client.json5"))
        #expect(try program.run("mapping check client.json5").exit == 0)
        let plan = try program.run("plan --json")
        #expect(plan.exit == 0 && plan.count("conversations", "create") == 24)
        let again = try program.run(line)
        #expect(again.exit == 2 && again.messages.contains("is there already"))
    }
}
