internal import ConnectorKit
internal import ConversationModel

/// Records of the imaginary platform and the neutral model: every line reads and writes.
enum MemoryBindings {
    private static let time = InstantCodec.iso8601(.milliseconds)

    static let contact = Binding<Contact>([
        .field("id", \.id, .id),
        .constant("side", .string("customer")),
        .field("name", \.name),
        .texts("mails", \.emails),
    ])

    static let agent = Binding<Agent>([
        .field("id", \.id, .id),
        .constant("side", .string("staff")),
        .field("name", \.name),
        .field("mail", \.email),
    ])

    static let thread = Binding<Conversation>([
        .field("id", \.id, .id),
        .field("topic", \.subject).orNull,
        .table(
            "state", \.status,
            ValueTable([("open", .open), ("done", .closed)]).unknown(.open)
                .nearest([.new: .open, .pending: .open, .onHold: .open, .snoozed: .open, .solved: .closed])),
        .field("customer", \.requester, .id),
        .field("started", \.createdAt, time),
        .texts("labels", \.tags),
        .timeline("posts", post),
    ])

    private static let post = Binding<Entry>([
        .field("id", \.id, .id, isIdentity: true),
        .table("internal", \.kind, [false: .message, true: .note]),
        .nested("by", \.author, author),
        .field("at", \.createdAt, time),
        .field("text", \.text).orNull,
    ])

    private static let author = Binding<Author>([
        .table(
            "side", \.kind,
            ["customer": .contact, "staff": .agent, "robot": .bot, "system": .system]),
        .field("id", \.id, .id),
        .field("name", \.name),
        .field("mail", \.email),
    ])
}
