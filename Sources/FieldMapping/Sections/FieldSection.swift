import ConversationModel

/// `fields`: custom fields renamed, converted, split, joined, filled, dropped and created.
struct FieldSection: MappingSection {
    static let name = "fields"
    static let keys = ["conversation", "contact", "company"]

    private(set) var tables: [Entity: FieldTable] = [:]

    init(_ node: JSON5Node, _ reader: inout NodeReader) {
        let members = reader.members(node, Self.name, keys: Self.keys)
        for entity in [Entity.conversation, .contact, .company] {
            guard let node = members[entity.rawValue],
                let rules = reader.anyMembers(node, "fields.\(entity.rawValue)"), !rules.isEmpty
            else { continue }
            tables[entity] = FieldTable(rules, entity, &reader)
        }
    }

    /// Types that rules give to fields; a rule that names none leaves what the source has.
    var written: [SectionValue] {
        tables.values.flatMap { table in
            (Array(table.rules.values) + table.makers.filter { !$0.sources.isEmpty }).compactMap { rule in
                (rule.created?.type ?? rule.conversion.form?.kind).flatMap {
                    SectionValue(field: $0, of: table.entity, rule: rule.rule)
                }
            }
        }
    }

    /// Definitions that the mapping creates.
    var created: [NeutralRecord] {
        [Entity.conversation, .contact, .company].flatMap { tables[$0]?.created ?? [] }
    }
}

/// What becomes of one field of the source, or how one of the destination is made.
struct FieldRule: Sendable {
    static let keys = [
        "to", "as", "format", "zone", "decimal", "values", "separator", "pick", "split", "join", "default", "drop",
        "create",
    ]
    static let createKeys = ["label", "type", "options"]

    let key: String
    var target: String
    var conversion = FieldConversion()
    /// Keys that the parts of the value go to.
    var parts: [String] = []
    /// Keys whose values are joined under ``target``.
    var sources: [String] = []
    var separator = " "
    var dropReason: String?
    var standIn: JSONValue?
    var created: FieldDefinition?
    let rule: Int
    /// Path of the field in the account of losses.
    let path: String
}

/// The rules of one kind of record.
struct FieldTable: Sendable {
    let entity: Entity
    private(set) var rules: [String: FieldRule] = [:]
    /// Rules that look at records without their field: joins and values for what is absent, in the order of the file.
    private(set) var makers: [FieldRule] = []
    /// Fields that only joins use.
    private(set) var joined: Set<String> = []
    /// The rule for every field without one.
    private(set) var other: FieldRule?
    private(set) var created: [NeutralRecord] = []

    init(_ members: [JSON5Node.Member], _ entity: Entity, _ reader: inout NodeReader) {
        self.entity = entity
        var targets: [String: Int] = [:]
        for member in members {
            let what = "fields.\(entity.rawValue).\(member.key)"
            guard let rule = FieldRuleReader(member, what, &reader).rule else { continue }
            if member.key == "*" {
                guard rule.dropReason != nil else {
                    reader.fault(member.keyMark, "'\(what)' does not drop", expected: "{drop: \"reason\"}")
                    continue
                }
                other = rule
                continue
            }
            for target in rule.parts + (rule.dropReason == nil && rule.parts.isEmpty ? [rule.target] : []) {
                if let line = targets[target] {
                    reader.fault(
                        member.keyMark,
                        "'\(target)' is made twice in 'fields.\(entity.rawValue)', first in line \(line)",
                        expected: "another target, or one rule with 'join'")
                }
                targets[target] = member.keyMark.line
            }
            if rule.sources.isEmpty { rules[member.key] = rule }
            if !rule.sources.isEmpty || rule.standIn != nil { makers.append(rule) }
            joined.formUnion(rule.sources)
            if var definition = rule.created {
                definition.of = entity
                created.append(.field(definition))
            }
        }
    }
}

/// Reads one rule of `fields`.
private struct FieldRuleReader {
    /// The mark before decimals.
    private enum Decimal: String, CaseIterable { case point, comma }

    private(set) var rule: FieldRule?

    init(_ member: JSON5Node.Member, _ what: String, _ reader: inout NodeReader) {
        let path = "fields." + member.key
        if member.node.text != nil {
            guard let target = reader.text(member.node, what) else { return }
            rule = FieldRule(key: member.key, target: target, rule: reader.rule(what, at: member.keyMark), path: path)
            return
        }
        let before = reader.faults.count
        let members = reader.members(member.node, what, keys: FieldRule.keys)
        var rule = FieldRule(
            key: member.key, target: member.key, rule: reader.rule(what, at: member.keyMark), path: path)
        Self.refuse(members, what, &reader)
        if let node = members["drop"] { rule.dropReason = reader.text(node, what + ".drop") }
        if let node = members["to"] { rule.target = reader.text(node, what + ".to") ?? member.key }
        if let node = members["split"] { rule.parts = reader.texts(node, what + ".split")?.map(\.text) ?? [] }
        if let node = members["join"] { rule.sources = reader.texts(node, what + ".join")?.map(\.text) ?? [] }
        if let node = members["separator"] {
            if case .string(let text) = node.value, !text.isEmpty {
                rule.separator = text
                rule.conversion.separator = text
            } else {
                reader.fault(node.mark, "'\(what).separator' is \(node.kind)", expected: "a text such as \", \"")
            }
        }
        Self.readConversion(members, what, &rule.conversion, &reader)
        if let node = members["default"] { rule.standIn = Self.plain(node, what + ".default", &reader) }
        if let node = members["create"] { rule.created = Self.definition(node, rule, what + ".create", &reader) }
        if reader.faults.count == before { self.rule = rule }
    }

