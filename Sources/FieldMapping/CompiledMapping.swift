public import ConversationModel
public import Diagnostics

/// Whether a record goes on to the destination.
public enum Disposition: Sendable, Equatable {
    /// It goes on.
    case keep
    /// It is left out, for a reason that can be counted.
    case filtered(FilterReason)
}

/// A mapping made ready: pure functions from record to record, safe to share among workers.
///
/// Order: filter (source values), threading, values, tags, fields, teams, agents, defaults, text, attachments,
/// privacy, provenance. Every
/// change is counted with the path of its field. An identity mapping touches nothing and counts nothing.
public struct CompiledMapping: Sendable {
    /// Whether records pass through untouched.
    public let isIdentity: Bool
    /// Targets of rules that the destination does not have.
    public let findings: [Finding]
    /// Records that the mapping itself makes: definitions of fields that the destination gets.
    public let created: [NeutralRecord]
    /// Origin of the records that a mapping makes; they are not mapped again.
    public static let origin = "mapping"
    private let rules: [MappingRule]
    private let filter: FilterSection?
    let threading: ThreadSection?
    var threadTable: ThreadTable? { threading?.restore }
    private let values: ValueSection?
    private let tags: TagSection?
    private let conversationFields: FieldTable?
    private let contactFields: FieldTable?
    private let companyFields: FieldTable?
    private let teams: PeopleResolver?
    private let agents: PeopleResolver?
    let contacts: ContactSection?
    private let defaults: DefaultSection?
    private let text: TextSection?
    private let attachments: AttachmentSection?
    private let privacy: PrivacySection?
    private let provenance: ProvenanceSection?

    init(_ mapping: Mapping, destination: DestinationPeople) {
        let sections = mapping.sections
        isIdentity = sections.isEmpty
        rules = mapping.rules
        filter = sections.filter
        threading = sections.threading
        values = sections.values
        tags = sections.tags
        conversationFields = sections.fields?.tables[.conversation]
        contactFields = sections.fields?.tables[.contact]
        companyFields = sections.fields?.tables[.company]
        created = (sections.fields?.created ?? []) + (sections.provenance?.created ?? [])
        teams = sections.teams?.resolver(for: destination)
        agents = sections.agents?.resolver(for: destination)
        contacts = sections.contacts
        defaults = sections.defaults
        text = sections.text
        attachments = sections.attachments
        privacy = sections.privacy
        provenance = sections.provenance
        findings = (teams?.findings ?? []) + (agents?.findings ?? [])
    }

    // MARK: Records

    /// Maps a record of any kind in place.
    ///
    /// - Parameters:
    ///   - record: The record; its id may change when it is an agent or a team.
    ///   - people: Agents and teams of the source, for rules that name people by e-mail or name.
    ///   - losses: Counts every change.
    ///   - coverage: Counts used rules and values without one.
    /// - Returns: Whether the record goes on; one that does not may be half mapped.
    public func apply(
        to record: inout NeutralRecord, people: SourcePeople, losses: inout LossTally, coverage: inout MappingCoverage
    ) -> Disposition {
        guard !isIdentity else { return .keep }
        // The payload is taken out before it changes, so that its lists are not shared and not copied.
        let taken = consume record
        record = .team(Team())
        let disposition: Disposition
        switch consume taken {
        case .conversation(var conversation):
            disposition = apply(to: &conversation, people: people, losses: &losses, coverage: &coverage)
            record = .conversation(consume conversation)
        case .contact(var contact):
            disposition = apply(to: &contact, losses: &losses, coverage: &coverage)
            record = .contact(consume contact)
        case .agent(var agent):
            disposition = apply(to: &agent, people: people, losses: &losses, coverage: &coverage)
            record = .agent(consume agent)
        case .team(var team):
            disposition = apply(to: &team, losses: &losses, coverage: &coverage)
            record = .team(consume team)
        case .company(var company):
            disposition = apply(to: &company, losses: &losses, coverage: &coverage)
            record = .company(consume company)
        case .field(var field):
            disposition = apply(to: &field, losses: &losses, coverage: &coverage)
            record = .field(consume field)
        }
        return disposition
    }

    /// Maps a conversation in place, as ``apply(to:people:losses:coverage:)-(NeutralRecord,_,_,_)`` does.
    public func apply(
        to conversation: inout Conversation, people: SourcePeople, losses: inout LossTally,
        coverage: inout MappingCoverage
    ) -> Disposition {
        guard !isIdentity else { return .keep }
        if let filter, let reason = filter.reason(against: conversation, people: people) { return .filtered(reason) }
        map(&conversation, people: people, losses: &losses, coverage: &coverage)
        return .keep
    }

