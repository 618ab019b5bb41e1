import ConversationModel
import Diagnostics
import Testing

@testable import FieldMapping

@Suite struct RedactionTests {
    private func redacted(_ text: String, isHTML: Bool = false) -> (text: String, kinds: [String]) {
        var kinds: [String] = []
        let redactor = Redactor(kinds: Set(Redactor.Kind.allCases), patterns: [])
        let output = redactor.redacted(text, isHTML: isHTML) { kinds.append($0) }
        return (output ?? text, kinds)
    }

    // Test numbers of card networks, <https://docs.stripe.com/testing> and <https://www.paypalobjects.com/en_GB/vhelp/paypalmanager_help/credit_card_numbers.htm>.
    @Test(arguments: [
        "4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "5555555555554444", "2223003122003222",
        "378282246310005", "3782 822463 10005", "6011111111111117", "30569309025904", "38520000023237",
        "3530111333300000", "4222222222222", "6200000000000005", "4111\u{A0}1111\u{A0}1111\u{A0}1111",
    ]) func cardNumbersAreFoundAsPeopleWriteThem(_ number: String) {
        for (text, expected) in [
            (number, "[card removed]"), ("My card is \(number), thanks", "My card is [card removed], thanks"),
            ("(\(number))", "([card removed])"), ("order 12 \(number) 12/27", "order 12 [card removed] 12/27"),
            ("card:\(number).", "card:[card removed]."), ("\(number) \(number)", "[card removed] [card removed]"),
        ] {
            let result = redacted(text)
            #expect(result.text == expected && Set(result.kinds) == ["card"])
        }
    }

    @Test(arguments: [
        "4111111111111112", "1234567890123456", "41111111111111110000000", "order 20240131123456789012",
        "0000000000000000",
        "4111 1111 1111 111", "9111111111111111", "2024-01-31 10:00:00.123456",
    ]) func otherNumbersStay(_ text: String) {
        #expect(redacted(text).text == text)
    }

