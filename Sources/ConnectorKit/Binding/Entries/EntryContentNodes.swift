public import ConversationModel

// What entries hold where a vendor does not write it as a text and a list of files.

/// Which texts of a structure people see, as lines.
public struct TextOutline: Sendable {
    /// Paths of the texts of a line; `a|b` takes the first that is there, `a.b` lies deeper.
    let lines: [[[[String]]]]
    let inner: [(key: String, outline: TextOutline)]

    /// Creates an outline.
    ///
    /// A line whose last text is there and empty is left out: a question that was not answered. Objects are read by their
    /// `label`, lists by all of their elements.
    ///
    /// - Parameters:
    ///   - lines: The texts of each line of an element.
    ///   - inner: Lists inside an element, behind its own lines.
    public init(_ lines: [[String]], inner: [(key: String, outline: TextOutline)] = []) {
        self.lines = lines.map { line in
            line.map { part in part.split(separator: "|").map { $0.split(separator: ".").map(String.init) } }
        }
        self.inner = inner
    }

    /// The text of a structure; empty where it says nothing.
    func text(_ view: JSONView) -> String {
        var result: [String] = []
        append(view, &result)
        return result.joined(separator: "\n")
    }

    private func append(_ view: JSONView, _ result: inout [String]) {
        if view.isArray {
            view.forEachElement { append($0, &result) }
            return
        }
        guard view.isObject else { return }
        for line in lines {
            if let text = Self.line(view, line) { result.append(text) }
        }
        for (key, outline) in inner {
            if let list = view.member(key) { outline.append(list, &result) }
        }
    }

    private static func line(_ view: JSONView, _ parts: [[[String]]]) -> String? {
        var text = ""
        for (index, part) in parts.enumerated() {
            guard let value = part.lazy.compactMap({ view.value(at: $0) }).first else { continue }
            let words = words(value)
            if words.isEmpty {
                if index > 0, index == parts.count - 1 { return nil }
                continue
            }
            if words == text { continue }
            if let last = text.last { text += last == ":" || last == "?" ? " " : ": " }
            text += words
        }
        return text.isEmpty ? nil : text
    }

    private static func words(_ view: JSONView) -> String {
        if view.isArray {
            var all: [String] = []
            view.forEachElement { element in
                let words = words(element)
                if !words.isEmpty { all.append(words) }
            }
            return all.joined(separator: ", ")
        }
        if view.isObject { return view.member("label").map(words) ?? "" }
        return view.scalarText ?? ""
    }
}

extension Rule where Root == Entry {
    /// A text gathered from a structure: read where the entry has no text of its own, and kept for its vendor.
    ///
    /// - Parameters:
    ///   - path: Where the structure stands.
    ///   - property: The text.
    ///   - outline: Which of its texts people see.
    /// - Returns: The rule.
    public static func gathered(
        _ path: Path, _ property: WritableKeyPath<Entry, String?>, _ outline: TextOutline
    ) -> Rule {
        let offset = place(property)
        var rule = Rule(path: path, content: .value { _ in GatheredTextNode(offset: offset, outline: outline) })
        rule.part = .alternate
        return rule
    }

    /// The one file of an entry, whose fields are the entry's own; entries with text or several files are written apart.
    ///
    /// - Parameter rules: Rules of the file.
    /// - Returns: The rules of the entry.
    public static func file(_ rules: [Rule<Attachment>]) -> [Rule] {
        let binding = Binding<Attachment>(rules)
        return rules.enumerated().map { index, rule in
            guard case .value(let make) = rule.content else { return rule.isolated }
            var field = Rule(
                path: rule.path,
                content: .value { path in
                    FileFieldNode(make(path), whole: index == 0 ? binding.node(path: "", extrasOffset: nil) : nil)
                })
            field.part = rule.part
            return field
        }
    }

    /// Files of an entry as a list of addresses.
    public static func fileLinks(_ path: Path) -> Rule {
        Rule(path: path, content: .value { _ in FileLinksNode() })
    }
}

extension Rule where Root == Attachment {
    /// A rule that says nothing of the entry.
    fileprivate var isolated: Rule<Entry> { Rule<Entry>(path: path, content: .value { _ in RepeatedNode() }) }
}

/// A text made of a structure's.
final class GatheredTextNode: ValueNode {
    let offset: Int
    let outline: TextOutline

    init(offset: Int, outline: TextOutline) {
        self.offset = offset
        self.outline = outline
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let field = (root + offset).assumingMemoryBound(to: String?.self)
        guard field.pointee == nil else { return false }
        let text = outline.text(view)
        if !text.isEmpty { field.pointee = text }
        return false
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        outline.text(view) == (root + offset).assumingMemoryBound(to: String?.self).pointee ?? ""
    }
}

