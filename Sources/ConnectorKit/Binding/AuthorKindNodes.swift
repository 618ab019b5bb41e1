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
