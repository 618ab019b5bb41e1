internal import Diagnostics

/// The elements around the records of an XML file.
public struct XMLLayout: Sendable, Hashable {
    /// An attribute of the root element.
    public struct Attribute: Sendable, Hashable {
        /// Its name.
        public let name: String
        /// Its value.
        public let value: String
        /// Creates an attribute.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Name of the root element.
    public let root: String
    /// Its attributes in order.
    public let attributes: [Attribute]
    /// Name of a record's element where the record has no `@element`.
    public let element: String

    /// Creates a layout.
    public init(root: String, attributes: [Attribute] = [], element: String) {
        self.root = root
        self.attributes = attributes
        self.element = element
    }
}

/// Writes objects as elements, the inverse of how they are read.
///
/// Arrays of two or more become repeated elements; shorter ones and arrays in arrays `type="array"` with `<item>` children,
/// for else they would read as something else. Numbers and booleans read back as text, `{}` as an empty text.
final class XMLRecordWriter: RecordWriter {
    private let sink: any ByteSink
    private let layout: XMLLayout
    private var summary = WriterSummary()
    private var output = OutputBytes()
    private var text = OutputBytes()
    private var replaced = 0

    init(_ sink: any ByteSink, _ layout: XMLLayout) throws {
        self.sink = sink
        self.layout = layout
        for name in [layout.root, layout.element] + layout.attributes.map(\.name) { try check(name) }
        output.put("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<")
        output.put(text: layout.root)
        for attribute in layout.attributes {
            output.put(Byte.space)
            output.put(text: attribute.name)
            output.put("=\"")
            var value = attribute.value
            value.withUTF8 { putEscaped($0, isAttribute: true) }
            output.put(Byte.quote)
        }
        output.put(">\n")
        try flush()
    }

    func append(_ json: UnsafeBufferPointer<UInt8>) throws {
        guard let base = json.baseAddress, case let object = JSONSlice(base, 0, json.count),
            object.first == Byte.openBrace
        else { throw MigrationError.unfit(sink, "an XML record must be an object", record: summary.records) }
        output.truncate(to: 0)
        replaced = 0
        var name = layout.element
        object.forEachMember { key, value in if key.text(is: "@element") { name = value.text } }
        try check(name)
        try element(name, object, isRecord: true, depth: 0)
        output.put(Byte.newline)
        try flush()
        summary.records += 1
    }

    func finish() throws -> WriterSummary {
        output.put("</")
        output.put(text: layout.root)
        output.put(">\n")
        try flush()
        try sink.finish()
        return summary
    }

    private func flush() throws {
        try sink.write(output)
        summary.bytes += output.count
        summary.replacedCharacters += replaced
        replaced = 0
        output.truncate(to: 0)
    }

    private func element(_ name: String, _ value: JSONSlice, isRecord: Bool = false, depth: Int) throws {
        guard depth < 256 else { throw unfit("the record is nested deeper than 256") }
        switch value.first {
        case Byte.openBracket: return try array(name, value, depth: depth)
        case Byte.openBrace: break
        default:
            open(name)
            if value.isNull { output.put(" nil=\"true\"") }
            if !value.isNull, !(value.first == Byte.quote && value.stringContent.raw.isEmpty) {
                output.put(UInt8(ascii: ">"))
                put(value, isAttribute: false)
                return close(name)
            }
            return output.put("/>")
        }
        open(name)
        var hasContent = false
        let isWhole = try value.forEachMember { key, member in
            guard key.raw.first == UInt8(ascii: "@") else {
                hasContent = true
                return
            }
            if isRecord, key.text(is: "@element") { return }
            let attribute = String(key.name.dropFirst())
            try check(attribute)
            guard !member.isContainer else { throw unfit("attribute '\(attribute)' is no single value") }
            // These two mean something to the reader and would not come back as attributes.
            guard attribute != "nil", attribute != "type" || member.text != "array" else {
                throw unfit("attribute '\(attribute)' is reserved")
            }
            output.put(Byte.space)
            output.put(text: attribute)
            output.put("=\"")
            put(member, isAttribute: true)
            output.put(Byte.quote)
        }
        guard isWhole else { throw unfit("the record is not whole JSON") }
        guard hasContent else { return output.put("/>") }
        output.put(UInt8(ascii: ">"))
        try value.forEachMember { key, member in
            if key.raw.first == UInt8(ascii: "@") { return }
            if key.text(is: "#text") { return put(member, isAttribute: false) }
            let name = key.name
            try check(name)
            try self.member(name, member, depth: depth + 1)
        }
        close(name)
    }

