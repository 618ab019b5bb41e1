/// Immutable bytes with at least ``padding`` readable bytes behind their end, for parsers that read ahead.
public final class PaddedBytes: @unchecked Sendable {  // owns C memory that nobody changes once this object exists
    /// Readable bytes behind the end.
    public static let padding = 64

    /// Bytes that count.
    public let count: Int
    private let base: UnsafeMutablePointer<UInt8>

    /// Takes over memory from `ByteMemory.allocate` with `padding` bytes of room behind `count`.
    init(adopting base: UnsafeMutablePointer<UInt8>, count: Int) {
        self.base = base
        self.count = count
    }

    /// Copies bytes behind padding.
    public convenience init(copying bytes: UnsafeBufferPointer<UInt8>) {
        let base = ByteMemory.allocate(bytes.count)
        if let source = bytes.baseAddress { base.update(from: source, count: bytes.count) }
        (base + bytes.count).update(repeating: 0, count: Self.padding)
        self.init(adopting: base, count: bytes.count)
    }

    deinit { base.deallocate() }

    /// Lends the bytes for the time of the call.
    public func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        try body(UnsafeBufferPointer(start: base, count: count))
    }

    /// The text of a record, for people and tests; the hot path uses ``withBytes(_:)``.
    public func text(_ span: RecordSpan) -> String {
        withBytes { String(decoding: $0[span.offset..<(span.offset + span.count)], as: UTF8.self) }
    }

    /// All of the text.
    public var text: String { withBytes { String(decoding: $0, as: UTF8.self) } }
}

/// Memory that always has room for the padding behind what was asked for.
enum ByteMemory {
    static func allocate(_ count: Int) -> UnsafeMutablePointer<UInt8> {
        .allocate(capacity: count + PaddedBytes.padding)
    }
}
