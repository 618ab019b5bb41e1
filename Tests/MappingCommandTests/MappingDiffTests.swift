import ConnectorCatalog
import ConnectorKit
import ConversationModel
import Diagnostics
import FieldMapping
import Foundation
import Testing

@testable import SyncEngine

@Suite struct MappingDiffTests {
    private func mapping(_ sections: String, files: [String: String] = [:]) throws -> Mapping {
        try Mapping(layers: [MappingLayer(name: "m.json5", bytes: Array("{version: 1, \(sections)}".utf8))]) { name in
            guard let text = files[name] else { throw CancellationError() }
            return Array(text.utf8)
        }
    }

    @Test(arguments: [
        (
            "values: {status: {new: 'open'}}", "values: {status: {new: 'pending'}}",
            ["status 'new' becomes 'pending' instead of 'open'"]
        ),
        ("", "values: {status: {'*': 'open'}}", ["every other status becomes 'open'; before there was no rule"]),
        ("values: {channel: {other: 'web'}}", "", ["channel 'other' has no rule any more; before it became 'web'"]),
        (
            "tags: {drop: ['a', 'b'], add: ['m']}", "tags: {drop: ['b', 'c'], rename: {x: 'y'}}",
            [
                "tag 'a' is no longer dropped", "tag 'c' is dropped", "conversations no longer get the tag 'm'",
                "tag 'x' becomes 'y'; before there was no rule",
            ]
        ),
        (
            "agents: {match: [{from: 7, to: 'A'}, {from: 8, action: 'keep'}]}",
            "agents: {match: [{from: 8, action: 'placeholder'}, {from: 7, to: 'A'}], fallback: {id: 'F'}}",
            [
                "agent '8' is kept as a placeholder; before: is kept",
                "an agent without a match goes to 'F'; before: is kept",
            ]
        ),
        (
            "teams: {match: {Billing: 'Finance'}}", "teams: {match: {Billing: {id: '77'}}}",
            ["team 'Billing' goes to '77'; before: goes to 'Finance'"]
        ),
        (
            "filter: {since: '2024-01-01'}", "filter: {since: '2023-01-01', not_tags: ['spam']}",
            [
                "conversations before '2023-01-01' are left out; before: '2024-01-01'",
                "tags 'spam': such conversations are left out",
            ]
        ),
        (
            "", "defaults: {conversation: {priority: 'normal'}}",
            ["a conversation without a priority gets 'normal'"]
        ),
        (
            "fields: {conversation: {a: 'b', c: {as: 'text'}}}",
            "fields: {conversation: {a: 'z', c: {drop: 'empty'}}, contact: {d: {as: 'date', zone: '+02:00'}}}",
            [
                "conversation field 'a' becomes 'z'; before: becomes 'b'",
                "conversation field 'c' is dropped ('empty'); before: goes by as 'text'",
                "contact field 'd' goes by as 'date', zone '+02:00'; before there was no rule",
            ]
        ),
        (
            "", "provenance: {tag: 'old'}, privacy: {redact: ['card']}",
            ["'provenance.tag' is new: 'old'", "'privacy.redact' is new: 'card'"]
        ),
        ("agents: {by_email: true}", "agents: {by_email: false}", ["'agents.by_email' is false instead of true"]),
        ("tags: {add: ['a']} // x", "\n tags: {'add': [\"a\",]}", []),
    ]) func saysDifferencesInWords(_ a: String, _ b: String, _ words: [String]) throws {
        let found = try mapping(a.replacing(" // x", with: "")).differences(to: mapping(b)).map(\.words)
        #expect(found.sorted() == words.sorted(), "\(found)")
    }

    @Test func tablesAreComparedRowByRow() throws {
        let a = try mapping("agents: {file: 'a.csv'}", files: ["a.csv": "id,target\n7,A\n8,B\n9,C\n"])
        let b = try mapping(
            "agents: {file: 'b.csv'}", files: ["b.csv": "id;action;target\n8;;B\n7;placeholder;\n10;;D\n"])
        let differences = a.differences(to: b)
        #expect(
            differences.map(\.words) == [
                "agent '7' is kept as a placeholder; before: goes to 'A'",
                "agent '9' has no rule any more; before: goes to 'C'",
                "agent '10' goes to 'D'; before there was no rule",
            ])
        #expect(differences.allSatisfy { $0.alone != nil })
        #expect(differences.last?.place == Place(file: "b.csv", line: 4, column: 1))
    }

    @Test func eachDifferenceSaysHowManyRecordsItTouches() throws {
        let demo = try #require(try exports().first { $0.name == "demo" }).source
        let inventory = try Inventory.of(demo, hooks: RunHooks())
        let a = try mapping("values: {status: {on_hold: 'open'}}, tags: {add: ['m']}")
        let b = try mapping(
            "values: {status: {on_hold: 'pending'}}, tags: {add: ['m'], drop: ['nowhere']}, filter: {not_status: ['closed']}"
        )
        let differences = a.differences(to: b)
        let effect = try Engine.effect(of: differences, from: a, to: b, over: demo, hooks: RunHooks())
        func touched(_ word: String) -> Int? {
            differences.firstIndex { $0.words.contains(word) }.flatMap { effect.touched[$0]?[.conversation] ?? 0 }
        }
        let held = try #require(inventory.statusUses[.onHold]?.conversations)
        let closed = try #require(inventory.statusUses[.closed]?.conversations)
        #expect(held > 0 && closed > 0)
        #expect(touched("on_hold") == held)
        #expect(touched("nowhere") == 0)
        #expect(touched("closed") == closed)
        #expect(effect.total[.conversation] == held + closed)
    }

    @Test func whatOnlyAPlanCanCountIsNotGivenAsNothing() throws {
        let demo = try #require(try exports().first { $0.name == "demo" }).source
        let a = try mapping("tags: {add: ['m']}")
        let b = try mapping("tags: {add: ['m']}, threading: {mode: 'per-contact', gap: '30d'}")
        let differences = a.differences(to: b)
        #expect(
            differences.map(\.words) == ["'threading.mode' is new: 'per-contact'", "'threading.gap' is new: '30d'"])
        let effect = try Engine.effect(of: differences, from: a, to: b, over: demo, hooks: RunHooks())
        #expect(effect.touched.allSatisfy { $0 == nil })
    }

    @Test func twoMappingsThatSayTheSameTouchNothing() throws {
        let demo = try #require(try exports().first { $0.name == "demo" }).source
        let a = try mapping("tags: {add: ['m']}")
        let effect = try Engine.effect(of: a.differences(to: a), from: a, to: a, over: demo, hooks: RunHooks())
        #expect(effect.total.isEmpty && effect.touched.isEmpty)
    }
}
