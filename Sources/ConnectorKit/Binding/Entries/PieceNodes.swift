public import ConversationModel

/// One kind of piece of which a vendor makes a message up, told by the key that holds it: `{"text":{"content":"Hello"}}`.
public struct Piece: Sendable {
    enum Content: Sendable {
        case text([String])
        case file(Binding<Attachment>, takes: @Sendable (Attachment) -> Bool)
        case label([String], beside: [String]?)
        case list([String], inner: String?)
        case mail(subject: String, body: String)
    }

    let key: String
    let content: Content

    private init(_ path: Path, _ content: (_ inner: [String]) -> Content) {
        key = path.keys.first ?? ""
        self.content = content(Array(path.keys.dropFirst()))
    }

    /// Words of the message, at the end of a path: `text.content`.
    public static func text(_ path: Path) -> Piece { Piece(path) { .text($0) } }

    /// A file.
    ///
    /// - Parameters:
    ///   - key: Key that holds it.
    ///   - binding: What stands under it.
    ///   - takes: Which files are written so; the first kind of piece that takes a file writes it.
    /// - Returns: The piece.
    public static func file(
        _ key: Path, _ binding: Binding<Attachment>, takes: @escaping @Sendable (Attachment) -> Bool = { _ in true }
    ) -> Piece {
        Piece(key) { _ in .file(binding, takes: takes) }
    }

    /// Something that people see as a button: its label is read as a line of its own, `[Track order]`, with what is told
    /// beside it; only a message that came with it is written with it.
    public static func label(_ path: Path, beside other: String? = nil) -> Piece {
        Piece(path) { inner in .label(inner, beside: other.map { inner.dropLast() + [$0] }) }
    }

    /// A list of further pieces, or of objects that hold one under `inner`; written only where a message came with it.
    public static func list(_ path: Path, inner: String? = nil) -> Piece { Piece(path) { .list($0, inner: inner) } }

    /// A mail: its body is the message's HTML.
    public static func mail(_ key: Path, subject: String, body: String) -> Piece {
        Piece(key) { _ in .mail(subject: subject, body: body) }
    }
}

extension Rule where Root == Entry {
    /// What a message says, as a list of pieces: words and files.
    ///
    /// One piece of words in front and one a file behind is what is written. A list of any other shape is read too, its words
    /// as lines, and is written again as it came for as long as it still says what the entry says.
    ///
    /// - Parameters:
    ///   - path: Where the list stands; a text there is read as the JSON in it.
    ///   - pieces: The kinds of piece; the first one of words is written.
    ///   - offered: Key of a second list that offers answers, bound by ``offeredPieces(_:_:beside:)``.
    /// - Returns: The rule.
    public static func pieces(_ path: Path, _ pieces: [Piece], offered: String? = nil) -> Rule {
        Rule(path: path, content: .value { PiecesNode(PieceSet(pieces, path: $0), offered: offered) }).late
    }

    /// Answers that a message offers, as pieces: read as lines behind its words, and written only where they came so.
    public static func offeredPieces(_ path: Path, _ pieces: [Piece], beside words: String) -> Rule {
        Rule(path: path, content: .value { OfferedPiecesNode(PieceSet(pieces, path: $0), words: words) })
    }
}

/// What a message says, as pieces.
final class PiecesNode: ValueNode {
    private let pieces: PieceSet
    private let offered: String?
    let covers = [place(\Entry.text), place(\Entry.attachments)]
    let narrows = true

    init(_ pieces: PieceSet, offered: String?) {
        self.pieces = pieces
        self.offered = offered
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let reading = try pieces.read(view, run)
        let entry = root.assumingMemoryBound(to: Entry.self)
        // What the message offers was read before and stands behind its words.
        let offers = offered == nil ? nil : entry.pointee.text
        if offered != nil || reading.text != nil { entry.pointee.text = PieceText.joined(reading.text, offers) }
        entry.pointee.attachments = reading.files
        if let html = reading.html { entry.pointee.html = html }
        if let subject = reading.subject, !subject.isEmpty {
            var email = entry.pointee.email ?? EmailHeaders()
            email.subject = email.subject ?? subject
            entry.pointee.email = email
        }
        return reading.isPlain && offers == nil
    }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool {
        let entry = root.assumingMemoryBound(to: Entry.self)
        return entry.pointee.text == nil && entry.pointee.html == nil && entry.pointee.attachments.isEmpty
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        pieces.write(root.assumingMemoryBound(to: Entry.self).pointee, &out, run)
        return true
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let entry = root.assumingMemoryBound(to: Entry.self)
        for index in entry.pointee.attachments.indices { pieces.project(&entry.pointee.attachments[index], run) }
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let reading = try? pieces.read(view, run.comparing) else { return false }
        let entry = root.assumingMemoryBound(to: Entry.self)
        let offers = offered.flatMap { view.besideAtTop($0) }.flatMap { try? pieces.read($0, run.comparing) }
        return PieceText.joined(reading.text, offers?.text) == entry.pointee.text
            && reading.hasFiles(entry.pointee.attachments)
            && (entry.pointee.html == nil || entry.pointee.html == reading.html)
    }
}

/// Answers that a message offers.
final class OfferedPiecesNode: ValueNode {
    private let pieces: PieceSet
    private let words: String

    init(_ pieces: PieceSet, words: String) {
        self.pieces = pieces
        self.words = words
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let entry = root.assumingMemoryBound(to: Entry.self)
        entry.pointee.text = PieceText.joined(entry.pointee.text, try pieces.read(view, run).text)
        return false
    }

    // An entry does not say which of its words were offered as answers, so they are never written from it.
    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }
    func isEmpty(_ root: UnsafeRawPointer) -> Bool { true }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let offers = (try? pieces.read(view, run.comparing))?.text else { return true }
        let said = view.besideAtTop(words).flatMap { (try? pieces.read($0, run.comparing))?.text }
        return PieceText.joined(said, offers) == root.assumingMemoryBound(to: Entry.self).pointee.text
    }
}

enum PieceText {
    /// Two texts as lines of one.
    static func joined(_ a: String?, _ b: String?) -> String? {
        guard let a else { return b }
        guard let b else { return a }
        return a + "\n" + b
    }
}

extension JSONView {
    /// A member of the object at the top of the text that this value stands in; for values of extras, which are alone on
    /// their tape.
    func besideAtTop(_ key: String) -> JSONView? { at(1).member(key) }
}
