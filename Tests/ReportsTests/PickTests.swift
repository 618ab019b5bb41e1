import ConversationModel
import Foundation
import SyncEngine
import Testing

@testable import Reports

/// The rehearsal sample: each kind of ugliness finds its conversation.
@Suite struct PickTests {
    private func conversation(_ id: String, _ change: (inout Conversation) -> Void) -> Conversation {
        var value = Conversation()
        value.id = id
        value.subject = "Subject \(id)"
        value.requester = "c1"
        value.createdAt = Instant(seconds: 1_700_000_000 + Int64(id.count))
        var entry = Entry()
        entry.id = id + "-1"
        entry.author = Author(.contact, id: "c1", name: "Li")
        entry.text = "Hello"
        value.timeline = [entry]
        change(&value)
        return value
    }

    private func entry(_ id: String, _ author: Author, _ text: String = "Hello") -> Entry {
        var entry = Entry()
        entry.id = id
        entry.author = author
        entry.text = text
        return entry
    }

    private func gathered(_ conversations: [Conversation], agents: [(Agent, Agent)] = []) throws -> Gathered {
        let collector = try RecordCollector(rowsPath: nil)
        func meet(_ before: NeutralRecord, _ after: NeutralRecord, _ losses: [FidelityLoss] = []) {
            let digest = collector.digest(RecordPassage(before: before, after: after, losses: losses))
            collector.met(before.entity, id: before.id, fate: .create, added: [], digest: digest)
        }
        for (before, after) in agents { meet(.agent(before), .agent(after)) }
        for value in conversations {
            var tally = LossTally()
            if value.id == "lossy" { tally.add(.conversation, "links", .dropped, record: "lossy", count: 50) }
            meet(.conversation(value), .conversation(value), tally.all)
        }
        return try collector.finish()
    }

    @Test func eachKindOfUglinessFindsItsConversation() throws {
        var gone = Agent()
        gone.id = "a1"
        gone.name = "Ana"
        var other = gone
        other.id = "a2"
        var target = gone
        target.id = "one"
        let conversations = [
            conversation("plain") { _ in },
            conversation("long") { value in
                for index in 0..<90 { value.timeline.append(entry("l\(index)", Author(.agent, id: "a9", name: "Eva"))) }
            },
            conversation("deleted") { $0.timeline.append(entry("d", Author(.agent, id: "404"))) },
            conversation("copy") { value in
                value.participants = [Participant(.contact, "c2", .cc)]
                value.timeline.append(entry("c", Author(.contact, id: "c2", name: "Mei")))
            },
            conversation("files") { value in
                value.timeline[0].attachments = (0..<7).map { index in
                    var file = Attachment()
                    file.id = "\(index)"
                    return file
                }
            },
            conversation("old") { $0.createdAt = Instant(seconds: 86_400) },
            conversation("odd") { $0.timeline[0].text = "caf\u{FFFD} \u{202E}abc مرحبا" },
            conversation("merged") { $0.timeline.append(entry("m", Author(.agent, id: "a1", name: "Ana"))) },
            conversation("lossy") { _ in },
            conversation("sittings") { value in
                value.sessions = ["s1", "s2", "s3"].map { id in
                    var session = Session()
                    session.id = id
                    return session
                }
            },
            conversation("wordy") { $0.timeline[0].text = String(repeating: "word ", count: 4000) },
        ]
        let gathered = try gathered(conversations, agents: [(gone, target), (other, target)])
        let expected: [PickReason: String] = [
            .longest: "long", .deletedAuthor: "deleted", .copyReplies: "copy", .attachments: "files", .oldest: "old",
            .encoding: "odd", .mergedPeople: "merged", .losses: "lossy", .sessions: "sittings", .longText: "wordy",
        ]
        for (reason, id) in expected {
            let first = gathered.threads.first { $0.reasons.contains { $0.reason == reason } }
            #expect(first?.id == id, "\(reason)")
        }
        #expect(Set(gathered.threads.map(\.id)).count == gathered.threads.count, "a conversation stands once")
    }

    @Test func memoryIsBoundedWhateverTheNumberOfRecords() throws {
        let plain = (0..<60_000).map { index in conversation("x\(index)") { $0.timeline[0].text = "\(index)" } }
        let gathered = try gathered(plain)
        #expect(gathered.rowsInAll == 60_000)
        #expect(gathered.rows.count <= 20_000 && gathered.rows.count > 10_000)
        #expect(gathered.threads.count < 50)
        let places = gathered.rows.compactMap { Int($0.id.dropFirst()) }
        #expect(zip(places, places.dropFirst()).allSatisfy { $1 - $0 == 4 }, "evenly spread")
    }

    @Test func fewAgentsDoNotDrownInManyConversations() throws {
        let agents = (0..<7).map { index in
            var agent = Agent()
            agent.id = "a\(index)"
            return (agent, agent)
        }
        let plain = (0..<60_000).map { index in conversation("x\(index)") { _ in } }
        let rows = try gathered(plain, agents: agents).rows
        #expect(rows.filter { $0.entity == .agent }.map(\.id) == agents.map(\.0.id))
        #expect(rows.first?.entity == .conversation)
    }

    @Test func longThreadsAreCutInTheMiddle() throws {
        let long = conversation("long") { value in
            value.timeline = (0..<1000).map { entry("l\($0)", Author(.agent, id: "a", name: "Eva"), "\($0)") }
        }
        let pair = ThreadPair(long, long, changes: [], names: [:])
        #expect(pair.before.entriesInAll == 1000)
        #expect(pair.before.entries.count == 240)
        #expect(pair.before.entries.last?.text == "999")
        #expect(pair.pairs.count == 240)
        #expect(pair.pairs.allSatisfy { $0.before == $0.after && $0.fields.isEmpty })
    }