    /// Maps a conversation that goes along, or a thread that was made of such, in place.
    public func map(
        _ conversation: inout Conversation, people: SourcePeople, losses: inout LossTally,
        coverage: inout MappingCoverage
    ) {
        if let threading { coverage.noteUse(of: threading.rule) }
        if !people.moved.isEmpty {
            if let contacts { coverage.noteUse(of: contacts.rule) }
            conversation.move(people.moved, &losses)
        }
        if let values { values.apply(to: &conversation, &losses, &coverage) }
        if let tags { tags.apply(to: &conversation, &losses, &coverage) }
        if let conversationFields { applyFields(conversationFields, to: &conversation, &losses, &coverage) }
        if let teams { teams.applyTeams(to: &conversation, people: people, &losses, &coverage) }
        if let agents { agents.applyAgents(to: &conversation, people: people, &losses, &coverage) }
        if let defaults { defaults.apply(to: &conversation, &losses, &coverage) }
        if let text { text.apply(to: &conversation, people: people, &losses, &coverage) }
        if let attachments { attachments.apply(to: &conversation, &losses, &coverage) }
        if let privacy { privacy.apply(to: &conversation, people: people, &losses, &coverage) }
        if let provenance { provenance.apply(to: &conversation, id: conversation.id, &losses, &coverage) }
    }

    /// Maps a contact in place: its tags, and defaults for what is absent.
    public func apply(
        to contact: inout Contact, losses: inout LossTally, coverage: inout MappingCoverage
    ) -> Disposition {
        if let tags { tags.apply(to: &contact, &losses, &coverage) }
        contactFields?.apply(to: &contact.fields, record: contact.id, &losses, &coverage)
        if let defaults { defaults.apply(to: &contact, &losses, &coverage) }
        if let privacy { privacy.apply(to: &contact, &losses, &coverage) }
        if let provenance { provenance.apply(to: &contact, &losses, &coverage) }
        return .keep
    }

    /// Maps an agent's record in place; `.filtered(.unassigned)` when the mapping gives the agent no place.
    public func apply(
        to agent: inout Agent, people: SourcePeople, losses: inout LossTally, coverage: inout MappingCoverage
    ) -> Disposition {
        if let agents, !agents.applyAgents(to: &agent, &losses, &coverage) { return .filtered(.unassigned) }
        if let teams { teams.applyTeams(to: &agent, people: people, &losses, &coverage) }
        if let defaults { defaults.apply(to: &agent, &losses, &coverage) }
        if let privacy { privacy.apply(to: &agent, &losses, &coverage) }
        return .keep
    }

    /// Maps a team's record in place; `.filtered(.unassigned)` when the mapping gives the team no place.
    public func apply(
        to team: inout Team, losses: inout LossTally, coverage: inout MappingCoverage
    ) -> Disposition {
        if let teams, !teams.applyTeams(to: &team, &losses, &coverage) { return .filtered(.unassigned) }
        return .keep
    }

    /// Maps a company in place: its custom fields.
    public func apply(
        to company: inout Company, losses: inout LossTally, coverage: inout MappingCoverage
    ) -> Disposition {
        companyFields?.apply(to: &company.fields, record: company.id, &losses, &coverage)
        if let privacy { privacy.apply(to: &company, &losses, &coverage) }
        return .keep
    }

    /// Maps the definition of a custom field in place; `.filtered(.field)` when its values do not go along under it.
    public func apply(
        to field: inout FieldDefinition, losses: inout LossTally, coverage: inout MappingCoverage
    ) -> Disposition {
        let table: FieldTable? =
            switch field.of ?? .conversation {
            case .conversation: conversationFields
            case .contact: contactFields
            case .company: companyFields
            case .field, .team, .agent: nil
            }
        guard field.source.connector != Self.origin, let table else { return .keep }
        return table.apply(to: &field, &losses, &coverage) ? .keep : .filtered(.field)
    }

    private func applyFields(
        _ table: FieldTable, to conversation: inout Conversation, _ losses: inout LossTally,
        _ coverage: inout MappingCoverage
    ) {
        table.apply(to: &conversation.fields, record: conversation.id, &losses, &coverage)
        for index in conversation.timeline.indices where conversation.timeline[index].kind == .event(.field) {
            table.apply(toEvent: &conversation.timeline[index], record: conversation.id, &losses)
        }
    }

    // MARK: People

    /// Whether anything looks at what entries say; where not, plain text beside HTML need not be read.
    ///
    /// A byline is written before both forms and needs neither.
    public var readsBodies: Bool {
        text != nil || attachments != nil || privacy != nil || threading != nil || addsNotes
    }

    /// Whether contacts or agents arrive under other names or addresses than the source gives them.
    public var changesPeople: Bool { privacy?.changesPeople ?? false || contacts.map { !$0.merge.isEmpty } ?? false }

    /// Whether the content of this person is erased; conversations learn of it through ``SourcePeople/erased``.
    public func erases(_ record: NeutralRecord) -> Bool {
        guard let privacy, !privacy.suppressed.isEmpty else { return false }
        return switch record {
        case .contact(let contact): privacy.isSuppressed(id: contact.id, emails: contact.emails)
        case .agent(let agent): privacy.isSuppressed(id: agent.id, emails: agent.email.map { [$0] } ?? [])
        default: false
        }
    }

    // MARK: Showing

