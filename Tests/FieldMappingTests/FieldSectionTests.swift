import ConversationModel
import Diagnostics
import Testing

@testable import FieldMapping

@Suite struct FieldSectionTests {
    private func apply(_ rules: String, _ fields: [FieldValue]) throws -> Applied {
        try sections("fields: {conversation: {\(rules)}}").compiled().applied(to: .sample { $0.fields = fields })
    }

    /// The one value that a rule makes of `a`.
    private func turned(_ rule: String, _ value: JSONValue) throws -> (JSONValue?, FidelityLoss?) {
        let result = try apply("a: \(rule)", [FieldValue("a", value)])
        #expect(result.losses.all.count <= 1)
        return (result.conversation.fields.first?.value, result.losses.all.first)
    }

    @Test func renamesAndKeepsTheOrderOfTheRest() throws {
        let result = try apply(
            "'360001': 'order', b: {}",
            [.init("x", .number("1")), .init("360001", .string("A7")), .init("b", .null)])
        #expect(
            result.conversation.fields == [.init("x", .number("1")), .init("order", .string("A7")), .init("b", .null)])
        #expect(result.count("fields.360001", .converted) == 1)
        #expect(result.losses.all.count == 1)
        #expect(result.coverage.unruledValues.map(\.value) == ["x"])
    }

    @Test func aMultiChoiceNarrowedToOneNamesWhatIsLost() throws {
        let (value, loss) = try turned("{as: 'choice'}", .array([.string("red"), .string("blue"), .string("green")]))
        #expect(value == .string("red"))
        #expect(loss?.lossClass == .narrowed && loss?.field == "fields.a")
        #expect(loss?.examples.first?.detail == "kept 'red', lost 'blue', 'green'")
        let (last, lastLoss) = try turned("{as: 'choice', pick: 'last', separator: ';'}", .string("red;blue"))
        #expect(last == .string("blue") && lastLoss?.examples.first?.detail == "kept 'blue', lost 'red'")
        let (sole, soleLoss) = try turned("{as: 'choice'}", .array([.string("red")]))
        #expect(sole == .string("red") && soleLoss?.lossClass == .converted)
    }

    @Test(arguments: [
        ("{as: 'text'}", JSONValue.number("007.50"), JSONValue.string("007.50")),
        ("{as: 'text'}", .bool(true), .string("true")),
        ("{as: 'text'}", .array([.string("a"), .number("2")]), .string("a, 2")),
        ("{as: 'text', separator: '|'}", .array([.string("a"), .string("b")]), .string("a|b")),
        ("{as: 'number'}", .string(" 1,234.50 "), .number("1234.50")),
        ("{as: 'number', decimal: 'comma'}", .string("1.234.567,5"), .number("1234567.5")),
        ("{as: 'number', decimal: 'comma'}", .string("-0,5"), .number("-0.5")),
        ("{as: 'number'}", .string("0042"), .number("42")),
        ("{as: 'number'}", .string("12345678901234567890"), .number("12345678901234567890")),
        ("{as: 'boolean'}", .string("Yes"), .bool(true)),
        ("{as: 'boolean'}", .number("0"), .bool(false)),
        ("{as: 'boolean', values: {ja: true, nein: false}}", .string("ja"), .bool(true)),
        (
            "{as: 'multi_choice', separator: ','}", .string("a, b,,c"),
            .array([.string("a"), .string("b"), .string("c")])
        ),
        ("{as: 'multi_choice'}", .string("a, b"), .array([.string("a, b")])),
        ("{as: 'date', format: 'DD.MM.YYYY'}", .string("31.12.2024"), .string("2024-12-31")),
        ("{as: 'date', format: 'M/D/YY'}", .string("2/9/24"), .string("2024-02-09")),
        (
            "{as: 'datetime', format: 'DD.MM.YYYY HH:mm', zone: 'Europe/Berlin'}", .string("01.07.2024 12:00"),
            .string("2024-07-01T10:00:00Z")
        ),
        (
            "{as: 'datetime', format: 'DD.MM.YYYY HH:mm', zone: 'Europe/Berlin'}", .string("01.01.2024 00:30"),
            .string("2023-12-31T23:30:00Z")
        ),
        (
            "{as: 'datetime', format: 'MMM D YYYY h:mm a', zone: '-05:00'}", .string("Mar 5 2024 12:05 PM"),
            .string("2024-03-05T17:05:00Z")
        ),
        ("{as: 'datetime', format: 'unix'}", .number("1704067200"), .string("2024-01-01T00:00:00Z")),
        ("{as: 'datetime', format: 'unix_ms'}", .string("1704067200123"), .string("2024-01-01T00:00:00.123Z")),
        ("{as: 'datetime', zone: 'America/New_York'}", .string("2024-01-01 00:00:00"), .string("2024-01-01T05:00:00Z")),
        (
            "{as: 'datetime', zone: 'America/New_York'}", .string("2024-01-01T00:00:00+02:00"),
            .string("2023-12-31T22:00:00Z")
        ),
        (
            "{as: 'text', format: 'DD/MM/YYYY HH:mm', zone: 'Asia/Tokyo'}", .string("2024-01-01T15:00:00Z"),
            .string("02/01/2024 00:00")
        ),
        ("{as: 'text', format: 'D.M.YYYY'}", .string("2024-01-09"), .string("9.1.2024")),
    ]) func convertsWithoutLoss(_ rule: String, _ value: JSONValue, _ expected: JSONValue) throws {
        let (found, loss) = try turned(rule, value)
        #expect(found == expected)
        #expect(loss?.lossClass == .converted)
    }

    @Test(arguments: [
        ("{as: 'text'}", JSONValue.string("a")), ("{as: 'number'}", .number("1.0")), ("{as: 'boolean'}", .bool(false)),
        ("{as: 'date'}", .string("2024-01-31")), ("{as: 'datetime'}", .string("2024-01-31T10:00:00.500Z")),
        ("{as: 'choice'}", .string("x")), ("{as: 'multi_choice'}", .array([.string("x")])), ("{as: 'number'}", .null),
    ]) func whatFitsStaysAsItIs(_ rule: String, _ value: JSONValue) throws {
        let (found, loss) = try turned(rule, value)
        #expect(found == value && loss == nil)
    }

    @Test(arguments: [
        ("{as: 'number'}", JSONValue.string("12 pieces"), "is no number"),
        ("{as: 'number'}", .string("1,5"), "is no number"),
        ("{as: 'boolean'}", .string("perhaps"), "is neither yes nor no"),
        ("{as: 'date', format: 'DD.MM.YYYY'}", .string("31.02.2024"), "is no date of the form in 'format'"),
        ("{as: 'date'}", .string("31/12/2024"), "is no ISO 8601 date"),
        ("{as: 'text'}", .object([.init("a", .null)]), "is no plain value"),
    ]) func whatDoesNotFitIsDroppedByName(_ rule: String, _ value: JSONValue, _ reason: String) throws {
        let (found, loss) = try turned(rule, value)
        #expect(found == nil)
        #expect(loss?.lossClass == .dropped && loss?.examples.first?.detail == reason)
    }

    @Test(arguments: [
        ("{as: 'number'}", JSONValue.string(""), JSONValue.null), ("{as: 'boolean'}", .string(""), .null),
        ("{as: 'date', format: 'DD.MM.YYYY'}", .string(""), .null), ("{as: 'datetime'}", .string(""), .null),
        ("{as: 'choice'}", .array([]), .null), ("{as: 'multi_choice'}", .string(""), .array([])),
    ]) func whatSaysNothingIsNoLoss(_ rule: String, _ value: JSONValue, _ expected: JSONValue) throws {
        let (found, loss) = try turned(rule, value)
        #expect(found == expected)
        #expect(loss?.lossClass == .converted)
    }

    @Test func aDayOutOfAMomentIsNarrowedAndIsTheDayOfItsZone() throws {
        let (utc, loss) = try turned("{as: 'date'}", .string("2024-01-31T23:30:00Z"))
        #expect(utc == .string("2024-01-31") && loss?.lossClass == .narrowed)
        let (tokyo, _) = try turned("{as: 'date', zone: 'Asia/Tokyo'}", .string("2024-01-31T23:30:00Z"))
        #expect(tokyo == .string("2024-02-01"))
    }

    @Test func anHourThatClocksSkipOrRepeatIsStillOneMoment() throws {
        // Central European clocks went from 02:00 to 03:00 on 2024-03-31 and from 03:00 to 02:00 on 2024-10-27.
        let rule = "{as: 'datetime', format: 'YYYY-MM-DD HH:mm', zone: 'Europe/Berlin'}"
        #expect(try turned(rule, .string("2024-03-31 01:59")).0 == .string("2024-03-31T00:59:00Z"))
        #expect(try turned(rule, .string("2024-03-31 02:30")).0 == .string("2024-03-31T01:30:00Z"))
        #expect(try turned(rule, .string("2024-03-31 03:00")).0 == .string("2024-03-31T01:00:00Z"))
        #expect(try turned(rule, .string("2024-10-27 02:30")).0 == .string("2024-10-27T00:30:00Z"))
        #expect(try turned(rule, .string("2024-10-27 03:30")).0 == .string("2024-10-27T02:30:00Z"))
    }

    @Test func aTableOfValuesSaysWhatItDoesNotKnow() throws {
        let rules = "a: {values: {eu: 'Europe', 'eu-old': 'Europe', us: 'America'}}"
        let merged = try apply(rules, [.init("a", .array([.string("eu"), .string("eu-old"), .string("us")]))])
        #expect(merged.conversation.fields == [.init("a", .array([.string("Europe"), .string("America")]))])
        #expect(merged.count("fields.a", .narrowed) == 1)
        let unknown = try apply(rules, [.init("a", .string("mars"))])
        #expect(unknown.conversation.fields == [.init("a", .string("mars"))] && unknown.losses.isEmpty)
        #expect(unknown.coverage.unruledValues == [UnruledValue(kind: .field, value: "a: mars", count: 1)])
        let other = try apply("a: {values: {us: 'America', '*': 'Other'}}", [.init("a", .string("mars"))])
        #expect(other.conversation.fields == [.init("a", .string("Other"))] && other.count("fields.a", .narrowed) == 1)
    }

    @Test func splitsAndSaysWhatIsLeftOver() throws {
        let rules = "name: {split: ['first', 'last']}"
        let two = try apply(rules, [.init("name", .string("Ana B. Costa"))])
        #expect(two.conversation.fields == [.init("first", .string("Ana")), .init("last", .string("B. Costa"))])
        #expect(two.count("fields.name", .converted) == 1)
        let one = try apply(rules, [.init("name", .string("Ana"))])
        #expect(one.conversation.fields == [.init("first", .string("Ana"))])
        let list = try apply(rules, [.init("name", .array([.string("a"), .string("b"), .string("c")]))])
        #expect(list.count("fields.name", .truncated) == 1)
    }

    @Test func joinsWhatIsThere() throws {
        let rules = "address: {join: ['street', 'city'], separator: ', '}"
        let both = try apply(
            rules, [.init("city", .string("Ulm")), .init("x", .null), .init("street", .string("Weg 1"))])
        #expect(both.conversation.fields == [.init("x", .null), .init("address", .string("Weg 1, Ulm"))])
        #expect(both.count("fields.city", .narrowed) == 1 && both.count("fields.street", .narrowed) == 1)
        #expect(try apply(rules, [.init("x", .null)]).conversation.fields == [.init("x", .null)])
    }

    @Test func defaultsFillOnlyWhatIsOpen() throws {
        let rules = "a: {to: 'b', default: 'none'}"
        #expect(try apply(rules, []).conversation.fields == [.init("b", .string("none"))])
        #expect(try apply(rules, [.init("a", .string(""))]).conversation.fields == [.init("b", .string("none"))])
        let set = try apply(rules, [.init("a", .string("x"))])
        #expect(set.conversation.fields == [.init("b", .string("x"))])
        #expect(set.count("fields.b", .invented) == 0)
        #expect(try apply(rules, []).count("fields.b", .invented) == 1)
    }

    @Test func dropsWithItsReasonAndDropsTheRest() throws {
        let result = try apply(
            "a: {drop: 'no longer used'}, b: {}, '*': {drop: 'not asked for'}",
            [.init("a", .null), .init("b", .string("1")), .init("c", .string("2"))])
        #expect(result.conversation.fields == [.init("b", .string("1"))])
        #expect(
            result.losses.all.flatMap { $0.examples.map(\.detail) }.sorted() == ["no longer used", "not asked for"])
        #expect(result.coverage.unruledValues.isEmpty)
    }

    @Test func aTakenKeyIsNeverOverwritten() throws {
        let result = try apply("a: 'b'", [.init("b", .string("own")), .init("a", .string("other"))])
        #expect(result.conversation.fields == [.init("b", .string("own"))])
        #expect(result.count("fields.a", .dropped) == 1)
    }

    @Test func historyAndDefinitionsFollowTheField() throws {
        let compiled = try sections(
            "fields: {conversation: {a: {to: 'region', as: 'choice', values: {eu: 'Europe'}}, old: {drop: 'empty'}}}"
        ).compiled()
        var event = entry(.event(.field), Author(), from: .string("us"), to: .string("eu"))
        event.field = "a"
        let result = compiled.applied(to: .sample { $0.timeline = [event] })
        #expect(
            result.conversation.timeline[0].field == "region" && result.conversation.timeline[0].to == .string("Europe")
        )
        #expect(result.conversation.timeline[0].from == .string("us"))
        func definition(_ key: String, _ type: FieldDefinition.Kind) -> FieldDefinition {
            var field = FieldDefinition()
            field.id = "id-" + key
            field.key = key
            field.of = .conversation
            field.type = type
            field.options = type == .multiChoice ? [.init("eu"), .init("us")] : []
            return field
        }
        var (losses, coverage) = (LossTally(), MappingCoverage())
        var multi = definition("a", .multiChoice)
        #expect(compiled.apply(to: &multi, losses: &losses, coverage: &coverage) == .keep)
        #expect(multi.key == "region" && multi.type == .choice && multi.options.map(\.value) == ["Europe", "us"])
        #expect(losses.count(.field, "type", .narrowed) == 1 && losses.count(.field, "key", .converted) == 1)
        var old = definition("old", .text)
        #expect(compiled.apply(to: &old, losses: &losses, coverage: &coverage) == .filtered(.field))
    }

    @Test func createdFieldsAreRecordsAndTakeThePlaceOfTheSources() throws {
        let compiled = try sections(
            "fields: {conversation: {a: {to: 'region', as: 'choice', values: {eu: 'Europe', us: 'America'}, create: true}},"
                + " contact: {full: {join: ['x', 'y'], create: {label: 'Full name'}}}}"
        ).compiled()
        #expect(compiled.created.map(\.id) == ["region", "full"])
        guard case .field(let region) = compiled.created[0], case .field(let full) = compiled.created[1] else {
            Issue.record("no definitions")
            return
        }
        #expect(region.of == .conversation && region.type == .choice)
        #expect(region.options.map(\.value) == ["America", "Europe"])
        #expect(full.of == .contact && full.label == "Full name" && full.type == .text)
        var (losses, coverage) = (LossTally(), MappingCoverage())
        var record = compiled.created[0]
        #expect(compiled.apply(to: &record, people: SourcePeople(), losses: &losses, coverage: &coverage) == .keep)
        #expect(record == compiled.created[0] && losses.isEmpty)
    }

    @Test func contactsAndCompaniesHaveTablesOfTheirOwn() throws {
        let compiled = try sections("fields: {contact: {a: 'b'}, company: {a: {drop: 'unused'}}}").compiled()
        var (losses, coverage) = (LossTally(), MappingCoverage())
        var contact = Contact()
        contact.fields = [.init("a", .string("1"))]
        #expect(compiled.apply(to: &contact, losses: &losses, coverage: &coverage) == .keep)
        #expect(contact.fields == [.init("b", .string("1"))])
        var company = Company()
        company.fields = [.init("a", .string("1"))]
        #expect(compiled.apply(to: &company, losses: &losses, coverage: &coverage) == .keep)
        #expect(company.fields.isEmpty)
        #expect(losses.count(.company, "fields.a", .dropped) == 1)
        #expect(compiled.applied(to: .sample { $0.fields = [.init("a", .null)] }).losses.isEmpty)
    }

    @Test(arguments: [
        ("{version: 1, fields: {¶conversations: {}}}", "did you mean 'conversation'?"),
        ("{version: 1, fields: {conversation: {a: {¶fromat: 'x'}}}}", "did you mean 'format'?"),
        ("{version: 1, fields: {conversation: {a: {as: ¶'integer'}}}}", "expected one of 'text', 'number'"),
        ("{version: 1, fields: {conversation: {a: {as: 'date', format: ¶'dd.mm.yyyy'}}}}", "not the form of a date"),
        ("{version: 1, fields: {conversation: {a: {as: 'date', zone: ¶'CEST'}}}}", "'CEST' is no time zone"),
        (
            "{version: 1, fields: {conversation: {a: {as: 'text', decimal: ¶'comma'}}}}",
            "has no use; expected 'as' to be 'number'"
        ),
        (
            "{version: 1, fields: {conversation: {a: {drop: 'x', ¶to: 'b'}}}}".replacing("¶to: 'b'", with: "to: ¶'b'"),
            "has 'to' beside 'drop'"
        ),
        ("{version: 1, fields: {conversation: {a: {drop: ¶''}}}}", "is empty; expected a text"),
        (
            "{version: 1, fields: {conversation: {a: 'c',\n ¶b: 'c'}}}",
            "'c' is made twice in 'fields.conversation', first in line 1"
        ),
        ("{version: 1, fields: {conversation: {¶'*': 'c'}}}", "does not drop"),
        ("{version: 1, fields: {conversation: {a: {values: {x: ¶['y']}}}}}", "is a list; expected a text, a number"),
        ("{version: 1, fields: {conversation: {a: {create: {¶typ: 'text'}}}}}", "did you mean 'type'?"),
        (
            "{version: 1, fields: {conversation: {a: {create: {options: ¶['x']}}}}}",
            "has no use; expected a type with choices"
        ),
        ("{version: 1, fields: {conversation: {a: {separator: ¶';'}}}}", "has no use; expected 'split', 'join'"),
    ]) func wrongRulesAreNamedWithTheirPlace(_ marked: String, _ part: String) throws {
        let marked = MarkedText(marked)
        let found = faults(marked.text)
        let fault = try #require(found.first)
        #expect(found.count == 1, "\(found)")
        #expect(fault.place == Place(file: "layer1.json5", line: marked.line, column: marked.column))
        #expect(fault.description.contains(part), "\(fault)")
    }
}
