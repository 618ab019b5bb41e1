import ConnectorKit
import ConversationModel
import Diagnostics
import FieldMapping
import Foundation
import SyncEngine
import Testing

/// Every field of every record is counted once, as the gravest thing that happened to it.
@Suite struct FidelityTests {
    private static let mapping =
        "values: {status: {open: 'pending'}}, tags: {add: ['x'], drop: ['gone']}, "
        + "fields: {conversation: {'360001': {drop: 'old'}}}, defaults: {conversation: {priority: 'low'}}"

    @Test(arguments: Pair.all) func theClassesOfAFieldAddUpToTheRecords(_ pair: Pair) async throws {
        let migration = try Migration()
        defer { migration.clear() }
        let conversations = (1...9).map { number in
            Sample.conversation("100\(number)", number < 4 ? .open : .closed, "2024-03-0\(number)T10:00:00Z") {
                $0.tags = number.isMultiple(of: 2) ? ["gone", "kept"] : ["kept"]
                if number > 7 { $0.fields = [.init("360001", .string("x"))] }
            }
        }
        for mapping in [Self.mapping, Self.mapping + ", provenance: {note: true}", "tags: {drop: ['none']}"] {
            let outcome = try await migration.run(Sample.records(conversations), pair, mapping)
            let rows = outcome.report.losses.fidelity(NeutralFields.names)
            #expect(rows.count > 60)
            for row in rows {
                #expect(row.counts.values.reduce(0, +) == row.records, "\(row)")
                #expect(row.counts.values.allSatisfy { $0 >= 0 }, "\(row)")
                let read = outcome.report.counts[row.entity].map { $0.changes + $0.skip } ?? 0
                #expect(row.records == read, "\(row)")
            }
        }
    }

    @Test(arguments: Pair.all) func eachFieldIsCountedAsItFared(_ pair: Pair) async throws {
        let migration = try Migration()
        defer { migration.clear() }
        let conversations = (1...4).map { number in
            Sample.conversation("100\(number)", .open, "2024-03-0\(number)T10:00:00Z") {
                if number > 3 { $0.fields = [.init("360001", .string("x"))] }
            }
        }
        let outcome = try await migration.run(Sample.records(conversations), pair, Self.mapping)
        let rows = outcome.report.losses.fidelity(NeutralFields.names)
        func counts(_ field: String) -> [LossClass: Int] {
            rows.first { $0.entity == .conversation && $0.field == field }?.counts ?? [:]
        }
        #expect(counts("tags")[.invented] == 4)
        #expect(counts("fields.360001") == [.dropped: 1, .same: 3])
        #expect(counts("subject") == [.same: 4])
        #expect((counts("status")[.same] ?? 0) == 0)
        #expect((counts("priority")[.same] ?? 0) == 0)
    }

    @Test func theGravestThingCounts() {
        var losses = LossTally()
        losses.begin(.conversation)
        losses.add(.conversation, "status", .converted, record: "1")
        losses.add(.conversation, "status", .dropped, record: "1")
        losses.add(.conversation, "status", .narrowed, record: "1")
        losses.begin(.conversation)
        losses.add(.conversation, "status", .narrowed, record: "2", count: 5)
        losses.begin(.conversation)
        losses.add(.conversation, "status", .narrowed, record: "3")
        losses.retract()
        losses.begin(.conversation)
        losses.add(.conversation, "status", .invented, record: "4")
        losses.add(.conversation, "record", .dropped, record: "4")
        losses.dropRecord()
        var other = LossTally()
        other.begin(.conversation)
        losses.merge(other)
        let rows = losses.fidelity([.conversation: ["status", "subject"]])
        #expect(
            rows == [
                FieldFidelity.of("status", 4, [.dropped: 2, .narrowed: 1, .same: 1]),
                FieldFidelity.of("subject", 4, [.dropped: 1, .same: 3]),
            ])
        #expect(losses.count(.conversation, "status", .narrowed) == 7)
    }
}

extension FieldFidelity {
    fileprivate static func of(_ field: String, _ records: Int, _ counts: [LossClass: Int]) -> FieldFidelity {
        FieldFidelity(entity: .conversation, field: field, records: records, counts: counts)
    }
}
