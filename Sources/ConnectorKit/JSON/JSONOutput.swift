public import ConversationModel

/// A growing run of bytes that JSON is written into; reused from record to record.
///
/// Members need no bookkeeping by the caller: a comma goes before a member or element unless the byte before is an opening
/// bracket.
public struct JSONOutput: ~Copyable {
    @usableFromInline var base: UnsafeMutablePointer<UInt8>
    @usableFromInline var capacity: Int
    /// Bytes written so far.
    public private(set) var count = 0

    /// Creates an empty run.
    public init(capacity: Int = 1 << 16) {
        self.capacity = max(capacity, 64)
        base = .allocate(capacity: self.capacity)
    }

    deinit { base.deallocate() }

    /// What was written, valid until the next change.
    public var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

    /// What was written as text.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Forgets all behind a position.
    public mutating func truncate(to count: Int) { self.count = min(self.count, count) }

    @inline(__always)
    private mutating func reserve(_ more: Int) {
        if count &+ more > capacity { grow(more) }
    }

    @inline(never)
    private mutating func grow(_ more: Int) {
        capacity = max(capacity * 2, count + more)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: base, count: count)
        base.deallocate()
        base = larger
    }

    /// Appends one byte.
    @inline(__always)
    public mutating func put(_ byte: UInt8) {
        reserve(1)
        base[count] = byte
        count &+= 1
    }

    /// Appends bytes as they are.
    public mutating func put(raw bytes: UnsafeBufferPointer<UInt8>) {
        guard let source = bytes.baseAddress else { return }
        reserve(bytes.count)
        (base + count).update(from: source, count: bytes.count)
        count &+= bytes.count
    }

    /// Appends ASCII or JSON text as it is.
    public mutating func put(raw text: String) {
        var text = text
        text.withUTF8 { put(raw: $0) }
    }

    /// Appends a comma unless a bracket has just been opened or nothing stands before.
    @inline(__always)
    public mutating func separate() {
        guard count > 0 else { return }
        let last = base[count &- 1]
        if last != UInt8(ascii: "{"), last != UInt8(ascii: "["), last != UInt8(ascii: ":"), last != UInt8(ascii: "\n") {
            put(UInt8(ascii: ","))
        }
    }

    /// Appends a key that was escaped and quoted beforehand, `"key":`.
    @inline(__always)
    mutating func put(quotedKey: [UInt8]) {
        separate()
        quotedKey.withUnsafeBufferPointer { put(raw: $0) }
    }

    /// Appends a key.
    public mutating func put(key: String) {
        separate()
        put(key)
        put(UInt8(ascii: ":"))
    }

    /// Appends a string value in quotes.
    public mutating func put(_ text: String) {
        var text = text
        text.withUTF8 { put(text: $0) }
    }

    /// Appends valid UTF-8 as a string value in quotes.
    public mutating func put(text: UnsafeBufferPointer<UInt8>) {
        reserve(text.count &+ 2)
        base[count] = UInt8(ascii: "\"")
        count &+= 1
        put(escaping: text)
        put(UInt8(ascii: "\""))
    }

    /// Copies eight bytes at a time, up to the first in them that needs an escape.
    private mutating func put(escaping text: UnsafeBufferPointer<UInt8>) {
        guard let source = text.baseAddress else { return }
        let total = text.count
        var at = 0
        // What is left always fits, with a word to spare that is overwritten by what follows.
        reserve(total &+ 8)
        while at &+ 8 <= total {
            let word = UnsafeRawPointer(source + at).loadUnaligned(as: UInt64.self)
            UnsafeMutableRawPointer(base + count).storeBytes(of: word, as: UInt64.self)
            let hit = Self.escapes(word)
            let plain = hit == 0 ? 8 : hit.trailingZeroBitCount &>> 3
            at &+= plain
            count &+= plain
            if hit != 0 {
                let byte = source[at]
                at &+= 1
                if byte == 0x22 || byte == 0x5C || byte == 0x0A {
                    base[count] = 0x5C
                    base[count &+ 1] = byte == 0x0A ? UInt8(ascii: "n") : byte
                    count &+= 2
                } else {
                    putEscape(byte)
                }
                reserve(total &- at &+ 8)
            }
        }
        while at < total {
            let byte = source[at]
            if byte < 0x20 || byte == 0x22 || byte == 0x5C {
                putEscape(byte)
                reserve(total &- at)
            } else {
                base[count] = byte
                count &+= 1
            }
            at &+= 1
        }
    }

    /// The high bit of each byte that needs an escape, true up to the first one: the classic "has a byte below / equal".
    @inline(__always)
    private static func escapes(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        let quote = word ^ (ones &* 0x22)
        let slash = word ^ (ones &* 0x5C)
        let control = (word &- (ones &* 0x20)) & ~word
        return (((quote &- ones) & ~quote) | ((slash &- ones) & ~slash) | control) & highs
    }

    private mutating func putEscape(_ byte: UInt8) {
        reserve(6)
        let short: UInt8? =
            switch byte {
            case 0x22: 0x22
            case 0x5C: 0x5C
            case 0x0A: UInt8(ascii: "n")
            case 0x0D: UInt8(ascii: "r")
            case 0x09: UInt8(ascii: "t")
            case 0x08: UInt8(ascii: "b")
            case 0x0C: UInt8(ascii: "f")
            default: nil
            }
        put(UInt8(ascii: "\\"))
        if let short {
            put(short)
        } else {
            put(raw: "u00")
            put(Self.hexDigit(byte >> 4))
            put(Self.hexDigit(byte & 15))
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    /// Appends an integer.
    public mutating func put(_ value: Int64) {
        reserve(20)
        count &+= Self.write(value, to: base + count, Self.width(of: value))
    }

    /// Bytes that an integer takes as text.
    @inline(__always)
    private static func width(of value: Int64) -> Int {
        let magnitude = value.magnitude
        var digits = 1
        var power: UInt64 = 10
        while digits < 19, magnitude >= power {
            digits &+= 1
            power &*= 10
        }
        return digits &+ (value < 0 ? 1 : 0)
    }

    @inline(__always)
    private static func write(_ value: Int64, to base: UnsafeMutablePointer<UInt8>, _ width: Int) -> Int {
        var rest = value.magnitude
        var at = width
        repeat {
            at &-= 1
            base[at] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        if value < 0 { base[0] = UInt8(ascii: "-") }
        return width
    }

    /// An integer as text; the standard library's way does the same for every width and radix, and takes longer.
    static func text(of value: Int64) -> String {
        let width = width(of: value)
        return String(unsafeUninitializedCapacity: width) { bytes in
            bytes.baseAddress.map { write(value, to: $0, width) } ?? 0
        }
    }

    /// Appends `true` or `false`.
    public mutating func put(_ value: Bool) { put(raw: value ? "true" : "false") }

    /// Appends `null`.
    public mutating func putNull() { put(raw: "null") }

    /// Appends an instant in quotes; a blank instead of `T` and no `Z` when asked.
    public mutating func put(_ instant: Instant, separator: UInt8 = UInt8(ascii: "T"), zone: Bool = true) {
        reserve(34)
        put(UInt8(ascii: "\""))
        count &+= instant.write(
            into: UnsafeMutableBufferPointer(start: base + count, count: 32), separator: separator, zone: zone)
        put(UInt8(ascii: "\""))
    }

    /// Appends a value of any kind.
    public mutating func put(_ value: JSONValue) {
        switch value {
        case .null: putNull()
        case .bool(let value): put(value)
        case .number(let text): put(raw: text)
        case .string(let text): put(text)
        case .array(let elements):
            put(UInt8(ascii: "["))
            for element in elements {
                separate()
                put(element)
            }
            put(UInt8(ascii: "]"))
        case .object(let members):
            put(UInt8(ascii: "{"))
            for member in members {
                put(key: member.key)
                put(member.value)
            }
            put(UInt8(ascii: "}"))
        }
    }

    /// Appends a value from a tape.
    public mutating func put(_ view: JSONView) {
        switch view.kind {
        case .null: putNull()
        case .true: put(true)
        case .false: put(false)
        case .string: put(text: view.bytes)
        case .int: put(view.int)
        case .unsigned, .double: put(raw: view.scalarText ?? "0")
        case .array:
            put(UInt8(ascii: "["))
            view.forEachElement { element in
                separate()
                put(element)
            }
            put(UInt8(ascii: "]"))
        case .object:
            put(UInt8(ascii: "{"))
            view.forEachMember { key, value in
                separate()
                put(text: key)
                put(UInt8(ascii: ":"))
                put(value)
                return true
            }
            put(UInt8(ascii: "}"))
        }
    }

    /// The shortest text that reads back as the same number; whole numbers without a fraction where that is exact.
    static func text(of value: Double) -> String {
        guard value.isFinite else { return "null" }
        return value.description
    }
}
