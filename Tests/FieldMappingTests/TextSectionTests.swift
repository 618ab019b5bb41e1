import ConversationModel
import Diagnostics
import ExportFormats
import Testing

@testable import FieldMapping

/// Conversations that go along, for tests: an id or number and what it becomes.
struct KnownList: KnownConversations {
    var ids: [String: String] = [:]
    var numbers: [String: String] = [:]

    func destinationID(of id: String) -> String? { ids[id] }
    func destinationID(ofNumber number: String) -> String? { numbers[number] }
}

@Suite struct TextSectionTests {
    private func turned(
        _ text: String, plain: String? = nil, html: String? = nil, files: [ConversationModel.Attachment] = [],
        known: (any KnownConversations)? = nil
    ) throws -> (entry: Entry, result: Applied) {
        var message = entry(.message, Author(.contact, id: "u1"))
        message.id = "e1"
        message.text = plain
        message.html = html
        message.attachments = files
        var people = SourcePeople()
        people.known = known
        let result = try sections("text: {\(text)}").compiled()
            .applied(to: .sample { $0.timeline = [message] }, people: people)
        return (result.conversation.timeline[0], result)
    }

    @Test func oneFormIsMadeOfTheOther() throws {
        let html = try turned("format: 'html'", plain: "a < b\nc")
        #expect(html.entry.html == "<p>a &lt; b<br>c</p>" && html.entry.text == nil)
        #expect(html.result.count("timeline.text", .converted) == 1)
        let text = try turned("format: 'text'", html: "<p>Hi <b>Ana</b></p><ul><li>x</li></ul>")
        #expect(text.entry.text == "Hi Ana\n- x" && text.entry.html == nil)
        #expect(text.result.count("timeline.html", .narrowed) == 1)
        let markdown = try turned(
            "format: 'markdown'", html: "<p>Hi <b>Ana</b>, see <a href=\"https://x.example/\">this</a></p>")
        #expect(markdown.entry.text == "Hi **Ana**, see [this](https://x.example/)" && markdown.entry.html == nil)
        let read = try turned("format: 'html', source: 'markdown'", plain: "# Title\n\n- *a*\n- b")
        #expect(read.entry.html == "<h1>Title</h1><ul><li><em>a</em></li><li>b</li></ul>")
    }

    @Test func whatNeedsNoChangeStaysByteForByte() throws {
        let odd = "<P class='x'>a&nbsp;b<br/>"
        for options in ["quoted: 'drop', signatures: 'drop'", "images: 'attach'"] {
            let result = try turned(options, plain: "a b", html: odd)
            #expect(result.entry.html == odd && result.entry.text == "a b" && result.result.losses.isEmpty)
        }
    }

    @Test func cleaningTakesOutWhatRuns() throws {
        let result = try turned(
            "clean: true",
            html: "<p onclick=\"x()\">a<script>alert(1)</script><a href=\" java\tscript:x()\">b</a>"
                + "<img src=\"https://x.example/p.png\" onerror=\"x()\"><custom>c</custom></p>")
        #expect(result.entry.html == "<p>a<a>b</a><img src=\"https://x.example/p.png\">c</p>")
        #expect(result.result.count("timeline.html", .narrowed) == 1)
        let harmless = try turned("clean: true", html: "<p>a <a href=\"https://x.example/?a=1&amp;b=2\">b</a></p>")
        #expect(harmless.result.losses.isEmpty)
    }

    @Test(
        arguments: [
            ("Thanks!\n\nOn Mon, 1 Jan 2024 at 10:00, Ana wrote:\n> old\n> mail\n", "Thanks!"),
            ("Thanks!\n\nOn Mon, 1 Jan 2024 at 10:00, Ana <ana@shop.example>\nwrote:\n> old\n\n> mail", "Thanks!"),
            ("Yes.\n\n-----Original Message-----\nFrom: Ana\nhello", "Yes."),
            ("Yes.\n________________________________\nFrom: Ana\nSent: Monday\nTo: Shop\nSubject: x\n\nhello", "Yes."),
            ("> only a quote", nil), ("a: b\nc", nil), ("1 > 0\nand 2 > 1", nil), ("From: is a word\nno head", nil),
        ] as [(String, String?)]) func quotedHistoryOfPlainTextIsCut(_ text: String, _ expected: String?) throws
    {
        let result = try turned("quoted: 'drop'", plain: text)
        #expect(result.entry.text == expected ?? text)
        #expect(result.result.count("timeline.text", .truncated) == (expected == nil ? 0 : 1))
    }

    @Test(arguments: [
        "<div>Thanks!</div><div class=\"gmail_quote\"><div>On Monday Ana wrote:</div><blockquote>old</blockquote></div>",
        "<div>Thanks!</div><blockquote type=\"cite\">old</blockquote>",
        "<div>Thanks!</div><div id=\"divRplyFwdMsg\">From: Ana</div><div>old</div>",
        "<div>Thanks!</div><div class=\"moz-cite-prefix\">Ana:</div><blockquote type=\"cite\">old</blockquote>",
    ]) func quotedHistoryOfHTMLIsCutFromBothForms(_ html: String) throws {
        let result = try turned("quoted: 'drop'", plain: "Thanks!\n\nold", html: html)
        #expect(result.entry.html == "<div>Thanks!</div>" && result.entry.text == "Thanks!")
        #expect(result.result.count("timeline.html", .truncated) == 1)
    }

    @Test func aForwardedMailStaysWhole() throws {
        let html = "<div class=\"gmail_quote\"><div>Forwarded</div><p>content</p></div>"
        #expect(try turned("quoted: 'drop'", html: html).entry.html == html)
    }

