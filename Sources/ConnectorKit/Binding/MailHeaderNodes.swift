public import ConversationModel

extension Rule where Root == Entry {
    /// Mail headers as JSON in a text: `{"from":{"email":"…"},"to":[{"email":"…"}],"cc":[]}`, with the subject beside it.
    ///
    /// - Parameters:
    ///   - path: Where the text stands.
    ///   - subject: Where the subject stands.
    /// - Returns: Both rules; an entry with the text is a mail.
    public static func mailHeaders(_ path: Path, subject: Path) -> MailHeaderRules<Root> {
        MailHeaderRules(
            headers: Rule(path: path, content: .value { _ in MailHeaderNode() }),
            subject: Rule(path: subject, content: .value { _ in MailSubjectNode() }).late)
    }
}

/// Rules of a mail's headers.
public struct MailHeaderRules<Root: Sendable>: Sendable {
    let headers: Rule<Root>
    let subject: Rule<Root>
    /// Both.
    public var all: [Rule<Root>] { [headers, subject] }
}

/// Mail headers as JSON in a text.
final class MailHeaderNode: ValueNode {
    private static let email = place(\Entry.email)
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
        let author = (root + place(\Entry.author.email)).assumingMemoryBound(to: String?.self)
        if author.pointee == nil { author.pointee = headers.from }
        return false
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let headers = (root + Self.email).assumingMemoryBound(to: EmailHeaders?.self).pointee else {
            return false
        }
        func person(_ email: String) -> JSONValue { .object([JSONValue.Member("email", .string(email))]) }
        var json = JSONOutput(capacity: 128)
        json.put(
            JSONValue.object(
                (headers.from.map { [JSONValue.Member("from", person($0))] } ?? []) + [
                    JSONValue.Member("to", .array(headers.to.map(person))),
                    JSONValue.Member("cc", .array(headers.cc.map(person))),
                ]))
        out.put(json.text)
        return true
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {}

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard var theirs = read(view, run) else { return view.isNull }
        let mine = (root + Self.email).assumingMemoryBound(to: EmailHeaders?.self).pointee
        theirs.subject = mine?.subject
        theirs.messageID = mine?.messageID
        return theirs == mine
    }
}

/// The subject of a mail, beside its headers.
final class MailSubjectNode: ValueNode {
    private static let email = place(\Entry.email)
    let covers = [place(\Entry.email)]

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (text, exact) = try TextCodec.text.read(view)
        guard let text else { return exact }
        let field = (root + Self.email).assumingMemoryBound(to: EmailHeaders?.self)
        var headers = field.pointee ?? EmailHeaders()
        headers.subject = text
        field.pointee = headers
        return exact
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let subject = (root + Self.email).assumingMemoryBound(to: EmailHeaders?.self).pointee?.subject else {
            return false
        }
        out.put(subject)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        (root + Self.email).assumingMemoryBound(to: EmailHeaders?.self).pointee?.subject == view.scalarText
    }
}
