public import ConversationModel

// Structs whose values stand in several places of the vendor's record: mail headers, of which an object says the addresses
// and a text beside it the subject. Each rule reads and writes its part and leaves the others alone.

/// When the parts of a struct are there at all: a mail's headers where the entry came by mail.
public struct Condition<Root: Sendable>: Sendable {
    let offset: Int
    /// Whether the property says that the parts belong there.
    let holds: @Sendable (UnsafeRawPointer) -> Bool
    /// Whether the property says nothing.
    let isOpen: @Sendable (UnsafeRawPointer) -> Bool
    /// Makes the property say so.
    let fulfil: @Sendable (UnsafeMutableRawPointer) -> Void
    let name: String

    /// Creates the condition that a property has a value.
    ///
    /// - Parameters:
    ///   - property: The property; where it is empty and the parts are there, it becomes the value.
    ///   - value: The value.
    ///   - name: The property's name, for losses.
    public init<Value: Sendable & Equatable>(
        _ property: WritableKeyPath<Root, Value?>, is value: Value, name: String
    ) {
        let offset = place(property)
        self.offset = offset
        self.name = name
        holds = { ($0 + offset).assumingMemoryBound(to: Value?.self).pointee == value }
        isOpen = { ($0 + offset).assumingMemoryBound(to: Value?.self).pointee == nil }
        fulfil = { ($0 + offset).assumingMemoryBound(to: Value?.self).pointee = value }
    }
}

extension Rule {
    /// An object that says a part of the mail headers.
    public static func emailPart(
        _ path: Path, _ property: WritableKeyPath<Root, EmailHeaders?>, where condition: Condition<Root>,
        _ binding: Binding<EmailHeaders>
    ) -> Rule {
        let offset = place(property)
        return Rule(
            path: path,
            content: .value { path in
                PartialObjectNode<Root, EmailHeaders>(
                    offset: offset, node: binding.node(path: path, extrasOffset: nil), condition: condition)
            }
        ).late
    }

    /// A text of the mail headers that stands apart from the others.
    ///
    /// - Parameters:
    ///   - path: Where it stands.
    ///   - property: The mail headers.
    ///   - member: Which of them it is.
    ///   - condition: When there are any.
    ///   - brackets: What the text begins and ends with to be that at all.
    /// - Returns: The rule.
    public static func emailText(
        _ path: Path, _ property: WritableKeyPath<Root, EmailHeaders?>,
        _ member: WritableKeyPath<EmailHeaders, String?>,
        where condition: Condition<Root>, between brackets: (String, String)? = nil
    ) -> Rule {
        let offset = place(property)
        let member = place(member)
        return Rule(
            path: path,
            content: .value { _ in
                PartialTextNode<Root, EmailHeaders>(
                    offset: offset, member: member, condition: condition, brackets: brackets)
            }
        ).late
    }

    /// A list of texts that may also come as one text or one object, and whose elements may be texts or objects.
    public static func looseTexts(
        _ path: Path, _ property: WritableKeyPath<Root, [String]>, key: String, omitsEmpty: Bool = true
    ) -> Rule {
        let offset = place(property)
        return Rule(
            path: path, content: .value { _ in LooseTextsNode(offset: offset, key: key, writesEmpty: !omitsEmpty) })
    }
}

/// An object that says a part of a struct which may be absent.
final class PartialObjectNode<Root: Sendable, Value: ListElement>: ValueNode {
    let offset: Int
    let node: ObjectNode
    let condition: Condition<Root>
    var covers: [Int] { [offset] }
    var narrows: Bool { true }

    init(offset: Int, node: ObjectNode, condition: Condition<Root>) {
        self.offset = offset
        self.node = node
        self.condition = condition
    }

    private func read(_ view: JSONView, _ run: Decoding, _ value: inout Value) throws(DecodeFault) -> Bool {
        let residue = run.residue.count
        var exact = false
        var fault: DecodeFault?
        withUnsafeMutableBytes(of: &value) { bytes in
            guard let base = bytes.baseAddress else { return }
            do throws(DecodeFault) {
                exact = try node.decodeMembers(view, into: base, run)
            } catch {
                fault = error
            }
        }
        run.residue.truncate(to: residue)
        if let fault { throw fault }
        return exact
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        guard view.isObject, condition.holds(root) else {
            if !run.keepsExtras {
                view.forEachMember { key, value in
                    run.countUnbound(node, key, value)
                    return true
                }
            }
            return view.isNull
        }
        let field = (root + offset).assumingMemoryBound(to: Value?.self)
        var value = field.pointee ?? Value()
        let exact = try read(view, run, &value)
        if value != Value() { field.pointee = value }
        return exact && view.next > view.index + 2
    }

