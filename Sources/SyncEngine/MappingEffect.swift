public import ConnectorKit
public import ConversationModel
internal import Diagnostics
public import FieldMapping

/// How many records of a source two mappings turn out differently.
public struct MappingEffect: Sendable {
    /// Records that each difference touches by itself, by kind; `nil` where only a plan can tell.
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
        // Where conversations begin and end is not decided record by record; a plan counts that.
        let alone = differences.map { $0.path.hasPrefix("threading") ? nil : $0.alone?.compiled() }
        var tally = EffectTally(alone, first.compiled(), second.compiled())
        var people = SourcePeople()
        var late: [NeutralRecord] = []
        let fresh = tally
        // Rules about agents and teams need all of them, so their own records come behind the other people.
        func takeLate() {
            for record in late { tally.take(record, people: people) }
            late = []
        }
        _ = try source.read(
            keepsExtras: false,
            restart: {
                tally = fresh
                people = SourcePeople()
                late = []
            },
            progress: { far, notes in
                if hooks.shouldStop() { throw PassRunner.interrupted }
                hooks.progress(RunProgress("records", far, notes))
            }
        ) { record, _, _ in
            switch record {
            case .agent(let agent):
                people.add(agent)
                late.append(record)
            case .team(let team):
                people.add(team)
                late.append(record)
            case .conversation:
                takeLate()
                tally.take(record, people: people)
            default: tally.take(record, people: SourcePeople())
            }
        }
        takeLate()
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

    private func outcome(_ mapping: CompiledMapping, _ record: NeutralRecord, _ people: SourcePeople)
        -> Outcome
    {
        var record = record
        var losses = LossTally()
        var coverage = MappingCoverage()
        let disposition = mapping.apply(to: &record, people: people, losses: &losses, coverage: &coverage)
        do throws(MigrationError) { try mapping.requireMatches(coverage) } catch { return .left(error.code.rawValue) }
        return switch disposition {
        case .keep: .record(record)
        case .filtered(let reason): .left(reason.rawValue)
        }
    }

    mutating func take(_ record: NeutralRecord, people: SourcePeople) {
        let base = outcome(first, record, people)
        if outcome(second, record, people) != base { total[record.entity, default: 0] += 1 }
        for index in alone.indices {
            guard let mapping = alone[index] else { continue }
            if outcome(mapping, record, people) != base { touched[index][record.entity, default: 0] += 1 }
        }
    }

    var effect: MappingEffect {
        MappingEffect(touched: zip(alone, touched).map { $0 == nil ? nil : $1 }, total: total)
    }
}
