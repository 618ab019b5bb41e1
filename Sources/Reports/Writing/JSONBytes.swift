/// JSON as bytes that may also stand inside an HTML file: `<`, `>` and `&` are escaped wherever they occur.
struct JSONBytes {
    private(set) var bytes: [UInt8] = []

    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func object(_ body: (inout JSONBytes) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "{"))
        body(&self)
        bytes.append(UInt8(ascii: "}"))
    }

    mutating func array(_ body: (inout JSONBytes) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "["))
        body(&self)
        bytes.append(UInt8(ascii: "]"))
    }

    mutating func key(_ name: String) {
        put(name)
        bytes.append(UInt8(ascii: ":"))
    }

    mutating func put(_ value: Int) {
        separate()
        bytes.append(contentsOf: String(value).utf8)
    }

    mutating func put(_ value: Double) {
        separate()
        bytes.append(contentsOf: (value.isFinite ? String(value) : "null").utf8)
    }

    mutating func put(_ value: Bool) {
        separate()
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    mutating func putNull() {
        separate()
        bytes.append(contentsOf: "null".utf8)
    }

    mutating func put(_ value: String?) {
        guard let value else { return putNull() }
        put(value)
    }

    mutating func put(_ value: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        var value = value
        value.withUTF8 { escape($0) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Appends JSON that was written before.
    mutating func put(json: [UInt8]) {
        separate()
        bytes.append(contentsOf: json)
    }

    mutating func endLine() { bytes.append(UInt8(ascii: "\n")) }

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    private mutating func separate() {
        guard let last = bytes.last else { return }
        switch last {
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"), UInt8(ascii: "\n"): break
        default: bytes.append(UInt8(ascii: ","))
        }
    }

    private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
        var start = 0
        func isPlain(_ index: Int) -> Bool {
            switch text[index] {
            case 0..<0x20, 0x7F, UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "<"), UInt8(ascii: ">"),
                UInt8(ascii: "&"):
                false
            // U+2028 and U+2029 end lines in older scripts.
            case 0xE2: !(index + 2 < text.count && text[index + 1] == 0x80 && text[index + 2] & 0xFE == 0xA8)
            default: true
            }
        }
        var index = 0
        while index < text.count {
            if isPlain(index) {
                index += 1
                continue
            }
            bytes.append(contentsOf: text[start..<index])
            switch text[index] {
            case UInt8(ascii: "\""): bytes.append(contentsOf: "\\\"".utf8)
            case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
            case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
            case UInt8(ascii: "\t"): bytes.append(contentsOf: "\\t".utf8)
            case 0xE2:
                bytes.append(contentsOf: (text[index + 2] == 0xA8 ? "\\u2028" : "\\u2029").utf8)
                index += 2
            case let byte:
                let digits = String(byte, radix: 16)
                bytes.append(contentsOf: ("\\u00" + (digits.count < 2 ? "0" : "") + digits).utf8)
            }
            index += 1
            start = index
        }
        bytes.append(contentsOf: text[start..<text.count])
    }
}
