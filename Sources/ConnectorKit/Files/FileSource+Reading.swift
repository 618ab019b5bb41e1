public import ConversationModel
public import Diagnostics

/// How far the reading of a source is.
public struct ReadProgress: Sendable, Equatable {
    /// Bytes of records so far, decompressed, each counted once.
    public var bytes = 0
    /// How far the files were read, each as often as there are passes that read it.
    public var position = 0
    /// Where ``position`` will end: bytes of all files as they lie on disk, each as often as it is read.
    public var total = 0
}

extension FileSource {
    /// Reads all records of the source with one worker: what belongs to others first, then people, then conversations.
    ///
    /// Where a file holds records that its beginning did not announce, reading begins anew with every file in every pass.
    ///
    /// - Parameters:
    ///   - keepsExtras: Whether fields that no binding holds are kept with the record, or only counted.
    ///   - only: The passes that are made.
    ///   - wanted: Which of the files are read.
    ///   - restart: Told when reading begins anew, so that what `body` gathered is forgotten.
    ///   - progress: Told of every batch: how far reading is, and what was noticed so far; throws to stop.
    ///   - body: Takes each record with its place and people that it embeds; gets people by id, where known.
    /// - Returns: What was noticed, and files that could not be read to their end.
    /// - Throws: What `progress` and `body` throw, `scratch/unwritable`.
    public func read(
        keepsExtras: Bool, only: Set<ReadPhase> = Set(ReadPhase.allCases),
        where wanted: (RecognisedFile) -> Bool = { _ in true }, restart: () -> Void = {},
        progress: (ReadProgress, SourceNotes) throws -> Void = { _, _ in },
        _ body: (NeutralRecord, SourcePlace, _ embedded: [NeutralRecord]) throws -> Void
    ) throws -> (notes: SourceNotes, failures: [MigrationError]) {
        do {
            return try readOnce(keepsExtras: keepsExtras, only, where: wanted, progress: progress, body)
        } catch is Deceived {
            restart()
            return try exhaustive().readOnce(keepsExtras: keepsExtras, only, where: wanted, progress: progress, body)
        }
    }

    private func readOnce(
        keepsExtras: Bool, _ only: Set<ReadPhase>, where wanted: (RecognisedFile) -> Bool,
        progress: (ReadProgress, SourceNotes) throws -> Void,
        _ body: (NeutralRecord, SourcePlace, _ embedded: [NeutralRecord]) throws -> Void
    ) throws -> (notes: SourceNotes, failures: [MigrationError]) {
        var notes = SourceNotes()
        var failures: [MigrationError] = []
        var far = ReadProgress()
        for phase in only where phase < .gathered {
            far.total += files.reduce(0) { $0 + ($1.phases.contains(phase) && wanted($1) ? $1.size : 0) }
        }
        var claims = Claims()
        let builder = try ChildStore.Builder(self)
        let stager = try SourceWorker(platform, keepsExtras: keepsExtras, people: PeopleDirectory.empty)
        let first = SourceReader(self, .children, where: wanted)
        while only.contains(.children), let batch = first.nextBatch() {
            let staged = stager.stage(batch)
            if staged.notes.isDeceived, !isExhaustive { throw Deceived() }
            try builder.append(staged.children)
            notes.merge(staged.notes)
            far.bytes += batch.byteCount
            far.position = batch.position
            try progress(far, notes)
        }
        var done = only.contains(.children) ? first.size : 0
        failures += first.failures
        let children = try builder.finish()
        let people = PeopleDirectory.Builder()
        func read(_ phase: ReadPhase, _ directory: PeopleDirectory) throws {
            guard only.contains(phase) else { return }
            let reader = SourceReader(self, phase, children: children, claims: claims, where: wanted)
            let worker = try SourceWorker(platform, keepsExtras: keepsExtras, people: directory, children: children)
            while let batch = reader.nextBatch() {
                let noticed = try worker.read(batch) { record, place, embedded in
                    if phase == .people { people.add(record) }
                    try body(record, place, embedded)
                }
                if noticed.isDeceived, !isExhaustive { throw Deceived() }
                claims.insert(noticed.claimed)
                for login in noticed.logins { people.add(login: login.login, of: login.id) }
                notes.merge(noticed)
                far.bytes += batch.byteCount
                far.position = done + batch.position
                try progress(far, notes)
            }
            done += reader.size
            failures += reader.failures
        }
        try read(.people, .empty)
        let directory = people.finish()
        try read(.conversations, directory)
        try read(.gathered, directory)
        try read(.orphans, directory)
        return (notes, failures)
    }
}

/// A file held records that its beginning did not announce; reading begins anew with every file in every pass.
public struct Deceived: Error {
    /// Creates the error.
    public init() {}
}
