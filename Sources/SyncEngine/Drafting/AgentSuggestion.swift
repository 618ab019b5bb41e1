public import ConversationModel
internal import Diagnostics

/// What to do with one agent of a source, and why; made from evidence alone, for a person to accept or change.
public struct AgentSuggestion: Sendable, Equatable {
    /// A word of the people file's `action`: `keep`, `placeholder` or `unassigned`; or `map`.
    public let action: String
    /// Id or e-mail at the destination, for `map`.
    public let target: String?
    /// Why, in a few words.
    public let reason: String

    /// How long an agent may be silent, before the newest entry of the source, and still count as present.
    public static let silence = 365 * 86_400

    /// Suggests for all agents of an inventory.
    ///
    /// - Parameters:
    ///   - inventory: The source.
    ///   - destination: Agents of the destination; `nil` when it was not asked.
    /// - Returns: One suggestion an agent, by id.
    public static func all(for inventory: Inventory, destination: [Agent]?) -> [String: AgentSuggestion] {
        var sharing: [String: [String]] = [:]
        for use in inventory.agents.values {
            if let email = use.agent.email?.lowercased() { sharing[email, default: []].append(use.agent.id) }
        }
        var byEmail: [String: Agent] = [:]
        var byName: [String: [Agent]] = [:]
        for agent in destination ?? [] {
            if let email = agent.email?.lowercased() { byEmail[email] = byEmail[email] ?? agent }
            if let name = agent.name?.lowercased() { byName[name, default: []].append(agent) }
        }
        let newest = inventory.agents.values.compactMap(\.lastSeen).max()
        return inventory.agents.mapValues { use in
            let email = use.agent.email?.lowercased()
            if let email, let twin = byEmail[email] {
                return AgentSuggestion(action: "map", target: twin.id, reason: "same e-mail at the destination")
            }
            if let others = email.flatMap({ sharing[$0] }), others.count > 1 {
                let rest = others.filter { $0 != use.agent.id }.sorted().joined(separator: ", ")
                return AgentSuggestion(
                    action: "keep", target: nil, reason: "same e-mail as \(rest); one target may serve all")
            }
            return suggestion(for: use, byName, newest: newest, isDestinationKnown: destination != nil)
        }
    }

    private static func suggestion(
        for use: Inventory.AgentUse, _ byName: [String: [Agent]], newest: Instant?, isDestinationKnown: Bool
    ) -> AgentSuggestion {
        func suggest(_ action: String, _ reason: String) -> AgentSuggestion {
            AgentSuggestion(action: action, target: nil, reason: reason)
        }
        if use.agent.role == .bot { return suggest("keep", "a bot; it follows only rules that name it") }
        let seen = use.lastSeen.map { "last seen \($0.description.prefix(10))" }
        if let name = use.agent.name?.lowercased(), let twins = byName[name], twins.count == 1 {
            return AgentSuggestion(
                action: "map", target: twins[0].id, reason: "same name at the destination; the e-mail differs")
        }
        if !use.isDescribed {
            let known =
                use.isNameAlone ? "known by name alone" : "no record describes this person, who may be deleted"
            return suggest("placeholder", [known, seen].joined(separator: "; "))
        }
        if use.messages == 0, use.conversations == 0, use.agent.active == false {
            return suggest("unassigned", "cannot sign in and nothing refers to this person")
        }
        if use.agent.active == false {
            return suggest("placeholder", ["cannot sign in any more", seen].joined(separator: "; "))
        }
        if let last = use.lastSeen, let newest, newest.seconds - last.seconds > Int64(silence) {
            return suggest("placeholder", "silent for a year; last seen \(last.description.prefix(10))")
        }
        if isDestinationKnown {
            return suggest("placeholder", "nobody at the destination has this e-mail or name")
        }
        guard use.agent.email != nil else {
            return suggest("keep", "has no e-mail to be matched by; name a target")
        }
        let same = "an equal e-mail at the destination is the same person"
        return suggest("keep", use.agent.active == true ? "active; " + same : same)
    }
}

extension [String?] {
    fileprivate func joined(separator: String) -> String { compactMap(\.self).joined(separator: separator) }
}
