import ConversationModel

/// Asks a resolver about the agents or teams of one record; coverage remembers who had no answer.
struct PeoplePass {
    let kind: UnruledValue.Kind
    let resolver: PeopleResolver
    /// E-mails of agents, or names of teams, by the source's ids.
    let labels: [String: String]?
    /// When what is asked about happened.
    var time: Instant?

    init(_ kind: UnruledValue.Kind, _ resolver: PeopleResolver, labels: [String: String]?) {
        self.kind = kind
        self.resolver = resolver
        self.labels = labels
    }

    mutating func answer(id: String?, label: String? = nil, _ coverage: inout MappingCoverage) -> PeopleAnswer {
        let answer = resolver.answer(id: id, label: label, labels: labels, at: time)
        if let rule = answer.rule { coverage.noteUse(of: rule) }
        if answer.isUnmatched { coverage.noteUnruled(kind, id ?? "(without id)") }
        return answer
    }

    /// Moves one reference; `field` is its path in a conversation.
    mutating func move(
        _ id: inout String?, _ field: String, record: String, _ losses: inout LossTally,
        _ coverage: inout MappingCoverage
    ) {
        guard let source = id else { return }
        let answer = answer(id: source, &coverage)
        switch answer.outcome {
        case .keep, .placeholder: return
        case .label(let label):
            // A team known by name alone takes the new name; ids keep standing for the record that takes it.
            guard kind == .team, labels?[source] == nil, label != source else { return }
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
    mutating func move(
        _ value: inout JSONValue?, _ field: String, record: String, _ losses: inout LossTally,
        _ coverage: inout MappingCoverage
    ) {
        guard let source = value?.text, !source.isEmpty else { return }
        var id: String? = source
        move(&id, field, record: record, &losses, &coverage)
        if id != source { value = id.map(JSONValue.string) }
    }
}
