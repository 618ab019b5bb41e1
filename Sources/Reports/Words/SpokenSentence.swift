/// A sentence that the engine, the kit or a connector says, and how a report says it in each language.
///
/// `said` has gaps with a kind: `{text}` stays as it is, the others are words of the model.
///
/// | said | text | shown |
/// | --- | --- | --- |
/// | `said by {field}` | `said by timeline.email` | `told by: E-mail headers` |
/// | `{author} as {role}` | `contact as cc` | `Customer, in copy` |
struct SpokenSentence: Sendable {
    /// What stands in a gap.
    enum Gap: String, Sendable { case text, field, role, author, noun }

    /// What stands between the gaps; one more than gaps.
    private let literals: [String]
    let gaps: [Gap]
    let en: String
    let es: String

    init(_ said: String, _ en: String, _ es: String) {
        var literals: [String] = []
        var gaps: [Gap] = []
        for piece in said.split(separator: "{", omittingEmptySubsequences: false) {
            let parts = piece.split(separator: "}", maxSplits: 1, omittingEmptySubsequences: false)
            if !literals.isEmpty { gaps.append(Gap(rawValue: String(parts[0])) ?? .text) }
            literals.append(String(parts[parts.count - 1]))
        }
        self.literals = literals
        self.gaps = gaps
        self.en = en
        self.es = es
    }

    /// The sentence without gaps; `nil` with some.
    var whole: String? { gaps.isEmpty ? literals[0] : nil }

    /// What stands in the gaps of a text; `nil` when it is another sentence.
    func values(in text: String) -> [(gap: Gap, value: String)]? {
        guard text.hasPrefix(literals[0]), text.hasSuffix(literals[literals.count - 1]) else { return nil }
        var rest = text.dropFirst(literals[0].count)
        var values: [(Gap, String)] = []
        for (index, gap) in gaps.enumerated() {
            let literal = literals[index + 1]
            if index == gaps.count - 1 {
                guard rest.count >= literal.count else { return nil }
                values.append((gap, String(rest.dropLast(literal.count))))
                return values
            }
            guard let found = rest.firstRange(of: literal) else { return nil }
            values.append((gap, String(rest[..<found.lowerBound])))
            rest = rest[found.upperBound...]
        }
        return gaps.isEmpty && rest.isEmpty ? [] : nil
    }
}

extension Words {
    /// A sentence of the engine as the reader knows it; one that is not known stays, with a capital letter.
    func spoken(_ text: String, _ fields: [String: String] = [:]) -> String { known(text, fields) ?? text.capitalised }

    /// A sentence of the engine in words of the reader; `nil` when it is not known.
    func known(_ text: String, _ fields: [String: String] = [:]) -> String? {
        if let sentence = Self.wholeSentences[text] { return language == .es ? sentence.es : sentence.en }
        for sentence in Self.sentencesWithGaps {
            guard let values = sentence.values(in: text) else { continue }
            var shown = language == .es ? sentence.es : sentence.en
            for (index, value) in values.enumerated() {
                shown = shown.replacing("{\(index)}", with: self.shown(value.gap, value.value, fields))
            }
            return shown
        }
        return nil
    }

    /// Whether a sentence says why, rather than what a value was.
    static func isReason(_ text: String) -> Bool { wholeSentences[text] != nil }

    private func shown(_ gap: SpokenSentence.Gap, _ value: String, _ fields: [String: String]) -> String {
        switch gap {
        case .text: value
        case .field: field(value, fields)
        case .role: name("role", value).lowercased()
        case .author: name("author", value)
        case .noun: name("noun", value)
        }
    }

    private static let wholeSentences = Dictionary(
        sentences.compactMap { sentence in sentence.whole.map { ($0, sentence) } }
    ) { first, _ in first }

    private static let sentencesWithGaps = sentences.filter { $0.whole == nil }
}

extension String {
    /// The same with a capital letter in front.
    var capitalised: String { prefix(1).uppercased() + dropFirst() }
}
