public import ConversationModel

// People written into a conversation: as a list that tells contacts and agents apart, or one by one.

/// How a vendor lists the people of a conversation.
public struct PeopleForm: Sendable {
    /// Key of the id.
    public var id = "id"
    /// Key of the name.
    public var name = "name"
    /// Key of the address.
    public var email = "email"
    /// Key that tells contacts and agents apart, and the word for contacts; `nil` where all are agents.
    public var type: (key: String, contact: String, agent: String)?
    /// Key of a flag that says who is at work on it now.
    public var answering: String?
    /// Key and value of those who only listen.
    public var listening: (key: String, value: String)?
    /// Whether the list holds all who take part; other lists hold the rest.
    public var isWhole = true
    /// What the list says of a contact, where that is more than name and address.
    public var contact: Binding<Contact>?
    /// Whether an agent's id is that of a program.
    public var isBot: @Sendable (String) -> Bool = { _ in false }

    /// Creates the form of a list of agents.
    public init() {}
}

extension Rule where Root == Conversation {
    /// All who take part, in one list: the first contact is the requester, the agent at work on it the assignee.
    ///
    /// Where nobody is at work on it, the assignee is the agent who wrote last, or else the last one in the list.
    public static func people(_ path: Path, _ form: PeopleForm) -> Rule {
        Rule(path: path, content: .value { _ in PeopleNode(form) }).following
    }

    /// Ids of all who take part.
    ///
    /// - Parameters:
    ///   - path: Where the list stands.
    ///   - kind: Who somebody is, by the id; a list of ``people(_:_:)`` knows better.
    ///   - isRepeated: Whether such a list says who takes part, and this one only repeats it.
    /// - Returns: The rule.
    public static func peopleIDs(
        _ path: Path, kind: @escaping @Sendable (String) -> Author.Kind, isRepeated: Bool = false
    ) -> Rule {
        Rule(path: path, content: .value { _ in PeopleIDsNode(kind: kind, isRepeated: isRepeated) }).following
    }

    /// One person as an object beside or instead of an id; the object is kept for its vendor.
    ///
    /// - Parameters:
    ///   - path: Where the object stands.
    ///   - property: The id that it says.
    ///   - kind: Contact or agent.
    ///   - id: Key of the id.
    ///   - name: Key of the name.
    ///   - email: Key of the address.
    ///   - contact: What the object says of a contact, where that is more than name and address.
    /// - Returns: The rule.
    public static func person(
        _ path: Path, _ property: WritableKeyPath<Conversation, String?>, _ kind: Author.Kind, id: String = "id",
        name: String = "name", email: String = "email", contact: Binding<Contact>? = nil
    ) -> Rule {
        let offset = place(property)
        return Rule(
            path: path,
            content: .value { _ in
                PersonNode(offset: offset, kind: kind, id: id, name: name, email: email, contact: contact)
            })
    }
}

extension Rule {
    /// The rule read after all others of its object, and not written where the source did not have it.
    var following: Rule {
        var rule = self
        rule.part = .derived
        return rule
    }
}

extension Decoding {
    /// Notes a person met inside the record; what is sure takes the place of what was guessed by an id.
    fileprivate func see(_ sighting: Sighting, isSure: Bool) {
        guard let known = sightings.firstIndex(where: { $0.id == sighting.id }) else {
            sightings.append(sighting)
            return
        }
        if isSure, sightings[known].person.name == nil { sightings[known] = sighting }
    }
}

/// The people of a conversation in one list.
final class PeopleNode: FinishingNode {
    private let form: PeopleForm
    private let contacts: EntityCoder<Contact>?
    var covers: [Int] {
        [place(\Conversation.participants), place(\Conversation.requester), place(\Conversation.assignee)]
    }
    var narrows: Bool { true }

    init(_ form: PeopleForm) {
        self.form = form
        contacts = form.contact.map { EntityCoder($0, extras: place(\Contact.extras)) }
    }

    private struct Row {
        var id: String?
        var name: String?
        var email: String?
        var isContact = false
        var isAnswering = false
        var isListening = false
    }

    private func read(_ view: JSONView) throws(DecodeFault) -> Row {
        guard view.isObject else { throw DecodeFault("expected an object, found \(view.kind.noun)") }
        var entry = Row()
        entry.id = try text(view, form.id, .id)
        entry.name = try text(view, form.name, .text)
        entry.email = try text(view, form.email, .text)
        if let type = form.type { entry.isContact = try text(view, type.key, .text) == type.contact }
        if let key = form.answering { entry.isAnswering = view.member(key)?.kind == .true }
        if let listening = form.listening {
            entry.isListening = view.member(listening.key)?.scalarText == listening.value
        }
        return entry
    }

