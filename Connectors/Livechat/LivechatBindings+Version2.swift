internal import ConnectorKit
internal import ConversationModel

/// Chats, tickets, agents and groups as version 2 of the API gives them, which is deprecated and still answers.
///
/// Source: <https://platform.text.com/management/configuration-api/v2.0>, read 2026-11-25.
extension LivechatBindings {
    // MARK: Chats

    /// A chat of version 2 is what is a thread today, and its id is the thread's.
    static let oldChat = Binding<Conversation>(
        from: {
            var conversation = aChat()
            conversation.status = .closed
            return conversation
        },
        [
            .repeated("type"),
            .field("id", \.id, .id),
            .person("visitor", \.requester, .contact),
            .people("agents", oldAgents),
            .people("supervisors", oldAgents),
            .rating(
                "rate", \.rating, scale: 2, bareKey: "score",
                Binding<Rating>([.table("score", \.score, ["rated_good": 2, "rated_bad": 1, "not_rated": 0])])),
            .repeated("duration"),
            .firstOf("group", \.team, group),
            .texts("tags", \.tags, omitsEmpty: true),
            .table("pending", \.status, ValueTable([(true, .open)]).absent(false)),
            .fieldPairs("prechat_survey", \.fields, key: "key", value: "value", prefix: "prechat_survey."),
            .fieldPairs("postchat_survey", \.fields, key: "key", value: "value", prefix: "postchat_survey."),
            .fieldPairs("custom_variables", \.fields, key: "key", value: "value", prefix: "custom_variables."),
            .fieldPairs(
                "integration_variables", \.fields, key: "key", value: "value", prefix: "integration_variables."),
            .repeated("started"),
            .repeated("ended"),
            .repeated("timezone"),
            .field("started_timestamp", \.createdAt, .unixSeconds),
            .field("ended_timestamp", \.closedAt, .unixSeconds),
            .timeline("events", oldEvent, omitsEmpty: true).rival("messages"),
            .olderTimeline("messages", oldEvent),
            .contactsAreRequester("#authors"),
            .isOneSession("#session"),
        ])

    private static let oldAgents: PeopleForm = {
        var form = PeopleForm()
        form.id = "email"
        form.name = "display_name"
        form.isWhole = false
        return form
    }()

    /// What a supervisor writes only agents see.
    private static let oldEvent = Binding<Entry>([
        .eventWord("event_type", [("closed", .sessionEnded)]) { _ in true },
        .words(
            "type",
            [
                .message("attachment") { !$0.attachments.isEmpty },
                .message("message") { $0.attachments.isEmpty },
                .event("event") { _ in true },
            ]),
        .authorName("author_name"),
        .field("text", \.text),
        .repeated("date"),
        .field("timestamp", \.createdAt, .unixSeconds),
        .authorRole(
            "user_type", ["agent": .agent, "visitor": .contact, "supervisor": .agent], internally: ["supervisor"]),
        .agentID("agent_id", .id),
        .fileLinks("files"),
        .repeated("welcome_message"),
    ])

    // MARK: Tickets

    static let ticket = Binding<Conversation>([
        .field("id", \.id, .id),
        .field("subject", \.subject),
        .table(
            "status", \.status,
            ValueTable([("open", .open), ("pending", .pending), ("solved", .solved), ("spam", .closed)]).unknown(.open)),
        .person("requester", \.requester, .contact, id: "mail", email: "mail"),
        .person("assignee", \.assignee, .agent),
        .firstOf("groups", \.team, group),
        .texts("tags", \.tags),
        .table(
            "source.type", \.channel,
            ValueTable([
                ("mail", .email), ("facebook", .facebook), ("lc2", .chat), ("chat-window", .web),
                ("agent-app-manual", .other),
            ]).unknown(.other)),
        .field("modified", \.updatedAt, .unixSeconds),
        .repeated("opened"),
        .repeated("firstResponse"),
        .timeline("events", ticketEvent),
        .beginsWithFirstEntry("#created"),
    ])

    private static let ticketEvent = Binding<Entry>([
        .field("author.id", \.author.id, .id),
        .authorName("author.name"),
        .authorRole("author.type", ["client": .contact, "agent": .agent]),
        .field("date", \.createdAt, .unixSeconds),
        .audience("is_private", everybody: false, agents: true),
        .field("message", \.text),
        .table(
            "source.type", \.channel,
            ValueTable([("mail", .email), ("facebook", .facebook), ("lc2", .chat), ("chat-window", .web)]).unknown(
                .other)),
    ]).cases(
        "type",
        [
            Case("message", .message), Case("message", .note),
            Case("assignee_changed", .event(.assigned), [.field("to.id", \.to), .field("from.id", \.from)]),
        ])

    // MARK: People

    static let oldAgent = Binding<Agent>([
        .emailID("login", \.id, \.email),
        .field("name", \.name),
        .table(
            "permission", \.role,
            ValueTable([("administrator", .admin), ("owner", .admin), ("normal", .agent)]).unknown(.agent)
                .nearest([.light: .agent, .bot: .agent])),
        .references("groups", \.teams, key: "id", group, omitsEmpty: true),
        .repeated("status"),
        .repeated("login_status"),
        .repeated("avatar"),
        .repeated("notifications"),
        .repeated("daily_summary"),
        .repeated("max_chats_count"),
        .repeated("last_logout"),
    ])

    static let oldTeam = Binding<Team>([
        .field("id", \.id, group),
        .field("name", \.name),
        .repeated("language"),
        .repeated("status"),
        .repeated("agents"),
    ])
}
