/// What a platform can hold beyond what its bindings already say.
///
/// Which properties, values and precisions fit follows from the bindings; here stand limits and conventions.
public struct Capabilities: Sendable {
    /// In which form a platform keeps what people wrote.
    public enum Body: Sendable {
        /// HTML; plain text is turned into it.
        case html
        /// Plain text; HTML is turned into it.
        case text
        /// Either or both.
        case both
    }

    /// Form of messages and notes.
    public var body: Body
    /// Whether the first message must lead the timeline and is as old as the conversation.
    public var firstMessageLeads: Bool
    /// Whether authors are ids of people records and nothing else.
    public var authorsAreIDs: Bool
    /// Id by which the platform itself acts, where authors are ids.
    public var systemAuthor: String?
    /// Entries that one conversation can hold.
    public var entryLimit: Int?
    /// Bytes of a body that the platform keeps when it imports one; `nil` also where the binding cuts it already.
    public var bodyLimit: Int?
    /// Files of one entry.
    public var attachmentLimit: Int?
    /// Characters of a subject.
    public var subjectLimit: Int?
    /// The best mark of a rating.
    public var ratingScale: Int?
    /// Facts about the platform that a person should know, for README and `connectors`.
    public var notes: [String]

    /// Creates a profile; every connector says every line.
    public init(
        body: Body, firstMessageLeads: Bool, authorsAreIDs: Bool, systemAuthor: String?, entryLimit: Int?,
        bodyLimit: Int?, attachmentLimit: Int?, subjectLimit: Int?, ratingScale: Int?, notes: [String]
    ) {
        self.body = body
        self.firstMessageLeads = firstMessageLeads
        self.authorsAreIDs = authorsAreIDs
        self.systemAuthor = systemAuthor
        self.entryLimit = entryLimit
        self.bodyLimit = bodyLimit
        self.attachmentLimit = attachmentLimit
        self.subjectLimit = subjectLimit
        self.ratingScale = ratingScale
        self.notes = notes
    }

    /// A platform that holds all that the neutral model holds.
    public static let everything = Capabilities(
        body: .both, firstMessageLeads: false, authorsAreIDs: false, systemAuthor: nil, entryLimit: nil, bodyLimit: nil,
        attachmentLimit: nil, subjectLimit: nil, ratingScale: nil, notes: [])
}
