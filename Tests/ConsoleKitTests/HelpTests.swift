import ConsoleKit
import Diagnostics
import Testing

@Suite struct HelpTests {
    static let inspect = """
        deskferry inspect - counts what a source holds

        Examples:
          deskferry inspect zendesk:export/
              inventory of a directory of exported files
          deskferry inspect intercom:a.json --json
              the same for scripts

        Usage: deskferry inspect SOURCE [options]

        Reads the source once and writes nothing, so it is the first thing to do with an
        export.

        Arguments:
          SOURCE  where to read from

        Options:
              --limit N      stop after N conversations
              --only ENTITY  only this kind of record (one of contacts, conversations)
              --every TIME   run again after this time
              --since TIME   only what changed since

        Exit codes:
          0  done and whole
          2  the command line is wrong
          6  the source cannot be read or refuses

        Common options:
          -s, --state FILE  the ledger, which remembers what was done so that runs can
                            be repeated (default .deskferry/state.sqlite)
              --share PART  part of the rate limit to use (default 0.5)
              --json        print one JSON object on stdout
          -q, --quiet       no progress
          -h, --help        show help and end

        """

    @Test(arguments: [
        "inspect --help", "help inspect", "--help inspect", "inspect a b c -h", "inspect --bogus --help",
        "help inspect --json",
    ])
    func helpLeadsWithExamplesAndEndsWithCommonOptions(line: String) throws {
        #expect(try Sample.show(line) == Self.inspect)
    }

    @Test func bareProgramPrintsTheOverview() throws {
        #expect(
            try Sample.show("") == """
                deskferry - moves helpdesk conversations

                Examples:
                  deskferry inspect zendesk:export/
                      count what an export holds

                Commands:
                  inspect        counts what a source holds
                  migrate        runs a migration or resumes one
                  mapping check  finds faults of a mapping
                  mapping draft  writes a first mapping
                  status         shows what the ledger knows

                'deskferry help COMMAND' explains a command, 'deskferry --help' shows more.

                More: docs/

                """)
    }

    @Test func fullHelpListsExitCodesAndBuiltInCommands() throws {
        let text = try #require(try Sample.show("--help"))
        #expect(text == (try Sample.show("help")))
        #expect(text.contains("\n  130  interrupted; the same command resumes\n"))
        #expect(text.contains("\n  completion     print a completion script for a shell\n"))
        #expect(text.contains("\n      --version     show the version and end\n"))
    }

    @Test func aGroupListsItsCommands() throws {
        let text = try #require(try Sample.show("mapping --help"))
        #expect(text == (try Sample.show("help mapping")))
        #expect(text.contains("mapping check  finds faults"))
        #expect(!text.contains("inspect"))
    }

    @Test(arguments: [20, 50, 60, 80, 100, 300])
    func onlyExamplesMayBeWiderThanTheTerminal(width: Int) throws {
        for command in [""] + Sample.tree.commands.map(\.name) + ["help", "completion"] {
            let text = try #require(Sample.tree.helpText(for: command, width: width))
            for line in text.split(separator: "\n") where !line.hasPrefix("  deskferry") {
                #expect(DisplayText.width(line) <= min(max(width, 50), 100), "\(line)")
                #expect(line.last != " ", "\(line)")
            }
        }
    }

    @Test func showsTheVersion() throws {
        #expect(try Sample.show("--version") == "deskferry 1.2.3\n")
    }

    @Test func everyOptionAndArgumentIsInTheHelpOfItsCommand() throws {
        for command in Sample.tree.commands {
            let text = try #require(Sample.tree.helpText(for: command.name))
            for option in command.options + Sample.tree.commonOptions { #expect(text.contains(option.name)) }
            for argument in command.arguments { #expect(text.contains(argument.name)) }
            for exit in command.exits { #expect(text.contains(exit.meaning)) }
        }
    }
}
