import ConversationModel
import ExportFormats

/// `text`: the form of bodies, what is taken out of them, and where their links lead.
struct TextSection: MappingSection {
    static let name = "text"
    static let keys = ["format", "source", "clean", "quoted", "signatures", "images", "links"]

    /// The one form that bodies arrive in.
    enum Form: String, CaseIterable { case html, text, markdown }
    /// What the source's plain texts are.
    enum Source: String, CaseIterable { case text, markdown }
    enum Part: String, CaseIterable { case keep, drop }
    /// Where images of a body are.
    enum Images: String, CaseIterable {
        /// Where the source has them.
        case keep
        /// Beside the body, as files that it refers to.
        case attach
        /// In the body, where the file is at hand.
        case embed
    }

    private let format: Form?
    private let source: Source
    private let clean: Bool
    private let quoted: Part
    private let signatures: Part
    private let images: Images
    let links: LinkRewriter

    init(_ node: JSON5Node, _ reader: inout NodeReader) {
        let members = reader.members(node, Self.name, keys: Self.keys)
        format = members["format"].flatMap { reader.word($0, "text.format") }
        source = members["source"].flatMap { reader.word($0, "text.source") } ?? .text
        clean = members["clean"].flatMap { reader.flag($0, "text.clean") } ?? false
        quoted = members["quoted"].flatMap { reader.word($0, "text.quoted") } ?? .keep
        signatures = members["signatures"].flatMap { reader.word($0, "text.signatures") } ?? .keep
        images = members["images"].flatMap { reader.word($0, "text.images") } ?? .keep
        var rules: [LinkRule] = []
        for (index, node) in (members["links"].flatMap { reader.elements($0, "text.links") } ?? []).enumerated() {
            if let rule = LinkRule(node, "text.links[\(index)]", &reader) { rules.append(rule) }
        }
        links = LinkRewriter(rules: rules)
        if format != .html, source == .markdown, let node = members["source"] {
            reader.fault(
                node.mark, "'text.source' is 'markdown' and nothing is made of it",
                expected: "'text.format' to be 'html'")
        }
    }

    /// Whether links are looked at, which needs to know what goes along.
    var resolvesLinks: Bool { !links.rules.isEmpty }

    private var changesBodies: Bool {
        format != nil || clean || quoted == .drop || signatures == .drop || images != .keep
    }

    // MARK: Application

    func apply(
        to conversation: inout Conversation, people: SourcePeople, _ losses: inout LossTally,
        _ coverage: inout MappingCoverage
    ) {
        let id = conversation.id
        for index in conversation.timeline.indices {
            if conversation.timeline[index].kind.isEvent { continue }
            if resolvesLinks {
                rewriteLinks(&conversation.timeline[index], people.known, record: id, &losses, &coverage)
            }
            if changesBodies { turn(&conversation.timeline[index], record: id, &losses) }
        }
    }

    private func rewriteLinks(
        _ entry: inout Entry, _ known: (any KnownConversations)?, record: String, _ losses: inout LossTally,
        _ coverage: inout MappingCoverage
    ) {
        var seen: Set<String> = []
        func rewrite(_ text: inout String?, _ field: String) {
            guard let source = text else { return }
            var found = 0
            let rewritten = links.rewritten(source, known: known) { rule, key, isResolved in
                coverage.noteUse(of: rule.rule)
                if isResolved {
                    found += 1
                } else if seen.insert(key).inserted {
                    coverage.trail.append(
                        TrailRow(
                            .unresolvedLink, .conversation, record, entry: entry.id, field: field, detail: key))
                }
            }
            guard let rewritten else { return }
            text = rewritten
            losses.add(.conversation, field, .converted, record: record, count: found, detail: "links")
        }
        rewrite(&entry.html, "timeline.html")
        rewrite(&entry.text, "timeline.text")
    }

    /// Changes one body: HTML goes through a tree, plain text line by line.
    private func turn(_ entry: inout Entry, record: String, _ losses: inout LossTally) {
        if let html = entry.html, !html.isEmpty {
            turnHTML(html, &entry, record: record, &losses)
        } else if let text = entry.text, !text.isEmpty {
            turnText(text, &entry, record: record, &losses)
        }
    }

    private func turnHTML(_ html: String, _ entry: inout Entry, record: String, _ losses: inout LossTally) {
        let hasMarkup = html.utf8.contains { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "&") }
        guard hasMarkup || format != nil, let tree = HTMLTree(html) else { return }
        var isChanged = false
        if quoted == .drop, tree.dropQuotedHistory() {
            isChanged = true
            losses.add(.conversation, "timeline.html", .truncated, record: record, detail: "quoted history")
        }
        if signatures == .drop, tree.dropSignature() {
            isChanged = true
            losses.add(.conversation, "timeline.html", .truncated, record: record, detail: "signature")
        }
        if images != .keep, turnImages(tree, &entry) {
            isChanged = true
            losses.add(.conversation, "timeline.html", .converted, record: record, detail: "images")
        }
        switch format {
        case .text, .markdown:
            let text = format == .text ? tree.plainText : tree.markdown
            entry.text = text
            entry.html = nil
            losses.add(
                .conversation, "timeline.html", format == .text ? .narrowed : .converted, record: record,
                detail: "HTML -> \(format?.rawValue ?? "")")
        case .html, nil:
            if clean || isChanged {
                let (written, removed) = tree.html(clean: clean)
                if removed > 0 {
                    losses.add(
                        .conversation, "timeline.html", .narrowed, record: record, count: 1,
                        detail: removed == 1 ? "1 part that is not harmless" : "\(removed) parts that are not harmless")
                }
                if written != html { entry.html = written }
            }
            if format == .html, entry.text != nil {
                entry.text = nil
            } else if isChanged, entry.text != nil {
                entry.text = tree.plainText
            }
        }
    }

    private func turnText(_ text: String, _ entry: inout Entry, record: String, _ losses: inout LossTally) {
        var text = text
        if quoted == .drop, let cut = PlainText.withoutQuotedHistory(text) {
            text = cut
            losses.add(.conversation, "timeline.text", .truncated, record: record, detail: "quoted history")
        }
        if signatures == .drop, let cut = PlainText.withoutSignature(text) {
            text = cut
            losses.add(.conversation, "timeline.text", .truncated, record: record, detail: "signature")
        }
        if format == .html {
            entry.html = source == .markdown ? Markdown.html(of: text) : HTMLText.html(of: text)
            entry.text = nil
            losses.add(.conversation, "timeline.text", .converted, record: record, detail: "\(source.rawValue) -> HTML")
        } else if text != entry.text {
            entry.text = text
        }
    }

    private func turnImages(_ tree: HTMLTree, _ entry: inout Entry) -> Bool {
        switch images {
        case .keep: return false
        case .attach:
            var number = entry.attachments.count
            return tree.rewriteImages { image in
                guard let data = DataAddress(image.source) else { return nil }
                number += 1
                entry.attachments.append(data.attachment(number, entry: entry.id, name: image.alternative))
                return "cid:" + (entry.attachments.last?.contentID ?? "")
            }
        case .embed:
            var embedded: Set<String> = []
            let changed = tree.rewriteImages { image in
                guard image.source.lowercased().hasPrefix("cid:") else { return nil }
                let name = String(image.source.dropFirst(4))
                guard let file = entry.attachments.first(where: { $0.contentID == name }), let url = file.url else {
                    return nil
                }
                if url.hasPrefix("data:") { embedded.insert(name) }
                return url
            }
            entry.attachments.removeAll { $0.contentID.map(embedded.contains) ?? false }
            return changed
        }
    }
}
