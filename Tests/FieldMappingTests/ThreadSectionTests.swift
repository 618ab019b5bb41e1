import ConversationModel
import Diagnostics
import Testing

@testable import FieldMapping

@Suite struct ThreadSectionTests {
    private func compiled(_ text: String) throws -> CompiledMapping { try sections("threading: {\(text)}").compiled() }

    private func word(_ id: String, _ time: String, by kind: Author.Kind = .contact, session: String? = nil) -> Entry {
        var word = entry(.message, Author(kind, id: kind == .contact ? "u1" : "a1"))
        word.id = id
        word.createdAt = Instant(time)
        word.session = session
        word.text = id
        return word
    }

    private func session(_ id: String, _ start: String, _ end: String, _ kind: Session.Kind = .live) -> Session {
        var session = Session()
        session.id = id
        session.startedAt = Instant(start)
        session.endedAt = Instant(end)
        session.kind = kind
        return session
    }

    private func chat() -> Conversation {
        .sample {
            $0.number = "77"
            $0.status = .open
            $0.createdAt = Instant("2024-01-01T10:00:00Z")
            $0.updatedAt = Instant("2024-01-03T11:00:00Z")
            $0.rating = Rating(score: 5, scale: 5)
            $0.sessions = [
                session("s1", "2024-01-01T10:00:00Z", "2024-01-01T10:30:00Z"),
                session("s2", "2024-01-02T10:00:00Z", "2024-01-02T10:05:00Z", .offline),
                session("s3", "2024-01-03T10:00:00Z", "2024-01-03T11:00:00Z"),
            ]
            $0.timeline = [
                word("1", "2024-01-01T10:00:00Z", session: "s1"), word("2", "2024-01-01T10:20:00Z", by: .agent),
                word("3", "2024-01-02T10:00:00Z", session: "s2"), word("4", "2024-01-03T10:00:00Z", session: "s3"),
            ]
        }
    }

    private func restore(_ threads: [ThreadedConversation], _ id: String) -> Conversation? {
        ThreadSection.restored(id, from: threads)
    }

    @Test func eachSessionBecomesAConversationThatIsLinkedToTheOneBefore() throws {
        var losses = LossTally()
        let pieces = try compiled("mode: 'per-session'").cut(chat(), losses: &losses)
        #expect(pieces.map(\.conversation.id) == ["c1", "c1-2", "c1-3"])
        #expect(pieces.map { $0.conversation.timeline.map(\.id) } == [["1", "2"], ["3"], ["4"]])
        #expect(pieces.map(\.conversation.status) == [.closed, .closed, .open])
        #expect(pieces.map { $0.conversation.links.map(\.id) } == [[], ["c1"], ["c1-2"]])
        #expect(pieces[1].conversation.createdAt == Instant("2024-01-02T10:00:00Z"))
        #expect(pieces.map { $0.conversation.number } == ["77", nil, nil])
        #expect(pieces.map { $0.conversation.rating == nil } == [true, true, false])
        #expect(losses.count(.conversation, "timeline", .converted) == 1)
        #expect(restore(pieces, "c1") == chat())
        #expect(restore(pieces.reversed(), "c1") == chat())
    }

    @Test func anOfflineMessageGoesWithTheSittingThatFollowsIt() throws {
        var losses = LossTally()
        let pieces = try compiled("mode: 'per-session', offline: 'join'").cut(chat(), losses: &losses)
        #expect(pieces.map { $0.conversation.timeline.map(\.id) } == [["1", "2"], ["3", "4"]])
        #expect(pieces[1].conversation.sessions.map(\.id) == ["s2", "s3"])
        #expect(restore(pieces, "c1") == chat())
    }

