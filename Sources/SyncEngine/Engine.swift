public import ConnectorKit
internal import ConversationModel
internal import Diagnostics
public import FieldMapping
internal import Foundation
internal import StateStore

/// Where a run reads, where it writes, and what stands in between.
public struct RunPlan: Sendable {
    /// The pass over the source.
    public var request: PassRequest
    /// Directory of the destination.
    public var destinationPath: String
    /// The locations as the ledger knows them.
    public var sourceName: String
    /// The locations as the ledger knows them.
    public var destinationName: String
    /// SHA-256 of the mapping's canonical text.
    public var mappingHash: String
    /// Ledger file.
    public var statePath: String
    /// A saved plan to hold the run against.
    public var expected: SavedPlan?

    /// Creates a plan of a run.
    public init(
        request: PassRequest, destinationPath: String, sourceName: String, destinationName: String, mappingHash: String,
        statePath: String, expected: SavedPlan? = nil
    ) {
        self.request = request
        self.destinationPath = destinationPath
        self.sourceName = sourceName
        self.destinationName = destinationName
        self.mappingHash = mappingHash
        self.statePath = statePath
        self.expected = expected
    }
}

/// What a plan saw, so that applying it can tell whether anything moved since.
public struct SavedPlan: Sendable, Equatable {
    /// Hash of all records of the source.
    public var sourceHash: String
    /// Hash of the mapping.
    public var mappingHash: String
    /// The run that wrote the destination last; empty when none did.
    public var lastRun: String

    /// Creates a saved plan.
    public init(sourceHash: String, mappingHash: String, lastRun: String) {
        self.sourceHash = sourceHash
        self.mappingHash = mappingHash
        self.lastRun = lastRun
    }
}

/// Runs migrations between files; knows connectors only by their declarations.
public enum Engine {
    /// Turns a source into a destination in one pass, without a ledger.
    ///
    /// - Throws: `destination/exists` when the directory holds something; errors that end the run.
    public static func convert(_ plan: RunPlan, hooks: RunHooks) async throws -> RunReport {
        let started = ContinuousClock.now
        var report = RunReport(command: "convert")
        try requireEmpty(plan.destinationPath)
        let partial = plan.destinationPath + ".partial-convert"
        var plan = plan
        plan.request = try plan.request.withContents(beside: partial)
        let contents = plan.request.contents
        defer { contents?.remove() }
        // Nothing goes on from half an output; after a failed move it is whole and stays.
        var isWhole = false
        defer { if !isWhole { try? FileManager.default.removeItem(atPath: partial) } }
        let runner = try await settled(plan.request, needsHashes: false, hooks: hooks) { runner in
            report.counts = [:]
            let destination = try FileDestination(
                plan.request.destination, directory: partial, contents: contents)
            try await runner.run { item, bytes in
                guard report.count(item) else { return }
                report.counts[item.entity, default: RecordCounts()].create += 1
                try destination.append(item.pieces, of: bytes)
            }
            report.bytesWritten = try destination.finish(source: plan.sourceName)
        }
        isWhole = true
        try move(partial, to: plan.destinationPath)
        report.output = plan.destinationPath
        report.conclude(runner, plan.request)
        report.seconds = (ContinuousClock.now - started) / .seconds(1)
        report.verdict = Verdicts.sentence(report)
        return report
    }

    /// Runs a mapping over a source to see what of it is used, and what of the source it does not name; people whom it
    /// would refuse are part of the answer.
    public static func coverage(of mapping: Mapping, over source: FileSource, hooks: RunHooks) async throws
        -> MappingCoverage
    {
        let request = PassRequest(source: source, destination: source.platform, mapping: mapping.compiled(), workers: 2)
        return try await settled(request, needsHashes: false, hooks: hooks) { runner in
            try await runner.run(refusesUnmatched: false) { _, _ in }
        }.coverage
    }

    /// Runs a pass, and once more where ids stood twice with different content, so that the last of each is taken.
    static func settled(
        _ request: PassRequest, needsHashes: Bool, hooks: RunHooks, _ body: (PassRunner) async throws -> Void
    ) async throws -> PassRunner {
        let runner = PassRunner(request, needsHashes: needsHashes, hooks: hooks)
        do {
            try await body(runner)
        } catch is Deceived {
            var exhaustive = request
            exhaustive.source = request.source.exhaustive()
            return try await settled(exhaustive, needsHashes: needsHashes, hooks: hooks, body)
        }
        var versions = RecordVersions()
        versions.last = runner.lastVersions
        guard !versions.last.isEmpty else { return runner }
        try versions.preferFullest(of: runner.grouped, in: request.source)
        let again = PassRunner(request, needsHashes: needsHashes, hooks: hooks, versions: versions)
        try await body(again)
        return again
    }

    static func requireEmpty(_ path: String) throws {
        guard let content = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            guard !FileManager.default.fileExists(atPath: path) else {
                throw MigrationError(
                    "destination/exists", recovery: .fixConfiguration, place: Place(file: path), summary: "is a file",
                    hint: "name a directory that does not exist yet")
            }
            return
        }
        guard content.isEmpty else {
            throw MigrationError(
                "destination/exists", recovery: .fixConfiguration, place: Place(file: path),
                summary: "already holds \(content.count) files; nothing was written",
                hint: "name another directory, or use 'deskferry sync' to bring this one up to date")
        }
    }

    /// Moves a whole directory into place and makes the move last.
    static func move(_ from: String, to path: String) throws {
        // An empty directory in the way is no obstacle to a rename of a directory.
        guard rename(from, path) == 0 else {
            throw MigrationError(
                "destination/unwritable", recovery: .stopRun, place: Place(file: path),
                summary: "cannot be moved into place: " + String(cString: strerror(errno)),
                hint: "the whole output stands in \(from)")
        }
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        let parent = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let handle = open(parent, O_RDONLY)
        guard handle >= 0 else { return }
        // Some file systems refuse to sync a directory; the files in it are durable by now.
        _ = fsync(handle)
        close(handle)
    }
}

