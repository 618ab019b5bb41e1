import ExportFormats
import Testing

@Suite struct JSONReadingTests {
    let whole = ExportFormat.json(paths: [[]])
    let tickets = ExportFormat.json(paths: [["tickets"], ["users"], ["response", "data"], ["ticket"], []])

    @Test func readsJSONLinesWithPlaces() {
        let reading = whole.read("\u{FEFF}{\"a\":1}\r\n\n  {\"a\":2}\n{\"a\":3}")
        #expect(reading.records == ["{\"a\":1}", "{\"a\":2}", "{\"a\":3}"])
        #expect(reading.lines == [1, 3, 4])
        #expect(reading.starts == [3, 15, 23])
        #expect(reading.faults.isEmpty && reading.envelopes.isEmpty)
    }

    @Test(arguments: [
        "[{\"a\":1},{\"a\":2}]", "[\n  {\"a\":1},\n  {\"a\":2}\n]\n", "{\"a\":1}{\"a\":2}", "{\"a\":1} {\"a\":2}\n",
        "\u{1E}{\"a\":1}\n\u{1E}{\"a\":2}\n", "[{\"a\":1}]\n[{\"a\":2}]", "{\"a\":1}\n{\"a\":2}",
    ]) func readsEveryLayoutOfTheSameRecords(_ text: String) {
        let reading = whole.read(text)
        #expect(reading.records == ["{\"a\":1}", "{\"a\":2}"])
        #expect(reading.faults.isEmpty)
    }

    @Test func leavesPrettyPrintedRecordsAsTheyAre() {
        let text = "{\n  \"a\": [1, 2],\n  \"b\": \"}\\\"{\"\n}\n{\n  \"a\": []\n}\n"
        let reading = whole.read(text)
        #expect(reading.records == ["{\n  \"a\": [1, 2],\n  \"b\": \"}\\\"{\"\n}", "{\n  \"a\": []\n}"])
        #expect(reading.lines == [1, 5])
    }

    @Test func unwrapsPagedEnvelopes() {
        let page = "{\"tickets\":[{\"id\":1},{\"id\":2}],\"next_page\":\"x\",\"count\":2}"
        let reading = tickets.read(page + "\n{\"count\":0,\"tickets\":[]}\n" + page)
        #expect(reading.records == ["{\"id\":1}", "{\"id\":2}", "{\"id\":1}", "{\"id\":2}"])
        #expect(reading.lines == [1, 1, 3, 3])
        let rest = "{\"tickets\":[],\"next_page\":\"x\",\"count\":2}"
        #expect(reading.envelopes == [rest, "{\"count\":0,\"tickets\":[]}", rest])
    }

