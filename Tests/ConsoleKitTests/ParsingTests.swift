import ConsoleKit
import Diagnostics
import Testing

@Suite struct ParsingTests {
    @Test func readsTypedValues() throws {
        let (name, parsed) = try Sample.run(
            "inspect zendesk:a --limit 20 --only=contacts --every 1h30m --since 2026-03-31T18:00+02:00 -q --share 25%")
        #expect(name == "inspect")
        #expect(parsed.arguments == ["zendesk:a"])
        #expect(parsed[Sample.limit] == 20)
        #expect(parsed[Sample.only] == .contacts)
        #expect(parsed[Sample.every] == .seconds(5400))
        #expect(parsed[Sample.since]?.text == "2026-03-31T16:00:00Z")
        #expect(parsed[Sample.quiet])
        #expect(parsed[Sample.share] == 0.25)
        #expect(!parsed[Sample.json])
    }

    @Test func givesDefaultsForWhatIsAbsent() throws {
        let (_, parsed) = try Sample.run("migrate zendesk:a")
        #expect(parsed[Sample.limit] == nil)
        #expect(parsed[Sample.state] == ".deskferry/state.sqlite")
        #expect(parsed[Sample.mapping] == [])
        #expect(!parsed.isGiven(Sample.state))
        #expect(parsed.argument(0) == "zendesk:a")
        #expect(parsed.argument(1) == nil)
    }

    @Test func keepsTheOrderOfARepeatedOption() throws {
        let (_, parsed) = try Sample.run("migrate --mapping b a: --mapping=a c:")
        #expect(parsed[Sample.mapping] == ["b", "a"])
        #expect(parsed.arguments == ["a:", "c:"])
    }

    @Test(arguments: [
        "inspect zendesk:a --state x", "inspect --state x zendesk:a", "--state x inspect zendesk:a",
        "--state=x inspect zendesk:a", "-s x inspect -- zendesk:a", "inspect -s=x -- zendesk:a",
    ])
    func optionsMayStandAnywhere(line: String) throws {
        let (name, parsed) = try Sample.run(line)
        #expect(name == "inspect")
        #expect(parsed.arguments == ["zendesk:a"])
        #expect(parsed[Sample.state] == "x")
    }

    @Test func twoDashesEndOptions() throws {
        let (_, parsed) = try Sample.run("inspect -- --help")
        #expect(parsed.arguments == ["--help"])
    }

    @Test func aLoneDashIsAnArgument() throws {
        #expect(try Sample.run("inspect -").1.arguments == ["-"])
        #expect(try Sample.run("inspect - --state -").1[Sample.state] == "-")
    }

    @Test func findsCommandsOfAGroup() throws {
        #expect(try Sample.run("mapping --json check a b").0 == "mapping check")
        #expect(try Sample.run("mapping --json check a b").1.arguments == ["a", "b"])
    }

