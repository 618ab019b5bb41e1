import ConnectorKit
import ConversationModel
import Diagnostics
import Foundation
import TestSupport

/// Takes records through a connector's files and back, as runs do.
struct Workshop {
    let platform: Platform
    let directory: String

    init(_ connector: Connector) throws {
        platform = Platform(connector)
        directory = NSTemporaryDirectory() + "deskferry-laws-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    func clear() { try? FileManager.default.removeItem(atPath: directory) }

    /// Records cut to what the platform holds, with people that they need and the differences counted.
    func project(_ records: [NeutralRecord]) -> (records: [NeutralRecord], losses: LossTally) {
        let people = PeopleDirectory.Builder()
        for record in records { people.add(record) }
        let worker = DestinationWorker(platform, people: people.finish())
        var projected: [NeutralRecord] = []
        for var record in records where worker.project(&record) { projected.append(record) }
        var known = Set(records.map { $0.entity.rawValue + $0.id })
        for var person in worker.takePlaceholders() where known.insert(person.entity.rawValue + person.id).inserted {
            if worker.project(&person) { projected.append(person) }
        }
        return (projected, worker.takeLosses())
    }

    /// Writes projected records into the files of the platform.
    func write(_ records: [NeutralRecord], to name: String) throws -> String {
        let path = directory + "/" + name
        let destination = try FileDestination(platform, directory: path)
        let worker = DestinationWorker(platform, people: PeopleDirectory.empty)
        for record in records {
            var bytes: [UInt8] = []
            let pieces = worker.encode(record, into: &bytes)
            try bytes.withUnsafeBufferPointer { try destination.append(pieces, of: $0) }
        }
        try destination.finish(source: "test")
        return path
    }

    /// Reads all records of a location, people first.
    func read(_ path: String, keepsExtras: Bool = true) throws -> (records: [NeutralRecord], notes: SourceNotes) {
        let source = try FileSource(platform, path: path)
        var records: [NeutralRecord] = []
        let notes = try source.read(keepsExtras: keepsExtras, restart: { records = [] }) { record, _, _ in
            records.append(record)
        }.notes
        return (records, notes)
    }
}

/// Where two values differ, by the names of their parts.
func differences(_ a: Any, _ b: Any, _ path: String = "") -> [String] {
    let (x, y) = (Mirror(reflecting: a), Mirror(reflecting: b))
    if x.children.isEmpty || x.children.count != y.children.count {
        return "\(a)" == "\(b)" ? [] : ["\(path): \("\(a)".prefix(100)) / \("\(b)".prefix(100))"]
    }
    return zip(x.children, y.children).flatMap { differences($0.value, $1.value, path + "." + ($0.label ?? "")) }
}
