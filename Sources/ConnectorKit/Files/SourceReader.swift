public import Diagnostics
internal import ExportFormats

/// A piece of a source, ready for one worker.
public struct SourceBatch: Sendable {
    /// Where the records come from.
    enum Content: Sendable {
        /// A stretch of a file, as it was cut.
        case file(RecordBatch, RecognisedFile, number: Int)
        /// Records that were put aside and are read for themselves now.
        case gathered(GatheredRecords)
    }

    let content: Content
    /// The pass that the batch is read in.
    public let phase: ReadPhase
    /// Number of the batch in the pass, from 0.
    public let number: Int
    /// How far the files of the pass were read when the batch was cut, out of ``SourceReader/size``; 0 for what was put
    /// aside.
    public let position: Int

    /// Bytes of the batch, where this pass is the one that counts them.
    public var byteCount: Int {
        if case .file(let batch, let file, _) = content, phase == file.lastPhase { batch.bytes.count } else { 0 }
    }

    /// Hash of the batch's bytes, where this pass is the one that counts them.
    public var contentHash: UInt128? {
        guard case .file(let batch, let file, _) = content, phase == file.lastPhase else { return nil }
        var hasher = StableHasher()
        batch.bytes.withBytes { hasher.combine($0) }
        return hasher.finish()
    }
}

/// Gives out the batches of one pass over a source, one at a time and in order.
public final class SourceReader {
    private let files: [(number: Int, file: RecognisedFile)]
    private let phase: ReadPhase
    private var gatherer: Gatherer?
    private var next = 0
    private var reader: (any RecordReader)?
    private var bytes: (any ByteSource)?
    private var number = 0
    /// Bytes of the files that the pass reads, as they lie on disk; 0 where nobody knows.
    public let size: Int
    /// Bytes of those of them that were read to their end.
    private var done = 0
    /// Files that could not be read to their end; told in the pass that reads a file last.
    public private(set) var failures: [MigrationError] = []

    /// Creates a reader of the files of one pass.
    ///
    /// - Parameters:
    ///   - source: The source.
    ///   - phase: The pass; what was put aside is given out by `children`.
    ///   - children: What the first pass put aside.
    ///   - claims: What of it has found its parent, for the last two passes.
    ///   - wanted: Which of the files are read.
    public init(
        _ source: FileSource, _ phase: ReadPhase, children: ChildStore? = nil, claims: Claims = Claims(),
        where wanted: (RecognisedFile) -> Bool = { _ in true }
    ) {
        self.phase = phase
        files = source.files.enumerated().filter { $0.element.phases.contains(phase) && wanted($0.element) }
            .map { ($0.offset, $0.element) }
        size = phase >= .gathered ? 0 : files.reduce(0) { $0 + $1.file.size }
        if phase >= .gathered, let children {
            gatherer = Gatherer(children, claims, takesOrphans: phase == .orphans)
        }
    }

    /// The next batch; `nil` behind the last file.
    ///
    /// A file that fails half way gives what it had, is noted among ``failures``, and the next file is read.
    public func nextBatch() -> SourceBatch? {
        if phase >= .gathered {
            guard let records = gatherer?.next() else { return nil }
            defer { number += 1 }
            return SourceBatch(content: .gathered(records), phase: phase, number: number, position: 0)
        }
        while next < files.count {
            let (fileNumber, file) = files[next]
            do {
                if reader == nil {
                    let source = try file.file.open()
                    reader = try file.format.open(source, name: file.file.displayName)
                    bytes = source
                }
                if let batch = try reader?.nextBatch() {
                    defer { number += 1 }
                    return SourceBatch(
                        content: .file(batch, file, number: fileNumber), phase: phase, number: number,
                        position: done + min(file.size, bytes?.position ?? 0))
                }
            } catch {
                fail(error, file)
            }
            (reader, bytes) = (nil, nil)
            done += file.size
            next += 1
        }
        return nil
    }

    private func fail(_ error: any Error, _ file: RecognisedFile) {
        guard phase == file.lastPhase else { return }
        failures.append(
            error as? MigrationError
                ?? MigrationError(
                    "source/unreadable", recovery: .stopStream, place: Place(file: file.file.displayName),
                    summary: "cannot be read", cause: error))
    }
}
