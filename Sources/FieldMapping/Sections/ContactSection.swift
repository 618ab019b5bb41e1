public import ConversationModel

/// `contacts`: by what people of the source are known to be the same, and which of them are joined.
struct ContactSection: MappingSection {
    static let name = "contacts"
    static let keys = ["same_by", "merge"]

    /// What tells people apart, the strongest first; a name never does.
    enum Key: String, CaseIterable, Comparable {
        case externalID = "external_id"
        case email, phone

        static func < (a: Key, b: Key) -> Bool { a.order < b.order }
        private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// By what duplicates are looked for and listed.
    let sameBy: Set<Key>
    /// By what they are joined.
    let merge: Set<Key>
    let rule: Int

    init(_ node: JSON5Node, _ reader: inout NodeReader) {
        let members = reader.members(node, Self.name, keys: Self.keys)
        merge = members["merge"].flatMap { reader.words($0, "contacts.merge", as: Key.self) } ?? []
        sameBy =
            (members["same_by"].flatMap { reader.words($0, "contacts.same_by", as: Key.self) } ?? Set(Key.allCases))
            .union(merge)
        rule = reader.rule("contacts", at: node.mark)
    }

    // MARK: Identity

    /// What a contact is known by, with the kind of key.
    func identities(of contact: Contact) -> [(key: Key, value: String)] {
        var identities: [(key: Key, value: String)] = []
        if sameBy.contains(.externalID), let id = contact.externalID, !id.isEmpty {
            identities.append((.externalID, id))
        }
        if sameBy.contains(.email) {
            for email in contact.emails {
                let plain = trimmed(email).lowercased()
                if !plain.isEmpty { identities.append((.email, plain)) }
            }
        }
        if sameBy.contains(.phone) {
            for phone in contact.phones {
                let digits = String(decoding: phone.utf8.filter { $0 &- 0x30 < 10 }, as: UTF8.self)
                // Short numbers are extensions, and many people have the same.
                if digits.utf8.count >= 7 {
                    let isForeign = digits.hasPrefix("00")
                    identities.append((.phone, String(isForeign ? digits.dropFirst(2) : digits[...])))
                }
            }
        }
        return identities
    }

    /// Whether a stronger key says that two people are not the same.
    private func areApart(_ a: Contact, _ b: Contact, than key: Key) -> Bool {
        guard key > .externalID, let x = a.externalID, let y = b.externalID, !x.isEmpty, !y.isEmpty else {
            return false
        }
        return x != y
    }

    // MARK: Joining

    /// Finds who is the same among contacts that share something, joins them where a rule says so, and lists the rest.
    func resolve(_ suspects: [Contact]) -> ContactResolution {
        var holders: [String: [Int]] = [:]
        var order: [(key: Key, text: String)] = []
        for (index, contact) in suspects.enumerated() {
            for (key, value) in identities(of: contact) {
                let text = key.rawValue + "\u{1}" + value
                if holders[text] == nil { order.append((key, text)) }
                if holders[text]?.last != index { holders[text, default: []].append(index) }
            }
        }
        var group = Array(suspects.indices)
        func root(_ index: Int) -> Int {
            var at = index
            while group[at] != at { at = group[at] }
            return at
        }
        var resolution = ContactResolution()
        var listed: Set<[Int]> = []
        for (key, text) in order.sorted(by: { $0.key < $1.key }) {
            guard let same = holders[text], same.count > 1 else { continue }
            for other in same.dropFirst() {
                let (first, second) = (root(same[0]), root(other))
                guard first != second else { continue }
                if merge.contains(key), !areApart(suspects[same[0]], suspects[other], than: key) {
                    group[max(first, second)] = min(first, second)
                } else if listed.insert([first, second]).inserted {
                    resolution.rows.append(
                        TrailRow(
                            .duplicate, .contact, suspects[other].id, field: key.rawValue, detail: suspects[same[0]].id)
                    )
                }
            }
        }
        var members: [Int: [Int]] = [:]
        for index in suspects.indices { members[root(index), default: []].append(index) }
        for (_, indices) in members.sorted(by: { $0.key < $1.key }) where indices.count > 1 {
            join(indices.map { suspects[$0] }, &resolution)
        }
        return resolution
    }

