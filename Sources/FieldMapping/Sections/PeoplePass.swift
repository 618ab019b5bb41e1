import ConversationModel

/// What is asked about the agents or teams of one record: their names, the time, and the answers so far.
struct PeoplePass {
    let kind: UnruledValue.Kind
    /// E-mails of agents, or names of teams, by the source's ids.
    let labels: [String: String]
    /// When what is asked about happened.
    var time: Instant?
    /// Answers that hold for all times; the same few people come again in the entries of a thread.
    fileprivate var given: [(id: String, label: String?, answer: PeopleAnswer, uses: Int)] = []

    init(_ kind: UnruledValue.Kind, labels: [String: String] = [:], time: Instant? = nil) {
        self.kind = kind
        self.labels = labels
        self.time = time
    }
}

extension PeopleResolver {
    /// The answer about one of a record's people; a bot that no rule names counts as nobody.
    ///
    /// Who asked last calls ``finish(_:_:)``, so that a long thread costs one count a person.
    func answer(
        _ id: String?, label: String? = nil, isBot: Bool = false, _ pass: inout PeoplePass,
        _ coverage: inout MappingCoverage
    ) -> PeopleAnswer {
        guard !hasPeriods, let id, pass.given.count < 32 else {
            let answer = answer(id: id, label: label, labels: pass.labels, at: pass.time)
            if !isBot || !answer.isUnmatched { note(answer, id, pass.kind, 1, &coverage) }
            return answer
        }
        let place = pass.given.firstIndex { $0.id == id && $0.label == label } ?? pass.given.count
        if place == pass.given.count {
            pass.given.append((id, label, answer(id: id, label: label, labels: pass.labels), 0))
        }
        let answer = pass.given[place].answer
        if !isBot || !answer.isUnmatched { pass.given[place].uses += 1 }
        return answer
    }

    /// Counts what a pass asked: rules that answered, and who had no answer.
    func finish(_ pass: PeoplePass, _ coverage: inout MappingCoverage) {
        for (id, _, answer, uses) in pass.given where uses > 0 { note(answer, id, pass.kind, uses, &coverage) }
    }

    private func note(
        _ answer: PeopleAnswer, _ id: String?, _ kind: UnruledValue.Kind, _ count: Int,
        _ coverage: inout MappingCoverage
    ) {
        if let rule = answer.rule { coverage.noteUse(of: rule, count: count) }
        if answer.isUnmatched { coverage.noteUnruled(kind, id ?? "(without id)", count: count) }
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
