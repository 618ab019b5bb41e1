internal import ConnectorKit
internal import ConversationModel

/// Kustomer's records as its API returns them, and the neutral model.
///
/// Sources: <https://developer.kustomer.com/docs/concepts/json-api-format>,
/// <https://developer.kustomer.com/docs/concepts/conversations-and-messages>,
/// <https://developer.kustomer.com/docs/concepts/custom-attributes>,
/// <https://github.com/MeltanoLabs/tap-kustomer> (schemas of what is read),
/// <https://github.com/LarisLab/kustomer-client> (the published description, with its examples).
enum KustomerBindings {
    static let time = InstantCodec.iso8601(.milliseconds)
    /// Characters of a message's or a note's text.
    ///
    /// Source: <https://developer.kustomer.com/api/core-resources/create-note>
    static let bodyLimit = 10_240

    static let status = ValueTable<Status>([
        ("open", .open), ("snoozed", .snoozed), ("done", .closed),
    ]).unknown(.open).nearest([.new: .open, .pending: .open, .onHold: .open, .solved: .closed])

    /// 1 is the lowest of five; a conversation begins at 3.
    static let priority: ValueTable<Priority> = [2: .low, 3: .normal, 4: .high, 5: .urgent, 1: .low]

    /// The words of the API; `instagram-comment` and `form` are only read.
    static let channel = ValueTable<Channel>([
        ("email", .email), ("chat", .chat), ("sms", .sms), ("voice", .phone), ("facebook", .facebook),
        ("instagram", .instagram), ("instagram-comment", .instagram), ("twitter-dm", .x), ("twitter-tweet", .x),
        ("whatsapp", .whatsapp), ("form", .web),
    ]).unknown(.other).nearest([
        .telegram: .chat, .line: .chat, .viber: .chat, .appleMessages: .chat, .inApp: .chat, .forum: .chat, .api: .chat,
        .other: .chat,
    ])

    /// The first that fits is given to a field of another platform; the others are only recognised.
    static let suffixes = TypedSuffixes([
        ("Str", .text(limit: 1024)), ("Txt", .text(limit: nil)), ("Num", .number), ("Bool", .flag), ("At", .moment),
        ("Url", .text(limit: nil)), ("Tree", .text(limit: nil)), ("Id", .reference(digits: 24)),
    ])

    static func kind(_ type: String) -> [JSONValue.Member] { [JSONValue.Member("type", .string(type))] }

    /// What the server keeps of every record for itself.
    static func bookkeeping<Root>() -> [Rule<Root>] {
        [
            .repeated("attributes.modifiedAt"), .repeated("attributes.rev"), .repeated("attributes.roleGroupVersions"),
            .repeated("attributes.accessOverride"), .repeated("relationships.org"),
            .repeated("relationships.modifiedBy"), .repeated("links"),
        ]
    }

    // MARK: Conversations

    static let conversation = Binding<Conversation>(head + people + computed + bookkeeping() + timeline)

    private static let head: [Rule<Conversation>] = [
        .constant("type", .string("conversation")),
        .field("id", \.id, .id),
        .field("attributes.externalId", \.externalID),
        .field("attributes.name", \.subject),
        .channels("attributes.channels", channel),
        .table("attributes.status", \.status, status),
        .table("attributes.priority", \.priority, priority),
        .rating("attributes.satisfactionLevel", \.rating, scale: 5, rating),
        .repeated("attributes.satisfaction"),
        .field("attributes.snooze", \.snoozedUntil, time, inside: "time", while: ("status", "scheduled")),
    ]

    static let rating = Binding<Rating>([
        .constant("status", .string("rated")),
        .field("rating", \.score),
        .field("firstAnswer", \.comment),
        .field("createdAt", \.createdAt, time),
    ])

    private static let people: [Rule<Conversation>] = [
        .texts("attributes.tags", \.tags),
        .first("attributes.assignedUsers", \.assignee, rest: (.agent, .follower)),
        .first("attributes.assignedTeams", \.team),
        .typedFields("attributes.custom", \.fields, suffixes, omitsEmpty: true),
        .field("attributes.lastDone", \.closedAt, time, inside: "createdAt"),
        .field("attributes.createdAt", \.createdAt, time),
        .field("attributes.updatedAt", \.updatedAt, time),
        .constant("relationships.customer.data.type", .string("customer")),
        .field("relationships.customer.data.id", \.requester, .id),
        .repeated("relationships.customer.links"),
        .constant("relationships.brand.data.type", .string("brand")),
        .field("relationships.brand.data.id", \.brand, .id),
        .repeated("relationships.brand.links"),
        .repeated("relationships.messages"),
        .repeated("relationships.createdBy"),
    ]

    private static let timeline: [Rule<Conversation>] = [
        .timeline("#messages", message, takes: { $0.kind == .message }),
        .timeline("#notes", note, takes: { $0.kind == .note }),
    ]

    /// What the server counts and measures.
    private static let computed: [Rule<Conversation>] = [
        "preview", "open", "spam", "direction", "messageCount", "noteCount", "inboundMessageCount",
        "outboundMessageCount", "doneCount", "reopenCount",
        "reopenFromDoneCount", "snoozeCount", "firstMessageIn", "firstMessageOut", "lastMessageIn", "lastMessageOut",
        "lastMessageAt", "lastMessageDirection", "lastMessageUnrespondedTo", "lastMessageUnrespondedToSinceLastDone",
        "lastReceivedAt", "lastActivityAt", "importedAt", "firstResponse", "firstResponseSinceLastDone",
        "lastResponse", "firstDone", "totalOpen", "totalDone", "totalSnooze", "suggestedTags",
        "suggestedShortcuts", "predictions", "modificationHistory", "billingStatus", "phase", "matchedTimeBasedRules",
        "assistant", "aiAgent", "sla",
    ].map { .repeated(Path(["attributes", $0])) }

