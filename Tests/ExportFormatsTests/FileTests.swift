import CArchive
import Diagnostics
import ExportFormats
import Foundation
import Testing

/// A directory that goes away with the test.
final class Scratch {
    let path = NSTemporaryDirectory() + "export-files-" + UUID().uuidString

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
        let file = path + "/" + name
        let directory = (file as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }

    /// Packs with libarchive; a gzip file has one member without a name.
    func pack(_ name: String, zip: Bool, _ members: [(name: String, chunk: [UInt8], times: Int)]) throws -> String {
        let file = path + "/" + name
        let archive = try #require(archive_write_new())
        defer { archive_write_free(archive) }
        if zip {
            archive_write_set_format_zip(archive)
        } else {
            archive_write_add_filter_gzip(archive)
            archive_write_set_format_raw(archive)
        }
        try #require(archive_write_open_filename(archive, file) == ARCHIVE_OK)
        for member in members {
            let entry = try #require(archive_entry_new())
            defer { archive_entry_free(entry) }
            archive_entry_set_pathname(entry, member.name)
            archive_entry_set_filetype(entry, S_IFREG)
            archive_entry_set_size(entry, Int64(member.chunk.count * member.times))
            try #require(archive_write_header(archive, entry) == ARCHIVE_OK)
            for _ in 0..<member.times { _ = archive_write_data(archive, member.chunk, member.chunk.count) }
        }
        archive_write_close(archive)
        return file
    }
}

@Suite struct FileTests {
    let lines = ExportFormat.json(paths: [[]])

    func records(_ file: ExportFile, limits: ReadLimits = ReadLimits()) -> Reading {
        var reading = Reading()
        do { try reading.drain(lines.open(file, limits: limits)) } catch { reading.error = "\(error)" }
        return reading
    }

    @Test func listsADirectoryInTheOrderOfItsBytes() throws {
        let scratch = try Scratch()
        for name in ["b.json", "a/z.json", "B.json", ".hidden", "c.json.partial", "a/.git/x", "ä.json"] {
            try scratch.write(name, "{}".utf8)
        }
        try FileManager.default.createSymbolicLink(atPath: scratch.path + "/in.json", withDestinationPath: "b.json")
        try FileManager.default.createSymbolicLink(atPath: scratch.path + "/loop", withDestinationPath: ".")
        try FileManager.default.createSymbolicLink(atPath: scratch.path + "/out", withDestinationPath: "/etc")
        let listing = try ExportFiles.list(scratch.path)
        #expect(listing.files.map(\.relativePath) == ["B.json", "a/z.json", "b.json", "in.json", "ä.json"])
        #expect(listing.refused.map(\.summary) == ["is a link that leads out of the directory; it was not opened"])
        #expect(listing.files.allSatisfy { $0.size == 2 })
    }

