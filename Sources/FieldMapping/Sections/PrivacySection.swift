import ConversationModel
import Foundation

/// `privacy`: what is taken out of texts, who gets a pseudonym, whose content is erased, where data has to stay.
struct PrivacySection: MappingSection {
    static let name = "privacy"
    static let keys = ["redact", "patterns", "in", "pseudonymise", "suppress", "residency"]
    static let pseudonymKeys = ["who", "secret"]
    static let secretKeys = ["env", "file"]

    /// Where redaction looks.
    enum Part: String, CaseIterable { case bodies, subjects, fields, files }
    /// Who gets a pseudonym.
    enum Who: String, CaseIterable { case contact, agent }

    let redactor: Redactor
    let parts: Set<Part>
    let pseudonyms: Pseudonyms?
    let who: Set<Who>
    /// Ids and e-mails of erased people, e-mails in lower case.
    let suppressed: Set<String>
    let residency: (tag: String, rule: Int)?
    private(set) var redactRules: [String: Int] = [:]
    private(set) var suppressRule: Int?

    init(_ node: JSON5Node, _ reader: inout NodeReader) {
        let members = reader.members(node, Self.name, keys: Self.keys)
        var kinds: Set<Redactor.Kind> = []
        if let node = members["redact"], let words = reader.words(node, "privacy.redact", as: Redactor.Kind.self) {
            kinds = words
            for kind in words.sorted(by: { $0.rawValue < $1.rawValue }) {
                redactRules[kind.rawValue] = reader.rule("privacy.redact.\(kind.rawValue)", at: node.mark)
            }
        }
        var patterns: [PrivatePattern] = []
        for member in members["patterns"].flatMap({ reader.anyMembers($0, "privacy.patterns") }) ?? [] {
            guard let pattern = Self.pattern(member, &reader) else { continue }
            patterns.append(pattern)
            redactRules[pattern.name] = pattern.rule
        }
        parts = members["in"].flatMap { reader.words($0, "privacy.in", as: Part.self) } ?? Set(Part.allCases)
        (pseudonyms, who) = members["pseudonymise"].map { Self.pseudonyms($0, &reader) } ?? (nil, [])
        redactor = Redactor(kinds: kinds, patterns: patterns, pseudonym: kinds.contains(.email) ? nil : pseudonyms)
        if let node = members["suppress"] {
            suppressed = Self.suppressed(node, &reader)
            suppressRule = reader.rule("privacy.suppress", at: node.mark)
        } else {
            suppressed = []
        }
        residency = members["residency"].flatMap { node in
            reader.text(node, "privacy.residency").map { ($0, reader.rule("privacy.residency", at: node.mark)) }
        }
        if let node = members["in"], kinds.isEmpty, patterns.isEmpty {
            reader.fault(node.mark, "'privacy.in' has no use", expected: "'redact' or 'patterns' beside it")
        }
    }

    private static func pattern(_ member: JSON5Node.Member, _ reader: inout NodeReader) -> PrivatePattern? {
        let what = "privacy.patterns.\(member.key)"
        guard let text = reader.text(member.node, what) else { return nil }
        do {
            let pattern = try PrivatePattern(
                name: member.key, pattern: text, rule: reader.rule(what, at: member.keyMark))
            guard !pattern.matchesNothing else {
                reader.fault(
                    member.node.mark, "'\(what)' also matches where nothing stands",
                    expected: "a pattern with at least one character, as \"EMP-\\\\d{6}\"")
                return nil
            }
            return pattern
        } catch {
            reader.fault(
                member.node.mark, "'\(what)' is no regular expression", expected: "one such as \"EMP-\\\\d{6}\"")
            return nil
        }
    }

