internal import ConnectorKit
internal import ConversationModel

/// Intercom's records and the neutral model.
///
/// Source: <https://github.com/intercom/Intercom-OpenAPI>, description 2.16, read 2026-11-24.
enum IntercomBindings {
    static let time = InstantCodec.unixSeconds
    static let assignee = TextCodec.integerID(zeroIsNone: true)
    /// An old sentinel for "never" lies in the year 4018.
    static let never = Instant(seconds: 4_102_444_800)

    static let state: ValueTable<Status> = ValueTable([
        ("open", .open), ("closed", .closed), ("snoozed", .snoozed),
    ]).unknown(.open).nearest([.new: .open, .pending: .open, .onHold: .open, .solved: .closed])

    /// `none` and no value are the same; before version 2.16 there were only two words.
    static let priority: ValueTable<Priority> = ValueTable([
        ("low", .low), ("medium", .normal), ("high", .high), ("urgent", .urgent), ("priority", .high),
    ]).absent("none", "not_priority")

    static let channel: ValueTable<Channel> = ValueTable([
        ("conversation", .chat), ("email", .email), ("facebook", .facebook), ("instagram", .instagram),
        ("phone_call", .phone), ("sms", .sms), ("twitter", .x), ("whatsapp", .whatsapp), ("api", .api),
        ("telegram", .telegram), ("line", .line), ("viber", .viber), ("apple", .appleMessages), ("push", .inApp),
        ("messenger", .chat), ("phone_switch", .phone), ("web", .web), ("forum", .forum), ("other", .other),
    ]).unknown(.other)

    // MARK: Conversations

    static let conversation = Binding<Conversation>([
        .constant("type", .string("conversation")),
        .field("id", \.id, .id),
        .field("title", \.subject).orNull.rival("source"),
        .field("created_at", \.createdAt, time),
        .field("updated_at", \.updatedAt, time),
        .repeated("waiting_since"),
        .field("snoozed_until", \.snoozedUntil, time, noneFrom: never).orNull,
        .derived("open") { .bool($0.status != .closed) },
        .table("state", \.status, state),
        .repeated("read"),
        .table("priority", \.priority, priority),
        .field("admin_assignee_id", \.assignee, assignee).orNull,
        .field("team_assignee_id", \.team, assignee).orNull,
        .firstMessage("source", source),
        .participants(
            "contacts.contacts", .contact, .participant, .id,
            element: ("id", [JSONValue.Member("type", .string("contact"))]), firstIsRequester: true),
        .constant("contacts.type", .string("contact.list")),
        .participants(
            "teammates.admins", .agent, .participant, .id,
            element: ("id", [JSONValue.Member("type", .string("admin"))])),
        .constant("teammates.type", .string("admin.list")),
        .repeated("first_contact_reply"),
        .texts("tags.tags", \.tags, .objects(key: "name", constants: [JSONValue.Member("type", .string("tag"))])),
        .constant("tags.type", .string("tag.list")),
        .fields("custom_attributes", \.fields),
        .rating(
            "conversation_rating", \.rating, scale: 5,
            Binding([
                .field("rating", \.score),
                .field("remark", \.comment),
                .field("created_at", \.createdAt, time),
            ])
        ).orNull,
        .repeated("statistics"),
        .timeline("conversation_parts.conversation_parts", part, behindFirst: true, splitsEventsWithText: true),
        .constant("conversation_parts.type", .string("conversation_part.list")),
        .count("conversation_parts.total_count") { $0.countOfParts },
    ])

    private static let author = Binding<Author>([
        .table(
            "type", \.kind,
            ValueTable([
                ("user", .contact), ("admin", .agent), ("bot", .bot), ("lead", .contact), ("contact", .contact),
                ("team", .agent),
            ]).unknown(.contact).nearest([.system: .bot])),
        .field("id", \.id, .id).orNull,
        .field("name", \.name).orNull,
        .field("email", \.email).orNull,
    ])

    private static let attachment = Binding<Attachment>([
        .constant("type", .string("upload")),
        .field("id", \.id, .id, isIdentity: true),
        .field("name", \.name),
        .field("url", \.url),
        .field("content_type", \.contentType),
        .field("filesize", \.size),
        .repeated("width"),
        .repeated("height"),
    ])

