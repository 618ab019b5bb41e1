import Testing

@testable import ConsoleKit

@Suite struct ValueFormatTests {
    @Test(arguments: [
        ("15m", 900_000), ("1h30m", 5_400_000), ("90s", 90_000), ("250ms", 250), ("1w2d", 777_600_000), ("0s", 0),
        ("2m5ms", 120_005),
    ])
    func readsTimeSpans(text: String, milliseconds: Int64) {
        #expect(TimeSpan.parse(text) == .milliseconds(milliseconds))
    }

    @Test(arguments: ["", "15", "m", "1.5h", "30m1h", "1h1h", "-5m", "5 m", "1y", "9999999999s", "999999999w", "١h"])
    func refusesWhatIsNoTimeSpan(text: String) {
        #expect(TimeSpan.parse(text) == nil)
    }

    @Test func writtenTimeSpansReadBack() {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<2000 {
            let span = Duration.milliseconds(Int64.random(in: 0...1_000_000_000_000, using: &generator))
            #expect(TimeSpan.parse(TimeSpan.text(span)) == span)
        }
    }

    @Test(arguments: [
        ("1970-01-01", 0), ("2026-03-31", 1_774_915_200_000), ("2026-03-31T18:00Z", 1_774_980_000_000),
        ("2026-03-31 18:00:05.25", 1_774_980_005_250), ("2026-03-31T18:00:00-0130", 1_774_985_400_000),
        ("2024-02-29", 1_709_164_800_000), ("1969-12-31T23:59:59.999Z", -1),
        ("2000-01-01T00:00:00.123456789Z", 946_684_800_123),
    ])
    func readsTimes(text: String, milliseconds: Int64) {
        #expect(UTCTime.parse(text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "yesterday", "2026-3-1", "2026-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "2026-01-01T",
        "2026-01-01T24:00",
        "2026-01-01T10", "2026-01-01T10:00:60", "2026-01-01T10:00+15:00", "2026-01-01T10:00Zx", "31/03/2026",
        "2026-01-01T10:00:00.",
    ])
    func refusesWhatIsNoTime(text: String) {
        #expect(UTCTime.parse(text) == nil)
    }

    @Test func writtenTimesReadBack() {
        var generator = SeededGenerator(seed: 12)
        for _ in 0..<5000 {
            let time = UTCTime(
                milliseconds: Int64.random(in: -62_000_000_000_000...253_402_300_799_999, using: &generator))
            #expect(UTCTime.parse(time.text) == time, "\(time.text)")
        }
    }
}
