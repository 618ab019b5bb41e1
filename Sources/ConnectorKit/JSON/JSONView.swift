public import ConversationModel

/// A value on the tape that simdjson leaves behind: two pointers and an index, valid until its parser's next record.
///
/// ```
/// tape     r … "a" {i} { … }      one 64-bit word a value (two for numbers): kind in the top byte, payload below
/// strings  [length u32][bytes][0] …   unescaped, valid UTF-8
/// ```
/// An object's or array's payload holds the index behind its end, so skipping costs one read.
/// Source: simdjson, doc/tape.md.
public struct JSONView {
    @usableFromInline let tape: UnsafePointer<UInt64>
    @usableFromInline let strings: UnsafePointer<UInt8>
    @usableFromInline let index: Int

    @inlinable init(tape: UnsafePointer<UInt64>, strings: UnsafePointer<UInt8>, index: Int) {
        self.tape = tape
        self.strings = strings
        self.index = index
    }

    /// The kinds of value, by simdjson's letters.
    public enum Kind: UInt8 {
        case object = 0x7B
        case array = 0x5B
        case string = 0x22
        case int = 0x6C
        case unsigned = 0x75
        case double = 0x64
        case `true` = 0x74
        case `false` = 0x66
        case null = 0x6E
    }

    @inlinable var word: UInt64 { tape[index] }
    @inlinable var letter: UInt8 { UInt8(truncatingIfNeeded: word >> 56) }

    /// What kind of value it is.
    public var kind: Kind { Kind(rawValue: letter) ?? .null }

    @inlinable var isNull: Bool { letter == 0x6E }
    @inlinable var isString: Bool { letter == 0x22 }
    @inlinable var isObject: Bool { letter == 0x7B }
    @inlinable var isArray: Bool { letter == 0x5B }

    /// Index behind this value.
    @inlinable var next: Int {
        switch letter {
        case 0x7B, 0x5B: Int(truncatingIfNeeded: word & 0xFFFF_FFFF)
        case 0x6C, 0x75, 0x64: index + 2
        default: index + 1
        }
    }

    @inlinable func at(_ index: Int) -> JSONView { JSONView(tape: tape, strings: strings, index: index) }

    /// Bytes of a string, unescaped; only for strings.
    @inlinable var bytes: UnsafeBufferPointer<UInt8> {
        let start = strings + Int(truncatingIfNeeded: word & 0xFF_FFFF_FFFF_FFFF)
        let count = UnsafeRawPointer(start).loadUnaligned(as: UInt32.self)
        return UnsafeBufferPointer(start: start + 4, count: Int(count))
    }

    /// The string's text; only for strings.
    @inlinable var string: String { String(decoding: bytes, as: UTF8.self) }

    @inlinable var int: Int64 { Int64(bitPattern: tape[index + 1]) }
    @inlinable var double: Double { Double(bitPattern: tape[index + 1]) }

    /// Members of an object in their order; `body` returns whether to go on.
    @inlinable func forEachMember(_ body: (UnsafeBufferPointer<UInt8>, JSONView) throws -> Bool) rethrows {
        guard isObject else { return }
        let end = next - 1
        var at = index + 1
        while at < end {
            let key = self.at(at)
            let value = self.at(at + 1)
            guard try body(key.bytes, value) else { return }
            at = value.next
        }
    }

    /// Elements of an array in their order.
    @inlinable func forEachElement(_ body: (JSONView) throws -> Void) rethrows {
        guard isArray else { return }
        let end = next - 1
        var at = index + 1
        while at < end {
            let element = self.at(at)
            try body(element)
            at = element.next
        }
    }

    /// Elements of an array or members of an object as the tape counts them: exact below 16,777,215, and a bound beyond.
    @inlinable var likelyCount: Int { Int(truncatingIfNeeded: (word >> 32) & 0xFF_FFFF) }

    /// Elements of an array; 0 for anything else.
    public var elementCount: Int {
        var count = 0
        forEachElement { _ in count += 1 }
        return count
    }

    /// The member with this key; the last one where a key stands twice, as JSON parsers commonly do.
    public func member(_ key: String) -> JSONView? {
        var key = key
        return key.withUTF8 { wanted in
            var found: JSONView?
            forEachMember { bytes, value in
                if bytes.equals(wanted) { found = value }
                return true
            }
            return found
        }
    }

    /// The value at the end of a path of keys.
    public func value(at path: [String]) -> JSONView? {
        var view = self
        for key in path {
            guard let next = view.member(key) else { return nil }
            view = next
        }
        return view
    }

    /// Text of a string or number; `nil` for anything else.
    public var scalarText: String? {
        switch kind {
        case .string: string
        case .int: String(int)
        case .unsigned: String(tape[index + 1])
        case .double: JSONOutput.text(of: double)
        case .true: "true"
        case .false: "false"
        default: nil
        }
    }

    /// The value as a tree of its own, independent of the parser.
    public var value: JSONValue {
        switch kind {
        case .null: return .null
        case .true: return .bool(true)
        case .false: return .bool(false)
        case .string: return .string(string)
        case .int, .unsigned, .double: return .number(scalarText ?? "0")
        case .array:
            var elements: [JSONValue] = []
            forEachElement { elements.append($0.value) }
            return .array(elements)
        case .object:
            var members: [JSONValue.Member] = []
            forEachMember { key, value in
                members.append(JSONValue.Member(String(decoding: key, as: UTF8.self), value.value))
                return true
            }
            return .object(members)
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    @inlinable func equals(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard count == other.count else { return false }
        guard let a = baseAddress, let b = other.baseAddress else { return count == 0 }
        return sameBytes(a, b, count)
    }

    @inline(__always)
    func equals(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { $0.equals(self) }
    }
}

@inlinable func sameBytes(_ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    var at = 0
    while at + 8 <= count {
        let x = UnsafeRawPointer(a + at).loadUnaligned(as: UInt64.self)
        let y = UnsafeRawPointer(b + at).loadUnaligned(as: UInt64.self)
        guard x == y else { return false }
        at += 8
    }
    while at < count {
        guard a[at] == b[at] else { return false }
        at += 1
    }
    return true
}

extension JSONView {
    /// Whether an object holds nothing but a key and members that are constants.
    func hasOnlyMembers(_ key: String, _ constants: [JSONValue.Member]) -> Bool {
        var only = true
        forEachMember { bytes, value in
            if bytes.equals(key) { return true }
            only = constants.contains { bytes.equals($0.key) && $0.value == value.value }
            return only
        }
        return only
    }
}
