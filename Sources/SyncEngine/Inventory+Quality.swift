internal import ConnectorKit
public import ConversationModel

/// What of a source looks wrong, and how well its fields are filled.
public struct SourceQuality: Sendable {
    /// A number with the first record it was met in.
    public struct Finding: Sendable, Equatable {
        /// How many.
        public var count = 0
        /// Id of the first.
        public var example = ""

        /// Counts some more.
        mutating func add(_ id: String, _ more: Int = 1) {
            guard more > 0 else { return }
            if count == 0 { example = id }
            count += more
        }
    }

    /// Files of one order of size.
    public enum SizeClass: String, Sendable, CaseIterable {
        case unknown
        case below100kB = "below_100_kB"
        case below1MB = "below_1_MB"
        case below5MB = "below_5_MB"
        case below20MB = "below_20_MB"
        case larger

        init(_ size: Int64?) {
            switch size {
            case nil: self = .unknown
            case .some(..<100_000): self = .below100kB
            case .some(..<1_000_000): self = .below1MB
            case .some(..<5_000_000): self = .below5MB
            case .some(..<20_000_000): self = .below20MB
            default: self = .larger
            }
        }
    }

    /// Records that have a value in each of the model's own fields, by kind of record and path.
    public var filled: [Entity: [String: Int]] = [:]
    /// Files by size.
    public var attachmentSizes: [SizeClass: Int] = [:]
    /// Records that stand more than once.
    public var duplicates = Finding()
    /// Texts with replacement characters or bytes that were taken for another encoding.
    public var damagedTexts = Finding()
    /// Conversations without a message.
    public var emptyConversations = Finding()
    /// Contacts whose first address another contact has too.
    public var sharedEmails = Finding()
    /// Hashes of addresses met, eight bytes each.
    private var emails: Set<UInt64> = []

    /// Creates a value that has met nothing.
    public init() {}

    mutating func take(_ record: NeutralRecord) {
        switch record {
        case .conversation(let record): take(record)
        case .contact(let record):
            fill(
                .contact,
                [
                    ("name", record.name != nil), ("emails", !record.emails.isEmpty),
                    ("phones", !record.phones.isEmpty), ("external_id", record.externalID != nil),
                    ("company", record.company != nil), ("language", record.language != nil),
                    ("timezone", record.timezone != nil), ("tags", !record.tags.isEmpty),
                    ("created_at", record.createdAt != nil),
                ])
            if let email = record.emails.first {
                var hasher = StableHasher()
                hasher.combine(email.lowercased())
                if !emails.insert(UInt64(truncatingIfNeeded: hasher.finish())).inserted { sharedEmails.add(record.id) }
            }
            if let name = record.name, Self.isDamaged(name) { damagedTexts.add(record.id) }
        case .agent(let record):
            fill(
                .agent,
                [
                    ("name", record.name != nil), ("email", record.email != nil), ("role", record.role != nil),
                    ("active", record.active != nil), ("teams", !record.teams.isEmpty),
                    ("created_at", record.createdAt != nil),
                ])
        case .company(let record):
            fill(
                .company,
                [
                    ("name", record.name != nil), ("domains", !record.domains.isEmpty),
                    ("external_id", record.externalID != nil), ("created_at", record.createdAt != nil),
                ])
        case .team, .field: break
        }
    }

    private mutating func take(_ record: Conversation) {
        fill(
            .conversation,
            [
                ("subject", record.subject.map { !$0.isEmpty } ?? false), ("status", record.status != nil),
                ("priority", record.priority != nil), ("channel", record.channel != nil),
                ("requester", record.requester != nil), ("assignee", record.assignee != nil),
                ("team", record.team != nil), ("tags", !record.tags.isEmpty), ("rating", record.rating != nil),
                ("external_id", record.externalID != nil), ("closed_at", record.closedAt != nil),
                ("participants", !record.participants.isEmpty), ("links", !record.links.isEmpty),
                ("sessions", !record.sessions.isEmpty),
            ])
        if !record.timeline.contains(where: { $0.kind == .message }) { emptyConversations.add(record.id) }
        var damaged = record.subject.map(Self.isDamaged) == true ? 1 : 0
        for entry in record.timeline {
            if let text = entry.text ?? entry.html, Self.isDamaged(text) { damaged += 1 }
            for file in entry.attachments { attachmentSizes[SizeClass(file.size), default: 0] += 1 }
        }
        damagedTexts.add(record.id, damaged)
    }

    private mutating func fill(_ entity: Entity, _ fields: [(String, Bool)]) {
        for (field, isFilled) in fields where isFilled { filled[entity, default: [:]][field, default: 0] += 1 }
    }

    /// Whether a text was damaged on its way: a replacement character, or UTF-8 that was once taken for Latin-1, in
    /// which an accented letter becomes two odd ones.
    static func isDamaged(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var index = 0
            while index < bytes.count {
                let byte = bytes[index]
                if byte == 0xEF, index + 2 < bytes.count, bytes[index + 1] == 0xBF, bytes[index + 2] == 0xBD {
                    return true
                }
                if byte == 0xC3, index + 2 < bytes.count, bytes[index + 1] == 0x82 || bytes[index + 1] == 0x83,
                    bytes[index + 2] == 0xC2
                {
                    return true
                }
                index += 1
            }
            return false
        }
    }
}
