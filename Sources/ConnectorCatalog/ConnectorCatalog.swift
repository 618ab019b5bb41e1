public import ConnectorKit
internal import Freshchat
internal import HubSpot
internal import Intercom
internal import Kustomer
internal import Livechat
internal import Memory
internal import Neutral
internal import ServiceNow
internal import Zendesk

/// The connectors of this house, written out so that a person can read the list.
public enum ConnectorCatalog {
    /// All connectors, platforms by name, then the neutral bundle and the reference.
    public static let all: [Connector] = [
        FreshchatConnector.connector,
        HubSpotConnector.connector,
        IntercomConnector.connector,
        KustomerConnector.connector,
        LivechatConnector.connector,
        ServiceNowConnector.connector,
        ZendeskConnector.connector,
        NeutralConnector.connector,
        MemoryConnector.connector,
    ]

    /// The connector of this name.
    public static func connector(named name: String) -> Connector? { all.first { $0.name == name } }
}
