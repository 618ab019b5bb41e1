import ExportFormats
import Testing

@Suite struct CSVReadingTests {
    let csv = ExportFormat.csv(nil)

    @Test(arguments: [",", ";", "\t", "|"]) func detectsTheDelimiter(_ delimiter: String) {
        let reading = csv.read("id\(delimiter)\"a,;|\"\(delimiter)c\n1\(delimiter)x\(delimiter)\n")
        #expect(reading.records == ["{\"id\":\"1\",\"a,;|\":\"x\",\"c\":\"\"}"])
    }

    @Test func emptyCellsAreLeftOutWhereTheySayNothingButForTheFirst() {
        let reading = ExportFormat.csv(nil, keepsEmptyCells: false).read("a,b,c\r\n,2,\r\n1,\"\",3\r\n1,2,\r\n")
        #expect(
            reading.records == [
                #"{"a":"","b":"2"}"#, #"{"a":"1","c":"3"}"#, #"{"a":"1","b":"2"}"#,
            ])
    }

    @Test func readsQuotedCellsWithPlaces() {
        let reading = csv.read("\u{FEFF} id ,text\r\n1,\"a\r\nb \"\"c\"\"\"\r\n2,\\n\t\n")
        #expect(
            reading.records == [
                "{\"id\":\"1\",\"text\":\"a\\r\\nb \\\"c\\\"\"}", "{\"id\":\"2\",\"text\":\"\\\\n\\t\"}",
            ])
        #expect(reading.lines == [2, 4])
        #expect(reading.starts == [14, 30])
    }

    @Test func numbersRepeatedNames() {
        #expect(
            csv.read("a,a,a (2),a\n1,2,3,4").records == [
                "{\"a\":\"1\",\"a (2)\":\"2\",\"a (2) (2)\":\"3\",\"a (3)\":\"4\"}"
            ])
    }

    @Test func readsCarriageReturnsAsLineEnds() {
        let reading = csv.read("a,b\r1,2\r3,4")
        #expect(reading.records == ["{\"a\":\"1\",\"b\":\"2\"}", "{\"a\":\"3\",\"b\":\"4\"}"])
        #expect(reading.lines == [2, 3])
    }

    @Test func obeysASepLine() {
        #expect(csv.read("sep=;\r\na,b;c\r\n1;2").records == ["{\"a,b\":\"1\",\"c\":\"2\"}"])
    }

    @Test func leavesMissingCellsAbsentAndTakesEmptySurplus() {
        let reading = csv.read("a,b,c\n1\n1,2,3,,\n")
        #expect(reading.records == ["{\"a\":\"1\"}", "{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"}"])
        #expect(reading.faults.isEmpty)
    }

    @Test(arguments: [
        ("a,b\n1,2,3\n4,5\n", 2, 4, "row has 3 cells, the header 2"),
        ("a,b\n1,\"x\"y\n4,5\n", 2, 9, "text behind the closing quote of column 2"),
        ("a,b\n1,\"x \"y\" z\"\n4,5\n", 2, 10, "text behind the closing quote of column 2"),
        ("a,b\n1,\0\n4,5\n", 2, 6, "a NUL byte in column 2"),
        ("a,b\n4,5\n6,\"seven\n8,9\n", 3, 10, "a quote is opened here and never closed"),
    ]) func namesThePlaceOfUglyInput(_ text: String, line: Int, byte: Int, reason: String) throws {
        let reading = csv.read(text)
        #expect(reading.records == ["{\"a\":\"4\",\"b\":\"5\"}"])
        #expect(reading.faults.count == 1)
        let fault = try #require(reading.faults.first)
        #expect(fault.line == line && fault.byte == byte)
        #expect(fault.reason.hasPrefix(reason), "\(fault.reason)")
    }

    @Test func takesNoPieceOfABrokenRowForARow() {
        let reading = csv.read("a,b\n\"say \"hi\", she\nsaid\",2\n6\",5\n7,8\n9\",0\n")
        #expect(reading.records == ["{\"a\":\"7\",\"b\":\"8\"}", "{\"a\":\"9\\\"\",\"b\":\"0\"}"])
        #expect(reading.faults.map(\.line) == [2, 3, 4])
    }

    @Test func refusesBytesThatAreNotUTF8UnlessTheDialectSaysOtherwise() throws {
        let bytes = Array("a,b\n1,".utf8) + [0x80, 0xE9] + Array("\n2,é\n".utf8)
        let strict = csv.read(bytes)
        #expect(strict.records == ["{\"a\":\"2\",\"b\":\"é\"}"])
        #expect(strict.faults.map(\.line) == [2] && strict.faults.map(\.byte) == [6])
        let lenient = ExportFormat.csv(CSVDialect(fallsBackToWindows1252: true)).read(bytes)
        #expect(lenient.records == ["{\"a\":\"1\",\"b\":\"€é\"}", "{\"a\":\"2\",\"b\":\"é\"}"])
    }

    @Test func refusesOverlongAndSurrogateForms() {
        for bad: [UInt8] in [
            [0xC0, 0xAF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xC3],
        ] {
            #expect(csv.read(Array("a,b\n1,".utf8) + bad + Array("\n".utf8)).faults.count == 1)
        }
    }

    @Test func stopsAtARowBeyondTheLimit() {
        var limits = ReadLimits()
        limits.batchBytes = 16
        limits.recordBytes = 100
        let reading = csv.read("a,b\n1,2\n3,\"" + String(repeating: "x\n", count: 500), limits: limits)
        #expect(reading.records == ["{\"a\":\"1\",\"b\":\"2\"}"])
        #expect(reading.error?.contains("file:3: row is larger than 100 bytes") == true)
    }
}
