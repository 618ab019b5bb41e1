import ConnectorCatalog
import ConnectorKit
import ConversationModel
import Diagnostics
import FieldMapping
import Foundation
import SyncEngine
import Testing

/// Every platform's fixtures, converted to every other platform and read back there.
@Suite struct PairTests {
    struct Pair: Sendable, CustomTestStringConvertible {
        let source: String
        let destination: String
        var testDescription: String { source + " -> " + destination }
    }

    static let platforms = ConnectorCatalog.all.map(\.name).filter { $0 != "neutral" && $0 != "memory" }
    static let pairs = platforms.flatMap { source in
        platforms.filter { $0 != source }.map { Pair(source: source, destination: $0) }
    }

    /// Fixtures that hold whole records: what is broken or empty is tested elsewhere.
    static func fixtures(of name: String) throws -> [String] {
        let root = FixtureTests.root
        let vendor = try FileManager.default.contentsOfDirectory(atPath: root).first {
            $0.lowercased() == name.replacingOccurrences(of: "-", with: "")
        }
        let folder = root + "/" + (try #require(vendor)) + "/Fixtures"
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            .filter { !["broken", "empty", "truncated"].contains($0) }.map { folder + "/" + $0 }
    }

    private struct Written {
        var conversations: [String: Conversation] = [:]
        var report: RunReport
    }

    /// What arrives at a destination, read back from its files.
    private func convert(_ fixture: String, _ pair: Pair) async throws -> (before: [Conversation], after: Written) {
        let from = Platform(try #require(ConnectorCatalog.connector(named: pair.source)))
        let to = try #require(ConnectorCatalog.connector(named: pair.destination))
        let shop = try Workshop(to)
        defer { shop.clear() }
        let request = PassRequest(
            source: try FileSource(from, path: fixture), destination: shop.platform, mapping: Mapping.empty.compiled(),
            workers: 2)
        let plan = RunPlan(
            request: request, destinationPath: shop.directory + "/out", sourceName: "a", destinationName: "b",
            mappingHash: "", statePath: shop.directory + "/state")
        let report = try await Engine.convert(plan, hooks: RunHooks())
        let source = try Workshop(from.connector)
        defer { source.clear() }
        var before: [String: Conversation] = [:]
        for case .conversation(let value) in try source.read(fixture).records { before[value.id] = value }
        var after = Written(report: report)
        for case .conversation(let value) in try shop.read(shop.directory + "/out").records {
            after.conversations[value.id] = value
        }
        return (before.values.sorted { $0.id < $1.id }, after)
    }

    /// What a body says, whatever its form.
    private func words(_ entry: Entry) -> String {
        let text = entry.html.map { HTMLWords.plain($0) } ?? entry.text ?? ""
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    @Test(arguments: pairs)
    func whateverIsInTheSourceArrivesOrIsANamedLoss(_ pair: Pair) async throws {
        for fixture in try Self.fixtures(of: pair.source) {
            let (before, after) = try await convert(fixture, pair)
            let losses = Set(after.report.losses.all.map(\.field))
            func named(_ prefixes: String...) -> Bool {
                losses.contains { loss in prefixes.contains { loss == $0 || loss.hasPrefix($0 + ".") } }
            }
            let name = (fixture as NSString).lastPathComponent
            #expect(after.report.quarantine.isEmpty, "\(name): \(after.report.quarantine.prefix(2))")
            for conversation in before {
                guard let there = after.conversations[conversation.id] else {
                    #expect(
                        named("record", "id", "conversation") || after.conversations.count >= before.count,
                        "\(name): \(conversation.id) is gone")
                    continue
                }
                check(conversation, there, "\(name)/\(conversation.id)", named)
            }
            checkPrivacy(before, Array(after.conversations.values), name)
        }
    }

    private func check(
        _ before: Conversation, _ after: Conversation, _ place: String, _ named: (String...) -> Bool
    ) {
        for kind in [Entry.Kind.message, .note] {
            let mine = before.timeline.filter { $0.kind == kind }
            let theirs = after.timeline.filter { $0.kind == kind }
            if theirs.count < mine.count {
                #expect(
                    named("timeline.message", "timeline.note", "timeline.kind", "timeline"),
                    "\(place): \(mine.count) \(kind) entries became \(theirs.count)")
            }
            let there = theirs.map(words)
            for entry in mine where !words(entry).isEmpty && !there.contains(words(entry)) {
                #expect(
                    named("timeline.text", "timeline.html", "timeline.message", "timeline.note"),
                    "\(place): the words of \(entry.id) are gone")
            }
        }
        let times = Set(after.timeline.compactMap(\.createdAt))
        for entry in before.timeline where !entry.kind.isEvent {
            guard let time = entry.createdAt, !times.contains(time) else { continue }
            #expect(
                named("timeline.created_at", "timeline.message", "timeline.note"), "\(place): time of \(entry.id)")
        }
        let authors = Set(after.timeline.map { "\($0.author.kind) \($0.author.id ?? $0.author.name ?? "")" })
        for entry in before.timeline where !entry.kind.isEvent {
            let author = "\(entry.author.kind) \(entry.author.id ?? entry.author.name ?? "")"
            if !authors.contains(author) {
                #expect(
                    named("timeline.author", "timeline.message", "timeline.note"),
                    "\(place): author \(author) of \(entry.id)")
            }
        }
        let files = before.timeline.flatMap(\.attachments).count
        if after.timeline.flatMap(\.attachments).count < files {
            #expect(named("timeline.attachments", "timeline.event", "timeline.note"), "\(place): files")
        }
    }

    private func checkPrivacy(_ before: [Conversation], _ after: [Conversation], _ name: String) {
        let open = Set(before.flatMap(\.timeline).filter { $0.kind == .message }.map(words))
        let secret = Set(before.flatMap(\.timeline).filter { $0.kind == .note }.map(words)).subtracting(open)
        let shown = Set(after.flatMap(\.timeline).filter { $0.kind == .message }.map(words))
        #expect(secret.filter { !$0.isEmpty }.isDisjoint(with: shown), "\(name): a note became public")
    }

    @Test func thePairsAreAllThereAre() {
        #expect(Self.pairs.count == Self.platforms.count * (Self.platforms.count - 1))
    }
}

/// HTML as words, by a way of its own so that the product's is not measured with itself.
private enum HTMLWords {
    static func plain(_ html: String) -> String {
        var text = html
        for tag in ["br", "/p", "/div", "/li", "/h1", "/h2", "/tr", "/td"] {
            text = text.replacingOccurrences(of: "<\(tag)>", with: " ", options: .caseInsensitive)
            text = text.replacingOccurrences(of: "<\(tag)/>", with: " ", options: .caseInsensitive)
        }
        text = text.replacingOccurrences(of: "<[^>]+>", with: "", options: .regularExpression)
        for (entity, character) in [
            ("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&"),
        ] {
            text = text.replacingOccurrences(of: entity, with: character)
        }
        return text
    }
}
