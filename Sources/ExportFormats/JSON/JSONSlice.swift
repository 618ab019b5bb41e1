/// A JSON value inside bytes that stay where they are: just enough of a reader for writers and sniffers.
///
/// It trusts brackets and quotes. Values cut off by the end of the bytes are handed out as far as they go.
struct JSONSlice {
    let base: UnsafePointer<UInt8>
    let start: Int
    let end: Int

    /// Blanks at both ends fall away.
    init(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) {
        self.base = base
        var from = start
        var to = end
        ByteScan.skipBlanks(base, &from, end)
        while to > from, Byte.isBlank(base[to - 1]) { to -= 1 }
        self.start = from
        self.end = to
    }

    /// Its first byte; 0 when it is empty.
    var first: UInt8 { start < end ? base[start] : 0 }
    var raw: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base + start, count: end - start) }
    var isNull: Bool { end - start == 4 && first == UInt8(ascii: "n") }
    var isContainer: Bool { first == Byte.openBrace || first == Byte.openBracket }

    /// What stands between the quotes of a string, escapes as they are.
    var stringContent: JSONSlice {
        let closed = end - start >= 2 && base[end - 1] == Byte.quote
        return JSONSlice(exactly: base, start + 1, closed ? end - 1 : max(end, start + 1))
    }

    /// A string with its escapes resolved, anything else as written.
    var text: String {
        guard first == Byte.quote else { return String(decoding: raw, as: UTF8.self) }
        var output = OutputBytes(capacity: end - start + 16)
        _ = stringContent.unescape(into: &output)
        return String(decoding: output.bytes, as: UTF8.self)
    }

    private init(exactly base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) {
        self.base = base
        self.start = start
        self.end = max(start, end)
    }

    /// Visits the members of an object, names without their quotes; `false` when the object is broken or cut off.
    @discardableResult
    func forEachMember(_ body: (_ key: JSONSlice, _ value: JSONSlice) throws -> Void) rethrows -> Bool {
        guard first == Byte.openBrace else { return false }
        var at = start + 1
        while true {
            ByteScan.skipBlanks(base, &at, end)
            guard at < end else { return false }
            if base[at] == Byte.closeBrace { return at + 1 == end }
            if base[at] == Byte.comma {
                at += 1
                continue
            }
            guard base[at] == Byte.quote else { return false }
            let keyStart = at + 1
            at = keyStart
            guard ByteScan.skipString(base, &at, end) else { return false }
            let key = JSONSlice(exactly: base, keyStart, at - 1)
            ByteScan.skipBlanks(base, &at, end)
            guard at < end, base[at] == Byte.colon else { return false }
            at += 1
            let (value, isWhole) = nextValue(&at)
            guard let value else { return false }
            try body(key, value)
            guard isWhole else { return false }
        }
    }

    /// Visits the elements of an array; `false` when the array is broken or cut off.
    @discardableResult
    func forEachElement(_ body: (JSONSlice) throws -> Void) rethrows -> Bool {
        guard first == Byte.openBracket else { return false }
        var at = start + 1
        while true {
            ByteScan.skipBlanks(base, &at, end)
            guard at < end else { return false }
            if base[at] == Byte.closeBracket { return at + 1 == end }
            if base[at] == Byte.comma {
                at += 1
                continue
            }
            let (value, isWhole) = nextValue(&at)
            guard let value else { return false }
            try body(value)
            guard isWhole else { return false }
        }
    }

    private func nextValue(_ at: inout Int) -> (JSONSlice?, Bool) {
        ByteScan.skipBlanks(base, &at, end)
        guard at < end, base[at] != Byte.comma, base[at] != Byte.closeBrace, base[at] != Byte.closeBracket else {
            return (nil, false)
        }
        let from = at
        var scanner = ValueScanner(first: base[at])
        let isWhole = scanner.advance(base, &at, end, isAtEnd: false)
        return (JSONSlice(exactly: base, from, isWhole ? at : end), isWhole)
    }

    /// Appends the text of string content with escapes resolved; returns how many lone surrogates became U+FFFD.
    func unescape(into output: inout OutputBytes) -> Int {
        var at = start
        var replaced = 0
        while at < end {
            guard let slash = ByteScan.find(Byte.backslash, base, at, end) else {
                output.put(base + at, end - at)
                break
            }
            output.put(base + at, slash - at)
            at = slash + 2
            guard slash + 1 < end else { break }
            switch base[slash + 1] {
            case UInt8(ascii: "n"): output.put(Byte.newline)
            case UInt8(ascii: "r"): output.put(Byte.carriageReturn)
            case UInt8(ascii: "t"): output.put(Byte.tab)
            case UInt8(ascii: "b"): output.put(8)
            case UInt8(ascii: "f"): output.put(12)
            case UInt8(ascii: "u"): replaced += unescapeUnit(&at, into: &output)
            case let plain: output.put(plain)
            }
        }
        return replaced
    }

    private func unescapeUnit(_ at: inout Int, into output: inout OutputBytes) -> Int {
        let high = hex(at) ?? 0xFFFD
        at += 4
        if 0xD800..<0xDC00 ~= high, at + 1 < end, base[at] == Byte.backslash, base[at + 1] == UInt8(ascii: "u"),
            let low = hex(at + 2), 0xDC00..<0xE000 ~= low
        {
            at += 6
            output.put(scalar: 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
            return 0
        }
        let isLone = 0xD800..<0xE000 ~= high
        output.put(scalar: isLone ? 0xFFFD : high)
        return isLone ? 1 : 0
    }

    private func hex(_ at: Int) -> UInt32? {
        guard at + 4 <= end else { return nil }
        var value: UInt32 = 0
        for offset in 0..<4 {
            let byte = base[at + offset]
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(byte & 15)
            case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
                value = value << 4 | UInt32((byte & 15) + 9)
            default: return nil
            }
        }
        return value
    }
}