    @Test func namesALocationThatIsNotThere() {
        let error = #expect(throws: MigrationError.self) { try ExportFiles.list("/no/such/place") }
        #expect(
            error?.description
                == "/no/such/place: cannot be read (no such file or directory); check the path; it begins in the directory you are in"
        )
    }

    @Test func readsGzipAndZipMembers() throws {
        let scratch = try Scratch()
        let text = Array("{\"a\":1}\n{\"a\":2}\n".utf8)
        _ = try scratch.pack("a.json.gz", zip: false, [("", text, 1)])
        _ = try scratch.pack(
            "b.zip", zip: true,
            [
                ("z/two.json", text, 1), ("one.json", text, 1), ("../evil", text, 1), ("/abs", text, 1),
                ("__MACOSX/._x", text, 1),
            ])
        let listing = try ExportFiles.list(scratch.path)
        #expect(listing.files.map(\.relativePath) == ["a.json.gz", "b.zip!one.json", "b.zip!z/two.json"])
        #expect(listing.files.map(\.name) == ["a.json.gz", "one.json", "two.json"])
        #expect(listing.refused.count == 2)
        for file in listing.files { #expect(records(file).records == ["{\"a\":1}", "{\"a\":2}"]) }
        #expect(listing.files[2].displayName == scratch.path + "/b.zip!z/two.json")
    }

    @Test func tellsHowFarAFileWasReadInTheMeasureOfItsSize() throws {
        let scratch = try Scratch()
        var random = Seeded(4)
        let text = (0..<9000).flatMap { Array("{\"a\":\($0),\"b\":\(random.next())}\n".utf8) }
        try scratch.write("plain.json", text)
        try scratch.write("wide.json", [0xFF, 0xFE] + text.flatMap { [$0, 0] })
        _ = try scratch.pack("packed.json.gz", zip: false, [("", text, 1)])
        _ = try scratch.pack("packed.zip", zip: true, [("first.json", text, 1), ("second.json", text, 1)])
        for file in try ExportFiles.list(scratch.path).files {
            let source = try file.open()
            #expect(source.position <= 1 << 16, "\(file.name): at its beginning")
            var positions: [Int] = []
            try withUnsafeTemporaryAllocation(byteCount: 1 << 12, alignment: 1) { buffer in
                while try source.read(into: buffer) > 0 { positions.append(source.position) }
            }
            #expect(positions == positions.sorted(), "\(file.name)")
            #expect(positions.last == file.size, "\(file.name): at its end")
        }
    }

    @Test func keepsTheRecordsBeforeATruncatedEnd() throws {
        let scratch = try Scratch()
        var random = Seeded(3)
        let text = (0..<20_000).flatMap { Array("{\"a\":\($0),\"b\":\(random.next())}\n".utf8) }
        let whole = try scratch.pack("a.gz", zip: false, [("", text, 1)])
        let bytes = try Data(contentsOf: URL(fileURLWithPath: whole))
        let cut = try scratch.write("cut.gz", bytes.prefix(bytes.count / 2))
        let reading = try records(ExportFiles.list(cut).files[0])
        #expect(reading.records.count > 2_000 && reading.records.count < 20_000)
        #expect(
            reading.error?.contains("cut.gz: byte") == true && reading.error?.contains("cannot be decompressed") == true
        )
    }

    @Test(arguments: [true, false]) func refusesABombAndPassesHonestText(_ zip: Bool) throws {
        let scratch = try Scratch()
        let bomb = try scratch.pack("bomb", zip: zip, [("zeros", [UInt8](repeating: 32, count: 1 << 20), 100)])
        let reading = try records(ExportFiles.list(bomb).files[0])
        #expect(reading.error?.contains("expands more than 250 times its size") == true)
        var random = Seeded(5)
        let chunk = (0..<2_000).flatMap {
            Array("{\"id\":\($0),\"status\":\"open\",\"n\":\(random.next() % 1000)}\n".utf8)
        }
        let honest = try scratch.pack("honest", zip: zip, [("x.json", chunk, 40)])
        var limits = ReadLimits()
        limits.freeBytes = 1 << 20
        let passed = records(try ExportFiles.list(honest).files[0], limits: limits)
        #expect(passed.error == nil && passed.records.count == 80_000)
        limits.expandedBytes = 1 << 20
        #expect(
            try records(ExportFiles.list(honest).files[0], limits: limits).error?.contains("expands beyond") == true)
    }

    @Test func opensNoArchiveInsideAnArchive() throws {
        let scratch = try Scratch()
        let inner = try scratch.pack("inner.gz", zip: false, [("", Array("{}".utf8), 1)])
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: inner)))
        let outer = try scratch.pack("outer.zip", zip: true, [("inner.gz", bytes, 1)])
        #expect(try records(ExportFiles.list(outer).files[0]).error?.contains("archive inside an archive") == true)
    }

    @Test func refusesTooManyMembers() throws {
        let scratch = try Scratch()
        let file = try scratch.pack("m.zip", zip: true, (0..<5).map { ("\($0)", [1], 1) })
        var limits = ReadLimits()
        limits.archiveMembers = 4
        #expect(throws: MigrationError.self) { try ExportFiles.list(file, limits: limits) }
    }

    @Test func aFileAppearsOnlyWhenItIsWhole() throws {
        let scratch = try Scratch()
        let path = scratch.path + "/out.jsonl"
        var seen = 0
        do {
            let file = try AtomicFile(path) { seen += $0.count }
            let writer = try OutputFormat.jsonLines.writer(to: file)
            for _ in 0..<100_000 { try writer.append("{\"a\":1}") }
            #expect(!FileManager.default.fileExists(atPath: path))
            #expect(FileManager.default.fileExists(atPath: path + ".partial"))
            #expect(try writer.finish().bytes == 800_000)
        }
        #expect(seen == 800_000)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["out.jsonl"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count == 800_000)
        do { try AtomicFile(path).write(UnsafeRawBufferPointer(start: nil, count: 0)) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["out.jsonl"])
    }

    @Test func namesAFileThatCannotBeWritten() {
        let error = #expect(throws: MigrationError.self) { try AtomicFile("/no/such/place/x") }
        #expect(
            error?.description
                == "/no/such/place/x: cannot be created (no such file or directory); check the path; it begins in the directory you are in"
        )
        #expect(error?.exit == .destinationUnreachable)
    }
}
