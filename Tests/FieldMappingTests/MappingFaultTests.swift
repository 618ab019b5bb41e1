import Diagnostics
import FieldMapping
import Testing

@Suite struct MappingFaultTests {
    static let wrongFiles: [(String, String)] = [
        ("¶[1]", "the mapping is a list; expected an object"),
        ("¶{filter: {}}", "'version' is missing"),
        ("{version: ¶2}", "'version' is '2'; expected the number 1"),
        ("{version: ¶'1'}", "'version' is the text '1'; expected the number 1"),
        ("{version: 1,\n ¶fliter: {}}", "unknown key 'fliter' in 'mapping'; expected one of"),
        ("{version: 1,\n ¶fliter: {}}", "did you mean 'filter'?"),
        ("{version: 1, filter: {¶stauts: ['open']}}", "did you mean 'status'?"),
        ("{version: 1, filter: ¶[]}", "'filter' is a list; expected an object"),
        (
            "{version: 1, filter: {since: ¶'31/02/2024'}}",
            "'filter.since' is '31/02/2024', not a date; expected ISO 8601"
        ),
        ("{version: 1, filter: {since: ¶20240131}}", "'filter.since' is a number; expected ISO 8601"),
        ("{version: 1, filter: {since: '2024-01-01',\n  until: ¶'2024-01-01'}}", "is not after 'filter.since'"),
        ("{version: 1, filter: {by: ¶'update_at'}}", "did you mean 'updated_at'?"),
        ("{version: 1, filter: {status: ¶'open'}}", "expected a list"),
        ("{version: 1, filter: {status: ['open', ¶'hold']}}", "did you mean 'on_hold'?"),
        ("{version: 1, filter: {status: ¶[]}}", "is an empty list; expected at least one entry, or null"),
        ("{version: 1, filter: {tags: ['a', ¶'a']}}", "'a' stands twice in 'filter.tags', first in line 1"),
        ("{version: 1, filter: {status: ['open'], not_status: ¶['open']}}", "name the same value"),
        ("{version: 1, filter: {ids: {file: ¶'none.txt'}}}", "file 'none.txt' cannot be read"),
        ("{version: 1, filter: {ids: ¶{}}}", "names no file; expected a list of ids or {file: \"ids.txt\"}"),
        ("{version: 1, filter: {tags: [¶'  ']}}", "'filter.tags' is empty; expected a text"),
        ("{version: 1, values: {¶statuses: {}}}", "did you mean 'status'?"),
        ("{version: 1, values: {status: {¶hold: 'open'}}}", "'hold' is no value of 'values.status'"),
        ("{version: 1, values: {status: {on_hold: ¶'pendign'}}}", "did you mean 'pending'?"),
        ("{version: 1, values: {priority: {low: ¶3}}}", "expected one of 'low', 'normal', 'high', 'urgent'"),
        ("{version: 1, tags: {rename: {a: ¶''}}}", "'tags.rename.a' is empty"),
        ("{version: 1, tags: {rename: {a: ¶'b*'}}}", "'b*' holds a '*'"),
        ("{version: 1, tags: {rename: {a: 'b'},\n drop: [¶'a']}}", "'a' is dropped here and renamed in line 1"),
        ("{version: 1, tags: {case: ¶'upper'}}", "expected one of 'keep', 'lower'"),
        ("{version: 1, agents: {match: ¶{}}}", "expected a list"),
        ("{version: 1, agents: {match: [¶{from: '7'}]}}", "has no target; expected one of 'to'"),
        ("{version: 1, agents: {match: [¶{to: '7'}]}}", "names no agent"),
        ("{version: 1, agents: {match: [¶{from: '7', to: '8', action: 'keep'}]}}", "more than one target"),
        ("{version: 1, agents: {match: [¶{from: '7', email: 'a@b.example', to: '8'}]}}", "an agent twice"),
        ("{version: 1, agents: {match: [{email: ¶'ana', to: '8'}]}}", "is no e-mail address"),
        (
            "{version: 1, agents: {match: [{form: '7', to: '8'}]}}".replacing("form", with: "¶form"),
            "did you mean 'from'?"
        ),
        ("{version: 1, agents: {match: [{from: 7, to: 1},\n ¶{from: '7', to: 2}]}}", "agent '7' is named twice"),
        ("{version: 1, agents: {fallback: ¶'drop'}}", "expected one of 'keep', 'placeholder', 'unassigned', 'error'"),
        ("{version: 1, agents: {byline: ¶'all'}}", "expected one of 'fallback', 'shared', 'none'"),
        ("{version: 1, agents: {match: [{from: 7, action: ¶'place'}]}}", "did you mean 'placeholder'?"),
        ("{version: 1, agents: {match: [{from: 7, to: 8, since: ¶'1/2/2024'}]}}", "not a date; expected ISO 8601"),
        (
            "{version: 1, agents: {match: [{from: 7, to: 8, since: '2024-02-01', until: ¶'2024-01-01'}]}}",
            "'agents.match[0].until' is not after its 'since'"
        ),
        (
            "{version: 1, agents: {match: [{from: 7, to: 8, since: '2024-02-01'},\n ¶{from: 7, to: 9, until: '2024-03-01'}]}}",
            "agent '7' is named twice, first in line 1; expected periods that do not overlap"
        ),
        ("{version: 1, teams: {fallback: ¶'placeholder'}}", "expected one of 'keep', 'unassigned', 'error'"),
        ("{version: 1, teams: {match: {A: {action: ¶'placeholder'}}}}", "'keep', 'unassigned', 'fallback'"),
        ("{version: 1, agents: {fallback: ¶{}}}", "names no id"),
        ("{version: 1, agents: {by_email: ¶'yes'}}", "expected true or false"),
        ("{version: 1, teams: {match: {A: ¶{}}}}", "has no target"),
        ("{version: 1, teams: {match: {A: {¶ids: '1'}}}}", "did you mean 'id'?"),
        ("{version: 1, teams: {match: {A: 'x', ¶a: 'y'}}}", "team 'a' is named twice, first in line 1"),
        ("{version: 1, defaults: {conversation: {¶prioritty: 'low'}}}", "did you mean 'priority'?"),
        ("{version: 1, defaults: {agent: {role: ¶'boss'}}}", "expected one of 'admin', 'agent', 'light', 'bot'"),
        ("{version: 1, ¶version: 1}", "key 'version' stands twice"),
        ("{version: 1, tags: {drop: [¶x]}}", "put quotes round text"),
    ]