    private func member(_ name: String, _ value: JSONSlice, depth: Int) throws {
        guard value.first == Byte.openBracket else { return try element(name, value, depth: depth) }
        var count = 0
        guard value.forEachElement({ _ in count += 1 }) else { throw unfit("the record is not whole JSON") }
        guard count >= 2 else { return try array(name, value, depth: depth) }
        try value.forEachElement { try element(name, $0, depth: depth) }
    }

    private func array(_ name: String, _ value: JSONSlice, depth: Int) throws {
        open(name)
        output.put(" type=\"array\">")
        guard try value.forEachElement({ try element("item", $0, depth: depth + 1) }) else {
            throw unfit("the record is not whole JSON")
        }
        close(name)
    }

    private func open(_ name: String) {
        output.put(UInt8(ascii: "<"))
        output.put(text: name)
    }

    private func close(_ name: String) {
        output.put("</")
        output.put(text: name)
        output.put(UInt8(ascii: ">"))
    }

    private func put(_ value: JSONSlice, isAttribute: Bool) {
        text.truncate(to: 0)
        if value.first == Byte.quote {
            replaced += value.stringContent.unescape(into: &text)
        } else if value.isContainer {
            value.putCompact(into: &text)
        } else if !value.isNull {
            text.put(value.raw)
        }
        putEscaped(text.bytes, isAttribute: isAttribute)
    }

    private func putEscaped(_ text: UnsafeBufferPointer<UInt8>, isAttribute: Bool) {
        guard let base = text.baseAddress else { return }
        for at in 0..<text.count {
            switch base[at] {
            case UInt8(ascii: "&"): output.put("&amp;")
            case UInt8(ascii: "<"): output.put("&lt;")
            case UInt8(ascii: ">"): output.put("&gt;")
            case Byte.carriageReturn: output.put("&#13;")
            case Byte.quote where isAttribute: output.put("&quot;")
            case Byte.newline where isAttribute: output.put("&#10;")
            case Byte.tab where isAttribute: output.put("&#9;")
            case let byte where byte < 0x20 && byte != Byte.newline && byte != Byte.tab:
                output.put("\u{FFFD}")
                replaced += 1
            case 0xBE where at >= 2 && base[at - 1] == 0xBF && base[at - 2] == 0xEF,
                0xBF where at >= 2 && base[at - 1] == 0xBF && base[at - 2] == 0xEF:
                // U+FFFE and U+FFFF are no XML characters either.
                output.truncate(to: output.count - 2)
                output.put("\u{FFFD}")
                replaced += 1
            case let byte: output.put(byte)
            }
        }
    }

    private func check(_ name: String) throws {
        guard XMLName.isValid(name) else {
            throw unfit("'\(name)' cannot be the name of an XML element or attribute")
        }
    }

    private func unfit(_ summary: String) -> MigrationError {
        MigrationError.unfit(sink, summary, record: self.summary.records, hint: "rename the field in the mapping")
    }
}

enum XMLName {
    /// Letters, digits, `_ - . :` and everything beyond ASCII that is a letter; no digit, dot or dash first.
    static func isValid(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first, isStart(first) else { return false }
        let colons = name.utf8.count { $0 == Byte.colon }
        guard colons <= 1, first != ":", name.utf8.last != Byte.colon else { return false }
        return name.unicodeScalars.dropFirst().allSatisfy {
            isStart($0) || ("0"..."9").contains($0) || $0 == "-" || $0 == "." || $0 == "\u{B7}"
        }
    }

    private static func isStart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3A, 0x41...0x5A, 0x5F, 0x61...0x7A, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2FF, 0x370...0x37D,
            0x37F...0x1FFF, 0x200C...0x200D, 0x2070...0x218F, 0x2C00...0x2FEF, 0x3001...0xD7FF, 0xF900...0xFDCF,
            0xFDF0...0xFFFD, 0x10000...0xEFFFF:
            true
        default: false
        }
    }
}

extension JSONSlice {
    /// The text of a member name, which is handed out without its quotes.
    var name: String {
        var output = OutputBytes(capacity: end - start + 16)
        _ = unescape(into: &output)
        return String(decoding: output.bytes, as: UTF8.self)
    }

    /// Whether a member name is this one, written without escapes.
    func text(is name: StaticString) -> Bool { name.withUTF8Buffer { raw.elementsEqual($0) } }
}
