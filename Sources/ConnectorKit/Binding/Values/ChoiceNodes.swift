public import ConversationModel

// Places whose meaning depends on what the record said before.

extension Rule {
    /// An object whose rules depend on a value that was read elsewhere in the record: people, by who the author is.
    ///
    /// It is read after all others of its object.
    ///
    /// - Parameters:
    ///   - path: Where the object stands.
    ///   - property: The value that decides.
    ///   - value: The value for which the first binding holds.
    ///   - then: What the object says then.
    ///   - otherwise: What it says for all others.
    /// - Returns: The rule.
    public static func choice<Value: Sendable & Equatable>(
        _ path: Path, _ property: WritableKeyPath<Root, Value>, is value: Value, then: Binding<Root>,
        otherwise: Binding<Root>
    ) -> Rule {
        let offset = place(property)
        return Rule(
            path: path,
            content: .value { path in
                ChoiceNode(
                    nodes: (then.node(path: path, extrasOffset: nil), otherwise.node(path: path, extrasOffset: nil)),
                    isFirst: { ($0 + offset).assumingMemoryBound(to: Value.self).pointee == value })
            }
        ).late
    }

    /// A value that a word in a list stands for: the role that makes an agent an administrator.
    ///
    /// - Parameters:
    ///   - path: Where the list stands.
    ///   - property: The property.
    ///   - value: What the word means.
    ///   - word: The word.
    ///   - base: What the property says where the word only adds to it; any other value stays.
    /// - Returns: The rule.
    public static func listed<Value: Sendable & Equatable>(
        _ path: Path, _ property: WritableKeyPath<Root, Value?>, _ value: Value, as word: String, over base: Value
    ) -> Rule {
        let offset = place(property)
        return Rule(
            path: path,
            content: .value { _ in ListedWordNode(offset: offset, value: value, base: base, word: word) }
        ).late
    }

    /// A moment inside an object, which may hold only while another member says so: a snooze that is still scheduled.
    ///
    /// - Parameters:
    ///   - path: Where the object stands.
    ///   - property: The property.
    ///   - codec: How the moment is written.
    ///   - key: The moment's key in the object.
    ///   - mark: The member that says so, and its text; `nil` where it always holds.
    /// - Returns: The rule.
    public static func field(
        _ path: Path, _ property: WritableKeyPath<Root, Instant?>, _ codec: InstantCodec, inside key: String,
        while mark: (key: String, text: String)? = nil
    ) -> Rule {
        let offset = place(property)
        return Rule(
            path: path,
            content: .value { _ in
                MarkedInstantNode(offset: offset, codec: codec, key: key, mark: mark)
            })
    }

    /// Yes where there is no moment, no where there is one: the time of a removal; only read.
    public static func absence(_ path: Path, _ property: WritableKeyPath<Root, Bool?>) -> Rule {
        let offset = place(property)
        return Rule(path: path, content: .value { _ in AbsenceNode(offset: offset) })
    }
}

/// An object with two meanings, told apart by the record.
final class ChoiceNode: ValueNode {
    private let nodes: (ObjectNode, ObjectNode)
    private let isFirst: @Sendable (UnsafeRawPointer) -> Bool
    let covers: [Int]

    init(nodes: (ObjectNode, ObjectNode), isFirst: @escaping @Sendable (UnsafeRawPointer) -> Bool) {
        self.nodes = nodes
        self.isFirst = isFirst
        var covers: [Int] = []
        for node in [nodes.0, nodes.1] {
            node.forEachValue { value, base in covers += value.covers.map { $0 + base } }
        }
        self.covers = covers
    }

    private func node(_ root: UnsafeRawPointer) -> ObjectNode { isFirst(root) ? nodes.0 : nodes.1 }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if view.isNull { return true }
        guard view.isObject else { throw DecodeFault("expected an object, found \(view.kind.noun)") }
        let residue = run.residue.count
        let exact = try node(root).decodeMembers(view, into: root, run)
        run.residue.truncate(to: residue)
        return exact
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        node(root).encodeGroup(root, extras: nil, &out, run) > .nothing
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        view.isObject && node(root).isSaid(by: view, root, run)
    }
}

extension ObjectNode {
    /// Whether JSON says all that the record says of its own; what the conversation around it says does not count.
    fileprivate func isSaid(by view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        slots.allSatisfy { slot in
            if let raw = view.member(slot.key) {
                guard case .group(let node, let offset) = slot.content, raw.isObject else {
                    return slot.stillSays(raw, root, run)
                }
                return node.isSaid(by: raw, root + offset, run)
            }
            switch slot.content {
            case .group(let node, let offset): return node.isSilent(root + offset, run)
            case .value(let node): return slot.isSilent(node, root, run)
            }
        }
    }

