public import ConversationModel
internal import ExportFormats

/// A path of keys inside a record: `via.channel`; keys that hold a dot are written as a list.
public struct Path: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
    /// The keys from outside in.
    public let keys: [String]
    /// Splits a text at its dots.
    public init(stringLiteral value: String) { keys = value.split(separator: ".").map(String.init) }
    /// Takes keys as they are.
    public init(arrayLiteral elements: String...) { keys = elements }
    /// Takes keys as they are.
    public init(_ keys: [String]) { self.keys = keys }
}

/// How a vendor writes a piece of text.
public enum TextCodec: Sendable, Hashable {
    /// A JSON string.
    case text
    /// An id that the vendor writes as a string; a number is read too.
    case id
    /// An id that the vendor writes as an integer; text that is no integer stays a string. `0` means none where asked.
    case integerID(zeroIsNone: Bool = false)
    /// An id inside a fixed pattern: `agent:{id}` has the prefix `agent:`.
    case pattern(prefix: String, suffix: String = "")
    /// An id somewhere in a longer text, which is only read: behind the last of one piece, up to the next of another.
    case within(after: String, before: String = "")
    /// An id that the vendor numbers apart from others of its kind: `7001` is read as `thread-7001`.
    case numberedApart(prefix: String)
    /// A number as text.
    case number
    /// Text that the vendor may wrap in markup, which is taken off; it is written without.
    case unmarked
}

/// How a vendor writes a moment.
public enum InstantCodec: Sendable, Hashable {
    /// `2023-09-18T23:25:58Z`, with at most this many digits of a second.
    case iso8601(Instant.Precision = .seconds)
    /// `2023-09-18 23:25:58`, UTC without saying so.
    case dateTime
    /// Integer seconds since 1970; thirteen digits are read as milliseconds.
    case unixSeconds
    /// Integer milliseconds since 1970.
    case unixMilliseconds
    /// Seconds since 1970 in a string.
    case unixSecondsText
    /// Milliseconds since 1970 in a string, as cells of tables have them.
    case unixMillisecondsText

    /// The finest moment that this writing can tell apart.
    public var precision: Instant.Precision {
        switch self {
        case .iso8601(let precision): precision
        case .dateTime, .unixSeconds, .unixSecondsText: .seconds
        case .unixMilliseconds, .unixMillisecondsText: .milliseconds
        }
    }
}

/// A scalar as it stands in a vendor's value table.
public enum TableKey: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral
{
    case string(String)
    case int(Int64)
    case bool(Bool)
    case null

    /// Wraps a text.
    public init(stringLiteral value: String) { self = .string(value) }
    /// Wraps a number.
    public init(integerLiteral value: Int64) { self = .int(value) }
    /// Wraps a flag.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
}

/// Vendor values and what they mean: many to one when read, the first of each meaning when written.
public struct ValueTable<Value: Sendable & Hashable>: Sendable, ExpressibleByDictionaryLiteral {
    let rows: [(key: TableKey, value: Value)]
    /// What a value that the table does not hold is read as; its raw form is kept and reported.
    var unknown: Value?
    /// Whether letters compare without case.
    var ignoresCase = false
    /// What is written for a value that has no row of its own.
    var nearest: [Value: Value] = [:]
    /// Words that say there is no value; the first is written where there is none.
    var absent: [TableKey] = []
    /// Words that say nothing of the value, and are never written.
    var silent: [TableKey] = []

    /// Creates a table; the first row of a value is the one that is written.
    public init(dictionaryLiteral rows: (TableKey, Value)...) {
        self.init(rows.map { (key: $0.0, value: $0.1) })
    }

    /// Creates a table of rows.
    public init(_ rows: [(key: TableKey, value: Value)]) { self.rows = rows }

    /// The table with a meaning for values that it does not hold; their raw form is kept and reported.
    public func unknown(_ value: Value) -> ValueTable {
        var table = self
        table.unknown = value
        return table
    }

    /// The table with words that say there is no value; the first is written where there is none.
    public func absent(_ words: TableKey...) -> ValueTable {
        var table = self
        table.absent = words
        return table
    }

    /// The table with words that say nothing of the value: they are known, kept for their vendor, and never written.
    public func silent(_ words: TableKey...) -> ValueTable {
        var table = self
        table.silent = words
        return table
    }

    /// The table with letters compared without case.
    public var ignoringCase: ValueTable {
        var table = self
        table.ignoresCase = true
        return table
    }

    /// The table with what is written for neutral values that have no row of their own.
    public func nearest(_ values: [Value: Value]) -> ValueTable {
        var table = self
        table.nearest = values
        return table
    }

    /// The values that the table can write.
    public var writable: Set<Value> { Set(rows.map(\.value)) }
}