extension RunReport {
    /// Counts a record as read; returns whether it goes on to the destination.
    mutating func count(_ item: PassItem) -> Bool {
        switch item.fate {
        case .write: return true
        case .filtered:
            counts[item.entity, default: RecordCounts()].filtered += 1
            counts[item.entity, default: RecordCounts()].skip += 1
        case .homeless: counts[item.entity, default: RecordCounts()].skip += 1
        case .staged: break
        }
        return false
    }

    /// Takes over what a pass added up, and decides how the run ended.
    mutating func conclude(_ runner: PassRunner, _ request: PassRequest) {
        losses = runner.losses
        trail = runner.trail
        bytesRead = runner.bytesRead
        sourceHash = runner.hash
        conclude(runner.notes, request.source)
        if runner.duplicates.same + runner.duplicates.changed > 0 {
            findings.append(
                Finding(
                    "record/duplicate",
                    place: Place(subject: request.source.platform.connector.name, record: runner.duplicates.example),
                    summary:
                        "\(runner.duplicates.same + runner.duplicates.changed) records stand more than once; of each the last was taken, or the fullest where loose parts tell of it"
                ))
        }
        for (entity, count) in counts {
            counts[entity]?.read = count.changes + count.skip + count.quarantined + count.conflict
        }
        take(failures: runner.failures, request.source.platform.connector)
    }

    /// Takes over what was noticed beside the records of a source.
    mutating func conclude(_ notes: SourceNotes, _ source: FileSource) {
        let connector = source.platform.connector
        quarantine = notes.rejected
        findings = source.findings + notes.findings
        losses.merge(notes.unbound)
        for (value, count) in notes.unknownValues.sorted(by: {
            ($0.key.field, $0.key.value) < ($1.key.field, $1.key.value)
        }) {
            findings.append(
                Finding(
                    "value/unknown", place: Place(subject: connector.name, path: value.field),
                    summary: "the value '\(value.value)' is not known (found \(count)x); its raw form was kept"))
        }
        for (index, count) in notes.ignoredByExport.sorted(by: { $0.key < $1.key }) {
            let export = connector.exports[index]
            guard let reason = export.records.reasonToIgnore else { continue }
            findings.append(
                Finding(
                    "record/not-carried", place: Place(subject: connector.name),
                    summary: "\(export.name): \(count) not carried: \(reason)"))
        }
        if notes.danglingAuthors > 0 {
            let ids = notes.danglingExamples.joined(separator: ", ")
            findings.append(
                Finding(
                    "reference/dangling", place: Place(subject: connector.name),
                    summary:
                        "entries have an author that no record describes: \(notes.danglingAuthors) (first: \(ids))",
                    hint: "add the people's file to the export, or map these ids"))
        }
        for (entity, count) in rejectedByEntity(source.platform) {
            counts[entity, default: RecordCounts()].quarantined += count
        }
        incomplete += Self.incomplete(notes, connector)
        if !quarantine.isEmpty { exit = .quarantined }
        if !incomplete.isEmpty { exit = .sourceIncomplete }
    }

    /// Files that could not be read to their end make the source incomplete.
    mutating func take(failures: [MigrationError], _ connector: Connector) {
        for failure in failures {
            incomplete.append(
                IncompleteStream(
                    stream: failure.place.file ?? connector.name, reason: failure.summary,
                    remedy: failure.hint ?? "get this file again and run the same command"))
        }
        if !failures.isEmpty { exit = .sourceIncomplete }
    }

    private func rejectedByEntity(_ platform: Platform) -> [Entity: Int] {
        var counts: [Entity: Int] = [:]
        for rejected in quarantine {
            counts[platform.entity(ofStream: rejected.entity) ?? .conversation, default: 0] += 1
        }
        return counts
    }

    private static func incomplete(_ notes: SourceNotes, _ connector: Connector) -> [IncompleteStream] {
        var streams: [IncompleteStream] = []
        for (index, ceiling) in connector.ceilings.enumerated() {
            if let found = notes.incomplete[index] {
                streams.append(
                    IncompleteStream(
                        stream: ceiling.export, reason: "\(ceiling.reason): \(found.count) (such as \(found.example))",
                        remedy: ceiling.remedy))
            }
            if case .fullFile(let limit) = ceiling.measure,
                let full = notes.rows.filter({ $0.key.ceiling == index && $0.value == limit }).map(\.key.file).min()
            {
                streams.append(
                    IncompleteStream(
                        stream: ceiling.export, reason: "\(ceiling.reason): \(full)", remedy: ceiling.remedy))
            }
            let open = notes.pages.filter { $0.key.ceiling == index && $0.value.more > 0 && $0.value.last == 0 }
            if let first = open.keys.map(\.of).min() {
                let whose = first.isEmpty ? "" : ": \(open.count) (such as \(first))"
                streams.append(
                    IncompleteStream(stream: ceiling.export, reason: ceiling.reason + whose, remedy: ceiling.remedy))
            }
        }
        return streams
    }
}
