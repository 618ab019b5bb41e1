internal import ConnectorKit
internal import ConversationModel

/// Incidents and cases with their journals, files, mails and tags, and the neutral model.
///
/// Sources: <https://github.com/ServiceNow/ServiceNowDocs/blob/HEAD/markdown/api-reference/rest-apis/c_TableAPI.md>,
/// <https://github.com/ServiceNow/ServiceNowDocs/blob/HEAD/markdown/api-reference/rest-apis/case-api.md>,
/// <https://github.com/ServiceNow/ServiceNowDocs/blob/HEAD/markdown/platform-administration/table-administration-and-data-management/r_ImportantTaskTableFields.md>, read 2026-11-25.
enum ServiceNowBindings {
    /// The login by which the platform itself acts.
    static let system = "system"
    static let conversationKey = KeyCodec(.conversation)
    /// Characters of `description`, `short_description` and the like.
    static let descriptionLimit = 4000

    // MARK: Tasks

    static func incident(_ form: ServiceNowForm, keyIsNumber: Bool = false) -> Binding<Conversation> {
        let own: [Rule<Conversation>] = [
            .reference("caller_id", \.requester, form.person(.contact), person: .contact),
            .table("contact_type", \.channel, ServiceNowValues.incidentContact).boxed,
            .refinement("hold_reason", \.status, of: .onHold, ServiceNowValues.holdReason),
            .derived("impact") { ServiceNowValues.impact($0.priority) },
            .derived("incident_state") { ServiceNowValues.state($0.status) },
            .linkKey("parent_incident", .parent, conversationKey),
            .table("priority", \.priority, ServiceNowValues.incidentPriority).boxed,
            .table("state", \.status, ServiceNowValues.incidentState).boxed,
            .constant("sys_class_name", .string("incident")),
            .derived("urgency") { ServiceNowValues.urgency($0.priority) },
        ]
        return task("incident", form, keyIsNumber, own)
    }

    static func customerCase(_ form: ServiceNowForm, keyIsNumber: Bool = false) -> Binding<Conversation> {
        let own: [Rule<Conversation>] = [
            .reference("contact", \.requester, form.person(.contact), person: .contact),
            .table("contact_type", \.channel, ServiceNowValues.caseContact).boxed,
            .linkKey("parent", .parent, conversationKey),
            .table("priority", \.priority, ServiceNowValues.casePriority).boxed,
            .table("state", \.status, ServiceNowValues.caseState).boxed,
            .constant("sys_class_name", .string("sn_customerservice_case")),
        ]
        return task("sn_customerservice_case", form, keyIsNumber, own)
    }

    private static func task(
        _ table: String, _ form: ServiceNowForm, _ keyIsNumber: Bool, _ own: [Rule<Conversation>]
    ) -> Binding<Conversation> {
        let key: [Rule<Conversation>] =
            keyIsNumber
            ? [.field("number", \.id)]
            : [.cell("number", \.number), .key("sys_id", \.id, conversationKey)]
        let common: [Rule<Conversation>] = [
            .derived("active") { ServiceNowValues.active($0.status) },
            .participantKeys("additional_assignee_list", .agent, .participant, form.person(.agent)),
            .reference("assigned_to", \.assignee, form.person(.agent), person: .agent),
            .reference("assignment_group", \.team, form.person(.team)),
            .cell("closed_at", \.closedAt),
            .cell("correlation_id", \.externalID),
            .opening("description", limit: descriptionLimit),
            .cell("follow_up", \.snoozedUntil),
            .cell("opened_at", \.createdAt),
            .cell("short_description", \.subject, isGuarded: form.isGuarded),
            .derived("sys_created_on") { ServiceNowValues.moment($0.createdAt) },
            .cell("sys_updated_on", \.updatedAt),
            .participantKeys("watch_list", .contact, .cc, form.person(.contact)),
            .participantKeys("work_notes_list", .agent, .follower, form.person(.agent)),
            .openFields(\.fields, prefixes: ["u_", "x_"]),
        ]
        return Binding(
            form.head(table) + own + common + key + form.books() + journalTexts(table, form) + [
                .timeline(
                    form.children("sys_journal_field"), journal(table, form), takes: isJournal,
                    description: .opening(limit: descriptionLimit), omitsEmpty: true),
                .timeline(form.children("sys_email"), mail(table, form), takes: isMail, omitsEmpty: true),
                .files(
                    form.children("sys_attachment"), file(table, form), entry: fileMessage(table, form),
                    pieces: pieces(form)),
                .changeRows(form.children("sys_audit"), ServiceNowValues.history(table), row: change),
                .textRecords(
                    form.children("label_entry"), \.tags, of: \.id, labelEntry(table, form),
                    companion: form.format == .xml ? label : nil),
            ])
    }

