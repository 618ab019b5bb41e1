public import ConversationModel

/// How the elements of lists of senders and recipients say addresses of mails:
/// `{"recipientField":"TO","deliveryIdentifier":{"type":"HS_EMAIL_ADDRESS","value":"kim@example.org"}}`.
public struct MailParties: Sendable {
    static let headers = place(\Entry.email)

    let key: String
    let type: (key: String, text: String)
    let value: String
    let field: String

    /// Creates a form.
    ///
    /// - Parameters:
    ///   - key: Key of the object with the address.
    ///   - type: What in that object says that it is an address of a mail.
    ///   - value: Key of the address in that object.
    ///   - field: Key beside it that says `TO` or `CC`.
    public init(_ key: String, type: (key: String, text: String), value: String, field: String) {
        self.key = key
        self.type = type
        self.value = value
        self.field = field
    }

    static func of(_ entry: UnsafeRawPointer) -> EmailHeaders? {
        (entry + headers).assumingMemoryBound(to: EmailHeaders?.self).pointee
    }

    /// The address that an element says.
    func address(_ element: JSONView) -> String? {
        guard let object = element.member(key), object.member(type.key)?.scalarText == type.text,
            let text = object.member(value)?.scalarText, !text.isEmpty
        else { return nil }
        return text
    }

    /// Writes an address into an element.
    func put(_ address: String, _ out: inout JSONOutput) {
        out.put(key: key)
        out.put(
            .object([
                JSONValue.Member(type.key, .string(type.text)), JSONValue.Member(value, .string(address)),
            ]))
    }
}

extension Rule where Root == Entry {
    /// Recipients of a mail as a list of objects; what has no address of a mail is kept for its vendor.
    ///
    /// - Parameters:
    ///   - path: Where the list stands.
    ///   - form: How an element says the address.
    /// - Returns: The rule; an entry with an address is a mail.
    public static func mailRecipients(_ path: Path, _ form: MailParties) -> Rule {
        Rule(path: path, content: .value { _ in MailRecipientsNode(form) }).late
    }

    /// The subject of a mail beside its other headers; an entry with one is a mail.
    public static func mailSubject(_ path: Path) -> Rule {
        Rule(path: path, content: .value { _ in MailTextNode(.subject) }).late
    }
}

extension Rule where Root == Conversation {
    /// The subject of the first mail is the conversation's, where nothing else says one.
    ///
    /// - Parameter name: A key beginning with `#`, which no record has.
    /// - Returns: The rule.
    public static func subjectOfFirstMail(_ name: Path) -> Rule {
        Rule(path: name, content: .value { _ in MailSubjectOfConversationNode() })
    }
}

/// Recipients of a mail.
final class MailRecipientsNode: ValueNode {
    private let form: MailParties
    let covers = [MailParties.headers]
    let narrows = true

    init(_ form: MailParties) { self.form = form }

    private func read(_ view: JSONView) -> (to: [String], cc: [String]) {
        var (to, cc): ([String], [String]) = ([], [])
        view.forEachElement { element in
            guard let address = form.address(element) else { return }
            switch element.member(form.field)?.scalarText {
            case "CC": cc.append(address)
            case "BCC": break
            default: to.append(address)
            }
        }
        return (to, cc)
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if view.isNull { return false }
        guard view.isArray else { throw DecodeFault("expected a list, found \(view.kind.noun)") }
        let (to, cc) = read(view)
        if !to.isEmpty || !cc.isEmpty {
            let headers = (root + MailParties.headers).assumingMemoryBound(to: EmailHeaders?.self)
            headers.pointee = headers.pointee ?? EmailHeaders()
            headers.pointee?.to = to
            headers.pointee?.cc = cc
        }
        run.scratch.truncate(to: 0)
        return encode(UnsafeRawPointer(root), &run.scratch, run.probe) && writesSame(view, run)
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let headers = MailParties.of(root)
        out.put(UInt8(ascii: "["))
        for (field, addresses) in [("TO", headers?.to ?? []), ("CC", headers?.cc ?? [])] {
            for address in addresses {
                out.separate()
                out.put(UInt8(ascii: "{"))
                out.put(key: form.field)
                out.put(field)
                form.put(address, &out)
                out.put(UInt8(ascii: "}"))
            }
        }
        out.put(UInt8(ascii: "]"))
        return true
    }

    /// Addresses and subject have a place, the Message-ID has none.
    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let headers = (root + MailParties.headers).assumingMemoryBound(to: EmailHeaders?.self)
        guard headers.pointee != nil else { return }
        if headers.pointee?.messageID != nil {
            headers.pointee?.messageID = nil
            run.note("timeline.email.message_id", .dropped)
        }
        if headers.pointee == EmailHeaders() {
            headers.pointee = nil
            run.note("timeline.email", .dropped, "headers that say nothing")
        }
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        let (to, cc) = read(view)
        let mine = MailParties.of(root)
        return to == mine?.to ?? [] && cc == mine?.cc ?? []
    }
}

/// The first mail's subject as the conversation's.
final class MailSubjectOfConversationNode: FinishingNode {
    let covers = [place(\Conversation.subject)]
    let narrows = true

    private func subject(_ conversation: Conversation) -> String? {
        conversation.timeline.lazy.compactMap(\.email?.subject).first
    }

    func finish(_ conversation: inout Conversation) {
        if conversation.subject == nil { conversation.subject = subject(conversation) }
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let conversation = root.assumingMemoryBound(to: Conversation.self)
        let said = subject(conversation.pointee)
        guard conversation.pointee.subject != said else { return }
        conversation.pointee.subject = said
        run.note(name, said == nil ? .dropped : .converted, "the first mail's")
    }
}
