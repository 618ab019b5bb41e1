internal import Diagnostics
internal import Glibc

/// Bytes read in order: a file, a decompressed file, a member of an archive, memory.
public protocol ByteSource: AnyObject {
    /// Reads at least one byte into the buffer; 0 means the end.
    ///
    /// Throws `source/unreadable` or `source/bomb` with the place.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
    /// How far it was read, in the measure of ``ExportFile/size``: packed bytes of a gzip file, plain bytes of all else.
    var position: Int { get }
}

/// A plain file.
final class FileSource: ByteSource {
    private let descriptor: Int32
    private let name: String
    private var offset = 0
    var position: Int { offset }

    init(path: String, name: String) throws {
        descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        self.name = name
        guard descriptor >= 0 else { throw SystemFault.current("cannot be opened", Place(file: name)) }
        _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
    }

    deinit { close(descriptor) }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 {
                offset += count
                return count
            }
            guard errno == EINTR else { throw SystemFault.current("cannot be read", Place(file: name, byte: offset)) }
        }
    }
}

/// Bytes in memory.
public final class MemorySource: ByteSource {
    private let bytes: [UInt8]
    private var offset = 0
    /// Bytes handed out so far.
    public var position: Int { offset }

    /// Creates a source of these bytes.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Hands out the next bytes.
    public func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, bytes.count - offset)
        buffer.copyBytes(from: bytes[offset..<(offset + count)])
        offset += count
        return count
    }
}

/// Makes errors of the system's last error number.
enum SystemFault {
    static func current(
        _ what: String, _ place: Place, code: MigrationError.Code = "source/unreadable", number: Int32 = errno
    ) -> MigrationError {
        MigrationError(
            code, recovery: number == ENOSPC ? .stopRun : .stopStream, place: place,
            summary: "\(what) (\(reason(number)))",
            hint: number == EACCES
                ? "allow this user to read and write it"
                : number == ENOENT ? "check the path; it begins in the directory you are in" : nil)
    }

    static func reason(_ number: Int32) -> String {
        switch number {
        case ENOENT: "no such file or directory"
        case EACCES: "permission denied"
        case ENOSPC: "no space left on the device"
        default: strerror(number).map { String(cString: $0).lowercased() } ?? "system error \(number)"
        }
    }
}
