internal import ConnectorKit
internal import ConversationModel
internal import Diagnostics
internal import SyncEngine

/// Makes the sections of reports from a run's report and what was gathered beside it.
struct SectionWriter {
    let report: RunReport
    let gathered: Gathered
    let subject: ReportSubject
    let words: Words

    /// Rows that a table shows of lists that can be long.
    static let rowsShown = 200

    init(_ report: RunReport, _ gathered: Gathered, _ subject: ReportSubject) {
        self.report = report
        self.gathered = gathered
        self.subject = subject
        words = Words(subject.language)
    }

    /// Kinds of record that the run met, conversations first: that is what people look for.
    var kinds: [Entity] { Entity.allCases.reversed().filter { report.counts[$0] != nil } }

    func facts(_ more: [ReportFact] = []) -> [ReportFact] {
        var facts = [ReportFact("source", words[.source], .text(Self.place(subject.source)))]
        if let destination = subject.destination {
            facts.append(ReportFact("destination", words[.destination], .text(Self.place(destination))))
            facts.append(
                ReportFact(
                    "mapping", words[.mapping],
                    .text(
                        subject.mappings.isEmpty ? words[.noMapping] : subject.mappings.joined(separator: ", "))))
        }
        facts.append(ReportFact("made_at", words[.madeAt], .moment(subject.madeAt)))
        return facts + more
    }

    private static func place(_ place: (title: String, location: String)) -> String {
        // The prefix that names the connector is for commands.
        let path = place.location.split(separator: ":", maxSplits: 1).last.map(String.init) ?? place.location
        return "\(place.title) (\(path))"
    }

    // MARK: In numbers

    func totals(_ title: Phrase = .totals) -> ReportSection {
        let leftOut = gathered.leftOut.values.reduce(0) { $0 + $1.values.reduce(0, +) }
        let skipped = report.total(\.skip)
        func tile(_ id: String, _ phrase: Phrase, _ count: Int, _ tone: Tone = .plain) -> ReportTile {
            ReportTile(id, words[phrase], .count(count), count == 0 ? .plain : tone)
        }
        let tiles = [
            tile("create", .create, report.total(\.create)), tile("update", .update, report.total(\.update)),
            tile("append", .append, report.total(\.append)), tile("unchanged", .unchanged, skipped - leftOut),
            tile("left_out", .filtered, leftOut, .warn), tile("vanished", .vanished, report.total(\.vanished), .warn),
            tile("conflict", .conflict, report.total(\.conflict), .bad),
            tile("quarantined", .quarantined, report.total(\.quarantined), .bad),
        ]
        return ReportSection(
            "totals", words[title], intro: words[.totalsIntro], [.tiles(tiles), .table(counts())])
    }

    func counts() -> ReportTable {
        let columns: [(String, Phrase, KeyPath<RecordCounts, Int>, Tone)] = [
            ("read", .read, \.read, .plain), ("create", .create, \.create, .plain),
            ("update", .update, \.update, .plain), ("append", .append, \.append, .plain),
            ("skip", .skip, \.skip, .plain), ("vanished", .vanished, \.vanished, .warn),
            ("conflict", .conflict, \.conflict, .bad), ("quarantined", .quarantined, \.quarantined, .bad),
        ]
        return countTable(columns)
    }

    func countTable(_ columns: [(String, Phrase, KeyPath<RecordCounts, Int>, Tone)]) -> ReportTable {
        ReportTable(
            "counts", words[.countsCaption],
            [ReportTable.Column("kind", words[.kind])]
                + columns.map { ReportTable.Column($0.0, words[$0.1], isNumeric: true) },
            kinds.map { entity in
                let counts = report.counts[entity] ?? RecordCounts()
                return ReportTable.Row(
                    entity.plural,
                    [ReportTable.Cell(.text(words.plural(entity)))]
                        + columns.map { column in
                            let count = counts[keyPath: column.2]
                            return ReportTable.Cell(.count(count), count == 0 ? .plain : column.3)
                        })
            })
    }

    // MARK: Decisions

    /// How many points need one.
    var decisionCount: Int {
        decisionNotices.count + report.findings.count + (report.quarantine.isEmpty ? 0 : 1)
    }

    private var decisionNotices: [ReportBlock] {
        var notices = incompleteNotices
        let withoutRecord = gathered.people.values.count { !$0.isDescribed && !$0.isBot }
        if withoutRecord > 0 { notices.append(.notice(.warn, words(.peopleNotice, words.count(withoutRecord)))) }
        let withoutPlace = gathered.people.values.count { $0.isDescribed && $0.target == nil }
        if withoutPlace > 0 { notices.append(.notice(.warn, words(.noPlaceNotice, words.count(withoutPlace)))) }
        return notices
    }