    @Test func signaturesAreCut() throws {
        #expect(try turned("signatures: 'drop'", plain: "Hi\n-- \nAna\nShop").entry.text == "Hi")
        #expect(try turned("signatures: 'drop'", plain: "a -- b\n---\nc").entry.text == "a -- b\n---\nc")
        #expect(
            try turned("signatures: 'drop'", html: "<div>Hi<br>-- <br>Ana<br>Shop</div>").entry.html
                == "<div>Hi<br></div>")
        #expect(
            try turned("signatures: 'drop'", html: "<p>Hi</p><div class=\"gmail_signature\">Ana</div>").entry.html
                == "<p>Hi</p>")
    }

    @Test func imagesLeaveTheTextAndComeBack() throws {
        // One pixel; the digest is that of `sha256sum` over its 68 bytes.
        let data =
            "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        let html = "<p>See <img src=\"\(data)\" alt=\"photo\"></p>"
        let out = try turned("images: 'attach'", html: html)
        #expect(out.entry.html == "<p>See <img src=\"cid:e1-image-1\" alt=\"photo\"></p>")
        let file = try #require(out.entry.attachments.first)
        #expect(file.inline && file.contentType == "image/png" && file.name == "photo.png" && file.size == 70)
        #expect(file.contentID == "e1-image-1" && file.url == data && file.sha256?.count == 64)
        let back = try turned("images: 'embed'", html: out.entry.html, files: out.entry.attachments)
        #expect(back.entry.html == html && back.entry.attachments.isEmpty)
        var remote = ConversationModel.Attachment()
        remote.contentID = "a"
        remote.url = "https://files.example/a.png"
        let linked = try turned("images: 'embed'", html: "<img src=\"cid:a\">", files: [remote])
        #expect(
            linked.entry.html == "<img src=\"https://files.example/a.png\">" && linked.entry.attachments == [remote])
    }

    @Test func linksAreRewrittenAndMissesAreRows() throws {
        let options =
            "links: [{from: 'https://acme.old.example/agent/tickets/{id}', to: 'https://app.new.example/inbox/{id}'},"
            + " {from: 'https://acme.old.example/hc/requests/{number}', to: 'https://app.new.example/inbox/{id}'}]"
        let known = KnownList(ids: ["7": "900"], numbers: ["12": "901"])
        let result = try turned(
            options,
            plain: "see https://ACME.old.example/agent/tickets/7, http://acme.old.example/hc/requests/12?page=2 and "
                + "https://acme.old.example/agent/tickets/8.",
            html: "<a href=\"https://acme.old.example/agent/tickets/7#c1\">https://acme.old.example/agent/tickets/7</a>"
                + "<a href='https://acme.old.example/agent/tickets/7x'>no</a> https://other.example/agent/tickets/7",
            known: known)
        #expect(
            result.entry.text
                == "see https://app.new.example/inbox/900, https://app.new.example/inbox/901 and "
                + "https://acme.old.example/agent/tickets/8.")
        #expect(
            result.entry.html
                == "<a href=\"https://app.new.example/inbox/900\">https://app.new.example/inbox/900</a>"
                + "<a href='https://acme.old.example/agent/tickets/7x'>no</a> https://other.example/agent/tickets/7")
        #expect(result.result.count("timeline.text", .converted) == 2)
        #expect(result.result.count("timeline.html", .converted) == 2)
        let trail = result.result.coverage.trail
        #expect(trail.map(\.detail).sorted() == ["7x", "8"])
        for row in trail { #expect(row.kind == .unresolvedLink && row.record == "c1" && row.entry == "e1") }
    }

    @Test func redirectsNameOldAndNewPlaces() throws {
        let compiled = try sections(
            "text: {links: [{from: 'https://a.example/t/{number}', to: 'https://b.example/{id}/view'}]}"
        ).compiled()
        #expect(compiled.needsKnownConversations)
        let redirect = compiled.redirect(.sample { $0.number = "12" }, to: "n9")
        #expect(
            redirect
                == Redirect(
                    id: "c1", number: "12", url: "https://a.example/t/12", newID: "n9",
                    newURL: "https://b.example/n9/view"))
        let plain = try sections("text: {clean: true}").compiled()
        #expect(plain.redirect(.sample { $0.url = "https://a.example/1" }, to: "c1").url == "https://a.example/1")
    }

    @Test(arguments: [
        ("{version: 1, text: {¶fromat: 'html'}}", "did you mean 'format'?"),
        ("{version: 1, text: {format: ¶'rtf'}}", "expected one of 'html', 'text', 'markdown'"),
        ("{version: 1, text: {source: ¶'markdown'}}", "nothing is made of it"),
        ("{version: 1, text: {links: [{from: ¶'https://a.example/t'}]}}", "is no address with one {id} or {number}"),
        ("{version: 1, text: {links: [{from: ¶'ftp://a.example/{id}'}]}}", "is no address with one {id}"),
        (
            "{version: 1, text: {links: [{from: 'https://a.example/{id}', to: ¶'https://b.example'}]}}",
            "does not hold {id} once"
        ),
        ("{version: 1, text: {links: [¶{to: 'https://b.example/{id}'}]}}", "has no 'from'"),
        ("{version: 1, text: {quoted: ¶true}}", "expected one of 'keep', 'drop'"),
    ]) func wrongKeysAreNamedWithTheirPlace(_ marked: String, _ part: String) throws {
        let marked = MarkedText(marked)
        let found = faults(marked.text)
        let fault = try #require(found.first)
        #expect(found.count == 1, "\(found)")
        #expect(fault.place == Place(file: "layer1.json5", line: marked.line, column: marked.column))
        #expect(fault.description.contains(part), "\(fault)")
    }
}
