import ConnectorCatalog
import ConnectorKit
import ConsoleKit
import ConversationModel
import Diagnostics
import Foundation
import StateStore
import SyncEngine

/// One connector as people and scripts read it, from its own declaration.
enum ConnectorPage {
    static func formats(_ exports: [Export], tellsEffort: Bool = true) -> String {
        var formats: [String] = []
        for export in exports {
            let name =
                switch export.recognition.format {
                case .json: "JSON"
                case .csv: "CSV"
                case .xml: export.isBestEffort && tellsEffort ? "XML (best effort)" : "XML"
                }
            if !formats.contains(name) { formats.append(name) }
        }
        return formats.joined(separator: ", ")
    }

    /// All connectors as a table that fits the terminal, and below it what cannot survive in each.
    static func list(_ terminal: Terminal) -> String {
        var table = Table([.text("connector"), .text("platform"), .text("reads"), .text("writes")])
        for connector in ConnectorCatalog.all {
            table.add([
                .init(connector.name, .strong), .init(connector.title),
                .init(formats(connector.exports, tellsEffort: false)),
                .init(formats(connector.exports.filter { $0.output != nil })),
            ])
        }
        var text = table.text(for: terminal, on: .output) + "\nwhat cannot survive\n"
        for connector in ConnectorCatalog.all {
            let line = "- \(connector.name): " + shortfalls(connector) { shortened($0) }
            text += DisplayText.wrapped(line, to: terminal.columns, indent: 0, hanging: 2) + "\n"
        }
        return text + "\n'deskferry connectors NAME' tells the files, records and limits of one, in full\n"
    }

    /// `events (created, rated, merged, redacted)` as `4 kinds of events`; lists of up to three stay.
    private static func shortened(_ shortfall: String) -> String {
        guard let open = shortfall.firstIndex(of: "("), shortfall.hasSuffix(")") else { return shortfall }
        let count = shortfall[open...].count { $0 == "," } + 1
        return count > 3 ? "\(count) kinds of \(shortfall[..<open].dropLast())" : shortfall
    }

    /// The same as a Markdown table.
    static var markdown: String {
        var text = "| connector | platform | reads | writes | cannot survive |\n| --- | --- | --- | --- | --- |\n"
        for connector in ConnectorCatalog.all {
            text +=
                "| \(connector.name) | \(connector.title) | \(formats(connector.exports)) | "
                + "\(formats(connector.exports.filter { $0.output != nil })) | \(shortfalls(connector)) |\n"
        }
        return text
    }

    private static func shortfalls(_ connector: Connector, _ form: (String) -> String = { $0 }) -> String {
        let words = Platform(connector).shortfalls.map(form)
        return words.isEmpty ? "nothing" : words.joined(separator: ", ")
    }

    static func text(_ connector: Connector, _ terminal: Terminal) -> String {
        var text =
            terminal.styled(connector.title, .strong, on: .output) + " (\(connector.name))\n\(connector.summary)\n\n"
        var table = Table([.text("stream"), .text("format"), .text("records"), .text("written to")])
        for export in connector.exports {
            let kinds = Platform.entities(of: export.records).sorted().map(\.plural).joined(separator: ", ")
            table.add([
                .init(export.name), .init(formats([export])),
                .init(!kinds.isEmpty ? kinds : export.records.reasonToIgnore == nil ? "parts of others" : "left out"),
                .init(export.output?.name ?? "-"),
            ])
        }
        text += table.text(for: terminal, on: .output)
        let notes =
            ["cannot survive: \(shortfalls(connector))"] + connector.capabilities.notes
            + connector.ceilings.map { "incomplete when: \($0.reason); \($0.remedy)" }
        for note in notes {
            text += "\n" + DisplayText.wrapped("- " + note, to: terminal.columns, indent: 0, hanging: 2)
        }
        return text + "\n"
    }

    static func json(_ connector: Connector) -> JSONText {
        [
            "name": .string(connector.name), "title": .string(connector.title), "summary": .string(connector.summary),
            "streams": .array(
                connector.exports.map { export in
                    .members([
                        ("name", .string(export.name)), ("format", .string(formats([export]))),
                        ("records", .array(Platform.entities(of: export.records).sorted().map { .string($0.plural) })),
                        ("written_to", export.output.map { .string($0.name) }),
                    ])
                }),
            "cannot_survive": .array(Platform(connector).shortfalls.map { .string($0) }),
            "notes": .array(connector.capabilities.notes.map { .string($0) }),
            "ceilings": .array(
                connector.ceilings.map {
                    ["stream": .string($0.export), "reason": .string($0.reason), "remedy": .string($0.remedy)]
                }),
        ]
    }
}

