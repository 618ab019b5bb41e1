public import ConversationModel

// People whom a conversation lists by id and by name, and entries that name their author only.

extension Rule where Root == Conversation {
    /// Agents of a conversation as a list of ids and, beside it, one of names in the same order.
    ///
    /// The last of them has the conversation. Where the lists differ in length, nobody is given a name that may be another's.
    ///
    /// - Parameters:
    ///   - ids: Where the ids stand.
    ///   - names: Where the names stand.
    ///   - codec: How an id is written.
    /// - Returns: The rules; entries are read behind them.
    public static func agents(ids: Path, names: Path, _ codec: TextCodec) -> [Rule] {
        [
            Rule(path: ids, content: .value { _ in AgentIDListNode(codec) }),
            Rule(path: names, content: .value { _ in AgentNameListNode() }).late,
        ]
    }
}

extension Rule where Root == Entry {
    /// The author's name, by which older records alone say who wrote.
    ///
    /// Where neither an id nor a word tells the author, it is the one of this name among the people that the conversation
    /// lists. A name that several have, or nobody, tells nobody: it stays a name.
    ///
    /// - Parameters:
    ///   - path: Where the name stands.
    ///   - guest: How names begin that the platform gives to visitors who did not say theirs; a number follows.
    /// - Returns: The rule.
    public static func authorNamed(_ path: Path, guest: String) -> Rule {
        Rule(path: path, content: .value { _ in NamedAuthorNode(guest: guest) }).following
    }

    /// The id of an agent who wrote the entry, beside another place that says the author; only read.
    public static func agentAuthor(_ path: Path, _ codec: TextCodec) -> Rule {
        Rule(path: path, content: .value { _ in AgentAuthorNode(codec) }).onlyRead
    }
}

/// Ids of the agents of a conversation, the last of whom has it.
final class AgentIDListNode: ValueNode, ParticipantPart {
    let kind = Author.Kind.agent
    let role = Participant.Role.participant
    private let codec: TextCodec
    var covers: [Int] { [place(\Conversation.participants), place(\Conversation.assignee)] }
    var narrows: Bool { true }

    init(_ codec: TextCodec) { self.codec = codec }

    private static func ids(of conversation: Conversation) -> [String] {
        conversation.participants.filter { $0.kind == .agent }.map(\.id)
            + [conversation.assignee].compactMap(\.self)
    }

    private func read(
        _ view: JSONView, _ listed: inout [String]
    ) throws(DecodeFault) -> (ids: [String], exact: Bool) {
        guard view.isArray else { throw DecodeFault("expected a list, found \(view.kind.noun)") }
        var ids: [String] = []
        var exact = true
        let end = view.next - 1
        var at = view.index + 1
        while at < end {
            let element = view.at(at)
            at = element.next
            let (id, isExact) = try codec.read(element)
            listed.append(id ?? "")
            guard let id, !ids.contains(id) else {
                exact = false
                continue
            }
            exact = exact && isExact
            ids.append(id)
        }
        return (ids, exact)
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if view.isNull { return false }
        run.listedAgents.removeAll(keepingCapacity: true)
        let (ids, exact) = try read(view, &run.listedAgents)
        let conversation = root.assumingMemoryBound(to: Conversation.self)
        for id in ids {
            run.sightings.append(Sighting(id: id, person: Person(kind: .agent, name: nil, email: nil)))
        }
        conversation.pointee.assignee = ids.last
        conversation.pointee.participants += ids.dropLast().map { Participant(.agent, $0, .participant) }
        return exact
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        out.put(UInt8(ascii: "["))
        for id in Self.ids(of: root.assumingMemoryBound(to: Conversation.self).pointee) {
            out.separate()
            codec.write(id, &out)
        }
        out.put(UInt8(ascii: "]"))
        return true
    }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool {
        Self.ids(of: root.assumingMemoryBound(to: Conversation.self).pointee).isEmpty
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        let mine = Self.ids(of: root.assumingMemoryBound(to: Conversation.self).pointee)
        if view.isNull { return mine.isEmpty }
        var listed: [String] = []
        guard let (ids, _) = try? read(view, &listed) else { return false }
        return ids == mine
    }