    /// The oldest record stays; what it leaves open is filled from the others, and nothing of it is overwritten.
    private func join(_ people: [Contact], _ resolution: inout ContactResolution) {
        let ordered = people.enumerated().sorted { a, b in
            let (x, y) = (a.element.createdAt?.microseconds ?? .max, b.element.createdAt?.microseconds ?? .max)
            return (x, a.offset) < (y, b.offset)
        }.map(\.element)
        guard var whole = ordered.first else { return }
        for other in ordered.dropFirst() {
            func note(_ field: String, _ isLost: Bool) {
                if isLost {
                    resolution.losses.add(.contact, field, .dropped, record: other.id, detail: "joined in \(whole.id)")
                }
            }
            note("name", other.name != nil && whole.name != nil && other.name != whole.name)
            note(
                "external_id",
                other.externalID != nil && whole.externalID != nil && other.externalID != whole.externalID)
            note("company", other.company != nil && whole.company != nil && other.company != whole.company)
            whole.name = whole.name ?? other.name
            whole.externalID = whole.externalID ?? other.externalID
            whole.company = whole.company ?? other.company
            whole.language = whole.language ?? other.language
            whole.timezone = whole.timezone ?? other.timezone
            whole.blocked = whole.blocked == true || other.blocked == true ? true : whole.blocked ?? other.blocked
            whole.updatedAt = [whole.updatedAt, other.updatedAt].compactMap(\.self).max()
            let known = Set(whole.emails.map { $0.lowercased() })
            whole.emails += other.emails.filter { !known.contains($0.lowercased()) }
            whole.phones += other.phones.filter { !whole.phones.contains($0) }
            whole.tags += other.tags.filter { !whole.tags.contains($0) }
            for field in other.fields {
                if let own = whole.fields.first(where: { $0.key == field.key }), !own.value.saysNothing {
                    note("fields." + field.key, own.value != field.value && !field.value.saysNothing)
                } else {
                    whole.fields.removeAll { $0.key == field.key }
                    whole.fields.append(field)
                }
            }
            resolution.moves[other.id] = whole.id
            resolution.losses.add(.contact, "id", .narrowed, record: other.id, detail: "\(other.id) -> \(whole.id)")
            resolution.rows.append(TrailRow(.merged, .contact, other.id, field: "id", detail: whole.id))
        }
        resolution.merged[whole.id] = whole
    }
}

/// What became of people who stand more than once in a source.
public struct ContactResolution: Sendable {
    /// For contacts that were joined with another one: that one's id.
    public internal(set) var moves: [String: String] = [:]
    /// Contacts that took others in, by id.
    public internal(set) var merged: [String: Contact] = [:]
    /// Who was joined, and who only stands more than once.
    public internal(set) var rows: [TrailRow] = []
    /// What of the joined records does not go along.
    public internal(set) var losses = LossTally()

    /// Nobody stands more than once.
    public init() {}
}

extension CompiledMapping {
    /// Whether people are looked for who stand more than once.
    public var looksForDuplicates: Bool { contacts != nil }

    /// Texts by which a contact is known; two contacts that share one may be the same person.
    public func identities(of contact: Contact) -> [String] {
        contacts?.identities(of: contact).map { $0.key.rawValue + "\u{1}" + $0.value } ?? []
    }

    /// Joins and lists contacts that share something.
    public func resolve(_ suspects: [Contact]) -> ContactResolution {
        contacts?.resolve(suspects) ?? ContactResolution()
    }
}

extension Conversation {
    /// Lets the conversation speak of joined people by the id that is left.
    mutating func move(_ moves: [String: String], _ losses: inout LossTally) {
        if let requester, let target = moves[requester] {
            losses.add(.conversation, "requester", .converted, record: id, detail: "\(requester) -> \(target)")
            self.requester = target
        }
        var seen: Set<Participant> = []
        var changed = false
        for index in participants.indices where participants[index].kind == .contact {
            guard let target = moves[participants[index].id] else { continue }
            losses.add(.conversation, "participants", .converted, record: id, detail: target)
            participants[index].id = target
            changed = true
        }
        if changed { participants = participants.filter { seen.insert($0).inserted } }
        var authors = 0
        for index in timeline.indices where timeline[index].author.kind == .contact {
            guard let author = timeline[index].author.id, let target = moves[author] else { continue }
            timeline[index].author.id = target
            authors += 1
        }
        if authors > 0 { losses.add(.conversation, "timeline.author", .converted, record: id, count: authors) }
    }
}
