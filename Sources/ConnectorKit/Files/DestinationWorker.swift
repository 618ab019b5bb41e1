public import ConversationModel

/// One record of an export's file, as a stretch of a worker's output.
public struct EncodedPiece: Sendable, Hashable {
    /// Index of the export.
    public let export: Int
    /// Where the record's JSON stands.
    public let range: Range<Int>

    /// Creates a piece.
    public init(export: Int, range: Range<Int>) {
        self.export = export
        self.range = range
    }
}

/// Turns neutral records into a platform's JSON; one object a worker, used by one task at a time.
public final class DestinationWorker {
    private let platform: Platform
    private let run: Encoding
    private let projecting: Projecting
    private let splitter: RecordSplitter
    private var out = JSONOutput(capacity: 1 << 18)

    /// Creates a worker.
    ///
    /// - Parameters:
    ///   - platform: The platform that is written to.
    ///   - people: People as the destination will know them.
    ///   - takesContents: Whether the destination takes contents of files.
    public init(_ platform: Platform, people: any PeopleLookup, takesContents: Bool = false) {
        self.platform = platform
        run = Encoding(writesExtras: false)
        run.people = people
        run.writesContents = takesContents
        splitter = RecordSplitter(platform.joins, isWritten: platform.connector.exports.map { $0.output != nil })
        projecting = Projecting(capabilities: platform.connector.capabilities, people: people)
        projecting.holdsBots = platform.holdsBots
        projecting.platform = platform.connector.name
    }

    /// Cuts a record to what the platform can hold.
    ///
    /// - Parameters:
    ///   - record: The record; it becomes one of the destination, unless that keeps records as they came.
    ///   - isUnchanged: Whether the record is as it was read; one of the same platform then fits as it is.
    /// - Returns: Whether the platform has a place for such a record at all; where not, it is counted as dropped.
    public func project(_ record: inout NeutralRecord, isUnchanged: Bool = false) -> Bool {
        guard let export = platform.output(for: record) else {
            projecting.losses.add(record.entity, "record", .dropped, record: record.id)
            projecting.losses.dropRecord()
            return false
        }
        let coder = platform.coders[export]
        let isForeign = record.source.connector != platform.connector.name
        if isUnchanged, !isForeign { return true }
        projecting.isForeign = isForeign
        if !platform.keepsContents, isForeign {
            let count = record.contents.count
            if count > 0 {
                projecting.losses.add(
                    .conversation, "timeline.attachments.content", .dropped, record: record.id, count: count)
            }
        }
        coder.project(&record, projecting)
        if isForeign, !coder.bindsExtras { record.adopt(platform.connector.name) }
        return true
    }

    /// Appends a projected record's JSON, and that of records which the platform keeps apart from it.
    ///
    /// - Parameters:
    ///   - record: The record.
    ///   - bytes: Gets the JSON.
    /// - Returns: Where the records stand in `bytes` and which exports they belong to; empty when the platform has no
    ///   place for it.
    public func encode(_ record: NeutralRecord, into bytes: inout [UInt8]) -> [EncodedPiece] {
        guard let export = platform.output(for: record) else { return [] }
        run.writesExtras = record.source.connector == platform.connector.name
        out.truncate(to: 0)
        guard platform.coders[export].encode(record, &out, run) else { return [] }
        if splitter.splits(export) { return splitter.split(out.bytes, export: export, into: &bytes) }
        let start = bytes.count
        bytes.append(contentsOf: out.bytes)
        return [EncodedPiece(export: export, range: start..<bytes.count)]
    }

    /// Lets a mapping count differences of the record that is turned, so that each of its fields is counted once.
    ///
    /// - Parameter body: Gets the tally that the next ``project(_:isUnchanged:)`` goes on with.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public func counting<R, E: Error>(_ body: (inout LossTally) throws(E) -> R) throws(E) -> R {
        try body(&projecting.losses)
    }

    /// Differences counted since the last call.
    public func takeLosses() -> LossTally {
        defer { projecting.losses = LossTally() }
        return projecting.losses
    }

    /// People that the records since the last call need and that no record describes.
    public func takePlaceholders() -> [NeutralRecord] {
        defer { projecting.placeholders = [] }
        // They are no platform's own yet, so that they are cut to what the destination holds like any other record.
        return projecting.placeholders.map { NeutralRecord($0, connector: "") }
    }
}
