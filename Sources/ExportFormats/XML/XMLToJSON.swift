internal import CXML2
internal import Glibc

/// Writes an element as JSON.
///
///     <a/>  <a>x</a>                        ""  "x"
///     <a nil="true"/>                       null
///     <a><b>1</b><c>2</c></a>               {"b":"1","c":"2"}
///     <a><b>1</b><b>2</b></a>               {"b":["1","2"]}
///     <a type="array"><b>1</b></a>          ["1"]
///     <a id="7">x</a>                       {"@id":"7","#text":"x"}
///
/// A record is an object always, with the name of its element as `@element`.
enum XMLToJSON {
    /// Appends a record; `false` when it is nested too deep.
    static func record(_ node: xmlNodePtr, deepest: Int, into output: inout OutputBytes) -> Bool {
        output.put("{\"@element\":\"")
        putName(node.pointee.name, node.pointee.ns, into: &output)
        output.put(Byte.quote)
        return members(node, isFirst: false, deepest: deepest, into: &output)
    }

    private static func value(_ node: xmlNodePtr, deepest: Int, into output: inout OutputBytes) -> Bool {
        guard deepest > 0 else { return false }
        let shape = Shape(node)
        if shape.isNil, !shape.hasElements {
            output.put("null")
            return true
        }
        if shape.isArray, !shape.hasAttributes {
            output.put(Byte.openBracket)
            var isFirst = true
            for child in elements(of: node) {
                if !isFirst { output.put(Byte.comma) }
                isFirst = false
                guard value(child, deepest: deepest - 1, into: &output) else { return false }
            }
            output.put(Byte.closeBracket)
            return true
        }
        guard shape.hasElements || shape.hasAttributes else {
            output.put(Byte.quote)
            putText(node, into: &output)
            output.put(Byte.quote)
            return true
        }
        output.put(Byte.openBrace)
        return members(node, isFirst: true, deepest: deepest, into: &output)
    }

    /// Attributes, text and children, and the closing brace.
    private static func members(
        _ node: xmlNodePtr, isFirst: Bool, deepest: Int, into output: inout OutputBytes
    ) -> Bool {
        var isFirst = isFirst
        func separate() {
            if !isFirst { output.put(Byte.comma) }
            isFirst = false
        }
        var attribute = node.pointee.properties
        while let current = attribute {
            attribute = current.pointee.next
            guard !isNil(current) else { continue }
            separate()
            output.put("\"@")
            putName(current.pointee.name, current.pointee.ns, into: &output)
            output.put("\":\"")
            putTexts(current.pointee.children, into: &output)
            output.put(Byte.quote)
        }
        let children = elements(of: node)
        if hasText(node, besideElements: !children.isEmpty) {
            separate()
            output.put("\"#text\":\"")
            putText(node, into: &output)
            output.put(Byte.quote)
        }
        var groups = NameGroups(children)
        for (index, child) in children.enumerated() where !groups.isTaken(index) {
            separate()
            output.put(Byte.quote)
            putName(child.pointee.name, child.pointee.ns, into: &output)
            output.put("\":")
            let same = groups.take(index)
            if same.isEmpty {
                guard value(child, deepest: deepest - 1, into: &output) else { return false }
                continue
            }
            output.put(Byte.openBracket)
            guard value(child, deepest: deepest - 1, into: &output) else { return false }
            for other in same {
                output.put(Byte.comma)
                guard value(children[other], deepest: deepest - 1, into: &output) else { return false }
            }
            output.put(Byte.closeBracket)
        }
        output.put(Byte.closeBrace)
        return true
    }

    // MARK: looking at nodes

    private struct Shape {
        var isNil = false
        var isArray = false
        var hasAttributes = false
        var hasElements = false

        init(_ node: xmlNodePtr) {
            var attribute = node.pointee.properties
            while let current = attribute {
                attribute = current.pointee.next
                if XMLToJSON.isNil(current) {
                    isNil = true
                } else if XMLToJSON.isAttribute(current, "type", "array") {
                    isArray = true
                } else {
                    hasAttributes = true
                }
            }
            var child = node.pointee.children
            while let current = child, !hasElements {
                hasElements = current.pointee.type == XML_ELEMENT_NODE
                child = current.pointee.next
            }
        }
    }

