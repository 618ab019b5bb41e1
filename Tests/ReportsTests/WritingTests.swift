import Foundation
import Testing

@testable import Reports

@Suite struct WritingTests {
    /// What spreadsheets take for a formula.
    ///
    /// Source: <https://owasp.org/www-community/attacks/CSV_Injection>.
    @Test(arguments: [
        "=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", " =1+1", "\u{FEFF}=1", "＝1", "-cmd|'/c calc'!A0",
    ])
    func cellsThatWouldRunAreDefused(_ text: String) {
        let cell = CSVText.cell(text)
        #expect(cell.hasPrefix("'") || cell.hasPrefix("\"'"), "\(cell)")
    }

    @Test func ordinaryCellsStayAsTheyAre() {
        #expect(CSVText.cell("Ana") == "Ana")
        #expect(CSVText.cell("-3") == "-3")
        #expect(CSVText.cell("a,\"b\"\nc") == "\"a,\"\"b\"\"\nc\"")
        #expect(CSVText.cell("") == "")
    }

    @Test func noCellOfAnyFileRuns() async throws {
        let sample = try Sample()
        defer { sample.clear() }
        let names = try sample.folder.write(try await sample.document().document).filter { $0.hasSuffix(".csv") }
        #expect(Set(names) == ["plan.csv", "changes.csv", "acceptance.csv"])
        for name in names {
            let bytes = FileManager.default.contents(atPath: sample.folder.file(name)) ?? Data()
            #expect(bytes.starts(with: [0xEF, 0xBB, 0xBF]), "\(name): spreadsheets know UTF-8 by its mark")
            let text = String(decoding: bytes, as: UTF8.self)
            let isDefused = text.contains("'=1+1")
            #expect(isDefused || name != "changes.csv", "\(name)")
            let start = try Regex("(^|[,\\n]\"?)[=@]")
            let runs = text.firstMatch(of: start).map { String(text[$0.range.lowerBound...].prefix(40)) }
            #expect(runs == nil, "\(name)")
        }
    }

    @Test func jsonInAPageCannotEndItsBlock() throws {
        var json = JSONBytes()
        json.array { json in for text in Sample.hostile + ["\u{2028}", "é😀", "\"\\"] { json.put(text) } }
        let text = json.text
        for sign in ["<", ">", "&", "\u{2028}", "\u{0}", "\u{1B}"] { #expect(!text.contains(sign)) }
        let back = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String]
        #expect(back == Sample.hostile + ["\u{2028}", "é😀", "\"\\"])
    }

    @Test func markupEscapesWhateverItIsGiven() {
        var page = Markup()
        page.element("p", ["title": "\"><b>"], text: "<b>&'\u{0}")
        #expect(page.text == "<p title=\"&quot;&gt;&lt;b&gt;\">&lt;b&gt;&amp;&#39;\u{2400}</p>")
    }

    /// Worked values: <https://www.rfc-editor.org/rfc/rfc4648#section-10>.
    @Test func hashesAreWrittenInBase64() {
        #expect(Base64.text(Array("foobar".utf8)) == "Zm9vYmFy")
        #expect(Base64.text(Array("fooba".utf8)) == "Zm9vYmE=")
        #expect(Base64.text(Array("foob".utf8)) == "Zm9vYg==")
    }

    @Test func aPageNamesTheHashesOfItsOwnScriptAndStyleOnly() async throws {
        let sample = try Sample(conversations: 2)
        defer { sample.clear() }
        try sample.folder.write(try await sample.document().document)
        let html = try String(contentsOfFile: sample.folder.file("plan.html"), encoding: .utf8)
        #expect(html.contains(PageRenderer.hash(PageScript.text).replacing("'", with: "")))
        #expect(html.contains("default-src &#39;none&#39;"))
        #expect(!html.contains("unsafe-inline") && !html.contains("http://www.") && !html.contains(" style=\""))
    }
}

