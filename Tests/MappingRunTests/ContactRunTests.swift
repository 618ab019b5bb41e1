import ConversationModel
import Diagnostics
import FieldMapping
import Foundation
import SyncEngine
import Testing

@Suite struct ContactRunTests {
    @Test(arguments: Pair.all) func joinedPeopleAreOneRecordAndConversationsFollow(_ pair: Pair) async throws {
        let migration = try Migration()
        defer { migration.clear() }
        var twin = Sample.contact("504", "Li W.", "LI@buyer.example")
        twin.createdAt = Instant("2024-02-01T00:00:00Z")
        let records =
            Sample.records([
                Sample.conversation("1001", .open, "2024-03-01T10:00:00Z"),
                Sample.conversation("1002", .open, "2024-03-02T10:00:00Z", by: "504"),
            ]) + [.contact(twin)]
        let path = try await migration.export(records, as: pair.source)
        let joined = try await migration.convert(path, pair, "contacts: {merge: ['email']}")
        #expect(joined.contacts.map(\.id).sorted() == ["501", "502", "503"])
        #expect(joined.conversation("1002")?.requester == "501")
        #expect(joined.entries.allSatisfy { $0.author.kind != .contact || $0.author.id == "501" })
        #expect(joined.contacts.first { $0.id == "501" }?.name == "Li Wei")
        #expect(joined.report.trail.rows == [TrailRow(.merged, .contact, "504", field: "id", detail: "501")])
        let listed = try await migration.convert(path, pair, "contacts: {same_by: ['email']}")
        #expect(listed.contacts.count == 4 && listed.conversation("1002")?.requester == "504")
        #expect(listed.report.trail.rows == [TrailRow(.duplicate, .contact, "504", field: "email", detail: "501")])
    }
}
