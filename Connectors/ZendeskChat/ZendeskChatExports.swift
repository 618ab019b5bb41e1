internal import ConnectorKit
internal import ConversationModel

/// The shapes in which Zendesk Chat's API gives records, and those they are written in.
///
/// Sources: <https://developer.zendesk.com/api-reference/live-chat/chat-api/incremental_export/>,
/// <https://developer.zendesk.com/api-reference/live-chat/chat-api/chats/>, read 2026-11-26.
enum ZendeskChatExports {
    static let all =
        [
            Export(
                "departments",
                Recognition(
                    names: ["departments"], envelopes: ["departments"], keys: ["id", "name", "members", "settings"]),
                .team(ZendeskChatBindings.department), output: OutputFile("departments.jsonl", .lines)),
            Export(
                "departments_by_name",
                Recognition(
                    names: ["departments"], keys: ["id", "name"], foreignKeys: ["settings", "visitor", "type"],
                    requiresName: true),
                .team(ZendeskChatBindings.department), output: nil),
            Export(
                "agents",
                Recognition(
                    names: ["agents"], envelopes: ["agents"], keys: ["id", "display_name", "roles"],
                    foreignKeys: ["visitor", "history"]),
                .agent(ZendeskChatBindings.agent), output: OutputFile("agents.jsonl", .lines)),
            Export(
                "visitors",
                Recognition(
                    names: ["visitors"], envelopes: ["visitors"], keys: ["id", "notes"],
                    foreignKeys: ["type", "visitor", "history", "role", "timestamp"]),
                .contact(ZendeskChatBindings.visitor), output: OutputFile("visitors.jsonl", .lines)),
            Export(
                "chats", conversations(["chat"], names: ["chats", "incremental_chats"]),
                .conversation(ZendeskChatBindings.chat), output: OutputFile("chats.jsonl", .lines)),
            Export(
                "offline_messages", conversations(["offline_msg"], names: ["offline_messages", "chats"]),
                .conversation(ZendeskChatBindings.offlineMessage),
                output: OutputFile("offline_messages.jsonl", .lines),
                takes: { conversation in
                    conversation.sessions.map(\.kind) == [.offline] && conversation.isOneOpeningMessage
                        && conversation.rating == nil
                }),
        ] + lists + settings

    /// Chats and offline messages come mixed: as one object, in a list, on a page, or as a map from ids under `docs`.
    private static func conversations(_ types: [String], names: [String]) -> Recognition {
        Recognition(
            names: names, envelopes: ["chats"], maps: ["docs"], keys: ["id", "visitor", "timestamp"],
            foreignKeys: ["preview", "reason"], marks: ["type": types])
    }

    /// What names chats and does not hold them.
    private static let lists = [
        Export(
            "search_results",
            Recognition(names: ["search"], envelopes: ["results"], keys: ["id", "preview", "type"]),
            .ignored(reason: "search results name chats and do not hold them"), output: nil),
        Export(
            "chat_ids",
            Recognition(
                names: ["chat", "incremental", "ids"], envelopes: ["chats"], keys: ["id"],
                foreignKeys: [
                    "type", "visitor", "thread", "threads", "users", "events", "status", "created_at", "title", "uuid",
                ], requiresName: true),
            .ignored(reason: "ids alone"), output: nil),
    ]

    private static let settings = [
        setting("skills", ["id", "members", "name"], foreign: ["settings"], "skills steer who gets a chat"),
        setting("bans", ["id", "reason", "type"], foreign: ["timestamp"], "bans are settings of the account"),
        setting(
            "triggers", ["id", "definition"], "triggers are settings of the account; what they wrote is in the chats"),
        setting(
            "shortcuts", ["name", "message", "options"], foreign: ["visitor"], "shortcuts are settings of the account"),
        setting("goals", ["id", "attribution_model"], "goals are settings of the account"),
        setting("roles", ["id", "permissions", "members_count"], "roles are settings of the account"),
        setting("account", ["account_key", "plan"], "the account's own record"),
        setting("routing_settings", ["routing_mode", "chat_limit"], "settings of the account"),
        setting("agent_timeline", ["agent_id", "engagement_count"], "times at which agents were online"),
        setting("conversions", ["id", "goal_id", "attribution"], "conversions stand in the chats that they belong to"),
    ]

    private static func setting(
        _ name: String, _ keys: [String], foreign: [String] = [], _ reason: String
    ) -> Export {
        Export(
            name, Recognition(names: [name], envelopes: [Path([name])], keys: keys, foreignKeys: foreign),
            .ignored(reason: reason), output: nil)
    }

    private static let pages = "save the pages that follow and run again"
    private static let whole =
        "read /api/v2/chat/incremental/chats with fields=chats(*), page by page from start_time=0"

    /// A page of the incremental export names a next one always; one that is not full is the last.
    static let ceilings = [
        Ceiling(
            "chats", .morePages("next_url", unless: nil), reason: "the last page of chats names a next one",
            remedy: pages
        ),
        Ceiling(
            "chats", .fullPages("count", of: 1000),
            reason: "every page of the incremental export is full, so that more follow",
            remedy: pages),
        Ceiling(
            "chats", .missing("history"), reason: "chats without their history, so that nobody's words are known",
            remedy: whole),
        Ceiling("chat_ids", .always, reason: "pages that give ids of chats and nothing else", remedy: whole),
        Ceiling(
            "search_results", .always,
            reason: "search gives the first 10,000 hits at most, and of each a preview instead of the chat",
            remedy: whole + ", or each with /chats?ids="),
    ]
}