@Suite struct ReportFolderTests {
    @Test func nothingOfAnEarlierReportStaysBesideALaterOne() async throws {
        let sample = try Sample(conversations: 4)
        defer { sample.clear() }
        var document = try await sample.document().document
        #expect(sample.folder.madeAt("plan") == nil)
        try sample.folder.write(document)
        #expect(sample.folder.madeAt("plan") == "2026-03-31T18:00:00Z")
        let before = try FileManager.default.contentsOfDirectory(atPath: sample.folder.path)
        #expect(before.contains("acceptance.csv") && before.contains("changes.csv"))
        document.threads = []
        document.changes = ChangeList(rows: [], total: 0, fileName: "changes.jsonl")
        try sample.folder.write(document)
        let after = try FileManager.default.contentsOfDirectory(atPath: sample.folder.path)
        #expect(!after.contains("acceptance.csv") && !after.contains("changes.csv"))
        #expect(after.contains("plan.html"))
    }
}

@Suite struct BarDrawingTests {
    @Test(arguments: [
        (1, 1), (3, 1), (4, 1), (5, 2), (16, 5), (21, 5), (99, 20), (100, 50), (2400, 500), (100_000, 50_000),
    ])
    func scalesHaveRoundNumbers(_ highest: Int, _ step: Int) { #expect(BarDrawing.step(highest) == step) }

    @Test func twentyYearsOfMonthsAreDrawnMonthByMonth() {
        let months = SectionWriter.monthsBetween("2004-01", "2023-12").map { BarChart.Bar($0, 1) }
        #expect(BarDrawing.joined(months, isDuration: false).count == 240)
        let more = BarDrawing.joined(months + [BarChart.Bar("2024-01", 5)], isDuration: false)
        #expect(more.map(\.value) == Array(repeating: 12, count: 20) + [5])
    }
}

@Suite struct EvenSampleTests {
    /// The table in the type's comment.
    @Test(arguments: [(4, [0, 1, 2, 3]), (5, [0, 2, 4]), (8, [0, 2, 4, 6]), (9, [0, 4, 8]), (17, [0, 8, 16])])
    func elementsAreEvenlySpread(_ count: Int, _ kept: [Int]) {
        var sample = EvenSample<Int>(limit: 4)
        for element in 0..<count { sample.offer(element) }
        #expect(sample.elements.map(\.element) == kept)
        #expect(sample.seen == count)
    }

    @Test func theBestAreTheHighestAndOfEqualsTheFirst() {
        var best = Best<String>(limit: 2)
        for (score, name) in [(3, "a"), (5, "b"), (5, "c"), (1, "d"), (9, "e")] { best.offer(score: score, name) }
        #expect(best.elements.map(\.element) == ["e", "b"])
    }
}

@Suite struct DrawingTests {
    @Test func whatIsLeftOutStandsLastOnTheRight() {
        let chart = FlowChart(
            "priority", "Priority",
            [.init("high", FlowChart.leftOut, 4), .init("high", "high", 1), .init("low", "low", 2)],
            names: ["high": "High", "low": "Low", FlowChart.leftOut: "(left out)"],
            order: ["high", "low", FlowChart.leftOut])
        var page = Markup()
        SankeyDrawing(chart, Words(.en)).write(&page)
        let labels = page.text.components(separatedBy: "</svg>")[0].components(separatedBy: "<text").dropFirst()
        let names = ["High", "Low", "(left out)"]
        #expect(labels.compactMap { label in names.first { label.contains($0) } } == ["High", "Low"] + names)
    }
}

/// The table in the type's comment.
@Suite struct DeltaTrendTests {
    private static let cases: [([Double], Double)] = [
        ([60, 50, 40], 50), ([40, 50, 60], 60), ([900, 40, 42, 44, 46, 41], 42),
    ]

    @Test(arguments: cases)
    func theNextDeltaIsTheMedianOrTheLastWhereThatWasLonger(_ seconds: [Double], _ expected: Double) {
        let history = seconds.reversed().map { length in
            ReportSubject.RunRecord(
                id: "r", command: "sync", startedAt: "2026-03-01T00:00:00Z", seconds: length, state: "done", exit: 0,
                verdict: "", written: 1)
        }
        #expect(DeltaTrend(history).expected?.seconds == expected)
    }

    @Test func runsThatDiedAndFullRunsSayNothingOfDeltas() {
        let history = [("sync", "failed"), ("migrate", "done"), ("sync", "running")].map { command, state in
            ReportSubject.RunRecord(
                id: "r", command: command, startedAt: "", seconds: 9, state: state, exit: nil, verdict: "",
                written: nil)
        }
        #expect(DeltaTrend(history).lengths.isEmpty)
        #expect(DeltaTrend(history).expected == nil)
    }
}
