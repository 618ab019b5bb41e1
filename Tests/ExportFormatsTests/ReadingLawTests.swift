import ExportFormats
import Testing

/// Laws every reader keeps whatever the file holds.
@Suite struct ReadingLawTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let format: ExportFormat
        let text: String
    }

    static let cases = [
        Case(
            testDescription: "lines", format: .json(paths: [[]]),
            text: "{\"a\":\"x\\\\\"}\n\n{\"b\":\"\\\"}{\"}\r\nbad\n{\"c\":[1,{\"d\":2}]}\n"),
        Case(
            testDescription: "array", format: .json(paths: [[]]),
            text:
                "[ {\"a\":\"x\\\\\"} ,\n \"s\\\"t\", 12.5,null,\n{\"c\":[1,{\"d\":2}]} {\"missing\":\"comma\"}] \n rest\n"
        ),
        Case(
            testDescription: "envelopes",
            format: .json(paths: [["tickets"], RecordPath(["docs"], isMap: true), ["one"], ["r", "d"], []]),
            text:
                "{\"n\":\"\\\"\",\"tickets\" : [{\"a\":1}, {\"b\":[2]}],\"docs\":{\"k\":{\"x\":1},\"l\":2},\"z\":{\"q\":[1]}}\n"
                + "{\"one\":{\"a\":\"}\"},\"r\":{\"d\":[3,4],\"e\":5}}\n{\"plain\":\"tickets\"}{\"last\":[]}\n"),
        Case(
            testDescription: "broken envelope", format: .json(paths: [["t"]]),
            text: "{\"t\":[1,2],,\"u\":}\n junk {\"t\":[9]}\n{\"t\":[3]}\n{\"v\" 1}\n[{\"t\":[4]}]\n{\"t\":[5"),
        Case(
            testDescription: "csv", format: .csv(nil),
            text: "id;Name;Name\r\n1;\"a;\"\"b\"\"\r\nc\";ü😀\r\n\r\n2;\\;\r3;x;y;z\n4;\"q\"oops;1\n5;\"\"\n6;7;8"),
        Case(
            testDescription: "csv with sep", format: .csv(nil), text: "sep=|\r\n\"a\"|b\r\n1|\"two\r\nlines\"\r\n2|3"),
        Case(
            testDescription: "xml", format: .xml(XMLRecords(elements: ["t"])),
            text:
                "<?xml version=\"1.0\"?>\n<r><t id=\"1\"><a>x &amp; y</a><a/><b><![CDATA[<z>]]></b></t>\n<g><t>k</t></g></r>"
        ),
    ]

    @Test(arguments: cases) func readAheadNeverShows(_ test: Case) {
        let bytes = Array(test.text.utf8)
        let expected = Self.places(test.format.read(bytes), test)
        #expect(!expected.records.isEmpty)
        for size in [1, 2, 3, 7, 16, 64, 64 << 10] {
            var limits = ReadLimits()
            limits.batchBytes = size
            for drip in [1, 5, 1 << 20] {
                let reading = Self.places(test.format.read(bytes, limits: limits, dripping: drip), test)
                #expect(reading == expected, "read-ahead \(size), pieces of \(drip)")
            }
        }
    }

    /// The parser of XML reads ahead by itself, so its byte places depend on the pieces it gets.
    private static func places(_ reading: Reading, _ test: Case) -> Reading {
        guard case .xml = test.format else { return reading }
        var reading = reading
        reading.starts = []
        return reading
    }

    @Test(arguments: cases) func everyTruncationEndsInRecordsOrALocatedFault(_ test: Case) {
        let bytes = Array(test.text.utf8)
        let whole = test.format.read(bytes)
        for count in 0..<bytes.count {
            let reading = test.format.read(Array(bytes[..<count]))
            #expect(reading.records.count <= whole.records.count + 1)
            #expect(reading.faults.allSatisfy { $0.line >= 1 && $0.byte <= count && !$0.reason.isEmpty })
            if let error = reading.error { #expect(error.hasPrefix("file"), "\(error)") }
        }
    }

    @Test(arguments: cases) func everyBrokenByteEndsInRecordsOrALocatedFault(_ test: Case) {
        var random = Seeded(11)
        let bytes = Array(test.text.utf8)
        for _ in 0..<300 {
            var broken = bytes
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                broken[Int.random(in: 0..<broken.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            var limits = ReadLimits()
            limits.batchBytes = Int.random(in: 1...40, using: &random)
            let reading = test.format.read(broken, limits: limits)
            #expect(reading.faults.allSatisfy { $0.line >= 1 && $0.byte <= broken.count })
        }
    }

    @Test(arguments: cases) func emptyAndBlankFilesHoldNothing(_ test: Case) {
        #expect(test.format.read("").records.isEmpty)
        #expect(test.format.read("\n\n\n").records.isEmpty)
    }
}
