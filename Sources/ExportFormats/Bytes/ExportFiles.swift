internal import CArchive
public import Diagnostics
internal import Glibc

/// The files of a location, and what of it was refused.
public struct ExportListing: Sendable {
    /// The files, sorted by the bytes of their paths.
    public internal(set) var files: [ExportFile] = []
    /// Entries that are never opened: names leading out of the location, devices, members that are archives' tricks.
    public internal(set) var refused: [Finding] = []
}

/// Finds the files of an export.
public enum ExportFiles {
    /// Lists a file, or a directory with everything below it.
    ///
    /// Names that start with a dot or end in `.partial` are passed over; members of zip archives are listed one by one;
    /// symbolic links are followed as long as they stay inside the location.
    ///
    /// - Parameters:
    ///   - path: A file or directory.
    ///   - limits: The largest number of members of an archive.
    /// - Returns: The files in a stable order; no files is no error.
    /// - Throws: `source/unreadable` when the location cannot be read, `source/bomb` for an archive of too many members.
    public static func list(_ path: String, limits: ReadLimits = ReadLimits()) throws -> ExportListing {
        var lister = FileLister(root: path, limits: limits)
        try lister.run()
        return lister.listing
    }

    /// Whether a path of an archive or directory may be listed: no dot files, no unfinished ones, no clutter of archivers.
    static func isWanted(_ name: some StringProtocol) -> Bool {
        !name.hasPrefix(".") && !name.hasSuffix(".partial") && name != "__MACOSX"
    }
}

private struct FileLister {
    let root: String
    let limits: ReadLimits
    var listing = ExportListing()
    private var realRoot = ""
    private var directories: Set<[UInt64]> = []

    init(root: String, limits: ReadLimits) {
        self.root = root
        self.limits = limits
    }

    mutating func run() throws {
        var status = stat()
        guard stat(root, &status) == 0 else { throw SystemFault.current("cannot be read", Place(file: root)) }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            let name = root.split(separator: "/").last.map(String.init) ?? root
            return try add(root, relative: name, display: root, size: Int(status.st_size))
        }
        realRoot = Self.realPath(root) ?? root
        try walk(root, relative: "", status)
    }

    private mutating func walk(_ path: String, relative: String, _ status: stat) throws {
        guard directories.insert([UInt64(status.st_dev), UInt64(status.st_ino)]).inserted else { return }
        guard let directory = opendir(path) else { throw SystemFault.current("cannot be read", Place(file: path)) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if ExportFiles.isWanted(name) { names.append(name) }
        }
        closedir(directory)
        names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        for name in names { try visit(path + "/" + name, relative: relative.isEmpty ? name : relative + "/" + name) }
    }

    private mutating func visit(_ path: String, relative: String) throws {
        var status = stat()
        guard lstat(path, &status) == 0 else { return refuse(path, "cannot be read") }
        if status.st_mode & S_IFMT == S_IFLNK {
            guard let real = Self.realPath(path), stat(path, &status) == 0 else {
                return refuse(path, "is a dangling link")
            }
            guard real == realRoot || real.hasPrefix(realRoot == "/" ? "/" : realRoot + "/") else {
                return refuse(path, "is a link that leads out of the directory")
            }
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: try walk(path, relative: relative, status)
        case S_IFREG: try add(path, relative: relative, display: path, size: Int(status.st_size))
        default: refuse(path, "is neither file nor directory")
        }
    }

    private mutating func add(_ path: String, relative: String, display: String, size: Int) throws {
        let compression = try firstBytes(path)
        guard compression == .zip else {
            listing.files.append(
                ExportFile(
                    displayName: display, relativePath: relative, size: size, compression: compression, path: path,
                    member: 0))
            return
        }
        try addMembers(path, relative: relative, display: display)
    }

    private func firstBytes(_ path: String) throws -> Compression {
        let source = try FileSource(path: path, name: path)
        return try withUnsafeTemporaryAllocation(byteCount: 4, alignment: 1) { buffer in
            let count = try source.read(into: buffer)
            return Compression.detect(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    private mutating func addMembers(_ path: String, relative: String, display: String) throws {
        let archive = try ArchiveHandle(path, name: display, as: .zip)
        var members: [ExportFile] = []
        var number = 0
        while let entry = try archive.nextEntry() {
            defer { number += 1 }
            guard number < limits.archiveMembers else {
                throw MigrationError(
                    "source/bomb", recovery: .stopStream, place: Place(file: display),
                    summary: "has more than \(limits.archiveMembers) members; it was not opened",
                    hint: "unpack it by hand")
            }
            let raw = archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry)
            let name = raw.map { String(cString: $0) } ?? "member-\(number)"
            let parts = name.split(whereSeparator: { $0 == "/" || $0 == "\\" })
            guard !name.hasPrefix("/"), !name.hasPrefix("\\"), !parts.contains(".."), name.dropFirst().first != ":"
            else {
                refuse("\(display)!\(name)", "has a name that leads out of the archive")
                continue
            }
            guard archive_entry_filetype(entry) != S_IFDIR, !name.hasSuffix("/") else { continue }
            guard archive_entry_filetype(entry) & S_IFMT != S_IFLNK else {
                refuse("\(display)!\(name)", "is a link inside an archive")
                continue
            }
            guard parts.allSatisfy({ ExportFiles.isWanted($0) }) else { continue }
            members.append(
                ExportFile(
                    displayName: "\(display)!\(name)", relativePath: "\(relative)!\(name)",
                    size: Int(archive_entry_size(entry)), compression: .zip, path: path, member: number))
        }
        members.sort { $0.relativePath.utf8.lexicographicallyPrecedes($1.relativePath.utf8) }
        listing.files += members
    }

    private mutating func refuse(_ path: String, _ reason: String) {
        listing.refused.append(
            Finding("source/refused-file", place: Place(file: path), summary: "\(reason); it was not opened"))
    }

    private static func realPath(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}
