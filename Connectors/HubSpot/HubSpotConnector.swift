public import ConnectorKit

/// HubSpot: tickets with their threads, messages, notes and mails; contacts, companies, owners.
public enum HubSpotConnector {
    /// The connector.
    public static let connector = Connector(
        name: "hubspot", title: "HubSpot",
        summary: "Pages and lines of the Conversations and CRM APIs; CSV exports of tickets, contacts and companies.",
        exports: HubSpotExports.all,
        capabilities: Capabilities(
            body: .both, firstMessageLeads: false, authorsAreIDs: false, systemAuthor: nil, entryLimit: nil,
            // Source: https://developers.hubspot.com/docs/api/crm/notes
            bodyLimit: 65536, attachmentLimit: nil, subjectLimit: nil, ratingScale: nil,
            notes: [
                "a ticket heads the conversation of its thread; a thread without one is a conversation of its own",
                "the inbox API takes no threads with past times; a custom channel or the CRM import does",
                "owners and the users of threads have different numbers; match them by e-mail",
            ]),
        ceilings: HubSpotExports.ceilings)
}
