internal import ConversationModel
internal import Diagnostics
internal import ExportFormats
public import SyncEngine

extension ReportDocument {
    /// The verification report: what was found at the destination, for the client to accept.
    ///
    /// - Parameters:
    ///   - report: What the verification said.
    ///   - thresholds: Limits that were agreed; `nil` without any.
    ///   - subject: What it is about.
    /// - Returns: The report.
    public static func verification(
        _ report: RunReport, _ thresholds: Thresholds?, _ subject: ReportSubject
    ) -> ReportDocument {
        let writer = SectionWriter(report, Gathered(), subject)
        let words = writer.words
        let results = thresholds?.results(report) ?? []
        let missed = results.count { !$0.isKept }
        var verdict = writer.verifyVerdict()
        if missed > 0 {
            verdict = words(.thresholdsMissed, words.count(missed), words.count(results.count)) + " " + verdict
        } else if thresholds != nil {
            verdict += " " + words(.thresholdsMet, words.count(results.count))
        }
        let wrong =
            report.total(\.different) + report.total(\.missing) + report.total(\.extra)
            + report.unreadableAtDestination
        let tone: Tone =
            missed > 0 || (thresholds == nil && wrong > 0)
            ? .bad : wrong == 0 && report.quarantine.isEmpty && report.incomplete.isEmpty ? .good : .warn
        var document = ReportDocument(
            kind: "verify", language: subject.language, title: words[.verifyTitle], verdict: verdict, tone: tone,
            exit: Int(report.exit.rawValue), madeAt: subject.madeAt,
            facts: writer.facts([
                ReportFact("took", words[.took], .seconds(report.seconds)),
                ReportFact("program", words[.version], .text(subject.program)),
            ]))
        document.sections = [
            writer.verifyTotals(), writer.thresholds(thresholds, results), writer.differences(), writer.leftUnread(),
            writer.history(), writer.evidence(), writer.signatures(.verifyStatement),
        ].compactMap(\.self)
        return document
    }
}

extension SectionWriter {
    func verifyVerdict() -> String {
        let wrong = report.total(\.different) + report.total(\.missing) + report.total(\.extra)
        let main =
            wrong == 0
            ? words(.verifyAll, words.count(report.total(\.identical)))
            : words(
                .verifySome, words.count(report.total(\.identical)), words.count(report.total(\.different)),
                words.count(report.total(\.missing)), words.count(report.total(\.extra)))
        return sentence(main)
    }

    func verifyTotals() -> ReportSection {
        func tile(_ id: String, _ phrase: Phrase, _ count: Int, _ tone: Tone) -> ReportTile {
            ReportTile(id, words[phrase], .count(count), count == 0 ? .plain : tone)
        }
        let tiles = [
            tile("identical", .identical, report.total(\.identical), .good),
            tile("different", .different, report.total(\.different), .bad),
            tile("missing", .missing, report.total(\.missing), .bad),
            tile("extra", .extra, report.total(\.extra), .bad),
        ]
        var blocks: [ReportBlock] = [
            .tiles(tiles),
            .table(
                countTable([
                    ("read", .read, \.read, .plain), ("identical", .identical, \.identical, .plain),
                    ("different", .different, \.different, .bad), ("missing", .missing, \.missing, .bad),
                    ("extra", .extra, \.extra, .bad), ("skip", .filtered, \.skip, .plain),
                    ("vanished", .vanished, \.vanished, .plain), ("quarantined", .quarantined, \.quarantined, .bad),
                ])),
        ]
        if let parts = report.parts { blocks.append(.table(partTable(parts.expected, parts.found))) }
        return ReportSection("totals", words[.totals], blocks)
    }

    private func partTable(_ expected: PartCounts, _ found: PartCounts) -> ReportTable {
        let rows: [(String, String, KeyPath<PartCounts, Int>)] = [
            ("messages", words.name("types", "message"), \.messages), ("notes", words.name("types", "note"), \.notes),
            ("events", words.name("types", "event"), \.events),
            ("attachments", words[.attachments], \.attachments),
            ("unknown_authors", words[.unknownAuthors], \.unknownAuthors),
        ]
        return ReportTable(
            "parts", words[.partsCaption],
            [
                ReportTable.Column("what", words[.what]),
                ReportTable.Column("expected", words[.expected], isNumeric: true),
                ReportTable.Column("found", words[.foundThere], isNumeric: true),
            ],
            rows.map { id, name, path in
                let (a, b) = (expected[keyPath: path], found[keyPath: path])
                return ReportTable.Row(
                    id,
                    [
                        ReportTable.Cell(.text(name)), ReportTable.Cell(.count(a)),
                        ReportTable.Cell(.count(b), a == b ? .plain : .bad),
                    ])
            })
    }

    // MARK: Agreed limits

    func thresholds(_ thresholds: Thresholds?, _ results: [Thresholds.Result]) -> ReportSection {
        guard let thresholds else {
            return ReportSection("limits", words[.thresholdsTitle], [.notice(.plain, words[.thresholdsNone])])
        }
        let rows = results.map { result in
            let limit = result.limit
            let name = words.name(limit.object) + ": " + words.name(limit.measure)
            return ReportTable.Row(
                "\(limit.object.rawValue).\(limit.measure.rawValue)",
                [
                    ReportTable.Cell(.text(name)), ReportTable.Cell(.text(text(limit, result.isAgreed))),
                    ReportTable.Cell(.count(result.measured)),
                    ReportTable.Cell(
                        result.base > 0 ? .share(Double(result.measured) / Double(result.base)) : .none),
                    ReportTable.Cell(
                        .text(words[result.isKept ? .passed : .failed]), result.isKept ? .good : .bad),
                ])
        }
        let agreed = thresholds.agreed.isEmpty ? thresholds.file : "\(thresholds.file) (\(thresholds.agreed))"
        return ReportSection(
            "limits", words[.thresholdsTitle], intro: words(.thresholdsIntro, agreed),
            [
                .table(
                    ReportTable(
                        "limits", words[.thresholdsTitle],
                        [
                            ReportTable.Column("what", words[.measure]), ReportTable.Column("limit", words[.limit]),
                            ReportTable.Column("measured", words[.measured], isNumeric: true),
                            ReportTable.Column("share", words[.share], isNumeric: true),
                            ReportTable.Column("result", words[.result]),
                        ], rows))
            ])
    }

