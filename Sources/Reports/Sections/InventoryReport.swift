internal import ConnectorKit
internal import ConversationModel
internal import Diagnostics
public import SyncEngine

extension ReportDocument {
    /// The inventory report: what a source holds, how well it is filled, what looks wrong.
    ///
    /// - Parameters:
    ///   - inventory: What was counted.
    ///   - subject: What it is about.
    /// - Returns: The report.
    public static func inventory(_ inventory: Inventory, _ subject: ReportSubject) -> ReportDocument {
        var gathered = Gathered()
        for (key, use) in inventory.customFields { gathered.fieldNames[key.key] = use.definition?.label ?? key.key }
        let writer = SectionWriter(inventory.report, gathered, subject)
        let words = writer.words
        var document = ReportDocument(
            kind: "inspect", language: subject.language, title: words[.inspectTitle],
            verdict: writer.inventoryVerdict(inventory),
            tone: !inventory.report.incomplete.isEmpty ? .bad : writer.inventoryPoints(inventory) > 0 ? .warn : .good,
            exit: Int(inventory.report.exit.rawValue), madeAt: subject.madeAt,
            facts: writer.facts([
                ReportFact("bytes_read", words[.bytesRead], .bytes(inventory.report.bytesRead)),
                ReportFact("took", words[.took], .seconds(inventory.report.seconds)),
                ReportFact("program", words[.version], .text(subject.program)),
            ]))
        document.sections = [
            writer.holdings(inventory), writer.completeness(inventory), writer.quality(inventory),
            writer.profile(inventory), writer.months(inventory), writer.people(inventory), writer.fill(inventory),
            writer.attachments(inventory), writer.files(inventory), writer.evidence(),
        ].compactMap(\.self)
        document.fieldNames = gathered.fieldNames
        return document
    }
}

extension SectionWriter {
    func inventoryVerdict(_ inventory: Inventory) -> String {
        let named = Entity.allCases.reversed().compactMap { entity -> String? in
            guard let count = inventory.records[entity], count > 0 else { return nil }
            return words.counted(count, entity)
        }
        var text = [words(.inspectRead, named.isEmpty ? "0" : named.joined(separator: ", "))]
        if !report.quarantine.isEmpty { text.append(words(.inspectBad, words.count(report.quarantine.count))) }
        text.append(words[report.incomplete.isEmpty ? .inspectWhole : .verdictIncompleteSource])
        let points = inventoryPoints(inventory)
        if points > 0 { text.append(words(.inspectPoints, words.count(points))) }
        return text.joined(separator: " ")
    }

    func holdings(_ inventory: Inventory) -> ReportSection {
        let tiles = Entity.allCases.reversed().map { entity in
            ReportTile(entity.plural, words.plural(entity), .count(inventory.records[entity] ?? 0))
        }
        let entries = ["message", "note", "event"].map { type in
            ReportTile(type + "s", words.name("types", type), .count(inventory.entries[type] ?? 0))
        }
        let more = [
            ReportTile("attachments", words[.attachments], .count(inventory.attachments)),
            ReportTile("attachment_bytes", words[.attachmentBytes], .bytes(Int(inventory.attachmentBytes))),
            ReportTile(
                "longest", words[.longestThread], .count(inventory.longest.entries), note: inventory.longest.id),
        ]
        return ReportSection("totals", words[.totals], [.tiles(tiles + entries + more)])
    }

    func completeness(_ inventory: Inventory) -> ReportSection {
        let blocks: [ReportBlock] =
            report.incomplete.isEmpty
            ? [.notice(.good, words[.complete])]
            : incompleteNotices
        return ReportSection("completeness", words[.completenessTitle], blocks)
    }

    /// Kinds of trouble that were found.
    func inventoryPoints(_ inventory: Inventory) -> Int {
        qualities(inventory).count { $0.count > 0 } + report.findings.count
    }

    private func qualities(_ inventory: Inventory)
        -> [(id: String, phrase: Phrase, count: Int, example: String)]
    {
        let quality = inventory.quality
        let undescribed = inventory.agents.values.filter { !$0.isDescribed }
        return [
            ("unreadable", .unreadableRecords, report.quarantine.count, report.quarantine.first?.id ?? ""),
            ("orphans", .orphans, inventory.orphans.count, inventory.orphans.example),
            ("duplicates", .duplicateRecords, quality.duplicates.count, quality.duplicates.example),
            ("shared_emails", .sharedEmails, quality.sharedEmails.count, quality.sharedEmails.example),
            ("damaged_texts", .encodingFaults, quality.damagedTexts.count, quality.damagedTexts.example),
            ("empty", .emptyConversations, quality.emptyConversations.count, quality.emptyConversations.example),
            (
                "undescribed_people", .undescribedPeople, undescribed.count,
                undescribed.map(\.agent.id).min() ?? ""
            ),
        ]
    }

