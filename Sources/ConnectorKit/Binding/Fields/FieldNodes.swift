public import ConversationModel

// Custom fields that stand in one place of a record. Three choices are independent of each other: how the fields lie
// there, what their keys begin with, and what they can be on this platform.

extension Rule {
    /// Custom fields as an object: `{"plan":"pro"}`.
    public static func fields(
        _ path: Path, _ property: WritableKeyPath<Root, [FieldValue]>, omitsEmpty: Bool = false
    ) -> Rule {
        fields(path, property, .object, omitsEmpty: omitsEmpty)
    }

    /// Custom fields as an object whose keys say the type of their value by an ending.
    public static func typedFields(
        _ path: Path, _ property: WritableKeyPath<Root, [FieldValue]>, _ suffixes: TypedSuffixes,
        omitsEmpty: Bool = false
    ) -> Rule {
        fields(path, property, .object, form: FieldForm(endings: suffixes), omitsEmpty: omitsEmpty)
    }

    /// Custom fields as a list of pairs: `[{"id":1,"value":"pro"}]`.
    public static func fieldPairs(
        _ path: Path, _ property: WritableKeyPath<Root, [FieldValue]>, key: String, value: String, _ codec: TextCodec,
        omitsEmpty: Bool = false
    ) -> Rule {
        fields(path, property, .pairs(key: key, value: value, codec), omitsEmpty: omitsEmpty)
    }

    /// Custom fields as a list of pairs, of which the record has several: their keys begin with `prefix`.
    ///
    /// - Parameters:
    ///   - path: Where the list stands.
    ///   - property: The fields.
    ///   - key: Key of a field's name.
    ///   - value: Key of its value.
    ///   - prefix: What the field's key begins with, so that the lists are told apart.
    /// - Returns: The rule.
    public static func fieldPairs(
        _ path: Path, _ property: WritableKeyPath<Root, [FieldValue]>, key: String, value: String, prefix: String
    ) -> Rule {
        fields(path, property, .pairs(key: key, value: value, nil), prefix: prefix, omitsEmpty: true)
    }

    /// Custom fields as a list of pairs whose values are always texts; other values are written as their text.
    public static func textPairs(
        _ path: Path, _ property: WritableKeyPath<Root, [FieldValue]>, key: String, value: String,
        omitsEmpty: Bool = false
    ) -> Rule {
        fields(path, property, .pairs(key: key, value: value, .text), form: .texts, omitsEmpty: omitsEmpty)
    }

    /// Custom fields as a list of objects with one member each: `[{"plan":"pro"}]`; values are texts.
    public static func fieldObjects(_ path: Path, _ property: WritableKeyPath<Root, [FieldValue]>) -> Rule {
        fields(path, property, .objects, form: .fullTexts(), omitsEmpty: true)
    }

    private static func fields(
        _ path: Path, _ property: WritableKeyPath<Root, [FieldValue]>, _ layout: FieldLayout, prefix: String = "",
        form: FieldForm? = nil, omitsEmpty: Bool
    ) -> Rule {
        let offset = place(property)
        return Rule(
            path: path,
            content: .value { _ in
                FieldsNode(offset: offset, layout: layout, prefix: prefix, form: form, writesEmpty: !omitsEmpty)
            })
    }
}

/// How custom fields lie in one place of a record.
enum FieldLayout: Sendable {
    /// An object.
    case object
    /// A list of pairs; without a codec a key may be any scalar, and what is no pair is left over.
    case pairs(key: String, value: String, TextCodec?)
    /// A list of objects with one member each; a single object is read as well.
    case objects

    /// Reads the fields; `exact` where writing them again would give the same JSON.
    func read(_ view: JSONView) throws(DecodeFault) -> (fields: [FieldValue], exact: Bool) {
        var fields: [FieldValue] = []
        switch self {
        case .object:
            guard view.isObject else { throw DecodeFault("expected an object, found \(view.kind.noun)") }
            Self.take(view, &fields)
            return (fields, true)
        case .objects:
            if view.isObject {
                Self.take(view, &fields)
                return (fields, false)
            }
            guard view.isArray else { throw DecodeFault("expected a list, found \(view.kind.noun)") }
            var exact = true
            view.forEachElement { element in
                let before = fields.count
                Self.take(element, &fields)
                if fields.count != before + 1 { exact = false }
            }
            return (fields, exact)
        case .pairs(let key, let value, let codec):
            guard view.isArray else { throw DecodeFault("expected a list, found \(view.kind.noun)") }
            var exact = true
            let end = view.next - 1
            var at = view.index + 1
            while at < end {
                let pair = view.at(at)
                at = pair.next
                guard pair.isObject || codec == nil else {
                    throw DecodeFault("expected an object, found \(pair.kind.noun)")
                }
                let (field, isExact) = try Self.field(of: pair, key, value, codec)
                exact = exact && isExact
                if let field { fields.append(field) }
            }
            return (fields, exact)
        }
    }

