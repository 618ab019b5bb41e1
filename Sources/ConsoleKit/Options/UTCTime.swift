/// A point in time as an option gives it, in UTC.
public struct UTCTime: Sendable, Hashable, Comparable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public let milliseconds: Int64

    /// Wraps milliseconds since 1970-01-01T00:00:00Z.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Whether one time is earlier than another.
    public static func < (a: Self, b: Self) -> Bool { a.milliseconds < b.milliseconds }

    /// ISO 8601 with seconds, and with milliseconds when there are any: `2026-03-31T18:00:00Z`.
    public var text: String {
        let day = milliseconds.flooredQuotient(86_400_000)
        let rest = milliseconds - day * 86_400_000
        let (year, month, date) = Self.civil(day)
        let clock = "\(two(rest / 3_600_000)):\(two(rest / 60_000 % 60)):\(two(rest / 1000 % 60))"
        let fraction = rest % 1000 == 0 ? "" : "." + String(String(1000 + rest % 1000).dropFirst())
        let years = String(year)
        return String(repeating: "0", count: max(0, 4 - years.count)) + years
            + "-\(two(Int64(month)))-\(two(Int64(date)))T\(clock)\(fraction)Z"
    }

    private func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }

    /// Reads `2026-03-31`, `2026-03-31T18:00`, `2026-03-31 18:00:05.250Z`, `2026-03-31T18:00+02:00`.
    static func parse(_ text: String) -> UTCTime? {
        var scanner = DigitScanner(rest: text.utf8[...])
        guard let year = scanner.number(digits: 4), scanner.skip("-"), let month = scanner.number(digits: 2),
            scanner.skip("-"), let date = scanner.number(digits: 2), (1...12).contains(month), date >= 1
        else { return nil }
        let day = dayNumber(year: year, month: month, date: date)
        // The way back notices 31 February, which the formula carries over into March.
        let found = civil(day)
        guard found.month == month, found.date == date else { return nil }
        var time = day * 86_400_000
        if scanner.rest.isEmpty { return UTCTime(milliseconds: time) }

        guard scanner.skip("T") || scanner.skip(" "), let hour = scanner.number(digits: 2), scanner.skip(":"),
            let minute = scanner.number(digits: 2), hour < 24, minute < 60
        else { return nil }
        time += Int64(hour) * 3_600_000 + Int64(minute) * 60_000
        if scanner.skip(":") {
            guard let second = scanner.number(digits: 2), second < 60 else { return nil }
            time += Int64(second) * 1000
            if scanner.skip(".") {
                guard let fraction = scanner.fraction() else { return nil }
                time += fraction
            }
        }
        if scanner.skip("Z") || scanner.rest.isEmpty {
            return scanner.rest.isEmpty ? UTCTime(milliseconds: time) : nil
        }
        let isBehind = scanner.skip("-")
        guard isBehind || scanner.skip("+"), let hours = scanner.number(digits: 2) else { return nil }
        _ = scanner.skip(":")
        guard let minutes = scanner.number(digits: 2), hours <= 14, minutes < 60, scanner.rest.isEmpty else {
            return nil
        }
        let offset = Int64(hours) * 3_600_000 + Int64(minutes) * 60_000
        return UTCTime(milliseconds: isBehind ? time + offset : time - offset)
    }

    /// Days since 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in March.
    private static func dayNumber(year: Int, month: Int, date: Int) -> Int64 {
        let shifted = Int64(month <= 2 ? year - 1 : year)
        let era = shifted.flooredQuotient(400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = Int64((153 * ((month + 9) % 12) + 2) / 5 + date - 1)
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(_ day: Int64) -> (year: Int64, month: Int, date: Int) {
        let shifted = day + 719_468
        let era = shifted.flooredQuotient(146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1))
    }
}

/// Takes digits and marks off the front of a text.
private struct DigitScanner {
    var rest: Substring.UTF8View

    mutating func number(digits count: Int) -> Int? {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        rest = rest.dropFirst(count)
        return digits.reduce(0) { $0 * 10 + Int($1 - 48) }
    }

    mutating func skip(_ mark: Unicode.Scalar) -> Bool {
        guard let first = rest.first, UInt32(first) == mark.value else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// Milliseconds of up to nine decimals.
    mutating func fraction() -> Int64? {
        let digits = rest.prefix { (48...57).contains($0) }
        guard (1...9).contains(digits.count) else { return nil }
        rest = rest.dropFirst(digits.count)
        return (Array(digits.prefix(3)) + [48, 48, 48]).prefix(3).reduce(0) { $0 * 10 + Int64($1 - 48) }
    }
}

extension Int64 {
    fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
        self >= 0 ? self / divisor : -((-self + divisor - 1) / divisor)
    }
}
