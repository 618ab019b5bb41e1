public import ConversationModel

// A platform may keep nothing of a conversation itself and all of it in its sessions: status, tags, people, rating. These
// rules say which of the sessions speaks for the conversation.

/// Which sessions speak for their conversation.
public enum SessionReach: Sendable {
    /// All of them: what they say adds up.
    case every
    /// The latest one that says anything.
    case latest
    /// Any of them, where nothing else says it; all of them are written alike.
    case fallback
}

extension Rule where Root == Session {
    /// A value of the conversation that the vendor keeps in its sessions; each session's own form is written again.
    ///
    /// - Parameters:
    ///   - reach: Which of the sessions speaks for the conversation.
    ///   - earlier: What sessions before the latest one say, where they have to say something.
    ///   - rule: The rule of the conversation.
    /// - Returns: The rule.
    public static func ofSessions(
        _ reach: SessionReach, earlier: JSONValue? = nil, _ rule: Rule<Conversation>
    ) -> Rule {
        let content = rule.content
        var part = Rule(
            path: rule.path,
            content: .value { path in
                guard case .value(let make) = content else { return RepeatedNode() }
                return SessionValueNode(make(path), reach, earlier: earlier)
            })
        part.part = .derived
        return part
    }
}

extension Rule {
    /// A property that no place of the vendor's record says, as it follows from others.
    ///
    /// - Parameters:
    ///   - name: A key beginning with `#`, which no record has.
    ///   - property: The property.
    /// - Returns: The rule.
    public static func following<Value>(_ name: Path, _ property: WritableKeyPath<Root, Value>) -> Rule {
        let offset = place(property)
        return Rule(path: name, content: .value { _ in FollowingNode(offset: offset) })
    }
}

extension Rule where Root == Conversation {
    /// The conversation spans its sessions: it begins with the first, ends with the last, changed with the last entry, and
    /// each session ends with the event that says so or else with its last entry.
    ///
    /// - Parameter name: A key beginning with `#`, which no record has.
    /// - Returns: The rule.
    public static func spansSessions(_ name: Path) -> Rule {
        Rule(path: name, content: .value { _ in SessionSpanNode() })
    }

    /// The sessions are those that the entries name, each from its first entry on.
    ///
    /// - Parameter name: A key beginning with `#`, which no record has.
    /// - Returns: The rule.
    public static func sessionsOfEntries(_ name: Path) -> Rule {
        Rule(path: name, content: .value { _ in EntrySessionsNode() })
    }
}

/// A rule that has the last word on a conversation whose values are all read.
protocol FinishingNode: ValueNode {
    /// Completes the conversation.
    func finish(_ conversation: inout Conversation)
}

/// Finds the rules that have the last word.
enum FinishingNodes {
    /// Those of a conversation and of its sessions, in their order.
    static func of(_ node: ObjectNode) -> [any FinishingNode] {
        var nodes: [any FinishingNode] = []
        node.forEachValue { value, _ in
            if let list = value as? SessionListNode {
                nodes += list.saysOfConversation.compactMap { $0 as? any FinishingNode }
            }
            if let value = value as? any FinishingNode { nodes.append(value) }
        }
        return nodes
    }
}

/// A rule of a part that says something of the conversation around it.
protocol ConversationSayer: ValueNode {
    /// The conversation's own rules inside it.
    var sayings: [any ValueNode] { get }
}

extension ParentNode: ConversationSayer {
    var sayings: [any ValueNode] { [inner] }
}

extension Conversation {
    /// Whether somebody still has to do something.
    var isOpen: Bool { status.map { $0 != .closed && $0 != .solved } ?? false }

    /// Place of the session that began last; of several the one that stands last.
    var latestSession: Int? {
        sessions.indices.max {
            (sessions[$0].startedAt ?? .distantPast, $0) < (sessions[$1].startedAt ?? .distantPast, $1)
        }
    }
}

extension Instant {
    static let distantPast = Instant(microseconds: .min)
}

/// A rule whose value in one session follows from the whole conversation.
protocol SpokenForSessions: ValueNode {}

