internal import ConversationModel

/// Says who the authors of a conversation are where its records only give ids.
struct AuthorResolution: Sendable {
    /// Id by which the platform itself acts.
    let system: String?

    func apply(_ conversation: inout Conversation, _ run: Decoding) {
        // A thread has many entries and few authors.
        run.authors.removeAll(keepingCapacity: true)
        // Where the records say what kind of author each is, only names and addresses are looked up.
        if run.tellsAuthors { return complete(&conversation, run) }
        // Whom the record describes beside an id may be anybody; their own record knows.
        for index in conversation.participants.indices
        where conversation.participants[index].name != nil || conversation.participants[index].email != nil {
            if let person = run.people?.person(conversation.participants[index].id) {
                conversation.participants[index].kind = person.kind
            }
        }
        var strangers: [Int] = []
        conversation.timeline.withUnsafeMutableBufferPointer { entries in
            for index in entries.indices {
                guard let id = entries[index].author.id, id != system else {
                    // A bot that acts by the platform's own id is a bot all the same, told from others by its name.
                    if entries[index].author.kind == .bot { entries[index].author.id = nil }
                    // Somebody without an id may still be known by what the record says of them.
                    let author = entries[index].author
                    if author.id != nil || (author.kind != .bot && author.name == nil && author.email == nil) {
                        entries[index].author.kind = .system
                    }
                    continue
                }
                guard let known = place(id, run) else {
                    strangers.append(index)
                    continue
                }
                entries[index].author.kind = run.authors[known].person.kind
                entries[index].author.name = run.authors[known].person.name
                entries[index].author.email = run.authors[known].person.email
            }
        }
        for index in strangers {
            guard let id = conversation.timeline[index].author.id else { continue }
            // Nobody knows this id: it stays a placeholder of its own, told by what the entry or the conversation says of it.
            if conversation.timeline[index].author.kind == .system {
                conversation.timeline[index].author.kind = guess(id, conversation.timeline[index].kind, conversation)
            }
            note(dangling: id, run)
        }
    }

    private func complete(_ conversation: inout Conversation, _ run: Decoding) {
        for index in conversation.timeline.indices {
            guard let id = conversation.timeline[index].author.id,
                conversation.timeline[index].author.kind != .system
            else { continue }
            if let known = place(id, run) {
                conversation.timeline[index].author.name = run.authors[known].person.name
                conversation.timeline[index].author.email = run.authors[known].person.email
            } else if conversation.timeline[index].author.name == nil {
                note(dangling: id, run)
            }
        }
    }

    private func note(dangling id: String, _ run: Decoding) {
        run.dangling += 1
        if run.danglingExamples.count < 3, !run.danglingExamples.contains(id) { run.danglingExamples.append(id) }
    }

    /// Where among the conversation's authors this one stands, once somebody described it.
    private func place(_ id: String, _ run: Decoding) -> Int? {
        for index in run.authors.indices where run.authors[index].id == id { return index }
        guard let person = lookUp(id, run) else { return nil }
        run.authors.append(Sighting(id: id, person: person))
        return run.authors.count - 1
    }

    /// A contact written into the conversation is described there as well as anywhere; an agent's own record knows more.
    private func lookUp(_ id: String, _ run: Decoding) -> Person? {
        let sighting = run.sightings.first { $0.id == id }?.person
        if let sighting, sighting.kind == .contact, sighting.name != nil, !(run.people?.isAgent(id) ?? false) {
            return sighting
        }
        return run.people?.person(id) ?? sighting
    }

    private func guess(_ id: String, _ kind: Entry.Kind, _ conversation: Conversation) -> Author.Kind {
        if conversation.requester == id { return .contact }
        if conversation.assignee == id { return .agent }
        if let participant = conversation.participants.first(where: { $0.id == id }) { return participant.kind }
        // Who writes notes is staff, whatever else they write.
        let isStaff = kind == .note || conversation.timeline.contains { $0.kind == .note && $0.author.id == id }
        return isStaff ? .agent : .contact
    }
}
