public import ConversationModel

// Custom fields among a record's own members, told by how the members' names begin.

extension Rule {
    /// Columns of custom fields: those whose name begins with a prefix.
    ///
    /// A cell's text becomes the value that the ending of its name promises; the field's key is the name without the prefix.
    ///
    /// - Parameters:
    ///   - prefix: How the names of such columns begin.
    ///   - property: Where the values go.
    ///   - suffixes: What the endings of names say of the values' types.
    /// - Returns: The rule.
    public static func typedColumns(
        _ prefix: String, _ property: WritableKeyPath<Root, [FieldValue]>, _ suffixes: TypedSuffixes
    ) -> Rule {
        let offset = place(property)
        return Rule(
            path: [OpenFieldsNode.slotKey],
            content: .value { _ in TypedColumnsNode(offset: offset, prefix: prefix, suffixes: suffixes) })
    }
}

extension Rule {
    /// Columns of custom fields: all that no other rule names, as texts under the fields' own keys.
    ///
    /// A field whose key is one of the other rules' columns is dropped. Fields stand in the order of their keys, because a
    /// table's columns have one order for all its rows.
    ///
    /// - Parameters:
    ///   - property: Where the values go.
    ///   - rules: The other rules of the table.
    /// - Returns: The rule.
    public static func columns(_ property: WritableKeyPath<Root, [FieldValue]>, besides rules: [Rule]) -> Rule {
        let offset = place(property)
        let taken = Set(rules.compactMap(\.path.keys.first))
        return Rule(
            path: [OpenFieldsNode.slotKey], content: .value { _ in TextColumnsNode(offset: offset, taken: taken) })
    }
}

/// A rule for members of an object that no slot names; an object has one of them at most.
protocol OpenMembersNode: ValueNode {
    /// Whether a member is one of this rule's.
    func takes(_ key: UnsafeBufferPointer<UInt8>, _ view: JSONView) -> Bool
    /// Reads a member; returns whether writing it again would give the same JSON.
    func decodeMember(
        _ key: UnsafeBufferPointer<UInt8>, _ view: JSONView, into root: UnsafeMutableRawPointer
    ) -> Bool
    /// Writes all members; returns whether there were any.
    func encodeMembers(_ root: UnsafeRawPointer, extras: JSONView?, _ out: inout JSONOutput) -> Bool
    /// Whether a member of this name is written.
    func holds(_ key: UnsafeBufferPointer<UInt8>, _ root: UnsafeRawPointer) -> Bool
}

/// Custom fields as columns.
final class TypedColumnsNode: OpenMembersNode {
    let offset: Int
    let prefix: String
    let suffixes: TypedSuffixes
    private let typing: TypedFieldsNode
    var covers: [Int] { [offset] }
    var narrows: Bool { true }

    init(offset: Int, prefix: String, suffixes: TypedSuffixes) {
        self.offset = offset
        self.prefix = prefix
        self.suffixes = suffixes
        typing = TypedFieldsNode(offset: offset, suffixes: suffixes, writesEmpty: false)
    }

    func takes(_ key: UnsafeBufferPointer<UInt8>, _ view: JSONView) -> Bool {
        guard view.isString, !view.bytes.isEmpty, key.count > prefix.utf8.count else { return false }
        return key.prefix(prefix.utf8.count).elementsEqual(prefix.utf8)
    }

    // A cell is the same text again, whatever type its value has in between.
    func decodeMember(
        _ key: UnsafeBufferPointer<UInt8>, _ view: JSONView, into root: UnsafeMutableRawPointer
    ) -> Bool {
        let name = String(decoding: key.dropFirst(prefix.utf8.count), as: UTF8.self)
        (root + offset).assumingMemoryBound(to: [FieldValue].self).pointee.append(
            FieldValue(name, suffixes.value(of: view.string, under: name)))
        return true
    }

    func encodeMembers(_ root: UnsafeRawPointer, extras: JSONView?, _ out: inout JSONOutput) -> Bool {
        let fields = (root + offset).assumingMemoryBound(to: [FieldValue].self).pointee
        for field in fields {
            out.put(key: prefix + field.key)
            switch field.value {
            case .string(let text), .number(let text): out.put(text)
            case .bool(let value): out.put(value ? "true" : "false")
            default: out.put(field.value)
            }
        }
        return !fields.isEmpty
    }

    func holds(_ key: UnsafeBufferPointer<UInt8>, _ root: UnsafeRawPointer) -> Bool {
        (root + offset).assumingMemoryBound(to: [FieldValue].self).pointee.contains { key.equals(prefix + $0.key) }
    }

    // MARK: As a node of its own it says nothing

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        false
    }
    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }
    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { true }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        typing.project(root, name, run)
    }
}

/// Custom fields as columns of text.
final class TextColumnsNode: OpenMembersNode {
    let offset: Int
    let taken: Set<String>
    var covers: [Int] { [offset] }
    let narrows = true

    init(offset: Int, taken: Set<String>) {
        self.offset = offset
        self.taken = taken
    }

    func takes(_ key: UnsafeBufferPointer<UInt8>, _ view: JSONView) -> Bool {
        view.isString && !view.bytes.isEmpty && key.first != UInt8(ascii: "#")
    }

    func decodeMember(
        _ key: UnsafeBufferPointer<UInt8>, _ view: JSONView, into root: UnsafeMutableRawPointer
    ) -> Bool {
        let fields = (root + offset).assumingMemoryBound(to: [FieldValue].self)
        let field = FieldValue(String(decoding: key, as: UTF8.self), .string(view.string))
        let place = fields.pointee.firstIndex { $0.key > field.key } ?? fields.pointee.endIndex
        fields.pointee.insert(field, at: place)
        return true
    }

    func encodeMembers(_ root: UnsafeRawPointer, extras: JSONView?, _ out: inout JSONOutput) -> Bool {
        let fields = (root + offset).assumingMemoryBound(to: [FieldValue].self).pointee
        for field in fields {
            out.put(key: field.key)
            out.put(field.value)
        }
        return !fields.isEmpty
    }

    func holds(_ key: UnsafeBufferPointer<UInt8>, _ root: UnsafeRawPointer) -> Bool {
        (root + offset).assumingMemoryBound(to: [FieldValue].self).pointee.contains { key.equals($0.key) }
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let fields = (root + offset).assumingMemoryBound(to: [FieldValue].self)
        var kept: [FieldValue] = []
        for field in fields.pointee {
            if field.key.isEmpty || field.key.hasPrefix("#") || taken.contains(field.key) {
                run.note(name, .dropped, "its key means something else there")
            } else if kept.contains(where: { $0.key == field.key }) {
                run.note(name, .dropped, field.key + ": twice")
            } else if let text = PropertyText.of(field.value) {
                if field.value != .string(text) { run.note(name, .converted, "text") }
                kept.append(FieldValue(field.key, .string(text)))
            } else {
                run.note(name, .dropped, "a field without a value")
            }
        }
        let ordered = kept.sorted { $0.key < $1.key }
        if ordered != kept { run.note(name, .converted, "in the order of the columns") }
        if ordered != fields.pointee { fields.pointee = ordered }
    }

    // MARK: As a node of its own it says nothing

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        false
    }
    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }
    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { true }
}
