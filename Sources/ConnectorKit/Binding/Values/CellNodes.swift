public import ConversationModel

// Cells of a table: values that a vendor writes as text, and at times in an object beside what people see of them:
//
//     "3"     {"value":"3","display_value":"Moderate"}     {"#text":"3","@display_value":"Moderate"}

extension Rule {
    /// Text in a cell; written as text that an XML file can hold.
    ///
    /// - Parameters:
    ///   - path: Where it stands.
    ///   - property: The neutral property.
    ///   - isGuarded: Whether spreadsheets' guards are taken off: an apostrophe before `=`, `+`, `-` or `@`.
    /// - Returns: The rule.
    public static func cell(
        _ path: Path, _ property: WritableKeyPath<Root, String?>, isGuarded: Bool = false
    ) -> Rule {
        let offset = place(property)
        return Rule(path: path, content: .value { _ in CellTextNode(offset: offset, isGuarded: isGuarded) })
    }

    /// A whole number in a cell, as text.
    public static func cell(_ path: Path, _ property: WritableKeyPath<Root, Int64?>) -> Rule {
        let offset = place(property)
        return Rule(path: path, content: .value { _ in BoxedNode(CellIntegerNode(offset: offset)) })
    }

    /// A list of which the cell holds one text.
    public static func cell(_ path: Path, _ property: WritableKeyPath<Root, [String]>) -> Rule {
        let offset = place(property)
        return Rule(path: path, content: .value { _ in BoxedNode(CellFirstTextNode(offset: offset)) })
    }

    /// Any JSON value in a cell, as text.
    public static func cell(_ path: Path, _ property: WritableKeyPath<Root, JSONValue?>) -> Rule {
        let offset = place(property)
        return Rule(path: path, content: .value { _ in BoxedNode(CellValueNode(offset: offset)) })
    }

    /// The rule of a value that may also stand in an object beside what people see of it.
    public var boxed: Rule {
        guard case .value(let make) = content else { return self }
        var rule = Rule(path: path, content: .value { BoxedNode(make($0)) })
        rule.absence = absence
        rule.part = part
        rule.rivals = rivals
        return rule
    }
}

/// The parts of a value that stands in an object.
enum Box {
    /// What is meant: the raw value, else what people see of it.
    static func content(_ view: JSONView) -> JSONView? {
        var raw: JSONView?
        var shown: JSONView?
        view.forEachMember { key, value in
            if key.equals("#text") || key.equals("value") { raw = value }
            if key.equals("display_value") { shown = value }
            return true
        }
        return raw ?? shown
    }

    /// What people see; empty is nothing.
    static func shown(_ view: JSONView) -> String? {
        guard view.isObject, let shown = view.member("@display_value") ?? view.member("display_value"),
            let text = shown.scalarText, !text.isEmpty
        else { return nil }
        return text
    }

    /// Key beside a made-up value under which its original stands: an attribute that importers pass over.
    static let original = "@source"
}

/// A value that may stand in an object; the object is kept as it came for as long as it says what the record says.
final class BoxedNode: ValueNode, EntryKindNode {
    let inner: any ValueNode
    var covers: [Int] { inner.covers }
    var narrows: Bool { inner.narrows }
    var isIdentity: Bool { inner.isIdentity }

    init(_ inner: any ValueNode) { self.inner = inner }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        guard view.isObject else { return try inner.decode(view, into: root, run) }
        if let content = Box.content(view) { _ = try inner.decode(content, into: root, run) }
        return false
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        inner.encode(root, &out, run)
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard view.isObject else { return inner.matches(view, root, run) }
        guard let content = Box.content(view) else {
            var out = JSONOutput(capacity: 64)
            return !inner.encode(root, &out, run) || inner.isEmpty(root)
        }
        return inner.matches(content, root, run)
    }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool { inner.isEmpty(root) }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) { inner.project(root, name, run) }

    var decidesKinds: Bool { (inner as? any EntryKindNode)?.decidesKinds ?? false }
    func writes(_ entry: Entry) -> Bool { (inner as? any EntryKindNode)?.writes(entry) ?? false }
    func nearest(_ kind: Entry.Kind) -> Entry.Kind? { (inner as? any EntryKindNode)?.nearest(kind) }
}

/// Text in a cell.
final class CellTextNode: ValueNode {
    let offset: Int
    let isGuarded: Bool
    var covers: [Int] { [offset] }
    let narrows = true

    init(offset: Int, isGuarded: Bool = false) {
        self.offset = offset
        self.isGuarded = isGuarded
    }

