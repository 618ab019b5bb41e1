import Foundation
import Testing

@testable import Reports

@Suite struct WordsTests {
    @Test func everyTextStandsInBothLanguagesWithTheSameGaps() throws {
        let gap = try Regex("\\{[0-9]\\}")
        for phrase in Phrase.allCases {
            let pair = try #require(Phrase.table[phrase], "\(phrase) has no text")
            #expect(!pair.en.isEmpty && !pair.es.isEmpty, "\(phrase)")
            let gaps = [pair.en, pair.es].map { Set($0.matches(of: gap).map { String($0.0) }) }
            #expect(gaps[0] == gaps[1], "\(phrase)")
        }
        #expect(Phrase.table.count == Phrase.allCases.count)
    }

    @Test func textsSayNothingOfTheInside() {
        let inner = ["timeline", "extras", "entity", "ledger", "projection", "neutral", "null", "homeless", "NULL"]
        var texts = Phrase.allCases.flatMap { phrase in
            [Phrase.table[phrase]?.en ?? "", Phrase.table[phrase]?.es ?? ""]
        }
        texts += Words.modelWords.values.flatMap { [$0.en, $0.es] }
        for text in texts { for word in inner { #expect(!text.contains(word), "\(text)") } }
    }

    @Test func figuresAreWrittenAsTheLanguageDoes() {
        let (en, es) = (Words(.en), Words(.es))
        #expect(en.count(1_234_567) == "1,234,567")
        #expect(es.count(1_234_567) == "1.234.567")
        #expect(en.bytes(12_345_678) == "12.3 MB")
        #expect(es.bytes(12_345_678) == "12,3 MB")
        #expect(en.share(0.999_99) == "99.9 %", "less than all is never all")
        #expect(en.share(1) == "100 %")
        #expect(en.duration(3725) == "1 h 2 min")
        #expect(en.moment("2024-02-01T09:00:12.500Z") == "2024-02-01 09:00 UTC")
    }

    @Test func fieldsHaveTheNamesThatPeopleKnow() {
        let (en, es) = (Words(.en), Words(.es))
        #expect(en.field("timeline.created_at") == "Times of entries")
        #expect(es.field("status") == "Estado")
        #expect(en.field("fields.31", ["31": "Order"]) == "Custom field 'Order'")
        #expect(en.field("timeline.event.tag_added") == "Events: tag added")
        #expect(en.detail("status", "on_hold -> open") == "On hold → Open")
    }
}