extension SessionListNode {
    /// Takes from the sessions' extras what would be written the same without them, now that the conversation is known.
    func settle(_ conversation: inout Conversation, _ run: Decoding) {
        guard conversation.sessions.contains(where: { !$0.extras.isEmpty }), holdsSpoken else { return }
        let extras = conversation.sessions.map { $0.extras.isEmpty ? nil : $0.extras }
        let writing = run.settling
        var settled: [Extras?] = []
        withUnsafePointer(to: conversation) { parent in
            writing.parent = UnsafeRawPointer(parent)
            for (index, extras) in extras.enumerated() {
                guard let extras else {
                    settled.append(nil)
                    continue
                }
                run.scratch.truncate(to: 0)
                withUnsafePointer(to: parent.pointee.sessions[index]) { session in
                    writing.withExtras(extras) { view in
                        guard let view else { return }
                        node.putUnsettled(view, UnsafeRawPointer(session), &run.scratch, writing)
                    }
                }
                settled.append(Extras(json: run.scratch.count > 2 ? run.scratch.text : ""))
            }
            writing.parent = nil
        }
        for (index, extras) in settled.enumerated() {
            if let extras { conversation.sessions[index].extras = extras }
        }
    }
}

extension ObjectNode {
    /// Whether any rule of this object or of the groups in it is spoken for.
    var isSpoken: Bool {
        slots.contains { slot in
            switch slot.content {
            case .value(let node): node is any SpokenForSessions
            case .group(let node, _): node.isSpoken
            }
        }
    }

    /// Writes the members of extras that are needed to write the record as it came.
    func putUnsettled(_ extras: JSONView, _ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) {
        out.put(UInt8(ascii: "{"))
        extras.forEachMember { key, value in
            if let index = slotIndex(key) {
                switch slots[index].content {
                case .value(let node):
                    if node is any SpokenForSessions, node.writes(value, root, &out, run) { return true }
                case .group(let node, let offset):
                    guard value.isObject, node.isSpoken else { break }
                    let mark = out.count
                    out.separate()
                    out.put(text: key)
                    out.put(UInt8(ascii: ":"))
                    let opened = out.count
                    node.putUnsettled(value, root + offset, &out, run)
                    if out.count == opened + 2, value.next > value.index + 2 { out.truncate(to: mark) }
                    return true
                }
            } else if key.equals(Self.absentKey) {
                putUnsettledAbsence(value, root, &out, run)
                return true
            }
            out.separate()
            out.put(text: key)
            out.put(UInt8(ascii: ":"))
            out.put(value)
            return true
        }
        out.put(UInt8(ascii: "}"))
    }

    /// Keeps the absence of what would be written.
    private func putUnsettledAbsence(
        _ keys: JSONView, _ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding
    ) {
        let mark = out.count
        out.put(key: Self.absentKey)
        out.put(UInt8(ascii: "["))
        let opened = out.count
        keys.forEachElement { key in
            guard key.isString else { return }
            if let index = slotIndex(key.bytes), case .value(let node) = slots[index].content,
                node is any SpokenForSessions
            {
                let mark = out.count
                let writes = node.encode(root, &out, run)
                out.truncate(to: mark)
                if !writes { return }
            }
            out.separate()
            out.put(key)
        }
        if out.count == opened { out.truncate(to: mark) } else { out.put(UInt8(ascii: "]")) }
    }
}

extension ValueNode {
    /// Whether this JSON is what would be written.
    fileprivate func writes(
        _ view: JSONView, _ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding
    ) -> Bool {
        let mark = out.count
        defer { out.truncate(to: mark) }
        guard encode(root, &out, run) else { return false }
        let end = out.count
        out.put(view)
        let bytes = out.bytes
        return UnsafeBufferPointer(rebasing: bytes[mark..<end]).equals(UnsafeBufferPointer(rebasing: bytes[end...]))
    }
}

/// A value of the conversation inside one of its sessions.
final class SessionValueNode: ConversationSayer, SpokenForSessions {
    let inner: any ValueNode
    let reach: SessionReach
    private let earlier: [UInt8]?
    /// What of the conversation it says, to see whether that is already known.
    private let said: Property?
    var sayings: [any ValueNode] { [inner] }
    var covers: [Int] { [] }

