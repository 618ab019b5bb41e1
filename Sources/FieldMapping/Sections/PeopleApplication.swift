import ConversationModel

extension PeopleResolver {
    // MARK: Agents

    /// Moves assignee, participants, authors and assignment events; contacts are never touched.
    func applyAgents(
        to conversation: inout Conversation, people: SourcePeople, _ losses: inout LossTally,
        _ coverage: inout MappingCoverage
    ) {
        let id = conversation.id
        let last = conversation.updatedAt ?? conversation.createdAt
        var pass = PeoplePass(.agent, labels: people.agentEmails, time: last, remembers: true)
        move(&conversation.assignee, "assignee", record: id, &pass, &losses, &coverage)
        if conversation.participants.contains(where: { $0.kind == .agent }) {
            moveParticipants(of: &conversation, &pass, &losses, &coverage)
        }
        var authors = AuthorTally()
        for index in conversation.timeline.indices {
            pass.time = conversation.timeline[index].createdAt ?? last
            moveAuthor(&conversation.timeline, index, people, &pass, &authors, &coverage)
            if case .event(.assigned) = conversation.timeline[index].kind {
                move(&conversation.timeline[index].from, "timeline.from", record: id, &pass, &losses, &coverage)
                move(&conversation.timeline[index].to, "timeline.to", record: id, &pass, &losses, &coverage)
            }
        }
        authors.add(to: &losses, record: id)
    }

    private func moveParticipants(
        of conversation: inout Conversation, _ pass: inout PeoplePass, _ losses: inout LossTally,
        _ coverage: inout MappingCoverage
    ) {
        var leavers: [Int] = []
        for index in conversation.participants.indices where conversation.participants[index].kind == .agent {
            let person = conversation.participants[index]
            guard !person.id.isEmpty || person.email != nil else { continue }
            let answer = answer(person.id.isEmpty ? nil : person.id, label: person.email, &pass, &coverage)
            switch answer.outcome {
            case .keep, .placeholder: continue
            case .unassigned:
                leavers.append(index)
                losses.add(.conversation, "participants", .dropped, record: conversation.id, detail: person.id)
            case .label(let email):
                guard person.email != nil, person.email?.lowercased() != email else { continue }
                conversation.participants[index].email = email
                losses.add(.conversation, "participants", answer.lossClass, record: conversation.id)
            case .place(let target, let email):
                guard target != person.id else { continue }
                conversation.participants[index].id = target
                if answer.isStandIn {
                    conversation.participants[index].name = nil
                    conversation.participants[index].email = email
                } else if let email, person.email != nil {
                    conversation.participants[index].email = email
                }
                losses.add(
                    .conversation, "participants", answer.lossClass, record: conversation.id,
                    detail: "\(person.id) -> \(target)")
            }
        }
        for index in leavers.reversed() { conversation.participants.remove(at: index) }
    }

    private func moveAuthor(
        _ timeline: inout [Entry], _ index: Int, _ people: SourcePeople, _ pass: inout PeoplePass,
        _ tally: inout AuthorTally, _ coverage: inout MappingCoverage
    ) {
        let kind = timeline[index].author.kind
        guard kind == .agent || kind == .bot else { return }
        let (id, label) = (timeline[index].author.ruleID, timeline[index].author.email)
        guard id != nil || label != nil else { return }
        let answer = answer(id, label: label, isBot: kind == .bot, &pass, &coverage)
        // A bot answers to rules that name it, but never to the fallback.
        if kind == .bot, answer.isUnmatched { return }
        if answer.outcome == .keep || answer.outcome == .placeholder { return }
        move(&timeline[index], answer, people, &tally)
    }

    private func move(_ entry: inout Entry, _ answer: PeopleAnswer, _ people: SourcePeople, _ tally: inout AuthorTally)
    {
        let source = entry.author.id
        switch answer.outcome {
        case .keep, .placeholder: return
        case .label(let email):
            guard entry.author.email?.lowercased() != email else { return }
            entry.author.email = email
            tally.note(answer.lossClass)
        case .place(let target, let email):
            guard source != target else { return }
            tally.note(answer.lossClass, detail: "\(source ?? "") -> \(target)")
            let name = entry.author.name ?? source.flatMap { people.agentNames[$0] } ?? source
            entry.author.id = target
            if answer.isStandIn {
                // Name and address are those of somebody who does not write there.
                entry.author.name = nil
                entry.author.email = email
            } else if let email, entry.author.email != nil {
                entry.author.email = email
            }
            if !entry.kind.isEvent, let name, byline == .shared ? answer.lossClass == .narrowed : answer.isStandIn,
                byline != .none
            {
                entry.sign(name)
                tally.noteByline()
            }
        case .unassigned:
            // The name stays, so that a reader still sees who wrote.
            guard let id = source else { return }
            if entry.author.name == nil { entry.author.name = people.agentNames[id] }
            entry.author.id = nil
            entry.author.email = nil
            tally.note(.narrowed, detail: "\(id) -> name alone")
        }
    }

