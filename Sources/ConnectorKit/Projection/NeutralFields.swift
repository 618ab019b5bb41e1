public import ConversationModel

/// All fields of the neutral model by kind of record, as losses name them.
public enum NeutralFields {
    /// Paths in the order of the model; those of entries and sessions stand behind a conversation's own.
    public static let names: [Entity: [String]] = [
        .field: FieldDefinition.properties.map(\.name), .team: Team.properties.map(\.name),
        .agent: Agent.properties.map(\.name), .company: Company.properties.map(\.name),
        .contact: Contact.properties.map(\.name),
        .conversation: Conversation.properties.map(\.name) + Session.properties.map { "sessions." + $0.name }
            + Entry.properties.map { "timeline." + $0.name },
    ]
}
