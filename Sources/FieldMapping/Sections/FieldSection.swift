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
            (table.rules.values + table.makers.filter { !$0.sources.isEmpty }).compactMap { rule in
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
///
/// An object, so that the many records which a rule is looked up for share it instead of copying its parts.
final class FieldRule: Sendable {
    static let keys = [
        "to", "as", "format", "zone", "decimal", "values", "separator", "pick", "split", "join", "default", "drop",
        "create",
    ]
    static let createKeys = ["label", "type", "options"]

    let key: String
    let target: String
    let conversion: FieldConversion
    /// Keys that the parts of the value go to.
    let parts: [String]
    /// Keys whose values are joined under ``target``.
    let sources: [String]
    let separator: String
    let dropReason: String?
    let standIn: JSONValue?
    let created: FieldDefinition?
    let rule: Int
    /// Path of the field in the account of losses.
    let path: String
    /// Whether the rule leaves a value as it is.
    let isIdle: Bool

    init(
        key: String, target: String, conversion: FieldConversion = FieldConversion(), parts: [String] = [],
        sources: [String] = [], separator: String = " ", dropReason: String? = nil, standIn: JSONValue? = nil,
        created: FieldDefinition? = nil, rule: Int
    ) {
        self.key = key
        self.target = target
        self.conversion = conversion
        self.parts = parts
        self.sources = sources
        self.separator = separator
        self.dropReason = dropReason
        self.standIn = standIn
        self.created = created
        self.rule = rule
        path = "fields." + key
        isIdle = target == key && conversion.isIdle && parts.isEmpty && dropReason == nil
    }
}

/// The rules of one kind of record.
final class FieldTable: Sendable {
    let entity: Entity
    /// Rules that look at a field of the source, by its key.
    let rules: NameTable<FieldRule>
    /// Rules that look at records without their field: joins and values for what is absent, in the order of the file.
    let makers: [FieldRule]
    /// Fields that only joins use.
    let joined: Set<String>
    /// The rule for every field without one.
    let other: FieldRule?
    let created: [NeutralRecord]

    init(_ members: [JSON5Node.Member], _ entity: Entity, _ reader: inout NodeReader) {
        var (rules, makers): (NameTable<FieldRule>, [FieldRule]) = (NameTable(), [])
        var (joined, other, created): (Set<String>, FieldRule?, [NeutralRecord]) = ([], nil, [])
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
            if rule.sources.isEmpty { rules.insert(rule, for: member.key) }
            if !rule.sources.isEmpty || rule.standIn != nil { makers.append(rule) }
            joined.formUnion(rule.sources)
            if var definition = rule.created {
                definition.of = entity
                created.append(.field(definition))
            }
        }
        self.entity = entity
        self.rules = rules
        self.makers = makers
        self.joined = joined
        self.other = other
        self.created = created
    }

}

/// Reads one rule of `fields`.
private struct FieldRuleReader {
    /// The mark before decimals.
    private enum Decimal: String, CaseIterable { case point, comma }

    private(set) var rule: FieldRule?

    init(_ member: JSON5Node.Member, _ what: String, _ reader: inout NodeReader) {
        if member.node.text != nil {
            guard let target = reader.text(member.node, what) else { return }
            rule = FieldRule(key: member.key, target: target, rule: reader.rule(what, at: member.keyMark))
            return
        }
        let before = reader.faults.count
        let members = reader.members(member.node, what, keys: FieldRule.keys)
        let number = reader.rule(what, at: member.keyMark)
        Self.refuse(members, what, &reader)
        let dropReason = members["drop"].flatMap { reader.text($0, what + ".drop") }
        let target = members["to"].flatMap { reader.text($0, what + ".to") } ?? member.key
        let parts = members["split"].flatMap { reader.texts($0, what + ".split") }?.map(\.text) ?? []
        let sources = members["join"].flatMap { reader.texts($0, what + ".join") }?.map(\.text) ?? []
        var conversion = FieldConversion()
        if let node = members["separator"] {
            if case .string(let text) = node.value, !text.isEmpty {
                conversion.separator = text
            } else {
                reader.fault(node.mark, "'\(what).separator' is \(node.kind)", expected: "a text such as \", \"")
            }
        }
        Self.readConversion(members, what, &conversion, &reader)
        let standIn = members["default"].flatMap { Self.plain($0, what + ".default", &reader) }
        let created = members["create"].flatMap {
            Self.definition($0, of: target, conversion, what + ".create", &reader)
        }
        guard reader.faults.count == before else { return }
        rule = FieldRule(
            key: member.key, target: target, conversion: conversion, parts: parts, sources: sources,
            separator: conversion.separator ?? " ", dropReason: dropReason, standIn: standIn, created: created,
            rule: number)
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
        _ node: JSON5Node, of target: String, _ conversion: FieldConversion, _ what: String, _ reader: inout NodeReader
    ) -> FieldDefinition? {
        var definition = FieldDefinition()
        definition.source.connector = CompiledMapping.origin
        definition.id = target
        definition.key = target
        definition.label = target
        definition.type = conversion.form?.kind ?? .text
        if case .bool(true) = node.value {
            definition.options = options(of: conversion, definition.type)
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
            definition.options = options(of: conversion, definition.type)
        }
        return definition
    }

    /// Choices that the table of values ends in.
    private static func options(of conversion: FieldConversion, _ type: FieldDefinition.Kind?) -> [FieldDefinition
        .Choice]
    {
        guard type == .choice || type == .multiChoice else { return [] }
        let values = Set(conversion.values.values).union(conversion.otherValue.map { [$0] } ?? [])
        return values.compactMap(FieldConversion.text(of:)).sorted().map { FieldDefinition.Choice($0) }
    }
}
