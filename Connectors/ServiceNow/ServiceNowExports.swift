internal import ConnectorKit

/// The tables that an instance exports, in each of their forms, and the files that they are written to.
///
/// Sources: <https://github.com/ServiceNow/ServiceNowDocs/blob/HEAD/markdown/platform-administration/table-administration-and-data-management/c_ExportAndImportXMLFiles.md>,
/// <https://github.com/ServiceNow/ServiceNowDocs/blob/HEAD/markdown/api-reference/web-services/c_JSONv2WebService.md>, read 2026-11-25.
enum ServiceNowExports {
    static let all =
        exports(.xml) + exports(.json) + exports(.csv) + ignored(.xml) + ignored(.json)

    /// Rows that take records away are no records.
    private static func kept(_ records: RecordBinding, _ form: ServiceNowForm) -> RecordBinding {
        guard form.format == .xml else { return records }
        return .split(
            key: "@action", values: ["DELETE", "delete"],
            then: .ignored(reason: "the row says that its record was deleted"), otherwise: records)
    }

    private static func table(
        _ name: String, _ form: ServiceNowForm, keys: [String], foreign: [String] = [], _ records: RecordBinding,
        joins: [Join] = [], isRead: Bool = false
    ) -> Export {
        Export(
            name + form.suffix, recognition(name, form, keys, foreign), kept(records, form),
            output: isRead ? nil : output(name, form), joins: joins)
    }

    private static func recognition(
        _ name: String, _ form: ServiceNowForm, _ keys: [String], _ foreign: [String]
    ) -> Recognition {
        switch form.format {
        case .xml: Recognition(.xml, names: [name], elements: [name])
        case .json:
            Recognition(
                names: [name], envelopes: ["result", "records"], keys: ["sys_id"] + keys, foreignKeys: foreign)
        case .csv: Recognition(.csv, names: [name], keys: keys, foreignKeys: foreign)
        }
    }

    private static func output(_ name: String, _ form: ServiceNowForm) -> OutputFile {
        switch form.format {
        case .xml: OutputFile(name + ".xml", .xml(root: "unload"))
        case .json: OutputFile(name + ".json", .envelope(key: "records", count: nil))
        case .csv: OutputFile(name + ".csv", .csv(columns: []))
        }
    }

    private static func join(_ name: String, _ form: ServiceNowForm, by: Path, to: Path = "sys_id") -> Join {
        Join(name + form.suffix, by: by, to: to, id: "sys_id")
    }

    private static func exports(_ form: ServiceNowForm) -> [Export] {
        conversations(form) + people(form) + parts(form)
    }

    // MARK: People

    private static func people(_ form: ServiceNowForm) -> [Export] {
        let memberships = [
            join("sys_user_grmember", form, by: "user"), join("sys_user_has_role", form, by: "user"),
        ]
        return [
            table(
                "sys_user_group", form, keys: ["name", "manager", "type"], foreign: ["user_name", "number"],
                .team(ServiceNowBindings.group(form))),
            table(
                "sys_user", form, keys: ["user_name", "email"], foreign: ["account", "number"],
                .told(
                    by: ["roles"] + memberships.map { "#" + $0.export },
                    then: .agent(ServiceNowBindings.agent(form)),
                    otherwise: .contact(ServiceNowBindings.contact("sys_user", form))), joins: memberships),
            table(
                "customer_contact", form, keys: ["user_name", "email", "account"], foreign: ["number"],
                .contact(ServiceNowBindings.contact("customer_contact", form))),
            table(
                "csm_consumer", form, keys: ["household", "email"], .contact(ServiceNowBindings.consumer(form))),
            table(
                "core_company", form, keys: ["name", "stock_symbol"], foreign: ["account_code", "number"],
                .company(ServiceNowBindings.company("core_company", form))),
            table(
                "customer_account", form, keys: ["name", "account_code"],
                .company(ServiceNowBindings.company("customer_account", form))),
        ]
    }

    // MARK: Conversations

    private static func conversations(_ form: ServiceNowForm) -> [Export] {
        let parts = [
            join("sys_journal_field", form, by: "element_id"), join("sys_email", form, by: "instance"),
            join("sys_attachment", form, by: "table_sys_id"), join("label_entry", form, by: "table_key"),
            join("sys_audit", form, by: "documentkey"),
        ]
        let chat = Join(
            "sys_cs_conversation" + form.suffix, by: "sys_id", to: "channel_metadata_document", id: "sys_id",
            orphans: .ownRecords)
        var exports = [
            table(
                "incident", form, keys: ["number", "caller_id"], foreign: form.format == .csv ? [] : ["account"],
                .conversation(ServiceNowBindings.incident(form)), joins: parts),
            table(
                "sn_customerservice_case", form, keys: ["number", "account"],
                foreign: ["caller_id", "account_code", "opened_for"],
                .conversation(ServiceNowBindings.customerCase(form)), joins: parts),
            table(
                "interaction", form, keys: ["number", "opened_for"],
                .conversation(ServiceNowBindings.interaction(form)),
                joins: parts.filter { $0.by != "instance" } + [chat]),
            table(
                "sys_cs_conversation", form, keys: ["device_type", "conversation_completed"],
                .conversation(ServiceNowBindings.chat(form)),
                joins: [join("sys_cs_message", form, by: "conversation")]),
        ]
        if form.format == .csv { exports = exports.flatMap { [keyless($0), $0].compactMap(\.self) } }
        return exports
    }

