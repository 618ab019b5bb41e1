public import ConnectorKit

/// Files for HubSpot's CRM importer: tables, each with the request that says what its columns are.
public enum HubSpotImportConnector {
    /// The connector.
    public static let connector = Connector(
        name: "hubspot-import", title: "HubSpot CRM import",
        summary:
            "CSV files and import requests for the CRM importer: tickets with notes and e-mails, contacts, companies.",
        exports: HubSpotImportExports.all,
        capabilities: Capabilities(
            body: .both, firstMessageLeads: false, authorsAreIDs: false, systemAuthor: nil, entryLimit: nil,
            bodyLimit: nil, attachmentLimit: nil, subjectLimit: nil, ratingScale: nil,
            notes: [
                "import one file after the other: companies, contacts, tickets, ticket_contacts, notes, e-mails",
                "the importer knows calls, e-mails, meetings, notes and tasks, so every message becomes an e-mail",
                "notes and e-mails cannot be updated by import; their creation key keeps them from being made twice",
                "members of the staff are known by their address",
                "own properties such as legacy_id must exist before; NAME.properties.json holds the request that makes them",
            ]),
        ceilings: [])
}
