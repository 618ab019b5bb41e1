import ConversationModel
import Diagnostics
import FieldMapping
import Foundation
import SyncEngine
import Testing

/// Threads between the files of two platforms, and the way back.
@Suite struct ThreadRunTests {
    /// Eleven conversations of two contacts over some months, with sessions, merges and a long one.
    private func records() -> [NeutralRecord] {
        var conversations: [Conversation] = []
        for number in 1...9 {
            let contact = number.isMultiple(of: 3) ? "502" : "501"
            conversations.append(
                Sample.conversation(
                    "100\(number)", number == 9 ? .open : .closed, "2024-0\(number)-01T10:00:00Z", by: contact
                ) {
                    $0.tags = ["t\(number)"]
                    $0.timeline.append(
                        Sample.entry(
                            "100\(number)2", .message, Author(.agent, id: "901"), "2024-0\(number)-01T11:00:00Z",
                            "It comes"))
                    $0.timeline.append(
                        Sample.entry(
                            "100\(number)3", .note, Author(.agent, id: "901"), "2024-0\(number)-02T11:00:00Z", "A note")
                    )
                    $0.updatedAt = Instant("2024-0\(number)-02T11:00:00Z")
                })
        }
        conversations.append(
            Sample.conversation("1010", .open, "2024-10-01T00:00:00Z", by: "502") {
                for minute in 1...40 {
                    let digits = minute < 10 ? "0\(minute)" : "\(minute)"
                    $0.timeline.append(
                        Sample.entry(
                            "1010\(digits)", .message,
                            Author(
                                minute.isMultiple(of: 2) ? .agent : .contact,
                                id: minute.isMultiple(of: 2) ? "901" : "502"),
                            "2024-10-0\(1 + minute / 14)T00:\(digits):00Z", "Word \(minute)"))
                }
                $0.updatedAt = Instant("2024-10-03T00:40:00Z")
            })
        return Sample.records(conversations)
    }

    /// What of a conversation every platform of these tests holds, whatever it makes of the rest.
    private func essence(_ conversation: Conversation) -> [String] {
        let words = conversation.timeline.filter { !$0.kind.isEvent }.map { entry in
            "\(entry.id) \(entry.kind.type) \(entry.author.id ?? "") \(entry.createdAt?.description ?? "") \(entry.html ?? "")"
        }
        return ["\(conversation.id) \(conversation.requester ?? "") \(conversation.tags)"] + words
    }

    static let modes = [
        "mode: 'per-contact'", "mode: 'per-contact', gap: '40d', by_channel: false", "mode: 'per-session', idle: '8h'",
        "over_limit: 'split', max_entries: 10", "mode: 'per-contact', over_limit: 'split', max_entries: 7",
    ]

    @Test(arguments: Pair.all, modes) func goingBackGivesTheOriginals(_ pair: Pair, _ mode: String) async throws {
        let migration = try Migration()
        defer { migration.clear() }
        let path = try await migration.export(records(), as: pair.source)
        let plain = try await migration.convert(path, pair, "tags: {drop: ['none']}")
        let table = migration.folder + "/threads.jsonl"
        let there = try await migration.convert(path, pair, "threading: {\(mode)}") { $0.threadFile = table }
        #expect(there.conversations.count != plain.conversations.count, "\(mode)")
        let back = Pair(source: pair.destination, destination: pair.source)
        let whole = try await migration.convert(
            migration.folder + "/" + (there.folder), back, "threading: {restore: 'threads.jsonl'}",
            files: ["threads.jsonl": try String(contentsOfFile: table, encoding: .utf8)])
        // The same way there and back without a mapping says what the two platforms keep of all this.
        let round = try await migration.convert(migration.folder + "/" + plain.folder, back, "tags: {drop: ['none']}")
        let expected = Dictionary(round.conversations.map { ($0.id, essence($0)) }, uniquingKeysWith: { a, _ in a })
        #expect(whole.conversations.count == round.conversations.count)
        for conversation in whole.conversations {
            #expect(essence(conversation) == expected[conversation.id], "\(mode) \(conversation.id)")
        }
    }

    /// Sessions by id with their bounds, and the sessions of the entries.
    private func sittings(_ conversation: Conversation) -> [String] {
        conversation.sessions.map { "\($0.id) \($0.startedAt?.description ?? "") \($0.endedAt?.description ?? "")" }
            + conversation.timeline.filter { !$0.kind.isEvent }.map { "\($0.id) in \($0.session ?? "none")" }
    }

