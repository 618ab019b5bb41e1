import ConversationModel
import Diagnostics
import FieldMapping
import Foundation
import SyncEngine
import Testing

/// What the sections of a mapping do between the files of two platforms.
@Suite struct SectionRunTests {
    @Test(arguments: Pair.all) func aMultiChoiceNarrowedToOneNamesTheValuesLost(_ pair: Pair) async throws {
        let migration = try Migration()
        defer { migration.clear() }
        var field = FieldDefinition()
        field.id = "360001"
        field.key = "360001"
        field.of = .conversation
        field.label = "Products"
        field.type = .multiChoice
        field.options = [.init("red", label: "Red"), .init("blue", label: "Blue"), .init("green", label: "Green")]
        let conversation = Sample.conversation("1001", .open, "2024-03-01T10:00:00Z") {
            $0.fields = [.init("360001", .array([.string("red"), .string("blue"), .string("green")]))]
        }
        let outcome = try await migration.run(
            [.field(field)] + Sample.records([conversation]), pair,
            "fields: {conversation: {'360001': {as: 'choice'}}}")
        let loss = outcome.report.losses.all.first { $0.field == "fields.360001" }
        #expect(loss?.lossClass == .narrowed && loss?.count == 1)
        #expect(loss?.examples.first?.detail == "kept 'red', lost 'blue', 'green'")
        #expect(outcome.conversation("1001")?.fields.first { $0.key == "360001" }?.value == .string("red"))
    }

    @Test(arguments: Pair.all) func createdFieldsAreDefinedAtTheDestination(_ pair: Pair) async throws {
        let migration = try Migration()
        defer { migration.clear() }
        let outcome = try await migration.run(
            Sample.records([Sample.conversation("1001", .open, "2024-03-01T10:00:00Z")]), pair,
            "fields: {conversation: {'777001': {default: 'old desk', create: {label: 'Origin'}}}}")
        let field = outcome.fields.first { $0.of == .conversation && $0.label == "Origin" }
        #expect(field != nil, "\(outcome.fields)")
        #expect(outcome.conversation("1001")?.fields.contains { $0.value == .string("old desk") } == true)
        #expect(outcome.report.losses.count(.conversation, "fields.777001", .invented) == 1)
    }

    @Test(arguments: Pair.all) func nothingPrivateReachesTheDestinationOrTheTrail(_ pair: Pair) async throws {
        let migration = try Migration()
        defer { migration.clear() }
        let conversation = Sample.conversation("1001", .open, "2024-03-01T10:00:00Z") {
            $0.subject = "card 4111 1111 1111 1111"
            $0.timeline.append(
                Sample.entry(
                    "10012", .note, Author(.agent, id: "901"), "2024-03-01T11:00:00Z",
                    "pays from DE89 3704 0044 0532 0130 00 or 4111111111111111"))
        }
        let trail = migration.folder + "/trail.csv"
        let outcome = try await migration.run(
            Sample.records([conversation]), pair, "privacy: {redact: ['card', 'iban']}"
        ) { $0.trailFile = trail }
        let written = try String(contentsOfFile: trail, encoding: .utf8)
        for value in ["4111", "DE89", "0532"] {
            #expect(!outcome.text.contains(value) && !written.contains(value), "\(value)")
        }
        #expect(outcome.text.contains("[card removed]") && outcome.text.contains("[IBAN removed]"))
        #expect(written.hasPrefix("kind,entity,record,entry,field,what,count\n"))
        #expect(written.contains("redacted,conversation,1001,,subject,card,1\n"))
        let totals = outcome.report.trail.totals
        #expect(totals.contains { $0.kind == .redacted && $0.detail == "iban" && $0.count >= 1 })
    }

    @Test(arguments: Pair.all) func nothingPrivateReachesTheTableOfThreads(_ pair: Pair) async throws {
        let migration = try Migration()
        defer { migration.clear() }
        let conversations = ["1001", "1002"].map { id in
            Sample.conversation(id, .open, "2024-03-01T10:00:00Z") { $0.subject = "\(id): card 4111 1111 1111 1111" }
        }
        let table = migration.folder + "/threads.jsonl"
        _ = try await migration.run(
            Sample.records(conversations), pair, "privacy: {redact: ['card']}, threading: {mode: 'per-contact'}"
        ) { $0.threadFile = table }
        let written = try String(contentsOfFile: table, encoding: .utf8)
        #expect(written.contains("1002") && written.contains("[card removed]") && !written.contains("4111"))
    }

