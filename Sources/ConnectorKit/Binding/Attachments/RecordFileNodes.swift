public import ConversationModel

// Files that a vendor hangs on the record and not on an entry. Each is kept with the message of its time and author; a
// file that no message goes with is a message of its own, without words.

extension Rule where Root == Conversation {
    /// Files of the record.
    ///
    /// - Parameters:
    ///   - path: Where the list stands.
    ///   - binding: The form of a file; it says time and author by ``Rule/ofOwningEntry(_:)``.
    ///   - entry: The form of a message that is nothing but a file.
    ///   - pieces: How the content of a file stands in records of its own.
    /// - Returns: The rule.
    public static func files(
        _ path: Path, _ binding: Binding<Attachment>, entry: Binding<Entry>, pieces: PieceForm? = nil
    ) -> Rule {
        Rule(
            path: path,
            content: .value { _ in
                RecordFilesNode(
                    node: binding.node(path: "timeline.attachments", extrasOffset: place(\Attachment.extras)),
                    entryNode: entry.node(path: "timeline", extrasOffset: place(\Entry.extras)), pieces: pieces)
            }
        ).late
    }
}

extension Rule where Root == Attachment {
    /// A value of the entry that a file belongs to, which the vendor writes into the file's record.
    public static func ofOwningEntry(_ rule: Rule<Entry>) -> Rule {
        let content = rule.content
        var parent = Rule(
            path: rule.path,
            content: .value { path in
                guard case .value(let make) = content else { return RepeatedNode() }
                return OfEntryNode(make(path))
            })
        parent.part = .constant
        return parent
    }

    /// A value of the conversation that a file belongs to, which the vendor writes into the file's record.
    public static func ofConversation(_ rule: Rule<Conversation>) -> Rule { rule.said(by: Attachment.self) }
}

extension Rule where Root == Entry {
    /// Says that an entry's files are carried by the record's own list of files, in this form.
    ///
    /// Everybody who sees the record sees those, so a note's files have no place there.
    public static func carriedFiles(_ binding: Binding<Attachment>) -> Rule {
        Rule(
            path: ["#files"],
            content: .value { _ in
                CarriedFilesNode(binding.node(path: "timeline.attachments", extrasOffset: place(\Attachment.extras)))
            })
    }
}

extension Entry {
    /// Whether a message is nothing but one file of the record.
    public var isRecordFile: Bool {
        kind == .message && text == nil && html == nil && attachments.count == 1 && attachments[0].id == id
    }
}

/// A value of the entry around the file being read or written.
final class OfEntryNode: ValueNode {
    let inner: any ValueNode

    init(_ inner: any ValueNode) { self.inner = inner }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        guard let entry = run.entry else { return false }
        return try inner.decode(view, into: entry, run)
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let entry = run.entry else { return false }
        return inner.encode(entry, &out, run)
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let entry = run.entry else { return true }
        return inner.matches(view, entry, run)
    }
}

/// The list of a record's files.
final class RecordFilesNode: ValueNode {
    private let timeline = place(\Conversation.timeline)
    /// Attribute that names the entry of a file where time and author do not.
    static let entryKey = "@entry"
    let node: ObjectNode
    let entryNode: ObjectNode
    private let loader: ContentLoader?

    init(node: ObjectNode, entryNode: ObjectNode, pieces: PieceForm?) {
        self.node = node
        self.entryNode = entryNode
        loader = pieces.map { ContentLoader(form: $0) }
    }

    /// Index of the message that a file of this time and author goes with.
    private static func home(_ file: Entry, _ timeline: [Entry]) -> Int? {
        guard let time = file.createdAt else { return nil }
        return timeline.firstIndex {
            $0.kind == .message && $0.createdAt == time && $0.author.id == file.author.id && !$0.isRecordFile
        }
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if view.isNull { return true }
        guard view.isArray else { throw DecodeFault("expected a list, found \(view.kind.noun)") }
        let list = (root + timeline).assumingMemoryBound(to: [Entry].self)
        run.parent = root
        var ordinal = 0
        var fault: DecodeFault?
        view.forEachElement { element in
            guard fault == nil else { return }
            do throws(DecodeFault) {
                try take(element, into: &list.pointee, run)
            } catch {
                fault = error.inside("[\(ordinal)]")
            }
            ordinal += 1
        }
        if let fault { throw fault }
        return ordinal > 0
    }

