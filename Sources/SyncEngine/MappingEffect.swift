public import ConnectorKit
public import ConversationModel
internal import Diagnostics
public import FieldMapping

/// How many records of a source two mappings turn out differently.
public struct MappingEffect: Sendable {
    /// Records that each difference touches by itself, by kind; `nil` where it is no valid mapping by itself.
    public let touched: [[Entity: Int]?]
    /// Records that both mappings together turn out differently.
    public let total: [Entity: Int]
}

extension Engine {
    /// Maps every record of a source by both mappings, and by the first one with each difference alone.
    ///
    /// - Parameters:
    ///   - differences: From the first mapping to the second.
    ///   - first: The first mapping.
    ///   - second: The second mapping.
    ///   - source: The records; each is read once.
    ///   - hooks: Progress and interruption.
    /// - Returns: The numbers of records that come out differently.
    /// - Throws: When the source cannot be read, `interrupted/requested`.
    public static func effect(
        of differences: [MappingDifference], from first: Mapping, to second: Mapping, over source: FileSource,
        hooks: RunHooks
    ) throws -> MappingEffect {
        var tally = EffectTally(differences.map { $0.alone?.compiled() }, first.compiled(), second.compiled())
        var people = SourcePeople()
        var late: [NeutralRecord] = []
        let directory = PeopleDirectory.Builder()
        var records = 0
        var bytes = 0
        func read(_ reader: SourceReader, _ directory: PeopleDirectory, _ body: (NeutralRecord) -> Void) throws {
            let worker = try SourceWorker(source.platform, keepsExtras: false, people: directory)
            while let batch = reader.nextBatch() {
                if hooks.shouldStop() { throw PassRunner.interrupted }
                _ = worker.read(batch) { record, _, _ in
                    records += 1
                    body(record)
                }
                bytes += batch.byteCount
                hooks.progress(
                    RunProgress(phase: "", records: records, bytesRead: bytes, bytesTotal: source.bytes, quarantined: 0)
                )
            }
        }
        try read(SourceReader(source) { !source.holdsConversations($0) }, .empty) { record in
            directory.add(record)
            // Rules about agents and teams need all of them, so their own records come last.
            switch record {
            case .agent(let agent):
                people.add(agent)
                late.append(record)
            case .team(let team):
                people.add(team)
                late.append(record)
            default: tally.take(record, people: nil)
            }
        }
        for record in late { tally.take(record, people: people) }
        try read(SourceReader(source, where: source.holdsConversations), directory.finish()) { record in
            tally.take(record, people: people)
        }
        return tally.effect
    }
}

/// Counts records that come out differently.
private struct EffectTally {
    private let alone: [CompiledMapping?]
    private let first: CompiledMapping
    private let second: CompiledMapping
    private var touched: [[Entity: Int]]
    private var total: [Entity: Int] = [:]
    private var losses = LossTally()
    private var coverage = MappingCoverage()

    init(_ alone: [CompiledMapping?], _ first: CompiledMapping, _ second: CompiledMapping) {
        self.alone = alone
        self.first = first
        self.second = second
        touched = alone.map { _ in [:] }
    }

    /// What a mapping makes of a record; a refusal counts as an outcome of its own.
    private enum Outcome: Equatable {
        case record(NeutralRecord)
        case left(String)
    }

    private mutating func outcome(_ mapping: CompiledMapping, _ record: NeutralRecord, _ people: SourcePeople?)
        -> Outcome
    {
        var record = record
        do throws(MigrationError) {
            switch try mapping.apply(to: &record, people: people, losses: &losses, coverage: &coverage) {
            case .keep: return .record(record)
            case .filtered(let reason): return .left(reason.rawValue)
            }
        } catch {
            return .left(error.code.rawValue)
        }
    }

    mutating func take(_ record: NeutralRecord, people: SourcePeople?) {
        let base = outcome(first, record, people)
        if outcome(second, record, people) != base { total[record.entity, default: 0] += 1 }
        for index in alone.indices {
            guard let mapping = alone[index] else { continue }
            if outcome(mapping, record, people) != base { touched[index][record.entity, default: 0] += 1 }
        }
        losses = LossTally()
        coverage = MappingCoverage()
    }

    var effect: MappingEffect {
        MappingEffect(touched: zip(alone, touched).map { $0 == nil ? nil : $1 }, total: total)
    }
}
