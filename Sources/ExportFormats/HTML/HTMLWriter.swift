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
        return (writer.output, writer.removed)
    }

    /// The text that a person reads in the fragment.
    public var plainText: String { HTMLText.plain(html(clean: false).html) }
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
    private(set) var output = ""
    private(set) var removed = 0

    init(clean: Bool) { self.clean = clean }

    mutating func write(_ node: HTMLNode, depth: Int) {
        if node.isText {
            escape(node.text, inAttribute: false)
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
        output += "<" + name
        for (key, value) in node.attributes {
            if clean, !isHarmless(key, value, of: name) {
                removed += 1
                continue
            }
            output += " " + key + "=\""
            escape(value, inAttribute: true)
            output += "\""
        }
        output += ">"
        if HTMLNames.empty.contains(name) { return }
        if !clean, name == "script" || name == "style" {
            for child in node.childNodes { output += child.text }
        } else {
            for child in node.childNodes { write(child, depth: depth + 1) }
        }
        output += "</" + name + ">"
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

    private mutating func escape(_ text: String, inAttribute: Bool) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"" where inAttribute: output += "&quot;"
            case "\u{A0}": output += "&nbsp;"
            default: output.unicodeScalars.append(scalar)
            }
        }
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
