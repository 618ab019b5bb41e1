public import ConversationModel

extension Rule where Root == Entry {
    /// What kind of author an entry has, where the entry says it beside the author's id.
    ///
    /// Names and addresses are looked up by the id, while the kind stays as it was said: a bot that writes by an agent's id is
    /// a bot.
    public static func authorKind(_ path: Path, _ table: ValueTable<Author.Kind>) -> Rule {
        let offset = place(\Entry.author.kind)
        return Rule(
            path: path,
            content: .value { path in
                AuthorKindNode(
                    TableNode(table: table, path: path, offset: offset, omitted: nil, isOptional: false))
            })
    }
}

/// What kind of author an entry has.
final class AuthorKindNode: ValueNode {
    private let table: TableNode
    var covers: [Int] { table.covers }
    let narrows = true

    init(_ table: TableNode) { self.table = table }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        run.tellsAuthors = true
        return try table.decode(view, into: root, run)
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        table.encode(root, &out, run)
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        table.project(root, name, run)
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        table.matches(view, root, run)
    }
}

extension Rule where Root == Entry {
    /// The author of an entry that only members of the staff can have written, by address where it is known.
    ///
    /// A bot and the platform itself become staff. Somebody else's id would name a wrong member, so it is left out.
    public static func staffAuthor(_ path: Path) -> Rule {
        Rule(path: path, content: .value { _ in SoleAuthorNode(isStaff: true) })
    }

    /// The author of an entry that only contacts can have written.
    public static func contactAuthor(_ path: Path) -> Rule {
        Rule(path: path, content: .value { _ in SoleAuthorNode(isStaff: false) })
    }
}

/// An author of the one kind that a list of entries has.
final class SoleAuthorNode: ValueNode {
    private let author = place(\Entry.author)
    private let address = AddressNode(offset: place(\Entry.author.id))
    private let isStaff: Bool
    let covers = [place(\Entry.author.id), place(\Entry.author.kind), place(\Entry.author.name)]
    let narrows = true

    init(isStaff: Bool) { self.isStaff = isStaff }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        try address.decode(view, into: root, run)
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        address.encode(root, &out, run)
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let field = (root + author).assumingMemoryBound(to: Author.self)
        let kind = field.pointee.kind
        let own: Author.Kind = isStaff ? .agent : .contact
        if kind != own {
            field.pointee.kind = own
            run.note("timeline.author.kind", .converted, "\(kind) -> \(own)")
        }
        if (kind == .contact) == isStaff, field.pointee.id != nil {
            field.pointee.id = nil
            run.note("timeline.author.id", .dropped, "a contact is no member of the staff")
        }
        if field.pointee.name != nil {
            field.pointee.name = nil
            run.note(
                "timeline.author.name", field.pointee.id == nil ? .dropped : .converted, "by the person's own record")
        }
        if isStaff { address.project(root, "timeline.author.id", run) }
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        address.matches(view, root, run)
    }
}
