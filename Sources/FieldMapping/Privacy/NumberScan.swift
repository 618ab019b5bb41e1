/// A run of digits with what may stand between them, as card and phone numbers are written.
struct DigitRun {
    /// Values of the digits.
    private(set) var digits: [UInt8] = []
    /// Where each digit stands.
    private(set) var places: [Int] = []
    /// For each digit but the first: what stands before it; empty when it follows at once.
    private(set) var gaps: [Gap] = []
    /// Where the run ends.
    private(set) var end: Int
    let begins: Int
    let hasPlus: Bool

    /// What stands between two digits.
    enum Gap: Equatable { case none, blank, hyphen, other, mixed }

    static let mostDigits = 40

    /// Reads a run at a digit, a plus or an opening bracket; `nil` when fewer than seven digits follow.
    init?(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int, isHTML: Bool) {
        begins = start
        hasPlus = bytes[start] == UInt8(ascii: "+")
        end = start
        digits.reserveCapacity(20)
        var at = start + (hasPlus ? 1 : 0)
        var gap = Gap.none
        var gapLength = 0
        while at < bytes.count, digits.count < Self.mostDigits {
            let byte = bytes[at]
            if byte &- 0x30 < 10 {
                if !digits.isEmpty { gaps.append(gap) }
                digits.append(byte - 0x30)
                places.append(at)
                at += 1
                end = at
                gap = .none
                gapLength = 0
                continue
            }
            guard let (kind, width) = Self.gap(bytes, at, isHTML: isHTML), gapLength < 3 || isHTML && byte == 0x3C
            else {
                break
            }
            // Tags stand beside what parts two digits and part none themselves.
            if byte != 0x3C {
                gap = gap == .none ? kind : .mixed
                gapLength += 1
            }
            at += width
        }
        guard digits.count >= 7 else { return nil }
    }

    /// Whether a run can be a card or phone number at all; told by counting, without keeping anything.
    ///
    /// Most numbers in a text are amounts, dates and short keys, and end here.
    static func isPossible(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int, isHTML: Bool) -> Bool {
        let hasPlus = bytes[start] == UInt8(ascii: "+")
        var at = start + (hasPlus ? 1 : 0)
        var (count, gaps, gapLength) = (0, 0, 0)
        var first: UInt8 = 0
        while at < bytes.count, count < 13 {
            let byte = bytes[at]
            if byte &- 0x30 < 10 {
                if count == 0 { first = byte }
                if count > 0, gapLength > 0 { gaps += 1 }
                count += 1
                gapLength = 0
                at += 1
                continue
            }
            // The bytes between digits are few; what else may stand there is left to the full look.
            guard byte < 0x30 || byte == 0xC2 || isHTML && byte == 0x3C else { break }
            guard let (_, width) = gap(bytes, at, isHTML: isHTML), gapLength < 3 || byte == 0x3C else { break }
            gapLength += 1
            at += width
        }
        if count >= 13 { return true }
        if hasPlus { return count >= 8 }
        if first == UInt8(ascii: "0") { return count >= 9 }
        return gaps > 0 && count >= 10
    }

