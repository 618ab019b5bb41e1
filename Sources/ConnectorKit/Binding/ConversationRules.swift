public import ConversationModel

// Rules that only conversations need: people in their parts, links, sessions and the timeline.

/// What a conversation's description has to do with its timeline.
public enum DescriptionForm: Sendable {
    /// There is none.
    case none
    /// It repeats the first message.
    case repeatsFirst
    /// It is the first message, which the timeline does not repeat.
    case ownMessage
    /// It is the first message where that is the requester's and as old as the conversation, up to so many characters.
    case opening(limit: Int)
}

/// What gives the entries of a list their order.
public enum TimelineOrder: Sendable {
    /// Their place in the list.
    case given
    /// Their times; entries of the same time, and those without one, stay behind their neighbour.
    case time
}

extension Rule where Root == Session {
    /// Entries that stand inside their session.
    ///
    /// - Parameters:
    ///   - path: Where the list stands in the session.
    ///   - binding: The form of an entry.
    ///   - takes: Which entries belong to this list, where a session keeps several.
    ///   - splitsEventsWithText: Whether an event that carries a message is read as both.
    ///   - omitsEmpty: Whether an empty list is left out.
    /// - Returns: The rule.
    public static func entries(
        _ path: Path, _ binding: Binding<Entry>, takes: (@Sendable (Entry) -> Bool)? = nil,
        splitsEventsWithText: Bool = false, omitsEmpty: Bool = false
    ) -> Rule {
        let omitsEmpty = omitsEmpty || path.keys.last?.hasPrefix("#") == true
        return Rule(
            path: path,
            content: .value { _ in
                EntryListNode(
                    offset: 0, node: binding.node(path: "timeline", extrasOffset: place(\Entry.extras)),
                    writesEmpty: !omitsEmpty, takes: takes, behindFirst: false,
                    splitsEventsWithText: splitsEventsWithText, description: .none, isOrderedByTime: true,
                    isOfSession: true)
            })
    }

    /// A value of the conversation that the vendor writes into each session; read where the conversation has none yet.
    ///
    /// A session that says another value than the conversation keeps its own.
    public static func ofConversation(_ rule: Rule<Conversation>) -> Rule { rule.said(by: Session.self) }
}

extension Rule where Root == Conversation {
    /// Ids of people in one part of the conversation.
    ///
    /// - Parameters:
    ///   - path: Where the list stands.
    ///   - kind: Contacts or agents.
    ///   - role: Their part.
    ///   - codec: How an id is written.
    ///   - element: Key of the id and constants beside it, where elements are objects.
    ///   - owner: Key under which elements name the conversation, where they are records of a file of their own.
    ///   - firstIsRequester: Whether the first of them is the requester.
    ///   - omitsEmpty: Whether an empty list is left out.
    /// - Returns: The rule.
    public static func participants(
        _ path: Path, _ kind: Author.Kind, _ role: Participant.Role, _ codec: TextCodec,
        element: (key: String, constants: [JSONValue.Member])? = nil, owner: String? = nil,
        firstIsRequester: Bool = false, omitsEmpty: Bool = false
    ) -> Rule {
        let offset = place(\Conversation.participants)
        let requester = firstIsRequester ? place(\Conversation.requester) : nil
        let element = element
        return Rule(
            path: path,
            content: .value { _ in
                ParticipantIDsNode(
                    offset: offset, kind: kind, role: role, codec: codec, element: element, owner: owner,
                    writesEmpty: !omitsEmpty, requesterOffset: requester)
            })
    }

    /// Participants as objects of their own.
    public static func participants(_ path: Path, _ binding: Binding<Participant>) -> Rule {
        let offset = place(\Conversation.participants)
        return Rule(
            path: path,
            content: .value { path in
                ObjectListNode<Participant>(
                    offset: offset, node: binding.node(path: path, extrasOffset: nil), writesEmpty: false,
                    path: "participants")
            })
    }

    /// Ids of conversations that this one belongs with in one way.
    public static func links(
        _ path: Path, _ kind: Link.Kind, _ codec: TextCodec, omitsEmpty: Bool = true
    ) -> Rule {
        let offset = place(\Conversation.links)
        return Rule(
            path: path,
            content: .value { _ in
                LinkIDsNode(offset: offset, kind: kind, codec: codec, isList: true, writesEmpty: !omitsEmpty)
            })
    }