extension TextCodec {
    /// Reads a scalar; `exact` tells whether writing the text gives the same scalar again.
    @inline(__always)
    func read(_ view: JSONView) throws(DecodeFault) -> (text: String?, exact: Bool) {
        switch view.letter {
        case UInt8(ascii: "\""):
            let bytes = view.bytes
            switch self {
            case .text, .id: return bytes.isEmpty ? (nil, false) : (view.string, true)
            case .numberedApart(let prefix): return bytes.isEmpty ? (nil, false) : (prefix + view.string, true)
            case .unmarked:
                let text = view.string
                let plain = text.utf8.contains(UInt8(ascii: "<")) ? HTMLText.plain(text) : text
                return (plain.isEmpty ? nil : plain, plain == text && !text.isEmpty)
            case .integerID(let zeroIsNone):
                if bytes.isEmpty || (zeroIsNone && bytes.count == 1 && bytes[0] == UInt8(ascii: "0")) {
                    return (nil, false)
                }
                return (view.string, !bytes.isPlainInteger)
            case .number: return bytes.isEmpty ? (nil, false) : (view.string, false)
            case .within(let after, let before):
                guard let start = view.string.ranges(of: after).last?.upperBound else { return (nil, false) }
                let rest = view.string[start...]
                let id = before.isEmpty ? rest : rest[..<(rest.firstRange(of: before)?.lowerBound ?? rest.endIndex)]
                return (id.isEmpty ? nil : String(id), false)
            case .pattern(let prefix, let suffix):
                let text = view.string
                guard text.hasPrefix(prefix), text.hasSuffix(suffix),
                    text.utf8.count > prefix.utf8.count + suffix.utf8.count
                else { return (nil, false) }
                return (String(text.dropFirst(prefix.count).dropLast(suffix.count)), true)
            }
        case UInt8(ascii: "l"):
            switch self {
            case .integerID(let zeroIsNone):
                let value = view.int
                if zeroIsNone, value == 0 { return (nil, false) }
                return (JSONOutput.text(of: value), true)
            case .number: return (JSONOutput.text(of: view.int), true)
            case .pattern, .within: return (nil, false)
            case .numberedApart(let prefix): return (prefix + JSONOutput.text(of: view.int), false)
            default: return (JSONOutput.text(of: view.int), false)
            }
        case UInt8(ascii: "u"), UInt8(ascii: "d"):
            if case .pattern = self { return (nil, false) }
            if case .number = self { return (view.scalarText, true) }
            if case .integerID = self, view.letter == UInt8(ascii: "u") { return (view.scalarText, true) }
            return (view.scalarText, false)
        case UInt8(ascii: "n"): return (nil, true)
        case UInt8(ascii: "t"), UInt8(ascii: "f"):
            return (view.scalarText, false)
        default:
            // An XML element with attributes: its text stands under a key of its own.
            if view.isObject, let inner = view.member("#text") { return (try read(inner).text, false) }
            if view.isObject, view.member("@type") != nil { return (nil, false) }
            throw DecodeFault("expected text, found \(view.kind.noun)")
        }
    }

    /// Writes a text where it lies: a copy of it would cost a reference count.
    @inline(__always)
    func write(at place: UnsafeRawPointer, _ out: inout JSONOutput) {
        let text = UnsafeMutablePointer(mutating: place.assumingMemoryBound(to: String.self))
        switch self {
        // Borrowing its bytes changes nothing in a text that was made of bytes.
        case .text, .id, .unmarked: text.pointee.withUTF8 { out.put(text: $0) }
        default: write(text.pointee, &out)
        }
    }

    @inline(__always)
    func write(_ text: String, _ out: inout JSONOutput) {
        switch self {
        case .text, .id, .unmarked, .within: out.put(text)
        case .integerID:
            var text = text
            text.withUTF8 { bytes in
                if bytes.isPlainInteger { out.put(raw: bytes) } else { out.put(text: bytes) }
            }
        case .number:
            var text = text
            text.withUTF8 { bytes in
                if bytes.isNumber { out.put(raw: bytes) } else { out.put(text: bytes) }
            }
        case .pattern(let prefix, let suffix): out.put(prefix + text + suffix)
        case .numberedApart(let prefix):
            out.put(text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text)
        }
    }
}

