internal import ConversationModel
internal import Diagnostics

/// The one sentence that ends a run.
enum Verdicts {
    static func sentence(_ report: RunReport) -> String {
        var parts = [main(report)]
        if !report.quarantine.isEmpty {
            let count = report.quarantine.count
            parts.append(count == 1 ? "1 record is in quarantine" : "\(count) records are in quarantine")
        }
        if !report.incomplete.isEmpty {
            parts.append("the source is incomplete: " + report.incomplete.map(\.reason).joined(separator: "; "))
        }
        return parts.joined(separator: "; ")
    }

    private static func main(_ report: RunReport) -> String {
        let changes = report.total(\.changes)
        switch report.command {
        case "convert": return "converted \(counted(report, \.create))"
        case "plan":
            return changes == 0
                ? "nothing to do: the destination is up to date"
                : "would write \(parts(report)); nothing was written"
        case "verify":
            let wrong = report.total(\.different) + report.total(\.missing) + report.total(\.extra)
            return wrong == 0
                ? "verified: \(counted(report, \.identical)) are identical at the destination"
                : [
                    said(report.total(\.identical), "record is", "records are") + " identical",
                    said(report.total(\.different), "differs", "differ"),
                    said(report.total(\.missing), "is", "are") + " missing",
                    said(report.total(\.extra), "is", "are") + " not from the source",
                ].joined(separator: ", ")
        default:
            return changes == 0 ? "the destination is up to date; nothing was written" : "wrote \(parts(report))"
        }
    }

    /// `1 record is`, `2 records are`, `0 records are`.
    private static func said(_ count: Int, _ one: String, _ many: String) -> String {
        "\(count) \(count == 1 ? one : many)"
    }

    /// `24 conversations, 8 contacts`.
    private static func counted(_ report: RunReport, _ count: KeyPath<RecordCounts, Int>) -> String {
        let named = Entity.allCases.reversed().compactMap { entity -> String? in
            guard let number = report.counts[entity]?[keyPath: count], number > 0 else { return nil }
            return "\(number) \(number == 1 ? entity.rawValue : entity.plural)"
        }
        return named.isEmpty ? "no records" : named.joined(separator: ", ")
    }

    /// `3 new, 1 changed and 2 longer records`.
    private static func parts(_ report: RunReport) -> String {
        let named = [
            (report.total(\.create), "new"), (report.total(\.update), "changed"), (report.total(\.append), "longer"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return named.joined(separator: ", ") + (report.total(\.changes) == 1 ? " record" : " records")
    }
}
