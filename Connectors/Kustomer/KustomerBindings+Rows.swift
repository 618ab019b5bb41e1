internal import ConnectorKit
internal import ConversationModel

extension KustomerBindings {
    /// How a table names its columns: by the system's names, or by those that people see.
    ///
    /// Source: <https://help.kustomer.com/en_us/data-export-conversation-standard-attributes-Sk_4kKhzi>
    enum Columns {
        case system, display

        func callAsFunction(_ system: String, _ display: String) -> Path {
            Path([self == .system ? system : display])
        }
    }

    static func customerRow(_ column: Columns) -> Binding<Contact> {
        let rules: [Rule<Contact>] = [
            .field(column("id", "ID"), \.id, .id),
            .field(column("name", "Name"), \.name),
            .texts(column("emails", "Emails"), \.emails, .delimited(",")),
            .texts(column("phones", "Phones"), \.phones, .delimited(",")),
            .field(column("externalId", "External ID"), \.externalID),
            .field(column("company", "Company"), \.company),
            .field(column("locale", "Locale"), \.language),
            .field(column("timeZone", "Time Zone"), \.timezone),
            .texts(column("tags", "Tags"), \.tags, .delimited(",")),
            .field(column("createdAt", "Created At"), \.createdAt, time),
            .field(column("updatedAt", "Updated At"), \.updatedAt, time),
        ]
        return Binding(rules + (column == .system ? [.typedColumns("custom.", \.fields, suffixes)] : []))
    }

    static func userRow(_ column: Columns) -> Binding<Agent> {
        Binding([
            .field(column("id", "ID"), \.id, .id),
            .field(column("name", "Name"), \.name),
            .field(column("email", "Email"), \.email),
            .table(column("userType", "User Type"), \.role, userType),
            .field(column("createdAt", "Created At"), \.createdAt, time),
        ])
    }

    static func companyRow(_ column: Columns) -> Binding<Company> {
        let rules: [Rule<Company>] = [
            .field(column("id", "ID"), \.id, .id),
            .field(column("name", "Name"), \.name),
            .field(column("externalId", "External ID"), \.externalID),
            .texts(column("domains", "Domains"), \.domains, .delimited(",")),
            .field(column("createdAt", "Created At"), \.createdAt, time),
            .field(column("updatedAt", "Updated At"), \.updatedAt, time),
        ]
        return Binding(rules + (column == .system ? [.typedColumns("custom.", \.fields, suffixes)] : []))
    }

    /// A data export of conversations: heads without messages.
    static func conversationRow(_ column: Columns) -> Binding<Conversation> {
        let rules: [Rule<Conversation>] = [
            .field(column("id", "ID"), \.id, .id),
            .field(column("externalId", "External ID"), \.externalID),
            .field(column("name", "Name"), \.subject),
            .repeated(column("preview", "Preview")),
            .table(column("status", "Status"), \.status, status),
            .table(column("priority", "Priority"), \.priority, priority),
            .rating(
                column("satisfactionLevel.rating", "Satisfaction Rating"), \.rating, scale: 5, bareKey: "rating",
                rating),
            .repeated(column("satisfaction", "Satisfaction")),
            .repeated(column("messageCount", "Message Count")),
            .repeated(column("noteCount", "Note Count")),
            .texts(column("tags", "Tags"), \.tags, .delimited(",")),
            .field(column("customer.id", "Customer ID"), \.requester),
            .field(column("createdAt", "Created At"), \.createdAt, time),
            .field(column("updatedAt", "Updated At"), \.updatedAt, time),
        ]
        return Binding(rules + (column == .system ? [.typedColumns("custom.", \.fields, suffixes)] : []))
    }
}