extension InstantCodec {
    @inline(__always)
    func read(_ view: JSONView) throws(DecodeFault) -> (instant: Instant?, exact: Bool) {
        switch view.letter {
        case UInt8(ascii: "n"): return (nil, true)
        case UInt8(ascii: "l"):
            let value = view.int
            switch self {
            case .unixMilliseconds:
                return (Instant(microseconds: value &* 1000, precision: .milliseconds), true)
            case .unixSeconds where value.magnitude < 1_000_000_000_000: return (Instant(seconds: value), true)
            default:
                // Seconds have at most 12 digits until the year 33658; more is milliseconds.
                guard value.magnitude < 10_000_000_000_000_000 else {
                    throw DecodeFault("expected a time, found the number \(value)")
                }
                return value.magnitude < 1_000_000_000_000
                    ? (Instant(seconds: value), false)
                    : (Instant(microseconds: value &* 1000, precision: .milliseconds), false)
            }
        case UInt8(ascii: "d"):
            let value = view.double
            guard value.magnitude < 1e12 else { throw DecodeFault("expected a time, found a number out of range") }
            return (Instant(microseconds: Int64((value * 1_000_000).rounded()), precision: .microseconds), false)
        case UInt8(ascii: "\""):
            let bytes = view.bytes
            if bytes.isEmpty { return (nil, false) }
            if let instant = Instant(iso8601: bytes) {
                switch self {
                case .iso8601(let precision):
                    let exact =
                        instant.precision.rawValue <= precision.rawValue
                        && bytes.count == Self.length(instant.precision) && bytes[bytes.count - 1] == UInt8(ascii: "Z")
                        && bytes[10] == UInt8(ascii: "T") && instant.hasStandardDigits(bytes.count)
                    return (instant, exact)
                case .dateTime: return (instant, bytes.count == 19 && bytes[10] == UInt8(ascii: " "))
                default: return (instant, false)
                }
            }
            if let seconds = Int64(view.string) {
                if self == .unixMilliseconds || self == .unixMillisecondsText {
                    let instant = Instant(
                        microseconds: seconds &* 1000, precision: seconds % 1000 == 0 ? .seconds : .milliseconds)
                    return (instant, self == .unixMillisecondsText)
                }
                return seconds.magnitude < 1_000_000_000_000
                    ? (Instant(seconds: seconds), self == .unixSecondsText)
                    : (Instant(microseconds: seconds &* 1000, precision: .milliseconds), false)
            }
            if let instant = Self.lenient(view.string) { return (instant, false) }
            throw DecodeFault("expected a time, found '\(Self.shown(view.string))'")
        default:
            if view.isObject, let inner = view.member("#text") { return (try read(inner).instant, false) }
            if view.isObject, view.member("@type") != nil { return (nil, false) }
            throw DecodeFault("expected a time, found \(view.kind.noun)")
        }
    }

    private static func length(_ precision: Instant.Precision) -> Int {
        switch precision {
        case .seconds: 20
        case .milliseconds: 24
        case .microseconds: 27
        }
    }

    /// Times that carry both an offset and a `Z`, as some chat exports do: the offset stands.
    private static func lenient(_ text: String) -> Instant? {
        guard text.hasSuffix("Z") else { return nil }
        return Instant(String(text.dropLast()))
    }

    /// A value that is no date is shown only when it looks like one.
    private static func shown(_ text: String) -> String {
        let harmless =
            text.utf8.count <= 32
            && text.utf8.allSatisfy { ($0 >= 0x2B && $0 <= 0x3A) || $0 == 0x20 || $0 == 0x54 || $0 == 0x5A }
        return harmless ? text : "text of \(text.utf8.count) bytes"
    }

    @inline(__always)
    func write(_ instant: Instant, _ out: inout JSONOutput) {
        switch self {
        case .iso8601(let precision):
            out.put(instant.precision.rawValue > precision.rawValue ? instant.cut(to: precision) : instant)
        case .dateTime: out.put(instant.cut(to: .seconds), separator: UInt8(ascii: " "), zone: false)
        case .unixSeconds: out.put(instant.seconds)
        case .unixMilliseconds: out.put(instant.cut(to: .milliseconds).microseconds / 1000)
        case .unixSecondsText: out.put(String(instant.seconds))
        case .unixMillisecondsText: out.put(String(instant.cut(to: .milliseconds).microseconds / 1000))
        }
    }
}

extension Instant {
    /// Whether a `Z`-terminated text of this length has exactly the digits that this precision writes.
    @inline(__always)
    fileprivate func hasStandardDigits(_ count: Int) -> Bool {
        switch precision {
        case .seconds: count == 20
        case .milliseconds: count == 24
        case .microseconds: count == 27
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// A decimal integer as JSON writes it: no plus, no leading zero, at most 19 digits.
    @inline(__always)
    var isPlainInteger: Bool {
        let digits = self.first == UInt8(ascii: "-") ? dropFirst() : self[...]
        guard !digits.isEmpty, digits.count <= 18 || (digits.count == 19 && self.fitsInt64),
            digits.count == 1 || digits[digits.startIndex] != UInt8(ascii: "0")
        else { return false }
        if digits.count < count, digits.count == 1, digits[digits.startIndex] == UInt8(ascii: "0") { return false }
        return digits.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
    }

    private var fitsInt64: Bool { Int64(String(decoding: self, as: UTF8.self)) != nil }

    /// A number as JSON writes it.
    var isNumber: Bool {
        if isPlainInteger { return true }
        let text = String(decoding: self, as: UTF8.self)
        guard let value = Double(text), value.isFinite else { return false }
        return JSONOutput.text(of: value) == text
    }
}

extension JSONView.Kind {
    /// The kind in words, for messages.
    var noun: String {
        switch self {
        case .object: "an object"
        case .array: "a list"
        case .string: "text"
        case .int, .unsigned, .double: "a number"
        case .true, .false: "true or false"
        case .null: "null"
        }
    }
}

/// Why a value could not be read; the path grows from inside out as the error climbs.
struct DecodeFault: Error {
    let reason: String
    var path: [String] = []

    init(_ reason: String) { self.reason = reason }

    func inside(_ key: String) -> DecodeFault {
        var fault = self
        fault.path.insert(key, at: 0)
        return fault
    }
}
