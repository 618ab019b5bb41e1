import ConsoleKit
import Testing

@Suite struct TableTests {
    private func sample() -> Table {
        var table = Table([.text("connector"), .text("what it is"), .number("records")])
        table.add(["zendesk", "tickets with comments and audits", "1,234"])
        table.add(["intercom", Table.Cell("日本の会話", .warn), "7"])
        return table
    }

    private let pipe = TerminalTests.terminal(output: false)

    @Test func nothingIsCutOffATerminal() {
        #expect(
            sample().text(for: pipe) == """
                connector  what it is                        records
                zendesk    tickets with comments and audits    1,234
                intercom   日本の会話                              7

                """)
    }

    @Test func theWidestTextColumnGivesWay() {
        let terminal = TerminalTests.terminal(columns: 40, noColour: true)
        #expect(
            sample().text(for: terminal) == """
                connector  what it is            records
                zendesk    tickets with commen…    1,234
                intercom   日本の会話                  7

                """)
    }

    @Test func notesGiveWayBeforeWhatTheySpeakOf() {
        var table = Table([.text("what"), .number("values"), .note("example")])
        table.add(["conversation timeline.attachments", "12", "4009: no first message to say it"])
        let terminal = TerminalTests.terminal(columns: 60, noColour: true)
        #expect(table.width == 33 + 2 + 6 + 2 + 32)
        #expect(
            table.text(for: terminal) == """
                what                               values  example
                conversation timeline.attachments      12  4009: no first m…

                """)
    }

    @Test func theEllipsisIsPlainWhereUnicodeIsNot() {
        let terminal = TerminalTests.terminal(columns: 40, noColour: true, ["LANG": "C"])
        #expect(sample().text(for: terminal).contains("tickets with comm...    1,234"))
    }

    @Test func coloursDoNotCountAsWidth() {
        let terminal = TerminalTests.terminal(columns: 40)
        let text = sample().text(for: terminal)
        #expect(text.contains("\u{1B}[33m日本の会話\u{1B}[0m                  7\n"))
        #expect(text.hasPrefix("\u{1B}[1mconnector\u{1B}[0m  "))
    }

    @Test func cellsFromOutsideAreMadeSafe() {
        var table = Table([.text("subject")])
        table.add([Table.Cell("a\u{1B}[2J\nb")])
        #expect(table.text(for: pipe) == "subject\na\\u{1B}[2J\\nb\n")
    }

    @Test func numbersAreNeverCutAndNoLineEndsInBlanks() {
        var table = Table([.number("count"), .text("name"), .text("note")])
        table.add(["123,456,789,012", "a rather long name", ""])
        let text = table.text(for: TerminalTests.terminal(columns: 20, noColour: true))
        #expect(text.contains("123,456,789,012  a rathe…\n"))
    }

    @Test func fitsAnyWidthItCan() {
        var generator = SeededGenerator(seed: 5)
        let letters: [Character] = ["a", "é", "日", "👍🏽", " ", "\u{1B}", "ł"]
        for _ in 0..<300 {
            var table = Table([.text("a"), .text("b"), .number("n")])
            for _ in 0..<5 {
                let cells = (0..<2).map { _ in
                    String(
                        (0..<Int.random(in: 0...60, using: &generator)).compactMap { _ in
                            letters.randomElement(using: &generator)
                        })
                }
                table.add(cells.map { Table.Cell($0) } + ["12"])
            }
            let columns = Int.random(in: 24...120, using: &generator)
            let text = table.text(for: TerminalTests.terminal(columns: columns, noColour: true))
            for line in text.split(separator: "\n") { #expect(DisplayText.width(line) <= columns) }
        }
    }

    @Test func aVeryLongCellTakesNoLongTime() {
        var table = Table([.text("a"), .text("b")])
        table.add([Table.Cell(String(repeating: "x", count: 1_000_000)), "y"])
        let text = table.text(for: TerminalTests.terminal(columns: 30, noColour: true))
        let blanks = String(repeating: " ", count: 28)
        #expect(text == "a\(blanks)b\n" + String(repeating: "x", count: 26) + "…  y\n")
    }
}
