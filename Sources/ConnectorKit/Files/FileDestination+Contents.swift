internal import ConversationModel
internal import Diagnostics
internal import ExportFormats
internal import Foundation
internal import Glibc

extension FileDestination {
    /// Takes the contents that a record refers to, where the platform keeps them as files beside its records.
    func keepContents(of row: UnsafeBufferPointer<UInt8>) throws {
        guard case .directory(let name) = platform.connector.contents, let store, let base = row.baseAddress else {
            return
        }
        let mark = Array("\"sha256\":\"".utf8)
        var at = 0
        // Inside a text the mark's own quotes would be escaped.
        while let quote = memchr(base + at, Int32(UInt8(ascii: "\"")), row.count - at) {
            let start = base.distance(to: quote.assumingMemoryBound(to: UInt8.self))
            at = start + 1
            let end = start + mark.count + 64
            guard end < row.count else { return }
            guard row[start..<(start + mark.count)].elementsEqual(mark) else { continue }
            let sha256 = String(decoding: row[(start + mark.count)..<end], as: UTF8.self)
            if let path = store.path(of: sha256) { try keep(path, as: directory + "/" + name, sha256) }
        }
    }

    private func keep(_ path: String, as folder: String, _ sha256: String) throws {
        let target = folder + "/" + sha256
        if access(target, F_OK) == 0 { return }
        if access(folder, F_OK) != 0 { mkdir(folder, 0o755) }
        if link(path, target) == 0 { return }
        // Not every file system knows two names of one file.
        do {
            try FileManager.default.copyItem(atPath: path, toPath: target)
        } catch {
            throw MigrationError(
                "destination/unwritable", recovery: .stopRun, place: Place(file: target),
                summary: "the content of a file cannot be kept", cause: error)
        }
    }

    /// Takes the name of its content off a file's row.
    func unmarked(_ row: UnsafeBufferPointer<UInt8>) -> (sha256: String, rest: [UInt8])? {
        let prefix = Array("{\"\(ContentMarkNode.key)\":\"".utf8)
        guard row.count > prefix.count + 65, row.prefix(prefix.count).elementsEqual(prefix) else { return nil }
        let digest = String(decoding: row[prefix.count..<(prefix.count + 64)], as: UTF8.self)
        guard ContentStore.isName(digest) else { return nil }
        var rest = Array(row[(prefix.count + 65)...])
        // Behind the name stands a comma, or the end of a row that says nothing else.
        if rest.first == UInt8(ascii: ",") {
            rest[0] = UInt8(ascii: "{")
        } else {
            rest.insert(UInt8(ascii: "{"), at: 0)
        }
        return (digest, rest)
    }

    /// Writes the content of a file as the pieces that its platform wants.
    func writePieces(_ form: PieceForm, of row: [UInt8], sha256: String) throws {
        guard let path = store?.path(of: sha256), let file = FileHandle(forReadingAtPath: path),
            let export = platform.connector.exports.firstIndex(where: { $0.name == form.pieces }),
            let parser = try? JSONParser(), let view = try? parser.parse(String(decoding: row, as: UTF8.self)),
            let keyView = view.member(form.key), let key = JoinPlan.text(keyView)
        else { return }
        defer { try? file.close() }
        let isPacked = view.member(form.compressed).flatMap { JoinPlan.text($0) } == "true"
        let fileKey = keyView.value
        var waiting: [UInt8] = isPacked ? Packing.StoredGzip.head : []
        var packer = Packing.StoredGzip()
        var position = 0
        func send(_ isLast: Bool) throws {
            while waiting.count >= form.size || (isLast && (!waiting.isEmpty || position == 0)) {
                let piece = PieceForm.Piece(
                    file: fileKey, key: KeyCodec(.file).derived(String(position), scope: key), position: position,
                    data: Packing.base64(of: waiting.prefix(form.size)))
                waiting.removeFirst(min(form.size, waiting.count))
                position += 1
                var out = JSONOutput(capacity: form.size * 2)
                out.put(form.row(piece))
                try append(out.bytes, to: export)
            }
        }
        while let bytes = try file.read(upToCount: isPacked ? 60_000 : 1 << 16), !bytes.isEmpty {
            bytes.withUnsafeBytes { waiting += isPacked ? packer.block($0) : Array($0) }
            try send(false)
        }
        if isPacked { waiting += packer.tail() }
        try send(true)
    }
}
