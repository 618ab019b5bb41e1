public import ConversationModel
import Diagnostics

/// Why a conversation is left out; a closed list, so that reasons can be counted.
public enum FilterReason: String, Sendable, CaseIterable {
    /// Older than `filter.since`.
    case since
    /// Not older than `filter.until`.
    case until
    /// Its status is not listed.
    case status
    /// Its status is excluded.
    case notStatus = "not_status"
    /// Its channel is not listed.
    case channels
    /// Its channel is excluded.
    case notChannels = "not_channels"
    /// None of its tags is listed.
    case tags
    /// One of its tags is excluded.
    case notTags = "not_tags"
    /// Its team is not listed.
    case teams
    /// Its team is excluded.
    case notTeams = "not_teams"
    /// Its agent is not listed.
    case agents
    /// Its agent is excluded.
    case notAgents = "not_agents"
    /// None of its custom fields has a listed value.
    case fields
    /// One of its custom fields has an excluded value.
    case notFields = "not_fields"
    /// Its id is not listed.
    case ids
    /// Its id is excluded.
    case notIDs = "not_ids"
    /// The record is an agent or team that the mapping leaves without a place at the destination.
    case unassigned
    /// The record defines a custom field that the mapping drops, splits, joins or makes anew.
    case field
}

/// `filter`: which conversations go along; looks at source values, before anything is mapped.
struct FilterSection: MappingSection {
    static let name = "filter"
    static let keys = [
        "since", "until", "by", "status", "not_status", "channels", "not_channels", "tags", "not_tags", "teams",
        "not_teams", "agents", "not_agents", "fields", "not_fields", "ids", "not_ids", "order", "people",
    ]

    enum Clock: String, CaseIterable {
        case updated = "updated_at"
        case created = "created_at"
    }

    /// Who comes along.
    enum People: String, CaseIterable {
        /// Everybody in the source.
        case all
        /// Those that a conversation which goes along refers to, and their companies.
        case referenced
    }

    private(set) var order: ConversationOrder?
    private(set) var people = People.all
    private var since: Instant?
    private var until: Instant?
    private var clock = Clock.updated
    private var status: Set<Status>?
    private var notStatus: Set<Status>?
    private var channels: Set<Channel>?
    private var notChannels: Set<Channel>?
    private var tags: NameSet?
    private var notTags: NameSet?
    private var teams: NameSet?
    private var notTeams: NameSet?
    private var agents: NameSet?
    private var notAgents: NameSet?
    private var fields: [String: Set<String>] = [:]
    private var notFields: [String: Set<String>] = [:]
    private var ids: NameSet?
    private var notIDs: NameSet?

    init(_ node: JSON5Node, _ reader: inout NodeReader) {
        let members = reader.members(node, Self.name, keys: Self.keys)
        since = members["since"].flatMap { reader.instant($0, "filter.since") }
        until = members["until"].flatMap { reader.instant($0, "filter.until") }
        if let since, let until, since >= until, let node = members["until"] {
            reader.fault(
                node.mark, "'filter.until' is not after 'filter.since'", expected: "a later date than \(since)")
        }
        clock = members["by"].flatMap { reader.word($0, "filter.by") } ?? .updated
        status = members["status"].flatMap { reader.words($0, "filter.status") }
        notStatus = members["not_status"].flatMap { reader.words($0, "filter.not_status") }
        channels = members["channels"].flatMap { reader.words($0, "filter.channels") }
        notChannels = members["not_channels"].flatMap { reader.words($0, "filter.not_channels") }
        tags = Self.names(members, "tags", &reader)
        notTags = Self.names(members, "not_tags", &reader)
        teams = Self.names(members, "teams", &reader)
        notTeams = Self.names(members, "not_teams", &reader)
        agents = Self.names(members, "agents", &reader)
        notAgents = Self.names(members, "not_agents", &reader)
        fields = Self.fields(members, "fields", &reader)
        notFields = Self.fields(members, "not_fields", &reader)
        order = members["order"].flatMap { reader.word($0, "filter.order") }
        people = members["people"].flatMap { reader.word($0, "filter.people") } ?? .all
        ids = Self.ids(members, "ids", &reader)
        notIDs = Self.ids(members, "not_ids", &reader)
        contradiction(status, notStatus, members["not_status"], "status", &reader)
        contradiction(channels, notChannels, members["not_channels"], "channels", &reader)
        contradiction(ids?.names, notIDs?.names, members["not_ids"], "ids", &reader)
        contradiction(tags?.names, notTags?.names, members["not_tags"], "tags", &reader)
        contradiction(teams?.names, notTeams?.names, members["not_teams"], "teams", &reader)
        contradiction(agents?.names, notAgents?.names, members["not_agents"], "agents", &reader)
    }

    private static func names(_ members: [String: JSON5Node], _ key: String, _ reader: inout NodeReader) -> NameSet? {
        members[key].flatMap { reader.texts($0, "filter.\(key)") }.map { NameSet($0.map(\.text)) }
    }

    /// `{region: ["EU", "US"]}`: values by the field's key.
    private static func fields(
        _ members: [String: JSON5Node], _ key: String, _ reader: inout NodeReader
    ) -> [String: Set<String>] {
        guard let node = members[key], let fields = reader.anyMembers(node, "filter.\(key)") else { return [:] }
        var wanted: [String: Set<String>] = [:]
        for field in fields {
            guard let texts = reader.texts(field.node, "filter.\(key).\(field.key)") else { continue }
            wanted[field.key] = Set(texts.map(\.text))
        }
        return wanted
    }

