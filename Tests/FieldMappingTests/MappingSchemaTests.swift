import ConversationModel
import Diagnostics
import Foundation
import Testing

@testable import FieldMapping

/// Holds the schema for editors to the reader: at every object and closed list of the schema the reader is asked what it
/// expected, and both must name the same.
@Suite struct MappingSchemaTests {
    private static let strange = "zzqq"

    /// One place of the schema, and how a mapping looks that has something there.
    private struct Spot {
        let name: String
        let wrap: (String) -> String
    }

    private let schema: JSON5Node

    init() throws {
        let path = repository.appending(path: "Mappings/mapping.schema.json")
        schema = try JSON5.parse(Array(try Foundation.Data(contentsOf: path)), file: "mapping.schema.json")
    }

    private func resolved(_ node: JSON5Node) -> JSON5Node {
        guard let reference = node["$ref"]?.text, let name = reference.split(separator: "/").last else { return node }
        return schema["$defs"]?[String(name)] ?? node
    }

    private func alternatives(_ node: JSON5Node) -> [JSON5Node] {
        let node = resolved(node)
        let inner = ["anyOf", "oneOf", "allOf"].flatMap { node[$0]?.elements ?? [] }
        return [node] + inner.flatMap(alternatives)
    }

    /// Calls the body for every object with named members, and for every closed list of names.
    private func walk(
        _ node: JSON5Node, _ spot: Spot, object: (Spot, [JSON5Node.Member]) -> Void, names: (Spot, [String]) -> Void
    ) {
        let all = alternatives(node)
        let closed = all.flatMap { ($0["enum"]?.elements ?? []) + ($0["const"].map { [$0] } ?? []) }
        let isFree = all.contains { alternative in
            let types = (alternative["type"].map { [$0] } ?? []) + (alternative["type"]?.elements ?? [])
            return alternative["enum"] == nil && types.contains { $0.text == "string" }
        }
        if !closed.isEmpty, !isFree, closed.allSatisfy({ if case .string = $0.value { true } else { false } }) {
            names(spot, closed.compactMap(\.text))
        }
        for alternative in all {
            if let members = alternative["properties"]?.members {
                object(spot, members)
                for member in members {
                    let key = member.key
                    walk(
                        member.node,
                        Spot(name: "\(spot.name).\(key)") { value in
                            spot.wrap(
                                spot.name.isEmpty && key != "version"
                                    ? "{version: 1, \(key): \(value)}" : "{\(key): \(value)}")
                        }, object: object, names: names)
                }
            }
            if let items = alternative["items"] {
                walk(items, Spot(name: spot.name + "[]") { spot.wrap("[\($0)]") }, object: object, names: names)
            }
            let keys = alternative["propertyNames"].map(alternatives)?.flatMap { $0["enum"]?.elements ?? [] } ?? []
            if let values = alternative["additionalProperties"], case .object = values.value {
                let key = keys.first?.text ?? "probe"
                walk(
                    values, Spot(name: spot.name + ".*") { spot.wrap("{\(key): \($0)}") }, object: object, names: names)
            }
        }
    }

    /// What the reader expected where the strange name stands.
    private func expected(_ text: String) -> [String]? {
        do {
            _ = try mapping(text)
            return nil
        } catch {
            let faults = ((error as? MigrationError)?.cause as? MappingFaults)?.faults ?? []
            guard let fault = faults.first(where: { $0.summary.contains("'\(Self.strange)'") }) else { return nil }
            return fault.expected.split(separator: "'", omittingEmptySubsequences: false).enumerated()
                .filter { $0.offset % 2 == 1 }.map { String($0.element) }
        }
    }

    @Test func readerAndSchemaNameTheSameKeys() {
        var checked = 0
        walk(
            schema, Spot(name: "") { $0 },
            object: { spot, members in
                let text = spot.wrap(spot.name.isEmpty ? "{version: 1, \(Self.strange): 1}" : "{\(Self.strange): 1}")
                #expect(expected(text)?.sorted() == members.map(\.key).sorted(), "\(spot.name): \(text)")
                checked += 1
            }, names: { _, _ in })
        #expect(checked > 10)
    }

    @Test func readerAndSchemaNameTheSameValues() {
        var checked = 0
        walk(
            schema, Spot(name: "") { $0 }, object: { _, _ in },
            names: { spot, names in
                let text = spot.wrap("'\(Self.strange)'")
                #expect(expected(text)?.sorted() == names.sorted(), "\(spot.name): \(text)")
                checked += 1
            })
        #expect(checked > 12)
    }

    @Test func everyNameHasAHoverText() {
        var checked = 0
        walk(
            schema, Spot(name: "") { $0 },
            object: { spot, members in
                for member in members {
                    let text = member.node["description"]?.text ?? ""
                    #expect(text.hasSuffix(".") && text.count <= 200, "\(spot.name).\(member.key): '\(text)'")
                    checked += 1
                }
            }, names: { _, _ in })
        #expect(checked > 40)
    }
}