    @Test func numbersInMarkupAreFoundAndTagsKeepTheirPartners() {
        #expect(redacted("<p>4111&nbsp;1111&nbsp;1111&nbsp;1111</p>", isHTML: true).text == "<p>[card removed]</p>")
        #expect(
            redacted("<p>4111 <b>1111 1111</b> 1111</p>", isHTML: true).text == "<p>[card removed]<b></b></p>")
        #expect(redacted("<td>4111</td><td>1111</td>", isHTML: true).text == "<td>4111</td><td>1111</td>")
        #expect(
            redacted("<a href=\"mailto:ana@shop.example\">ana@shop.example</a>", isHTML: true).text
                == "<a href=\"mailto:[e-mail removed]\">[e-mail removed]</a>")
    }

    // Examples of the registry, <https://www.swift.com/standards/data-standards/iban>.
    @Test(arguments: [
        "DE89370400440532013000", "DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432",
        "gb82 west 1234 5698 7654 32",
        "FR1420041010050500013M02606", "NO9386011117947", "CH9300762011623852957", "NL91ABNA0417164300",
    ]) func accountNumbersAreFound(_ number: String) {
        #expect(redacted("IBAN: \(number), BIC X").text == "IBAN: [IBAN removed], BIC X")
        #expect(redacted(number).kinds == ["iban"])
    }

    @Test(arguments: ["DE88370400440532013000", "XX89370400440532013000", "DE8937040044053201300", "ISO9001 is a norm"])
    func wrongAccountNumbersStay(_ text: String) { #expect(redacted(text).text == text) }

    @Test(arguments: [
        ("write to ana.b+x@mail.shop.example.", "write to [e-mail removed]."),
        ("<ana@shop.example>", "<[e-mail removed]>"),
        ("ana@shop.example,bo@shop.example", "[e-mail removed],[e-mail removed]"),
        ("@user ana@ @shop.example a@b", "@user ana@ @shop.example a@b"), ("logo@2x.png", "logo@2x.png"),
        ("cid:image001.png@01D9A1B2.C3D4E5F0", "cid:image001.png@01D9A1B2.C3D4E5F0"),
        ("\u{8ACB}ana@shop.example\u{8B1D}", "\u{8ACB}[e-mail removed]\u{8B1D}"),
    ]) func addressesAreFound(_ text: String, _ expected: String) { #expect(redacted(text).text == expected) }

    // Numbers that are set aside for fiction: <https://www.ofcom.org.uk/phones-and-broadband/phone-numbers/numbers-for-drama>,
    // <https://nationalnanpa.com> (555-0100 to 555-0199), and the German ones of the Bundesnetzagentur.
    @Test(arguments: [
        "+44 20 7946 0958", "+442079460958", "+1 (202) 555-0143", "0044 20 7946 0958", "020 7946 0958",
        "(202) 555-0143",
        "202-555-0143", "1-202-555-0143", "+49 30 23125-000", "030 23125000", "0171-3920000", "(030) 23125 000",
    ]) func phoneNumbersAreFound(_ number: String) {
        #expect(redacted("call \(number) please").text == "call [phone removed] please")
        #expect(redacted("tel:\(number)").text == "tel:[phone removed]")
    }

    @Test(arguments: [
        "01.02.2024 10:30", "31/12/2024", "2024-01-31", "0.123456789", "order 123456789012", "v1.2.3.4567",
        "10.20.30.40",
        "https://x.example/tickets/0123456789", "12:30-14:00", "1 000 000 000", "555-01", "#0201234567",
    ]) func whatOnlyLooksLikeAPhoneNumberStays(_ text: String) { #expect(redacted(text).text == text) }

    @Test func redactingTwiceIsRedactingOnce() {
        let text = "a 4111111111111111 b DE89370400440532013000 c ana@shop.example d +44 20 7946 0958 \u{1F642} \u{5D0}"
        let once = redacted(text)
        #expect(once.kinds == ["card", "iban", "email", "phone"])
        #expect(redacted(once.text).text == once.text)
        #expect(once.text.hasSuffix("\u{1F642} \u{5D0}"))
    }
}

@Suite struct PrivacySectionTests {
    private static let all =
        "privacy: {redact: ['card', 'iban', 'email', 'phone'], patterns: {'staff number': 'EMP-\\\\d{4}'}}"
    private static let key = "privacy: {pseudonymise: {who: ['contact', 'agent'], secret: {file: 'key'}}}"
    private static let files = ["key": "0123456789abcdef\n"]

    private func conversation() -> Conversation {
        var message = entry(.message, Author(.contact, id: "u1", name: "Ana", email: "ana@shop.example"))
        message.id = "e1"
        message.text = "4111111111111111 and EMP-1234"
        message.html = "<p>4111&nbsp;1111 1111 1111</p>"
        message.extras = Extras(json: "{\"raw\":\"4111111111111111\"}")
        var headers = EmailHeaders()
        headers.subject = "from ana@shop.example"
        headers.from = "Ana B. <ana@shop.example>"
        headers.to = ["help@desk.example"]
        message.email = headers
        var file = ConversationModel.Attachment()
        file.name = "4111111111111111.pdf"
        message.attachments = [file]
        var note = entry(.note, Author(.agent, id: "a1", name: "Bo", email: "help@desk.example"))
        note.id = "e2"
        note.text = "about ana@shop.example"
        var event = entry(.event(.field), Author(), from: .string("DE89370400440532013000"), to: .number("7"))
        event.id = "e3"
        return .sample {
            $0.requester = "u1"
            $0.subject = "call +44 20 7946 0958"
            $0.fields = [.init("f", .array([.string("4111111111111111"), .number("5555555555554444")]))]
            $0.timeline = [message, note, event]
        }
    }

    @Test func looksIntoBodiesSubjectsFieldsAndFileNames() throws {
        let result = try sections(Self.all).compiled().applied(to: conversation())
        let turned = result.conversation
        #expect(turned.subject == "call [phone removed]")
        #expect(turned.fields == [.init("f", .array([.string("[card removed]"), .string("[card removed]")]))])
        #expect(turned.timeline[0].text == "[card removed] and [staff number removed]")
        #expect(turned.timeline[0].html == "<p>[card removed]</p>" && turned.timeline[0].extras.isEmpty)
        #expect(turned.timeline[0].email?.subject == "from [e-mail removed]")
        #expect(turned.timeline[0].attachments[0].name == "[card removed].pdf")
        #expect(turned.timeline[1].text == "about [e-mail removed]")
        #expect(turned.timeline[2].from == .string("[IBAN removed]") && turned.timeline[2].to == .number("7"))
        #expect(turned.timeline[0].author.email == "ana@shop.example")
    }

    @Test func theTrailCountsByKindAndHoldsNoValue() throws {
        let result = try sections(Self.all).compiled().applied(to: conversation())
        let trail = result.coverage.trail
        func count(_ kind: String) -> Int { trail.filter { $0.detail == kind }.reduce(0) { $0 + $1.count } }
        #expect(count("card") == 6 && count("email") == 2 && count("iban") == 1 && count("phone") == 1)
        #expect(count("staff number") == 1)
        #expect(trail.allSatisfy { $0.kind == .redacted && $0.record == "c1" })
        #expect(
            trail.contains(
                TrailRow(.redacted, .conversation, "c1", entry: "e2", field: "timeline.text", detail: "email")))
        let written = trail.map { "\($0)" }.joined() + result.losses.all.map { "\($0)" }.joined()
        for value in ["4111", "ana@", "DE89", "7946", "EMP-1"] { #expect(!written.contains(value)) }
        #expect(result.count("timeline.text", .narrowed) == 3 && result.count("fields.f", .narrowed) == 2)
    }

    @Test func onlyTheNamedPartsAreLookedAt() throws {
        let result = try sections("privacy: {redact: ['card', 'phone'], in: ['subjects']}").compiled()
            .applied(to: conversation())
        #expect(result.conversation.subject == "call [phone removed]")
        #expect(result.conversation.timeline == conversation().timeline)
    }

    @Test func pseudonymsAreTheSameForTheSamePersonAndNobodyElse() throws {
        let compiled = try sections(Self.key, files: Self.files).compiled()
        var contact = Contact()
        contact.id = "u1"
        contact.name = "Ana"
        contact.emails = ["Ana@Shop.example", "ana2@shop.example"]
        contact.phones = ["+44 20 7946 0958"]
        contact.externalID = "X-1"
        contact.extras = Extras(json: "{\"name\":\"Ana\"}")
        var (losses, coverage) = (LossTally(), MappingCoverage())
        #expect(compiled.apply(to: &contact, losses: &losses, coverage: &coverage) == .keep)
        let result = compiled.applied(to: conversation()).conversation
        let author = result.timeline[0].author
        #expect(contact.name == author.name && contact.emails[0] == author.email && author.id == "u1")
        #expect(contact.emails[0] != contact.emails[1] && contact.emails[0].hasSuffix("@pseudonym.invalid"))
        #expect(result.timeline[0].email?.from == author.email && result.timeline[1].author.name != "Bo")
        #expect(result.timeline[1].text == "about \(author.email ?? "")")
        #expect(contact.phones[0].hasPrefix("+999") && contact.externalID != "X-1" && contact.extras.isEmpty)
        let whole = "\(contact) \(result)"
        for value in ["Ana", "ana@", "ana2", "help@", "X-1"] { #expect(!whole.contains(value), "\(value)") }
        #expect(!"\(contact)".contains("7946"))
        let other = try sections(Self.key, files: ["key": "another key, as long"]).compiled().applied(
            to: conversation())
        #expect(other.conversation.timeline[0].author.email != author.email)
        // Turned twice, an address stays what it is.
        let twice = compiled.applied(to: result).conversation
        #expect(twice.timeline[0].author.email == author.email)
    }

    @Test func theDigestIsThatOfTheStandard() {
        // HMAC_SHA256("key", "The quick brown fox jumps over the lazy dog"), widely published; the parts are joined by a zero.
        let digest = Pseudonyms(key: Array("Jefe".utf8)).digest("", "")
        #expect(digest.count == 32 && digest != Pseudonyms(key: Array("Jefe2".utf8)).digest("", ""))
    }

    @Test func agentsKeepTheirNamesUnlessTheyAreMeant() throws {
        let compiled = try sections(
            "privacy: {pseudonymise: {secret: {file: 'key'}}}", files: Self.files
        ).compiled()
        let people = SourcePeople(agents: [agent("a1", email: "Help@desk.example")])
        let result = compiled.applied(to: conversation(), people: people).conversation
        #expect(result.timeline[1].author == conversation().timeline[1].author)
        #expect(result.timeline[0].email?.to == ["help@desk.example"])
        #expect(result.timeline[0].author.name != "Ana")
    }

    @Test func erasedPeopleLeaveTheShapeOfWhatTheyDid() throws {
        let compiled = try sections("privacy: {suppress: ['ANA@shop.example', 'u9']}").compiled()
        #expect(compiled.changesPeople)
        var contact = Contact()
        contact.id = "u1"
        contact.name = "Ana"
        contact.emails = ["x@shop.example", "ana@shop.example"]
        contact.fields = [.init("a", .string("b"))]
        #expect(compiled.erases(.contact(contact)))
        var (losses, coverage) = (LossTally(), MappingCoverage())
        #expect(compiled.apply(to: &contact, losses: &losses, coverage: &coverage) == .keep)
        #expect(contact.name == "[erased]" && contact.emails.isEmpty && contact.fields.isEmpty && contact.id == "u1")
        #expect(losses.count(.contact, "emails", .dropped) == 2)
        // Without knowing whose id u1 is, the author's own address still tells; the requester does not.
        let alone = compiled.applied(to: conversation())
        #expect(alone.conversation.timeline[0].text == "[erased]" && alone.conversation.timeline[1].text != "[erased]")
        var people = SourcePeople()
        people.erased = ["u1"]
        let whole = compiled.applied(to: conversation(), people: people)
        #expect(whole.conversation.timeline.map(\.id) == ["e1", "e2", "e3"])
        #expect(whole.conversation.timeline.map(\.kind) == conversation().timeline.map(\.kind))
        #expect(whole.conversation.timeline.allSatisfy { $0.kind.isEvent || ($0.text == "[erased]" && $0.redacted) })
        #expect(whole.conversation.subject == nil && whole.conversation.fields.isEmpty)
        #expect(whole.conversation.timeline[0].author == Author(.contact, id: "u1"))
        #expect(whole.conversation.timeline[1].author.name == "Bo")
        #expect(whole.coverage.trail.map(\.kind) == [.erased])
        #expect(!"\(whole.conversation)".contains("ana@shop") && !"\(whole.conversation)".contains("4111"))
    }

    @Test func otherConversationsStayAsTheyAre() throws {
        let compiled = try sections(
            "privacy: {suppress: {file: 'erased.txt'}}", files: ["erased.txt": "u7\r\nx@y.example\n"]
        )
        .compiled()
        let result = compiled.applied(to: conversation())
        #expect(result.conversation == conversation() && result.losses.isEmpty && result.coverage.trail.isEmpty)
    }

    @Test func residencyIsATag() throws {
        let compiled = try sections("privacy: {residency: 'data-eu'}").compiled()
        let result = compiled.applied(to: .sample())
        #expect(result.conversation.tags == ["data-eu"] && result.count("tags", .invented) == 1)
        #expect(compiled.applied(to: result.conversation).conversation.tags == ["data-eu"])
    }

    @Test func theKeyIsNoPartOfTheMappingsTextButTellsKeysApart() throws {
        let a = try sections(Self.key, files: Self.files)
        let b = try sections(Self.key, files: ["key": "0123456789abcdeX"])
        #expect(a.canonicalText != b.canonicalText && !a.canonicalText.contains("0123456789abcdef"))
    }

    @Test(arguments: [
        ("{version: 1, privacy: {redact: [¶'cards']}}", "did you mean 'card'?"),
        ("{version: 1, privacy: {patterns: {a: ¶'('}}}", "is no regular expression"),
        ("{version: 1, privacy: {patterns: {a: ¶'x*'}}}", "also matches where nothing stands"),
        ("{version: 1, privacy: {in: ¶['bodies']}}", "has no use; expected 'redact' or 'patterns'"),
        ("{version: 1, privacy: {pseudonymise: ¶{}}}", "has no 'secret'"),
        ("{version: 1, privacy: {pseudonymise: {secret: ¶'abc'}}}", "stands in the mapping"),
        ("{version: 1, privacy: {pseudonymise: {secret: ¶{}}}}", "names no single place"),
        ("{version: 1, privacy: {pseudonymise: {secret: {env: ¶'DESKFERRY_NO_SUCH_VARIABLE'}}}}", "is not set"),
        ("{version: 1, privacy: {pseudonymise: {secret: {file: ¶'none'}}}}", "cannot be read"),
        ("{version: 1, privacy: {pseudonymise: {secret: ¶{file: 'short'}}}}", "is too short; expected at least 16"),
        ("{version: 1, privacy: {suppress: ¶[]}}", "is an empty list"),
        ("{version: 1, privacy: {¶pseudonymize: {}}}", "did you mean 'pseudonymise'?"),
    ]) func wrongKeysAreNamedWithTheirPlace(_ marked: String, _ part: String) throws {
        let marked = MarkedText(marked)
        let found = faults(marked.text, files: ["short": "abc"])
        let fault = try #require(found.first)
        #expect(found.count == 1, "\(found)")
        #expect(fault.place == Place(file: "layer1.json5", line: marked.line, column: marked.column))
        #expect(fault.description.contains(part), "\(fault)")
    }
}
