/// Numbers as people read them.
public enum Figures {
    /// `1,234,567`.
    public static func count(_ value: Int) -> String {
        let digits = Array(String(value.magnitude))
        var text = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }

    /// Bytes in steps of 1,000: `850 B`, `12.3 MB`, `120 GB`.
    public static func bytes(_ value: Int) -> String {
        var rest = Double(value)
        for unit in ["B", "kB", "MB", "GB", "TB"] {
            // Compared as it will be shown, so that 999,960 reads 1.0 MB and not 1,000 kB.
            let shown = unit == "B" ? rest : rest < 99.95 ? (rest * 10).rounded() / 10 : rest.rounded()
            if abs(shown) < 1000 { return (unit == "B" ? count(Int(rest)) : short(rest)) + " " + unit }
            rest /= 1000
        }
        return short(rest) + " PB"
    }

    /// Two units at most: `850 ms`, `4.2 s`, `47 s`, `12 min 5 s`, `1 h 12 min`, `3 d 4 h`.
    public static func duration(_ duration: Duration) -> String {
        let milliseconds = max(0, duration.wholeMilliseconds)
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        if milliseconds < 9950 { return tenths(Double(milliseconds) / 1000) + " s" }
        let seconds = (milliseconds + 500) / 1000
        return switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3600: pair(seconds / 60, "min", seconds % 60, "s")
        case ..<86_400: pair(seconds / 3600, "h", seconds % 3600 / 60, "min")
        default: pair(seconds / 86_400, "d", seconds % 86_400 / 3600, "h")
        }
    }

    /// Whole percent of a share, rounded down so that 100 % means all: `12 %`.
    public static func percent(_ share: Double) -> String {
        guard share.isFinite else { return "- %" }
        // A thousandth on top mends shares such as 0.29, whose hundredfold lies just below 29.
        return "\(Int((min(max(share, -1e6), 1e6) * 100 + 1e-9).rounded(.down))) %"
    }

    /// Things per second: `4.2/s`, `310/s`, `12,345/s`.
    public static func rate(_ perSecond: Double) -> String { short(perSecond) + "/s" }

    /// ISO 8601 in UTC: `2026-03-31T18:00:00Z`.
    public static func time(milliseconds: Int64) -> String { UTCTime(milliseconds: milliseconds).text }

    /// A tenth below 100, whole numbers above.
    private static func short(_ value: Double) -> String {
        guard value.isFinite else { return "-" }
        if value != 0, abs(value) < 99.95 { return tenths(value) }
        return count(Int(min(max(value, -1e18), 1e18).rounded()))
    }

    private static func tenths(_ value: Double) -> String {
        let tenths = Int((abs(value) * 10).rounded())
        return (value < 0 && tenths > 0 ? "-" : "") + "\(tenths / 10).\(tenths % 10)"
    }

    private static func pair(_ a: Int64, _ unit: String, _ b: Int64, _ smaller: String) -> String {
        b == 0 ? "\(a) \(unit)" : "\(a) \(unit) \(b) \(smaller)"
    }
}
