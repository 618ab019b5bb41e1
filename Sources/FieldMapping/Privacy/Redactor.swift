import ConversationModel

/// Finds what is private in a text by one walk over its bytes, and puts a mark in its place.
struct Redactor: Sendable {
    /// What is looked for.
    enum Kind: String, CaseIterable {
        case card, iban, email, phone

        var mark: String {
            switch self {
            case .card: "[card removed]"
            case .iban: "[IBAN removed]"
            case .email: "[e-mail removed]"
            case .phone: "[phone removed]"
            }
        }
    }

    let kinds: Set<Kind>
    let patterns: [PrivatePattern]
    /// Gives e-mails another address instead of a mark.
    var pseudonym: Pseudonyms?

    private let looksAtNumbers: Bool
    private let looksAtEmails: Bool
    private let looksAtAccounts: Bool

    init(kinds: Set<Kind>, patterns: [PrivatePattern], pseudonym: Pseudonyms? = nil) {
        self.kinds = kinds
        self.patterns = patterns
        self.pseudonym = pseudonym
        looksAtNumbers = kinds.contains(.card) || kinds.contains(.phone)
        looksAtEmails = kinds.contains(.email) || pseudonym != nil
        looksAtAccounts = kinds.contains(.iban)
    }

    var isIdle: Bool { kinds.isEmpty && patterns.isEmpty && pseudonym == nil }

    /// The text with marks; `nil` when nothing was found.
    ///
    /// - Parameters:
    ///   - text: Plain text or HTML.
    ///   - isHTML: Whether tags and entities may stand inside a number.
    ///   - found: Hears of each thing that was taken out, by its kind's name.
    /// - Returns: The text with marks.
    func redacted(_ text: String, isHTML: Bool = false, found: (String) -> Void) -> String? {
        var text = text
        var output = text.withUTF8 { walk($0, isHTML: isHTML, found) }
        for pattern in patterns {
            if let changed = pattern.redacted(output ?? text, found) { output = changed }
        }
        return output
    }

    private func walk(_ bytes: UnsafeBufferPointer<UInt8>, isHTML: Bool, _ found: (String) -> Void) -> String? {
        var output: [UInt8]?
        var copied = 0
        var at = 0
        func replace(_ start: Int, _ end: Int, _ mark: String) {
            if output == nil {
                output = []
                output?.reserveCapacity(bytes.count + 32)
            }
            output?.append(contentsOf: bytes[copied..<start])
            output?.append(contentsOf: mark.utf8)
            if isHTML { keepTags(bytes, start, end, &output) }
            copied = end
            at = end
        }
        while at < bytes.count {
            let byte = bytes[at]
            let before: UInt8 = at > 0 ? bytes[at - 1] : 0x20
            if looksAtNumbers, byte &- 0x30 < 10 ? before &- 0x30 >= 10 : byte == 0x2B || byte == 0x28,
                DigitRun.isPossible(bytes, at: at, isHTML: isHTML), let run = DigitRun(bytes, at: at, isHTML: isHTML)
            {
                if kinds.contains(.card), let digits = run.card() {
                    found(Kind.card.rawValue)
                    replace(run.places[digits.lowerBound], run.places[digits.upperBound - 1] + 1, Kind.card.mark)
                    continue
                }
                let after = run.end < bytes.count ? bytes[run.end] : 0x20
                if kinds.contains(.phone), !before.isWordByte, !Self.isLinkByte(before), !after.isWordByte,
                    after != 0x40,
                    let count = run.phone()
                {
                    found(Kind.phone.rawValue)
                    replace(run.begins, run.places[count - 1] + 1, Kind.phone.mark)
                    continue
                }
                // An opening bracket begins a run of its own; the digits behind it are looked at again.
                if byte == 0x28 || byte == 0x2B {
                    at += 1
                    continue
                }
            } else if looksAtAccounts, byte.isLetter, !before.isWordByte, at + 3 < bytes.count,
                bytes[at + 2] &- 0x30 < 10, let end = AccountNumber.end(bytes, at: at)
            {
                found(Kind.iban.rawValue)
                replace(at, end, Kind.iban.mark)
                continue
            } else if looksAtEmails, byte == 0x40, let (start, end) = EmailAddress.range(bytes, at: at, from: copied) {
                let address = String(decoding: bytes[start..<end], as: UTF8.self)
                if kinds.contains(.email) {
                    found(Kind.email.rawValue)
                    replace(start, end, Kind.email.mark)
                    continue
                } else if let pseudonym, !pseudonym.isPseudonym(address) {
                    found("pseudonym")
                    replace(start, end, pseudonym.email(address))
                    continue
                }
            }
            at += 1
        }
        guard output != nil else { return nil }
        output?.append(contentsOf: bytes[copied...])
        return output.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Tags that stood inside a number stand behind its mark, so that none loses its partner.
    private func keepTags(
        _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int, _ output: inout [UInt8]?
    ) {
        var at = start
        while at < end {
            guard bytes[at] == 0x3C else {
                at += 1
                continue
            }
            var close = at
            while close < end, bytes[close] != 0x3E { close += 1 }
            output?.append(contentsOf: bytes[at..<min(close + 1, end)])
            at = close + 1
        }
    }

    /// Bytes after which a number is part of an address, a path or a longer key.
    private static func isLinkByte(_ byte: UInt8) -> Bool {
        [0x2F, 0x2D, 0x2E, 0x3D, 0x26, 0x23, 0x40, 0x25].contains(byte)
    }
}

/// E-mail addresses in running text.
enum EmailAddress {
    private static let imageEndings: Set<String> = ["png", "jpg", "jpeg", "gif", "svg", "webp", "bmp"]