    @Test(arguments: ["livechat", "zendesk-chat"], ["zendesk", "intercom", "kustomer"])
    func chatsBecomeThreadsAndChatsAgainWithTheirSessions(_ chats: String, _ threads: String) async throws {
        let pair = Pair(source: chats, destination: threads)
        let conversations = (1...4).map { number in
            Sample.conversation("10\(number)", .closed, "2024-0\(number)-01T10:00:00Z") {
                var session = Session()
                session.id = "s\(number)"
                session.startedAt = $0.createdAt
                // The end comes behind the last word, and only the session says when.
                session.endedAt = Instant("2024-0\(number)-01T10:35:00Z")
                $0.closedAt = session.endedAt
                $0.updatedAt = session.endedAt
                $0.channel = .chat
                $0.sessions = [session]
                $0.timeline.append(
                    Sample.entry(
                        "10\(number)2", .message, Author(.agent, id: "901"), "2024-0\(number)-01T10:30:00Z", "It comes")
                )
                for index in $0.timeline.indices { $0.timeline[index].session = session.id }
            }
        }
        for mode in ["tags: {drop: ['none']}", "threading: {mode: 'per-contact'}"] {
            let migration = try Migration()
            defer { migration.clear() }
            let path = try await migration.export(Sample.records(conversations), as: chats)
            let home = Pair(source: chats, destination: "neutral")
            let original = try await migration.convert(path, home, "tags: {drop: ['none']}").conversations
            let table = migration.folder + "/threads.jsonl"
            let there = try await migration.convert(path, pair, mode) { $0.threadFile = table }
            #expect(there.conversations.count == (mode.hasPrefix("threading") ? 1 : 4))
            let back = Pair(source: threads, destination: chats)
            let whole = try await migration.convert(
                migration.folder + "/" + there.folder, back, "threading: {restore: 'threads.jsonl'}",
                files: ["threads.jsonl": try String(contentsOfFile: table, encoding: .utf8)])
            #expect(original.count == 4 && original.allSatisfy { $0.sessions.count == 1 })
            let expected = Dictionary(uniqueKeysWithValues: original.map { ($0.id, sittings($0)) })
            #expect(Dictionary(uniqueKeysWithValues: whole.conversations.map { ($0.id, sittings($0)) }) == expected)
        }
    }

    @Test(arguments: Pair.all) func oneThreadAContactHoldsEverythingInOrder(_ pair: Pair) async throws {
        let migration = try Migration()
        defer { migration.clear() }
        let outcome = try await migration.run(records(), pair, "threading: {mode: 'per-contact'}")
        #expect(outcome.conversations.map(\.id).sorted() == ["1001", "1003"])
        let first = try #require(outcome.conversation("1001"))
        #expect(first.timeline.filter { !$0.kind.isEvent }.count == 18)
        let times = first.timeline.compactMap(\.createdAt)
        #expect(times == times.sorted())
        let counts = try #require(outcome.report.counts[.conversation])
        #expect(counts.read == 10 && counts.create == 2 && counts.skip == 8)
    }

    @Test(arguments: Pair.all) func piecesStayWithinTheLimitAndAreLinked(_ pair: Pair) async throws {
        let migration = try Migration()
        defer { migration.clear() }
        let outcome = try await migration.run(records(), pair, "threading: {over_limit: 'split', max_entries: 10}")
        #expect(outcome.conversations.allSatisfy { $0.timeline.count <= 10 })
        let pieces = outcome.conversations.filter { $0.id.hasPrefix("1010") }.map(\.id)
        #expect(pieces == ["1010", "1010-2", "1010-3", "1010-4", "1010-5"])
        #expect(outcome.text.contains("Part 2 of 5. Before it: 1010. After it: 1010-3."))
        #expect(outcome.entries.filter { ($0.html ?? $0.text ?? "").contains("Part ") }.allSatisfy { $0.kind == .note })
    }

    @Test(arguments: Pair.all) func whatWasNotConcernedStaysAsItIs(_ pair: Pair) async throws {
        let migration = try Migration()
        defer { migration.clear() }
        let path = try await migration.export(records(), as: pair.source)
        let plain = try await migration.convert(path, pair, "tags: {drop: ['none']}")
        let other = try await migration.convert(path, pair, "threading: {mode: 'per-contact', channels: ['chat']}")
        #expect(other.conversations == plain.conversations)
    }

    @Test func mergedTicketsAreJoined() async throws {
        let migration = try Migration()
        defer { migration.clear() }
        let conversations = [
            Sample.conversation("1001", .closed, "2024-01-01T10:00:00Z") { $0.links = [Link(.mergedInto, "1002")] },
            Sample.conversation("1002", .closed, "2024-01-02T10:00:00Z") { $0.links = [Link(.mergedInto, "1003")] },
            Sample.conversation("1003", .open, "2024-01-03T10:00:00Z"),
            Sample.conversation("1004", .open, "2024-01-04T10:00:00Z") { $0.links = [Link(.mergedInto, "9999")] },
        ]
        let outcome = try await migration.run(
            Sample.records(conversations), Pair(source: "neutral", destination: "zendesk"),
            "threading: {merged: 'join'}")
        #expect(outcome.conversations.map(\.id).sorted() == ["1003", "1004"])
        let words = outcome.conversation("1003")?.timeline.filter { !$0.kind.isEvent } ?? []
        #expect(
            words.map(\.createdAt)
                == ["2024-01-01T10:00:00Z", "2024-01-02T10:00:00Z", "2024-01-03T10:00:00Z"].map { Instant($0) })
    }

    @Test(arguments: Pair.all) func linksLeadToTheThreadThatAConversationWasJoinedIn(_ pair: Pair) async throws {
        let migration = try Migration()
        defer { migration.clear() }
        let conversations = [
            Sample.conversation("1001", .closed, "2024-01-01T10:00:00Z"),
            Sample.conversation("1002", .closed, "2024-01-02T10:00:00Z"),
            Sample.conversation("1003", .open, "2024-01-03T10:00:00Z", by: "502") {
                $0.timeline.append(
                    Sample.entry(
                        "10032", .message, Author(.agent, id: "901"), "2024-01-03T11:00:00Z",
                        "see https://old.example/t/1002"))
            },
        ]
        let outcome = try await migration.run(
            Sample.records(conversations), pair,
            "threading: {mode: 'per-contact'}, "
                + "text: {links: [{from: 'https://old.example/t/{id}', to: 'https://new.example/c/{id}'}]}")
        #expect(outcome.text.contains("see https://new.example/c/1001") && outcome.report.trail.isEmpty)
    }
}
