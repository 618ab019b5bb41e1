internal import ConnectorKit
internal import ConversationModel

/// Agents, bots, groups and customers.
///
/// Sources: <https://platform.text.com/management/configuration-api>,
/// <https://platform.text.com/messaging/agent-chat-api/data-structures>, section Users, read 2026-11-25.
extension LivechatBindings {
    /// An agent's id is the e-mail address.
    static let agent = Binding<Agent>([
        .emailID("id", \.id, \.email),
        .field("email", \.email, besides: \.id),
        .repeated("account_id"),
        .field("name", \.name),
        .table("role", \.role, role),
        .references(
            "groups", \.teams, key: "id", constants: [JSONValue.Member("priority", .string("normal"))], group,
            omitsEmpty: true),
        .table("suspended", \.active, [false: true, true: false]),
        .repeated("login_status"),
        .repeated("avatar"),
        .repeated("avatar_path"),
        .repeated("last_logout"),
        .repeated("notifications"),
        .repeated("email_subscriptions"),
        .repeated("summaries"),
        .repeated("work_scheduler"),
        .repeated("max_chats_count"),
        .repeated("awaiting_approval"),
    ])

    private static let role: ValueTable<Agent.Role> = ValueTable([
        ("administrator", .admin), ("owner", .admin), ("viceowner", .admin), ("normal", .agent),
    ]).unknown(.agent).nearest([.light: .agent, .bot: .agent])

    static let bot = Binding<Agent>(
        from: {
            var agent = Agent()
            agent.role = .bot
            return agent
        },
        [
            .field("id", \.id, .id),
            .field("name", \.name),
            // LiveChat's bots have no address; those of other platforms keep theirs.
            .field("email", \.email),
            .references(
                "groups", \.teams, key: "id", constants: [JSONValue.Member("priority", .string("normal"))], group,
                omitsEmpty: true),
            .repeated("avatar"),
            .repeated("avatar_path"),
            .repeated("owner_client_id"),
            .repeated("default_group_priority"),
            .following("#role", \.role),
            .repeated("max_chats_count"),
            .repeated("work_scheduler"),
            .repeated("job_title"),
        ])

    static let team = Binding<Team>([
        .field("id", \.id, group),
        .field("name", \.name),
        .repeated("language_code"),
        .repeated("routing_status"),
        .repeated("agent_priorities"),
    ])

    /// Session fields are texts, in order; they last as long as the customer's session.
    static let customer = Binding<Contact>([
        .field("id", \.id, .id),
        .constant("type", .string("customer")),
        .field("name", \.name),
        .texts("email", \.emails, .single()),
        .texts("phone_number", \.phones, .single()),
        .field("created_at", \.createdAt, time),
        .fieldObjects("session_fields", \.fields),
        .alternate("visit.geolocation.timezone", \.timezone),
        .alternate("last_visit.geolocation.timezone", \.timezone),
        .repeated("email_verified"),
        .repeated("avatar"),
        .repeated("statistics"),
        .repeated("agent_last_event_created_at"),
        .repeated("customer_last_event_created_at"),
        .repeated("events_seen_up_to"),
        .repeated("present"),
        .repeated("chat_ids"),
        .repeated("__priv_lc2_customer_id"),
    ])
}
