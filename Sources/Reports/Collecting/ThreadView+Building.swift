internal import ConversationModel
internal import ExportFormats
internal import SyncEngine

extension ThreadView {
    /// Entries that are shown of one conversation: so many from its beginning, so many from its end.
    static let entriesAtStart = 160
    static let entriesAtEnd = 80
    /// Characters that are shown of one text.
    static let longestText = 2500

    /// Cuts a conversation to what a viewer shows.
    ///
    /// - Parameters:
    ///   - conversation: The conversation.
    ///   - names: Names of people by id.
    init(_ conversation: Conversation, names: [String: String]) {
        subject = RecordDigest.line(conversation.subject ?? "", longest: 300)
        url = RecordDigest.line(conversation.url ?? "", longest: 500)
        head = Self.head(conversation, names)
        sessions = conversation.sessions.prefix(100).map {
            SessionView(
                id: $0.id, startedAt: $0.startedAt?.description ?? "", endedAt: $0.endedAt?.description ?? "",
                kind: $0.kind?.rawValue ?? "")
        }
        entriesInAll = conversation.timeline.count
        attachmentsInAll = conversation.timeline.reduce(0) { $0 + $1.attachments.count }
        let shown = Self.shown(conversation.timeline.count)
        entries = shown.map { EntryView(conversation.timeline[$0], names: names) }
    }

    /// Positions of the entries that are shown.
    static func shown(_ count: Int) -> [Int] {
        guard count > entriesAtStart + entriesAtEnd else { return Array(0..<count) }
        return Array(0..<entriesAtStart) + Array((count - entriesAtEnd)..<count)
    }

    private static func head(_ conversation: Conversation, _ names: [String: String]) -> [HeadValue] {
        func person(_ id: String?) -> String? { id.map { id in names[id].map { "\($0) (\(id))" } ?? id } }
        let participants = conversation.participants.map { participant in
            let who = participant.name ?? person(participant.id) ?? participant.email ?? "?"
            return "\(participant.role.rawValue): \(who)"
        }
        let rating = conversation.rating.map { "\($0.score)/\($0.scale)" + ($0.comment.map { " – " + $0 } ?? "") }
        var values: [(String, String?)] = [
            ("number", conversation.number), ("status", conversation.status?.rawValue),
            ("priority", conversation.priority?.rawValue), ("channel", conversation.channel?.rawValue),
            ("requester", person(conversation.requester)), ("assignee", person(conversation.assignee)),
            ("team", person(conversation.team)), ("participants", participants.joined(separator: "; ")),
            ("created_at", conversation.createdAt?.description), ("closed_at", conversation.closedAt?.description),
            ("snoozed_until", conversation.snoozedUntil?.description), ("brand", conversation.brand),
            ("external_id", conversation.externalID), ("tags", conversation.tags.joined(separator: ", ")),
            ("rating", rating),
            ("links", conversation.links.map { "\($0.kind.rawValue) \($0.id)" }.joined(separator: ", ")),
        ]
        for field in conversation.fields.prefix(40) { values.append(("fields." + field.key, field.value.shown)) }
        return values.compactMap { field, value in
            guard let value, !value.isEmpty else { return nil }
            return HeadValue(field: field, value: RecordDigest.line(value, longest: 400))
        }
    }
}

extension ThreadView.EntryView {
    fileprivate init(_ entry: Entry, names: [String: String]) {
        id = entry.id
        type = entry.kind.type
        if case .event(let event) = entry.kind { self.event = event.rawValue } else { event = "" }
        authorKind = entry.author.kind.rawValue
        author = entry.author.name ?? entry.author.id.flatMap { names[$0] ?? $0 } ?? entry.author.email ?? ""
        createdAt = entry.createdAt?.description ?? ""
        session = entry.session ?? ""
        let whole = entry.text ?? entry.html.map(HTMLText.plain) ?? ""
        isHTML = entry.html != nil
        isCut = whole.count > ThreadView.longestText
        text = isCut ? String(whole.prefix(ThreadView.longestText)) : whole
        from = RecordDigest.line([entry.field, entry.from?.shown].compactMap(\.self).joined(separator: ": "))
        to = RecordDigest.line(entry.to?.shown ?? "")
        attachments = entry.attachments.prefix(50).map {
            ThreadView.FileView(
                name: RecordDigest.line($0.name ?? ($0.id.isEmpty ? "?" : $0.id)), type: $0.contentType ?? "",
                size: $0.size.map { Int($0) })
        }
    }
}

