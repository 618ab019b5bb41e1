internal import ConnectorKit
internal import ConversationModel

/// Interactions and chat conversations with their messages.
///
/// Sources: <https://github.com/ServiceNow/ServiceNowDocs/blob/HEAD/markdown/servicenow-platform/interaction-management/>,
/// <https://github.com/ServiceNow/ServiceNowDocs/blob/HEAD/markdown/conversational-interfaces/virtual-agent/installed-wth-virtual-agent.md>, read
/// 2026-11-25. Values of chat tables are seen in scripts and dumps only: an unknown one keeps its raw form.
extension ServiceNowBindings {
    // MARK: Interactions

    /// An interaction is one contact with a customer; the chats in it are its sessions.
    static func interaction(_ form: ServiceNowForm, keyIsNumber: Bool = false) -> Binding<Conversation> {
        let key: [Rule<Conversation>] =
            keyIsNumber
            ? [.field("number", \.id)]
            : [.cell("number", \.number), .key("sys_id", \.id, conversationKey)]
        let rules: [Rule<Conversation>] = [
            .reference("assigned_to", \.assignee, form.person(.agent), person: .agent),
            .reference("assignment_group", \.team, form.person(.team)),
            .cell("closed_at", \.closedAt),
            .cell("opened_at", \.createdAt),
            .reference("opened_for", \.requester, form.person(.contact), person: .contact),
            .linkKey("parent", .parent, conversationKey),
            .cell("short_description", \.subject, isGuarded: form.isGuarded),
            .table("state", \.status, ServiceNowValues.interactionState).boxed,
            .derived("sys_created_on") { ServiceNowValues.moment($0.createdAt) },
            .cell("sys_updated_on", \.updatedAt),
            .table("type", \.channel, ServiceNowValues.interactionType).boxed,
            .openFields(\.fields, prefixes: openPrefixes),
        ]
        return Binding(
            form.head("interaction") + rules + key + form.books() + journalTexts("interaction", form) + [
                .sessions(form.children("sys_cs_conversation"), chatSession(form)),
                .timeline(
                    form.children("sys_journal_field"), journal("interaction", form),
                    takes: { $0.session == nil && !$0.isRecordFile && !$0.isOfJournalText && !$0.isLogged }),
                .files(
                    form.children("sys_attachment"), file("interaction", form), entry: fileMessage("interaction", form),
                    pieces: pieces(form)),
                .changeRows(form.children("sys_audit"), ServiceNowValues.history("interaction"), row: change),
                .textRecords(
                    form.children("label_entry"), \.tags, of: \.id, labelEntry("interaction", form),
                    companion: form.format == .xml ? label : nil),
            ])
    }

    private static func chatSession(_ form: ServiceNowForm) -> Binding<Session> {
        Binding(
            form.head("sys_cs_conversation") + [
                .key("sys_id", \.id, KeyCodec(.entry)),
                .cell("sys_created_on", \.startedAt),
                .entries(form.children("sys_cs_message"), sessionMessage(form)),
            ] + form.books())
    }

    private static func sessionMessage(_ form: ServiceNowForm) -> Binding<Entry> {
        Binding(form.head("sys_cs_message") + [.reference("conversation", \.session, KeyCodec(.entry))] + message(form))
    }

    // MARK: Chats without an interaction

    static func chat(_ form: ServiceNowForm) -> Binding<Conversation> {
        let own: [Rule<Conversation>] = [
            .cell("title", \.subject),
            .reference("consumer", \.requester, form.person(.contact), person: .contact),
            .table("state", \.status, chatState).boxed,
            .cell("sys_created_on", \.createdAt),
            .key("sys_id", \.id, conversationKey),
            .cell("sys_updated_on", \.updatedAt),
        ]
        let entry = Binding<Entry>(
            form.head("sys_cs_message") + [.ofConversation(.key("conversation", \.id, conversationKey))] + message(form)
        )
        return Binding(
            form.head("sys_cs_conversation") + own + form.books() + [
                .timeline(form.children("sys_cs_message"), entry, order: .time)
            ])
    }

    private static let chatState: ValueTable<Status> = ValueTable([
        ("open", .open), ("closed", .closed), ("completed", .closed), ("canceled", .closed), ("faulted", .closed),
    ]).unknown(.open).nearest([.new: .open, .pending: .open, .onHold: .open, .snoozed: .open, .solved: .closed])

    /// One message of a chat.
    ///
    /// Who wrote it is told by two flags; whispers are for agents only.
    private static func message(_ form: ServiceNowForm) -> [Rule<Entry>] {
        [
            .authorFlag("is_agent", .agent),
            .authorFlag("is_bot_message", .bot),
            .reference("sender", \.author.id, KeyCodec(.contact)),
            .controlText("payload", keys: ["value", "text", "label", "promptMsg", "message"]),
            .cell("send_time", \.createdAt),
            .key("sys_id", \.id, KeyCodec(.entry), isIdentity: true),
            .table("visibility_type", \.kind, ServiceNowValues.visibility).boxed,
        ]
    }
}
