internal import ConversationModel
internal import Diagnostics

/// Languages in which reports are written.
public enum Language: String, Sendable, CaseIterable {
    /// English.
    case en
    /// Spanish.
    case es
}

/// The texts of reports in one language; all of them stand in the tables of this folder.
public struct Words: Sendable {
    /// The language.
    public let language: Language

    /// Creates the texts of a language.
    public init(_ language: Language) { self.language = language }

    /// A text.
    subscript(_ phrase: Phrase) -> String {
        guard let pair = Phrase.table[phrase] else { return phrase.rawValue }
        return language == .es ? pair.es : pair.en
    }

    /// A text with its gaps `{0}`, `{1}` filled.
    func callAsFunction(_ phrase: Phrase, _ values: String...) -> String {
        var text = self[phrase]
        for (index, value) in values.enumerated() { text = text.replacing("{\(index)}", with: value) }
        return text
    }

    // MARK: Numbers

    /// `12,345` or `12.345`.
    public func count(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var text = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += language == .es ? "." : "," }
            text.append(digit)
        }
        return text
    }

    /// One digit behind the point below 100: `4.2`, `1,234`.
    func short(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        guard abs(value) < 99.95, value != value.rounded() else {
            return count(Int(min(max(value, -1e15), 1e15).rounded()))
        }
        let tenths = Int((abs(value) * 10).rounded())
        return (value < 0 ? "-" : "") + count(tenths / 10) + (language == .es ? "," : ".") + String(tenths % 10)
    }

    /// `99.9 %`; a share just below one is never shown as one.
    public func share(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        let tenths = (value * 1000 + 1e-9).rounded(.down) / 10
        if value > 0, tenths == 0 { return "< " + short(0.1) + " %" }
        return short(tenths) + " %"
    }

    /// A count where there is little room: `9,999`, `12.3k`, `1.2M`.
    func compact(_ value: Int) -> String {
        switch value.magnitude {
        case ..<10_000: count(value)
        case ..<999_500: short(Double(value) / 1000) + "k"
        default: short(Double(value) / 1_000_000) + "M"
        }
    }

    /// `12.3 MB`.
    func bytes(_ value: Int) -> String {
        var rest = Double(value)
        for unit in ["B", "kB", "MB", "GB", "TB"] {
            if rest < 999.5 || unit == "TB" { return short(rest) + " " + unit }
            rest /= 1000
        }
        return short(rest)
    }

    /// `4.2 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`.
    func duration(_ seconds: Double) -> String {
        guard seconds.isFinite else { return "–" }
        if seconds < 1 { return "\(Int((seconds * 1000).rounded())) ms" }
        if seconds < 10 { return short(seconds) + " s" }
        let whole = Int(seconds.rounded())
        func pair(_ a: Int, _ unit: String, _ b: Int, _ smaller: String) -> String {
            b == 0 ? "\(a) \(unit)" : "\(a) \(unit) \(b) \(smaller)"
        }
        return switch whole {
        case ..<60: "\(whole) s"
        case ..<3600: pair(whole / 60, "min", whole % 60, "s")
        case ..<86_400: pair(whole / 3600, "h", whole % 3600 / 60, "min")
        default: pair(whole / 86_400, "d", whole % 86_400 / 3600, "h")
        }
    }

    /// `2024-02-01 09:00 UTC`.
    func moment(_ text: String) -> String {
        guard text.utf8.count >= 16, text.contains("T") else { return text }
        return text.prefix(10) + " " + text.dropFirst(11).prefix(5) + " UTC"
    }

    /// A place as the reader finds it: `export/tickets.jsonl, line 12`, `Source: Status`.
    func place(_ place: Place) -> String {
        var parts: [String] = []
        if let file = place.file { parts.append(file) }
        if let line = place.line {
            parts.append(self(.lineNumber, count(line)))
        } else if let byte = place.byte {
            parts.append(self(.byteNumber, count(byte)))
        }
        if place.file == nil { parts.append(self[place.subject == "mapping" ? .mapping : .source]) }
        let inside = [place.record, place.path.map { field($0) }].compactMap(\.self)
        return parts.joined(separator: ", ") + (inside.isEmpty ? "" : ": " + inside.joined(separator: ", "))
    }

    /// A value as the reader sees it.
    func shown(_ value: ReportValue) -> String {
        switch value {
        case .text(let text), .foreign(let text), .code(let text): text
        case .count(let value): count(value)
        case .share(let value): share(value)
        case .bytes(let value): bytes(value)
        case .seconds(let value): duration(value)
        case .moment(let text): moment(text)
        case .none: "–"
        }
    }

    // MARK: Names of the model

    private func word(_ key: String) -> String? {
        guard let pair = Self.modelWords[key] ?? Self.nouns[key] else { return nil }
        return language == .es ? pair.es : pair.en
    }

    /// Every word of the model by its key, for the parts of a report that a script draws.
    var allModelWords: [(key: String, word: String)] {
        Self.modelWords.sorted { $0.key < $1.key }.map { ($0.key, language == .es ? $0.value.es : $0.value.en) }
    }

    /// `1 conversation`, `24 conversations`.
    func counted(_ value: Int, _ entity: Entity) -> String {
        count(value) + " " + (value == 1 ? singular(entity) : plural(entity)).lowercasedFirst
    }

    /// `Conversations`.
    func plural(_ entity: Entity) -> String { word("entities." + entity.rawValue) ?? entity.plural }

    /// `Conversation`.
    func singular(_ entity: Entity) -> String { word("entity." + entity.rawValue) ?? entity.rawValue }

    /// The kind of record that a stream of a source holds, or else the stream's own name.
    func stream(_ name: String) -> String {
        Entity.allCases.first { $0.plural == name }.map(singular) ?? name.replacing("_", with: " ").capitalised
    }

    /// `Less exact`.
    func name(_ lossClass: LossClass) -> String { word("class." + lossClass.rawValue) ?? lossClass.rawValue }

    /// A word of the model, such as a status; words that are not known stay as they are.
    func name(_ kind: String, _ word: String) -> String {
        guard !word.isEmpty else { return self[.noValue] }
        return self.word(kind + "." + word) ?? word
    }

    /// A value of a field as the reader knows it: words of the model in words, moments and truth values too.
    func value(_ path: String, _ raw: String) -> String {
        if let kind = Self.kind(ofValuesIn: path) { return name(kind, raw) }
        if path.hasSuffix("_at") || path == "snoozed_until" { return moment(raw) }
        if raw == "true" || raw == "false" { return name("value", raw) }
        switch path {
        case "timeline", "timeline.kind": return readable(raw, ["type", "event"])
        case "participants": return readable(raw, ["role"])
        case "sessions": return readable(raw, [])
        default: return raw
        }
    }

    /// `event joined 2024-02-01T09:00:00Z` as `Event joined 2024-02-01 09:00 UTC`.
    private func readable(_ raw: String, _ kinds: [String]) -> String {
        raw.split(separator: " ", omittingEmptySubsequences: false).map { part in
            let text = String(part)
            if text.utf8.count >= 20, text.contains("T"), text.hasSuffix("Z") { return moment(text) }
            return kinds.lazy.compactMap { word($0 + "." + text) }.first ?? text
        }.joined(separator: " ")
    }

    /// What is said about a loss: `on_hold -> open` is `On hold → Open`.
    func detail(_ path: String, _ raw: String, _ fields: [String: String] = [:]) -> String {
        if let known = known(raw, fields) { return known }
        let sides = raw.split(separator: " -> ")
        guard sides.count == 2 else { return value(path, raw) }
        // Values of a field, or the two keys of one.
        let names = path == "fields" || path == "key" ? fields : [:]
        return sides.map { names[String($0)] ?? value(path, String($0)) }.joined(separator: " → ")
    }

    private static func kind(ofValuesIn path: String) -> String? {
        switch path {
        case "status", "priority", "channel": path
        case "timeline.channel": "channel"
        case "participants.role", "role": "role"
        case "timeline.author.kind": "author"
        case "type": "fieldtype"
        case "links": "link"
        default: nil
        }
    }

    /// A path of the model as the reader knows it: `timeline.created_at` is `Time of entries`.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - fields: Names of custom fields by key.
    /// - Returns: The name.
    func field(_ path: String, _ fields: [String: String] = [:]) -> String {
        if let known = word("field." + path) { return known }
        if path.hasPrefix("timeline.event.") {
            return self(.eventsOf, name("event", String(path.dropFirst(15))))
        }
        if path.hasPrefix("extras.") { return self(.extraField, String(path.dropFirst(7))) }
        if path.hasPrefix("fields.") {
            let key = String(path.dropFirst(7))
            return self(.customField, fields[key] ?? key)
        }
        // A part of something known: name that.
        if let dot = path.lastIndex(of: ".") { return field(String(path[..<dot]), fields) }
        return path
    }
}

extension String {
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
