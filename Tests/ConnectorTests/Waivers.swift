/// A law that a connector cannot keep, because its platform cannot.
struct Waiver: Sendable {
    let connector: String
    let law: String
    /// Why, with the source of the platform's limit.
    let reason: String

    /// All of them; one that is no longer needed fails.
    static let all: [Waiver] = []

    static func of(_ connector: String, _ law: Law) -> Waiver? {
        all.first { $0.connector == connector && $0.law == law.name }
    }
}
