/// A moment in UTC and how finely its source wrote it; two instants are equal when the moments are.
///
/// Worked values: `2023-09-18T23:25:58Z` is 1_695_079_558_000_000 µs at `.seconds`; `.5Z` behind it adds 500_000 µs at
/// `.milliseconds`; years 1 to 9999 are read.
public struct Instant: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Digits of a second that the source wrote.
    public enum Precision: UInt8, Sendable {
        /// Whole seconds.
        case seconds
        /// Three digits.
        case milliseconds
        /// Six digits.
        case microseconds
    }

    /// Microseconds since 1970-01-01T00:00:00Z, negative before.
    public let microseconds: Int64
    /// How finely it is written.
    public let precision: Precision

    /// Creates an instant from microseconds since 1970.
    public init(microseconds: Int64, precision: Precision = .microseconds) {
        self.microseconds = microseconds
        self.precision = precision
    }

    /// Creates an instant from whole seconds since 1970.
    public init(seconds: Int64) { self.init(microseconds: seconds &* 1_000_000, precision: .seconds) }

    /// Whole seconds since 1970, rounded down.
    public var seconds: Int64 { microseconds.floorDivided(by: 1_000_000) }

    /// The same moment cut down to a precision, rounded down.
    public func cut(to precision: Precision) -> Instant {
        let unit: Int64 =
            switch precision {
            case .seconds: 1_000_000
            case .milliseconds: 1000
            case .microseconds: 1
            }
        return Instant(
            microseconds: microseconds.floorDivided(by: unit) * unit,
            precision: self.precision.rawValue < precision.rawValue ? self.precision : precision)
    }

    /// Whether both are the same moment, however finely written.
    public static func == (a: Instant, b: Instant) -> Bool { a.microseconds == b.microseconds }
    /// Whether the first comes before the second.
    public static func < (a: Instant, b: Instant) -> Bool { a.microseconds < b.microseconds }
    /// Feeds the moment, not its writing.
    public func hash(into hasher: inout Hasher) { hasher.combine(microseconds) }

    /// ISO 8601 in UTC with as many digits of a second as the source had: `2023-09-18T23:25:58Z`.
    public var description: String {
        String(unsafeUninitializedCapacity: 32) { write(into: $0, separator: UInt8(ascii: "T"), zone: true) }
    }

    /// Writes the instant as ASCII and returns the number of bytes; `buffer` holds at least 32.
    ///
    /// - Parameters:
    ///   - buffer: Where to write.
    ///   - separator: The byte between date and time, `T` or a blank.
    ///   - zone: Whether a `Z` follows.
    /// - Returns: Bytes written, 19 to 27.
    public func write(into buffer: UnsafeMutableBufferPointer<UInt8>, separator: UInt8, zone: Bool) -> Int {
        let second = seconds
        let days = second.floorDivided(by: 86400)
        let civil = CivilDate(daysSince1970: days)
        let ofDay = Int(second - days * 86400)
        var at = 0
        func put(_ value: Int, _ width: Int) {
            var rest = value
            for index in stride(from: at + width - 1, through: at, by: -1) {
                buffer[index] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
            at += width
        }
        func put(_ byte: UInt8) {
            buffer[at] = byte
            at += 1
        }
        put(civil.year, 4)
        put(UInt8(ascii: "-"))
        put(civil.month, 2)
        put(UInt8(ascii: "-"))
        put(civil.day, 2)
        put(separator)
        put(ofDay / 3600, 2)
        put(UInt8(ascii: ":"))
        put(ofDay / 60 % 60, 2)
        put(UInt8(ascii: ":"))
        put(ofDay % 60, 2)
        let fraction = Int(microseconds - second * 1_000_000)
        switch precision {
        case .seconds: break
        case .milliseconds:
            put(UInt8(ascii: "."))
            put(fraction / 1000, 3)
        case .microseconds:
            put(UInt8(ascii: "."))
            put(fraction, 6)
        }
        if zone { put(UInt8(ascii: "Z")) }
        return at
    }

    /// Reads `YYYY-MM-DD`, then optionally `T` or a blank, `HH:MM[:SS[.digits]]` and `Z` or `+hh[:]mm`; no zone is UTC.
    ///
    /// The result is `nil` when the text is not of that form or names a day or hour that does not exist. Digits beyond the
    /// sixth are dropped.
    ///
    /// - Parameter text: ASCII bytes; outer blanks are not allowed.
    public init?(iso8601 text: UnsafeBufferPointer<UInt8>) {
        var scan = DigitScanner(text)
        guard let year = scan.number(4), scan.take(UInt8(ascii: "-")), let month = scan.number(2),
            scan.take(UInt8(ascii: "-")), let day = scan.number(2),
            let days = CivilDate.days(year: year, month: month, day: day)
        else { return nil }
        var micros = Int64(0)
        var precision = Precision.seconds
        if !scan.isAtEnd {
            guard scan.take(UInt8(ascii: "T")) || scan.take(UInt8(ascii: " ")) || scan.take(UInt8(ascii: "t")),
                let hour = scan.number(2), hour < 24, scan.take(UInt8(ascii: ":")), let minute = scan.number(2),
                minute < 60
            else { return nil }
            micros = Int64(hour * 3600 + minute * 60) * 1_000_000
            if scan.take(UInt8(ascii: ":")) {
                guard let second = scan.number(2), second < 61 else { return nil }
                micros += Int64(second) * 1_000_000
                if scan.take(UInt8(ascii: ".")) || scan.take(UInt8(ascii: ",")) {
                    guard let (value, digits) = scan.fraction() else { return nil }
                    micros += Int64(value)
                    precision = digits > 3 ? .microseconds : .milliseconds
                }
            }
            if scan.take(UInt8(ascii: " ")), scan.isAtEnd { return nil }
            if scan.take(UInt8(ascii: "Z")) || scan.take(UInt8(ascii: "z")) {
            } else if let sign = scan.sign() {
                guard let hours = scan.number(2), hours < 24 else { return nil }
                _ = scan.take(UInt8(ascii: ":"))
                let minutes = scan.isAtEnd ? 0 : scan.number(2)
                guard let minutes, minutes < 60 else { return nil }
                micros -= Int64(sign * (hours * 3600 + minutes * 60)) * 1_000_000
            }
            guard scan.isAtEnd else { return nil }
        }
        self.init(microseconds: Int64(days) * 86_400_000_000 + micros, precision: precision)
    }

    /// Reads ISO 8601 text as ``init(iso8601:)-swift.init`` does from bytes.
    public init?(_ text: String) {
        var text = text
        guard let instant = text.withUTF8({ Instant(iso8601: $0) }) else { return nil }
        self = instant
    }
}

