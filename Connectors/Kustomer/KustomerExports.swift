internal import ConnectorKit

/// The files that Kustomer gives, and those it is written to.
enum KustomerExports {
    /// Records of the API say what they are; they come alone under `data`, in pages, beside others under `included`, or as lines.
    ///
    /// Source: <https://developer.kustomer.com/docs/concepts/json-api-format>
    private static func records(_ names: [String], type: String...) -> Recognition {
        Recognition(
            names: names, envelopes: ["data", "included"], keys: ["type", "attributes"], marks: ["type": type])
    }

    static let all = [
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
    ]

    static let ceilings = [
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
