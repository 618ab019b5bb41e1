public import ConnectorKit

/// Intercom: conversations and tickets with their parts, contacts, companies, admins, teams and attributes.
public enum IntercomConnector {
    /// The connector.
    public static let connector = Connector(
        name: "intercom", title: "Intercom",
        summary:
            "Conversations as the API returns them: documents, JSON Lines or pages; contacts, companies, admins, teams.",
        exports: IntercomExports.all,
        capabilities: Capabilities(
            body: .html, firstMessageLeads: true, authorsAreIDs: false, systemAuthor: nil,
            // Source: https://developers.intercom.com/docs/references/rest-api/api.intercom.io/conversations
            entryLimit: 500, bodyLimit: nil, attachmentLimit: nil, subjectLimit: nil, ratingScale: 5,
            notes: [
                "the first message stands apart from the parts and is as old as the conversation",
                "times are whole seconds",
                "a conversation is open, snoozed or closed; other states become the nearest of these",
            ]),
        ceilings: IntercomExports.ceilings)
}
