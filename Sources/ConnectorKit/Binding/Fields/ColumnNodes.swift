public import ConversationModel

// Custom fields among a record's own members, as columns of a table have them.

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
            content: .value { _ in
                ColumnsNode(offset: offset, prefix: prefix, form: FieldForm(endings: suffixes), isSorted: false)
            })
    }

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
        let form = FieldForm.fullTexts(
            between: ";", besides: { $0.isEmpty || $0.hasPrefix("#") || taken.contains($0) }, isUnique: true)
        return Rule(
            path: [OpenFieldsNode.slotKey],
            content: .value { _ in ColumnsNode(offset: offset, prefix: "", form: form, isSorted: true) })
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

/// As a node of its own such a rule says nothing.
extension OpenMembersNode {
    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        false
    }
    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }
    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { true }
}

/// Custom fields as columns.
final class ColumnsNode: OpenMembersNode {
    private let offset: Int
    private let prefix: String
    private let form: FieldForm
    /// Whether fields stand in the order of their keys.
    private let isSorted: Bool
    var covers: [Int] { [offset] }
    let narrows = true

    init(offset: Int, prefix: String, form: FieldForm, isSorted: Bool) {
        self.offset = offset
        self.prefix = prefix
        self.form = form
        self.isSorted = isSorted
    }

    func takes(_ key: UnsafeBufferPointer<UInt8>, _ view: JSONView) -> Bool {
        guard view.isString, !view.bytes.isEmpty, key.first != UInt8(ascii: "#") else { return false }
        return prefix.isEmpty
            || key.count > prefix.utf8.count && key.prefix(prefix.utf8.count).elementsEqual(prefix.utf8)
    }

    // A cell is the same text again, whatever type its value has in between.
    func decodeMember(
        _ key: UnsafeBufferPointer<UInt8>, _ view: JSONView, into root: UnsafeMutableRawPointer
    ) -> Bool {
        let name = String(decoding: key.dropFirst(prefix.utf8.count), as: UTF8.self)
        let field = FieldValue(name, form.endings?.value(of: view.string, under: name) ?? .string(view.string))
        let fields = root.fields(offset)
        let place = isSorted ? fields.pointee.firstIndex { $0.key > name } : nil
        fields.pointee.insert(field, at: place ?? fields.pointee.endIndex)
        return true
    }

    func encodeMembers(_ root: UnsafeRawPointer, extras: JSONView?, _ out: inout JSONOutput) -> Bool {
        let fields = root.fields(offset)
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
        root.fields(offset).contains { key.equals(prefix + $0.key) }
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let fields = root.fields(offset)
        form.cut(&fields.pointee, name, run)
        guard isSorted else { return }
        let sorted = fields.pointee.sorted { $0.key < $1.key }
        guard sorted != fields.pointee else { return }
        fields.pointee = sorted
        run.note(name, .converted, "in the order of the columns")
    }
}
