internal import ConversationModel

// Lists of texts that a vendor keeps as records of their own: a tag on a ticket, a person's place in a team.

/// One text of a list as a record, and the id of what it belongs to.
public struct TextRecord: Sendable, Equatable {
    /// The text: a tag, a team's id.
    public var text = ""
    /// Id of the record whose list it stands in.
    public var owner = ""

    /// Creates an empty value.
    public init() {}
}

extension Rule {
    /// Texts as records of their own, joined to this one.
    ///
    /// - Parameters:
    ///   - path: Where the list stands.
    ///   - property: The neutral list.
    ///   - owner: The id that the records refer to.
    ///   - binding: The form of a record.
    ///   - companion: A record that is written before each and that another export reads: the tag itself.
    /// - Returns: The rule.
    public static func textRecords(
        _ path: Path, _ property: WritableKeyPath<Root, [String]>, of owner: WritableKeyPath<Root, String>,
        _ binding: Binding<TextRecord>, companion: Binding<TextRecord>? = nil
    ) -> Rule {
        let offset = place(property)
        let ownerOffset = place(owner)
        return Rule(
            path: path,
            content: .value { path in
                TextRecordsNode(
                    offset: offset, owner: ownerOffset, node: binding.node(path: path, extrasOffset: nil),
                    companion: companion?.node(path: path, extrasOffset: nil))
            }
        ).late
    }
}

extension Rule where Root == TextRecord {
    /// The text as the name of another record, with a key that follows from it.
    public static func namedKey(_ path: Path, _ kind: KeyKind) -> Rule {
        Rule(path: path, content: .value { _ in NamedKeyNode(codec: KeyCodec(kind)) })
    }

    /// A key that follows from the text alone.
    public static func textKey(_ path: Path, _ kind: KeyKind) -> Rule {
        .derived(path) { .string(KeyCodec(kind).derived($0.text, scope: "")) }
    }

    /// A key that follows from the text and from what it belongs to.
    public static func ownKey(_ path: Path, _ kind: KeyKind) -> Rule {
        .derived(path) { .string(KeyCodec(kind).derived($0.text, scope: $0.owner + "\u{0}")) }
    }
}

/// A list of texts as records.
final class TextRecordsNode: ValueNode {
    let offset: Int
    let owner: Int
    let node: ObjectNode
    let companion: ObjectNode?
    var covers: [Int] { [offset] }
    let narrows = true

    init(offset: Int, owner: Int, node: ObjectNode, companion: ObjectNode?) {
        self.offset = offset
        self.owner = owner
        self.node = node
        self.companion = companion
    }

    private func read(
        _ view: JSONView, _ root: UnsafeRawPointer, _ run: Decoding
    ) throws(DecodeFault) -> (texts: [String], exact: Bool) {
        if view.isNull { return ([], true) }
        guard view.isArray else { throw DecodeFault("expected a list, found \(view.kind.noun)") }
        let id = (root + owner).assumingMemoryBound(to: String.self).pointee
        let mark = run.residue.count
        var texts: [String] = []
        var exact = true
        var fault: DecodeFault?
        view.forEachElement { element in
            guard fault == nil, element.isObject else {
                exact = false
                return
            }
            var record = TextRecord()
            record.owner = id
            withUnsafeMutablePointer(to: &record) { pointer in
                do throws(DecodeFault) {
                    let isExact = try node.decodeMembers(element, into: UnsafeMutableRawPointer(pointer), run)
                    exact = exact && isExact
                } catch {
                    fault = error
                }
            }
            if !record.text.isEmpty { texts.append(record.text) } else { exact = false }
        }
        exact = exact && run.residue.count == mark && !texts.isEmpty
        run.residue.truncate(to: mark)
        if let fault { throw fault }
        return (texts, exact)
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (texts, exact) = try read(view, UnsafeRawPointer(root), run)
        (root + offset).assumingMemoryBound(to: [String].self).pointee += texts
        return exact
    }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool {
        (root + offset).assumingMemoryBound(to: [String].self).pointee.isEmpty
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let texts = (root + offset).assumingMemoryBound(to: [String].self).pointee
        guard !texts.isEmpty else { return false }
        var record = TextRecord()
        record.owner = (root + owner).assumingMemoryBound(to: String.self).pointee
        out.put(UInt8(ascii: "["))
        for text in texts {
            record.text = text
            withUnsafePointer(to: record) { pointer in
                if let companion {
                    out.separate()
                    companion.encodeObject(UnsafeRawPointer(pointer), extras: nil, &out, run)
                }
                out.separate()
                node.encodeObject(UnsafeRawPointer(pointer), extras: nil, &out, run)
            }
        }
        out.put(UInt8(ascii: "]"))
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let (texts, _) = try? read(view, root, run.comparing) else { return false }
        return texts == (root + offset).assumingMemoryBound(to: [String].self).pointee
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let list = (root + offset).assumingMemoryBound(to: [String].self)
        var kept: [String] = []
        for text in list.pointee {
            let clean = CellText.cleaned(text) ?? text
            if clean != text { run.note(name, .converted, "characters that XML cannot hold") }
            if clean.isEmpty || kept.contains(clean) {
                run.note(name, .dropped, clean.isEmpty ? "empty text" : "twice")
            } else {
                kept.append(clean)
            }
        }
        list.pointee = kept
    }
}

/// A reference that is a name with a key made of it.
final class NamedKeyNode: ValueNode {
    private let text = place(\TextRecord.text)
    let codec: KeyCodec
    var covers: [Int] { [text] }

    init(codec: KeyCodec) { self.codec = codec }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let field = (root + text).assumingMemoryBound(to: String.self)
        guard let name = Box.shown(view) else {
            field.pointee = (view.isObject ? Box.content(view) : view)?.scalarText ?? ""
            return false
        }
        field.pointee = name
        return view.memberCount == 2 && view.member("#text")?.scalarText == codec.derived(name, scope: "")
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let name = (root + text).assumingMemoryBound(to: String.self).pointee
        out.put(UInt8(ascii: "{"))
        out.put(key: "@display_value")
        out.put(name)
        out.put(key: "#text")
        out.put(codec.derived(name, scope: ""))
        out.put(UInt8(ascii: "}"))
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { false }
}
