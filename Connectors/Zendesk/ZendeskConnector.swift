public import ConnectorKit

/// Zendesk Support: tickets with their comments, messaging and side conversations, users, organizations and groups.
public enum ZendeskConnector {
    /// The connector.
    public static let connector = Connector(
        name: "zendesk", title: "Zendesk Support",
        summary:
            "JSON Lines account export, pages saved from the API (messaging and side conversations too), ticket CSV; XML as a best effort.",
        exports: ZendeskExports.all,
        capabilities: Capabilities(
            body: .both, firstMessageLeads: false, authorsAreIDs: true, systemAuthor: "-1",
            // Source: https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_comments/
            entryLimit: 5000, bodyLimit: 65536, attachmentLimit: nil, subjectLimit: nil, ratingScale: 2,
            notes: [
                "events of a ticket cannot be imported; they are dropped and counted by kind",
                "a comment's author is a user's id; authors known by name alone get a user record of their own",
            ]),
        ceilings: ZendeskExports.ceilings)
}
