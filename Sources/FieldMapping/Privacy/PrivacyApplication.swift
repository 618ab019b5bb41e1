import ConversationModel

extension PrivacySection {
    /// What stands where content was erased, so that the shape of a conversation stays.
    static let erasedText = "[erased]"

    // MARK: Conversations

    func apply(
        to conversation: inout Conversation, people: SourcePeople, _ losses: inout LossTally,
        _ coverage: inout MappingCoverage
    ) {
        let id = conversation.id
        if let residency { tag(&conversation.tags, residency, .conversation, id, &losses, &coverage) }
        if !suppressed.isEmpty { erase(&conversation, people, &losses, &coverage) }
        if pseudonyms != nil { pseudonymise(&conversation, people, &losses) }
        guard !redactor.isIdle else { return }
        var pass = RedactionPass(self, .conversation, id)
        if parts.contains(.subjects) { pass.redact(&conversation.subject, "subject") }
        if parts.contains(.fields) {
            pass.redact(&conversation.fields)
            pass.redact(&conversation.extras, "extras")
        }
        if parts.contains(.bodies) {
            if var rating = conversation.rating {
                pass.redact(&rating.comment, "rating.comment")
                conversation.rating = rating
            }
        }
        for index in conversation.timeline.indices { redact(&conversation.timeline[index], &pass) }
        pass.finish(&losses, &coverage)
    }

    private func redact(_ entry: inout Entry, _ pass: inout RedactionPass) {
        pass.entry = entry.id
        if parts.contains(.bodies) {
            pass.redact(&entry.text, "timeline.text")
            pass.redact(&entry.html, "timeline.html", isHTML: true)
            pass.redact(&entry.extras, "timeline.extras")
        }
        if parts.contains(.fields), entry.kind.isEvent {
            pass.redact(&entry.from, "timeline.from")
            pass.redact(&entry.to, "timeline.to")
        }
        if parts.contains(.subjects), var email = entry.email, email.subject != nil {
            pass.redact(&email.subject, "timeline.email.subject")
            entry.email = email
        }
        if parts.contains(.files) {
            for index in entry.attachments.indices {
                pass.redact(&entry.attachments[index].name, "timeline.attachments.name")
                pass.redact(&entry.attachments[index].extras, "timeline.attachments.extras")
            }
        }
    }

    // MARK: People

    func apply(
        to contact: inout Contact, _ losses: inout LossTally, _ coverage: inout MappingCoverage
    ) {
        if let residency { tag(&contact.tags, residency, .contact, contact.id, &losses, &coverage) }
        if isSuppressed(id: contact.id, emails: contact.emails) {
            erase(&contact, &losses, &coverage)
            return
        }
        if let pseudonyms, who.contains(.contact) { pseudonymise(&contact, pseudonyms, &losses) }
        guard !redactor.isIdle, parts.contains(.fields) else { return }
        var pass = RedactionPass(self, .contact, contact.id)
        pass.redact(&contact.fields)
        pass.redact(&contact.extras, "extras")
        pass.finish(&losses, &coverage)
    }

    func apply(to company: inout Company, _ losses: inout LossTally, _ coverage: inout MappingCoverage) {
        guard !redactor.isIdle, parts.contains(.fields) else { return }
        var pass = RedactionPass(self, .company, company.id)
        pass.redact(&company.fields)
        pass.redact(&company.extras, "extras")
        pass.finish(&losses, &coverage)
    }

    func apply(to agent: inout Agent, _ losses: inout LossTally, _ coverage: inout MappingCoverage) {
        let id = agent.id
        if isSuppressed(id: id, emails: agent.email.map { [$0] } ?? []) {
            noteErased(.agent, id, "record", &coverage)
            losses.add(.agent, "name", .dropped, record: id)
            losses.add(.agent, "email", .dropped, record: id)
            agent.name = Self.erasedText
            agent.email = nil
            agent.extras = Extras()
        } else if let pseudonyms, who.contains(.agent) {
            if agent.name != nil { losses.add(.agent, "name", .converted, record: id) }
            if agent.email != nil { losses.add(.agent, "email", .converted, record: id) }
            agent.name = agent.name.map { _ in pseudonyms.name(id) }
            agent.email = agent.email.map(pseudonyms.email)
            agent.extras = Extras()
        }
    }

    private func tag(
        _ tags: inout [String], _ residency: (tag: String, rule: Int), _ entity: Entity, _ id: String,
        _ losses: inout LossTally, _ coverage: inout MappingCoverage
    ) {
        guard !tags.contains(residency.tag) else { return }
        tags.append(residency.tag)
        coverage.noteUse(of: residency.rule)
        losses.add(entity, "tags", .invented, record: id, detail: residency.tag)
    }

    // MARK: Pseudonyms

