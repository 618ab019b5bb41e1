internal import ConversationModel

/// People that only other records name, each once, in the order in which they were met.
struct SightedPeople {
    /// As the source knows them; the mapping is still to come.
    private(set) var records: [NeutralRecord] = []
    /// As the destination is to know them.
    private(set) var placeholders: [NeutralRecord] = []
    private var known: Set<String> = []
    private var needed: Set<String> = []

    /// Adds those that a batch named.
    mutating func add(_ output: PassOutput) {
        add(people: output.people)
        for record in output.placeholders where needed.insert(Self.key(record)).inserted {
            placeholders.append(record)
        }
    }

    /// Adds people of the source.
    mutating func add(people: [NeutralRecord]) {
        for record in people where known.insert(Self.key(record)).inserted { records.append(record) }
    }

    /// Whether the source names a person of this kind and id.
    func names(_ record: NeutralRecord) -> Bool { known.contains(Self.key(record)) }

    private static func key(_ record: NeutralRecord) -> String { record.entity.rawValue + "/" + record.id }
}
