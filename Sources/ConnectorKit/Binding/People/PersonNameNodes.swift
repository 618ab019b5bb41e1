internal import ConversationModel

// A name that a vendor keeps in two fields. The neutral name is both with a blank between; written, it is cut at its first
// blank. Where the vendor cut it elsewhere, both fields are kept as they came for as long as they make up the name.

extension Rule {
    /// A person's name as given name and family name, each under a key of its own at the top of the record.
    ///
    /// Worked values: `Kim`, `Lee` is `Kim Lee`; `Ana María`, `Ruiz` is `Ana María Ruiz`, which is written to another vendor's
    /// records as `Ana`, `María Ruiz`; a name without a blank is a given name.
    ///
    /// - Parameters:
    ///   - first: Key of the given name.
    ///   - last: Key of the family name.
    ///   - property: The name.
    /// - Returns: Both rules.
    public static func name(
        first: String, last: String, _ property: WritableKeyPath<Root, String?>
    ) -> [Rule] {
        pieces(first, last, property, .person)
    }

    /// A file's name as stem and ending, each under a key of its own at the top of the record: `shot`, `png`.
    public static func fileName(
        _ stem: String, ending: String, _ property: WritableKeyPath<Root, String?>
    ) -> [Rule] {
        pieces(stem, ending, property, .file)
    }

    private static func pieces(
        _ first: String, _ last: String, _ property: WritableKeyPath<Root, String?>, _ form: NameForm
    ) -> [Rule] {
        let offset = place(property)
        return [
            Rule(
                path: Path([first]),
                content: .value { _ in NamePieceNode(offset, isLast: false, beside: last, form) }),
            Rule(
                path: Path([last]),
                content: .value { _ in NamePieceNode(offset, isLast: true, beside: first, form) }),
        ]
    }
}

/// A name in two pieces.
enum NameForm {
    /// Given name and family name, with a blank between.
    case person
    /// Stem and ending, with a dot between.
    case file

    var separator: Character { self == .person ? " " : "." }

    /// Both pieces as one name; an empty piece is none.
    func joined(_ first: String, _ last: String) -> String {
        if last.isEmpty { return first }
        return first.isEmpty ? last : first + String(separator) + last
    }

    /// A person's name cut at its first blank, a file's at its last dot; the pieces joined are always the name.
    func cut(_ name: String) -> (first: String, last: String) {
        let place = self == .person ? name.firstIndex(of: separator) : name.lastIndex(of: separator)
        guard let place else { return (name, "") }
        let first = String(name[..<place])
        let last = String(name[name.index(after: place)...])
        return first.isEmpty || last.isEmpty ? (name, "") : (first, last)
    }

    /// Whether two pieces are what their name would be cut into again.
    func cutsAgain(_ first: String, _ last: String) -> Bool {
        !(self == .person ? first : last).contains(separator)
    }
}

/// One piece of a name.
final class NamePieceNode: ValueNode {
    private let offset: Int
    private let isLast: Bool
    /// Key of the other piece.
    private let beside: String
    private let form: NameForm
    var covers: [Int] { [offset] }

    init(_ offset: Int, isLast: Bool, beside: String, _ form: NameForm) {
        self.form = form
        self.offset = offset
        self.isLast = isLast
        self.beside = beside
    }

    private func name(_ root: UnsafeRawPointer) -> String? {
        (root + offset).assumingMemoryBound(to: String?.self).pointee
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (text, exact) = try TextCodec.text.read(view)
        let field = (root + offset).assumingMemoryBound(to: String?.self)
        guard let text else {
            // A given name with a blank would be cut, and its rest written here.
            return exact && !(isLast && (field.pointee?.contains(form.separator) ?? false))
        }
        guard let other = field.pointee else {
            field.pointee = text
            return exact && !isLast && (form == .file || !text.contains(form.separator))
        }
        field.pointee = isLast ? form.joined(other, text) : form.joined(text, other)
        return exact && isLast && form.cutsAgain(other, text)
    }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool {
        guard let name = name(root) else { return true }
        return isLast && form.cut(name).last.isEmpty
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let name = name(root) else { return false }
        // The other piece may be kept as it came and say all of it.
        if let other = run.extras?.member(beside)?.scalarText, other == name { return false }
        let cut = form.cut(name)
        let piece = isLast ? cut.last : cut.first
        guard !piece.isEmpty else { return false }
        out.put(piece)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let mine = try? TextCodec.text.read(view).text ?? "" else { return false }
        let name = name(root) ?? ""
        let cut = form.cut(name)
        // The other piece was kept as it came, was not there, or is written from the name.
        if view.besideAtTop(beside) == nil, mine == name { return true }
        let other =
            view.besideAtTop(beside).map { (try? TextCodec.text.read($0).text ?? "") ?? "" }
            ?? (isLast ? cut.first : cut.last)
        return (isLast ? form.joined(other, mine) : form.joined(mine, other)) == name
    }
}