    @Test(arguments: wrongFiles) func namesPlaceExpectationAndNearestName(_ marked: String, _ part: String) throws {
        let marked = MarkedText(marked)
        let found = faults(marked.text)
        let fault = try #require(found.first)
        #expect(found.count == 1, "\(found)")
        #expect(fault.place == Place(file: "layer1.json5", line: marked.line, column: marked.column))
        #expect(fault.description.contains(part), "\(fault)")
    }

    @Test(arguments: [
        ("¶", "the table is empty"),
        ("¶id,name\n7,Ana\n", "column 'target' is missing"),
        ("¶id,taget\n7,1\n", "column 'target' is missing (there is 'taget')"),
        ("¶name,target\nAna,1\n", "column 'id' is missing"),
        ("id,target,¶id\n", "column 'id' stands twice"),
        ("id,target,action\n7,1,map\n8,,¶kep\n", "did you mean 'keep'?"),
        ("id,target,action\r\n7,¶,map\r\n", "action 'map' has no target"),
        ("id,target,action\n7,1,¶keep\n", "action 'keep' has a target"),
        ("id,target\n¶,1\n", "neither id nor email"),
        ("id,target\n¶7,1,2\n", "the row has 3 cells; expected 2"),
        ("id,target\n7,1\n\n¶7,2\n", "agent '7' is named twice, first in line 2"),
        ("id,target\n7,¶\"1\n", "quoted cell has no end"),
        ("id;name;target\n7;\"two\nlines\";1\n¶;x;2\n", "neither id nor email"),
        ("id,target\n¶9.00719925474099E+15,1\n", "took the id for a number and lost its digits"),
        ("id;target\n7;¶1,23E+17\n", "'target' is '1,23E+17'"),
        ("id,target,valid_from\n7,1,¶1/31/2024\n", "'valid_from' is '1/31/2024', not a date"),
        ("id,target,valid_from,valid_until\n7,1,2024-02-01,¶2024-02-01\n", "not after 'valid_from'"),
        ("id,target,valid_until\n7,1,2024-02-01\n¶7,2,\n", "expected periods that do not overlap"),
        ("id,target,action\n7,a@b.example,¶placeholder\n", "action 'placeholder' has a target"),
    ]) func pointsIntoTables(_ marked: String, _ part: String) throws {
        let marked = MarkedText(marked)
        let found = faults("{version: 1, agents: {file: 'a.csv'}}", files: ["a.csv": marked.text])
        let fault = try #require(found.first)
        #expect(found.count == 1, "\(found)")
        #expect(fault.place == Place(file: "a.csv", line: marked.line, column: marked.column))
        #expect(fault.description.contains(part), "\(fault)")
    }

    @Test func reportsAllFaultsOfAllFilesInOrder() throws {
        let error = try #require(throws: MigrationError.self) {
            _ = try mapping(
                "{version: 1, values: {status: {hold: 'opne'}}, flter: {}}", "{version: 1, tags: {", "{version: 3}")
        }
        let found = try #require(error.cause as? MappingFaults).faults
        #expect(
            found.map { $0.place.file } == [
                "layer1.json5", "layer1.json5", "layer1.json5", "layer2.json5", "layer3.json5",
            ])
        #expect(found.map { $0.place.column } == [32, 38, 48, 21, 11])
        #expect(error.summary.hasPrefix("5 faults; nothing was read or written"))
        for fault in found { #expect(error.description.contains(fault.description)) }
    }

    @Test func faultsNeverShowAnAddress() {
        let found = faults(
            "{version: 1, agents: {match: [{email: 'ana@old.example', to: 1}, "
                + "{email: 'Ana@old.example', to_email: 'a b@c'}, "
                + "{email: 'ana@old.example', to: 2}]}}")
        #expect(found.count == 2)
        for fault in found { #expect(!fault.description.contains("ana")) }
    }

    @Test func aFileThatIsMissingIsAFault() throws {
        let error = try #require(throws: MigrationError.self) { try Mapping.load(paths: ["/nonexistent/m.json5"]) }
        #expect(error.description.contains("/nonexistent/m.json5: the file cannot be read"))
        #expect(error.exit == .configuration)
    }
}
