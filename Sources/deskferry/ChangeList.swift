import ConsoleKit
import ConversationModel
import Reports
import SyncEngine

/// What a run wrote or would write, one line a record with one sign, kinds of record together: `=` the same, `+` only at
/// the source, `-` only at the destination, `*` differs.
struct ChangeList {
    /// Lines in all, shared out among the kinds.
    static let lines = 40

    private let report: RunReport
    private let folder: String?
    private var isVerification: Bool { report.command == "verify" }

    /// Creates the list.
    ///
    /// - Parameters:
    ///   - report: What the run found.
    ///   - folder: Where the report stands that lists every change, where one was asked for.
    init(_ report: RunReport, _ folder: String?) {
        self.report = report
        self.folder = folder
    }

    func text(_ terminal: Terminal) -> String {
        guard report.command != "convert" else { return "" }
        // A first run writes everything; that is no news.
        let changes = report.changes.filter { report.command != "migrate" || $0.action != .create }
        let kinds = Entity.allCases.map { kind in changes.filter { $0.entity == kind } }
        var text = ""
        var rest = 0
        for (kind, share) in zip(Entity.allCases.indices, Self.shares(of: kinds.map(\.count), room: Self.lines)) {
            for change in kinds[kind].prefix(share) { text += Self.line(change, terminal) }
            let more = inAll(Entity.allCases[kind]) - share
            guard more > 0 else { continue }
            rest += more
            let name = more == 1 ? Entity.allCases[kind].rawValue : Entity.allCases[kind].plural
            text += terminal.styled("  and \(Figures.count(more)) more \(name)\n", .dim, on: .output)
        }
        if rest > 0 { text += terminal.styled("  \(whereAllStand)\n", .dim, on: .output) }
        let same = isVerification ? report.total(\.identical) : report.total(\.skip) - report.total(\.filtered)
        if same > 0, !text.isEmpty {
            let words = same == 1 ? "record is" : "records are"
            text += terminal.styled("= \(Figures.count(same)) \(words) the same\n", .dim, on: .output)
        }
        return text.isEmpty ? "" : "\n" + text
    }

    private func inAll(_ kind: Entity) -> Int {
        guard let count = report.counts[kind] else { return 0 }
        if isVerification { return count.different + count.missing + count.extra }
        return (report.command == "migrate" ? 0 : count.create) + count.update + count.append + count.vanished
    }

    private var whereAllStand: String {
        // The page of a verification shows a thousand of them, field by field, and no file has more.
        let said = isVerification ? "shows them field by field" : "lists them all"
        guard let folder else { return "--report DIR \(said)" }
        let file = isVerification ? "verify.html" : ReportFolder.rowsFile(report.command)
        return (folder.hasSuffix("/") ? folder : folder + "/") + file + " " + said
    }

    /// Shares lines out: kinds with few have all of theirs, the others the same number each.
    static func shares(of counts: [Int], room: Int) -> [Int] {
        var shares = counts.map { _ in 0 }
        var room = room
        var open = counts.indices.filter { counts[$0] > 0 }.sorted { counts[$0] < counts[$1] }
        while let least = open.first {
            shares[least] = min(counts[least], room / open.count)
            room -= shares[least]
            open.removeFirst()
        }
        return shares
    }

    private static func line(_ change: RecordChange, _ terminal: Terminal) -> String {
        let (sign, style): (String, Style) =
            switch change.action {
            case .create, .missing: ("+", .added)
            case .update, .append, .different: ("*", .changed)
            case .vanished, .extra: ("-", .removed)
            }
        return terminal.styled(sign, style, on: .output)
            + " \(change.entity.rawValue) \(Terminal.safe(change.id))\(detail(change))\n"
    }

    private static func detail(_ change: RecordChange) -> String {
        func entries(_ word: String) -> String {
            "  \(change.entries) \(word)\(change.entries == 1 ? "entry" : "entries")"
        }
        return switch change.action {
        case .append: entries("new ")
        case .create where change.entity == .conversation: entries("")
        case .missing: "  is missing at the destination"
        case .extra: "  is not from the source"
        case .vanished: "  is gone at the source"
        default: change.detail.isEmpty ? "" : "  " + Terminal.safe(change.detail)
        }
    }
}
