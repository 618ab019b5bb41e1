import ConnectorCatalog
import ConnectorKit
import ConversationModel
import Diagnostics
import Foundation
import Testing

/// What vendors really send, by the synthetic exports in each connector's folder.
@Suite struct FixtureTests {
    /// Fixture folders whose records are written back by the same connector; `broken` has records that cannot be read.
    static let whole = [
        "Memory/one", "Neutral/one", "HubSpot/one", "HubSpot/long", "HubSpot/pages", "Zendesk/one", "Zendesk/audits",
        "Zendesk/kinds", "Zendesk/long",
        "Zendesk/links", "Zendesk/private",
        "Intercom/one",
        "Intercom/kinds", "Intercom/long", "Intercom/pages",
        "Intercom/tickets",
        "Intercom/capped", "Kustomer/one", "Kustomer/kinds", "Kustomer/pages", "Kustomer/capped",
        "Livechat/one", "Livechat/threads",
        "Freshchat/one", "Freshchat/kinds", "Freshchat/long", "Freshchat/documents", "Freshchat/dumps",
        "ZendeskChat/one", "ZendeskChat/kinds", "ZendeskChat/older", "ZendeskChat/long",
    ]
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Connectors").path

    private func folder(_ fixture: String) -> String {
        let parts = fixture.split(separator: "/")
        return "\(Self.root)/\(parts[0])/Fixtures/\(parts[1])"
    }

