public import ConversationModel

extension Rule where Root == Conversation {
    /// The conversation is one session, of the same id, beginning and end.
    ///
    /// - Parameters:
    ///   - name: A key beginning with `#`, which no record has; the rule stands last, as it rests on the others.
    ///   - kind: Whether both sides were there, where that is the same for all records.
    /// - Returns: The rule.
    public static func isOneSession(_ name: Path, kind: Session.Kind? = nil) -> Rule {
        Rule(path: name, content: .value { _ in SoleSessionNode(kind) })
    }

    /// A property that is the same for all records of a platform, so that no place says it.
    ///
    /// - Parameters:
    ///   - name: A key beginning with `#`, which no record has.
    ///   - property: The property.
    ///   - value: What it is.
    /// - Returns: The rule.
    public static func fixed<Value: Sendable & Equatable>(
        _ name: Path, _ property: WritableKeyPath<Conversation, Value?>, _ value: Value
    ) -> Rule {
        let offset = place(property)
        return Rule(path: name, content: .value { _ in FixedPropertyNode(offset: offset, value: value) })
    }
}

/// The one session of a conversation whose vendor knows no others.
final class SoleSessionNode: FinishingNode {
    private let kind: Session.Kind?
    var covers: [Int] { [place(\Conversation.sessions)] }
    var narrows: Bool { true }

    init(_ kind: Session.Kind?) { self.kind = kind }

    func finish(_ conversation: inout Conversation) {
        guard conversation.sessions.isEmpty else { return }
        var session = Session()
        session.id = conversation.id
        session.startedAt = conversation.createdAt
        session.endedAt = conversation.closedAt
        session.kind = kind
        conversation.sessions = [session]
        for index in conversation.timeline.indices { conversation.timeline[index].session = session.id }
    }

    // Where a session began and ended is said by the conversation; of several sessions only the whole is.
    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let conversation = root.assumingMemoryBound(to: Conversation.self)
        let before = conversation.pointee.sessions
        let named = conversation.pointee.timeline.map(\.session)
        conversation.pointee.sessions = []
        finish(&conversation.pointee)
        let after = conversation.pointee.sessions[0]
        for (old, new) in zip(named, conversation.pointee.timeline) where old != new.session {
            run.note("timeline.session", old == nil ? .invented : .converted)
        }
        guard let first = before.first else {
            run.note("sessions", .invented, "one for the whole conversation")
            return
        }
        guard before != [after] else { return }
        if before.count > 1 {
            run.note("sessions", .dropped, count: before.count - 1, "\(before.count) sessions became one")
        }
        if first.id != after.id { run.note("sessions.id", .converted, "the conversation's") }
        if first.startedAt != after.startedAt { run.note("sessions.started_at", .converted, "the conversation's") }
        if before.last?.endedAt != after.endedAt { run.note("sessions.ended_at", .converted, "the conversation's") }
        if first.kind != after.kind { run.note("sessions.kind", first.kind == nil ? .invented : .converted) }
        if first.channel != after.channel { run.note("sessions.channel", .dropped) }
    }
}

/// A property that all records of a platform have alike.
final class FixedPropertyNode<Value: Sendable & Equatable>: FinishingNode {
    private let offset: Int
    private let value: Value
    var covers: [Int] { [offset] }
    var narrows: Bool { true }

    init(offset: Int, value: Value) {
        self.offset = offset
        self.value = value
    }

    func finish(_ conversation: inout Conversation) {
        withUnsafeMutablePointer(to: &conversation) {
            (UnsafeMutableRawPointer($0) + offset).assumingMemoryBound(to: Value?.self).pointee = value
        }
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let field = (root + offset).assumingMemoryBound(to: Value?.self)
        guard field.pointee != value else { return }
        run.note(name, field.pointee == nil ? .invented : .converted, "\(value)")
        field.pointee = value
    }
}
