public import ConversationModel

/// One thing that a mapping did or could not do with a record and that a person may want to see; never a value.
public struct TrailRow: Sendable, Hashable {
    /// What kind of thing it is.
    public enum Kind: String, Sendable, CaseIterable {
        /// Something private was taken out of a text.
        case redacted
        /// Content of a person on the suppression list was taken out.
        case erased
        /// A link to a conversation that does not go along was left as it was.
        case unresolvedLink = "unresolved_link"
        /// A person stands more than once in the source.
        case duplicate
        /// A person's records were joined by a rule.
        case merged
    }

    /// What kind of thing it is.
    public let kind: Kind
    /// The kind of record.
    public let entity: Entity
    /// The record's id.
    public let record: String
    /// The entry's id, for what stands in a timeline.
    public let entry: String?
    /// Path of the field.
    public let field: String
    /// A word, an id or a count: `card`, the id that a link names, the record that another one was joined with.
    public let detail: String
    /// How often.
    public let count: Int

    /// Creates a row.
    public init(
        _ kind: Kind, _ entity: Entity, _ record: String, entry: String? = nil, field: String, detail: String,
        count: Int = 1
    ) {
        self.kind = kind
        self.entity = entity
        self.record = record
        self.entry = entry
        self.field = field
        self.detail = detail
        self.count = count
    }
}

/// Where a conversation was and where it is now, for links that are kept elsewhere.
public struct Redirect: Sendable, Equatable {
    /// Id at the source.
    public let id: String
    /// Number at the source; the id where the source has none.
    public let number: String
    /// Address at the source; empty when it is not known.
    public let url: String
    /// Id at the destination.
    public let newID: String
    /// Address at the destination; empty when the mapping does not say how addresses look there.
    public let newURL: String
}

/// Which conversations go along and under which id; what links are resolved with.
public protocol KnownConversations: Sendable {
    /// The destination's id of the conversation with this id at the source; `nil` when it does not go along.
    func destinationID(of id: String) -> String?
    /// The destination's id of the conversation with this number at the source.
    func destinationID(ofNumber number: String) -> String?
}
