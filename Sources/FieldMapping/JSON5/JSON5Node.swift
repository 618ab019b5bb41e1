public import Diagnostics

/// Where something stands in a text that a person wrote.
public struct SourceMark: Sendable, Hashable {
    /// File as the person named it.
    public let file: String
    /// Line, from 1.
    public let line: Int
    /// Column in characters (Unicode scalars), from 1.
    public let column: Int

    /// Creates a mark.
    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// The mark as errors carry it.
    public var place: Place { Place(file: file, line: line, column: column) }
}

/// A value of a JSON5 text together with where it stands.
public struct JSON5Node: Sendable, Equatable {
    /// What a node holds.
    public enum Value: Sendable, Equatable {
        /// `null`.
        case null
        /// `true` or `false`.
        case bool(Bool)
        /// A number as JSON writes it: no leading `+`, hexadecimal turned into decimal, digits before a point.
        case number(String)
        /// A string, escapes resolved.
        case string(String)
        /// A list.
        case array([JSON5Node])
        /// Members in the order of the text, no key twice.
        case object([Member])
    }

    /// One member of an object.
    public struct Member: Sendable, Equatable {
        /// The key, quotes and escapes resolved.
        public let key: String
        /// Where the key stands.
        public let keyMark: SourceMark
        /// The value.
        public var node: JSON5Node

        /// Creates a member.
        public init(key: String, keyMark: SourceMark, node: JSON5Node) {
            self.key = key
            self.keyMark = keyMark
            self.node = node
        }

        /// Where the key stands, as errors carry it.
        public var keyPlace: Place { keyMark.place }
    }

    /// What the node holds.
    public var value: Value
    /// Where its first character stands.
    public let mark: SourceMark

    /// Creates a node.
    public init(_ value: Value, at mark: SourceMark) {
        self.value = value
        self.mark = mark
    }

    /// Line of the first character, from 1.
    public var line: Int { mark.line }
    /// Column of the first character, from 1.
    public var column: Int { mark.column }
    /// Where the node stands, as errors carry it.
    public var place: Place { mark.place }

    /// The node's text when it is a string or a number.
    public var text: String? {
        switch value {
        case .string(let text), .number(let text): text
        default: nil
        }
    }

    /// Members of an object in their order; empty for anything else.
    public var members: [Member] { if case .object(let members) = value { members } else { [] } }

    /// Elements of a list in their order; empty for anything else.
    public var elements: [JSON5Node] { if case .array(let elements) = value { elements } else { [] } }

    /// Whether the node is `null`.
    public var isNull: Bool { value == .null }

    /// The value under a key of an object; `nil` when there is none or this is no object.
    public subscript(key: String) -> JSON5Node? { members.first { $0.key == key }?.node }

    /// What the node is, for messages: `a list`.
    public var kind: String {
        switch value {
        case .null: "null"
        case .bool: "true or false"
        case .number: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

extension JSON5Node {
    /// This node with another laid over it: objects key by key, `null` takes a key away, anything else replaces.
    ///
    /// Without `null`: `a.layered(under: a) == a`, and layering is associative for nodes of equal shape.
    public func layered(under upper: JSON5Node) -> JSON5Node {
        guard case .object(var members) = value, case .object(let above) = upper.value else {
            return upper.withoutNulls
        }
        for member in above {
            let index = members.firstIndex { $0.key == member.key }
            if member.node.isNull {
                if let index { members.remove(at: index) }
            } else if let index {
                members[index] = Member(
                    key: member.key, keyMark: member.keyMark, node: members[index].node.layered(under: member.node))
            } else {
                members.append(Member(key: member.key, keyMark: member.keyMark, node: member.node.withoutNulls))
            }
        }
        return JSON5Node(.object(members), at: upper.mark)
    }

    /// The node without members that are `null`, at any depth of objects.
    var withoutNulls: JSON5Node {
        guard case .object(let members) = value else { return self }
        let kept = members.compactMap { member in
            member.node.isNull
                ? nil : Member(key: member.key, keyMark: member.keyMark, node: member.node.withoutNulls)
        }
        return JSON5Node(.object(kept), at: mark)
    }

    /// The value as JSON with sorted keys and no blanks: the same for texts that differ only in layout and comments.
    public var canonicalText: String {
        var text = ""
        writeCanonical(into: &text)
        return text
    }

    private func writeCanonical(into text: inout String) {
        switch value {
        case .null: text += "null"
        case .bool(let flag): text += flag ? "true" : "false"
        case .number(let number): text += number
        case .string(let string): text += quotedJSON(string)
        case .array(let elements):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += "," }
                element.writeCanonical(into: &text)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { text += "," }
                text += quotedJSON(member.key) + ":"
                member.node.writeCanonical(into: &text)
            }
            text += "}"
        }
    }
}

/// A text as a JSON string: quotes, backslash and control characters escaped, the rest as it is.
func quotedJSON(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": quoted += "\\\""
        case "\\": quoted += "\\\\"
        case "\n": quoted += "\\n"
        case "\r": quoted += "\\r"
        case "\t": quoted += "\\t"
        case _ where scalar.value < 0x20:
            let hex = String(scalar.value, radix: 16)
            quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        default: quoted.unicodeScalars.append(scalar)
        }
    }
    return quoted + "\""
}
