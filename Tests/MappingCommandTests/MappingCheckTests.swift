import ConnectorCatalog
import ConnectorKit
import ConversationModel
import Diagnostics
import FieldMapping
import Foundation
import Testing

@testable import SyncEngine

@Suite struct MappingCheckTests {
    private func platform(_ name: String) throws -> Platform {
        Platform(try #require(ConnectorCatalog.connector(named: name)))
    }

    /// From the vendors' lists of values: Zendesk's ticket statuses and priorities, Intercom's conversation states.
    @Test func platformsSayWhatTheyHold() throws {
        let zendesk = try platform("zendesk")
        #expect(zendesk.statuses == [.new, .open, .pending, .onHold, .solved, .closed])
        #expect(zendesk.priorities == [.low, .normal, .high, .urgent])
        let intercom = try platform("intercom")
        #expect(intercom.statuses == [.open, .snoozed, .closed])
        #expect(intercom.holding(of: Status.pending) == .becomes("open"))
        #expect(intercom.holdsTags && intercom.holdsTeams && intercom.holdsFields(on: .conversation))
        let neutral = try platform("neutral")
        #expect(neutral.statuses == Status.allCases && neutral.channels == Channel.allCases)
        for type in FieldDefinition.Kind.allCases { #expect(neutral.holding(of: type, on: .conversation) == .whole) }
        let memory = try platform("memory")
        #expect(memory.priorities.isEmpty && memory.holding(of: Priority.low) == .dropped)
        #expect(!memory.holdsFields(on: .conversation) && !memory.holdsTeams && memory.holdsTags)
    }

    @Test func valuesThatADestinationCannotHoldAreFaultsWithTheirPlace() throws {
        let text = """
            {
              version: 1,
              values: {
                status: { on_hold: "pending", new: "open" },
                priority: { "*": "urgent" },
              },
              defaults: { conversation: { status: "solved" }, agent: { role: "light" } },
            }
            """
        let check = MappingCheck(try mapping(text), coverage: nil, destination: try platform("intercom"))
        let rows = check.rows.filter { $0.kind == .unholdable }
        #expect(check.hasFaults)
        #expect(rows.map { "\($0.place?.description ?? "")" }.prefix(2) == ["draft.json5:4:15", "draft.json5:7:39"])
        #expect(
            rows.first?.summary
                == "Intercom cannot hold the status 'pending' of 'values.status.on_hold' and would write 'open'; "
                + "expected one of 'open', 'snoozed', 'closed'")
        #expect(rows.first?.nearest == "open")
        let memory = MappingCheck(try mapping(text), coverage: nil, destination: try platform("memory"))
        #expect(memory.rows.contains { $0.summary.hasSuffix("and would drop it; it has no priority at all") })
        #expect(!MappingCheck(try mapping(text), coverage: nil, destination: try platform("neutral")).hasFaults)
    }

    @Test(arguments: ["intercom", "zendesk", "neutral"])
    func unmappedAndUnusedAreNamedWithTheirNumbers(_ destination: String) async throws {
        let demo = try #require(try exports().first { $0.name == "demo" })
        let text = "{version: 1, values: {status: {on_hold: 'open', snoozed: 'open', new: 'open', open: 'open'}}}"
        let mapping = try mapping(text)
        let coverage = try await Engine.coverage(of: mapping, over: demo.source, hooks: RunHooks())
        let check = MappingCheck(mapping, coverage: coverage, destination: try platform(destination))
        #expect(check.rows.filter { $0.kind == .unused }.map(\.subject) == ["values.status.snoozed"])
        let unmapped = check.rows.filter { $0.kind == .unmapped }
        #expect(Set(unmapped.compactMap(\.value)) == ["pending", "solved", "closed"])
        let pending = try #require(unmapped.first { $0.value == "pending" })
        #expect(
            pending.summary.hasSuffix(destination == "intercom" ? "Intercom writes it as 'open'" : "it stays as it is"))
    }

