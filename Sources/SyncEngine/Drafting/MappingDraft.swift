public import ConnectorKit
public import ConversationModel
internal import Diagnostics

/// A first mapping from a source to a destination: every value of the source with its count, a suggestion and its reason.
///
/// The draft is a whole mapping that both sides accept: nothing in it needs to be filled in before it can be used, and
/// no value of the source is left without a rule.
public struct MappingDraft: Sendable {
    /// What the source holds.
    public var inventory: Inventory
    /// The platform that records come from.
    public var source: Platform
    /// The platform that records go to.
    public var destination: Platform
    /// The locations as a person writes them.
    public var names: (source: String, destination: String)
    /// Agents and teams that stand at the destination already; `nil` when it holds nothing that could be asked.
    public var people: (agents: [Agent], teams: [Team])?
    /// Name of a people file that decides on agents in place of the draft.
    public var agentsFile: String?

    /// Creates a draft's request.
    public init(
        _ inventory: Inventory, source: Platform, destination: Platform, names: (source: String, destination: String),
        people: (agents: [Agent], teams: [Team])? = nil, agentsFile: String? = nil
    ) {
        self.inventory = inventory
        self.source = source
        self.destination = destination
        self.names = names
        self.people = people
        self.agentsFile = agentsFile
    }

    /// The mapping as JSON5.
    public var text: String {
        var text = DraftText()
        writeHead(&text)
        text.line("{")
        text.line("  version: 1,")
        text.line()
        writeFilter(&text)
        writeValues(&text)
        writeTags(&text)
        writeTeams(&text)
        writeAgents(&text)
        writeFields(&text)
        writeDefaults(&text)
        text.line("}")
        return text.text
    }

    var title: String { destination.connector.title }

    private func writeHead(_ text: inout DraftText) {
        text.comment("First mapping from \(names.source) to \(names.destination).")
        let records = Entity.allCases.reversed().compactMap { entity -> String? in
            guard let number = inventory.records[entity], number > 0 else { return nil }
            return DraftText.count(number, entity.rawValue)
        }
        var held = "The source holds " + (records.isEmpty ? "no records" : records.joined(separator: ", "))
        if let span = inventory.span {
            held += "; conversations from \(day(span.first)) to \(day(span.last))"
        }
        text.comment(held + ".")
        text.comment("")
        text.comment("Every value of the source stands here with the number of conversations that carry it; '+ 3' are")
        text.comment(
            "sessions, entries and events that carry it too. What \(title) can hold was asked of its connector.")
        text.comment("Change what stands behind a colon, then:")
        text.comment("  deskferry mapping check FILE \(names.source) \(names.destination)")
        text.comment("  deskferry plan \(names.source) \(names.destination) --mapping FILE")
        text.comment(
            "Add \"$schema\": \".../Mappings/mapping.schema.json\" and an editor completes and explains all names.")
        for finding in inventory.report.findings where finding.code == "value/unknown" {
            text.comment("Note: \(finding.place.path.map { $0 + ": " } ?? "")\(finding.summary).")
        }
        for stream in inventory.report.incomplete {
            text.comment("Note: the source is incomplete: \(stream.reason); \(stream.remedy).")
        }
    }

    private func writeFilter(_ text: inout DraftText) {
        text.comment(
            "Which conversations go along; without a filter all do. Both sides of a range are optional.", indent: 2)
        if let span = inventory.span {
            text.comment("filter: { since: \"\(day(span.first))\", until: \"\(day(span.last.nextDay))\" },", indent: 2)
        } else {
            text.comment("filter: { since: \"2024-01-01\" },", indent: 2)
        }
        text.line()
    }

    private func day(_ instant: Instant) -> String { String(instant.description.prefix(10)) }

    // MARK: Values

    private func writeValues(_ text: inout DraftText) {
        let none = "(none)"
        let tables: [(key: String, lines: [DraftLine])] = [
            (
                "status",
                rows(
                    "status", inventory.statusUses, near: Self.near, hold: destination.holding(of:),
                    without: inventory.statuses[none])
            ),
            (
                "priority",
                rows(
                    "priority", inventory.priorityUses, near: Self.near, hold: destination.holding(of:),
                    without: inventory.priorities[none])
            ),
            (
                "channel",
                rows(
                    "channel", inventory.channelUses, near: Self.near, hold: destination.holding(of:),
                    without: inventory.channels[none])
            ),
        ]
        text.comment("What a status, priority or channel becomes. A value without a row stays as it is.", indent: 2)
        let isEmpty = tables.allSatisfy { $0.lines.allSatisfy(\.code.isEmpty) }
        if !isEmpty { text.line("  values: {") }
        for (key, lines) in tables {
            if lines.contains(where: { !$0.code.isEmpty }) {
                text.object(key, lines, indent: 4)
            } else {
                text.lines(lines, indent: isEmpty ? 2 : 4)
            }
        }
        if !isEmpty { text.line("  },") }
        text.line()
    }

