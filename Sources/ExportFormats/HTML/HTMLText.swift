internal import CXML2

/// Turns plain text into HTML and HTML into plain text, by libxml2's HTML parser.
public enum HTMLText {
    /// Plain text as an HTML fragment: markup characters escaped, blank lines as paragraphs, line ends as breaks.
    public static func html(of text: String) -> String {
        var output = "<p>"
        output.reserveCapacity(text.utf8.count + 16)
        var lineEnds = 0
        for character in text.unicodeScalars {
            if character == "\n" {
                lineEnds += 1
                continue
            }
            if character == "\r" { continue }
            if lineEnds > 0 {
                output += lineEnds == 1 ? "<br>" : "</p><p>"
                lineEnds = 0
            }
            switch character {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            default: output.unicodeScalars.append(character)
            }
        }
        return output + "</p>"
    }

    /// The text that a person reads in an HTML fragment: one line a block or break, images by their alternative text,
    /// scripts and styles left out.
    public static func plain(_ html: String) -> String {
        guard html.utf8.contains(where: { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "&") }) else { return html }
        var html = html
        let document = html.withUTF8 { bytes -> htmlDocPtr? in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                htmlReadMemory(
                    characters.baseAddress, Int32(clamping: characters.count), nil, "UTF-8",
                    Int32(
                        HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NOERROR.rawValue | HTML_PARSE_NOWARNING.rawValue
                            | HTML_PARSE_NONET.rawValue))
            }
        }
        guard let document else { return "" }
        defer { xmlFreeDoc(document) }
        var walk = PlainTextWalk()
        walk.visit(xmlDocGetRootElement(document), depth: 0)
        return walk.finish()
    }

    /// The text that a person reads in parts of a parsed tree.
    static func plain(_ nodes: [xmlNodePtr]) -> String {
        var walk = PlainTextWalk()
        for node in nodes { walk.visit(one: node, depth: 0) }
        return walk.finish()
    }
}

/// Gathers text from a parsed tree; white space folds as in a browser, blocks end lines.
private struct PlainTextWalk {
    private static let blocks: Set<String> = [
        "p", "div", "ul", "ol", "li", "table", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "section",
        "article", "header", "footer", "hr", "dl", "dt", "dd",
    ]
    private static let silent: Set<String> = ["script", "style", "head", "template", "title"]
    /// Deeper markup is flattened: a hostile tree must not end the process.
    private static let deepest = 400

    private var output: [UInt8] = []
    private var pendingSpace = false

    mutating func visit(_ first: xmlNodePtr?, depth: Int) {
        guard depth < Self.deepest else { return }
        var next = first
        while let node = next {
            visit(one: node, depth: depth)
            next = node.pointee.next
        }
    }

    mutating func visit(one node: xmlNodePtr, depth: Int) {
        switch node.pointee.type {
        case XML_TEXT_NODE, XML_CDATA_SECTION_NODE: add(node.pointee.content)
        case XML_ELEMENT_NODE: visit(element: node, depth: depth)
        default: break
        }
    }

    private mutating func visit(element node: xmlNodePtr, depth: Int) {
        let name = node.pointee.name.map { String(cString: $0) } ?? ""
        if Self.silent.contains(name) { return }
        if name == "br" {
            breakLine(force: true)
            return
        }
        if name == "img" {
            if let text = xmlGetProp(node, "alt") {
                add(text)
                deskferry_xml_free(text)
            }
            return
        }
        let isBlock = Self.blocks.contains(name)
        if isBlock { breakLine(force: false) }
        if name == "li" { output.append(contentsOf: "- ".utf8) }
        visit(node.pointee.children, depth: depth + 1)
        if isBlock { breakLine(force: false) }
        if name == "td" || name == "th" { pendingSpace = true }
    }

    /// Copies runs of bytes between blanks.
    private mutating func add(_ content: UnsafePointer<UInt8>?) {
        guard let content else { return }
        let text = UnsafeBufferPointer(start: content, count: Int(xmlStrlen(content)))
        var at = 0
        while at < text.count {
            let byte = text[at]
            if byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D {
                pendingSpace = true
                at += 1
                continue
            }
            if pendingSpace, let last = output.last, last != UInt8(ascii: "\n") { output.append(0x20) }
            pendingSpace = false
            var end = at + 1
            while end < text.count, !(text[end] == 0x20 || text[end] == 0x0A || text[end] == 0x09 || text[end] == 0x0D)
            {
                end += 1
            }
            output.append(contentsOf: text[at..<end])
            at = end
        }
    }

    private mutating func breakLine(force: Bool) {
        pendingSpace = false
        if force || (!output.isEmpty && output.last != UInt8(ascii: "\n")) { output.append(UInt8(ascii: "\n")) }
    }

    func finish() -> String {
        let newline = UInt8(ascii: "\n")
        let rest = output.drop { $0 == newline }
        let end = rest.lastIndex { $0 != newline }.map { $0 + 1 } ?? rest.startIndex
        return String(decoding: rest[..<end], as: UTF8.self)
    }
}
