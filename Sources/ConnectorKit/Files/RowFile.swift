public import Diagnostics
internal import ExportFormats
internal import Synchronization

/// A table beside a run's output that is filled row by row and stands under its name only when the pass is over.
///
/// A run that dies, fails or is interrupted leaves the table of the run before it as it was.
public final class RowFile: Sendable {
    private let path: String
    private let header: String
    private let file = Mutex<AtomicFile?>(nil)

    /// Names the file; nothing is opened before the first row.
    ///
    /// - Parameters:
    ///   - path: Where the table will stand.
    ///   - header: Its first line with the line's end; empty for none.
    public init(_ path: String, header: String) {
        self.path = path
        self.header = header
    }

    /// Adds lines, each with its end.
    ///
    /// - Throws: `report/unwritable`.
    public func append(_ lines: String) throws(MigrationError) {
        try use { try $0.write(text: lines) }
    }

    /// Puts the table in place of the one before, also where no row was added.
    ///
    /// - Throws: `report/unwritable`.
    public func finish() throws(MigrationError) {
        try use { try $0.finish() }
        discard()
    }

    /// Forgets the rows that were added.
    public func discard() { file.withLock { $0 = nil } }

    private func use(_ work: (AtomicFile) throws -> Void) throws(MigrationError) {
        do {
            try file.withLock { file in
                if file == nil {
                    let begun = try AtomicFile(path)
                    try begun.write(text: header)
                    file = begun
                }
                if let file { try work(file) }
            }
        } catch {
            throw MigrationError(
                "report/unwritable", recovery: .stopRun, place: Place(file: path), summary: "cannot be written",
                hint: "check that the folder exists and may be written", cause: error)
        }
    }
}