    /// One row a value; only notes when the destination has no place for any of them.
    private func rows<Value: RawRepresentable<String> & CaseIterable & Hashable>(
        _ name: String, _ uses: [Value: ValueUse], near: (Value) -> [Value], hold: (Value) -> Holding, without: Int?
    ) -> [DraftLine] {
        var lines: [DraftLine] = []
        let present = Value.allCases.filter { uses[$0] != nil }
        let held = Value.allCases.filter { hold($0) == .whole }
        if held.isEmpty, !present.isEmpty {
            let list = present.map { "\($0.rawValue) \(uses[$0]?.conversations ?? 0)" }.joined(separator: ", ")
            lines.append(.note("\(title) holds no \(name); it is dropped and counted in the report: \(list)."))
            return lines
        }
        for value in present {
            let use = uses[value] ?? ValueUse()
            let (target, reason) = suggestion(value, held, near: near, hold: hold)
            lines.append(
                DraftLine(
                    "\(value.rawValue): \"\(target.rawValue)\",",
                    Self.counted(use) + "; " + reason))
        }
        if present.isEmpty { return [.note("The source has no \(name).")] }
        if let without, without > 0 {
            lines.append(
                .note("\(DraftText.count(without, "conversation")) without a \(name); see 'defaults' below."))
        }
        return lines
    }

    private func suggestion<Value: RawRepresentable<String> & Equatable>(
        _ value: Value, _ held: [Value], near: (Value) -> [Value], hold: (Value) -> Holding
    ) -> (Value, String) {
        switch hold(value) {
        case .whole: return (value, "\(title) has it")
        case .becomes(let name):
            guard let target = Value(rawValue: name) else { break }
            return (target, "\(title) has no '\(value.rawValue)' and would write '\(name)'")
        case .dropped: break
        }
        let target = near(value).first(where: held.contains) ?? held.first ?? value
        return (target, "\(title) has no '\(value.rawValue)'; '\(target.rawValue)' is the nearest it has")
    }

    static func counted(_ use: ValueUse) -> String {
        let history = use.elsewhere > 0 ? " + \(DraftText.grouped(use.elsewhere))" : ""
        return DraftText.count(use.conversations, "conversation") + history
    }

    /// What a status is taken for where a platform does not have it, the nearest first.
    private static func near(_ status: Status) -> [Status] {
        switch status {
        case .new: [.open, .pending]
        case .open: [.new, .pending]
        case .pending: [.onHold, .open, .snoozed]
        case .onHold: [.pending, .snoozed, .open]
        case .snoozed: [.onHold, .pending, .open]
        case .solved: [.closed]
        case .closed: [.solved]
        }
    }

    private static func near(_ priority: Priority) -> [Priority] {
        switch priority {
        case .low: [.normal]
        case .normal: [.low, .high]
        case .high: [.urgent, .normal]
        case .urgent: [.high, .normal]
        }
    }

    private static func near(_ channel: Channel) -> [Channel] {
        switch channel {
        case .chat: [.inApp, .web, .other, .api]
        case .inApp: [.chat, .web, .other, .api]
        case .web: [.email, .chat, .other, .api]
        case .email: [.web, .other, .api]
        case .phone: [.other, .web, .api]
        case .sms, .whatsapp, .telegram, .line, .viber, .appleMessages:
            [.sms, .whatsapp, .inApp, .chat, .other, .web, .api]
        case .facebook, .instagram, .x: [.facebook, .inApp, .chat, .other, .web, .api]
        case .forum, .api: [.web, .other, .email]
        case .other: [.web, .api, .chat, .email]
        }
    }
}

extension Instant {
    /// The same time a day later; what ends a range whose last day is this one.
    var nextDay: Instant { Instant(seconds: seconds + 86_400) }
}
