import ConversationModel
import FieldMapping
import TestSupport
import Testing

/// Counting, which every record passes.
@Suite("Tallies")
struct TallyTests {
    /// Names as they come: digits alone, long ones, some beyond ASCII, many that begin alike.
    private func name(_ random: inout SeededRandom) -> String {
        random.pick(["", "fields.", "timeline.attachments.content.", "straße ", "2536"])
            + String(Int.random(in: 0..<60, using: &random))
    }

    @Test("names keep the number that they got first, as a dictionary would have it", arguments: 0..<5)
    func index(seed: Int) {
        var random = SeededRandom(UInt64(seed))
        var index = NameIndex()
        var expected: [String: Int] = [:]
        for _ in 0..<2_000 {
            let name = name(&random)
            #expect(index.number(of: name) == expected[name])
            guard Bool.random(using: &random) else { continue }
            let number = expected[name] ?? expected.count
            expected[name] = number
            #expect(index.number(taking: name) == number)
        }
        #expect(index.names == expected.sorted { $0.value < $1.value }.map(\.key))
    }

    @Test("losses add up by kind of record, field and class, however the work was parted", arguments: 0..<5)
    func losses(seed: Int) {
        struct Kind: Hashable {
            let entity: Entity
            let field: String
            let lossClass: LossClass
        }
        var random = SeededRandom(UInt64(seed))
        var expected: [Kind: Int] = [:]
        var total = LossTally()
        for _ in 0..<20 {
            var part = LossTally()
            for record in 0..<40 {
                let kind = Kind(
                    entity: random.pick(Entity.allCases), field: name(&random),
                    lossClass: random.pick(LossClass.allCases))
                part.begin(kind.entity)
                part.add(kind.entity, kind.field, kind.lossClass, record: String(record), count: record)
                expected[kind, default: 0] += record
            }
            total.merge(part)
        }
        #expect(total.all.count == expected.count)
        for loss in total.all {
            #expect(loss.count == expected[Kind(entity: loss.entity, field: loss.field, lossClass: loss.lossClass)])
        }
        for row in total.fidelity([:]) { #expect(row.counts.values.reduce(0, +) == row.records) }
    }
}