    /// Where the address round an `@` begins and ends.
    static func range(_ bytes: UnsafeBufferPointer<UInt8>, at: Int, from first: Int) -> (Int, Int)? {
        var start = at
        while start > first, isLocal(bytes[start - 1]) { start -= 1 }
        while start < at, bytes[start] == 0x2E { start += 1 }
        var end = at + 1
        var label = end
        while end < bytes.count {
            let byte = bytes[end]
            if byte == 0x2E {
                guard end > label, end + 1 < bytes.count, bytes[end + 1] &- 0x30 < 10 || bytes[end + 1].isLetter else {
                    break
                }
                label = end + 1
            } else if !(byte &- 0x30 < 10 || byte.isLetter || byte == 0x2D) {
                break
            }
            end += 1
        }
        guard start < at, at - start <= 64, label > at + 1, end - label >= 2,
            bytes[label..<end].allSatisfy({ $0.isLetter || $0 == 0x2D }), bytes[end - 1] != 0x2D,
            !imageEndings.contains(String(decoding: bytes[label..<end], as: UTF8.self).lowercased())
        else { return nil }
        return (start, end)
    }

    private static func isLocal(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || byte.isLetter || [0x2E, 0x5F, 0x25, 0x2B, 0x2D].contains(byte)
    }
}

/// A pattern of the mapping's own, compiled once.
final class PrivatePattern: @unchecked Sendable {  // the regular expression is never changed after it was compiled
    let name: String
    private let regex: Regex<AnyRegexOutput>
    private let mark: String
    let rule: Int

    init(name: String, pattern: String, rule: Int) throws {
        self.name = name
        self.rule = rule
        regex = try Regex(pattern)
        mark = "[\(name) removed]"
    }

    /// Whether the pattern finds something where nothing is.
    var matchesNothing: Bool { (try? regex.firstMatch(in: "")) != nil }

    func redacted(_ text: String, _ found: (String) -> Void) -> String? {
        let matches = text.matches(of: regex)
        guard !matches.isEmpty else { return nil }
        var output = ""
        var at = text.startIndex
        for match in matches where !match.range.isEmpty {
            output += text[at..<match.range.lowerBound]
            output += mark
            at = match.range.upperBound
            found(name)
        }
        return output + text[at...]
    }
}