    @Test(arguments: Pair.all) func pseudonymsLeaveNoNameOrAddressBehind(_ pair: Pair) async throws {
        let migration = try Migration()
        defer { migration.clear() }
        let conversations = [
            Sample.conversation("1001", .open, "2024-03-01T10:00:00Z"),
            Sample.conversation("1002", .open, "2024-03-02T10:00:00Z"),
        ]
        let outcome = try await migration.run(
            Sample.records(conversations), pair, "privacy: {pseudonymise: {secret: {file: 'key'}}}",
            files: ["key": "a key of enough length"])
        for value in ["Li Wei", "li@buyer", "Ana Costa", "ana@buyer"] {
            #expect(!outcome.text.contains(value), "\(value)")
        }
        #expect(outcome.text.contains("Bo Keeper"))
        let li = outcome.contacts.first { $0.id == "501" }
        #expect(li?.name?.hasPrefix("Person ") == true && li?.emails.first?.hasSuffix("@pseudonym.invalid") == true)
        let authors = Set(outcome.entries.filter { $0.author.id == "501" }.map(\.author.name))
        #expect(authors == [li?.name])
    }

    @Test(arguments: Pair.all) func erasedPeopleKeepTheShapeOfTheirConversations(_ pair: Pair) async throws {
        let migration = try Migration()
        defer { migration.clear() }
        let conversations = [
            Sample.conversation("1001", .open, "2024-03-01T10:00:00Z") {
                $0.timeline.append(
                    Sample.entry("10012", .message, Author(.agent, id: "901"), "2024-03-01T11:00:00Z", "Dear Li Wei"))
            }, Sample.conversation("1002", .open, "2024-03-02T10:00:00Z", by: "502"),
        ]
        let outcome = try await migration.run(
            Sample.records(conversations), pair, "privacy: {suppress: ['LI@buyer.example']}")
        for value in ["Li Wei", "li@buyer", "Where is parcel 1001"] {
            #expect(!outcome.text.contains(value), "\(value)")
        }
        #expect(outcome.text.contains("Ana Costa") && outcome.text.contains("Where is parcel 1002"))
        let erased = try #require(outcome.conversation("1001"))
        #expect(erased.timeline.filter { !$0.kind.isEvent }.count == 2)
        #expect(erased.timeline.first?.createdAt == Instant("2024-03-01T10:00:00Z"))
        #expect(outcome.report.trail.totals.contains { $0.kind == .erased })
    }