    @Test func silencesCutALongThreadIntoSessions() throws {
        let thread = Conversation.sample {
            $0.channel = .email
            $0.timeline = [
                word("1", "2024-01-01T10:00:00Z"), word("2", "2024-01-01T11:00:00Z", by: .agent),
                word("3", "2024-01-02T10:00:00Z"), word("4", "2024-01-05T10:00:00Z", by: .agent),
            ]
            var closing = entry(.event(.status), Author())
            closing.id = "e"
            closing.createdAt = Instant("2024-01-03T10:00:00Z")
            $0.timeline.insert(closing, at: 3)
        }
        var losses = LossTally()
        let whole = try compiled("idle: '8h'").cut(thread, losses: &losses)
        #expect(whole.count == 1)
        #expect(whole[0].conversation.timeline.map(\.session) == ["c1-s1", "c1-s1", "c1-s2", "c1-s2", "c1-s3"])
        #expect(whole[0].conversation.sessions.map(\.kind) == [.live, .offline, .offline])
        #expect(losses.count(.conversation, "sessions", .invented) == 3)
        #expect(restore(whole, "c1") == thread)
        let pieces = try compiled("mode: 'per-session', idle: '8h'").cut(thread, losses: &losses)
        #expect(pieces.map { $0.conversation.timeline.map(\.id) } == [["1", "2"], ["3", "e"], ["4"]])
        #expect(restore(pieces, "c1") == thread)
        let other = try compiled("mode: 'per-session', idle: '8h', channels: ['chat']").cut(thread, losses: &losses)
        #expect(other == [ThreadedConversation(thread)])
    }

    private func ticket(_ id: String, _ start: String, _ end: String, _ change: (inout Conversation) -> Void = { _ in })
        -> Conversation
    {
        .sample {
            $0.id = id
            $0.subject = "Subject \(id)"
            $0.status = .closed
            $0.channel = .email
            $0.requester = "u1"
            $0.createdAt = Instant(start)
            $0.updatedAt = Instant(end)
            $0.tags = ["t\(id)"]
            $0.fields = [.init("f", .string(id))]
            $0.timeline = [word("1", start), word("2", end, by: .agent)]
            change(&$0)
        }
    }

