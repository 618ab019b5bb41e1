internal import ConnectorKit

/// The files that Zendesk gives, and those it is written to.
enum ZendeskExports {
    static let all = tickets + beside

    /// What belongs to a ticket and stands in other files.
    private static let partsOfTickets = [
        Join("comments", by: "ticket_id", orFile: true),
        Join("conversation_log", by: "ticket_id", orFile: true), Join("audits", by: "ticket_id"),
        Join("ticket_events", by: "ticket_id"),
        Join("satisfaction_ratings", by: "ticket_id", orphans: .ownRecords),
        Join("ticket_related", by: Join.fileNumber, id: [], orphans: .ownRecords),
    ]

    /// A user in the users file or anywhere else.
    private static let person: RecordBinding = .split(
        key: "role", values: ["end-user"], then: .contact(ZendeskBindings.contact),
        otherwise: .agent(ZendeskBindings.agent))

    /// What a search finds lies mixed.
    private static let found: RecordBinding = .told(
        by: ["status"], then: .conversation(ZendeskBindings.ticket),
        otherwise: .told(
            by: ["role"], then: person,
            otherwise: .ignored(reason: "found by a search and neither a ticket nor a user")))

    private static let tickets = [
        Export(
            "ticket_fields",
            Recognition(
                names: ["ticket_fields"], envelopes: ["ticket_fields", "ticket_field"], keys: ["id", "type", "title"],
                foreignKeys: ["state", "source", "role"]),
            .field(ZendeskBindings.ticketField), output: OutputFile("ticket_fields.jsonl", .lines)),
        Export(
            "user_fields",
            Recognition(
                names: ["user_fields"], envelopes: ["user_fields", "user_field"], keys: ["key", "title"],
                bareRequiresName: true),
            .field(ZendeskBindings.userField), output: OutputFile("user_fields.jsonl", .lines)),
        Export(
            "organization_fields",
            Recognition(
                names: ["organization_fields"], envelopes: ["organization_fields", "organization_field"],
                keys: ["key", "title"],
                bareRequiresName: true),
            .field(ZendeskBindings.organizationField), output: OutputFile("organization_fields.jsonl", .lines)),
        Export(
            "groups",
            Recognition(
                names: ["groups"], envelopes: ["groups", "group"], keys: ["id", "name"],
                foreignKeys: ["role", "organization_fields", "subject", "type", "email"], bareRequiresName: true),
            .team(ZendeskBindings.group), output: OutputFile("groups.jsonl", .lines)),
        Export(
            "organizations",
            Recognition(
                names: ["organizations"], envelopes: ["organizations", "organization"],
                keys: ["id", "name", "domain_names"]),
            .company(ZendeskBindings.organization), output: OutputFile("organizations.jsonl", .lines)),
        Export(
            "users",
            Recognition(
                names: ["users"], envelopes: ["users", "user"], keys: ["id", "role", "name"], foreignKeys: ["type"]),
            person, output: OutputFile("users.jsonl", .lines),
            joins: ["identities", "group_memberships", "organization_memberships"].map {
                Join($0, by: "user_id", orphans: .ownRecords)
            }),
        Export(
            "tickets",
            Recognition(
                names: ["tickets"], envelopes: ["tickets", "ticket"],
                keys: ["id", "subject", "tags"],
                foreignKeys: ["sys_id", "number"]),
            .conversation(ZendeskBindings.ticket), output: OutputFile("tickets.jsonl", .lines),
            joins: partsOfTickets),
        Export(
            "search_results",
            Recognition(
                names: ["search"], envelopes: ["results"], keys: ["id", "created_at", "updated_at"],
                bareRequiresName: true),
            found, output: nil, joins: partsOfTickets),
        Export(
            "comments",
            Recognition(
                names: ["comments", "ticket_comments"], envelopes: ["comments", "comment"],
                keys: ["id", "author_id", "body"], foreignKeys: ["subject", "events"]),
            .part, output: nil),
        Export(
            "conversation_log",
            Recognition(
                names: ["conversation_log", "conversation-log"], envelopes: ["events"],
                keys: ["reference", "type", "author", "content"]),
            .part, output: nil),
        Export(
            "side_conversations",
            Recognition(
                names: ["side_conversations"], envelopes: ["side_conversations", "side_conversation"],
                keys: ["id", "participants", "state", "preview_text"]),
            .conversation(ZendeskBindings.sideConversation), output: OutputFile("side_conversations.jsonl", .lines),
            joins: [Join("side_conversation_events", by: "side_conversation_id")]),
        Export(
            "side_conversation_events",
            Recognition(
                names: ["side_conversation_events"], envelopes: ["events", "event"],
                keys: ["id", "side_conversation_id", "type"]),
            .part, output: OutputFile("side_conversation_events.jsonl", .lines)),
        Export(
            "audits",
            Recognition(
                names: ["audits", "ticket_audits"], envelopes: ["audits", "audit"], keys: ["ticket_id", "events"]),
            .part, output: OutputFile("audits.jsonl", .lines)),
        Export(
            "ticket_events",
            Recognition(
                names: ["ticket_events"], envelopes: ["ticket_events"], keys: ["ticket_id", "child_events"]),
            .part, output: OutputFile("ticket_events.jsonl", .lines)),
        Export(
            "tickets_csv",
            Recognition(.csv, names: ["tickets"], keys: ["Id", "Requester", "Subject", "Status"]),
            .conversation(ZendeskBindings.ticketRow), output: nil),
        Export(
            "tickets_xml", Recognition(.xml, names: ["tickets"], keys: ["nice-id"], elements: ["ticket"]),
            .conversation(ZendeskBindings.ticketElement), output: nil, isBestEffort: true),
        Export(
            "users_xml", Recognition(.xml, names: ["users"], keys: ["roles"], elements: ["user"]),
            .contact(ZendeskBindings.userElement), output: nil, isBestEffort: true),
        Export(
            "organizations_xml", Recognition(.xml, names: ["organizations"], elements: ["organization"]),
            .company(ZendeskBindings.organizationElement), output: nil, isBestEffort: true),
    ]

