import ConnectorCatalog
import ConnectorKit
import ConversationModel
import Diagnostics
import FieldMapping
import Foundation
import SyncEngine
import Testing

/// The content of files on its way: out of pieces, into a bundle, and back into pieces.
@Suite struct ContentTests {
    private let folder: String
    /// What the file holds, and its SHA-256 as sha256sum gives it.
    private let words = "hello, hello, hello"
    private let digest = "9cc63fd6c02e19e14784a389b3cda6c1012296268b0f4a9f30b34710ba9807a7"
    /// One gzip stream in three pieces, each base64 of its own, as instances write them; made by gzip.
    private let pieces = ["H4sIAAAAAAACAw==", "y0jNycnXUQ==", "yECiAJ+hygkTAAAA"]

    init() throws {
        folder = NSTemporaryDirectory() + "deskferry-contents-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func clear() { try? FileManager.default.removeItem(atPath: folder) }

    private func convert(
        _ from: String, _ source: String, _ to: String, _ target: String, mapping: String = ""
    ) async throws -> RunReport {
        let layer = MappingLayer(name: "test.json5", bytes: Array("{version: 1, \(mapping)}".utf8))
        let request = PassRequest(
            source: try FileSource(Platform(try connector(from)), path: folder + "/" + source),
            destination: Platform(try connector(to)),
            mapping: try Mapping(layers: [layer], files: { _ in [] }).compiled(), workers: 2)
        let plan = RunPlan(
            request: request, destinationPath: folder + "/" + target, sourceName: "a", destinationName: "b",
            mappingHash: "", statePath: folder + "/state")
        return try await Engine.convert(plan, hooks: RunHooks())
    }

    private func connector(_ name: String) throws -> Connector {
        try #require(ConnectorCatalog.connector(named: name))
    }

    /// An unload of an incident with one file.
    private func unload(
        _ name: String, positions: [Int] = [2, 0, 1], size: Int = 19, hash: String? = nil, compressed: Bool = true,
        data: [String]? = nil
    ) throws {
        let key = String(repeating: "a", count: 32)
        let rows = positions.map { position in
            """
            <sys_attachment_doc><data>\((data ?? pieces)[position])
            \t\t</data><position>\(position)</position><sys_attachment display_value="a">\(key)</sys_attachment>\
            <sys_id>\(String(repeating: "\(position)", count: 32))</sys_id></sys_attachment_doc>
            """
        }
        let incident = String(repeating: "b", count: 32)
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <unload>
            <incident action="INSERT_OR_UPDATE"><number>INC1</number><description>see the file</description>\
            <opened_at>2026-02-01 09:00:00</opened_at><state>1</state><sys_id>\(incident)</sys_id></incident>
            <sys_attachment action="INSERT_OR_UPDATE"><compressed>\(compressed)</compressed>\
            <file_name>a.txt</file_name><hash>\(hash ?? digest)</hash><size_bytes>\(size)</size_bytes>\
            <sys_created_by>joe</sys_created_by><sys_created_on>2026-02-01 09:30:00</sys_created_on>\
            <sys_id>\(key)</sys_id><table_name>incident</table_name><table_sys_id>\(incident)</table_sys_id>\
            </sys_attachment>
            \(rows.joined(separator: "\n"))
            </unload>
            """
        let path = folder + "/" + name
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try text.write(toFile: path + "/unload.xml", atomically: true, encoding: .utf8)
    }

    private func contents(_ directory: String) throws -> [String: String] {
        let path = folder + "/" + directory + "/attachments"
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else { return [:] }
        var contents: [String: String] = [:]
        for name in names { contents[name] = try String(contentsOfFile: path + "/" + name, encoding: .utf8) }
        return contents
    }

    @Test func piecesBecomeAFileAndPiecesAgain() async throws {
        defer { clear() }
        try unload("source")
        let first = try await convert("servicenow", "source", "neutral", "bundle")
        #expect(first.findings.filter { $0.code.hasPrefix("attachment") }.isEmpty)
        #expect(try contents("bundle") == [digest: words])
        _ = try await convert("neutral", "bundle", "servicenow", "back")
        _ = try await convert("servicenow", "back", "neutral", "again")
        #expect(try contents("again") == [digest: words])
        // The same without a bundle between, and without a scratch directory left behind.
        _ = try await convert("servicenow", "source", "servicenow", "direct")
        _ = try await convert("servicenow", "direct", "neutral", "last")
        #expect(try contents("last") == [digest: words])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).allSatisfy { !$0.contains("contents") })
    }

    @Test func plainPiecesAreTakenAsTheyAre() async throws {
        defer { clear() }
        let plain = [Data("hello, ".utf8), Data("hello, ".utf8), Data("hello".utf8)].map { $0.base64EncodedString() }
        try unload("source", hash: "", compressed: false, data: plain)
        _ = try await convert("servicenow", "source", "neutral", "bundle")
        #expect(try contents("bundle") == [digest: words])
        _ = try await convert("servicenow", "source", "servicenow", "direct")
        _ = try await convert("servicenow", "direct", "neutral", "last")
        #expect(try contents("last") == [digest: words])
    }

    struct Damage: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var positions = [0, 1, 2]
        var size = 19
        var hash: String?
        var data: [String]?
    }

    @Test(arguments: [
        Damage(testDescription: "a piece is missing", positions: [0, 2]),
        Damage(testDescription: "the last piece is missing", positions: [0, 1]),
        Damage(testDescription: "another size", size: 20),
        Damage(testDescription: "a smaller size than it unpacks to", size: 5),
        Damage(testDescription: "another hash", hash: String(repeating: "0", count: 64)),
        Damage(testDescription: "no base64", data: ["H4sIAAAAAAACAw==", "y0j?", "yECiAJ+hygkTAAAA"]),
        Damage(testDescription: "no gzip", data: ["AAAA", "AAAA", "AAAA"]),
    ])
    func damagedContentIsNamedAndLeftOut(_ damage: Damage) async throws {
        defer { clear() }
        try unload("source", positions: damage.positions, size: damage.size, hash: damage.hash, data: damage.data)
        let report = try await convert("servicenow", "source", "neutral", "bundle")
        #expect(report.findings.contains { $0.code == "attachment/damaged" })
        #expect(report.counts[.conversation]?.create == 1 && report.quarantine.isEmpty)
        #expect(try contents("bundle").isEmpty)
    }

    @Test func whatAMappingLeavesOutLeavesNoContent() async throws {
        defer { clear() }
        try unload("source")
        _ = try await convert("servicenow", "source", "neutral", "dropped", mapping: "attachments: {policy: 'drop'}")
        #expect(try contents("dropped").isEmpty)
        _ = try await convert("servicenow", "source", "neutral", "filtered", mapping: "filter: {status: ['closed']}")
        #expect(try contents("filtered").isEmpty)
    }

    @Test func aDestinationWithoutContentsNamesTheLoss() async throws {
        defer { clear() }
        try unload("source")
        let report = try await convert("servicenow", "source", "zendesk", "tickets")
        #expect(report.losses.all.contains { $0.field == "timeline.attachments.content" && $0.lossClass == .dropped })
    }

    /// The name of a content names a file, so nothing but a hash may pass, and a content must be what its name says.
    @Test func namesThatAreNoHashesAndOtherContentsAreRefused() async throws {
        defer { clear() }
        try unload("source")
        _ = try await convert("servicenow", "source", "neutral", "bundle")
        let file = folder + "/bundle/attachments/" + digest
        try "other words, same name".write(toFile: file, atomically: true, encoding: .utf8)
        let report = try await convert("neutral", "bundle", "servicenow", "back")
        #expect(report.findings.contains { $0.code == "attachment/missing" })
        #expect(!FileManager.default.fileExists(atPath: folder + "/back/sys_attachment_doc.xml"))
        let records = folder + "/bundle/conversations.jsonl"
        let text = try String(contentsOfFile: records, encoding: .utf8)
        try text.replacingOccurrences(of: digest, with: "../../../../../../../../../etc/hostname").write(
            toFile: records, atomically: true, encoding: .utf8)
        _ = try await convert("neutral", "bundle", "servicenow", "escaped")
        #expect(!FileManager.default.fileExists(atPath: folder + "/escaped/sys_attachment_doc.xml"))
    }
}
