internal import ConnectorKit
internal import ConversationModel

/// HubSpot's tickets, threads and messages, and the neutral model.
///
/// A ticket heads the conversation of its thread, which is a session of it; a thread without a ticket is a conversation of its
/// own. Notes, e-mails and logged communications of a ticket stand on its timeline.
///
/// Sources: <https://developers.hubspot.com/docs/api/conversations/conversations>,
/// <https://github.com/HubSpot/HubSpot-public-api-spec-collection>,
/// <https://developers.hubspot.com/docs/guides/api/crm/objects/tickets>, read 2026-11-25.
enum HubSpotBindings {
    static let time = InstantCodec.iso8601(.milliseconds)

    /// Stages of the default pipeline; others are the account's own, are reported and read as open, or closed where the
    /// ticket has a closing date.
    ///
    /// Assumed: the numbers of the default pipeline.
    static let stage = ValueTable<Status>([("1", .new), ("2", .pending), ("3", .open), ("4", .closed)]).unknown(.open)
        .nearest([.onHold: .pending, .snoozed: .pending, .solved: .closed])

    static let priority = ValueTable<Priority>([
        ("LOW", .low), ("MEDIUM", .normal), ("HIGH", .high), ("URGENT", .urgent),
    ])

    static let source = ValueTable<Channel>([
        ("CHAT", .chat), ("EMAIL", .email), ("FORM", .web), ("PHONE", .phone), ("TWITTER_DM", .x),
    ]).unknown(.other)

    /// Ids of channels in one account; custom channels have ids of their own.
    static let channel = ValueTable<Channel>([
        ("1000", .chat), ("1002", .email), ("1001", .facebook), ("1003", .web), ("1004", .web), ("1007", .whatsapp),
        ("1008", .phone), ("1009", .sms), ("1010", .instagram), ("1011", .other),
    ]).unknown(.other).nearest([
        .inApp: .chat, .x: .other, .telegram: .other, .line: .other, .viber: .other, .appleMessages: .other,
        .forum: .other, .api: .other,
    ])

    static let threadStatus = ValueTable<Status>([("OPEN", .open), ("CLOSED", .closed)]).unknown(.open)
        .nearest([.new: .open, .pending: .open, .onHold: .open, .snoozed: .open, .solved: .closed])

    static let actor = ActorForm(
        [
            .init("A-", .agent, .id), .init("V-", .contact, .id), .init("E-", .contact, .email),
            .init("S-", .system, .nobody), .init("B-", .bot, .id), .init("L-", .bot, .whole), .init("I-", .bot, .whole),
        ], system: "S-hubspot")

    static let agentID = TextCodec.pattern(prefix: "A-")

    private static func reference(_ type: String) -> [JSONValue.Member] { [JSONValue.Member("type", .string(type))] }

    // MARK: Tickets

    static let ticket = Binding<Conversation>(ticketHead + ticketPeople + ticketTimeline)

    private static let ticketHead: [Rule<Conversation>] = [
        .field("id", \.id, .id),
        .propertyBag(
            "properties", \.fields, ticketValues,
            repeated: ["createdate": "createdAt", "hs_lastmodifieddate": "updatedAt"]),
        .echo("createdAt", \.createdAt, time), .echo("updatedAt", \.updatedAt, time),
        .constant("archived", .bool(false)),
        .repeated("archivedAt"), .repeated("propertiesWithHistory"), .repeated("objectWriteTraceId"),
        .field("url", \.url),
    ]

    /// Tags have no place of their own; they stand in a property for several choices.
    private static let ticketValues: [Rule<Conversation>] = [
        .field("subject", \.subject),
        .description("content"),
        .constant("hs_pipeline", .string("0")),
        .stage("hs_pipeline_stage", \.status, stage, past: .closed, sign: "closed_date"),
        .table("hs_ticket_priority", \.priority, priority),
        .table("source_type", \.channel, source),
        .field("hubspot_owner_id", \.assignee, .id),
        .field("hubspot_team_id", \.team, .id),
        .field("legacy_id", \.externalID),
        .texts("tags", \.tags, .delimited(";"), omitsEmpty: true),
        .field("createdate", \.createdAt, time),
        .field("closed_date", \.closedAt, time),
        .field("hs_lastmodifieddate", \.updatedAt, time),
        .repeated("hs_object_id"), .repeated("hs_ticket_id"), .repeated("hs_num_times_contacted"),
    ]

    private static let ticketPeople: [Rule<Conversation>] = [
        .participants(
            "associations.contacts.results", .contact, .participant, .id,
            element: ("id", reference("ticket_to_contact")), firstIsRequester: true, omitsEmpty: true),
        .repeated("associations.contacts.paging"),
        .repeated("associations.companies"), .repeated("associations.conversations"), .repeated("associations.notes"),
        .repeated("associations.emails"), .repeated("associations.communications"),
    ]

    /// What was logged on the ticket itself stands in no thread.
    private static let ticketTimeline: [Rule<Conversation>] = [
        .timeline("#notes", HubSpotBindings.note, takes: { $0.session == nil && $0.kind == .note }),
        .timeline("#emails", email, takes: { $0.session == nil && $0.kind == .message && $0.email != nil }),
        .timeline(
            "#communications", communication,
            takes: { $0.session == nil && $0.kind == .message && $0.email == nil && !$0.id.hasSuffix("#description") }),
        .sessions("#threads", Binding<Session>(sessionOfTicket)),
    ]

