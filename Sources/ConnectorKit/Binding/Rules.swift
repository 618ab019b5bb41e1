public import ConversationModel

// MARK: Text, moments, numbers

extension Rule {
    /// Text that is always there: an id or a key.
    ///
    /// - Parameters:
    ///   - path: Where it stands.
    ///   - property: The neutral property.
    ///   - codec: How the vendor writes it.
    ///   - isIdentity: Whether the kit makes it up where the source gives none; such an id is not written back there.
    /// - Returns: The rule.
    public static func field(
        _ path: Path, _ property: WritableKeyPath<Root, String>, _ codec: TextCodec = .text, isIdentity: Bool = false
    ) -> Rule {
        let offset = place(property)
        return Rule(path: path, content: .value { _ in TextNode(offset: offset, codec: codec, isIdentity: isIdentity) })
    }

    /// Text that may be absent; empty text is absent.
    public static func field(
        _ path: Path, _ property: WritableKeyPath<Root, String?>, _ codec: TextCodec = .text
    ) -> Rule {
        let offset = place(property)
        let html = (property as AnyKeyPath) == (\Entry.text as AnyKeyPath) ? place(\Entry.html) : nil
        return Rule(path: path, content: .value { _ in OptionalTextNode(offset: offset, codec: codec, html: html) })
    }

    /// Another place for a value that has its own rule: read where that is empty, written only where the source had it.
    public static func alternate(
        _ path: Path, _ property: WritableKeyPath<Root, String?>, _ codec: TextCodec = .text
    ) -> Rule {
        let offset = place(property)
        var rule = Rule(path: path, content: .value { _ in FallbackTextNode(offset: offset, codec: codec) })
        rule.part = .alternate
        return rule
    }

    /// Text that repeats another field: fills it where that is empty, is written like it, and kept where it differs.
    public static func echo(_ path: Path, _ property: WritableKeyPath<Root, String?>) -> Rule {
        let offset = place(property)
        return Rule(path: path, content: .value { _ in EchoTextNode(offset: offset) }).late
    }

    /// A moment that may be absent; from `noneFrom` on, the vendor means none.
    public static func field(
        _ path: Path, _ property: WritableKeyPath<Root, Instant?>, _ codec: InstantCodec, noneFrom: Instant? = nil
    ) -> Rule {
        let offset = place(property)
        return Rule(path: path, content: .value { _ in InstantNode(offset: offset, codec: codec, noneFrom: noneFrom) })
    }

    /// A whole number that may be absent.
    public static func field(_ path: Path, _ property: WritableKeyPath<Root, Int64?>) -> Rule {
        let offset = place(property)
        return Rule(path: path, content: .value { _ in IntegerNode(offset: offset, isOptional: true) })
    }

    /// A whole number that is always there.
    public static func field(_ path: Path, _ property: WritableKeyPath<Root, Int>) -> Rule {
        let offset = place(property)
        return Rule(path: path, content: .value { _ in IntegerNode(offset: offset, isOptional: false) })
    }

    /// Any JSON value.
    public static func field(_ path: Path, _ property: WritableKeyPath<Root, JSONValue?>) -> Rule {
        let offset = place(property)
        return Rule(path: path, content: .value { _ in JSONValueNode(offset: offset) })
    }

    /// A fixed value, written always; where the source has another one, that is kept.
    public static func constant(_ path: Path, _ value: JSONValue) -> Rule {
        var rule = Rule(path: path, content: .value { _ in ConstantNode(value) })
        rule.part = .constant
        return rule
    }

    /// A value that follows from the record, such as a count.
    public static func derived(_ path: Path, _ value: @escaping @Sendable (Root) -> JSONValue?) -> Rule {
        var rule = Rule(
            path: path,
            content: .value { _ in DerivedNode { value($0.assumingMemoryBound(to: Root.self).pointee) } })
        rule.part = .derived
        return rule
    }
}

extension Rule {
    /// Something that repeats other fields or says nothing of the record: kept for its own vendor, no loss elsewhere.
    public static func repeated(_ path: Path) -> Rule {
        var rule = Rule(path: path, content: .value { _ in RepeatedNode() })
        rule.part = .alternate
        return rule
    }

    /// What other vendors' fields left over, as an object of its own; a binding with this rule keeps nothing else.
    public static func extras(_ path: Path, _ property: WritableKeyPath<Root, Extras>) -> Rule {
        let offset = place(property)
        return Rule(path: path, content: .value { _ in ExtrasNode(offset: offset) })
    }

    /// The id in the first element of a list of references.
    public static func firstReference(
        _ path: Path, _ property: WritableKeyPath<Root, String?>, key: String, constants: [JSONValue.Member] = [],
        _ codec: TextCodec = .id
    ) -> Rule {
        let offset = place(property)
        return Rule(
            path: path,
            content: .value { _ in
                FirstReferenceNode(offset: offset, key: key, constants: constants, codec: codec)
            })
    }
}

extension Rule where Root == Entry {
    /// The kind of entry as two fields: message, note or event under one key, and what the event reports under another.
    public static func kind(type: Path, event: Path) -> [Rule] {
        [
            Rule(path: type, content: .value { EntryTypeNode(path: $0) }),
            Rule(path: event, content: .value { EntryEventNode(path: $0) }),
        ]
    }