    var incompleteNotices: [ReportBlock] {
        report.incomplete.map { stream in
            .notice(
                .bad,
                words(
                    .incompleteNotice, stream.stream.replacing("_", with: " ").capitalised,
                    words.known(stream.reason) ?? stream.reason, words.known(stream.remedy) ?? stream.remedy))
        }
    }

    func decisions() -> ReportSection {
        var blocks = decisionNotices
        if !report.quarantine.isEmpty { blocks.append(.table(quarantine())) }
        if !report.findings.isEmpty { blocks.append(.table(findings())) }
        if blocks.isEmpty { blocks.append(.notice(.good, words[.noDecisions])) }
        return ReportSection("decisions", words[.decisions], blocks)
    }

    func quarantine() -> ReportTable {
        let rows = report.quarantine.prefix(Self.rowsShown).enumerated().map { index, record in
            ReportTable.Row(
                "\(index + 1)",
                [
                    ReportTable.Cell(record.id.map { .foreign($0) } ?? .none),
                    ReportTable.Cell(.text(words.stream(record.entity))),
                    ReportTable.Cell(.foreign(place(record.place))),
                    ReportTable.Cell(
                        .foreign(
                            (record.place.path.map { words(.inField, $0) + ": " } ?? "")
                                + words.spoken(record.reason))),
                ])
        }
        return ReportTable(
            "quarantine", words[.quarantineCaption],
            [
                ReportTable.Column("id", words[.record]), ReportTable.Column("entity", words[.kind]),
                ReportTable.Column("place", words[.place]), ReportTable.Column("reason", words[.reason]),
            ], rows, total: report.quarantine.count)
    }

    private func place(_ place: Place) -> String {
        var place = place
        place.path = nil
        place.record = nil
        return words.place(place)
    }

    func findings() -> ReportTable {
        ReportTable(
            "findings", words[.findingsCaption],
            [
                ReportTable.Column("summary", words[.what]), ReportTable.Column("place", words[.place]),
                ReportTable.Column("hint", words[.hint]),
            ],
            report.findings.prefix(Self.rowsShown).enumerated().map { index, finding in
                ReportTable.Row(
                    "\(index + 1)",
                    [
                        ReportTable.Cell(.foreign(words.spoken(finding.summary))),
                        ReportTable.Cell(.foreign(words.place(finding.place))),
                        ReportTable.Cell(finding.hint.map { .foreign(words.spoken($0)) } ?? .none),
                    ])
            }, total: report.findings.count)
    }

    // MARK: What will not migrate

    func wontMigrate() -> ReportSection {
        var records: [ReportTable.Row] = []
        for entity in Entity.allCases.reversed() {
            for (fate, phrase) in [(RecordFate.filtered, Phrase.whyFiltered), (.homeless, .whyHomeless)] {
                let count = gathered.leftOut[entity]?[fate] ?? 0
                guard count > 0 else { continue }
                records.append(
                    ReportTable.Row(
                        "\(entity.plural).\(fate.rawValue)",
                        [
                            ReportTable.Cell(.text(words.plural(entity))), ReportTable.Cell(.count(count)),
                            ReportTable.Cell(.text(words[phrase])),
                        ]))
            }
            let unreadable = report.counts[entity]?.quarantined ?? 0
            guard unreadable > 0 else { continue }
            records.append(
                ReportTable.Row(
                    "\(entity.plural).quarantined",
                    [
                        ReportTable.Cell(.text(words.plural(entity))), ReportTable.Cell(.count(unreadable), .bad),
                        ReportTable.Cell(.text(words[.whyUnreadable])),
                    ]))
        }
        let dropped = report.losses.all.filter { $0.lossClass == .dropped && $0.field != "record" }.sorted {
            ($1.entity, $1.count, $0.field) < ($0.entity, $0.count, $1.field)
        }
        let vendorOnly = dropped.filter { $0.field.hasPrefix("extras.") }
        let known = dropped.filter { !$0.field.hasPrefix("extras.") }
        let reasons = known.map { reason($0) }
        let isPlain = reasons.allSatisfy { $0 == words[.whyNoField] }
        let fields = zip(known, reasons).prefix(Self.rowsShown).map { loss, reason in
            ReportTable.Row(
                "\(loss.entity.rawValue).\(loss.field)",
                [
                    ReportTable.Cell(.foreign(words.field(loss.field, gathered.fieldNames))),
                    ReportTable.Cell(.text(words.singular(loss.entity))), ReportTable.Cell(.count(loss.count)),
                ] + (isPlain ? [] : [ReportTable.Cell(.foreign(reason))]))
        }
        let vendorFields = vendorOnly.prefix(Self.rowsShown).map { loss in
            ReportTable.Row(
                "\(loss.entity.rawValue).\(loss.field)",
                [
                    ReportTable.Cell(.code(vendorField(loss).name)), ReportTable.Cell(.text(vendorField(loss).kind)),
                    ReportTable.Cell(.count(loss.count)),
                ])
        }
        return ReportSection(
            "will-not-migrate", words[.wontMigrate], intro: words[.wontIntro],
            [
                .table(
                    ReportTable(
                        "records_left_behind", words[.wontRecords],
                        [
                            ReportTable.Column("kind", words[.kind]),
                            ReportTable.Column("count", words[.count], isNumeric: true),
                            ReportTable.Column("reason", words[.reason]),
                        ], records, whenEmpty: words[.wontNothing])),
                .table(
                    ReportTable(
                        "fields_left_behind", words[isPlain ? .wontFieldsPlain : .wontFields],
                        [
                            ReportTable.Column("field", words[.field]), ReportTable.Column("kind", words[.kind]),
                            ReportTable.Column("count", words[.values], isNumeric: true),
                        ] + (isPlain ? [] : [ReportTable.Column("reason", words[.reason])]), Array(fields),
                        total: known.count, whenEmpty: words[.wontNothing])),
                .folded(
                    words(.wontVendor, words.count(vendorOnly.count)),
                    ReportTable(
                        "vendor_fields_left_behind", words[.whyOnlySource],
                        [
                            ReportTable.Column("field", words[.field]), ReportTable.Column("kind", words[.kind]),
                            ReportTable.Column("count", words[.values], isNumeric: true),
                        ], Array(vendorFields), total: vendorOnly.count)),
                .notice(.plain, words[.notInExport]),
            ])
    }