    /// Every message a command line can cause, word for word.
    @Test(arguments: [
        ("inspct a", "unknown command 'inspct'; did you mean 'inspect'?"),
        ("frobnicate", "unknown command 'frobnicate'; 'deskferry help' lists the commands"),
        ("mapping chek", "unknown command 'mapping chek'; did you mean 'mapping check'?"),
        ("mapping frobnicate", "unknown command 'mapping frobnicate'; 'deskferry help mapping' lists the commands"),
        ("mapping", "'mapping' is a group of commands; write one of 'mapping check', 'mapping draft'"),
        ("--json", "no command is given; 'deskferry help' lists the commands"),
        ("help frobnicate", "unknown command 'frobnicate'; 'deskferry help' lists the commands"),
        ("migrate a --dryrun", "unknown option '--dryrun'; did you mean '--dry-run'?"),
        ("status -json", "unknown option '-json'; did you mean '--json'?"),
        ("--dryrun migrate a", "unknown option '--dryrun'; did you mean '--dry-run'?"),
        ("status --frobnicate", "unknown option '--frobnicate'; 'deskferry help status' lists the options"),
        (
            "inspect a --dry-run",
            """
            'inspect' has no option '--dry-run'; it belongs to 'migrate'
            usage: deskferry inspect SOURCE [options]
            example: deskferry inspect zendesk:export/
            """
        ),
        ("status --state", "option '--state' has no value; write '--state FILE'"),
        (
            "status --state --json",
            "option '--state' has no value; '--state FILE' is meant, or '--state=--json' if that is the value"
        ),
        ("status --json=yes", "option '--json' takes no value, but has 'yes'; write '--json' alone"),
        ("inspect a --limit 0", "option '--limit' is '0', not a whole number of at least 1"),
        ("inspect a --limit -5", "option '--limit' is '-5', not a whole number of at least 1"),
        ("inspect a --limit 1e3", "option '--limit' is '1e3', not a whole number of at least 1"),
        (
            "inspect a --only conversatons",
            "option '--only' is 'conversatons', not one of contacts, conversations; did you mean 'conversations'?"
        ),
        ("status --share nan", "option '--share' is 'nan', not a share above 0 and up to 1, such as '0.5' or '50%'"),
        ("inspect a --every 15", "option '--every' is '15', not a time span such as '30s', '15m' or '1h30m'"),
        (
            "inspect a --since 2026-02-31",
            "option '--since' is '2026-02-31', not a date or time such as '2026-03-31' or '2026-03-31T18:00Z'"
        ),
        ("status --state=", "option '--state' is empty, not the path of a file"),
        ("status -s a --state b", "option '--state' is given twice; give it once"),
        (
            "inspect",
            """
            'inspect' needs SOURCE: where to read from
            usage: deskferry inspect SOURCE [options]
            example: deskferry inspect zendesk:export/
            """
        ),
        (
            "inspect a b",
            """
            unexpected argument 'b'; 'inspect' takes one argument
            usage: deskferry inspect SOURCE [options]
            example: deskferry inspect zendesk:export/
            """
        ),
        ("status b", "unexpected argument 'b'; 'status' takes no arguments\nusage: deskferry status [options]"),
        (
            "mapping check",
            "'mapping check' needs FILE: mapping files\nusage: deskferry mapping check FILE ... [options]"
        ),
        ("completion bsh", "no completions for 'bsh', only for bash, zsh, fish; did you mean 'bash'?"),
        ("inspect a \u{1B}[2J", "unexpected argument '\\u{1B}[2J'; 'inspect' takes one argument"),
    ])
    func explainsWhatIsWrong(line: String, message: String) throws {
        let error = try #require(throws: UsageError.self) { try Sample.run(line) }
        let full = error.description
        #expect(
            message.contains("\n") ? full == message : full.split(separator: "\n").first.map(String.init) == message)
        #expect(error.error.exit == .usage)
    }

    @Test func noticesAnEmptyArgument() throws {
        let error = try #require(throws: UsageError.self) { try Sample.tree.parse(["inspect", ""]) }
        #expect(error.error.description == "SOURCE of 'inspect' is empty; a variable that is not set does this")
    }

    @Test func cutsAnEndlessWord() throws {
        let word = "--" + String(repeating: "x", count: 10_000)
        let error = try #require(throws: UsageError.self) { try Sample.tree.parse(["status", word]) }
        #expect(error.description.count < 200)
    }

    @Test func neverCrashesOnRandomLines() {
        let words = [
            "inspect", "mapping", "check", "draft", "help", "completion", "bash", "--", "-", "--state", "--state=",
            "-s", "-h",
            "--version", "--limit", "3", "", "x", "--mapping", "=", "-=", "--=x", "é", "status",
        ]
        var generator = SeededGenerator(seed: 7)
        var runs = 0
        for _ in 0..<20_000 {
            let line = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                words.randomElement(using: &generator) ?? ""
            }
            do {
                if case .run = try Sample.tree.parse(line) { runs += 1 }
            } catch {
                #expect(error.error.exit == .usage, "\(line)")
            }
        }
        #expect(runs > 100)
    }
}

/// Repeatable randomness: SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
