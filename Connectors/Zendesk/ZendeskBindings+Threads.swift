internal import ConnectorKit
internal import ConversationModel

/// What people said beside a ticket's comments: messaging, and side conversations with third parties.
extension ZendeskBindings {
    // MARK: Conversation log

    /// Whatever is not said to be public is private.
    private static let logSigns: [KindSign] = [
        KindSign(.note, when: ["metadata.public": [false]]),
        KindSign(.message, when: ["type": ["Messaging::ConversationMessage"]]),
        KindSign(.message, when: ["type": ["Comment"], "metadata.public": [true]]),
        KindSign(.note, when: ["type": ["Comment"]]),
    ]

    /// An event of a ticket's conversation log: a message of its own, or a comment by the comment's id.
    ///
    /// Sources: <https://developer.zendesk.com/api-reference/ticketing/tickets/conversation_log/>,
    /// <https://developer.zendesk.com/documentation/ticketing/reference-guides/conversation-log-events-reference>,
    /// read 2026-11-26.
    static let logged = Binding<Entry>(
        [
            .field("reference", \.id, .within(after: ":"), isIdentity: true),
            .repeated("id"),
            .nested("author", \.author, logAuthor),
            .field("content.text", \.text),
            .field("content.body", \.html),
            .repeated("content.type"),
            .attachments("attachments", \.attachments, attachment),
            .field("created_at", \.createdAt, time),
            .repeated("received_at"),
            .repeated("source"),
            .repeated("metadata"),
        ] + Rule.kinds("type", logSigns))

    /// People of messaging alone have no id of Support; bots act by the platform's.
    private static let logAuthor = Binding<Author>([
        .table("type", \.kind, ["user": .contact, "end-user": .contact, "agent": .agent, "bot": .bot]),
        .field("zen:support:user_id", \.id, id),
        .alternate("zen:sunco:user_id", \.id, .id),
        .field("display_name", \.name),
        .repeated("avatar_url"),
    ])

    // MARK: Side conversations

    /// A thread among agents and third parties, which the requester never sees; it belongs to its ticket by a link.
    ///
    /// Sources: <https://developer.zendesk.com/api-reference/ticketing/side_conversation/side_conversation/>,
    /// <https://developer.zendesk.com/api-reference/ticketing/side_conversation/side_conversation_event/>,
    /// read 2026-11-26.
    static let sideConversation = Binding<Conversation>([
        .alternateLink("url", .sideConversationOf, .within(after: "/tickets/", before: "/")),
        .field("id", \.id, .id),
        .link("ticket_id", .sideConversationOf, id).rival("url"),
        .link("external_ids.targetTicketId", .child, .id),
        .field("subject", \.subject).orNull,
        .repeated("preview_text"),
        .table("state", \.status, sideState),
        .participants("participants", participant),
        .field("created_at", \.createdAt, .iso8601(.milliseconds)),
        .field("updated_at", \.updatedAt, .iso8601(.milliseconds)),
        .repeated("message_added_at"),
        .repeated("state_updated_at"),
        .timeline("#side_conversation_events", sideEvent, order: .time),
    ])

    private static let sideState: ValueTable<Status> = ValueTable([("open", .open), ("closed", .closed)])
        .unknown(.open)
        .nearest([.new: .open, .pending: .open, .onHold: .open, .snoozed: .open, .solved: .closed])

    private static let participant = Binding<Participant>([
        .field("user_id", \.id, id).orNull,
        .field("name", \.name).orNull,
        .field("email", \.email).orNull,
    ])

    private static let sideSigns: [KindSign] = [
        KindSign(.note, when: ["type": ["create", "reply"]]),
        KindSign(.event(.status), when: ["type": ["update"], "updates.state": ["open", "closed"]]),
        KindSign(.event(.other), when: ["type": ["update"]]),
    ]

    /// What was written is a note whoever wrote it; `to` of a message is written out among the participants.
    private static let sideEvent = Binding<Entry>(
        from: {
            var entry = Entry()
            entry.kind = .note
            entry.author.kind = .contact
            return entry
        },
        [
            .field("id", \.id, .id, isIdentity: true),
            .ofConversation(.field("side_conversation_id", \.id, .id)),
            .repeated("ticket_id"),
            .repeated("url"),
            .nested("actor", \.author, sideActor),
            .field("created_at", \.createdAt, .iso8601(.milliseconds)),
            .repeated("via"),
            .field("message.html_body", \.html),
            .field("message.body", \.text),
            .repeated("message.subject"),
            .repeated("message.preview_text"),
            .repeated("message.from"),
            .repeated("message.to"),
            .repeated("message.via"),
            .attachments("message.attachments", \.attachments, attachment, omitsEmpty: true),
            .field("updates.state", \.to),
        ] + Rule.kinds("type", sideSigns))

    private static let sideActor = Binding<Author>([
        .field("user_id", \.id, id).orNull,
        .field("name", \.name).orNull,
        .field("email", \.email).orNull,
    ])
}
