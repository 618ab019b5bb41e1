internal import ConversationModel
internal import ExportFormats

/// What a list of pieces says.
struct PieceReading {
    var lines: [String] = []
    var html: String?
    var subject: String?
    var files: [Attachment] = []
    /// Whether the list has the shape that is written.
    var isPlain = true

    /// The words as one text; empty text is none.
    var text: String? { lines.isEmpty ? nil : lines.joined(separator: "\n") }
}

/// The kinds of piece of a vendor, compiled.
final class PieceSet: Sendable {
    private enum Kind: Sendable {
        case text([String])
        case file(ObjectNode, Projection, takes: @Sendable (Attachment) -> Bool)
        case label([String], beside: [String]?)
        case list([String], inner: String?)
        case mail(subject: String, body: String)
    }

    /// Lists nest as deep as this; what lies deeper is kept and not read.
    private static let depthLimit = 8

    private let kinds: [(key: [UInt8], kind: Kind)]
    /// Stands for the list where losses are counted.
    private let place: ObjectNode
    private let path: String
    private let words: (key: String, inner: [String])?

    init(_ pieces: [Piece], path: String) {
        self.path = path
        place = ObjectNode(slots: [], path: path, extrasOffset: nil)
        kinds = pieces.map { piece in
            let kind: Kind =
                switch piece.content {
                case .text(let inner): .text(inner)
                case .file(let binding, let takes):
                    Self.file(
                        binding.node(
                            path: "timeline.attachments", extrasOffset: ConnectorKit.place(\Attachment.extras)), takes)
                case .label(let inner, let other): .label(inner, beside: other)
                case .list(let inner, let list): .list(inner, inner: list)
                case .mail(let subject, let body): .mail(subject: subject, body: body)
                }
            return (Array(piece.key.utf8), kind)
        }
        words =
            pieces.lazy.compactMap { piece in
                if case .text(let inner) = piece.content { (piece.key, inner) } else { nil }
            }.first
    }

    private static func file(_ node: ObjectNode, _ takes: @escaping @Sendable (Attachment) -> Bool) -> Kind {
        .file(node, Projection(node, Attachment.properties, prefix: "timeline.attachments."), takes: takes)
    }

    private func kind(_ key: UnsafeBufferPointer<UInt8>) -> Int? {
        kinds.firstIndex { $0.key.withUnsafeBufferPointer { $0.equals(key) } }
    }

    /// The kind of piece that a file is written as.
    private func kind(of file: Attachment) -> Int? {
        kinds.firstIndex { if case .file(_, _, let takes) = $0.kind { takes(file) } else { false } }
    }

    // MARK: Reading

    func read(_ view: JSONView, _ run: Decoding) throws(DecodeFault) -> PieceReading {
        var reading = PieceReading()
        try read(view, &reading, run, depth: 0)
        return reading
    }

    private func read(
        _ view: JSONView, _ reading: inout PieceReading, _ run: Decoding, depth: Int
    ) throws(DecodeFault) {
        switch view.kind {
        case .array:
            let end = view.next - 1
            var at = view.index + 1
            var ordinal = 0
            while at < end {
                let element = view.at(at)
                at = element.next
                do {
                    try readPiece(element, &reading, run, depth: depth)
                } catch {
                    throw error.inside("[\(ordinal)]")
                }
                ordinal += 1
            }
        case .object:
            reading.isPlain = false
            try readPiece(view, &reading, run, depth: depth)
        case .string:
            reading.isPlain = false
            try read(json: view.string, &reading, run, depth: depth)
        case .null: reading.isPlain = false
        default: throw DecodeFault("expected a list, found \(view.kind.noun)")
        }
    }

    /// A list inside a text, as a cell of CSV holds it; any other text is the message itself.
    private func read(
        json text: String, _ reading: inout PieceReading, _ run: Decoding, depth: Int
    ) throws(DecodeFault) {
        let first = text.utf8.first { $0 > 0x20 }
        guard depth == 0, first == UInt8(ascii: "[") || first == UInt8(ascii: "{"), let parser = try? JSONParser(),
            let inner = try? parser.parse(text)
        else {
            if !text.isEmpty { reading.lines.append(text) }
            return
        }
        try withExtendedLifetime(parser) { () throws(DecodeFault) in
            try read(inner, &reading, run, depth: depth + 1)
        }
    }

    private func readPiece(
        _ view: JSONView, _ reading: inout PieceReading, _ run: Decoding, depth: Int
    ) throws(DecodeFault) {
        guard view.isObject else {
            reading.isPlain = false
            if view.isString, !view.bytes.isEmpty { reading.lines.append(view.string) }
            return
        }
        let end = view.next - 1
        var at = view.index + 1
        if at == end || view.at(at + 1).next != end { reading.isPlain = false }
        while at < end {
            let key = view.at(at)
            let value = view.at(at + 1)
            at = value.next
            do {
                try read(key.bytes, value, &reading, run, depth: depth)
            } catch {
                throw error.inside(key.string)
            }
        }
    }

