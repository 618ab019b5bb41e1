import Foundation
import Testing

@testable import ConsoleKit

@Suite struct CompletionTests {
    @Test(arguments: ["bash", "zsh", "fish"])
    func scriptsKnowEveryCommandAndOption(shell: String) throws {
        let script = try #require(try Sample.show("completion \(shell)"))
        for option in Sample.tree.allOptions {
            #expect(script.contains(shell == "fish" ? "-l \(option.name.dropFirst(2))" : option.name), "\(option.name)")
        }
        for word in ["inspect", "migrate", "mapping", "check", "draft", "status", "help", "completion", "zendesk"] {
            #expect(script.contains(word), "\(word)")
        }
    }

    /// Asks bash itself what it would offer.
    @Test(arguments: [
        ("deskferry ", ["completion", "help", "inspect", "mapping", "migrate", "status"]),
        ("deskferry m", ["mapping", "migrate"]),
        ("deskferry --json in", ["inspect"]),
        ("deskferry --state x in", ["inspect"]),
        ("deskferry mapping ", ["check", "draft"]),
        ("deskferry mapping check --s", ["--share", "--state"]),
        ("deskferry inspect --l", ["--limit"]),
        ("deskferry status --l", []),
        ("deskferry inspect --only ", ["contacts", "conversations"]),
        ("deskferry inspect --only=con", ["contacts", "conversations"]),
        ("deskferry inspect zen", ["zendesk:"]),
        ("deskferry inspect zendesk:b", ["bundle.json"]),
        ("deskferry inspect --limit 5 ", ["intercom:", "zendesk:"]),
        ("deskferry inspect zendesk:a ", []),
        ("deskferry migrate zendesk:a i", ["intercom:"]),
        ("deskferry mapping check x b", ["bundle.json"]),
        ("deskferry inspect zendesk:a --state b", ["bundle.json"]),
        ("deskferry completion z", ["zsh"]),
        ("deskferry help st", ["status"]),
    ])
    func bashOffersWhatFits(line: String, offers: [String]) throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "completion-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try Data().write(to: directory.appending(path: "bundle.json"))
        let script = try #require(try Sample.show("completion bash"))
        let ask = """
            COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:'
            COMP_LINE='\(line)'; COMP_POINT=${#COMP_LINE}
            _deskferry
            [ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\\n' "${COMPREPLY[@]}"
            """
        let bash = Process()
        bash.executableURL = URL(filePath: "/bin/bash")
        bash.arguments = ["--norc", "-c", script + "\n" + ask]
        bash.currentDirectoryURL = directory
        let output = Pipe()
        bash.standardOutput = output
        bash.standardError = output
        try bash.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        bash.waitUntilExit()
        #expect(text.split(separator: "\n").map(String.init).sorted() == offers)
    }
}
