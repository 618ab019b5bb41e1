internal import ConversationModel
internal import Diagnostics
public import SyncEngine

extension ReportDocument {
    /// The report of a full or delta run: what was done, how fast, what stayed behind, what comes next.
    ///
    /// - Parameters:
    ///   - report: What the run said.
    ///   - gathered: What its records added up to.
    ///   - subject: What it is about, with the runs so far.
    ///   - rowsFile: Name of the file of records.
    ///   - next: The command that comes next.
    /// - Returns: The report.
    public static func run(
        _ report: RunReport, _ gathered: Gathered, _ subject: ReportSubject, rowsFile: String, next: String
    ) -> ReportDocument {
        let writer = SectionWriter(report, gathered, subject)
        let words = writer.words
        let isDelta = report.command == "sync"
        var facts: [ReportFact] = []
        if let run = report.run { facts.append(ReportFact("run", words[.runID], .code(run))) }
        facts.append(ReportFact("program", words[.version], .text(subject.program)))
        var document = ReportDocument(
            kind: report.command, language: subject.language, title: words[isDelta ? .syncTitle : .runTitle],
            verdict: writer.runVerdict(), tone: writer.tone(), exit: Int(report.exit.rawValue), madeAt: subject.madeAt,
            facts: writer.facts(facts))
        document.sections = [
            writer.totals(), writer.speed(), writer.decisions(), writer.nextStep(next), writer.trend(),
            writer.history(), writer.wontMigrate(), writer.losses(), writer.people(), writer.changes(),
            gathered.threads.isEmpty ? nil : writer.sample(sheet: nil), writer.evidence(),
        ].compactMap(\.self)
        document.changes = ChangeList(rows: gathered.rows, total: gathered.rowsInAll, fileName: rowsFile)
        document.threads = gathered.threads
        document.fieldNames = gathered.fieldNames
        return document
    }
}

extension SectionWriter {
    func speed() -> ReportSection {
        let records = report.total(\.read)
        let seconds = max(report.seconds, 0.001)
        let tiles = [
            ReportTile("seconds", words[.took], .seconds(report.seconds)),
            ReportTile("records_read", words[.recordsRead], .count(records)),
            ReportTile("records_per_second", words[.perSecond], .count(Int(Double(records) / seconds))),
            ReportTile("bytes_read", words[.bytesRead], .bytes(report.bytesRead)),
            ReportTile("bytes_written", words[.bytesWritten], .bytes(report.bytesWritten)),
        ]
        return ReportSection(
            "speed", words[.speedTitle], [.tiles(tiles), .notice(.plain, words[.retriedNone])])
    }

    func nextStep(_ command: String) -> ReportSection {
        var blocks: [ReportBlock] = []
        if !report.incomplete.isEmpty { blocks.append(.notice(.bad, words[.nextIncomplete])) }
        if !report.quarantine.isEmpty { blocks.append(.notice(.warn, words[.nextQuarantine])) }
        blocks.append(
            .table(
                ReportTable(
                    "next", words[command.contains("deskferry sync") ? .nextCommand : .nextAfterRun],
                    [ReportTable.Column("command", words[.command])],
                    [ReportTable.Row("next", [ReportTable.Cell(.code(command))])])))
        return ReportSection("next", words[.nextTitle], blocks)
    }

    func history() -> ReportSection? {
        guard !subject.history.isEmpty else { return nil }
        let rows = subject.history.prefix(Self.rowsShown).map { run in
            ReportTable.Row(
                run.id,
                [
                    ReportTable.Cell(.code(run.id)), ReportTable.Cell(.text(words.name("command", run.command))),
                    ReportTable.Cell(.moment(run.startedAt)),
                    ReportTable.Cell(run.seconds.map { .seconds($0) } ?? .none),
                    ReportTable.Cell(run.written.map { .count($0) } ?? .none),
                    ReportTable.Cell(
                        .text(words.name("state", Self.outcome(run))),
                        ["done": .good, "running": .plain, "differs": .bad][Self.outcome(run)] ?? .warn),
                ])
        }
        return ReportSection(
            "history", words[.historyTitle], intro: words[.historyIntro],
            [
                .table(
                    ReportTable(
                        "history", words[.historyCaption],
                        [
                            ReportTable.Column("id", words[.id]), ReportTable.Column("command", words[.command]),
                            ReportTable.Column("began", words[.began]),
                            ReportTable.Column("seconds", words[.took], isNumeric: true),
                            ReportTable.Column("written", words[.written], isNumeric: true),
                            ReportTable.Column("result", words[.result]),
                        ], rows, total: subject.history.count))
            ])
    }

    /// How a run ended: `done` only where nothing was left open.
    private static func outcome(_ run: ReportSubject.RunRecord) -> String {
        guard run.state == "done", let exit = run.exit, exit != 0 else { return run.state }
        return exit == Int(ExitCode.verificationFailed.rawValue) ? "differs" : "left"
    }

    func trend() -> ReportSection {
        let trend = DeltaTrend(subject.history)
        var blocks: [ReportBlock] = []
        switch trend.lengths.count {
        case 0: blocks.append(.notice(.plain, words[.trendNone]))
        case 1: blocks.append(.notice(.plain, words(.trendOne, words.duration(trend.lengths[0].seconds))))
        default:
            if let expected = trend.expected {
                blocks.append(
                    .notice(
                        .good,
                        words(
                            .trendExpected, words.duration(expected.seconds), words.duration(expected.shortest),
                            words.duration(expected.longest), words.count(expected.runs))))
            }
            blocks.append(
                .bars(
                    BarChart(
                        "delta_lengths", words[.trendCaption], labelTitle: words[.began], valueTitle: words[.took],
                        trend.lengths.suffix(40).map {
                            BarChart.Bar(
                                String($0.startedAt.prefix(16)).replacing("T", with: " "),
                                Int(($0.seconds * 1000).rounded()))
                        }, isDuration: true)))
        }
        return ReportSection("trend", words[.trendTitle], blocks)
    }
}

/// How long deltas took, and how long the next one will.
///
/// The expectation is the median of the last five, or the last one where it was longer: who plans a freeze is better
/// served by too long than by too short.
///
/// | lengths so far, in seconds | expected |
/// | --- | --- |
/// | 60 50 40 | 50 |
/// | 40 50 60 | 60 |
/// | 900 40 42 44 46 41 | 42 |
public struct DeltaTrend: Sendable {
    /// Deltas that came to their end, the oldest first.
    public let lengths: [(startedAt: String, seconds: Double)]

    /// Takes the deltas out of a history, the latest first.
    public init(_ history: [ReportSubject.RunRecord]) {
        lengths = history.reversed().compactMap { run in
            guard run.command == "sync", run.state == "done", let seconds = run.seconds else { return nil }
            return (run.startedAt, seconds)
        }
    }

    /// What the next delta will take, from the last five; `nil` before the second.
    public var expected: (seconds: Double, shortest: Double, longest: Double, runs: Int)? {
        let last = lengths.suffix(5).map(\.seconds)
        guard last.count > 1, let latest = last.last, let shortest = last.min(), let longest = last.max() else {
            return nil
        }
        let sorted = last.sorted()
        let middle = sorted.count / 2
        let median = sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
        return (max(median, latest), shortest, longest, last.count)
    }
}
