internal import ConnectorKit
internal import ConversationModel

/// Rows of Freshchat's raw reports, which are CSV, and the neutral model.
///
/// They are only read: nothing takes them back. The vendor describes the reports and not their columns, which differ between accounts and years:
/// <https://crmsupport.freshworks.com/support/solutions/articles/50000004465-extract-api>,
/// <https://developers.freshworks.com/assets/Freshchat-ReportsAPI.pdf>. Columns are those that public consumers read:
/// <https://github.com/dipv-digiflux/delicut-support-analytics-dashboard>,
/// <https://github.com/YonatanHanan/fresh-fivetran>, <https://fivetran.com/docs/connectors/applications/freshchat>.
enum FreshchatReports {
    // MARK: What reports say of a conversation that has a record, messages or a transcript

    static let ofConversation: [Rule<Conversation>] =
        [
            .lent(
                "#conversation_created",
                first: [
                    .field("created_at", \.createdAt, FreshchatBindings.time),
                    .field("channel_id", \.brand, .id),
                ],
                last: [.field("agent_id", \.assignee, .id), .field("group_id", \.team, .id)])
        ] + ratingAndLabels

    /// What people thought of a conversation, the last word counts, and what agents filed it under.
    ///
    /// Assumed: marks go from 1 to 5, as the product asks for stars.
    private static let ratingAndLabels: [Rule<Conversation>] = [
        .lent(
            "#csat_score",
            last: [
                .rating(
                    [], \.rating, scale: 5,
                    Binding([
                        .table("value", \.score, [1: 1, 2: 2, 3: 3, 4: 4, 5: 5]),
                        .field("csat_response", \.comment),
                        .field("created_at", \.createdAt, FreshchatBindings.time),
                    ]))
            ]),
        .lent(
            "#conversation_resolution_label",
            each: [.adding("label_category_name", \.tags), .adding("label_sub_category_name", \.tags)]),
    ]

    // MARK: Chat-Transcript, one row a message

    /// What kind of entry a row is.
    ///
    /// Words of `detailed_message_type` are those of public scripts over such transcripts.
    private static let signs: [KindSign] = [
        KindSign(.note, when: ["message_type": ["private"]]),
        KindSign(.note, when: ["detailed_message_type": ["private_note"]]),
        KindSign(.event(.status), to: .string("closed"), when: ["detailed_message_type": ["status_change_resolved"]]),
        KindSign(.event(.status), to: .string("open"), when: ["detailed_message_type": ["status_change_reopened"]]),
        KindSign(.event(.assigned), when: ["detailed_message_type": ["status_change_assigned"]]),
        KindSign(.event(.other), when: ["message_type": ["system"]]),
        KindSign(.event(.other), when: ["actor_type": ["system"]]),
        KindSign(.event(.other), when: ["message_source": ["system"]]),
        KindSign(.message, when: ["message_type": ["normal"]]),
    ]

    private static let transcriptRow = Binding<Entry>(
        [
            .ofConversation(.field("conversation_id", \.id, .id)),
            .field("message_id", \.id, .id, isIdentity: true),
            .beginning("created_time", FreshchatBindings.time),
            .authorKind("actor_type", FreshchatBindings.actor),
            .field("actor_id", \.author.id, .id),
            .field("actor_email", \.author.email),
        ] + Rule.name(first: "actor_first_name", last: "actor_last_name", \.author.name) + [
            .repeated("detailed_message_type"),
            .ofConversation(.table("message_source", \.channel, FreshchatBindings.source)),
            .pieces("message_parts", FreshchatBindings.parts),
            .alternate("message", \.text),
            .ofConversation(.field("customer_id", \.requester, .id)),
            .ofConversation(.field("channel_id", \.brand, .id)),
            .repeated("channel_name"),
            .ofConversation(.field("conversation_url", \.url)),
        ] + Rule.kinds("message_type", signs))

    static let transcript = Binding<Conversation>(
        [.timeline("#records", transcriptRow, order: .time)] + ofConversation)

    /// A transcript beside the messages themselves adds those that are missing there.
    static let besideMessages: [Rule<Conversation>] =
        [.lentTimeline("#chat_transcript", transcriptRow)] + ofConversation

    // MARK: Reports of events, one row an event

    /// Conversations that only reports speak of: what happened to them, without a message.
    static let reported = Binding<Conversation>(
        [
            .timeline("#records", created, order: .time),
            .timeline("#conversation_resolved", resolved, takes: { _ in false }),
            .timeline("#conversation_agent_assigned", agentAssigned, takes: { _ in false }),
            .timeline("#conversation_group_assigned", groupAssigned, takes: { _ in false }),
        ] + ratingAndLabels)

