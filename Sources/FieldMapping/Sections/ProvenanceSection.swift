import ConversationModel

/// `provenance`: marks that say where a record came from, each of them only when asked for.
struct ProvenanceSection: MappingSection {
    static let name = "provenance"
    static let keys = ["tag", "id_field", "url_field", "note"]

    /// A field that a mark stands in.
    private struct Mark: Sendable {
        let key: String
        /// Its path in the account of losses.
        let path: String
        let rule: Int
    }

    private let tag: (name: String, rule: Int)?
    private let idField: Mark?
    private let urlField: Mark?
    let addsNote: Bool

    init(_ node: JSON5Node, _ reader: inout NodeReader) {
        let members = reader.members(node, Self.name, keys: Self.keys)
        func mark(_ key: String, _ reader: inout NodeReader) -> (String, Int)? {
            guard let node = members[key], let text = reader.text(node, "provenance.\(key)") else { return nil }
            return (text, reader.rule("provenance.\(key)", at: node.mark))
        }
        tag = mark("tag", &reader)
        func field(_ key: String, _ reader: inout NodeReader) -> Mark? {
            mark(key, &reader).map { Mark(key: $0, path: "fields." + $0, rule: $1) }
        }
        idField = field("id_field", &reader)
        urlField = field("url_field", &reader)
        addsNote = members["note"].flatMap { reader.flag($0, "provenance.note") } ?? false
        if let idField, let urlField, idField.key == urlField.key, let node = members["url_field"] {
            reader.fault(
                node.mark, "'\(urlField.key)' is the field of both id and address", expected: "two fields")
        }
    }

    /// Definitions of the fields that hold the marks.
    var created: [NeutralRecord] {
        var definitions: [NeutralRecord] = []
        func define(_ key: String, _ label: String, of entity: Entity) {
            var field = FieldDefinition()
            field.source.connector = CompiledMapping.origin
            field.id = entity == .conversation ? key : "\(entity.rawValue).\(key)"
            field.key = key
            field.of = entity
            field.label = label
            field.type = .text
            definitions.append(.field(field))
        }
        if let idField {
            define(idField.key, "Id before the migration", of: .conversation)
            define(idField.key, "Id before the migration", of: .contact)
        }
        if let urlField { define(urlField.key, "Address before the migration", of: .conversation) }
        return definitions
    }

    var written: [SectionValue] {
        [
            tag.map { SectionValue(kind: .tag, value: $0.name, rule: $0.rule) },
            idField.map { SectionValue(kind: .conversationField, value: "text", rule: $0.rule) },
            urlField.map { SectionValue(kind: .conversationField, value: "text", rule: $0.rule) },
        ].compactMap(\.self)
    }

    // MARK: Application

    func apply(
        to conversation: inout Conversation, id: String, _ losses: inout LossTally, _ coverage: inout MappingCoverage
    ) {
        add(tag, to: &conversation.tags, .conversation, id, &losses, &coverage)
        set(idField, id, in: &conversation.fields, .conversation, id, &losses, &coverage)
        set(
            urlField, conversation.url ?? conversation.source.url, in: &conversation.fields, .conversation, id, &losses,
            &coverage)
    }

    func apply(to contact: inout Contact, _ losses: inout LossTally, _ coverage: inout MappingCoverage) {
        add(tag, to: &contact.tags, .contact, contact.id, &losses, &coverage)
        set(idField, contact.id, in: &contact.fields, .contact, contact.id, &losses, &coverage)
    }

    private func add(
        _ tag: (name: String, rule: Int)?, to tags: inout [String], _ entity: Entity, _ id: String,
        _ losses: inout LossTally, _ coverage: inout MappingCoverage
    ) {
        guard let tag, !tags.contains(tag.name) else { return }
        tags.append(tag.name)
        coverage.noteUse(of: tag.rule)
        losses.add(entity, "tags", .invented, record: id, detail: tag.name)
    }

    private func set(
        _ field: Mark?, _ value: String?, in fields: inout [FieldValue], _ entity: Entity,
        _ id: String, _ losses: inout LossTally, _ coverage: inout MappingCoverage
    ) {
        guard let field, let value else { return }
        // What was there is an older mark of the same kind, or somebody's own; neither is overwritten.
        guard !fields.contains(where: { $0.key == field.key && !$0.value.saysNothing }) else { return }
        fields.removeAll { $0.key == field.key }
        fields.append(FieldValue(field.key, .string(value)))
        coverage.noteUse(of: field.rule)
        losses.add(entity, field.path, .invented, record: id)
    }

    // MARK: The note

    /// Adds a note among agents that says what of a conversation does not arrive; nothing when all of it does.
    ///
    /// - Parameters:
    ///   - conversation: After mapping.
    ///   - id: The source's id.
    ///   - losses: What mapping and destination do to this conversation.
    ///   - total: Counts the note.
    func addNote(to conversation: inout Conversation, id: String, _ losses: LossTally, _ total: inout LossTally) {
        var lines: [String] = []
        for (lossClass, words) in [
            (LossClass.dropped, "Not carried over"), (.truncated, "Shortened"), (.narrowed, "Less exact"),
        ] {
            let parts = losses.all.filter { $0.lossClass == lossClass && $0.entity == .conversation }
                .map { $0.count == 1 ? $0.field : "\($0.field) (\($0.count))" }
            if !parts.isEmpty { lines.append("\(words): \(parts.joined(separator: ", ")).") }
        }
        guard !lines.isEmpty else { return }
        var note = Entry()
        note.id = "provenance-" + id
        note.kind = .note
        note.author = Author(.system)
        note.createdAt =
            conversation.timeline.compactMap(\.createdAt).max() ?? conversation.updatedAt ?? conversation.createdAt
        let origin = conversation.source.connector.isEmpty ? "" : " from \(conversation.source.connector)"
        note.text = (["Moved\(origin), conversation \(id)."] + lines).joined(separator: "\n")
        conversation.timeline.append(note)
        total.add(.conversation, "timeline", .invented, record: id, detail: "note of provenance")
    }
}