    /// The sheet says how many attachments must be found: those of entries that the viewer leaves out count too.
    @Test func theSheetCountsWhatTheViewerDoesNotShow() throws {
        let long = conversation("long") { value in
            value.url = "https://desk.example/1"
            value.timeline = (0..<1000).map { index in
                var entry = entry("l\(index)", Author(.agent, id: "a", name: "Eva"))
                var file = Attachment()
                file.id = "\(index)"
                entry.attachments = [file]
                return entry
            }
        }
        let pair = ThreadPair(long, long, changes: [], names: [:])
        let sheet = DocumentCSV.acceptance([pair], Words(.en), [:])
        #expect(sheet.contains("Entries: 1,000") && sheet.contains("attachments: 1,000"))
        #expect(sheet.contains("https://desk.example/1"))
    }

    @Test func aCustomFieldThatOnlyGotAnotherKeyIsTheSameField() throws {
        let before = conversation("x") {
            $0.fields = [
                FieldValue("cf_0", .string("A-17")), FieldValue("cf_1", .string("a")), FieldValue("b", .string("q")),
            ]
        }
        let after = conversation("x") {
            $0.fields = [
                FieldValue("cf0Str", .string("A-17")), FieldValue("cf1Str", .string("other")),
                FieldValue("z", .string("q")),
            ]
        }
        let head = ThreadPair(before, after, changes: [], names: [:]).after?.head.map(\.field) ?? []
        #expect(head.filter { $0.hasPrefix("fields.") } == ["fields.cf_0", "fields.cf1Str", "fields.z"])
    }

    @Test func entriesStandBesideWhatBecomesOfThem() throws {
        let before = conversation("x") { value in
            value.timeline = ["a", "b", "c", "d"].map { entry($0, Author(.agent, id: "1", name: "Eva"), $0) }
        }
        var after = before
        after.timeline.remove(at: 1)
        after.timeline[2].text = "changed"
        after.timeline.append(entry("new", Author(.system)))
        let pairs = ThreadPair(before, after, changes: [], names: [:]).pairs
        #expect(pairs.map(\.before) == [0, 1, 2, 3, nil])
        #expect(pairs.map(\.after) == [0, nil, 1, 2, 3])
        #expect(pairs[3].fields == ["timeline.text"])
    }
}

@Suite struct ChangesTests {
    /// What stands beside a loss is a value of that field or nothing, never that of another.
    @Test func aLossShowsItsOwnValueOrNone() {
        var before = Conversation()
        before.id = "1"
        before.brand = "Lantern"
        var joined = Entry()
        joined.id = "e"
        joined.kind = .event(.joined)
        before.timeline = [joined]
        before.fields = [FieldValue("cf_0", .string("A-17"))]
        var after = before
        after.brand = nil
        after.timeline = []
        after.fields = [FieldValue("cf0Str", .string("A-17"))]
        var tally = LossTally()
        tally.add(.conversation, "brand", .dropped, record: "1")
        tally.add(.conversation, "timeline.event.status", .dropped, record: "1")
        tally.add(.conversation, "fields", .converted, record: "1", detail: "cf_0 -> cf0Str")
        let passage = RecordPassage(before: .conversation(before), after: .conversation(after), losses: tally.all)
        let changes = RecordDigest.changes(passage)
        func values(_ field: String) -> [String?]? {
            changes.first { $0.field == field }.map { [$0.before, $0.after] }
        }
        #expect(values("brand") == ["Lantern", nil])
        #expect(values("timeline.event.status") == [nil, nil], "the entry that is gone joined, it set no status")
        #expect(values("fields") == [nil, nil], "it stands there under another key")
    }
}

@Suite struct RecordDifferenceTests {
    @Test func everyFieldThatDiffersIsNamedOnce() {
        var a = Conversation()
        a.id = "1"
        a.status = .open
        a.tags = ["x"]
        a.fields = [FieldValue("k", .string("1")), FieldValue("same", .bool(true))]
        var entry = Entry()
        entry.id = "e"
        entry.text = "Hello"
        a.timeline = [entry]
        var b = a
        #expect(RecordDifference(.conversation(a), .conversation(b)).all.isEmpty)
        b.status = .closed
        b.tags = []
        b.fields = [FieldValue("same", .bool(true)), FieldValue("n", .number("2"))]
        b.timeline[0].text = "Goodbye"
        b.timeline[0].createdAt = Instant(seconds: 0)
        let found = RecordDifference(.conversation(a), .conversation(b)).all
        #expect(
            found == [
                FieldDifference(path: "status", before: "open", after: "closed"),
                FieldDifference(path: "tags", before: "x", after: nil),
                FieldDifference(path: "fields.k", before: "1", after: nil),
                FieldDifference(path: "fields.n", before: nil, after: "2"),
                FieldDifference(path: "timeline.created_at", entry: 1, before: nil, after: "1970-01-01T00:00:00Z"),
                FieldDifference(path: "timeline.text", entry: 1, before: "Hello", after: "Goodbye"),
            ])
    }

    @Test func longTextsAreShownWhereTheyDiffer() {
        var a = Team()
        a.name = String(repeating: "a", count: 5000) + "left"
        var b = a
        b.name = String(repeating: "a", count: 5000) + "right"
        let found = RecordDifference(.team(a), .team(b)).all.first
        #expect(found?.before?.hasSuffix("left") == true)
        #expect(found?.after?.hasSuffix("right") == true)
        #expect((found?.before?.count ?? 0) <= RecordDifference.longestValue + 2)
    }
}
