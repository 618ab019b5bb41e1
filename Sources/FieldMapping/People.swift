public import ConversationModel

/// Agents and teams of the source, so that rules can name them by e-mail and name where records give ids alone.
public struct SourcePeople: Sendable {
    private(set) var agentEmails = NameTable<String>()
    private(set) var agentNames = NameTable<String>()
    private(set) var teamNames = NameTable<String>()
    /// Addresses of the source's agents in lower case.
    private(set) var knownAgentEmails: Set<String> = []
    /// For contacts that were joined with another one: that one's id.
    public var moved: [String: String] = [:]
    /// Ids of people whose content is erased, as far as their records name them.
    public var erased: Set<String> = []
    /// Conversations that go along, where the mapping needs to know them.
    public var known: (any KnownConversations)?

    /// Creates a list; people can be added as they are read.
    public init(agents: some Sequence<Agent> = [], teams: some Sequence<Team> = []) {
        for agent in agents { add(agent) }
        for team in teams { add(team) }
    }

    /// Adds an agent as the source describes it, before mapping.
    public mutating func add(_ agent: Agent) {
        if let name = agent.name { agentNames.insert(name, for: agent.id) }
        guard let email = agent.email else { return }
        agentEmails.insert(email, for: agent.id)
        knownAgentEmails.insert(email.lowercased())
    }

    /// Adds a team as the source describes it, before mapping.
    public mutating func add(_ team: Team) {
        if let name = team.name { teamNames.insert(name, for: team.id) }
    }

    func teamName(_ id: String) -> String? { teamNames[id] }
}

/// Agents and teams of the destination, so that e-mails and names can be turned into its ids.
///
/// A list that was not given is *unknown*, which is not the same as empty: rules then change e-mails and names and
/// leave ids to whoever writes the destination.
public struct DestinationPeople: Sendable {
    /// People of one kind by id and by label, labels in lower case.
    struct Directory: Sendable {
        let isKnown: Bool
        private var ids: [String: String] = [:]
        private var labels: [String: String?] = [:]

        init(_ people: [(id: String, label: String?)]?) {
            isKnown = people != nil
            for (id, label) in people ?? [] {
                labels[id] = .some(label)
                if let key = label?.lowercased(), ids[key] == nil { ids[key] = id }
            }
        }

        func id(of label: String) -> String? { ids[label.lowercased()] }
        func hasID(_ id: String) -> Bool { labels[id] != nil }
        func label(of id: String) -> String? { labels[id] ?? nil }
    }

    let agents: Directory
    let teams: Directory

    /// Creates the lists; `nil` means that the destination could not be asked.
    public init(agents: [Agent]? = nil, teams: [Team]? = nil) {
        self.agents = Directory(agents?.map { ($0.id, $0.email) })
        self.teams = Directory(teams?.map { ($0.id, $0.name) })
    }

    /// A destination that cannot be asked, such as files.
    public static let unknown = DestinationPeople()
}
