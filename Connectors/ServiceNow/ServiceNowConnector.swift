public import ConnectorKit

/// ServiceNow: incidents, customer service cases and interactions with their journals, mails, files and chats; people.
public enum ServiceNowConnector {
    /// The connector.
    public static let connector = Connector(
        name: "servicenow", title: "ServiceNow",
        summary:
            "Unload and list XML, JSON of lists and of the Table API, JSONv2, CSV; written as XML that an instance imports.",
        exports: ServiceNowExports.all,
        capabilities: Capabilities(
            body: .text, firstMessageLeads: false, authorsAreIDs: true, systemAuthor: ServiceNowBindings.system,
            // Source: https://github.com/ServiceNow/ServiceNowDocs/blob/HEAD/markdown/api-reference/rest-apis/case-api.md
            entryLimit: nil, bodyLimit: nil, attachmentLimit: nil, subjectLimit: 160, ratingScale: nil,
            notes: [
                "the description is the first message; comments are messages and work notes are notes",
                "what came from elsewhere is written as incidents; a key of 32 digits is made of each id",
                "times are whole seconds, texts are plain, custom fields are text",
                "files hang on the record, where its requester sees them: those of notes are left out",
            ]),
        ceilings: ServiceNowExports.ceilings,
        contents: .pieces([ServiceNowForm.xml, .json].compactMap { ServiceNowBindings.pieces($0) }))
}
