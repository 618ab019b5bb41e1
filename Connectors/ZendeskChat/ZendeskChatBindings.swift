internal import ConnectorKit
internal import ConversationModel

/// Zendesk Chat's chats and offline messages, and the neutral model.
///
/// Sources: <https://developer.zendesk.com/api-reference/live-chat/chat-api/chats/>, its older edition
/// <https://developer.zendesk.com/rest_api/docs/chat/chats>, and what clients of the API have seen:
/// <https://github.com/facetoe/zenpy/tree/master/specification/chat>,
/// <https://github.com/singer-io/tap-zendesk-chat/tree/master/tap_zendesk_chat/schemas>, read 2026-11-26.
enum ZendeskChatBindings {
    static let id = TextCodec.integerID()

    /// Chats say whole seconds, entries microseconds; both take what is finer.
    static let time = InstantCodec.iso8601(.microseconds)

    /// What an agent still has to look at is open; a chat that is over and read is closed.
    private static let status: ValueTable<Status> = ValueTable([(false, .closed), (true, .open)]).absent(false)
        .nearest([.new: .open, .pending: .open, .onHold: .open, .snoozed: .open, .solved: .closed])

    /// What chats and offline messages have alike.
    ///
    /// A ticket made of a chat is linked; tickets of other systems are not written in its place.
    private static let head: [Rule<Conversation>] = [
        .field("id", \.id, .id),
        .person("visitor", \.requester, .contact, contact: visitor).orNull,
        .field("timestamp", \.createdAt, time).orNull,
        .field("end_timestamp", \.closedAt, time),
        .field("update_timestamp", \.updatedAt, time),
        .table("unread", \.status, status),
        .field("department_id", \.team, id),
        .texts("tags", \.tags),
        .link("zendesk_ticket_id", .child, id).onlyRead,
    ]

    /// What the platform works out of a chat; everything else that nothing binds is counted where it is lost.
    private static let figures: [Rule<Conversation>] = ["count", "response_time", "duration", "triggered_response"].map
    {
        .repeated(Path([$0]))
    }

    /// Source for good and bad: the reference, Support Chat, `rating`.
    private static let rating: [Rule<Conversation>] = Rule.rating(
        \.rating, scale: 2,
        fields: [
            .table("rating", \.score, ValueTable<Int>([("good", 2), ("bad", 1)])),
            .field("comment", \.comment),
        ])

    // MARK: Chats

    /// A chat is one conversation and one live session.
    static let chat = Binding<Conversation>(
        from: aChat,
        [.constant("type", .string("chat"))] + head
            + Rule.agents(ids: "agent_ids", names: "agent_names", .id) + rating + figures + [
                .timeline("history", entry).late,
                .contactsAreRequester("#authors"),
                .fixed("#channel", \.channel, .chat),
                .isOneSession("#session", kind: .live),
            ])

    /// A message that a visitor left while nobody was there: one public message and an offline session.
    static let offlineMessage = Binding<Conversation>(
        from: aChat,
        [.constant("type", .string("offline_msg"))] + head
            + Rule.agents(ids: "agent_ids", names: "agent_names", .id) + [
                .description("message", isOwnMessage: true),
                .timeline("history", entry, description: .ownMessage, omitsEmpty: true).late,
                .contactsAreRequester("#authors"),
                .fixed("#channel", \.channel, .chat),
                .isOneSession("#session", kind: .offline),
            ])

    private static let aChat: @Sendable () -> Conversation = {
        var conversation = Conversation()
        conversation.status = .closed
        return conversation
    }

    // MARK: People

    /// Notes about a visitor are the account's own; an account without any writes them empty.
    static let visitor = Binding<Contact>([
        .field("id", \.id, .id),
        .field("name", \.name),
        .texts("email", \.emails, .single()),
        .texts("phone", \.phones, .single(.id)),
        .constant("notes", .string("")),
    ])

    /// Sources: <https://developer.zendesk.com/api-reference/live-chat/chat-api/agents/>,
    /// <https://developer.zendesk.com/api-reference/live-chat/chat-api/departments/>, read 2026-11-26.
    static let agent = Binding<Agent>([
        .field("id", \.id, id),
        .field("email", \.email),
        .field("display_name", \.name),
        .repeated("first_name"),
        .repeated("last_name"),
        .flag("enabled", \.active),
        .table("roles.administrator", \.role, role),
        .repeated("roles.owner"),
        .texts("departments", \.teams, .strings(id)),
        .repeated("enabled_departments"),
        .field("create_date", \.createdAt, time),
        .repeated("role_id"),
        .repeated("scope"),
        .repeated("skills"),
        .repeated("last_login"),
        .repeated("login_count"),
    ])

    private static let role: ValueTable<Agent.Role> = ValueTable([(false, .agent), (true, .admin)]).absent(false)
        .nearest([.light: .agent, .bot: .agent])

    static let department = Binding<Team>([
        .field("id", \.id, id),
        .field("name", \.name),
        .repeated("members"),
        .repeated("enabled"),
    ])
}
