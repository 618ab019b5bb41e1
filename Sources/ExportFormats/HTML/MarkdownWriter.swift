internal import CXML2

extension HTMLTree {
    /// The fragment as CommonMark; tables as pipe tables; what Markdown has no sign for is written as its text.
    public var markdown: String { MarkdownWriter.blocks(nodes, depth: 0).joined(separator: "\n\n") }
}

/// Writes a tree as CommonMark, block by block.
private enum MarkdownWriter {
    static func blocks(_ nodes: [HTMLNode], depth: Int) -> [String] {
        guard depth < HTMLTree.deepest else { return [] }
        var output: [String] = []
        var inline = MarkdownLine()
        func flush() {
            let line = inline.finish()
            if !line.isEmpty { output.append(line) }
            inline = MarkdownLine()
        }
        for node in nodes {
            guard !node.isText, HTMLNames.blocks.contains(node.name) || HTMLNames.silent.contains(node.name) else {
                // A container of blocks that is no block itself, such as a link round a table.
                if !node.isText, node.childNodes.contains(where: { HTMLNames.blocks.contains($0.name) }) {
                    flush()
                    output += blocks(node.childNodes, depth: depth + 1)
                } else {
                    inline.add(node, depth: depth)
                }
                continue
            }
            if HTMLNames.silent.contains(node.name) { continue }
            flush()
            output += block(node, depth: depth)
        }
        flush()
        return output
    }

    private static func block(_ node: HTMLNode, depth: Int) -> [String] {
        let children = node.childNodes
        switch node.name {
        case "h1", "h2", "h3", "h4", "h5", "h6":
            var line = MarkdownLine()
            for child in children { line.add(child, depth: depth + 1) }
            let text = line.finish().replacingLineEnds(with: " ")
            let level = Int(node.name.dropFirst()) ?? 1
            return text.isEmpty ? [] : [String(repeating: "#", count: level) + " " + text]
        case "hr": return ["---"]
        case "pre": return [fenced(node)]
        case "blockquote":
            let inner = blocks(children, depth: depth + 1).joined(separator: "\n\n")
            guard !inner.isEmpty else { return [] }
            return [inner.lines.map { $0.isEmpty ? ">" : "> " + $0 }.joined(separator: "\n")]
        case "ul", "ol": return list(node, depth: depth)
        case "table": return table(node, depth: depth)
        default: return blocks(children, depth: depth + 1)
        }
    }

    private static func fenced(_ node: HTMLNode) -> String {
        var text = ""
        func gather(_ node: HTMLNode, _ depth: Int) {
            if node.isText { text += node.text }
            if node.isNamed("br") { text += "\n" }
            guard depth < HTMLTree.deepest else { return }
            for child in node.childNodes { gather(child, depth + 1) }
        }
        gather(node, 0)
        while text.hasSuffix("\n") { text.removeLast() }
        while text.hasPrefix("\n") { text.removeFirst() }
        var fence = "```"
        while text.contains(fence) { fence += "`" }
        return fence + "\n" + text + "\n" + fence
    }

    private static func list(_ node: HTMLNode, depth: Int) -> [String] {
        var number = node.attribute("start").flatMap { Int($0) } ?? 1
        var items: [String] = []
        for item in node.childNodes where !item.isText && !item.name.isEmpty {
            let inner =
                item.isNamed("li") ? blocks(item.childNodes, depth: depth + 1) : blocks([item], depth: depth + 1)
            let mark = node.name == "ol" ? "\(number). " : "- "
            number += 1
            let indent = String(repeating: " ", count: mark.count)
            let isLoose = item.childNodes.contains { $0.isNamed("p") }
            let text = inner.joined(separator: isLoose ? "\n\n" : "\n")
            let lines = text.lines.enumerated().map {
                $0.offset == 0 || $0.element.isEmpty ? $0.element : indent + $0.element
            }
            items.append(mark + lines.joined(separator: "\n"))
        }
        return items.isEmpty ? [] : [items.joined(separator: "\n")]
    }

    private static func table(_ node: HTMLNode, depth: Int) -> [String] {
        var rows: [[String]] = []
        func gather(_ node: HTMLNode, _ depth: Int) {
            guard depth < HTMLTree.deepest else { return }
            for child in node.childNodes {
                guard child.isNamed("tr") else {
                    if !child.isText { gather(child, depth + 1) }
                    continue
                }
                rows.append(
                    child.childNodes.filter { $0.isNamed("td") || $0.isNamed("th") }.map { cell in
                        blocks(cell.childNodes, depth: depth + 1).joined(separator: " ").replacingLineEnds(with: " ")
                    })
            }
        }
        gather(node, depth)
        let width = rows.map(\.count).max() ?? 0
        guard width > 0 else { return [] }
        // Tables of one column are layout, not data.
        if width == 1 { return rows.flatMap { $0 }.filter { !$0.isEmpty } }
        func line(_ cells: [String]) -> String {
            let padded = cells.map {
                $0.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
            }
            return "| " + (padded + Array(repeating: "", count: width - cells.count)).joined(separator: " | ") + " |"
        }
        let rule = "| " + Array(repeating: "---", count: width).joined(separator: " | ") + " |"
        return [([line(rows[0]), rule] + rows.dropFirst().map(line)).joined(separator: "\n")]
    }
}

