import ConsoleKit
import Foundation
import Testing

@Suite struct OutputTests {
    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1000, "-1,000"),
        (.min, "-9,223,372,036,854,775,808"),
    ])
    func groupsDigits(value: Int, text: String) {
        #expect(Figures.count(value) == text)
    }

    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (12_345_678, "12.3 MB"), (99_949, "99.9 kB"), (99_950, "100 kB"),
        (999_499, "999 kB"), (999_500, "1.0 MB"), (123_000_000_000, "123 GB"), (Int.max, "9,223 PB"),
    ])
    func writesBytes(value: Int, text: String) {
        #expect(Figures.bytes(value) == text)
    }

    @Test(arguments: [
        (0, "0 ms"), (850, "850 ms"), (4230, "4.2 s"), (9949, "9.9 s"), (9950, "10 s"), (47_400, "47 s"),
        (59_700, "1 min"),
        (725_000, "12 min 5 s"), (3_599_700, "1 h"), (4_320_000, "1 h 12 min"), (273_600_000, "3 d 4 h"), (-5, "0 ms"),
    ])
    func writesDurations(milliseconds: Int, text: String) {
        #expect(Figures.duration(.milliseconds(milliseconds)) == text)
    }

    @Test(arguments: [(0.0, "0 %"), (0.29, "29 %"), (0.999, "99 %"), (1.0, "100 %"), (0.07, "7 %")])
    func percentIsNeverRoundedUp(share: Double, text: String) {
        #expect(Figures.percent(share) == text)
    }

    @Test func writesTimes() {
        #expect(Figures.time(milliseconds: 1_774_980_000_000) == "2026-03-31T18:00:00Z")
        #expect(Figures.time(milliseconds: -1) == "1969-12-31T23:59:59.999Z")
    }

    @Test func printsObjectsInTheirOrder() {
        let value: JSONText = [
            "verdict": "done", "exit": 0, "share": 0.5, "whole": true, "run": nil, "losses": [], "counts": [:],
            "ids": ["a", 2], "nested": ["z": ["y": 1.0]],
        ]
        #expect(
            value.pretty == """
                {
                  "verdict": "done",
                  "exit": 0,
                  "share": 0.5,
                  "whole": true,
                  "run": null,
                  "losses": [],
                  "counts": {},
                  "ids": [
                    "a",
                    2
                  ],
                  "nested": {
                    "z": {
                      "y": 1.0
                    }
                  }
                }

                """)
        #expect(
            JSONText.members([("a", 1), ("b", nil), ("c", [true, .number(.nan)])]).compact
                == #"{"a":1,"c":[true,null]}"#)
    }

    @Test func escapesWhatJSONAndTerminalsNeed() {
        #expect(
            JSONText.string("a\"\\\n\r\t\u{1B}\u{9B}\u{202E}é😀\r\n/").compact
                == #""a\"\\\n\r\t\u001b\u009b\u202eé😀\r\n/""#)
    }

    @Test func anyTextReadsBack() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<300 {
            let scalars = (0..<40).compactMap { _ in Unicode.Scalar(UInt32.random(in: 0...0x2FFF, using: &generator)) }
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars)
            let value: JSONText = [String(text): .string(String(text))]
            let read = try JSONDecoder().decode([String: String].self, from: Data(value.pretty.utf8))
            #expect(read.first.map { Array($0.value.unicodeScalars) } == scalars)
            #expect(read.first.map { Array($0.key.unicodeScalars) } == scalars)
        }
    }
}
