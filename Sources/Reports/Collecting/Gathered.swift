public import ConversationModel
public import SyncEngine

/// What a run's records add up to, beside the counts of the run itself; bounded whatever the run's size.
public struct Gathered: Sendable {
    /// Conversations by status, priority and channel before and after; an empty word for none.
    public var flows: [FlowKind: [FlowKey: Int]] = [:]
    /// Conversations by month of creation: all, and those that do not arrive.
    public var months: [String: MonthCount] = [:]
    /// People who answer, by their id at the source.
    public var people: [String: PersonUse] = [:]
    /// Teams by their id at the source, and what they become.
    public var teams: [String: (name: String, target: String?, targetName: String)] = [:]
    /// Contacts: all, those without an address, those that do not arrive.
    public var contacts = (all: 0, withoutEmail: 0, leftOut: 0)
    /// Records by kind, those left out included: what losses are a share of.
    public var records: [Entity: Int] = [:]
    /// Entries of all conversations.
    public var entries = 0
    /// Records left out, by kind and reason.
    public var leftOut: [Entity: [RecordFate: Int]] = [:]
    /// Names of custom fields by their key.
    public var fieldNames: [String: String] = [:]
    /// Records with their changes, as many as a report holds.
    public var rows: [ChangeRow] = []
    /// Records with their changes in all.
    public var rowsInAll = 0
    /// Conversations to look at: those picked for a reason first.
    public var threads: [ThreadPair] = []

    /// What a flow is about.
    public enum FlowKind: String, Sendable, CaseIterable { case status, priority, channel }

    /// A value before and after.
    public struct FlowKey: Sendable, Hashable {
        /// Before; empty for none.
        public let from: String
        /// After; empty for none.
        public let to: String
        /// Whether the conversation arrives at all.
        public let arrives: Bool
    }

    /// Conversations of a month.
    public struct MonthCount: Sendable, Equatable {
        /// All.
        public var all = 0
        /// Those that do not arrive.
        public var leftOut = 0
    }

    /// Somebody who answers, and what becomes of them.
    public struct PersonUse: Sendable, Equatable {
        /// Name at the source.
        public var name = ""
        /// Address at the source.
        public var email = ""
        /// Whether a record of their own describes them.
        public var isDescribed = false
        /// Whether it is a program.
        public var isBot = false
        /// Id at the destination; `nil` when they have no place there.
        public var target: String?
        /// Name at the destination.
        public var targetName = ""
        /// Address at the destination.
        public var targetEmail = ""
        /// Entries they wrote.
        public var messages = 0
        /// Conversations assigned to them.
        public var conversations = 0
    }

    /// Creates a value without records.
    public init() {}
}
