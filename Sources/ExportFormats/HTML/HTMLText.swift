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

    private var output = ""
    private var pendingSpace = false

    mutating func visit(_ first: xmlNodePtr?, depth: Int) {
        guard depth < Self.deepest else { return }
        var next = first
        while let node = next {
            switch node.pointee.type {
            case XML_TEXT_NODE, XML_CDATA_SECTION_NODE:
                if let content = node.pointee.content { add(String(cString: content)) }
            case XML_ELEMENT_NODE: visit(element: node, depth: depth)
            default: break
            }
            next = node.pointee.next
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
                add(String(cString: text))
                deskferry_xml_free(text)
            }
            return
        }
        let isBlock = Self.blocks.contains(name)
        if isBlock { breakLine(force: false) }
        if name == "li" { output += "- " }
        visit(node.pointee.children, depth: depth + 1)
        if isBlock { breakLine(force: false) }
        if name == "td" || name == "th" { pendingSpace = true }
    }

    private mutating func add(_ text: String) {
        for scalar in text.unicodeScalars {
            if scalar == " " || scalar == "\n" || scalar == "\t" || scalar == "\r" {
                pendingSpace = true
                continue
            }
            if pendingSpace, !output.isEmpty, output.utf8.last != UInt8(ascii: "\n") { output += " " }
            pendingSpace = false
            output.unicodeScalars.append(scalar)
        }
    }

    private mutating func breakLine(force: Bool) {
        pendingSpace = false
        if force || (!output.isEmpty && output.utf8.last != UInt8(ascii: "\n")) { output += "\n" }
    }

    func finish() -> String {
        var text = Substring(output)
        while text.utf8.last == UInt8(ascii: "\n") { text = text.dropLast() }
        while text.utf8.first == UInt8(ascii: "\n") { text = text.dropFirst() }
        return String(text)
    }
}