    static let source = Binding<Entry>([
        .ofConversation(.table("type", \.channel, channel)),
        .field("id", \.id, .id, isIdentity: true),
        .ofConversation(.field("subject", \.subject, .unmarked)),
        .field("body", \.html).orNull,
        .nested("author", \.author, author),
        .attachments("attachments", \.attachments, attachment),
        .flag("redacted", \.redacted, omitting: false),
    ])

    static let part = Binding<Entry>([
        .constant("type", .string("conversation_part")),
        .field("id", \.id, .id, isIdentity: true),
        .field("body", \.html).orNull,
        .field("created_at", \.createdAt, time),
        .repeated("updated_at"),
        .repeated("notified_at"),
        .nested("author", \.author, author),
        .attachments("attachments", \.attachments, attachment),
        .flag("redacted", \.redacted, omitting: false),
        .repeated("state"),
    ]).cases("part_type", partTypes)

    private static func assigned(_ type: String) -> [Rule<Entry>] {
        [.constant("assigned_to.type", .string(type)), .field("assigned_to.id", \.to)]
    }

    private static let attributeChange: [Rule<Entry>] = [
        .field("event_details.attribute.name", \.field),
        .field("event_details.value.name", \.to),
        .field("event_details.value.previous", \.from),
    ]

    /// The specification closes no list; these are the words of its examples and of public importers.
    private static let partTypes = [
        Case("comment", .message), Case("note", .note), Case("quick_reply", .message), Case("note_and_reopen", .note),
        Case("assignment", .event(.assigned), assigned("admin")),
        Case("default_assignment", .event(.assigned), assigned("admin")),
        Case("away_mode_assignment", .event(.assigned), assigned("admin")),
        Case("message_strategy_assignment", .event(.assigned), assigned("admin")),
        Case("bulk_reassignment", .event(.assigned), assigned("admin")),
        Case("assign_and_reopen", .event(.assigned), assigned("admin")),
        Case("assign_and_unsnooze", .event(.assigned), assigned("admin")),
        Case("open", .event(.status), to: .string("open")),
        Case("close", .event(.status), to: .string("closed")),
        Case("snoozed", .event(.status), to: .string("snoozed")),
        Case("unsnoozed", .event(.status), to: .string("open")),
        Case("timer_unsnooze", .event(.status), to: .string("open")),
        Case("participant_added", .event(.joined)),
        Case("participant_removed", .event(.left)),
        Case("conversation_rating_changed", .event(.rated)),
        Case("merged_primary_conversation", .event(.merged)),
        Case("merged_secondary_conversation", .event(.merged)),
        Case("conversation_attribute_updated_by_admin", .event(.field), attributeChange),
        Case("conversation_attribute_updated_by_user", .event(.field), attributeChange),
        Case("conversation_attribute_updated_by_workflow", .event(.field), attributeChange),
    ]

    // MARK: Tickets

    static let ticket = Binding<Conversation>([
        .constant("type", .string("ticket")),
        .field("id", \.id, .id),
        .field("ticket_id", \.number),
        .field(["ticket_attributes", "_default_title_"], \.subject),
        .description(["ticket_attributes", "_default_description_"], isOwnMessage: true),
        .table("ticket_state.category", \.status, ticketState),
        .field("admin_assignee_id", \.assignee, assignee).orNull,
        .field("team_assignee_id", \.team, assignee).orNull,
        .field("created_at", \.createdAt, time),
        .field("updated_at", \.updatedAt, time),
        .field("snoozed_until", \.snoozedUntil, time, noneFrom: never).orNull,
        .participants(
            "contacts.contacts", .contact, .participant, .id,
            element: ("id", [JSONValue.Member("type", .string("contact"))]), firstIsRequester: true),
        .constant("contacts.type", .string("contact.list")),
        .timeline(
            "ticket_parts.ticket_parts", ticketPart, splitsEventsWithText: true, description: .ownMessage),
        .constant("ticket_parts.type", .string("ticket_part.list")),
        .count("ticket_parts.total_count") { $0.countOfTicketParts },
    ])

    private static let ticketState: ValueTable<Status> = ValueTable([
        ("submitted", .new), ("in_progress", .open), ("waiting_on_customer", .pending), ("resolved", .solved),
    ]).unknown(.open).nearest([.onHold: .open, .snoozed: .open, .closed: .solved])

