public import ConnectorKit
public import ConversationModel
internal import Diagnostics

/// What a source holds: counts, months, people, fill rates, and what looks wrong.
public struct Inventory: Sendable {
    /// One agent with evidence of use.
    public struct AgentUse: Sendable {
        /// The agent.
        public var agent: Agent
        /// Whether a record of its own describes it, or only other records name it.
        public var isDescribed: Bool
        /// Entries that the agent wrote.
        public var messages = 0
        /// Conversations that are assigned to the agent or that the agent wrote in.
        public var conversations = 0
        /// When the first entry was written.
        public var firstSeen: Instant?
        /// When the last entry was written.
        public var lastSeen: Instant?
        /// Whether nothing but a name is known of the agent.
        public var isNameAlone: Bool { !isDescribed && Author.isNameAlone(agent.id, email: agent.email) }
    }

    /// Records by kind.
    public var records: [Entity: Int] = [:]
    /// Conversations by status, channel, priority and month of creation; records without a value count under `(none)`.
    public var statuses: [String: Int] = [:]
    /// Conversations by channel.
    public var channels: [String: Int] = [:]
    /// Conversations by priority.
    public var priorities: [String: Int] = [:]
    /// Conversations by month of creation.
    public var months: [String: Int] = [:]
    /// Conversations by tag.
    public var tags: [String: Int] = [:]
    /// Entries by type.
    public var entries: [String: Int] = [:]
    /// Attachments and their bytes, as far as the source says them.
    public var attachments = 0
    /// Bytes of all attachments, as far as the source says them.
    public var attachmentBytes: Int64 = 0
    /// Attachments by media type.
    public var attachmentTypes: [String: Int] = [:]
    /// How many conversations have a value in each custom field.
    public var fields: [String: Int] = [:]
    /// Agents by id.
    public var agents: [String: AgentUse] = [:]
    /// Teams by id.
    public var teams: [String: TeamUse] = [:]
    /// Statuses, wherever a mapping looks for them.
    public var statusUses: [Status: ValueUse] = [:]
    /// Priorities, wherever a mapping looks for them.
    public var priorityUses: [Priority: ValueUse] = [:]
    /// Channels, wherever a mapping looks for them.
    public var channelUses: [Channel: ValueUse] = [:]
    /// Contacts by tag.
    public var contactTags: [String: Int] = [:]
    /// Custom fields of conversations, contacts and companies.
    public var customFields: [FieldUse.Key: FieldUse] = [:]
    /// What looks wrong, and how well fields are filled.
    public var quality = SourceQuality()
    /// When the oldest conversation began and the newest changed.
    public var span: (first: Instant, last: Instant)?
    /// Conversations whose requester no record describes, and an example.
    public var orphans = (count: 0, example: "")
    /// Entries of the longest conversation, and its id.
    public var longest = (entries: 0, id: "")
    /// What a run over this source would say of it.
    public var report = RunReport(command: "inspect")
    /// Files and what was found in them, the most first.
    public var files: [(name: String, found: [(stream: String, count: Int)], bytes: Int)] = []

    /// Reads a source and counts what it holds.
    ///
    /// - Throws: `source/...` when nothing can be read, `interrupted/requested`.
    public static func of(_ source: FileSource, hooks: RunHooks) throws -> Inventory {
        let started = ContinuousClock.now
        var versions = try RecordVersions(of: source)
        var (inventory, repeated, grouped) = try read(source, versions, hooks)
        // A run takes the last version of a record, so what it holds is counted and nothing of the others.
        if !repeated.isEmpty {
            versions.last = repeated
            try versions.preferFullest(of: grouped, in: source)
            inventory = try read(source, versions, hooks).inventory
        }
        inventory.report.seconds = (ContinuousClock.now - started) / .seconds(1)
        inventory.report.verdict = inventory.verdict
        return inventory
    }

    /// Counts what current versions hold; `repeated` gets where the last one stands of what stands more than once, and
    /// `grouped` which of these loose parts tell of.
    private static func read(
        _ source: FileSource, _ versions: RecordVersions, _ hooks: RunHooks
    ) throws -> (inventory: Inventory, repeated: [UInt64: UInt64], grouped: Set<UInt64>) {
        var inventory = Inventory()
        var repeated: [UInt64: UInt64] = [:]
        var grouped: Set<UInt64> = []
        var met: Set<UInt64> = []
        var people = PeopleDirectory.Builder()
        var directory: PeopleDirectory?
        let (notes, failures) = try source.read(
            keepsExtras: false,
            restart: {
                inventory = Inventory()
                repeated = [:]
                grouped = []
                met = []
                people = PeopleDirectory.Builder()
                directory = nil
            },
            progress: { far, notes in
                if hooks.shouldStop() { throw PassRunner.interrupted }
                inventory.report.bytesRead = far.bytes
                hooks.progress(RunProgress("records", far, notes))
            }
        ) { record, place, embedded in
            switch versions.standing(of: record, at: place) {
            case .current: break
            case .repeated: return inventory.quality.duplicates.add(record.id)
            case .replaced: return
            }
            let hash = IDTable.hash(record.entity, record.id)
            guard met.insert(hash).inserted else {
                repeated[hash] = RecordVersions.key(of: place)
                if place.isGroup { grouped.insert(hash) }
                return inventory.quality.duplicates.add(record.id)
            }
            if record.entity == .conversation, directory == nil { directory = people.finish() }
            if directory == nil { people.add(record) }
            inventory.take(record, directory ?? .empty)
            for person in embedded { inventory.take(embedded: person) }
        }
        inventory.files = source.files.enumerated().map { number, file in
            (file.name, found(notes, inFile: number, source.platform.connector), file.size)
        }
        inventory.report.take(failures: failures, source.platform.connector)
        inventory.report.conclude(notes, source)
        for (entity, count) in inventory.records {
            inventory.report.counts[entity, default: RecordCounts()].read = count
        }
        return (inventory, repeated, grouped)
    }