    private func pseudonymise(_ contact: inout Contact, _ pseudonyms: Pseudonyms, _ losses: inout LossTally) {
        let id = contact.id
        func note(_ field: String, _ count: Int) {
            if count > 0 { losses.add(.contact, field, .converted, record: id, count: count) }
        }
        note("name", contact.name == nil ? 0 : 1)
        contact.name = contact.name.map { _ in pseudonyms.name(id) }
        note("emails", contact.emails.count)
        contact.emails = contact.emails.map(pseudonyms.email)
        note("phones", contact.phones.count)
        contact.phones = contact.phones.map(pseudonyms.phone)
        note("external_id", contact.externalID == nil ? 0 : 1)
        contact.externalID = contact.externalID.map(pseudonyms.externalID)
        contact.extras = Extras()
    }

    private func pseudonymise(_ conversation: inout Conversation, _ people: SourcePeople, _ losses: inout LossTally) {
        guard let pseudonyms else { return }
        let id = conversation.id
        conversation.extras = Extras()
        for index in conversation.participants.indices {
            let person = conversation.participants[index]
            guard isMeant(person.kind), person.name != nil || person.email != nil else { continue }
            conversation.participants[index].name = person.name.map { _ in
                pseudonyms.name(person.id.isEmpty ? person.email ?? person.name ?? "" : person.id)
            }
            conversation.participants[index].email = person.email.map(pseudonyms.email)
            losses.add(.conversation, "participants", .converted, record: id, detail: person.id)
        }
        var authors = 0
        var addresses = 0
        // A thread has many entries and few people.
        var known: [Author: Author] = [:]
        var knownAddresses: [String: String] = [:]
        let agents = who.contains(.agent) ? [] : people.knownAgentEmails
        func turn(_ address: String) -> String {
            let plain = Self.address(address)
            if agents.contains(plain.lowercased()) { return address }
            addresses += 1
            if let pseudonym = knownAddresses[plain] { return pseudonym }
            let pseudonym = pseudonyms.email(plain)
            knownAddresses[plain] = pseudonym
            return pseudonym
        }
        for index in conversation.timeline.indices {
            conversation.timeline[index].extras = Extras()
            let author = conversation.timeline[index].author
            if isMeant(author.kind), author.name != nil || author.email != nil {
                if known[author] == nil {
                    var turned = author
                    turned.name = author.name.map { _ in
                        pseudonyms.name(author.id ?? author.email ?? author.name ?? "")
                    }
                    turned.email = author.email.map(pseudonyms.email)
                    known[author] = turned
                }
                if let turned = known[author] { conversation.timeline[index].author = turned }
                authors += 1
            }
            if var email = conversation.timeline[index].email {
                email.from = email.from.map(turn)
                email.to = email.to.map(turn)
                email.cc = email.cc.map(turn)
                conversation.timeline[index].email = email
            }
        }
        if authors > 0 { losses.add(.conversation, "timeline.author", .converted, record: id, count: authors) }
        if addresses > 0 { losses.add(.conversation, "timeline.email", .converted, record: id, count: addresses) }
    }

    private func isMeant(_ kind: Author.Kind) -> Bool {
        switch kind {
        case .contact: who.contains(.contact)
        case .agent: who.contains(.agent)
        case .bot, .system: false
        }
    }

    /// The address of `Ana B. <ana@shop.example>`.
    private static func address(_ text: String) -> String {
        guard let open = text.lastIndex(of: "<"), let close = text.lastIndex(of: ">"), open < close else { return text }
        return String(text[text.index(after: open)..<close])
    }

    // MARK: Erased people

    private func erase(_ contact: inout Contact, _ losses: inout LossTally, _ coverage: inout MappingCoverage) {
        let id = contact.id
        func note(_ field: String, _ count: Int) {
            if count > 0 { losses.add(.contact, field, .dropped, record: id, count: count) }
        }
        note("name", contact.name == nil ? 0 : 1)
        note("emails", contact.emails.count)
        note("phones", contact.phones.count)
        note("external_id", contact.externalID == nil ? 0 : 1)
        note("company", contact.company == nil ? 0 : 1)
        note("language", contact.language == nil ? 0 : 1)
        note("timezone", contact.timezone == nil ? 0 : 1)
        note("tags", contact.tags.count)
        note("fields", contact.fields.count)
        var erased = Contact()
        erased.id = id
        erased.source = Origin(connector: contact.source.connector)
        erased.name = Self.erasedText
        erased.createdAt = contact.createdAt
        erased.updatedAt = contact.updatedAt
        erased.blocked = contact.blocked
        if let residency, contact.tags.contains(residency.tag) { erased.tags = [residency.tag] }
        contact = erased
        noteErased(.contact, id, "record", &coverage)
    }

