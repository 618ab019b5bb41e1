import Diagnostics
import ExportFormats
import Testing

@Suite struct WritingTests {
    static func write(_ format: OutputFormat, _ records: [String]) throws -> (text: String, summary: WriterSummary) {
        let sink = MemorySink()
        let writer = try format.writer(to: sink)
        for record in records { try writer.append(record) }
        let summary = try writer.finish()
        return (String(decoding: sink.bytes, as: UTF8.self), summary)
    }

    @Test func laysOutJSON() throws {
        let records = ["{\"a\":1}", "{\"a\":2}"]
        #expect(try Self.write(.jsonLines, records).text == "{\"a\":1}\n{\"a\":2}\n")
        #expect(try Self.write(.jsonArray, records).text == "[\n{\"a\":1},\n{\"a\":2}\n]\n")
        #expect(try Self.write(.jsonArray, []).text == "[]\n")
        #expect(try Self.write(.jsonDocument, ["{}"]).text == "{}\n")
        let layout = EnvelopeLayout(
            ["r", "data"], before: [EnvelopeMember("type", .json("\"list\""))], after: [EnvelopeMember("count", .count)]
        )
        let written = try Self.write(.envelope(layout), records)
        #expect(written.text == "{\"type\":\"list\",\"r\":{\"data\":[\n{\"a\":1},\n{\"a\":2}\n]},\"count\":2}\n")
        #expect(written.summary.records == 2 && written.summary.bytes == written.text.utf8.count)
        #expect(ExportFormat.json(paths: [["r", "data"]]).read(written.text).records == records)
    }

    @Test func keepsARecordOnItsLine() throws {
        #expect(try Self.write(.jsonLines, ["{\n \"a b\" : [1,\n\"x\\n y\"]\n}"]).text == "{\"a b\":[1,\"x\\n y\"]}\n")
    }

    @Test func refusesASecondDocument() {
        #expect(throws: MigrationError.self) { try Self.write(.jsonDocument, ["{}", "{}"]) }
    }