    func quality(_ inventory: Inventory) -> ReportSection {
        var blocks: [ReportBlock] = [
            .table(
                ReportTable(
                    "quality", words[.qualityTitle],
                    [
                        ReportTable.Column("what", words[.what]),
                        ReportTable.Column("count", words[.count], isNumeric: true),
                        ReportTable.Column("example", words[.example]),
                    ],
                    qualities(inventory).map { id, phrase, count, example in
                        ReportTable.Row(
                            id,
                            [
                                ReportTable.Cell(.text(words[phrase])),
                                ReportTable.Cell(.count(count), count > 0 ? .warn : .plain),
                                ReportTable.Cell(example.isEmpty ? .none : .foreign(example)),
                            ])
                    }))
        ]
        if !report.quarantine.isEmpty { blocks.append(.table(quarantine())) }
        if !report.findings.isEmpty { blocks.append(.table(findings())) }
        return ReportSection("quality", words[.qualityTitle], intro: words[.qualityIntro], blocks)
    }

    func profile(_ inventory: Inventory) -> ReportSection {
        let total = max(1, inventory.records[.conversation] ?? 1)
        func table(_ id: String, _ title: Phrase, _ kind: String, _ values: [String: Int]) -> ReportBlock {
            let sorted = values.sorted { ($0.value, $1.key) > ($1.value, $0.key) }
            return .table(
                ReportTable(
                    id, words[title],
                    [
                        ReportTable.Column("value", words[.value]),
                        ReportTable.Column("count", words[.conversations], isNumeric: true),
                        ReportTable.Column("share", words[.share], isNumeric: true),
                    ],
                    sorted.prefix(40).map { value, count in
                        ReportTable.Row(
                            value,
                            [
                                ReportTable.Cell(
                                    .foreign(value == "(none)" ? words[.noValue] : words.name(kind, value))),
                                ReportTable.Cell(.count(count)),
                                ReportTable.Cell(.share(Double(count) / Double(total))),
                            ])
                    }, total: sorted.count))
        }
        return ReportSection(
            "profile", words[.profileTitle],
            [
                table("status", .status, "status", inventory.statuses),
                table("priority", .priority, "priority", inventory.priorities),
                table("channel", .channel, "channel", inventory.channels),
                table("tags", .tags, "tag", inventory.tags),
            ])
    }

    func months(_ inventory: Inventory) -> ReportSection? {
        let months = inventory.months.filter { $0.key != "(none)" }
        guard let first = months.keys.min(), let last = months.keys.max() else { return nil }
        return ReportSection(
            "months", words[.monthsTitle],
            [
                .bars(
                    BarChart(
                        "months", words[.monthsCaption], labelTitle: words[.month], valueTitle: words[.conversations],
                        Self.monthsBetween(first, last).map { BarChart.Bar($0, months[$0] ?? 0) }))
            ])
    }

    func people(_ inventory: Inventory) -> ReportSection? {
        guard !inventory.agents.isEmpty else { return nil }
        let sorted = inventory.agents.values.sorted { ($0.messages, $1.agent.id) > ($1.messages, $0.agent.id) }
        func day(_ time: Instant?) -> ReportValue { time.map { .text(String($0.description.prefix(10))) } ?? .none }
        let rows = sorted.prefix(Self.rowsShown).map { use in
            ReportTable.Row(
                use.agent.id,
                [
                    ReportTable.Cell(.foreign(use.agent.name ?? use.agent.id)),
                    ReportTable.Cell(use.agent.email.map { .foreign($0) } ?? .none),
                    ReportTable.Cell(.count(use.messages)), ReportTable.Cell(.count(use.conversations)),
                    ReportTable.Cell(day(use.firstSeen)), ReportTable.Cell(day(use.lastSeen)),
                    ReportTable.Cell(
                        .text(words[use.isDescribed ? .yes : use.isNameAlone ? .peopleByName : .no]),
                        use.isDescribed ? .plain : .warn),
                ])
        }
        return ReportSection(
            "people", words[.peopleTitle],
            [
                .table(
                    ReportTable(
                        "agents", words[.peopleCaption],
                        [
                            ReportTable.Column("name", words[.name]), ReportTable.Column("email", words[.email]),
                            ReportTable.Column("messages", words[.messages], isNumeric: true),
                            ReportTable.Column("conversations", words[.conversations], isNumeric: true),
                            ReportTable.Column("first_seen", words[.firstSeen]),
                            ReportTable.Column("last_seen", words[.lastSeen]),
                            ReportTable.Column("described", words[.described]),
                        ], rows, total: sorted.count))
            ])
    }