/// A day of the proleptic Gregorian calendar; after Howard Hinnant's public-domain day-count algorithms.
package struct CivilDate: Sendable {
    package let year: Int
    package let month: Int
    package let day: Int

    package init(daysSince1970: Int64) {
        let z = Int(daysSince1970) + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shifted + 2) / 5 + 1
        month = shifted < 10 ? shifted + 3 : shifted - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Days since 1970-01-01; `nil` for a day that does not exist.
    package static func days(year: Int, month: Int, day: Int) -> Int? {
        guard year >= 1, (1...12).contains(month), day >= 1, day <= length(ofMonth: month, year: year) else {
            return nil
        }
        let y = month <= 2 ? year - 1 : year
        let era = y / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

private struct DigitScanner {
    let bytes: UnsafeBufferPointer<UInt8>
    var at = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var isAtEnd: Bool { at == bytes.count }

    mutating func number(_ width: Int) -> Int? {
        guard at + width <= bytes.count else { return nil }
        var value = 0
        for index in at..<(at + width) {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
        }
        at += width
        return value
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    mutating func sign() -> Int? {
        if take(UInt8(ascii: "+")) { return 1 }
        return take(UInt8(ascii: "-")) ? -1 : nil
    }

    /// Digits of a second as microseconds, and how many there were.
    mutating func fraction() -> (Int, Int)? {
        var value = 0
        var digits = 0
        while at < bytes.count, bytes[at] &- UInt8(ascii: "0") < 10 {
            if digits < 6 { value = value * 10 + Int(bytes[at] - UInt8(ascii: "0")) }
            digits += 1
            at += 1
        }
        guard digits > 0 else { return nil }
        for _ in min(digits, 6)..<6 { value *= 10 }
        return (value, digits)
    }
}

extension Int64 {
    /// The quotient rounded down, also for negative numbers.
    package func floorDivided(by unit: Int64) -> Int64 {
        let quotient = self / unit
        return self % unit < 0 ? quotient - 1 : quotient
    }
}
