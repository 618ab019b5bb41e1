/// Turns CommonMark into HTML: the part of it that people write in tickets.
///
/// Paragraphs, headings, quotes, lists, code, rules, pipe tables; emphasis, links, images, breaks. HTML in the text is
/// shown as text. Grammar: <https://spec.commonmark.org/0.31.2/>.
public enum Markdown {
    /// Quotes and lists nest at most this deep; deeper ones are text.
    static let deepest = 50

    /// The text as an HTML fragment.
    public static func html(of text: String) -> String {
        blocks(text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init), depth: 0)
    }

    // MARK: Blocks

    private static func blocks(_ lines: [String], depth: Int, isTight: Bool = false) -> String {
        var output = ""
        var paragraph: [String] = []
        var at = 0
        func flush() {
            guard !paragraph.isEmpty else { return }
            let text = MarkdownInline.html(of: paragraph.joined(separator: "\n"))
            output += isTight ? text : "<p>" + text + "</p>"
            paragraph = []
        }
        while at < lines.count {
            let line = lines[at]
            let indent = line.prefix { $0 == " " }.count
            let rest = line.dropFirst(indent)
            if rest.isEmpty {
                flush()
                at += 1
            } else if indent < 4, let fence = Fence(rest) {
                flush()
                var body: [String] = []
                at += 1
                while at < lines.count, !fence.isClosed(by: lines[at]) {
                    body.append(lines[at])
                    at += 1
                }
                at += 1
                let code = body.map { $0 + "\n" }.joined()
                output += "<pre><code>" + MarkdownInline.escaped(code) + "</code></pre>"
            } else if indent < 4, let (level, title) = heading(rest) {
                flush()
                output += "<h\(level)>" + MarkdownInline.html(of: title) + "</h\(level)>"
                at += 1
            } else if indent < 4, isRule(rest) {
                flush()
                output += "<hr>"
                at += 1
            } else if indent < 4, rest.hasPrefix(">"), depth < deepest {
                flush()
                var inner: [String] = []
                while at < lines.count, let quoted = unquoted(lines[at]) {
                    inner.append(quoted)
                    at += 1
                }
                output += "<blockquote>" + blocks(inner, depth: depth + 1) + "</blockquote>"
            } else if indent < 4, let marker = ListMarker(line), depth < deepest,
                paragraph.isEmpty || marker.interruptsText
            {
                flush()
                output += list(lines, &at, marker, depth: depth)
            } else if at + 1 < lines.count, rest.contains("|"), isTableRule(lines[at + 1]), paragraph.isEmpty {
                output += table(lines, &at)
            } else {
                paragraph.append(at == 0 || paragraph.isEmpty ? String(rest) : String(rest))
                at += 1
            }
        }
        flush()
        return output
    }

    private struct Fence {
        let mark: Character
        let count: Int

        init?(_ text: Substring) {
            guard let mark = text.first, mark == "`" || mark == "~" else { return nil }
            count = text.prefix { $0 == mark }.count
            guard count >= 3, mark == "~" || !text.dropFirst(count).contains("`") else { return nil }
            self.mark = mark
        }

        func isClosed(by line: String) -> Bool {
            let text = line.drop { $0 == " " }
            let run = text.prefix { $0 == mark }.count
            return run >= count && text.dropFirst(run).allSatisfy(\.isWhitespace)
        }
    }

    private static func heading(_ text: Substring) -> (Int, String)? {
        let level = text.prefix { $0 == "#" }.count
        guard (1...6).contains(level) else { return nil }
        let title = text.dropFirst(level)
        guard title.isEmpty || title.first == " " else { return nil }
        return (level, String(title).trimmedOfSpace)
    }

    private static func isRule(_ text: Substring) -> Bool {
        let marks = text.filter { !$0.isWhitespace }
        guard marks.count >= 3, let first = marks.first, "-*_".contains(first) else { return false }
        return marks.allSatisfy { $0 == first }
    }

    private static func unquoted(_ line: String) -> String? {
        let text = line.drop { $0 == " " }
        guard text.first == ">" else { return nil }
        let inner = text.dropFirst()
        return String(inner.first == " " ? inner.dropFirst() : inner)
    }

    private struct ListMarker {
        let isOrdered: Bool
        let start: Int
        let mark: Character
        /// Characters before the item's text.
        let width: Int
        let interruptsText: Bool

        init?(_ line: String) {
            let indent = line.prefix { $0 == " " }.count
            let text = line.dropFirst(indent)
            let digits = text.prefix { $0.isASCIIDigit }
            var rest: Substring
            if let first = text.first, "-*+".contains(first) {
                isOrdered = false
                start = 1
                mark = first
                rest = text.dropFirst()
            } else if !digits.isEmpty, digits.count < 10, let end = text.dropFirst(digits.count).first,
                ".)".contains(end)
            {
                isOrdered = true
                start = Int(digits) ?? 1
                mark = end
                rest = text.dropFirst(digits.count + 1)
            } else {
                return nil
            }
            let head = text.count - rest.count
            guard rest.isEmpty || rest.first == " " else { return nil }
            let blanks = min(rest.prefix { $0 == " " }.count, 4)
            width = indent + head + max(1, blanks)
            rest = rest.drop { $0 == " " }
            interruptsText = !rest.isEmpty && (!isOrdered || start == 1)
        }
    }

    private static func list(_ lines: [String], _ at: inout Int, _ first: ListMarker, depth: Int) -> String {
        var items: [[String]] = []
        var isLoose = false
        while at < lines.count, let marker = ListMarker(lines[at]), marker.mark == first.mark {
            var item = [String(lines[at].dropFirst(marker.width))]
            at += 1
            while at < lines.count {
                let line = lines[at]
                if line.allSatisfy(\.isWhitespace) {
                    // A blank line belongs to the item when more of the item or of the list follows.
                    guard at + 1 < lines.count else { break }
                    let next = lines[at + 1]
                    let isMore = next.prefix { $0 == " " }.count >= marker.width && !next.allSatisfy(\.isWhitespace)
                    let isNext = ListMarker(next).map { $0.mark == first.mark } ?? false
                    guard isMore || isNext else { break }
                    isLoose = true
                    item.append("")
                    at += 1
                } else if line.prefix(while: { $0 == " " }).count >= marker.width {
                    item.append(String(line.dropFirst(marker.width)))
                    at += 1
                } else {
                    break
                }
            }
            items.append(item)
        }
        let name = first.isOrdered ? "ol" : "ul"
        let start = first.isOrdered && first.start != 1 ? " start=\"\(first.start)\"" : ""
        let body = items.map { "<li>" + blocks($0, depth: depth + 1, isTight: !isLoose) + "</li>" }.joined()
        return "<\(name)\(start)>" + body + "</\(name)>"
    }

    // MARK: Tables

    private static func isTableRule(_ line: String) -> Bool {
        line.contains("-") && line.contains("|") && line.allSatisfy { "|-: ".contains($0) }
    }

    private static func cells(_ line: String) -> [String] {
        var cells: [String] = [""]
        var isEscaped = false
        for character in line.trimmedOfSpace.drop(while: { $0 == "|" }) {
            if character == "|", !isEscaped { cells.append("") } else { cells[cells.count - 1].append(character) }
            isEscaped = character == "\\" && !isEscaped
        }
        if cells.last?.trimmedOfSpace.isEmpty == true { cells.removeLast() }
        return cells.map(\.trimmedOfSpace)
    }

    private static func table(_ lines: [String], _ at: inout Int) -> String {
        let head = cells(lines[at])
        at += 2
        var output = "<table><thead><tr>" + head.map { "<th>" + MarkdownInline.html(of: $0) + "</th>" }.joined()
        output += "</tr></thead><tbody>"
        while at < lines.count, lines[at].contains("|") {
            output +=
                "<tr>" + cells(lines[at]).map { "<td>" + MarkdownInline.html(of: $0) + "</td>" }.joined() + "</tr>"
            at += 1
        }
        return output + "</tbody></table>"
    }
}