    private func isSilent(_ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        slots.allSatisfy { slot in
            switch slot.content {
            case .group(let node, let offset): node.isSilent(root + offset, run)
            case .value(let node): slot.isSilent(node, root, run)
            }
        }
    }
}

extension Slot {
    fileprivate func isSilent(_ node: any ValueNode, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard part.isOfRecord, !(node is ParentNode), !node.isEmpty(root) else { return true }
        var out = JSONOutput(capacity: 64)
        return !node.encode(root, &out, run)
    }
}

/// A value that a word in a list stands for.
final class ListedWordNode<Value: Sendable & Equatable>: ValueNode {
    let offset: Int
    let value: Value
    let base: Value
    let word: String
    var covers: [Int] { [offset] }

    init(offset: Int, value: Value, base: Value, word: String) {
        self.offset = offset
        self.value = value
        self.base = base
        self.word = word
    }

    private func current(_ root: UnsafeRawPointer) -> Value? {
        (root + offset).assumingMemoryBound(to: Value?.self).pointee
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        guard view.isArray else {
            guard view.isNull else { throw DecodeFault("expected a list, found \(view.kind.noun)") }
            return true
        }
        guard view.contains(Array(word.utf8)) else { return false }
        let now = current(root)
        if now == nil || now == base { (root + offset).assumingMemoryBound(to: Value?.self).pointee = value }
        return view.elementCount == 1 && current(root) == value
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard current(root) == value else { return false }
        out.put(.array([.string(word)]))
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        view.contains(Array(word.utf8)) ? current(root) != base : current(root) != value
    }
}

extension JSONView {
    /// How many members an object has beside this one.
    fileprivate func elementsBesides(_ key: String) -> Int {
        var count = 0
        forEachMember { bytes, _ in
            if !bytes.equals(key) { count += 1 }
            return true
        }
        return count
    }
}

/// A moment inside an object, which counts only while a mark beside it stands.
final class MarkedInstantNode: ValueNode {
    let offset: Int
    let codec: InstantCodec
    let key: String
    let mark: (key: String, text: String)?
    private let projecting: InstantNode
    var covers: [Int] { [offset] }
    var narrows: Bool { true }

    init(offset: Int, codec: InstantCodec, key: String, mark: (key: String, text: String)?) {
        self.offset = offset
        self.codec = codec
        self.key = key
        self.mark = mark
        projecting = InstantNode(offset: offset, codec: codec, noneFrom: nil)
    }

    private func read(_ view: JSONView) throws(DecodeFault) -> (instant: Instant?, exact: Bool) {
        if view.isNull { return (nil, true) }
        guard view.isObject else { throw DecodeFault("expected an object, found \(view.kind.noun)") }
        if let mark, view.member(mark.key)?.scalarText != mark.text { return (nil, false) }
        guard let moment = view.member(key) else { return (nil, false) }
        let (instant, exact) = try codec.read(moment)
        let marks = mark.map { [JSONValue.Member($0.key, .string($0.text))] } ?? []
        return (instant, exact && view.elementsBesides(key) == marks.count && view.hasOnlyMembers(key, marks))
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (instant, exact) = try read(view)
        if let instant { (root + offset).assumingMemoryBound(to: Instant?.self).pointee = instant }
        return exact
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let instant = (root + offset).assumingMemoryBound(to: Instant?.self).pointee else { return false }
        out.put(UInt8(ascii: "{"))
        if let mark {
            out.put(key: mark.key)
            out.put(mark.text)
        }
        out.put(key: key)
        codec.write(instant, &out)
        out.put(UInt8(ascii: "}"))
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let (instant, _) = try? read(view) else { return false }
        return instant == (root + offset).assumingMemoryBound(to: Instant?.self).pointee
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        projecting.project(root, name, run)
    }
}

/// Yes or no, told by whether a moment is there; only read, as no other platform says the moment.
final class AbsenceNode: ValueNode {
    let offset: Int
    var covers: [Int] { [offset] }
    var narrows: Bool { true }

    init(offset: Int) { self.offset = offset }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        (root + offset).assumingMemoryBound(to: Bool?.self).pointee = view.isNull
        return false
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        let mine = (root + offset).assumingMemoryBound(to: Bool?.self).pointee
        return mine == nil || mine == view.isNull
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let field = (root + offset).assumingMemoryBound(to: Bool?.self)
        guard let value = field.pointee else { return }
        field.pointee = nil
        run.note(name, value ? .converted : .dropped, value ? "said by being there" : "no moment to write")
    }
}
