import ConnectorKit
import ConversationModel
import Diagnostics
import Foundation
import TestSupport
import Testing

/// One thing that every connector keeps to: its name, and a check that says what is wrong.
struct Law: Sendable, CustomTestStringConvertible {
    let name: String
    /// What of the law a connector breaks, with records from this seed and size; empty when it keeps to it.
    let faults: @Sendable (Workshop, _ seed: UInt64, _ size: Int) throws -> [String]

    var testDescription: String { name }

    /// The laws, each with records of its own.
    static let all = [
        readingGivesWhatWasWritten, projectingTwiceIsProjectingOnce, everyDifferenceIsANamedLoss,
        noNoteBecomesPublic, timesOrderAndAuthorsSurvive, writingTwiceGivesTheSameBytes,
        damagedFilesAreNamedAndNeverEnd,
    ]

    private static func set(_ seed: UInt64, _ size: Int) -> [NeutralRecord] {
        var generator = RecordGenerator(seed: seed)
        return generator.set(conversations: size)
    }

    private static func key(_ record: NeutralRecord) -> String { record.entity.rawValue + "/" + record.id }

    static let readingGivesWhatWasWritten = Law(name: "reading gives what was written") { shop, seed, size in
        let projected = shop.project(set(seed, size)).records
        let read = try shop.read(try shop.write(projected, to: "read-back"))
        var faults = read.notes.rejected.map { "rejected: \($0.place): \($0.reason)" }
        let back = Dictionary(read.records.map { (key($0), $0) }, uniquingKeysWith: { a, _ in a })
        if back.count != projected.count { faults.append("\(projected.count) records became \(back.count)") }
        for record in projected {
            guard let found = back[key(record)] else {
                faults.append("\(key(record)) is missing")
                continue
            }
            if found != record { faults.append("\(key(record)): \(differences(record, found).prefix(4))") }
        }
        return faults
    }

    static let projectingTwiceIsProjectingOnce = Law(name: "projecting twice is projecting once") { shop, seed, size in
        let once = shop.project(set(seed, size)).records
        let twice = shop.project(once)
        var faults = zip(once, twice.records).filter { $0 != $1 }.map {
            "\(key($0)): \(differences($0, $1).prefix(4))"
        }
        if once.count != twice.records.count { faults.append("\(once.count) records became \(twice.records.count)") }
        return faults + twice.losses.all.map { "lost again: \($0.entity) \($0.field) \($0.lossClass)" }
    }

    static let everyDifferenceIsANamedLoss = Law(name: "every difference is a named loss") { shop, seed, size in
        var faults: [String] = []
        for record in set(seed, size) {
            let result = shop.project([record])
            guard let projected = result.records.first(where: { $0.entity == record.entity && $0.id == record.id })
            else {
                if result.losses.isEmpty { faults.append("\(key(record)) vanished without a loss") }
                continue
            }
            let named = Set(result.losses.all.map { $0.field.split(separator: ".").first.map(String.init) ?? "" })
            for field in differingFields(record, projected) where !named.contains(field) {
                faults.append("\(key(record)): '\(field)' differs and no loss names it")
            }
        }
        return faults
    }

    static let noNoteBecomesPublic = Law(name: "no note becomes public") { shop, seed, size in
        let records = set(seed, size)
        let read = try shop.read(try shop.write(shop.project(records).records, to: "notes")).records
        let notes = records.flatMap(\.entries).filter { $0.kind == .note }
        let messages = read.flatMap(\.entries).filter { $0.kind == .message }
        let ids = Set(notes.map(\.id)).intersection(messages.map(\.id))
        // Ids may change on the way; what was written among agents must not be read in any message.
        let known = Set(records.flatMap(\.entries).filter { $0.kind == .message }.compactMap(\.text))
        let words = Set(notes.compactMap(\.text)).subtracting(known)
        let shown = messages.compactMap(\.text).filter { words.contains($0) }
        return ids.map { "note \($0) is a message" } + shown.map { "a note's text is public: \($0.prefix(40))" }
    }