    private func take(_ view: JSONView, into list: inout [Entry], _ run: Decoding) throws(DecodeFault) {
        var entry = Entry()
        var file = Attachment()
        var fault: DecodeFault?
        withUnsafeMutablePointer(to: &entry) { entry in
            run.entry = UnsafeMutableRawPointer(entry)
            withUnsafeMutablePointer(to: &file) { file in
                do throws(DecodeFault) {
                    try node.decodeEntity(view, into: UnsafeMutableRawPointer(file), run)
                } catch {
                    fault = error
                }
            }
            run.entry = nil
        }
        if let fault { throw fault }
        loader?.load(view, &file, run)
        let named = view.member(Self.entryKey)?.scalarText
        if let named, let index = list.firstIndex(where: { $0.id == named && $0.kind == .message }) {
            list[index].attachments.append(file)
        } else if named == nil, let index = Self.home(entry, list) {
            list[index].attachments.append(file)
        } else {
            entry.id = file.id
            entry.kind = .message
            entry.attachments = [file]
            list.append(entry)
        }
    }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool {
        !(root + timeline).assumingMemoryBound(to: [Entry].self).pointee.contains {
            $0.kind == .message && !$0.attachments.isEmpty
        }
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard !isEmpty(root) else { return false }
        run.parent = root
        let list = (root + timeline).assumingMemoryBound(to: [Entry].self).pointee
        out.put(UInt8(ascii: "["))
        for (index, entry) in list.enumerated() where entry.kind == .message && !entry.attachments.isEmpty {
            let isAtHome = entry.isRecordFile ? Self.home(entry, list) == nil : Self.home(entry, list) == index
            run.namesEntry = !isAtHome
            for file in entry.attachments {
                out.separate()
                withUnsafePointer(to: entry) { entry in
                    run.entry = UnsafeRawPointer(entry)
                    withUnsafePointer(to: file) { node.encodeEntity(UnsafeRawPointer($0), &out, run) }
                    run.entry = nil
                }
            }
        }
        run.namesEntry = false
        out.put(UInt8(ascii: "]"))
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        isEmpty(root) && (view.isNull || view.elementCount == 0)
    }
}

extension Rule where Root == Attachment {
    /// The id of the entry that a file belongs to, written where time and author do not tell.
    public static var entryName: Rule {
        Rule(path: [RecordFilesNode.entryKey], content: .value { _ in EntryNameNode() })
    }
}

/// Names the entry of a file where that is needed.
final class EntryNameNode: ValueNode {
    private let id = place(\Entry.id)

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        view.isString
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard run.namesEntry, let entry = run.entry else { return false }
        out.put((entry + id).assumingMemoryBound(to: String.self).pointee)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { false }
}

/// Files of an entry that the record's list carries.
final class CarriedFilesNode: ValueNode {
    private let attachments = place(\Entry.attachments)
    private let kind = place(\Entry.kind)
    private let projection: Projection
    var covers: [Int] { [attachments] }
    let narrows = true

    init(_ node: ObjectNode) {
        projection = Projection(node, Attachment.properties, prefix: "timeline.attachments.")
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        false
    }
    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }
    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { true }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let files = (root + attachments).assumingMemoryBound(to: [Attachment].self)
        guard !files.pointee.isEmpty else { return }
        if (root + kind).assumingMemoryBound(to: Entry.Kind.self).pointee != .message {
            run.note(name, .dropped, count: files.pointee.count, "a note's file would be seen by the requester")
            files.pointee = []
            return
        }
        for index in files.pointee.indices {
            withUnsafeMutablePointer(to: &files.pointee[index]) { projection.apply(UnsafeMutableRawPointer($0), run) }
        }
    }
}
