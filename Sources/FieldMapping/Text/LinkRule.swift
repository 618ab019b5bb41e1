import ConversationModel

/// How links to conversations look at the source and at the destination.
///
/// `{from: "https://acme.old.example/agent/tickets/{id}", to: "https://app.new.example/inbox/{id}"}`; `{number}` in
/// `from` stands for the number that people see.
struct LinkRule: Sendable {
    static let keys = ["from", "to"]

    private enum Key: String {
        case id = "{id}"
        case number = "{number}"
    }

    /// What stands behind the scheme before the id, in lower case.
    private let before: [UInt8]
    private let after: [UInt8]
    private let key: Key
    private let original: (before: String, after: String)
    private let target: (before: String, after: String)?
    let rule: Int

    init?(_ node: JSON5Node, _ what: String, _ reader: inout NodeReader) {
        let count = reader.faults.count
        let members = reader.members(node, what, keys: Self.keys)
        guard let from = members["from"], let text = reader.text(from, what + ".from") else {
            if members["from"] == nil, reader.faults.count == count {
                reader.fault(node.mark, "'\(what)' has no 'from'", expected: "an address with {id} or {number}")
            }
            return nil
        }
        let key: Key? = text.contains(Key.id.rawValue) ? .id : text.contains(Key.number.rawValue) ? .number : nil
        guard let key, let parts = Self.parts(text, key.rawValue), let slashes = text.firstRange(of: "://"),
            ["http", "https"].contains(text[..<slashes.lowerBound].lowercased())
        else {
            reader.fault(
                from.mark, "'\(what).from' is no address with one {id} or {number}",
                expected: "as \"https://acme.old.example/tickets/{id}\"")
            return nil
        }
        var target: (before: String, after: String)?
        if let node = members["to"] {
            guard let text = reader.text(node, what + ".to") else { return nil }
            target = Self.parts(text, Key.id.rawValue)
            if target == nil {
                reader.fault(
                    node.mark, "'\(what).to' does not hold {id} once",
                    expected: "as \"https://app.new.example/inbox/{id}\"")
            }
        }
        guard reader.faults.count == count else { return nil }
        self.key = key
        self.target = target
        original = parts
        before = Array(parts.before[slashes.upperBound...].lowercased().utf8)
        after = Array(parts.after.lowercased().utf8)
        rule = reader.rule(what, at: node.mark)
    }

    private static func parts(_ text: String, _ key: String) -> (before: String, after: String)? {
        let parts = text.split(separator: key, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else { return nil }
        return (String(parts[0]), String(parts[1]))
    }

    /// The address that a conversation had.
    func oldURL(id: String, number: String) -> String {
        original.before + (key == .id ? id : number) + original.after
    }

    /// The address that a conversation gets.
    func newURL(_ id: String) -> String { target.map { $0.before + id + $0.after } ?? "" }

    /// Tries the bytes behind `://`.
    ///
    /// - Returns: The id or number and where it ends; `nil` when this is another address.
    fileprivate func match(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> (key: Range<Int>, end: Int)? {
        guard start + before.count < bytes.count else { return nil }
        for (index, byte) in before.enumerated() where bytes[start + index].lowered != byte { return nil }
        let first = start + before.count
        var last = first
        while last < bytes.count, bytes[last].isIDByte { last += 1 }
        guard last > first, last + after.count <= bytes.count else { return nil }
        for (index, byte) in after.enumerated() where bytes[last + index].lowered != byte { return nil }
        return (first..<last, last + after.count)
    }

    fileprivate func destination(_ key: String, _ known: (any KnownConversations)?) -> String? {
        guard target != nil else { return nil }
        let id = self.key == .id ? known?.destinationID(of: key) : known?.destinationID(ofNumber: key)
        return id.map(newURL)
    }
}

/// Finds and rewrites links in texts and HTML alike; everything else stays byte for byte.
struct LinkRewriter: Sendable {
    let rules: [LinkRule]

    /// - Parameters:
    ///   - text: Plain text or HTML.
    ///   - known: Conversations that go along.
    ///   - met: Hears of each link: the rule, the id or number, and whether it was resolved.
    /// - Returns: The text with new links; `nil` when nothing changed.
    func rewritten(
        _ text: String, known: (any KnownConversations)?, met: (LinkRule, String, Bool) -> Void
    ) -> String? {
        var text = text
        return text.withUTF8 { bytes -> String? in
            var output: [UInt8]?
            var copied = 0
            var at = 0
            while let colon = bytes.firstIndex(of: UInt8(ascii: ":"), from: at) {
                at = colon + 1
                guard colon + 3 < bytes.count, bytes[colon + 1] == 0x2F, bytes[colon + 2] == 0x2F,
                    let scheme = Self.scheme(bytes, before: colon)
                else { continue }
                for rule in rules {
                    guard let found = rule.match(bytes, at: colon + 3) else { continue }
                    let key = String(decoding: bytes[found.key], as: UTF8.self)
                    let end = Self.end(bytes, from: found.end)
                    // A longer path may name something else: an article under the ticket's address, say.
                    let next = found.end < bytes.count ? bytes[found.end] : 0
                    guard found.end == end || [0x2F, 0x3F, 0x23, 0x26].contains(next) else { continue }
                    let target = rule.destination(key, known)
                    met(rule, key, target != nil)
                    guard let target else { break }
                    if output == nil {
                        output = []
                        output?.reserveCapacity(bytes.count + 64)
                    }
                    output?.append(contentsOf: bytes[copied..<scheme])
                    output?.append(contentsOf: target.utf8)
                    copied = end
                    at = end
                    break
                }
            }
            guard output != nil else { return nil }
            output?.append(contentsOf: bytes[copied...])
            return output.map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// Where `http` or `https` begins before a colon.
    private static func scheme(_ bytes: UnsafeBufferPointer<UInt8>, before colon: Int) -> Int? {
        func stands(_ word: StaticString) -> Bool {
            let start = colon - word.utf8CodeUnitCount
            guard start >= 0 else { return false }
            for index in 0..<word.utf8CodeUnitCount where bytes[start + index].lowered != word.utf8Start[index] {
                return false
            }
            return true
        }
        if stands("https") { return colon - 5 }
        return stands("http") ? colon - 4 : nil
    }

    /// Where an address ends that goes on behind its id.
    private static func end(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var end = start
        let closing = Array("\"'<>()[]{}|\\^`".utf8)
        while end < bytes.count, bytes[end] > 0x20, !closing.contains(bytes[end]) { end += 1 }
        // The stop that ends a sentence is no part of the address.
        while end > start, [0x2E, 0x2C, 0x3B, 0x3A, 0x21, 0x3F].contains(bytes[end - 1]) { end -= 1 }
        return end
    }
}

extension UInt8 {
    /// An ASCII letter in lower case; other bytes as they are.
    var lowered: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

    /// Whether the byte can stand in a conversation's id or number.
    var isIDByte: Bool { self &- 0x30 < 10 || (self | 0x20) &- 0x61 < 26 || self == 0x2D || self == 0x5F }
}

extension UnsafeBufferPointer<UInt8> {
    func firstIndex(of byte: UInt8, from start: Int) -> Int? {
        var index = start
        while index < count {
            if self[index] == byte { return index }
            index += 1
        }
        return nil
    }
}
