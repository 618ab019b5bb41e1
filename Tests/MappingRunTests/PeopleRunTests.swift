import ConversationModel
import Diagnostics
import Foundation
import SyncEngine
import Testing

/// People and plain values through the files of both platforms.
@Suite struct PeopleRunTests {
    private static let records =
        Sample.records([
            Sample.conversation("1001", .closed, "2024-03-01T10:00:00Z") {
                $0.timeline.append(
                    Sample.entry(
                        "10012", .message, Author(.agent, id: "901"), "2024-03-01T11:00:00Z", "It ships today"))
            },
            Sample.conversation("1002", .open, "2024-03-02T10:00:00Z") {
                $0.assignee = "902"
                $0.tags = ["vip-old", "tmp"]
                $0.timeline.append(
                    Sample.entry(
                        "10022", .note, Author(.agent, id: "902"), "2024-03-02T11:00:00Z", "called the carrier"))
            },
        ]) + [.agent(Sample.agent("902", "Cy Former", "cy@desk.example"))]

    private func author(of entry: String, _ outcome: Outcome) -> Author? {
        outcome.entries.first { $0.text?.contains(entry) ?? $0.html?.contains(entry) ?? false }?.author
    }

    @Test(arguments: Pair.all) func aCorrectedPeopleFileFixesAuthorsWithTheNextSync(_ pair: Pair) async throws {
        let migration = try Migration()
        defer { migration.clear() }
        let path = try await migration.export(Self.records, as: pair.source)
        let mapping = "agents: {file: 'agents.csv', fallback: 'keep'}"
        let head = "id,name,email,target,action\n"
        let first = try await migration.sync(
            path, pair, mapping, files: ["agents.csv": head + "902,Cy Former,cy@desk.example,991,map\n"])
        #expect(author(of: "called the carrier", first)?.id == "991")
        #expect(first.conversation("1002")?.assignee == "991")
        let corrected = ["agents.csv": head + "902,Cy Former,cy@desk.example,992,map\n"]
        let second = try await migration.sync(path, pair, mapping, files: corrected)
        #expect(second.conversations.map(\.id) == ["1002"], "the delta holds what changed and nothing else")
        #expect(author(of: "called the carrier", second)?.id == "992")
        #expect(second.conversation("1002")?.assignee == "992")
        #expect(second.entries.allSatisfy { $0.text?.contains("called") != true || $0.kind == .note })
        let third = try await migration.sync(path, pair, mapping, files: corrected)
        #expect(third.records.isEmpty, "nothing is left to correct")
    }

    @Test(arguments: Pair.all) func aStandInIsSaidInTheTextAndCounted(_ pair: Pair) async throws {
        let migration = try Migration()
        defer { migration.clear() }
        let outcome = try await migration.run(
            Self.records, pair, "agents: {match: [{from: '901', action: 'keep'}], fallback: {id: '901'}}")
        let note = try #require(outcome.entries.first { $0.kind == .note })
        #expect(note.author.id == "901")
        #expect((note.text ?? note.html ?? "").contains("Cy Former wrote:"))
        let message = try #require(outcome.entries.first { ($0.text ?? $0.html ?? "").contains("It ships today") })
        #expect(!(message.text ?? message.html ?? "").contains("wrote:"))
        #expect(outcome.report.losses.count(.conversation, "timeline.author", .narrowed) == 1)
    }

    @Test(arguments: Pair.all) func aTargetWithoutARecordIsNotMappedAgain(_ pair: Pair) async throws {
        // Agent 903 has no record of their own; 902 is another one's id at the destination.
        let records =
            Self.records + [
                .conversation(
                    Sample.conversation("1003", .open, "2024-03-03T10:00:00Z") {
                        $0.timeline.append(
                            Sample.entry(
                                "10032", .message, Author(.agent, id: "903", name: "Di Gone"), "2024-03-03T11:00:00Z",
                                "Refund sent"))
                    })
            ]
        let match = "{from: '901', action: 'keep'}, {from: '902', to: '991'}, {from: '903', to: '902'}"
        let migration = try Migration()
        defer { migration.clear() }
        let outcome = try await migration.run(records, pair, "agents: {match: [\(match)], fallback: 'error'}")
        let message = outcome.entries.first { ($0.text ?? $0.html ?? "").contains("Refund sent") }
        #expect(message?.author.id == "902" && message?.author.kind == .agent)
        #expect(author(of: "called the carrier", outcome)?.id == "991")
        let names = outcome.records.compactMap { if case .agent(let agent) = $0 { agent } else { nil } }
            .filter { $0.id == "902" }.map(\.name)
        #expect(!names.contains("Cy Former") && names.count <= 1, "902 is not Cy Former any more")
    }