/// Text with marks inside one block.
enum MarkdownInline {
    static func html(of text: String) -> String {
        var parser = InlineParser(Array(text))
        return parser.html(until: parser.characters.count)
    }

    static func escaped(_ text: String) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
    }
}

private struct InlineParser {
    let characters: [Character]
    private var at = 0
    /// A hostile text can open marks without end; each is looked for no farther than this.
    private static let farthest = 10_000

    init(_ characters: [Character]) { self.characters = characters }

    mutating func html(until end: Int) -> String {
        var output = ""
        while at < end { output += next(end) }
        return output
    }

    private mutating func next(_ end: Int) -> String {
        let character = characters[at]
        switch character {
        case "\\" where at + 1 < end:
            let following = characters[at + 1]
            if following == "\n" {
                at += 2
                return "<br>"
            }
            guard following.isASCII, following.isPunctuation || following.isSymbol else { break }
            at += 2
            return MarkdownInline.escaped(String(following))
        case "\n":
            at += 1
            return "\n"
        case " ":
            let blanks = run(of: " ", end)
            if at + blanks < end, characters[at + blanks] == "\n" {
                at += blanks + 1
                return blanks >= 2 ? "<br>" : "\n"
            }
        case "`": if let code = code(end) { return code }
        case "*", "_", "~": if let marked = marked(character, end) { return marked }
        case "!" where at + 1 < end && characters[at + 1] == "[":
            if let image = link(end, isImage: true) { return image }
        case "[": if let link = link(end, isImage: false) { return link }
        case "<": if let link = autolink(end) { return link }
        default: break
        }
        at += 1
        return MarkdownInline.escaped(String(character))
    }

    private func run(of character: Character, _ end: Int, from start: Int? = nil) -> Int {
        var index = start ?? at
        let first = index
        while index < end, characters[index] == character { index += 1 }
        return index - first
    }

