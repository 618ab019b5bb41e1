internal import ConnectorKit
internal import ConversationModel

/// Records of the CRM: what is logged on a ticket, people, companies, properties.
///
/// Sources: <https://developers.hubspot.com/docs/api/crm/notes>, <https://developers.hubspot.com/docs/api/crm/email>,
/// <https://developers.hubspot.com/docs/guides/api/crm/objects/tickets>, read 2026-11-25.
extension HubSpotBindings {
    // MARK: Logged on a ticket

    private static func logged(_ type: String) -> [Rule<Entry>] {
        [
            .field("id", \.id, .id, isIdentity: true),
            .field("properties.hs_timestamp", \.createdAt, time),
            .field("properties.hubspot_owner_id", \.author.id, .id),
            .ofConversation(
                .derived("associations.tickets.results") { ticket in
                    .array([
                        .object([
                            JSONValue.Member("id", .string(ticket.id)), JSONValue.Member("type", .string(type)),
                        ])
                    ])
                }
            ).asReference,
            .repeated("properties.hs_object_id"), .repeated("properties.hs_createdate"),
            .repeated("properties.hs_lastmodifieddate"), .repeated("createdAt"), .repeated("updatedAt"),
            .constant("archived", .bool(false)),
        ]
    }

    /// Files are named by their ids; what they are stands in records of their own.
    private static let files: [Rule<Entry>] = [
        .attachmentIDs("properties.hs_attachment_ids", delimiter: ";"), .attachmentRecords("#files", fileRecord),
    ]

    /// Source: <https://developers.hubspot.com/docs/api-reference/files-files-v3/guide>, read 2026-11-26.
    private static let fileRecord = Binding<Attachment>(
        [.field("id", \.id, .id, isIdentity: true)]
            + Rule.fileName("name", ending: "extension", \.name) + [
                .field("size", \.size), .field("url", \.url), .constant("archived", .bool(false)),
            ]
            + [
                "type", "path", "parentFolderId", "access", "fileMd5", "defaultHostingUrl", "isUsableInContent",
                "encoding", "height", "width", "createdAt", "updatedAt", "expiresAt", "sourceGroup",
            ].map { .repeated(Path([$0])) })

    private static func always(_ kind: Entry.Kind, by author: Author.Kind) -> @Sendable () -> Entry {
        {
            var entry = Entry()
            entry.kind = kind
            entry.author.kind = author
            return entry
        }
    }

    static let note = Binding<Entry>(
        from: always(.note, by: .agent),
        logged("note_to_ticket") + [.field("properties.hs_note_body", \.html)] + files)

    static let email = Binding<Entry>(
        from: always(.message, by: .agent),
        logged("email_to_ticket") + [
            .table("properties.hs_email_direction", \.author.kind, emailDirection)
        ] + mailRules + [
            .field("properties.hs_email_text", \.text),
            .field("properties.hs_email_html", \.html),
            .constant("properties.hs_email_status", .string("SENT")),
        ] + files)

    private static let mailRules = Rule<Entry>.mailHeaders(
        "properties.hs_email_headers", subject: "properties.hs_email_subject",
        messageID: "properties.hs_email_message_id")

    private static let emailDirection = ValueTable<Author.Kind>([
        ("EMAIL", .agent), ("INCOMING_EMAIL", .contact), ("FORWARDED_EMAIL", .agent),
    ])

    static let communication = Binding<Entry>(
        from: always(.message, by: .agent),
        logged("communication_to_ticket") + [
            .table("properties.hs_communication_channel_type", \.channel, communicationChannel),
            .constant("properties.hs_communication_logged_from", .string("CRM")),
            .field("properties.hs_communication_body", \.html),
        ] + files)

    private static let communicationChannel = ValueTable<Channel>([
        ("WHATS_APP", .whatsapp), ("SMS", .sms), ("LINKEDIN_MESSAGE", .other),
    ]).unknown(.other)