    static let ceilings =
        ["tickets", "search_results"].flatMap(wholeTickets) + [
            Ceiling(
                "comments", .morePages("next_page", unless: nil), reason: "the last page of comments names a next one",
                remedy: "save the pages that follow and run again"),
            Ceiling(
                "comments", .morePages("meta.has_more", unless: nil),
                reason: "the last page of comments says that there are more",
                remedy: "save the pages that follow and run again"),
            Ceiling(
                "conversation_log", .morePages("meta.has_more", unless: nil),
                reason: "the last page of a conversation log says that there are more",
                remedy: "save the pages that follow and run again"),
            Ceiling(
                "side_conversations", .alone(without: "side_conversation_events", unless: nil),
                reason: "side conversations without their messages",
                remedy: "add the pages of side_conversations/events, or list side conversations with include=events"),
            Ceiling(
                "tickets_csv", .always, reason: "the ticket CSV holds no comments",
                remedy: "export tickets as JSON instead"),
        ]

    private static func wholeTickets(_ export: String) -> [Ceiling] {
        [
            Ceiling(
                export, .missing("comments", orElse: ["#comments", "#conversation_log", "#audits", "#ticket_events"]),
                reason: "tickets without their comments",
                remedy: "export tickets with comments (Admin Center, Reports, JSON), or add their pages of comments"),
            Ceiling(
                export, .morePages("next_page", unless: "end_of_stream"), reason: "the last page names a next one",
                remedy: "save the pages that follow and run again"),
            Ceiling(
                export, .morePages("meta.has_more", unless: nil), reason: "the last page says that there are more",
                remedy: "save the pages that follow and run again"),
        ]
    }
}