    /// Moves an agent's own record; `false` when it has no place at the destination.
    func applyAgents(
        to agent: inout Agent, _ losses: inout LossTally, _ coverage: inout MappingCoverage
    ) -> Bool {
        let source = agent.id
        var pass = PeoplePass(.agent)
        let answer = answer(source, label: agent.email, isBot: agent.role == .bot, &pass, &coverage)
        if agent.role == .bot, answer.isUnmatched { return true }
        // Who stands in is at the destination under a name of their own.
        if answer.isStandIn { return false }
        switch answer.outcome {
        case .keep: break
        case .placeholder:
            guard agent.active != false else { break }
            agent.active = false
            losses.add(.agent, "active", .converted, record: source, detail: "placeholder")
        case .unassigned: return false
        case .label(let email):
            guard agent.email?.lowercased() != email else { break }
            agent.email = email
            losses.add(.agent, "email", answer.lossClass, record: source)
        case .place(let target, let email):
            guard target != source else { break }
            agent.id = target
            if let email { agent.email = email }
            losses.add(.agent, "id", answer.lossClass, record: source, detail: "\(source) -> \(target)")
        }
        return true
    }

    // MARK: Teams

    /// Moves the team and the events that assign one.
    func applyTeams(
        to conversation: inout Conversation, people: SourcePeople, _ losses: inout LossTally,
        _ coverage: inout MappingCoverage
    ) {
        let id = conversation.id
        var pass = PeoplePass(
            .team, labels: people.teamNames, time: conversation.updatedAt ?? conversation.createdAt)
        move(&conversation.team, "team", record: id, &pass, &losses, &coverage)
        for index in conversation.timeline.indices {
            guard case .event(.teamAssigned) = conversation.timeline[index].kind else { continue }
            move(&conversation.timeline[index].from, "timeline.from", record: id, &pass, &losses, &coverage)
            move(&conversation.timeline[index].to, "timeline.to", record: id, &pass, &losses, &coverage)
        }
    }

    /// Moves the teams of an agent.
    func applyTeams(
        to agent: inout Agent, people: SourcePeople, _ losses: inout LossTally, _ coverage: inout MappingCoverage
    ) {
        guard !agent.teams.isEmpty else { return }
        var pass = PeoplePass(.team, labels: people.teamNames)
        var teams: [String] = []
        for source in agent.teams {
            let answer = answer(source, &pass, &coverage)
            switch answer.outcome {
            case .keep, .placeholder, .label:
                if !teams.contains(source) { teams.append(source) }
            case .unassigned: losses.add(.agent, "teams", .dropped, record: agent.id, detail: source)
            case .place(let target, _):
                if target != source {
                    losses.add(.agent, "teams", answer.lossClass, record: agent.id, detail: "\(source) -> \(target)")
                }
                if !teams.contains(target) { teams.append(target) }
            }
        }
        if teams != agent.teams { agent.teams = teams }
    }

    /// Moves a team's own record; `false` when it has no place at the destination.
    func applyTeams(
        to team: inout Team, _ losses: inout LossTally, _ coverage: inout MappingCoverage
    ) -> Bool {
        let source = team.id
        var pass = PeoplePass(.team)
        let answer = answer(source, label: team.name, &pass, &coverage)
        if answer.isStandIn { return false }
        switch answer.outcome {
        case .keep, .placeholder: break
        case .unassigned: return false
        case .label(let name):
            guard team.name != name else { break }
            team.name = name
            losses.add(.team, "name", answer.lossClass, record: source)
        case .place(let target, let name):
            guard target != source else { break }
            team.id = target
            if let name { team.name = name }
            losses.add(.team, "id", answer.lossClass, record: source, detail: "\(source) -> \(target)")
        }
        return true
    }
}

/// Authors of one conversation that moved, so that a long thread costs one count a class.
private struct AuthorTally {
    private var converted = 0
    private var narrowed = 0
    private var bylines = 0
    private var convertedExample = ""
    private var narrowedExample = ""

    mutating func note(_ lossClass: LossClass, detail: @autoclosure () -> String = "") {
        if lossClass == .narrowed {
            if narrowed == 0 { narrowedExample = detail() }
            narrowed += 1
        } else {
            if converted == 0 { convertedExample = detail() }
            converted += 1
        }
    }

    mutating func noteByline() { bylines += 1 }

    func add(to losses: inout LossTally, record: String) {
        let field = "timeline.author"
        if bylines > 0 {
            losses.add(
                .conversation, "timeline.text", .converted, record: record, count: bylines,
                detail: "begins with the author's name")
        }
        if converted > 0 {
            losses.add(.conversation, field, .converted, record: record, count: converted, detail: convertedExample)
        }
        if narrowed > 0 {
            losses.add(.conversation, field, .narrowed, record: record, count: narrowed, detail: narrowedExample)
        }
    }
}

extension Author {
    /// What rules call the author by; one of an address alone is found by that.
    fileprivate var ruleID: String? { id ?? (email == nil ? listID : nil) }
}

extension Entry {
    /// Says in the body itself who wrote it, because the author at the destination is somebody else.
    fileprivate mutating func sign(_ name: String) {
        let line = "\(name) wrote:"
        if let html {
            self.html = "<p><em>\(line.escapedForHTML)</em></p>" + html
        }
        if text != nil || html == nil { text = line + "\n" + (text ?? "") }
    }
}

extension String {
    fileprivate var escapedForHTML: String {
        var escaped = ""
        for character in self {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
