internal import ConnectorKit

/// The files that Freshchat's API and reports give, and those it is written to.
enum FreshchatExports {
    static let all =
        [
            Export(
                "conversation_fields",
                Recognition(names: ["conversation_fields", "fields"], keys: ["id", "name", "column_name"]),
                .field(FreshchatBindings.field), output: OutputFile("conversation_fields.jsonl", .lines)),
            Export(
                "groups",
                Recognition(
                    names: ["groups"], envelopes: ["groups", "group"], keys: ["id", "name"],
                    foreignKeys: ["role", "type", "subject", "email"], requiresName: true),
                .team(FreshchatBindings.group), output: OutputFile("groups.jsonl", .lines)),
            Export(
                "agents",
                Recognition(
                    names: ["agents"], envelopes: ["agents", "agent"], keys: ["id", "groups"],
                    foreignKeys: ["reference_id", "type", "account_id", "name", "properties"]),
                .agent(FreshchatBindings.agent), output: OutputFile("agents.jsonl", .lines)),
            Export(
                "channels",
                Recognition(
                    names: ["channels"], envelopes: ["channels", "channel"], keys: ["id", "name", "enabled", "public"]),
                .ignored(reason: "channels are settings of the account; conversations keep the id of theirs"),
                output: nil),
            Export(
                "roles",
                Recognition(names: ["roles"], envelopes: ["roles"], keys: ["id", "name", "is_custom_role"]),
                .ignored(reason: "roles are settings of the account"), output: nil),
            Export(
                "users",
                Recognition(
                    names: ["users"], envelopes: ["users", "user"], keys: ["id", "properties"],
                    foreignKeys: othersOfUsers),
                .contact(FreshchatBindings.user), output: OutputFile("users.jsonl", .lines)),
            Export(
                "users_without_properties",
                Recognition(
                    names: ["users"], envelopes: ["users", "user"], keys: ["id", "created_time"],
                    foreignKeys: othersOfUsers + ["properties"]),
                .contact(FreshchatBindings.user), output: nil),
            Export(
                "conversations",
                Recognition(
                    names: ["conversations"], envelopes: ["conversations"], keys: ["conversation_id"],
                    foreignKeys: ["id", "message_parts", "actor_type", "messages"]),
                .conversation(FreshchatBindings.conversation), output: OutputFile("conversations.jsonl", .lines),
                joins: [messages(of: "conversation_id")] + reports(of: "conversation_id", transcript: true)),
            Export(
                "conversation_documents",
                Recognition(
                    names: ["conversation"], envelopes: ["conversations", "conversation", "freshchat"],
                    keys: ["conversation_id", "messages"], foreignKeys: ["id", "message_parts", "actor_type"]),
                .conversation(FreshchatBindings.document), output: OutputFile("conversation_documents.jsonl", .lines),
                joins: [messages(of: "conversation_id")] + reports(of: "conversation_id", transcript: true)),
            Export(
                "conversation_dumps",
                Recognition(names: ["conversation_"], keys: ["conversation", "messages"]),
                .conversation(FreshchatBindings.dump), output: OutputFile("conversation_dumps.jsonl", .lines),
                joins: reports(of: "conversation.conversation_id", transcript: true)),
            Export(
                "messages",
                Recognition(
                    names: ["messages"], envelopes: ["messages", "message", "data.message"],
                    keys: ["id", "message_parts", "conversation_id"]),
                .grouped(by: "conversation_id", each: "id", .conversation(FreshchatBindings.thread)),
                output: OutputFile("messages.jsonl", .lines), joins: reports(of: "conversation_id", transcript: true)),
            Export(
                "conversation_ids",
                Recognition(
                    names: ["conversation_ids", "users_conversations"], envelopes: ["conversations"], keys: ["id"],
                    foreignKeys: ["conversation_id", "type", "status", "source", "channel", "threads"],
                    requiresName: true),
                .ignored(reason: "ids alone"), output: nil),
        ] + FreshchatReports.exports

    /// Keys by which records with an id are those of others.
    private static let othersOfUsers = [
        "groups", "role_id", "message_parts", "conversation_id", "actor_type", "createdAt", "updatedAt", "type",
    ]

    private static func messages(of key: Path) -> Join {
        Join("messages", by: "conversation_id", to: key, orphans: .ownRecords)
    }

    /// Reports that say something of a conversation, whichever file has its record.
    static func reports(of key: Path, transcript: Bool = false) -> [Join] {
        let names = ["conversation_created", "csat_score", "conversation_resolution_label"]
        return names.map { Join($0, by: "conversation_id", to: key, id: [], orphans: .ownRecords) }
            + (transcript
                ? [Join("chat_transcript", by: "conversation_id", to: key, id: "message_id", orphans: .ownRecords)]
                : [])
    }

    static let ceilings =
        ["users", "agents", "groups"].map { export in
            Ceiling(
                export, .morePages("links.next_page.href", unless: nil), reason: "the last page names a next one",
                remedy: "save the pages that follow and run again")
        } + [
            Ceiling(
                "messages", .morePages("link.href", unless: nil), reason: "the last page of messages names a next one",
                remedy: "save the pages that follow, down to the oldest message, and run again"),
            Ceiling(
                "conversation_ids", .always, reason: "lists of a user's conversations hold ids and nothing else",
                remedy: "get each conversation by its id, and its messages"),
            Ceiling(
                "conversation_created", .always, reason: "reports of events hold no messages",
                remedy: "extract Chat-Transcript for the same days, or get the messages by the API"),
        ]
}
