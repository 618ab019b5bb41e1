import ConnectorCatalog
import ConnectorKit
import ConversationModel
import Diagnostics
import FieldMapping
import Foundation
import Testing

@testable import SyncEngine

/// The repository's folder.
let repository = URL(filePath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// A mapping out of a text in memory.
func mapping(_ text: String, name: String = "draft.json5") throws -> Mapping {
    try Mapping(layers: [MappingLayer(name: name, bytes: Array(text.utf8))]) { _ in throw CancellationError() }
}

/// Every export that a connector ships as a fixture, with the demo export in front.
func exports() throws -> [(name: String, source: FileSource)] {
    let demo = repository.appending(path: "Tests/DemoExport/base").path
    var exports: [(String, FileSource)] = []
    for connector in ConnectorCatalog.all {
        if connector.name == "zendesk" { exports.append(("demo", try FileSource(Platform(connector), path: demo))) }
        let folder = repository.appending(path: "Connectors").path
        let vendors = try FileManager.default.contentsOfDirectory(atPath: folder)
        guard let vendor = vendors.first(where: { $0.lowercased() == connector.name.replacing("-", with: "") }) else {
            continue
        }
        let fixtures = folder + "/\(vendor)/Fixtures"
        for name in try FileManager.default.contentsOfDirectory(atPath: fixtures).sorted() where !name.hasPrefix(".") {
            guard let source = try? FileSource(Platform(connector), path: fixtures + "/" + name), !source.files.isEmpty
            else { continue }
            exports.append(("\(connector.name)/\(name)", source))
        }
    }
    return exports
}

@Suite struct MappingDraftTests {
    private func draft(_ source: FileSource, _ destination: Platform) throws -> (text: String, inventory: Inventory) {
        let inventory = try Inventory.of(source, hooks: RunHooks())
        let draft = MappingDraft(
            inventory, source: source.platform, destination: destination, names: ("source:x", "destination:y"))
        return (draft.text, inventory)
    }

    /// The law of drafts: whatever the export and wherever it goes, its draft leaves nothing to be discovered.
    @Test func everyDraftPassesTheCheckAgainstBothSides() async throws {
        let exports = try exports()
        #expect(exports.count >= 10)
        var rules = 0
        let all = ConnectorCatalog.all
        for (index, (name, source)) in exports.enumerated() {
            // The demo export goes everywhere; each fixture goes to its own platform and to two others in turn.
            let turn = [index % all.count, (index + 1) % all.count].map { all[$0].name }
            for connector in all
            where name == "demo" || name.hasPrefix(connector.name + "/") || turn.contains(connector.name) {
                let destination = Platform(connector)
                let (text, _) = try draft(source, destination)
                let mapping = try mapping(text)
                rules += mapping.rules.count
                let coverage = try await Engine.coverage(of: mapping, over: source, hooks: RunHooks())
                let check = MappingCheck(mapping, coverage: coverage, destination: destination)
                #expect(check.rows.map(\.summary) == [], "\(name) -> \(connector.name)")
            }
        }
        #expect(rules > 200)
    }

    @Test func everyValueStandsInTheDraftWithItsCount() throws {
        let demo = try #require(try exports().first { $0.name == "demo" })
        let intercom = try #require(ConnectorCatalog.connector(named: "intercom"))
        let (text, inventory) = try draft(demo.source, Platform(intercom))
        for (status, use) in inventory.statusUses {
            let line = try #require(text.split(separator: "\n").first { $0.contains("      \(status.rawValue): ") })
            #expect(line.contains("\(use.conversations) conversation"), "\(line)")
        }
        for (tag, count) in inventory.tags {
            #expect(text.contains("\"\(tag)\": \"\(tag)\",") && text.contains("\(count) conversation"))
        }
        for id in inventory.agents.keys { #expect(text.contains("from: \"\(id)\""), "\(id)") }
        for id in inventory.teams.keys { #expect(text.contains("\"\(id)\": {"), "\(id)") }
        for key in inventory.customFields.keys { #expect(text.contains(key.key), "\(key)") }
        #expect(
            text.contains("\"5002\": { as: \"text\", separator: \"; \" },") && text.contains("Colours, multi_choice: 2")
        )
        // Text that people wrote is no choice and stays out of the draft.
        #expect(!text.contains("XXXXXXXXXXXX4242") && !text.contains("D02 X285"))
        // Intercom keeps open, snoozed and closed; what it would write for the rest is its connector's own table.
        #expect(text.contains("pending: \"open\","))
        #expect(text.contains("solved: \"closed\","))
        #expect(text.contains("Intercom has no 'pending' and would write 'open'"))
    }

    @Test func aDraftIsTheSameEveryTime() throws {
        let demo = try #require(try exports().first { $0.name == "demo" })
        let neutral = try #require(ConnectorCatalog.connector(named: "neutral"))
        let first = try draft(demo.source, Platform(neutral)).text
        for _ in 0..<3 { #expect(try draft(demo.source, Platform(neutral)).text == first) }
    }

    @Test func textsOfASourceCannotBreakADraft() throws {
        var inventory = Inventory()
        let hostile = ["a\"b", "c\\d", "e\nf // g", "*", "h*", "", " ", "\u{2028}x", "\u{202E}y", "z\u{0}"]
        for text in hostile {
            inventory.tags[text] = 1
            inventory.teams[text] = TeamUse(name: text, isDescribed: true, conversations: 1)
            inventory.customFields[FieldUse.Key(.conversation, text)] = FieldUse()
            var agent = Agent()
            agent.id = text
            agent.name = text
            inventory.agents[text] = Inventory.AgentUse(agent: agent, isDescribed: true)
        }
        for connector in ConnectorCatalog.all {
            let platform = Platform(connector)
            let text = MappingDraft(
                inventory, source: platform, destination: platform, names: ("a:\nb", "c:\u{2029}d")
            ).text
            #expect(throws: Never.self) { try mapping(text) }
        }
    }

    @Test func peopleOfTheDestinationAreMatched() throws {
        var inventory = Inventory()
        func add(
            _ id: String, _ name: String?, _ email: String?, role: Agent.Role? = .agent, active: Bool? = true,
            messages: Int = 1, lastSeen: String? = "2024-05-01"
        ) {
            var agent = Agent()
            agent.id = id
            agent.name = name
            agent.email = email
            agent.role = role
            agent.active = active
            var use = Inventory.AgentUse(agent: agent, isDescribed: true)
            use.messages = messages
            use.lastSeen = lastSeen.flatMap { Instant($0) }
            inventory.agents[id] = use
        }
        add("1", "Ana", "Ana@x.example")
        add("2", "Bo", "bo@old.example")
        add("3", "Cy", "cy@x.example", active: false)
        add("4", "Robot", nil, role: .bot)
        add("5", "Di", "di@x.example", active: false, messages: 0, lastSeen: nil)
        add("6", "Ed", "ed@x.example", lastSeen: "2021-01-01")
        add("7", "Flo", "team@x.example")
        add("8", "Gil", "TEAM@x.example")
        add("9", "Hal", nil)
        inventory.agents["10"] = Inventory.AgentUse(agent: Agent(), isDescribed: false)
        func there(_ id: String, _ name: String, _ email: String) -> Agent {
            var agent = Agent()
            agent.id = id
            agent.name = name
            agent.email = email
            return agent
        }
        let alone = AgentSuggestion.all(for: inventory, destination: nil)
        #expect(
            alone.mapValues(\.action) == [
                "1": "keep", "2": "keep", "3": "placeholder", "4": "keep", "5": "unassigned", "6": "placeholder",
                "7": "keep",
                "8": "keep", "9": "keep", "10": "placeholder",
            ])
        #expect(alone["7"]?.reason == "same e-mail as 8; one target may serve all")
        #expect(alone["6"]?.reason == "silent for a year; last seen 2021-01-01")
        let known = AgentSuggestion.all(
            for: inventory, destination: [there("a1", "Ana", "ana@x.example"), there("b1", "bo", "bo@new.example")])
        #expect(known["1"]?.target == "a1" && known["1"]?.reason == "same e-mail at the destination")
        #expect(known["2"]?.target == "b1" && known["2"]?.reason.contains("e-mail differs") == true)
        #expect(known["9"]?.action == "placeholder")
    }
}