    private func text(_ view: JSONView, _ key: String, _ codec: TextCodec) throws(DecodeFault) -> String? {
        guard let member = view.member(key) else { return nil }
        do {
            return try codec.read(member).text
        } catch {
            throw error.inside(key)
        }
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if view.isNull { return false }
        guard view.isArray else { throw DecodeFault("expected a list, found \(view.kind.noun)") }
        let conversation = root.assumingMemoryBound(to: Conversation.self)
        let end = view.next - 1
        var at = view.index + 1
        var ordinal = 0
        while at < end {
            let element = view.at(at)
            at = element.next
            do {
                let row = try read(element)
                var contact: Contact?
                if let contacts, row.isContact, let id = row.id, run.people?.person(id) == nil {
                    contact = try contacts.decode(element, run)
                }
                take(row, contact, &conversation.pointee, run)
            } catch {
                throw error.inside("[\(ordinal)]")
            }
            ordinal += 1
        }
        return false
    }

    private func take(_ entry: Row, _ contact: Contact?, _ conversation: inout Conversation, _ run: Decoding) {
        guard let id = entry.id else { return }
        let kind: Author.Kind = entry.isContact ? .contact : form.isBot(id) ? .bot : .agent
        let person = Person(kind: kind, name: entry.name, email: entry.email)
        run.see(Sighting(id: id, person: person, contact: contact), isSure: true)
        if entry.isContact {
            if conversation.requester == nil { conversation.requester = id }
            if conversation.requester == id { return }
        } else {
            if conversation.assignee == nil, entry.isAnswering, !entry.isListening { conversation.assignee = id }
            if conversation.assignee == id {
                conversation.participants.removeAll { $0.id == id }
                return
            }
        }
        guard !conversation.participants.contains(where: { $0.id == id }) else { return }
        conversation.participants.append(Participant(entry.isContact ? .contact : .agent, id, .participant))
    }

    func finish(_ conversation: inout Conversation) {
        guard conversation.assignee == nil else { return }
        let agents = conversation.participants.indices.filter { conversation.participants[$0].kind == .agent }
        guard let last = agents.last else { return }
        let writer = conversation.timeline.last { entry in
            entry.kind == .message && agents.contains { conversation.participants[$0].id == entry.author.id }
        }?.author.id
        let assignee = writer ?? conversation.participants[last].id
        conversation.assignee = assignee
        conversation.participants.removeAll { $0.kind == .agent && $0.id == assignee }
    }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool {
        let conversation = root.assumingMemoryBound(to: Conversation.self)
        return conversation.pointee.requester == nil && conversation.pointee.assignee == nil
            && conversation.pointee.participants.isEmpty
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let conversation = root.assumingMemoryBound(to: Conversation.self)
        out.put(UInt8(ascii: "["))
        if let requester = conversation.pointee.requester { put(requester, .contact, conversation.pointee, &out) }
        for participant in conversation.pointee.participants {
            put(participant.id, participant.kind, conversation.pointee, &out)
        }
        if let assignee = conversation.pointee.assignee {
            put(assignee, .agent, conversation.pointee, isAnswering: true, &out)
        }
        out.put(UInt8(ascii: "]"))
        return true
    }

    private func put(
        _ id: String, _ kind: Author.Kind, _ conversation: Conversation, isAnswering: Bool = false,
        _ out: inout JSONOutput
    ) {
        out.separate()
        out.put(UInt8(ascii: "{"))
        out.put(key: form.id)
        out.put(id)
        if let type = form.type {
            out.put(key: type.key)
            out.put(kind == .contact ? type.contact : type.agent)
        }
        let author = conversation.timeline.first { $0.author.id == id }?.author
        if let name = author?.name {
            out.put(key: form.name)
            out.put(name)
        }
        if let email = author?.email, form.email != form.id {
            out.put(key: form.email)
            out.put(email)
        }
        if let key = form.answering {
            out.put(key: key)
            out.put(isAnswering)
        }
        out.put(UInt8(ascii: "}"))
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        let conversation = root.assumingMemoryBound(to: Conversation.self)
        var ids: Set<String> = []
        view.forEachElement { element in
            if let id = element.member(form.id)?.scalarText { ids.insert(id) }
        }
        let mine = conversation.pointee.peopleIDs
        let isOnly = form.isWhole && conversation.pointee.sessions.count <= 1
        return ids.allSatisfy(mine.contains) && (!isOnly || mine.allSatisfy(ids.contains))
    }

    // Everybody is named once, and somebody among the agents is at work on it.
    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let conversation = root.assumingMemoryBound(to: Conversation.self)
        var named = Set([conversation.pointee.requester, conversation.pointee.assignee].compactMap(\.self))
        let before = conversation.pointee.participants.count
        conversation.pointee.participants.removeAll { !named.insert($0.id).inserted }
        let twice = before - conversation.pointee.participants.count
        if twice > 0 { run.note("participants", .converted, count: twice, "named once") }
        guard conversation.pointee.assignee == nil else { return }
        finish(&conversation.pointee)
        if conversation.pointee.assignee != nil {
            run.note("assignee", .invented, "the agent who wrote last")
            run.note("participants", .converted, "the agent who wrote last is the assignee")
        }
    }
}

