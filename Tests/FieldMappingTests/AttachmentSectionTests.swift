import ConversationModel
import Diagnostics
import Testing

@testable import FieldMapping

@Suite struct AttachmentSectionTests {
    private func file(_ name: String, _ type: String?, _ size: Int64?, url: String? = "https://files.example/1")
        -> ConversationModel.Attachment
    {
        var file = ConversationModel.Attachment()
        file.name = name
        file.contentType = type
        file.size = size
        file.url = url
        return file
    }

    private func turned(
        _ text: String, _ files: [ConversationModel.Attachment], html: String? = nil, plain: String? = "Hi"
    )
        throws -> (Entry, Applied)
    {
        var message = entry(.message, Author(.contact, id: "u1"))
        message.text = plain
        message.html = html
        message.attachments = files
        let result = try sections("attachments: {\(text)}").compiled().applied(to: .sample { $0.timeline = [message] })
        return (result.conversation.timeline[0], result)
    }

    @Test func filesOverALimitBecomeLinksAndSayWhy() throws {
        let (turned, result) = try turned(
            "max_size: '20 MB'", [file("a.pdf", "application/pdf", 20_000_000), file("b<.pdf", nil, 20_000_001)],
            html: "<p>Hi</p>")
        #expect(turned.attachments.map(\.name) == ["a.pdf"])
        #expect(turned.text == "Hi\nb<.pdf: https://files.example/1")
        #expect(turned.html == "<p>Hi</p><p><a href=\"https://files.example/1\">b&lt;.pdf</a></p>")
        let loss = result.losses.all.first { $0.field == "timeline.attachments" }
        #expect(loss?.lossClass == .converted && loss?.examples[0].detail == "link: 20000001 bytes, more than 20000000")
    }

    @Test func whatCannotBeLinkedIsDroppedByName() throws {
        let (turned, result) = try turned(
            "max_size: 10", [file("a", nil, 11, url: nil), file("b", nil, 11, url: "data:image/png;base64,AAAA")])
        #expect(turned.attachments.isEmpty && turned.text == "Hi")
        #expect(result.count("timeline.attachments", .dropped) == 2)
        let (dropped, _) = try self.turned("max_size: 10, over: 'drop'", [file("a", nil, 11)])
        #expect(dropped.attachments.isEmpty && dropped.text == "Hi")
    }

    @Test func typesAndCountsAreLimits() throws {
        let files = [file("a.PNG", "image/png", 1), file("b.exe", nil, 1), file("c.pdf", "application/pdf; x=y", 1)]
        #expect(try turned("types: ['image/*', '*.pdf']", files).0.attachments.map(\.name) == ["a.PNG", "c.pdf"])
        #expect(try turned("not_types: ['*.exe', 'application/pdf']", files).0.attachments.map(\.name) == ["a.PNG"])
        #expect(try turned("max_per_entry: 1", files).0.attachments.map(\.name) == ["a.PNG"])
    }

    @Test func theWholePolicyCanBeLinksOrNothing() throws {
        let (linked, _) = try turned("policy: 'link'", [file("a.pdf", nil, 1)], plain: nil)
        #expect(linked.attachments.isEmpty && linked.text == "a.pdf: https://files.example/1")
        let (dropped, result) = try turned("policy: 'drop'", [file("a.pdf", nil, 1)])
        #expect(
            dropped.attachments.isEmpty && dropped.text == "Hi" && result.count("timeline.attachments", .dropped) == 1)
        let (same, none) = try turned("policy: 'move'", [file("a.pdf", nil, 1)])
        #expect(same.attachments.count == 1 && none.losses.isEmpty)
    }

    @Test(arguments: [
        ("{version: 1, attachments: {max_size: ¶'big'}}", "is 'big', not a size"),
        ("{version: 1, attachments: {max_size: ¶'20 TB'}}", "not a size"),
        ("{version: 1, attachments: {max_per_entry: ¶0}}", "is '0'; expected a number from 1"),
        ("{version: 1, attachments: {policy: 'drop', max_size: ¶1}}", "has no use"),
        ("{version: 1, attachments: {¶maxsize: 1}}", "did you mean 'max_size'?"),
    ]) func wrongKeysAreNamedWithTheirPlace(_ marked: String, _ part: String) throws {
        let marked = MarkedText(marked)
        let found = faults(marked.text)
        let fault = try #require(found.first)
        #expect(found.count == 1, "\(found)")
        #expect(fault.place == Place(file: "layer1.json5", line: marked.line, column: marked.column))
        #expect(fault.description.contains(part), "\(fault)")
    }
}

