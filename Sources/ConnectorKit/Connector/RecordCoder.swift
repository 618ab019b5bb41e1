internal import ConversationModel

/// A record binding compiled for one kind of entity.
final class EntityCoder<Root: Record>: Sendable {
    let node: ObjectNode
    let initial: (@Sendable () -> Root)?

    /// - Parameters:
    ///   - binding: The rules.
    ///   - extras: Place of the extras; a key path through the protocol would have none.
    init(_ binding: Binding<Root>, extras: Int) {
        node = binding.node(extrasOffset: extras)
        initial = binding.initial
    }

    func decode(_ view: JSONView, _ run: Decoding) throws(DecodeFault) -> Root {
        var record = initial?() ?? Root()
        record.source.connector = run.connector
        var fault: DecodeFault?
        let outer = run.whole
        run.whole = view
        defer { run.whole = outer }
        withUnsafeMutablePointer(to: &record) { pointer in
            do throws(DecodeFault) {
                try node.decodeEntity(view, into: UnsafeMutableRawPointer(pointer), run)
            } catch {
                fault = error
            }
        }
        if let fault { throw fault }
        if record.id.isEmpty, var field = record as? FieldDefinition, !field.key.isEmpty {
            field.id = field.key
            record = field as? Root ?? record
        }
        guard !record.id.isEmpty else { throw DecodeFault("\(Root.entity) without an id") }
        return record
    }

    func encode(_ record: Root, _ out: inout JSONOutput, _ run: Encoding) {
        run.firstIsInList = false
        withUnsafePointer(to: record) { node.encodeEntity(UnsafeRawPointer($0), &out, run) }
    }
}

/// A record binding compiled: reads a vendor's JSON into a neutral record and writes it back.
final class RecordCoder: Sendable {
    indirect enum Content: Sendable {
        case field(EntityCoder<FieldDefinition>)
        case team(EntityCoder<Team>)
        case agent(EntityCoder<Agent>)
        case company(EntityCoder<Company>)
        case contact(EntityCoder<Contact>)
        case conversation(EntityCoder<Conversation>, ConversationProjection, TimelineMerge?)
        case split(key: String, values: [String], then: Content, otherwise: Content)
        case ignored
    }

    let content: Content
    private let authors: AuthorResolution?
    private let projections: [Entity: Projection]
    /// Whether definitions of fields have ids of their own.
    private let bindsFieldIDs: Bool
    /// Rules that have the last word on a conversation.
    private let finishers: [any FinishingNode]
    private let sessions: SessionListNode?

    init(_ binding: RecordBinding, _ capabilities: Capabilities) {
        content = Self.compile(binding, capabilities)
        entities = Platform.entities(of: binding)
        authors = capabilities.authorsAreIDs ? AuthorResolution(system: capabilities.systemAuthor) : nil
        var projections: [Entity: Projection] = [:]
        var bindsFieldIDs = false
        Self.forEachEntity(content) { entity, node, properties in
            // A field whose vendor knows it by its key alone goes by that.
            projections[entity] = Projection(
                node, properties, prefix: "", elsewhere: entity == .field ? [place(\FieldDefinition.id)] : [])
            if entity == .field {
                node.forEachValue { value, base in
                    if value.covers.contains(place(\FieldDefinition.id) - base) { bindsFieldIDs = true }
                }
            }
        }
        self.projections = projections
        self.bindsFieldIDs = bindsFieldIDs
        let conversation = Self.conversationNode(content)
        finishers = conversation.map(FinishingNodes.of) ?? []
        sessions =
            conversation?.slots.lazy.compactMap { slot in
                if case .value(let node) = slot.content { node as? SessionListNode } else { nil }
            }.first
    }

    private static func conversationNode(_ content: Content) -> ObjectNode? {
        switch content {
        case .conversation(let coder, _, _): coder.node
        case .split(_, _, let then, let otherwise): conversationNode(then) ?? conversationNode(otherwise)
        default: nil
        }
    }

    private static func compile(_ binding: RecordBinding, _ capabilities: Capabilities) -> Content {
        switch binding {
        case .field(let binding): .field(EntityCoder(binding, extras: place(\FieldDefinition.extras)))
        case .team(let binding): .team(EntityCoder(binding, extras: place(\Team.extras)))
        case .agent(let binding): .agent(EntityCoder(binding, extras: place(\Agent.extras)))
        case .company(let binding): .company(EntityCoder(binding, extras: place(\Company.extras)))
        case .contact(let binding): .contact(EntityCoder(binding, extras: place(\Contact.extras)))
        case .conversation(let binding):
            {
                let coder = EntityCoder(binding, extras: place(\Conversation.extras))
                return .conversation(
                    coder, ConversationProjection(coder.node, capabilities), TimelineMerge(coder.node))
            }()
        case .split(let key, let values, let then, let otherwise):
            .split(
                key: key, values: values, then: compile(then, capabilities), otherwise: compile(otherwise, capabilities)
            )
        case .grouped(_, _, let binding): compile(binding, capabilities)
        case .part, .ignored: .ignored
        }
    }

    private static func forEachEntity(_ content: Content, _ body: (Entity, ObjectNode, [Property]) -> Void) {
        switch content {
        case .field(let coder): body(.field, coder.node, FieldDefinition.properties)
        case .team(let coder): body(.team, coder.node, Team.properties)
        case .agent(let coder): body(.agent, coder.node, Agent.properties)
        case .company(let coder): body(.company, coder.node, Company.properties)
        case .contact(let coder): body(.contact, coder.node, Contact.properties)
        case .conversation, .ignored: break
        case .split(_, _, let then, let otherwise):
            forEachEntity(then, body)
            forEachEntity(otherwise, body)
        }
    }