    // MARK: Threads

    private static let sessionOfTicket: [Rule<Session>] = [
        .field("id", \.id, .id, isIdentity: true),
        .ofSessions(
            .fallback,
            .derived("status") { ticket in
                .string(ticket.status == .closed || ticket.status == .solved ? "CLOSED" : "OPEN")
            }),
        .field("createdAt", \.startedAt, time),
        .field("closedAt", \.endedAt, time),
        .table("originalChannelId", \.channel, channel),
        .ofSessions(.fallback, .derived("assignedTo") { $0.assignee.map { .string("A-" + $0) } }),
        .ofConversation(.field("associatedContactId", \.requester, .id)),
        .ofConversation(.field("threadAssociations.associatedTicketId", \.id, .id)).asReference,
        .constant("spam", .bool(false)), .constant("archived", .bool(false)),
        .repeated("inboxId"), .repeated("originalChannelAccountId"), .repeated("latestMessageTimestamp"),
        .repeated("latestMessageReceivedTimestamp"), .repeated("latestMessageSentTimestamp"),
        .entries(
            "#messages",
            Binding<Entry>([.field("conversationsThreadId", \.session, .id)] + messageRules).cases("type", messageCases)
        ),
    ]

    /// Threads are numbered apart from tickets: thread 7001 and ticket 7001 are two conversations.
    private static let threadID = TextCodec.numberedApart(prefix: "thread-")

    /// A thread that no ticket heads.
    static let thread = Binding<Conversation>([
        .field("id", \.id, threadID),
        .table("status", \.status, threadStatus),
        .field("createdAt", \.createdAt, time),
        .field("closedAt", \.closedAt, time),
        .field("inboxId", \.team, .id),
        .table("originalChannelId", \.channel, channel),
        .field("assignedTo", \.assignee, agentID),
        .field("associatedContactId", \.requester, .id),
        .repeated("originalChannelAccountId"), .repeated("latestMessageTimestamp"),
        .repeated("latestMessageReceivedTimestamp"), .repeated("latestMessageSentTimestamp"),
        .constant("spam", .bool(false)), .constant("archived", .bool(false)),
        .subjectOfFirstMail("#subject"),
        .timeline(
            "#messages",
            Binding<Entry>([.ofConversation(.field("conversationsThreadId", \.id, threadID))] + messageRules).cases(
                "type", messageCases), order: .time),
    ])

    // MARK: Messages

    private static let messageRules: [Rule<Entry>] = [
        .field("id", \.id, .id, isIdentity: true),
        .field("createdAt", \.createdAt, time),
        .field("updatedAt", \.editedAt, time),
        .actor("createdBy", actor),
        .constant("client", .object([JSONValue.Member("clientType", .string("INTEGRATION"))])),
        .constant("archived", .bool(false)),
    ]

    /// Who a message came from and went to; only mails have addresses that are a mail's.
    private static let parties = MailParties(
        "deliveryIdentifier", type: ("type", "HS_EMAIL_ADDRESS"), value: "value", field: "recipientField")

    private static let mailed: [Rule<Entry>] = [
        .actors("senders", key: "actorId", name: "name", actor, mail: parties) { _ in true },
        .mailRecipients("recipients", parties),
        .mailSubject("subject"),
    ]

    /// Comments have an author and nobody whom they go to, events have neither.
    private static let unmailed: [Rule<Entry>] = [
        .actors("senders", key: "actorId", name: "name", actor) { !$0.kind.isEvent },
        .constant("recipients", .array([])),
    ]

    private static let written: [Rule<Entry>] = [
        .field("text", \.text),
        .field("richText", \.html),
        .attachments("attachments", \.attachments, file),
    ]

    private static let sent: [Rule<Entry>] =
        mailed + written + [
            .table("channelId", \.channel, channel),
            .repeated("channelAccountId"),
            .derived("direction") { .string($0.author.kind == .contact ? "INCOMING" : "OUTGOING") },
            .constant("truncationStatus", .string("NOT_TRUNCATED")),
            .repeated("status"),
            .field("inReplyToId", \.replyTo, .id),
        ]

    private static let messageCases: [Case] = [
        Case("MESSAGE", .message, sent),
        Case("WELCOME_MESSAGE", .message, sent),
        Case("COMMENT", .note, unmailed + written),
        Case("ASSIGNMENT", .event(.assigned), unmailed + [.field("assignedFrom", \.from), .field("assignedTo", \.to)]),
        Case("THREAD_STATUS_CHANGE", .event(.status), unmailed + [.field("newStatus", \.to)]),
        Case(
            "THREAD_INBOX_CHANGE", .event(.teamAssigned),
            unmailed + [.field("fromInboxId", \.from), .field("toInboxId", \.to)]),
    ]

    /// Other kinds of attachment, such as places and quick replies, keep what they are.
    private static let file = Binding<Attachment>([
        .constant("type", .string("FILE")),
        .field("fileId", \.id, .id, isIdentity: true),
        .field("name", \.name),
        .field("url", \.url),
        .derived("fileUsageType") { .string(usage($0.contentType)) },
    ])

    private static func usage(_ contentType: String?) -> String {
        guard let contentType else { return "OTHER" }
        return contentType.hasPrefix("image/") ? "IMAGE" : contentType.hasPrefix("audio/") ? "AUDIO" : "OTHER"
    }
}
