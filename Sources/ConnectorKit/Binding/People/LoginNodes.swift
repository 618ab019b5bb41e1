public import ConversationModel

// Vendors that sign records by login names: `sys_created_by: "j.doe"`. People records register their login, so that an
// author becomes the person; an author whose login nobody has stays known by it.

extension Rule where Root == Entry {
    /// The author as a login name; an author who has an id and no login of their own stands beside it as `@source`.
    ///
    /// - Parameters:
    ///   - path: Where it stands.
    ///   - system: Login by which the platform itself acts.
    ///   - isRough: Whether other values may say better who it was, so that the login is kept as it came.
    /// - Returns: The rule.
    public static func authorLogin(_ path: Path, system: String, isRough: Bool = false) -> Rule {
        Rule(path: path, content: .value { _ in AuthorLoginNode(system: system, isRough: isRough) })
    }
}

extension Rule {
    /// The login name of a person, by which other records name them; made up for people who have none.
    ///
    /// - Parameters:
    ///   - path: Where it stands.
    ///   - id: The person's id.
    ///   - value: What is written for somebody who came from elsewhere; `nil` leaves the login alone.
    /// - Returns: The rule.
    public static func login(
        _ path: Path, of id: WritableKeyPath<Root, String>, _ value: @escaping @Sendable (Root) -> String?
    ) -> Rule {
        let offset = place(id)
        var rule = Rule(
            path: path,
            content: .value { _ in
                LoginNode(id: offset) { value($0.assumingMemoryBound(to: Root.self).pointee) }
            })
        rule.part = .derived
        return rule
    }
}

/// How logins stand in the directory of people beside ids.
enum LoginName {
    /// The key under which a login is noted.
    static func key(_ login: String) -> String { "\u{0}login:" + login }
}

/// A person's login.
final class LoginNode: ValueNode {
    let id: Int
    let value: @Sendable (UnsafeRawPointer) -> String?

    init(id: Int, value: @escaping @Sendable (UnsafeRawPointer) -> String?) {
        self.id = id
        self.value = value
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let content = view.isObject ? Box.content(view) : view
        guard let login = content?.scalarText, !login.isEmpty else { return false }
        run.logins.append((login, (root + id).assumingMemoryBound(to: String.self).pointee))
        return view.isString && login == value(root)
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let login = value(root) else { return false }
        out.put(login)
        return true
    }

    // The login is the vendor's own and no part of the record.
    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { true }
}

/// An author named by login.
final class AuthorLoginNode: ValueNode {
    private let author = place(\Entry.author)
    private let id = place(\Entry.author.id)
    private let kind = place(\Entry.author.kind)
    private let name = place(\Entry.author.name)
    private let email = place(\Entry.author.email)
    let system: String
    let isRough: Bool
    var covers: [Int] { [id, kind, name, email] }

    init(system: String, isRough: Bool) {
        self.system = system
        self.isRough = isRough
    }

    private func login(_ view: JSONView) -> (login: String?, id: String?) {
        guard view.isObject else { return (view.scalarText, nil) }
        return (Box.content(view)?.scalarText, view.member(Box.original)?.scalarText)
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if view.isArray { throw DecodeFault("expected a login, found \(view.kind.noun)") }
        let field = (root + author).assumingMemoryBound(to: Author.self)
        let (login, source) = login(view)
        if let source, !source.isEmpty {
            field.pointee.id = source
            return view.memberCount == 2
        }
        guard let login, !login.isEmpty else { return false }
        if login == system {
            field.pointee = Author(.system, id: system)
            return view.isString && !isRough
        }
        if let known = run.people?.person(LoginName.key(login))?.name {
            field.pointee.id = known
            return false
        }
        field.pointee.id = login
        field.pointee.name = login
        return view.isString && !isRough
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let author = (root + author).assumingMemoryBound(to: Author.self).pointee
        guard let id = author.kind == .system ? system : author.id else {
            guard let name = author.email ?? author.name else { return false }
            out.put(name)
            return true
        }
        // A login that stands for nobody else needs no id beside it, unless other values may overrule it.
        if !isRough, author.kind == .system || (author.email == nil && author.name == id) {
            out.put(id)
            return true
        }
        out.put(UInt8(ascii: "{"))
        out.put(key: Box.original)
        out.put(id)
        out.put(key: "#text")
        out.put(author.kind == .system ? system : author.email ?? id)
        out.put(UInt8(ascii: "}"))
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        let author = (root + author).assumingMemoryBound(to: Author.self).pointee
        let (login, source) = login(view)
        if let source { return source == author.id }
        guard let login, !login.isEmpty else { return author.id == nil || author.kind == .system }
        if let known = run.people?.person(LoginName.key(login))?.name { return known == author.id }
        // A login that nobody is known by stands for whoever was read.
        return login == author.id || login == system || (run.people as? PeopleDirectory)?.isEmpty != false
    }
}