extension Conversation {
    /// Ids of all who take part: the requester, the others, and last the assignee.
    var peopleIDs: [String] {
        [requester].compactMap(\.self) + participants.map(\.id) + [assignee].compactMap(\.self)
    }
}

/// Ids of the people of a conversation.
final class PeopleIDsNode: ValueNode {
    private let kind: @Sendable (String) -> Author.Kind
    private let isRepeated: Bool
    var covers: [Int] {
        isRepeated
            ? [] : [place(\Conversation.participants), place(\Conversation.requester), place(\Conversation.assignee)]
    }

    init(kind: @escaping @Sendable (String) -> Author.Kind, isRepeated: Bool) {
        self.kind = kind
        self.isRepeated = isRepeated
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if view.isNull { return false }
        guard view.isArray else { throw DecodeFault("expected a list, found \(view.kind.noun)") }
        let conversation = root.assumingMemoryBound(to: Conversation.self)
        view.forEachElement { element in
            guard let id = element.scalarText, !id.isEmpty else { return }
            let kind = kind(id)
            let email = kind == .agent && id.contains("@") ? id : nil
            run.see(Sighting(id: id, person: Person(kind: kind, name: nil, email: email)), isSure: false)
            guard !isRepeated else { return }
            if kind == .contact, conversation.pointee.requester == nil {
                conversation.pointee.requester = id
            } else if kind != .contact, conversation.pointee.assignee == nil {
                conversation.pointee.assignee = id
            } else {
                conversation.pointee.participants.append(
                    Participant(kind == .contact ? .contact : .agent, id, .participant))
            }
        }
        return false
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        out.put(UInt8(ascii: "["))
        for id in root.assumingMemoryBound(to: Conversation.self).pointee.peopleIDs {
            out.separate()
            out.put(id)
        }
        out.put(UInt8(ascii: "]"))
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        // The list may name people of whom nothing else is said.
        let conversation = root.assumingMemoryBound(to: Conversation.self)
        let mine = conversation.pointee.peopleIDs
        var ids: Set<String> = []
        view.forEachElement { element in
            if let id = element.scalarText { ids.insert(id) }
        }
        guard conversation.pointee.sessions.count <= 1, !isRepeated else {
            return mine.isEmpty || ids.isEmpty || mine.contains { ids.contains($0) }
        }
        return mine.allSatisfy(ids.contains)
    }
}

/// One person as an object.
final class PersonNode: ValueNode {
    let offset: Int
    var covers: [Int] { [offset] }
    private let kind: Author.Kind
    private let id: String
    private let name: String
    private let email: String
    private let contacts: EntityCoder<Contact>?

    init(offset: Int, kind: Author.Kind, id: String, name: String, email: String, contact: Binding<Contact>?) {
        contacts = contact.map { EntityCoder($0, extras: place(\Contact.extras)) }
        self.offset = offset
        self.kind = kind
        self.id = id
        self.name = name
        self.email = email
    }

    private func text(_ view: JSONView, _ key: String, _ codec: TextCodec) throws(DecodeFault) -> String? {
        guard let member = view.member(key) else { return nil }
        do {
            return try codec.read(member).text
        } catch {
            throw error.inside(key)
        }
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if view.isNull { return true }
        guard view.isObject else { throw DecodeFault("expected an object, found \(view.kind.noun)") }
        guard let found = try text(view, id, .id) else { return false }
        (root + offset).assumingMemoryBound(to: String?.self).pointee = found
        let contact: Contact? = run.people?.person(found) == nil ? try contacts?.decode(view, run) : nil
        run.sightings.append(
            Sighting(
                id: found,
                person: Person(kind: kind, name: try text(view, name, .text), email: try text(view, email, .text)),
                contact: contact))
        return try isWritten(view, run.people?.person(found))
    }

    /// Whether the object says no more than the person's own record does.
    private func isWritten(_ view: JSONView, _ person: Person?) throws(DecodeFault) -> Bool {
        var count = 1
        for (key, mine) in [(name, person?.name), (email, person?.email)] where key != id {
            guard view.member(key) != nil else { continue }
            count += 1
            guard let mine, contacts != nil, try text(view, key, .text) == mine else { return false }
        }
        return view.memberCount == count && view.member(id)?.isString == true
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let mine = (root + offset).assumingMemoryBound(to: String?.self).pointee else { return false }
        let person = contacts == nil ? nil : run.people?.person(mine)
        out.put(UInt8(ascii: "{"))
        for (key, text) in [(id, mine), (name, person?.name), (email, person?.email)] {
            guard let text else { continue }
            out.put(key: key)
            out.put(text)
        }
        out.put(UInt8(ascii: "}"))
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        let mine = (root + offset).assumingMemoryBound(to: String?.self).pointee
        guard let found = view.member(id), let (text, _) = try? TextCodec.id.read(found) else { return mine == nil }
        return text == mine
    }
}
