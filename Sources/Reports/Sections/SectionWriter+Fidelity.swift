internal import ConversationModel
internal import SyncEngine

extension SectionWriter {
    // MARK: Losses

    func losses() -> ReportSection {
        let all = report.losses.all.filter { !$0.field.hasPrefix("extras.") && $0.field != "record" }
        guard !all.isEmpty else {
            return ReportSection("losses", words[.lossesTitle], [.notice(.good, words[.lossesNone])])
        }
        let classes: [LossClass] = [.converted, .narrowed, .truncated, .dropped, .invented]
        var rows: [String: (entity: Entity, field: String, counts: [Int])] = [:]
        for loss in all {
            guard let column = classes.firstIndex(of: loss.lossClass) else { continue }
            let key = loss.entity.rawValue + "." + loss.field
            rows[key, default: (loss.entity, loss.field, [Int](repeating: 0, count: classes.count))].counts[column] +=
                loss.count
        }
        let sorted = rows.sorted {
            ($1.value.entity, $1.value.counts.reduce(0, +), $0.key)
                < ($0.value.entity, $0.value.counts.reduce(0, +), $1.key)
        }
        let heat = HeatMap(
            "losses", words[.lossesCaption], columns: classes.map { .init($0.rawValue, words.name($0)) },
            rows: sorted.prefix(80).map { key, value in
                HeatMap.Row(
                    key, words.plural(value.entity), words.field(value.field, gathered.fieldNames), value.counts,
                    of: base(value.entity, value.field))
            })
        let graveFirst = all.sorted {
            ($1.entity, $1.lossClass, $1.count, $0.field) < ($0.entity, $0.lossClass, $0.count, $1.field)
        }
        let detail = graveFirst.prefix(Self.rowsShown).map { loss in
            let example = loss.examples.first
            return ReportTable.Row(
                "\(loss.entity.rawValue).\(loss.field).\(loss.lossClass.rawValue)",
                [
                    ReportTable.Cell(
                        .foreign(words.singular(loss.entity) + ": " + words.field(loss.field, gathered.fieldNames))),
                    ReportTable.Cell(
                        .text(words.name(loss.lossClass)),
                        loss.lossClass == .dropped || loss.lossClass == .truncated ? .bad : .plain),
                    ReportTable.Cell(.count(loss.count)),
                    ReportTable.Cell(
                        example.map { example in
                            let detail = words.detail(loss.field, example.detail, gathered.fieldNames)
                            return .foreign(example.record + (example.detail.isEmpty ? "" : ": " + detail))
                        } ?? .none),
                ])
        }
        return ReportSection(
            "losses", words[.lossesTitle], intro: words[.lossesIntro],
            [
                .heat(heat),
                .folded(
                    words[.lossesDetail],
                    ReportTable(
                        "losses_by_class", words[.lossesTitle],
                        [
                            ReportTable.Column("field", words[.field]),
                            ReportTable.Column("class", words[.lossClass]),
                            ReportTable.Column("count", words[.values], isNumeric: true),
                            ReportTable.Column("example", words[.example]),
                        ], Array(detail), total: all.count)),
            ])
    }

    /// Of how many values a loss is a share: records of its kind, or entries; 0 where nobody counted them.
    private func base(_ entity: Entity, _ field: String) -> Int {
        if field.hasPrefix("timeline.attachments") || field.hasPrefix("fields.") || field.hasPrefix("sessions.") {
            return 0
        }
        if field == "timeline" || field.hasPrefix("timeline.") { return gathered.entries }
        if ["fields", "tags", "links", "participants", "options", "teams"].contains(field) { return 0 }
        return gathered.records[entity] ?? 0
    }

    // MARK: Flows and months

    func flows() -> ReportSection? {
        let charts = Gathered.FlowKind.allCases.compactMap { kind -> ReportBlock? in
            guard let counts = gathered.flows[kind], !counts.isEmpty else { return nil }
            var names: [String: String] = ["": words[.noValue], FlowChart.leftOut: words[.flowLeftOut]]
            var links: [FlowChart.Link] = []
            for (key, count) in counts {
                names[key.from] = words.name(kind.rawValue, key.from)
                if key.arrives { names[key.to] = words.name(kind.rawValue, key.to) }
                links.append(FlowChart.Link(key.from, key.arrives ? key.to : FlowChart.leftOut, count))
            }
            let order = Self.order(of: kind)
            func place(_ word: String) -> Int { order.firstIndex(of: word) ?? order.count }
            links.sort {
                (place($0.from), place($0.to), $0.from, $0.to) < (place($1.from), place($1.to), $1.from, $1.to)
            }
            let title: Phrase = kind == .status ? .status : kind == .priority ? .priority : .channel
            return .flow(FlowChart(kind.rawValue, words[title], links, names: names, order: order))
        }
        guard !charts.isEmpty else { return nil }
        return ReportSection("flows", words[.flowsTitle], intro: words[.flowsIntro], charts)
    }

