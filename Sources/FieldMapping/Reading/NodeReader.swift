package import ConversationModel
import Diagnostics

/// Reads typed values out of JSON5 nodes and collects every fault on the way instead of stopping at the first.
///
/// Each method returns `nil` after a fault, so that reading goes on with what is left.
package struct NodeReader {
    /// Gives the bytes of a file that a mapping names.
    package typealias FileAccess = (String) throws -> [UInt8]

    package private(set) var faults: [MappingFault] = []
    /// Rules in the order in which they were read; a rule's number is its index.
    package private(set) var rules: [MappingRule] = []
    /// Content of the files that the mapping names, as canonical text.
    var attached: [String] = []
    /// Files that were read, by the name under which they were found.
    private(set) var contents: [String: [UInt8]] = [:]
    private let access: FileAccess

    package init(files: @escaping FileAccess) { access = files }

    // MARK: Faults and rules

    package mutating func fault(_ mark: SourceMark, _ summary: String, expected: String = "", nearest: String? = nil) {
        faults.append(MappingFault(place: mark.place, summary: summary, expected: expected, nearest: nearest))
    }

    /// Numbers a rule, so that its uses can be counted.
    mutating func rule(_ path: String, at mark: SourceMark) -> Int {
        rules.append(MappingRule(path: path, place: mark.place))
        return rules.count - 1
    }

    private mutating func wrongKind(_ node: JSON5Node, _ what: String, expected: String) {
        fault(node.mark, "'\(what)' is \(node.kind)", expected: expected)
    }

    /// Reports a name that is none of the valid ones.
    mutating func unknown(_ name: String, _ summary: String, at mark: SourceMark, among names: [String]) {
        fault(mark, summary, expected: Self.oneOf(names), nearest: Self.nearest(name, among: names))
    }

    static func oneOf(_ names: [String]) -> String {
        names.count == 1 ? "'\(names[0])'" : "one of " + names.map { "'\($0)'" }.joined(separator: ", ")
    }

    /// The valid name that was probably meant: few edits away, or one that holds the name as a part.
    static func nearest(_ name: String, among names: [String]) -> String? {
        if let near = NearestName.of(name, among: names) { return near }
        guard name.count >= 3 else { return nil }
        let lower = name.lowercased()
        return names.first { $0.contains(lower) || ($0.count >= 3 && lower.contains($0)) }
    }

    // MARK: Objects and lists

    /// Members of an object by key, without those that are `null`; keys that are not known are faults.
    package mutating func members(_ node: JSON5Node, _ what: String, keys: [String]) -> [String: JSON5Node] {
        guard let members = anyMembers(node, what) else { return [:] }
        var known: [String: JSON5Node] = [:]
        for member in members {
            if keys.contains(member.key) {
                known[member.key] = member.node
            } else {
                unknown(member.key, "unknown key '\(member.key)' in '\(what)'", at: member.keyMark, among: keys)
            }
        }
        return known
    }

    /// Members of an object whose keys are the person's own, without those that are `null`.
    package mutating func anyMembers(_ node: JSON5Node, _ what: String) -> [JSON5Node.Member]? {
        guard case .object(let members) = node.value else {
            wrongKind(node, what, expected: "an object, '{ ... }'")
            return nil
        }
        return members.filter { !$0.node.isNull }
    }

    /// Elements of a list that has at least one.
    package mutating func elements(_ node: JSON5Node, _ what: String) -> [JSON5Node]? {
        guard case .array(let elements) = node.value else {
            wrongKind(node, what, expected: "a list, '[ ... ]'")
            return nil
        }
        guard !elements.isEmpty else {
            fault(node.mark, "'\(what)' is an empty list", expected: "at least one entry, or null to take the key back")
            return nil
        }
        return elements
    }

    /// Texts of a list, none twice.
    mutating func texts(_ node: JSON5Node, _ what: String) -> [(text: String, mark: SourceMark)]? {
        guard let elements = elements(node, what) else { return nil }
        var first: [String: SourceMark] = [:]
        var texts: [(text: String, mark: SourceMark)] = []
        for element in elements {
            guard let text = text(element, what) else { continue }
            if let before = first[text] {
                fault(
                    element.mark, "'\(text)' stands twice in '\(what)', first in line \(before.line)",
                    expected: "it once")
                continue
            }
            first[text] = element.mark
            texts.append((text, element.mark))
        }
        return texts
    }

    // MARK: Single values

    /// A text that is not empty; a number is taken as its digits, so that ids need no quotes.
    package mutating func text(_ node: JSON5Node, _ what: String) -> String? {
        guard let text = node.text else {
            wrongKind(node, what, expected: "a text")
            return nil
        }
        guard !text.isEmpty, text.contains(where: { !$0.isWhitespace }) else {
            fault(node.mark, "'\(what)' is empty", expected: "a text")
            return nil
        }
        return text
    }

    /// `true` or `false`.
    package mutating func flag(_ node: JSON5Node, _ what: String) -> Bool? {
        guard case .bool(let flag) = node.value else {
            wrongKind(node, what, expected: "true or false")
            return nil
        }
        return flag
    }

    /// A name out of a closed list.
    package mutating func word<Word: RawRepresentable<String> & CaseIterable>(
        _ node: JSON5Node, _ what: String, as type: Word.Type = Word.self
    ) -> Word? {
        let names = Word.allCases.map(\.rawValue)
        guard case .string(let name) = node.value else {
            wrongKind(node, what, expected: Self.oneOf(names))
            return nil
        }
        if let word = Word(rawValue: name) { return word }
        unknown(name, "'\(name)' is no value of '\(what)'", at: node.mark, among: names)
        return nil
    }

    /// Names out of a closed list.
    mutating func words<Word: RawRepresentable<String> & CaseIterable & Hashable>(
        _ node: JSON5Node, _ what: String, as type: Word.Type = Word.self
    ) -> Set<Word>? {
        guard let elements = elements(node, what) else { return nil }
        var words: Set<Word> = []
        for element in elements {
            guard let word = word(element, what, as: type) else { continue }
            if !words.insert(word).inserted {
                fault(element.mark, "'\(word.rawValue)' stands twice in '\(what)'", expected: "it once")
            }
        }
        return words
    }

    /// A day (its first moment in UTC) or a moment.
    package mutating func instant(_ node: JSON5Node, _ what: String) -> Instant? {
        let expected = "ISO 8601, as \"2024-01-31\" or \"2024-01-31T08:00:00Z\""
        guard case .string(let text) = node.value else {
            wrongKind(node, what, expected: expected)
            return nil
        }
        if let instant = Instant(text) { return instant }
        fault(node.mark, "'\(what)' is '\(text)', not a date", expected: expected)
        return nil
    }

    // MARK: Files

    /// Bytes of a file that a node names; a relative name is meant from the folder of the mapping.
    mutating func file(_ node: JSON5Node, _ what: String) -> (name: String, bytes: [UInt8])? {
        guard let name = text(node, what) else { return nil }
        let folder = node.mark.file.lastIndex(of: "/").map { String(node.mark.file[...$0]) } ?? ""
        let path = name.hasPrefix("/") ? name : folder + name
        do {
            let bytes = try access(path)
            contents[path] = bytes
            return (path, bytes)
        } catch {
            fault(node.mark, "file '\(name)' cannot be read", expected: "a file beside the mapping, or its whole path")
            return nil
        }
    }
}
