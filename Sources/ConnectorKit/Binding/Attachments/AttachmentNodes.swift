public import ConversationModel

extension Rule where Root == Entry {
    /// Ids of files that are described elsewhere: read as files of which only the id is known where nothing describes them.
    ///
    /// - Parameters:
    ///   - path: Where the list of references stands.
    ///   - key: Key of the id.
    ///   - constants: What stands beside it when written.
    /// - Returns: The rule.
    public static func attachmentIDs(
        _ path: Path, key: String = "id", constants: [JSONValue.Member] = []
    ) -> Rule {
        Rule(path: path, content: .value { _ in AttachmentIDsNode(key: key, constants: constants) }).late
    }

    /// The same ids as one text, cut at a delimiter.
    public static func attachmentIDs(_ path: Path, delimiter: String) -> Rule {
        Rule(path: path, content: .value { _ in AttachmentIDsNode(key: "", constants: [], delimiter: delimiter) }).late
    }
}

extension Rule where Root == Entry {
    /// Descriptions of files as records of their own; a file of which only the id is known has none.
    public static func attachmentRecords(_ path: Path, _ binding: Binding<Attachment>) -> Rule {
        Rule(
            path: path,
            content: .value { _ in
                AttachmentRecordsNode(
                    binding.node(path: "timeline.attachments", extrasOffset: place(\Attachment.extras)))
            })
    }
}

extension Rule where Root == Attachment {
    /// A value of the entry that a file belongs to, written into the file's own record.
    public static func ofEntry(_ rule: Rule<Entry>) -> Rule {
        let content = rule.content
        var parent = Rule(
            path: rule.path,
            content: .value { path in
                guard case .value(let make) = content else { return RepeatedNode() }
                return ParentNode(make(path))
            })
        parent.part = .constant
        return parent
    }
}

extension Rule {
    /// The rule as a reference to what the record belongs to, written also where its object holds nothing else.
    public var asReference: Rule {
        guard case .value(let make) = content else { return self }
        var rule = Rule(path: path, content: .value { OwnerNode(make($0)) })
        rule.absence = absence
        return rule
    }
}

/// A reference to what a record belongs to: no value of the record's own, and yet worth an object around it.
final class OwnerNode: ValueNode {
    private let inner: any ValueNode

    init(_ inner: any ValueNode) { self.inner = inner }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        try inner.decode(view, into: root, run)
    }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool { true }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        inner.encode(root, &out, run)
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { inner.matches(view, root, run) }
}

/// Files of an entry as records of their own.
final class AttachmentRecordsNode: ValueNode {
    private let list: ObjectListNode<Attachment>
    private let attachments = place(\Entry.attachments)
    var covers: [Int] { [attachments] }
    var narrows: Bool { true }

    init(_ node: ObjectNode) {
        list = ObjectListNode(
            offset: place(\Entry.attachments), node: node, writesEmpty: false, path: "timeline.attachments")
    }

    private static func isDescribed(_ attachment: Attachment) -> Bool {
        var bare = Attachment()
        bare.id = attachment.id
        return attachment != bare
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let conversation = run.parent
        run.parent = root
        defer { run.parent = conversation }
        let field = (root + attachments).assumingMemoryBound(to: [Attachment].self)
        let known = field.pointee.count
        let exact = try list.decode(view, into: root, run)
        // References that were read before give way to what describes them, and keep the order.
        for index in field.pointee.indices.dropFirst(known).reversed() {
            guard let place = field.pointee[..<known].firstIndex(where: { $0.id == field.pointee[index].id }) else {
                continue
            }
            field.pointee[place] = field.pointee.remove(at: index)
        }
        return exact
    }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool {
        !(root + attachments).assumingMemoryBound(to: [Attachment].self).pointee.contains(where: Self.isDescribed)
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let files = (root + attachments).assumingMemoryBound(to: [Attachment].self)
        guard files.pointee.contains(where: Self.isDescribed) else { return false }
        let conversation = run.parent
        run.parent = root
        defer { run.parent = conversation }
        out.put(UInt8(ascii: "["))
        for index in files.pointee.indices where Self.isDescribed(files.pointee[index]) {
            out.separate()
            withUnsafeBytes(of: files.pointee[index]) { bytes in
                if let base = bytes.baseAddress { list.node.encodeEntity(base, &out, run) }
            }
        }
        out.put(UInt8(ascii: "]"))
        return true
    }

    // The files carry what differs, so there is no raw list to compare.
    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        isEmpty(root) && (view.isNull || view.elementCount == 0)
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        list.project(root, name, run)
    }
}

/// References to an entry's files.
final class AttachmentIDsNode: ValueNode {
    private let attachments = place(\Entry.attachments)
    let key: String
    let constants: [JSONValue.Member]
    let delimiter: String?

    init(key: String, constants: [JSONValue.Member], delimiter: String? = nil) {
        self.key = key
        self.constants = constants
        self.delimiter = delimiter
    }

    private func read(_ view: JSONView) throws(DecodeFault) -> (ids: [String], exact: Bool) {
        if view.isNull { return ([], false) }
        if let delimiter {
            guard let text = view.scalarText else { throw DecodeFault("expected text, found \(view.kind.noun)") }
            let ids = text.split(separator: delimiter).map(String.init)
            return (ids, view.isString && !ids.isEmpty && ids.joined(separator: delimiter) == text)
        }
        guard view.isArray else { throw DecodeFault("expected a list, found \(view.kind.noun)") }
        var ids: [String] = []
        var exact = view.next > view.index + 2
        view.forEachElement { element in
            guard let id = element.member(key)?.scalarText, !id.isEmpty else {
                exact = false
                return
            }
            ids.append(id)
            exact = exact && element.hasOnlyMembers(key, constants)
        }
        return (ids, exact)
    }

    private func current(_ root: UnsafeRawPointer) -> [String] {
        (root + attachments).assumingMemoryBound(to: [Attachment].self).pointee.map(\.id)
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (ids, exact) = try read(view)
        let known = current(root)
        let list = (root + attachments).assumingMemoryBound(to: [Attachment].self)
        for id in ids where !known.contains(id) {
            var attachment = Attachment()
            attachment.id = id
            list.pointee.append(attachment)
        }
        return exact && ids == current(root)
    }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool { current(root).isEmpty }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let ids = current(root)
        guard !ids.isEmpty else { return false }
        if let delimiter {
            out.put(ids.joined(separator: delimiter))
            return true
        }
        out.put(UInt8(ascii: "["))
        for id in ids {
            out.separate()
            out.put(.object(constants + [JSONValue.Member(key, .string(id))]))
        }
        out.put(UInt8(ascii: "]"))
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let (ids, _) = try? read(view) else { return false }
        return ids == current(root)
    }
}