/// An inventory as people and scripts read it.
enum InventoryPage {
    static func text(_ inventory: Inventory, _ terminal: Terminal) -> String {
        var text = ""
        var files = Table([.text("file"), .text("records"), .number("size")])
        let folder = commonFolder(of: inventory.files.map(\.name))
        for file in inventory.files.prefix(30) {
            files.add([
                .init(String(file.name.dropFirst(folder.count))), .init(found(file.found)),
                .init(Figures.bytes(file.bytes)),
            ])
        }
        text += files.text(for: terminal, on: .output)
        if inventory.files.count > 30 { text += "  and \(inventory.files.count - 30) more files\n" }
        var records = Table([.text("records"), .number("")])
        for entity in Entity.allCases {
            if let count = inventory.records[entity] {
                records.add([.init(entity.plural), .init(Figures.count(count))])
            }
        }
        for (type, count) in inventory.entries.sorted(by: { $0.key < $1.key }) {
            records.add([.init("  \(type)s"), .init(Figures.count(count))])
        }
        records.add([.init("  attachments"), .init(Figures.count(inventory.attachments))])
        text += "\n" + records.text(for: terminal, on: .output)
        for (title, values) in profiles(inventory) where !values.isEmpty {
            text += "\n" + Rendering.fitted("\(title): " + shown(values, sorted: title == "months"), terminal)
        }
        if inventory.longest.entries > 0 {
            text +=
                "\nlongest: conversation \(Terminal.safe(inventory.longest.id)) with \(Figures.count(inventory.longest.entries)) entries\n"
        }
        if inventory.orphans.count > 0 {
            text +=
                "orphans: \(inventory.orphans.count) "
                + (inventory.orphans.count == 1 ? "conversation has" : "conversations have")
                + " a requester that no record describes (such as \(Terminal.safe(inventory.orphans.example)))\n"
        }
        text += agents(inventory, terminal)
        return text + Rendering.notes(inventory.report, terminal)
    }

    /// The folder that all files lie in, with its slash: it is in the location already, and only widens the table.
    private static func commonFolder(of names: [String]) -> String {
        guard var common = names.first else { return "" }
        for name in names { common = common.commonPrefix(with: name) }
        return common.lastIndex(of: "/").map { String(common[...$0]) } ?? ""
    }

    /// `24 tickets, 3 users`: the three kinds of which there are most.
    private static func found(_ streams: [(stream: String, count: Int)]) -> String {
        guard !streams.isEmpty else { return "none" }
        let words = streams.prefix(3).map { "\(Figures.count($0.count)) \($0.stream)" }
        let rest = streams.count - words.count
        return words.joined(separator: ", ") + (rest > 0 ? ", and \(rest) more \(rest == 1 ? "kind" : "kinds")" : "")
    }

    private static func profiles(_ inventory: Inventory) -> [(String, [String: Int])] {
        [
            ("status", inventory.statuses), ("priority", inventory.priorities), ("channel", inventory.channels),
            ("tags", inventory.tags), ("fields", inventory.fields), ("attachment types", inventory.attachmentTypes),
            ("months", inventory.months),
        ]
    }

    private static func shown(_ values: [String: Int], sorted: Bool) -> String {
        let list = values.sorted { sorted ? $0.key < $1.key : ($0.value, $1.key) > ($1.value, $0.key) }
        let text = list.prefix(12).map { "\(Terminal.safe($0.key)) \(Figures.count($0.value))" }.joined(separator: ", ")
        return list.count > 12 ? text + ", and \(list.count - 12) more" : text
    }

    private static func agents(_ inventory: Inventory, _ terminal: Terminal) -> String {
        guard !inventory.agents.isEmpty else { return "" }
        var table = Table([
            .text("agent"), .text("name"), .number("messages"), .number("assigned"), .text("last seen"), .text(""),
        ])
        for use in sorted(inventory).prefix(20) {
            table.add([
                .init(use.agent.id), .init(use.agent.name ?? ""), .init(Figures.count(use.messages)),
                .init(Figures.count(use.conversations)),
                .init(use.lastSeen.map { String($0.description.prefix(10)) } ?? ""),
                .init(use.isDescribed ? "" : use.isNameAlone ? "known by name alone" : "no record", .warn),
            ])
        }
        let more =
            inventory.agents.count > 20 ? "  and \(inventory.agents.count - 20) more; --agents FILE writes all\n" : ""
        return "\n" + table.text(for: terminal, on: .output) + more
    }

    static func sorted(_ inventory: Inventory) -> [Inventory.AgentUse] {
        inventory.agents.values.sorted { ($0.messages, $1.agent.id) > ($1.messages, $0.agent.id) }
    }

    static func json(_ inventory: Inventory) -> JSONText {
        func counted(_ values: [String: Int]) -> JSONText {
            .members(values.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) })
        }
        let report = Rendering.json(inventory.report)
        guard case .object(var members) = report else { return report }
        members += [
            .init(
                "files",
                .array(
                    inventory.files.map {
                        [
                            "name": .string($0.name), "streams": .array($0.found.map { .string($0.stream) }),
                            "records": .members($0.found.map { ($0.stream, .integer($0.count)) }),
                            "bytes": .integer($0.bytes),
                        ]
                    })),
            .init("entries", counted(inventory.entries)), .init("status", counted(inventory.statuses)),
            .init("priority", counted(inventory.priorities)), .init("channel", counted(inventory.channels)),
            .init("months", counted(inventory.months)), .init("tags", counted(inventory.tags)),
            .init("fields", counted(inventory.fields)),
            .init(
                "attachments",
                [
                    "count": .integer(inventory.attachments), "bytes": .integer(Int(inventory.attachmentBytes)),
                    "types": counted(inventory.attachmentTypes),
                ]),
            .init("orphans", .integer(inventory.orphans.count)),
            .init(
                "agents",
                .array(
                    sorted(inventory).map { use in
                        .members([
                            ("id", .string(use.agent.id)), ("name", use.agent.name.map { .string($0) }),
                            ("email", use.agent.email.map { .string($0) }), ("described", .boolean(use.isDescribed)),
                            ("messages", .integer(use.messages)), ("conversations", .integer(use.conversations)),
                            ("first_seen", use.firstSeen.map { .string($0.description) }),
                            ("last_seen", use.lastSeen.map { .string($0.description) }),
                        ])
                    })),
        ]
        return .object(members)
    }
}
