/// Time spans as people write them: whole numbers with units, largest first.
enum TimeSpan {
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]

    /// Reads `1h30m`; each unit at most once and in falling order, so that a slip such as `30m1h` is noticed.
    static func parse(_ text: String) -> Duration? {
        var rest = text[...]
        var units = units[...]
        var total: Int64 = 0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard (1...9).contains(digits.count), let number = Int64(digits) else { return nil }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let index = units.firstIndex(where: { $0.name == unit }) else { return nil }
            let (span, overflow) = number.multipliedReportingOverflow(by: units[index].milliseconds)
            guard !overflow, span <= 1 << 53 else { return nil }
            total += span
            units = units[(index + 1)...]
        }
        return text.isEmpty ? nil : .milliseconds(total)
    }

    /// Writes a span as ``parse(_:)`` reads it, to the millisecond; a negative one as zero.
    static func text(_ duration: Duration) -> String {
        var rest = max(0, duration.wholeMilliseconds)
        var text = ""
        for unit in units where rest >= unit.milliseconds {
            text += "\(rest / unit.milliseconds)\(unit.name)"
            rest %= unit.milliseconds
        }
        return text.isEmpty ? "0s" : text
    }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    var wholeMilliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
    /// Seconds with fraction.
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
