internal import ConnectorKit
internal import ConversationModel

extension KustomerBindings {
    /// Limited users read and write notes; machines are integrations.
    ///
    /// Source: <https://developer.kustomer.com/api/access-management/get-users>
    static let userType = ValueTable<Agent.Role>([
        ("user", .agent), ("machine", .bot), ("limited", .light), ("hourly", .agent), ("user", .admin),
    ]).unknown(.agent)

    static let user = Binding<Agent>(userRules + bookkeeping())

    private static let userRules: [Rule<Agent>] = [
        .constant("type", .string("user")),
        .field("id", \.id, .id),
        .field("attributes.name", \.name),
        .repeated("attributes.displayName"),
        .field("attributes.email", \.email),
        .table("attributes.userType", \.role, userType),
        .listed("attributes.roles", \.role, .admin, as: "org.admin", over: .agent),
        .absence("attributes.deletedAt", \.active),
        .field("attributes.createdAt", \.createdAt, time),
        .repeated("attributes.updatedAt"), .repeated("attributes.roleGroups"), .repeated("attributes.avatarUrl"),
        .repeated("attributes.password"), .repeated("attributes.emailVerifiedAt"),
        .repeated("attributes.firstEmailVerifiedAt"), .repeated("attributes.verifiedEmailStatus"),
        .repeated("attributes.isEmailValid"), .repeated("attributes.firstLoginAt"),
        .repeated("attributes.mostRecentLoginAt"), .repeated("relationships.createdBy"),
    ]

    static let team = Binding<Team>(teamRules + bookkeeping())

    private static let teamRules: [Rule<Team>] = [
        .constant("type", .string("team")),
        .field("id", \.id, .id),
        .field("attributes.name", \.name),
        .repeated("attributes.displayName"), .repeated("attributes.icon"), .repeated("attributes.createdAt"),
        .repeated("attributes.updatedAt"), .repeated("attributes.roleGroups"), .repeated("attributes.deleted"),
        .repeated("relationships.createdBy"),
    ]

    static let customer = Binding<Contact>(customerRules + countedOfCustomers + bookkeeping())

    private static let customerRules: [Rule<Contact>] = [
        .constant("type", .string("customer")),
        .field("id", \.id, .id),
        .field("attributes.name", \.name),
        .repeated("attributes.displayName"), .repeated("attributes.displayColor"),
        .repeated("attributes.displayIcon"), .repeated("attributes.firstName"), .repeated("attributes.lastName"),
        .field("attributes.externalId", \.externalID),
        .repeated("attributes.externalIds"),
        .texts("attributes.emails", \.emails, .objects(key: "email")),
        .texts("attributes.phones", \.phones, .objects(key: "phone")),
        .field("attributes.locale", \.language),
        .field("attributes.timeZone", \.timezone),
        .texts("attributes.tags", \.tags),
        .typedFields("attributes.custom", \.fields, suffixes, omitsEmpty: true),
        .field("attributes.createdAt", \.createdAt, time),
        .field("attributes.updatedAt", \.updatedAt, time),
        .constant("relationships.company.data.type", .string("company")),
        .field("relationships.company.data.id", \.company, .id),
        .repeated("relationships.company.links"),
        .repeated("relationships.messages"), .repeated("relationships.createdBy"),
    ]

    /// What the server counts and measures.
    private static let countedOfCustomers: [Rule<Contact>] = [
        "activeUsers", "watchers", "recentItems", "recentLocation", "conversationCounts", "lastConversation",
        "lastMessageIn", "lastMessageOut", "lastMessageAt", "lastMessageUnrespondedTo", "preview",
        "progressiveStatus", "satisfactionLevel", "verified", "presence", "lastActivityAt", "lastCustomerActivityAt",
        "lastSeenAt", "importedAt", "sentiment", "unmaskingWindow", "companyName",
    ].map { .repeated(Path(["attributes", $0])) }

    static let company = Binding<Company>(companyRules + bookkeeping())

    private static let companyRules: [Rule<Company>] = [
        .constant("type", .string("company")),
        .field("id", \.id, .id),
        .field("attributes.name", \.name),
        .field("attributes.externalId", \.externalID),
        .texts("attributes.domains", \.domains, .objects(key: "domain")),
        .typedFields("attributes.custom", \.fields, suffixes, omitsEmpty: true),
        .field("attributes.createdAt", \.createdAt, time),
        .field("attributes.updatedAt", \.updatedAt, time),
        .repeated("attributes.importedAt"), .repeated("relationships.createdBy"),
    ]
}