    @Test(arguments: Pair.all) func linksLeadToWhereConversationsAreNow(_ pair: Pair) async throws {
        let migration = try Migration()
        defer { migration.clear() }
        let conversations = [
            Sample.conversation("1001", .open, "2024-03-01T10:00:00Z") {
                $0.timeline.append(
                    Sample.entry(
                        "10012", .message, Author(.agent, id: "901"), "2024-03-01T11:00:00Z",
                        "see https://old.example/t/1002 and https://old.example/t/1003"))
            }, Sample.conversation("1002", .open, "2024-03-02T10:00:00Z"),
            Sample.conversation("1003", .closed, "2024-03-03T10:00:00Z"),
        ]
        let redirects = migration.folder + "/redirects.csv"
        let outcome = try await migration.run(
            Sample.records(conversations), pair,
            "filter: {not_status: ['closed']}, "
                + "text: {links: [{from: 'https://old.example/t/{id}', to: 'https://new.example/c/{id}'}]}"
        ) { $0.redirectFile = redirects }
        #expect(
            outcome.text.contains("https://new.example/c/1002") && outcome.text.contains("https://old.example/t/1003"))
        #expect(!outcome.text.contains("https://old.example/t/1002"))
        let rows = outcome.report.trail.rows.filter { $0.kind == .unresolvedLink }
        #expect(Set(rows.map(\.detail)) == ["1003"] && rows.allSatisfy { $0.record == "1001" && $0.entry != nil })
        #expect(
            try String(contentsOfFile: redirects, encoding: .utf8)
                == "old_id,old_number,old_url,new_id,new_url\n"
                + "1001,1001,https://old.example/t/1001,1001,https://new.example/c/1001\n"
                + "1002,1002,https://old.example/t/1002,1002,https://new.example/c/1002\n")
    }

    @Test(arguments: Pair.all) func conversationsComeInTheOrderThatIsAskedFor(_ pair: Pair) async throws {
        let migration = try Migration()
        defer { migration.clear() }
        let conversations = [
            Sample.conversation("1001", .closed, "2024-03-01T10:00:00Z"),
            Sample.conversation("1002", .open, "2024-02-01T10:00:00Z"),
            Sample.conversation("1003", .open, "2024-02-02T10:00:00Z"),
            Sample.conversation("1004", .closed, "2024-03-04T10:00:00Z"),
        ]
        let path = try await migration.export(Sample.records(conversations), as: pair.source)
        func ids(_ mapping: String, limit: Int? = nil) async throws -> [String] {
            try await migration.convert(path, pair, mapping) { $0.limit = limit }.conversations.map(\.id)
        }
        #expect(try await ids("filter: {order: 'newest'}") == ["1004", "1001", "1003", "1002"])
        #expect(try await ids("filter: {order: 'open'}") == ["1003", "1002", "1004", "1001"])
        #expect(try await ids("filter: {order: 'newest'}", limit: 1) == ["1004"])
        // The order changes no record.
        let plain = try await migration.convert(path, pair, "tags: {add: ['x']}")
        let ordered = try await migration.convert(path, pair, "tags: {add: ['x']}, filter: {order: 'newest'}")
        #expect(plain.conversations.sorted { $0.id < $1.id } == ordered.conversations.sorted { $0.id < $1.id })
    }

    @Test(arguments: Pair.all) func onlyPeopleThatAreReferredToComeAlong(_ pair: Pair) async throws {
        let migration = try Migration()
        defer { migration.clear() }
        let conversations = [
            Sample.conversation("1001", .open, "2024-03-01T10:00:00Z"),
            Sample.conversation("1002", .closed, "2024-02-01T10:00:00Z", by: "502"),
        ]
        let records = Sample.records(conversations)
        let some = try await migration.run(
            records, pair, "filter: {status: ['open'], people: 'referenced'}")
        #expect(some.contacts.map(\.id) == ["501"] && some.conversations.map(\.id) == ["1001"])
        let all = try await migration.run(records, pair, "filter: {status: ['open']}")
        #expect(all.contacts.map(\.id).sorted() == ["501", "502", "503"])
    }

    @Test(arguments: Pair.all) func theNoteOfWhatIsLostStaysAmongAgents(_ pair: Pair) async throws {
        let migration = try Migration()
        defer { migration.clear() }
        let conversation = Sample.conversation("1001", .open, "2024-03-01T10:00:00Z") {
            $0.fields = [.init("360001", .string("x"))]
            $0.timeline.append(
                Sample.entry("10012", .message, Author(.agent, id: "901"), "2024-03-01T11:00:00Z", "It comes"))
        }
        let outcome = try await migration.run(
            Sample.records([conversation]), pair,
            "fields: {conversation: {'360001': {drop: 'old'}}}, provenance: {tag: 'moved', note: true}")
        let moved = try #require(outcome.conversation("1001"))
        let notes = moved.timeline.filter { $0.kind == .note }
        let text = notes.first.flatMap { $0.text ?? $0.html } ?? ""
        #expect(notes.count == 1 && text.contains("Not carried over: ") && text.contains("fields.360001"))
        #expect(moved.tags.contains("moved"))
        #expect(!moved.timeline.contains { $0.kind == .message && ($0.text ?? $0.html ?? "").contains("Not carried") })
        let plain = try await migration.run(Sample.records([conversation]), pair, "tags: {add: ['x']}")
        #expect(!plain.text.contains("Not carried over"))
    }

    @Test(arguments: Pair.all) func bodiesArriveInTheFormThatIsAskedFor(_ pair: Pair) async throws {
        let migration = try Migration()
        defer { migration.clear() }
        let conversation = Sample.conversation("1001", .open, "2024-03-01T10:00:00Z") {
            var reply = Sample.entry("10012", .message, Author(.agent, id: "901"), "2024-03-01T11:00:00Z", "")
            reply.html =
                "<p>Yes<script>alert(1)</script></p><blockquote type=\"cite\">Where is it</blockquote>"
            reply.text = nil
            $0.timeline.append(reply)
        }
        let outcome = try await migration.run(
            Sample.records([conversation]), pair, "text: {format: 'html', clean: true, quoted: 'drop'}")
        let reply = outcome.entries.first { $0.id == "10012" }
        #expect(reply?.html == "<p>Yes</p>", "\(reply?.html ?? "")")
        #expect(outcome.report.losses.count(.conversation, "timeline.html", .truncated) == 1)
    }

    @Test(arguments: Pair.all) func filesOverTheLimitBecomeLinks(_ pair: Pair) async throws {
        let migration = try Migration()
        defer { migration.clear() }
        let conversation = Sample.conversation("1001", .open, "2024-03-01T10:00:00Z") {
            var file = ConversationModel.Attachment()
            file.id = "9001"
            file.name = "film.mov"
            file.contentType = "video/quicktime"
            file.size = 30_000_000
            file.url = "https://files.example/film.mov"
            $0.timeline[0].attachments = [file]
        }
        let outcome = try await migration.run(
            Sample.records([conversation]), pair, "attachments: {max_size: '20 MB', types: ['video/*']}")
        #expect(outcome.entries.allSatisfy { $0.attachments.isEmpty })
        #expect(outcome.text.contains("https://files.example/film.mov"))
    }
}
