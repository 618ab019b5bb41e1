import ConnectorCatalog
import ConnectorKit
import Diagnostics

/// A place that records are read from or written to: `zendesk:export/`.
struct Location {
    let connector: Connector
    let path: String
    /// As the ledger knows it: the path without what makes no difference.
    let name: String

    /// Reads `connector:path`.
    ///
    /// - Throws: `usage/location` with the nearest name.
    init(_ text: String) throws {
        guard let colon = text.firstIndex(of: ":") else {
            throw MigrationError(
                "usage/location", recovery: .fixConfiguration, summary: "'\(text)' names no connector",
                hint: "write CONNECTOR:PATH; 'deskferry inspect \(text)' proposes the connector")
        }
        let name = String(text[..<colon])
        var path = String(text[text.index(after: colon)...])
        guard let connector = ConnectorCatalog.connector(named: name) else {
            let names = ConnectorCatalog.names
            let nearest = NearestName.of(name, among: names).map { "did you mean '\($0)'?" }
            throw MigrationError(
                "usage/location", recovery: .fixConfiguration, summary: "unknown connector '\(name)'",
                hint: nearest ?? "known are " + names.joined(separator: ", "))
        }
        guard !path.isEmpty else {
            throw MigrationError(
                "usage/location", recovery: .fixConfiguration, summary: "'\(text)' names no path",
                hint: "write \(name):PATH, a file or a directory")
        }
        guard !path.hasPrefix("https://"), !path.hasPrefix("http://") else {
            throw MigrationError(
                "usage/location", recovery: .fixConfiguration,
                summary: "'\(name)' is read from and written to files only",
                hint: "export to files first and name their directory")
        }
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.connector = connector
        self.path = path
        self.name = name + ":" + path
    }
}
