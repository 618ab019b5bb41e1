/// A growing run of bytes, reused from record to record, with padding behind it.
struct OutputBytes: ~Copyable {
    private(set) var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int = 1 << 16) {
        self.capacity = max(64, capacity)
        base = ByteMemory.allocate(self.capacity)
    }

    deinit { base.deallocate() }

    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

    /// Forgets what stands behind a place.
    mutating func truncate(to count: Int) { self.count = count }

    /// Makes sure of room for `more` bytes, which may then be written behind `count` before ``commit(_:)``.
    @inline(__always)
    mutating func reserve(_ more: Int) {
        if count &+ more > capacity { grow(more) }
    }

    @inline(__always)
    mutating func commit(_ count: Int) { self.count = count }

    @inline(never)
    private mutating func grow(_ more: Int) {
        capacity = max(capacity * 2, count + more)
        let larger = ByteMemory.allocate(capacity)
        larger.update(from: base, count: count)
        base.deallocate()
        base = larger
    }

    @inline(__always)
    mutating func put(_ byte: UInt8) {
        reserve(1)
        base[count] = byte
        count &+= 1
    }

    @inline(__always)
    mutating func put(_ source: UnsafePointer<UInt8>, _ length: Int) {
        guard length > 0 else { return }
        reserve(length)
        (base + count).update(from: source, count: length)
        count &+= length
    }

    mutating func put(_ source: UnsafeBufferPointer<UInt8>) {
        if let base = source.baseAddress { put(base, source.count) }
    }

    mutating func put(_ text: StaticString) { put(text.utf8Start, text.utf8CodeUnitCount) }

    mutating func put(text: String) {
        var text = text
        text.withUTF8 { put($0) }
    }

    mutating func put(scalar: UInt32) {
        reserve(4)
        switch scalar {
        case ..<0x80: put(UInt8(scalar))
        case ..<0x800:
            put(UInt8(0xC0 | scalar >> 6))
            put(UInt8(0x80 | scalar & 0x3F))
        case ..<0x10000:
            put(UInt8(0xE0 | scalar >> 12))
            put(UInt8(0x80 | scalar >> 6 & 0x3F))
            put(UInt8(0x80 | scalar & 0x3F))
        default:
            put(UInt8(0xF0 | scalar >> 18))
            put(UInt8(0x80 | scalar >> 12 & 0x3F))
            put(UInt8(0x80 | scalar >> 6 & 0x3F))
            put(UInt8(0x80 | scalar & 0x3F))
        }
    }

    /// Appends valid UTF-8 as JSON string content, without quotes.
    mutating func put(escaping source: UnsafeBufferPointer<UInt8>) {
        guard let text = source.baseAddress else { return }
        var plain = 0
        for at in 0..<source.count {
            let byte = text[at]
            guard byte < 0x20 || byte == Byte.quote || byte == Byte.backslash else { continue }
            put(text + plain, at - plain)
            plain = at + 1
            putEscape(byte)
        }
        put(text + plain, source.count - plain)
    }

    /// Appends one byte of a JSON string that may not stand for itself.
    mutating func putEscape(_ byte: UInt8) {
        put(Byte.backslash)
        switch byte {
        case Byte.quote, Byte.backslash: put(byte)
        case Byte.newline: put(UInt8(ascii: "n"))
        case Byte.carriageReturn: put(UInt8(ascii: "r"))
        case Byte.tab: put(UInt8(ascii: "t"))
        default:
            put("u00")
            put(Self.hex(byte >> 4))
            put(Self.hex(byte & 15))
        }
    }

    private static func hex(_ digit: UInt8) -> UInt8 {
        digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
    }

    /// Gives the bytes away and starts anew.
    mutating func handOver() -> PaddedBytes {
        (base + count).update(repeating: 0, count: PaddedBytes.padding)
        let bytes = PaddedBytes(adopting: base, count: count)
        capacity = max(64, min(capacity, 2 << 20))
        base = ByteMemory.allocate(capacity)
        count = 0
        return bytes
    }
}
