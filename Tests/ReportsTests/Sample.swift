import ConnectorCatalog
import ConnectorKit
import Diagnostics
import FieldMapping
import Foundation
import Reports
import SyncEngine

/// A source made up for reports: ordinary conversations, hostile ones, unreadable ones.
struct Sample {
    let directory: String
    let folder: ReportFolder

    /// Text that would run, load, hide or overflow where it is not held back.
    static let hostile = [
        "</script><script>window.planted=1</script>", "<img src=x onerror=window.planted=2>",
        "\"><svg onload=window.planted=3>", "<style>body{display:none}</style>", "<!--", "]]>",
        "javascript:window.planted=4",
        "\u{202E}dlrow olleh", String(repeating: "W", count: 3000), "=1+1", "{{constructor}}", "\u{0}\u{7}\u{1B}[31m",
    ]

    init(conversations: Int = 40, hostile isHostile: Bool = true, broken: Int = 1) throws {
        directory = NSTemporaryDirectory() + "deskferry-report-" + UUID().uuidString
        folder = try ReportFolder(directory + "/report")
        try FileManager.default.createDirectory(atPath: directory + "/bundle", withIntermediateDirectories: true)
        let texts = isHostile ? Self.hostile : ["Where is my parcel?", "¿Dónde está?", "مرحبا Ana"]
        var lines = ""
        for index in 0..<conversations {
            let words = texts[index % texts.count]
            let entries = (0..<(index == 3 ? 500 : 2 + index % 3)).map { entry -> [String: Any] in
                [
                    "id": "\(index)-\(entry)", "type": entry % 5 == 3 ? "note" : "message",
                    "author": entry % 2 == 0
                        ? ["kind": "contact", "id": "c1", "name": words]
                        : ["kind": "agent", "id": "a\(index % 2 + 1)"],
                    "created_at": Self.time(index, entry), "text": "\(words) no \(index)", "html": "<p>\(words)</p>",
                    "session": entry < 2 ? "s1" : "s2",
                    "attachments": entry == 0
                        ? [["id": "f\(index)", "name": words, "content_type": "image/png", "size": 1234]] : [],
                ]
            }
            let record: [String: Any] = [
                "id": "\(1000 + index)", "subject": words + " \(index)",
                "channel": ["chat", "email", "web"][index % 3],
                "status": ["new", "open", "pending", "on_hold", "solved", "closed"][index % 6], "brand": words,
                "created_at": Self.time(index, 0), "updated_at": Self.time(index, 9), "requester": "c1",
                "assignee": "a1", "tags": [words], "fields": ["k1": words],
                "sessions": [["id": "s1", "started_at": Self.time(index, 0)], ["id": "s2"]], "timeline": entries,
            ]
            lines += try Self.line(record)
        }
        for _ in 0..<broken { lines += "{\"id\":\"9\",\"subject\":[1,{}\n" }
        try lines.write(toFile: directory + "/bundle/conversations.jsonl", atomically: false, encoding: .utf8)
        let people = [
            "agents": [["id": "a1", "name": texts[0], "email": "ana@shop.example"], ["id": "a2", "name": "Ben"]],
            "contacts": [["id": "c1", "name": texts[1], "emails": ["li@shop.example"]]],
            "fields": [["id": "k1", "entity": "conversation", "key": "k1", "label": texts[0], "type": "text"]],
        ]
        for (name, records) in people {
            try records.map(Self.line).joined().write(
                toFile: directory + "/bundle/\(name).jsonl", atomically: false, encoding: .utf8)
        }
    }

    func clear() { try? FileManager.default.removeItem(atPath: directory) }

    private static func time(_ index: Int, _ entry: Int) -> String {
        let month = index % 12 + 1
        let minute = entry % 60
        return "2024-\(month < 10 ? "0" : "")\(month)-01T\(entry / 60 + 10):\(minute < 10 ? "0" : "")\(minute):00.000Z"
    }

    private static func line(_ record: [String: Any]) throws -> String {
        let record = record.merging(["source": ["connector": "elsewhere"]]) { $1 }
        return String(decoding: try JSONSerialization.data(withJSONObject: record, options: .sortedKeys), as: UTF8.self)
            + "\n"
    }

    /// Plans a migration of the sample and returns what a report is made of.
    func plan() async throws -> (report: RunReport, gathered: Gathered) {
        let collector = try RecordCollector(rowsPath: folder.file("changes.jsonl"))
        let (report, _) = try await Engine.plan(runPlan(), hooks: RunHooks(observer: collector))
        return (report, try collector.finish())
    }

    func runPlan() throws -> RunPlan {
        let source = try platform("neutral")
        let request = PassRequest(
            source: try FileSource(source, path: directory + "/bundle"), destination: try platform("intercom"),
            mapping: Mapping.empty.compiled(), workers: 2)
        return RunPlan(
            request: request, destinationPath: directory + "/out", sourceName: "neutral:bundle",
            destinationName: "intercom:out", mappingHash: "", statePath: directory + "/state.sqlite")
    }

    private func platform(_ name: String) throws -> Platform {
        guard let connector = ConnectorCatalog.connector(named: name) else {
            throw MigrationError("usage/location", recovery: .fixConfiguration, summary: name)
        }
        return Platform(connector)
    }

    static func subject(_ language: Language = .en) -> ReportSubject {
        ReportSubject(
            language: language, source: ("Bundle", "neutral:bundle"), destination: ("Messenger", "intercom:out"),
            mappings: [], madeAt: "2026-03-31T18:00:00Z", program: "Deskferry")
    }

    /// The report of a plan, in a language.
    func document(_ language: Language = .en) async throws -> (document: ReportDocument, report: RunReport) {
        let (report, gathered) = try await plan()
        let document = ReportDocument.plan(
            report, gathered, Self.subject(language), rowsFile: "changes.jsonl", sheet: "acceptance.csv")
        return (document, report)
    }
}