    private static func pseudonyms(_ node: JSON5Node, _ reader: inout NodeReader) -> (Pseudonyms?, Set<Who>) {
        let what = "privacy.pseudonymise"
        let count = reader.faults.count
        let members = reader.members(node, what, keys: pseudonymKeys)
        let who = members["who"].flatMap { reader.words($0, what + ".who", as: Who.self) } ?? [.contact]
        guard let secret = members["secret"] else {
            if reader.faults.count == count {
                reader.fault(
                    node.mark, "'\(what)' has no 'secret'", expected: "secret: {env: \"NAME\"} or {file: \"...\"}")
            }
            return (nil, who)
        }
        guard let key = reader.secret(secret, what + ".secret") else { return (nil, who) }
        guard key.count >= Pseudonyms.shortestKey else {
            reader.fault(
                secret.mark, "'\(what).secret' is too short", expected: "at least \(Pseudonyms.shortestKey) characters")
            return (nil, who)
        }
        let pseudonyms = Pseudonyms(key: key)
        // Another key makes another result; the text tells keys apart and none of them.
        reader.attached.append("pseudonyms " + Array(pseudonyms.digest("mapping", "").prefix(8)).hex)
        return (pseudonyms, who)
    }

    /// A list of ids and e-mails, or `{file: "erased.txt"}` with one a line.
    private static func suppressed(_ node: JSON5Node, _ reader: inout NodeReader) -> Set<String> {
        let what = "privacy.suppress"
        var people: [String]
        if case .object = node.value {
            guard let fileNode = reader.members(node, what, keys: ["file"])["file"] else {
                reader.fault(
                    node.mark, "'\(what)' names no file",
                    expected: "a list of e-mails and ids, or {file: \"erased.txt\"}")
                return []
            }
            guard let (name, bytes) = reader.file(fileNode, what + ".file") else { return [] }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                reader.fault(SourceMark(file: name, line: 1, column: 1), "the list is not UTF-8", expected: "UTF-8")
                return []
            }
            people = text.split(whereSeparator: \.isNewline).map { trimmed($0.drop { $0 == "\u{FEFF}" }) }
            people.removeAll(where: \.isEmpty)
            if people.isEmpty {
                reader.fault(
                    SourceMark(file: name, line: 1, column: 1), "the list is empty",
                    expected: "one e-mail or id a line")
            }
        } else {
            people = reader.texts(node, what)?.map(\.text) ?? []
        }
        let set = Set(people.map { $0.contains("@") ? $0.lowercased() : $0 })
        if case .object = node.value {
            reader.attached.append(what + " " + set.sorted().map(quotedJSON).joined(separator: ","))
        }
        return set
    }

    // MARK: Who is meant

    var changesPeople: Bool { pseudonyms != nil || !suppressed.isEmpty }

    /// Whether a person is on the suppression list.
    func isSuppressed(id: String?, emails: [String], _ people: SourcePeople = SourcePeople()) -> Bool {
        guard !suppressed.isEmpty else { return false }
        if let id, suppressed.contains(id) || people.erased.contains(id) { return true }
        return emails.contains { suppressed.contains($0.lowercased()) }
    }
}

extension NodeReader {
    /// A secret: `{env: "NAME"}`, or `{file: "name"}` whose last line end does not count.
    mutating func secret(_ node: JSON5Node, _ what: String) -> [UInt8]? {
        guard case .object = node.value else {
            fault(node.mark, "'\(what)' stands in the mapping", expected: "{env: \"NAME\"} or {file: \"...\"}")
            return nil
        }
        let members = members(node, what, keys: PrivacySection.secretKeys)
        guard members.count == 1 else {
            if members.count > 1 || node.members.isEmpty {
                fault(node.mark, "'\(what)' names no single place", expected: "{env: \"NAME\"} or {file: \"...\"}")
            }
            return nil
        }
        if let node = members["env"], let name = text(node, what + ".env") {
            if let value = ProcessInfo.processInfo.environment[name], !value.isEmpty { return Array(value.utf8) }
            fault(node.mark, "environment variable '\(name)' is not set", expected: "it to hold the secret")
            return nil
        }
        guard let node = members["file"], var bytes = file(node, what + ".file")?.bytes else { return nil }
        while let last = bytes.last, last == 0x0A || last == 0x0D { bytes.removeLast() }
        return bytes
    }
}