    private static let ticketPart = Binding<Entry>([
        .constant("type", .string("ticket_part")),
        .field("id", \.id, .id, isIdentity: true),
        .field("body", \.html).orNull,
        .field("created_at", \.createdAt, time),
        .repeated("updated_at"),
        .nested("author", \.author, author),
        .attachments("attachments", \.attachments, attachment),
        .flag("redacted", \.redacted, omitting: false),
    ]).cases(
        "part_type",
        partTypes + [
            Case(
                "ticket_state_updated_by_admin", .event(.status),
                [.field("previous_ticket_state", \.from), .field("ticket_state", \.to)]),
            Case(
                "ticket_attribute_updated_by_admin", .event(.field),
                [
                    .field("updated_attribute_data.attribute.label", \.field),
                    .field("updated_attribute_data.value.label", \.to),
                ]),
        ])

    // MARK: People

    static let contact = Binding<Contact>([
        .constant("type", .string("contact")),
        .field("id", \.id, .id),
        .field("external_id", \.externalID).orNull,
        .constant("role", .string("user")),
        .texts("email", \.emails, .single()).orNull,
        .texts("phone", \.phones, .single()).orNull,
        .field("name", \.name).orNull,
        .field("created_at", \.createdAt, time),
        .field("updated_at", \.updatedAt, time),
        .repeated("email_domain"),
        .repeated("workspace_id"),
        .field("language_override", \.language),
        .fields("custom_attributes", \.fields),
        .constant("companies.type", .string("list")),
        .firstReference(
            "companies.data", \.company, key: "id", constants: [JSONValue.Member("type", .string("company"))]),
    ])

    static let company = Binding<Company>([
        .constant("type", .string("company")),
        .field("id", \.id, .id),
        .field("company_id", \.externalID).orNull,
        .field("name", \.name).orNull,
        .field("created_at", \.createdAt, time),
        .field("updated_at", \.updatedAt, time),
        .repeated("app_id"),
        .fields("custom_attributes", \.fields),
    ])

    static let admin = Binding<Agent>([
        .constant("type", .string("admin")),
        .field("id", \.id, .id),
        .field("name", \.name).orNull,
        .field("email", \.email).orNull,
        .texts("team_ids", \.teams, .strings(.integerID())),
    ])

    static let team = Binding<Team>([
        .constant("type", .string("team")),
        .field("id", \.id, .id),
        .field("name", \.name).orNull,
        .repeated("admin_ids"),
    ])

    /// Since version 2.16 conversations have attributes of their own kind, without a model.
    static let conversationAttribute = Binding<FieldDefinition>(
        from: {
            var field = FieldDefinition()
            field.of = .conversation
            return field
        },
        [
            .constant("type", .string("conversation_attribute")),
            .field("id", \.id, .integerID(), isIdentity: true),
            .field("name", \.key),
            .table("data_type", \.type, dataType),
            .choices("options", \.options, Binding([.field("label", \.value)])),
        ])

    private static let dataType: ValueTable<FieldDefinition.Kind> = ValueTable([
        ("string", .text), ("float", .number), ("integer", .number), ("decimal", .number), ("boolean", .boolean),
        ("date", .date), ("datetime", .datetime), ("options", .choice), ("list", .choice),
    ]).unknown(.other).nearest([.multiChoice: .choice])

    static let attribute = Binding<FieldDefinition>([
        .constant("type", .string("data_attribute")),
        .field("id", \.id, .integerID(), isIdentity: true),
        .table(
            "model", \.of,
            ValueTable([("contact", .contact), ("company", .company), ("conversation", .conversation)]).unknown(
                .contact)),
        .field("name", \.key),
        .field("label", \.label),
        .table("data_type", \.type, dataType),
        .choices("options", \.options, Binding([.field("value", \.value), .field("label", \.label)])),
    ])
}

extension Conversation {
    /// Parts behind the first message; an event that carries a message is one part.
    fileprivate var countOfParts: Int {
        recordCount(behind: !timeline.isEmpty && timeline[0].kind == .message ? 1 : 0)
    }

    /// Parts of a ticket; its description is no part.
    fileprivate var countOfTicketParts: Int {
        recordCount(behind: timeline.first?.id == id + "#description" ? 1 : 0)
    }

    /// An event and the message that it carries are one record.
    private func recordCount(behind start: Int) -> Int {
        guard timeline.count > start else { return 0 }
        return timeline.count - start
            - timeline.indices.dropFirst(start).dropLast().count { index in
                timeline[index].kind.isEvent && timeline[index + 1].kind == .message
                    && timeline[index].id == timeline[index + 1].id + ":event"
            }
    }
}
