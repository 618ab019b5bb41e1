/// Names by which the columns of a CSV file go, where a platform spells them in more than one way.
public struct ColumnNames: Sendable, Hashable {
    /// Names as they are used, by the spellings that mean them, lower case with `_` for blanks.
    private let meanings: [String: String]
    private let isLoose: Bool

    /// Leaves names as they are.
    public init() {
        meanings = [:]
        isLoose = false
    }

    /// Makes names lower case with `_` for blanks, and gives those of known spellings the name that is used.
    ///
    /// - Parameter spellings: Other spellings of a column, by its name.
    public init(_ spellings: [String: [String]]) {
        var meanings: [String: String] = [:]
        for (name, others) in spellings { for other in others { meanings[other] = name } }
        self.meanings = meanings
        isLoose = true
    }

    /// The names that a header's cells go by; where a column has its own name and another spelling of it, the name wins.
    public func names(_ header: [String]) -> [String] {
        guard isLoose else { return header }
        let plain = header.map { cell in
            String(String.UnicodeScalarView(cell.lowercased().unicodeScalars.map { $0 == " " || $0 == "-" ? "_" : $0 }))
        }
        var taken = Set(plain)
        return plain.map { name in
            guard let meaning = meanings[name], taken.insert(meaning).inserted else { return name }
            return meaning
        }
    }
}