    /// A list of ids, or `{file: "ids.txt"}` with one id a line.
    private static func ids(_ members: [String: JSON5Node], _ key: String, _ reader: inout NodeReader) -> NameSet? {
        guard let node = members[key] else { return nil }
        guard case .object = node.value else {
            return reader.texts(node, "filter.\(key)").map { NameSet($0.map(\.text), patterns: false) }
        }
        let what = "filter.\(key)"
        guard let fileNode = reader.members(node, what, keys: ["file"])["file"] else {
            reader.fault(node.mark, "'\(what)' names no file", expected: "a list of ids or {file: \"ids.txt\"}")
            return nil
        }
        guard let (name, bytes) = reader.file(fileNode, what + ".file") else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            reader.fault(SourceMark(file: name, line: 1, column: 1), "the list is not UTF-8", expected: "UTF-8")
            return nil
        }
        let lines = text.split(whereSeparator: \.isNewline).map { trimmed($0.drop { $0 == "\u{FEFF}" }) }
        let ids = Set(lines.filter { !$0.isEmpty })
        guard !ids.isEmpty else {
            reader.fault(SourceMark(file: name, line: 1, column: 1), "the list is empty", expected: "one id a line")
            return nil
        }
        reader.attached.append(what + " " + ids.sorted().map(quotedJSON).joined(separator: ","))
        return NameSet(ids, patterns: false)
    }

    private func contradiction<Name: Hashable>(
        _ wanted: Set<Name>?, _ unwanted: Set<Name>?, _ node: JSON5Node?, _ key: String, _ reader: inout NodeReader
    ) {
        guard let wanted, let unwanted, let node, !wanted.isDisjoint(with: unwanted) else { return }
        reader.fault(
            node.mark, "'filter.\(key)' and 'filter.not_\(key)' name the same value", expected: "it in one of the two")
    }

    // MARK: Application

    /// Why the conversation is left out; `nil` when it goes along.
    func reason(against conversation: Conversation, people: SourcePeople) -> FilterReason? {
        if let reason = reason(
            for: clock == .updated ? conversation.updatedAt ?? conversation.createdAt : conversation.createdAt)
        {
            return reason
        }
        if let status, !(conversation.status.map(status.contains) ?? false) { return .status }
        if let notStatus, conversation.status.map(notStatus.contains) ?? false { return .notStatus }
        if let channels, !(conversation.channel.map(channels.contains) ?? false) { return .channels }
        if let notChannels, conversation.channel.map(notChannels.contains) ?? false { return .notChannels }
        if let tags, !conversation.tags.contains(where: tags.contains) { return .tags }
        if let notTags, conversation.tags.contains(where: notTags.contains) { return .notTags }
        if let teams, !isTeam(of: conversation, in: teams, people) { return .teams }
        if let notTeams, isTeam(of: conversation, in: notTeams, people) { return .notTeams }
        if let agents, !isAgent(of: conversation, in: agents, people) { return .agents }
        if let notAgents, isAgent(of: conversation, in: notAgents, people) { return .notAgents }
        if !fields.isEmpty, !fields.allSatisfy({ hasValue(conversation, $0.key, $0.value) }) { return .fields }
        if notFields.contains(where: { hasValue(conversation, $0.key, $0.value) }) { return .notFields }
        if let ids, !ids.contains(conversation.id) { return .ids }
        if let notIDs, notIDs.contains(conversation.id) { return .notIDs }
        return nil
    }

    /// A conversation without a time is kept: it cannot be shown to be outside.
    private func reason(for time: Instant?) -> FilterReason? {
        guard let time else { return nil }
        if let since, time < since { return .since }
        if let until, time >= until { return .until }
        return nil
    }

    private func isTeam(of conversation: Conversation, in set: NameSet, _ people: SourcePeople) -> Bool {
        guard let team = conversation.team else { return false }
        return set.contains(team) || (people.teamName(team).map(set.contains) ?? false)
    }

    /// By id, e-mail in any case, or name.
    private func isAgent(of conversation: Conversation, in set: NameSet, _ people: SourcePeople) -> Bool {
        guard let agent = conversation.assignee else { return false }
        if set.contains(agent) { return true }
        return people.agentEmails[agent].map { set.contains($0) || set.contains($0.lowercased()) } ?? false
            || people.agentNames[agent].map(set.contains) ?? false
    }

    private func hasValue(_ conversation: Conversation, _ key: String, _ values: Set<String>) -> Bool {
        guard let value = conversation.fields.first(where: { $0.key == key })?.value else { return false }
        if case .array(let elements) = value {
            return elements.contains { FieldConversion.text(of: $0).map(values.contains) ?? false }
        }
        return FieldConversion.text(of: value).map(values.contains) ?? false
    }
}

/// In which order conversations are written.
public enum ConversationOrder: String, Sendable, CaseIterable {
    /// What changed last comes first.
    case newest
    /// What is not solved or closed comes first, then what changed last.
    case open

    /// Where a conversation, as the source has it, stands: smaller numbers come first.
    public func rank(of conversation: Conversation) -> (UInt8, Int64) {
        let time = conversation.updatedAt ?? conversation.createdAt
        let isDone = conversation.status == .solved || conversation.status == .closed
        return (self == .open && isDone ? 1 : 0, time.map { -$0.microseconds } ?? .max)
    }
}
