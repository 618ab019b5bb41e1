internal import SyncEngine

/// The figures of a report as one table for spreadsheets: section, table, row, column and value, one value a line.
struct DocumentCSV {
    let document: ReportDocument

    func text() -> String {
        var csv = CSVText(["section", "table", "row", "column", "value"])
        csv.add(["", "report", "kind", "", document.kind])
        csv.add(["", "report", "verdict", "", document.verdict])
        for fact in document.facts { csv.add(["", "report", fact.id, "", Self.text(fact.value)]) }
        for section in document.sections {
            for block in section.blocks { write(block, section.id, &csv) }
        }
        return csv.text
    }

    private func write(_ block: ReportBlock, _ section: String, _ csv: inout CSVText) {
        switch block {
        case .tiles(let tiles):
            for tile in tiles { csv.add([section, "figures", tile.id, "", Self.text(tile.value)]) }
        case .table(let table), .folded(_, let table):
            for row in table.rows {
                for (index, cell) in row.cells.enumerated() {
                    csv.add([section, table.id, row.id, table.columns[index].id, Self.text(cell.value)])
                }
            }
        case .flow(let chart):
            for link in chart.links { csv.add([section, chart.id, link.from, link.to, String(link.count)]) }
        case .bars(let chart):
            for bar in chart.bars { csv.add([section, chart.id, bar.label, "", String(bar.value)]) }
        case .heat(let map):
            for row in map.rows {
                for (index, count) in row.counts.enumerated() {
                    csv.add([section, map.id, row.id, map.columns[index].id, String(count)])
                }
            }
        case .notice(_, let text): csv.add([section, "notice", "", "", text])
        case .changes, .threads, .signatures: break
        }
    }

    private static func text(_ value: ReportValue) -> String {
        switch value {
        case .text(let text), .foreign(let text), .code(let text), .moment(let text): text
        case .count(let value), .bytes(let value): String(value)
        case .share(let value), .seconds(let value): String(value)
        case .none: ""
        }
    }

    /// Records and their changed fields, one field a line; records without one have a line of their own.
    static func write(
        _ list: ChangeList, _ words: Words, _ fields: [String: String], to sink: ([UInt8]) -> Void
    ) {
        var csv = CSVText([
            words[.kind], words[.id], words[.action], words[.title], words[.created], words[.entries], words[.field],
            words[.becomes], words[.values], words[.atSource], words[.atDestination],
        ])
        for row in list.rows {
            if csv.isLarge { sink(Array(csv.take().utf8)) }
            let head = [
                words.singular(row.entity), row.id, words.name("fate", row.fate.rawValue), row.title, row.createdAt,
                String(row.entries),
            ]
            if row.changes.isEmpty { csv.add(head + ["", "", "", "", ""]) }
            for change in row.changes {
                csv.add(
                    head + [
                        words.field(change.field, fields), words.name(change.lossClass), String(change.count),
                        change.before.map { words.value(change.field, $0) } ?? "",
                        change.after.map { words.value(change.field, $0) } ?? "",
                    ])
            }
        }
        sink(Array(csv.take().utf8))
    }

    /// The conversations that were picked for a reason, as a sheet to test by and to fill in.
    static func acceptance(_ threads: [ThreadPair], _ words: Words, _ fields: [String: String]) -> String {
        var csv = CSVText([
            words[.sheetNumber], words[.sheetConversation], words[.title], words[.sheetLink], words[.why],
            words[.sheetCheck], words[.sheetExpected], words[.sheetResult], words[.sheetBy], words[.sheetComment],
        ])
        for (index, pair) in threads.enumerated() {
            var expected = words(
                .sheetExpectation, words.count(pair.before.entriesInAll), words.count(pair.before.attachmentsInAll))
            if !pair.changes.isEmpty {
                let known = pair.changes.prefix(8).map {
                    words.field($0.field, fields) + ": " + words.name($0.lossClass).lowercased()
                }
                expected += ". " + words(.sheetKnown, known.joined(separator: "; "))
            }
            let checks = pair.reasons.map { words[$0.reason.check] }
            csv.add([
                String(index + 1), pair.id, pair.before.subject, pair.before.url, words.why(pair),
                checks.joined(separator: "; "), expected, "", "", "",
            ])
        }
        return csv.text
    }
}

extension PickReason {
    /// What a person checks in a conversation that was picked for this reason.
    var check: Phrase {
        switch self {
        case .longest: .checkLongest
        case .deletedAuthor: .checkDeletedAuthor
        case .copyReplies: .checkCopy
        case .attachments: .checkAttachments
        case .oldest: .checkOldest
        case .encoding: .checkEncoding
        case .mergedPeople: .checkMerged
        case .losses: .checkLosses
        case .sessions: .checkSessions
        case .longText: .checkLongText
        case .spread: .checkSpread
        }
    }
}