    private func erase(
        _ conversation: inout Conversation, _ people: SourcePeople, _ losses: inout LossTally,
        _ coverage: inout MappingCoverage
    ) {
        let id = conversation.id
        let isWhole = isSuppressed(id: conversation.requester, emails: [], people)
        func note(_ field: String, _ count: Int) {
            if count > 0 { losses.add(.conversation, field, .dropped, record: id, count: count) }
        }
        if isWhole {
            note("subject", conversation.subject == nil ? 0 : 1)
            note("fields", conversation.fields.count)
            note("rating.comment", conversation.rating?.comment == nil ? 0 : 1)
            conversation.subject = nil
            conversation.fields = []
            conversation.rating?.comment = nil
            noteErased(.conversation, id, "requester", &coverage)
        }
        var named = 0
        for index in conversation.participants.indices {
            let person = conversation.participants[index]
            guard isSuppressed(id: person.id, emails: person.email.map { [$0] } ?? [], people) else { continue }
            if person.name != nil || person.email != nil { named += 1 }
            conversation.participants[index].name = nil
            conversation.participants[index].email = nil
        }
        note("participants", named)
        var bodies = 0
        var files = 0
        var touched = isWhole
        for index in conversation.timeline.indices {
            let author = conversation.timeline[index].author
            let isTheirs = isSuppressed(id: author.id, emails: author.email.map { [$0] } ?? [], people)
            if isTheirs {
                conversation.timeline[index].author.name = nil
                conversation.timeline[index].author.email = nil
            }
            guard isTheirs || isWhole else { continue }
            touched = true
            files += conversation.timeline[index].attachments.count
            if conversation.timeline[index].text != nil || conversation.timeline[index].html != nil { bodies += 1 }
            conversation.timeline[index].erase()
            if !isWhole { noteErased(.conversation, id, "author", entry: conversation.timeline[index].id, &coverage) }
        }
        note("timeline.text", bodies)
        note("timeline.attachments", files)
        if touched { conversation.extras = Extras() }
    }

    private func noteErased(
        _ entity: Entity, _ id: String, _ field: String, entry: String? = nil, _ coverage: inout MappingCoverage
    ) {
        if let suppressRule { coverage.noteUse(of: suppressRule) }
        coverage.trail.append(TrailRow(.erased, entity, id, entry: entry, field: field, detail: "suppression list"))
    }
}

extension Entry {
    /// Takes the content out and leaves that it happened, when, and whose it was.
    fileprivate mutating func erase() {
        if text != nil || html != nil {
            text = PrivacySection.erasedText
            html = nil
            redacted = true
        }
        attachments = []
        email = nil
        if kind == .event(.field) || kind == .event(.other) {
            from = nil
            to = nil
        }
        extras = Extras()
    }
}

/// Redacts the parts of one record and remembers what was found where.
private struct RedactionPass {
    private struct Key: Hashable {
        let entry: String
        let field: String
        let kind: String
    }

    let section: PrivacySection
    let entity: Entity
    let record: String
    var entry = ""
    private var found: [Key: Int] = [:]
    private var order: [Key] = []

    init(_ section: PrivacySection, _ entity: Entity, _ record: String) {
        self.section = section
        self.entity = entity
        self.record = record
    }

    private mutating func note(_ field: String, _ kind: String) {
        let key = Key(entry: entry, field: field, kind: kind)
        if found[key] == nil { order.append(key) }
        found[key, default: 0] += 1
    }

    mutating func redact(_ text: inout String?, _ field: String, isHTML: Bool = false) {
        guard let source = text else { return }
        var kinds: [String] = []
        guard let changed = section.redactor.redacted(source, isHTML: isHTML, found: { kinds.append($0) }) else {
            return
        }
        text = changed
        for kind in kinds { note(field, kind) }
    }

    mutating func redact(_ fields: inout [FieldValue]) {
        for index in fields.indices {
            var value: JSONValue? = fields[index].value
            redact(&value, "fields." + fields[index].key)
            if let value, value != fields[index].value { fields[index].value = value }
        }
    }

    mutating func redact(_ value: inout JSONValue?, _ field: String) {
        switch value {
        case .string(let source):
            var text: String? = source
            redact(&text, field)
            if let text, text != source { value = .string(text) }
        case .number(let source):
            var text: String? = source
            redact(&text, field)
            if let text, text != source { value = .string(text) }
        case .array(let elements):
            value = .array(
                elements.map { element in
                    var inner: JSONValue? = element
                    redact(&inner, field)
                    return inner ?? element
                })
        case .object(let members):
            value = .object(
                members.map { member in
                    var inner: JSONValue? = member.value
                    redact(&inner, field)
                    return JSONValue.Member(member.key, inner ?? member.value)
                })
        case .null, .bool, nil: break
        }
    }

    /// Leftovers of the source are the text of a JSON object; with something private in them they go as a whole.
    mutating func redact(_ extras: inout Extras, _ field: String) {
        guard !extras.isEmpty else { return }
        var kinds: [String] = []
        guard section.redactor.redacted(extras.json, found: { kinds.append($0) }) != nil else { return }
        extras = Extras()
        for kind in kinds { note(field, kind) }
    }

    func finish(_ losses: inout LossTally, _ coverage: inout MappingCoverage) {
        for key in order {
            let count = found[key] ?? 0
            if let rule = section.redactRules[key.kind] { coverage.noteUse(of: rule) }
            losses.add(entity, key.field, .narrowed, record: record, count: count, detail: key.kind)
            coverage.trail.append(
                TrailRow(
                    .redacted, entity, record, entry: key.entry.isEmpty ? nil : key.entry, field: key.field,
                    detail: key.kind, count: count))
        }
    }
}
