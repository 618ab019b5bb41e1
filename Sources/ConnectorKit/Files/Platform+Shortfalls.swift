internal import ConversationModel

/// What a platform's files have no place for, asked of its bindings as ``Platform/holding(of:)-(Status)`` does.
extension Platform {
    /// Things of a conversation that cannot survive, in the words of a table; empty for a platform that holds all.
    public var shortfalls: [String] {
        var words: [String] = []
        for (word, change) in Self.conversationParts where loses(change) { words.append(word) }
        let events = Entry.Event.allCases.filter { event in
            loses { conversation in
                var entry = conversation.timeline[0]
                entry.id = "2"
                entry.kind = .event(event)
                entry.text = nil
                entry.to = event == .status ? .string("open") : event == .priority ? .string("high") : nil
                conversation.timeline.append(entry)
            }
        }
        if events.count == Entry.Event.allCases.count {
            words.append("events")
        } else if !events.isEmpty {
            words.append("events (" + events.map(\.words).joined(separator: ", ") + ")")
        }
        words += Self.unheld("statuses", Status.allCases, statuses)
        words += Self.unheld("priorities", Priority.allCases, priorities)
        words += Self.unheld("channels", Channel.allCases, channels)
        if losesFractions { words.append("fractions of a second") }
        return words
    }

    private static func unheld<Value: RawRepresentable<String> & Hashable>(
        _ name: String, _ all: [Value], _ held: [Value]
    ) -> [String] {
        let missing = all.filter { !held.contains($0) }
        if missing.isEmpty { return [] }
        if missing.count == all.count { return [name] }
        let words = missing.map { $0.rawValue.replacingUnderscores }
        return [
            "\(name) (" + (words.count > 6 ? "\(words.count) of \(all.count)" : words.joined(separator: ", ")) + ")"
        ]
    }

    private static let conversationParts: [(String, @Sendable (inout Conversation) -> Void)] = [
        ("numbers", { $0.number = "17" }),
        ("external ids", { $0.externalID = "x" }),
        ("subjects", { $0.subject = "x" }),
        ("brands", { $0.brand = "1" }),
        ("closing times", { $0.closedAt = $0.createdAt }),
        ("snooze times", { $0.snoozedUntil = $0.createdAt }),
        ("assignees", { $0.assignee = "7" }),
        ("teams", { $0.team = "70" }),
        ("copies (cc)", { $0.participants = [Participant(.contact, "2", .cc)] }),
        ("followers", { $0.participants = [Participant(.agent, "7", .follower)] }),
        ("tags", { $0.tags = ["x"] }),
        ("custom fields", { $0.fields = [FieldValue("x", .string("y"))] }),
        ("ratings", { $0.rating = Rating(score: 2, scale: 2) }),
        ("rating comments", { $0.rating = Rating(score: 2, scale: 2, comment: "x") }),
        ("links", { $0.links = [Link(.parent, "9")] }),
        (
            "sessions",
            {
                var session = Session()
                session.id = "s"
                session.startedAt = $0.createdAt
                session.endedAt = $0.createdAt
                $0.sessions = [session]
                $0.timeline[0].session = "s"
            }
        ),
        ("notes", { $0.timeline.append(second($0, .note)) }),
        ("bots", { $0.timeline.append(second($0, .message, Author(.bot, id: "b", name: "Bot"))) }),
        (
            "attachments",
            {
                var file = Attachment()
                file.id = "f"
                file.name = "a.png"
                file.url = "https://files.example/a.png"
                $0.timeline[0].attachments = [file]
            }
        ),
        (
            "mail headers",
            {
                var mail = EmailHeaders()
                mail.messageID = "<a@mail.example>"
                $0.timeline[0].email = mail
            }
        ),
        (
            "answers to an entry",
            {
                $0.timeline.append(second($0, .message))
                $0.timeline[1].replyTo = "1"
            }
        ),
        ("edits", { $0.timeline[0].editedAt = $0.createdAt }),
        ("redaction marks", { $0.timeline[0].redacted = true }),
    ]

    private static func second(
        _ conversation: Conversation, _ kind: Entry.Kind, _ author: Author = Author(.agent, id: "7", name: "Ana")
    ) -> Entry {
        var entry = conversation.timeline[0]
        entry.id = "2"
        entry.kind = kind
        entry.author = author
        return entry
    }

    /// Whether a change to a conversation that every platform can hold is dropped, or told otherwise, somewhere.
    private func loses(_ change: (inout Conversation) -> Void) -> Bool {
        var conversation = Self.probe
        let before = Set((losses(of: .conversation(conversation)) ?? []).map(\.key))
        change(&conversation)
        let after = losses(of: .conversation(conversation)) ?? []
        return after.contains { !before.contains($0.key) && $0.lossClass >= .narrowed && $0.lossClass != .invented }
    }

    private var losesFractions: Bool {
        loses { conversation in
            var entry = Self.second(conversation, .message)
            entry.createdAt = Instant(microseconds: 1_700_000_001_250_000)
            conversation.timeline.append(entry)
        }
    }
}

extension FidelityLoss {
    fileprivate var key: String { "\(field) \(lossClass)" }
}

extension Entry.Event {
    fileprivate var words: String { rawValue.replacingUnderscores }
}

extension String {
    fileprivate var replacingUnderscores: String { String(map { $0 == "_" ? " " : $0 }) }
}
