import Diagnostics
import FieldMapping
import Foundation
import Reports

/// Limits agreed before a migration, in a JSON5 file.
///
/// ```json5
/// {
///   version: 1,
///   agreed: "Ana Ruiz for Lantern, 2 November 2026",
///   conversations: { identical: "99.9%", missing: 0, extra: 0 },
///   contacts: { missing: "0.1%", different: 20 },
///   attachments: { missing: 0 },
///   authors: { unknown: 5 },
/// }
/// ```
/// A number is a count, a text with a percent sign a share of what should be there. All are upper limits, `identical` is a
/// lower one.
enum ThresholdsFile {
    /// Reads a file of limits.
    ///
    /// - Throws: `configuration/...` with file, line and column.
    static func read(_ path: String) throws -> Thresholds {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw MigrationError(
                "configuration/unreadable", recovery: .fixConfiguration, place: Place(file: path),
                summary: "cannot be read", hint: "check the name given with --thresholds")
        }
        let root = try JSON5.parse([UInt8](data), file: path)
        guard case .object(let members) = root.value else { throw fault(root.place, "expected an object") }
        var agreed = ""
        var limits: [Thresholds.Limit] = []
        for member in members {
            switch member.key {
            case "version":
                guard member.node.text == "1" else {
                    throw fault(member.node.place, "version \(member.node.text ?? "?") is not known; expected 1")
                }
            case "agreed":
                guard let text = member.node.text else { throw fault(member.node.place, "expected text") }
                agreed = text
            default: limits += try self.limits(of: member)
            }
        }
        return Thresholds(agreed: agreed, file: path, limits: limits)
    }

    private static func limits(of member: JSON5Node.Member) throws -> [Thresholds.Limit] {
        let names = Thresholds.Object.allCases.map(\.rawValue)
        guard let object = Thresholds.Object(rawValue: member.key) else {
            throw unknown(member, "object", among: names + ["version", "agreed"])
        }
        guard case .object(let parts) = member.node.value else {
            throw fault(member.node.place, "expected an object such as { missing: 0 }")
        }
        return try parts.map { part in
            guard let measure = Thresholds.Measure(rawValue: part.key), object.measures.contains(measure) else {
                throw unknown(part, "measure of \(object.rawValue)", among: object.measures.map(\.rawValue))
            }
            return Thresholds.Limit(object, measure, try bound(part.node))
        }
    }

    private static func bound(_ node: JSON5Node) throws -> Thresholds.Bound {
        guard var text = node.text else { throw fault(node.place, "expected a number or a share such as \"99.9%\"") }
        if text.hasSuffix("%") {
            text.removeLast()
            while text.last == " " { text.removeLast() }
            guard let percent = Double(text), (0...100).contains(percent) else {
                throw fault(node.place, "'\(text)%' is no share; expected 0% to 100%")
            }
            return .share(percent / 100)
        }
        guard let count = Int(text), count >= 0 else {
            throw fault(node.place, "'\(text)' is no count; expected a whole number or a share such as \"99.9%\"")
        }
        return .count(count)
    }

    private static func unknown(_ member: JSON5Node.Member, _ what: String, among names: [String]) -> MigrationError {
        let nearest = NearestName.of(member.key, among: names).map { "did you mean '\($0)'?" }
        return MigrationError(
            "configuration/invalid", recovery: .fixConfiguration, place: member.keyPlace,
            summary: "unknown \(what) '\(member.key)'", hint: nearest ?? "known are " + names.joined(separator: ", "))
    }

    private static func fault(_ place: Place, _ summary: String) -> MigrationError {
        MigrationError("configuration/invalid", recovery: .fixConfiguration, place: place, summary: summary)
    }
}
