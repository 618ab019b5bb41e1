/// HTML as text: names of elements and attributes come from code, everything else is escaped.
struct Markup {
    private(set) var text = ""

    /// An attribute and its value; one without a value is left out.
    typealias Attributes = KeyValuePairs<StaticString, String?>

    /// An element with content.
    mutating func element(
        _ name: StaticString, _ attributes: Attributes = [:], _ body: (inout Markup) -> Void = { _ in }
    ) {
        open(name, attributes)
        body(&self)
        text += "</\(name)>"
    }

    /// An element that holds one text.
    mutating func element(_ name: StaticString, _ attributes: Attributes = [:], text content: String) {
        element(name, attributes) { $0.put(content) }
    }

    /// An element without content and end, such as `meta`.
    mutating func void(_ name: StaticString, _ attributes: Attributes = [:]) { open(name, attributes) }

    private mutating func open(_ name: StaticString, _ attributes: Attributes) {
        text += "<\(name)"
        for (key, value) in attributes {
            guard let value else { continue }
            text += " \(key)=\"\(Self.escaped(value))\""
        }
        text += ">"
    }

    /// Text, escaped.
    mutating func put(_ content: String) { text += Self.escaped(content) }

    /// Markup written in code, or made by another ``Markup``.
    mutating func put(markup: String) { text += markup }

    /// A text in which nothing is markup and no control character reaches the parser.
    static func escaped(_ content: String) -> String {
        var content = content
        let needsWork = content.withUTF8 { bytes in
            bytes.contains { byte in
                byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "&") || byte == UInt8(ascii: "<")
                    || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
            }
        }
        guard needsWork else { return content }
        var result = String.UnicodeScalarView()
        for scalar in content.unicodeScalars {
            switch scalar {
            case "&": result.append(contentsOf: "&amp;".unicodeScalars)
            case "<": result.append(contentsOf: "&lt;".unicodeScalars)
            case ">": result.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
            case "'": result.append(contentsOf: "&#39;".unicodeScalars)
            case "\n", "\t": result.append(scalar)
            case "\u{7F}": result.append("\u{2421}")
            // Control characters as their pictures: a reader should see that they are there.
            case _ where scalar.value < 0x20:
                if let picture = Unicode.Scalar(0x2400 + scalar.value) { result.append(picture) }
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
