public import Diagnostics
internal import Foundation
internal import Glibc
internal import Synchronization

/// Contents of files on their way from a source to a destination, each under its SHA-256 in a scratch directory.
///
/// Workers of a source put contents in as they read them; the destination takes those that its records refer to. A
/// content that stands many times in a source is kept once.
public final class ContentStore: Sendable {
    /// The scratch directory.
    public let directory: String
    private let fault = Mutex<MigrationError?>(nil)
    private let number = Mutex(0)

    /// Opens an empty store; what a run that died left in the directory is removed.
    ///
    /// - Throws: `destination/unwritable`.
    public init(_ directory: String) throws {
        self.directory = directory
        remove()
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw MigrationError(
                "destination/unwritable", recovery: .stopRun, place: Place(file: directory),
                summary: "cannot be created for the content of files", cause: error)
        }
    }

    /// Removes the directory.
    public func remove() { try? FileManager.default.removeItem(atPath: directory) }

    /// The first content that could not be kept, which ends a run.
    public var failure: MigrationError? { fault.withLock { $0 } }

    /// Whether a text can be the name of a content: it names a file, so nothing else may pass.
    static func isName(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x61 && $0 <= 0x66) }
    }

    /// Where a content lies; `nil` when the store does not have it.
    func path(of sha256: String) -> String? {
        guard Self.isName(sha256) else { return nil }
        let path = directory + "/" + sha256
        return access(path, R_OK) == 0 ? path : nil
    }

    /// Begins a content.
    func begin() -> ContentWriter {
        let next = number.withLock { number in
            number += 1
            return number
        }
        return ContentWriter(directory + "/incoming-\(next)", self)
    }

    /// Takes a file in whose name is its content's, after looking whether that is so.
    func adopt(_ path: String, sha256: String) -> Bool {
        if self.path(of: sha256) != nil { return true }
        guard let file = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? file.close() }
        let writer = begin()
        while let piece = try? file.read(upToCount: 1 << 20), !piece.isEmpty {
            piece.withUnsafeBytes { writer.write($0) }
        }
        guard writer.digest == sha256 else {
            writer.forget()
            return false
        }
        writer.keep()
        return true
    }

    fileprivate func note(_ path: String) {
        let reason = String(cString: strerror(errno))
        fault.withLock { fault in
            guard fault == nil else { return }
            fault = MigrationError(
                "destination/unwritable", recovery: .stopRun, place: Place(file: path),
                summary: "the content of a file cannot be kept: " + reason,
                hint: "make room beside the destination and run again")
        }
    }
}

/// A content being written; counted and hashed on the way, and kept only where there is a store.
final class ContentWriter {
    private let store: ContentStore?
    private let path: String
    private let hash = Digest()
    private var descriptor: Int32 = -1
    private(set) var count = 0

    /// A content that is only looked at.
    init() {
        store = nil
        path = ""
    }

    fileprivate init(_ path: String, _ store: ContentStore) {
        self.store = store
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        if descriptor < 0 { store.note(path) }
    }

    deinit { forget() }

    func write(_ bytes: UnsafeRawBufferPointer) {
        hash.update(bytes)
        count += bytes.count
        guard descriptor >= 0 else { return }
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest)
            let written = Glibc.write(descriptor, piece.baseAddress, piece.count)
            if written < 0 {
                if errno == EINTR { continue }
                store?.note(path)
                return forget()
            }
            rest = rest.dropFirst(written)
        }
    }

    /// SHA-256 of all that was written; nothing can be written after it.
    var digest: String { hash.finish() }

    /// Moves the content to its name.
    func keep() {
        guard descriptor >= 0, let store else { return }
        let isDurable = fsync(descriptor) == 0
        close(descriptor)
        descriptor = -1
        guard isDurable, rename(path, store.directory + "/" + digest) == 0 else { return store.note(path) }
    }

    /// Throws away what was written.
    func forget() {
        guard descriptor >= 0 else { return }
        close(descriptor)
        descriptor = -1
        unlink(path)
    }
}
