internal import Diagnostics
internal import Foundation

/// Payloads kept on disk and given out by key: what belongs together but stands apart in an export.
///
/// ```
/// data     [length u32][payload] …           in the order in which they came
/// index    [key hash u64][place u64] …        sorted, so that a key's payloads lie side by side
/// ```
/// Memory stays flat: every 128th hash of the index, and one bit a payload for those that were taken. Two keys with the
/// same hash are told apart by the caller, who keeps the key in the payload.
public final class KeyedStaging: @unchecked Sendable {  // written by one builder only; read by position afterwards
    /// One payload, by its place among all.
    public struct Item: Sendable, Hashable {
        /// Number of the payload, from 0, in the order in which they came.
        public let number: Int
        let offset: UInt64
    }

    struct Slot {
        let hash: UInt64
        /// Where the payload stands in the data.
        let offset: UInt64
        let number: UInt64
        static let bytes = 24
        static let block = 128
    }

    private let data: ScratchBytes
    private let index: ScratchBytes
    private let slots: Int
    /// Hash of every 128th slot.
    private let sparse: [UInt64]
    /// How many payloads there are.
    public let count: Int

    fileprivate init(data: ScratchBytes, index: ScratchBytes, slots: Int, sparse: [UInt64], count: Int) {
        self.data = data
        self.index = index
        self.slots = slots
        self.sparse = sparse
        self.count = count
    }

    /// The payloads that were filed under a key, in the order in which they came.
    public func items(_ hash: UInt64) -> [Item] {
        guard slots > 0 else { return [] }
        var low = 0
        var high = sparse.count
        while low < high {
            let middle = (low + high) / 2
            if sparse[middle] < hash { low = middle + 1 } else { high = middle }
        }
        // The first slot of the hash may stand in the block before the first block that begins with it.
        var block = max(0, low - 1)
        var items: [Item] = []
        while block < sparse.count, sparse[block] <= hash {
            let first = block * Slot.block
            let number = min(Slot.block, slots - first)
            let bytes = index.read(at: UInt64(first * Slot.bytes), count: number * Slot.bytes)
            bytes.withUnsafeBytes { bytes in
                for at in stride(from: 0, to: bytes.count - Slot.bytes + 1, by: Slot.bytes) {
                    guard bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self) == hash else { continue }
                    items.append(
                        Item(
                            number: Int(bytes.loadUnaligned(fromByteOffset: at + 16, as: UInt64.self)),
                            offset: bytes.loadUnaligned(fromByteOffset: at + 8, as: UInt64.self)))
                }
            }
            block += 1
        }
        return items
    }

    /// A payload's bytes.
    public func payload(_ item: Item) -> [UInt8] { payload(at: item.offset).bytes }

    private func payload(at offset: UInt64) -> (bytes: [UInt8], next: UInt64) {
        var head = data.read(at: offset, count: 4096)
        guard head.count >= 4 else { return ([], offset + 4) }
        let length = Int(head.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) })
        let next = offset + 4 + UInt64(length)
        if head.count >= 4 + length {
            head.removeSubrange((4 + length)...)
            head.removeSubrange(..<4)
            return (head, next)
        }
        return (data.read(at: offset + 4, count: length), next)
    }

    /// Walks over all payloads in the order in which they came.
    public struct Walk {
        private let staging: KeyedStaging
        private var offset: UInt64 = 0
        private var number = 0

        /// Begins before the first payload.
        public init(_ staging: KeyedStaging) { self.staging = staging }

        /// The next payload among those that are wanted; `nil` behind the last.
        public mutating func next(where wanted: (Int) -> Bool) -> (item: Item, bytes: [UInt8])? {
            while number < staging.count {
                let item = Item(number: number, offset: offset)
                number += 1
                guard wanted(item.number) else {
                    offset += 4 + UInt64(staging.length(at: offset))
                    continue
                }
                let (bytes, next) = staging.payload(at: offset)
                offset = next
                return (item, bytes)
            }
            return nil
        }
    }

    private func length(at offset: UInt64) -> Int {
        let head = data.read(at: offset, count: 4)
        return head.count == 4 ? Int(head.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }) : 0
    }

    /// Files payloads under their keys.
    public final class Builder {
        private let data: ScratchBytes
        private let runs: ScratchBytes
        private var slots: [Slot] = []
        private var runLengths: [Int] = []
        private let slotsInMemory: Int
        private var count = 0

        /// Creates an empty builder.
        ///
        /// - Parameter slotsInMemory: How many slots of the index are sorted in memory at a time.
        /// - Throws: `scratch/unwritable`.
        public init(slotsInMemory: Int = 1 << 18) throws {
            data = try ScratchBytes()
            runs = try ScratchBytes()
            self.slotsInMemory = slotsInMemory
        }

        /// Files a payload under each of its keys; one without a key is only met by a walk.
        ///
        /// - Throws: `scratch/unwritable`.
        public func append(_ payload: UnsafeBufferPointer<UInt8>, keys: [UInt64]) throws {
            let offset = data.end
            try withUnsafeBytes(of: UInt32(payload.count)) { try data.append($0) }
            try data.append(UnsafeRawBufferPointer(payload))
            for key in keys { slots.append(Slot(hash: key, offset: offset, number: UInt64(count))) }
            count += 1
            if slots.count >= slotsInMemory { try spill() }
        }

        private func sortSlots() { slots.sort { ($0.hash, $0.number) < ($1.hash, $1.number) } }

        private func spill() throws {
            sortSlots()
            try slots.withUnsafeBytes { try runs.append($0) }
            runLengths.append(slots.count)
            slots.removeAll(keepingCapacity: true)
        }

        /// All that was filed, ready to be given out.
        ///
        /// - Throws: `scratch/unwritable`.
        public func finish() throws -> KeyedStaging {
            var merge = IndexMerge(try ScratchBytes())
            if runLengths.isEmpty {
                sortSlots()
                for slot in slots { try merge.append(slot) }
            } else {
                if !slots.isEmpty { try spill() }
                try runs.flush()
                try merge.merge(runs, runLengths)
            }
            slots = []
            try data.flush()
            try merge.index.flush()
            return KeyedStaging(
                data: data, index: merge.index, slots: merge.count, sparse: merge.sparse, count: count)
        }
    }
}

