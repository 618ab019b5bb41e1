import ConversationModel

/// `attachments`: which files go along, which become links, which stay behind.
struct AttachmentSection: MappingSection {
    static let name = "attachments"
    static let keys = ["policy", "over", "max_size", "max_per_entry", "types", "not_types"]

    /// What becomes of files.
    enum Policy: String, CaseIterable { case move, link, drop }
    /// What becomes of files beyond a limit.
    enum Excess: String, CaseIterable { case link, drop }

    private let policy: Policy
    private let excess: Excess
    private let maximumSize: Int64?
    private let maximumCount: Int?
    private let types: FileTypes?
    private let notTypes: FileTypes?
    private let rule: Int?

    init(_ node: JSON5Node, _ reader: inout NodeReader) {
        let members = reader.members(node, Self.name, keys: Self.keys)
        policy = members["policy"].flatMap { reader.word($0, "attachments.policy") } ?? .move
        excess = members["over"].flatMap { reader.word($0, "attachments.over") } ?? .link
        maximumSize = members["max_size"].flatMap { reader.byteCount($0, "attachments.max_size") }
        maximumCount = members["max_per_entry"].flatMap { reader.count($0, "attachments.max_per_entry") }
        types = members["types"].flatMap { reader.texts($0, "attachments.types") }.map { FileTypes($0.map(\.text)) }
        notTypes = members["not_types"].flatMap { reader.texts($0, "attachments.not_types") }
            .map { FileTypes($0.map(\.text)) }
        rule = reader.rule("attachments", at: node.mark)
        if policy != .move {
            for key in ["over", "max_size", "max_per_entry"] {
                guard let node = members[key] else { continue }
                reader.fault(
                    node.mark, "'attachments.\(key)' has no use", expected: "'attachments.policy' to be 'move'")
            }
        }
    }

    // MARK: Application

    func apply(to conversation: inout Conversation, _ losses: inout LossTally, _ coverage: inout MappingCoverage) {
        for index in conversation.timeline.indices where !conversation.timeline[index].attachments.isEmpty {
            apply(to: &conversation.timeline[index], record: conversation.id, &losses, &coverage)
        }
    }

    private func apply(
        to entry: inout Entry, record: String, _ losses: inout LossTally, _ coverage: inout MappingCoverage
    ) {
        var kept: [Attachment] = []
        var links: [Attachment] = []
        for file in entry.attachments {
            let (fate, reason) = fate(of: file, kept: kept.count)
            switch fate {
            case .move: kept.append(file)
            case .link where file.address != nil:
                links.append(file)
                losses.add(.conversation, "timeline.attachments", .converted, record: record, detail: "link: \(reason)")
            case .link:
                losses.add(
                    .conversation, "timeline.attachments", .dropped, record: record,
                    detail: "\(reason), and no address to link to")
            case .drop:
                losses.add(.conversation, "timeline.attachments", .dropped, record: record, detail: reason)
            }
        }
        guard kept.count != entry.attachments.count else { return }
        if let rule { coverage.noteUse(of: rule) }
        entry.attachments = kept
        entry.add(links: links)
    }

    private func fate(of file: Attachment, kept: Int) -> (Policy, String) {
        let over: Policy = excess == .link ? .link : .drop
        if let types, !types.contains(file) { return (policy == .move ? over : .drop, "type \(file.typeName)") }
        if let notTypes, notTypes.contains(file) { return (policy == .move ? over : .drop, "type \(file.typeName)") }
        guard policy == .move else { return (policy, "policy") }
        if let maximumSize, let size = file.size, size > maximumSize {
            return (over, "\(size) bytes, more than \(maximumSize)")
        }
        if let maximumCount, kept >= maximumCount { return (over, "more than \(maximumCount) files") }
        return (.move, "")
    }
}

/// Media types such as `image/*`, and names such as `*.exe`.
private struct FileTypes: Sendable {
    private let types: NameSet
    private let names: NameSet

    init(_ texts: [String]) {
        types = NameSet(texts.filter { $0.contains("/") }.map { $0.lowercased() })
        names = NameSet(texts.filter { !$0.contains("/") }.map { $0.lowercased() })
    }

    func contains(_ file: Attachment) -> Bool {
        let type = file.contentType?.prefix { $0 != ";" }.lowercased()
        return type.map { types.contains($0) } ?? false || file.name.map { names.contains($0.lowercased()) } ?? false
    }
}

extension Attachment {
    /// Where a person can fetch the file.
    fileprivate var address: String? {
        guard let url, url.hasPrefix("https://") || url.hasPrefix("http://") else { return nil }
        return url
    }

    /// The media type, or else the ending of the name.
    fileprivate var typeName: String {
        if let contentType { return contentType }
        guard let name, let point = name.lastIndex(of: ".") else { return "unknown" }
        return String(name[point...])
    }
}

extension Entry {
    /// Names files and where they are under the body.
    fileprivate mutating func add(links: [Attachment]) {
        guard !links.isEmpty else { return }
        func escaped(_ text: String) -> String {
            text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
                .replacing("\"", with: "&quot;")
        }
        if let body = html {
            let items = links.map { file in
                "<p><a href=\"\(escaped(file.url ?? ""))\">\(escaped(file.name ?? file.url ?? ""))</a></p>"
            }
            html = body + items.joined()
        }
        if text != nil || html == nil {
            let lines = links.map { file in (file.name.map { $0 + ": " } ?? "") + (file.url ?? "") }
            text = ((text.map { [$0] } ?? []) + lines).joined(separator: "\n")
        }
    }
}

extension NodeReader {
    /// A number of bytes: `20000000`, `"20 MB"`; 1 MB is a million bytes.
    mutating func byteCount(_ node: JSON5Node, _ what: String) -> Int64? {
        let expected = "a number of bytes, or one as \"20 MB\""
        guard let text = node.text else {
            fault(node.mark, "'\(what)' is \(node.kind)", expected: expected)
            return nil
        }
        let number = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text.dropFirst(number.count).filter { !$0.isWhitespace }.lowercased()
        let units: [String: Int64] = ["": 1, "b": 1, "kb": 1000, "mb": 1_000_000, "gb": 1_000_000_000]
        guard let count = Int64(number), count < 1_000_000_000, let factor = units[unit] else {
            if let count = Int64(text), count > 0 { return count }
            fault(node.mark, "'\(what)' is '\(text)', not a size", expected: expected)
            return nil
        }
        return count * factor
    }

    /// A number from 1.
    mutating func count(_ node: JSON5Node, _ what: String) -> Int? {
        guard case .number(let text) = node.value, let count = Int(text), count > 0 else {
            fault(node.mark, "'\(what)' is \(node.text.map { "'\($0)'" } ?? node.kind)", expected: "a number from 1")
            return nil
        }
        return count
    }
}
