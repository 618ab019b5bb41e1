internal import Diagnostics
internal import Foundation

/// A directory that reports are written into; each file stands in its place only when it is whole.
public struct ReportFolder: Sendable {
    /// The directory.
    public let path: String

    /// Makes the directory where it does not exist.
    ///
    /// - Parameter path: The directory.
    /// - Throws: `failed/unwritable` when it cannot be made or is a file.
    public init(_ path: String) throws {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.path = path
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw MigrationError(
                "failed/unwritable", recovery: .fixConfiguration, place: Place(file: path),
                summary: "the directory of the report cannot be made", hint: "name another one with --report",
                cause: error)
        }
    }

    /// Name of the file of records of a report: `changes.jsonl` for a plan, `sync-changes.jsonl` for a delta.
    public static func rowsFile(_ kind: String) -> String { (kind == "plan" ? "" : kind + "-") + "changes.jsonl" }

    /// Name of the acceptance-test sheet.
    public static let sheet = "acceptance.csv"

    /// The place of a file in this directory.
    public func file(_ name: String) -> String { path + "/" + name }

    /// When a report of a kind that stands in this directory was made; `nil` when there is none.
    public func madeAt(_ kind: String) -> String? {
        guard let data = FileManager.default.contents(atPath: file(kind + ".json")),
            let root = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
        else { return nil }
        return root["made_at"] as? String
    }

    /// Writes a report as HTML, JSON and CSV; with conversations, also the acceptance-test sheet.
    ///
    /// - Parameter document: The report.
    /// - Returns: Names of the files, the page first.
    /// - Throws: `failed/unwritable`.
    @discardableResult
    public func write(_ document: ReportDocument) throws -> [String] {
        let words = Words(document.language)
        // What an earlier report had and this one has not must not stand beside it.
        let rowsTable = (document.kind == "plan" ? "" : document.kind + "-") + "changes.csv"
        for name in [rowsTable] + (document.kind == "plan" ? [Self.sheet] : []) { unlink(file(name)) }
        var names = [document.kind + ".html", document.kind + ".json", document.kind + ".csv"]
        let page = try LineFile(path: file(names[0]))
        PageRenderer(document).write { page.write($0) }
        try page.finish()
        try put(Data(DocumentJSON(document: document).text()), names[1])
        try put(Data(DocumentCSV(document: document).text().utf8), names[2])
        if let changes = document.changes, !changes.rows.isEmpty {
            let rows = try LineFile(path: file(rowsTable))
            DocumentCSV.write(changes, words, document.fieldNames) { rows.write($0) }
            try rows.finish()
            names.append(rowsTable)
        }
        if document.kind == "plan", !document.threads.isEmpty {
            try put(Data(DocumentCSV.acceptance(document.threads, words, document.fieldNames).utf8), Self.sheet)
            names.append(Self.sheet)
        }
        return names
    }

    private func put(_ data: Data, _ name: String) throws {
        do {
            try data.write(to: URL(filePath: file(name)), options: .atomic)
        } catch {
            throw LineFile.unwritable(file(name))
        }
    }
}
