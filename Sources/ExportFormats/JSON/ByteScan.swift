internal import Glibc

/// Bytes by name, so that scanners read like the format they scan.
enum Byte {
    static let tab = UInt8(ascii: "\t")
    static let newline = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let quote = UInt8(ascii: "\"")
    static let backslash = UInt8(ascii: "\\")
    static let comma = UInt8(ascii: ",")
    static let colon = UInt8(ascii: ":")
    static let openBrace = UInt8(ascii: "{")
    static let closeBrace = UInt8(ascii: "}")
    static let openBracket = UInt8(ascii: "[")
    static let closeBracket = UInt8(ascii: "]")
    /// Stands before a record in `application/json-seq`.
    static let recordSeparator: UInt8 = 0x1E

    @inline(__always)
    static func isBlank(_ byte: UInt8) -> Bool {
        byte == space || byte == newline || byte == carriageReturn || byte == tab
    }
}

/// Eight bytes looked at as one word.
enum Word {
    static let ones: UInt64 = 0x0101_0101_0101_0101
    static let highs: UInt64 = 0x8080_8080_8080_8080

    @inline(__always)
    static func load(_ pointer: UnsafePointer<UInt8>) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(pointer).loadUnaligned(as: UInt64.self))
    }

    @inline(__always)
    static func broadcast(_ byte: UInt8) -> UInt64 { ones &* UInt64(byte) }

    /// High bit set in every zero byte; bytes above the lowest hit may be false.
    @inline(__always)
    static func zeros(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & highs }

    /// Number of bytes before the lowest hit; 8 without one.
    @inline(__always)
    static func leading(_ hits: UInt64) -> Int { hits.trailingZeroBitCount &>> 3 }
}

enum ByteScan {
    /// How many newlines stand in the bytes.
    static func newlines(_ base: UnsafePointer<UInt8>, _ from: Int, _ to: Int) -> Int {
        var at = from
        var total = 0
        let pattern = Word.broadcast(Byte.newline)
        let lows: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        while at &+ 8 <= to {
            // Counters of one byte each hold 255 rounds; then they are summed up.
            let stop = min(to &- 7, at &+ 255 &* 8)
            var counters: UInt64 = 0
            while at < stop {
                let word = Word.load(base + at) ^ pattern
                counters &+= (~(((word & lows) &+ lows) | word | lows)) &>> 7
                at &+= 8
            }
            let pairs = (counters & 0x00FF_00FF_00FF_00FF) &+ ((counters &>> 8) & 0x00FF_00FF_00FF_00FF)
            total &+= Int(truncatingIfNeeded: (pairs &* 0x0001_0001_0001_0001) &>> 48)
        }
        while at < to {
            if base[at] == Byte.newline { total &+= 1 }
            at &+= 1
        }
        return total
    }

    /// First place of a byte, `nil` when it is not there.
    @inline(__always)
    static func find(_ byte: UInt8, _ base: UnsafePointer<UInt8>, _ from: Int, _ to: Int) -> Int? {
        guard from < to, let hit = memchr(base + from, Int32(byte), to - from) else { return nil }
        return UnsafeRawPointer(hit) - UnsafeRawPointer(base)
    }

    /// Moves behind blanks.
    @inline(__always)
    static func skipBlanks(_ base: UnsafePointer<UInt8>, _ at: inout Int, _ end: Int) {
        while at < end, Byte.isBlank(base[at]) { at &+= 1 }
    }

    /// Moves from inside a JSON string behind its closing quote; `false` when the bytes end first.
    ///
    /// Then `at` stands where scanning must go on once there is more, never between a backslash and what it escapes.
    @inline(__always)
    static func skipString(_ base: UnsafePointer<UInt8>, _ at: inout Int, _ end: Int) -> Bool {
        let quotes = Word.broadcast(Byte.quote)
        let slashes = Word.broadcast(Byte.backslash)
        var here = at
        while here < end {
            if here &+ 8 <= end {
                let word = Word.load(base + here)
                let hits = Word.zeros(word ^ quotes) | Word.zeros(word ^ slashes)
                guard hits != 0 else {
                    here &+= 8
                    continue
                }
                here &+= Word.leading(hits)
            }
            let byte = base[here]
            if byte == Byte.quote {
                at = here &+ 1
                return true
            }
            if byte == Byte.backslash {
                guard here &+ 1 < end else { break }
                here &+= 1
            }
            here &+= 1
        }
        at = here
        return false
    }
}

/// Finds the end of one JSON value, across as many windows as it takes.
///
/// It counts brackets and knows strings, nothing more: what is wrong inside a value that balances is found by its parser.
struct ValueScanner {
    private enum Kind { case container, string, scalar }

    private let kind: Kind
    private var depth = 0
    private var isInString = false

    /// Starts at a value's first byte; the scan includes that byte.
    init(first: UInt8) {
        switch first {
        case Byte.openBrace, Byte.openBracket: kind = .container
        case Byte.quote: kind = .string
        default: kind = .scalar
        }
    }

    /// Moves behind the value; `false` when the bytes end first, and then `at` is where to go on.
    ///
    /// `isAtEnd` says that the file ends with these bytes, so a number does too.
    mutating func advance(_ base: UnsafePointer<UInt8>, _ at: inout Int, _ end: Int, isAtEnd: Bool) -> Bool {
        switch kind {
        case .container: return advanceContainer(base, &at, end)
        case .string:
            if !isInString {
                isInString = true
                at += 1
            }
            return ByteScan.skipString(base, &at, end)
        case .scalar:
            if !isInString, at < end {
                // Whatever the first byte is, it belongs to the value: every scan moves on.
                isInString = true
                at += 1
            }
            while at < end {
                switch base[at] {
                case Byte.comma, Byte.closeBrace, Byte.closeBracket, Byte.space, Byte.newline, Byte.carriageReturn,
                    Byte.tab,
                    Byte.recordSeparator:
                    return true
                default: at += 1
                }
            }
            return isAtEnd
        }
    }

    private mutating func advanceContainer(_ base: UnsafePointer<UInt8>, _ at: inout Int, _ end: Int) -> Bool {
        var here = at
        var level = depth
        if isInString {
            guard ByteScan.skipString(base, &here, end) else {
                at = here
                return false
            }
            isInString = false
        }
        while here < end {
            let byte = base[here]
            here &+= 1
            if byte == Byte.quote {
                guard ByteScan.skipString(base, &here, end) else {
                    isInString = true
                    break
                }
                continue
            }
            // Setting bit 5 makes brackets of braces and touches no other byte that matters.
            let folded = byte | 0x20
            if folded == Byte.openBrace {
                level &+= 1
            } else if folded == Byte.closeBrace {
                level &-= 1
                if level == 0 {
                    at = here
                    return true
                }
            }
        }
        at = here
        depth = level
        return false
    }
}