    @Test func aContactsConversationsBecomeOneThreadUntilALongSilence() throws {
        let mapping = try compiled("mode: 'per-contact', gap: '7d'")
        let tickets = [
            ticket("b", "2024-01-03T10:00:00Z", "2024-01-04T10:00:00Z") { $0.status = .open },
            ticket("a", "2024-01-01T10:00:00Z", "2024-01-02T10:00:00Z"),
            ticket("c", "2024-02-01T10:00:00Z", "2024-02-02T10:00:00Z"),
        ]
        var losses = LossTally()
        let threads = mapping.joined(tickets, losses: &losses)
        #expect(threads.map(\.conversation.id) == ["a", "c"])
        let whole = threads[0].conversation
        #expect(whole.subject == "Subject a" && whole.status == .open && whole.tags == ["ta", "tb"])
        #expect(whole.fields == [.init("f", .string("b"))])
        #expect(
            whole.timeline.map(\.id) == ["1", "2", "b/1", "b/2"]
                && whole.timeline.map(\.session) == ["a", "a", "b", "b"])
        #expect(
            whole.createdAt == Instant("2024-01-01T10:00:00Z") && whole.updatedAt == Instant("2024-01-04T10:00:00Z"))
        #expect(losses.count(.conversation, "subject", .dropped) == 1)
        #expect(restore(threads, "a") == tickets[1] && restore(threads, "b") == tickets[0])
        #expect(threads[1] == ThreadedConversation(tickets[2]))
    }

    @Test func contactAndChannelSayWhatBelongsTogether() throws {
        let chat = Conversation.sample {
            $0.requester = "u1"
            $0.channel = .chat
        }
        let mail = Conversation.sample {
            $0.requester = "u1"
            $0.channel = .email
        }
        let apart = try compiled("mode: 'per-contact'")
        #expect(apart.contactKey(of: chat) != apart.contactKey(of: mail) && apart.contactKey(of: chat) != nil)
        let together = try compiled("mode: 'per-contact', by_channel: false")
        #expect(together.contactKey(of: chat) == together.contactKey(of: mail))
        let some = try compiled("mode: 'per-contact', channels: ['chat']")
        #expect(some.contactKey(of: chat) != nil && some.contactKey(of: mail) == nil)
        #expect(apart.contactKey(of: .sample()) == nil)
    }

    @Test func mergedTicketsJoinTheOneThatIsLeft() throws {
        let mapping = try compiled("merged: 'join', follow_ups: 'join'")
        #expect(mapping.joiningLinks == [.mergedInto, .followUpOf])
        let tickets = [
            ticket("a", "2024-01-01T10:00:00Z", "2024-01-02T10:00:00Z") { $0.links = [Link(.mergedInto, "b")] },
            ticket("b", "2024-01-01T12:00:00Z", "2024-01-01T13:00:00Z") { $0.links = [Link(.parent, "x")] },
        ]
        var losses = LossTally()
        let threads = mapping.joined(tickets, losses: &losses)
        #expect(threads.map(\.conversation.id) == ["b"])
        #expect(threads[0].conversation.subject == "Subject b" && threads[0].conversation.links == [Link(.parent, "x")])
        #expect(
            threads[0].conversation.timeline.map(\.createdAt)
                == threads[0].conversation.timeline.map(\.createdAt).sorted {
                    ($0?.microseconds ?? 0) < ($1?.microseconds ?? 0)
                })
        for ticket in tickets { #expect(restore(threads, ticket.id) == ticket) }
    }

    @Test(arguments: ["mode: 'per-contact', by_channel: false", "follow_ups: 'join'"])
    func whatOneHeadCannotSayOfSeveralIsCounted(_ section: String) throws {
        func head(_ id: String, _ day: Int, _ change: (inout Conversation) -> Void) -> Conversation {
            ticket(id, "2024-01-0\(day)T10:00:00Z", "2024-01-0\(day)T12:00:00Z") {
                $0.number = "n" + id
                $0.externalID = "x" + id
                $0.assignee = "agent " + id
                $0.team = "support"
                $0.fields = [.init("f", .string(id)), .init("same", .string("s"))]
                change(&$0)
            }
        }
        let tickets = [
            head("a", 1) {
                $0.status = .open
                $0.priority = .low
                $0.rating = Rating(score: 1, scale: 5)
            },
            head("b", 2) {
                $0.links = [Link(.followUpOf, "a")]
                $0.rating = Rating(score: 4, scale: 5)
                $0.requester = section.hasPrefix("mode") ? "u1" : "u2"
            },
            head("c", 3) {
                $0.links = [Link(.followUpOf, "b")]
                $0.priority = .high
                $0.brand = "brand"
            },
        ]
        var losses = LossTally()
        let threads = try compiled(section).joined(tickets, losses: &losses)
        let whole = try #require(threads.first?.conversation)
        #expect(threads.count == 1)
        func expect<Value: Equatable>(_ field: String, _ path: KeyPath<Conversation, Value?>, _ lossClass: LossClass) {
            let lost = tickets.count { $0[keyPath: path] != nil && $0[keyPath: path] != whole[keyPath: path] }
            #expect(losses.count(.conversation, field, lossClass) == lost, "\(field)")
        }
        expect("number", \.number, .dropped)
        expect("external_id", \.externalID, .dropped)
        expect("subject", \.subject, .dropped)
        expect("status", \.status, .dropped)
        expect("priority", \.priority, .dropped)
        expect("brand", \.brand, .dropped)
        expect("assignee", \.assignee, .dropped)
        expect("team", \.team, .dropped)
        expect("rating", \.rating, .dropped)
        expect("requester", \.requester, .converted)
        #expect(losses.count(.conversation, "fields.f", .dropped) == 2)
        #expect(losses.count(.conversation, "fields.same", .dropped) == 0)
        for ticket in tickets {
            #expect(
                ticket.requester == whole.requester || whole.participants.contains { $0.id == ticket.requester },
                "somebody who asked is no longer there")
            #expect(restore(threads, ticket.id) == ticket)
        }
    }

    @Test func longThreadsAreSplitWithNotesThatNameTheNeighbours() throws {
        let mapping = try compiled("over_limit: 'split', max_entries: 4")
        #expect(mapping.entryLimit(500) == 4 && mapping.entryLimit(3) == 3 && mapping.entryLimit(nil) == 4)
        #expect(try compiled("over_limit: 'split'").entryLimit(500) == 500)
        #expect(try compiled("idle: '1h'").entryLimit(500) == nil)
        let long = Conversation.sample {
            $0.status = .open
            $0.timeline = (1...8).map { word("\($0)", "2024-01-01T10:0\($0):00Z") }
        }
        var losses = LossTally()
        let pieces = mapping.split(
            ThreadedConversation(long, origins: [CompiledMapping.whole(long)]), limit: 4, losses: &losses)
        #expect(pieces.map { $0.conversation.timeline.count } == [4, 4, 3])
        #expect(pieces.map { $0.conversation.timeline.last?.kind } == [.note, .note, .note])
        #expect(pieces[1].conversation.timeline.last?.text == "Part 2 of 3. Before it: c1. After it: c1-3.")
        #expect(pieces.map { $0.conversation.links.map(\.id) } == [[], ["c1"], ["c1-2"]])
        #expect(restore(pieces, "c1") == long)
        #expect(losses.count(.conversation, "timeline", .invented) == 3)
        #expect(losses.count(.conversation, "status", .invented) == 2, "two pieces of an open thread are closed")
        let short = ThreadedConversation(.sample { $0.timeline = [word("1", "2024-01-01T10:00:00Z")] })
        #expect(mapping.split(short, limit: 4, losses: &losses) == [short])
    }

    @Test func theTableLeadsBack() throws {
        let tickets = [
            ticket("a", "2024-01-01T10:00:00Z", "2024-01-02T10:00:00Z"),
            ticket("b", "2024-01-03T10:00:00Z", "2024-01-04T10:00:00Z"),
        ]
        var losses = LossTally()
        let thread = try #require(try compiled("mode: 'per-contact'").joined(tickets, losses: &losses).first)
        let text = ThreadTable.line(thread) { "head of \($0.id) \"quoted\"\n" }
        let mapping = try sections("threading: {restore: 'threads.jsonl'}", files: ["threads.jsonl": text + "\n"])
            .compiled()
        let table = try #require(mapping.restoring)
        #expect(mapping.groupsConversations && table.origins == ["a", "b"])
        let rows = table.rows(of: "a")
        #expect(rows.map(\.head) == ["head of a \"quoted\"\n", "head of b \"quoted\"\n"])
        #expect(
            zip(rows, thread.origins).allSatisfy {
                $0.origin($1.head).entries == $1.entries && $0.origin($1.head).ids == $1.ids
            })
        #expect(table.rows(of: "z").isEmpty)
    }

    @Test(arguments: [
        ("{version: 1, threading: {mode: ¶'per_session'}}", "did you mean 'per-session'?"),
        ("{version: 1, threading: {mode: 'per-contact', gap: ¶'7 days'}}", "is '7 days', no time span"),
        ("{version: 1, threading: {gap: ¶'7d'}}", "has no use; expected 'threading.mode' to be 'per-contact'"),
        ("{version: 1, threading: {offline: ¶'join'}}", "has no use"),
        ("{version: 1, threading: {mode: 'per-contact', merged: ¶'join'}}", "expected another 'threading.mode'"),
        ("{version: 1, threading: {max_entries: ¶500}}", "expected 'threading.over_limit' to be 'split'"),
        ("{version: 1, threading: {over_limit: 'split', max_entries: ¶1}}", "leaves no room"),
        ("{version: 1, threading: {restore: ¶'none'}}", "cannot be read"),
        ("{version: 1, threading: {restore: ¶'t', mode: 'per-session'}}", "stands beside other keys"),
    ]) func wrongKeysAreNamedWithTheirPlace(_ marked: String, _ part: String) throws {
        let marked = MarkedText(marked)
        let found = faults(marked.text, files: ["t": ""])
        let fault = try #require(found.first)
        #expect(found.count == 1, "\(found)")
        #expect(fault.place == Place(file: "layer1.json5", line: marked.line, column: marked.column))
        #expect(fault.description.contains(part), "\(fault)")
    }

    @Test func aWrongTableIsNamedByItsLine() {
        let found = faults("{version: 1, threading: {restore: 't'}}", files: ["t": "{\"id\":\"1\",\"origins\":[]}\n"])
        #expect(found.first?.place == Place(file: "t", line: 1, column: 1))
        #expect(found.first?.summary == "the line says of no conversation what it holds")
    }
}