    private func read(
        _ key: UnsafeBufferPointer<UInt8>, _ value: JSONView, _ reading: inout PieceReading, _ run: Decoding, depth: Int
    ) throws(DecodeFault) {
        guard let index = kind(key) else {
            reading.isPlain = false
            run.noteUnknown(path, key: key)
            if !run.keepsExtras { run.countUnbound(place, key, value) }
            return
        }
        switch kinds[index].kind {
        case .text(let inner):
            // Some sources leave the inner object out.
            let text = value.isString ? value : value.value(at: inner)
            let isFirst = reading.lines.isEmpty && reading.files.isEmpty && reading.html == nil
            reading.isPlain = reading.isPlain && isFirst && Self.isOnly(text, value, inner)
            if let text, text.isString, !text.bytes.isEmpty { reading.lines.append(text.string) }
        case .file(let node, _, _):
            guard value.isObject else {
                reading.isPlain = false
                return
            }
            var file = Attachment()
            var fault: DecodeFault?
            withUnsafeMutablePointer(to: &file) { pointer in
                do throws(DecodeFault) {
                    try node.decodeEntity(value, into: UnsafeMutableRawPointer(pointer), run)
                } catch {
                    fault = error
                }
            }
            if let fault { throw fault }
            reading.files.append(file)
            reading.isPlain = reading.isPlain && kind(of: file) == index
        case .label(let inner, let other):
            reading.isPlain = false
            if !run.keepsExtras { run.countUnbound(place, key, value) }
            guard let label = value.value(at: inner)?.scalarText, !label.isEmpty else { return }
            let beside = other.flatMap { value.value(at: $0)?.scalarText }.flatMap { $0.isEmpty ? nil : " " + $0 }
            reading.lines.append("[\(label)]" + (beside ?? ""))
        case .list(let inner, let list):
            reading.isPlain = false
            guard depth < Self.depthLimit, let elements = value.value(at: inner) else { return }
            guard let list else { return try read(elements, &reading, run, depth: depth + 1) }
            var at = elements.index + 1
            while elements.isArray, at < elements.next - 1 {
                let element = elements.at(at)
                at = element.next
                if let pieces = element.member(list) { try read(pieces, &reading, run, depth: depth + 1) }
            }
        case .mail(let subject, let body):
            reading.isPlain = false
            reading.subject = value.member(subject)?.scalarText
            guard let html = value.member(body)?.scalarText, !html.isEmpty else { return }
            reading.html = html
            reading.lines.append(HTMLText.plain(html))
        }
    }

    /// Whether a text is all that stands below a key.
    private static func isOnly(_ text: JSONView?, _ value: JSONView, _ inner: [String]) -> Bool {
        guard let text, text.isString, !text.bytes.isEmpty, value.isObject else { return false }
        var view = value
        for key in inner {
            guard view.isObject, view.hasOnlyMembers(key, []), let next = view.member(key) else { return false }
            view = next
        }
        return true
    }

    // MARK: Writing

    func write(_ entry: Entry, _ out: inout JSONOutput, _ run: Encoding) {
        out.put(UInt8(ascii: "["))
        if let words, let text = entry.text ?? entry.html.map(HTMLText.plain), !text.isEmpty {
            out.put(UInt8(ascii: "{"))
            out.put(key: words.key)
            for key in words.inner {
                out.put(UInt8(ascii: "{"))
                out.put(key: key)
            }
            out.put(text)
            for _ in 0...words.inner.count { out.put(UInt8(ascii: "}")) }
        }
        for file in entry.attachments {
            guard let index = kind(of: file), case .file(let node, _, _) = kinds[index].kind else { continue }
            out.separate()
            out.put(UInt8(ascii: "{"))
            out.put(key: String(decoding: kinds[index].key, as: UTF8.self))
            withUnsafePointer(to: file) { node.encodeEntity(UnsafeRawPointer($0), &out, run) }
            out.put(UInt8(ascii: "}"))
        }
        out.put(UInt8(ascii: "]"))
    }

    func project(_ file: inout Attachment, _ run: Projecting) {
        guard let index = kind(of: file), case .file(_, let projection, _) = kinds[index].kind else { return }
        withUnsafeMutablePointer(to: &file) { projection.apply(UnsafeMutableRawPointer($0), run) }
    }
}

extension PieceReading {
    /// Whether files say the same, whatever else their own pieces say.
    func hasFiles(_ files: [Attachment]) -> Bool {
        self.files.count == files.count
            && zip(self.files, files).allSatisfy { mine, file in
                (mine.id.isEmpty || mine.id == file.id) && mine.url == file.url && mine.name == file.name
                    && mine.contentType == file.contentType && mine.size == file.size
            }
    }
}

extension Decoding {
    /// Counts a key that a set of known ones does not hold.
    func noteUnknown(_ path: String, key: UnsafeBufferPointer<UInt8>) {
        let shown = String(String(decoding: key, as: UTF8.self).prefix(60))
        unknownValues[UnknownValue(path: path, value: shown), default: 0] += 1
    }
}