    private static func elements(of node: xmlNodePtr) -> [xmlNodePtr] {
        var elements: [xmlNodePtr] = []
        var child = node.pointee.children
        while let current = child {
            if current.pointee.type == XML_ELEMENT_NODE { elements.append(current) }
            child = current.pointee.next
        }
        return elements
    }

    private static func isNil(_ attribute: xmlAttrPtr) -> Bool {
        isAttribute(attribute, "nil", "true") || isAttribute(attribute, "nil", "1")
    }

    private static func isAttribute(_ attribute: xmlAttrPtr, _ name: StaticString, _ value: StaticString) -> Bool {
        guard let text = attribute.pointee.children?.pointee.content else { return false }
        return isEqual(attribute.pointee.name, name) && isEqual(text, value)
    }

    private static func isEqual(_ text: UnsafePointer<xmlChar>?, _ other: StaticString) -> Bool {
        guard let text else { return false }
        return other.withUTF8Buffer { isEqual(text, $0) }
    }

    static func isEqual(_ text: UnsafePointer<xmlChar>, _ other: some Collection<UInt8>) -> Bool {
        var at = 0
        for byte in other {
            guard text[at] == byte else { return false }
            at += 1
        }
        return text[at] == 0
    }

    private static func hasText(_ node: xmlNodePtr, besideElements: Bool) -> Bool {
        var child = node.pointee.children
        while let current = child {
            child = current.pointee.next
            let isText = current.pointee.type == XML_TEXT_NODE || current.pointee.type == XML_CDATA_SECTION_NODE
            guard isText, var text = current.pointee.content, text.pointee != 0 else { continue }
            if !besideElements { return true }
            while Byte.isBlank(text.pointee) { text += 1 }
            if text.pointee != 0 { return true }
        }
        return false
    }

    // MARK: text

    private static func putText(_ node: xmlNodePtr, into output: inout OutputBytes) {
        putTexts(node.pointee.children, into: &output)
    }

    private static func putTexts(_ first: xmlNodePtr?, into output: inout OutputBytes) {
        var node = first
        while let current = node {
            let isText = current.pointee.type == XML_TEXT_NODE || current.pointee.type == XML_CDATA_SECTION_NODE
            if isText, let content = current.pointee.content {
                output.put(escaping: UnsafeBufferPointer(start: content, count: bytes(content)))
            }
            node = current.pointee.next
        }
    }

    private static func putName(
        _ name: UnsafePointer<xmlChar>?, _ namespace: xmlNsPtr?, into output: inout OutputBytes
    ) {
        if let prefix = namespace?.pointee.prefix {
            output.put(prefix, bytes(prefix))
            output.put(Byte.colon)
        }
        if let name { output.put(name, bytes(name)) }
    }

    static func text(_ name: UnsafePointer<xmlChar>) -> String {
        String(decoding: UnsafeBufferPointer(start: name, count: bytes(name)), as: UTF8.self)
    }

    private static func bytes(_ text: UnsafePointer<xmlChar>) -> Int {
        strlen(UnsafeRawPointer(text).assumingMemoryBound(to: CChar.self))
    }
}

/// Which children of an element share a name; the parser keeps each name once, so equal names are equal pointers.
private struct NameGroups {
    private var following: [Int: [Int]] = [:]
    private var taken: Set<Int> = []

    init(_ children: [xmlNodePtr]) {
        guard children.count > 1 else { return }
        var first: [Key: Int] = [:]
        first.reserveCapacity(children.count)
        for (index, child) in children.enumerated() {
            let key = Key(name: child.pointee.name, prefix: child.pointee.ns?.pointee.prefix)
            if let earlier = first[key] {
                following[earlier, default: []].append(index)
                taken.insert(index)
            } else {
                first[key] = index
            }
        }
    }

    private struct Key: Hashable {
        let name: UnsafePointer<xmlChar>?
        let prefix: UnsafePointer<xmlChar>?
    }

    func isTaken(_ index: Int) -> Bool { !taken.isEmpty && taken.contains(index) }

    mutating func take(_ index: Int) -> [Int] { following.isEmpty ? [] : following[index] ?? [] }
}
