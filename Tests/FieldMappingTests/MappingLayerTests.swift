import ConversationModel
import Diagnostics
import Foundation
import Testing

@testable import FieldMapping

@Suite struct MappingLayerTests {
    @Test func laterLayersWinKeyByKey() throws {
        let both = try mapping(
            "{version: 1, values: {status: {on_hold: 'pending', new: 'open'}}, tags: {drop: ['a'], add: ['x']}}",
            "{version: 1, values: {status: {new: 'pending'}}, tags: {drop: ['b']}}")
        let one = try mapping(
            "{version: 1, values: {status: {on_hold: 'pending', new: 'pending'}}, tags: {drop: ['b'], add: ['x']}}")
        #expect(both.canonicalText == one.canonicalText)
        #expect(both.layers == ["layer1.json5", "layer2.json5"])
    }

    @Test func nullTakesAKeyBack() throws {
        let both = try mapping(
            "{version: 1, values: {status: {new: 'open'}}, tags: {drop: ['a'], add: ['x']}}",
            "{version: 1, values: null, tags: {drop: null}}")
        #expect(both.canonicalText == (try mapping("{version: 1, tags: {add: ['x']}}")).canonicalText)
        #expect(try mapping("{version: 1, tags: {drop: null}}").compiled().isIdentity)
    }

    @Test func layeringIsAssociativeAndIdempotent() throws {
        var random = SystemLikeGenerator(seed: 11)
        func object(_ depth: Int) -> JSON5Node {
            let mark = SourceMark(file: "t", line: 1, column: 1)
            var members: [JSON5Node.Member] = []
            // A key's first letter fixes its shape: layering is associative where shapes agree.
            for key in ["a", "b", "oc", "od"] where Bool.random(using: &random) {
                let node =
                    key.hasPrefix("o") && depth > 0
                    ? object(depth - 1) : JSON5Node(.number(String(Int.random(in: 0...9, using: &random))), at: mark)
                members.append(.init(key: depth > 0 ? key : "leaf" + key, keyMark: mark, node: node))
            }
            return JSON5Node(.object(members), at: mark)
        }
        for _ in 0..<500 {
            let (a, b, c) = (object(3), object(3), object(3))
            let left = a.layered(under: b).layered(under: c)
            let right = a.layered(under: b.layered(under: c))
            #expect(left.canonicalText == right.canonicalText)
            #expect(a.layered(under: a).canonicalText == a.canonicalText)
        }
    }

    @Test func layoutCommentsAndKeyOrderMakeNoDifference() throws {
        let a = try mapping("{version: 1, tags: {drop: ['a'], add: ['b']}, values: {status: {new: 'open'}}}")
        let b = try mapping(
            "// note\n{values: {\"status\": {'new': \"open\",}}, tags: {add: ['b',], drop: ['a']},\n version: 1}")
        #expect(a.canonicalText == b.canonicalText)
        #expect(a.canonicalText != (try mapping("{version: 1, tags: {drop: ['b'], add: ['a']}}")).canonicalText)
    }

    @Test func contentOfTablesIsPartOfTheCanonicalText() throws {
        let text = "{version: 1, agents: {file: 'a.csv'}, filter: {ids: {file: 'i.txt'}}}"
        func canonical(_ table: String, _ ids: String) throws -> String {
            try mapping(text, files: ["a.csv": table, "i.txt": ids]).canonicalText
        }
        let base = try canonical("id,target\n7,1\n", "1\n2\n")
        #expect(try canonical("id;target;note\r\n7;1;seen\r\n", "2\r\n1\r\n\r\n") == base)
        #expect(try canonical("id,target\n7,2\n", "1\n2\n") != base)
        #expect(try canonical("id,target\n7,1\n", "1\n3\n") != base)
    }