    private func write(_ value: Value, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let mark = out.count
        withUnsafeBytes(of: value) { bytes in
            guard let base = bytes.baseAddress else { return }
            node.encodeObject(base, extras: nil, &out, run)
        }
        if out.count > mark + 2 { return true }
        out.truncate(to: mark)
        return false
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard condition.holds(root), let value = (root + offset).assumingMemoryBound(to: Value?.self).pointee else {
            return false
        }
        return write(value, &out, run)
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard view.isObject, condition.holds(root) else { return true }
        var value = Value()
        guard (try? read(view, run.comparing, &value)) != nil else { return false }
        var mine = JSONOutput(capacity: 256)
        _ = encode(root, &mine, run)
        var raw = JSONOutput(capacity: 256)
        _ = write(value, &raw, run)
        return mine.bytes.equals(raw.bytes)
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let field = (root + offset).assumingMemoryBound(to: Value?.self)
        guard let value = field.pointee, !condition.holds(root) || value == Value() else { return }
        if value == Value() {
            field.pointee = nil
            run.note(name, .dropped, "holds nothing")
        } else if condition.isOpen(root) {
            condition.fulfil(root)
            run.note(condition.name, .converted, "said by \(name)")
        } else {
            field.pointee = nil
            run.note(name, .dropped, "\(condition.name) says otherwise")
        }
    }
}

/// A text of a struct which may be absent.
final class PartialTextNode<Root: Sendable, Value: ListElement>: ValueNode {
    let offset: Int
    let member: Int
    let condition: Condition<Root>
    let brackets: (String, String)?
    var covers: [Int] { [offset] }
    var narrows: Bool { brackets != nil }

    init(offset: Int, member: Int, condition: Condition<Root>, brackets: (String, String)?) {
        self.offset = offset
        self.member = member
        self.condition = condition
        self.brackets = brackets
    }

    private func fits(_ text: String) -> Bool {
        guard let brackets else { return true }
        return text.hasPrefix(brackets.0) && text.hasSuffix(brackets.1)
    }

    private func current(_ root: UnsafeRawPointer) -> String? {
        guard let value = (root + offset).assumingMemoryBound(to: Value?.self).pointee else { return nil }
        return withUnsafeBytes(of: value) { bytes in
            bytes.baseAddress.flatMap { ($0 + member).assumingMemoryBound(to: String?.self).pointee }
        }
    }

    private func set(_ text: String?, _ value: inout Value) {
        withUnsafeMutableBytes(of: &value) { bytes in
            guard let base = bytes.baseAddress else { return }
            (base + member).assumingMemoryBound(to: String?.self).pointee = text
        }
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        guard condition.holds(root) else { return false }
        let (text, exact) = try TextCodec.text.read(view)
        guard let text, fits(text) else { return text == nil && exact }
        let field = (root + offset).assumingMemoryBound(to: Value?.self)
        var value = field.pointee ?? Value()
        set(text, &value)
        field.pointee = value
        return exact
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard condition.holds(root), let text = current(root), fits(text) else { return false }
        out.put(text)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard condition.holds(root), let (text, _) = try? TextCodec.text.read(view) else { return true }
        return text.map(fits) == true ? text == current(root) : current(root) == nil
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        guard let text = current(root), !fits(text) else { return }
        let field = (root + offset).assumingMemoryBound(to: Value?.self)
        guard var value = field.pointee else { return }
        set(nil, &value)
        field.pointee = value == Value() ? nil : value
        run.note(name, .dropped, "not of the form \(brackets?.0 ?? "")...\(brackets?.1 ?? "")")
    }
}

/// A list of texts in whatever form it comes; written as a list of objects.
final class LooseTextsNode: ValueNode {
    let offset: Int
    let key: String
    let writesEmpty: Bool
    var covers: [Int] { [offset] }

    init(offset: Int, key: String, writesEmpty: Bool) {
        self.offset = offset
        self.key = key
        self.writesEmpty = writesEmpty
    }

    private func text(_ view: JSONView) -> String? {
        let scalar = view.isObject ? view.member(key) : view
        guard let text = scalar?.scalarText, !text.isEmpty else { return nil }
        return text
    }

    private func read(_ view: JSONView) -> (texts: [String], exact: Bool) {
        guard view.isArray else { return (text(view).map { [$0] } ?? [], view.isNull && !writesEmpty) }
        var texts: [String] = []
        var exact = true
        view.forEachElement { element in
            if let text = text(element) { texts.append(text) } else { exact = false }
            exact = exact && element.isObject && element.hasOnlyMembers(key, [])
        }
        return (texts, exact && (writesEmpty || !texts.isEmpty))
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (texts, exact) = read(view)
        (root + offset).assumingMemoryBound(to: [String].self).pointee = texts
        return exact
    }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool {
        (root + offset).assumingMemoryBound(to: [String].self).pointee.isEmpty
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let texts = (root + offset).assumingMemoryBound(to: [String].self).pointee
        if texts.isEmpty, !writesEmpty { return false }
        out.put(UInt8(ascii: "["))
        for text in texts {
            out.separate()
            out.put(.object([JSONValue.Member(key, .string(text))]))
        }
        out.put(UInt8(ascii: "]"))
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        read(view).texts == (root + offset).assumingMemoryBound(to: [String].self).pointee
    }
}
