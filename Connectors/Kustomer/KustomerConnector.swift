public import ConnectorKit

/// Kustomer: conversations with their messages and notes, customers, companies, users and teams.
public enum KustomerConnector {
    /// The connector.
    public static let connector = Connector(
        name: "kustomer", title: "Kustomer",
        summary:
            "JSON:API pages or JSON Lines saved from the API, one kind a file; CSV of customers, users and companies.",
        exports: KustomerExports.all,
        capabilities: Capabilities(
            body: .text, firstMessageLeads: false, authorsAreIDs: true, systemAuthor: nil,
            // Source: https://developer.kustomer.com/api/core-resources/create-conversation
            entryLimit: nil, bodyLimit: nil, attachmentLimit: nil, subjectLimit: 256,
            ratingScale: 5,
            notes: [
                "a conversation is open, snoozed or done",
                "messages and notes are plain text",
                "a conversation has one customer; a message from another contact names that one",
                "custom attributes carry their type in their name, so foreign keys get an ending",
                "the history of a conversation cannot be imported; its events are dropped and counted by kind",
                "whether an agent still signs in can only be read",
            ]),
        ceilings: KustomerExports.ceilings)
}