    private static func found(
        _ notes: SourceNotes, inFile number: Int, _ connector: Connector
    ) -> [(stream: String, count: Int)] {
        // Several exports may tell the same stream in several shapes.
        var counts: [String: Int] = [:]
        for (key, count) in notes.found where key.file == number {
            counts[connector.exports[key.export].name, default: 0] += count
        }
        return counts.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.map { ($0.key, $0.value) }
    }

    private var verdict: String {
        let named = Entity.allCases.reversed().compactMap { entity -> String? in
            guard let number = records[entity], number > 0 else { return nil }
            return "\(number) \(number == 1 ? entity.rawValue : entity.plural)"
        }
        var text = "read " + (named.isEmpty ? "no records" : named.joined(separator: ", "))
        if !report.quarantine.isEmpty {
            text += report.quarantine.count == 1 ? "; 1 record" : "; \(report.quarantine.count) records"
            text += " cannot be read"
        }
        if !report.incomplete.isEmpty {
            text += "; the source is incomplete: " + report.incomplete.map(\.reason).joined(separator: "; ")
        }
        return text
    }

    private mutating func take(_ record: NeutralRecord, _ people: PeopleDirectory) {
        records[record.entity, default: 0] += 1
        quality.take(record)
        takeValues(record)
        switch record {
        case .agent(let agent):
            agents[agent.id, default: AgentUse(agent: agent, isDescribed: true)].agent = agent
            agents[agent.id]?.isDescribed = true
        case .conversation(let conversation): take(conversation, people)
        default: break
        }
    }

    private mutating func take(embedded record: NeutralRecord) {
        guard case .agent(let agent) = record else { return }
        if agents[agent.id] == nil { agents[agent.id] = AgentUse(agent: agent, isDescribed: false) }
        // Somebody that an id alone had named before.
        if agents[agent.id]?.agent.name == nil, agents[agent.id]?.isDescribed == false {
            agents[agent.id]?.agent = agent
        }
    }

    private mutating func take(_ conversation: Conversation, _ people: PeopleDirectory) {
        let none = "(none)"
        statuses[conversation.status?.rawValue ?? none, default: 0] += 1
        channels[conversation.channel?.rawValue ?? none, default: 0] += 1
        priorities[conversation.priority?.rawValue ?? none, default: 0] += 1
        months[conversation.createdAt.map { String($0.description.prefix(7)) } ?? none, default: 0] += 1
        for tag in conversation.tags { tags[tag, default: 0] += 1 }
        for field in conversation.fields where field.value != .null { fields[field.key, default: 0] += 1 }
        if let requester = conversation.requester, !people.isEmpty, people.person(requester) == nil {
            if orphans.count == 0 { orphans.example = conversation.id }
            orphans.count += 1
        }
        if conversation.timeline.count > longest.entries { longest = (conversation.timeline.count, conversation.id) }
        var present: Set<String> = []
        if let assignee = conversation.assignee { present.insert(assignee) }
        for entry in conversation.timeline {
            take(entry)
            if entry.author.kind == .agent || entry.author.kind == .bot, let id = entry.author.listID {
                present.insert(id)
            }
        }
        for id in present { agents[id]?.conversations += 1 }
        for time in [conversation.createdAt, conversation.updatedAt].compactMap(\.self) {
            span = (min(span?.first ?? time, time), max(span?.last ?? time, time))
        }
    }

    private mutating func take(_ entry: Entry) {
        entries[entry.kind.type, default: 0] += 1
        for file in entry.attachments {
            attachments += 1
            attachmentBytes += file.size ?? 0
            attachmentTypes[file.contentType ?? "(none)", default: 0] += 1
        }
        guard entry.author.kind == .agent || entry.author.kind == .bot, let id = entry.author.listID else { return }
        var use = agents[id] ?? AgentUse(agent: Agent(of: entry.author, id), isDescribed: false)
        use.messages += 1
        if let time = entry.createdAt {
            use.firstSeen = min(use.firstSeen ?? time, time)
            use.lastSeen = max(use.lastSeen ?? time, time)
        }
        agents[id] = use
    }
}

extension Agent {
    /// What an entry says of its author.
    fileprivate init(of author: Author, _ id: String) {
        self.init()
        self.id = id
        name = author.name
        email = author.email
        role = author.kind == .bot ? .bot : nil
    }
}
