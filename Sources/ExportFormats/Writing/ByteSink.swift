internal import Diagnostics
internal import Glibc

/// Takes the bytes of a file in order.
public protocol ByteSink: AnyObject {
    /// Name for messages.
    var name: String { get }
    /// Takes bytes; throws `destination/unwritable`.
    func write(_ bytes: UnsafeRawBufferPointer) throws
    /// Makes what was written last; nothing may be written after it.
    func finish() throws
}

/// Buffers bytes for an open descriptor and tells whoever listens what passes.
private struct BufferedDescriptor {
    static let size = 256 << 10
    /// How much is sent before the disk is told to begin with it.
    private static let ahead = 8 << 20

    let descriptor: Int32
    let name: String
    let onBytes: ((UnsafeRawBufferPointer) -> Void)?
    private var buffer: [UInt8] = []
    private var sent = 0
    private var begun = 0

    init(_ descriptor: Int32, name: String, onBytes: ((UnsafeRawBufferPointer) -> Void)?) {
        self.descriptor = descriptor
        self.name = name
        self.onBytes = onBytes
        buffer.reserveCapacity(Self.size)
    }

    mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
        onBytes?(bytes)
        if buffer.count + bytes.count > Self.size { try flush() }
        guard bytes.count >= Self.size else { return buffer.append(contentsOf: bytes) }
        try send(bytes)
        sent += bytes.count
        begin()
    }

    mutating func flush() throws {
        try buffer.withUnsafeBytes { try send($0) }
        sent += buffer.count
        buffer.removeAll(keepingCapacity: true)
        begin()
    }

    private func send(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest)
            let count = Glibc.write(descriptor, piece.baseAddress, piece.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw SystemFault.current("cannot be written", Place(file: name), code: "destination/unwritable")
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Lets the disk begin with what was sent, so that little is left to wait for when the file is made durable.
    private mutating func begin() {
        guard sent - begun >= Self.ahead else { return }
        // Linux begins to write the dirty pages of the range and does not wait; on a pipe it does nothing.
        _ = posix_fadvise(descriptor, off_t(begun), off_t(sent - begun), POSIX_FADV_DONTNEED)
        begun = sent
    }
}

/// A file that appears under its name only when it is whole.
///
/// Bytes go to `name.partial`, which ``finish()`` makes durable and renames; without it the partial file is removed.
public final class AtomicFile: ByteSink {
    /// Where the file will stand.
    public let name: String
    private let partial: String
    private var output: BufferedDescriptor
    private var isOpen = true

    /// Opens `path.partial`, replacing one left over.
    ///
    /// - Parameters:
    ///   - path: Where the file will stand; its directory must exist.
    ///   - onBytes: Sees every byte in order, for hashing.
    /// - Throws: `destination/unwritable`.
    public init(_ path: String, onBytes: ((UnsafeRawBufferPointer) -> Void)? = nil) throws {
        name = path
        partial = path + ".partial"
        let descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw SystemFault.current("cannot be created", Place(file: path), code: "destination/unwritable")
        }
        output = BufferedDescriptor(descriptor, name: path, onBytes: onBytes)
    }

    deinit {
        guard isOpen else { return }
        close(output.descriptor)
        unlink(partial)
    }

    /// Takes bytes.
    public func write(_ bytes: UnsafeRawBufferPointer) throws { try output.write(bytes) }

    /// Flushes, syncs, renames and syncs the directory; a second call does nothing.
    public func finish() throws {
        guard isOpen else { return }
        try output.flush()
        guard fsync(output.descriptor) == 0 else {
            throw SystemFault.current("cannot be made durable", Place(file: name), code: "destination/unwritable")
        }
        guard rename(partial, name) == 0 else {
            throw SystemFault.current("cannot be moved into place", Place(file: name), code: "destination/unwritable")
        }
        isOpen = false
        close(output.descriptor)
        let slash = name.utf8.lastIndex(of: UInt8(ascii: "/"))
        let directory = slash.map { $0 == name.startIndex ? "/" : String(name[..<$0]) } ?? "."
        let handle = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard handle >= 0 else { return }
        // Some file systems refuse to sync a directory; the file itself is durable by now.
        _ = fsync(handle)
        close(handle)
    }
}

/// Writes straight into a file, or a descriptor such as standard output.
public final class FileSink: ByteSink {
    /// Name for messages.
    public let name: String
    private var output: BufferedDescriptor
    private let isOwner: Bool

    /// Creates or empties a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - onBytes: Sees every byte in order.
    /// - Throws: `destination/unwritable`.
    public init(path: String, onBytes: ((UnsafeRawBufferPointer) -> Void)? = nil) throws {
        name = path
        isOwner = true
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw SystemFault.current("cannot be created", Place(file: path), code: "destination/unwritable")
        }
        output = BufferedDescriptor(descriptor, name: path, onBytes: onBytes)
    }

    /// Writes to a descriptor that stays open.
    ///
    /// - Parameters:
    ///   - descriptor: Open for writing.
    ///   - name: For messages.
    ///   - onBytes: Sees every byte in order.
    public init(descriptor: Int32, name: String, onBytes: ((UnsafeRawBufferPointer) -> Void)? = nil) {
        self.name = name
        isOwner = false
        output = BufferedDescriptor(descriptor, name: name, onBytes: onBytes)
    }

    deinit { if isOwner { close(output.descriptor) } }

    /// Takes bytes.
    public func write(_ bytes: UnsafeRawBufferPointer) throws { try output.write(bytes) }

    /// Flushes the buffer.
    public func finish() throws { try output.flush() }
}

/// Keeps bytes in memory.
public final class MemorySink: ByteSink {
    /// Name for messages.
    public let name: String
    /// What was written.
    public private(set) var bytes: [UInt8] = []

    /// Creates an empty one.
    public init(name: String = "memory") { self.name = name }

    /// Takes bytes.
    public func write(_ bytes: UnsafeRawBufferPointer) { self.bytes.append(contentsOf: bytes) }
    /// Does nothing: memory is written at once.
    public func finish() {}
}

extension ByteSink {
    func write(_ output: borrowing OutputBytes) throws { try write(UnsafeRawBufferPointer(output.bytes)) }

    /// Takes text as UTF-8; throws `destination/unwritable`.
    public func write(text: String) throws {
        var text = text
        try text.withUTF8 { try write(UnsafeRawBufferPointer($0)) }
    }
}
