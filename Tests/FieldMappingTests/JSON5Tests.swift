import Diagnostics
import FieldMapping
import Testing

@Suite struct JSON5Tests {
    private func canonical(_ text: String) throws -> String { try JSON5.parse(text, file: "t.json5").canonicalText }

    @Test(arguments: [
        ("{a: 1, 'b': 'two', \"c\": [1, 2,],}", #"{"a":1,"b":"two","c":[1,2]}"#),
        ("// one\n/* two\n */ null // three", "null"),
        ("[+1, -.5, 5., 0x1F, 1e+3, -0x10, 0, 12.50]", "[1,-0.5,5,31,1e3,-16,0,12.50]"),
        ("'a\\\nb\\\r\nc\\x41\\u00e9\\uD83D\\uDE00\\'\\\"\\q\\0'", "\"abcAé😀'\\\"q\\u0000\""),
        ("{$id: true, _x: false, ünï: null, \\u0061b: 1}", #"{"$id":true,"_x":false,"ab":1,"ünï":null}"#),
        ("\u{FEFF}\u{A0}\u{2028}[\t]\u{B}", "[]"),
        ("\"tab\there\"", #""tab\there""#),
    ]) func readsWhatTheFormatAllows(_ text: String, _ expected: String) throws {
        #expect(try canonical(text) == expected)
    }

    @Test(arguments: [
        ("{a: 1 ¶b: 2}", "expected ',' or '}'"),
        ("{a: 1, ¶a: 2}", "key 'a' stands twice, first in line 1"),
        ("{a: ¶yes}", "put quotes round text"),
        ("{a: ¶True}", "did you mean true?"),
        ("[1,\n 2¶", "expected ']' for the list opened in line 1"),
        ("{\n  a: ¶\"open\n}", "text has no end in its line"),
        ("¶", "found the end of the file; expected a value"),
        ("{} ¶x", "nothing more after the value"),
        ("[¶Infinity]", "expected a finite number"),
        ("[¶-NaN]", "expected a finite number"),
        ("[¶007]", "number begins with 0"),
        ("[12¶ab]", "expected the end of the number"),
        ("[\"\\u12¶g4\"]", "4 hexadecimal digits"),
        ("['¶\\ud800']", "half of a surrogate pair"),
        ("{¶7: 1}", "put quotes round keys that are numbers"),
        ("{a ¶1}", "expected ':' after key 'a'"),
        ("[1] ¶/* open", "comment has no end"),
        ("{é: 'ñ😀', ¶é: 1}", "stands twice"),
        ("[1,¶,2]", "expected a value"),
        ("[0x¶]", "a hexadecimal digit"),
        ("['\\¶1']", "an escape that is not a digit"),
    ]) func pointsAtWhatIsWrong(_ marked: String, _ part: String) throws {
        let marked = MarkedText(marked)
        let error = try #require(throws: MigrationError.self) { try JSON5.parse(marked.text, file: "t.json5") }
        #expect(error.code == "configuration/syntax")
        #expect(error.exit == .configuration)
        #expect(error.description.contains(part), "\(error)")
        #expect(error.place == Place(file: "t.json5", line: marked.line, column: marked.column))
    }

    @Test func locatesBytesThatAreNotUTF8() throws {
        let bytes: [UInt8] = Array("{\n  a: 'é".utf8) + [0xFF] + Array("'}".utf8)
        let error = try #require(throws: MigrationError.self) { try JSON5.parse(bytes, file: "t.json5") }
        #expect(error.place == Place(file: "t.json5", line: 2, column: 8))
        #expect(error.summary.contains("byte 10 (0xFF)"))
        #expect(throws: MigrationError.self) { try JSON5.parse([0xFF, 0xFE, 0x7B, 0], file: "t.json5") }
        #expect(throws: MigrationError.self) { try JSON5.parse([0x22, 0xC3], file: "t.json5") }
    }

    @Test func endsNestingAtItsLimit() throws {
        let deep = JSON5.maximumDepth
        _ = try JSON5.parse(String(repeating: "[", count: deep) + String(repeating: "]", count: deep), file: "t")
        let error = try #require(throws: MigrationError.self) {
            try JSON5.parse(String(repeating: "[", count: 1_000_000), file: "t")
        }
        #expect(error.place.column == deep + 1)
    }

    @Test func anyCutOfATextIsAValueOrALocatedError() throws {
        let text = "{a: [1, 'x\\n', /* c */ {b: +0x1F}], // d\n 'é': \"\\u00e9\", c: -1.5e3,}"
        let bytes = Array(text.utf8)
        for end in 0..<bytes.count {
            let error = try #require(throws: MigrationError.self) { try JSON5.parse(Array(bytes[..<end]), file: "t") }
            #expect(error.place.line != nil && error.place.column != nil)
        }
        var random = SystemLikeGenerator(seed: 7)
        for _ in 0..<5000 {
            var mutated = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                mutated[Int.random(in: 0..<mutated.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            do { _ = try JSON5.parse(mutated, file: "t") } catch { #expect(error is MigrationError) }
        }
    }

    @Test func keepsThePlaceOfKeysAndValues() throws {
        let node = try JSON5.parse("{\r\n  a: 1,\r\n  b: [\r\n    'x'],\r}", file: "t.json5")
        let member = try #require(node.members.last)
        #expect(member.keyPlace == Place(file: "t.json5", line: 3, column: 3))
        #expect((member.node.line, member.node.column) == (3, 6))
        #expect(member.node.elements.first?.line == 4)
        #expect(member.node.elements.first?.column == 5)
    }

    @Test func canonicalTextIsAFixedPoint() throws {
        let text = try canonical("{z: [1, {y: 'a\\u0001\"', x: null}], a: 0x10}")
        #expect(try canonical(text) == text)
    }
}

/// SplitMix64, so that a failure can be run again.
struct SystemLikeGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