    // MARK: Entries

    /// Mails that were sent or came in are entries of their own; whatever else has headers keeps its place.
    private static let isMail: @Sendable (Entry) -> Bool = {
        $0.email != nil && ($0.kind == .message || $0.kind == .event(.other)) && !$0.isLogged
    }

    private static let isJournal: @Sendable (Entry) -> Bool = {
        !isMail($0) && !$0.isRecordFile && !$0.isOfJournalText && !$0.isLogged
    }

    /// What people wrote: comments are seen by the requester, work notes are not.
    ///
    /// A row names its table or one above it; only its record's key counts.
    /// Source: <https://github.com/ServiceNow/ServiceNowDocs/blob/HEAD/markdown/platform-administration/table-administration-and-data-management/r_JournalFields.md>
    static func journal(_ table: String, _ form: ServiceNowForm) -> Binding<Entry> {
        Binding(
            form.head("sys_journal_field") + [
                .table("element", \.kind, ServiceNowValues.journal).boxed,
                .ofConversation(.key("element_id", \.id, conversationKey)),
                .constant("name", .string(table)),
                .authorLogin("sys_created_by", system: system),
                .cell("sys_created_on", \.createdAt),
                .key("sys_id", \.id, KeyCodec(.entry), isIdentity: true),
                .cell("value", \.text),
                .carriedFiles(file(table, form)),
            ])
    }

    /// Journals as people see them, in exports of display values.
    ///
    /// Source: <https://github.com/demisto/content/pull/22509>
    static func journalTexts(_ table: String, _ form: ServiceNowForm) -> [Rule<Conversation>] {
        let entry = journal(table, form)
        return [
            .journalText("comments", kind: .message, rivals: ["comments_and_work_notes"], entry: entry),
            .journalText("work_notes", kind: .note, rivals: ["comments_and_work_notes"], entry: entry),
            .journalText(
                "comments_and_work_notes", kind: nil,
                messages: ["Additional comments", "Additional comments (Customer visible)"],
                rivals: ["comments", "work_notes"], entry: entry),
        ]
    }

    /// Mails of the record.
    ///
    /// Only those that went out or came in were seen by somebody outside.
    ///
    /// Source: <https://github.com/ServiceNow/ServiceNowDocs/blob/HEAD/markdown/api-reference/rest-apis/email-api.md>
    private static func mail(_ table: String, _ form: ServiceNowForm) -> Binding<Entry> {
        Binding(
            form.head("sys_email") + [
                .cell("body", \.html),
                .cell("body_text", \.text),
                .mail("copied", .cc),
                .ofConversation(.key("instance", \.id, conversationKey)),
                .mail("message_id", .messageID),
                .mail("recipients", .to),
                .mail("subject", .subject),
                .authorLogin("sys_created_by", system: system, isRough: true),
                .cell("sys_created_on", \.createdAt),
                .key("sys_id", \.id, KeyCodec(.entry), isIdentity: true),
                .constant("target_table", .string(table)),
                .mailType(
                    "type", system: system,
                    [
                        MailType("received", .message, .contact), MailType("sent", .message, .agent),
                        MailType("send-ignored", .event(.other), .agent),
                        MailType("send-ready", .event(.other), .agent),
                        MailType("send-failed", .event(.other), .agent),
                        MailType("received-ignored", .event(.other), .contact),
                    ]),
                .mail("user", .from),
                .mailSender("user_id", KeyCodec(.contact)),
                .carriedFiles(file(table, form)),
            ])
    }