    private static let created = event(
        [
            KindSign(.event(.status), to: .string("open"), when: ["reopened": ["true", "1"]]),
            KindSign(.event(.created), when: [:]),
        ],
        [
            .ofConversation(.field("agent_id", \.assignee, .id)),
            .ofConversation(.field("group_id", \.team, .id)),
            .ofConversation(.field("channel_id", \.brand, .id)),
            .ofConversation(.field("conversation_url", \.url)),
        ])

    private static let resolved = event([KindSign(.event(.status), to: .string("closed"), when: [:])])

    private static let agentAssigned = event(
        [KindSign(.event(.assigned), when: [:])], [.field("agent_id", \.to)])

    private static let groupAssigned = event(
        [KindSign(.event(.teamAssigned), when: [:])], [.field("group_id", \.to)])

    private static func event(_ signs: [KindSign], _ rules: [Rule<Entry>] = []) -> Binding<Entry> {
        Binding(
            [
                .ofConversation(.field("conversation_id", \.id, .id)),
                .field("interaction_raw_id", \.session, .id),
                .beginning("created_at", FreshchatBindings.time),
                .authorKind("actor_type", FreshchatBindings.actor),
                .field("actor_id", \.author.id, .id),
                .field("actor_name", \.author.name),
                .repeated("interaction_id"),
                .repeated("agent_name"),
                .repeated("group_name"),
                .repeated("channel_name"),
            ] + rules + Rule.kinds("event", signs))
    }

    // MARK: Files

    /// Spellings that vary between accounts and years; the last but one is the vendor's own misprint.
    private static let spellings: [String: [String]] = [
        "created_at": ["csat_rated_at", "resolved_at"], "value": ["csat_score", "rating"],
        "csat_response": ["comment", "feedback"], "csat_id": ["survey_id"],
        "label_category_name": ["resolution_label", "label"],
        "label_sub_category_name": ["abel_sub_category_name", "sub_label"],
    ]

    static let exports = [
        Export(
            "chat_transcript",
            Recognition(
                .csv, names: ["chat-transcript", "chat_transcript"],
                keys: ["conversation_id", "message_id", "actor_type", "created_time"],
                spellings: ["created_time": ["created_at"]]),
            .grouped(by: "conversation_id", each: "message_id", .conversation(transcript)), output: nil,
            joins: FreshchatExports.reports(of: "conversation_id")),
        Export(
            "conversation_created",
            report(["conversation-created", "conversation_created"], ["conversation_id", "created_at"], by: true),
            .grouped(by: "conversation_id", .conversation(reported)), output: nil,
            joins: ["conversation_resolved", "conversation_agent_assigned", "conversation_group_assigned"].map {
                Join($0, by: "conversation_id", to: "conversation_id", id: [], orphans: .ownRecords)
            } + FreshchatExports.reports(of: "conversation_id").dropFirst()),
        lone("conversation_resolved"), lone("conversation_agent_assigned"), lone("conversation_group_assigned"),
        Export(
            "csat_score", report(["csat-score", "csat_score"], ["conversation_id", "csat_id"]),
            .ignored(reason: "ratings of conversations that this export does not hold"), output: nil),
        Export(
            "conversation_resolution_label",
            report(
                ["conversation-resolution-label", "conversation_resolution_label"],
                ["conversation_id", "label_category_name"]),
            .ignored(reason: "labels of conversations that this export does not hold"), output: nil),
        Export(
            "message_sent",
            report(["message-sent", "message_sent"], ["conversation_id", "actor_sub_type", "interaction_id"]),
            .ignored(reason: "rows that count messages and hold no words"), output: nil),
        Export(
            "durations",
            report(
                [
                    "first-response-time", "first_response_time", "response-time", "response_time", "resolution-time",
                    "resolution_time",
                ], ["conversation_id"], by: true),
            .ignored(reason: "durations follow from the messages"), output: nil),
        Export(
            "activity",
            report(
                ["agent-activity", "agent_activity", "agent-intelliassign-activity", "agent_intelliassign_activity"],
                ["agent_id"], by: true),
            .ignored(reason: "what agents did beside conversations"), output: nil),
    ]

    private static func report(_ names: [String], _ keys: [String], by requiresName: Bool = false) -> Recognition {
        Recognition(
            .csv, names: names, keys: keys, foreignKeys: ["message_id"], spellings: spellings,
            requiresName: requiresName)
    }

    private static func lone(_ name: String) -> Export {
        Export(
            name, report([name.replacing("_", with: "-"), name], ["conversation_id", "created_at"], by: true),
            .ignored(reason: "events of conversations that this export does not hold"), output: nil)
    }
}