    private static func gap(
        _ bytes: UnsafeBufferPointer<UInt8>, _ at: Int, isHTML: Bool
    ) -> (kind: Gap, width: Int)? {
        switch bytes[at] {
        case UInt8(ascii: " "): return (.blank, 1)
        case UInt8(ascii: "-"): return (.hyphen, 1)
        case UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "("), UInt8(ascii: ")"): return (.other, 1)
        case 0xC2 where at + 1 < bytes.count && bytes[at + 1] == 0xA0: return (.blank, 2)
        case UInt8(ascii: "&") where isHTML:
            for word in ["&nbsp;", "&#160;"] where stands(word, bytes, at) { return (.blank, word.utf8.count) }
            return nil
        case UInt8(ascii: "<") where isHTML:
            // Marks inside a number, such as <b>; the end of a block ends the number.
            var end = at + 1
            while end < bytes.count, end < at + 60, bytes[end] != UInt8(ascii: ">") { end += 1 }
            guard end < bytes.count, bytes[end] == UInt8(ascii: ">") else { return nil }
            let name = at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: "/") ? at + 2 : at + 1
            for word in ["b>", "i>", "u>", "em", "strong", "span", "font", "a>", "a ", "wbr", "mark", "code"]
            where stands(word, bytes, name) {
                return (.none, end + 1 - at)
            }
            return nil
        default: return nil
        }
    }

    private static func stands(_ word: String, _ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) -> Bool {
        guard at + word.utf8.count <= bytes.count else { return false }
        for (index, byte) in word.utf8.enumerated() where bytes[at + index].lowered != byte { return false }
        return true
    }

    // MARK: Cards

    /// The first card number in the run: 13 to 19 digits of an issuer's range whose check digit is right.
    ///
    /// A number begins and ends where a group of digits does. Ranges and lengths:
    /// <https://en.wikipedia.org/wiki/Payment_card_number#Issuer_identification_number_(IIN)>.
    func card() -> Range<Int>? {
        guard digits.count >= 13 else { return nil }
        for first in digits.indices where first == 0 || gaps[first - 1] != .none {
            var last = first
            while last + 1 < digits.count, [.none, .blank, .hyphen].contains(gaps[last]) { last += 1 }
            for count in stride(from: min(19, last - first + 1), through: 13, by: -1) {
                let past = first + count
                guard past == digits.count || gaps[past - 1] != .none else { continue }
                let number = digits[first..<past]
                if Self.isIssued(number), Self.isChecked(number) { return first..<past }
            }
        }
        return nil
    }

    private static func isIssued(_ digits: ArraySlice<UInt8>) -> Bool {
        let head = digits.prefix(4).reduce(0) { $0 * 10 + Int($1) }
        switch digits.count {
        case 13: return head / 1000 == 4
        case 14: return (3000...3059).contains(head) || [36, 38, 39].contains(head / 100)
        case 15: return head / 100 == 34 || head / 100 == 37
        case 16:
            return head / 1000 == 4 || (51...55).contains(head / 100) || (2221...2720).contains(head) || head == 6011
                || (644...659).contains(head / 10) || (3528...3589).contains(head) || head / 100 == 62
                || head / 100 == 50 || (56...58).contains(head / 100) || head / 100 == 63 || head / 100 == 67
                || (3600...3699).contains(head)
        case 17...19:
            return head / 1000 == 4 && digits.count == 19 || head / 100 == 62 || head == 6011
                || (644...659).contains(head / 10) || head / 100 == 50 || (56...58).contains(head / 100)
                || head / 100 == 63 || head / 100 == 67
        default: return false
        }
    }

    /// Luhn's check digit: every second digit from the right doubled, the sum of all digits a multiple of ten.
    static func isChecked(_ digits: ArraySlice<UInt8>) -> Bool {
        var sum = 0
        for (index, digit) in digits.reversed().enumerated() {
            let value = index % 2 == 1 ? Int(digit) * 2 : Int(digit)
            sum += value > 9 ? value - 9 : value
        }
        return sum % 10 == 0
    }

    // MARK: Phones

    /// Where a phone number that begins the run ends, as a number of digits; `nil` when this is none.
    ///
    /// International with `+` or `00` (ITU-T E.164: at most 15 digits); national with a leading 0 and a gap; North
    /// American in groups of 3, 3 and 4.
    func phone() -> Int? {
        let groups = self.groups
        if hasPlus { return (8...15).contains(digits.count) && digits[0] != 0 ? digits.count : nil }
        if digits[0] == 0, digits[1] == 0 {
            return (10...17).contains(digits.count) && digits[2] != 0 ? digits.count : nil
        }
        if digits[0] == 0 {
            guard groups.count > 1, (9...13).contains(digits.count), !isDate(groups), !isDecimal(groups) else {
                return nil
            }
            return digits.count
        }
        let american = digits[0] == 1 && groups.first == 1 ? Array(groups.dropFirst()) : groups
        let first = digits.count - american.reduce(0, +)
        guard american == [3, 3, 4], digits[first] > 1, digits[first + 3] > 1 else { return nil }
        return digits.count
    }

    /// Lengths of the groups of digits.
    private var groups: [Int] {
        var groups = [1]
        for gap in gaps {
            if gap == .none { groups[groups.count - 1] += 1 } else { groups.append(1) }
        }
        return groups
    }

    private func isDate(_ groups: [Int]) -> Bool {
        guard groups.count >= 3 else { return false }
        return groups[0] <= 2 && groups[1] <= 2 && (groups[2] == 4 || groups[2] == 2)
            && (gaps[groups[0] - 1] == .other || gaps[groups[0] - 1] == .hyphen) && digits.count != 10
            || groups[0] <= 2 && groups[1] <= 2 && groups[2] == 4
    }

    /// `0.123456789`: one point and no other gap.
    private func isDecimal(_ groups: [Int]) -> Bool { groups.count == 2 && groups[0] == 1 && gaps[0] == .other }
}

/// International bank account numbers.
enum AccountNumber {
    /// Length of an account number by country.
    ///
    /// Source: <https://www.swift.com/standards/data-standards/iban>.
    private static let lengths: [String: Int] = [
        "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29,
        "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29,
        "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28,
        "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28,
        "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MN": 20,
        "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29, "PT": 25,
        "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27,
        "SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30,
    ]

    /// Where an account number that begins here ends: its country's length, and 1 as the rest of division by 97.
    static func end(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
        guard start + 15 <= bytes.count, bytes[start].isLetter, bytes[start + 1].isLetter,
            bytes[start + 2] &- 0x30 < 10, bytes[start + 3] &- 0x30 < 10,
            let length = lengths[
                String(decoding: [bytes[start].uppered, bytes[start + 1].uppered], as: UTF8.self)]
        else { return nil }
        var characters: [UInt8] = []
        var at = start
        while at < bytes.count, characters.count < length {
            let byte = bytes[at]
            if byte &- 0x30 < 10 || byte.isLetter {
                characters.append(byte.uppered)
                at += 1
            } else if byte == 0x20 || byte == 0x2D, at + 1 < bytes.count, bytes[at + 1].isIDByte {
                at += 1
            } else if byte == 0xC2, at + 1 < bytes.count, bytes[at + 1] == 0xA0 {
                at += 2
            } else {
                return nil
            }
        }
        guard characters.count == length, at == bytes.count || !(bytes[at] &- 0x30 < 10 || bytes[at].isLetter) else {
            return nil
        }
        var rest = 0
        for byte in characters[4...] + characters[..<4] {
            let value = byte &- 0x30 < 10 ? Int(byte - 0x30) : Int(byte - 0x41) + 10
            rest = (rest * (value > 9 ? 100 : 10) + value) % 97
        }
        return rest == 1 ? at : nil
    }
}

extension UInt8 {
    var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }
    var uppered: UInt8 { self &- 0x61 < 26 ? self & 0xDF : self }
    var isWordByte: Bool { self &- 0x30 < 10 || isLetter || self == 0x5F || self >= 0x80 }
}
