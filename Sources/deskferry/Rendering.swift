import ConnectorKit
import ConsoleKit
import ConversationModel
import Diagnostics
import FieldMapping
import SyncEngine

/// A run's report as people and scripts read it; both come from the same value.
enum Rendering {
    // MARK: JSON

    static func json(_ report: RunReport) -> JSONText {
        .members([
            ("command", .string(report.command)), ("verdict", .string(report.verdict)),
            ("exit", .integer(Int(report.exit.rawValue))), ("run", report.run.map { .string($0) }),
            ("counts", counts(report)), ("losses", losses(report)),
            ("fidelity", fidelity(report)),
            ("quarantine", .array(report.quarantine.map(quarantined))),
            (
                "incomplete",
                .array(
                    report.incomplete.map {
                        ["stream": .string($0.stream), "reason": .string($0.reason), "remedy": .string($0.remedy)]
                    })
            ),
            (
                "findings",
                .array(
                    report.findings.map {
                        .members([
                            ("code", .string($0.code)), ("place", .string($0.place.description)),
                            ("summary", .string($0.summary)),
                            ("hint", $0.hint.map { .string($0) }),
                        ])
                    })
            ),
            ("trail", trail(report)), ("bytes_read", .integer(report.bytesRead)),
            ("seconds", .number((report.seconds * 1000).rounded() / 1000)),
        ])
    }

    private static func counts(_ report: RunReport) -> JSONText {
        let isVerification = report.command == "verify"
        return .members(
            Entity.allCases.compactMap { entity in
                guard let count = report.counts[entity] else { return nil }
                var members: [(String, JSONText?)] = [
                    ("read", .integer(count.read)), ("create", .integer(count.create)),
                    ("update", .integer(count.update)),
                    ("append", .integer(count.append)), ("skip", .integer(count.skip)),
                    ("vanished", .integer(count.vanished)),
                    ("conflict", .integer(count.conflict)), ("quarantined", .integer(count.quarantined)),
                ]
                if isVerification {
                    members += [
                        ("identical", .integer(count.identical)), ("different", .integer(count.different)),
                        ("missing", .integer(count.missing)), ("extra", .integer(count.extra)),
                    ]
                }
                return (entity.plural, .members(members))
            })
    }

    private static func losses(_ report: RunReport) -> JSONText {
        .array(
            report.losses.all.map { loss in
                [
                    "entity": .string(loss.entity.rawValue), "field": .string(loss.field),
                    "class": .string(loss.lossClass.rawValue), "count": .integer(loss.count),
                    "examples": .array(
                        loss.examples.map { ["record": .string($0.record), "detail": .string($0.detail)] }),
                ]
            })
    }

    /// What became of every field of every record: the classes of a field add up to the records of its kind.
    private static func fidelity(_ report: RunReport) -> JSONText {
        .array(
            report.losses.fidelity(NeutralFields.names).map { row in
                .members(
                    [
                        ("entity", .string(row.entity.rawValue)), ("field", .string(row.field)),
                        ("records", .integer(row.records)),
                    ] + LossClass.allCases.map { ($0.rawValue, .integer(row.counts[$0] ?? 0)) })
            })
    }

    /// What a mapping did to single records: counts of everything, and the first rows.
    private static func trail(_ report: RunReport) -> JSONText? {
        guard !report.trail.isEmpty else { return nil }
        return [
            "totals": .array(
                report.trail.totals.map { total in
                    [
                        "kind": .string(total.kind.rawValue), "what": .string(total.detail),
                        "count": .integer(total.count),
                    ]
                }),
            "rows": .array(
                report.trail.rows.map { row in
                    .members([
                        ("kind", .string(row.kind.rawValue)), ("entity", .string(row.entity.rawValue)),
                        ("record", .string(row.record)), ("entry", row.entry.map { .string($0) }),
                        ("field", .string(row.field)), ("what", .string(row.detail)), ("count", .integer(row.count)),
                    ])
                }),
        ]
    }

    private static func quarantined(_ record: RejectedRecord) -> JSONText {
        .members([
            ("entity", .string(record.entity)), ("id", record.id.map { .string($0) }),
            ("file", record.place.file.map { .string($0) }), ("line", record.place.line.map { .integer($0) }),
            ("byte", record.place.byte.map { .integer($0) }),
            ("reason", .string((record.place.path.map { "'\($0)': " } ?? "") + record.reason)),
        ])
    }

    // MARK: Text

    /// All that a run has to say; `folder` is where the report stands that lists every change, where one was asked for.
    static func text(_ report: RunReport, _ terminal: Terminal, folder: String? = nil) -> String {
        var text = countTable(report, terminal)
        text += ChangeList(report, folder).text(terminal)
        text += lossTable(report, terminal)
        text += trailList(report)
        text += notes(report, terminal)
        return text
    }

    private static func countTable(_ report: RunReport, _ terminal: Terminal) -> String {
        typealias Measure = (title: String, path: KeyPath<RecordCounts, Int>)
        let found: [Measure] =
            report.command == "verify"
            ? [("identical", \.identical), ("different", \.different), ("missing", \.missing), ("extra", \.extra)]
            : [
                ("create", \.create), ("update", \.update), ("append", \.append), ("skip", \.skip),
                ("vanished", \.vanished),
            ]
        let all = [("read", \.read)] + found + [("quarantined", \.quarantined)]
        let whole = countTable(report, all)
        guard terminal.isTerminal(.output), whole.width > terminal.columns else {
            return whole.isEmpty ? "" : whole.text(for: terminal, on: .output)
        }
        // Where not all fits, columns without a figure give way.
        let some = all.filter { measure in
            report.counts.values.contains { $0[keyPath: measure.path] > 0 }
        }
        return countTable(report, some).text(for: terminal, on: .output)
    }

