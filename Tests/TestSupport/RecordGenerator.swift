public import ConversationModel

/// Makes neutral records with everything in them that the model can hold, the same for the same seed.
public struct RecordGenerator {
    private var random: SeededRandom
    private let agents: [String]
    private let contacts: [String]

    /// Begins at a seed.
    public init(seed: UInt64) {
        random = SeededRandom(seed)
        agents = ["7", "9007199254740993", "agent-b"]
        contacts = ["1", "58228e05d4e96711004eccb1", "18446744073709551617", "c-Ω"]
    }

    /// A set that belongs together: fields, teams, agents, companies, contacts, then conversations.
    public mutating func set(conversations count: Int) -> [NeutralRecord] {
        var records: [NeutralRecord] = []
        for (index, entity) in [Entity.conversation, .contact, .company].enumerated() {
            for kind in FieldDefinition.Kind.allCases {
                var field = FieldDefinition()
                field.source.connector = "elsewhere"
                field.id = "\(index)\(kind.rawValue)"
                field.of = entity
                field.key = field.id
                field.label = text()
                field.type = kind
                if kind == .choice || kind == .multiChoice {
                    field.options = [.init("red", label: "Red"), .init("blue", label: text())]
                }
                records.append(.field(field))
            }
        }
        for id in ["70", "t-2"] {
            var team = Team()
            team.source.connector = "elsewhere"
            team.id = id
            team.name = text()
            records.append(.team(team))
        }
        for (index, id) in agents.enumerated() {
            var agent = Agent()
            agent.source.connector = "elsewhere"
            agent.id = id
            agent.name = text()
            agent.email = "agent\(index)@shop.example"
            agent.role = random.pick(Agent.Role.allCases)
            agent.active = random.pick([true, false, nil])
            agent.teams = random.oneIn(2) ? ["70"] : []
            agent.createdAt = time()
            records.append(.agent(agent))
        }
        for id in ["300", "acme"] {
            var company = Company()
            company.source.connector = "elsewhere"
            company.id = id
            company.name = text()
            company.domains = random.oneIn(2) ? ["retail.example"] : []
            company.externalID = maybe { $0.text() }
            company.createdAt = time()
            company.updatedAt = time()
            company.fields = [FieldValue("tier", .string("gold"))]
            records.append(.company(company))
        }
        for id in contacts { records.append(.contact(contact(id))) }
        for index in 0..<count { records.append(.conversation(conversation(index))) }
        return records
    }

    private mutating func contact(_ id: String) -> Contact {
        var contact = Contact()
        contact.source.connector = "elsewhere"
        contact.id = id
        contact.name = maybe { $0.text() }
        contact.emails = random.oneIn(3) ? ["a@buyer.example", "b@buyer.example"] : ["a@buyer.example"]
        contact.phones = random.oneIn(2) ? ["+353871234567"] : []
        contact.externalID = maybe { $0.text() }
        contact.company = random.pick(["300", nil])
        contact.language = random.pick(["en", "es-MX", nil])
        contact.timezone = random.pick(["Europe/Madrid", nil])
        contact.createdAt = time()
        contact.updatedAt = time()
        contact.blocked = random.pick([true, false, nil])
        contact.tags = tags()
        contact.fields = fields()
        return contact
    }

    private mutating func conversation(_ index: Int) -> Conversation {
        var conversation = Conversation()
        conversation.source.connector = "elsewhere"
        conversation.id = random.oneIn(3) ? "conv-\(index)" : String(1000 + index)
        conversation.number = maybe { _ in "INC\(index)" }
        conversation.externalID = maybe { $0.text() }
        conversation.subject = maybe { $0.text() }
        conversation.status = random.pick(Status.allCases + [nil])
        conversation.priority = random.pick(Priority.allCases + [nil])
        conversation.channel = random.pick(Channel.allCases + [nil])
        conversation.brand = maybe { _ in "55" }
        conversation.url = maybe { _ in "https://desk.example/c/\(index)" }
        conversation.createdAt = time()
        conversation.updatedAt = time()
        conversation.closedAt = maybe { $0.time() }
        conversation.snoozedUntil = maybe { $0.time() }
        conversation.requester = random.pick(contacts + [nil])
        conversation.assignee = random.pick(agents + [nil])
        conversation.team = random.pick(["70", "t-2", nil])
        for role in Participant.Role.allCases where random.oneIn(2) {
            conversation.participants.append(Participant(.contact, random.pick(contacts), role))
            if random.oneIn(2) { conversation.participants.append(Participant(.agent, random.pick(agents), role)) }
        }
        conversation.tags = tags()
        conversation.fields = fields()
        if random.oneIn(3) {
            let scale = random.pick([2, 5])
            conversation.rating = Rating(
                score: Int.random(in: 1...scale, using: &random), scale: scale, comment: maybe { $0.text() },
                createdAt: time())
        }
        for kind in Link.Kind.allCases where random.oneIn(4) { conversation.links.append(Link(kind, "77\(index)")) }
        if random.oneIn(3) {
            for number in 0..<2 {
                var session = Session()
                session.id = "s\(index)-\(number)"
                session.startedAt = time()
                session.endedAt = time()
                session.kind = random.pick(Session.Kind.allCases)
                session.channel = random.pick([.chat, nil])
                conversation.sessions.append(session)
            }
        }
        let count = random.oneIn(20) ? 300 : Int.random(in: 0...12, using: &random)
        for number in 0..<count { conversation.timeline.append(entry(index, number, conversation)) }
        return conversation
    }

