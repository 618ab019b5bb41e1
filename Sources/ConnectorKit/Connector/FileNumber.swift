/// The number in a file's path that says which record the file's records belong to.
enum FileNumber {
    enum Token: Equatable {
        case word(String)
        case number(String)
    }

    /// The number of the record of an export that a path names; `nil` where it names none, or several that may be meant.
    ///
    /// The number behind the export's name counts before all others, so that pages may have numbers of their own:
    /// `tickets/4014/comments-2.json`, `ticket-4014-page-2.json`. Without it the file's name or else its folders' must have
    /// just one: `comments-4014.json`, `4014/comments.json`.
    static func of(_ export: String, inPath path: String) -> String? {
        let parts = path.lowercased().split { $0 == "/" || $0 == "!" }.map(tokens)
        let names = [export, export.hasSuffix("s") ? String(export.dropLast()) : export].map(Token.word)
        for (index, part) in parts.enumerated().reversed() {
            if index > 0, part.count == 1, case .number(let number) = part[0], parts[index - 1].count == 1,
                names.contains(parts[index - 1][0])
            {
                return number
            }
            for (place, token) in part.enumerated().dropLast() where names.contains(token) {
                // Several numbers in a row are a date, or a page of something.
                let isSeveral = place + 2 < part.count && part[place + 2].isNumber
                if case .number(let number) = part[place + 1], !isSeveral { return number }
            }
        }
        let numbers = parts.map { $0.compactMap(\.text) }
        guard let file = numbers.last else { return nil }
        // A folder that is a number speaks for its files, unless these have numbers too.
        let folders = parts.dropLast().filter { $0.count == 1 && $0[0].isNumber }.compactMap { $0[0].text }
        if file.count == 1 { return folders.isEmpty ? file[0] : nil }
        return file.isEmpty && folders.count == 1 ? folders[0] : nil
    }

    /// The runs of letters and of digits in a name, without its ending.
    private static func tokens(_ name: Substring) -> [Token] {
        let stem = name.prefix { $0 != "." }
        var tokens: [Token] = []
        for run in stem.split(whereSeparator: { !$0.isLetter && !($0.isASCII && $0.isNumber) }) {
            var rest = run
            while let first = rest.first {
                let taken = rest.prefix { $0.isNumber == first.isNumber }
                tokens.append(first.isNumber ? .number(String(taken)) : .word(String(taken)))
                rest = rest.dropFirst(taken.count)
            }
        }
        return tokens
    }
}

extension FileNumber.Token {
    fileprivate var text: String? { if case .number(let text) = self { text } else { nil } }
    fileprivate var isNumber: Bool { text != nil }
}
