public import ConnectorKit

/// The reference: the smallest connector that passes every law, and what a new one is copied from.
public enum MemoryConnector {
    /// The connector.
    public static let connector = Connector(
        name: "memory", title: "Reference connector",
        summary: "Plain JSON Lines of an imaginary platform; the pattern for new connectors and for tests.",
        exports: [
            Export(
                "people",
                Recognition(names: ["people"], keys: ["id", "side"]),
                .split(
                    key: "side", values: ["customer"], then: .contact(MemoryBindings.contact),
                    otherwise: .agent(MemoryBindings.agent)),
                output: OutputFile("people.jsonl", .lines)),
            Export(
                "threads",
                Recognition(names: ["threads"], envelopes: ["threads"], keys: ["id", "topic", "posts"]),
                .conversation(MemoryBindings.thread), output: OutputFile("threads.jsonl", .lines)),
        ],
        capabilities: Capabilities(
            body: .text, firstMessageLeads: false, authorsAreIDs: false, systemAuthor: nil, entryLimit: nil,
            bodyLimit: nil, attachmentLimit: nil, subjectLimit: nil, ratingScale: nil,
            notes: ["keeps text, authors, notes and times to the millisecond; drops all else"]),
        ceilings: [])
}