    private mutating func entry(_ index: Int, _ number: Int, _ conversation: Conversation) -> Entry {
        var entry = Entry()
        entry.id = "\(index)00\(number)"
        let events = Entry.Event.allCases.map { Entry.Kind.event($0) }
        entry.kind = random.oneIn(3) ? random.pick(events) : random.pick([.message, .message, .note])
        entry.author = author()
        entry.createdAt = time()
        entry.session = conversation.sessions.isEmpty ? nil : random.pick(conversation.sessions).id
        entry.replyTo = random.oneIn(9) ? "\(index)000" : nil
        if entry.kind.isEvent {
            entry.from = random.pick([.string("open"), .number("3"), nil])
            entry.to = random.pick([.string("closed"), .string("7"), .array([.string("a")]), nil])
            entry.field = entry.kind == .event(.field) ? "plan" : nil
            return entry
        }
        if !random.oneIn(4) { entry.html = "<p>" + text() + "</p>" }
        if entry.html == nil || random.oneIn(2) { entry.text = text() }
        entry.channel = random.oneIn(6) ? random.pick(Channel.allCases) : nil
        if random.oneIn(4) {
            var file = Attachment()
            file.id = "f\(index)-\(number)"
            file.name = text()
            file.contentType = "application/pdf"
            file.size = Int64.random(in: 0...(1 << 40), using: &random)
            file.url = "https://files.example/\(number)"
            file.inline = random.oneIn(2)
            file.contentID = maybe { _ in "cid-\(number)" }
            entry.attachments.append(file)
        }
        entry.editedAt = random.oneIn(8) ? time() : nil
        entry.redacted = random.oneIn(12)
        if random.oneIn(8) {
            var email = EmailHeaders()
            email.messageID = "<\(number)@mail.example>"
            email.subject = text()
            email.to = ["help@shop.example"]
            entry.email = email
        }
        return entry
    }

    private mutating func author() -> Author {
        switch Int.random(in: 0..<9, using: &random) {
        case 0: Author(.system)
        case 1: Author(.bot, id: nil, name: "Robin the robot")
        case 2: Author(.contact, id: nil, name: "Visitor 7")
        case 3: Author(.agent, id: "gone-9", name: "Left Long Ago")
        case 4, 5: Author(.agent, id: random.pick(agents))
        default: Author(.contact, id: random.pick(contacts))
        }
    }

    // MARK: Pieces

    private mutating func maybe<Value>(_ make: (inout RecordGenerator) -> Value) -> Value? {
        random.oneIn(2) ? make(&self) : nil
    }

    private mutating func tags() -> [String] {
        random.oneIn(3) ? [] : ["vip", "refund_\(Int.random(in: 0..<9, using: &random))"]
    }

    private mutating func fields() -> [FieldValue] {
        [
            FieldValue("plan", .string(text())), FieldValue("5001", .number("12345678901234567890")),
            FieldValue("seats", .number("5")), FieldValue("ok", .bool(random.oneIn(2))),
            FieldValue("many", .array([.string("a"), .string("b")])), FieldValue("none", .null),
        ].filter { _ in random.oneIn(2) }
    }

    /// A moment between 1971 and 2029, at any precision.
    private mutating func time() -> Instant {
        let micros = Int64.random(in: 40_000_000_000_000...1_880_000_000_000_000, using: &random)
        return Instant(microseconds: micros).cut(to: random.pick([.seconds, .milliseconds, .microseconds]))
    }

    private mutating func text() -> String {
        random.pick([
            "Where is my parcel?", "¿Dónde está?", "طلب فاتورة", "שלום", "👩‍👩‍👧 ok 🎉", "a \"quoted\" \\ line",
            "tab\tand\nnew line", "<b>not</b> & markup", "control \u{1} \u{1F}", "e\u{301} combining",
            "{{placeholder}}",
            "=SUM(A1)", String(repeating: "long ", count: 400), "x",
        ])
    }
}