extension ThreadPair {
    /// Puts a conversation beside what becomes of it.
    init(_ before: Conversation, _ after: Conversation?, changes: [FieldChange], names: [String: String]) {
        var names = names
        // A name that one side has serves the other where it only has the id.
        for entry in before.timeline + (after?.timeline ?? []) {
            if let id = entry.author.id, let name = entry.author.name, names[id] == nil { names[id] = name }
        }
        id = before.id
        reasons = []
        let view = ThreadView(before, names: names)
        self.before = view
        self.after = after.map { after in
            var there = ThreadView(after, names: names)
            there.head = Self.sameFields(view.head, there.head)
            return there
        }
        self.changes = changes
        pairs =
            after.map { Self.pairs(before.timeline, $0.timeline) }
            ?? before.timeline.indices.prefix(
                ThreadView.entriesAtStart
            ).map { EntryPair(before: $0, after: nil, fields: []) }
    }

    /// The head after, with custom fields that only got another key under the key that they had.
    ///
    /// A platform's own way to write keys is known by the letters and by the value: `cf_0` and `cf0Str` with the same.
    private static func sameFields(_ before: [ThreadView.HeadValue], _ after: [ThreadView.HeadValue])
        -> [ThreadView.HeadValue]
    {
        func letters(_ path: String) -> String { path.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "." } }
        func only(_ a: [ThreadView.HeadValue], _ b: [ThreadView.HeadValue]) -> [ThreadView.HeadValue] {
            let there = Set(b.map(\.field))
            return a.filter { $0.field.hasPrefix("fields.") && !there.contains($0.field) }
        }
        var gone = only(before, after)
        var keys: [String: String] = [:]
        for value in only(after, before) {
            guard
                let place = gone.firstIndex(where: {
                    $0.value == value.value && letters(value.field).hasPrefix(letters($0.field))
                })
            else { continue }
            keys[value.field] = gone.remove(at: place).field
        }
        return after.map { ThreadView.HeadValue(field: keys[$0.field] ?? $0.field, value: $0.value) }
    }

    /// Pairs the entries that are shown, by id, in the order of the destination.
    private static func pairs(_ before: [Entry], _ after: [Entry]) -> [EntryPair] {
        let left = Dictionary(
            ThreadView.shown(before.count).enumerated().map { (before[$0.element].id, $0) }
        ) { first, _ in first }
        var taken = Set<Int>()
        var pairs: [EntryPair] = []
        var next = 0
        let shownBefore = ThreadView.shown(before.count)
        /// Entries that do not arrive stand where they stood.
        func catchUp(to place: Int) {
            while next < place {
                if !taken.contains(next) { pairs.append(EntryPair(before: next, after: nil, fields: [])) }
                taken.insert(next)
                next += 1
            }
        }
        let known = Set(after.map(\.id))
        for (shown, index) in ThreadView.shown(after.count).enumerated() {
            guard let match = left[after[index].id] else {
                pairs.append(EntryPair(before: nil, after: shown, fields: []))
                continue
            }
            while next < match.offset, !known.contains(before[shownBefore[next]].id) { catchUp(to: next + 1) }
            taken.insert(match.offset)
            if next == match.offset { next += 1 }
            while taken.contains(next) { next += 1 }
            let difference = EntryDifference.fields(before[match.element], after[index])
            pairs.append(EntryPair(before: match.offset, after: shown, fields: difference))
        }
        catchUp(to: shownBefore.count)
        return pairs
    }
}

/// Paths of what two entries do not share.
enum EntryDifference {
    static func fields(_ a: Entry, _ b: Entry) -> [String] {
        guard a != b else { return [] }
        var first = Conversation()
        var second = Conversation()
        first.timeline = [a]
        second.timeline = [b]
        var paths: [String] = []
        for difference in RecordDifference(.conversation(first), .conversation(second)).all
        where !paths.contains(difference.path) {
            paths.append(difference.path)
        }
        // The other form of the same text is no difference that a reader sees.
        guard paths.contains("timeline.text") || paths.contains("timeline.html"), reads(a) == reads(b) else {
            return paths
        }
        return paths.filter { $0 != "timeline.text" && $0 != "timeline.html" }
    }

    /// The text of an entry without regard to white space.
    private static func reads(_ entry: Entry) -> [Substring] {
        (entry.text ?? entry.html.map(HTMLText.plain) ?? "").split(whereSeparator: \.isWhitespace)
    }
}