@Suite struct ProvenanceSectionTests {
    @Test func marksAreSetOnlyWhenAskedForAndNeverOverOthers() throws {
        let compiled = try sections("provenance: {tag: 'moved', id_field: 'old_id', url_field: 'old_url'}").compiled()
        let result = compiled.applied(to: .sample { $0.url = "https://old.example/1" })
        #expect(result.conversation.tags == ["moved"])
        #expect(
            result.conversation.fields == [
                .init("old_id", .string("c1")), .init("old_url", .string("https://old.example/1")),
            ])
        #expect(result.count("fields.old_id", .invented) == 1 && result.count("tags", .invented) == 1)
        let again = compiled.applied(to: result.conversation)
        #expect(again.conversation == result.conversation && again.losses.isEmpty)
        let own = compiled.applied(to: .sample { $0.fields = [.init("old_id", .string("X"))] })
        #expect(own.conversation.fields == [.init("old_id", .string("X"))])
        #expect(compiled.created.map(\.id) == ["old_id", "contact.old_id", "old_url"])
        #expect(try sections("provenance: {tag: 'x'}").compiled().created.isEmpty)
    }

    @Test func theNoteListsWhatDoesNotArriveAndStaysAmongAgents() throws {
        let compiled = try sections("provenance: {note: true}").compiled()
        #expect(compiled.addsNotes)
        var conversation = Conversation.sample {
            $0.timeline = [entry(.message, Author(.contact, id: "u1"))]
            $0.timeline[0].createdAt = Instant("2024-01-01T10:00:00Z")
        }
        var lost = LossTally()
        lost.add(.conversation, "rating", .dropped, record: "c1")
        lost.add(.conversation, "timeline.event.joined", .dropped, record: "c1", count: 3)
        lost.add(.conversation, "timeline.created_at", .narrowed, record: "c1")
        lost.add(.conversation, "timeline.html", .converted, record: "c1")
        var losses = LossTally()
        compiled.addNote(to: &conversation, id: "c1", lost: lost, losses: &losses)
        let note = try #require(conversation.timeline.last)
        #expect(note.kind == .note && note.author.kind == .system && note.createdAt == Instant("2024-01-01T10:00:00Z"))
        #expect(
            note.text
                == "Moved, conversation c1.\nNot carried over: rating, timeline.event.joined (3).\n"
                + "Less exact: timeline.created_at.")
        #expect(losses.count(.conversation, "timeline", .invented) == 1)
        var whole = Conversation.sample()
        compiled.addNote(to: &whole, id: "c1", lost: LossTally(), losses: &losses)
        #expect(whole.timeline.isEmpty)
    }

    @Test func oneFieldCannotHoldTwoMarks() {
        let found = faults("{version: 1, provenance: {id_field: 'a', url_field: 'a'}}")
        #expect(found.first?.summary == "'a' is the field of both id and address")
    }
}

@Suite struct FurtherFilterTests {
    private func reason(_ filter: String, _ conversation: Conversation, people: SourcePeople = SourcePeople()) throws
        -> String?
    {
        let compiled = try sections("filter: {\(filter)}").compiled()
        return compiled.filterReason(against: conversation, people: people)?.rawValue
    }

    @Test(arguments: [
        ("agents: ['7']", nil), ("agents: ['Ana@desk.example']", nil), ("agents: ['ana@desk.example']", nil),
        ("agents: ['Ana*']", nil), ("agents: ['8']", "agents"), ("not_agents: ['Ana B.']", "not_agents"),
        ("not_agents: ['8']", nil), ("fields: {region: ['EU']}", nil), ("fields: {region: ['US']}", "fields"),
        ("fields: {region: ['EU'], size: ['5']}", nil), ("fields: {region: ['EU'], none: ['5']}", "fields"),
        ("not_fields: {tags: ['b']}", "not_fields"), ("not_fields: {tags: ['c']}", nil),
    ]) func looksAtAgentsAndFields(_ filter: String, _ expected: String?) throws {
        let conversation = Conversation.sample {
            $0.assignee = "7"
            $0.fields = [
                .init("region", .string("EU")), .init("size", .number("5")),
                .init("tags", .array([.string("a"), .string("b")])),
            ]
        }
        let people = SourcePeople(agents: [agent("7", email: "Ana@desk.example", name: "Ana B.")])
        #expect(try reason(filter, conversation, people: people) == expected)
    }

    @Test func ordersByTimeAndByWhatIsOpen() throws {
        func conversation(_ id: String, _ status: Status, _ time: String?) -> Conversation {
            .sample {
                $0.id = id
                $0.status = status
                $0.updatedAt = time.flatMap { Instant($0) }
            }
        }
        let all = [
            conversation("a", .closed, "2024-03-01"), conversation("b", .open, "2024-01-01"),
            conversation("c", .pending, "2024-02-01"), conversation("d", .solved, "2024-04-01"),
            conversation("e", .open, nil),
        ]
        func order(_ name: String) throws -> String {
            let order = try #require(try sections("filter: {order: '\(name)'}").compiled().order)
            return all.sorted { order.rank(of: $0) < order.rank(of: $1) }.map(\.id).joined()
        }
        #expect(try order("newest") == "dacbe")
        #expect(try order("open") == "cbeda")
        #expect(try sections("filter: {status: ['open']}").compiled().order == nil)
        #expect(try sections("filter: {people: 'referenced'}").compiled().keepsOnlyReferencedPeople)
    }
}
