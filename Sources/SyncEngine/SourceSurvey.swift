internal import ConnectorKit
internal import ConversationModel
internal import FieldMapping

/// What only a look over the whole source can tell: which conversations go along, and whom they refer to.
///
/// Eight bytes a conversation or person, and a conversation's number where that is not the id.
final class SourceSurvey: KnownConversations {
    private let conversations: Set<UInt64>
    private let numbers: [UInt64: String]
    /// Contacts and companies that are referred to.
    private let referenced: Set<UInt64>
    /// For conversations that are joined with others: what stands for all of them.
    private let roots: [UInt64: UInt64]

    init(_ request: PassRequest, _ hooks: RunHooks) throws {
        var conversations: Set<UInt64> = []
        var numbers: [UInt64: String] = [:]
        var people = SourcePeople()
        var referenced: Set<UInt64> = []
        var companies: [UInt64: String] = [:]
        var parents: [UInt64: UInt64] = [:]
        let joins = request.mapping.joiningLinks
        let keepsPeople = request.mapping.keepsOnlyReferencedPeople
        _ = try request.source.read(
            keepsExtras: false,
            restart: {
                conversations = []
                numbers = [:]
                people = SourcePeople()
                referenced = []
                companies = [:]
                parents = [:]
            },
            progress: { far, notes in
                if hooks.shouldStop() { throw PassRunner.interrupted }
                hooks.progress(RunProgress("survey", far, notes))
            }
        ) { record, _, _ in
            switch record {
            case .agent(let agent): people.add(agent)
            case .team(let team): people.add(team)
            case .conversation(let conversation):
                guard request.mapping.filterReason(against: conversation, people: people) == nil else { return }
                conversations.insert(IDTable.hash(.conversation, conversation.id))
                if let number = conversation.number, number != conversation.id {
                    numbers[IDTable.hash(.conversation, number)] = conversation.id
                }
                for link in conversation.links where joins.contains(link.kind) {
                    parents[IDTable.hash(.conversation, conversation.id)] = IDTable.hash(.conversation, link.id)
                }
                guard keepsPeople else { return }
                for id in conversation.people { referenced.insert(IDTable.hash(.contact, id)) }
            case .contact(let contact):
                if keepsPeople, let company = contact.company {
                    companies[IDTable.hash(.contact, contact.id)] = company
                }
            default: break
            }
        }
        for (contact, company) in companies where referenced.contains(contact) {
            referenced.insert(IDTable.hash(.company, company))
        }
        self.conversations = conversations
        self.numbers = numbers
        self.referenced = referenced
        roots = Self.roots(parents, among: conversations)
    }

    /// Follows links to their end; tickets that were merged in a circle stand for each other.
    private static func roots(_ parents: [UInt64: UInt64], among known: Set<UInt64>) -> [UInt64: UInt64] {
        var roots: [UInt64: UInt64] = [:]
        for child in parents.keys {
            var path: [UInt64] = [child]
            while let next = parents[path[path.count - 1]], known.contains(next), !path.contains(next) {
                path.append(next)
            }
            // Where the path runs into itself, the least of the circle stands for all of it.
            var root = path[path.count - 1]
            if let next = parents[root], let start = path.firstIndex(of: next) { root = path[start...].min() ?? root }
            guard root != child || path.count > 1 else { continue }
            roots[child] = root
            roots[root] = root
        }
        return roots
    }

    /// What stands for all conversations that this one is joined with; `nil` when it stands alone.
    func relatives(of id: String) -> UInt64? { roots[IDTable.hash(.conversation, id)] }

    /// Whether a conversation that goes along refers to this person or company; other records always come along.
    func refers(to record: NeutralRecord) -> Bool {
        switch record {
        case .contact(let contact): referenced.contains(IDTable.hash(.contact, contact.id))
        case .company(let company): referenced.contains(IDTable.hash(.company, company.id))
        default: true
        }
    }

    func destinationID(of id: String) -> String? {
        conversations.contains(IDTable.hash(.conversation, id)) ? id : nil
    }

    func destinationID(ofNumber number: String) -> String? {
        numbers[IDTable.hash(.conversation, number)] ?? destinationID(of: number)
    }
}

extension Conversation {
    /// Ids of everybody who asks, takes part or wrote.
    fileprivate var people: [String] {
        [requester].compactMap(\.self) + participants.map(\.id) + timeline.compactMap(\.author.id)
    }
}
