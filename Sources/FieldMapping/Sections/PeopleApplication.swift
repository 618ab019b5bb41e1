import ConversationModel
import Diagnostics

extension PeopleResolver {
    // MARK: Agents

    /// Moves assignee, participants, authors and assignment events; contacts are never touched.
    func applyAgents(
        to conversation: inout Conversation, people: SourcePeople?, _ losses: inout LossTally,
        _ coverage: inout MappingCoverage
    ) throws(MigrationError) {
        let id = conversation.id
        var pass = PeoplePass(.agent, self, labels: people?.agentEmails)
        pass.move(&conversation.assignee, "assignee", record: id, &losses, &coverage)
        if conversation.participants.contains(where: { $0.kind == .agent }) {
            moveParticipants(of: &conversation, &pass, &losses, &coverage)
        }
        var authors = AuthorTally()
        for index in conversation.timeline.indices {
            switch conversation.timeline[index].author.kind {
            case .agent:
                moveAuthor(&conversation.timeline[index].author, people, &pass, &authors, &coverage)
            case .bot:
                // A bot answers to rules that name it, but never to the fallback.
                let bot = conversation.timeline[index].author
                guard !answer(id: bot.id, label: bot.email, labels: pass.labels).isUnmatched else { break }
                moveAuthor(&conversation.timeline[index].author, people, &pass, &authors, &coverage)
            default: break
            }
            if case .event(.assigned) = conversation.timeline[index].kind {
                pass.move(&conversation.timeline[index].from, "timeline.from", record: id, &losses, &coverage)
                pass.move(&conversation.timeline[index].to, "timeline.to", record: id, &losses, &coverage)
            }
        }
        authors.add(to: &losses, record: id)
        try pass.finish(.conversation, record: id)
    }

    private func moveParticipants(
        of conversation: inout Conversation, _ pass: inout PeoplePass, _ losses: inout LossTally,
        _ coverage: inout MappingCoverage
    ) {
        var leavers: [Int] = []
        for index in conversation.participants.indices where conversation.participants[index].kind == .agent {
            let person = conversation.participants[index]
            guard !person.id.isEmpty || person.email != nil else { continue }
            let answer = pass.answer(id: person.id.isEmpty ? nil : person.id, label: person.email, &coverage)
            switch answer.outcome {
            case .keep: continue
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
                if let email, person.email != nil { conversation.participants[index].email = email }
                losses.add(
                    .conversation, "participants", answer.lossClass, record: conversation.id,
                    detail: "\(person.id) -> \(target)")
            }
        }
        for index in leavers.reversed() { conversation.participants.remove(at: index) }
    }

    private func moveAuthor(
        _ author: inout Author, _ people: SourcePeople?, _ pass: inout PeoplePass, _ tally: inout AuthorTally,
        _ coverage: inout MappingCoverage
    ) {
        guard author.id != nil || author.email != nil else { return }
        let answer = pass.answer(id: author.id, label: author.email, &coverage)
        switch answer.outcome {
        case .keep: return
        case .label(let email):
            guard author.email?.lowercased() != email else { return }
            author.email = email
            tally.note(answer.lossClass)
        case .place(let target, let email):
            guard author.id != target else { return }
            tally.note(answer.lossClass, detail: "\(author.id ?? "") -> \(target)")
            author.id = target
            if let email, author.email != nil { author.email = email }
        case .unassigned:
            // The name stays, so that a reader still sees who wrote.
            guard let id = author.id else { return }
            if author.name == nil { author.name = people?.agentNames[id] }
            author.id = nil
            author.email = nil
            tally.note(.narrowed, detail: "\(id) -> name alone")
        }
    }

    /// Moves an agent's own record; `false` when it has no place at the destination.
    func applyAgents(
        to agent: inout Agent, _ losses: inout LossTally, _ coverage: inout MappingCoverage
    ) throws(MigrationError) -> Bool {
        let source = agent.id
        var pass = PeoplePass(.agent, self, labels: nil)
        if agent.role == .bot, answer(id: source, label: agent.email, labels: nil).isUnmatched { return true }
        let answer = pass.answer(id: source, label: agent.email, &coverage)
        try pass.finish(.agent, record: source)
        switch answer.outcome {
        case .keep: break
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
        to conversation: inout Conversation, people: SourcePeople?, _ losses: inout LossTally,
        _ coverage: inout MappingCoverage
    ) throws(MigrationError) {
        let id = conversation.id
        var pass = PeoplePass(.team, self, labels: people?.teamNames)
        pass.move(&conversation.team, "team", record: id, &losses, &coverage)
        for index in conversation.timeline.indices {
            guard case .event(.teamAssigned) = conversation.timeline[index].kind else { continue }
            pass.move(&conversation.timeline[index].from, "timeline.from", record: id, &losses, &coverage)
            pass.move(&conversation.timeline[index].to, "timeline.to", record: id, &losses, &coverage)
        }
        try pass.finish(.conversation, record: id)
    }

    /// Moves the teams of an agent.
    func applyTeams(
        to agent: inout Agent, people: SourcePeople?, _ losses: inout LossTally, _ coverage: inout MappingCoverage
    ) throws(MigrationError) {
        guard !agent.teams.isEmpty else { return }
        var pass = PeoplePass(.team, self, labels: people?.teamNames)
        var teams: [String] = []
        for source in agent.teams {
            let answer = pass.answer(id: source, label: nil, &coverage)
            switch answer.outcome {
            case .keep, .label:
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
        try pass.finish(.agent, record: agent.id)
    }

    /// Moves a team's own record; `false` when it has no place at the destination.
    func applyTeams(
        to team: inout Team, _ losses: inout LossTally, _ coverage: inout MappingCoverage
    ) throws(MigrationError) -> Bool {
        let source = team.id
        var pass = PeoplePass(.team, self, labels: nil)
        let answer = pass.answer(id: source, label: team.name, &coverage)
        try pass.finish(.team, record: source)
        switch answer.outcome {
        case .keep: break
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

    func add(to losses: inout LossTally, record: String) {
        let field = "timeline.author"
        if converted > 0 {
            losses.add(.conversation, field, .converted, record: record, count: converted, detail: convertedExample)
        }
        if narrowed > 0 {
            losses.add(.conversation, field, .narrowed, record: record, count: narrowed, detail: narrowedExample)
        }
    }
}
