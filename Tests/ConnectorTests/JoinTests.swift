import ConnectorKit
import ConversationModel
import Diagnostics
import Foundation
import Testing

/// Records that belong to others in other files, by a platform made for these tests.
@Suite struct JoinTests {
    private static let message = Binding<Entry>([
        .field("id", \.id, .id),
        .ofConversation(.field("chat", \.id, .id)),
        .table("private", \.kind, [false: .message, true: .note]),
        .field("at", \.createdAt, .iso8601(.seconds)),
        .field("text", \.text),
        .attachments("#files", \.attachments, file, omitsEmpty: true),
    ])

    private static let file = Binding<ConversationModel.Attachment>([
        .field("id", \.id, .id), .field("message", \.contentID, .id), .field("name", \.name),
    ])

    private static let chat = Binding<Conversation>([
        .field("id", \.id, .id),
        .field("topic", \.subject),
        .timeline("#messages", message, order: .time),
    ])

    private static let sitting = Binding<Session>([
        .ofConversation(.field("room", \.id, .id)),
        .ofConversation(.field("topic", \.subject)),
        .field("sitting.id", \.id, .id),
        .field("sitting.from", \.startedAt, .iso8601(.seconds)),
        .entries("sitting.lines", line),
    ])

    private static let line = Binding<Entry>([
        .field("id", \.id, .id), .field("at", \.createdAt, .iso8601(.seconds)), .field("text", \.text),
        .table("private", \.kind, [false: .message, true: .note]),
    ])

    static let connector = Connector(
        name: "joined", title: "Joined", summary: "For tests.",
        exports: [
            Export(
                "chats", Recognition(names: ["chats"], keys: ["id", "topic"]), .conversation(chat),
                output: OutputFile("chats.jsonl", .lines),
                joins: [Join("messages", by: "chat", orphans: .reported)]),
            Export(
                "messages", Recognition(names: ["messages"], keys: ["id", "chat"]), .part,
                output: OutputFile("messages.jsonl", .lines), joins: [Join("files", by: "message")]),
            Export(
                "files", Recognition(names: ["files"], keys: ["id", "message"]), .part,
                output: OutputFile("files.jsonl", .lines)),
            Export(
                "rooms", Recognition(names: ["rooms"], keys: ["room", "sitting"]),
                .grouped(
                    by: "room", each: "sitting.id",
                    .conversation(
                        Binding<Conversation>([
                            .sessions("#records", sitting)
                        ]))), output: OutputFile("rooms.jsonl", .lines)),
        ],
        capabilities: .everything, ceilings: [])

