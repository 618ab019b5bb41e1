internal import CArchive
internal import Diagnostics

/// A compressed file, or one member of a zip archive, decompressed on the way.
final class ArchiveSource: ByteSource {
    private let archive: ArchiveHandle
    private let name: String
    private let limits: ReadLimits
    private var produced = 0
    private let consumedBefore: Int
    private let isMember: Bool
    /// The size of a member is told as it is unpacked, that of a gzip file as it lies there.
    var position: Int { isMember ? produced : archive.consumed }

    /// Opens a gzip file.
    init(gzip path: String, name: String, limits: ReadLimits) throws {
        self.name = name
        self.limits = limits
        archive = try ArchiveHandle(path, name: name, as: .gzip)
        _ = try archive.nextEntry()
        consumedBefore = 0
        isMember = false
    }

    /// Opens a member of a zip archive by its number in the archive's own order.
    init(zip path: String, member: Int, name: String, limits: ReadLimits) throws {
        self.name = name
        self.limits = limits
        archive = try ArchiveHandle(path, name: name, as: .zip)
        var entry: OpaquePointer?
        for _ in 0...member { entry = try archive.nextEntry() }
        guard let entry else {
            throw MigrationError(
                "source/unreadable", recovery: .stopStream, place: Place(file: name),
                summary: "is no longer in its archive; nothing of it was read",
                hint: "run again when the archive is whole")
        }
        guard archive_entry_is_encrypted(entry) == 0 else {
            throw MigrationError(
                "source/encrypted", recovery: .fixConfiguration, place: Place(file: name),
                summary: "is encrypted; nothing of it was read",
                hint: "unpack it with its password and name the directory")
        }
        consumedBefore = archive.consumed
        isMember = true
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = try archive.read(buffer, at: produced)
        if produced == 0, Compression.detect(UnsafeRawBufferPointer(rebasing: buffer[..<count])) != .none {
            throw MigrationError(
                "source/malformed", recovery: .stopStream, place: Place(file: name),
                summary: "is an archive inside an archive; it was not opened", hint: "unpack the outer one first")
        }
        produced += count
        let consumed = max(archive.consumed - consumedBefore, 1 << 10)
        let isBomb = produced > limits.freeBytes && produced / consumed > limits.expansionRatio
        guard !isBomb, produced <= limits.expandedBytes else {
            let reason =
                isBomb
                ? "expands more than \(limits.expansionRatio) times its size"
                : "expands beyond \(limits.expandedBytes) bytes"
            throw MigrationError(
                "source/bomb", recovery: .stopStream, place: Place(file: name, byte: produced),
                summary: "\(reason); reading stopped here", hint: "unpack it by hand if it is genuine")
        }
        return count
    }
}

/// What the first bytes of a file say about compression.
public enum Compression: String, Sendable {
    /// Plain bytes.
    case none
    /// gzip.
    case gzip
    /// A zip archive, or a member of one.
    case zip

    static func detect(_ first: UnsafeRawBufferPointer) -> Compression {
        if first.starts(with: [0x1F, 0x8B, 0x08]) { return .gzip }
        if first.starts(with: [0x50, 0x4B, 0x03, 0x04]) || first.starts(with: [0x50, 0x4B, 0x05, 0x06]) {
            return .zip
        }
        return .none
    }
}

/// Owns one of libarchive's readers.
final class ArchiveHandle {
    private let handle: OpaquePointer
    private let name: String
    /// What is left of a block, valid until the next one is asked for.
    private var block = UnsafeRawBufferPointer(start: nil, count: 0)[...]

    init(_ path: String, name: String, as compression: Compression) throws {
        guard let handle = archive_read_new() else {
            throw MigrationError("internal/no-memory", recovery: .stopRun, summary: "no memory to open an archive")
        }
        self.handle = handle
        self.name = name
        if compression == .gzip {
            archive_read_support_filter_gzip(handle)
            archive_read_support_format_raw(handle)
        } else {
            archive_read_support_format_zip_seekable(handle)
        }
        guard archive_read_open_filename(handle, path, 1 << 16) == ARCHIVE_OK else { throw fault(at: nil) }
    }

    deinit { archive_read_free(handle) }

    /// Compressed bytes taken so far.
    var consumed: Int { Int(archive_filter_bytes(handle, -1)) }

    /// The next member, valid until the next call; `nil` behind the last.
    func nextEntry() throws -> OpaquePointer? {
        var entry: OpaquePointer?
        switch archive_read_next_header(handle, &entry) {
        case ARCHIVE_EOF: return nil
        case ARCHIVE_OK, ARCHIVE_WARN: return entry
        default: throw fault(at: nil)
        }
    }

    /// Copies decompressed bytes; 0 at the end of the member.
    ///
    /// Taken block by block: `archive_read_data` forgets what it copied before it met an error.
    func read(_ buffer: UnsafeMutableRawBufferPointer, at byte: Int) throws -> Int {
        while block.isEmpty {
            var start: UnsafeRawPointer?
            var size = 0
            var offset: Int64 = 0
            switch archive_read_data_block(handle, &start, &size, &offset) {
            case ARCHIVE_OK, ARCHIVE_WARN: block = UnsafeRawBufferPointer(start: start, count: size)[...]
            case ARCHIVE_RETRY: continue
            case ARCHIVE_EOF: return 0
            default: throw fault(at: byte)
            }
        }
        let count = min(buffer.count, block.count)
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: block.prefix(count)))
        block = block.dropFirst(count)
        return count
    }

    private func fault(at byte: Int?) -> MigrationError {
        let reason = archive_error_string(handle).map { String(cString: $0) } ?? "no reason given"
        return MigrationError(
            "source/unreadable", recovery: .stopStream, place: Place(file: name, byte: byte),
            summary: "cannot be decompressed (\(reason)); reading stopped here", hint: "export or download it again")
    }
}
