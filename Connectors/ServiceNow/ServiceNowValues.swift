internal import ConnectorKit
internal import ConversationModel

/// Words of choice lists, by value first and as people see them behind.
///
/// Choices differ from instance to instance; a word that is not here keeps its raw form and is reported.
/// Sources: <https://github.com/ansible-collections/servicenow.itsm>,
/// <https://github.com/ServiceNow/ServiceNowDocs/blob/HEAD/markdown/api-reference/rest-apis/case-api.md>, read 2026-11-25.
enum ServiceNowValues {
    static let incidentState: ValueTable<Status> = ValueTable([
        ("1", .new), ("2", .open), ("3", .onHold), ("3", .pending), ("6", .solved), ("7", .closed), ("8", .closed),
        ("New", .new), ("In Progress", .open), ("On Hold", .onHold), ("Resolved", .solved), ("Closed", .closed),
        ("Canceled", .closed), ("Active", .open), ("Awaiting User Info", .onHold),
    ]).unknown(.open).nearest([.snoozed: .onHold])

    /// Which wait an incident on hold is in; the others than the first are told by their raw form.
    static let holdReason: [(word: String, value: Status)] = [("1", .pending), ("Awaiting Caller", .pending)]

    static let caseState: ValueTable<Status> = ValueTable([
        ("1", .new), ("10", .open), ("18", .pending), ("6", .solved), ("3", .closed), ("New", .new), ("Open", .open),
        ("Awaiting Info", .pending), ("Resolved", .solved), ("Closed", .closed), ("Cancelled", .closed),
    ]).unknown(.open).nearest([.onHold: .pending, .snoozed: .pending])

    static let interactionState: ValueTable<Status> = ValueTable([
        ("new", .new), ("work_in_progress", .open), ("on_hold", .onHold), ("wrap_up", .solved),
        ("closed_complete", .closed), ("closed_abandoned", .closed), ("New", .new), ("Work in Progress", .open),
        ("On Hold", .onHold), ("Wrap Up", .solved), ("Closed Complete", .closed), ("Closed Abandoned", .closed),
    ]).unknown(.open).nearest([.pending: .onHold, .snoozed: .onHold])

    static let incidentPriority: ValueTable<Priority> = [
        "1": .urgent, "2": .high, "3": .normal, "4": .low, "5": .low, "1 - Critical": .urgent, "2 - High": .high,
        "3 - Moderate": .normal, "4 - Low": .low, "5 - Planning": .low, "Critical": .urgent, "High": .high,
        "Moderate": .normal, "Low": .low, "Planning": .low,
    ]

    static let casePriority: ValueTable<Priority> = [
        "1": .urgent, "2": .high, "3": .normal, "4": .low, "1 - Critical": .urgent, "2 - High": .high,
        "3 - Moderate": .normal, "4 - Low": .low, "Critical": .urgent, "High": .high, "Moderate": .normal, "Low": .low,
    ]

    static let incidentContact: ValueTable<Channel> = ValueTable([
        ("email", .email), ("phone", .phone), ("chat", .chat), ("self-service", .web), ("web", .web),
        ("virtual_agent", .chat), ("sms", .sms), ("Email", .email), ("Phone", .phone), ("Chat", .chat),
        ("Self-service", .web), ("Web", .web), ("Virtual Agent", .chat),
    ]).unknown(.other).nearest(messengers)

    static let caseContact: ValueTable<Channel> = ValueTable([
        ("email", .email), ("phone", .phone), ("chat", .chat), ("web", .web), ("sms", .sms), ("Email", .email),
        ("Phone", .phone), ("Chat", .chat), ("Web", .web),
    ]).unknown(.other).nearest(messengers)

    static let interactionType: ValueTable<Channel> = ValueTable([
        ("chat", .chat), ("phone", .phone), ("messaging", .inApp), ("email", .email), ("Chat", .chat),
        ("Phone", .phone), ("Messaging", .inApp), ("Email", .email),
    ]).unknown(.other).nearest(messengers.merging([.inApp: .inApp, .sms: .inApp, .web: .chat]) { $1 })

    private static let messengers: [Channel: Channel] = [
        .whatsapp: .chat, .facebook: .chat, .instagram: .chat, .x: .chat, .telegram: .chat, .line: .chat, .viber: .chat,
        .appleMessages: .chat, .inApp: .chat, .forum: .web,
    ]

    /// A journal that is neither of these is seen by agents only, until somebody says otherwise.
    static let journal: ValueTable<Entry.Kind> = ValueTable([
        ("comments", .message), ("work_notes", .note),
    ]).unknown(.note)

    static let visibility: ValueTable<Entry.Kind> = ValueTable([
        ("public", .message), ("private", .note), ("Public", .message), ("", .message),
    ]).unknown(.note)

    static let role: ValueTable<Agent.Role> = ValueTable([
        ("itil", .agent), ("admin", .admin), ("sn_customerservice_agent", .agent),
    ]).unknown(.agent).absent("itil").nearest([.light: .agent, .bot: .agent])

    /// The history of a record's values; journals have rows of their own, and `incident_state` follows `state`.
    static func history(_ table: String) -> ChangeRows {
        let states: [String: String] =
            switch table {
            case "incident": ["1": "new", "2": "open", "3": "on_hold", "6": "solved", "7": "closed", "8": "closed"]
            case "interaction":
                [
                    "work_in_progress": "open", "wrap_up": "solved", "closed_complete": "closed",
                    "closed_abandoned": "closed",
                ]
            default: ["1": "new", "10": "open", "18": "pending", "6": "solved", "3": "closed"]
            }
        let priorities = ["1": "urgent", "2": "high", "3": "normal", "4": "low", "5": "low"]
        return ChangeRows(
            name: "fieldname", from: "oldvalue", to: "newvalue",
            events: [
                "state": .status, "assigned_to": .assigned, "assignment_group": .teamAssigned, "priority": .priority,
            ], words: ["state": states, "priority": priorities],
            hidden: ["comments", "work_notes", "comments_and_work_notes", "incident_state", "approval_history"])
    }

    static let flag: ValueTable<Bool> = ["true": true, "false": false, "1": true, "0": false]

    /// Impact and urgency that an instance makes this priority of, so that it stays when they are next looked at.
    ///
    /// Source: <https://github.com/ServiceNow/ServiceNowDocs/blob/HEAD/markdown/it-service-management/incident-management/def-prio-lookup-rules.md>
    static func impact(_ priority: Priority?) -> JSONValue? {
        switch priority {
        case .urgent, .high: .string("1")
        case .normal, .low: .string("2")
        case nil: nil
        }
    }

    static func urgency(_ priority: Priority?) -> JSONValue? {
        switch priority {
        case .urgent: .string("1")
        case .high, .normal: .string("2")
        case .low: .string("3")
        case nil: nil
        }
    }

    static func state(_ status: Status?) -> JSONValue? {
        switch status {
        case .new: .string("1")
        case .open: .string("2")
        case .pending, .onHold, .snoozed: .string("3")
        case .solved: .string("6")
        case .closed: .string("7")
        case nil: nil
        }
    }

    static func active(_ status: Status?) -> JSONValue? {
        status.map { .string($0 == .closed ? "false" : "true") }
    }

    /// A moment as columns hold it.
    static func moment(_ instant: Instant?) -> JSONValue? {
        guard let text = instant?.cut(to: .seconds).description else { return nil }
        return .string(String(text.prefix(10)) + " " + String(text.dropFirst(11).prefix(8)))
    }
}
