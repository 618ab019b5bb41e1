internal import ConnectorKit
internal import ConversationModel

/// People, groups and companies.
///
/// Sources: <https://github.com/ServiceNow/ServiceNowDocs/blob/HEAD/markdown/api-reference/rest-apis/contact-api.md>,
/// <https://github.com/ServiceNow/ServiceNowDocs/blob/HEAD/markdown/api-reference/rest-apis/account-api.md>, read 2026-11-25.
extension ServiceNowBindings {
    static let openPrefixes = ["u_", "x_"]

    /// Users that nothing marks as staff, and contacts of the customer service tables, which extend users.
    static func contact(_ table: String, _ form: ServiceNowForm) -> Binding<Contact> {
        let company: Path = table == "customer_contact" ? "account" : "company"
        return Binding(
            form.head(table) + [
                .reference(company, \.company, KeyCodec(.company)),
                .cell("email", \.emails),
                .cell("employee_number", \.externalID),
                .derived("first_name") { name(firstOf: $0.name) },
                .derived("last_name") { name(lastOf: $0.name) },
                .table("locked_out", \.blocked, ServiceNowValues.flag).boxed,
                .cell("name", \.name),
                .cell("phone", \.phones),
                .cell("preferred_language", \.language),
                .cell("sys_created_on", \.createdAt),
                .key("sys_id", \.id, KeyCodec(.contact)),
                .cell("sys_updated_on", \.updatedAt),
                .cell("time_zone", \.timezone),
                .login("user_name", of: \.id) { login($0.emails.first, $0.id) },
                .openFields(\.fields, prefixes: openPrefixes),
            ] + form.books())
    }

    /// Consumers are people without an account; they have no login of their own.
    static func consumer(_ form: ServiceNowForm) -> Binding<Contact> {
        Binding(
            form.head("csm_consumer") + [
                .cell("email", \.emails),
                .derived("first_name") { name(firstOf: $0.name) },
                .derived("last_name") { name(lastOf: $0.name) },
                .cell("mobile_phone", \.phones),
                .cell("name", \.name),
                .cell("number", \.externalID),
                .cell("preferred_language", \.language),
                .cell("sys_created_on", \.createdAt),
                .key("sys_id", \.id, KeyCodec(.contact)),
                .cell("sys_updated_on", \.updatedAt),
                .cell("time_zone", \.timezone),
                .openFields(\.fields, prefixes: openPrefixes),
            ] + form.books())
    }

    /// Users with a role or a place in a group.
    static func agent(_ form: ServiceNowForm) -> Binding<Agent> {
        let membership = Binding<TextRecord>(
            form.head("sys_user_grmember") + [
                .key("group", \.text, KeyCodec(.team)),
                .ownKey("sys_id", .team),
                .key("user", \.owner, KeyCodec(.agent)),
            ])
        return Binding(
            form.head("sys_user") + [
                .table("active", \.active, ServiceNowValues.flag).boxed,
                .cell("email", \.email),
                .derived("first_name") { name(firstOf: $0.name) },
                .derived("last_name") { name(lastOf: $0.name) },
                .cell("name", \.name),
                .table("roles", \.role, ServiceNowValues.role).boxed,
                .cell("sys_created_on", \.createdAt),
                .key("sys_id", \.id, KeyCodec(.agent)),
                .login("user_name", of: \.id) { login($0.email, $0.id) },
                .repeated("sys_updated_on"),
                .textRecords(form.children("sys_user_grmember"), \.teams, of: \.id, membership),
            ] + form.books())
    }

    static func group(_ form: ServiceNowForm) -> Binding<Team> {
        Binding(
            form.head("sys_user_group") + [
                .cell("name", \.name),
                .key("sys_id", \.id, KeyCodec(.team)),
                .repeated("sys_updated_on"),
            ] + form.books())
    }

    static func company(_ table: String, _ form: ServiceNowForm) -> Binding<Company> {
        let account: [Rule<Company>] = table == "customer_account" ? [.cell("number", \.externalID)] : []
        return Binding(
            form.head(table) + account + [
                .cell("name", \.name),
                .cell("sys_created_on", \.createdAt),
                .key("sys_id", \.id, KeyCodec(.company)),
                .cell("sys_updated_on", \.updatedAt),
                .openFields(\.fields, prefixes: openPrefixes),
            ] + form.books())
    }

    /// Somebody whom the instance knows keeps the login that they have there.
    private static func login(_ email: String?, _ id: String) -> String? {
        email ?? (KeyCodec.isKey(id) ? nil : id)
    }

    /// An instance makes a person's full name of these two.
    private static func name(firstOf name: String?) -> JSONValue? {
        guard let name, let blank = name.lastIndex(of: " "), blank > name.startIndex else { return nil }
        return .string(String(name[..<blank]))
    }

    private static func name(lastOf name: String?) -> JSONValue? {
        guard let name else { return nil }
        guard let blank = name.lastIndex(of: " "), blank > name.startIndex else { return .string(name) }
        return .string(String(name[name.index(after: blank)...]))
    }
}
