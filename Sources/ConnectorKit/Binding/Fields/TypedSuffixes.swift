internal import ConversationModel

/// Endings of custom fields' keys that say what kind of value stands behind them: `loyaltyTierStr`.
///
/// A key is read as it is, ending included, as it is the source's own. A key of another platform gets the first ending
/// whose kind its value fits when it is written.
public struct TypedSuffixes: Sendable {
    /// The kind of value that an ending promises.
    public enum Kind: Sendable, Hashable {
        /// Text of at most this many characters.
        case text(limit: Int?)
        /// A number.
        case number
        /// Yes or no.
        case flag
        /// A moment in ISO 8601.
        case moment
        /// The id of another record, hexadecimal and of this length.
        case reference(digits: Int)
    }

    let rows: [(suffix: String, kind: Kind)]

    /// Creates a set of endings; of several that fit a value the first is taken.
    public init(_ rows: [(suffix: String, kind: Kind)]) { self.rows = rows }

    private static func fits(_ value: JSONValue, _ kind: Kind) -> Bool {
        switch (value, kind) {
        case (.null, _): true
        case (.string(let text), .text(let limit)): limit.map { text.unicodeScalars.count <= $0 } ?? true
        case (.number, .number), (.bool, .flag): true
        case (.string(let text), .moment): Instant(text) != nil
        case (.string(let text), .reference(let digits)): text.utf8.count == digits && text.allSatisfy(\.isHexDigit)
        default: false
        }
    }

    /// Whether a key has an ending of its own that its value fits; a list fits where its elements do.
    private func isTyped(_ field: FieldValue) -> Bool {
        let isPlain = field.key.utf8.allSatisfy { byte in
            Unicode.Scalar(byte).properties.isAlphabetic || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
        }
        guard isPlain else { return false }
        return rows.contains { row in
            guard field.key.hasSuffix(row.suffix), field.key.utf8.count > row.suffix.utf8.count else { return false }
            if case .array(let elements) = field.value { return elements.allSatisfy { Self.fits($0, row.kind) } }
            return Self.fits(field.value, row.kind)
        }
    }

    /// A cell's text as the value that its column's ending promises; text that is no such value stays text.
    func value(of text: String, under key: String) -> JSONValue {
        switch rows.first(where: { key.hasSuffix($0.suffix) })?.kind {
        case .number:
            var copy = text
            return copy.withUTF8 { $0.isNumber } ? .number(text) : .string(text)
        case .flag: return text == "true" ? .bool(true) : text == "false" ? .bool(false) : .string(text)
        default: return .string(text)
        }
    }

    /// Gives every key without an ending that its value fits one that does.
    func giveEndings(_ fields: inout [FieldValue], _ name: String, _ run: Projecting) {
        var taken = Set(fields.filter(isTyped).map(\.key))
        for index in fields.indices where !isTyped(fields[index]) {
            let new = typed(fields[index], taken: taken)
            run.note(name, .converted, "\(fields[index].key) -> \(new.key)")
            taken.insert(new.key)
            fields[index] = new
        }
    }

    /// The field under a key whose ending fits its value; lists and objects become text.
    private func typed(_ field: FieldValue, taken: Set<String>) -> FieldValue {
        let value: JSONValue =
            switch field.value {
            case .array(let elements):
                .string(elements.map { $0.text ?? $0.json }.joined(separator: ", "))
            case .object: .string(field.value.json)
            default: field.value
            }
        let suffix = rows.first { Self.fits(value, $0.kind) }?.suffix ?? ""
        var stem = field.key
        if let old = rows.first(where: { stem.hasSuffix($0.suffix) && stem.utf8.count > $0.suffix.utf8.count }) {
            stem.removeLast(old.suffix.count)
        }
        stem = Self.camelCase(stem)
        var key = stem + suffix
        var number = 2
        while taken.contains(key) {
            key = stem + String(number) + suffix
            number += 1
        }
        return FieldValue(key, value)
    }

    /// Letters and digits in one word: `Order number` is `orderNumber`, `5001` is `field5001`.
    private static func camelCase(_ key: String) -> String {
        var words: [String] = []
        var word = ""
        for scalar in key.unicodeScalars {
            let isDigit = ("0"..."9").contains(scalar)
            if scalar.isASCII, scalar.properties.isAlphabetic || isDigit {
                word.unicodeScalars.append(scalar)
            } else if !scalar.isASCII, scalar.properties.isAlphabetic {
                word += "u" + String(scalar.value, radix: 16)
            } else if !word.isEmpty {
                words.append(word)
                word = ""
            }
        }
        if !word.isEmpty { words.append(word) }
        guard let first = words.first else { return "field" }
        let begin = first == first.uppercased() ? first.lowercased() : first.prefix(1).lowercased() + first.dropFirst()
        let stem = begin + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        return stem.first?.isNumber ?? true ? "field" + stem : stem
    }
}
