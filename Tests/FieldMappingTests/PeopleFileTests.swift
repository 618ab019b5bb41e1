import ConversationModel
import Diagnostics
import FieldMapping
import Foundation
import Testing

/// What spreadsheets do to a people file, one damage a test; all must decide the same.
@Suite struct PeopleFileTests {
    /// Where three agents go: one by id, one by e-mail, one kept.
    private func targets(_ bytes: [UInt8]) throws -> [String?] {
        let layer = MappingLayer(
            name: "m.json5", bytes: Array("{version: 1, agents: {file: 'a.csv', fallback: 'unassigned'}}".utf8))
        let mapping = try Mapping(layers: [layer]) { _ in bytes }
        let people = DestinationPeople(agents: [agent("A1"), agent("B1", email: "bo@new.example")])
        let compiled = mapping.compiled(for: people)
        return ["007", "8", "9", "10"].map { id in
            compiled.applied(to: .sample { $0.assignee = id }).conversation.assignee
        }
    }

    private let whole = """
        id,name,email,target,action,valid_from
        '007,Ana,ana@old.example,A1,map,
        8,"Bo; ""C"" D",bo@old.example,bo@new.example,,
        9,Cy,cy@old.example,,keep,
        10,Di,,,,

        """
    private let expected: [String?] = ["A1", "B1", "9", nil]

    @Test func asItWasWritten() throws { #expect(try targets(Array(whole.utf8)) == expected) }

    @Test func byteOrderMark() throws { #expect(try targets([0xEF, 0xBB, 0xBF] + Array(whole.utf8)) == expected) }

    @Test func windowsLineEnds() throws {
        #expect(try targets(Array(whole.replacing("\n", with: "\r\n").utf8)) == expected)
    }

    @Test func oldMacintoshLineEnds() throws {
        #expect(try targets(Array(whole.replacing("\n", with: "\r").utf8)) == expected)
    }

    @Test func semicolons() throws {
        let text = whole.replacing(",", with: ";")
        #expect(try targets(Array(text.utf8)) == expected)
    }

    @Test func tabs() throws { #expect(try targets(Array(whole.replacing(",", with: "\t").utf8)) == expected) }

    @Test func unicodeTextWithTabs() throws {
        let units = Array(("\u{FEFF}" + whole.replacing(",", with: "\t").replacing("\n", with: "\r\n")).utf16)
        #expect(try targets(units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }) == expected)
        #expect(try targets(units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }) == expected)
    }

    @Test func windowsCodePage() throws {
        // "Jörg" and a long dash as a western Excel saves them by default.
        let bytes = Array(whole.utf8).flatMap { $0 == UInt8(ascii: "C") ? [0x4A, 0xF6, 0x72, 0x67, 0x96] : [$0] }
        #expect(try targets(bytes) == expected)
    }

    @Test func windowsCodePageInACellThatDecides() throws {
        let bytes = Array("id,target\n7,J".utf8) + [0xF6] + Array("rg\n".utf8)
        let error = try #require(throws: MigrationError.self) { try targets(bytes) }
        #expect(error.description.contains("a.csv:2:3: the table is not UTF-8"))
    }

    @Test func quotesRoundEverything() throws {
        let text = """
            "id","name","email","target","action"
            "'007","Ana","","A1","map"
            "8","Bo","","bo@new.example",""
            "9","Cy","","","keep"

            """
        #expect(try targets(Array(text.utf8)) == expected)
    }

    @Test func leadingZerosBehindAnApostropheOrAFormula() throws {
        #expect(try targets(Array(whole.replacing("'007", with: "\"=\"\"007\"\"\"").utf8)) == expected)
        #expect(try targets(Array(whole.replacing("'007", with: "007").utf8)) == expected)
    }

    @Test func leadingZerosLostAreMatchedByEmail() throws {
        let compiled = try sections("agents: {file: 'a.csv'}", files: ["a.csv": whole.replacing("'007", with: "7")])
            .compiled()
        let people = SourcePeople(agents: [agent("007", email: "ana@old.example")])
        #expect(compiled.applied(to: .sample { $0.assignee = "007" }, people: people).conversation.assignee == "A1")
    }

    @Test func reorderedAndFurtherColumns() throws {
        let text = """
            note,Action,TARGET,last_seen,Id,my own
            x,map,A1,2024-01-01,'007,
            ,,bo@new.example,,8,y
            ,KEEP,,,9,

            """
        #expect(try targets(Array(text.utf8)) == expected)
    }

    @Test func emptyColumnsAndRowsBehind() throws {
        let text = whole.replacing("\n", with: ",,,\n") + ",,,,,,,,\n,,,\n\n"
        #expect(try targets(Array(text.utf8)) == expected)
    }

    @Test func cellsCutShort() throws {
        #expect(
            try targets(Array(whole.replacing(",keep,", with: ",keep").replacing("10,Di,,,,", with: "10").utf8))
                == expected)
    }

    @Test func aFirstLineThatNamesTheSeparator() throws {
        #expect(try targets(Array(("sep=;\r\n" + whole.replacing(",", with: ";")).utf8)) == expected)
        #expect(try targets(Array(("\"sep=,\"\n" + whole).utf8)) == expected)
    }

    @Test func blanksRoundCells() throws {
        let text = whole.replacing(",A1,map", with: ", A1\u{A0}, map ")
        #expect(try targets(Array(text.utf8)) == expected)
    }

    @Test func suggestionsCopiedIntoTheTargetColumn() throws {
        let text = whole.replacing(",,keep", with: ",keep,").replacing("10,Di,,,,", with: "10,Di,,unassigned,,")
        #expect(try targets(Array(text.utf8)) == expected)
    }

    @Test func theWordDefaultMeansTheFallback() throws {
        #expect(try targets(Array(whole.replacing(",,keep", with: ",,default").utf8)) == ["A1", "B1", nil, nil])
    }

    // MARK: Writing

    @Test(arguments: [
        ("814860", "814860"), ("007", "'007"), ("0", "0"), ("9007199254740993", "'9007199254740993"),
        ("=1+1", "'=1+1"), ("-5", "'-5"), ("+49 30", "'+49 30"), ("@x", "'@x"), ("62e45", "'62e45"), ("1-2", "'1-2"),
        ("3.14", "'3.14"), ("MAR1", "'MAR1"), ("Maria", "Maria"), ("Marc 2nd", "Marc 2nd"), ("true", "'true"),
        ("2024-01-31", "2024-01-31"), ("a;b", "\"a;b\""), ("a\"b", "\"a\"\"b\""), ("5f3a09", "5f3a09"), ("", ""),
    ]) func cellsThatASpreadsheetWouldChangeAreGuarded(_ text: String, _ cell: String) {
        #expect(PeopleFile.cell(text) == cell)
    }

    @Test func guardedCellsReadBackAsTheyWere() throws {
        let ids = ["007", "=1", "-5", "62e45", "MAR1", "1-2", "a,b", "x\"y", "9007199254740993001", "'q"]
        let table = "id,target,action\n" + ids.map { "\(PeopleFile.cell($0)),\(PeopleFile.cell($0)),map\n" }.joined()
        let decisions = try PeopleFile.decisions(Array(table.utf8), file: "a.csv")
        #expect(decisions.map(\.id) == ids)
        #expect(decisions.map(\.target) == ids)
    }
}
