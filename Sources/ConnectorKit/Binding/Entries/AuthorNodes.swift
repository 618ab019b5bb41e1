internal import ConversationModel

/// The part that an author has in the conversation.
final class AuthorRoleNode: ValueNode {
    private let kinds: [String: Author.Kind]
    private let internally: Set<String>
    private let path: String

    init(_ kinds: [String: Author.Kind], internally: Set<String>, path: String) {
        self.kinds = kinds
        self.internally = internally
        self.path = path
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        guard let word = view.scalarText else { return false }
        let entry = root.assumingMemoryBound(to: Entry.self)
        if let kind = kinds[word] {
            entry.pointee.author.kind = kind
            if run.toldOfAuthor == .nothing { run.toldOfAuthor = .kind }
        } else {
            run.noteUnknown(path, view)
        }
        if internally.contains(word), entry.pointee.kind == .message { entry.pointee.kind = .note }
        return false
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        let kind = root.assumingMemoryBound(to: Entry.self).pointee.kind
        guard let word = view.scalarText else { return true }
        return kind.isEvent || !internally.contains(word) || kind == .note
    }
}

/// The author's name as an entry shows it.
final class AuthorNameNode: ValueNode {
    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let name = try TextCodec.text.read(view).text
        if let name { root.assumingMemoryBound(to: Entry.self).pointee.author.name = name }
        return false
    }
    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }
    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { true }
}

/// The id of an author, which tells who it is.
final class AuthorIDNode: ValueNode {
    private let inner = OptionalTextNode(offset: place(\Entry.author.id), codec: .id)
    private let kind: @Sendable (String) -> Author.Kind?
    var covers: [Int] { inner.covers }

    init(_ kind: @escaping @Sendable (String) -> Author.Kind?) { self.kind = kind }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let exact = try inner.decode(view, into: root, run)
        guard let id = root.assumingMemoryBound(to: Entry.self).pointee.author.id, let kind = kind(id) else {
            return exact
        }
        root.assumingMemoryBound(to: Entry.self).pointee.author.kind = kind
        // In a long thread the same few write again and again.
        if run.sightings.contains(where: { $0.id == id }) { return exact }
        if kind != .contact {
            let person = Person(kind: kind, name: nil, email: id.contains("@") ? id : nil)
            run.sightings.append(Sighting(id: id, person: person))
        }
        return exact
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        inner.encode(root, &out, run)
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        inner.matches(view, root, run)
    }
}

/// The id of an author who is an agent.
final class AgentIDNode: ValueNode {
    private let codec: TextCodec
    var covers: [Int] { [place(\Entry.author.id)] }

    init(_ codec: TextCodec) { self.codec = codec }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (id, exact) = try codec.read(view)
        if let id { root.assumingMemoryBound(to: Entry.self).pointee.author.id = id }
        return exact
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let author = root.assumingMemoryBound(to: Entry.self).pointee.author
        guard let id = author.id, author.kind != .contact else { return false }
        codec.write(id, &out)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let (id, _) = try? codec.read(view) else { return false }
        return id == root.assumingMemoryBound(to: Entry.self).pointee.author.id
    }
}

/// Gives contacts without an id the requester's.
final class RequesterAuthorNode: FinishingNode {
    var covers: [Int] { [] }
    var narrows: Bool { true }

    func finish(_ conversation: inout Conversation) {
        guard let requester = conversation.requester else { return }
        for index in conversation.timeline.indices
        where conversation.timeline[index].author.kind == .contact && conversation.timeline[index].author.id == nil {
            conversation.timeline[index].author.id = requester
        }
    }

    // Another contact whose id nobody knows would be taken for the requester.
    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let conversation = root.assumingMemoryBound(to: Conversation.self)
        guard conversation.pointee.requester != nil else { return }
        for index in conversation.pointee.timeline.indices
        where conversation.pointee.timeline[index].author.kind == .contact
            && conversation.pointee.timeline[index].author.id == nil
        {
            conversation.pointee.timeline[index].author.kind = .system
            run.note("timeline.author.kind", .converted, "a contact known by name alone")
        }
    }
}
