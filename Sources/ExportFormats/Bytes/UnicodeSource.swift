internal import Diagnostics

/// Text as UTF-8: drops a byte order mark and converts UTF-16 on the way; other bytes pass untouched.
final class UnicodeSource: ByteSource {
    private let inner: any ByteSource
    private let name: String
    /// Bytes of a mark that readers must add to their places.
    let markBytes: Int
    let encoding: TextEncoding
    private var pending: [UInt8]
    private var pendingAt = 0
    private var isAtEnd = false
    private var consumed = 0
    private var highSurrogate: UInt32 = 0
    var position: Int { inner.position }

    init(_ inner: any ByteSource, name: String) throws {
        self.inner = inner
        self.name = name
        var first: [UInt8] = []
        while first.count < 4 {
            let missing = 4 - first.count
            let more = try [UInt8](unsafeUninitializedCapacity: missing) { buffer, count in
                count = try inner.read(
                    into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<missing]))
            }
            guard !more.isEmpty else { break }
            first += more
        }
        (encoding, markBytes) = TextEncoding.detect(first)
        pending = Array(first.dropFirst(markBytes))
        if encoding != .utf8 {
            let raw = pending
            pending = []
            convert(raw[...])
        }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        if pendingAt < pending.count { return takePending(buffer) }
        guard encoding != .utf8 else { return try inner.read(into: buffer) }
        while pendingAt >= pending.count {
            guard !isAtEnd else { return 0 }
            pending.removeAll(keepingCapacity: true)
            pendingAt = 0
            let raw = try [UInt8](unsafeUninitializedCapacity: 1 << 16) { raw, count in
                count = try inner.read(into: UnsafeMutableRawBufferPointer(raw))
            }
            if raw.isEmpty {
                isAtEnd = true
                if !odd.isEmpty || highSurrogate != 0 { put(0xFFFD) }
            } else {
                convert(raw[...])
            }
        }
        return takePending(buffer)
    }

    private func takePending(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, pending.count - pendingAt)
        buffer.copyBytes(from: pending[pendingAt..<(pendingAt + count)])
        pendingAt += count
        return count
    }

    /// The first byte of a unit whose second has not arrived.
    private var odd: [UInt8] = []

    private func convert(_ raw: ArraySlice<UInt8>) {
        var raw = raw
        if let first = odd.first, let second = raw.first {
            odd = []
            unit(first, second)
            raw = raw.dropFirst()
        }
        var at = raw.startIndex
        while at + 1 < raw.endIndex {
            unit(raw[at], raw[at + 1])
            at += 2
        }
        if at < raw.endIndex { odd = [raw[at]] }
    }

    private func unit(_ first: UInt8, _ second: UInt8) {
        let value =
            encoding == .utf16LittleEndian ? UInt32(second) << 8 | UInt32(first) : UInt32(first) << 8 | UInt32(second)
        switch value {
        case 0xD800..<0xDC00:
            if highSurrogate != 0 { put(0xFFFD) }
            highSurrogate = value
        case 0xDC00..<0xE000:
            put(highSurrogate == 0 ? 0xFFFD : 0x10000 + (highSurrogate - 0xD800) << 10 + (value - 0xDC00))
            highSurrogate = 0
        default:
            if highSurrogate != 0 {
                put(0xFFFD)
                highSurrogate = 0
            }
            put(value)
        }
    }

    private func put(_ scalar: UInt32) {
        switch scalar {
        case ..<0x80: pending.append(UInt8(scalar))
        case ..<0x800: pending += [UInt8(0xC0 | scalar >> 6), tail(scalar)]
        case ..<0x10000: pending += [UInt8(0xE0 | scalar >> 12), tail(scalar >> 6), tail(scalar)]
        default: pending += [UInt8(0xF0 | scalar >> 18), tail(scalar >> 12), tail(scalar >> 6), tail(scalar)]
        }
    }

    private func tail(_ bits: UInt32) -> UInt8 { UInt8(0x80 | bits & 0x3F) }
}

/// How the bytes of a text file stand for characters, as far as its first bytes tell.
public enum TextEncoding: String, Sendable {
    /// UTF-8, with or without mark; also assumed where nothing is known.
    case utf8 = "UTF-8"
    /// UTF-16, low byte first.
    case utf16LittleEndian = "UTF-16LE"
    /// UTF-16, high byte first.
    case utf16BigEndian = "UTF-16BE"

    /// Reads a byte order mark, or the zero bytes ASCII leaves in UTF-16 without one.
    static func detect(_ first: [UInt8]) -> (encoding: TextEncoding, markBytes: Int) {
        if first.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
        if first.starts(with: [0xFF, 0xFE]) { return (.utf16LittleEndian, 2) }
        if first.starts(with: [0xFE, 0xFF]) { return (.utf16BigEndian, 2) }
        guard first.count >= 4 else { return (.utf8, 0) }
        switch (first[0] == 0, first[1] == 0, first[2] == 0, first[3] == 0) {
        case (false, true, false, true): return (.utf16LittleEndian, 0)
        case (true, false, true, false): return (.utf16BigEndian, 0)
        default: return (.utf8, 0)
        }
    }
}