/// A field of an entry's only file.
final class FileFieldNode: ValueNode {
    private static let attachments = place(\Entry.attachments)
    private let inner: any ValueNode
    /// On the first field: what the vendor can hold of a file.
    private let projection: Projection?
    var covers: [Int] { [Self.attachments] }
    var narrows: Bool { projection != nil }

    init(_ inner: any ValueNode, whole: ObjectNode?) {
        self.inner = inner
        projection = whole.map {
            Projection($0, Attachment.properties, prefix: "timeline.attachments.", elsewhere: [place(\Attachment.id)])
        }
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if view.isNull { return false }
        let files = (root + Self.attachments).assumingMemoryBound(to: [Attachment].self)
        var file = files.pointee.popLast() ?? Attachment()
        var exact = false
        var fault: DecodeFault?
        withUnsafeMutablePointer(to: &file) { pointer in
            do throws(DecodeFault) {
                exact = try inner.decode(view, into: UnsafeMutableRawPointer(pointer), run)
            } catch {
                fault = error
            }
        }
        files.pointee.append(file)
        if let fault { throw fault }
        return exact
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let file = (root + Self.attachments).assumingMemoryBound(to: [Attachment].self).pointee.first else {
            return false
        }
        return withUnsafePointer(to: file) { inner.encode(UnsafeRawPointer($0), &out, run) }
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let file = (root + Self.attachments).assumingMemoryBound(to: [Attachment].self).pointee.first else {
            return view.isNull
        }
        return withUnsafePointer(to: file) { inner.matches(view, UnsafeRawPointer($0), run) }
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        guard let projection else { return }
        let entry = root.assumingMemoryBound(to: Entry.self)
        for index in entry.pointee.attachments.indices {
            withUnsafeMutablePointer(to: &entry.pointee.attachments[index]) {
                projection.apply(UnsafeMutableRawPointer($0), run)
            }
            let id = "\(entry.pointee.id)#\(index + 1)"
            guard entry.pointee.attachments[index].id != id else { continue }
            entry.pointee.attachments[index].id = id
            run.note("timeline.attachments.id", .converted, "a file is known by its entry")
        }
    }
}

extension Conversation {
    /// Gives each file an entry of its own, behind the text that it came with; returns how many were put apart.
    mutating func putFilesApart() -> Int {
        guard timeline.contains(where: \.hasFilesToPutApart) else { return 0 }
        var entries: [Entry] = []
        entries.reserveCapacity(timeline.count + 8)
        var count = 0
        for var entry in timeline {
            guard entry.hasFilesToPutApart else {
                entries.append(entry)
                continue
            }
            let files = entry.attachments
            let isBare = entry.text == nil && entry.html == nil && !entry.kind.isEvent
            entry.attachments = isBare ? [files[0]] : []
            entries.append(entry)
            for (index, file) in files.enumerated().dropFirst(isBare ? 1 : 0) {
                var apart = Entry()
                apart.id = "\(entry.id)#\(index + 1)"
                apart.kind = entry.kind.isEvent ? .note : entry.kind
                apart.author = entry.author
                apart.createdAt = entry.createdAt
                apart.session = entry.session
                apart.channel = entry.channel
                apart.redacted = entry.redacted
                apart.attachments = [file]
                entries.append(apart)
                count += 1
            }
        }
        timeline = entries
        return count
    }
}

extension Entry {
    fileprivate var hasFilesToPutApart: Bool {
        attachments.count > 1 || (!attachments.isEmpty && (text != nil || html != nil || kind.isEvent))
    }
}

/// Files as addresses.
final class FileLinksNode: ValueNode {
    private static let attachments = place(\Entry.attachments)
    var covers: [Int] { [Self.attachments] }

    private func read(_ view: JSONView) throws(DecodeFault) -> [String] {
        if view.isNull { return [] }
        guard view.isArray else { throw DecodeFault("expected a list, found \(view.kind.noun)") }
        var links: [String] = []
        view.forEachElement { if let text = $0.scalarText, !text.isEmpty { links.append(text) } }
        return links
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let files = (root + Self.attachments).assumingMemoryBound(to: [Attachment].self)
        for link in try read(view) {
            var file = Attachment()
            file.url = link
            file.name = link.split(separator: "?")[0].split(separator: "/").last.map(String.init)
            files.pointee.append(file)
        }
        return !files.pointee.isEmpty && view.elementCount == files.pointee.count
    }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool {
        (root + Self.attachments).assumingMemoryBound(to: [Attachment].self).pointee.isEmpty
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let links = (root + Self.attachments).assumingMemoryBound(to: [Attachment].self).pointee.compactMap(\.url)
        guard !links.isEmpty else { return false }
        out.put(UInt8(ascii: "["))
        for link in links {
            out.separate()
            out.put(link)
        }
        out.put(UInt8(ascii: "]"))
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let links = try? read(view) else { return false }
        return links == (root + Self.attachments).assumingMemoryBound(to: [Attachment].self).pointee.compactMap(\.url)
    }
}
