public import ConversationModel
internal import Diagnostics
internal import ExportFormats

extension Rule where Root == Attachment {
    /// Tells whoever writes the file's record which content belongs to it; the first rule of a binding, no part of the row.
    public static var content: Rule {
        Rule(path: [ContentMarkNode.key], content: .value { _ in ContentMarkNode() })
    }
}

/// Names a file's content to the destination, which takes the name off again.
final class ContentMarkNode: ValueNode {
    /// No vendor's key.
    static let key = "#content"
    private let sha256 = place(\Attachment.sha256)

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        false
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard run.writesContents,
            let digest = (root + sha256).assumingMemoryBound(to: String?.self).pointee, ContentStore.isName(digest)
        else { return false }
        out.put(digest)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool { false }
}

/// Gives the pieces of a file's content.
protocol PieceSource: AnyObject {
    /// Records of an export that are filed under a key.
    func pieces(_ export: String, of key: String) -> [ArraySlice<UInt8>]
}

/// Puts a file's content together from its pieces and looks whether it is whole.
struct ContentLoader {
    let form: PieceForm

    /// - Parameters:
    ///   - view: The file's record.
    ///   - file: Gets the SHA-256 of its content, where that is whole.
    ///   - run: Gives the pieces, takes the content, and is told what is wrong.
    func load(_ view: JSONView, _ file: inout Attachment, _ run: Decoding) {
        guard let source = run.pieces, let key = view.member(form.key).flatMap({ JoinPlan.text($0) }) else { return }
        let rows = source.pieces(form.pieces, of: key)
        guard !rows.isEmpty else { return }
        do {
            let bytes = try joined(rows)
            let writer = run.contents?.begin() ?? ContentWriter()
            let isPacked = view.member(form.compressed).flatMap { JoinPlan.text($0) } == "true"
            if isPacked {
                // What says its size is not believed beyond it.
                let limit = Int(clamping: file.size ?? 1 << 32)
                guard try Packing.inflate(bytes, limit: limit, { writer.write($0) }) else {
                    throw DecodeFault("its pieces are no whole gzip stream of the size that it says")
                }
            } else {
                bytes.withUnsafeBytes { writer.write($0) }
            }
            if let size = file.size, size != writer.count {
                throw DecodeFault("its content has \(writer.count) bytes instead of \(size)")
            }
            let digest = writer.digest
            if let said = file.sha256, said != digest {
                throw DecodeFault("its content has another SHA-256 than it says")
            }
            writer.keep()
            file.sha256 = digest
            file.size = file.size ?? Int64(writer.count)
        } catch {
            file.sha256 = nil
            let reason = (error as? DecodeFault)?.reason ?? "cannot be unpacked"
            run.findings.append(
                Finding(
                    "attachment/damaged", place: Place(subject: run.connector, record: file.id),
                    summary: "the content of a file was left out: \(reason)",
                    hint: "export this file again, or fetch it from its address"))
        }
    }

    /// The bytes of all pieces in their order.
    private func joined(_ rows: [ArraySlice<UInt8>]) throws -> [UInt8] {
        var pieces: [(position: Int, bytes: [UInt8])] = []
        let parser = try JSONParser()
        for row in rows {
            let view = try parser.parse(String(decoding: row, as: UTF8.self))
            guard let position = view.member(form.position).flatMap({ JoinPlan.text($0) }).flatMap({ Int($0) }),
                let data = view.member(form.data), let bytes = decoded(data)
            else { throw DecodeFault("a piece of its content cannot be read") }
            pieces.append((position, bytes))
        }
        pieces.sort { $0.position < $1.position }
        for (index, piece) in pieces.enumerated() where piece.position != index {
            throw DecodeFault("piece \(index) of its content is missing")
        }
        return pieces.flatMap(\.bytes)
    }

    private func decoded(_ view: JSONView) -> [UInt8]? {
        let content = view.isObject ? Box.content(view) : view
        guard let content, content.isString else { return nil }
        return Packing.base64(content.bytes)
    }
}
