public import ConnectorKit
internal import ConversationModel

/// The neutral model on disk: a directory with one JSON Lines file a kind of record and `bundle.json` beside them.
public enum NeutralConnector {
    /// The connector.
    public static let connector = Connector(
        name: "neutral", title: "Deskferry bundle",
        summary: "The neutral conversation model as JSON Lines; holds everything that any connector reads.",
        exports: [
            export(.field, "fields", keys: ["key"], .field(NeutralBindings.field)),
            export(.team, "teams", keys: [], .team(NeutralBindings.team)),
            export(.agent, "agents", keys: [], .agent(NeutralBindings.agent)),
            export(.company, "companies", keys: [], .company(NeutralBindings.company)),
            export(.contact, "contacts", keys: [], .contact(NeutralBindings.contact)),
            export(.conversation, "conversations", keys: [], .conversation(NeutralBindings.conversation)),
        ],
        capabilities: .everything, ceilings: [], manifest: "bundle.json", contents: .directory("attachments"))

    private static func export(_ entity: Entity, _ name: String, keys: [String], _ records: RecordBinding) -> Export {
        Export(
            name,
            Recognition(names: [name + ".jsonl"], keys: ["id", "source"] + keys, requiresName: true), records,
            output: OutputFile(name + ".jsonl", .lines))
    }
}
