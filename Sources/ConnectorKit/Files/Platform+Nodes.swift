internal import ConversationModel

extension Platform {
    /// The kind of record that a rule set belongs to.
    func entity(of node: ObjectIdentifier) -> Entity? {
        for coder in coders {
            if let entity = coder.entity(of: node) { return entity }
        }
        return nil
    }
}

extension RecordCoder {
    func entity(of node: ObjectIdentifier) -> Entity? { Self.entity(of: node, in: content) }

    private static func entity(of node: ObjectIdentifier, in content: Content) -> Entity? {
        switch content {
        case .field(let coder): coder.node.holds(node) ? .field : nil
        case .team(let coder): coder.node.holds(node) ? .team : nil
        case .agent(let coder): coder.node.holds(node) ? .agent : nil
        case .company(let coder): coder.node.holds(node) ? .company : nil
        case .contact(let coder): coder.node.holds(node) ? .contact : nil
        case .conversation(let coder, _, _): coder.node.holds(node) ? .conversation : nil
        case .split(_, _, let then, let otherwise): entity(of: node, in: then) ?? entity(of: node, in: otherwise)
        case .ignored: nil
        }
    }
}

extension ObjectNode {
    /// Whether a rule set is this one or one of the groups in it.
    func holds(_ node: ObjectIdentifier) -> Bool {
        ObjectIdentifier(self) == node
            || slots.contains { if case .group(let group, _) = $0.content { group.holds(node) } else { false } }
    }
}
