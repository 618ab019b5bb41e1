import ConnectorCatalog
import ConnectorKit
import Foundation
import Testing

/// A location whose connector nobody names is proposed as the platform that gave it, or as undecided; never as another.
@Suite struct PlatformChoiceTests {
    private static let platforms = ConnectorCatalog.all.map(Platform.init)

    /// Fixtures that hold nothing which only their own platform gives, and why.
    private static let undecided = [
        "Freshchat/empty": "empty files, and an empty list of agents as others give it",
        "HubSpot/empty": "empty lists of results, as searches of others give them",
        "Intercom/empty": "an empty file of a common name",
        "Kustomer/empty": "empty lists of data in files of common names",
        "Livechat/empty": "an empty list of chats as another gives it",
        "Zendesk/empty": "empty files of common names",
        "ZendeskChat/empty": "an empty list of chats as another gives it",
    ]

    private static func folders(_ path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).filter { !$0.hasPrefix(".") }.sorted()
    }

    /// Every fixture by folder and name, with its path.
    private static let fixtures: [(name: String, path: String)] = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Connectors").path
        let vendors = (try? folders(root)) ?? []
        return vendors.flatMap { vendor in
            ((try? folders("\(root)/\(vendor)/Fixtures")) ?? []).map {
                ("\(vendor)/\($0)", "\(root)/\(vendor)/Fixtures/\($0)")
            }
        }
    }()

    /// The connector of a folder: `hubspot-import` lies in `HubSpotImport`.
    private static func connector(ofFolder name: Substring) -> String? {
        ConnectorCatalog.names.first { $0.replacing("-", with: "") == name.lowercased() }
    }

    @Test func everyFixtureIsProposedAsItsOwnPlatform() throws {
        #expect(Self.fixtures.count > 80)
        #expect(Set(Self.undecided.keys).isSubset(of: Set(Self.fixtures.map(\.name))))
        for (name, path) in Self.fixtures {
            let own = try #require(Self.connector(ofFolder: name.split(separator: "/")[0]), "\(name)")
            let choice = PlatformChoice(among: Self.platforms, path: path)
            let likely = choice.likely.map(\.source.platform.connector.name)
            if Self.undecided[name] != nil {
                #expect(choice.decided == nil && choice.isBlind, "\(name): \(choice.decided?.reason ?? "")")
                #expect(likely.count > 1 && likely.contains(own), "\(name): \(likely)")
            } else {
                #expect(choice.decided?.source.platform.connector.name == own, "\(name): \(likely)")
            }
        }
    }

    private func choice(_ files: [String: String]) throws -> PlatformChoice {
        let folder = NSTemporaryDirectory() + "deskferry-choice-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (name, text) in files { try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8) }
        return PlatformChoice(among: Self.platforms, path: folder)
    }

    /// Two files that only their names speak for weigh less than one whose record says what it is.
    @Test func recordsOutweighNames() throws {
        let record =
            #"{"type":"conversation","id":"1","attributes":{"name":"Late parcel"},"relationships":{},"links":{}}"#
        let choice = try choice(["tickets.jsonl": "", "users.jsonl": "", "conversations.jsonl": record])
        let best = try #require(choice.decided)
        #expect(best.source.platform.connector.name == "kustomer")
        #expect(
            best.reason
                == "2 of 3 files with users, conversations: the records have the keys Kustomer gives (5 of 5); they say themselves what they are; 1 of them only by name"
        )
    }

    @Test func halvesOfTwoExportsAreUndecided() throws {
        let one = #"{"type":"conversation","id":"1","attributes":{"name":"A"},"relationships":{},"links":{}}"#
        let other =
            #"{"id":1,"url":"https://acme.example/1","subject":"A","description":"B","status":"open","priority":null,"type":null,"tags":[],"requester_id":5,"assignee_id":6,"group_id":7,"created_at":"2024-01-05T10:00:00Z","updated_at":"2024-01-05T10:00:00Z","custom_fields":[],"via":{"channel":"web"}}"#
        let choice = try choice(["conversations.jsonl": one + "\n" + one, "tickets.jsonl": other])
        #expect(choice.decided == nil && !choice.isBlind)
        #expect(Set(choice.likely.map(\.source.platform.connector.name)) == ["kustomer", "zendesk"])
    }

    @Test func aNameAloneIsNoProposal() throws {
        let choice = try choice(["incoming_emails.csv": "", "threads.jsonl": ""])
        #expect(choice.decided == nil)
        #expect(try self.choice(["photo.png": "no export"]).candidates.isEmpty)
    }
}
