internal import ConnectorKit
internal import ConversationModel

/// Rows of the CRM importer's tables, and the neutral model.
///
/// A column is named after its property; one that names another record begins with the kind of that record.
///
/// Sources: <https://developers.hubspot.com/docs/api-reference/crm-imports-v3/guide>,
/// <https://knowledge.hubspot.com/import-and-export/set-up-your-import-file>,
/// <https://knowledge.hubspot.com/import-and-export/understand-the-import-tool>, read 2026-11-26.
enum HubSpotImportBindings {
    /// Cells of a moment are milliseconds, which need no date format and no time zone.
    private static let time = InstantCodec.unixMillisecondsText

    /// Characters of a note's body.
    ///
    /// Source: <https://developers.hubspot.com/docs/api/crm/notes>
    static let bodyLimit = 65536

    // MARK: Values

    /// Stages of the default pipeline.
    ///
    /// Assumed: the numbers of the default pipeline.
    private static let stage = ValueTable<Status>([("1", .new), ("2", .pending), ("3", .open), ("4", .closed)])
        .unknown(.open).nearest([.onHold: .pending, .snoozed: .pending, .solved: .closed])

    private static let priority = ValueTable<Priority>([
        ("LOW", .low), ("MEDIUM", .normal), ("HIGH", .high), ("URGENT", .urgent),
    ])

    private static let source = ValueTable<Channel>([
        ("CHAT", .chat), ("EMAIL", .email), ("FORM", .web), ("PHONE", .phone),
    ]).unknown(.other)

    // MARK: Tickets

    static let ticket = Binding<Conversation>(
        ticketColumns + [.columns(\.fields, besides: ticketColumns)] + ticketParts)

    private static let ticketColumns: [Rule<Conversation>] = [
        .field("legacy_id", \.id, .id),
        .field("legacy_external_id", \.externalID),
        .field("subject", \.subject),
        .description("content"),
        .constant("hs_pipeline", .string("0")),
        .table("hs_pipeline_stage", \.status, stage),
        .table("hs_ticket_priority", \.priority, priority),
        .table("source_type", \.channel, source),
        .address("hubspot_owner_id", \.assignee),
        .texts("tags", \.tags, .delimited(";"), omitsEmpty: true),
        .field("createdate", \.createdAt, time),
        .field("closed_date", \.closedAt, time),
        .field("legacy_updated_at", \.updatedAt, time),
        .field("contact_legacy_id", \.requester, .id),
    ]

    private static let ticketParts: [Rule<Conversation>] = [
        .participants(
            "#ticket_contacts", .contact, .participant, .id, element: ("contact_legacy_id", []),
            owner: "ticket_legacy_id", omitsEmpty: true),
        .timeline("#notes", note, takes: { $0.kind == .note }),
        .timeline("#incoming_emails", incoming, takes: { $0.kind == .message && $0.author.kind == .contact }),
        .timeline("#outgoing_emails", outgoing, takes: { $0.kind == .message && $0.author.kind != .contact }),
    ]

    // MARK: Notes and e-mails

    private static func always(_ kind: Entry.Kind, by author: Author.Kind) -> @Sendable () -> Entry {
        {
            var entry = Entry()
            entry.kind = kind
            entry.author.kind = author
            return entry
        }
    }

    private static let logged: [Rule<Entry>] = [
        .ofConversation(.field("ticket_legacy_id", \.id, .id)).asReference,
        .field("hs_unique_creation_key", \.id, .id, isIdentity: true),
        .field("hs_timestamp", \.createdAt, time),
    ]

    private static let byStaff: [Rule<Entry>] = [.staffAuthor("hubspot_owner_id")]

    static let note = Binding<Entry>(
        from: always(.note, by: .agent), logged + byStaff + [.field("hs_note_body", \.html, limit: bodyLimit)])

    private static let mail: [Rule<Entry>] =
        [.constant("hs_email_status", .string("SENT"))]
        + Rule<Entry>.mailHeaders(
            "hs_email_headers", subject: "hs_email_subject", messageID: "hs_email_message_id")
        + [.field("hs_email_text", \.text), .field("hs_email_html", \.html)]

    static let incoming = Binding<Entry>(
        from: always(.message, by: .contact),
        logged + [
            .constant("hs_email_direction", .string("INCOMING_EMAIL")),
            .contactAuthor("contact_legacy_id"),
        ] + mail)

    static let outgoing = Binding<Entry>(
        from: always(.message, by: .agent),
        logged + byStaff + [.constant("hs_email_direction", .string("EMAIL"))] + mail)

    // MARK: Definitions of custom fields

    private static let propertyType = ValueTable<FieldDefinition.Kind>([
        ("string", .text), ("number", .number), ("bool", .boolean), ("date", .date), ("datetime", .datetime),
        ("enumeration", .choice), ("phone_number", .text),
    ]).unknown(.other).nearest([.multiChoice: .choice])

    static func property(_ entity: Entity) -> Binding<FieldDefinition> {
        Binding<FieldDefinition>(
            from: {
                var field = FieldDefinition()
                field.of = entity
                return field
            },
            [
                .field("name", \.key), .field("label", \.label), .table("type", \.type, propertyType),
                .choices("options", \.options, choice),
            ])
    }

    private static let choice = Binding<FieldDefinition.Choice>([.field("label", \.label), .field("value", \.value)])

    // MARK: People

    static let contact = Binding<Contact>(contactColumns + [.columns(\.fields, besides: contactColumns)])

    private static let contactColumns: [Rule<Contact>] =
        [.field("legacy_id", \.id, .id), .field("legacy_external_id", \.externalID)]
        + Rule.name(first: "firstname", last: "lastname", \.name) + [
            .texts("email", \.emails, .first),
            .texts("hs_additional_emails", \.emails, .rest(";")),
            .texts("phone", \.phones, .first),
            .texts("mobilephone", \.phones, .rest(nil)),
            .field("hs_language", \.language),
            .field("hs_timezone", \.timezone),
            .texts("tags", \.tags, .delimited(";"), omitsEmpty: true),
            .field("legacy_created_at", \.createdAt, time),
            .field("legacy_updated_at", \.updatedAt, time),
            .field("company_legacy_id", \.company, .id),
        ]

    static let company = Binding<Company>(companyColumns + [.columns(\.fields, besides: companyColumns)])

    private static let companyColumns: [Rule<Company>] = [
        .field("legacy_id", \.id, .id),
        .field("legacy_external_id", \.externalID),
        .field("name", \.name),
        .texts("domain", \.domains, .single()),
        .field("legacy_created_at", \.createdAt, time),
        .field("legacy_updated_at", \.updatedAt, time),
    ]
}
