import ConversationModel

/// What is asked about the agents or teams of one record: their names, the time, and the answers so far.
struct PeoplePass {
    let kind: UnruledValue.Kind
    /// E-mails of agents, or names of teams, by the source's ids.
    let labels: NameTable<String>
    /// When what is asked about happened.
    var time: Instant?
    /// Whether answers are kept for those who ask again.
    let remembers: Bool
    /// Answers that hold for all times; the same few people come again in the entries of a thread.
    fileprivate var given: [Given] = []

    fileprivate struct Given {
        let id: String
        let label: String?
        let answer: PeopleAnswer
        /// Where coverage counts them; `nil` when a rule answered, or nobody is counted.
        let slot: Int?
    }

    init(
        _ kind: UnruledValue.Kind, labels: NameTable<String> = NameTable(), time: Instant? = nil,
        remembers: Bool = false
    ) {
        self.kind = kind
        self.remembers = remembers
        if remembers { given.reserveCapacity(4) }
        self.labels = labels
        self.time = time
    }
}

extension PeopleResolver {
    /// The answer about one of a record's people; a bot that no rule names counts as nobody.
    func answer(
        _ id: String?, label: String? = nil, isBot: Bool = false, _ pass: inout PeoplePass,
        _ coverage: inout MappingCoverage
    ) -> PeopleAnswer {
        if let id {
            for place in pass.given.indices where pass.given[place].id == id && pass.given[place].label == label {
                let answer = pass.given[place].answer
                if let rule = answer.rule { coverage.noteUse(of: rule) }
                if let slot = pass.given[place].slot { coverage.noteUnruled(pass.kind, at: slot) }
                return answer
            }
        }
        let answer = answer(id: id, label: label, labels: pass.labels, at: pass.time)
        if let rule = answer.rule { coverage.noteUse(of: rule) }
        let isCounted = answer.isUnmatched && !isBot
        let slot = isCounted ? coverage.slot(of: id ?? "(without id)", pass.kind) : nil
        if let slot { coverage.noteUnruled(pass.kind, at: slot) }
        if let id, pass.remembers, !hasPeriods, pass.given.count < 32 {
            pass.given.append(PeoplePass.Given(id: id, label: label, answer: answer, slot: slot))
        }
        return answer
    }

    /// Moves one reference; `field` is its path in a conversation.
    func move(
        _ id: inout String?, _ field: String, record: String, _ pass: inout PeoplePass, _ losses: inout LossTally,
        _ coverage: inout MappingCoverage
    ) {
        guard let source = id else { return }
        let answer = answer(source, &pass, &coverage)
        switch answer.outcome {
        case .keep, .placeholder: return
        case .label(let label):
            // A team known by name alone takes the new name; ids keep standing for the record that takes it.
            guard pass.kind == .team, pass.labels[source] == nil, label != source else { return }
            id = label
            losses.add(.conversation, field, answer.lossClass, record: record)
        case .place(let target, _):
            guard target != source else { return }
            id = target
            losses.add(.conversation, field, answer.lossClass, record: record, detail: "\(source) -> \(target)")
        case .unassigned:
            id = nil
            losses.add(.conversation, field, .dropped, record: record, detail: source)
        }
    }

    /// Moves the reference that an event carries as a value.
    func move(
        _ value: inout JSONValue?, _ field: String, record: String, _ pass: inout PeoplePass,
        _ losses: inout LossTally, _ coverage: inout MappingCoverage
    ) {
        guard let source = value?.text, !source.isEmpty else { return }
        var id: String? = source
        move(&id, field, record: record, &pass, &losses, &coverage)
        if id != source { value = id.map(JSONValue.string) }
    }
}
