import ConversationModel

/// `threading`: where one conversation ends and the next one begins.
struct ThreadSection: MappingSection {
    static let name = "threading"
    static let keys = [
        "mode", "gap", "channels", "by_channel", "idle", "offline", "merged", "follow_ups", "over_limit", "max_entries",
        "restore",
    ]

    enum Mode: String, CaseIterable {
        case perConversation = "per-conversation"
        case perSession = "per-session"
        case perContact = "per-contact"
    }
    enum Offline: String, CaseIterable { case own, join }
    enum Relation: String, CaseIterable { case link, join }
    enum Excess: String, CaseIterable { case keep, split }

    let mode: Mode
    /// Microseconds of silence that end a contact's thread; `nil` never does.
    let gap: Int64?
    let channels: Set<Channel>?
    let byChannel: Bool
    /// Microseconds of silence that end a session.
    let idle: Int64?
    let offline: Offline
    let merged: Relation
    let followUps: Relation
    let excess: Excess
    let maximumEntries: Int?
    /// Table of a run that joined or cut, by which this one goes back.
    let restore: ThreadTable?
    let rule: Int

    init(_ node: JSON5Node, _ reader: inout NodeReader) {
        let members = reader.members(node, Self.name, keys: Self.keys)
        mode = members["mode"].flatMap { reader.word($0, "threading.mode") } ?? .perConversation
        gap = members["gap"].flatMap { reader.span($0, "threading.gap") }
        channels = members["channels"].flatMap { reader.words($0, "threading.channels") }
        byChannel = members["by_channel"].flatMap { reader.flag($0, "threading.by_channel") } ?? true
        idle = members["idle"].flatMap { reader.span($0, "threading.idle") }
        offline = members["offline"].flatMap { reader.word($0, "threading.offline") } ?? .own
        merged = members["merged"].flatMap { reader.word($0, "threading.merged") } ?? .link
        followUps = members["follow_ups"].flatMap { reader.word($0, "threading.follow_ups") } ?? .link
        excess = members["over_limit"].flatMap { reader.word($0, "threading.over_limit") } ?? .keep
        maximumEntries = members["max_entries"].flatMap { reader.count($0, "threading.max_entries") }
        restore = members["restore"].flatMap { reader.file($0, "threading.restore") }
            .map { ThreadTable($0.bytes, file: $0.name, &reader) }
        if let restore { reader.attached.append("threading " + restore.digest) }
        rule = reader.rule("threading", at: node.mark)
        for (key, isUseful, expected) in [
            ("gap", mode == .perContact, "'threading.mode' to be 'per-contact'"),
            ("by_channel", mode == .perContact, "'threading.mode' to be 'per-contact'"),
            ("offline", mode == .perSession, "'threading.mode' to be 'per-session'"),
            ("merged", mode != .perContact || merged == .link, "another 'threading.mode' than 'per-contact'"),
            ("follow_ups", mode != .perContact || followUps == .link, "another 'threading.mode' than 'per-contact'"),
            ("max_entries", excess == .split, "'threading.over_limit' to be 'split'"),
        ] {
            guard !isUseful, let node = members[key] else { continue }
            reader.fault(node.mark, "'threading.\(key)' has no use", expected: expected)
        }
        if let maximumEntries, maximumEntries < 2, let node = members["max_entries"] {
            reader.fault(node.mark, "'threading.max_entries' leaves no room", expected: "a number from 2")
        }
        if let node = members["restore"], members.count > 1 {
            reader.fault(node.mark, "'threading.restore' stands beside other keys", expected: "it alone")
        }
    }

    /// Whether conversations of the whole source have to be looked at together.
    var groups: Bool { mode == .perContact || joinsRelated || restore != nil }
    var joinsRelated: Bool { merged == .join || followUps == .join }
    var cuts: Bool { mode == .perSession || idle != nil }

    func concerns(_ conversation: Conversation) -> Bool {
        guard let channels else { return true }
        return conversation.channel.map(channels.contains) ?? false
    }
}

extension NodeReader {
    /// A stretch of time as microseconds: `"30m"`, `"12h"`, `"7d"`, `"2w"`.
    mutating func span(_ node: JSON5Node, _ what: String) -> Int64? {
        let expected = "a time span, as \"30m\", \"12h\", \"7d\" or \"2w\""
        guard case .string(let text) = node.value else {
            fault(node.mark, "'\(what)' is \(node.kind)", expected: expected)
            return nil
        }
        let units: [Character: Int64] = ["m": 60, "h": 3600, "d": 86400, "w": 604_800]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), count > 0,
            count < 100_000
        else {
            fault(node.mark, "'\(what)' is '\(text)', no time span", expected: expected)
            return nil
        }
        return count * unit * 1_000_000
    }
}
