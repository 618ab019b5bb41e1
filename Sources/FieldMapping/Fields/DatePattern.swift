import ConversationModel

/// How a system writes dates: `DD.MM.YYYY HH:mm`, or `unix` and `unix_ms` for numbers.
///
/// | token | reads and writes |
/// | --- | --- |
/// | `YYYY`, `YY` | year; two digits below 70 are 20xx |
/// | `MM`, `M`, `MMM` | month with two digits, with one or two, as `Jan` |
/// | `DD`, `D` | day |
/// | `HH`, `H`, `hh`, `h` | hour of 24, or of 12 beside `a` |
/// | `mm`, `ss`, `SSS` | minute, second, thousandths |
/// | `a` | `AM` or `PM` |
/// | `Z` | `Z` or an offset such as `+02:00` |
///
/// Other characters stand for themselves.
struct DatePattern: Sendable, Equatable {
    enum Token: Sendable, Equatable {
        case year, shortYear, month, shortMonth, monthName, day, shortDay, hour, shortHour, hour12, shortHour12
        case minute, second, thousandth, half, offset
        case literal(UInt8)
    }

    private static let names: [(text: String, token: Token)] = [
        ("YYYY", .year), ("YY", .shortYear), ("MMM", .monthName), ("MM", .month), ("M", .shortMonth), ("DD", .day),
        ("D", .shortDay), ("HH", .hour), ("H", .shortHour), ("hh", .hour12), ("h", .shortHour12), ("mm", .minute),
        ("SSS", .thousandth), ("ss", .second), ("a", .half), ("Z", .offset),
    ]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private let tokens: [Token]
    /// Microseconds of one unit, for numbers since 1970.
    private let unit: Int64?
    /// Whether a time of day is part of it.
    let hasTime: Bool

    /// `nil` when the text names no day.
    init?(_ text: String) {
        if text == "unix" || text == "unix_ms" {
            tokens = []
            unit = text == "unix" ? 1_000_000 : 1000
            hasTime = true
            return
        }
        var tokens: [Token] = []
        var rest = text[...]
        while !rest.isEmpty {
            if let name = Self.names.first(where: { rest.hasPrefix($0.text) }) {
                tokens.append(name.token)
                rest = rest.dropFirst(name.text.count)
            } else {
                // Letters that are no token are a slip of the pen: better refused than matched against dates.
                guard let byte = rest.utf8.first, byte < 0x80, !rest[rest.startIndex].isLetter || byte == 0x54 else {
                    return nil
                }
                tokens.append(.literal(byte))
                rest = rest.dropFirst()
            }
        }
        let years = tokens.count { $0 == .year || $0 == .shortYear }
        let months = tokens.count { $0 == .month || $0 == .shortMonth || $0 == .monthName }
        let days = tokens.count { $0 == .day || $0 == .shortDay }
        guard years == 1, months == 1, days == 1 else { return nil }
        self.tokens = tokens
        unit = nil
        hasTime = tokens.contains { [.hour, .shortHour, .hour12, .shortHour12].contains($0) }
    }

    /// A date as a pattern reads it: the clock on the wall, and how far that is from UTC where the text says so.
    struct Reading: Equatable {
        /// Microseconds since 1970 as if the clock showed UTC.
        var wall: Int64
        var offset: Int?
        var precision = Instant.Precision.seconds
    }

    /// Reads a whole text; `nil` when it is not of the pattern or names a day that does not exist.
    func read(_ text: String) -> Reading? {
        if let unit {
            guard let number = Int64(text), abs(number) < 1_000_000_000_000_000 else { return nil }
            return Reading(
                wall: number &* unit, offset: 0, precision: unit == 1000 ? .milliseconds : .seconds)
        }
        var text = text
        return text.withUTF8 { read(Scanner(bytes: $0)) }
    }