    /// A file's record names the message or the note that it hangs on.
    private static func attachment(of owner: String) -> Binding<Attachment> {
        Binding([
            .constant("type", .string("attachment")),
            .field("id", \.id, .id, isIdentity: true),
            .field("attributes.name", \.name),
            .field("attributes.contentType", \.contentType),
            .field("attributes.contentLength", \.size),
            .repeated("attributes.redacted"),
            .repeated("attributes.uploaded"),
            .field("links.related", \.url),
            .repeated("links.self"),
            .repeated("relationships.org"),
            .constant(Path(["relationships", owner, "data", "type"]), .string(owner)),
            .ofEntry(.field(Path(["relationships", owner, "data", "id"]), \.id, .id)).asReference,
            .repeated(Path(["relationships", owner, "links"])),
        ])
    }

    /// Only mail has mail headers; other channels keep whatever they like under the same key.
    private static let byMail = Condition<Entry>(\.channel, is: .email, name: "timeline.channel")

    private static let direction = ValueTable<Author.Kind>([
        ("in", .contact), ("out", .agent), ("out", .bot), ("out", .system),
    ])

    static let message = Binding<Entry>(written + sent + kept)

    private static let written: [Rule<Entry>] = [
        .table("type", \.kind, ValueTable([("message", .message)]).unknown(.message)),
        .field("id", \.id, .id, isIdentity: true),
        .emailText("attributes.externalId", \.email, \.messageID, where: byMail, between: ("<", ">")),
        .table("attributes.channel", \.channel, channel),
        .constant("attributes.app", .string("deskferry")),
        .table("attributes.direction", \.author.kind, direction),
        .emailText("attributes.subject", \.email, \.subject, where: byMail),
        .field("attributes.preview", \.text, limit: bodyLimit),
        .emailPart("attributes.meta", \.email, where: byMail, headers),
    ]

    private static let headers = Binding<EmailHeaders>([
        .field("from", \.from), .looseTexts("to", \.to, key: "email"), .looseTexts("cc", \.cc, key: "email"),
        .repeated("subject"), .repeated("recipient"),
    ])

    private static let sent: [Rule<Entry>] = [
        .derived("attributes.status") { .string($0.author.kind == .contact ? "received" : "sent") },
        .flag("attributes.redacted", \.redacted, omitting: false),
        .field("attributes.sentAt", \.createdAt, time).orNull.rival("createdAt"),
        .echo("attributes.createdAt", \.createdAt, time),
        .choice(
            "relationships", \.author.kind, is: .contact,
            then: Binding(byCustomer + belongings), otherwise: Binding(byUser + belongings)),
        .attachmentRecords("#attachments", attachment(of: "message")),
        .repeated("links"),
    ]

    /// What the server counts and measures, and what only its own screens show.
    private static let kept: [Rule<Entry>] = [
        "updatedAt", "modifiedAt", "rev", "size", "directionType", "auto", "assignedTeams", "assignedUsers",
        "createdByTeams", "responseTime", "responseBusinessTime", "importedAt", "intentDetections", "sentiment",
    ].map { .repeated(Path(["attributes", $0])) }

    /// A message that came in is the customer's, whoever's key the API was called with.
    private static let byCustomer: [Rule<Entry>] = [
        .constant("customer.data.type", .string("customer")),
        .field("customer.data.id", \.author.id, .id),
        .repeated("createdBy"),
    ]

    private static let byUser: [Rule<Entry>] = [
        .constant("customer.data.type", .string("customer")),
        .ofConversation(.field("customer.data.id", \.requester, .id)).asReference,
        .constant("createdBy.data.type", .string("user")),
        .field("createdBy.data.id", \.author.id, .id),
        .repeated("createdBy.links"),
    ]

    private static let belongings: [Rule<Entry>] = [
        .repeated("customer.links"),
        .constant("conversation.data.type", .string("conversation")),
        .ofConversation(.field("conversation.data.id", \.id, .id)).asReference,
        .repeated("conversation.links"),
        .attachmentIDs("attachments.data", constants: kind("attachment")),
        .repeated("attachments.links"),
        .repeated("org"),
        .repeated("modifiedBy"),
    ]

    static let note = Binding<Entry>([
        .table("type", \.kind, ["note": .note]),
        .field("id", \.id, .id, isIdentity: true),
        .field("attributes.body", \.text, limit: bodyLimit),
        .field("attributes.createdAt", \.createdAt, time),
        .repeated("attributes.updatedAt"), .repeated("attributes.modifiedAt"), .repeated("attributes.createdByTeams"),
        .repeated("attributes.importedAt"),
        .constant("relationships.customer.data.type", .string("customer")),
        .ofConversation(.field("relationships.customer.data.id", \.requester, .id)).asReference,
        .repeated("relationships.customer.links"),
        .constant("relationships.conversation.data.type", .string("conversation")),
        .ofConversation(.field("relationships.conversation.data.id", \.id, .id)).asReference,
        .repeated("relationships.conversation.links"),
        .constant("relationships.createdBy.data.type", .string("user")),
        .field("relationships.createdBy.data.id", \.author.id, .id),
        .repeated("relationships.createdBy.links"),
        .attachmentIDs("relationships.attachments.data", constants: kind("attachment")),
        .repeated("relationships.attachments.links"),
        .repeated("relationships.org"), .repeated("relationships.modifiedBy"),
        .attachmentRecords("#attachments", attachment(of: "note")),
        .repeated("links"),
    ])
}