    @Test(arguments: ["intercom", "zendesk", "neutral"])
    func valuesThatNoConversionFitsAreCountedByReason(_ destination: String) async throws {
        let demo = try #require(try exports().first { $0.name == "demo" })
        // In the demo's export field 5001 holds order numbers as A-17, and 5004 days.
        let mapping = try mapping(
            "{version: 1, fields: {conversation: {'5001': {as: 'number'}, '5004': {as: 'date'}}}}")
        let coverage = try await Engine.coverage(of: mapping, over: demo.source, hooks: RunHooks())
        let check = MappingCheck(mapping, coverage: coverage, destination: try platform(destination))
        let rows = check.rows.filter { $0.kind == .unfit }
        #expect(rows.map(\.subject) == ["fields.conversation.5001"])
        let row = try #require(rows.first)
        #expect(row.place?.line == 1 && (row.count ?? 0) > 1 && !row.isFault)
        #expect(row.summary.contains("leaves out \(row.count ?? 0) values: is no number (first: 4001)"))
    }

    @Test(arguments: ["intercom", "zendesk", "neutral"])
    func everybodyWhomTheMappingRefusesIsAFault(_ destination: String) async throws {
        let demo = try #require(try exports().first { $0.name == "demo" })
        let open = try mapping("{version: 1, agents: {match: [{from: 'nobody', action: 'keep'}]}}")
        let strict = try mapping("{version: 1, agents: {match: [{from: 'nobody', action: 'keep'}], fallback: 'error'}}")
        func check(_ mapping: Mapping) async throws -> MappingCheck {
            let coverage = try await Engine.coverage(of: mapping, over: demo.source, hooks: RunHooks())
            return MappingCheck(mapping, coverage: coverage, destination: try platform(destination))
        }
        let unmatched = try await check(open).rows.filter { $0.kind == .unmapped && $0.subject == "agent" }
        let result = try await check(strict)
        let refused = result.rows.filter { $0.kind == .refused }
        #expect(result.hasFaults && unmatched.count > 1)
        #expect(refused.map(\.value) == unmatched.map(\.value) && refused.map(\.count) == unmatched.map(\.count))
        #expect(!result.rows.contains { $0.kind == .unmapped && $0.subject == "agent" })
    }

    @Test func somebodyWhomTheDestinationDoesNotHaveIsNamed() throws {
        var ana = Agent()
        ana.id = "501"
        ana.email = "ana@x.example"
        let text = """
            {version: 1, agents: {match: [
              {from: 7, to: 501}, {from: 8, to: 502}, {email: 'bo@x.example', to_email: 'no@x.example'}]}}
            """
        let check = MappingCheck(
            try mapping(text), coverage: nil, destination: try platform("intercom"),
            people: DestinationPeople(agents: [ana], teams: []))
        #expect(check.rows.map(\.kind) == [.absent, .absent] && !check.hasFaults)
        #expect(check.rows.compactMap(\.place).map(\.line) == [2, 2])
        #expect(check.rows.first?.summary.contains("'agents.match[1]' is not at the destination") == true)
    }

    @Test func tagsAndFieldsThatADestinationCannotHoldAreFaults() throws {
        let text = """
            {version: 1,
             tags: {add: ['m']},
             fields: {conversation: {a: {as: 'multi_choice', separator: ';'}, b: {as: 'number'}, c: 'd'}},
             provenance: {id_field: 'old'}}
            """
        let intercom = MappingCheck(try mapping(text), coverage: nil, destination: try platform("intercom"))
        #expect(intercom.rows.map(\.subject) == ["fields.conversation.a"])
        #expect(
            intercom.rows.first?.summary.hasPrefix(
                "Intercom cannot hold the conversation field of type 'multi_choice' of 'fields.conversation.a' and would write 'choice'"
            ) == true)
        let memory = MappingCheck(try mapping(text), coverage: nil, destination: try platform("memory"))
        #expect(
            memory.rows.map(\.subject) == ["fields.conversation.a", "fields.conversation.b", "provenance.id_field"])
        #expect(memory.rows.last?.summary.hasSuffix("it has no custom field of conversations at all") == true)
        #expect(!MappingCheck(try mapping(text), coverage: nil, destination: try platform("neutral")).hasFaults)
    }
}
