public import ConversationModel

/// How a vendor's ids of authors tell what kind of author it is: by their beginning.
public struct ActorForm: Sendable {
    /// One kind of id.
    public struct Row: Sendable {
        let prefix: String
        let kind: Author.Kind
        /// What stands behind the prefix.
        let rest: Rest

        /// What stands behind the prefix of an id.
        public enum Rest: Sendable {
            /// The person's own id.
            case id
            /// The person's address; there is no id.
            case email
            /// Nothing of interest: the whole is the id.
            case whole
            /// Nobody: the platform itself.
            case nobody
            /// Nothing: the prefix is the whole id, and of a contact it means the conversation's requester.
            case word
        }

        /// Creates a row.
        public init(_ prefix: String, _ kind: Author.Kind, _ rest: Rest) {
            self.prefix = prefix
            self.kind = kind
            self.rest = rest
        }
    }

    let rows: [Row]
    /// What stands for the platform itself.
    let system: String
    /// Whether a name stands for somebody who has no id.
    let writesNames: Bool

    /// Creates a form.
    ///
    /// - Parameters:
    ///   - rows: The kinds of id; the first that fits an author is written.
    ///   - system: The id of the platform itself.
    ///   - writesNames: Whether a name stands for somebody who has no id, as no other place says it.
    public init(_ rows: [Row], system: String, writesNames: Bool = true) {
        self.rows = rows
        self.system = system
        self.writesNames = writesNames
    }

    /// The author that an id means; `nil` for one that no row knows.
    func author(_ id: String) -> Author? {
        guard
            let row = rows.first(where: { row in
                if case .word = row.rest { return id == row.prefix }
                return id.hasPrefix(row.prefix) && id.utf8.count > row.prefix.utf8.count
            })
        else { return nil }
        let rest = String(id.dropFirst(row.prefix.count))
        return switch row.rest {
        case .id: Author(row.kind, id: rest)
        case .email: Author(row.kind, email: rest)
        case .whole: Author(row.kind, id: id)
        case .nobody, .word: Author(row.kind)
        }
    }

    /// The id of an author; `requester` is the conversation's.
    func id(of author: Author, requester: String? = nil) -> String {
        if author.kind == .system { return system }
        var author = author
        if author.kind == .contact, author.id == requester, let word = rows.first(where: \.isRequester) {
            return word.prefix
        }
        // Somebody whose id has no form is still told apart by a word.
        if !rows.contains(where: { $0.kind == author.kind && !$0.isWord }) { author.id = nil }
        for row in rows where row.kind == author.kind {
            switch row.rest {
            case .id: if let id = author.id { return row.prefix + id }
            case .email: if author.id == nil, let email = author.email { return row.prefix + email }
            case .whole: if let id = author.id, id.hasPrefix(row.prefix) { return id }
            case .nobody: break
            case .word: if author.id == nil { return row.prefix }
            }
        }
        return writesNames ? author.name ?? system : system
    }
}

extension ActorForm.Row {
    fileprivate var isWord: Bool { if case .word = rest { true } else { false } }
    fileprivate var isRequester: Bool { isWord && kind == .contact }
}

extension Rule where Root == Entry {
    /// The author as an id whose beginning tells the kind.
    public static func actor(_ path: Path, _ form: ActorForm) -> Rule {
        Rule(path: path, content: .value { ActorNode(form, path: $0) })
    }

    /// The author once more, as the first of a list of objects that also say a name.
    ///
    /// - Parameters:
    ///   - path: Where the list stands.
    ///   - key: Key of the id.
    ///   - name: Key of the name.
    ///   - form: How ids tell the kind.
    ///   - mail: How an element says the address that a mail came from, where it does.
    ///   - writes: Which entries have such a list; others have an empty one.
    /// - Returns: The rule.
    public static func actors(
        _ path: Path, key: String, name: String, _ form: ActorForm, mail: MailParties? = nil,
        writes: @escaping @Sendable (Entry) -> Bool
    ) -> Rule {
        Rule(
            path: path,
            content: .value { _ in ActorListNode(form, key: key, name: name, mail: mail, writes: writes) }
        ).late
    }
}

/// An author as an id whose beginning tells the kind.
final class ActorNode: ValueNode {
    private let author = place(\Entry.author)
    private let form: ActorForm
    private let path: String
    let covers = [place(\Entry.author.id), place(\Entry.author.kind), place(\Entry.author.email)]
    let narrows = true

    init(_ form: ActorForm, path: String) {
        self.form = form
        self.path = path
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        guard let id = try TextCodec.text.read(view).text else { return false }
        let field = (root + author).assumingMemoryBound(to: Author.self)
        guard var found = form.author(id) else {
            run.noteUnknown(path, view)
            field.pointee = Author(.system, name: id)
            return false
        }
        run.toldOfAuthor = .author
        found.name = field.pointee.name
        field.pointee = found
        return form.id(of: found) == id
    }

