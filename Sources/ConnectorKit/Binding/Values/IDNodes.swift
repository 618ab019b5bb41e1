public import ConversationModel

// Ids that stand in lists, in objects, or say more than one thing.

extension Rule {
    /// The first id of a list of ids; a list of several is kept for its vendor.
    ///
    /// - Parameters:
    ///   - path: Where the list stands.
    ///   - key: Key of the list, where it lies in an object of its own.
    ///   - property: The id.
    ///   - codec: How an id is written.
    /// - Returns: The rule.
    public static func firstOf(
        _ path: Path, key: String? = nil, _ property: WritableKeyPath<Root, String?>, _ codec: TextCodec
    ) -> Rule {
        let offset = place(property)
        return Rule(path: path, content: .value { _ in FirstOfNode(offset: offset, key: key, codec: codec) })
    }

    /// Somebody whom the vendor knows by address: an id whose person's address is known becomes that.
    ///
    /// - Parameters:
    ///   - path: Where it stands.
    ///   - property: The id.
    /// - Returns: The rule.
    public static func address(_ path: Path, _ property: WritableKeyPath<Root, String?>) -> Rule {
        let offset = place(property)
        return Rule(path: path, content: .value { _ in AddressNode(offset: offset) })
    }

    /// Ids as a list of objects.
    public static func references(
        _ path: Path, _ property: WritableKeyPath<Root, [String]>, key: String, constants: [JSONValue.Member] = [],
        _ codec: TextCodec, omitsEmpty: Bool = false
    ) -> Rule {
        let offset = place(property)
        return Rule(
            path: path,
            content: .value { _ in
                ReferencesNode(
                    offset: offset, key: key, constants: constants, codec: codec, writesEmpty: !omitsEmpty)
            })
    }

    /// An id that is an e-mail address where it looks like one.
    public static func emailID(
        _ path: Path, _ id: WritableKeyPath<Root, String>, _ email: WritableKeyPath<Root, String?>
    ) -> Rule {
        let id = place(id)
        let email = place(email)
        return Rule(path: path, content: .value { _ in EmailIDNode(id: id, email: email) })
    }

    /// Text that is written only where it differs from the record's id.
    public static func field(
        _ path: Path, _ property: WritableKeyPath<Root, String?>, besides id: WritableKeyPath<Root, String>
    ) -> Rule {
        let offset = place(property)
        let id = place(id)
        return Rule(path: path, content: .value { _ in BesidesNode(offset: offset, id: id) })
    }
}

/// Somebody by address.
final class AddressNode: ValueNode {
    let offset: Int
    private let text: OptionalTextNode
    var covers: [Int] { [offset] }
    let narrows = true

    init(offset: Int) {
        self.offset = offset
        text = OptionalTextNode(offset: offset, codec: .id)
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        try text.decode(view, into: root, run)
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        text.encode(root, &out, run)
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let field = (root + offset).assumingMemoryBound(to: String?.self)
        guard let id = field.pointee, let email = run.people?.person(id)?.email, email != id else { return }
        field.pointee = email
        run.note(name, .converted, "by address")
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        text.matches(view, root, run)
    }
}

/// The first id of a list.
final class FirstOfNode: ValueNode {
    let offset: Int
    var covers: [Int] { [offset] }
    private let key: String?
    private let codec: TextCodec

    init(offset: Int, key: String?, codec: TextCodec) {
        self.offset = offset
        self.key = key
        self.codec = codec
    }

    private func read(_ view: JSONView) throws(DecodeFault) -> (id: String?, exact: Bool) {
        var list = view
        if let key {
            guard view.isObject else {
                guard view.isNull else { throw DecodeFault("expected an object, found \(view.kind.noun)") }
                return (nil, false)
            }
            guard let inner = view.member(key) else { return (nil, false) }
            list = inner
        }
        if list.isNull { return (nil, false) }
        guard list.isArray else { throw DecodeFault("expected a list, found \(list.kind.noun)") }
        let count = list.elementCount
        guard count > 0 else { return (nil, false) }
        let (id, exact) = try codec.read(list.at(list.index + 1))
        return (id, exact && count == 1 && (key.map { view.hasOnlyMembers($0, []) } ?? true))
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (id, exact) = try read(view)
        if let id { (root + offset).assumingMemoryBound(to: String?.self).pointee = id }
        return exact
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let id = (root + offset).assumingMemoryBound(to: String?.self).pointee else { return false }
        if let key {
            out.put(UInt8(ascii: "{"))
            out.put(key: key)
        }
        out.put(UInt8(ascii: "["))
        codec.write(id, &out)
        out.put(UInt8(ascii: "]"))
        if key != nil { out.put(UInt8(ascii: "}")) }
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let (id, _) = try? read(view) else { return false }
        return id == nil || id == (root + offset).assumingMemoryBound(to: String?.self).pointee
    }
}