    static let timesOrderAndAuthorsSurvive = Law(name: "times, order and authors survive or are named") {
        shop, seed, size in
        var faults: [String] = []
        for record in set(seed, size) {
            guard case .conversation(let before) = record else { continue }
            let result = shop.project([record])
            guard case .conversation(let after)? = result.records.first(where: { $0.id == before.id }) else { continue }
            let named = Set(result.losses.all.map(\.field))
            let old = Dictionary(before.timeline.map { ($0.id, $0) }, uniquingKeysWith: { a, _ in a })
            for entry in after.timeline {
                guard let was = old[entry.id] else { continue }
                if was.createdAt != entry.createdAt, !named.contains(where: { $0.hasPrefix("timeline.created_at") }) {
                    faults.append("\(before.id): time of \(entry.id)")
                }
                if was.author.id != entry.author.id || was.author.kind != entry.author.kind,
                    !named.contains(where: { $0.hasPrefix("timeline.author") })
                {
                    faults.append("\(before.id): author of \(entry.id)")
                }
            }
            let kept = Set(after.timeline.map(\.id))
            let order = before.timeline.map(\.id).filter(kept.contains)
            let met = Set(order)
            if order != after.timeline.map(\.id).filter(met.contains), !named.contains("timeline.order") {
                faults.append("\(before.id): order of entries")
            }
        }
        return faults
    }

    static let writingTwiceGivesTheSameBytes = Law(name: "writing twice gives the same bytes") { shop, seed, size in
        let projected = shop.project(set(seed, size)).records
        let first = try shop.write(projected, to: "first")
        let second = try shop.write(try shop.read(first).records, to: "second")
        return try bytes(first) == bytes(second) ? [] : ["the bytes differ"]
    }

    /// Files cut anywhere, or with a byte turned: records and faults with a place, nothing else.
    static let damagedFilesAreNamedAndNeverEnd = Law(name: "damaged files are named and never end a run") {
        shop, seed, size in
        let whole = try shop.write(shop.project(set(seed, min(size, 6))).records, to: "whole")
        var random = SeededRandom(seed)
        var faults: [String] = []
        for round in 0..<12 {
            for (name, content) in try bytes(whole) where !content.isEmpty {
                let place = Int(random.next() % UInt64(content.count))
                var damaged = content
                if round % 2 == 0 {
                    damaged.removeSubrange(place...)
                } else {
                    damaged[place] = UInt8(truncatingIfNeeded: random.next())
                }
                let path = shop.directory + "/damaged"
                try? FileManager.default.removeItem(atPath: path)
                try FileManager.default.copyItem(atPath: whole, toPath: path)
                try Data(damaged).write(to: URL(filePath: path + "/" + name))
                do {
                    let read = try shop.read(path)
                    for rejected in read.notes.rejected where rejected.place.file == nil || rejected.reason.isEmpty {
                        faults.append("\(name) at \(place): a fault without a place: \(rejected)")
                    }
                } catch let error as MigrationError {
                    if error.summary.isEmpty { faults.append("\(name) at \(place): an error that says nothing") }
                }
            }
        }
        return faults
    }

    private static func bytes(_ directory: String) throws -> [(name: String, content: [UInt8])] {
        try FileManager.default.contentsOfDirectory(atPath: directory).sorted().map {
            ($0, Array(try Data(contentsOf: URL(filePath: directory + "/" + $0))))
        }
    }

    private static func bytes(_ directory: String) throws -> [String: Data] {
        try Dictionary(
            uniqueKeysWithValues: FileManager.default.contentsOfDirectory(atPath: directory).map {
                ($0, try Data(contentsOf: URL(filePath: directory + "/" + $0)))
            })
    }
}

extension NeutralRecord {
    var entries: [Entry] { if case .conversation(let conversation) = self { conversation.timeline } else { [] } }
}
