internal import CCrypto
internal import ConversationModel
internal import Diagnostics
internal import ExportFormats
internal import Foundation

/// The files of a platform being written into a directory that nobody reads before it is whole.
public final class FileDestination {
    /// The platform whose files these are.
    public let platform: Platform
    /// The directory being filled.
    public let directory: String
    let store: ContentStore?
    private var writers: [Int: Writer] = [:]

    private final class Writer {
        let writer: any RecordWriter
        /// Only where a manifest wants it: hashing everything cost 5 % of a conversion.
        let digest: Digest?
        let name: String
        var records = 0

        init(_ writer: any RecordWriter, _ digest: Digest?, _ name: String) {
            self.writer = writer
            self.digest = digest
            self.name = name
        }
    }

    /// Opens a directory; what a run that died left in it is removed.
    ///
    /// - Parameters:
    ///   - platform: The platform whose files these are.
    ///   - directory: The directory to be filled.
    ///   - contents: Where contents of files are taken from.
    /// - Throws: `destination/unwritable`.
    public init(_ platform: Platform, directory: String, contents: ContentStore? = nil) throws {
        store = contents
        self.platform = platform
        self.directory = directory
        do {
            if FileManager.default.fileExists(atPath: directory) {
                try FileManager.default.removeItem(atPath: directory)
            }
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw MigrationError(
                "destination/unwritable", recovery: .stopRun, place: Place(file: directory),
                summary: "cannot be created",
                hint: "check that the folder above it exists and may be written", cause: error)
        }
    }

    /// Writes a record, each of its pieces into the file of its export.
    ///
    /// - Throws: `destination/unwritable`.
    public func append(_ pieces: [EncodedPiece], of bytes: UnsafeBufferPointer<UInt8>) throws {
        for piece in pieces {
            let row = UnsafeBufferPointer(rebasing: bytes[piece.range])
            guard store != nil else {
                try append(row, to: piece.export)
                continue
            }
            if let form = platform.pieces(of: piece.export), let (sha256, rest) = unmarked(row) {
                try rest.withUnsafeBufferPointer { try append($0, to: piece.export) }
                try writePieces(form, of: rest, sha256: sha256)
            } else {
                try append(row, to: piece.export)
                try keepContents(of: row)
            }
        }
    }

    /// Writes one record of an export.
    func append(_ row: UnsafeBufferPointer<UInt8>, to export: Int) throws {
        let writer = try writer(of: export)
        try writer.writer.append(row)
        writer.records += 1
    }

    /// Makes the file of an export exist even when it gets no record.
    public func open(_ export: Int) throws { _ = try writer(of: export) }

    private func writer(of export: Int) throws -> Writer {
        if let writer = writers[export] { return writer }
        guard let output = platform.connector.exports[export].output else {
            throw MigrationError(
                "internal/no-output", recovery: .stopRun, place: Place(subject: platform.connector.name),
                summary: "stream '\(platform.connector.exports[export].name)' is only read")
        }
        let digest = platform.connector.manifest.map { _ in Digest() }
        let path = directory + "/" + output.name
        let sink = try digest.map { digest in try AtomicFile(path) { digest.update($0) } } ?? AtomicFile(path)
        let writer = Writer(try output.form.format.writer(to: sink), digest, output.name)
        writers[export] = writer
        return writer
    }

    /// Makes all files durable and, where the platform has one, writes the manifest.
    ///
    /// - Parameter source: The location that the records came from, for the manifest.
    /// - Returns: Bytes written.
    /// - Throws: `destination/unwritable`.
    @discardableResult
    public func finish(source: String) throws -> Int {
        if let failure = store?.failure { throw failure }
        var bytes = 0
        var files: [(name: String, records: Int, bytes: Int, sha256: String)] = []
        for (export, writer) in writers.sorted(by: { $0.key < $1.key }) {
            let summary = try writer.writer.finish()
            bytes += summary.bytes
            for guide in platform.connector.exports[export].guides {
                if let content = guide.content(summary.columns) { try write(content, to: guide.name) }
            }
            files.append((writer.name, summary.records, summary.bytes, writer.digest?.finish() ?? ""))
        }
        writers = [:]
        if let manifest = platform.connector.manifest { try write(manifest, source, files) }
        return bytes
    }

    private func write(
        _ manifest: String, _ source: String, _ files: [(name: String, records: Int, bytes: Int, sha256: String)]
    ) throws {
        let counts = files.map { file in
            JSONValue.Member(String(file.name.prefix { $0 != "." }), .number(String(file.records)))
        }
        let hashes = files.map { file in
            JSONValue.Member(
                file.name,
                .object([
                    JSONValue.Member("bytes", .number(String(file.bytes))),
                    JSONValue.Member("sha256", .string(file.sha256)),
                ]))
        }
        let members = [
            JSONValue.Member("format", .string("deskferry-bundle")), JSONValue.Member("version", .number("1")),
            JSONValue.Member("source", .string(source)), JSONValue.Member("counts", .object(counts)),
            JSONValue.Member("files", .object(hashes)),
        ]
        try write(.object(members), to: manifest)
    }

    /// Writes a file that holds one value.
    private func write(_ content: JSONValue, to name: String) throws {
        var out = JSONOutput(capacity: 1024)
        out.put(content)
        out.put(UInt8(ascii: "\n"))
        let sink = try AtomicFile(directory + "/" + name)
        try sink.write(UnsafeRawBufferPointer(out.bytes))
        try sink.finish()
    }
}

/// SHA-256 of bytes as they pass.
public final class Digest {
    private let context: OpaquePointer?
    private var result: String?

    /// Begins a digest.
    public init() { context = deskferry_sha256_begin() }

    deinit { if result == nil { _ = finish() } }

    /// Takes bytes.
    public func update(_ bytes: UnsafeRawBufferPointer) {
        deskferry_sha256_update(context, bytes.baseAddress, bytes.count)
    }

    /// The digest in hex; later calls give the same.
    public func finish() -> String {
        if let result { return result }
        var digest = [UInt8](repeating: 0, count: 32)
        deskferry_sha256_end(context, &digest)
        let text = Digest.hex(digest)
        result = text
        return text
    }

    /// SHA-256 of bytes in one go.
    public static func sha256(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        _ = deskferry_sha256(bytes.baseAddress, bytes.count, &digest)
        return digest
    }

    /// Bytes as lower-case hex.
    public static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

extension OutputFile.Form {
    var format: OutputFormat {
        switch self {
        case .lines: .jsonLines
        case .envelope(let key, let count):
            .envelope(EnvelopeLayout([key], after: count.map { [EnvelopeMember($0, .count)] } ?? []))
        case .csv(let columns): .csv(CSVLayout(columns, discoversColumns: true))
        case .xml(let root): .xml(XMLLayout(root: root, element: "record"))
        }
    }
}
