internal import ConnectorKit
internal import ConversationModel
internal import Diagnostics

/// Puts written records aside and gives them out by rank; records lie on disk, 24 bytes a record in memory.
final class OrderedSpool {
    private struct Slot {
        let rank: (UInt8, Int64)
        let number: Int
    }

    private let builder: KeyedStaging.Builder
    private var slots: [Slot] = []

    init() throws { builder = try KeyedStaging.Builder() }

    /// Puts an item aside with its bytes.
    func append(_ item: PassItem, _ bytes: UnsafeBufferPointer<UInt8>) throws {
        var writer = ByteWriter()
        writer.put(item, bytes)
        try writer.bytes.withUnsafeBufferPointer { try builder.append($0, keys: [UInt64(slots.count)]) }
        slots.append(Slot(rank: item.rank, number: slots.count))
    }

    /// Gives all items out, the lowest rank first; equal ranks in the order in which they came.
    func drain(_ body: (PassItem, UnsafeBufferPointer<UInt8>) throws -> Void) throws {
        let staging = try builder.finish()
        slots.sort { ($0.rank.0, $0.rank.1, $0.number) < ($1.rank.0, $1.rank.1, $1.number) }
        for slot in slots {
            guard let stored = staging.items(UInt64(slot.number)).first else { continue }
            var reader = ByteReader(staging.payload(stored))
            guard let (item, bytes) = reader.item() else {
                throw MigrationError(
                    "internal/scratch", recovery: .stopRun, summary: "a record that was put aside cannot be read back")
            }
            try bytes.withUnsafeBufferPointer { try body(item, $0) }
        }
    }
}

/// Writes items for ``OrderedSpool``, little end first.
private struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func put<Number: FixedWidthInteger>(_ number: Number) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func put(_ text: String) {
        put(UInt32(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    mutating func put(_ item: PassItem, _ content: UnsafeBufferPointer<UInt8>) {
        put(item.entity.rawValue)
        put(item.id)
        put(item.idHash)
        put(item.contentHash)
        put(item.head)
        put(item.entryCount)
        put(item.rank.0)
        put(item.rank.1)
        put(UInt32(item.parts.count))
        for part in item.parts { put(part) }
        put(UInt32(item.pieces.count))
        for piece in item.pieces {
            put(piece.export)
            put(UInt32(piece.range.count))
            bytes.append(contentsOf: content[piece.range])
        }
    }
}

private struct ByteReader {
    private let bytes: [UInt8]
    private var at = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private mutating func number<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) -> Number? {
        let size = MemoryLayout<Number>.size
        guard at + size <= bytes.count else { return nil }
        defer { at += size }
        return bytes.withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: at, as: Number.self)) }
    }

    private mutating func run() -> ArraySlice<UInt8>? {
        guard let count = number(UInt32.self), at + Int(count) <= bytes.count else { return nil }
        defer { at += Int(count) }
        return bytes[at..<(at + Int(count))]
    }

    private mutating func text() -> String? { run().map { String(decoding: $0, as: UTF8.self) } }

    mutating func item() -> (PassItem, [UInt8])? {
        guard let entity = text().flatMap(Entity.init(rawValue:)), let id = text(), let idHash = number(UInt64.self),
            let contentHash = number(UInt64.self), let head = number(UInt128.self), let entries = number(Int.self),
            let group = number(UInt8.self), let time = number(Int64.self), let partCount = number(UInt32.self)
        else { return nil }
        var parts: [UInt64] = []
        for _ in 0..<partCount {
            guard let part = number(UInt64.self) else { return nil }
            parts.append(part)
        }
        guard let pieceCount = number(UInt32.self) else { return nil }
        var content: [UInt8] = []
        var pieces: [EncodedPiece] = []
        for _ in 0..<pieceCount {
            guard let export = number(Int.self), let run = run() else { return nil }
            pieces.append(EncodedPiece(export: export, range: content.count..<(content.count + run.count)))
            content += run
        }
        let item = PassItem(
            entity: entity, id: id, idHash: idHash, contentHash: contentHash, place: .nowhere, fate: .write,
            pieces: pieces, head: head, parts: parts, entryCount: entries, rank: (group, time))
        return (item, content)
    }
}