    /// A value of the record that changed.
    ///
    /// Source: <https://github.com/ServiceNow/ServiceNowDocs/blob/HEAD/markdown/platform-security/c_UnderstandingTheSysAuditTable.md>
    static let change = Binding<Entry>([
        .cell("sys_created_on", \.createdAt),
        .key("sys_id", \.id, KeyCodec(.entry), isIdentity: true),
        .authorLogin("user", system: system),
    ])

    // MARK: Files

    /// A file of the record; its bytes stand in pieces in another table.
    ///
    /// Source: <https://github.com/ServiceNow/ServiceNowDocs/blob/HEAD/markdown/api-reference/rest-apis/c_AttachmentAPI.md>
    static func file(_ table: String, _ form: ServiceNowForm) -> Binding<Attachment> {
        let name: [Rule<Attachment>] = form.format == .xml ? [.entryName] : []
        return Binding(
            [.content] + form.head("sys_attachment") + name + [
                .constant("compressed", .string("false")),
                .cell("content_type", \.contentType),
                .cell("download_link", \.url),
                .cell("file_name", \.name),
                .sha256("hash"),
                .cell("size_bytes", \.size),
                .ofOwningEntry(.authorLogin("sys_created_by", system: system)),
                .ofOwningEntry(.cell("sys_created_on", \.createdAt)),
                .key("sys_id", \.id, KeyCodec(.file), isIdentity: true),
                .constant("table_name", .string(table)),
                .ofConversation(.key("table_sys_id", \.id, conversationKey)),
            ])
    }

    /// The content of a file, in rows of 2,800 bytes as instances write them, each base64 of its own.
    ///
    /// Source: <https://github.com/ServiceNow/ServiceNowDocs/blob/HEAD/markdown/platform-administration/r_AdministeringAttachments.md>
    static func pieces(_ form: ServiceNowForm) -> PieceForm? {
        guard form.format != .csv else { return nil }
        let isElement = form.format == .xml
        return PieceForm(
            files: "sys_attachment" + form.suffix, pieces: "sys_attachment_doc" + form.suffix, key: "sys_id",
            data: "data", position: "position", compressed: "compressed", size: 2800
        ) { piece in
            var members: [JSONValue.Member] = []
            if isElement {
                members.append(JSONValue.Member("@element", .string("sys_attachment_doc")))
                members.append(JSONValue.Member("@action", .string("INSERT_OR_UPDATE")))
            }
            members += [
                JSONValue.Member("data", .string(piece.data)),
                JSONValue.Member("length", .string(String(piece.data.utf8.count))),
                JSONValue.Member("position", .string(String(piece.position))),
                JSONValue.Member("sys_attachment", piece.file),
                JSONValue.Member("sys_id", .string(piece.key)),
            ]
            return .object(members)
        }
    }

    /// A message that is nothing but a file.
    static func fileMessage(_ table: String, _ form: ServiceNowForm) -> Binding<Entry> {
        Binding([
            .key("sys_id", \.id, KeyCodec(.file), isIdentity: true),
            .authorLogin("sys_created_by", system: system),
            .cell("sys_created_on", \.createdAt),
            .carriedFiles(file(table, form)),
        ])
    }

    // MARK: Tags

    /// A tag is a record, and its place on a ticket another one.
    ///
    /// Source: <https://newsrails.jace.pro/i/22204>
    static func labelEntry(_ table: String, _ form: ServiceNowForm) -> Binding<TextRecord> {
        Binding(
            form.head("label_entry") + [
                .namedKey("label", .tag),
                .ownKey("sys_id", .tag),
                .constant("table", .string(table)),
                .key("table_key", \.owner, conversationKey),
            ])
    }

    static let label = Binding<TextRecord>(
        ServiceNowForm.xml.head("label") + [
            .derived("name") { .string($0.text) },
            .textKey("sys_id", .tag),
            .constant("type", .string("standard")),
            .constant("viewable_by", .string("everyone")),
        ])
}
