public import ConnectorKit
internal import Freshchat
internal import HubSpot
internal import HubSpotImport
internal import Intercom
internal import Kustomer
internal import Livechat
internal import Memory
internal import Neutral
internal import ServiceNow
internal import Zendesk
internal import ZendeskChat

/// The connectors of this house, written out so that a person can read the list.
public enum ConnectorCatalog {
    /// Platforms by name, then the neutral bundle and the reference.
    ///
    /// A connector is built when it is first asked for, so that a command pays for its own two platforms and not for all.
    private static let entries: [(name: String, connector: @Sendable () -> Connector)] = [
        ("freshchat", { FreshchatConnector.connector }),
        ("hubspot", { HubSpotConnector.connector }),
        ("hubspot-import", { HubSpotImportConnector.connector }),
        ("intercom", { IntercomConnector.connector }),
        ("kustomer", { KustomerConnector.connector }),
        ("livechat", { LivechatConnector.connector }),
        ("servicenow", { ServiceNowConnector.connector }),
        ("zendesk", { ZendeskConnector.connector }),
        ("zendesk-chat", { ZendeskChatConnector.connector }),
        ("neutral", { NeutralConnector.connector }),
        ("memory", { MemoryConnector.connector }),
    ]

    /// Names of all connectors, in the order of ``all``.
    public static let names: [String] = entries.map(\.name)

    /// All connectors, platforms by name, then the neutral bundle and the reference.
    public static var all: [Connector] { entries.map { $0.connector() } }

    /// The connector of this name.
    public static func connector(named name: String) -> Connector? {
        entries.first { $0.name == name }?.connector()
    }
}
