import ConsoleKit
import Diagnostics
import Glibc
import Testing

@Suite struct TerminalTests {
    static func terminal(
        output: Bool = true, messages: Bool = true, columns: Int? = nil, noColour: Bool = false,
        _ environment: [String: String] = ["LANG": "en_US.UTF-8"]
    ) -> Terminal {
        Terminal(
            outputIsTerminal: output, messagesAreTerminal: messages, windowColumns: columns, noColour: noColour,
            environment: { environment[$0] })
    }

    @Test func coloursOnlyWhereAPersonLooks() {
        #expect(Self.terminal().showsColour(on: .output))
        #expect(!Self.terminal(output: false).showsColour(on: .output))
        #expect(Self.terminal(output: false).showsColour(on: .messages))
        #expect(!Self.terminal(noColour: true).showsColour(on: .output))
        #expect(!Self.terminal(["NO_COLOR": "1"]).showsColour(on: .output))
        #expect(Self.terminal(["NO_COLOR": ""]).showsColour(on: .output))
        #expect(!Self.terminal(["TERM": "dumb"]).showsColour(on: .messages))
    }

    @Test func stylesByMeaning() {
        #expect(Self.terminal().styled("x", .bad) == "\u{1B}[31mx\u{1B}[0m")
        #expect(Self.terminal(noColour: true).styled("x", .bad) == "x")
        #expect(Self.terminal().styled("x", nil) == "x")
    }

    @Test func knowsItsWidth() {
        #expect(Self.terminal(columns: 132).columns == 132)
        #expect(Self.terminal(["COLUMNS": "66"]).columns == 66)
        #expect(Self.terminal(columns: 132, ["COLUMNS": "66"]).columns == 132)
        #expect(Self.terminal(["COLUMNS": "-3"]).columns == 80)
        #expect(Self.terminal().columns == 80)
    }

    @Test func knowsWhetherUnicodeComesOut() {
        #expect(Self.terminal().showsUnicode)
        #expect(Self.terminal(["LANG": "de_DE.utf8"]).showsUnicode)
        #expect(!Self.terminal(["LC_ALL": "C", "LANG": "en_US.UTF-8"]).showsUnicode)
        #expect(!Self.terminal([:]).showsUnicode)
    }

    @Test(arguments: [
        ("plain é 日本 👩‍👩‍👧", "plain é 日本 👩‍👩‍👧"), ("a\u{1B}[2Jb", "a\\u{1B}[2Jb"), ("a\u{9B}31mb", "a\\u{9B}31mb"),
        ("a\r\nb\tc", "a\\r\\nb\\tc"), ("\u{7}\u{8}\u{7F}\0", "\\u{7}\\u{8}\\u{7F}\\u{0}"),
        ("x\u{202E}y", "x\\u{202E}y"),
        ("\u{1B}]0;title\u{7}", "\\u{1B}]0;title\\u{7}"), ("a\u{2028}b", "a\\u{2028}b"),
    ])
    func nothingFromOutsideSteersTheTerminal(text: String, shown: String) {
        #expect(Terminal.safe(text) == shown)
    }

    @Test func linesMayBeKept() {
        #expect(Terminal.safe("a\nb\u{1B}", keepsLines: true) == "a\nb\\u{1B}")
    }

    @Test func verdictIsOneColouredLine() {
        #expect(Verdict(.done, "all moved").line(for: Self.terminal()) == "\u{1B}[32mall moved\u{1B}[0m\n")
        #expect(Verdict(.failed, "a\u{1B}b").line(for: Self.terminal(noColour: true)) == "a\\u{1B}b\n")
    }

    @Test func theSecondInterruptStopsAtOnce() async {
        let result = await #expect(processExitsWith: .exitCode(130), observing: [\.standardErrorContent]) {
            let flag = InterruptFlag.install()
            // Worker threads have signals blocked; opened here, `raise` returns after the handler did.
            var signals = sigset_t()
            sigfillset(&signals)
            pthread_sigmask(SIG_UNBLOCK, &signals, nil)
            guard !flag.isRequested else { exit(1) }
            raise(SIGINT)
            guard flag.isRequested, (try? flag.check()) == nil else { exit(2) }
            raise(SIGTERM)
            exit(3)
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains("Ctrl-C again stops at once"))
        #expect(text.contains("interrupted twice"))
    }
}
