import Diagnostics
import FieldMapping
import Foundation

/// `deskferry.json5`: what commands take when nobody says otherwise.
struct ProjectFile {
    var source: String?
    var destination: String?
    var mapping: [String] = []
    var state: String?
    var every: String?
    var until: String?

    static let defaultPath = "deskferry.json5"
    private static let keys = ["source", "destination", "mapping", "state", "schedule"]

    /// Reads a project file; the default one may be absent.
    ///
    /// - Throws: `configuration/unreadable`, `configuration/syntax`, `configuration/invalid`, each with its place.
    init(path: String?) throws {
        guard let data = FileManager.default.contents(atPath: path ?? Self.defaultPath) else {
            guard let path else { return }
            throw MigrationError(
                "configuration/unreadable", recovery: .fixConfiguration, place: Place(file: path),
                summary: "cannot be read",
                hint: "check the name, or leave out --project")
        }
        let file = path ?? Self.defaultPath
        let root = try JSON5.parse([UInt8](data), file: file)
        guard case .object(let members) = root.value else { throw Self.fault(root, "expected an object") }
        for member in members {
            switch member.key {
            case "source": source = try Self.text(member.node)
            case "destination": destination = try Self.text(member.node)
            case "state": state = try Self.text(member.node)
            case "mapping":
                if case .array(let elements) = member.node.value {
                    mapping = try elements.map(Self.text)
                } else {
                    mapping = [try Self.text(member.node)]
                }
            case "schedule":
                guard case .object(let parts) = member.node.value else {
                    throw Self.fault(member.node, "expected an object")
                }
                for part in parts {
                    switch part.key {
                    case "every": every = try Self.text(part.node)
                    case "until": until = try Self.text(part.node)
                    default: throw Self.unknown(part, among: ["every", "until"])
                    }
                }
            default: throw Self.unknown(member, among: Self.keys)
            }
        }
    }

    private static func text(_ node: JSON5Node) throws -> String {
        guard let text = node.text else { throw fault(node, "expected text") }
        return text
    }

    private static func unknown(_ member: JSON5Node.Member, among keys: [String]) -> MigrationError {
        let nearest = NearestName.of(member.key, among: keys).map { "did you mean '\($0)'?" }
        return MigrationError(
            "configuration/invalid", recovery: .fixConfiguration, place: member.keyPlace,
            summary: "unknown key '\(member.key)'",
            hint: nearest ?? "known are " + keys.joined(separator: ", "))
    }

    private static func fault(_ node: JSON5Node, _ summary: String) -> MigrationError {
        MigrationError("configuration/invalid", recovery: .fixConfiguration, place: node.place, summary: summary)
    }
}
