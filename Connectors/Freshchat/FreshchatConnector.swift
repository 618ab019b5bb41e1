public import ConnectorKit

/// Freshchat: conversations with their messages, users, agents, groups, channels, conversation fields, and raw reports.
public enum FreshchatConnector {
    /// The connector.
    public static let connector = Connector(
        name: "freshchat", title: "Freshchat",
        summary:
            "Records as the API returns them: pages, arrays, JSON Lines or one document a conversation; raw reports as CSV.",
        exports: FreshchatExports.all,
        capabilities: Capabilities(
            body: .text, firstMessageLeads: false, authorsAreIDs: true, systemAuthor: nil, entryLimit: nil,
            bodyLimit: nil, attachmentLimit: nil, subjectLimit: nil, ratingScale: nil,
            notes: [
                "what a message says is a list of parts: one text and the files behind it are written",
                "a conversation is new, assigned or resolved; other states become the nearest of these",
                "of events only resolving and reopening have a form; others are dropped and counted by kind",
                "the API stamps its own time on what it creates: the files keep times, a later upload cannot",
            ]),
        ceilings: FreshchatExports.ceilings)
}