    /// A value of the conversation that the vendor writes into an entry; read where the conversation has none yet.
    public static func ofConversation(_ rule: Rule<Conversation>) -> Rule { rule.said(by: Entry.self) }
}

extension Rule where Root == Conversation {
    /// The rule as a part of the conversation says it.
    func said<Part: Sendable>(by part: Part.Type) -> Rule<Part> {
        let content = content
        var rule = Rule<Part>(
            path: path,
            content: .value { path in
                guard case .value(let make) = content else { return RepeatedNode() }
                return ParentNode(make(path), isOfSession: Part.self == Session.self)
            })
        rule.part = .constant
        rule.absence = absence
        return rule
    }
}

// MARK: Value tables

extension Rule {
    /// A value told by a table, absent where neither side says anything.
    public static func table<Value: Sendable & Hashable>(
        _ path: Path, _ property: WritableKeyPath<Root, Value?>, _ table: ValueTable<Value>
    ) -> Rule {
        let offset = place(property)
        return Rule(
            path: path,
            content: .value { path in
                TableNode(table: table, path: path, offset: offset, omitted: nil, isOptional: true)
            })
    }

    /// A value told by a table that is always there; `omitting` is said by absence.
    public static func table<Value: Sendable & Hashable>(
        _ path: Path, _ property: WritableKeyPath<Root, Value>, _ table: ValueTable<Value>, omitting: Value? = nil
    ) -> Rule {
        let offset = place(property)
        return Rule(
            path: path,
            content: .value { path in
                TableNode(table: table, path: path, offset: offset, omitted: omitting, isOptional: false)
            })
    }

    /// Yes or no as JSON writes it; `omitting` is said by absence.
    public static func flag(_ path: Path, _ property: WritableKeyPath<Root, Bool>, omitting: Bool? = nil) -> Rule {
        table(path, property, [true: true, false: false], omitting: omitting)
    }

    /// Yes or no as JSON writes it, or absent.
    public static func flag(_ path: Path, _ property: WritableKeyPath<Root, Bool?>) -> Rule {
        table(path, property, [true: true, false: false])
    }
}

// MARK: Lists and parts

extension Rule {
    /// A list of texts; an empty one is written unless it `omitsEmpty`.
    public static func texts(
        _ path: Path, _ property: WritableKeyPath<Root, [String]>, _ form: TextListForm = .strings(),
        omitsEmpty: Bool = false
    ) -> Rule {
        let offset = place(property)
        return Rule(
            path: path,
            content: .value { _ in TextListNode(offset: offset, form: form, writesEmpty: !omitsEmpty && !form.isSingle)
            })
    }

    /// A struct inside the record that is always there, such as an author.
    public static func nested<Child: Sendable>(
        _ path: Path, _ property: WritableKeyPath<Root, Child>, _ binding: Binding<Child>
    ) -> Rule {
        Rule(path: path, content: .nested(offset: place(property)) { binding.node(path: $0, extrasOffset: nil) })
    }

    /// Files of an entry.
    public static func attachments(
        _ path: Path, _ property: WritableKeyPath<Root, [Attachment]>, _ binding: Binding<Attachment>,
        omitsEmpty: Bool = false
    ) -> Rule {
        let offset = place(property)
        return Rule(
            path: path,
            content: .value { _ in
                ObjectListNode<Attachment>(
                    offset: offset,
                    node: binding.node(path: "timeline.attachments", extrasOffset: place(\Attachment.extras)),
                    writesEmpty: !omitsEmpty, path: "timeline.attachments")
            })
    }

    /// Choices of a field's definition.
    public static func choices(
        _ path: Path, _ property: WritableKeyPath<Root, [FieldDefinition.Choice]>,
        _ binding: Binding<FieldDefinition.Choice>, omitsEmpty: Bool = true
    ) -> Rule {
        let offset = place(property)
        return Rule(
            path: path,
            content: .value { path in
                ObjectListNode<FieldDefinition.Choice>(
                    offset: offset, node: binding.node(path: path, extrasOffset: nil), writesEmpty: !omitsEmpty,
                    path: "options", bareKey: "value")
            })
    }

    /// A rating; `scale` is its best mark, `bareKey` the key meant where the source gives only that value.
    public static func rating(
        _ path: Path, _ property: WritableKeyPath<Root, Rating?>, scale: Int? = nil, bareKey: String? = nil,
        _ binding: Binding<Rating>
    ) -> Rule {
        let offset = place(property)
        return Rule(
            path: path,
            content: .value { path in
                OptionalObjectNode<Rating>(
                    offset: offset, node: binding.node(path: path, extrasOffset: nil), path: "rating", bareKey: bareKey,
                    mark: { rating in if let scale { rating.scale = scale } }, isPresent: { $0.score > 0 })
            })
    }

    /// Mail headers.
    public static func email(
        _ path: Path, _ property: WritableKeyPath<Root, EmailHeaders?>, _ binding: Binding<EmailHeaders>
    ) -> Rule {
        let offset = place(property)
        return Rule(
            path: path,
            content: .value { path in
                OptionalObjectNode<EmailHeaders>(
                    offset: offset, node: binding.node(path: path, extrasOffset: nil), path: "timeline.email",
                    bareKey: nil, mark: nil,
                    isPresent: { $0 != EmailHeaders() })
            })
    }
}
