import ExportFormats
import Testing

@Suite struct FileShapeTests {
    func sniff(_ text: String) throws -> FileShape { try FileShape.sniff(Array(text.utf8), name: "file") }

    @Test func tellsKindsApart() throws {
        #expect(try sniff("{\"a\":1}\n{\"a\":2}\n").kind == .jsonLines)
        #expect(try sniff("{\"a\":1}").kind == .jsonDocument)
        #expect(try sniff("{\n\"a\":1}\n{\"a\":2}\n").kind == .jsonDocument)
        #expect(try sniff(" [{\"a\":1}]").kind == .jsonArray)
        #expect(try sniff("a;b\n1;2\n").kind == .csv)
        #expect(try sniff("<?xml version=\"1.0\"?><r/>").kind == .xml)
        for text in ["", "\n\n", "\0\0\u{1}\u{2}"] { #expect(try sniff(text).kind == .unknown) }
    }

    @Test func showsMembersWithTheirFirstTextsAndKeys() throws {
        let shape = try sniff(
            "{\"type\":\"conversation.list\",\"pages\":{\"next\":1},\"conversations\":[{\"id\":1,\"par\\u0074s\":2},{\"z\":1}],\"x\":[]}"
        )
        #expect(shape.members.map(\.name) == ["type", "pages", "conversations", "x"])
        #expect(shape.member("type")?.text == "conversation.list")
        #expect(shape.member("pages")?.keys == ["next"])
        #expect(shape.member("conversations")?.keys == ["id", "parts"])
        #expect(shape.member("conversations")?.isArray == true)
    }

    @Test func showsTheFirstElementOfARootArray() throws {
        #expect(
            try sniff("[{\"id\":\"x\",\"chats\":[{\"q\":1}]},{\"other\":1}]").members.map(\.name) == ["id", "chats"])
    }

    @Test func showsWhatItCanOfATruncatedHead() throws {
        let shape = try sniff("{\"type\":\"list\",\"data\":[{\"id\":1,\"body\":\"cut he")
        #expect(shape.kind == .jsonDocument)
        #expect(shape.members.map(\.name) == ["type", "data"])
        #expect(shape.member("data")?.keys == ["id", "body"])
    }

    @Test func showsHeaderAndDialect() throws {
        let shape = try sniff("\u{FEFF}sep=;\r\n id;\"a;b\";id\r\n1;2;3")
        #expect(shape.header == ["id", "a;b", "id (2)"])
        #expect(shape.dialect == CSVDialect(delimiter: ";"))
    }

    @Test func showsTheFirstNamesOfXML() throws {
        let shape = try sniff(
            "<?xml version=\"1.0\"?><!-- c --><unload unload_date=\"x\">\n<incident action=\"INSERT\"><number>1</num")
        #expect(shape.root == "unload" && shape.child == "incident")
    }

    @Test func namesTheEncoding() throws {
        var bytes: [UInt8] = [0xFF, 0xFE]
        for unit in "a\tb\r\n1\t2".utf16 { bytes += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
        let shape = try FileShape.sniff(bytes, name: "file")
        #expect(shape.encoding == .utf16LittleEndian && shape.kind == .csv)
        #expect(shape.header == ["a", "b"])
    }
}