    @Test func filesAreLookedForBesideTheirLayer() throws {
        let layers = [
            MappingLayer(name: "base/m.json5", bytes: Array("{version: 1, agents: {file: 'a.csv'}}".utf8)),
            MappingLayer(name: "acme/n.json5", bytes: Array("{version: 1, agents: {fallback: 'unassigned'}}".utf8)),
        ]
        var asked: Set<String> = []
        _ = try Mapping(layers: layers) { name in
            asked.insert(name)
            return Array("id,target\n7,1\n".utf8)
        }
        #expect(asked == ["base/a.csv"])
    }

    @Test func noLayerIsTheEmptyMapping() throws {
        let none = try Mapping.load(paths: [])
        #expect(none.compiled().isIdentity)
        #expect(none.canonicalText == Mapping.empty.canonicalText)
    }
}

@Suite struct MappingDocumentTests {
    /// Fenced blocks of a Markdown text with what stands behind the fence.
    private func blocks(_ text: String) -> [(tag: String, body: String)] {
        var blocks: [(String, String)] = []
        var open: (tag: String, lines: [Substring])?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```"), let block = open {
                blocks.append((block.tag, block.lines.joined(separator: "\n") + "\n"))
                open = nil
            } else if line.hasPrefix("```") {
                open = (String(line.dropFirst(3)), [])
            } else {
                open?.lines.append(line)
            }
        }
        return blocks
    }

    @Test func examplesOfTheReferenceAreRight() throws {
        let text = try String(contentsOf: repository.appending(path: "docs/MAPPING.md"), encoding: .utf8)
        let blocks = blocks(text)
        var files = ["ids.txt": "1\n2\n"]
        for block in blocks where block.tag.hasPrefix("csv ") { files[String(block.tag.dropFirst(4))] = block.body }
        let examples = blocks.filter { $0.tag == "json5" }
        #expect(examples.count >= 7)
        for example in examples { #expect(try !mapping(example.body, files: files).compiled().isIdentity) }
        for section in MappingSections.types {
            #expect(text.contains("## \(section.name)\n"))
            for key in section.keys { #expect(text.contains("`\(key)") || text.contains("\(key):"), "\(key)") }
        }
    }

    @Test func theExampleLoads() throws {
        let example = try Mapping.load(paths: [repository.appending(path: "Mappings/example.json5").path])
        #expect(example.rules.count >= 8)
    }

    @Test func theSchemaKnowsTheSameKeys() throws {
        let path = repository.appending(path: "Mappings/mapping.schema.json")
        let schema = try JSON5.parse(Array(try Foundation.Data(contentsOf: path)), file: "mapping.schema.json")
        func keys(_ node: JSON5Node?) -> [String] {
            let object = node?["anyOf"]?.elements.first { $0["properties"] != nil } ?? node
            return (object?["properties"]?.members ?? []).map(\.key).sorted()
        }
        #expect(keys(schema) == Mapping.topKeys.sorted())
        for section in MappingSections.types {
            #expect(keys(schema["properties"]?[section.name]) == section.keys.sorted())
        }
        let definitions = schema["$defs"]
        #expect(keys(definitions?["agentRule"]) == AgentSection.matchKeys.sorted())
        #expect(keys(definitions?["teamTarget"]) == TeamSection.targetKeys.sorted())
        func names(_ key: String) -> [String] { (definitions?[key]?["enum"]?.elements ?? []).compactMap(\.text) }
        #expect(names("status") == Status.allCases.map(\.rawValue))
        #expect(names("priority") == Priority.allCases.map(\.rawValue))
        #expect(names("channel") == Channel.allCases.map(\.rawValue))
        #expect(names("agentAction") == AgentAction.allCases.map(\.rawValue))
        #expect(names("teamAction") == TeamAction.allCases.map(\.rawValue))
        let defaults = schema["properties"]?["defaults"]?["anyOf"]?.elements.first?["properties"]
        #expect(keys(defaults?["conversation"]) == DefaultSection.conversationKeys.sorted())
        #expect(keys(defaults?["contact"]) == DefaultSection.contactKeys.sorted())
        #expect(keys(defaults?["agent"]) == DefaultSection.agentKeys.sorted())
    }
}
