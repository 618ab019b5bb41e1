internal import ConnectorKit
internal import ConversationModel

/// What happens in a chat: messages, files, people who come and go, tags, ratings.
///
/// Sources: <https://github.com/facetoe/zenpy/blob/master/specification/chat/chat.json> for entries without ids of people,
/// <https://github.com/singer-io/tap-zendesk-chat/blob/master/tap_zendesk_chat/schemas/chat_history.json> for those with,
/// <https://api.zopim.com/web-sdk/> for files and for what stands behind `agent:`, read 2026-11-26.
extension ZendeskChatBindings {
    /// One entry of `history`.
    ///
    /// Who wrote it is said by the agent's id, by `nick`, or, in older chats, by the name alone.
    static let entry = Binding<Entry>(
        [
            .field("msg_id", \.id, .id, isIdentity: true),
            .actor("nick", nick).rival("agent_id").rival("name"),
            .agentAuthor("agent_id", .id),
            .authorRole("sender_type", senders),
            .authorNamed("name", guest: "Visitor "),
            .field("timestamp", \.createdAt, time),
            .field("msg", \.text),
            .repeated("channel"),
            .repeated("index"),
        ] + Rule<Entry>.change(from: "prev_department_id", to: "department_id", .teamAssigned) + Rule<Entry>.file(file)
    ).cases("type", types)

    /// Triggers write under a name that is their own and have no id; contacts other than the visitor are never seen.
    private static let nick = ActorForm(
        [
            .init("agent:trigger", .bot, .word), .init("agent:system", .system, .word), .init("agent:", .agent, .id),
            .init("visitor", .contact, .word), .init("visitor:", .contact, .id),
        ], system: "agent:system", writesNames: false)

    /// Assumed: the words, as the field is seen in clients of the API only; others are reported.
    private static let senders: [String: Author.Kind] = [
        "Agent": .agent, "agent": .agent, "Visitor": .contact, "visitor": .contact, "EndUser": .contact,
        "end_user": .contact, "Trigger": .bot, "trigger": .bot, "Bot": .bot, "bot": .bot, "AnswerBot": .bot,
        "System": .system, "system": .system,
    ]

    private static let file: [Rule<Attachment>] = [
        .field("attachment.name", \.name),
        .field("attachment.url", \.url),
        .field("attachment.mime_type", \.contentType),
        .field("attachment.size", \.size),
    ]

    /// An entry of another type is an event without a meaning, reported and kept as it came.
    ///
    /// Assumed: `chat.transfer`, which no source shows; the keys of a change of department are in the schema of a client.
    private static let types: [Case] = [
        Case("chat.file", .message, where: { !$0.attachments.isEmpty }),
        Case("chat.msg", .message),
        Case("chat.memberjoin", .event(.joined)),
        Case("chat.memberleave", .event(.left)),
        Case("chat.tag", .event(.tagRemoved), where: { isTags($0) && isShorter($0.to, $0.from) }, tags),
        Case("chat.tag", .event(.tagAdded), where: { isTags($0) && !isShorter($0.to, $0.from) }, tags),
        Case(
            "chat.comment", .event(.rated), field: "comment",
            [.field("comment", \.from).orNull, .field("new_comment", \.to).orNull]),
        Case(
            "chat.rating", .event(.rated), where: { isMark($0.from) && isMark($0.to) },
            [.field("rating", \.from).orNull, .field("new_rating", \.to).orNull]),
        Case(
            "chat.transfer", .event(.teamAssigned),
            [.field("prev_department_id", \.from), .field("department_id", \.to)]),
        Case("chat.request.rating", .event(.other)),
        Case("chat.queue_position", .event(.other)),
    ]

    private static let tags: [Rule<Entry>] = [.field("tags", \.from), .field("new_tags", \.to)]

    /// Lists of tags before and after; what other platforms say of a tag has no form here.
    private static func isTags(_ entry: Entry) -> Bool {
        [entry.from, entry.to].allSatisfy { value in
            guard case .array? = value else { return value == nil }
            return true
        } && (entry.from != nil || entry.to != nil)
    }

    private static func isShorter(_ a: JSONValue?, _ b: JSONValue?) -> Bool {
        guard case .array(let b)? = b else { return false }
        guard case .array(let a)? = a else { return !b.isEmpty }
        return a.count < b.count
    }

    private static func isMark(_ value: JSONValue?) -> Bool {
        [nil, .null, .string("good"), .string("bad")].contains(value)
    }
}
