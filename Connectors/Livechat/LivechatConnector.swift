public import ConnectorKit

/// LiveChat: chats with their threads and events, customers, agents, bots and groups; chats and tickets of version 2.
public enum LivechatConnector {
    /// The connector.
    public static let connector = Connector(
        name: "livechat", title: "LiveChat",
        summary:
            "Chats as list_archives, get_chat and webhooks give them, agents, bots, groups; version 2 chats and tickets.",
        exports: LivechatExports.all,
        capabilities: Capabilities(
            body: .text, firstMessageLeads: false, authorsAreIDs: true, systemAuthor: nil,
            // Source: https://platform.text.com/messaging/agent-chat-api/data-structures, section Message
            entryLimit: nil, bodyLimit: 16384, attachmentLimit: nil, subjectLimit: nil, ratingScale: 2,
            notes: [
                "a chat is one conversation and its threads are the sessions; a thread is active or not, nothing between",
                "a file is an event of its own; text and files of one message become several events of the same time",
                "there is no file import: written files have the shape of list_archives, for the API to be fed from",
            ]),
        ceilings: LivechatExports.ceilings)
}
