internal import ConnectorKit

/// The shapes in which Intercom's API gives records, and those they are written in.
enum IntercomExports {
    /// Records of JSON:API keep their values apart; of the same types, they are another platform's.
    private static let notOurs = ["attributes", "relationships"]

    static let all = [
        Export(
            "data_attributes",
            Recognition(
                names: ["data_attributes", "attributes"], envelopes: ["data"], keys: ["name", "data_type"],
                foreignKeys: notOurs,
                marks: ["type": ["data_attribute"]]),
            .field(IntercomBindings.attribute), output: OutputFile("data_attributes.jsonl", .lines)),
        Export(
            "conversation_attributes",
            Recognition(
                names: ["conversation_attributes"], envelopes: ["data"], keys: ["name", "data_type"],
                foreignKeys: notOurs,
                marks: ["type": ["conversation_attribute"]]),
            .field(IntercomBindings.conversationAttribute),
            output: OutputFile("conversation_attributes.jsonl", .lines)),
        Export(
            "ticket_types",
            Recognition(
                names: ["ticket_types"], envelopes: ["data", "ticket_types"], keys: ["id"], foreignKeys: notOurs,
                marks: ["type": ["ticket_type"]]),
            .ignored(reason: "kinds of ticket are settings of the account"), output: nil),
        Export(
            "teams",
            Recognition(
                names: ["teams"], envelopes: ["teams", "data"], keys: ["id", "name"], foreignKeys: notOurs,
                marks: ["type": ["team"]]),
            .team(IntercomBindings.team), output: OutputFile("teams.jsonl", .lines)),
        Export(
            "admins",
            Recognition(
                names: ["admins"], envelopes: ["admins", "data"], keys: ["id"], foreignKeys: notOurs,
                marks: ["type": ["admin"]]),
            .agent(IntercomBindings.admin), output: OutputFile("admins.jsonl", .lines)),
        Export(
            "companies",
            Recognition(
                names: ["companies"], envelopes: ["data", "companies"], keys: ["id"], foreignKeys: notOurs,
                marks: ["type": ["company"]]),
            .company(IntercomBindings.company), output: OutputFile("companies.jsonl", .lines)),
        Export(
            "contacts",
            Recognition(
                names: ["contacts"], envelopes: ["data", "contacts", "users"], keys: ["id"], foreignKeys: notOurs,
                marks: ["type": ["contact", "user", "lead"]]),
            .contact(IntercomBindings.contact), output: OutputFile("contacts.jsonl", .lines)),
        Export(
            "conversations",
            Recognition(
                names: ["conversations"], envelopes: ["conversations", "data"], keys: ["id"], foreignKeys: notOurs,
                marks: ["type": ["conversation"]]),
            .conversation(IntercomBindings.conversation), output: OutputFile("conversations.jsonl", .lines)),
        Export(
            "tickets",
            Recognition(
                names: ["tickets"], envelopes: ["tickets", "data"], keys: ["id"], foreignKeys: notOurs,
                marks: ["type": ["ticket"]]),
            .conversation(IntercomBindings.ticket), output: OutputFile("tickets.jsonl", .lines)),
        Export(
            "tags",
            Recognition(
                names: ["tags"], envelopes: ["data", "tags"], keys: ["id", "name"], foreignKeys: notOurs,
                marks: ["type": ["tag"]]),
            .ignored(reason: "tags stand by name on the records that carry them"), output: nil),
        Export(
            "segments",
            Recognition(
                names: ["segments"], envelopes: ["segments", "data"], keys: ["id"], foreignKeys: notOurs,
                marks: ["type": ["segment"]]),
            .ignored(reason: "segments are saved searches, not records"), output: nil),
        Export(
            "notes",
            Recognition(
                names: ["notes"], envelopes: ["data", "notes"], keys: ["id"], foreignKeys: notOurs,
                marks: ["type": ["note"]]),
            .ignored(reason: "notes on contacts have no place in a conversation"), output: nil),
    ]

    static let ceilings = [
        Ceiling(
            "conversations",
            .countBeyondList(count: "conversation_parts.total_count", list: "conversation_parts.conversation_parts"),
            reason: "conversations of which the API gave only the newest 500 parts",
            remedy: "ask the vendor for a full export of these conversations; their ids are in the report"),
        Ceiling(
            "tickets", .countBeyondList(count: "ticket_parts.total_count", list: "ticket_parts.ticket_parts"),
            reason: "tickets of which the API gave only the newest 500 parts",
            remedy: "ask the vendor for a full export of these tickets; their ids are in the report"),
        Ceiling(
            "conversations", .missing("conversation_parts"),
            reason: "conversations without their parts, as list and search give them",
            remedy: "retrieve each conversation by its id and export those"),
        Ceiling(
            "conversations", .morePages("pages.next", unless: nil), reason: "the last page names a next one",
            remedy: "save the pages that follow and run again"),
    ]
}
