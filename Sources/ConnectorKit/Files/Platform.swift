public import ConversationModel
internal import Diagnostics

/// A connector ready for work: its bindings compiled once and shared by all workers.
public final class Platform: Sendable {
    /// The connector as declared.
    public let connector: Connector
    let coders: [RecordCoder]
    /// Which records belong to which others.
    let joins: JoinPlan
    /// Which export a record of each kind is written to.
    private let outputs: [(entity: Entity, export: Int)]
    /// Exports that take some conversations before the first does.
    private let takers: [Int]

    /// Compiles a connector's bindings.
    public init(_ connector: Connector) {
        self.connector = connector
        coders = connector.exports.map { RecordCoder($0.records, connector.capabilities) }
        joins = JoinPlan(connector.exports)
        var outputs: [(entity: Entity, export: Int)] = []
        for (index, export) in connector.exports.enumerated() where export.output != nil {
            for entity in coders[index].entities.sorted() { outputs.append((entity, index)) }
        }
        self.outputs = outputs
        takers = connector.exports.indices.filter {
            connector.exports[$0].takes != nil && connector.exports[$0].output != nil
        }
    }

    /// The kinds of record that the platform's files can hold.
    public var writes: Set<Entity> { Set(outputs.map(\.entity)) }

    /// The kinds of record that the platform's files can give.
    public var reads: Set<Entity> { coders.reduce(into: []) { $0.formUnion($1.entities) } }

    /// The kinds of record that a binding reads and writes.
    public static func entities(of binding: RecordBinding) -> Set<Entity> {
        switch binding {
        case .field: [.field]
        case .team: [.team]
        case .agent: [.agent]
        case .company: [.company]
        case .contact: [.contact]
        case .conversation: [.conversation]
        case .split(_, _, let then, let otherwise): entities(of: then).union(entities(of: otherwise))
        case .grouped(_, _, let binding): entities(of: binding)
        case .part, .ignored: []
        }
    }

    /// The kind of record that a stream holds; of several the one that others refer to last.
    public func entity(ofStream name: String) -> Entity? {
        guard let index = connector.exports.firstIndex(where: { $0.name == name }) else { return nil }
        return coders[index].entities.max()
    }

    /// Whether the platform's agents can be bots.
    var holdsBots: Bool {
        var bot = Agent()
        bot.id = "0"
        bot.role = .bot
        var record = NeutralRecord.agent(bot)
        guard let export = output(for: record) else { return false }
        coders[export].project(&record, Projecting(capabilities: connector.capabilities, people: nil))
        if case .agent(let agent) = record { return agent.role == .bot }
        return false
    }

    /// Whether the platform keeps HTML and drops plain text beside it.
    public var keepsOnlyHTML: Bool { if case .html = connector.capabilities.body { true } else { false } }

    /// Whether records keep other vendors' leftovers: the neutral model does.
    public var keepsForeignExtras: Bool { coders.contains { $0.bindsExtras } }

    /// The export that takes a record: the one it was read from where it came from this platform, else the first that fits.
    func output(for record: NeutralRecord) -> Int? {
        if record.source.connector == connector.name, let name = record.exportName,
            let index = connector.exports.firstIndex(where: { $0.name == name && $0.output != nil })
        {
            return index
        }
        return usualOutput(for: record)
    }

    private func usualOutput(for record: NeutralRecord) -> Int? {
        if case .field(let field) = record {
            return outputs.first { $0.entity == .field && coders[$0.export].accepts(field) }?.export
        }
        if case .agent(let agent) = record, agent.role == .bot,
            let bots = outputs.first(where: { $0.entity == .agent && coders[$0.export].holdsBotsOnly })
        {
            return bots.export
        }
        if !takers.isEmpty, case .conversation(let conversation) = record,
            let taker = takers.first(where: { connector.exports[$0].takes?(conversation) == true })
        {
            return taker
        }
        return outputs.first { $0.entity == record.entity }?.export
    }

    /// Whether a record read from this export is written to another one unless it says where it came from.
    func isSecondary(_ export: Int, _ record: NeutralRecord) -> Bool {
        connector.exports[export].output != nil && usualOutput(for: record) != export
    }
}

extension NeutralRecord {
    /// Extras key that names the export a record was read from, where that is not the usual one for its kind.
    static let exportKey = "#export"

    /// The export that the extras name.
    var exportName: String? {
        let json: String =
            switch self {
            case .field(let record): record.extras.json
            case .team(let record): record.extras.json
            case .agent(let record): record.extras.json
            case .company(let record): record.extras.json
            case .contact(let record): record.extras.json
            case .conversation(let record): record.extras.json
            }
        let prefix = "{\"" + Self.exportKey + "\":\""
        guard json.hasPrefix(prefix) else { return nil }
        return String(json.dropFirst(prefix.count).prefix { $0 != "\"" })
    }

    /// Notes in the extras which export the record was read from.
    mutating func note(export name: String) {
        func noted(_ extras: Extras) -> Extras {
            let rest = extras.isEmpty ? "}" : "," + extras.json.dropFirst()
            return Extras(json: "{\"" + Self.exportKey + "\":\"" + name + "\"" + rest)
        }
        switch self {
        case .field(var record): record.extras = noted(record.extras); self = .field(record)
        case .team(var record): record.extras = noted(record.extras); self = .team(record)
        case .agent(var record): record.extras = noted(record.extras); self = .agent(record)
        case .company(var record): record.extras = noted(record.extras); self = .company(record)
        case .contact(var record): record.extras = noted(record.extras); self = .contact(record)
        case .conversation(var record): record.extras = noted(record.extras); self = .conversation(record)
        }
    }

    /// Makes the record one of the destination: foreign vendors' leftovers go, and the destination is its origin.
    mutating func adopt(_ connector: String) {
        let origin = Origin(connector: connector)
        switch consume self {
        case .field(var record): record.adopt(origin); self = .field(record)
        case .team(var record): record.adopt(origin); self = .team(record)
        case .agent(var record): record.adopt(origin); self = .agent(record)
        case .company(var record): record.adopt(origin); self = .company(record)
        case .contact(var record): record.adopt(origin); self = .contact(record)
        case .conversation(var record):
            record.adopt(origin)
            for index in record.sessions.indices { record.sessions[index].extras = Extras() }
            for index in record.timeline.indices {
                record.timeline[index].extras = Extras()
                // Another platform's description is an entry like any other here.
                if record.timeline[index].id.hasSuffix(DescriptionNode.idSuffix)
                    || record.timeline[index].isOfJournalText
                {
                    record.timeline[index].id = "\(record.id)#\(index + 1)"
                }
                for file in record.timeline[index].attachments.indices {
                    record.timeline[index].attachments[file].extras = Extras()
                }
            }
            self = .conversation(record)
        }
    }
}

extension Record {
    fileprivate mutating func adopt(_ origin: Origin) {
        source = origin
        extras = Extras()
    }
}