/// Ids as a list of objects.
final class ReferencesNode: ValueNode {
    let offset: Int
    var covers: [Int] { [offset] }
    private let key: String
    private let constants: [JSONValue.Member]
    private let codec: TextCodec
    private let writesEmpty: Bool

    init(offset: Int, key: String, constants: [JSONValue.Member], codec: TextCodec, writesEmpty: Bool) {
        self.offset = offset
        self.key = key
        self.constants = constants
        self.codec = codec
        self.writesEmpty = writesEmpty
    }

    private func read(_ view: JSONView) throws(DecodeFault) -> (ids: [String], exact: Bool) {
        if view.isNull { return ([], !writesEmpty) }
        guard view.isArray else { throw DecodeFault("expected a list, found \(view.kind.noun)") }
        var ids: [String] = []
        var exact = true
        let end = view.next - 1
        var at = view.index + 1
        while at < end {
            let element = view.at(at)
            at = element.next
            let (id, isExact) = try codec.read(element.isObject ? element.member(key) ?? element : element)
            if let id { ids.append(id) }
            exact =
                exact && isExact && id != nil && element.isObject && element.hasOnlyMembers(key, constants)
                && constants.allSatisfy { element.member($0.key) != nil }
        }
        return (ids, exact && (writesEmpty || !ids.isEmpty))
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (ids, exact) = try read(view)
        (root + offset).assumingMemoryBound(to: [String].self).pointee = ids
        return exact
    }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool {
        (root + offset).assumingMemoryBound(to: [String].self).pointee.isEmpty
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let ids = (root + offset).assumingMemoryBound(to: [String].self).pointee
        if ids.isEmpty, !writesEmpty { return false }
        out.put(UInt8(ascii: "["))
        for id in ids {
            out.separate()
            out.put(UInt8(ascii: "{"))
            out.put(key: key)
            codec.write(id, &out)
            for constant in constants {
                out.put(key: constant.key)
                out.put(constant.value)
            }
            out.put(UInt8(ascii: "}"))
        }
        out.put(UInt8(ascii: "]"))
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let (ids, _) = try? read(view) else { return false }
        return ids == (root + offset).assumingMemoryBound(to: [String].self).pointee
    }
}

/// An id that says the address.
final class EmailIDNode: ValueNode {
    let id: Int
    let email: Int
    var covers: [Int] { [id] }
    var narrows: Bool { true }

    init(id: Int, email: Int) {
        self.id = id
        self.email = email
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (text, exact) = try TextCodec.id.read(view)
        guard let text else { return exact }
        (root + id).assumingMemoryBound(to: String.self).pointee = text
        let address = (root + email).assumingMemoryBound(to: String?.self)
        if address.pointee == nil, text.contains("@") { address.pointee = text }
        return exact
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let text = (root + id).assumingMemoryBound(to: String.self).pointee
        guard !text.isEmpty else { return false }
        out.put(text)
        return true
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let text = (root + id).assumingMemoryBound(to: String.self).pointee
        let address = (root + email).assumingMemoryBound(to: String?.self)
        guard address.pointee == nil, text.contains("@") else { return }
        address.pointee = text
        run.note("email", .invented, "the id")
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        view.scalarText == (root + id).assumingMemoryBound(to: String.self).pointee
    }
}

/// Text that may say the same as the id.
final class BesidesNode: ValueNode {
    let offset: Int
    let id: Int
    var covers: [Int] { [offset] }

    init(offset: Int, id: Int) {
        self.offset = offset
        self.id = id
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (text, exact) = try TextCodec.text.read(view)
        if let text { (root + offset).assumingMemoryBound(to: String?.self).pointee = text }
        // What says the same as the id is kept as it came.
        let mine = (root + id).assumingMemoryBound(to: String.self).pointee
        return exact && (text == nil || (!mine.isEmpty && mine != text))
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let text = (root + offset).assumingMemoryBound(to: String?.self).pointee,
            text != (root + id).assumingMemoryBound(to: String.self).pointee
        else { return false }
        out.put(text)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let (text, _) = try? TextCodec.text.read(view) else { return false }
        return text == (root + offset).assumingMemoryBound(to: String?.self).pointee
    }
}
