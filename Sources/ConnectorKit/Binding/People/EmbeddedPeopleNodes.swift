public import ConversationModel

extension Rule where Root == Conversation {
    /// People written into the conversation as a list of their own records: remembered, and read where an id is absent.
    ///
    /// - Parameters:
    ///   - path: Where the list stands.
    ///   - property: The id that the first of them says.
    ///   - kind: Contacts or agents.
    ///   - codec: How an id is written.
    ///   - names: Keys of the pieces of a name, in order.
    ///   - email: Key of the address.
    /// - Returns: The rule.
    public static func embeddedList(
        _ path: Path, _ property: WritableKeyPath<Conversation, String?>?, _ kind: Author.Kind, _ codec: TextCodec,
        names: [String], email: String = "email"
    ) -> Rule {
        let offset = property.map { place($0) }
        var rule = Rule(
            path: path,
            content: .value { _ in
                EmbeddedPeopleNode(offset: offset, kind: kind, codec: codec, names: names, email: email)
            })
        rule.part = .alternate
        return rule
    }
}

/// People written into a conversation.
final class EmbeddedPeopleNode: ValueNode {
    private let offset: Int?
    private let kind: Author.Kind
    private let codec: TextCodec
    private let names: [String]
    private let email: String

    init(offset: Int?, kind: Author.Kind, codec: TextCodec, names: [String], email: String) {
        self.offset = offset
        self.kind = kind
        self.codec = codec
        self.names = names
        self.email = email
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if view.isNull { return true }
        guard view.isArray else { throw DecodeFault("expected a list, found \(view.kind.noun)") }
        let end = view.next - 1
        var at = view.index + 1
        while at < end {
            let person = view.at(at)
            at = person.next
            guard let value = person.member("id"), let id = try codec.read(value).text else { continue }
            if let offset {
                let field = (root + offset).assumingMemoryBound(to: String?.self)
                if field.pointee == nil { field.pointee = id }
            }
            let name = names.compactMap { person.member($0)?.scalarText }.filter { !$0.isEmpty }.joined(separator: " ")
            let email = person.member(email)?.scalarText
            guard !name.isEmpty || email != nil else { continue }
            run.sightings.append(
                Sighting(
                    id: id,
                    person: Person(
                        kind: kind, name: name.isEmpty ? nil : name, email: email?.isEmpty ?? true ? nil : email)))
        }
        return false
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let offset else { return true }
        let mine = (root + offset).assumingMemoryBound(to: String?.self).pointee
        var first: String?
        view.forEachElement { person in
            if first == nil { first = person.member("id").flatMap { try? codec.read($0).text } }
        }
        return first == nil || first == mine
    }
}
