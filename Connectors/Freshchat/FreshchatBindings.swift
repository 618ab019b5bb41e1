internal import ConnectorKit
internal import ConversationModel

/// Freshchat's records in JSON and the neutral model.
///
/// Sources: <https://developers.freshchat.com/api/>,
/// <https://github.com/airbytehq/airbyte/tree/master/airbyte-integrations/connectors/source-freshchat>,
/// <https://github.com/idjoo/freshchat-sdk>, <https://github.com/PipedreamHQ/pipedream/tree/master/components/freshchat>,
/// read 2026-11-25.
enum FreshchatBindings {
    static let time = InstantCodec.iso8601(.milliseconds)

    /// Old webhooks say `reopen`.
    static let status: ValueTable<Status> = ValueTable([
        ("new", .new), ("assigned", .open), ("resolved", .closed), ("reopened", .open), ("reopen", .open),
    ]).ignoringCase.unknown(.open)
        .nearest([.pending: .open, .onHold: .open, .snoozed: .open, .solved: .closed])

    static let priority: ValueTable<Priority> = ValueTable([
        ("Low", .low), ("Medium", .normal), ("High", .high), ("Urgent", .urgent),
    ]).ignoringCase

    /// Where a message came from; the widget on a web page is a chat.
    ///
    /// Assumed: the words behind `email` are those of the channel; sources name the first five and the silent ones.
    static let source: ValueTable<Channel> = ValueTable([
        ("web", .chat), ("mobile", .inApp), ("api", .api), ("fb_messenger", .facebook), ("fb_native", .facebook),
        ("email", .email), ("whatsapp", .whatsapp), ("instagram", .instagram), ("line", .line), ("sms", .sms),
        ("telegram", .telegram), ("viber", .viber), ("apple_business_chat", .appleMessages), ("other", .other),
        ("freshdesk", .other), ("zendesk", .other), ("smooch", .other),
    ]).ignoringCase.silent("system", "invalid").unknown(.other)
        .nearest([.web: .chat, .phone: .other, .x: .other, .forum: .other])

    // MARK: Conversations

    /// What a conversation's own record says, wherever it stands.
    ///
    /// Assumed: the channel, which the product also calls topic, is what others call brand or inbox.
    static func head(below outer: [String] = []) -> [Rule<Conversation>] {
        func at(_ key: String) -> Path { Path(outer + [key]) }
        return [
            .field(at("conversation_id"), \.id, .id),
            .field(at("conversation_internal_id"), \.number, .integerID()),
            .repeated(at("freshchat_conversation_id")),
            .repeated(at("app_id")),
            .table(at("status"), \.status, status),
            .field(at("user_id"), \.requester, .id).rival("users"),
            .repeated(at("org_contact_id")),
            .field(at("channel_id"), \.brand, .id),
            .field(at("assigned_agent_id"), \.assignee, .id),
            .repeated(at("assigned_org_agent_id")),
            .field(at("assigned_group_id"), \.team, .id),
            .field(at("url"), \.url),
            .fields(at("properties"), \.fields, besides: [.table("priority", \.priority, priority)]),
            .field(at("created_time"), \.createdAt, time),
            .field(at("updated_time"), \.updatedAt, time),
            .embeddedList(at("users"), \.requester, .contact, .id, names: ["first_name", "last_name"]),
            .embeddedList(at("agents"), nil, .agent, .id, names: ["first_name", "last_name"]),
        ]
    }

    /// A conversation whose messages lie beside it.
    static let conversation = Binding<Conversation>(
        head() + [.timeline("#messages", message, order: .time)] + FreshchatReports.besideMessages)

    /// A conversation that holds its messages, as the answer to creating one does.
    static let document = Binding<Conversation>(
        head() + [.timeline("messages", message, order: .time), .lentTimeline("#messages", message)]
            + FreshchatReports.besideMessages)

    /// Messages of a conversation whose own record is not there.
    static let thread = Binding<Conversation>(
        [.timeline("#records", message(.beginning("created_time", time)), order: .time)]
            + FreshchatReports.besideMessages)