    /// The kinds of record that this binding reads and writes.
    let entities: Set<Entity>

    /// Reads one record; `nil` for records that are known and not kept.
    func decode(_ view: JSONView, _ run: Decoding) throws(DecodeFault) -> NeutralRecord? {
        run.sightings.removeAll(keepingCapacity: true)
        run.listedAgents.removeAll(keepingCapacity: true)
        run.displayOffset = 0
        return try decode(view, content, run)
    }

    /// Whether field definitions like this one are written by this binding.
    func accepts(_ field: FieldDefinition) -> Bool {
        guard case .field(let coder) = content else { return false }
        guard let of = coder.initial?().of else { return true }
        return field.of == of || field.of == nil
    }

    /// Whether all records of this binding are bots.
    var holdsBotsOnly: Bool {
        guard case .agent(let coder) = content else { return false }
        return coder.initial?().role == .bot
    }

    /// Whether extras are written whichever vendor they came from.
    var bindsExtras: Bool {
        switch content {
        case .conversation(let coder, _, _): coder.node.bindsExtras
        case .contact(let coder): coder.node.bindsExtras
        case .agent(let coder): coder.node.bindsExtras
        case .company(let coder): coder.node.bindsExtras
        case .team(let coder): coder.node.bindsExtras
        case .field(let coder): coder.node.bindsExtras
        case .split, .ignored: false
        }
    }

    private func decode(_ view: JSONView, _ content: Content, _ run: Decoding) throws(DecodeFault) -> NeutralRecord? {
        switch content {
        case .field(let coder): .field(try coder.decode(view, run).withKey)
        case .team(let coder): .team(try coder.decode(view, run))
        case .agent(let coder): .agent(try coder.decode(view, run))
        case .company(let coder): .company(try coder.decode(view, run))
        case .contact(let coder): .contact(try coder.decode(view, run))
        case .conversation(let coder, _, let merge):
            .conversation(
                try {
                    () throws(DecodeFault) in
                    var conversation = try coder.decode(view, run)
                    merge?.sort(&conversation)
                    for node in finishers { node.finish(&conversation) }
                    conversation.completeIDs()
                    authors?.apply(&conversation, run)
                    if run.keepsExtras { sessions?.settle(&conversation, run) }
                    return conversation
                }())
        case .split(let key, let values, let then, let otherwise):
            if RecordBinding.says(view.member(key), values) {
                try decode(view, then, run)
            } else {
                try decode(view, otherwise, run)
            }
        case .ignored: nil
        }
    }

    /// Writes one record; returns `false` when the binding has no form for its kind.
    func encode(_ record: NeutralRecord, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        encode(record, content, &out, run)
    }

    private func encode(_ record: NeutralRecord, _ content: Content, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        switch (content, record) {
        case (.field(let coder), .field(let record)): coder.encode(record, &out, run)
        case (.team(let coder), .team(let record)): coder.encode(record, &out, run)
        case (.agent(let coder), .agent(let record)): coder.encode(record, &out, run)
        case (.company(let coder), .company(let record)): coder.encode(record, &out, run)
        case (.contact(let coder), .contact(let record)): coder.encode(record, &out, run)
        case (.conversation(let coder, _, _), .conversation(let record)): coder.encode(record, &out, run)
        case (.split(_, _, let then, let otherwise), _):
            return encode(record, then, &out, run) || encode(record, otherwise, &out, run)
        default: return false
        }
        return true
    }

    /// Cuts a record to what this binding can write and counts every difference.
    func project(_ record: inout NeutralRecord, _ run: Projecting) {
        run.entity = record.entity
        run.record = record.id
        switch consume record {
        case .conversation(var conversation):
            Self.conversationProjection(content)?.apply(&conversation, run)
            record = .conversation(conversation)
        case .field(var value):
            apply(&value, run)
            if !bindsFieldIDs, !value.key.isEmpty, value.id != value.key {
                run.note("id", .converted, "the key")
                value.id = value.key
            }
            record = .field(value)
        case .team(var value): apply(&value, run); record = .team(value)
        case .agent(var value): apply(&value, run); record = .agent(value)
        case .company(var value): apply(&value, run); record = .company(value)
        case .contact(var value): apply(&value, run); record = .contact(value)
        }
    }

    private func apply<Root: Record>(_ record: inout Root, _ run: Projecting) {
        guard let projection = projections[Root.entity] else { return }
        withUnsafeMutablePointer(to: &record) { projection.apply(UnsafeMutableRawPointer($0), run) }
    }

    private static func conversationProjection(_ content: Content) -> ConversationProjection? {
        switch content {
        case .conversation(_, let projection, _): projection
        case .split(_, _, let then, let otherwise):
            conversationProjection(then) ?? conversationProjection(otherwise)
        default: nil
        }
    }
}

extension Conversation {
    /// Gives entries and files without an id one that stays the same from export to export: their place.
    fileprivate mutating func completeIDs() {
        for index in timeline.indices {
            if timeline[index].id.isEmpty { timeline[index].id = "\(id)#\(index + 1)" }
            for file in timeline[index].attachments.indices where timeline[index].attachments[file].id.isEmpty {
                timeline[index].attachments[file].id = "\(timeline[index].id)#\(file + 1)"
            }
        }
    }
}

extension FieldDefinition {
    /// Where the vendor's records carry a field's value by the field's id, the id is the key.
    fileprivate var withKey: FieldDefinition {
        guard key.isEmpty else { return self }
        var field = self
        field.key = id
        return field
    }
}
