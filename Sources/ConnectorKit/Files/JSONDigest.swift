/// A hash of JSON text in which the order of an object's members does not count; everything else does, byte by byte.
///
/// The text is JSON as this program writes it, without blanks between tokens; of any other text it is a hash all the same.
struct JSONDigest {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var at = 0
    private static let deepest = 200

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    func finish() -> UInt64 {
        var copy = self
        let digest = copy.value(depth: 0)
        guard copy.at < bytes.count else { return digest }
        return Self.join(digest, copy.scalar(to: bytes.count))
    }

    private mutating func value(depth: Int) -> UInt64 {
        guard at < bytes.count else { return 0 }
        switch bytes[at] {
        case UInt8(ascii: "{") where depth < Self.deepest: return object(depth: depth + 1)
        case UInt8(ascii: "[") where depth < Self.deepest: return array(depth: depth + 1)
        case UInt8(ascii: "\""): return string()
        default:
            var end = at
            while end < bytes.count, !Self.endsScalar(bytes[end]) { end += 1 }
            return scalar(to: max(end, at + 1))
        }
    }

    /// The members' hashes are added up, so that no order of them is another.
    private mutating func object(depth: Int) -> UInt64 {
        var sum: UInt64 = 0x6F62_6A65_6374_0001
        at += 1
        while at < bytes.count, bytes[at] != UInt8(ascii: "}") {
            let key = value(depth: depth)
            if at < bytes.count, bytes[at] == UInt8(ascii: ":") { at += 1 }
            sum &+= Self.join(key, value(depth: depth))
            if at < bytes.count, bytes[at] == UInt8(ascii: ",") { at += 1 }
        }
        at += 1
        return sum
    }

    private mutating func array(depth: Int) -> UInt64 {
        var digest: UInt64 = 0x6172_7261_7900_0002
        at += 1
        while at < bytes.count, bytes[at] != UInt8(ascii: "]") {
            digest = Self.join(digest, value(depth: depth))
            if at < bytes.count, bytes[at] == UInt8(ascii: ",") { at += 1 }
        }
        at += 1
        return digest
    }

    private mutating func string() -> UInt64 {
        var end = at + 1
        while end < bytes.count, bytes[end] != UInt8(ascii: "\"") { end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1 }
        return scalar(to: min(end + 1, bytes.count))
    }

    private mutating func scalar(to end: Int) -> UInt64 {
        defer { at = end }
        return StableHash.ofContent(UnsafeBufferPointer(rebasing: bytes[at..<end]))
    }

    private static func endsScalar(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: ":")
    }

    private static func join(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let (high, low) = (a ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: b ^ 0xBF58_476D_1CE4_E5B9)
        return (high ^ low) &+ (a << 7 | a >> 57)
    }
}
