public import ConnectorKit

/// Zendesk Chat, once Zopim: chats with their history, offline messages, visitors, agents and departments.
public enum ZendeskChatConnector {
    /// The connector.
    public static let connector = Connector(
        name: "zendesk-chat", title: "Zendesk Chat",
        summary:
            "Chats and offline messages as the API gives them: incremental pages, lists, the map of bulk requests, JSON Lines.",
        exports: ZendeskChatExports.all,
        capabilities: Capabilities(
            body: .text, firstMessageLeads: false, authorsAreIDs: false, systemAuthor: nil, entryLimit: nil,
            bodyLimit: nil, attachmentLimit: nil, subjectLimit: nil, ratingScale: 2,
            notes: [
                "a chat is one conversation and one session; an offline message is one message in an offline session",
                "a chat has one visitor; other contacts are kept under a nick of their own",
                "what agents say among themselves has no place in a chat: notes are dropped and counted",
                "of the API only past chats can be created one by one; Zendesk Support imports more",
            ]),
        ceilings: ZendeskChatExports.ceilings)
}
