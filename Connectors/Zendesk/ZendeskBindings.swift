internal import ConnectorKit
internal import ConversationModel

/// Zendesk's records in JSON and the neutral model.
///
/// Sources: <https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/>,
/// <https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_comments/>,
/// <https://developer.zendesk.com/api-reference/ticketing/users/users/>, read 2026-11-24.
enum ZendeskBindings {
    static let id = TextCodec.integerID()
    static let time = InstantCodec.iso8601(.seconds)

    static let status: ValueTable<Status> = ValueTable([
        ("new", .new), ("open", .open), ("pending", .pending), ("hold", .onHold), ("solved", .solved),
        ("closed", .closed), ("deleted", .closed),
    ]).unknown(.open).nearest([.snoozed: .onHold])

    static let priority: ValueTable<Priority> = ["low": .low, "normal": .normal, "high": .high, "urgent": .urgent]

    static let channel: ValueTable<Channel> = ValueTable([
        ("web", .web), ("email", .email), ("chat", .chat), ("api", .api), ("sms", .sms), ("voice", .phone),
        ("whatsapp", .whatsapp), ("facebook", .facebook), ("instagram_dm", .instagram), ("twitter", .x),
        ("telegram", .telegram), ("line", .line), ("viber", .viber), ("apple", .appleMessages),
        ("native_messaging", .inApp), ("help_center", .forum), ("any_channel", .other), ("phone", .phone),
        ("chat_transcript", .chat), ("messaging", .inApp), ("web_widget", .web), ("mobile", .inApp),
        ("mobile_sdk", .inApp), ("sample_ticket", .other), ("rule", .other), ("system", .other),
        ("closed_ticket", .web), ("side_conversation", .other), ("ticket_sharing", .other), ("forum", .forum),
    ]).unknown(.other)

    // MARK: Tickets

    static let ticket = Binding<Conversation>([
        .field("url", \.source.url),
        .field("id", \.id, id),
        .field("external_id", \.externalID).orNull,
        .table("via.channel", \.channel, channel),
        .link("via.source.from.ticket_id", .followUpOf, id),
        .field("created_at", \.createdAt, time),
        .field("updated_at", \.updatedAt, time),
        .field("subject", \.subject).orNull,
        .repeated("raw_subject"),
        .lentTimeline("#comments", comment),
        .lentTimeline("#conversation_log", logged, quieting: { $0.channel == .chat }),
        .description("description"),
        .table("priority", \.priority, priority).orNull,
        .table("status", \.status, status),
        .field("requester_id", \.requester, id).orNull.rival("requester"),
        .embedded("requester", \.requester, .contact, id),
        .repeated("submitter_id"),
        .embedded("submitter", nil, .contact, id),
        .field("assignee_id", \.assignee, id).orNull.rival("assignee"),
        .embedded("assignee", \.assignee, .agent, id),
        .field("group_id", \.team, id).orNull.rival("group"),
        .alternate("group.id", \.team, id),
        .field("brand_id", \.brand, id),
        .participants("follower_ids", .agent, .follower, id).rival("collaborator_ids"),
        .participants("email_cc_ids", .contact, .cc, id).rival("collaborator_ids"),
        .alternateParticipants("collaborator_ids", .contact, .cc, id),
        .link("problem_id", .parent, id),
        .links("followup_ids", .child, id),
        .texts("tags", \.tags),
        .fieldPairs("custom_fields", \.fields, key: "id", value: "value", id),
        .repeated("fields"),
        rating("satisfaction_rating"),
        .lent("#satisfaction_ratings", last: [rating([])]),
        .lent("#ticket_related", first: [.links("followup_source_ids", .followUpOf, id)]),
        .saidLink("#merged", .mergedInto, behind: ["This request was closed and merged into request #"]),
        .timeline(
            "comments", comment, takes: { !$0.kind.isEvent && !$0.isLogged }, description: .repeatsFirst, order: .time),
        .log("#audits", auditLog, batch: audit, comment: loggedComment),
        .log("#ticket_events", auditLog, batch: audit, comment: loggedComment),
        .repeated("generated_timestamp"),
        .opensDescription("is_public"),
        .repeated("allow_channelback"),
        .repeated("allow_attachments"),
        .repeated("has_incidents"),
    ])

    private static func rating(_ path: Path) -> Rule<Conversation> {
        .rating(path, \.rating, scale: 2, bareKey: "score", mark)
    }

    private static let mark = Binding<Rating>([
        .table("score", \.score, score),
        .field("comment", \.comment),
    ])

    /// Asked for but not given counts as no rating; its word is kept.
    private static let score: ValueTable<Int> = ValueTable([
        ("good", 2), ("bad", 1), ("good_with_comment", 2), ("bad_with_comment", 1), ("received_good", 2),
        ("received_bad", 1), ("offered", 0), ("unoffered", 0),
    ])

    static let comment = Binding<Entry>([
        .field("id", \.id, id, isIdentity: true),
        .constant("type", .string("Comment")),
        .field("author_id", \.author.id, id).orNull,
        .echo("body", \.text),
        .field("html_body", \.html),
        .field("plain_body", \.text).rival("body"),
        .table("public", \.kind, [true: .message, false: .note]),
        .attachments("attachments", \.attachments, attachment),
        .repeated("audit_id"),
        .table("via.channel", \.channel, channel),
        .field("created_at", \.createdAt, time),
    ])

    // MARK: Logs