    // Everybody is named once, and the last one has the conversation.
    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let conversation = root.assumingMemoryBound(to: Conversation.self)
        var named = Set([conversation.pointee.assignee].compactMap(\.self))
        let before = conversation.pointee.participants.count
        conversation.pointee.participants.removeAll { $0.kind == .agent && !named.insert($0.id).inserted }
        let twice = before - conversation.pointee.participants.count
        if twice > 0 { run.note("participants", .converted, count: twice, "named once") }
        guard conversation.pointee.assignee == nil, let last = conversation.pointee.participants.last else { return }
        conversation.pointee.participants.removeLast()
        conversation.pointee.assignee = last.id
        run.note("assignee", .invented, "the last of the agents")
        run.note("participants", .converted, "the last of the agents has the conversation")
    }
}

/// Names of the agents of a conversation, in the order of their ids.
final class AgentNameListNode: ValueNode {
    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if view.isNull { return false }
        guard view.isArray else { throw DecodeFault("expected a list, found \(view.kind.noun)") }
        var names: [String] = []
        view.forEachElement { names.append($0.scalarText ?? "") }
        let ids = run.listedAgents.count == names.count ? run.listedAgents : []
        for (index, name) in names.enumerated() where !name.isEmpty {
            // Where the lists do not agree, whose name it is cannot be told; that it is an agent's can.
            let id = ids.isEmpty ? "" : ids[index]
            let sighting = Sighting(id: id, person: Person(kind: .agent, name: name, email: nil))
            if !id.isEmpty, let known = run.sightings.firstIndex(where: { $0.id == id && $0.person.kind == .agent }) {
                run.sightings[known] = sighting
            } else {
                run.sightings.append(sighting)
            }
        }
        return false
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let conversation = root.assumingMemoryBound(to: Conversation.self)
        let ids =
            conversation.pointee.participants.filter { $0.kind == .agent }.map(\.id)
            + [conversation.pointee.assignee].compactMap(\.self)
        var names: [String] = []
        for id in ids {
            let author = conversation.pointee.timeline.first { $0.author.kind == .agent && $0.author.id == id }?.author
            names.append(run.people?.person(id)?.name ?? author?.name ?? "")
        }
        guard names.contains(where: { !$0.isEmpty }) else { return false }
        out.put(UInt8(ascii: "["))
        for name in names {
            out.separate()
            out.put(name)
        }
        out.put(UInt8(ascii: "]"))
        return true
    }

    // Names go with the ids, which are compared.
    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { true }
}

/// The name of an author, by which alone the author may be known.
final class NamedAuthorNode: ValueNode {
    private static let author = place(\Entry.author)
    private let guest: String
    private let inner = OptionalTextNode(offset: place(\Entry.author.name), codec: .text, html: nil)
    var covers: [Int] { inner.covers }

    init(guest: String) { self.guest = guest }

    // A name that tells the author is kept, and no other place written, for as long as it is the author's.
    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let exact = try inner.decode(view, into: root, run)
        let author = (root + Self.author).assumingMemoryBound(to: Author.self)
        let told = run.toldOfAuthor
        guard told != .author, author.pointee.id == nil, let name = author.pointee.name else { return exact }
        var found = run.sightings.filter { $0.person.name == name }
        if told == .kind { found.removeAll { $0.person.kind != author.pointee.kind } }
        let kinds = Set(found.map(\.person.kind))
        if let kind = kinds.first, kinds.count == 1 {
            author.pointee.kind = kind
            let ids = Set(found.map(\.id))
            if let id = ids.first, ids.count == 1, !id.isEmpty { author.pointee.id = id }
        } else if kinds.isEmpty, told == .nothing, isGuest(name) {
            author.pointee.kind = .contact
        }
        return false
    }

    private func isGuest(_ name: String) -> Bool {
        name.hasPrefix(guest) && name.count > guest.count && name.dropFirst(guest.count).allSatisfy(\.isNumber)
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        inner.encode(root, &out, run)
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        inner.matches(view, root, run)
    }
}

/// The id of an agent beside another place that says the author.
final class AgentAuthorNode: ValueNode {
    private static let author = place(\Entry.author)
    private let codec: TextCodec

    init(_ codec: TextCodec) { self.codec = codec }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        guard let id = try codec.read(view).text else { return false }
        let author = (root + Self.author).assumingMemoryBound(to: Author.self)
        if author.pointee.kind != .bot { author.pointee.kind = .agent }
        author.pointee.id = id
        run.toldOfAuthor = .author
        return false
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let id = view.scalarText, !id.isEmpty else { return true }
        return id == (root + Self.author).assumingMemoryBound(to: Author.self).pointee.id
    }
}