    private func read(
        _ files: [String: String], _ connector: Connector = connector
    ) throws -> (conversations: [Conversation], notes: SourceNotes) {
        let shop = try Workshop(connector)
        defer { shop.clear() }
        for (name, text) in files {
            let path = shop.directory + "/in/" + name
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        let (records, notes) = try shop.read(shop.directory + "/in")
        return (records.compactMap { if case .conversation(let value) = $0 { value } else { nil } }, notes)
    }

    private let chats = """
        {"id":"1","topic":"one"}
        {"id":"2","topic":"two"}

        """
    private let messages = """
        {"id":"m3","chat":"2","at":"2024-01-01T00:00:03Z","text":"c","private":false}
        {"id":"m2","chat":"1","at":"2024-01-01T00:00:02Z","text":"b","private":true}
        {"id":"m1","chat":"1","at":"2024-01-01T00:00:01Z","text":"a","private":false}

        """

    @Test func messagesOfAnotherFileStandInTheirConversationByTime() throws {
        let (chats, notes) = try read(["chats.jsonl": chats, "messages.jsonl": messages])
        #expect(chats.map(\.id) == ["1", "2"])
        #expect(chats[0].timeline.map(\.id) == ["m1", "m2"])
        #expect(chats[0].timeline.map(\.kind) == [.message, .note])
        #expect(chats[1].timeline.map(\.text) == ["c"])
        #expect(notes.recordsRead == 2 && notes.partsRead == 3 && notes.rejected.isEmpty)
    }

    @Test func partsOfPartsStandInsideThem() throws {
        let (chats, _) = try read([
            "chats.jsonl": chats, "messages.jsonl": messages,
            "files.jsonl": #"{"id":"f1","message":"m2","name":"a.png"}"#,
        ])
        #expect(chats[0].timeline[1].attachments.map(\.name) == ["a.png"])
    }

    @Test func aRepeatedPartIsTakenOnceAsItCameLast() throws {
        let again = messages + #"{"id":"m1","chat":"1","at":"2024-01-01T00:00:01Z","text":"changed","private":false}"#
        let (chats, notes) = try read(["chats.jsonl": chats, "messages.jsonl": again])
        #expect(chats[0].timeline.map(\.text) == ["changed", "b"])
        #expect(notes.rejected.isEmpty)
    }

    @Test func aPartWithoutItsWholeIsNamedWithItsPlace() throws {
        let lost = messages + #"{"id":"m9","chat":"404","at":"2024-01-01T00:00:01Z","text":"?","private":false}"#
        let (chats, notes) = try read(["chats.jsonl": chats, "messages.jsonl": lost])
        #expect(chats.count == 2)
        #expect(notes.rejected.count == 1)
        #expect(notes.rejected[0].place.line == 4 && notes.rejected[0].place.file?.hasSuffix("messages.jsonl") == true)
        #expect(notes.rejected[0].reason == "belongs to '404', which this export does not hold")
    }

    @Test func aFaultInAPartIsToldWithThePartsOwnPlace() throws {
        let bad = messages.replacingOccurrences(of: "2024-01-01T00:00:02Z", with: "yesterday")
        let (chats, notes) = try read(["chats.jsonl": chats, "messages.jsonl": bad])
        #expect(chats.map(\.id) == ["2"])
        #expect(notes.rejected.count == 1)
        #expect(
            notes.rejected[0].id == "1" && notes.rejected[0].place.line == 2 && notes.rejected[0].place.path == "at")
        #expect(notes.rejected[0].place.file?.hasSuffix("messages.jsonl") == true)
    }

    @Test func aDeltaHasItsOwnParts() throws {
        let (chats, _) = try read([
            "chats.jsonl": chats, "messages.jsonl": messages,
            "delta-0001/chats.jsonl": #"{"id":"1","topic":"later"}"#,
            "delta-0001/messages.jsonl":
                #"{"id":"m1","chat":"1","at":"2024-01-01T00:00:01Z","text":"a","private":false}"#,
        ])
        let later = try #require(chats.last { $0.id == "1" })
        #expect(later.subject == "later" && later.timeline.map(\.id) == ["m1"])
    }

    @Test func recordsOfOneKeyBecomeOneConversationWithSessions() throws {
        let (rooms, notes) = try read([
            "rooms.jsonl": """
            {"room":"r1","topic":"late","sitting":{"id":"s2","from":"2024-01-02T00:00:00Z","lines":[{"id":"3","at":"2024-01-02T00:00:01Z","text":"z","private":false}]}}
            {"room":"r2","topic":"other","sitting":{"id":"s9","from":"2024-01-02T00:00:00Z","lines":[]}}
            {"room":"r1","topic":"late","sitting":{"id":"s1","from":"2024-01-01T00:00:00Z","lines":[{"id":"1","at":"2024-01-01T00:00:01Z","text":"x","private":false},{"id":"2","at":"2024-01-01T00:00:02Z","text":"y","private":true}]}}
            {"room":"r1","topic":"late","sitting":{"id":"s2","from":"2024-01-02T00:00:00Z","lines":[{"id":"3","at":"2024-01-02T00:00:01Z","text":"z","private":false}]}}

            """
        ])
        #expect(notes.rejected.isEmpty)
        #expect(rooms.map(\.id) == ["r1", "r2"])
        #expect(rooms[0].sessions.map(\.id) == ["s1", "s2"])
        #expect(rooms[0].timeline.map(\.id) == ["1", "2", "3"])
        #expect(rooms[0].timeline.map(\.session) == ["s1", "s1", "s2"])
        #expect(rooms[1].timeline.isEmpty && rooms[1].subject == "other")
    }