/// One paragraph: text with marks, white space folded as in a browser.
private struct MarkdownLine {
    private var output = ""
    private var pendingSpace = false

    mutating func add(_ node: HTMLNode, depth: Int) {
        guard depth < HTMLTree.deepest else { return }
        if node.isText {
            add(text: node.text)
            return
        }
        guard !node.name.isEmpty, !HTMLNames.silent.contains(node.name) else { return }
        switch node.name {
        case "br":
            pendingSpace = false
            output += "\\\n"
        case "strong", "b": marked("**", node, depth)
        case "em", "i": marked("*", node, depth)
        case "s", "del", "strike": marked("~~", node, depth)
        case "code", "tt", "kbd", "samp":
            let text = Self.plain(node, depth).replacingLineEnds(with: " ")
            guard !text.isEmpty else { return }
            var fence = "`"
            while text.contains(fence) { fence += "`" }
            let pad = text.hasPrefix("`") || text.hasSuffix("`") ? " " : ""
            space()
            output += fence + pad + text + pad + fence
        case "img":
            guard let source = node.attribute("src") else { return }
            space()
            output += "![" + Self.escaped(node.attribute("alt") ?? "") + "](" + Self.destination(source) + ")"
        case "a":
            guard let address = node.attribute("href"), !address.isEmpty else { return each(node, depth) }
            var inner = MarkdownLine()
            for child in node.childNodes { inner.add(child, depth: depth + 1) }
            let text = inner.finish()
            space()
            output += text.isEmpty ? "" : "[" + text + "](" + Self.destination(address) + ")"
        default: each(node, depth)
        }
    }

    private mutating func each(_ node: HTMLNode, _ depth: Int) {
        for child in node.childNodes { add(child, depth: depth + 1) }
    }

    /// Marks hold no blanks at their ends; those move outside.
    private mutating func marked(_ mark: String, _ node: HTMLNode, _ depth: Int) {
        var inner = MarkdownLine()
        for child in node.childNodes { inner.add(child, depth: depth + 1) }
        let opens = inner.output.isEmpty && inner.pendingSpace
        let closes = inner.pendingSpace
        let first = Self.plain(node, depth).unicodeScalars.first
        let text = inner.finish()
        guard !text.isEmpty else {
            if opens { pendingSpace = true }
            return
        }
        if first.map({ $0.properties.isWhitespace }) ?? false { pendingSpace = true }
        space()
        output += mark + text + mark
        if closes { pendingSpace = true }
    }

    private mutating func space() {
        if pendingSpace, !output.isEmpty, !output.hasSuffix("\n") { output += " " }
        pendingSpace = false
    }

    private mutating func add(text: String) {
        for scalar in text.unicodeScalars {
            if scalar == " " || scalar == "\n" || scalar == "\t" || scalar == "\r" {
                pendingSpace = true
                continue
            }
            space()
            let startsLine = output.isEmpty || output.hasSuffix("\n")
            switch scalar {
            case "\\", "`", "*", "_", "[", "]", "<", "~": output += "\\"
            case "#", ">", "+", "-", "=", "|":
                if startsLine { output += "\\" }
            case "&": output += "\\"
            case ".", ")":
                // A line that begins with a number and a point would be a list.
                let line = output.reversed().prefix { $0 != "\n" }
                if !line.isEmpty, line.count < 10, line.allSatisfy(\.isASCIIDigit) { output += "\\" }
            default: break
            }
            output.unicodeScalars.append(scalar)
        }
    }

    /// The line without breaks at its ends.
    func finish() -> String {
        var text = output[...]
        while text.hasSuffix("\\\n") { text = text.dropLast(2) }
        while text.hasPrefix("\\\n") { text = text.dropFirst(2) }
        return String(text)
    }

    static func escaped(_ text: String) -> String {
        var line = MarkdownLine()
        line.add(text: text)
        return line.finish()
    }

    private static func destination(_ address: String) -> String {
        let isPlain =
            !address.isEmpty
            && address.unicodeScalars.allSatisfy { $0.value > 0x20 && $0 != "(" && $0 != ")" && $0 != "<" }
        if isPlain { return address }
        let safe = address.unicodeScalars.map { scalar in
            switch scalar {
            case "<": "%3C"
            case ">": "%3E"
            case "\n", "\r": "%0A"
            default: String(scalar)
            }
        }
        return "<" + safe.joined() + ">"
    }

    private static func plain(_ node: HTMLNode, _ depth: Int) -> String {
        if node.isText { return node.text }
        guard depth < HTMLTree.deepest else { return "" }
        return node.childNodes.map { plain($0, depth + 1) }.joined()
    }
}

extension Character {
    var isASCIIDigit: Bool { isASCII && isNumber }
}

extension String {
    var lines: [String] { split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }

    func replacingLineEnds(with text: String) -> String {
        split(whereSeparator: \.isNewline).map { $0.hasSuffix("\\") ? String($0.dropLast()) : String($0) }
            .joined(separator: text)
    }
}
