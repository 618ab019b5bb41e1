/// Why a conversation was picked for the rehearsal.
public enum PickReason: String, Sendable, CaseIterable {
    /// It has the most entries.
    case longest
    /// Somebody wrote in it whom no record describes any more.
    case deletedAuthor = "deleted_author"
    /// Somebody in copy answered.
    case copyReplies = "copy_replies"
    /// It has the most attachments.
    case attachments
    /// It is the oldest.
    case oldest
    /// Its text is oddly encoded: replacement characters, mixed directions, joined emoji, control characters.
    case encoding
    /// Two people of the source become one.
    case mergedPeople = "merged_people"
    /// It loses the most.
    case losses
    /// It has the most sessions.
    case sessions
    /// It has the longest text.
    case longText = "long_text"
    /// One of those evenly spread over all.
    case spread
}

/// A conversation as it is in the source, and as it will be in the destination.
public struct ThreadPair: Sendable, Equatable {
    /// Its id at the source.
    public let id: String
    /// Why it was picked, with the measure.
    public var reasons: [PickedFor]
    /// As it is in the source.
    public let before: ThreadView
    /// As it will be in the destination; `nil` when it is left out.
    public let after: ThreadView?
    /// Fields that do not arrive as they were.
    public let changes: [FieldChange]
    /// For each pair of entries: positions before and after.
    public let pairs: [EntryPair]

    /// Why it was picked.
    public struct PickedFor: Sendable, Equatable {
        /// The reason.
        public let reason: PickReason
        /// How much of it: entries, attachments, losses; 0 when it says nothing.
        public let measure: Int

        /// Creates a reason.
        public init(_ reason: PickReason, _ measure: Int) {
            self.reason = reason
            self.measure = measure
        }
    }

    /// Two entries that are one: positions in ``before`` and ``after``.
    public struct EntryPair: Sendable, Equatable {
        /// Position before; `nil` when the destination adds the entry.
        public let before: Int?
        /// Position after; `nil` when the entry does not arrive.
        public let after: Int?
        /// Paths of what differs.
        public let fields: [String]
    }
}

/// A conversation, cut to what a viewer shows.
public struct ThreadView: Sendable, Equatable {
    /// Subject.
    public var subject = ""
    /// Where the platform shows it; empty when not known.
    public var url = ""
    /// Label paths and values of the head: status, requester, tags.
    public var head: [HeadValue] = []
    /// Sessions.
    public var sessions: [SessionView] = []
    /// Entries that are kept.
    public var entries: [EntryView] = []
    /// Entries in all.
    public var entriesInAll = 0
    /// Attachments in all, those of entries that are not kept too.
    public var attachmentsInAll = 0

    /// A value of the head.
    public struct HeadValue: Sendable, Equatable {
        /// Path in the model.
        public let field: String
        /// The value in one line.
        public let value: String
    }

    /// A session.
    public struct SessionView: Sendable, Equatable {
        /// Its id.
        public let id: String
        /// When it began, ISO 8601.
        public let startedAt: String
        /// When it ended.
        public let endedAt: String
        /// `live` or `offline`; empty when not known.
        public let kind: String
    }

    /// An entry.
    public struct EntryView: Sendable, Equatable {
        /// Its id.
        public let id: String
        /// `message`, `note` or `event`.
        public let type: String
        /// What an event reports.
        public let event: String
        /// `contact`, `agent`, `bot` or `system`.
        public let authorKind: String
        /// Name, or what else identifies the author.
        public let author: String
        /// When, ISO 8601.
        public let createdAt: String
        /// Id of its session.
        public let session: String
        /// What was written, as a person reads it; the beginning of a very long text.
        public let text: String
        /// Whether the text goes on.
        public let isCut: Bool
        /// Whether the platform keeps it as HTML.
        public let isHTML: Bool
        /// Value before and after, for events.
        public let from: String
        /// Value after.
        public let to: String
        /// Files.
        public let attachments: [FileView]
    }

    /// A file.
    public struct FileView: Sendable, Equatable {
        /// Name.
        public let name: String
        /// Media type.
        public let type: String
        /// Bytes; `nil` when not known.
        public let size: Int?
    }
}
