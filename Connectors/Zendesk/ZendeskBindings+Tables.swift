internal import ConnectorKit
internal import ConversationModel

/// The forms of a ticket that hold less than JSON does: the CSV export, and the old XML export as a best effort.
extension ZendeskBindings {
    // MARK: CSV, one row a ticket and no comments

    /// Columns of the English CSV export.
    ///
    /// Assumed: dates are UTC, tags are separated by blanks.
    static let ticketRow = Binding<Conversation>([
        .field("Id", \.id),
        .field("Requester id", \.requester),
        .field("Subject", \.subject),
        .texts("Tags", \.tags, .delimited(" "), omitsEmpty: true),
        .table("Status", \.status, status.ignoringCase),
        .table("Priority", \.priority, priority.ignoringCase.absent("-")),
        .table("Via", \.channel, channelTitle.ignoringCase),
        .field("Created at", \.createdAt, .dateTime),
        .field("Updated at", \.updatedAt, .dateTime),
        .field("Solved at", \.closedAt, .dateTime),
        .rating(
            "Satisfaction Score", \.rating, scale: 2, bareKey: "score",
            Binding([.table("score", \.score, ValueTable([("good", 2), ("bad", 1)]).ignoringCase)])),
    ])

    private static let channelTitle = ValueTable<Channel>([
        ("web form", .web), ("web", .web), ("mail", .email), ("email", .email), ("chat", .chat),
        ("web service (api)", .api), ("api", .api), ("phone call (inbound)", .phone), ("voice", .phone),
        ("twitter", .x), ("facebook", .facebook), ("messaging", .inApp), ("whatsapp", .whatsapp), ("text", .sms),
    ]).unknown(.other)

    // MARK: XML, Rails style, never seen from the vendor

    private static let statusNumber = ValueTable<Status>([
        (0, .new), (1, .open), (2, .pending), (3, .solved), (4, .closed), (5, .closed), (6, .onHold),
    ])
    private static let priorityNumber = ValueTable<Priority>([(1, .low), (2, .normal), (3, .high), (4, .urgent)])
        .absent(0)
    private static let viaNumber = ValueTable<Channel>([(0, .web), (4, .email), (5, .api)]).unknown(.other)

    static let ticketElement = Binding<Conversation>([
        .field("nice-id", \.id),
        .field("subject", \.subject),
        .description("description"),
        .table("status-id", \.status, statusNumber),
        .table("priority-id", \.priority, priorityNumber),
        .table("via-id", \.channel, viaNumber),
        .field("requester-id", \.requester),
        .field("assignee-id", \.assignee),
        .field("group-id", \.team),
        .field("created-at", \.createdAt, time),
        .field("updated-at", \.updatedAt, time),
        .field("solved-at", \.closedAt, time),
        .texts("current-tags", \.tags, .delimited(" "), omitsEmpty: true),
        .fieldPairs("ticket-field-entries", \.fields, key: "ticket-field-id", value: "value", .text),
        .timeline("comments", commentElement, description: .repeatsFirst),
    ])

    private static let commentElement = Binding<Entry>([
        .field("id", \.id, .text, isIdentity: true),
        .field("author-id", \.author.id),
        .table("is-public", \.kind, [true: .message, false: .note]),
        .field("value", \.text),
        .field("created-at", \.createdAt, time),
        .attachments("attachments", \.attachments, attachmentElement),
    ])

    private static let attachmentElement = Binding<Attachment>([
        .field("id", \.id, .text, isIdentity: true),
        .field("filename", \.name),
        .field("content-type", \.contentType),
        .field("size", \.size),
        .field("url", \.url),
    ])

    static let userElement = Binding<Contact>([
        .field("id", \.id),
        .field("name", \.name),
        .texts("email", \.emails, .single()),
        .texts("phone", \.phones, .single()),
        .field("organization-id", \.company),
        .field("external-id", \.externalID),
        .field("created-at", \.createdAt, time),
        .field("updated-at", \.updatedAt, time),
    ])

    static let organizationElement = Binding<Company>([
        .field("id", \.id),
        .field("name", \.name),
        .field("external-id", \.externalID),
        .field("created-at", \.createdAt, time),
        .field("updated-at", \.updatedAt, time),
    ])
}
