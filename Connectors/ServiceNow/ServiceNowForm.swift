internal import ConnectorKit
internal import ConversationModel

/// The forms in which one table is given: the same columns, as elements, members or cells.
struct ServiceNowForm: Sendable {
    /// Behind a table's name, the name of its export in this form.
    let suffix: String
    let format: Recognition.Format
    /// Whether people may be given by name instead of by key, as display values are.
    let readsNames: Bool
    /// Whether cells may be guarded against spreadsheets.
    let isGuarded: Bool

    static let xml = ServiceNowForm(suffix: "", format: .xml, readsNames: false, isGuarded: false)
    static let json = ServiceNowForm(suffix: "_json", format: .json, readsNames: true, isGuarded: false)
    static let csv = ServiceNowForm(suffix: "_csv", format: .csv, readsNames: true, isGuarded: true)

    /// What a row begins with: in an unload its table is its element, and it says what an import does with it.
    ///
    /// Source: <https://github.com/ServiceNow/ServiceNowDocs/blob/HEAD/markdown/platform-administration/table-administration-and-data-management/c_ExportAndImportXMLFiles.md>
    func head<Root>(_ table: String) -> [Rule<Root>] {
        guard format == .xml else { return [] }
        return [
            .constant("@element", .string(table)),
            .constant("@action", .string("INSERT_OR_UPDATE")),
        ]
    }

    /// The name under which the rows of a child table stand in their parent.
    func children(_ table: String) -> Path { Path(["#" + table + suffix]) }

    func person(_ kind: KeyKind) -> KeyCodec { KeyCodec(kind, readsNames: readsNames) }

    /// Books that the platform keeps of every row; they say nothing of the conversation.
    ///
    /// Source: <https://github.com/ServiceNow/ServiceNowDocs/blob/HEAD/markdown/platform-administration/table-administration-and-data-management/r_GlobalDefaultFields.md>
    func books<Root>() -> [Rule<Root>] {
        ["sys_domain", "sys_domain_path", "sys_mod_count", "sys_updated_by"].map { .repeated(Path([$0])) }
    }
}