    @Test func aRecordThatStandsForItselfTakesItsPartsAlong() throws {
        let own = Connector(
            name: "own", title: "Own", summary: "For tests.",
            exports: [
                Export(
                    "chats", Recognition(names: ["chats"], keys: ["id", "topic"]), .conversation(Self.chat),
                    output: OutputFile("chats.jsonl", .lines), joins: [Join("threads", by: "of", orphans: .ownRecords)]),
                Export(
                    "messages", Recognition(names: ["messages"], keys: ["id", "chat"]), .part,
                    output: OutputFile("messages.jsonl", .lines)),
                Export(
                    "threads", Recognition(names: ["threads"], keys: ["id", "of"]), .conversation(Self.chat),
                    output: OutputFile("threads.jsonl", .lines), joins: [Join("messages", by: "chat")]),
            ], capabilities: .everything, ceilings: [])
        let shop = try Workshop(own)
        defer { shop.clear() }
        for (name, text) in [
            "threads.jsonl": #"{"id":"1","of":null}"#,
            "messages.jsonl": messages + #"{"id":"m9","chat":"404","at":"2024-01-01T00:00:01Z","private":false}"#,
        ] { try text.write(toFile: shop.directory + "/" + name, atomically: true, encoding: .utf8) }
        let (records, notes) = try shop.read(shop.directory)
        #expect(records.map(\.id) == ["1"] && records[0].entries.map(\.id) == ["m1", "m2"])
        #expect(notes.rejected.map(\.place.line) == [1, 4])
    }

    @Test func whatWasReadIsWrittenBackToItsFiles() throws {
        let shop = try Workshop(Self.connector)
        defer { shop.clear() }
        let source = [
            "chats.jsonl": chats, "messages.jsonl": messages,
            "files.jsonl": "{\"id\":\"f1\",\"message\":\"m2\",\"name\":\"a.png\"}\n",
            "rooms.jsonl":
                "{\"room\":\"r1\",\"topic\":\"t\",\"sitting\":{\"id\":\"s1\",\"from\":\"2024-01-01T00:00:00Z\",\"lines\":[]}}\n",
        ]
        try FileManager.default.createDirectory(
            atPath: shop.directory + "/in", withIntermediateDirectories: true)
        for (name, text) in source {
            try text.write(toFile: shop.directory + "/in/" + name, atomically: true, encoding: .utf8)
        }
        let out = try shop.write(try shop.read(shop.directory + "/in").records, to: "out")
        for (name, text) in source {
            func lines(_ text: String) throws -> Set<NSDictionary> {
                Set(
                    try text.split(separator: "\n").map {
                        try #require(
                            JSONSerialization.jsonObject(with: Data($0.utf8)) as? NSDictionary)
                    })
            }
            let written = try String(contentsOfFile: out + "/" + name, encoding: .utf8)
            #expect(try lines(written) == lines(text), "\(name)")
        }
    }

    @Test func aFileWhoseBeginningDeceivesIsReadAgain() throws {
        let marked = Connector(
            name: "marked", title: "Marked", summary: "For tests.",
            exports: [
                Export(
                    "chats", Recognition(keys: ["id"], marks: ["type": ["chat"]]), .conversation(Self.chat),
                    output: OutputFile("chats.jsonl", .lines), joins: [Join("messages", by: "chat")]),
                Export(
                    "messages", Recognition(keys: ["id"], marks: ["type": ["message"]]), .part,
                    output: OutputFile("messages.jsonl", .lines)),
            ], capabilities: .everything, ceilings: [])
        let shop = try Workshop(marked)
        defer { shop.clear() }
        let filler = String(repeating: "x", count: 1000)
        var text = ""
        for number in 0..<2000 { text += #"{"type":"chat","id":"\#(number)","topic":"\#(filler)"}"# + "\n" }
        text += #"{"type":"message","id":"m","chat":"7","at":"2024-01-01T00:00:01Z","text":"late","private":false}"#
        try text.write(toFile: shop.directory + "/all.jsonl", atomically: true, encoding: .utf8)
        let (records, notes) = try shop.read(shop.directory + "/all.jsonl")
        #expect(records.count == 2000 && notes.rejected.isEmpty)
        #expect(records.first { $0.id == "7" }?.entries.map(\.text) == ["late"])
    }

    @Test(arguments: [
        ("chats/7/lines.jsonl", "7"), ("chats/7/lines-2.jsonl", "7"), ("chat-7-page-2.jsonl", "7"),
        ("lines_7.jsonl", "7"), ("7/lines.jsonl", "7"), ("export-2024-01-05/chats/7/lines.jsonl", "7"),
        ("chats-2024-01-05/lines-7.jsonl", "7"),
    ])
    func theNumberInAPathSaysWhoseRecordsAFileHolds(_ path: String, _ id: String) throws {
        let (chats, notes) = try read(
            [
                path: #"{"id":"l1","at":"2024-01-01T00:00:01Z","text":"a"}"#,
                "chats.jsonl": "{\"id\":\"\(id)\",\"topic\":\"seven\"}\n{\"id\":\"2\",\"topic\":\"two\"}\n",
            ], Self.byFile)
        #expect(notes.rejected.isEmpty)
        #expect(chats.first { $0.id == id }?.timeline.map(\.text) == ["a"])
        #expect(chats.first { $0.id == "2" }?.timeline.isEmpty == true)
    }

    @Test(arguments: ["7/lines-2.jsonl", "lines-7-2.jsonl", "lines.jsonl", "2024-01-05/lines.jsonl"])
    func aPathWithSeveralNumbersIsNeverGuessedAt(_ path: String) throws {
        let (chats, notes) = try read(
            [
                path: #"{"id":"l1","at":"2024-01-01T00:00:01Z","text":"a"}"#,
                "chats.jsonl": "{\"id\":\"7\",\"topic\":\"seven\"}\n{\"id\":\"2\",\"topic\":\"two\"}\n",
            ], Self.byFile)
        #expect(notes.rejected.map(\.reason) == ["says no record that it belongs to"])
        #expect(chats.allSatisfy { $0.timeline.isEmpty })
    }

    private static let byFile = Connector(
        name: "filed", title: "Filed", summary: "For tests.",
        exports: [
            Export(
                "chats", Recognition(names: ["chats"], keys: ["id", "topic"]),
                .conversation(
                    Binding<Conversation>([
                        .field("id", \.id, .id), .field("topic", \.subject), .timeline("#lines", line),
                    ])), output: OutputFile("chats.jsonl", .lines),
                joins: [Join("lines", by: "chat", orFile: true)]),
            Export("lines", Recognition(names: ["lines"], keys: ["id", "at", "text"]), .part, output: nil),
        ],
        capabilities: .everything, ceilings: [])
}

