internal import ConnectorKit
internal import ConversationModel

/// The neutral model's own JSON, as the schema beside this file describes it.
enum NeutralBindings {
    static func words<Value: RawRepresentable & CaseIterable & Sendable & Hashable>(
        _: Value.Type
    ) -> ValueTable<Value> where Value.RawValue == String {
        ValueTable(Value.allCases.map { (key: .string($0.rawValue), value: $0) })
    }

    private static let time = InstantCodec.iso8601(.microseconds)

    private static func origin<Root>(_ path: WritableKeyPath<Root, Origin>) -> [Rule<Root>] {
        [
            .field("source.connector", path.appending(path: \.connector), .text),
            .field("source.url", path.appending(path: \.url), .text),
        ]
    }

    static let field = Binding<FieldDefinition>(
        [.field("id", \.id, .id)] + origin(\.source) + [
            .table("entity", \.of, words(Entity.self)),
            .field("key", \.key, .text),
            .field("label", \.label, .text),
            .table("type", \.type, words(FieldDefinition.Kind.self)),
            .choices(
                "options", \.options, Binding([.field("value", \.value, .text), .field("label", \.label, .text)])),
            .extras("extras", \.extras),
        ])

    static let team = Binding<Team>(
        [.field("id", \.id, .id)] + origin(\.source) + [.field("name", \.name, .text), .extras("extras", \.extras)])

    static let agent = Binding<Agent>(
        [.field("id", \.id, .id)] + origin(\.source) + [
            .field("name", \.name, .text),
            .field("email", \.email, .text),
            .table("role", \.role, words(Agent.Role.self)),
            .flag("active", \.active),
            .texts("teams", \.teams, .strings(.id), omitsEmpty: true),
            .field("created_at", \.createdAt, time),
            .extras("extras", \.extras),
        ])

    static let company = Binding<Company>(
        [.field("id", \.id, .id)] + origin(\.source) + [
            .field("name", \.name, .text),
            .texts("domains", \.domains, omitsEmpty: true),
            .field("external_id", \.externalID, .text),
            .field("created_at", \.createdAt, time),
            .field("updated_at", \.updatedAt, time),
            .fields("fields", \.fields, omitsEmpty: true),
            .extras("extras", \.extras),
        ])

    static let contact = Binding<Contact>(
        [.field("id", \.id, .id)] + origin(\.source) + [
            .field("name", \.name, .text),
            .texts("emails", \.emails, omitsEmpty: true),
            .texts("phones", \.phones, omitsEmpty: true),
            .field("external_id", \.externalID, .text),
            .field("company", \.company, .id),
            .field("language", \.language, .text),
            .field("timezone", \.timezone, .text),
            .field("created_at", \.createdAt, time),
            .field("updated_at", \.updatedAt, time),
            .flag("blocked", \.blocked),
            .texts("tags", \.tags, omitsEmpty: true),
            .fields("fields", \.fields, omitsEmpty: true),
            .extras("extras", \.extras),
        ])

    static let conversation = Binding<Conversation>(
        [.field("id", \.id, .id)] + origin(\.source) + [
            .field("number", \.number, .text),
            .field("external_id", \.externalID, .text),
            .field("subject", \.subject, .text),
            .table("status", \.status, words(Status.self)),
            .table("priority", \.priority, words(Priority.self)),
            .table("channel", \.channel, words(Channel.self)),
            .field("brand", \.brand, .id),
            .field("url", \.url, .text),
            .field("created_at", \.createdAt, time),
            .field("updated_at", \.updatedAt, time),
            .field("closed_at", \.closedAt, time),
            .field("snoozed_until", \.snoozedUntil, time),
            .field("requester", \.requester, .id),
            .field("assignee", \.assignee, .id),
            .field("team", \.team, .id),
            .participants(
                "participants",
                Binding([
                    .table("kind", \.kind, words(Author.Kind.self)),
                    .field("id", \.id, .id),
                    .table("role", \.role, words(Participant.Role.self)),
                    .field("name", \.name, .text),
                    .field("email", \.email, .text),
                ])),
            .texts("tags", \.tags, omitsEmpty: true),
            .fields("fields", \.fields, omitsEmpty: true),
            .rating(
                "rating", \.rating,
                Binding([
                    .field("score", \.score),
                    .field("scale", \.scale),
                    .field("comment", \.comment, .text),
                    .field("created_at", \.createdAt, time),
                ])),
            .links(
                "links", Binding([.table("kind", \.kind, words(Link.Kind.self)), .field("id", \.id, .id)])),
            .sessions("sessions", session),
            .timeline("timeline", entry, omitsEmpty: true),
            .extras("extras", \.extras),
        ])

    private static let session = Binding<Session>([
        .field("id", \.id, .id),
        .field("started_at", \.startedAt, time),
        .field("ended_at", \.endedAt, time),
        .table("kind", \.kind, words(Session.Kind.self)),
        .table("channel", \.channel, words(Channel.self)),
        .extras("extras", \.extras),
    ])

    private static let entry: Binding<Entry> = {
        let common: [Rule<Entry>] = [
            .field("id", \.id, .id),
            .nested("author", \.author, author),
            .field("created_at", \.createdAt, time),
            .field("session", \.session, .id),
            .field("reply_to", \.replyTo, .id),
            .field("text", \.text, .text),
            .field("html", \.html, .text),
            .table("channel", \.channel, words(Channel.self)),
            .attachments("attachments", \.attachments, attachment, omitsEmpty: true),
            .field("edited_at", \.editedAt, time),
            .flag("redacted", \.redacted, omitting: false),
            .email(
                "email", \.email,
                Binding([
                    .field("message_id", \.messageID, .text),
                    .field("subject", \.subject, .text),
                    .field("from", \.from, .text),
                    .texts("to", \.to, omitsEmpty: true),
                    .texts("cc", \.cc, omitsEmpty: true),
                ])),
            .field("field", \.field, .text),
            .field("from", \.from),
            .field("to", \.to),
            .extras("extras", \.extras),
        ]
        return Binding(Rule.kind(type: "type", event: "event") + common)
    }()

    private static let author = Binding<Author>([
        .table("kind", \.kind, words(Author.Kind.self)),
        .field("id", \.id, .id),
        .field("name", \.name, .text),
        .field("email", \.email, .text),
    ])

    private static let attachment = Binding<Attachment>([
        .field("id", \.id, .id),
        .field("name", \.name, .text),
        .field("content_type", \.contentType, .text),
        .field("size", \.size),
        .field("url", \.url, .text),
        .field("sha256", \.sha256, .text),
        .flag("inline", \.inline, omitting: false),
        .field("content_id", \.contentID, .text),
        .extras("extras", \.extras),
    ])
}
