import Glibc

/// How far a stage has come, and what to show of it: events in, text out, no clock and no terminal.
///
/// On a terminal one line is rewritten, at most ten times a second:
/// `conversations  1,234 of 10,000  12 %  310/s  12.3 MB/s  2 min 10 s left  3 quarantined`.
/// Elsewhere such a line is added at most every ten seconds. Each stage ends with one line that stays.
public struct ProgressState: Sendable {
    /// How progress is shown.
    public enum Layout: Sendable, Equatable {
        /// One line, rewritten in place.
        case rewritten(columns: Int)
        /// A line now and then.
        case lines
        /// Messages only.
        case silent
    }

    /// What happened.
    public enum Event: Sendable, Equatable {
        /// A stage began; the one before it ends. Totals are `nil` while unknown.
        case began(stage: String, total: Int?, totalBytes: Int?)
        /// The number of records became known, or is now guessed better.
        case total(Int, isEstimate: Bool)
        /// Records were done; bytes are those read.
        case advanced(records: Int, bytes: Int)
        /// Records went to quarantine; they are not counted as done by this.
        case quarantined(Int)
        /// The share of the granted rate limit in use, 0 to 1.
        case quota(Double)
        /// Nothing moves, for this reason; the next advance ends it.
        case waiting(String)
        /// A line for the person, above the progress.
        case message(String)
        /// Time went by.
        case ticked
        /// The stage is over.
        case ended
    }

    private struct Stage {
        var name: String
        var began: Duration
        var total: Int?
        var totalIsEstimate = false
        var totalBytes: Int?
        var records = 0
        var bytes = 0
        var quarantined = 0
        var quota: Double?
        var waiting: String?
        var recordRate = SmoothedRate()
        var byteRate = SmoothedRate()
        var drawn: Duration?
    }

    private let layout: Layout
    private var stage: Stage?

    /// Creates a state without a stage.
    public init(layout: Layout) { self.layout = layout }

    /// Takes an event.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - now: Time since any fixed moment; never runs back.
    /// - Returns: What to write to stderr now; empty for nothing.
    public mutating func take(_ event: Event, at now: Duration) -> String {
        switch event {
        case .began(let name, let total, let totalBytes):
            let text = end(at: now)
            stage = Stage(name: Terminal.safe(name), began: now, total: total, totalBytes: totalBytes)
            if layout == .lines { stage?.drawn = now }
            return text + draw(at: now)
        case .total(let total, let isEstimate):
            stage?.total = total
            stage?.totalIsEstimate = isEstimate
        case .advanced(let records, let bytes):
            stage?.records += records
            stage?.bytes += bytes
            stage?.waiting = nil
        case .quarantined(let count): stage?.quarantined += count
        case .quota(let share): stage?.quota = share
        case .waiting(let reason): stage?.waiting = Terminal.safe(reason)
        case .message(let text):
            return cleared + Terminal.safe(text, keepsLines: true) + "\n" + draw(at: now, isForced: true)
        case .ticked: break
        case .ended: return end(at: now)
        }
        return draw(at: now)
    }

    private var cleared: String {
        guard case .rewritten = layout, stage?.drawn != nil else { return "" }
        return "\r\u{1B}[K"
    }

    private mutating func draw(at now: Duration, isForced: Bool = false) -> String {
        guard layout != .silent, var stage else { return "" }
        let pause: Duration = layout == .lines ? .seconds(10) : .milliseconds(100)
        if let drawn = stage.drawn, now - drawn < pause {
            guard isForced, case .rewritten = layout else { return "" }
        }
        stage.recordRate.sample(stage.records, at: now - stage.began)
        stage.byteRate.sample(stage.bytes, at: now - stage.began)
        let clear = cleared
        stage.drawn = now
        self.stage = stage
        let line = Self.line(stage, at: now)
        guard case .rewritten(let columns) = layout else { return line + "\n" }
        // The last column stays free: some terminals wrap as soon as it is filled.
        return (clear.isEmpty ? "\r\u{1B}[K" : clear) + DisplayText.clipped(line, to: columns - 1)
    }

    private mutating func end(at now: Duration) -> String {
        guard let stage else { return "" }
        let clear = cleared
        self.stage = nil
        guard layout != .silent else { return "" }
        let span = now - stage.began
        let seconds = max(span.inSeconds, 0.001)
        var speed = "\(Figures.rate(Double(stage.records) / seconds))"
        if stage.bytes > 0 { speed += ", \(Figures.bytes(Int(Double(stage.bytes) / seconds)))/s" }
        let quarantined = stage.quarantined > 0 ? "; \(Figures.count(stage.quarantined)) quarantined" : ""
        return "\(clear)\(stage.name): \(Figures.count(stage.records)) in \(Figures.duration(span)) (\(speed))"
            + "\(quarantined)\n"
    }

    private static func line(_ stage: Stage, at now: Duration) -> String {
        var parts = [stage.name]
        let mark = stage.totalIsEstimate ? "about " : ""
        parts.append(Figures.count(stage.records) + (stage.total.map { " of \(mark)\(Figures.count($0))" } ?? ""))
        let share = share(of: stage)
        if let share { parts.append(Figures.percent(share)) }
        if let waiting = stage.waiting {
            parts.append("waiting: " + waiting)
        } else {
            if stage.records > 0, let rate = stage.recordRate.value { parts.append(Figures.rate(rate)) }
            if stage.bytes > 0, let rate = stage.byteRate.value { parts.append(Figures.bytes(Int(rate)) + "/s") }
            if let left = timeLeft(stage, at: now) { parts.append(Figures.duration(left) + " left") }
        }
        if let quota = stage.quota { parts.append("quota " + Figures.percent(quota)) }
        if stage.quarantined > 0 { parts.append("\(Figures.count(stage.quarantined)) quarantined") }
        return parts.joined(separator: "  ")
    }

    /// By records where their number is known, else by bytes.
    private static func share(of stage: Stage) -> Double? {
        if let total = stage.total, total > 0 { return min(1, Double(stage.records) / Double(total)) }
        if let total = stage.totalBytes, total > 0 { return min(1, Double(stage.bytes) / Double(total)) }
        return nil
    }

    /// Only once the rate has had time to settle; whole seconds, for tenths would flicker.
    private static func timeLeft(_ stage: Stage, at now: Duration) -> Duration? {
        guard now - stage.began >= .seconds(2) else { return nil }
        let (rest, rate) =
            stage.total.map { ($0 - stage.records, stage.recordRate.value) }
            ?? ((stage.totalBytes ?? 0) - stage.bytes, stage.byteRate.value)
        guard let rate, rate > 0, rest > 0 else { return nil }
        let seconds = Double(rest) / rate
        return seconds < 1e8 ? .seconds(Int64(seconds.rounded(.up))) : nil
    }
}

/// A rate over about the last ten seconds: older counts and the time they took fade together, so that it is
/// unbiased from the first sample on.
struct SmoothedRate: Sendable {
    private var count = 0
    private var time = Duration.zero
    private var weightedCount = 0.0
    private var weightedTime = 0.0

    /// Per second; `nil` before any time went by.
    var value: Double? { weightedTime > 0 ? weightedCount / weightedTime : nil }

    mutating func sample(_ total: Int, at now: Duration) {
        let step = (now - time).inSeconds
        guard step > 0 else { return }
        let fade = exp(-step / 10)
        weightedCount = weightedCount * fade + Double(total - count)
        weightedTime = weightedTime * fade + step
        count = total
        time = now
    }
}