    // MARK: People

    static let contact = Binding<Contact>([
        .field("id", \.id, .id),
        .propertyBag(
            "properties", \.fields, contactValues,
            repeated: ["createdate": "createdAt", "lastmodifieddate": "updatedAt"]),
        .echo("createdAt", \.createdAt, time), .echo("updatedAt", \.updatedAt, time),
        .constant("archived", .bool(false)),
        .firstReference(
            "associations.companies.results", \.company, key: "id",
            constants: [JSONValue.Member("type", .string("contact_to_company"))]),
        .repeated("url"),
    ])

    private static let contactValues: [Rule<Contact>] =
        Rule.name(first: "firstname", last: "lastname", \.name) + [
            .texts("email", \.emails, .first),
            .texts("hs_additional_emails", \.emails, .rest(";")),
            .texts("phone", \.phones, .first),
            .texts("mobilephone", \.phones, .rest(nil)),
            .field("legacy_id", \.externalID),
            .field("hs_language", \.language),
            .field("hs_timezone", \.timezone),
            .texts("tags", \.tags, .delimited(";"), omitsEmpty: true),
            .field("createdate", \.createdAt, time),
            .field("lastmodifieddate", \.updatedAt, time),
            .repeated("hs_object_id"), .repeated("hs_lastmodifieddate"),
        ]

    static let company = Binding<Company>([
        .field("id", \.id, .id),
        .propertyBag(
            "properties", \.fields, companyValues,
            repeated: ["createdate": "createdAt", "hs_lastmodifieddate": "updatedAt"]),
        .echo("createdAt", \.createdAt, time), .echo("updatedAt", \.updatedAt, time),
        .constant("archived", .bool(false)),
        .repeated("url"),
    ])

    private static let companyValues: [Rule<Company>] = [
        .field("name", \.name),
        .texts("domain", \.domains, .single()),
        .field("legacy_id", \.externalID),
        .field("createdate", \.createdAt, time),
        .field("hs_lastmodifieddate", \.updatedAt, time),
        .repeated("hs_object_id"),
    ]

    /// An owner; threads name the same person by the number of the user.
    static let owner = Binding<Agent>(
        [
            .field("id", \.id, .id),
            .field("email", \.email),
        ] + Rule.name(first: "firstName", last: "lastName", \.name) + [
            .constant("type", .string("PERSON")),
            .repeated("userId"), .repeated("userIdIncludingInactive"),
            .table("archived", \.active, [false: true, true: false]),
            .field("createdAt", \.createdAt, time),
            .repeated("updatedAt"),
            .texts("teams", \.teams, .objects(key: "id"), omitsEmpty: true),
        ])

    static let team = Binding<Team>([.field("id", \.id, .id), .field("name", \.name)])
    static let inbox = Binding<Team>([
        .field("id", \.id, .id), .field("name", \.name), .constant("type", .string("INBOX")), .repeated("createdAt"),
        .repeated("updatedAt"), .repeated("archived"),
    ])

    /// An actor of a thread who is a member of the staff or a program.
    static let staff = Binding<Agent>([
        .field("id", \.id, .pattern(prefix: "A-")), .field("name", \.name), .field("email", \.email),
        .table("type", \.role, ValueTable<Agent.Role>([("AGENT", .agent)])), .repeated("avatar"),
    ])

    static let visitor = Binding<Contact>([
        .field("id", \.id, .pattern(prefix: "V-")), .field("name", \.name), .texts("email", \.emails, .single()),
        .constant("type", .string("VISITOR")), .repeated("avatar"),
    ])

    // MARK: Properties

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
                .field("name", \.key),
                .field("label", \.label),
                .table("type", \.type, propertyType),
                .choices(
                    "options", \.options,
                    Binding<FieldDefinition.Choice>([.field("label", \.label), .field("value", \.value)])),
            ])
    }
}
