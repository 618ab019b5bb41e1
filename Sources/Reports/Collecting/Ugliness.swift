internal import ConversationModel

/// How awkward a conversation is, by every measure but those that need the whole run.
struct Ugliness: Sendable {
    var longest = 0
    var deletedAuthor = 0
    var copyReplies = 0
    var attachments = 0
    var encoding = 0
    var losses = 0
    var sessions = 0
    var longText = 0
    var mergedPeople = 0

    init(_ conversation: Conversation, _ lost: [FidelityLoss], merged: Set<String>) {
        longest = conversation.timeline.count
        sessions = conversation.sessions.count > 1 ? conversation.sessions.count : 0
        let inCopy = Set(conversation.participants.map(\.id))
        var letters = Oddness()
        if let subject = conversation.subject { letters.add(subject) }
        for entry in conversation.timeline {
            attachments += entry.attachments.count
            let author = entry.author
            if author.kind == .agent || author.kind == .contact, author.name == nil, author.email == nil,
                !entry.kind.isEvent
            {
                deletedAuthor += 1
            }
            if entry.kind == .message, author.kind == .contact, let id = author.id, id != conversation.requester,
                inCopy.contains(id)
            {
                copyReplies += 1
            }
            if !merged.isEmpty, !entry.kind.isEvent, let id = author.id, merged.contains(id) { mergedPeople += 1 }
            guard let text = entry.text ?? entry.html else { continue }
            longText = max(longText, text.utf8.count)
            letters.add(text)
        }
        encoding = letters.score
        losses = lost.reduce(0) { $0 + ($1.lossClass > .converted ? $1.count : 0) }
    }

    /// What the conversation scores, each above nothing.
    func scores(_ conversation: Conversation) -> [(reason: PickReason, score: Int)] {
        var scores: [(reason: PickReason, score: Int)] = [
            (.longest, longest), (.deletedAuthor, deletedAuthor), (.copyReplies, copyReplies),
            (.attachments, attachments), (.encoding, encoding), (.mergedPeople, mergedPeople), (.losses, losses),
            (.sessions, sessions), (.longText, longText > 1000 ? longText : 0),
        ].filter { $0.1 > 0 }
        if let created = conversation.createdAt { scores.append((.oldest, Int(-(created.seconds / 60)))) }
        scores.append((.spread, Self.spread(conversation.id)))
        return scores
    }

    /// A number that says nothing of the conversation: those with the highest are evenly spread over all.
    private static func spread(_ id: String) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in id.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ (hash >> 32)) &* 0xD6E8_FEB8_6659_FD93
        return Int((hash ^ (hash >> 29)) >> 1)
    }
}

/// How odd the characters of texts are.
struct Oddness {
    private var damaged = 0
    private var steering = 0
    private var rightToLeft = 0
    private var joined = 0
    private var beyondBasic = 0
    private var letters = 0

    /// Text that was damaged on its way counts most, then what steers direction, mixed directions, joined emoji.
    var score: Int {
        damaged * 100 + steering * 20 + (rightToLeft > 0 && letters > 0 ? 15 : 0) + min(rightToLeft, 20)
            + min(joined, 10) * 5 + min(beyondBasic, 10)
    }

    mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            for index in bytes.indices {
                let byte = bytes[index]
                if byte < 0x80 {
                    if byte < 0x20, byte != 9, byte != 10, byte != 13 { damaged += 1 }
                    if byte | 0x20 >= 0x61, byte | 0x20 <= 0x7A { letters += 1 }
                    continue
                }
                func next(_ offset: Int) -> UInt8 { index + offset < bytes.count ? bytes[index + offset] : 0 }
                switch byte {
                // U+FFFD: something was lost before.
                case 0xEF where next(1) == 0xBF && next(2) == 0xBD: damaged += 1
                // UTF-8 read as Latin-1 and written as UTF-8 again: an accented letter becomes two odd ones.
                case 0xC3 where (next(1) == 0x82 || next(1) == 0x83) && next(2) == 0xC2: damaged += 1
                case 0xE2 where next(1) == 0x80 && next(2) == 0x8D: joined += 1
                case 0xE2 where next(1) == 0x80 && (0x8E...0x8F).contains(next(2)): steering += 1
                case 0xE2 where next(1) == 0x80 && (0xAA...0xAE).contains(next(2)): steering += 1
                case 0xE2 where next(1) == 0x81 && (0xA6...0xA9).contains(next(2)): steering += 1
                case 0xD6...0xDB: rightToLeft += 1
                case 0xF0...0xF4: beyondBasic += 1
                default: break
                }
            }
        }
    }
}
