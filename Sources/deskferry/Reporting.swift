import ConnectorKit
import ConsoleKit
import Diagnostics
import Foundation
import Reports
import StateStore
import SyncEngine

/// What `--report DIR` adds to a command: records are watched, and the report is written at the end.
struct Reporting {
    let folder: ReportFolder
    let kind: String
    let collector: RecordCollector
    private let session: Session

    /// `nil` without `--report`.
    ///
    /// - Throws: `failed/unwritable` before anything else is done, when the directory cannot be made.
    init?(_ session: Session, _ kind: String, keepsRows: Bool = true) throws {
        guard let path = session.command[Options.report] else { return nil }
        self.session = session
        self.kind = kind
        folder = try ReportFolder(path)
        collector = try RecordCollector(rowsPath: keepsRows ? folder.file(ReportFolder.rowsFile(kind)) : nil)
    }

    // MARK: Writing

    func writePlan(_ plan: RunPlan, _ report: RunReport) throws {
        var subject = try subject(plan)
        if let file = session.command[Options.out] { try addPlan(file, to: &subject) }
        try write(
            .plan(
                report, try collector.finish(), subject, rowsFile: ReportFolder.rowsFile(kind),
                sheet: ReportFolder.sheet))
    }

    func writeRun(_ plan: RunPlan, _ report: RunReport) throws {
        let gathered = try collector.finish()
        var subject = try subject(plan)
        if let file = session.command[Options.planFile] { try addPlan(file, to: &subject) }
        let next = try addHistory(plan, to: &subject)
        try write(.run(report, gathered, subject, rowsFile: ReportFolder.rowsFile(kind), next: next))
    }

    func writeVerification(_ plan: RunPlan, _ report: RunReport, _ thresholds: Thresholds?) throws {
        _ = try collector.finish()
        var subject = try subject(plan)
        if let file = session.command[Options.planFile] { try addPlan(file, to: &subject) }
        _ = try addHistory(plan, to: &subject)
        for run in subject.history.prefix(20) where run.command != "verify" && run.state == "done" {
            subject.evidence.append(.init(.run, name: run.command, fingerprint: run.id))
        }
        if let thresholds {
            let digest = try FileDigest.sha256(of: thresholds.file)
            subject.evidence.append(.init(.limits, name: thresholds.file, fingerprint: digest))
        }
        try write(.verification(report, thresholds, subject))
    }

    func writeInventory(_ inventory: Inventory, _ source: FileSource, _ location: String) throws {
        _ = try collector.finish()
        var subject = ReportSubject(
            language: session.command[Options.language], source: (source.platform.connector.title, location),
            destination: nil, mappings: [], madeAt: Figures.time(milliseconds: Moment.now.milliseconds),
            program: "Deskferry \(Program.version)")
        try add(source, to: &subject)
        try write(.inventory(inventory, subject))
    }

    private func write(_ document: ReportDocument) throws {
        let earlier = folder.madeAt(document.kind)
        let names = try folder.write(document)
        let replaced = earlier.map { " (in place of the one made \($0))" } ?? ""
        Terminal.write(
            "report: \(folder.file(names[0])), with \(names.dropFirst().joined(separator: ", "))\(replaced)\n",
            to: .messages)
    }

    // MARK: What it is about

    private func subject(_ plan: RunPlan) throws -> ReportSubject {
        let source = plan.request.source
        var subject = ReportSubject(
            language: session.command[Options.language], source: (source.platform.connector.title, plan.sourceName),
            destination: (plan.request.destination.connector.title, plan.destinationName),
            mappings: session.mappingPaths, madeAt: Figures.time(milliseconds: Moment.now.milliseconds),
            program: "Deskferry \(Program.version)")
        try add(source, to: &subject)
        for path in session.mappingPaths {
            subject.evidence.append(.init(.mapping, name: path, fingerprint: try FileDigest.sha256(of: path)))
        }
        return subject
    }

    private func add(_ source: FileSource, to subject: inout ReportSubject) throws {
        // Members of an archive share its file, which is hashed once.
        var paths: [String: Int] = [:]
        for file in source.files {
            let path = file.name.split(separator: "!", maxSplits: 1).first.map(String.init) ?? file.name
            paths[path] = 0
        }
        var listing = ""
        for path in paths.keys.sorted() {
            let digest = try FileDigest.sha256(of: path)
            let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
            subject.sourceFiles.append((path, size, digest))
            listing += "\(digest)  \(path)\n"
        }
        let whole = listing.withUTF8 { Digest.hex(Digest.sha256(UnsafeRawBufferPointer($0))) }
        subject.evidence.insert(.init(.source, name: subject.source.location, fingerprint: whole), at: 0)
    }

    /// Adds the runs so far and returns the command that comes next.
    private func addHistory(_ plan: RunPlan, to subject: inout ReportSubject) throws -> String {
        let fallback = "deskferry verify \(plan.sourceName) \(plan.destinationName)"
        guard let ledger = try Ledger.openToRead(path: plan.statePath),
            let id = try ledger.knownMigration(source: plan.sourceName, destination: plan.destinationName)
        else { return fallback }
        let page = try StatusPage(ledger, (id, plan.sourceName, plan.destinationName), session.project)
        subject.history = page.history
        return page.next
    }

    private func addPlan(_ file: String, to subject: inout ReportSubject) throws {
        subject.evidence.append(.init(.plan, name: file, fingerprint: try FileDigest.sha256(of: file)))
    }
}

/// SHA-256 of files, read in pieces.
enum FileDigest {
    static func sha256(of path: String) throws -> String {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw MigrationError(
                "source/unreadable", recovery: .stopRun, place: Place(file: path),
                summary: "cannot be read for its fingerprint")
        }
        defer { try? handle.close() }
        let digest = Digest()
        while let data = try handle.read(upToCount: 1 << 20), !data.isEmpty {
            data.withUnsafeBytes { digest.update($0) }
        }
        return digest.finish()
    }
}
