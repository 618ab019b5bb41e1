import ConsoleKit
import Testing

@Suite struct ProgressTests {
    private let clear = "\r\u{1B}[K"

    @Test func rewritesOneLineAtMostTenTimesASecond() {
        var state = ProgressState(layout: .rewritten(columns: 120))
        #expect(
            state.take(.began(stage: "conversations", total: 10_000, totalBytes: nil), at: .zero)
                == clear + "conversations  0 of 10,000  0 %")
        #expect(state.take(.advanced(records: 500, bytes: 1_000_000), at: .milliseconds(99)) == "")
        let line = state.take(.advanced(records: 500, bytes: 1_000_000), at: .seconds(1))
        #expect(line == clear + "conversations  1,000 of 10,000  10 %  1,000/s  2.0 MB/s")
        var drawn = 0
        for step in 1...1000 {
            let now = Duration.milliseconds(1000 + step)
            if !state.take(.advanced(records: 1, bytes: 0), at: now).isEmpty { drawn += 1 }
        }
        #expect(drawn == 10)
    }

    @Test func showsTimeLeftQuotaAndQuarantine() {
        var state = ProgressState(layout: .rewritten(columns: 120))
        _ = state.take(.began(stage: "contacts", total: 1300, totalBytes: nil), at: .zero)
        _ = state.take(.quarantined(3), at: .zero)
        _ = state.take(.quota(0.94), at: .zero)
        let line = state.take(.advanced(records: 20, bytes: 0), at: .seconds(2))
        #expect(line == clear + "contacts  20 of 1,300  1 %  10.0/s  2 min 8 s left  quota 94 %  3 quarantined")
    }

    @Test func fallsBackToBytesWhenTheNumberOfRecordsIsUnknown() {
        var state = ProgressState(layout: .rewritten(columns: 120))
        _ = state.take(.began(stage: "file", total: nil, totalBytes: 100_000_000), at: .zero)
        let line = state.take(.advanced(records: 100, bytes: 25_000_000), at: .seconds(5))
        #expect(line == clear + "file  100  25 %  20.0/s  5.0 MB/s  15 s left")
    }

    @Test func saysWhyNothingMoves() {
        var state = ProgressState(layout: .rewritten(columns: 120))
        _ = state.take(.began(stage: "contacts", total: nil, totalBytes: nil), at: .zero)
        _ = state.take(.total(500, isEstimate: true), at: .zero)
        let line = state.take(.waiting("47 s as the server asked"), at: .seconds(1))
        #expect(line == clear + "contacts  0 of about 500  0 %  waiting: 47 s as the server asked")
        #expect(state.take(.advanced(records: 1, bytes: 0), at: .seconds(2)).contains("waiting") == false)
    }

    @Test func neverFillsTheLastColumn() {
        var state = ProgressState(layout: .rewritten(columns: 30))
        let text = state.take(
            .began(stage: String(repeating: "long ", count: 20), total: nil, totalBytes: nil), at: .zero)
        #expect(DisplayText.width(text.dropFirst(clear.unicodeScalars.count)) == 29)
    }

    @Test func plainLinesComeEveryTenSecondsAndAtTheEnd() {
        var state = ProgressState(layout: .lines)
        var text = state.take(.began(stage: "contacts", total: nil, totalBytes: nil), at: .zero)
        for second in 1...25 { text += state.take(.advanced(records: 10, bytes: 0), at: .seconds(second)) }
        text += state.take(.ended, at: .seconds(25))
        #expect(
            text == """
                contacts  100  10.0/s
                contacts  200  10.0/s
                contacts: 250 in 25 s (10.0/s)

                """)
    }

    @Test func messagesStandAboveTheLine() {
        var state = ProgressState(layout: .rewritten(columns: 80))
        _ = state.take(.began(stage: "contacts", total: nil, totalBytes: nil), at: .zero)
        let text = state.take(.message("zendesk: a\u{1B}b"), at: .milliseconds(10))
        #expect(text == clear + "zendesk: a\\u{1B}b\n" + clear + "contacts  0")
    }

    @Test func aNewStageEndsTheOneBefore() {
        var state = ProgressState(layout: .rewritten(columns: 80))
        _ = state.take(.began(stage: "contacts", total: nil, totalBytes: nil), at: .zero)
        _ = state.take(.advanced(records: 20, bytes: 4_000_000), at: .seconds(2))
        let text = state.take(.began(stage: "conversations", total: nil, totalBytes: nil), at: .seconds(4))
        #expect(text == clear + "contacts: 20 in 4.0 s (5.0/s, 1.0 MB/s)\n" + clear + "conversations  0")
        #expect(state.take(.ended, at: .seconds(5)) == clear + "conversations: 0 in 1.0 s (0/s)\n")
        #expect(state.take(.ended, at: .seconds(6)) == "")
    }

    @Test func quietShowsMessagesOnly() {
        var state = ProgressState(layout: .silent)
        var text = state.take(.began(stage: "contacts", total: nil, totalBytes: nil), at: .zero)
        text += state.take(.advanced(records: 20, bytes: 0), at: .seconds(20))
        text += state.take(.message("m"), at: .seconds(21))
        text += state.take(.ended, at: .seconds(22))
        #expect(text == "m\n")
    }

    @Test func theRateFollowsAChangeWithoutJumping() {
        var state = ProgressState(layout: .rewritten(columns: 80))
        _ = state.take(.began(stage: "c", total: nil, totalBytes: nil), at: .zero)
        var line = ""
        for second in 1...60 { line = state.take(.advanced(records: 100, bytes: 0), at: .seconds(second)) }
        #expect(line == clear + "c  6,000  100/s")
        line = state.take(.advanced(records: 1000, bytes: 0), at: .seconds(61))
        #expect(line == clear + "c  7,000  186/s")
        for second in 62...120 { line = state.take(.advanced(records: 1000, bytes: 0), at: .seconds(second)) }
        #expect(line.hasSuffix("  998/s"))
    }

    @Test func reportsFromManyTasksDoNotCross() async {
        let written = Written()
        let line = ProgressLine(layout: .lines, clock: { .zero }, write: { written.add($0) })
        line.report(.began(stage: "c", total: nil, totalBytes: nil))
        await withTaskGroup { group in
            for _ in 0..<50 { group.addTask { line.report(.advanced(records: 7, bytes: 0)) } }
        }
        line.report(.ended)
        #expect(written.text == "c: 350 in 0 ms (350,000/s)\n")
    }
}