    private static func take(_ object: JSONView, _ fields: inout [FieldValue]) {
        object.forEachMember { key, value in
            fields.append(FieldValue(String(decoding: key, as: UTF8.self), value.value))
            return true
        }
    }

    private static func field(
        of pair: JSONView, _ key: String, _ value: String, _ codec: TextCodec?
    ) throws(DecodeFault) -> (field: FieldValue?, exact: Bool) {
        var name: JSONView?
        var content: JSONView?
        var isPlain = true
        pair.forEachMember { bytes, member in
            if bytes.equals(key) {
                name = member
            } else if bytes.equals(value) {
                content = member
            } else {
                isPlain = false
            }
            return true
        }
        guard let name else { return (nil, false) }
        let (text, isExact) = try codec?.read(name) ?? (name.scalarText, false)
        guard let text else { return (nil, false) }
        return (FieldValue(text, content?.value ?? .null), isPlain && isExact && content != nil)
    }

    /// Writes the fields.
    func write(_ fields: [FieldValue], _ out: inout JSONOutput) {
        let isObject = if case .object = self { true } else { false }
        out.put(UInt8(ascii: isObject ? "{" : "["))
        for field in fields {
            switch self {
            case .object:
                out.put(key: field.key)
                out.put(field.value)
            case .objects:
                out.separate()
                out.put(.object([JSONValue.Member(field.key, field.value)]))
            case .pairs(let key, let value, let codec):
                out.separate()
                out.put(UInt8(ascii: "{"))
                out.put(key: key)
                (codec ?? .text).write(field.key, &out)
                out.put(key: value)
                out.put(field.value)
                out.put(UInt8(ascii: "}"))
            }
        }
        out.put(UInt8(ascii: isObject ? "}" : "]"))
    }
}

/// Custom fields in one place of a record.
final class FieldsNode: ValueNode {
    private let offset: Int
    private let layout: FieldLayout
    /// What the keys of the fields that stand here begin with, where the record has several such places.
    private let prefix: String
    private let form: FieldForm?
    private let writesEmpty: Bool
    var covers: [Int] { [offset] }
    var narrows: Bool { form != nil }

    init(offset: Int, layout: FieldLayout, prefix: String, form: FieldForm?, writesEmpty: Bool) {
        self.offset = offset
        self.layout = layout
        self.prefix = prefix
        self.form = form
        self.writesEmpty = writesEmpty
    }

    private func read(_ view: JSONView) throws(DecodeFault) -> (fields: [FieldValue], exact: Bool) {
        if view.isNull { return ([], !writesEmpty) }
        var (fields, exact) = try layout.read(view)
        if !prefix.isEmpty {
            // A name without a value, as of a question that nobody answered, is no field; the list stays as it came.
            fields.removeAll { $0.value == .null || $0.value == .string("") }
            for index in fields.indices { fields[index].key = prefix + fields[index].key }
            exact = false
        }
        return (fields, exact && (writesEmpty || !fields.isEmpty))
    }

    /// The fields that stand here.
    private func current(_ root: UnsafeRawPointer) -> [FieldValue] {
        let fields = root.fields(offset)
        return prefix.isEmpty ? fields : fields.filter { $0.key.hasPrefix(prefix) }
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (fields, exact) = try read(view)
        root.fields(offset).pointee += fields
        return exact
    }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool { current(root).isEmpty }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        var fields = current(root)
        if fields.isEmpty, !writesEmpty { return false }
        if !prefix.isEmpty {
            for index in fields.indices { fields[index].key.removeFirst(prefix.count) }
        }
        layout.write(fields, &out)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let (fields, _) = try? read(view) else { return false }
        return fields == current(root)
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        form?.cut(&root.fields(offset).pointee, name, run)
    }
}

/// Extras as an object of their own.
final class ExtrasNode: ValueNode {
    let offset: Int
    var covers: [Int] { [offset] }

    init(offset: Int) { self.offset = offset }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        guard view.isObject else {
            guard view.isNull else { throw DecodeFault("expected an object, found \(view.kind.noun)") }
            return true
        }
        run.scratch.truncate(to: 0)
        run.scratch.put(view)
        (root + offset).assumingMemoryBound(to: Extras.self).pointee = Extras(
            json: view.next == view.index + 2 ? "" : run.scratch.text)
        return true
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let extras = (root + offset).assumingMemoryBound(to: Extras.self).pointee
        guard !extras.isEmpty else { return false }
        out.put(raw: extras.json)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { false }
}
