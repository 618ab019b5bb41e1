import ConversationModel
import Diagnostics
import FieldMapping
import Foundation
import Testing

struct NoSuchFile: Error {}

/// A mapping out of texts in memory; `files` are what it may name.
func mapping(_ texts: String..., files: [String: String] = [:]) throws -> Mapping {
    let layers = texts.enumerated().map {
        MappingLayer(name: "layer\($0.offset + 1).json5", bytes: Array($0.element.utf8))
    }
    return try Mapping(layers: layers) { name in
        guard let text = files[name] else { throw NoSuchFile() }
        return Array(text.utf8)
    }
}

/// A mapping of one layer whose `version` stands already.
func sections(_ text: String, files: [String: String] = [:]) throws -> Mapping {
    try mapping("{version: 1, \(text)}", files: files)
}

/// Faults of a mapping that must not be accepted.
func faults(_ text: String, files: [String: String] = [:], at location: SourceLocation = #_sourceLocation)
    -> [MappingFault]
{
    do {
        _ = try mapping(text, files: files)
        Issue.record("the mapping was accepted", sourceLocation: location)
    } catch let error as MigrationError {
        #expect(error.code == "mapping/invalid", sourceLocation: location)
        #expect(error.exit == .configuration, sourceLocation: location)
        return (error.cause as? MappingFaults)?.faults ?? []
    } catch {
        Issue.record(error, sourceLocation: location)
    }
    return []
}

/// A text whose `¶` stands before what a message must point at.
struct MarkedText {
    let text: String
    let line: Int
    let column: Int

    init(_ marked: String) {
        let parts = marked.split(separator: "¶", maxSplits: 1, omittingEmptySubsequences: false)
        text = parts.joined()
        let lines = parts[0].unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        line = lines.count
        column = (lines.last?.count ?? 0) + 1
    }
}

/// What one application gives.
struct Applied {
    var conversation = Conversation()
    var disposition = Disposition.keep
    var losses = LossTally()
    var coverage = MappingCoverage()

    func count(_ field: String, _ lossClass: LossClass) -> Int { losses.count(.conversation, field, lossClass) }
}

extension CompiledMapping {
    func applied(to conversation: Conversation, people: SourcePeople = SourcePeople()) -> Applied {
        var result = Applied(conversation: conversation)
        result.disposition = apply(
            to: &result.conversation, people: people, losses: &result.losses, coverage: &result.coverage)
        return result
    }
}

extension Conversation {
    static func sample(_ change: (inout Conversation) -> Void = { _ in }) -> Conversation {
        var conversation = Conversation()
        conversation.id = "c1"
        change(&conversation)
        return conversation
    }
}

func entry(_ kind: Entry.Kind, _ author: Author, from: JSONValue? = nil, to: JSONValue? = nil) -> Entry {
    var entry = Entry()
    entry.kind = kind
    entry.author = author
    entry.from = from
    entry.to = to
    return entry
}

func agent(_ id: String, email: String? = nil, name: String? = nil, role: Agent.Role? = .agent) -> Agent {
    var agent = Agent()
    agent.id = id
    agent.email = email
    agent.name = name
    agent.role = role
    return agent
}

func team(_ id: String, _ name: String) -> Team {
    var team = Team()
    team.id = id
    team.name = name
    return team
}

/// The repository's folder.
let repository = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
