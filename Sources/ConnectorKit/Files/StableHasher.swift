public import ConversationModel

/// A fast 128-bit hash that is the same in every process and release; for telling changed content, not for secrecy.
///
/// Two lanes of folded multiplication, eight bytes a step. Worked values stand in the tests, so that no release changes
/// them unnoticed: a changed hash would make every record of a migration look changed.
public struct StableHasher {
    private var a: UInt64 = 0x243F_6A88_85A3_08D3
    private var b: UInt64 = 0x1319_8A2E_0370_7344

    /// Begins a hash.
    public init() {}

    @inline(__always)
    private mutating func mix(_ word: UInt64) {
        let (high, low) = (a ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        a = high ^ low
        b = ((b &+ word) << 29 | (b &+ word) >> 35) &* 0xBF58_476D_1CE4_E5B9 ^ a
    }

    /// Takes bytes, preceded by their number so that neighbours cannot run together.
    public mutating func combine(_ bytes: UnsafeBufferPointer<UInt8>) {
        mix(UInt64(bytes.count) | 0x5A00_0000_0000_0000)
        guard let base = bytes.baseAddress else { return }
        var at = 0
        while at &+ 8 <= bytes.count {
            mix(UnsafeRawPointer(base + at).loadUnaligned(as: UInt64.self))
            at &+= 8
        }
        guard at < bytes.count else { return }
        var rest: UInt64 = 0
        var shift: UInt64 = 0
        while at < bytes.count {
            rest |= UInt64(base[at]) << shift
            shift &+= 8
            at &+= 1
        }
        mix(rest)
    }

    /// Takes text.
    public mutating func combine(_ text: String) {
        var text = text
        text.withUTF8 { combine($0) }
    }

    mutating func combine(_ text: String?) {
        guard let text else { return mix(1) }
        combine(text)
    }

    mutating func combine(_ instant: Instant?) { mix(instant.map { UInt64(bitPattern: $0.microseconds) } ?? 2) }

    mutating func combine(_ number: Int64?) { mix(number.map { UInt64(bitPattern: $0) } ?? 3) }

    mutating func combine(_ flag: Bool?) { mix(flag.map { $0 ? 5 : 6 } ?? 4) }

    mutating func combine(_ texts: [String]) {
        mix(UInt64(texts.count))
        for text in texts { combine(text) }
    }

    mutating func combine(_ fields: [FieldValue]) {
        mix(UInt64(fields.count))
        for field in fields {
            combine(field.key)
            combine(field.value)
        }
    }

    mutating func combine(_ value: JSONValue?) {
        switch value {
        case nil: mix(7)
        case .null: mix(8)
        case .bool(let flag): combine(flag)
        case .number(let text):
            mix(9)
            combine(text)
        case .string(let text): combine(text)
        case .array(let elements):
            mix(10)
            for element in elements { combine(element) }
            mix(11)
        case .object(let members):
            mix(12)
            for member in members {
                combine(member.key)
                combine(member.value)
            }
            mix(13)
        }
    }

    /// Takes vendor fields that nothing binds; the order of members says nothing, as each platform writes its own.
    mutating func combine(_ extras: Extras) {
        var text = extras.json
        mix(text.withUTF8 { JSONDigest($0).finish() })
    }

    mutating func combine(_ author: Author) {
        combine(author.kind.rawValue)
        combine(author.id)
        combine(author.name)
        combine(author.email)
    }

    /// The hash of all that was taken.
    public func finish() -> UInt128 {
        var copy = self
        copy.mix(0xA5)
        copy.mix(copy.b)
        return UInt128(copy.a) << 64 | UInt128(copy.b)
    }
}

extension NeutralRecord {
    /// Hashes of the content: one of all but the entries, and one of each entry in order.
    ///
    /// `updated_at` counts only for records without entries of their own to tell a change by: a reply moves it, and a reply
    /// is no change of the rest. Sessions that came with new entries count as those.
    public var contentHashes: (head: UInt128, parts: [UInt64]) {
        var hasher = StableHasher()
        switch self {
        case .field(let field): field.hash(into: &hasher)
        case .team(let team):
            hasher.combine(team.id)
            hasher.combine(team.name)
            hasher.combine(team.extras)
        case .agent(let agent): agent.hash(into: &hasher)
        case .company(let company): company.hash(into: &hasher)
        case .contact(let contact): contact.hash(into: &hasher)
        case .conversation(let conversation):
            conversation.hash(into: &hasher)
            let parts = conversation.timeline.map { entry in
                var hasher = StableHasher()
                entry.hash(into: &hasher)
                return UInt64(truncatingIfNeeded: hasher.finish())
            }
            return (hasher.finish(), parts)
        }
        return (hasher.finish(), [])
    }
}

extension FieldDefinition {
    fileprivate func hash(into hasher: inout StableHasher) {
        hasher.combine(id)
        hasher.combine(of?.rawValue)
        hasher.combine(key)
        hasher.combine(label)
        hasher.combine(type?.rawValue)
        for option in options {
            hasher.combine(option.value)
            hasher.combine(option.label)
        }
        hasher.combine(extras)
    }
}

extension Agent {
    fileprivate func hash(into hasher: inout StableHasher) {
        hasher.combine(id)
        hasher.combine(name)
        hasher.combine(email)
        hasher.combine(role?.rawValue)
        hasher.combine(active)
        hasher.combine(teams)
        hasher.combine(createdAt)
        hasher.combine(extras)
    }
}

extension Company {
    fileprivate func hash(into hasher: inout StableHasher) {
        hasher.combine(id)
        hasher.combine(name)
        hasher.combine(domains)
        hasher.combine(externalID)
        hasher.combine(createdAt)
        hasher.combine(updatedAt)
        hasher.combine(fields)
        hasher.combine(extras)
    }
}

extension Contact {
    fileprivate func hash(into hasher: inout StableHasher) {
        hasher.combine(id)
        hasher.combine(name)
        hasher.combine(emails)
        hasher.combine(phones)
        hasher.combine(externalID)
        hasher.combine(company)
        hasher.combine(language)
        hasher.combine(timezone)
        hasher.combine(createdAt)
        hasher.combine(updatedAt)
        hasher.combine(blocked)
        hasher.combine(tags)
        hasher.combine(fields)
        hasher.combine(extras)
    }
}

extension Conversation {
    fileprivate func hash(into hasher: inout StableHasher) {
        for text in [
            id, number, externalID, subject, status?.rawValue, priority?.rawValue, channel?.rawValue, brand, url,
        ] {
            hasher.combine(text)
        }
        hasher.combine(createdAt)
        hasher.combine(closedAt)
        hasher.combine(snoozedUntil)
        for text in [requester, assignee, team] { hasher.combine(text) }
        for participant in participants {
            for text in [
                participant.kind.rawValue, participant.id, participant.role.rawValue, participant.name,
                participant.email,
            ] { hasher.combine(text) }
        }
        hasher.combine(tags)
        hasher.combine(fields)
        hasher.combine(rating.map { Int64($0.score) })
        hasher.combine(rating.map { Int64($0.scale) })
        hasher.combine(rating?.comment)
        hasher.combine(rating?.createdAt)
        for link in links {
            hasher.combine(link.kind.rawValue)
            hasher.combine(link.id)
        }
    }
}

extension Entry {
    fileprivate func hash(into hasher: inout StableHasher) {
        hasher.combine(id)
        hasher.combine(kind.type)
        if case .event(let event) = kind { hasher.combine(event.rawValue) }
        hasher.combine(author)
        hasher.combine(createdAt)
        for text in [session, replyTo, text, html, channel?.rawValue, field] { hasher.combine(text) }
        hasher.combine(editedAt)
        hasher.combine(redacted)
        if let email {
            for text in [email.messageID, email.subject, email.from] { hasher.combine(text) }
            hasher.combine(email.to)
            hasher.combine(email.cc)
        }
        hasher.combine(from)
        hasher.combine(to)
        for file in attachments {
            for text in [file.id, file.name, file.contentType, file.url, file.sha256, file.contentID] {
                hasher.combine(text)
            }
            hasher.combine(file.size)
            hasher.combine(file.inline)
        }
        hasher.combine(extras)
    }
}
