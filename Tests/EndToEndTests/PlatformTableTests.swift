import Foundation
import Testing

/// The table of platforms in README is what the program prints of its connectors.
@Suite struct PlatformTableTests {
    @Test func readmeHasTheTableThatTheProgramPrints() throws {
        let program = try Program()
        defer { program.clear() }
        let printed = try program.run("connectors --markdown").output
        #expect(printed.split(separator: "\n").count > 8)
        let readme = URL(filePath: Program.demo).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "README.md")
        #expect(try String(contentsOf: readme, encoding: .utf8).contains(printed), "paste the output of the program")
    }
}
