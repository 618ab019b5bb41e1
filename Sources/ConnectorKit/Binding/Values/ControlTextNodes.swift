public import ConversationModel

extension Rule where Root == Entry {
    /// Words of a chat, as they are or inside the JSON of a control; of a control the words that people saw are taken.
    ///
    /// - Parameters:
    ///   - path: Where they stand.
    ///   - keys: Members of a control that hold words, the best first.
    /// - Returns: The rule.
    public static func controlText(_ path: Path, keys: [String]) -> Rule {
        Rule(path: path, content: .value { _ in ControlTextNode(keys) })
    }
}

extension Rule where Root == Attachment {
    /// SHA-256 of a file in hex; digests of other lengths stay what the vendor's they are.
    public static func sha256(_ path: Path) -> Rule {
        Rule(path: path, content: .value { _ in DigestNode() })
    }
}

/// Words of a chat.
final class ControlTextNode: ValueNode {
    private let text = place(\Entry.text)
    let keys: [String]
    var covers: [Int] { [text] }
    let narrows = true

    init(_ keys: [String]) { self.keys = keys }

    private func words(_ view: JSONView) -> (text: String?, exact: Bool) {
        guard !view.isNull else { return (nil, true) }
        guard let whole = (view.isObject ? Box.content(view) : view)?.scalarText, !whole.isEmpty else {
            return (nil, false)
        }
        guard let first = whole.utf8.first, first == UInt8(ascii: "{") || first == UInt8(ascii: "["),
            let parser = try? JSONParser(), let control = try? parser.parse(whole), let text = shown(control)
        else { return (whole, view.isString) }
        return (text, false)
    }

    private func shown(_ view: JSONView) -> String? {
        if view.isArray {
            var lines: [String] = []
            view.forEachElement { if let text = shown($0) { lines.append(text) } }
            return lines.isEmpty ? nil : lines.joined(separator: "\n")
        }
        for key in keys {
            guard let member = view.member(key) else { continue }
            if member.isString, !member.bytes.isEmpty { return member.string }
            if let text = shown(member) { return text }
        }
        return nil
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (words, exact) = words(view)
        if let words { (root + text).assumingMemoryBound(to: String?.self).pointee = words }
        return exact
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let words = (root + text).assumingMemoryBound(to: String?.self).pointee else { return false }
        out.put(words)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        words(view).text == (root + text).assumingMemoryBound(to: String?.self).pointee
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let field = (root + text).assumingMemoryBound(to: String?.self)
        guard let words = field.pointee, let clean = CellText.cleaned(words) else { return }
        field.pointee = clean
        run.note(name, .converted, "characters that XML cannot hold")
    }
}

/// A digest of a file.
final class DigestNode: ValueNode {
    private let sha256 = place(\Attachment.sha256)
    var covers: [Int] { [sha256] }

    private func read(_ view: JSONView) -> String? {
        guard let text = (view.isObject ? Box.content(view) : view)?.scalarText, text.utf8.count == 64,
            text.allSatisfy(\.isHexDigit)
        else { return nil }
        return text.lowercased()
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        guard let digest = read(view) else { return false }
        (root + sha256).assumingMemoryBound(to: String?.self).pointee = digest
        return view.isString && view.string == digest
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let digest = (root + sha256).assumingMemoryBound(to: String?.self).pointee else { return false }
        out.put(digest)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        // A row that says none, or one of another kind, is left as it is: its content tells.
        guard let said = read(view) else { return true }
        return said == (root + sha256).assumingMemoryBound(to: String?.self).pointee
    }
}

extension Rule where Root == Entry {
    /// A flag that says whether the author is of one kind; false says the requester's side where nothing else tells.
    public static func authorFlag(_ path: Path, _ kind: Author.Kind) -> Rule {
        Rule(path: path, content: .value { _ in AuthorFlagNode(kind) })
    }
}

/// A flag for one kind of author.
final class AuthorFlagNode: ValueNode {
    private let kind = place(\Entry.author.kind)
    let flagged: Author.Kind
    var covers: [Int] { [kind] }

    init(_ flagged: Author.Kind) { self.flagged = flagged }

    private func flag(_ view: JSONView) -> Bool? {
        switch (view.isObject ? Box.content(view) : view)?.scalarText?.lowercased() {
        case "true", "1": true
        case "false", "0": false
        default: nil
        }
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        guard let flag = flag(view) else { return false }
        let field = (root + kind).assumingMemoryBound(to: Author.Kind.self)
        // A bot acts as an agent too.
        if flag, field.pointee != .bot { field.pointee = flagged }
        if !flag, field.pointee == .system { field.pointee = .contact }
        return false
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        out.put((root + kind).assumingMemoryBound(to: Author.Kind.self).pointee == flagged ? "true" : "false")
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        let mine = (root + kind).assumingMemoryBound(to: Author.Kind.self).pointee
        guard let flag = flag(view) else { return true }
        return flag ? mine == flagged || mine == .bot : mine != flagged
    }
}
