internal import CXML2

/// An HTML fragment as a tree that can be changed and written again; libxml2's parser reads any input.
///
/// Belongs to one task; it frees the tree when it goes.
public final class HTMLTree {
    /// Deeper markup is flattened: a hostile tree must not end the process.
    static let deepest = 300

    private let document: htmlDocPtr
    private let wrapper: xmlNodePtr?

    /// Parses a fragment or a whole document; `nil` only when memory is short.
    public init?(_ html: String) {
        // Text that stands free gets a paragraph from the parser unless an element holds it.
        var wrapped = "<div data-fragment=\"\">" + html + "</div>"
        let document = wrapped.withUTF8 { bytes -> htmlDocPtr? in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                htmlReadMemory(
                    characters.baseAddress, Int32(clamping: characters.count), nil, "UTF-8",
                    Int32(
                        HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NOERROR.rawValue | HTML_PARSE_NOWARNING.rawValue
                            | HTML_PARSE_NONET.rawValue))
            }
        }
        guard let document else { return nil }
        self.document = document
        let body = xmlDocGetRootElement(document)?.child(named: "body")
        wrapper = body
    }

    deinit { xmlFreeDoc(document) }

    /// The nodes of the fragment in their order; the element that held them for the parser is left out.
    var nodes: [xmlNodePtr] {
        guard let wrapper else { return [] }
        return wrapper.childNodes.flatMap { node in
            node.attribute("data-fragment") == nil ? [node] : node.childNodes
        }
    }

    // MARK: Changing

    /// Takes out what mail programs put under a reply: the mail that is answered.
    ///
    /// Marks of mail programs as in <https://github.com/mailgun/talon/blob/master/talon/html_quotations.py>: Gmail's and
    /// Yahoo's classes, Outlook's ids, `blockquote type="cite"` of Apple Mail and Thunderbird. A fragment in which nothing
    /// else stands, as a forwarded mail, stays whole.
    ///
    /// - Returns: Whether something was taken out.
    public func dropQuotedHistory() -> Bool {
        let quotes = elements { node in
            if node.isNamed("blockquote"), node.attribute("type") == "cite" { return true }
            return node.hasClass(of: Self.quoteClasses) || node.attribute("id").map(Self.quoteIDs.contains) == true
        }
        return remove(quotes) { node in
            guard
                node.attribute("id").map(Self.quoteIDs.contains) == true || node.hasClass(of: ["OutlookMessageHeader"])
            else { return false }
            return true
        }
    }

    private static let quoteClasses: Set<String> = [
        "gmail_quote", "gmail_quote_container", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote",
        "OutlookMessageHeader", "zmail_extra",
    ]
    private static let quoteIDs: Set<String> = [
        "divRplyFwdMsg", "appendonsend", "stopSpelling", "OLK_SRC_BODY_SECTION",
        "mail-editor-reference-message-container",
    ]

    /// Takes out signatures that mail programs mark, and what stands behind a line of two hyphens.
    ///
    /// - Returns: Whether something was taken out.
    public func dropSignature() -> Bool {
        let marked = elements { node in
            node.hasClass(of: ["gmail_signature", "moz-signature", "protonmail_signature_block"])
                || node.attribute("data-smartmail") == "gmail_signature"
                || node.attribute("id").map { $0 == "Signature" || $0 == "ms-outlook-mobile-signature" } == true
        }
        var changed = remove(marked) { _ in false }
        guard
            let delimiter = textNodes().first(where: { node in
                let text = node.text.trimmedOfSpace
                return text == "--" && node.startsLine
            })
        else { return changed }
        var after: [xmlNodePtr] = []
        var next: xmlNodePtr? = delimiter
        while let node = next {
            after.append(node)
            next = node.pointee.next
        }
        changed = remove(after) { _ in false } || changed
        return changed
    }

    /// Takes nodes out unless nothing would be left; `goesOn` says of which the following siblings go along.
    private func remove(_ found: [xmlNodePtr], goesOn: (xmlNodePtr) -> Bool) -> Bool {
        guard !found.isEmpty else { return false }
        var doomed: [xmlNodePtr] = []
        for node in found {
            doomed.append(node)
            guard goesOn(node) else { continue }
            var next = node.pointee.next
            while let sibling = next {
                doomed.append(sibling)
                next = sibling.pointee.next
            }
        }
        let doomedSet = Set(doomed)
        func isDoomed(_ node: xmlNodePtr) -> Bool {
            var at: xmlNodePtr? = node
            while let current = at {
                if doomedSet.contains(current) { return true }
                at = current.pointee.parent
            }
            return false
        }
        let isAnythingLeft =
            textNodes().contains { !$0.text.trimmedOfSpace.isEmpty && !isDoomed($0) }
            || elements { $0.isNamed("img") }.contains { !isDoomed($0) }
        guard isAnythingLeft else { return false }
        for node in doomed where !(node.pointee.parent.map(isDoomed) ?? false) && doomedSet.contains(node) {
            detached.append(node)
        }
        for node in Set(detached) { xmlUnlinkNode(node) }
        for node in Set(detached) { xmlFreeNode(node) }
        detached = []
        return true
    }

    private var detached: [xmlNodePtr] = []

    /// An image of the fragment.
    public struct Image {
        /// Where its bytes are: an address, `cid:` or `data:`.
        public let source: String
        /// Its alternative text.
        public let alternative: String?
    }

    /// Offers each image's source and takes another one for it.
    ///
    /// - Returns: Whether one changed.
    public func rewriteImages(_ body: (Image) -> String?) -> Bool {
        var changed = false
        for node in elements({ $0.isNamed("img") }) {
            guard let source = node.attribute("src"),
                let other = body(Image(source: source, alternative: node.attribute("alt"))), other != source
            else { continue }
            node.set("src", other)
            changed = true
        }
        return changed
    }

    // MARK: Looking

    private func elements(_ isWanted: (xmlNodePtr) -> Bool) -> [xmlNodePtr] {
        var found: [xmlNodePtr] = []
        func visit(_ node: xmlNodePtr, _ depth: Int) {
            guard node.pointee.type == XML_ELEMENT_NODE, depth < Self.deepest else { return }
            if isWanted(node) { found.append(node) }
            for child in node.childNodes { visit(child, depth + 1) }
        }
        for node in nodes { visit(node, 0) }
        return found
    }

    private func textNodes() -> [xmlNodePtr] {
        var found: [xmlNodePtr] = []
        func visit(_ node: xmlNodePtr, _ depth: Int) {
            if node.isText { found.append(node) }
            guard node.pointee.type == XML_ELEMENT_NODE, depth < Self.deepest else { return }
            for child in node.childNodes { visit(child, depth + 1) }
        }
        for node in nodes { visit(node, 0) }
        return found
    }
}