    /// Rows without their key, as list views give them: the number is all that tells them apart.
    private static func keyless(_ export: Export) -> Export? {
        let binding: RecordBinding
        switch export.name {
        case "incident_csv": binding = .conversation(ServiceNowBindings.incident(.csv, keyIsNumber: true))
        case "sn_customerservice_case_csv":
            binding = .conversation(ServiceNowBindings.customerCase(.csv, keyIsNumber: true))
        case "interaction_csv": binding = .conversation(ServiceNowBindings.interaction(.csv, keyIsNumber: true))
        default: return nil
        }
        let table = String(export.name.dropLast(4))
        return Export(
            table + "_list",
            Recognition(
                .csv, names: [table], keys: export.recognition.keys,
                foreignKeys: export.recognition.foreignKeys + ["sys_id"]),
            binding, output: OutputFile(table + "_list.csv", .csv(columns: [])))
    }

    // MARK: What belongs to others

    private static func parts(_ form: ServiceNowForm) -> [Export] {
        [
            table("sys_journal_field", form, keys: ["element", "element_id", "value"], .part),
            table("sys_email", form, keys: ["recipients", "subject"], .part),
            table(
                "sys_attachment", form, keys: ["table_sys_id", "file_name"], .part,
                joins: form.format == .csv
                    ? []
                    : [
                        Join(
                            "sys_attachment_doc" + form.suffix, by: "sys_attachment", to: "sys_id", id: "sys_id",
                            isContent: true)
                    ]),
            table("label_entry", form, keys: ["label", "table_key"], .part),
            table("sys_audit", form, keys: ["fieldname", "documentkey"], .part),
            table("sys_user_grmember", form, keys: ["user", "group"], .part),
            table("sys_user_has_role", form, keys: ["user", "role"], .part),
            table("sys_cs_message", form, keys: ["conversation", "payload"], .part),
        ]
            + (form.format == .csv
                ? [] : [table("sys_attachment_doc", form, keys: ["sys_attachment", "position", "data"], .part)])
    }

    /// Tables that often come along and hold nothing of a conversation.
    private static func ignored(_ form: ServiceNowForm) -> [Export] {
        let tables: [(name: String, keys: [String], reason: String)] = [
            ("label", ["viewable_by"], "tags stand by name on the records that carry them"),
            ("sys_choice", ["element", "label"], "choices are settings of the instance"),
            ("sys_dictionary", ["element", "internal_type"], "columns are settings of the instance"),
            ("sys_user_role", ["grantable"], "roles stand on the people who have them"),
            ("interaction_related_record", ["interaction"], "the link stands on the interaction"),
            ("sys_remote_update_set", ["remote_sys_id"], "an update set holds settings of an instance"),
            ("sys_update_xml", ["payload", "update_set"], "an update set holds settings of an instance"),
        ]
        return tables.map { name, keys, reason in
            table(name, form, keys: keys, .ignored(reason: reason), isRead: true)
        }
    }

    // MARK: Where exports stop

    private static let noJournals =
        "export sys_journal_field too, with the same condition on element_id, and put its file beside this one"

    static let ceilings = journalCeilings + fullFiles

    private static let journalCeilings = ["incident", "sn_customerservice_case"].flatMap { table in
        [
            Ceiling(
                table, .alone(without: "sys_journal_field", unless: "@action"),
                reason: "records of a list as XML, which holds no comments and no work notes",
                remedy: "export them with Export > XML in the list's menu instead, or " + noJournals),
            Ceiling(
                table + "_json", .alone(without: "sys_journal_field_json", unless: "comments"),
                reason: "records without comments, and no file of journals beside them", remedy: noJournals),
            Ceiling(
                table + "_csv", .alone(without: "sys_journal_field_csv", unless: "comments"),
                reason: "records without comments, and no file of journals beside them", remedy: noJournals),
            Ceiling(
                table + "_list", .always, reason: "a list view as CSV holds no comments and no work notes",
                remedy: "export the records with Export > XML in the list's menu instead"),
        ]
    }

    /// An export of a list ends at 10,000 rows and does not say so.
    ///
    /// Source: <https://github.com/ServiceNow/ServiceNowDocs/blob/HEAD/markdown/platform-administration/table-administration-and-data-management/c_ExportLimits.md>
    private static let fullFiles = [
        "incident", "sn_customerservice_case", "interaction", "sys_user", "customer_contact", "csm_consumer",
        "sys_journal_field", "sys_email", "sys_attachment", "sys_cs_message",
    ].flatMap { table in
        [ServiceNowForm.xml, .json, .csv].map { form in
            Ceiling(
                table + form.suffix, .fullFile(10_000),
                reason: "a file of exactly 10,000 rows, where exports of lists end",
                remedy: "export the rows behind the last sys_id too (sysparm_query=sys_id>...^ORDERBYsys_id)")
        }
    }
}
