public import ConversationModel
public import SyncEngine

/// One field of a record that does not arrive as it was.
public struct FieldChange: Sendable, Equatable {
    /// Path in the model: `status`, `timeline.text`.
    public let field: String
    /// What became of it.
    public let lossClass: LossClass
    /// How many values of the record it concerns.
    public let count: Int
    /// The value before, or the first of several.
    public let before: String?
    /// The value after.
    public let after: String?
    /// What the mapping or the destination says about it: `on_hold -> open`.
    public let detail: String

    /// Creates a change.
    public init(
        _ field: String, _ lossClass: LossClass, count: Int = 1, before: String? = nil, after: String? = nil,
        detail: String = ""
    ) {
        self.field = field
        self.lossClass = lossClass
        self.count = count
        self.before = before
        self.after = after
        self.detail = detail
    }
}

/// One record of a run: what happens to it, and what of it does not arrive as it was.
public struct ChangeRow: Sendable, Equatable {
    /// The kind of record.
    public let entity: Entity
    /// Its id at the source.
    public let id: String
    /// What happens to it.
    public var fate: RecordFate
    /// Subject or name, in one line.
    public let title: String
    /// When it was created, ISO 8601.
    public let createdAt: String
    /// Entries of a conversation.
    public let entries: Int
    /// Entries it gained since the last run.
    public var gained: Int
    /// Fields that do not arrive as they were, the gravest first.
    public let changes: [FieldChange]

    /// Creates a row.
    public init(
        entity: Entity, id: String, fate: RecordFate, title: String = "", createdAt: String = "", entries: Int = 0,
        gained: Int = 0, changes: [FieldChange] = []
    ) {
        self.entity = entity
        self.id = id
        self.fate = fate
        self.title = title
        self.createdAt = createdAt
        self.entries = entries
        self.gained = gained
        self.changes = changes
    }

    /// The gravest of its losses.
    public var worst: LossClass? { changes.map(\.lossClass).max() }
}

/// Records with their changes, as many as a report holds.
public struct ChangeList: Sendable {
    /// The records that are shown, in the order of the run.
    public var rows: [ChangeRow]
    /// How many there are in all.
    public var total: Int
    /// Name of the file beside the report that holds all of them.
    public var fileName: String

    /// Creates a list.
    public init(rows: [ChangeRow], total: Int, fileName: String) {
        self.rows = rows
        self.total = total
        self.fileName = fileName
    }
}
