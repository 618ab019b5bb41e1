internal import ConnectorKit

/// The shapes in which LiveChat's API gives records, and those they are written in.
enum LivechatExports {
    static let all = people + conversations + webhooks

    /// Keys that tell a group from other records with an id and a name.
    private static let notGroups = [
        "role", "login_status", "permission", "login", "email", "type", "avatar", "avatar_path", "owner_client_id",
        "default_group_priority", "max_chats_count", "account_id", "users", "thread", "events", "url",
    ]

    private static let people = [
        Export(
            "groups",
            Recognition(
                names: ["groups", "list_groups"], keys: ["id", "name", "language_code"], foreignKeys: notGroups),
            .team(LivechatBindings.team), output: OutputFile("groups.jsonl", .lines)),
        Export(
            "groups_by_name",
            Recognition(
                names: ["groups", "list_groups"], keys: ["id", "name"], foreignKeys: notGroups + ["language"],
                requiresName: true),
            .team(LivechatBindings.team), output: nil),
        Export(
            "groups_v2", Recognition(names: ["groups"], keys: ["id", "name", "language"], foreignKeys: notGroups),
            .team(LivechatBindings.oldTeam), output: OutputFile("groups-v2.jsonl", .lines)),
        Export(
            "agents",
            Recognition(
                names: ["agents", "list_agents"], keys: ["id", "role", "login_status"], foreignKeys: ["permission"]),
            .agent(LivechatBindings.agent), output: OutputFile("agents.jsonl", .lines)),
        Export(
            "agents_by_name",
            Recognition(
                names: ["agents", "list_agents"], keys: ["id"], foreignKeys: ["permission", "login", "url", "type"],
                requiresName: true),
            .agent(LivechatBindings.agent), output: nil),
        Export(
            "agents_v2", Recognition(names: ["agents"], keys: ["login", "permission"]),
            .agent(LivechatBindings.oldAgent), output: OutputFile("agents-v2.jsonl", .lines)),
        Export(
            "bots",
            Recognition(
                names: ["bots", "list_bots"], keys: ["id", "name", "default_group_priority"],
                foreignKeys: ["role", "login_status"]),
            .agent(LivechatBindings.bot), output: OutputFile("bots.jsonl", .lines)),
        Export(
            "bots_listed",
            Recognition(
                names: ["bots", "list_bots"], keys: ["id", "name", "avatar_path"],
                foreignKeys: ["role", "login_status", "default_group_priority", "email", "type"]),
            .agent(LivechatBindings.bot), output: OutputFile("bots.jsonl", .lines)),
        Export(
            "bots_by_name",
            Recognition(
                names: ["bots", "list_bots"], keys: ["id"], foreignKeys: ["role", "login_status", "type", "url"],
                requiresName: true),
            .agent(LivechatBindings.bot), output: nil),
        Export(
            "customers",
            Recognition(
                names: ["customers"], envelopes: ["customers"], keys: ["id"], marks: ["type": ["customer"]]),
            .contact(LivechatBindings.customer), output: OutputFile("customers.jsonl", .lines)),
        Export(
            "tags",
            Recognition(names: ["tags", "list_tags"], keys: ["name", "group_ids"], foreignKeys: ["id"]),
            .ignored(reason: "tags stand by name on the threads that carry them"), output: nil),
    ]

    private static let conversations = [
        Export(
            "chats",
            Recognition(
                names: ["chats", "list_archives", "archives"], envelopes: ["chats", "chat"],
                keys: ["id", "thread"], foreignKeys: ["visitor"]),
            .grouped(by: "id", each: "thread.id", .conversation(LivechatBindings.archive())),
            output: OutputFile("chats.jsonl", .lines)),
        Export(
            "chats_with_threads",
            Recognition(names: ["chats"], envelopes: ["chats", "chat"], keys: ["id", "threads", "users"]),
            .conversation(LivechatBindings.chat), output: OutputFile("chats-with-threads.jsonl", .lines)),
        Export(
            "threads",
            Recognition(
                names: ["threads", "list_threads"], envelopes: ["threads"], keys: ["id", "user_ids"],
                foreignKeys: ["users"]),
            .conversation(LivechatBindings.soleThread), output: OutputFile("threads.jsonl", .lines)),
        Export(
            "chats_summary",
            Recognition(
                names: ["list_chats"], envelopes: ["chats_summary"], keys: ["id", "last_thread_summary"]),
            .conversation(LivechatBindings.summary(thread: "last_thread_summary")),
            output: OutputFile("chats-summary.jsonl", .lines)),
        Export(
            "chats_info",
            Recognition(names: ["list_chats"], envelopes: ["chats_info"], keys: ["id", "last_thread_info"]),
            .conversation(LivechatBindings.summary(thread: "last_thread_info")),
            output: OutputFile("chats-info.jsonl", .lines)),
        Export(
            "chats_v2",
            Recognition(
                names: ["chats"], envelopes: ["chats"], keys: ["id", "visitor"],
                foreignKeys: ["thread", "history", "session"]),
            .conversation(LivechatBindings.oldChat), output: OutputFile("chats-v2.jsonl", .lines)),
        Export(
            "tickets_v2",
            Recognition(
                names: ["tickets"], envelopes: ["tickets"], keys: ["id", "events", "requester"],
                foreignKeys: ["comments", "ticket_parts"]),
            .conversation(LivechatBindings.ticket), output: OutputFile("tickets-v2.jsonl", .lines)),
    ]