/// Payloads on disk by key.
@Suite struct KeyedStagingTests {
    @Test(arguments: [1, 7, 1 << 18])
    func everyPayloadIsGivenOutByItsKeysInOrder(_ slotsInMemory: Int) throws {
        let builder = try KeyedStaging.Builder(slotsInMemory: slotsInMemory)
        var expected: [UInt64: [String]] = [:]
        var state: UInt64 = 5
        for number in 0..<3000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let keys: [UInt64] = number % 5 == 0 ? [] : [state >> 55, (state >> 40) & 0xFF].uniqued
            let payload = String(repeating: "p", count: number % 900) + "\(number)"
            for key in keys { expected[key, default: []].append(payload) }
            var bytes = payload
            try bytes.withUTF8 { try builder.append($0, keys: keys) }
        }
        let staging = try builder.finish()
        #expect(staging.count == 3000)
        for key in UInt64(0)...600 {
            let found = staging.items(key).map { String(decoding: staging.payload($0), as: UTF8.self) }
            #expect(found == expected[key] ?? [], "key \(key)")
        }
        var walk = KeyedStaging.Walk(staging)
        var met = 0
        while let (item, bytes) = walk.next(where: { $0 % 2 == 1 }) {
            #expect(String(decoding: bytes, as: UTF8.self).hasSuffix("\(item.number)"))
            met += 1
        }
        #expect(met == 1500)
    }
}

extension [UInt64] {
    fileprivate var uniqued: [UInt64] { Set(self).sorted() }
}