    private func read(_ view: JSONView) throws(DecodeFault) -> (text: String?, exact: Bool) {
        if view.isObject {
            guard let content = Box.content(view) else { return (nil, false) }
            return (try read(content).text, false)
        }
        let (text, exact) = try TextCodec.text.read(view)
        guard isGuarded, let text, text.utf8.first == UInt8(ascii: "'"),
            let next = text.dropFirst().utf8.first, "=+-@".utf8.contains(next)
        else { return (text, exact) }
        return (String(text.dropFirst()), false)
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (text, exact) = try read(view)
        if let text { (root + offset).assumingMemoryBound(to: String?.self).pointee = text }
        return exact
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let text = (root + offset).assumingMemoryBound(to: String?.self).pointee else { return false }
        out.put(text)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let (text, _) = try? read(view) else { return false }
        return text == (root + offset).assumingMemoryBound(to: String?.self).pointee
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let field = (root + offset).assumingMemoryBound(to: String?.self)
        guard let text = field.pointee else { return }
        if text.isEmpty {
            field.pointee = nil
            return run.note(name, .dropped, "empty text")
        }
        if let clean = CellText.cleaned(text) {
            field.pointee = clean
            run.note(name, .converted, "characters that XML cannot hold")
        }
    }
}

/// Texts as an XML file can hold them.
enum CellText {
    /// The text without the control characters that XML 1.0 forbids, or `nil` where there is none in it.
    static func cleaned(_ text: String) -> String? {
        guard text.unicodeScalars.contains(where: isForbidden) else { return nil }
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { clean.append(isForbidden(scalar) ? "\u{FFFD}" : scalar) }
        return String(clean)
    }

    // Source: https://www.w3.org/TR/xml/#charsets
    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x9, 0xA, 0xD: false
        case 0..<0x20, 0xFFFE, 0xFFFF: true
        default: false
        }
    }

    /// A JSON value as one text; `nil` for none.
    static func text(of value: JSONValue) -> String? { value.asText(between: ",").map { cleaned($0) ?? $0 } }
}

/// A whole number as text.
final class CellIntegerNode: ValueNode {
    let offset: Int
    var covers: [Int] { [offset] }

    init(offset: Int) { self.offset = offset }

    private func read(_ view: JSONView) throws(DecodeFault) -> (value: Int64?, exact: Bool) {
        guard let text = view.scalarText else {
            guard view.isNull else { throw DecodeFault("expected a number, found \(view.kind.noun)") }
            return (nil, true)
        }
        if text.isEmpty { return (nil, false) }
        guard let value = Int64(text) else { throw DecodeFault("expected a number, found text") }
        return (value, view.isString && String(value) == text)
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (value, exact) = try read(view)
        if let value { (root + offset).assumingMemoryBound(to: Int64?.self).pointee = value }
        return exact
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let value = (root + offset).assumingMemoryBound(to: Int64?.self).pointee else { return false }
        out.put(String(value))
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let (value, _) = try? read(view) else { return false }
        return value == (root + offset).assumingMemoryBound(to: Int64?.self).pointee
    }
}

/// The one text of a list that a cell has room for.
final class CellFirstTextNode: ValueNode {
    let offset: Int
    var covers: [Int] { [offset] }
    let narrows = true

    init(offset: Int) { self.offset = offset }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (text, exact) = try TextCodec.text.read(view)
        if let text { (root + offset).assumingMemoryBound(to: [String].self).pointee = [text] }
        return exact
    }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool {
        (root + offset).assumingMemoryBound(to: [String].self).pointee.isEmpty
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let text = (root + offset).assumingMemoryBound(to: [String].self).pointee.first else { return false }
        out.put(text)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let (text, _) = try? TextCodec.text.read(view) else { return false }
        return text == (root + offset).assumingMemoryBound(to: [String].self).pointee.first
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let list = (root + offset).assumingMemoryBound(to: [String].self)
        let count = list.pointee.count
        let texts = list.pointee.filter { !$0.isEmpty }.prefix(1)
        if texts.count < count { run.note(name, .dropped, count: count - texts.count) }
        list.pointee = texts.map { text in
            guard let clean = CellText.cleaned(text) else { return text }
            run.note(name, .converted, "characters that XML cannot hold")
            return clean
        }
    }
}

/// Any JSON value as text.
final class CellValueNode: ValueNode {
    let offset: Int
    var covers: [Int] { [offset] }
    let narrows = true

    init(offset: Int) { self.offset = offset }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (text, exact) = try TextCodec.text.read(view)
        if let text { (root + offset).assumingMemoryBound(to: JSONValue?.self).pointee = .string(text) }
        return exact
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let value = (root + offset).assumingMemoryBound(to: JSONValue?.self).pointee
        guard let value, let text = CellText.text(of: value) else { return false }
        out.put(text)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let (text, _) = try? TextCodec.text.read(view) else { return false }
        let value = (root + offset).assumingMemoryBound(to: JSONValue?.self).pointee
        return text == value.flatMap { CellText.text(of: $0) }
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let field = (root + offset).assumingMemoryBound(to: JSONValue?.self)
        guard let value = field.pointee else { return }
        let text = CellText.text(of: value).map { JSONValue.string($0) }
        guard text != value else { return }
        run.note(name, text == nil ? .dropped : .converted, "as text")
        field.pointee = text
    }
}
