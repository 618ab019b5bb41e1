import ConversationModel
import Foundation
import Reports
import SyncEngine
import Testing

/// One value, three formats: a figure is the same wherever it is read.
@Suite struct FiguresTests {
    /// Figures by table, row and column.
    private typealias Figures = [String: Int]

    @Test(arguments: Language.allCases)
    func figuresAgreeInEveryFormat(_ language: Language) async throws {
        let sample = try Sample()
        defer { sample.clear() }
        let (document, report) = try await sample.document(language)
        try sample.folder.write(document)
        let page = try Self.page(try String(contentsOfFile: sample.folder.file("plan.html"), encoding: .utf8))
        let json = try Self.json(FileManager.default.contents(atPath: sample.folder.file("plan.json")) ?? Data())
        let csv = Self.csv(try String(contentsOfFile: sample.folder.file("plan.csv"), encoding: .utf8))
        #expect(page.count > 80)
        #expect(page == json.filter { page[$0.key] != nil }, "\(Self.difference(page, json))")
        #expect(page == csv.filter { page[$0.key] != nil }, "\(Self.difference(page, csv))")
        // And they are the run's own.
        for (entity, counts) in report.counts {
            #expect(page["counts/\(entity.plural)/read"] == counts.read)
            #expect(page["counts/\(entity.plural)/create"] == counts.create)
            #expect(page["counts/\(entity.plural)/quarantined"] == counts.quarantined)
        }
        #expect(page["figures/create/"] == report.total(\.create))
        #expect(page["figures/quarantined/"] == report.quarantine.count)
        for loss in report.losses.all where !loss.field.hasPrefix("extras.") && loss.lossClass != .same {
            #expect(json["losses/\(loss.entity.rawValue).\(loss.field)/\(loss.lossClass.rawValue)"] == loss.count)
        }
    }

    @Test func everyRecordStandsInTheFileBesideTheReport() async throws {
        let sample = try Sample(conversations: 70)
        defer { sample.clear() }
        let (report, gathered) = try await sample.plan()
        let lines = try String(contentsOfFile: sample.folder.file("changes.jsonl"), encoding: .utf8)
            .split(separator: "\n")
        #expect(lines.count == report.total(\.changes))
        #expect(lines.count == gathered.rowsInAll)
        var conversations = 0
        for line in lines {
            let record = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            conversations += record["entity"] as? String == "conversation" ? 1 : 0
            #expect(record["changes"] is [Any])
        }
        #expect(conversations == 70)
    }

    @Test func aReportChangesNothingOfThePlan() async throws {
        let sample = try Sample()
        defer { sample.clear() }
        let watched = try await sample.plan().report
        let plain = try await Engine.plan(sample.runPlan(), hooks: RunHooks()).report
        #expect(watched.counts == plain.counts)
        #expect(watched.losses.all == plain.losses.all)
        #expect(watched.sourceHash == plain.sourceHash)
        #expect(watched.findings == plain.findings)
    }

    @Test func theSameRunGivesTheSameReport() async throws {
        let sample = try Sample(conversations: 200)
        defer { sample.clear() }
        try sample.folder.write(try await sample.document().document)
        let first = FileManager.default.contents(atPath: sample.folder.file("plan.html"))
        try sample.folder.write(try await sample.document().document)
        #expect(first == FileManager.default.contents(atPath: sample.folder.file("plan.html")))
    }

    // MARK: Reading figures

    private static func difference(_ a: Figures, _ b: Figures) -> [String] {
        a.filter { b[$0.key] != $0.value }.map { "\($0.key): \($0.value), \(b[$0.key].map(String.init) ?? "none")" }
            .sorted()
    }

    private static func page(_ html: String) throws -> Figures {
        var figures: Figures = [:]
        let tables = html.components(separatedBy: "data-table=\"").dropFirst()
        for table in tables {
            let id = String(table.prefix { $0 != "\"" })
            let body = table.components(separatedBy: "</table>")[0]
            for row in body.components(separatedBy: "data-row=\"").dropFirst() {
                let key = String(row.prefix { $0 != "\"" })
                for cell in row.components(separatedBy: "</tr>")[0].components(separatedBy: "data-column=\"")
                    .dropFirst()
                {
                    let column = String(cell.prefix { $0 != "\"" })
                    let text = cell.drop { $0 != ">" }.dropFirst().prefix { $0 != "<" }
                    let digits = text == "–" && id == "losses" ? "0" : text.filter { !",.".contains($0) }
                    if let number = Int(digits), !text.isEmpty { figures["\(id)/\(key)/\(column)"] = number }
                }
            }
        }
        for tile in html.components(separatedBy: "data-figure=\"").dropFirst() {
            let key = String(tile.prefix { $0 != "\"" })
            let text = tile.components(separatedBy: "<b>")[1].prefix { $0 != "<" }.filter { !",.".contains($0) }
            if let number = Int(text) { figures["figures/\(key)/"] = number }
        }
        return figures
    }

    private static func json(_ data: Data) throws -> Figures {
        var figures: Figures = [:]
        let root = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        for section in root?["sections"] as? [[String: Any]] ?? [] {
            for block in section["content"] as? [[String: Any]] ?? [] {
                for (key, value) in block["figures"] as? [String: Any] ?? [:] {
                    if let number = value as? Int { figures["figures/\(key)/"] = number }
                }
                guard let id = (block["table"] ?? block["heat"]) as? String else { continue }
                for row in block["rows"] as? [[String: Any]] ?? [] {
                    for (column, value) in row {
                        let number = value as? Int ?? (value as? String).flatMap { Int($0.filter { $0 != "," }) }
                        if let number { figures["\(id)/\(row["key"] ?? "")/\(column)"] = number }
                    }
                }
            }
        }
        return figures
    }

    private static func csv(_ text: String) -> Figures {
        var figures: Figures = [:]
        for line in text.components(separatedBy: "\r\n") where !line.contains("\"") {
            let cells = line.components(separatedBy: ",")
            guard cells.count == 5, let number = Int(cells[4]) else { continue }
            figures["\(cells[1])/\(cells[2])/\(cells[3])"] = number
        }
        return figures
    }
}
