public import ConnectorKit
public import ConversationModel
public import Diagnostics

/// What a run did, or would do, with the records of one kind.
public struct RecordCounts: Sendable, Equatable {
    /// Records met in the source.
    public var read = 0
    /// Records written for the first time.
    public var create = 0
    /// Records of which something else than new entries changed.
    public var update = 0
    /// Conversations that only gained entries.
    public var append = 0
    /// Records that need no write.
    public var skip = 0
    /// Records written before that the source no longer has.
    public var vanished = 0
    /// Records changed on both sides.
    public var conflict = 0
    /// Records that could not be read.
    public var quarantined = 0
    /// Left out by a filter, by `--only` or by the mapping; among those read.
    public var filtered = 0
    /// Only for verification.
    public var identical = 0
    /// Only for verification.
    public var different = 0
    /// Only for verification.
    public var missing = 0
    /// Only for verification.
    public var extra = 0

    /// Creates counts of nothing.
    public init() {}

    /// Records that were, or would be, written.
    public var changes: Int { create + update + append }
}

/// A point at which the source stopped short.
public struct IncompleteStream: Sendable, Equatable {
    /// Name of the stream.
    public let stream: String
    /// What is missing, with its number.
    public let reason: String
    /// How to get the rest.
    public let remedy: String
}

/// A record that a run wrote or would write, for the list of changes.
public struct RecordChange: Sendable, Equatable {
    /// What happens to it.
    public enum Action: String, Sendable { case create, update, append, vanished, different, missing, extra }

    /// The kind of record.
    public let entity: Entity
    /// Its id.
    public let id: String
    /// What happens to it.
    public let action: Action
    /// How many entries it has, or gains.
    public let entries: Int
    /// What differs, for verification: paths of fields, no values.
    public var detail: String
}

/// Everything that a run has to say; text, JSON and reports are made from this one value.
public struct RunReport: Sendable {
    /// The command that ran.
    public var command: String
    /// One sentence.
    public var verdict = ""
    /// What the process returns.
    public var exit = ExitCode.done
    /// Id of the run, where a ledger knows it.
    public var run: String?
    /// Counts by kind of record.
    public var counts: [Entity: RecordCounts] = [:]
    /// Differences between source and destination.
    public var losses = LossTally()
    /// Records that were not read.
    public var quarantine: [RejectedRecord] = []
    /// Where the source stopped short.
    public var incomplete: [IncompleteStream] = []
    /// What else a person should see.
    public var findings: [Finding] = []
    /// What a person may want to see of single records: redactions, unresolved links.
    public var trail = TrailTally(nil)
    /// The first changes of each kind of record, for showing; the counts have all.
    public private(set) var changes: [RecordChange] = []
    private var changesByKind: [Entity: Int] = [:]
    /// For verification: the first records that differ, field by field.
    public var differences: [DifferentRecord] = []
    /// For verification: records at the destination that cannot be read back.
    public var unreadableAtDestination = 0
    /// For verification: parts of conversations as they should be and as they are, where they were counted.
    public var parts: (expected: PartCounts, found: PartCounts)?
    /// Bytes of records read, decompressed.
    public var bytesRead = 0
    /// Bytes written.
    public var bytesWritten = 0
    /// Wall time.
    public var seconds = 0.0
    /// Directory that was written; `nil` when nothing was.
    public var output: String?
    /// Hash of all records read, in order; what a saved plan is held against.
    public var sourceHash: UInt128 = 0

    /// How many changes of a kind of record are kept for showing.
    public static let changesKept = 1000

    /// Creates the report of a run that has done nothing yet.
    public init(command: String) { self.command = command }

    /// Sum over all kinds of record.
    public func total(_ count: KeyPath<RecordCounts, Int>) -> Int {
        counts.values.reduce(0) { $0 + $1[keyPath: count] }
    }

    /// Puts the names of the fields that differ into the list of changes, without their values.
    mutating func tellDifferences() {
        let places = Dictionary(
            changes.enumerated().map { ("\($0.element.entity)/\($0.element.id)", $0.offset) }
        ) { first, _ in first }
        for difference in differences {
            guard let place = places["\(difference.entity)/\(difference.id)"] else { continue }
            let names = difference.fields.prefix(4).map { field in
                (field.entry.map { "entry \($0) " } ?? "") + field.path
            }
            changes[place].detail =
                names.joined(separator: ", ") + (difference.count > 4 ? " and \(difference.count - 4) more" : "")
        }
    }

    /// Counts by kind of record as JSON on one line, for the ledger.
    var countsText: String {
        let kinds = Entity.allCases.compactMap { entity -> String? in
            guard let count = counts[entity] else { return nil }
            let members = [
                ("read", count.read), ("create", count.create), ("update", count.update), ("append", count.append),
                ("skip", count.skip), ("vanished", count.vanished), ("conflict", count.conflict),
                ("quarantined", count.quarantined), ("identical", count.identical), ("different", count.different),
                ("missing", count.missing), ("extra", count.extra),
            ]
            let text = members.filter { $0.1 > 0 }.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",")
            return "\"\(entity.plural)\":{\(text)}"
        }
        return "{" + kinds.joined(separator: ",") + "}"
    }

    /// Keeps a change for showing, where there are not many of its kind: people that only conversations name come last.
    mutating func note(_ change: RecordChange) {
        let kept = changesByKind[change.entity, default: 0]
        guard kept < Self.changesKept else { return }
        changesByKind[change.entity] = kept + 1
        changes.append(change)
    }

    /// Forgets what was counted: reading begins anew.
    mutating func restart() {
        counts = [:]
        changes = []
        changesByKind = [:]
    }
}