    private static func countTable(
        _ report: RunReport, _ measures: [(title: String, path: KeyPath<RecordCounts, Int>)]
    ) -> Table {
        var table = Table([.text("")] + measures.map { .number($0.title) })
        for entity in Entity.allCases {
            guard let count = report.counts[entity] else { continue }
            table.add(
                [.init(entity.plural)]
                    + measures.map { title, path in
                        let value = count[keyPath: path]
                        let style: Style? = title == "quarantined" && value > 0 ? .warn : nil
                        return .init(value == 0 && title != "read" ? "-" : Figures.count(value), style)
                    })
        }
        return table
    }

    /// The differences that matter first; fields that the model does not know are summed up by kind of record.
    private static func lossTable(_ report: RunReport, _ terminal: Terminal) -> String {
        let losses = report.losses.all.sorted {
            ($1.entity, $1.lossClass, $0.field) < ($0.entity, $0.lossClass, $1.field)
        }
        guard !losses.isEmpty else { return "" }
        let known = losses.filter { !$0.field.hasPrefix("extras.") }
        // What was agreed to with the plan is not told again where nothing was written.
        if report.command == "verify" || report.command == "sync" && report.total(\.changes) == 0 {
            let fields = Set(known.map { "\($0.entity.rawValue) \($0.field)" }).count
            let left = losses.count - known.count
            let first = fields == 1 ? "1 field does not arrive as it is" : "\(fields) fields do not arrive as they are"
            let second = left == 0 ? "" : ", \(left) that only the source has stay behind"
            return "\n" + fitted(first + second + "; 'deskferry plan' lists them", terminal)
        }
        var table = Table([.text("what does not arrive as it is"), .text("class"), .number("values"), .note("example")])
        for loss in known.prefix(40) {
            let example = loss.examples.first
            table.add([
                .init("\(loss.entity.rawValue) \(loss.field)"),
                .init(
                    loss.lossClass.rawValue, loss.lossClass == .dropped || loss.lossClass == .truncated ? .warn : nil),
                .init(Figures.count(loss.count)),
                .init(example.map { $0.detail.isEmpty ? $0.record : "\($0.record): \($0.detail)" } ?? ""),
            ])
        }
        var text = table.isEmpty ? "" : "\n" + table.text(for: terminal, on: .output)
        if known.count > 40 { text += "  and \(known.count - 40) more kinds; --json gives all\n" }
        for entity in Entity.allCases.reversed() {
            let extras = losses.filter { $0.entity == entity && $0.field.hasPrefix("extras.") }
            guard !extras.isEmpty else { continue }
            let names = extras.sorted { ($0.count, $1.field) > ($1.count, $0.field) }.prefix(6).map {
                $0.field.dropFirst(7)
            }
            let values = Figures.count(extras.reduce(0) { $0 + $1.count })
            text += fitted(
                "\(entity.rawValue): \(values) values of \(extras.count) fields that only the source has are left behind: "
                    + names.map { Terminal.safe(String($0)) }.joined(separator: ", ")
                    + (extras.count > 6 ? " ..." : ""),
                terminal)
        }
        return text
    }

    /// A line, broken where the terminal ends; off a terminal it stays one, so that `grep` finds it.
    static func fitted(_ line: String, _ terminal: Terminal) -> String {
        guard terminal.isTerminal(.output) else { return line + "\n" }
        return DisplayText.wrapped(line, to: terminal.columns, indent: 0, hanging: 2) + "\n"
    }

    /// The same with a sign before it.
    private static func fitted(_ sign: Character, _ style: Style, _ text: String, _ terminal: Terminal) -> String {
        let line = fitted("\(sign) " + Terminal.safe(text), terminal)
        return terminal.styled(String(sign), style, on: .output) + line.dropFirst()
    }

    private static func trailList(_ report: RunReport) -> String {
        guard !report.trail.isEmpty else { return "" }
        var text = "\n"
        for total in report.trail.totals {
            let what = total.detail.isEmpty ? "" : ": \(total.detail)"
            let words = total.kind.rawValue.split(separator: "_").joined(separator: " ")
            text +=
                Terminal.safe("\(words)\(what), \(Figures.count(total.count)) \(total.count == 1 ? "time" : "times")")
                + "\n"
        }
        return text
    }

    static func notes(_ report: RunReport, _ terminal: Terminal) -> String {
        var text = ""
        for record in report.quarantine.prefix(20) {
            let id = record.id.map { " \(record.entity) \($0):" } ?? ""
            let path = record.place.path.map { " '\($0)':" } ?? ""
            var place = record.place
            place.path = nil
            text += fitted("!", .bad, "\(place):\(id)\(path) \(record.reason)", terminal)
        }
        if report.quarantine.count > 20 {
            text += "! and \(Figures.count(report.quarantine.count - 20)) more in quarantine\n"
        }
        for stream in report.incomplete {
            text += fitted("!", .bad, "\(stream.stream): \(stream.reason); \(stream.remedy)", terminal)
        }
        for finding in report.findings.prefix(20) {
            let place = finding.place.description
            let hint = finding.hint.map { "; " + $0 } ?? ""
            text += fitted("?", .warn, (place.isEmpty ? "" : place + ": ") + finding.summary + hint, terminal)
        }
        if report.findings.count > 20 { text += "? and \(report.findings.count - 20) more; --json gives all\n" }
        return text.isEmpty ? "" : "\n" + text
    }
}