    // Where names stand elsewhere, silence says that it was the platform itself.
    func isEmpty(_ root: UnsafeRawPointer) -> Bool {
        let mine = (root + author).assumingMemoryBound(to: Author.self).pointee
        return !form.writesNames && mine.kind == .system && mine.name == nil
    }

    private func requester(_ run: Encoding) -> String? {
        run.parent?.assumingMemoryBound(to: Conversation.self).pointee.requester
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let mine = (root + author).assumingMemoryBound(to: Author.self).pointee
        out.put(form.id(of: mine, requester: requester(run)))
        return true
    }

    /// An author keeps what an id of the platform can say.
    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let field = (root + author).assumingMemoryBound(to: Author.self)
        let mine = field.pointee
        guard var kept = form.author(form.id(of: mine)) else {
            guard mine.kind != .system || mine.id != nil || mine.email != nil else { return }
            // Somebody known by name alone stays that.
            run.note("timeline.author", .converted, "\(mine.kind) known by name alone")
            field.pointee = Author(.system, name: mine.name)
            return
        }
        kept.name = mine.name
        if kept.kind != mine.kind { run.note("timeline.author.kind", .converted, "\(mine.kind) -> \(kept.kind)") }
        if kept.id != mine.id { run.note("timeline.author.id", mine.id == nil ? .invented : .dropped) }
        if kept.email != mine.email { run.note("timeline.author.email", .converted, "by the person's own record") }
        field.pointee = kept
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let id = view.scalarText else { return false }
        let mine = (root + author).assumingMemoryBound(to: Author.self).pointee
        guard var theirs = form.author(id) else { return mine.kind == .system && mine.name == id }
        theirs.name = mine.name
        return theirs == mine || form.id(of: mine, requester: requester(run)) == id
    }
}

/// An author as the first of a list.
final class ActorListNode: ValueNode {
    private let author = place(\Entry.author)
    private let name = place(\Entry.author.name)
    private let form: ActorForm
    private let key: String
    private let nameKey: String
    private let writes: @Sendable (Entry) -> Bool
    private let mail: MailParties?
    let covers = [place(\Entry.author.name)]
    let narrows = true

    init(
        _ form: ActorForm, key: String, name: String, mail: MailParties?,
        writes: @escaping @Sendable (Entry) -> Bool
    ) {
        self.mail = mail
        self.form = form
        self.key = key
        nameKey = name
        self.writes = writes
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        guard view.isArray else { return false }
        var first: JSONView?
        view.forEachElement { first = first ?? $0 }
        if let text = first?.member(nameKey)?.scalarText, !text.isEmpty {
            (root + name).assumingMemoryBound(to: String?.self).pointee = text
        }
        if let first, let from = mail?.address(first) {
            let headers = (root + MailParties.headers).assumingMemoryBound(to: EmailHeaders?.self)
            headers.pointee = headers.pointee ?? EmailHeaders()
            headers.pointee?.from = from
        }
        run.scratch.truncate(to: 0)
        return encode(UnsafeRawPointer(root), &run.scratch, run.probe) && writesSame(view, run)
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        out.put(UInt8(ascii: "["))
        let mine = (root + author).assumingMemoryBound(to: Author.self).pointee
        if writes(root.assumingMemoryBound(to: Entry.self).pointee) {
            out.put(UInt8(ascii: "{"))
            out.put(key: key)
            out.put(form.id(of: mine))
            if let name = mine.name, form.author(form.id(of: mine)) != nil {
                out.put(key: nameKey)
                out.put(name)
            }
            if let mail, let from = MailParties.of(root)?.from { mail.put(from, &out) }
            out.put(UInt8(ascii: "}"))
        }
        out.put(UInt8(ascii: "]"))
        return true
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        guard !writes(root.assumingMemoryBound(to: Entry.self).pointee) else { return }
        let field = (root + self.name).assumingMemoryBound(to: String?.self)
        guard field.pointee != nil else { return }
        field.pointee = nil
        run.note("timeline.author.name", .dropped, "events do not say it")
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard view.isArray else { return true }
        var first: JSONView?
        view.forEachElement { first = first ?? $0 }
        let mine = (root + author).assumingMemoryBound(to: Author.self).pointee
        if let mail, first.flatMap(mail.address) != MailParties.of(root)?.from { return false }
        guard let first else { return mine.name == nil }
        let said = first.member(nameKey)?.scalarText.flatMap { $0.isEmpty ? nil : $0 }
        guard let id = first.member(key)?.scalarText else { return said == mine.name }
        return said == mine.name && form.author(id).map { $0.kind == mine.kind && $0.id == mine.id } ?? true
    }
}