    private func read(_ start: Scanner) -> Reading? {
        var scan = start
        var (year, month, day, hour, minute, second, thousandth) = (0, 0, 0, 0, 0, 0, 0)
        var (isAfternoon, offset): (Bool?, Int?) = (nil, nil)
        var precision = Instant.Precision.seconds
        for token in tokens {
            var value: Int?
            switch token {
            case .year:
                value = scan.number(4...4)
                year = value ?? 0
            case .shortYear:
                value = scan.number(2...2)
                year = value.map { $0 < 70 ? 2000 + $0 : 1900 + $0 } ?? 0
            case .month, .shortMonth:
                value = scan.number(token == .month ? 2...2 : 1...2)
                month = value ?? 0
            case .monthName:
                value = scan.name(Self.months)
                month = value.map { $0 + 1 } ?? 0
            case .day, .shortDay:
                value = scan.number(token == .day ? 2...2 : 1...2)
                day = value ?? 0
            case .hour, .shortHour, .hour12, .shortHour12:
                value = scan.number(token == .hour || token == .hour12 ? 2...2 : 1...2)
                hour = value ?? 0
            case .minute:
                value = scan.number(2...2)
                minute = value ?? 0
            case .second:
                value = scan.number(2...2)
                second = value ?? 0
            case .thousandth:
                value = scan.number(3...3)
                thousandth = value ?? 0
                precision = .milliseconds
            case .half:
                value = scan.name(["AM", "PM"])
                isAfternoon = value == 1
            case .offset:
                value = scan.offset()
                offset = value
            case .literal(let byte): value = scan.take(byte) ? 0 : nil
            }
            guard value != nil else { return nil }
        }
        if let isAfternoon {
            guard (1...12).contains(hour) else { return nil }
            hour = hour % 12 + (isAfternoon ? 12 : 0)
        }
        guard scan.isAtEnd, hour < 24, minute < 60, second < 61,
            let days = CivilDate.days(year: year, month: month, day: day)
        else { return nil }
        let seconds = Int64(days) * 86400 + Int64(hour * 3600 + minute * 60 + second)
        return Reading(wall: seconds * 1_000_000 + Int64(thousandth) * 1000, offset: offset, precision: precision)
    }

    /// Writes what a clock in a zone shows.
    ///
    /// - Parameters:
    ///   - wall: Microseconds since 1970 as if the clock showed UTC.
    ///   - offset: Seconds by which the clock is ahead of UTC.
    /// - Returns: The text.
    func write(wall: Int64, offset: Int) -> String {
        if let unit { return String((wall - Int64(offset) * 1_000_000).floorDivided(by: unit)) }
        let second = wall.floorDivided(by: 1_000_000)
        let days = second.floorDivided(by: 86400)
        let date = CivilDate(daysSince1970: days)
        let ofDay = Int(second - days * 86400)
        let hour = ofDay / 3600
        func digits(_ value: Int, _ width: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        var text = ""
        for token in tokens {
            switch token {
            case .year: text += digits(date.year, 4)
            case .shortYear: text += digits(date.year % 100, 2)
            case .month: text += digits(date.month, 2)
            case .shortMonth: text += String(date.month)
            case .monthName: text += Self.months[date.month - 1]
            case .day: text += digits(date.day, 2)
            case .shortDay: text += String(date.day)
            case .hour: text += digits(hour, 2)
            case .shortHour: text += String(hour)
            case .hour12: text += digits((hour + 11) % 12 + 1, 2)
            case .shortHour12: text += String((hour + 11) % 12 + 1)
            case .minute: text += digits(ofDay / 60 % 60, 2)
            case .second: text += digits(ofDay % 60, 2)
            case .thousandth: text += digits(Int((wall - second * 1_000_000) / 1000), 3)
            case .half: text += hour < 12 ? "AM" : "PM"
            case .offset:
                let minutes = abs(offset) / 60
                text +=
                    offset == 0
                    ? "Z" : (offset < 0 ? "-" : "+") + digits(minutes / 60, 2) + ":" + digits(minutes % 60, 2)
            case .literal(let byte): text.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        return text
    }
}

private struct Scanner {
    let bytes: UnsafeBufferPointer<UInt8>
    var at = 0

    var isAtEnd: Bool { at == bytes.count }

    mutating func number(_ width: ClosedRange<Int>) -> Int? {
        var value = 0
        var count = 0
        while at < bytes.count, count < width.upperBound, bytes[at] &- 0x30 < 10 {
            value = value * 10 + Int(bytes[at] - 0x30)
            at += 1
            count += 1
        }
        return count >= width.lowerBound ? value : nil
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    /// Which of some ASCII names stands here, in any case.
    mutating func name(_ names: [String]) -> Int? {
        for (index, name) in names.enumerated() {
            let expected = Array(name.utf8)
            guard at + expected.count <= bytes.count else { continue }
            if zip(expected, bytes[at...]).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) {
                at += expected.count
                return index
            }
        }
        return nil
    }

    mutating func offset() -> Int? {
        if take(UInt8(ascii: "Z")) { return 0 }
        let sign = take(UInt8(ascii: "+")) ? 1 : take(UInt8(ascii: "-")) ? -1 : 0
        guard sign != 0, let hours = number(2...2), hours < 24 else { return nil }
        _ = take(UInt8(ascii: ":"))
        guard let minutes = number(2...2), minutes < 60 else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}
