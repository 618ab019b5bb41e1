import ConsoleKit
import Testing

@Suite struct DisplayTextTests {
    @Test(arguments: [
        ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("한글", 4), ("\u{1112}\u{1161}\u{11AB}", 2),
        ("😀", 2), ("👩‍👩‍👧‍👦", 2), ("👍🏽", 2), ("🇩🇪", 2), ("❤️", 2), ("1️⃣", 2), ("→", 1), ("ﬁ", 1), ("ａ", 2),
        ("नि", 2), ("שלום", 4), ("a\u{200D}b", 2),
    ])
    func countsColumns(text: String, columns: Int) {
        #expect(DisplayText.width(text) == columns)
    }
}
