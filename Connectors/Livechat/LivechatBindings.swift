internal import ConnectorKit
internal import ConversationModel

/// LiveChat's chats, threads and events, and the neutral model.
///
/// Sources: <https://platform.text.com/messaging/agent-chat-api/data-structures>,
/// <https://platform.text.com/messaging/references/default-properties>, read 2026-11-25.
enum LivechatBindings {
    static let time = InstantCodec.iso8601(.microseconds)
    static let group = TextCodec.integerID()

    /// A thread is active or it is not; one that does not say is not.
    static let status: ValueTable<Status> = ValueTable([(false, .closed), (true, .open)]).absent(false)
        .nearest([.new: .open, .pending: .open, .onHold: .open, .snoozed: .open, .solved: .closed])

    /// Bots look like agents; their ids are 32 hexadecimal digits, agents' are e-mail addresses, customers' UUIDs.
    static func isBot(_ id: String) -> Bool {
        id.utf8.count == 32 && id.utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x61 && $0 <= 0x66) }
    }

    /// What the form of an id tells; ids of other platforms tell nothing.
    static func certainKind(_ id: String) -> Author.Kind? {
        if id.contains("@") { return .agent }
        if isBot(id) { return .bot }
        return id.utf8.count == 36 && id.utf8.count(where: { $0 == UInt8(ascii: "-") }) == 4 ? .contact : nil
    }

    static func kind(_ id: String) -> Author.Kind { id.contains("@") ? .agent : isBot(id) ? .bot : .contact }

    // MARK: Chats

    /// A chat once for each of its threads, as the archives give it; `at` is where the chat stands in a record.
    static func archive(at prefix: String = "") -> Binding<Conversation> {
        let chat: [Rule<Session>] = [
            .ofConversation(.field(path(prefix, "id"), \.id, .id)),
            .ofSessions(.every, .people(path(prefix, "users"), users)),
        ]
        let rest: [Rule<Session>] = [
            .properties(path(prefix, "properties"), properties, writesFields: false, ofChat),
            .ofSessions(.fallback, .firstOf(path(prefix, "access"), key: "group_ids", \.team, group)),
            .repeated(path(prefix, "is_followed")),
        ]
        return Binding(
            from: aChat,
            [
                .sessions("#records", Binding(chat + thread(at: prefix + "thread.") + rest)),
                .spansSessions("#span"),
            ])
    }

    /// A chat with all of its threads.
    static let chat = Binding<Conversation>(
        from: aChat,
        [
            .field("id", \.id, .id),
            .people("users", users),
            .sessions("threads", Binding(thread(at: ""))),
            .properties("properties", properties, [.repeated("routing.continuous"), .repeated("routing.pinned")]),
            .repeated("access"),
            .repeated("is_followed"),
            .spansSessions("#span"),
        ])

    /// A thread without its chat: a conversation of its own that goes on from the one before.
    static let soleThread = Binding<Conversation>(
        from: aChat,
        [
            .field("id", \.id, .id),
            .table("active", \.status, status),
            .field("created_at", \.createdAt, time),
            .peopleIDs("user_ids", kind: kind),
            .timeline("events", event, omitsEmpty: true),
            .properties(
                "properties", properties, [.repeated("routing.continuous"), .repeated("routing.idle"), rating]),
            .firstOf("access", key: "group_ids", \.team, group),
            .texts("tags", \.tags, omitsEmpty: true),
            .link("previous_thread_id", .followUpOf, .id),
            .repeated("next_thread_id"),
            .isOneSession("#session"),
            .spansSessions("#span"),
        ])

    /// What list_chats gives: who and when, and of the events only the last of each type.
    static func summary(thread: String) -> Binding<Conversation> {
        Binding(
            from: aChat,
            [
                .field("id", \.id, .id),
                .people("users", users),
                .table(path(thread + ".", "active"), \.status, status),
                .field(path(thread + ".", "created_at"), \.createdAt, time),
                .firstOf("access", key: "group_ids", \.team, group),
                .repeated("is_followed"),
            ])
    }

    static let aChat: @Sendable () -> Conversation = {
        var conversation = Conversation()
        conversation.channel = .chat
        return conversation
    }

    static func path(_ prefix: String, _ keys: String) -> Path { Path(stringLiteral: prefix + keys) }

    private static let users: PeopleForm = {
        var form = PeopleForm()
        form.type = ("type", contact: "customer", agent: "agent")
        form.answering = "present"
        form.listening = ("visibility", value: "agents")
        form.contact = customer
        form.isBot = isBot
        return form
    }()

    private static func thread(at prefix: String) -> [Rule<Session>] {
        [
            .field(path(prefix, "id"), \.id, .id, isIdentity: true),
            .ofSessions(.latest, earlier: .bool(false), .table(path(prefix, "active"), \.status, status)),
            .field(path(prefix, "created_at"), \.startedAt, time),
            .ofSessions(.every, .peopleIDs(path(prefix, "user_ids"), kind: kind, isRepeated: true)),
            .entries(path(prefix, "events"), event),
            .properties(path(prefix, "properties"), properties, writesFields: true, ofThread),
            .ofSessions(.latest, .firstOf(path(prefix, "access"), key: "group_ids", \.team, group)),
            .ofSessions(.every, .gathered(path(prefix, "tags"), \.tags)),
            .repeated(path(prefix, "previous_thread_id")),
            .repeated(path(prefix, "next_thread_id")),
            .repeated(path(prefix, "previous_accessible_thread_id")),
            .repeated(path(prefix, "next_accessible_thread_id")),
            .repeated(path(prefix, "queues_duration")),
            .following("#ended", \.endedAt),
        ]
    }

    // MARK: Properties

    /// Namespaces of LiveChat's own; all others belong to apps, and what these keep are custom fields.
    ///
    /// Source: <https://platform.text.com/messaging/references/default-properties>
    private static let properties = PropertyForm(
        hidden: [
            "chats", "core", "lc2", "limits", "monitoring", "rating", "routing", "smart_actions", "source",
            "statistics",
            "status", "supervising", "translation", "url_details", "deskferry",
        ],
        shown: ["routing.start_url", "routing.referrer"], own: "deskferry_fields")

    /// 1 is good, 0 is bad; agents cannot write it.
    private static let rating: Rule<Conversation> = .rating(
        "rating", \.rating, scale: 2,
        Binding<Rating>([.table("score", \.score, ValueTable([(1, 2), (0, 1)])), .field("comment", \.comment)]))

    private static let ofChat: [Rule<Session>] =
        ["continuous", "pinned", "was_pinned", "ignore_agents_routing", "email_follow_up", "unassigned"].map {
            .repeated(path("routing.", $0))
        }

    /// What other platforms know and LiveChat has no field for stands in a namespace of its own.
    private static let ofThread: [Rule<Session>] =
        [
            .table("routing.offline_message", \.kind, [true: .offline, false: .live]),
            .ofSessions(.latest, rating),
            .ofSessions(.latest, .field("deskferry.subject", \.subject)),
            .ofSessions(.latest, .table("deskferry.priority", \.priority, words(Priority.self))),
            .ofSessions(.latest, .table("deskferry.channel", \.channel, words(Channel.self).absent("chat"))),
            .ofSessions(.latest, .field("deskferry.number", \.number)),
            .ofSessions(.latest, .field("deskferry.external_id", \.externalID)),
            .ofSessions(.latest, .field("deskferry.brand", \.brand, .id)),
            .ofSessions(.latest, .field("deskferry.url", \.url)),
        ]
        + ["continuous", "idle", "unassigned", "unreplied", "pinned", "last_transfer_timestamp", "ignore_bots"].map {
            .repeated(path("routing.", $0))
        }

    private static func words<Value: RawRepresentable & CaseIterable & Sendable & Hashable>(
        _: Value.Type
    ) -> ValueTable<Value> where Value.RawValue == String {
        ValueTable(Value.allCases.map { (key: .string($0.rawValue), value: $0) })
    }
}
