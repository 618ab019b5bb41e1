internal import ConnectorKit
internal import ConversationModel

/// What the importer is told of one table: the body of `POST /crm/v3/imports`, and the properties that must be there before.
///
/// Each file is an import of its own. A column that names another record makes the importer find that record by a unique
/// property and associate both; records that are only named are never made.
///
/// Sources: <https://developers.hubspot.com/docs/api-reference/crm-imports-v3/guide>,
/// <https://developers.hubspot.com/docs/guides/api/crm/properties>, read 2026-11-26.
struct ImportRequest: Sendable {
    /// A kind of record, by the number that the importer knows it by.
    struct Object: Sendable {
        let id: String
        /// Name in paths, and the group that its own properties go to; none for what has no properties of its own here.
        let group: (path: String, name: String)?

        static let contact = Object(id: "0-1", group: ("contacts", "contactinformation"))
        static let company = Object(id: "0-2", group: ("companies", "companyinformation"))
        static let ticket = Object(id: "0-5", group: ("tickets", "ticketinformation"))
        static let note = Object(id: "0-46", group: nil)
        static let email = Object(id: "0-49", group: nil)
    }

    /// The table: `tickets`.
    let name: String
    /// What a row is.
    let object: Object
    /// What is done with a row: records are updated by their key, what is logged is only ever made.
    let operation: String
    /// Columns that name another record.
    let references: [String: Object]
    /// Columns whose properties every account has.
    let known: Set<String>

    /// Properties that name one record and no other.
    private static let unique: Set<String> = ["legacy_id"]

    /// Both files that stand beside the table.
    var guides: [Guide] {
        [
            Guide(name + ".import.json") { request(columns: $0) },
            Guide(name + ".properties.json") { properties(columns: $0) },
        ]
    }

    // MARK: The request

    private func request(columns: [String]) -> JSONValue {
        var operations = [JSONValue.Member(object.id, .string(operation))]
        let names = propertyNames(columns)
        for column in columns {
            guard let other = references[column], !operations.contains(where: { $0.key == other.id }) else { continue }
            operations.append(JSONValue.Member(other.id, .string("UPDATE")))
        }
        return .object([
            JSONValue.Member("name", .string("deskferry " + name)),
            JSONValue.Member("importOperations", .object(operations)),
            JSONValue.Member("dateFormat", .string("YEAR_MONTH_DAY")),
            JSONValue.Member(
                "files",
                .array([
                    .object([
                        JSONValue.Member("fileName", .string(name + ".csv")),
                        JSONValue.Member("fileFormat", .string("CSV")),
                        JSONValue.Member(
                            "fileImportPage",
                            .object([
                                JSONValue.Member("hasHeader", .bool(true)),
                                JSONValue.Member("columnMappings", .array(columns.map { mapping($0, names) })),
                            ])),
                    ])
                ])),
        ])
    }

    private func mapping(_ column: String, _ names: [String: String]) -> JSONValue {
        let other = references[column]
        let property = other == nil ? names[column] ?? column : "legacy_id"
        var members = [
            JSONValue.Member("columnObjectTypeId", .string((other ?? object).id)),
            JSONValue.Member("columnName", .string(column)),
            JSONValue.Member("propertyName", .string(property)),
        ]
        if Self.unique.contains(property) {
            members.append(JSONValue.Member("columnType", .string("HUBSPOT_ALTERNATE_ID")))
        }
        return .object(members)
    }

    /// The name of the property that a custom field goes to: small letters, digits and `_`, a letter first.
    ///
    /// Worked values: `plan` is `plan`; `Order number` is `order_number`; `5001` is `field_5001`.
    static func propertyName(_ key: String) -> String {
        let plain = key.lowercased().unicodeScalars.map { scalar in
            "abcdefghijklmnopqrstuvwxyz0123456789_".unicodeScalars.contains(scalar) ? Character(scalar) : "_"
        }
        let name = String(plain)
        return name.first?.isLetter == true ? name : "field_" + name
    }

    /// The property of each column; of several that would share one the later get a number.
    private func propertyNames(_ columns: [String]) -> [String: String] {
        var names: [String: String] = [:]
        var taken = Set(columns.filter { references[$0] == nil && Self.propertyName($0) == $0 })
        for column in columns {
            var name = Self.propertyName(column)
            if name != column {
                var number = 2
                while !taken.insert(name).inserted {
                    name = Self.propertyName(column) + "_" + String(number)
                    number += 1
                }
            }
            names[column] = name
        }
        return names
    }

    // MARK: Properties

    /// The body of `POST /crm/v3/properties/{kind}/batch/create`; `nil` where every account has all properties.
    private func properties(columns: [String]) -> JSONValue? {
        guard let group = object.group else { return nil }
        // Names that begin with `hs_` are HubSpot's own.
        let own = columns.filter { references[$0] == nil && !known.contains($0) && !$0.hasPrefix("hs_") }
        guard !own.isEmpty else { return nil }
        let names = propertyNames(columns)
        return .object([
            JSONValue.Member(
                "inputs",
                .array(
                    own.map { column in
                        let isMoment = column.hasSuffix("_at") && column.hasPrefix("legacy_")
                        return .object([
                            JSONValue.Member("name", .string(names[column] ?? column)),
                            JSONValue.Member("label", .string(column)),
                            JSONValue.Member("groupName", .string(group.name)),
                            JSONValue.Member("type", .string(isMoment ? "datetime" : "string")),
                            JSONValue.Member("fieldType", .string(isMoment ? "date" : "text")),
                            JSONValue.Member("hasUniqueValue", .bool(Self.unique.contains(column))),
                        ])
                    }))
        ])
    }
}
