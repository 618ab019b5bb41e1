/// Cuts what mail programs put under a reply from plain text, line by line.
enum PlainText {
    /// The text without the mail that it answers; `nil` when there is none or nothing else.
    ///
    /// Taken out: a last block of lines with `>` and the line that introduces it; everything from a line such as
    /// `-----Original Message-----`, or from a head with `From:` and two more of its lines.
    static func withoutQuotedHistory(_ text: String) -> String? {
        guard text.utf8.contains(UInt8(ascii: ">")) || text.utf8.contains(UInt8(ascii: ":")) else {
            return text.contains("-----") ? cut(lines(text)) : nil
        }
        return cut(lines(text))
    }

    private static func cut(_ lines: [Substring]) -> String? {
        var end = lines.count
        for index in lines.indices where opensHistory(lines, at: index) {
            end = index
            break
        }
        var last = end
        var quoted = 0
        while last > 0 {
            let line = lines[last - 1].drop { $0 == " " }
            if line.first == ">" { quoted += 1 } else if !line.isEmpty { break }
            last -= 1
        }
        if quoted > 0 {
            end = last
            // "On Monday, Ana wrote:", often broken over two lines.
            if end > 0, lines[end - 1].trimmedEnd.hasSuffix(":") {
                end -= 1
                if end > 0, !lines[end - 1].trimmedEnd.isEmpty, end == 1 || lines[end - 2].trimmedEnd.isEmpty,
                    lines[end].trimmedEnd.count < 60
                {
                    end -= 1
                }
            }
        }
        return end == lines.count ? nil : rest(lines[..<end])
    }

    private static func opensHistory(_ lines: [Substring], at index: Int) -> Bool {
        let line = lines[index].trimmedEnd
        if line.hasPrefix("-----"), line.hasSuffix("-----"), line.contains(where: \.isLetter) { return true }
        guard line.hasPrefix("From:") || line.hasPrefix("*From:*") else { return false }
        let head = lines[(index + 1)..<min(lines.count, index + 6)]
        let names = ["Sent:", "Date:", "To:", "Subject:", "Cc:", "*Sent:*", "*Date:*", "*To:*", "*Subject:*"]
        return head.count { line in names.contains { line.hasPrefix($0) } } >= 2
    }

    /// The text without what stands behind a line of two hyphens; `nil` when there is no such line or nothing before it.
    ///
    /// Source: <https://www.rfc-editor.org/rfc/rfc3676#section-4.3>; the blank behind the hyphens is often lost.
    static func withoutSignature(_ text: String) -> String? {
        guard text.contains("--") else { return nil }
        let lines = lines(text)
        guard let index = lines.lastIndex(where: { $0 == "-- " || $0 == "--" }), index > 0 else { return nil }
        return rest(lines[..<index])
    }

    private static func lines(_ text: String) -> [Substring] {
        text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    }

    private static func rest(_ lines: ArraySlice<Substring>) -> String? {
        var lines = lines
        while let line = lines.last, line.trimmedEnd.isEmpty || line.allSatisfy({ $0 == "_" }) { lines.removeLast() }
        guard lines.contains(where: { !$0.trimmedEnd.isEmpty }) else { return nil }
        return lines.joined(separator: "\n")
    }
}

extension Substring {
    fileprivate var trimmedEnd: Substring {
        var rest = self
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return rest
    }
}