    /// Values in the order of work, none behind them, left out last.
    private static func order(of kind: Gathered.FlowKind) -> [String] {
        let values: [String] =
            switch kind {
            case .status: Status.allCases.map(\.rawValue)
            case .priority: Priority.allCases.map(\.rawValue).reversed()
            case .channel: Channel.allCases.map(\.rawValue)
            }
        return values + ["", FlowChart.leftOut]
    }

    func months() -> ReportSection? {
        let months = gathered.months.filter { !$0.key.isEmpty }
        guard let first = months.keys.min(), let last = months.keys.max() else { return nil }
        let bars = Self.monthsBetween(first, last).map { BarChart.Bar($0, months[$0]?.all ?? 0) }
        return ReportSection(
            "months", words[.monthsTitle],
            [
                .bars(
                    BarChart(
                        "months", words[.monthsCaption], labelTitle: words[.month], valueTitle: words[.conversations],
                        bars))
            ])
    }

    /// All months from one to another, those without a conversation too; at most a century.
    static func monthsBetween(_ first: String, _ last: String) -> [String] {
        func number(_ month: String) -> Int? {
            guard let year = Int(month.prefix(4)), let of = Int(month.dropFirst(5)), (1...12).contains(of) else {
                return nil
            }
            return year * 12 + of - 1
        }
        guard let from = number(first), let to = number(last), from <= to else { return [] }
        return (max(from, to - 1200)...to).map { month in
            let (year, of) = (month / 12, month % 12 + 1)
            return String(repeating: "0", count: max(0, 4 - String(year).count)) + "\(year)-" + (of < 10 ? "0" : "")
                + "\(of)"
        }
    }

    // MARK: People

    func people() -> ReportSection? {
        guard !gathered.people.isEmpty || !gathered.teams.isEmpty || gathered.contacts.all > 0 else { return nil }
        var shared: [String: Int] = [:]
        for use in gathered.people.values { if let target = use.target { shared[target, default: 0] += 1 } }
        let sorted = gathered.people.sorted {
            ($0.value.target == nil ? 0 : 1, $0.value.isDescribed ? 1 : 0, $1.value.messages, $0.key)
                < ($1.value.target == nil ? 0 : 1, $1.value.isDescribed ? 1 : 0, $0.value.messages, $1.key)
        }
        let covered = gathered.people.values.count { $0.target != nil }
        let withoutRecord = gathered.people.values.count { !$0.isDescribed }
        var blocks: [ReportBlock] = []
        if !gathered.people.isEmpty {
            blocks.append(
                .tiles([
                    ReportTile("agents_covered", words[.peopleCovered], .count(covered), .good),
                    ReportTile(
                        "agents_uncovered", words[.peopleUncovered], .count(gathered.people.count - covered),
                        covered == gathered.people.count ? .plain : .bad),
                    ReportTile(
                        "agents_without_record", words[.peopleWithoutRecord], .count(withoutRecord),
                        withoutRecord == 0 ? .plain : .warn),
                    ReportTile("customers", words[.customers], .count(gathered.contacts.all)),
                ]))
            blocks.append(.table(agentTable(sorted.prefix(Self.rowsShown).map { ($0.key, $0.value) }, shared)))
        }
        if !gathered.teams.isEmpty { blocks.append(.table(teamTable())) }
        if gathered.contacts.all > 0 {
            blocks.append(
                .notice(
                    .plain,
                    words(
                        .contactsLine, words.count(gathered.contacts.all), words.count(gathered.contacts.withoutEmail),
                        words.count(gathered.contacts.leftOut))))
        }
        return ReportSection("people", words[.peopleTitle], intro: words[.peopleIntro], blocks)
    }

    private func agentTable(_ people: [(id: String, use: Gathered.PersonUse)], _ shared: [String: Int]) -> ReportTable {
        ReportTable(
            "agents", words[.peopleCaption],
            [
                ReportTable.Column("name", words[.name]), ReportTable.Column("email", words[.email]),
                ReportTable.Column("target", words[.peopleTarget]), ReportTable.Column("how", words[.peopleHow]),
                ReportTable.Column("messages", words[.messages], isNumeric: true),
                ReportTable.Column("conversations", words[.assigned], isNumeric: true),
            ],
            people.map { id, use in
                let (how, tone) = how(id, use, shared)
                let target = use.target.map { target in
                    let name = use.targetName.isEmpty ? use.name : use.targetName
                    return name.isEmpty ? target : name + (target == id ? "" : " (\(target))")
                }
                return ReportTable.Row(
                    id,
                    [
                        ReportTable.Cell(.foreign(use.name.isEmpty ? id : use.name)),
                        ReportTable.Cell(use.email.isEmpty ? .none : .foreign(use.email)),
                        ReportTable.Cell(target.map { .foreign($0) } ?? .none), ReportTable.Cell(.text(how), tone),
                        ReportTable.Cell(.count(use.messages)), ReportTable.Cell(.count(use.conversations)),
                    ])
            }, total: gathered.people.count)
    }

