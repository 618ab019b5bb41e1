import ConnectorCatalog
import ConnectorKit
import Diagnostics
import Foundation

/// Locations that are written without a connector.
extension Location {
    /// The platform that a path's files speak of, and what of them says so.
    ///
    /// - Throws: `source/unrecognised` where no platform gives such files, `source/undecided` where several are as likely.
    static func recognised(_ path: String) throws -> (location: Location, candidate: PlatformChoice.Candidate) {
        let choice = PlatformChoice(among: ConnectorCatalog.all.map(Platform.init), path: path)
        if let best = choice.decided {
            return (try Location(best.source.platform.connector.name + ":" + path), best)
        }
        guard !choice.candidates.isEmpty else {
            let isThere = FileManager.default.fileExists(atPath: path)
            throw MigrationError(
                "source/unrecognised", recovery: .fixConfiguration, place: Place(file: path),
                summary: isThere ? "no connector recognises its files" : "is not there",
                hint: isThere
                    ? "'deskferry connectors' lists the platforms; write CONNECTOR:\(path) to name one"
                    : "check the path; it begins in the directory you are in")
        }
        let reasons = choice.likely.map { "\($0.source.platform.connector.title), \($0.reason)" }
        let names = choice.likely.map { $0.source.platform.connector.name + ":" + path }
        throw MigrationError(
            "source/undecided", recovery: .fixConfiguration, place: Place(file: path),
            summary: (choice.isBlind
                ? "no record is to be seen in its files, so they do not tell the platform"
                : "its files could be from more than one platform")
                + reasons.map { "\n  " + $0 }.joined(),
            hint: "name the connector: \(names.joined(separator: " or "))")
    }
}
