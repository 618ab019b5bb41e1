internal import CArchive
internal import Diagnostics

/// Packed bytes in memory: gzip and base64, as exports hold the content of files in rows.
public enum Packing {
    /// Unpacks one gzip stream.
    ///
    /// - Parameters:
    ///   - bytes: The stream.
    ///   - limit: Bytes beyond which it is not believed.
    ///   - body: Takes what comes out, in order.
    /// - Returns: Whether the stream is whole and within the limit.
    /// - Throws: What `body` throws.
    public static func inflate(
        _ bytes: [UInt8], limit: Int, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> Bool {
        guard bytes.starts(with: [0x1F, 0x8B, 8]) else { return false }
        // libarchive takes a stream of nothing for no stream; checksum and length at its end say that it is one.
        if bytes.count >= 18, bytes.suffix(8).allSatisfy({ $0 == 0 }) { return true }
        guard let handle = archive_read_new() else { return false }
        defer { archive_read_free(handle) }
        archive_read_support_filter_gzip(handle)
        archive_read_support_format_raw(handle)
        return try bytes.withUnsafeBytes { packed -> Bool in
            var entry: OpaquePointer?
            guard archive_read_open_memory(handle, packed.baseAddress, packed.count) == ARCHIVE_OK else { return false }
            guard archive_read_next_header(handle, &entry) == ARCHIVE_OK else { return false }
            var produced = 0
            while true {
                var start: UnsafeRawPointer?
                var size = 0
                var offset: Int64 = 0
                switch archive_read_data_block(handle, &start, &size, &offset) {
                case ARCHIVE_OK:
                    produced += size
                    guard produced <= limit else { return false }
                    try body(UnsafeRawBufferPointer(start: start, count: size))
                case ARCHIVE_RETRY: continue
                case ARCHIVE_EOF: return true
                default: return false
                }
            }
        }
    }

    /// Packs bytes into a gzip stream without making them smaller, piece by piece and with no memory to speak of.
    public struct StoredGzip: Sendable {
        private var checksum: UInt32 = 0xFFFF_FFFF
        private var count: UInt32 = 0

        /// Begins a stream.
        public init() {}

        /// What stands before the first piece.
        public static let head: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]

        /// The next piece of at most 65,535 bytes.
        public mutating func block(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
            for byte in bytes {
                checksum = Self.table[Int((checksum ^ UInt32(byte)) & 0xFF)] ^ (checksum >> 8)
            }
            count &+= UInt32(truncatingIfNeeded: bytes.count)
            let length = UInt16(truncatingIfNeeded: bytes.count)
            return [0, UInt8(length & 0xFF), UInt8(length >> 8), UInt8(~length & 0xFF), UInt8(~length >> 8)]
                + Array(bytes)
        }

        /// What stands behind the last piece.
        public func tail() -> [UInt8] {
            let end: [UInt8] = [1, 0, 0, 0xFF, 0xFF]
            return end + Self.bytes(checksum ^ 0xFFFF_FFFF) + Self.bytes(count)
        }

        private static func bytes(_ word: UInt32) -> [UInt8] {
            (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * UInt32($0))) }
        }

        private static let table: [UInt32] = (0..<256).map { index in
            (0..<8).reduce(UInt32(index)) { word, _ in word & 1 == 1 ? 0xEDB8_8320 ^ (word >> 1) : word >> 1 }
        }
    }

    /// Bytes that a base64 text stands for; white space is passed over, `nil` for anything else that is no base64.
    public static func base64(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var word: UInt32 = 0
        var filled = 0
        var padding = 0
        for letter in text {
            if Byte.isBlank(letter) { continue }
            if letter == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            guard padding == 0, let value = value(letter) else { return nil }
            word = word << 6 | UInt32(value)
            filled += 1
            if filled == 4 {
                bytes.append(UInt8(truncatingIfNeeded: word >> 16))
                bytes.append(UInt8(truncatingIfNeeded: word >> 8))
                bytes.append(UInt8(truncatingIfNeeded: word))
                (word, filled) = (0, 0)
            }
        }
        switch filled {
        case 0: break
        case 2: bytes.append(UInt8(truncatingIfNeeded: word >> 4))
        case 3:
            bytes.append(UInt8(truncatingIfNeeded: word >> 10))
            bytes.append(UInt8(truncatingIfNeeded: word >> 2))
        default: return nil
        }
        return bytes
    }

    private static func value(_ letter: UInt8) -> UInt8? {
        switch letter {
        case 0x41...0x5A: letter - 0x41
        case 0x61...0x7A: letter - 0x61 + 26
        case 0x30...0x39: letter - 0x30 + 52
        case 0x2B: 62
        case 0x2F: 63
        default: nil
        }
    }

    /// The base64 text of bytes.
    public static func base64(of bytes: ArraySlice<UInt8>) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var at = bytes.startIndex
        while at < bytes.endIndex {
            let count = min(3, bytes.endIndex - at)
            var word = UInt32(bytes[at]) << 16
            if count > 1 { word |= UInt32(bytes[at + 1]) << 8 }
            if count > 2 { word |= UInt32(bytes[at + 2]) }
            for place in 0..<4 {
                text.append(
                    place <= count ? letters[Int(word >> (18 - 6 * UInt32(place))) & 63] : UInt8(ascii: "="))
            }
            at += count
        }
        return String(decoding: text, as: UTF8.self)
    }
}