    init(_ inner: any ValueNode, _ reach: SessionReach, earlier: JSONValue? = nil) {
        self.inner = inner
        self.reach = reach
        self.earlier = earlier.map { value in
            var out = JSONOutput(capacity: 64)
            out.put(value)
            return Array(out.bytes)
        }
        let offset = inner.covers.first
        said = Conversation.properties.first { $0.offset == offset }
    }

    /// Whether a session that is being read began after all that were read before it.
    static func isLatest(_ session: UnsafeRawPointer, before parent: UnsafeRawPointer) -> Bool {
        let start = session.assumingMemoryBound(to: Session.self).pointee.startedAt ?? .distantPast
        return parent.assumingMemoryBound(to: Conversation.self).pointee.sessions
            .allSatisfy { ($0.startedAt ?? .distantPast) <= start }
    }

    /// Whether a session that is being written is the conversation's latest.
    static func isLatest(_ session: UnsafeRawPointer, of parent: UnsafeRawPointer) -> Bool {
        let conversation = parent.assumingMemoryBound(to: Conversation.self)
        guard let latest = conversation.pointee.latestSession else { return true }
        return conversation.pointee.sessions[latest].id == session.assumingMemoryBound(to: Session.self).pointee.id
    }

    // The session's own form is always kept: what the others say of the conversation is not known while it is read.
    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        guard let parent = run.parent else { return false }
        let isKnown = said.map { $0.count(UnsafeRawPointer(parent)) > 0 } ?? false
        let speaks =
            switch reach {
            case .every: true
            case .latest: !isKnown || Self.isLatest(UnsafeRawPointer(root), before: UnsafeRawPointer(parent))
            case .fallback: !isKnown
            }
        guard speaks else { return false }
        let mark = run.residue.count
        _ = try inner.decode(view, into: parent, run)
        run.residue.truncate(to: mark)
        return false
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        if run.isProbe {
            // Whatever the conversation will turn out to say: this session does not say it.
            out.putNull()
            return true
        }
        guard let parent = run.parent else { return false }
        if reach == .latest, !Self.isLatest(root, of: parent) {
            guard let earlier else { return false }
            earlier.withUnsafeBufferPointer { out.put(raw: $0) }
            return true
        }
        return inner.encode(parent, &out, run)
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let parent = run.parent else { return true }
        switch reach {
        case .every: return inner.matches(view, parent, run)
        case .latest: return !Self.isLatest(root, of: parent) || inner.matches(view, parent, run)
        case .fallback: return true
        }
    }
}

/// Covers a property that is neither read nor written.
final class FollowingNode: ValueNode {
    let offset: Int
    var covers: [Int] { [offset] }

    init(offset: Int) { self.offset = offset }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        false
    }
    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }
    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { true }
}

extension FinishingNode {
    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        false
    }
    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }
    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { true }
}

/// Beginning and end of a conversation and of its sessions.
final class SessionSpanNode: FinishingNode {
    var covers: [Int] {
        [place(\Conversation.createdAt), place(\Conversation.updatedAt), place(\Conversation.closedAt)]
    }
    var narrows: Bool { true }