    /// Id of the one conversation that this one belongs with in one way.
    public static func link(_ path: Path, _ kind: Link.Kind, _ codec: TextCodec) -> Rule {
        let offset = place(\Conversation.links)
        return Rule(
            path: path,
            content: .value { _ in
                LinkIDsNode(offset: offset, kind: kind, codec: codec, isList: false, writesEmpty: false)
            })
    }

    /// Links as objects of their own.
    public static func links(_ path: Path, _ binding: Binding<Link>) -> Rule {
        let offset = place(\Conversation.links)
        return Rule(
            path: path,
            content: .value { path in
                ObjectListNode<Link>(
                    offset: offset, node: binding.node(path: path, extrasOffset: nil), writesEmpty: false, path: "links"
                )
            })
    }

    /// Sessions as objects of their own; they may hold their entries, bound by `entries`.
    public static func sessions(_ path: Path, _ binding: Binding<Session>) -> Rule {
        Rule(
            path: path,
            content: .value { _ in
                SessionListNode(node: binding.node(path: "sessions", extrasOffset: place(\Session.extras)))
            })
    }

    /// Entries of the timeline.
    ///
    /// - Parameters:
    ///   - path: Where the list stands.
    ///   - binding: The form of an entry.
    ///   - takes: Which entries belong to this list, where the vendor keeps several.
    ///   - behindFirst: Whether the first message stands elsewhere, bound by ``firstMessage(_:_:)``.
    ///   - splitsEventsWithText: Whether an event that carries a message is read as both.
    ///   - description: What a description beside the list has to do with it.
    ///   - omitsEmpty: Whether an empty list is left out; one whose records stand in a file of their own always is.
    ///   - order: Whether the list's own order counts, or the entries' times do; with several lists these always do.
    /// - Returns: The rule.
    public static func timeline(
        _ path: Path, _ binding: Binding<Entry>, takes: (@Sendable (Entry) -> Bool)? = nil, behindFirst: Bool = false,
        splitsEventsWithText: Bool = false, description: DescriptionForm = .none, omitsEmpty: Bool = false,
        order: TimelineOrder = .given
    ) -> Rule {
        let offset = place(\Conversation.timeline)
        let omitsEmpty = omitsEmpty || path.keys.last?.hasPrefix("#") == true
        return Rule(
            path: path,
            content: .value { _ in
                EntryListNode(
                    offset: offset,
                    node: binding.node(path: "timeline", extrasOffset: place(\Entry.extras)),
                    writesEmpty: !omitsEmpty, takes: takes, behindFirst: behindFirst,
                    splitsEventsWithText: splitsEventsWithText, description: description,
                    isOrderedByTime: order == .time, initial: binding.initial)
            })
    }

    /// How many entries the list beside it has.
    public static func count(_ path: Path, _ count: @escaping @Sendable (Conversation) -> Int) -> Rule {
        var rule = Rule(
            path: path,
            content: .value { _ in CountNode { count($0.assumingMemoryBound(to: Conversation.self).pointee) } })
        rule.part = .derived
        return rule
    }

    /// A text beside the timeline that is the first message, or repeats it and stands for it where there is no timeline.
    public static func description(_ path: Path, _ codec: TextCodec = .text, isOwnMessage: Bool = false) -> Rule {
        var rule = Rule(
            path: path, content: .value { _ in DescriptionNode(codec: codec, isOwnMessage: isOwnMessage) })
        rule.part = .derived
        return rule
    }

    /// The first message, where the vendor keeps it apart from the rest; it is as old as the conversation.
    public static func firstMessage(_ path: Path, _ binding: Binding<Entry>) -> Rule {
        Rule(
            path: path,
            content: .value { _ in
                FirstMessageNode(
                    node: binding.node(path: "timeline", extrasOffset: place(\Entry.extras)))
            }
        ).late
    }

    /// A person written into the conversation beside the id: read where the id's own key is absent, and remembered.
    ///
    /// - Parameters:
    ///   - path: Where the object stands.
    ///   - property: The id that it says.
    ///   - kind: Contact or agent.
    ///   - codec: How its id is written.
    ///   - name: Key of the name.
    ///   - email: Key of the address.
    /// - Returns: The rule.
    public static func embedded(
        _ path: Path, _ property: WritableKeyPath<Conversation, String?>?, _ kind: Author.Kind, _ codec: TextCodec,
        name: String = "name", email: String = "email"
    ) -> Rule {
        let offset = property.map { place($0) }
        var rule = Rule(
            path: path,
            content: .value { _ in
                EmbeddedPersonNode(offset: offset, kind: kind, codec: codec, nameKey: name, emailKey: email)
            })
        rule.part = .alternate
        return rule
    }
}