    func fill(_ inventory: Inventory) -> ReportSection {
        var rows: [ReportTable.Row] = []
        func add(_ entity: Entity, _ key: String, _ name: String, _ count: Int) {
            let total = max(1, inventory.records[entity] ?? 1)
            let share = Double(count) / Double(total)
            rows.append(
                ReportTable.Row(
                    "\(entity.rawValue).\(key)",
                    [
                        ReportTable.Cell(.text(words.singular(entity))), ReportTable.Cell(.foreign(name)),
                        ReportTable.Cell(.count(count)), ReportTable.Cell(.share(share), share < 0.05 ? .warn : .plain),
                    ]))
        }
        for entity in Entity.allCases.reversed() where (inventory.records[entity] ?? 0) > 0 {
            for (field, count) in (inventory.quality.filled[entity] ?? [:]).sorted(by: {
                ($0.value, $1.key) > ($1.value, $0.key)
            }) {
                add(entity, field, words.field(field), count)
            }
            let custom = inventory.customFields.filter { $0.key.entity == entity }.sorted {
                ($0.value.records, $1.key.key) > ($1.value.records, $0.key.key)
            }
            for (key, use) in custom {
                add(entity, "fields." + key.key, words.field("fields." + key.key, gathered.fieldNames), use.records)
            }
        }
        return ReportSection(
            "fields", words[.fillTitle], intro: words[.fillIntro],
            [
                .table(
                    ReportTable(
                        "fill", words[.fields],
                        [
                            ReportTable.Column("kind", words[.kind]), ReportTable.Column("field", words[.field]),
                            ReportTable.Column("count", words[.filled], isNumeric: true),
                            ReportTable.Column("share", words[.share], isNumeric: true),
                        ], Array(rows.prefix(400)), total: rows.count))
            ])
    }

    func attachments(_ inventory: Inventory) -> ReportSection? {
        guard inventory.attachments > 0 else { return nil }
        let types = inventory.attachmentTypes.sorted { ($0.value, $1.key) > ($1.value, $0.key) }
        let columns = [
            ReportTable.Column("what", words[.what]), ReportTable.Column("count", words[.count], isNumeric: true),
        ]
        let sizes = SourceQuality.SizeClass.allCases.compactMap { size -> ReportTable.Row? in
            guard let count = inventory.quality.attachmentSizes[size] else { return nil }
            return ReportTable.Row(
                size.rawValue, [ReportTable.Cell(.text(words.name(size))), ReportTable.Cell(.count(count))])
        }
        return ReportSection(
            "attachments", words[.attachmentsTitle],
            [
                .tiles([
                    ReportTile("count", words[.attachments], .count(inventory.attachments)),
                    ReportTile("bytes", words[.size], .bytes(Int(inventory.attachmentBytes))),
                ]),
                .table(
                    ReportTable(
                        "types", words[.attachmentTypes], columns,
                        types.prefix(40).map { type, count in
                            ReportTable.Row(
                                type,
                                [
                                    ReportTable.Cell(.foreign(type == "(none)" ? words[.noValue] : type)),
                                    ReportTable.Cell(.count(count)),
                                ])
                        }, total: types.count)),
                .table(ReportTable("sizes", words[.attachmentSizes], columns, sizes)),
            ])
    }

    func files(_ inventory: Inventory) -> ReportSection {
        ReportSection(
            "files", words[.filesTitle],
            [
                .table(
                    ReportTable(
                        "files", words[.filesTitle],
                        [
                            ReportTable.Column("file", words[.file]), ReportTable.Column("holds", words[.contains]),
                            ReportTable.Column("bytes", words[.size], isNumeric: true),
                        ],
                        inventory.files.prefix(Self.rowsShown).map { file in
                            ReportTable.Row(
                                file.name,
                                [
                                    ReportTable.Cell(.code(file.name)),
                                    ReportTable.Cell(
                                        .text(
                                            file.found.map { "\(words.stream($0.stream)) \(words.count($0.count))" }
                                                .joined(separator: ", "))),
                                    ReportTable.Cell(.bytes(file.bytes)),
                                ])
                        }, total: inventory.files.count))
            ])
    }
}

extension Words {
    func name(_ size: SourceQuality.SizeClass) -> String {
        switch size {
        case .unknown: self[.sizeUnknown]
        case .below100kB: self(.sizeBelow, bytes(100_000))
        case .below1MB: self(.sizeBetween, bytes(100_000), bytes(1_000_000))
        case .below5MB: self(.sizeBetween, bytes(1_000_000), bytes(5_000_000))
        case .below20MB: self(.sizeBetween, bytes(5_000_000), bytes(20_000_000))
        case .larger: self(.sizeAbove, bytes(20_000_000))
        }
    }
}
