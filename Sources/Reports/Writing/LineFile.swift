internal import Diagnostics
internal import Foundation

/// A file that lines are added to; it stands in its place only when it is whole.
final class LineFile: Sendable {
    private let path: String
    private let content: Buffered

    /// What has not reached the disk; only used behind the collector's lock.
    private final class Buffered: @unchecked Sendable {  // guarded by the lock of the collector that owns the file
        var descriptor: Int32
        var bytes: [UInt8] = []
        var failed = false

        init(_ descriptor: Int32) { self.descriptor = descriptor }

        deinit { if descriptor >= 0 { close(descriptor) } }
    }

    /// - Throws: `failed/unwritable` when the file cannot be made.
    init(path: String) throws {
        self.path = path
        content = Buffered(open(path + ".partial", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644))
        guard content.descriptor >= 0 else { throw Self.unwritable(path) }
    }

    func write(_ line: [UInt8]) {
        content.bytes.append(contentsOf: line)
        if content.bytes.count > 1 << 18 { flush() }
    }

    func restart() {
        content.bytes.removeAll(keepingCapacity: true)
        if ftruncate(content.descriptor, 0) != 0 || lseek(content.descriptor, 0, SEEK_SET) != 0 {
            content.failed = true
        }
    }

    func finish() throws {
        flush()
        guard content.descriptor >= 0 else { return }
        let closed = close(content.descriptor)
        content.descriptor = -1
        guard closed == 0, !content.failed, rename(path + ".partial", path) == 0 else {
            unlink(path + ".partial")
            throw Self.unwritable(path)
        }
    }

    private func flush() {
        var at = 0
        while at < content.bytes.count {
            let count = content.bytes.withUnsafeBytes { bytes in
                Foundation.write(content.descriptor, bytes.baseAddress.map { $0 + at }, bytes.count - at)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                content.failed = true
                break
            }
            at += count
        }
        content.bytes.removeAll(keepingCapacity: true)
    }

    static func unwritable(_ path: String) -> MigrationError {
        MigrationError(
            "failed/unwritable", recovery: .fixConfiguration, place: Place(file: path),
            summary: "cannot be written: " + String(cString: strerror(errno)), hint: "check the directory and its space"
        )
    }
}