    /// A conversation and its messages side by side, as crawlers of the API save them.
    ///
    /// Source: <https://github.com/getkarta/freshchat-downloader>.
    static let dump = Binding<Conversation>(
        head(below: ["conversation"]) + [
            .timeline("messages", message, order: .time), .repeated("formatted_messages"),
        ] + FreshchatReports.besideMessages)

    // MARK: Messages

    static let actor: ValueTable<Author.Kind> = ValueTable([
        ("user", .contact), ("agent", .agent), ("system", .system), ("bot", .bot),
    ]).ignoringCase

    /// What the platform says itself is an event; `meta_data` tells two of them.
    ///
    /// Source for `isResolved` and `isReopen`: the types of the vendor's own client,
    /// <https://www.npmjs.com/package/@freshworks-jaya/freshchat-api>.
    private static let signs: [KindSign] =
        [
            KindSign(.note, when: ["message_type": ["private"]], writes: ["message_type": "private"]),
            KindSign(.note, when: ["botsPrivateNote": [true]]),
        ]
        + statusSigns("isResolved", "closed") + statusSigns("isReopen", "open") + [
            KindSign(.event(.other), when: ["message_type": ["system"]], writes: ["message_type": "system"]),
            KindSign(.event(.other), when: ["actor_type": ["system"]]),
            KindSign(.event(.other), when: ["message_source": ["system"]]),
            KindSign(.message, when: ["message_type": ["normal"]], writes: ["message_type": "normal"]),
        ]

    private static func statusSigns(_ key: String, _ status: String) -> [KindSign] {
        let mark = Path(["meta_data", key])
        return ["message_type", "actor_type", "message_source"].map { field in
            KindSign(
                .event(.status), to: .string(status), when: [Path([field]): ["system"], mark: [true]],
                writes: ["message_type": "system", mark: true])
        }
    }

    static let message = message(.field("created_time", \.createdAt, time))

    private static func message(_ moment: Rule<Entry>) -> Binding<Entry> {
        Binding(
            [
                .field("id", \.id, .id, isIdentity: true),
                .ofConversation(.field("conversation_id", \.id, .id)),
                .repeated("freshchat_conversation_id"),
                .repeated("app_id"),
                .ofConversation(.field("channel_id", \.brand, .id)),
                .repeated("freshchat_channel_id"),
                .ofConversation(.field("user_id", \.requester, .id)),
                .field("interaction_id", \.session, .id),
                .authorKind("actor_type", actor),
                .field("actor_id", \.author.id, .id),
                .repeated("org_actor_id"),
                .ofConversation(.table("message_source", \.channel, source)),
                .field("in_reply_to.message_id", \.replyTo, .id),
                moment,
                .pieces("message_parts", parts, offered: "reply_parts"),
                .offeredPieces("reply_parts", parts, beside: "message_parts"),
                .repeated("botsPrivateNote"),
                .repeated("bots_input"),
                .repeated("isBotsInput"),
                .repeated("restrictResponse"),
            ] + Rule.kinds("message_type", signs, bySystem: .event(.other)))
    }

    /// Source: <https://github.com/idjoo/freshchat-sdk/blob/main/configs/openapi.yaml>, its copy of the vendor's schema.
    static let parts: [Piece] = [
        .text("text.content"),
        .file("image", image, takes: { $0.isOf("image") && $0.size == nil }),
        .file("video", media, takes: { $0.isOf("video") && $0.size == nil }),
        .file("audio", media, takes: { $0.isOf("audio") && $0.size == nil }),
        .file("file", file),
        .mail("email", subject: "subject", body: "content"),
        .label("url_button.label", beside: "url"),
        .label("quick_reply_button.label"),
        .label("callback.label"),
        .label("reference.label"),
        .list("collection.sub_parts"),
        .list("template_content.sections", inner: "parts"),
    ]

    /// An image says no size, so one with a size is written as a file.
    private static let image = Binding<Attachment>([
        .field("id", \.id, .id, isIdentity: true),
        .field("name", \.name),
        .field("url", \.url),
        .field("content_type", \.contentType).rival("contentType"),
        .alternate("contentType", \.contentType),
        .repeated("thumbnail"),
        .repeated("width"),
        .repeated("height"),
    ])