    /// What audits and ticket events tell; events cannot be imported, so logs are only read.
    ///
    /// Sources: <https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_audits/>,
    /// <https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/>, read 2026-11-25.
    private static let auditLog = EventLog(
        changes: ["events", "child_events"], types: ["type", "event_type"], valueChanges: ["Change"],
        comments: ["Comment", "VoiceComment", "TpeVoiceComment"],
        hidings: ["CommentPrivacyChange": "comment_id"], name: "field_name", from: "previous_value",
        to: "value",
        events: [
            "status": .status, "assignee_id": .assigned, "group_id": .teamAssigned, "priority": .priority,
            "tags": .tagAdded,
        ])

    /// An audit and a ticket event: the first says its time as text, the other as a number.
    private static let audit = Binding<Entry>([
        .field("author_id", \.author.id, id),
        .alternate("updater_id", \.author.id, id),
        .field("created_at", \.createdAt, time),
        .field("timestamp", \.createdAt, .unixSeconds),
    ])

    /// A comment inside an audit takes time and author from it where it says none.
    private static let loggedComment = Binding<Entry>([
        .field("author_id", \.author.id, id),
        .echo("body", \.text),
        .field("html_body", \.html),
        .field("plain_body", \.text),
        .table("public", \.kind, [true: .message, false: .note]),
        .attachments("attachments", \.attachments, attachment),
        .field("created_at", \.createdAt, time),
    ])

    static let attachment = Binding<Attachment>([
        .repeated("url"),
        .field("id", \.id, id, isIdentity: true),
        .field("file_name", \.name),
        .field("content_url", \.url),
        .repeated("mapped_content_url"),
        .field("content_type", \.contentType),
        .field("size", \.size),
        .flag("inline", \.inline, omitting: false),
    ])

    // MARK: People

    static let contact = Binding<Contact>([
        .field("id", \.id, id),
        .field("url", \.source.url),
        .field("name", \.name).orNull,
        .texts("email", \.emails, .single()).orNull,
        .field("created_at", \.createdAt, time),
        .field("updated_at", \.updatedAt, time),
        .field("time_zone", \.timezone),
        .repeated("iana_time_zone"),
        .repeated("locale_id"),
        .texts("phone", \.phones, .single()).orNull,
        .field("locale", \.language),
        .field("organization_id", \.company, id).orNull,
        .constant("role", .string("end-user")),
        .field("external_id", \.externalID).orNull,
        .texts("tags", \.tags),
        .flag("suspended", \.blocked),
        .fields("user_fields", \.fields),
        .lent(
            "#identities",
            each: [
                .adding("value", \.emails, where: ("type", "email")),
                .adding("value", \.phones, where: ("type", "phone_number")),
            ]),
        .lent("#organization_memberships", first: [.field("organization_id", \.company, id)]),
    ])

    static let agent = Binding<Agent>([
        .field("id", \.id, id),
        .field("url", \.source.url),
        .field("name", \.name).orNull,
        .field("email", \.email).orNull,
        .field("created_at", \.createdAt, time),
        .table(
            "role", \.role,
            ValueTable([("agent", .agent), ("admin", .admin)]).unknown(.agent).absent("agent")
                .nearest([.light: .agent, .bot: .agent])),
        .flag("active", \.active),
        .texts("default_group_id", \.teams, .single(id)).orNull,
        .lent("#group_memberships", each: [.adding("group_id", \.teams)]),
    ])

    static let organization = Binding<Company>([
        .field("id", \.id, id),
        .field("url", \.source.url),
        .field("name", \.name).orNull,
        .field("external_id", \.externalID).orNull,
        .field("created_at", \.createdAt, time),
        .field("updated_at", \.updatedAt, time),
        .texts("domain_names", \.domains),
        .fields("organization_fields", \.fields),
    ])

    static let group = Binding<Team>([
        .field("id", \.id, id),
        .field("url", \.source.url),
        .field("name", \.name).orNull,
    ])

    // MARK: Fields

    private static let fieldType: ValueTable<FieldDefinition.Kind> = ValueTable([
        ("text", .text), ("textarea", .text), ("regexp", .text), ("decimal", .number), ("integer", .number),
        ("checkbox", .boolean), ("date", .date), ("tagger", .choice), ("dropdown", .choice),
        ("multiselect", .multiChoice), ("lookup", .other), ("partialcreditcard", .text), ("subject", .text),
        ("description", .text), ("status", .choice), ("tickettype", .choice), ("priority", .choice), ("group", .other),
        ("assignee", .other), ("custom_status", .other),
    ]).unknown(.other).nearest([.datetime: .date])

    private static let options = Binding<FieldDefinition.Choice>([
        .field("name", \.label), .field("value", \.value),
    ])

    private static func of(_ entity: Entity) -> @Sendable () -> FieldDefinition {
        {
            var field = FieldDefinition()
            field.of = entity
            return field
        }
    }

    /// Tickets carry their fields by id.
    static let ticketField = Binding<FieldDefinition>(
        from: of(.conversation),
        [
            .field("id", \.id, id),
            .table("type", \.type, fieldType),
            .field("title", \.label),
            .repeated("raw_title"),
            .choices("custom_field_options", \.options, options),
        ])

    /// Users and organizations carry their fields by key.
    static let userField = keyedField(.contact)
    static let organizationField = keyedField(.company)

    private static func keyedField(_ entity: Entity) -> Binding<FieldDefinition> {
        Binding(
            from: of(entity),
            [
                .field("id", \.id, id),
                .field("key", \.key),
                .table("type", \.type, fieldType),
                .field("title", \.label),
                .repeated("raw_title"),
                .choices("custom_field_options", \.options, options),
            ])
    }
}
