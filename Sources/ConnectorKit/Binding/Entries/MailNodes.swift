public import ConversationModel

// Mails that a vendor keeps as records beside what people wrote into the ticket, with their headers as columns.

/// A column of a mail record.
public enum MailColumn: Sendable {
    case messageID, subject, from
    /// Addresses with commas between.
    case to, cc
}

/// What a word of a mail record's type means.
public struct MailType: Sendable {
    let word: String
    let kind: Entry.Kind
    let author: Author.Kind

    /// Creates a row.
    ///
    /// - Parameters:
    ///   - word: The vendor's word.
    ///   - kind: A message, or an event for mails that never reached anybody.
    ///   - author: Who such mails come from.
    public init(_ word: String, _ kind: Entry.Kind, _ author: Author.Kind) {
        self.word = word
        self.kind = kind
        self.author = author
    }
}

extension Rule where Root == Entry {
    /// A header of a mail as a column of its record.
    public static func mail(_ path: Path, _ column: MailColumn) -> Rule {
        Rule(path: path, content: .value { _ in MailColumnNode(column) })
    }

    /// What became of a mail, and by that from which side it came; the first row of a side is the one that is written.
    public static func mailType(_ path: Path, system: String, _ rows: [MailType]) -> Rule {
        var rule = Rule(path: path, content: .value { MailTypeNode(rows, system: system, path: $0) })
        rule.part = .echo
        return rule
    }

    /// Id of the person that a mail came from, where the vendor knows one; it says better who that was than the login.
    public static func mailSender(_ path: Path, _ codec: KeyCodec) -> Rule {
        var rule = Rule(path: path, content: .value { _ in MailSenderNode(codec) })
        rule.part = .alternate
        return rule
    }
}

/// One header.
final class MailColumnNode: ValueNode {
    private let email = place(\Entry.email)
    let column: MailColumn
    var covers: [Int] { [email] }
    let narrows = true

    init(_ column: MailColumn) { self.column = column }

    private func text(_ headers: EmailHeaders?) -> String? {
        guard let headers else { return nil }
        switch column {
        case .messageID: return headers.messageID
        case .subject: return headers.subject
        case .from: return headers.from
        case .to: return headers.to.isEmpty ? nil : headers.to.joined(separator: ",")
        case .cc: return headers.cc.isEmpty ? nil : headers.cc.joined(separator: ",")
        }
    }

    private func set(_ text: String?, _ headers: inout EmailHeaders) {
        switch column {
        case .messageID: headers.messageID = text
        case .subject: headers.subject = text
        case .from: headers.from = text
        case .to: headers.to = Self.addresses(text)
        case .cc: headers.cc = Self.addresses(text)
        }
    }

    private static func addresses(_ text: String?) -> [String] {
        (text ?? "").split(whereSeparator: { $0 == "," || $0 == ";" }).map { part in
            String(part.drop { $0.isWhitespace })
        }.filter { !$0.isEmpty }
    }

    private func read(_ view: JSONView) throws(DecodeFault) -> (text: String?, exact: Bool) {
        guard view.isObject else { return try TextCodec.text.read(view) }
        return (Box.content(view)?.scalarText.flatMap { $0.isEmpty ? nil : $0 }, false)
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (text, exact) = try read(view)
        guard let text else { return exact }
        let field = (root + email).assumingMemoryBound(to: EmailHeaders?.self)
        var headers = field.pointee ?? EmailHeaders()
        set(text, &headers)
        field.pointee = headers
        return exact && self.text(headers) == text
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let headers = (root + email).assumingMemoryBound(to: EmailHeaders?.self).pointee
        guard let text = text(headers) else { return false }
        out.put(text)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let (text, _) = try? read(view) else { return false }
        var headers = EmailHeaders()
        set(text, &headers)
        return self.text(headers) == self.text((root + email).assumingMemoryBound(to: EmailHeaders?.self).pointee)
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let field = (root + email).assumingMemoryBound(to: EmailHeaders?.self)
        guard var headers = field.pointee else { return }
        let before = headers
        set(text(headers).map { CellText.cleaned($0) ?? $0 }.flatMap { $0.isEmpty ? nil : $0 }, &headers)
        guard headers != before else { return }
        field.pointee = headers
        run.note(name, .converted, "as columns can hold it")
    }
}

/// What became of a mail.
final class MailTypeNode: ValueNode, EntryKindNode {
    private let kind = place(\Entry.kind)
    private let rows: [MailType]
    private let system: String
    private let path: String
    var covers: [Int] { [kind] }

    init(_ rows: [MailType], system: String, path: String) {
        self.rows = rows
        self.system = system
        self.path = path
    }

    func writes(_ entry: Entry) -> Bool { rows.contains { $0.kind == entry.kind } }
    func nearest(_ kind: Entry.Kind) -> Entry.Kind? { nil }

    private func row(_ view: JSONView) -> MailType? {
        guard let word = (view.isObject ? Box.content(view) : view)?.scalarText else { return nil }
        return rows.first { $0.word == word }
    }

    private func row(of entry: Entry) -> MailType? {
        let own = rows.filter { $0.kind == entry.kind }
        let side: Author.Kind = entry.author.kind == .contact ? .contact : .agent
        return own.first { $0.author == side } ?? own.first
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let entry = root.assumingMemoryBound(to: Entry.self)
        if entry.pointee.email == nil { entry.pointee.email = EmailHeaders() }
        guard let row = row(view) else {
            run.noteUnknown(path, view)
            // Nobody knows who has seen such a mail.
            entry.pointee.kind = .event(.other)
            return false
        }
        entry.pointee.kind = row.kind
        // The platform files what came in; who sent it stands in the mail itself.
        if entry.pointee.author.kind == .system, row.author == .contact, entry.pointee.author.id == system,
            let from = entry.pointee.email?.from
        {
            entry.pointee.author = Author(.contact, id: from, email: from)
        } else if entry.pointee.author.kind == .system, entry.pointee.author.id != system {
            entry.pointee.author.kind = row.author
        }
        return view.isString && self.row(of: entry.pointee)?.word == row.word
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let row = row(of: root.assumingMemoryBound(to: Entry.self).pointee) else { return false }
        out.put(row.word)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        let kind = root.assumingMemoryBound(to: Entry.self).pointee.kind
        guard let row = row(view) else { return kind == .event(.other) }
        return row.kind == kind
    }
}

/// The person that a mail came from.
final class MailSenderNode: ValueNode {
    private let id = place(\Entry.author.id)
    private let kind = place(\Entry.author.kind)
    let codec: KeyCodec

    init(_ codec: KeyCodec) { self.codec = codec }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        guard let key = try codec.read(view, parent: nil).id else { return false }
        let entry = root.assumingMemoryBound(to: Entry.self)
        let side = entry.pointee.kind == .message && entry.pointee.author.kind == .agent ? Author.Kind.agent : .contact
        entry.pointee.author = Author(side, id: key)
        return false
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let reading = try? codec.read(view, parent: nil) else { return false }
        return reading.id == nil || reading.id == (root + id).assumingMemoryBound(to: String?.self).pointee
    }
}
