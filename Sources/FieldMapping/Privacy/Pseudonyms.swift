import CCrypto

/// Names and addresses that stand for people: the same person always gets the same, and only the key leads back.
///
/// HMAC with SHA-256 (<https://www.rfc-editor.org/rfc/rfc2104>) over what is replaced. Addresses end in a domain that
/// no mail can reach (<https://www.rfc-editor.org/rfc/rfc2606>).
struct Pseudonyms: Sendable {
    static let domain = "@pseudonym.invalid"
    /// Bytes that a key has at least.
    static let shortestKey = 16

    private let key: [UInt8]

    init(key: [UInt8]) { self.key = key }

    func digest(_ domain: String, _ value: String) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        let bytes = Array((domain + "\u{0}" + value).utf8)
        _ = deskferry_hmac_sha256(key, key.count, bytes, bytes.count, &digest)
        return digest
    }

    private func token(_ domain: String, _ value: String, _ count: Int) -> String {
        Array(digest(domain, value).prefix(count)).hex
    }

    func isPseudonym(_ address: String) -> Bool { address.hasSuffix(Self.domain) }

    func email(_ address: String) -> String {
        isPseudonym(address) ? address : "p-" + token("email", trimmed(address).lowercased(), 8) + Self.domain
    }

    /// `Person 7F3A9C01`, by the person's id, or else by what is known of the person.
    func name(_ person: String) -> String { "Person " + token("person", person, 4).uppercased() }

    func externalID(_ id: String) -> String { token("external", id, 8) }

    /// A number under +999, which no country has.
    ///
    /// Source: <https://www.itu.int/pub/T-SP-E.164D>.
    func phone(_ number: String) -> String {
        let digits = number.utf8.filter { $0 &- 0x30 < 10 }
        let value = digest("phone", String(decoding: digits, as: UTF8.self)).prefix(8)
            .reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let text = String(value % 10_000_000_000)
        return "+999" + String(repeating: "0", count: 10 - text.count) + text
    }
}