    /// A field of the source's platform under its own name, and what has it: the record, its entries or their files.
    private func vendorField(_ loss: FidelityLoss) -> (name: String, kind: String) {
        let path = loss.field.dropFirst("extras.".count)
        for (prefix, word) in [("timeline.attachments.", "attachment"), ("timeline.", "entry")]
        where path.hasPrefix(prefix) {
            return (String(path.dropFirst(prefix.count)), words.name("entity", word))
        }
        return (String(path), words.singular(loss.entity))
    }

    /// Why a field does not arrive: what the mapping or the destination says of it, else that it has no place there.
    private func reason(_ loss: FidelityLoss) -> String {
        guard let detail = loss.examples.first?.detail, !detail.isEmpty else { return words[.whyNoField] }
        // Beside a custom field stands the reason that the mapping gives for leaving it out.
        let said = Words.isReason(detail) ? words.known(detail) : loss.field.hasPrefix("fields.") ? detail : nil
        return said?.capitalised ?? words[.whyNoField]
    }

    // MARK: Evidence and signatures

    func evidence() -> ReportSection {
        let rows = subject.evidence.enumerated().map { index, evidence in
            let name =
                switch evidence.kind {
                case .source: words[.evidenceSource]
                case .mapping: words[.evidenceMapping] + ": " + evidence.name
                case .limits: words[.thresholdsTitle] + ": " + evidence.name
                case .plan: words[.evidencePlan] + ": " + evidence.name
                case .run: words(.evidenceRun, words.name("command", evidence.name))
                }
            return ReportTable.Row(
                "\(evidence.kind.rawValue)\(index + 1)",
                [ReportTable.Cell(.text(name)), ReportTable.Cell(.code(evidence.fingerprint))])
        }
        let files = subject.sourceFiles.prefix(Self.rowsShown).map { file in
            ReportTable.Row(
                file.name,
                [
                    ReportTable.Cell(.code(file.name)), ReportTable.Cell(.bytes(file.bytes)),
                    ReportTable.Cell(.code(file.sha256)),
                ])
        }
        return ReportSection(
            "evidence", words[.evidenceTitle], intro: words[.evidenceIntro],
            [
                .table(
                    ReportTable(
                        "evidence", words[.evidenceCaption],
                        [
                            ReportTable.Column("what", words[.what]),
                            ReportTable.Column("fingerprint", words[.fingerprint]),
                        ], rows)),
                .table(
                    ReportTable(
                        "source_files", words[.sourceFiles],
                        [
                            ReportTable.Column("file", words[.file]),
                            ReportTable.Column("bytes", words[.size], isNumeric: true),
                            ReportTable.Column("sha256", words[.fingerprint]),
                        ], Array(files), total: subject.sourceFiles.count)),
            ])
    }

    func signatures(_ statement: Phrase) -> ReportSection {
        ReportSection(
            "approval", words[.signTitle],
            [.signatures([words[.client], words[.consultant]], statement: words[statement])])
    }
}