    func finish(_ conversation: inout Conversation) {
        guard let latest = conversation.latestSession else { return }
        let isOpen = conversation.isOpen
        var ends = [String: (closing: Instant?, last: Instant?)]()
        for entry in conversation.timeline {
            guard let session = entry.session, let time = entry.createdAt else { continue }
            var end = ends[session] ?? (nil, nil)
            if entry.kind == .event(.sessionEnded) { end.closing = max(end.closing ?? time, time) }
            end.last = max(end.last ?? time, time)
            ends[session] = end
        }
        for index in conversation.sessions.indices {
            let end = ends[conversation.sessions[index].id]
            conversation.sessions[index].endedAt = index == latest && isOpen ? nil : end?.closing ?? end?.last
        }
        conversation.createdAt = conversation.sessions.compactMap(\.startedAt).min()
        conversation.updatedAt = ends.values.compactMap(\.last).max() ?? conversation.sessions[latest].startedAt
        conversation.closedAt = isOpen ? nil : conversation.sessions[latest].endedAt
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let conversation = root.assumingMemoryBound(to: Conversation.self)
        if let start = conversation.pointee.createdAt, !conversation.pointee.sessions.isEmpty,
            conversation.pointee.sessions.allSatisfy({ $0.startedAt == nil })
        {
            conversation.pointee.sessions[0].startedAt = start
            run.note("sessions.started_at", .invented, "the beginning of the conversation")
        }
        let created = conversation.pointee.createdAt
        let updated = conversation.pointee.updatedAt
        let closed = conversation.pointee.closedAt
        let ended = conversation.pointee.sessions.map(\.endedAt)
        finish(&conversation.pointee)
        note("created_at", created, conversation.pointee.createdAt, run)
        note("updated_at", updated, conversation.pointee.updatedAt, run)
        note("closed_at", closed, conversation.pointee.closedAt, run)
        for (before, session) in zip(ended, conversation.pointee.sessions) {
            note("sessions.ended_at", before, session.endedAt, run)
        }
    }

    private func note(_ field: String, _ before: Instant?, _ after: Instant?, _ run: Projecting) {
        guard before != after else { return }
        switch (before, after) {
        case (nil, let after?): run.note(field, .invented, "\(after)")
        case (let before?, nil): run.note(field, .dropped, "\(before)")
        case (let before, let after):
            run.note(field, .converted, "\(before ?? .distantPast) -> \(after ?? .distantPast)")
        }
    }
}

/// The sessions that entries name.
final class EntrySessionsNode: FinishingNode {
    var covers: [Int] { [place(\Conversation.sessions)] }

    func finish(_ conversation: inout Conversation) {
        guard conversation.sessions.isEmpty else { return }
        var known: Set<String> = []
        for entry in conversation.timeline {
            guard let id = entry.session, known.insert(id).inserted else { continue }
            var session = Session()
            session.id = id
            session.startedAt = entry.createdAt
            conversation.sessions.append(session)
        }
        conversation.createdAt = conversation.createdAt ?? conversation.timeline.first?.createdAt
    }
}

/// Texts that add up from session to session: tags.
final class GatheredTextsNode: ValueNode {
    let offset: Int
    var covers: [Int] { [offset] }

    init(offset: Int) { self.offset = offset }

    private func read(_ view: JSONView) throws(DecodeFault) -> [String] {
        if view.isNull { return [] }
        guard view.isArray else { throw DecodeFault("expected a list, found \(view.kind.noun)") }
        var texts: [String] = []
        let end = view.next - 1
        var at = view.index + 1
        while at < end {
            let element = view.at(at)
            at = element.next
            if let text = try TextCodec.text.read(element).text { texts.append(text) }
        }
        return texts
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let known = (root + offset).assumingMemoryBound(to: [String].self)
        for text in try read(view) where !known.pointee.contains(text) { known.pointee.append(text) }
        return false
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let texts = (root + offset).assumingMemoryBound(to: [String].self).pointee
        guard !texts.isEmpty else { return false }
        out.put(UInt8(ascii: "["))
        for text in texts {
            out.separate()
            out.put(text)
        }
        out.put(UInt8(ascii: "]"))
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let texts = try? read(view) else { return false }
        let mine = (root + offset).assumingMemoryBound(to: [String].self).pointee
        let isOnly = root.assumingMemoryBound(to: Conversation.self).pointee.sessions.count <= 1
        return texts.allSatisfy(mine.contains) && (!isOnly || mine.allSatisfy(texts.contains))
    }
}

extension Rule where Root == Conversation {
    /// Texts of which each session says some, such as tags; those of all sessions are the conversation's.
    public static func gathered(_ path: Path, _ property: WritableKeyPath<Conversation, [String]>) -> Rule {
        let offset = place(property)
        return Rule(path: path, content: .value { _ in GatheredTextsNode(offset: offset) })
    }
}
