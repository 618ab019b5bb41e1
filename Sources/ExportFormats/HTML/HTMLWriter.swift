internal import CXML2

extension HTMLTree {
    /// The fragment as HTML.
    ///
    /// - Parameter clean: Whether only harmless elements, attributes and addresses are written: no scripts, forms, frames,
    ///   styles, event handlers; the content of unknown elements stays.
    /// - Returns: The HTML, and how many elements, attributes and addresses did not go along.
    public func html(clean: Bool) -> (html: String, removed: Int) {
        var writer = HTMLWriter(clean: clean)
        for node in nodes { writer.write(node, depth: 0) }
        return (String(decoding: writer.output, as: UTF8.self), writer.removed)
    }

    /// The text that a person reads in the fragment.
    public var plainText: String { HTMLText.plain(nodes) }
}

private struct HTMLWriter {
    private static let elements: Set<String> = [
        "a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "blockquote", "br", "caption", "center", "cite",
        "code", "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure",
        "font",
        "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "li", "main", "mark",
        "ol",
        "p", "pre", "q", "s", "samp", "section", "small", "span", "strike", "strong", "sub", "summary", "sup", "table",
        "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "wbr",
    ]
    private static let attributes: Set<String> = [
        "href", "src", "alt", "title", "width", "height", "colspan", "rowspan", "align", "valign", "start", "dir",
        "lang",
        "datetime", "cite", "reversed", "type",
    ]

    let clean: Bool
    private(set) var output: [UInt8] = []
    private(set) var removed = 0

    init(clean: Bool) { self.clean = clean }

    mutating func write(_ node: HTMLNode, depth: Int) {
        if node.isText {
            node.withText { escape($0, inAttribute: false) }
            return
        }
        guard node.pointee.type == XML_ELEMENT_NODE else {
            if clean { removed += 1 }
            return
        }
        guard depth < HTMLTree.deepest else { return }
        let name = node.name
        if clean {
            if HTMLNames.silent.contains(name) {
                removed += 1
                return
            }
            if !Self.elements.contains(name) {
                removed += 1
                for child in node.childNodes { write(child, depth: depth + 1) }
                return
            }
        }
        put("<")
        put(name)
        if node.pointee.properties != nil {
            for (key, value) in node.attributes { write(key, value, of: name) }
        }
        put(">")
        if HTMLNames.empty.contains(name) { return }
        if !clean, name == "script" || name == "style" {
            for child in node.childNodes { put(child.text) }
        } else {
            for child in node.childNodes { write(child, depth: depth + 1) }
        }
        put("</")
        put(name)
        put(">")
    }

    private mutating func put(_ text: String) { output.append(contentsOf: text.utf8) }

    private mutating func write(_ key: String, _ value: String, of name: String) {
        if clean, !isHarmless(key, value, of: name) {
            removed += 1
            return
        }
        put(" ")
        put(key)
        put("=\"")
        var value = value
        value.withUTF8 { escape($0, inAttribute: true) }
        put("\"")
    }

    private func isHarmless(_ key: String, _ value: String, of element: String) -> Bool {
        guard Self.attributes.contains(key) else { return false }
        switch key {
        case "href", "cite": return Address.isHarmless(value, images: false)
        case "src": return Address.isHarmless(value, images: true)
        case "type": return element == "ol" || element == "ul" || element == "li"
        default: return true
        }
    }

    /// Copies runs of bytes that need no other form.
    private mutating func escape(_ text: UnsafeBufferPointer<UInt8>, inAttribute: Bool) {
        var copied = 0
        var at = 0
        while at < text.count {
            let byte = text[at]
            var (entity, width) = ("", 1)
            switch byte {
            case UInt8(ascii: "&"): entity = "&amp;"
            case UInt8(ascii: "<"): entity = "&lt;"
            case UInt8(ascii: ">"): entity = "&gt;"
            case UInt8(ascii: "\"") where inAttribute: entity = "&quot;"
            case 0xC2 where at + 1 < text.count && text[at + 1] == 0xA0: (entity, width) = ("&nbsp;", 2)
            default:
                at += 1
                continue
            }
            output.append(contentsOf: text[copied..<at])
            put(entity)
            at += width
            copied = at
        }
        output.append(contentsOf: text[copied...])
    }
}

/// Addresses as they stand in HTML.
enum Address {
    /// Whether following an address or showing it as an image runs nothing.
    static func isHarmless(_ text: String, images: Bool) -> Bool {
        // Browsers pass over white space and control characters inside a scheme.
        let seen = text.unicodeScalars.filter { $0.value > 0x20 && $0.value != 0x7F }
        let address = String(String.UnicodeScalarView(seen)).lowercased()
        guard let colon = address.firstIndex(of: ":") else { return true }
        let scheme = address[..<colon]
        if scheme.contains(where: { "/?#".contains($0) }) { return true }
        switch scheme {
        case "http", "https", "cid": return true
        case "mailto", "tel", "sms": return !images
        case "data":
            return images
                && ["data:image/png", "data:image/jpeg", "data:image/jpg", "data:image/gif", "data:image/webp"]
                    .contains { address.hasPrefix($0) }
        default: return false
        }
    }
}
