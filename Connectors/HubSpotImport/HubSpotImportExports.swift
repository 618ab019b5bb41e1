internal import ConnectorKit
internal import ConversationModel

/// The tables that the importer takes, each with its request.
enum HubSpotImportExports {
    static let all = definitions + people + conversations + logged

    private static let tickets = ImportRequest(
        name: "tickets", object: .ticket, operation: "UPSERT", references: ["contact_legacy_id": .contact],
        known: [
            "subject", "content", "hs_pipeline", "hs_pipeline_stage", "hs_ticket_priority", "source_type",
            "hubspot_owner_id", "createdate", "closed_date",
        ])

    private static let contacts = ImportRequest(
        name: "contacts", object: .contact, operation: "UPSERT", references: ["company_legacy_id": .company],
        known: [
            "firstname", "lastname", "email", "hs_additional_emails", "phone", "mobilephone", "hs_language",
            "hs_timezone",
        ])

    private static let companies = ImportRequest(
        name: "companies", object: .company, operation: "UPSERT", references: [:], known: ["name", "domain"])

    private static let pairs = ImportRequest(
        name: "ticket_contacts", object: .ticket, operation: "UPDATE",
        references: ["ticket_legacy_id": .ticket, "contact_legacy_id": .contact], known: [])

    private static let notes = ImportRequest(
        name: "notes", object: .note, operation: "CREATE", references: ["ticket_legacy_id": .ticket], known: [])

    private static func mails(_ name: String) -> ImportRequest {
        ImportRequest(
            name: name, object: .email, operation: "CREATE",
            references: ["ticket_legacy_id": .ticket, "contact_legacy_id": .contact], known: [])
    }

    /// A table whose columns are known but for those of custom fields, which stand behind them.
    private static func table(
        _ request: ImportRequest, _ records: RecordBinding, columns: [String], joins: [Join] = []
    ) -> Export {
        Export(
            request.name,
            Recognition(
                .csv, names: [request.name], keys: Array(columns.prefix(1)), requiresName: true, keepsEmptyCells: false),
            records, output: OutputFile(request.name + ".csv", .csv(columns: columns)), joins: joins,
            guides: request.guides)
    }

    /// Definitions of custom fields, for whoever makes the properties.
    private static let definitions: [Export] = [
        definition("ticket_properties", .conversation), definition("contact_properties", .contact),
        definition("company_properties", .company),
    ]

    private static func definition(_ name: String, _ entity: Entity) -> Export {
        Export(
            name, Recognition(names: [name], envelopes: ["results"], keys: ["name", "type"], requiresName: true),
            .field(HubSpotImportBindings.property(entity)), output: OutputFile(name + ".jsonl", .lines))
    }

    private static let people: [Export] = [
        table(
            companies, .company(HubSpotImportBindings.company),
            columns: ["legacy_id", "legacy_external_id", "name", "domain", "legacy_created_at", "legacy_updated_at"]),
        table(
            contacts, .contact(HubSpotImportBindings.contact),
            columns: [
                "legacy_id", "legacy_external_id", "firstname", "lastname", "email", "hs_additional_emails", "phone",
                "mobilephone", "hs_language", "hs_timezone", "tags", "legacy_created_at", "legacy_updated_at",
                "company_legacy_id",
            ]),
    ]

    private static let conversations: [Export] = [
        table(
            tickets, .conversation(HubSpotImportBindings.ticket),
            columns: [
                "legacy_id", "legacy_external_id", "subject", "content", "hs_pipeline", "hs_pipeline_stage",
                "hs_ticket_priority", "source_type", "hubspot_owner_id", "tags", "createdate", "closed_date",
                "legacy_updated_at", "contact_legacy_id",
            ],
            joins: [
                Join("ticket_contacts", by: "ticket_legacy_id", to: "legacy_id", id: []),
                Join("notes", by: "ticket_legacy_id", to: "legacy_id", id: "hs_unique_creation_key"),
                Join("incoming_emails", by: "ticket_legacy_id", to: "legacy_id", id: "hs_unique_creation_key"),
                Join("outgoing_emails", by: "ticket_legacy_id", to: "legacy_id", id: "hs_unique_creation_key"),
            ])
    ]

    private static let mailColumns = [
        "hs_email_direction", "hs_email_status", "hs_email_headers", "hs_email_subject", "hs_email_message_id",
        "hs_email_text", "hs_email_html",
    ]
    private static let logColumns = ["ticket_legacy_id", "hs_unique_creation_key", "hs_timestamp"]

    private static let logged: [Export] = [
        table(pairs, .part, columns: ["ticket_legacy_id", "contact_legacy_id"]),
        table(notes, .part, columns: logColumns + ["hubspot_owner_id", "hs_note_body"]),
        table(mails("incoming_emails"), .part, columns: logColumns + ["contact_legacy_id"] + mailColumns),
        table(mails("outgoing_emails"), .part, columns: logColumns + ["hubspot_owner_id"] + mailColumns),
    ]
}
