import ConsoleKit
import ConversationModel
import Diagnostics
import FieldMapping
import Foundation
import SyncEngine

/// The people file that a consultant fills in: evidence, a suggestion with its reason, and columns for the decision.
enum AgentsFile {
    static let columns = [
        "id", "name", "email", "role", "active", "first_seen", "last_seen", "conversations", "messages", "suggestion",
        "reason", "target", "action", "valid_from", "valid_until",
    ]

    /// Writes the file; one that stands there already keeps its decisions and gets new evidence.
    ///
    /// - Returns: How many decisions an earlier file held.
    /// - Throws: `mapping/invalid` when an earlier file cannot be read, which is then left alone.
    static func write(
        _ inventory: Inventory, to path: String, destination: [Agent]? = nil, acceptsSuggestions: Bool = false
    ) throws -> Int {
        let earlier = try FileManager.default.contents(atPath: path).map {
            try PeopleFile.decisions([UInt8]($0), file: path)
        }
        var decisions = Dictionary(grouping: earlier ?? [], by: \.id)
        let suggestions = AgentSuggestion.all(for: inventory, destination: destination)
        var text = "\u{FEFF}" + columns.joined(separator: ",") + "\r\n"
        for use in InventoryPage.sorted(inventory) {
            let suggestion = suggestions[use.agent.id]
            let evidence = [
                use.agent.id, use.agent.name ?? "", use.agent.email ?? "", use.agent.role?.rawValue ?? "",
                use.agent.active.map { $0 ? "yes" : "no" } ?? "", day(use.firstSeen), day(use.lastSeen),
                String(use.conversations), String(use.messages), suggestion?.target ?? suggestion?.action ?? "",
                suggestion?.reason ?? "",
            ]
            let decided = (decisions.removeValue(forKey: use.agent.id) ?? []).map(cells)
            let open =
                acceptsSuggestions ? [suggestion?.target ?? "", suggestion?.action ?? "", "", ""] : ["", "", "", ""]
            for cells in decided.isEmpty ? [open] : decided { text += line(evidence + cells) }
        }
        for decision in decisions.values.joined().sorted(by: { ($0.id, $0.email) < ($1.id, $1.email) }) {
            let evidence = [decision.id, "", decision.email, "", "", "", "", "0", "0", "", "not in this source"]
            text += line(evidence + cells(decision))
        }
        do {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            throw MigrationError(
                "failed/unwritable", recovery: .fixConfiguration, place: Place(file: path),
                summary: "cannot be written", cause: error)
        }
        return earlier?.count ?? 0
    }

    private static func cells(_ decision: PeopleDecision) -> [String] {
        [decision.target, decision.action, decision.validFrom, decision.validUntil]
    }

    private static func line(_ cells: [String]) -> String {
        cells.map(PeopleFile.cell).joined(separator: ",") + "\r\n"
    }

    private static func day(_ time: Instant?) -> String { time.map { String($0.description.prefix(10)) } ?? "" }
}
