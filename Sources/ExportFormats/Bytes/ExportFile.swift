internal import Diagnostics

/// One file of an export: a plain file, a gzip file or a member of a zip archive.
public struct ExportFile: Sendable, Hashable {
    /// The file as a person knows it: `exports/2024.zip!tickets.json`.
    public let displayName: String
    /// Path below the location that was listed; the file's own name when the location is the file.
    public let relativePath: String
    /// Size in bytes as stored; decompressed for members of archives; 0 where unknown.
    public let size: Int
    /// How it is packed.
    public let compression: Compression

    let path: String
    let member: Int

    /// Its own name, without directories and archive: `tickets.json`.
    public var name: String {
        relativePath.split(whereSeparator: { $0 == "/" || $0 == "!" }).last.map(String.init) ?? relativePath
    }

    /// Opens it for reading from the start, decompressed.
    ///
    /// - Parameter limits: Guards against archives that expand without end.
    /// - Returns: Its bytes in order.
    /// - Throws: `source/unreadable` or `source/encrypted`.
    public func open(limits: ReadLimits = ReadLimits()) throws -> any ByteSource {
        switch compression {
        case .none: try FileSource(path: path, name: displayName)
        case .gzip: try ArchiveSource(gzip: path, name: displayName, limits: limits)
        case .zip: try ArchiveSource(zip: path, member: member, name: displayName, limits: limits)
        }
    }

    /// The first bytes, decompressed.
    ///
    /// - Parameter count: How many at most.
    /// - Returns: Fewer bytes only when the file is shorter.
    /// - Throws: As ``open(limits:)``, and `source/bomb`.
    public func head(_ count: Int = 256 << 10) throws -> [UInt8] {
        let source = try open()
        return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let bytes = UnsafeMutableRawBufferPointer(buffer)
            while filled < count {
                let more = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[filled..<count]))
                guard more > 0 else { break }
                filled += more
            }
        }
    }
}