    /// Keys that contradict each other or say nothing beside the others.
    private static func refuse(_ members: [String: JSON5Node], _ what: String, _ reader: inout NodeReader) {
        for (key, others) in [
            ("drop", FieldRule.keys.filter { $0 != "drop" }), ("split", ["to", "as", "values", "join", "default"]),
            ("join", ["as", "values", "to"]),
        ] {
            guard members[key] != nil else { continue }
            for other in others {
                guard let node = members[other] else { continue }
                reader.fault(
                    node.mark, "'\(what)' has '\(other)' beside '\(key)'", expected: "one of the two")
            }
        }
        let needs = [
            ("format", ["date", "datetime", "text"]), ("zone", ["date", "datetime", "text"]), ("decimal", ["number"]),
            ("pick", ["choice"]),
        ]
        let form = members["as"]?.text ?? ""
        for (key, forms) in needs {
            guard let node = members[key], !forms.contains(form) else { continue }
            reader.fault(
                node.mark, "'\(what).\(key)' has no use",
                expected: "'as' to be " + forms.map { "'\($0)'" }.joined(separator: " or "))
        }
        if let node = members["separator"], members["split"] == nil, members["join"] == nil,
            !["choice", "multi_choice", "text"].contains(form)
        {
            reader.fault(
                node.mark, "'\(what).separator' has no use", expected: "'split', 'join' or 'as' with several values")
        }
    }

    private static func readConversion(
        _ members: [String: JSON5Node], _ what: String, _ conversion: inout FieldConversion, _ reader: inout NodeReader
    ) {
        conversion.form = members["as"].flatMap { reader.word($0, what + ".as") }
        conversion.pick = members["pick"].flatMap { reader.word($0, what + ".pick") } ?? .first
        if let node = members["format"], let text = reader.text(node, what + ".format") {
            conversion.pattern = DatePattern(text)
            if conversion.pattern == nil {
                reader.fault(
                    node.mark, "'\(what).format' is '\(text)', not the form of a date",
                    expected: "YYYY, MM and DD with what stands between, as \"DD.MM.YYYY HH:mm\", or unix or unix_ms")
            }
        }
        if let node = members["zone"], let text = reader.text(node, what + ".zone") {
            conversion.zone = Zone(text)
            if conversion.zone == nil {
                reader.fault(
                    node.mark, "'\(text)' is no time zone", expected: "a name as \"Europe/Berlin\", or \"+02:00\"")
            }
        }
        conversion.decimalComma =
            members["decimal"].flatMap { reader.word($0, what + ".decimal", as: Decimal.self) } == .comma
        guard let node = members["values"] else { return }
        var seen: Set<JSONValue> = []
        for member in reader.anyMembers(node, what + ".values") ?? [] {
            guard let value = plain(member.node, "\(what).values.\(member.key)", &reader) else { continue }
            if !seen.insert(value).inserted { conversion.crowded.insert(value) }
            if member.key == "*" {
                conversion.otherValue = value
                conversion.crowded.insert(value)
            } else {
                conversion.values[member.key] = value
            }
        }
    }

    private static func plain(_ node: JSON5Node, _ what: String, _ reader: inout NodeReader) -> JSONValue? {
        switch node.value {
        case .string(let text): return .string(text)
        case .number(let text): return .number(text)
        case .bool(let flag): return .bool(flag)
        case .null, .array, .object:
            reader.fault(node.mark, "'\(what)' is \(node.kind)", expected: "a text, a number, true or false")
            return nil
        }
    }

    /// `true`, or `{label: "Region", type: "choice", options: ["EU", "US"]}`.
    private static func definition(
        _ node: JSON5Node, _ rule: FieldRule, _ what: String, _ reader: inout NodeReader
    ) -> FieldDefinition? {
        var definition = FieldDefinition()
        definition.source.connector = CompiledMapping.origin
        definition.id = rule.target
        definition.key = rule.target
        definition.label = rule.target
        definition.type = rule.conversion.form?.kind ?? .text
        if case .bool(true) = node.value {
            definition.options = options(of: rule, definition.type)
            return definition
        }
        guard case .object = node.value else {
            reader.fault(node.mark, "'\(what)' is \(node.kind)", expected: "true or {label: \"...\", type: \"...\"}")
            return nil
        }
        let members = reader.members(node, what, keys: FieldRule.createKeys)
        if let node = members["label"] { definition.label = reader.text(node, what + ".label") }
        if let node = members["type"] {
            definition.type = reader.word(node, what + ".type", as: FieldForm.self)?.kind
        }
        if let node = members["options"] {
            definition.options = reader.texts(node, what + ".options")?.map { FieldDefinition.Choice($0.text) } ?? []
            if let type = definition.type, type != .choice, type != .multiChoice {
                reader.fault(node.mark, "'\(what).options' has no use", expected: "a type with choices")
            }
        } else {
            definition.options = options(of: rule, definition.type)
        }
        return definition
    }

    /// Choices that the table of values ends in.
    private static func options(of rule: FieldRule, _ type: FieldDefinition.Kind?) -> [FieldDefinition.Choice] {
        guard type == .choice || type == .multiChoice else { return [] }
        let values = Set(rule.conversion.values.values).union(rule.conversion.otherValue.map { [$0] } ?? [])
        return values.compactMap(FieldConversion.text(of:)).sorted().map { FieldDefinition.Choice($0) }
    }
}