    private mutating func code(_ end: Int) -> String? {
        let width = run(of: "`", end)
        var index = at + width
        while index < min(end, at + Self.farthest) {
            guard characters[index] == "`" else {
                index += 1
                continue
            }
            let closing = run(of: "`", end, from: index)
            guard closing == width else {
                index += closing
                continue
            }
            var text = characters[(at + width)..<index].map { $0 == "\n" ? " " : $0 }
            if text.count > 2, text.first == " ", text.last == " ", text.contains(where: { $0 != " " }) {
                text = Array(text.dropFirst().dropLast())
            }
            at = index + width
            return "<code>" + MarkdownInline.escaped(String(text)) + "</code>"
        }
        at += width
        return String(repeating: "`", count: width)
    }

    private mutating func marked(_ mark: Character, _ end: Int) -> String? {
        let width = min(run(of: mark, end), 3)
        let start = at
        guard mark != "~" || width == 2, start + width < end, !characters[start + width].isWhitespace else {
            at += width
            return String(repeating: mark, count: width)
        }
        if mark == "_", start > 0, characters[start - 1].isLetter || characters[start - 1].isNumber {
            at += width
            return String(repeating: mark, count: width)
        }
        guard let close = closing(mark, width, from: start + width, end) else {
            at += width
            return String(repeating: mark, count: width)
        }
        at = start + width
        let inner = html(until: close)
        at = close + width
        switch (mark, width) {
        case ("~", _): return "<del>" + inner + "</del>"
        case (_, 1): return "<em>" + inner + "</em>"
        case (_, 2): return "<strong>" + inner + "</strong>"
        default: return "<em><strong>" + inner + "</strong></em>"
        }
    }

    private func closing(_ mark: Character, _ width: Int, from start: Int, _ end: Int) -> Int? {
        var index = start
        while index < min(end, start + Self.farthest) {
            switch characters[index] {
            case "\\": index += 2
            case "`":
                let ticks = run(of: "`", end, from: index)
                var close = index + ticks
                while close < end, !(characters[close] == "`" && run(of: "`", end, from: close) == ticks) { close += 1 }
                index = close < end ? close + ticks : index + ticks
            case mark:
                let found = run(of: mark, end, from: index)
                let isWordAfter =
                    mark == "_" && index + found < end
                    && (characters[index + found].isLetter || characters[index + found].isNumber)
                if found == width, !characters[index - 1].isWhitespace, !isWordAfter { return index }
                // A longer run closes an inner mark first.
                if found == 3, width < 3, !characters[index - 1].isWhitespace { return index + 3 - width }
                index += found
            default: index += 1
            }
        }
        return nil
    }

    private mutating func link(_ end: Int, isImage: Bool) -> String? {
        let open = at + (isImage ? 1 : 0)
        var depth = 0
        var index = open
        var close: Int?
        while index < min(end, open + Self.farthest) {
            switch characters[index] {
            case "\\": index += 1
            case "[": depth += 1
            case "]":
                depth -= 1
                if depth == 0 { close = index }
            default: break
            }
            if close != nil { break }
            index += 1
        }
        guard let close, close + 1 < end, characters[close + 1] == "(",
            let (address, after) = destination(from: close + 2, end)
        else { return nil }
        guard Address.isHarmless(address, images: isImage) else { return nil }
        let target = MarkdownInline.escaped(address)
        if isImage {
            at = after
            let alternative = unescaped(characters[(open + 1)..<close])
            return "<img src=\"" + target + "\" alt=\"" + MarkdownInline.escaped(alternative) + "\">"
        }
        at = open + 1
        let inner = html(until: close)
        at = after
        return "<a href=\"" + target + "\">" + inner + "</a>"
    }

    private func unescaped(_ text: ArraySlice<Character>) -> String {
        var output = ""
        var isEscaped = false
        for character in text {
            if character == "\\", !isEscaped {
                isEscaped = true
                continue
            }
            isEscaped = false
            output.append(character)
        }
        return output
    }

    private func destination(from start: Int, _ end: Int) -> (String, Int)? {
        var index = start
        var address = ""
        if index < end, characters[index] == "<" {
            index += 1
            while index < end, characters[index] != ">", characters[index] != "\n" {
                address.append(characters[index])
                index += 1
            }
            guard index < end, characters[index] == ">" else { return nil }
            index += 1
        } else {
            var depth = 0
            while index < end, !characters[index].isWhitespace {
                if characters[index] == "(" { depth += 1 }
                if characters[index] == ")" {
                    if depth == 0 { break }
                    depth -= 1
                }
                address.append(characters[index])
                index += 1
            }
        }
        // A title in quotes may follow; it is not kept.
        while index < end, characters[index] != ")" { index += 1 }
        guard index < end else { return nil }
        return (address, index + 1)
    }

    private mutating func autolink(_ end: Int) -> String? {
        var index = at + 1
        while index < min(end, at + 2000), characters[index] != ">", !characters[index].isWhitespace { index += 1 }
        guard index < end, characters[index] == ">" else { return nil }
        let text = String(characters[(at + 1)..<index])
        let isAddress = text.hasPrefix("http://") || text.hasPrefix("https://") || text.hasPrefix("mailto:")
        guard isAddress else { return nil }
        at = index + 1
        let safe = MarkdownInline.escaped(text)
        return "<a href=\"" + safe + "\">" + safe + "</a>"
    }
}
