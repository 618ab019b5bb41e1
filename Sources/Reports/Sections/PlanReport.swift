internal import ConversationModel
internal import Diagnostics
public import SyncEngine

extension ReportDocument {
    /// The dry-run report: what a migration would do, for the client to approve.
    ///
    /// - Parameters:
    ///   - report: What the plan said.
    ///   - gathered: What its records added up to.
    ///   - subject: What it is about.
    ///   - rowsFile: Name of the file of records.
    ///   - sheet: Name of the acceptance-test sheet.
    /// - Returns: The report.
    public static func plan(
        _ report: RunReport, _ gathered: Gathered, _ subject: ReportSubject, rowsFile: String, sheet: String
    ) -> ReportDocument {
        let writer = SectionWriter(report, gathered, subject)
        let words = writer.words
        var document = ReportDocument(
            kind: "plan", language: subject.language, title: words[.planTitle],
            verdict: writer.planVerdict(), tone: writer.tone(), exit: Int(report.exit.rawValue), madeAt: subject.madeAt,
            facts: writer.facts([
                ReportFact("bytes_read", words[.bytesRead], .bytes(report.bytesRead)),
                ReportFact("program", words[.version], .text(subject.program)),
            ]))
        document.sections = [
            writer.totals(), writer.decisions(), writer.destinationChanges(), writer.wontMigrate(), writer.losses(),
            writer.flows(),
            writer.people(), writer.months(), writer.changes(), writer.sample(sheet: sheet), writer.effort(),
            writer.evidence(), writer.signatures(.planStatement),
        ].compactMap(\.self)
        document.changes = ChangeList(rows: gathered.rows, total: gathered.rowsInAll, fileName: rowsFile)
        document.threads = gathered.threads
        document.fieldNames = gathered.fieldNames
        return document
    }
}

extension SectionWriter {
    func tone() -> Tone {
        if !report.incomplete.isEmpty || report.total(\.conflict) > 0 { return .bad }
        return decisionCount == 0 ? .good : .warn
    }

    func planVerdict() -> String {
        let changes = report.total(\.changes)
        let main = sentence(changes == 0 ? words[.planNothing] : words(.planWould, parts()))
        return decisionCount == 0 ? main : main + " " + words(.verdictDecisions, words.count(decisionCount))
    }

    func runVerdict() -> String {
        let changes = report.total(\.changes)
        return sentence(changes == 0 ? words[.runNothing] : words(.runWrote, parts()))
    }

    func sentence(_ main: String) -> String {
        var text = [main]
        let unreadable = report.quarantine.count
        if unreadable == 1 { text.append(words[.verdictQuarantineOne]) }
        if unreadable > 1 { text.append(words(.verdictQuarantine, words.count(unreadable))) }
        let conflicts = report.total(\.conflict)
        if conflicts > 0 { text.append(words(.verdictConflicts, words.count(conflicts))) }
        if !report.incomplete.isEmpty { text.append(words[.verdictIncomplete]) }
        return text.joined(separator: " ")
    }

    /// `24 conversations, 8 contacts` for a first run; `1 new, 2 changed records, 3 of them conversations` later.
    private func parts() -> String {
        if report.total(\.update) + report.total(\.append) == 0 {
            let named = kinds.compactMap { entity -> String? in
                guard let count = report.counts[entity]?.create, count > 0 else { return nil }
                return words.counted(count, entity)
            }
            return named.joined(separator: ", ")
        }
        let parts: [(Int, Phrase)] = [
            (report.total(\.create), .planNew), (report.total(\.update), .planChanged),
            (report.total(\.append), .planLonger),
        ]
        let named = parts.filter { $0.0 > 0 }.map { words($0.1, words.count($0.0)) }.joined(separator: ", ")
        let conversations = report.counts[.conversation]?.changes ?? 0
        let tail = conversations > 0 ? "; " + words(.ofThem, words.count(conversations)) : ""
        return words(.recordsThus, words.count(report.total(\.changes)), named) + tail
    }
}
