internal import ConnectorKit
internal import ConversationModel

/// What happens in a thread: messages, files, forms, and what the platform itself reports.
///
/// Sources: <https://platform.text.com/messaging/agent-chat-api/data-structures>, section Events;
/// <https://platform.text.com/messaging/references/system-activities>, read 2026-11-25.
extension LivechatBindings {
    /// Events that came one by one, as webhooks and pushes send them, of one chat.
    static func events(at prefix: String) -> Binding<Conversation> {
        Binding(
            from: aChat,
            [
                .timeline(
                    "#records",
                    Binding(
                        [
                            .ofConversation(.field(path(prefix, "chat_id"), \.id, .id)),
                            .field(path(prefix, "thread_id"), \.session, .id),
                        ] + eventRules(at: prefix + "event.")), order: .time),
                .sessionsOfEntries("#sessions"),
            ])
    }

    /// An event in the list of its thread.
    static let event = Binding<Entry>(eventRules(at: ""))

    private static func eventRules(at prefix: String) -> [Rule<Entry>] {
        let common: [Rule<Entry>] = [
            .field(path(prefix, "id"), \.id, .id, isIdentity: true),
            .repeated(path(prefix, "custom_id")),
            .eventWord(path(prefix, "system_message_type"), systemMessages, known: otherSystemMessages) {
                isSystemMessage($0)
            },
            .words(path(prefix, "type"), types),
            .authorID(path(prefix, "author_id"), kind: certainKind),
            .field(path(prefix, "created_at"), \.createdAt, time),
            .audience(path(prefix, "visibility"), everybody: "all", agents: "agents").rival("recipients"),
            // Until version 3.3 under another name.
            .olderAudience(path(prefix, "recipients"), everybody: "all", agents: "agents"),
            .flag(path(prefix, "deleted"), \.redacted, omitting: false),
            .field(path(prefix, "text"), \.text).rival("elements").rival("fields"),
            .gathered(path(prefix, "elements"), \.text, cards),
            .gathered(path(prefix, "fields"), \.text, form),
            .repeated(path(prefix, "template_id")),
            .repeated(path(prefix, "form_id")),
            .repeated(path(prefix, "form_type")),
            .alternate(path(prefix, "postback.event_id"), \.replyTo, .id),
            .repeated(path(prefix, "text_vars")),
            .eventWord(path(prefix, "content.deskferry.event"), events) { !isSystemMessage($0) },
            .field(path(prefix, "content.deskferry.field"), \.field),
            .field(path(prefix, "content.deskferry.from"), \.from),
            .field(path(prefix, "content.deskferry.to"), \.to),
        ]
        let file: [Rule<Attachment>] = [
            .field(path(prefix, "name"), \.name),
            .field(path(prefix, "url"), \.url),
            .field(path(prefix, "content_type"), \.contentType),
            .field(path(prefix, "size"), \.size),
        ]
        let picture: [Rule<Entry>] = ["thumbnail_url", "thumbnail2x_url", "width", "height"].map {
            .repeated(path(prefix, $0))
        }
        return common + Rule<Entry>.file(file) + picture
    }

    /// A filled form is what a customer wrote, so it is a message; an empty one is not.
    private static let types: [EntryWord] = [
        .message("file", writing: { !$0.attachments.isEmpty }, keeping: { !$0.attachments.isEmpty || $0.redacted }),
        .message("message") { $0.attachments.isEmpty },
        .message("rich_message"),
        .message("filled_form"),
        .event("system_message") { isSystemMessage($0) },
        .event("custom") { !isSystemMessage($0) },
        .event("form"),
        .event("system"),
    ]

    private static let cards = TextOutline(
        [["title"], ["subtitle"], ["image.url"]], inner: [("buttons", TextOutline([["text", "value"]]))])

    /// Before version 3.3 an answer stood under `value`.
    private static let form = TextOutline([["label", "answer|answers|value"]])

    /// Events of other platforms that LiveChat has a word for and nobody's name is on; others become custom events, which
    /// have an author and may hold anything.
    private static func isSystemMessage(_ entry: Entry) -> Bool {
        guard case .event(let event) = entry.kind, entry.author.id == nil, entry.from == nil, entry.to == nil,
            entry.field == nil
        else { return false }
        return systemMessages.contains { $0.1 == event }
    }

    private static let events = Entry.Event.allCases.filter { $0 != .other }.map { ($0.rawValue, $0) }

    private static let systemMessages: [(String, Entry.Event)] = [
        ("agent_joined", .joined), ("agent_added", .joined), ("customer_added", .joined),
        ("agent_left", .left), ("agent_removed", .left), ("customer_removed", .left),
        ("chat_transferred", .transferred),
        ("routing.assigned_other", .assigned), ("routing.assigned", .assigned),
        ("routing.assigned_deleted", .assigned), ("routing.assigned_disconnected", .assigned),
        ("routing.assigned_inactive", .assigned), ("routing.assigned_remotely_signed_out", .assigned),
        ("routing.assigned_signed_out", .assigned), ("routing.unassigned_deleted", .assigned),
        ("routing.unassigned_disconnected", .assigned), ("routing.unassigned_other", .assigned),
        ("routing.unassigned_inactive", .assigned), ("routing.unassigned_remotely_signed_out", .assigned),
        ("routing.unassigned_signed_out", .assigned),
        ("rating.chat_rated", .rated), ("rating.chat_commented", .rated), ("rating.chat_rating_canceled", .rated),
        ("system_archived", .sessionEnded), ("manual_archived_agent", .sessionEnded),
        ("manual_archived_customer", .sessionEnded), ("archived_customer_disconnected", .sessionEnded),
        ("customer_banned", .sessionEnded), ("routing.archived_deleted", .sessionEnded),
        ("routing.archived_disconnected", .sessionEnded), ("routing.archived_inactive", .sessionEnded),
        ("routing.archived_offline", .sessionEnded), ("routing.archived_other", .sessionEnded),
        ("routing.archived_remotely_signed_out", .sessionEnded), ("routing.archived_signed_out", .sessionEnded),
    ]

    private static let otherSystemMessages: Set<String> = [
        "customer_updated", "routing.idle", "transcript_requested", "transcript_sent",
    ]
}