    @Test func tagsRecordsWithTheirPath() {
        let reading = tickets.read(
            "{\"users\":[{\"u\":1}],\"meta\":{\"tickets\":[0]},\"tickets\":[{\"t\":1}],\"response\":{\"x\":1,\"data\":[{\"d\":1}]}}"
        )
        #expect(reading.records == ["{\"u\":1}", "{\"t\":1}", "{\"d\":1}"])
        #expect(reading.paths == [1, 0, 2])
        #expect(
            reading.envelopes == [
                "{\"users\":[],\"meta\":{\"tickets\":[0]},\"tickets\":[],\"response\":{\"x\":1,\"data\":[]}}"
            ])
    }

    @Test func takesOneRecordOutOfItsWrapper() {
        let reading = tickets.read("{\"ticket\":{\"id\":1},\"count\":1}")
        #expect(reading.records == ["{\"id\":1}"] && reading.paths == [3])
        #expect(reading.envelopes == ["{\"ticket\":{},\"count\":1}"])
    }

    @Test func readsTheValuesOfAMapWithTheirNames() {
        let format = ExportFormat.json(paths: [RecordPath(["docs"], isMap: true)])
        let reading = format.read("{\"docs\":{\"id1\":{\"a\":1},\n\"id2\" : {\"a\":2}},\"n\":2}")
        #expect(reading.records == ["{\"a\":1}", "{\"a\":2}"])
        #expect(reading.keys == ["id1", "id2"])
        #expect(reading.lines == [1, 2])
        #expect(reading.envelopes == ["{\"docs\":{},\"n\":2}"])
    }

    @Test func takesAnObjectWithoutAnyPathAsTheRecord() {
        let reading = tickets.read("{\"id\":1,\"tickets\":null}\n{\"id\":2}")
        #expect(reading.records == ["{\"id\":1,\"tickets\":null}", "{\"id\":2}"])
        #expect(reading.paths == [4, 4])
    }

    @Test func readsEnvelopesInARootArray() {
        let format = ExportFormat.json(paths: [["tickets"]])
        let reading = format.read("[{\"tickets\":[1,2]},{\"tickets\":[3]}]")
        #expect(reading.records == ["1", "2", "3"])
        #expect(reading.envelopes == ["[{\"tickets\":[]},{\"tickets\":[]}]"])
    }

    @Test func convertsUTF16() {
        let text = "{\"a\":\"ü😀\"}\n{\"a\":2}\n"
        var little: [UInt8] = [0xFF, 0xFE]
        var big: [UInt8] = [0xFE, 0xFF]
        for unit in text.utf16 {
            little += [UInt8(unit & 0xFF), UInt8(unit >> 8)]
            big += [UInt8(unit >> 8), UInt8(unit & 0xFF)]
        }
        for bytes in [little, big, Array(little.dropFirst(2))] {
            for drip in [1, 3, 1000] {
                #expect(whole.read(bytes, dripping: drip).records == ["{\"a\":\"ü😀\"}", "{\"a\":2}"])
            }
        }
    }

    struct Ugly: Sendable {
        let text: String
        let records: Int
        let line: Int
        let byte: Int
        let reason: String
        init(_ text: String, _ records: Int, line: Int, byte: Int, _ reason: String) {
            (self.text, self.records, self.line, self.byte, self.reason) = (text, records, line, byte, reason)
        }
    }

    @Test(arguments: [
        Ugly("{\"a\":1}\nrubbish\n{\"a\":2}\n", 2, line: 2, byte: 8, "line is not a JSON object"),
        Ugly("{\"a\":1}\n{\"a\":2}\nrubbish\n{\"a\":3}\n", 3, line: 3, byte: 16, "line is not a JSON object"),
        Ugly("{\"a\":1}\n{\"a\":2}\n{\"a\":\n{\"a\":3}\n", 3, line: 3, byte: 16, "line ends inside a record"),
        Ugly("{\"a\":1}\n{\"a\":2}\n\0\0\0\n{\"a\":3}\n", 3, line: 3, byte: 16, "NUL bytes"),
        Ugly("{\"a\":1}\n{\"a\":2", 1, line: 2, byte: 8, "line ends inside a record"),
        Ugly("[{\"a\":1},\n{\"a\":[2}", 1, line: 2, byte: 10, "the file ends inside a record"),
        Ugly("[{\"a\":1},\n{\"a\":2},", 2, line: 2, byte: 18, "the file ends inside an array"),
        Ugly("[{\"a\":1}\n{\"a\":2}]", 2, line: 2, byte: 9, "a comma is missing"),
        Ugly("[{\"a\":1}}\n[{\"a\":2}]", 2, line: 1, byte: 8, "an array of records is closed by '}'"),
        Ugly("[{\"a\":1}]]\n[{\"a\":2}]", 2, line: 1, byte: 9, "a bracket is closed"),
        Ugly("\0\0[{\"a\":1}]", 1, line: 1, byte: 0, "NUL bytes"),
        Ugly("[1] text {\"a\":1}", 2, line: 1, byte: 4, "text between documents"),
        Ugly("just text", 0, line: 1, byte: 0, "text between documents"),
    ]) func namesThePlaceOfUglyInput(_ ugly: Ugly) throws {
        let reading = whole.read(ugly.text)
        #expect(reading.records.count == ugly.records)
        let fault = try #require(reading.faults.first)
        #expect(reading.faults.count == 1)
        #expect(fault.line == ugly.line && fault.byte == ugly.byte)
        #expect(fault.reason.hasPrefix(ugly.reason), "\(fault.reason)")
    }

    @Test func givesUpABrokenEnvelopeAndFindsTheNext() {
        let format = ExportFormat.json(paths: [["tickets"]])
        let reading = format.read("{\"tickets\":[{\"a\":1}],x\n  {\"tickets\":[9]}\n}\n{\"tickets\":[{\"a\":2}]}")
        #expect(reading.records == ["{\"a\":1}", "{\"a\":2}"])
        #expect(reading.faults.map(\.line) == [1])
    }

    @Test func passesOverARecordBeyondTheLimit() {
        var limits = ReadLimits()
        limits.batchBytes = 16
        limits.recordBytes = 64
        let huge = "{\"a\":\"" + String(repeating: "x", count: 500) + "\"}"
        for text in ["{\"a\":1}\n\(huge)\n{\"a\":2}\n", "[{\"a\":1},\(huge),{\"a\":2}]"] {
            let reading = whole.read(text, limits: limits)
            #expect(reading.records == ["{\"a\":1}", "{\"a\":2}"])
            #expect(reading.faults.map(\.reason) == ["record is larger than 64 bytes"])
        }
        let reading = tickets.read("{\"b\":{\"a\":1}}\(huge){\"tickets\":[7]}", limits: limits)
        #expect(reading.records == ["{\"b\":{\"a\":1}}", "7"])
        #expect(reading.faults.count == 1)
    }

    @Test func survivesDeepNesting() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(whole.read(deep).faults.count == 1)
        #expect(tickets.read("{\"tickets\":" + deep).faults.count == 1)
        #expect(ExportFormat.json(paths: [["x"]]).read(deep).faults.count == 1)
        #expect(whole.read(deep + String(repeating: "]", count: 100_000)).records.count == 1)
    }

    @Test func memoryStaysFlatWhileAnArrayGoesOn() throws {
        let element = "{\"a\":\"" + String(repeating: "x", count: 90) + "\"},\n"
        let text = "{\"tickets\":[" + String(repeating: element, count: 20_000) + "{}],\"count\":1}"
        let reader = try tickets.open(MemorySource(Array(text.utf8)), name: "file")
        var largest = 0
        var records = 0
        while let batch = try reader.nextBatch() {
            largest = max(largest, batch.bytes.count)
            records += batch.records.count
        }
        #expect(records == 20_001)
        #expect(largest <= 1 << 20)
    }
}