    @Test(arguments: Pair.all) func placeholdersKeepTheirNameAndCannotSignIn(_ pair: Pair) async throws {
        let migration = try Migration()
        defer { migration.clear() }
        let outcome = try await migration.run(
            Self.records, pair, "agents: {match: [{from: '902', action: 'placeholder'}], fallback: 'keep'}")
        #expect(author(of: "called the carrier", outcome)?.id == "902")
        // Converted where the destination says who can sign in, dropped as well where it does not.
        #expect(outcome.report.losses.count(.agent, "active", .converted) == 1)
        let agent = outcome.records.compactMap { if case .agent(let agent) = $0 { agent } else { nil } }
            .first { $0.id == "902" }
        #expect(agent?.name == "Cy Former" && agent?.active != true)
    }

    @Test(arguments: Pair.all) func valuesTagsDefaultsAndMarksArriveAsTheMappingSays(_ pair: Pair) async throws {
        let migration = try Migration()
        defer { migration.clear() }
        let outcome = try await migration.run(
            Self.records, pair,
            """
            values: {status: {open: 'closed'}},
            tags: {rename: {'vip-old': 'vip'}, drop: ['tmp']},
            defaults: {conversation: {priority: 'high'}},
            provenance: {tag: 'from-old', id_field: 'old_id'}
            """)
        let conversation = try #require(outcome.conversation("1002"))
        #expect(conversation.status == .closed)
        #expect(Set(conversation.tags) == ["vip", "from-old"])
        #expect(conversation.priority == .high)
        #expect(conversation.fields.first { $0.key == "old_id" }?.value == .string("1002"))
        func count(_ field: String, _ lossClass: LossClass) -> Int {
            outcome.report.losses.count(.conversation, field, lossClass)
        }
        #expect(count("status", .converted) + count("status", .narrowed) == 1)
        #expect(count("tags", .dropped) == 1 && count("tags", .converted) == 1 && count("tags", .invented) == 2)
        #expect(count("priority", .invented) == 2 && count("fields.old_id", .invented) == 2)
    }

    @Test(arguments: Pair.all) func everybodyWithoutAMatchIsNamedAtOnce(_ pair: Pair) async throws {
        let migration = try Migration()
        defer { migration.clear() }
        let path = try await migration.export(Self.records, as: pair.source)
        let mapping = "agents: {match: [{from: '900', action: 'keep'}], fallback: 'error'}"
        let error = try await #require(throws: MigrationError.self) {
            _ = try await migration.convert(path, pair, mapping)
        }
        #expect(error.code == "mapping/unmatched-agents" && error.exit == .configuration)
        #expect(error.summary.hasPrefix("2 agents have no match"), "\(error.summary)")
        for id in ["901", "902"] { #expect(error.summary.contains("'\(id)'")) }
        let left = try FileManager.default.contentsOfDirectory(atPath: migration.folder)
        #expect(!left.contains { $0.hasPrefix("out-") }, "\(left)")
    }

    /// Zendesk keeps 64 kB of a comment, LiveChat 16 kB of a message, HubSpot 65,536 characters of a body.
    @Test(arguments: [("zendesk", 65536), ("livechat", 16384), ("hubspot", 65536)])
    func aBodyThatTheImportCutsIsNamedAndWrittenWhole(_ destination: String, _ limit: Int) async throws {
        let migration = try Migration()
        defer { migration.clear() }
        let long = String(repeating: "a word and ", count: limit / 11 + 1) + "THE END"
        let records = Sample.records([
            Sample.conversation("1001", .closed, "2024-03-01T10:00:00Z") {
                $0.timeline.append(
                    Sample.entry("2", .message, Author(.agent, id: "901"), "2024-03-01T11:00:00Z", long))
            }
        ])
        let pair = Pair(source: "neutral", destination: destination)
        let outcome = try await migration.run(records, pair, "")
        #expect(outcome.text.contains("THE END"))
        let cut = outcome.report.losses.all.filter { $0.lossClass == .truncated }
        #expect(cut.map(\.count) == [1])
        #expect(cut.first?.examples.first?.detail.hasSuffix("\(limit) bytes") == true, "\(cut)")
    }
}
