import ConnectorKit
import ConversationModel
import Diagnostics
import Foundation
import SyncEngine
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
        #expect(en.share(0.000_1) == "< 0.1 %", "some is never none")
        #expect(es.compact(9_999) == "9.999")
        #expect(es.compact(12_345) == "12,3k")
        #expect(en.compact(1_250_000) == "1.3M")
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

    /// Worked values: the table of ``SpokenSentence`` and sentences with several gaps.
    @Test func sentencesOfTheEngineAreSaidInTheReadersLanguage() {
        let (en, es) = (Words(.en), Words(.es))
        #expect(en.spoken("said by timeline.email") == "told by: E-mail headers")
        #expect(es.spoken("said by timeline.email") == "indicado por: Cabeceras de correo")
        #expect(en.spoken("contact as cc") == "Customer, in copy")
        #expect(es.spoken("expected a list, found a number") == "Se esperaba una lista y hay un número")
        #expect(
            es.spoken("the value 'a (b) c' is not known (found 12x); its raw form was kept")
                == "El valor «a (b) c» no es conocido (aparece 12 ×); se conservó tal cual")
        #expect(en.spoken("3000 -> 256 characters") == "3000 → 256 characters")
        #expect(en.spoken("nobody wrote this sentence down") == "Nobody wrote this sentence down", "shown, not lost")
        #expect(en.known("contacts") == nil)
        #expect(en.detail("fields", "cf_0 -> cf0Str", ["cf_0": "Order"]) == "Order → cf0Str")
        #expect(en.detail("status", "cf_0 -> open", ["cf_0": "Order"]) == "cf_0 → Open")
    }

    @Test func valuesAreSaidInWordsToo() {
        let (en, es) = (Words(.en), Words(.es))
        #expect(en.value("timeline", "event joined 2021-06-01T00:03:00.000Z") == "Event joined 2021-06-01 00:03 UTC")
        #expect(es.value("participants", "cc c5") == "En copia c5")
        #expect(en.value("sessions", "s1 2021-06-01T00:03:00Z") == "s1 2021-06-01 00:03 UTC")
        #expect(en.value("brand", "event open") == "event open", "what people wrote stays")
    }

    @Test func everySentenceHasTheGapsThatItShows() throws {
        let gap = try Regex("\\{[0-9]\\}")
        for sentence in Words.sentences {
            let all = (0..<sentence.gaps.count).map { "{\($0)}" }
            for text in [sentence.en, sentence.es] {
                #expect(Set(text.matches(of: gap).map { String($0.0) }).isSubset(of: all), "\(text)")
            }
        }
    }

    /// What the engine says of a source with every kind of trouble is known in both languages.
    @Test func nothingThatTheEngineSaysStaysInItsOwnWords() async throws {
        let sample = try Sample(broken: 2)
        defer { sample.clear() }
        let path = sample.directory + "/bundle/conversations.jsonl"
        let odd = """
            {"id":"7","source":{"connector":"elsewhere"},"status":"resting","timeline":7}
            {"id":"8","source":{"connector":"elsewhere"},"status":"resting","timeline":[{"id":"8-1","type":"message",\
            "author":{"kind":"agent","id":"404"},"text":"Hello"}]}

            """
        try (String(contentsOfFile: path, encoding: .utf8) + odd).write(toFile: path, atomically: true, encoding: .utf8)
        let report = try await sample.plan().report
        let words = Words(.es)
        for record in report.quarantine { #expect(words.known(record.reason) != nil, "\(record.reason)") }
        for finding in report.findings {
            #expect(words.known(finding.summary) != nil, "\(finding.summary)")
            if let hint = finding.hint { #expect(words.known(hint) != nil, "\(hint)") }
        }
        #expect(!report.quarantine.isEmpty && !report.findings.isEmpty && !report.losses.all.isEmpty)
        for loss in report.losses.all {
            for example in loss.examples where example.detail.split(separator: " ").count > 3 {
                #expect(words.known(example.detail) != nil, "\(loss.field): \(example.detail)")
            }
        }
    }
}