    @Test func writesRowsWithTheFewestQuotes() throws {
        let written = try Self.write(
            .csv(CSVLayout(["a", "b,c", "d"])),
            [
                "{\"d\":\"x \\\"y\\\"\",\"a\":12.50}",
                "{\"b,c\":{\"k\" : [1, \"z z\"]},\"a\":null,\"d\":\"\\u00fc\\ud83d\\ude00\"}", "{}",
            ])
        #expect(
            written.text == "a,\"b,c\",d\r\n12.50,,\"x \"\"y\"\"\"\r\n,\"{\"\"k\"\":[1,\"\"z z\"\"]}\",ü😀\r\n,,\r\n")
        #expect(written.summary.records == 3)
    }

    @Test func refusesAnUndeclaredColumnWithTheNearestName() throws {
        let sink = MemorySink()
        let writer = try OutputFormat.csv(CSVLayout(["subject"])).writer(to: sink)
        let error = #expect(throws: MigrationError.self) { try writer.append("{\"subjekt\":1}") }
        #expect(error?.recovery == .skipRecord)
        #expect(error?.description.contains("did you mean 'subject'") == true)
        #expect(String(decoding: sink.bytes, as: UTF8.self) == "subject\r\n")
    }

    @Test func discoversColumnsBeforeTheHeaderIsWritten() throws {
        let layout = CSVLayout(["id"], discoversColumns: true, dialect: CSVDialect(delimiter: ";"))
        let written = try Self.write(.csv(layout), ["{\"id\":1}", "{\"x\":2,\"id\":3}", "{\"y;\":\"a\\nb\"}"])
        #expect(written.text == "id;x;\"y;\"\r\n1;;\r\n3;2;\r\n;;\"a\nb\"\r\n")
        #expect(written.summary.records == 3)
    }

    @Test(arguments: 0..<40) func writtenRowsReadBackTheSame(_ seed: UInt64) throws {
        var random = Seeded(seed)
        let alphabet = ["a", " ", ",", ";", "\"", "\n", "\r", "\r\n", "\t", "\\", "ü", "😀", "\u{1}", "é", "\u{2028}"]
        let columns = (0..<Int.random(in: 1...5, using: &random)).map { "c\($0)" }
        let dialect = CSVDialect(delimiter: [",", ";", "\t", "|"].randomElement(using: &random) ?? ",")
        let records = (0..<20).map { _ in
            let members = columns.map { quoted($0) + ":" + quoted(random.nastyText(alphabet, upTo: 12)) }
            return "{" + members.joined(separator: ",") + "}"
        }
        for discovers in [false, true] {
            let layout = CSVLayout(columns, discoversColumns: discovers, dialect: dialect)
            let text = try Self.write(.csv(layout), records).text
            var limits = ReadLimits()
            limits.batchBytes = Int.random(in: 1...100, using: &random)
            let reading = ExportFormat.csv(dialect).read(text, limits: limits)
            #expect(reading.records == records, "seed \(seed)")
            #expect(reading.faults.isEmpty, "seed \(seed)")
        }
    }

    static let xml = OutputFormat.xml(
        XMLLayout(root: "unload", attributes: [.init("date", "2024-01-01 <\">")], element: "t"))

    @Test func writesElements() throws {
        let record =
            "{\"@element\":\"u\",\"@id\":\"a\\\"\\n\",\"n\":null,\"e\":\"\",\"l\":[\"1\",2],\"one\":[true],\"o\":{\"@x\":\"1\",\"#text\":\"<&>\"}}"
        let written = try Self.write(Self.xml, [record])
        #expect(
            written.text == """
                <?xml version="1.0" encoding="UTF-8"?>
                <unload date="2024-01-01 &lt;&quot;&gt;">
                <u id="a&quot;&#10;"><n nil="true"/><e/><l>1</l><l>2</l><one type="array"><item>true</item></one>\
                <o x="1">&lt;&amp;&gt;</o></u>
                </unload>

                """)
    }

    @Test func countsCharactersXMLCannotHold() throws {
        let written = try Self.write(Self.xml, ["{\"a\":\"x\\u0000\\u001by\u{FFFF}\\ud800\"}"])
        #expect(written.summary.replacedCharacters == 4)
        #expect(
            ExportFormat.xml(XMLRecords()).read(written.text).records == [
                "{\"@element\":\"t\",\"a\":\"x\u{FFFD}\u{FFFD}y\u{FFFD}\u{FFFD}\"}"
            ])
    }

    @Test(arguments: [
        "{\"my key\":1}", "{\"1a\":1}", "{\"@a\":[1]}", "{\"@nil\":\"true\"}", "[1]", "{\"a\":", "{\"\":1}",
    ])
    func refusesWhatXMLCannotHoldWhole(_ record: String) throws {
        let sink = MemorySink()
        let writer = try Self.xml.writer(to: sink)
        let before = sink.bytes
        let error = #expect(throws: MigrationError.self) { try writer.append(record) }
        #expect(error?.recovery == .skipRecord)
        #expect(sink.bytes == before)
        try writer.append("{}")
        _ = try writer.finish()
        #expect(String(decoding: sink.bytes, as: UTF8.self).hasSuffix(">\n<t/>\n</unload>\n"))
    }

    @Test(arguments: 0..<40) func writtenElementsReadBackTheSame(_ seed: UInt64) throws {
        var random = Seeded(seed)
        let records = (0..<10).map { _ in Self.object(&random, depth: 3, start: "\"@element\":\"t\"") }
        let text = try Self.write(Self.xml, records).text
        let reading = ExportFormat.xml(XMLRecords()).read(
            Array(text.utf8), dripping: Int.random(in: 1...600, using: &random))
        #expect(reading.records == records, "seed \(seed)")
        #expect(reading.faults.isEmpty, "seed \(seed)")
    }

    private static let alphabet = ["a", " ", "<", "&", "]]>", "\"", "'", "\n", "\r", "\r\n", "\t", "\\", "ü", "😀", ">"]

    /// Members in the order readers give them: attributes, text, children.
    private static func object(_ random: inout Seeded, depth: Int, start: String? = nil) -> String {
        var members = start.map { [$0] } ?? []
        for name in ["@p", "@q-r"] where start == nil && (members.isEmpty || Bool.random(using: &random)) {
            members.append(quoted(name) + ":" + quoted(random.nastyText(alphabet, upTo: 6)))
        }
        if start == nil, Bool.random(using: &random) {
            members.append("\"#text\":" + quoted("x" + random.nastyText(alphabet, upTo: 6)))
        }
        for name in ["k", "l.m", "Ä"] where depth > 0 && Bool.random(using: &random) {
            members.append(quoted(name) + ":" + value(&random, depth: depth - 1))
        }
        return "{" + members.joined(separator: ",") + "}"
    }

    private static func value(_ random: inout Seeded, depth: Int) -> String {
        switch Int.random(in: 0...4, using: &random) {
        case 0: "null"
        case 1: object(&random, depth: depth)
        case 2 where depth > 0:
            "["
                + (0..<Int.random(in: 0...3, using: &random)).map { _ in value(&random, depth: depth - 1) }
                .joined(separator: ",") + "]"
        default: quoted(random.nastyText(alphabet, upTo: 12))
        }
    }
}