typealias HTMLNode = xmlNodePtr

extension UnsafeMutablePointer where Pointee == xmlNode {
    var childNodes: [HTMLNode] {
        var nodes: [HTMLNode] = []
        var next = pointee.children
        while let node = next {
            nodes.append(node)
            next = node.pointee.next
        }
        return nodes
    }

    /// The element's name; the parser writes it in lower case.
    var name: String { pointee.name.map { String(cString: $0) } ?? "" }

    func isNamed(_ name: String) -> Bool { pointee.type == XML_ELEMENT_NODE && self.name == name }

    var isText: Bool { pointee.type == XML_TEXT_NODE || pointee.type == XML_CDATA_SECTION_NODE }

    var text: String { pointee.content.map { String(cString: $0) } ?? "" }

    /// The text's bytes, uncopied.
    func withText(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        guard let content = pointee.content else { return }
        body(UnsafeBufferPointer(start: content, count: Int(xmlStrlen(content))))
    }

    func child(named name: String) -> HTMLNode? { childNodes.first { $0.isNamed(name) } }

    func attribute(_ name: String) -> String? {
        guard let value = xmlGetProp(self, name) else { return nil }
        defer { deskferry_xml_free(value) }
        return String(cString: value)
    }

    func set(_ name: String, _ value: String) { xmlSetProp(self, name, value) }

    var attributes: [(name: String, value: String)] {
        var list: [(name: String, value: String)] = []
        var next = pointee.properties
        while let attribute = next {
            let name = attribute.pointee.name.map { String(cString: $0).lowercased() } ?? ""
            list.append((name, self.attribute(name) ?? ""))
            next = attribute.pointee.next
        }
        return list
    }

    func hasClass(of names: Set<String>) -> Bool {
        attribute("class")?.split(separator: " ").contains { names.contains(String($0)) } ?? false
    }

    /// Whether nothing stands before this node on its line.
    var startsLine: Bool {
        guard let before = pointee.prev else { return true }
        if before.isText, before.text.trimmedOfSpace.isEmpty { return before.startsLine }
        return before.isNamed("br") || HTMLNames.blocks.contains(before.name)
    }
}

/// Names of elements by what they do to text.
enum HTMLNames {
    static let blocks: Set<String> = [
        "p", "div", "ul", "ol", "li", "table", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "section",
        "article", "header", "footer", "hr", "dl", "dt", "dd", "thead", "tbody", "tfoot", "center", "address", "main",
        "aside", "nav", "figure", "figcaption", "details", "summary",
    ]
    /// Elements that go with all that is in them.
    static let silent: Set<String> = [
        "script", "style", "head", "template", "title", "noscript", "iframe", "object", "embed", "applet", "svg",
        "math",
        "form", "input", "button", "select", "option", "textarea", "link", "meta", "base", "frame", "frameset", "audio",
        "video", "source", "track", "canvas", "param",
    ]
    static let empty: Set<String> = ["br", "hr", "img", "col", "wbr", "area", "input", "link", "meta", "base"]
}

extension String {
    var trimmedOfSpace: String {
        var rest = self[...]
        while let first = rest.unicodeScalars.first, first.properties.isWhitespace { rest.removeFirst() }
        while let last = rest.unicodeScalars.last, last.properties.isWhitespace { rest.removeLast() }
        return String(rest)
    }
}
