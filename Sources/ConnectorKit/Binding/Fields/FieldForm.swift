internal import ConversationModel

/// What the custom fields of a platform can be; those of other platforms are cut to it.
struct FieldForm: Sendable {
    /// A value as the platform can hold it; `nil` where it says nothing.
    var value: @Sendable (JSONValue) -> JSONValue? = { $0 }
    /// Whether a key means something else there.
    var isTaken: @Sendable (String) -> Bool = { _ in false }
    /// Whether a record holds a key once at most.
    var isUnique = false
    /// Endings that keys have there.
    var endings: TypedSuffixes?

    /// Texts alone; an empty one is a value too.
    static let texts = FieldForm(value: { $0 == .string("") ? $0 : $0.asText().map(JSONValue.string) })
    /// Texts that are not empty, flags, and whole numbers of 32 bits.
    static let scalars = FieldForm { value in
        switch value {
        case .bool: value
        case .number(let text) where Int32(text) != nil: value
        default: value.asText().map(JSONValue.string)
        }
    }

    /// Texts that are not empty, a list's elements as one text with `separator` between them where there is one.
    static func fullTexts(
        between separator: String? = nil, besides isTaken: @escaping @Sendable (String) -> Bool = { _ in false },
        isUnique: Bool = false
    ) -> FieldForm {
        FieldForm(
            value: { $0.asText(between: separator).map(JSONValue.string) }, isTaken: isTaken, isUnique: isUnique)
    }

    /// Cuts fields to the form, and counts the differences under `name`.
    func cut(_ fields: inout [FieldValue], _ name: String, _ run: Projecting) {
        var kept: [FieldValue] = []
        for field in fields {
            if isTaken(field.key) {
                run.note(name, .dropped, "its key means something else there")
            } else if isUnique, kept.contains(where: { $0.key == field.key }) {
                run.note(name, .dropped, field.key + ": twice")
            } else if let value = value(field.value) {
                if value != field.value { run.note(name, .converted, "as text") }
                kept.append(FieldValue(field.key, value))
            } else {
                run.note(name, .dropped, "a field without a value")
            }
        }
        if kept != fields { fields = kept }
        endings?.giveEndings(&fields, name, run)
    }
}

extension JSONValue {
    /// The value as one text; `nil` for none.
    ///
    /// - Parameter separator: What stands between the elements of a list; without it a list is JSON.
    /// - Returns: The text, which is not empty.
    func asText(between separator: String? = nil) -> String? {
        switch self {
        case .null: return nil
        case .string(let text), .number(let text): return text.isEmpty ? nil : text
        case .array(let elements):
            guard let separator else { return json }
            let texts = elements.compactMap { $0.asText(between: separator) }
            return texts.isEmpty ? nil : texts.joined(separator: separator)
        case .bool, .object: return json
        }
    }

    /// The value as JSON.
    var json: String {
        var out = JSONOutput(capacity: 256)
        out.put(self)
        return out.text
    }
}

extension UnsafeRawPointer {
    /// The custom fields at a place of a record.
    @inline(__always)
    func fields(_ offset: Int) -> [FieldValue] { (self + offset).assumingMemoryBound(to: [FieldValue].self).pointee }
}

extension UnsafeMutableRawPointer {
    /// The custom fields at a place of a record.
    @inline(__always)
    func fields(_ offset: Int) -> UnsafeMutablePointer<[FieldValue]> {
        (self + offset).assumingMemoryBound(to: [FieldValue].self)
    }
}
