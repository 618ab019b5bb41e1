public import ConversationModel

extension Rule where Root == Entry {
    /// Mail headers as JSON in a text: `{"from":{"email":"…"},"to":[{"email":"…"}],"cc":[]}`, with the subject beside it.
    ///
    /// - Parameters:
    ///   - path: Where the text stands.
    ///   - subject: Where the subject stands.
    ///   - messageID: Where the Message-ID stands.
    /// - Returns: The rules; an entry with any of these is a mail.
    public static func mailHeaders(_ path: Path, subject: Path, messageID: Path) -> [Rule] {
        [
            Rule(path: path, content: .value { _ in MailHeaderNode() }),
            Rule(path: subject, content: .value { _ in MailTextNode(.subject) }).late,
            Rule(path: messageID, content: .value { _ in MailTextNode(.messageID) }).late,
        ]
    }
}

/// Mail headers as JSON in a text.
final class MailHeaderNode: ValueNode {
    private static let email = place(\Entry.email)
    private static let author = place(\Entry.author.email)
    let covers = [place(\Entry.email), place(\Entry.author.email)]
    let narrows = true

    private func read(_ view: JSONView, _ run: Encoding) -> EmailHeaders? {
        guard view.isString else { return nil }
        return run.reading(view.string) { json -> EmailHeaders? in
            guard let json, json.isObject else { return nil }
            var headers = EmailHeaders()
            headers.from = json.member("from").flatMap(Self.address)
            headers.to = Self.addresses(json.member("to"))
            headers.cc = Self.addresses(json.member("cc"))
            return headers
        }
    }

    private static func address(_ view: JSONView) -> String? { view.scalarText ?? view.member("email")?.scalarText }

    private static func addresses(_ view: JSONView?) -> [String] {
        var texts: [String] = []
        view?.forEachElement { if let text = address($0) { texts.append(text) } }
        return texts
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        guard let headers = read(view, run.probe) else { return view.isNull }
        let field = (root + Self.email).assumingMemoryBound(to: EmailHeaders?.self)
        field.pointee = headers
        let author = (root + Self.author).assumingMemoryBound(to: String?.self)
        if author.pointee == nil { author.pointee = headers.from }
        return view.string == Self.text(of: headers)
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let headers = (root + Self.email).assumingMemoryBound(to: EmailHeaders?.self).pointee else {
            return false
        }
        out.put(Self.text(of: headers))
        return true
    }

    private static func text(of headers: EmailHeaders) -> String {
        func person(_ email: String) -> JSONValue { .object([JSONValue.Member("email", .string(email))]) }
        var json = JSONOutput(capacity: 128)
        json.put(
            JSONValue.object(
                (headers.from.map { [JSONValue.Member("from", person($0))] } ?? []) + [
                    JSONValue.Member("to", .array(headers.to.map(person))),
                    JSONValue.Member("cc", .array(headers.cc.map(person))),
                ]))
        return json.text
    }

    /// The sender's address is the author's, because nothing else says one.
    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let from = (root + Self.email).assumingMemoryBound(to: EmailHeaders?.self).pointee?.from
        let author = (root + Self.author).assumingMemoryBound(to: String?.self)
        guard author.pointee != from else { return }
        run.note("timeline.author.email", from == nil ? .dropped : .converted, "the sender's")
        author.pointee = from
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard var theirs = read(view, run) else { return view.isNull }
        let mine = (root + Self.email).assumingMemoryBound(to: EmailHeaders?.self).pointee
        theirs.subject = mine?.subject
        theirs.messageID = mine?.messageID
        return theirs == mine
    }
}

/// A text of a mail's headers that stands beside them.
final class MailTextNode: ValueNode {
    /// Which text it is.
    enum Part { case subject, messageID }

    private static let email = place(\Entry.email)
    let covers = [place(\Entry.email)]
    private let part: Part

    init(_ part: Part) { self.part = part }

    private func current(_ root: UnsafeRawPointer) -> String? {
        let headers = (root + Self.email).assumingMemoryBound(to: EmailHeaders?.self).pointee
        return part == .subject ? headers?.subject : headers?.messageID
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (text, exact) = try TextCodec.text.read(view)
        guard let text else { return exact }
        let field = (root + Self.email).assumingMemoryBound(to: EmailHeaders?.self)
        var headers = field.pointee ?? EmailHeaders()
        switch part {
        case .subject: headers.subject = text
        case .messageID: headers.messageID = text
        }
        field.pointee = headers
        return exact
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let text = current(root) else { return false }
        out.put(text)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        current(root) == view.scalarText
    }
}