    private func how(_ id: String, _ use: Gathered.PersonUse, _ shared: [String: Int]) -> (String, Tone) {
        let isNameAlone = !use.isDescribed && Author.isNameAlone(id, email: use.email)
        guard let target = use.target else {
            // A name needs no place: it stands with the entries.
            return isNameAlone ? (words[.peopleByName], .warn) : (words[.peopleNone], .bad)
        }
        if let count = shared[target], count > 1 { return (words(.peopleMerged, words.count(count)), .warn) }
        if !use.isDescribed { return (words[isNameAlone ? .peopleByName : .peoplePlaceholder], .warn) }
        return (words[target == id ? .peopleSame : .peopleMapped], .good)
    }

    private func teamTable() -> ReportTable {
        ReportTable(
            "teams", words[.teamsCaption],
            [ReportTable.Column("name", words[.name]), ReportTable.Column("target", words[.peopleTarget])],
            gathered.teams.sorted { $0.key < $1.key }.prefix(Self.rowsShown).map { id, team in
                let target = team.target.map { target in
                    (team.targetName.isEmpty ? team.name : team.targetName) + (target == id ? "" : " (\(target))")
                }
                return ReportTable.Row(
                    id,
                    [
                        ReportTable.Cell(.foreign(team.name.isEmpty ? id : team.name)),
                        target.map { ReportTable.Cell(.foreign($0)) }
                            ?? ReportTable.Cell(.text(words[.peopleNone]), .warn),
                    ])
            }, total: gathered.teams.count)
    }

    // MARK: Records, conversations, effort

    /// For records that stand at the destination already and are written again: what of them changes there.
    func destinationChanges() -> ReportSection? {
        guard !report.differences.isEmpty else { return nil }
        var rows: [ReportTable.Row] = []
        for record in report.differences {
            for (index, field) in record.fields.enumerated() {
                let place = field.entry.map { words(.entryNumber, words.count($0)) + ": " } ?? ""
                func shown(_ value: String?) -> ReportTable.Cell {
                    ReportTable.Cell(value.map { .foreign(words.value(field.path, $0)) } ?? .none)
                }
                rows.append(
                    ReportTable.Row(
                        "\(record.entity.rawValue)/\(record.id)/\(index + 1)",
                        [
                            ReportTable.Cell(.foreign(words.singular(record.entity) + " " + record.id)),
                            ReportTable.Cell(.foreign(place + words.field(field.path, gathered.fieldNames))),
                            shown(field.after), shown(field.before),
                        ]))
            }
        }
        let total = report.total(\.update)
        return ReportSection(
            "destination-changes", words[.destinationChanges], intro: words[.destinationChangesIntro],
            [
                .table(
                    ReportTable(
                        "destination_changes", words[.destinationChanges],
                        [
                            ReportTable.Column("record", words[.record]), ReportTable.Column("field", words[.field]),
                            ReportTable.Column("now", words[.now]), ReportTable.Column("then", words[.afterwards]),
                        ], Array(rows.prefix(500)),
                        total: rows.count + max(0, total - report.differences.count)))
            ])
    }

    func changes() -> ReportSection {
        ReportSection("changes", words[.changesTitle], intro: words[.changesIntro], [.changes])
    }

    func sample(sheet: String?) -> ReportSection? {
        guard !gathered.threads.isEmpty else { return nil }
        return ReportSection(
            "sample", words[.sampleTitle], intro: sheet.map { words(.sampleIntro, $0) } ?? words[.sampleIntroRun],
            [.threads])
    }

    func effort() -> ReportSection {
        guard let effort = subject.effort else {
            return ReportSection("effort", words[.effortTitle], [.notice(.plain, words[.effortFiles])])
        }
        let rows = effort.phases.map { phase in
            ReportTable.Row(
                phase.name,
                [
                    ReportTable.Cell(.text(phase.name)), ReportTable.Cell(.count(phase.requests)),
                    ReportTable.Cell(.seconds(phase.seconds)),
                ])
        }
        let notified = effort.notified.map { "\($0.who) (\(words.count($0.count)))" }.joined(separator: ", ")
        return ReportSection(
            "effort", words[.effortTitle],
            [
                .table(
                    ReportTable(
                        "effort", words[.effortCaption],
                        [
                            ReportTable.Column("phase", words[.phase]),
                            ReportTable.Column("requests", words[.requests], isNumeric: true),
                            ReportTable.Column("seconds", words[.hours], isNumeric: true),
                        ], rows)),
                notified.isEmpty
                    ? .notice(.good, words[.notifiedNone]) : .notice(.warn, words(.notifiedSome, notified)),
            ])
    }
}
