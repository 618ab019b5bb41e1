internal import ConnectorKit

/// The files that Kustomer gives, and those it is written to.
enum KustomerExports {
    /// Records of the API say what they are; they come alone or in pages under `data`, beside others under `included`, or as lines;
    /// what webhooks and streams say of a record holds it under `data`, too.
    ///
    /// Source: <https://developer.kustomer.com/docs/concepts/json-api-format>
    private static func records(_ names: [String], type: String...) -> Recognition {
        Recognition(
            names: names, envelopes: ["data", "included"], keys: ["type", "attributes"], marks: ["type": type],
            wrapsRecords: true)
    }

    /// Tables by their columns' names; a name alone could be anybody's.
    private static func table(_ name: String, _ columns: String...) -> Recognition {
        Recognition(.csv, names: [name], keys: columns, requiresName: true)
    }

    static let all = saved + tables

    private static let saved: [Export] = [
        Export(
            "teams", records(["teams"], type: "team"), .team(KustomerBindings.team),
            output: OutputFile("teams.jsonl", .lines)),
        Export(
            "users", records(["users"], type: "user"), .agent(KustomerBindings.user),
            output: OutputFile("users.jsonl", .lines)),
        Export(
            "companies", records(["companies"], type: "company"), .company(KustomerBindings.company),
            output: OutputFile("companies.jsonl", .lines)),
        Export(
            "customers", records(["customers"], type: "customer"), .contact(KustomerBindings.customer),
            output: OutputFile("customers.jsonl", .lines)),
        Export(
            "conversations", records(["conversations"], type: "conversation"),
            .conversation(KustomerBindings.conversation), output: OutputFile("conversations.jsonl", .lines),
            joins: [
                Join("messages", by: "relationships.conversation.data.id"),
                Join("notes", by: "relationships.conversation.data.id"),
            ]),
        Export(
            "messages", records(["messages"], type: "message"), .part, output: OutputFile("messages.jsonl", .lines),
            joins: [Join("attachments", by: "relationships.message.data.id")]),
        Export(
            "notes", records(["notes"], type: "note"), .part, output: OutputFile("notes.jsonl", .lines),
            joins: [Join("attachments", by: "relationships.note.data.id")]),
        Export(
            "attachments", records(["attachments"], type: "attachment"), .part,
            output: OutputFile("attachments.jsonl", .lines)),
        Export(
            "tags", records(["tags"], type: "tag"),
            .ignored(reason: "conversations and customers name their tags"), output: nil),
        Export(
            "events", records(["events"], type: "event", "customer_event", "customer_session", "conversation_time"),
            .ignored(reason: "the history that the platform writes is not read yet"), output: nil),
        Export(
            "drafts", records(["drafts"], type: "draft", "forward"),
            .ignored(reason: "nobody but their author has seen them"), output: nil),
        Export(
            "kobjects", records(["kobjects"], type: "kobject", "kobject.*"),
            .ignored(reason: "objects of the account's own, such as orders, have no place"), output: nil),
        Export(
            "settings",
            records(
                ["metadata", "brands"], type: "metadata", "brand", "shortcut", "schedule", "sla", "satisfaction",
                "klass",
                "queue", "org"),
            .ignored(reason: "settings of the account"), output: nil),
    ]

    private static let tables: [Export] = [
        Export(
            "customers_csv", table("customers", "id", "emails", "externalId"),
            .contact(KustomerBindings.customerRow(.system)), output: OutputFile("customers.csv", .csv(columns: []))),
        Export(
            "customers_table", table("customers", "ID", "Emails", "External ID"),
            .contact(KustomerBindings.customerRow(.display)),
            output: OutputFile("customers-table.csv", .csv(columns: []))),
        Export(
            "users_csv", table("users", "id", "email", "userType"),
            .agent(KustomerBindings.userRow(.system)), output: OutputFile("users.csv", .csv(columns: []))),
        Export(
            "users_table", table("users", "ID", "Email", "User Type"),
            .agent(KustomerBindings.userRow(.display)), output: OutputFile("users-table.csv", .csv(columns: []))),
        Export(
            "companies_csv", table("companies", "id", "name", "externalId", "domains"),
            .company(KustomerBindings.companyRow(.system)), output: OutputFile("companies.csv", .csv(columns: []))),
        Export(
            "companies_table", table("companies", "ID", "Name", "External ID", "Domains"),
            .company(KustomerBindings.companyRow(.display)),
            output: OutputFile("companies-table.csv", .csv(columns: []))),
        Export(
            "conversations_csv", table("conversations", "id", "status", "channels", "messageCount"),
            .conversation(KustomerBindings.conversationRow(.system)),
            output: OutputFile("conversations.csv", .csv(columns: []))),
        Export(
            "conversations_table", table("conversations", "ID", "Status", "Channels", "Message Count"),
            .conversation(KustomerBindings.conversationRow(.display)),
            output: OutputFile("conversations-table.csv", .csv(columns: []))),
    ]

    private static let headsOnly =
        "save the conversations from the API instead, with their messages and notes (see README)"

    static let ceilings = [
        Ceiling(
            "conversations_csv", .always, reason: "data exports of conversations hold no messages", remedy: headsOnly),
        Ceiling(
            "conversations_table", .always, reason: "data exports of conversations hold no messages", remedy: headsOnly),
        Ceiling(
            "conversations", .countBeyondList(count: "attributes.messageCount", list: "#messages"),
            reason: "conversations that count more messages than there are",
            remedy: "save GET /v1/conversations/{id}/messages?include=attachments of each, all pages, beside them"),
        Ceiling(
            "conversations", .countBeyondList(count: "attributes.noteCount", list: "#notes"),
            reason: "conversations that count more notes than there are",
            remedy: "save GET /v1/conversations/{id}/notes of each, all pages, beside them"),
        Ceiling(
            "conversations", .morePages("links.next", unless: nil), reason: "the last page names a next one",
            remedy:
                "save the pages that follow; a search gives 100 pages and the last two years: restart it from the last updatedAt, and ask /v1/customers/archive/search for what is older"
        ),
        Ceiling(
            "customers", .morePages("links.next", unless: nil), reason: "the last page names a next one",
            remedy: "save the pages that follow; a search gives 100 pages: restart it from the last updatedAt"),
    ]
}