    /// What webhooks and pushes send of what happens.
    ///
    /// Source: <https://platform.text.com/management/webhooks>
    private static let webhooks = [
        Export(
            "incoming_chats",
            Recognition(names: ["webhooks"], keys: ["webhook_id", "payload"], marks: ["action": ["incoming_chat"]]),
            .grouped(
                by: "payload.chat.id", each: "payload.chat.thread.id",
                .conversation(LivechatBindings.archive(at: "payload.chat."))),
            output: OutputFile("incoming-chats.jsonl", .lines)),
        Export(
            "incoming_events",
            Recognition(names: ["webhooks"], keys: ["webhook_id", "payload"], marks: ["action": ["incoming_event"]]),
            .grouped(
                by: "payload.chat_id", each: "payload.event.id",
                .conversation(LivechatBindings.events(at: "payload."))),
            output: OutputFile("incoming-events.jsonl", .lines)),
        Export(
            "webhooks",
            Recognition(names: ["webhooks"], keys: ["webhook_id", "payload"], marks: ["action": otherActions]),
            .ignored(reason: "what changed in a chat stands in the chat itself"), output: nil),
        Export(
            "pushed_events",
            Recognition(names: ["pushes"], keys: ["chat_id", "thread_id", "event"], foreignKeys: ["webhook_id"]),
            .grouped(by: "chat_id", each: "event.id", .conversation(LivechatBindings.events(at: ""))),
            output: OutputFile("pushed-events.jsonl", .lines)),
    ]

    private static let otherActions = [
        "access_granted", "access_revoked", "access_set", "agent_approved", "agent_created", "agent_deleted",
        "agent_suspended", "agent_unsuspended", "agent_updated", "auto_access_added", "auto_access_deleted",
        "bot_created", "bot_deleted", "bot_updated", "chat_access_granted", "chat_access_revoked",
        "chat_access_updated", "chat_deactivated", "chat_properties_deleted", "chat_properties_updated",
        "chat_transferred", "chat_user_added", "chat_user_removed", "customer_created",
        "customer_session_fields_updated", "event_deleted", "event_properties_deleted", "event_properties_updated",
        "event_updated", "events_marked_as_seen", "group_created", "group_deleted", "group_updated",
        "incoming_customer", "incoming_rich_message_postback", "routing_status_set", "tag_created", "tag_deleted",
        "tag_updated", "thread_properties_deleted", "thread_properties_updated", "thread_summary_set",
        "thread_tagged", "thread_untagged", "user_added_to_chat", "user_removed_from_chat",
    ]

    private static let pages = "save the pages that follow and run again"
    private static let archives = "read them with list_archives, or each with get_chat and list_threads"

    static let ceilings = [
        Ceiling(
            "chats", .morePages("next_page_id", unless: nil), reason: "the last page of chats names a next one",
            remedy: pages),
        Ceiling(
            "threads", .morePages("next_page_id", unless: nil), reason: "the last page of threads names a next one",
            remedy: pages),
        Ceiling(
            "customers", .morePages("next_page_id", unless: nil), reason: "the last page of customers names a next one",
            remedy: pages),
        Ceiling(
            "chats", .says("thread.restricted_access"),
            reason: "threads that the plan hides, so that they have no events",
            remedy: "ask LiveChat to lift the limit of the archives for the export, or accept the loss"),
        Ceiling(
            "chats_summary", .always, reason: "chats of which list_chats gave the last event of each type only",
            remedy: archives),
        Ceiling(
            "chats_info", .always, reason: "chats of which list_chats gave the last event of each type only",
            remedy: archives),
    ]
}
