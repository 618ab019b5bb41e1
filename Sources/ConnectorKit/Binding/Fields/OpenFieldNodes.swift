public import ConversationModel

// Custom fields that stand among a record's own members and are told by how their names begin: `u_plan`.

extension Rule {
    /// Custom fields as members of the record itself, as text.
    ///
    /// A field whose key is no such name gets one that follows from it, and stands beside its value as it is.
    ///
    /// - Parameters:
    ///   - property: The neutral fields.
    ///   - prefixes: How the names begin; the first is put before others' keys.
    /// - Returns: The rule; an object takes one of them.
    public static func openFields(
        _ property: WritableKeyPath<Root, [FieldValue]>, prefixes: [String]
    ) -> Rule {
        let offset = place(property)
        return Rule(path: [OpenFieldsNode.slotKey], content: .value { _ in OpenFieldsNode(offset, prefixes) })
    }
}

/// Members of an object that no slot names and whose names begin as custom fields do.
final class OpenFieldsNode: OpenMembersNode {
    /// No vendor's key.
    static let slotKey = "#fields"

    private let offset: Int
    private let prefixes: [[UInt8]]
    private let form = FieldForm(value: { CellText.text(of: $0).map(JSONValue.string) }, isUnique: true)
    var covers: [Int] { [offset] }
    let narrows = true

    init(_ offset: Int, _ prefixes: [String]) {
        self.offset = offset
        self.prefixes = prefixes.map { Array($0.utf8) }
    }

    func isNamed(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
        prefixes.contains { prefix in key.count > prefix.count && key.prefix(prefix.count).elementsEqual(prefix) }
    }

    /// Whether a member is a custom field with a value.
    func takes(_ key: UnsafeBufferPointer<UInt8>, _ view: JSONView) -> Bool {
        guard isNamed(key) else { return false }
        if view.isArray {
            var all = true
            view.forEachElement { all = all && Self.content($0) != nil }
            return all && view.elementCount > 0
        }
        return Self.content(view) != nil
    }

    private static func content(_ view: JSONView) -> String? {
        let content = view.isObject ? Box.content(view) : view
        guard let text = content?.scalarText, !text.isEmpty else { return nil }
        return text
    }

    private static func field(_ key: String, _ view: JSONView) -> FieldValue? {
        guard let text = content(view) else { return nil }
        let original = view.isObject ? view.member(Box.original)?.scalarText : nil
        return FieldValue(original ?? key, .string(text))
    }

    /// Reads a member; returns whether writing it again would give the same JSON.
    func decodeMember(
        _ key: UnsafeBufferPointer<UInt8>, _ view: JSONView, into root: UnsafeMutableRawPointer
    ) -> Bool {
        let name = String(decoding: key, as: UTF8.self)
        let fields = root.fields(offset)
        if view.isArray {
            var exact = true
            view.forEachElement { element in
                if let field = Self.field(name, element) { fields.pointee.append(field) }
                exact = exact && isOurs(element, name)
            }
            return exact
        }
        if let field = Self.field(name, view) { fields.pointee.append(field) }
        return view.isString || isOurs(view, name)
    }

    private func isOurs(_ view: JSONView, _ name: String) -> Bool {
        guard view.isObject, let original = view.member(Box.original)?.scalarText else { return false }
        return column(original) == name && view.memberCount == 2
    }

    /// The name under which a field's value stands.
    private func column(_ key: String) -> String {
        var bytes = Array(key.utf8)
        let isColumn = bytes.allSatisfy { $0 == 0x5F || ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x61 && $0 <= 0x7A) }
        if isColumn, bytes.withUnsafeBufferPointer({ isNamed($0) }) { return key }
        bytes = bytes.map { byte in
            switch byte {
            case 0x41...0x5A: byte + 32
            case 0x30...0x39, 0x61...0x7A, 0x5F: byte
            default: 0x5F
            }
        }
        return String(decoding: (prefixes.first ?? []) + bytes, as: UTF8.self)
    }

    /// Writes all fields; one whose own form the extras hold is written in that.
    func encodeMembers(_ root: UnsafeRawPointer, extras: JSONView?, _ out: inout JSONOutput) -> Bool {
        let fields = root.fields(offset)
        for field in fields {
            guard let text = CellText.text(of: field.value) else { continue }
            let name = column(field.key)
            if let raw = extras?.member(field.key), !raw.isArray, Self.field(field.key, raw) == field {
                out.put(key: field.key)
                out.put(raw)
                continue
            }
            out.put(key: name)
            guard name != field.key else {
                out.put(text)
                continue
            }
            out.put(UInt8(ascii: "{"))
            out.put(key: Box.original)
            out.put(field.key)
            out.put(key: "#text")
            out.put(text)
            out.put(UInt8(ascii: "}"))
        }
        return !fields.isEmpty
    }

    /// Whether a field has this key, so that an empty member of that name is no longer true.
    func holds(_ key: UnsafeBufferPointer<UInt8>, _ root: UnsafeRawPointer) -> Bool {
        isNamed(key)
            && root.fields(offset).contains { key.equals($0.key) }
    }

    /// Values become text; those that say nothing go.
    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let fields = root.fields(offset)
        form.cut(&fields.pointee, name, run)
        let kept = fields.pointee.map { FieldValue(CellText.cleaned($0.key) ?? $0.key, $0.value) }
        // Two keys may share a column; their values then stand side by side.
        let columns = kept.map { column($0.key) }
        fields.pointee = kept.indices.sorted { a, b in
            let (x, y) = (columns.firstIndex(of: columns[a]) ?? a, columns.firstIndex(of: columns[b]) ?? b)
            return (x, a) < (y, b)
        }.map { kept[$0] }
    }
}