    /// The source's record as a report may show it: without what `privacy` takes out, all else as it is.
    ///
    /// - Parameters:
    ///   - record: As the source has it.
    ///   - people: Who is erased.
    /// - Returns: The record; the same one where the mapping has nothing to hide.
    public func shown(_ record: NeutralRecord, people: SourcePeople) -> NeutralRecord {
        guard let privacy else { return record }
        var losses = LossTally()
        var coverage = MappingCoverage()
        switch record {
        case .conversation(let source):
            var conversation = source
            privacy.apply(to: &conversation, people: people, &losses, &coverage)
            conversation.tags = source.tags
            return .conversation(conversation)
        case .contact(let source):
            var contact = source
            privacy.apply(to: &contact, &losses, &coverage)
            contact.tags = source.tags
            return .contact(contact)
        case .agent(var agent):
            privacy.apply(to: &agent, &losses, &coverage)
            return .agent(agent)
        case .company(var company):
            privacy.apply(to: &company, &losses, &coverage)
            return .company(company)
        case .team, .field: return record
        }
    }

    // MARK: Filter

    /// The order in which conversations are written; `nil` keeps the source's.
    public var order: ConversationOrder? { filter?.order }

    /// Whether only people come along that conversations refer to.
    public var keepsOnlyReferencedPeople: Bool { filter?.people == .referenced }

    /// Why a conversation, as the source has it, is left out; `nil` when it goes along.
    public func filterReason(against conversation: Conversation, people: SourcePeople) -> FilterReason? {
        filter?.reason(against: conversation, people: people)
    }

    // MARK: Provenance

    /// Whether conversations get a note about what of them does not arrive.
    public var addsNotes: Bool { provenance?.addsNote ?? false }

    /// Adds a note among agents that lists what of a conversation does not arrive; nothing when all of it does.
    ///
    /// - Parameters:
    ///   - conversation: After mapping.
    ///   - id: Its id at the source.
    ///   - lost: What mapping and destination do to this conversation alone.
    ///   - losses: Counts the note.
    public func addNote(to conversation: inout Conversation, id: String, lost: LossTally, losses: inout LossTally) {
        provenance?.addNote(to: &conversation, id: id, lost, &losses)
    }

    // MARK: Links

    /// Whether the mapping must know which conversations go along before the first of them is mapped.
    public var needsKnownConversations: Bool { text?.resolvesLinks ?? false }

    /// Where a conversation was and where it is now.
    ///
    /// - Parameters:
    ///   - conversation: As the source has it.
    ///   - newID: Its id at the destination.
    /// - Returns: Both places, as far as addresses can be told.
    public func redirect(_ conversation: Conversation, to newID: String) -> Redirect {
        let number = conversation.number ?? conversation.id
        let rule = text?.links.rules.first
        return Redirect(
            id: conversation.id, number: number,
            url: rule?.oldURL(id: conversation.id, number: number) ?? conversation.url ?? "", newID: newID,
            newURL: rule?.newURL(newID) ?? "")
    }

    // MARK: After a run

    /// Rules that no record used, in the order of the file.
    public func unusedRules(_ coverage: MappingCoverage) -> [MappingRule] {
        rules.enumerated().filter { coverage.count(ofRule: $0.offset) == 0 }.map(\.element)
    }

    /// Values that rules could not turn into what they ask for, in the order of the file.
    public func unfitValues(_ coverage: MappingCoverage) -> [UnfitValues] { coverage.unfitValues(rules) }

    /// Whether the mapping allows nobody of this kind without a match: the fallback is `error`.
    public func refusesUnmatched(_ kind: UnruledValue.Kind) -> Bool {
        switch kind {
        case .agent: agents?.fallback == .error
        case .team: teams?.fallback == .error
        default: false
        }
    }

    /// What becomes of agents or teams that no rule names, as a person reads it; `nil` for all other values.
    public func fallbackWords(for kind: UnruledValue.Kind) -> String? {
        switch kind {
        case .agent: agents?.fallback.words
        case .team: teams?.fallback.words
        default: nil
        }
    }

    /// Refuses what `coverage` saw when agents or teams had no match and their fallback is `error`.
    ///
    /// It is asked at the end of a pass, so that everybody without a match is named at once.
    ///
    /// - Throws: `mapping/unmatched-agents` or `mapping/unmatched-teams` with the people and their uses.
    public func requireMatches(_ coverage: MappingCoverage) throws(MigrationError) {
        for kind in [UnruledValue.Kind.agent, .team] where refusesUnmatched(kind) {
            let values = coverage.unruledValues.filter { $0.kind == kind }
            guard !values.isEmpty else { continue }
            let section = kind == .agent ? "agents" : "teams"
            let named = values.prefix(10).map { "'\($0.value)' (\($0.count)x)" }.joined(separator: ", ")
            let further = values.count > 10 ? " and \(values.count - 10) more" : ""
            throw MigrationError(
                .init(rawValue: "mapping/unmatched-\(section)"), recovery: .fixConfiguration,
                place: Place(subject: "mapping"),
                summary: (values.count == 1 ? "1 \(kind.rawValue) has" : "\(values.count) \(section) have")
                    + " no match: \(named)\(further); nothing was written",
                hint:
                    "add them to the file of '\(section)', or set '\(section).fallback' to another value than 'error'; "
                    + "'deskferry mapping check' with the source lists them all")
        }
    }
}
