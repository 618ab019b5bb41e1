import ExportFormats
import Testing

@Suite struct XMLReadingTests {
    let children = ExportFormat.xml(XMLRecords())

    @Test(arguments: [
        ("<a/>", "\"\""), ("<a></a>", "\"\""), ("<a> x </a>", "\" x \""), ("<a nil=\"true\"/>", "null"),
        ("<a xsi:nil=\"true\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"/>", "null"),
        ("<a>&lt;&#65;&amp;\"</a>", "\"<A&\\\"\""), ("<a><![CDATA[<b>]]></a>", "\"<b>\""),
        ("<a>x<!-- c -->y<?p?></a>", "\"xy\""),
        ("<a><b>1</b><c/></a>", "{\"b\":\"1\",\"c\":\"\"}"),
        ("<a><b>1</b><c/><b>2</b></a>", "{\"b\":[\"1\",\"2\"],\"c\":\"\"}"),
        ("<a type=\"array\"><b>1</b></a>", "[\"1\"]"), ("<a type=\"array\"/>", "[]"),
        ("<a id=\"7\">x</a>", "{\"@id\":\"7\",\"#text\":\"x\"}"),
        ("<a type=\"integer\">7</a>", "{\"@type\":\"integer\",\"#text\":\"7\"}"),
        ("<a type=\"array\" n=\"1\"><b>1</b></a>", "{\"@type\":\"array\",\"@n\":\"1\",\"b\":\"1\"}"),
        ("<a>t<b/></a>", "{\"#text\":\"t\",\"b\":\"\"}"),
    ]) func writesAnElementAsJSON(_ xml: String, json: String) {
        let reading = children.read("<r>\n<t>\(xml)</t></r>")
        #expect(reading.records == ["{\"@element\":\"t\",\"a\":\(json)}"])
        #expect(reading.lines == [2])
        #expect(reading.faults.isEmpty)
    }

    @Test func findsRecordsAtAnyDepthWithTheirIndex() {
        let format = ExportFormat.xml(XMLRecords(elements: ["ticket", "user"]))
        let reading = format.read(
            "<x><user n=\"1\"/><y><ticket><user>inner</user></ticket></y><other/><ticket>plain</ticket></x>")
        #expect(
            reading.records == [
                "{\"@element\":\"user\",\"@n\":\"1\"}", "{\"@element\":\"ticket\",\"user\":\"inner\"}",
                "{\"@element\":\"ticket\",\"#text\":\"plain\"}",
            ])
        #expect(reading.paths == [1, 0, 0])
    }

    @Test func readsOtherEncodings() {
        let latin =
            Array("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><r><t>".utf8) + [0xE9] + Array("</t></r>".utf8)
        #expect(children.read(latin).records == ["{\"@element\":\"t\",\"#text\":\"é\"}"])
    }

    @Test func keepsWhatCameBeforeBrokenXML() throws {
        let reading = children.read("<r>\n<t>1</t>\n<t>2</t>\n<t><u></t>\n</r>")
        #expect(reading.records.count == 2)
        let fault = try #require(reading.faults.first)
        #expect(fault.line == 4)
        #expect(fault.reason.contains("mismatch"), "\(fault.reason)")
    }

    @Test func refusesADoctypeBeforeAnythingIsExpanded() {
        let bomb = "<!-- x -->\n<!DOCTYPE r [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><r><t>&b;</t></r>"
        let reading = children.read(bomb)
        #expect(reading.records.isEmpty)
        #expect(reading.error?.hasPrefix("file:2: declares a DOCTYPE") == true)
        var wide: [UInt8] = [0xFF, 0xFE]
        for unit in bomb.utf16 { wide += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
        #expect(children.read(wide).error?.contains("DOCTYPE") == true)
    }

    @Test func readsNoFileAnEntityNames() {
        let reading = children.read("<r><t>&passwd;</t></r>")
        #expect(reading.records.isEmpty && reading.faults.count == 1)
    }

    @Test func refusesNestingWithoutEnd() {
        let deep = String(repeating: "<a>", count: 100_000)
        #expect(children.read("<r>" + deep).faults.count == 1)
        #expect(ExportFormat.xml(XMLRecords(elements: ["z"])).read("<r>" + deep).faults.count == 1)
        let closed =
            "<r><t>" + String(repeating: "<a>", count: 2_000) + String(repeating: "</a>", count: 2_000) + "</t><t/></r>"
        let reading = children.read(closed)
        #expect(reading.faults.count == 1 && reading.records.count == 1)
    }

    @Test func refusesARecordBeyondTheLimit() {
        var limits = ReadLimits()
        limits.recordBytes = 100_000
        let reading = children.read(
            "<r><t>1</t><t>" + String(repeating: "x", count: 1_000_000) + "</t></r>", limits: limits)
        #expect(reading.records.count == 1)
        #expect(
            reading.faults.map(\.reason) == ["record is larger than 100000 bytes; the rest of the file was not read"])
    }
}