    private func text(_ limit: Thresholds.Limit, _ isAgreed: Bool) -> String {
        guard isAgreed else { return words[.notAgreed] }
        let bound =
            switch limit.bound {
            case .count(let count): words.count(count)
            case .share(let share): words.exactShare(share)
            }
        return words(limit.measure.isGood ? .atLeast : .atMost, bound)
    }

    // MARK: Differences

    func differences() -> ReportSection {
        let known = Dictionary(
            report.differences.map { ("\($0.entity.rawValue)/\($0.id)", $0) }
        ) { first, _ in first }
        var rows: [ReportTable.Row] = []
        for change in report.changes.prefix(Self.differencesShown) {
            let key = "\(change.entity.rawValue)/\(change.id)"
            let kind = words.singular(change.entity) + " " + change.id
            switch change.action {
            case .missing, .extra:
                let isMissing = change.action == .missing
                rows.append(
                    row(
                        key, kind, words[.wholeRecord], isMissing ? words[.present] : "–",
                        words[isMissing ? .missingRecord : .extraRecord]))
            case .different:
                guard let record = known[key] else {
                    rows.append(row(key, kind, change.detail, "–", "–"))
                    continue
                }
                for (index, field) in record.fields.enumerated() {
                    let name =
                        (field.entry.map { words(.entryNumber, words.count($0)) + ": " } ?? "")
                        + words.field(field.path, gathered.fieldNames)
                    let (before, after) = readable(field)
                    rows.append(row("\(key)/\(index + 1)", kind, name, before, after))
                }
            default: break
            }
        }
        let total = report.total(\.different) + report.total(\.missing) + report.total(\.extra)
        let shown = min(total, report.changes.count, Self.differencesShown)
        return ReportSection(
            "differences", words[.differencesTitle], intro: total == 0 ? nil : words[.differencesIntro],
            [
                .table(
                    ReportTable(
                        "differences", words[.differenceCaption],
                        [
                            ReportTable.Column("record", words[.record]), ReportTable.Column("field", words[.field]),
                            ReportTable.Column("expected", words[.expected]),
                            ReportTable.Column("found", words[.foundThere]),
                        ], rows, total: rows.count + total - shown, whenEmpty: words[.differencesNone]))
            ])
    }

    /// Both values as a person reads them; formatted text loses its markup unless the markup is what differs.
    private func readable(_ field: FieldDifference) -> (before: String, after: String) {
        func shown(_ value: String?) -> String { value.map { words.value(field.path, $0) } ?? "–" }
        guard field.path == "timeline.html", let before = field.before, let after = field.after else {
            return (shown(field.before), shown(field.after))
        }
        let (a, b) = (HTMLText.plain(before), HTMLText.plain(after))
        return a == b ? (before, after) : (a, b)
    }

    /// Records with differences that are shown one by one.
    private static let differencesShown = 1000

    private func row(_ id: String, _ record: String, _ field: String, _ before: String, _ after: String)
        -> ReportTable.Row
    {
        ReportTable.Row(
            id,
            [
                ReportTable.Cell(.foreign(record)), ReportTable.Cell(.foreign(field)),
                ReportTable.Cell(.foreign(before)), ReportTable.Cell(.foreign(after), .bad),
            ])
    }

    /// What could not be read on either side, which belongs to a verification's result.
    func leftUnread() -> ReportSection? {
        guard !report.quarantine.isEmpty || !report.incomplete.isEmpty || !report.findings.isEmpty else { return nil }
        return decisions()
    }
}

extension Words {
    func name(_ object: Thresholds.Object) -> String {
        switch object {
        case .conversations: plural(.conversation)
        case .contacts: plural(.contact)
        case .companies: plural(.company)
        case .agents: plural(.agent)
        case .teams: plural(.team)
        case .fields: plural(.field)
        case .messages: name("types", "message")
        case .notes: name("types", "note")
        case .events: name("types", "event")
        case .attachments: self[.attachments]
        case .authors: self[.authors]
        case .destination: self[.destination]
        }
    }

    func name(_ measure: Thresholds.Measure) -> String {
        switch measure {
        case .identical: self[.identical].lowercased()
        case .different: self[.different].lowercased()
        case .missing: self[.missing].lowercased()
        case .extra: self[.extra].lowercased()
        case .quarantined: self[.quarantined].lowercased()
        case .unknown: self[.unknown]
        case .unreadable: self[.quarantined].lowercased()
        }
    }

    /// A share as it was agreed, not rounded: `99.95 %`.
    func exactShare(_ share: Double) -> String {
        let thousandths = Int((share * 100_000).rounded())
        var digits = String(thousandths % 1000)
        digits = String(repeating: "0", count: 3 - digits.count) + digits
        while digits.last == "0" { digits.removeLast() }
        let point = language == .es ? "," : "."
        return count(thousandths / 1000) + (digits.isEmpty ? "" : point + digits) + " %"
    }
}