/// Merges sorted stretches of slots into one sorted index.
private struct IndexMerge {
    let index: ScratchBytes
    var sparse: [UInt64] = []
    var count = 0

    init(_ index: ScratchBytes) { self.index = index }

    mutating func append(_ slot: KeyedStaging.Slot) throws {
        if count % KeyedStaging.Slot.block == 0 { sparse.append(slot.hash) }
        count += 1
        try withUnsafeBytes(of: slot) { try index.append($0) }
    }

    /// A sorted stretch being read.
    private struct Cursor {
        var at: UInt64
        let end: UInt64
        var buffer: [UInt8] = []
        var used = 0

        mutating func next(_ runs: ScratchBytes) -> KeyedStaging.Slot? {
            if used == buffer.count {
                guard at < end else { return nil }
                buffer = runs.read(at: at, count: Int(min(24 << 10, end - at)))
                at += UInt64(buffer.count)
                used = 0
                guard !buffer.isEmpty else { return nil }
            }
            defer { used += KeyedStaging.Slot.bytes }
            return buffer.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: used, as: KeyedStaging.Slot.self) }
        }
    }

    mutating func merge(_ runs: ScratchBytes, _ lengths: [Int]) throws {
        var cursors: [Cursor] = []
        var start: UInt64 = 0
        for length in lengths {
            let end = start + UInt64(length * KeyedStaging.Slot.bytes)
            cursors.append(Cursor(at: start, end: end))
            start = end
        }
        // A heap of the heads: runs are few, slots are many.
        var heads: [(slot: KeyedStaging.Slot, run: Int)] = []
        func before(_ a: Int, _ b: Int) -> Bool {
            (heads[a].slot.hash, heads[a].slot.number) < (heads[b].slot.hash, heads[b].slot.number)
        }
        func sink(_ root: Int) {
            var at = root
            while true {
                var least = at
                for child in [2 * at + 1, 2 * at + 2] where child < heads.count && before(child, least) {
                    least = child
                }
                guard least != at else { return }
                heads.swapAt(at, least)
                at = least
            }
        }
        for run in cursors.indices {
            if let slot = cursors[run].next(runs) { heads.append((slot, run)) }
        }
        for root in stride(from: heads.count / 2, through: 0, by: -1) where root < heads.count { sink(root) }
        while let head = heads.first {
            try append(head.slot)
            if let slot = cursors[head.run].next(runs) {
                heads[0].slot = slot
            } else {
                heads.swapAt(0, heads.count - 1)
                heads.removeLast()
            }
            sink(0)
        }
    }
}

/// An unnamed file that disappears with the process.
final class ScratchBytes: @unchecked Sendable {  // appended to by one owner; read by position afterwards
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var flushed: UInt64 = 0

    /// Opens a file in TMPDIR or /tmp.
    init() throws {
        let pattern = (ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp") + "/deskferry-XXXXXX"
        var name = Array(pattern.utf8CString)
        descriptor = mkstemp(&name)
        guard descriptor >= 0 else { throw Self.fault() }
        unlink(name)
    }

    deinit { close(descriptor) }

    /// Bytes so far.
    var end: UInt64 { flushed + UInt64(buffer.count) }

    func append(_ bytes: UnsafeRawBufferPointer) throws {
        buffer.append(contentsOf: bytes)
        if buffer.count > 1 << 20 { try flush() }
    }

    /// Makes all that was appended readable.
    func flush() throws {
        var at = 0
        while at < buffer.count {
            let wrote = buffer.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress.map { $0 + at }, buffer.count - at, off_t(flushed) + off_t(at))
            }
            guard wrote > 0 else { throw Self.fault() }
            at += wrote
        }
        flushed += UInt64(buffer.count)
        buffer.removeAll(keepingCapacity: true)
    }

    /// Bytes from a place on, fewer at the end of the file.
    func read(at offset: UInt64, count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { target, filled in
            while filled < count {
                let got = pread(
                    descriptor, target.baseAddress.map { $0 + filled }, count - filled, off_t(offset) + off_t(filled))
                guard got > 0 else { return }
                filled += got
            }
        }
    }

    private static func fault() -> MigrationError {
        MigrationError(
            "scratch/unwritable", recovery: .stopRun,
            place: Place(file: ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"),
            summary: "no room for scratch files: " + String(cString: strerror(errno)),
            hint: "free some space there, or point TMPDIR at a larger disk, and run the same command again")
    }
}
