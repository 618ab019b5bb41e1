internal import ConnectorKit
internal import ConversationModel

/// The shapes in which HubSpot gives records, and those they are written in.
enum HubSpotExports {
    static let all = properties + people + conversations + logged + tables + leftOut

    private static func list(_ name: String, _ keys: [String], foreign: [String] = [], named: Bool = false)
        -> Recognition
    {
        Recognition(
            names: [name], envelopes: ["results"], keys: ["id"] + keys, foreignKeys: foreign, requiresName: named)
    }

    private static let properties = [
        Export(
            "ticket_properties",
            Recognition(
                names: ["ticket_properties", "tickets_properties"], envelopes: ["results"], keys: ["name", "type"],
                requiresName: true),
            .field(HubSpotBindings.property(.conversation)), output: OutputFile("ticket_properties.jsonl", .lines)),
        Export(
            "contact_properties",
            Recognition(
                names: ["contact_properties", "contacts_properties"], envelopes: ["results"], keys: ["name", "type"],
                requiresName: true),
            .field(HubSpotBindings.property(.contact)), output: OutputFile("contact_properties.jsonl", .lines)),
        Export(
            "company_properties",
            Recognition(
                names: ["company_properties", "companies_properties"], envelopes: ["results"], keys: ["name", "type"],
                requiresName: true),
            .field(HubSpotBindings.property(.company)), output: OutputFile("company_properties.jsonl", .lines)),
    ]

    private static let people = [
        Export(
            "teams", list("teams", ["name"], foreign: ["type", "properties"], named: true),
            .team(HubSpotBindings.team), output: OutputFile("teams.jsonl", .lines)),
        Export(
            "inboxes", list("inboxes", ["name", "type"], foreign: ["properties"], named: true),
            .team(HubSpotBindings.inbox), output: OutputFile("inboxes.jsonl", .lines)),
        Export(
            "owners", list("owners", [], foreign: ["properties", "name"], named: true), .agent(HubSpotBindings.owner),
            output: OutputFile("owners.jsonl", .lines)),
        Export(
            "companies", list("companies", ["properties"], named: true), .company(HubSpotBindings.company),
            output: OutputFile("companies.jsonl", .lines)),
        Export(
            "contacts", list("contacts", ["properties"], named: true), .contact(HubSpotBindings.contact),
            output: OutputFile("contacts.jsonl", .lines)),
        Export(
            "actors", Recognition(names: ["actors"], envelopes: ["results"], keys: ["id", "type"], requiresName: true),
            .split(
                key: "type", values: ["VISITOR"], then: .contact(HubSpotBindings.visitor),
                otherwise: .agent(HubSpotBindings.staff)), output: OutputFile("actors.jsonl", .lines)),
    ]

    private static let conversations = [
        Export(
            "tickets", list("tickets", ["properties"], named: true), .conversation(HubSpotBindings.ticket),
            output: OutputFile("tickets.jsonl", .lines),
            joins: [
                Join("notes", by: "associations.tickets.results"), Join("emails", by: "associations.tickets.results"),
                Join("communications", by: "associations.tickets.results"),
                Join("threads", by: "threadAssociations.associatedTicketId", orphans: .ownRecords),
            ]),
        Export(
            "threads", list("threads", [], foreign: ["properties", "name"], named: true),
            .conversation(HubSpotBindings.thread),
            output: OutputFile("threads.jsonl", .lines), joins: [Join("messages", by: "conversationsThreadId")]),
        Export(
            "messages", list("messages", ["conversationsThreadId", "type"]), .part,
            output: OutputFile("messages.jsonl", .lines)),
    ]

    private static let logged =
        ["notes", "emails", "communications"].map { name in
            Export(
                name, list(name, ["properties"], named: true), .part, output: OutputFile(name + ".jsonl", .lines),
                joins: [Join("files", by: "id", to: "properties.hs_attachment_ids", orphans: .ownRecords)])
        } + [
            Export(
                "files", list("files", ["name", "extension"], named: true),
                .ignored(reason: "files that no note, mail or communication names"),
                output: OutputFile("files.jsonl", .lines))
        ]

    private static let tables = [
        Export(
            "tickets_csv", Recognition(.csv, names: ["tickets"], keys: ["Record ID", "Ticket name"]),
            .conversation(HubSpotTables.ticket), output: nil),
        Export(
            "contacts_csv", Recognition(.csv, names: ["contacts"], keys: ["Record ID", "First Name", "Last Name"]),
            .contact(HubSpotTables.contact), output: nil),
        Export(
            "companies_csv",
            Recognition(
                .csv, names: ["companies"], keys: ["Record ID", "Company name"]),
            .company(HubSpotTables.company), output: nil),
    ]

    private static let leftOut = [
        Export(
            "channels", list("channels", ["name"], foreign: ["properties", "type"], named: true),
            .ignored(reason: "channels stand by their ids on threads and messages"), output: nil),
        Export(
            "pipelines", list("pipelines", ["stages"]),
            .ignored(reason: "stages of the account's own pipelines are mapped by values"), output: nil),
    ]

    static let ceilings = [
        Ceiling(
            "tickets", .morePages("paging.next", unless: nil), reason: "the last page of tickets names a next one",
            remedy: "save the pages that follow and run again"),
        Ceiling(
            "threads", .morePages("paging.next", unless: nil), reason: "the last page of threads names a next one",
            remedy: "save the pages that follow and run again"),
        Ceiling(
            "threads", .missing("#messages"), reason: "threads without their messages",
            remedy: "save the messages of each thread (threads/ID/messages) beside the threads"),
        Ceiling(
            "tickets_csv", .always, reason: "the ticket CSV holds no messages",
            remedy: "save tickets, threads and messages from the API"),
    ]
}

/// Tables of an index page, with the labels that people see.
///
/// Assumed: the labels of an English account; times in the account's zone are read as UTC.
enum HubSpotTables {
    private static let stage = ValueTable<Status>([
        ("new", .new), ("waiting on contact", .pending), ("waiting on us", .open), ("closed", .closed),
    ]).ignoringCase.unknown(.open)

    private static let priority = ValueTable<Priority>([
        ("low", .low), ("medium", .normal), ("high", .high), ("urgent", .urgent),
    ]).ignoringCase

    private static let source = ValueTable<Channel>([
        ("chat", .chat), ("email", .email), ("form", .web), ("phone", .phone),
    ]).ignoringCase.unknown(.other)

    static let ticket = Binding<Conversation>([
        .field("Record ID", \.id),
        .field("Ticket name", \.subject),
        .description("Ticket description"),
        .table("Ticket status", \.status, stage),
        .table("Priority", \.priority, priority),
        .table("Source", \.channel, source),
        .field("Create date", \.createdAt, .dateTime),
        .field("Close date", \.closedAt, .dateTime),
        .field("Last modified date", \.updatedAt, .dateTime),
        .field("Associated Contact IDs", \.requester),
    ])

    static let contact = Binding<Contact>(
        Rule.name(first: "First Name", last: "Last Name", \.name) + [
            .field("Record ID", \.id),
            .texts("Email", \.emails, .single()),
            .texts("Phone Number", \.phones, .single()),
            .field("Create Date", \.createdAt, .dateTime),
            .field("Associated Company IDs", \.company),
        ])

    static let company = Binding<Company>([
        .field("Record ID", \.id),
        .field("Company name", \.name),
        .texts("Company Domain Name", \.domains, .single()),
        .field("Create Date", \.createdAt, .dateTime),
    ])
}