    private func shop(_ fixture: String) throws -> Workshop {
        let name = fixture.split(separator: "/")[0].lowercased()
        let connector = ConnectorCatalog.all.first { $0.name.replacingOccurrences(of: "-", with: "") == name }
        return try Workshop(try #require(connector))
    }

    /// All objects with an id that the JSON files of a folder hold, by stream and id.
    private func records(_ directory: String) throws -> [String: NSDictionary] {
        var records: [String: NSDictionary] = [:]
        func id(of object: [String: Any]) -> Any? {
            object["id"] ?? object["conversation_id"]
                ?? (object["conversation"] as? [String: Any])?["conversation_id"]
        }
        func take(_ value: Any) {
            if let object = value as? [String: Any] {
                for key in [
                    "tickets", "users", "organizations", "groups", "ticket_fields", "conversations", "data", "admins",
                    "teams", "audits", "chats", "threads", "customers", "agents", "messages", "results",
                ] {
                    if let list = object[key] as? [Any], id(of: object) == nil {
                        (object["included"] as? [Any])?.forEach(take)
                        return list.forEach(take)
                    }
                }
                let kind = object["type"] as? String ?? ""
                if let id = id(of: object) { records["\(kind)/\(id)"] = object as NSDictionary }
            } else if let list = value as? [Any] {
                list.forEach(take)
            }
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
            let text = try String(contentsOfFile: directory + "/" + name, encoding: .utf8)
            if let whole = try? JSONSerialization.jsonObject(with: Data(text.utf8)) {
                take(whole)
            } else {
                for line in text.split(separator: "\n") {
                    take(try JSONSerialization.jsonObject(with: Data(line.utf8)))
                }
            }
        }
        return records
    }

    @Test(arguments: whole)
    func readingAndWritingGivesTheSameExport(_ fixture: String) throws {
        let shop = try shop(fixture)
        defer { shop.clear() }
        let read = try shop.read(folder(fixture))
        #expect(read.notes.rejected.isEmpty)
        let written = try records(try shop.write(read.records, to: "out"))
        let original = try records(folder(fixture))
        #expect(!original.isEmpty)
        for (key, record) in original { #expect(written[key] == record, "\(fixture): \(key)") }
        #expect(written.count == original.count)
    }

    @Test(arguments: whole)
    func theWayThroughTheNeutralBundleGivesTheSameExport(_ fixture: String) throws {
        let shop = try shop(fixture)
        let neutral = try Workshop(try #require(ConnectorCatalog.connector(named: "neutral")))
        defer {
            shop.clear()
            neutral.clear()
        }
        let bundle = try neutral.write(try shop.read(folder(fixture)).records, to: "bundle")
        let written = try records(try shop.write(try neutral.read(bundle).records, to: "out"))
        for (key, record) in try records(folder(fixture)) { #expect(written[key] == record, "\(fixture): \(key)") }
    }

    @Test func brokenRecordsAreNamedAndTheOthersGoOn() throws {
        let zendesk = try shop("Zendesk/broken")
        defer { zendesk.clear() }
        let read = try zendesk.read(folder("Zendesk/broken"))
        #expect(read.records.map(\.id) == ["51", "57"])
        let rejected = read.notes.rejected.map { ($0.id ?? "-", $0.place.line ?? 0, $0.place.path ?? "", $0.reason) }
        #expect(rejected.map(\.1).sorted() == [2, 3, 4, 6, 7, 8, 10, 11])
        #expect(rejected.first { $0.0 == "54" }?.2 == "created_at")
        #expect(rejected.first { $0.0 == "54" }?.3.contains("31/02/2024") == true)
        #expect(rejected.first { $0.0 == "55" }?.2 == "comments")
        #expect(read.notes.recordsRead + read.notes.rejected.count == 10)

        let intercom = try shop("Intercom/broken")
        defer { intercom.clear() }
        let second = try intercom.read(folder("Intercom/broken"))
        #expect(second.records.map(\.id) == ["801", "805"])
        #expect(
            Set(second.notes.rejected.map(\.place.path)) == [
                "conversation_parts.conversation_parts", "conversation_parts.conversation_parts[0].created_at", nil,
            ])
    }

    @Test func anEmptyAccountIsNoError() throws {
        for fixture in ["Zendesk/empty", "Intercom/empty", "Livechat/empty", "ZendeskChat/empty"] {
            let shop = try shop(fixture)
            defer { shop.clear() }
            let read = try shop.read(folder(fixture))
            #expect(read.records.isEmpty && read.notes.rejected.isEmpty)
        }
    }

    @Test func csvAndXMLTicketsAreRead() throws {
        let shop = try shop("Zendesk/csv")
        defer { shop.clear() }
        let rows = try shop.read(folder("Zendesk/csv")).records
        guard case .conversation(let row) = try #require(rows.first) else { return }
        #expect(row.subject == "Late, \"very\" late\nparcel")
        #expect(row.tags == ["vip", "refund"])
        #expect(row.status == .open && row.priority == .high && row.channel == .email)
        #expect(row.createdAt == Instant("2024-03-01T10:00:00Z"))
        #expect(row.rating == Rating(score: 2, scale: 2))
        let elements = try shop.read(folder("Zendesk/xml")).records
        guard case .conversation(let element) = try #require(elements.first) else { return }
        #expect(element.id == "41" && element.status == .solved && element.priority == .normal)
        #expect(element.assignee == nil && element.requester == "501")
        #expect(element.updatedAt == Instant("2010-03-02T09:00:00Z"))
        #expect(element.timeline.map(\.kind) == [.message, .note])
        #expect(element.timeline.map(\.text) == ["Where is it?", "ask the courier"])
    }

    @Test func auditsTellWhatChangedAndTheCommentsThatATicketDoesNotHold() throws {
        let shop = try shop("Zendesk/audits")
        defer { shop.clear() }
        let read = try shop.read(folder("Zendesk/audits"))
        #expect(read.notes.incomplete.isEmpty)
        let records = read.records.compactMap { if case .conversation(let value) = $0 { value } else { nil } }
        let changed = try #require(records.first { $0.id == "71" })
        #expect(
            changed.timeline.map(\.kind) == [
                .message, .message, .event(.status), .event(.assigned), .event(.tagAdded), .event(.field),
            ])
        #expect(changed.timeline[2].to == .string("solved") && changed.timeline[2].author.name == "Ana Ruiz")
        #expect(changed.timeline[5].field == "900" && changed.timeline[5].to == .string("B-2"))
        let bare = try #require(records.first { $0.id == "72" })
        #expect(bare.timeline.map(\.id) == ["7201", "7211"])
        #expect(bare.timeline.map(\.kind) == [.message, .note])
        #expect(bare.timeline.map(\.text) == ["Hello", "ask the courier"])
    }

    @Test func partsThatSayTwoThingsBecomeTwoEntries() throws {
        let shop = try shop("Intercom/kinds")
        defer { shop.clear() }
        let records = try shop.read(folder("Intercom/kinds")).records
        guard case .conversation(let conversation) = try #require(records.first) else { return }
        let closing = conversation.timeline.filter { $0.id.hasPrefix("1100") }
        #expect(closing.map(\.id) == ["1100:event", "1100"])
        #expect(closing.map(\.kind) == [.event(.status), .message])
        #expect(closing[0].to == .string("closed") && closing[1].html == "<p>closing words</p>")
        #expect(conversation.timeline[0].html == "<p>Where is it?</p>")
        #expect(conversation.timeline[0].createdAt == conversation.createdAt)
        #expect(conversation.subject == "Late parcel" && conversation.channel == .email)
    }
}