    private static let media = Binding<Attachment>([
        .field("id", \.id, .id, isIdentity: true),
        .field("name", \.name),
        .field("url", \.url),
        .field("content_type", \.contentType).rival("contentType"),
        .alternate("contentType", \.contentType),
    ])

    /// Keys differ between what is uploaded and what is read.
    private static let file = Binding<Attachment>([
        .field("file_id", \.id, .id, isIdentity: true),
        .field("name", \.name).rival("file_name"),
        .alternate("file_name", \.name),
        .field("url", \.url),
        .field("file_size_in_bytes", \.size).rival("file_size"),
        .alternate("file_size", \.size),
        .field("content_type", \.contentType).rival("contentType").rival("file_content_type"),
        .alternate("contentType", \.contentType),
        .alternate("file_content_type", \.contentType),
        .repeated("file_extension"),
    ])

    // MARK: People

    static let user = Binding<Contact>(
        [
            .field("id", \.id, .id),
            .field("reference_id", \.externalID, .id),
            .texts("email", \.emails, .single()),
            .texts("phone", \.phones, .single(.id)),
        ] + Rule.name(first: "first_name", last: "last_name", \.name) + [
            .textPairs("properties", \.fields, key: "name", value: "value"),
            .field("created_time", \.createdAt, time),
            .field("updated_time", \.updatedAt, time),
            .repeated("org_contact_id"),
            .repeated("login_status"),
        ])

    /// Roles that an account makes itself go by an id of their own.
    private static let role: ValueTable<Agent.Role> = ValueTable([
        ("AGENT", .agent), ("ADMIN", .admin), ("ACCOUNT_ADMIN", .admin), ("OWNER", .admin),
        ("SUPER_ADMIN", .admin), ("SUPER_USER", .admin),
    ]).ignoringCase.unknown(.agent).nearest([.light: .agent, .bot: .agent])

    static let agent = Binding<Agent>(
        [
            .field("id", \.id, .id),
            .field("email", \.email),
        ] + Rule.name(first: "first_name", last: "last_name", \.name) + [
            .texts("groups", \.teams, .strings(.id)),
            .table("role_id", \.role, role),
            .table("is_deactivated", \.active, [false: true, true: false]),
            .field("created_time", \.createdAt, time),
            .repeated("freshid_uuid"),
            .repeated("role_name"),
            .repeated("availability_status"),
            .repeated("login_status"),
        ])

    static let group = Binding<Team>([
        .field("id", \.id, .id),
        .field("name", \.name),
    ])

    // MARK: Fields

    /// Assumed: the words but `DROPDOWN` and `TEXT`; others are kept as they come.
    private static let fieldType: ValueTable<FieldDefinition.Kind> = ValueTable([
        ("TEXT", .text), ("PARAGRAPH", .text), ("TEXTAREA", .text), ("NUMBER", .number), ("DECIMAL", .number),
        ("CHECKBOX", .boolean), ("DATE", .date), ("DATE_TIME", .datetime), ("DROPDOWN", .choice),
        ("NESTED_DROPDOWN", .choice), ("MULTI_SELECT_DROPDOWN", .multiChoice), ("MULTI_SELECT", .multiChoice),
    ]).ignoringCase.unknown(.other)

    /// Conversations carry their fields by name.
    static let field = Binding<FieldDefinition>(
        from: {
            var field = FieldDefinition()
            field.of = .conversation
            return field
        },
        [
            .field("id", \.id, .id),
            .field("name", \.key),
            .field("label", \.label),
            .table("type", \.type, fieldType),
            .derived("column_name") { .string($0.key) },
            .choices("choices", \.options, Binding([.field("value", \.value)])),
        ])
}

extension Attachment {
    /// Whether its media type is one of a family.
    fileprivate func isOf(_ family: String) -> Bool { contentType?.lowercased().hasPrefix(family + "/") ?? false }
}
