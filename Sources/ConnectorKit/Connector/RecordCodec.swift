public import ConversationModel
internal import Diagnostics

/// Puts neutral records into bytes and takes them out again, by a platform that holds all of them.
///
/// For records that wait on disk. One object a task.
public final class RecordCodec {
    private let platform: Platform
    private let parser: JSONParser
    private let encoding = Encoding(writesExtras: false)
    private var out = JSONOutput(capacity: 1 << 16)

    /// Creates a codec.
    ///
    /// - Parameter platform: One whose records keep the extras of every other platform: the neutral bundle.
    /// - Throws: When there is no memory for a parser.
    public init(_ platform: Platform) throws {
        self.platform = platform
        parser = try JSONParser()
    }

    /// The record's JSON.
    public func encode(_ record: NeutralRecord) -> [UInt8] {
        out.truncate(to: 0)
        guard let export = platform.output(for: record), platform.coders[export].encode(record, &out, encoding) else {
            return []
        }
        return Array(out.bytes)
    }

    /// The record that some bytes stand for.
    ///
    /// - Parameters:
    ///   - bytes: What ``encode(_:)`` gave.
    ///   - entity: The kind of record.
    /// - Returns: The record.
    /// - Throws: `internal/scratch` when the bytes are none.
    public func decode(_ bytes: [UInt8], _ entity: Entity) throws -> NeutralRecord {
        var padded = bytes
        padded.append(contentsOf: repeatElement(0, count: JSONParser.padding))
        let run = Decoding(connector: platform.connector.name, keepsExtras: true, people: nil)
        do {
            let record = try padded.withUnsafeBufferPointer { buffer in
                let view = try parser.parse(UnsafeBufferPointer(rebasing: buffer[..<bytes.count]))
                return try platform.coders.first { $0.entities == [entity] }?.decode(view, run)
            }
            if let record { return record }
        } catch {
            throw MigrationError(
                "internal/scratch", recovery: .stopRun, summary: "a record that was put aside cannot be read back",
                cause: error)
        }
        throw MigrationError(
            "internal/scratch", recovery: .stopRun,
            summary: "\(platform.connector.name) has no place for a \(entity.rawValue)")
    }
}
