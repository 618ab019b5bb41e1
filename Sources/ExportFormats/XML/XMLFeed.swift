internal import CXML2
internal import Diagnostics

/// Hands the bytes of a source to libxml2, and keeps what goes wrong on the way: C callbacks cannot throw.
final class XMLFeed {
    /// Fatal error of the parser, in its words.
    struct Fault {
        let line: Int
        let reason: String
    }

    private let source: any ByteSource
    private var buffer: [UInt8] = []
    private var at = 0
    private(set) var consumed = 0
    private(set) var failure: (any Error)?
    var fault: Fault?
    /// Bytes after which the record being read is too large.
    var ceiling = Int.max
    private(set) var hitCeiling = false
    /// `</ticket>` once a record was seen; until then any tag may end one.
    private var recordEnd: [UInt8] = []
    private var isBehindRecord = false
    /// The parser takes no more at once.
    private static let pieceBytes = 512

    init(_ source: any ByteSource, name: String) throws {
        self.source = source
        try refill()
        while buffer.count < 1 << 16, let more = try chunk() { buffer += more }
        if let place = XMLProlog.doctype(buffer) {
            throw MigrationError(
                "source/malformed", recovery: .stopStream,
                place: Place(file: name, line: 1 + buffer[..<place].count(where: { $0 == Byte.newline }), byte: place),
                summary:
                    "declares a DOCTYPE, which exports do not need and entity bombs do; nothing of the file was read",
                hint: "remove the declaration if the file is trusted")
        }
    }

    private func refill() throws {
        buffer = try chunk() ?? []
        at = 0
    }

    private func chunk() throws -> [UInt8]? {
        let bytes = try [UInt8](unsafeUninitializedCapacity: 1 << 18) { buffer, count in
            count = try source.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
        return bytes.isEmpty ? nil : bytes
    }

    /// Copies the next bytes; 0 at the end, -1 when the source fails or the record is too large.
    func read(_ destination: UnsafeMutablePointer<CChar>, _ capacity: Int) -> Int32 {
        if consumed > ceiling {
            hitCeiling = true
            return -1
        }
        do {
            if at >= buffer.count { try refill() }
        } catch {
            failure = error
            return -1
        }
        let count = buffer.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress, at < bytes.count else { return 0 }
            let count = piece(base, at, min(bytes.count, at + min(capacity, Self.pieceBytes)))
            UnsafeMutableRawPointer(destination).copyMemory(from: base + at, byteCount: count)
            return count
        }
        at += count
        consumed += count
        return Int32(count)
    }

    /// How much libxml2 gets at once.
    ///
    /// It forgets what it parsed of a piece that turns out to be broken. Pieces that end behind a record, and behind the
    /// bracket that follows, let the record get out first.
    private func piece(_ base: UnsafePointer<UInt8>, _ from: Int, _ to: Int) -> Int {
        if isBehindRecord {
            isBehindRecord = false
            return (ByteScan.find(UInt8(ascii: "<"), base, from, to) ?? to - 1) + 1 - from
        }
        var at = from
        while let close = ByteScan.find(UInt8(ascii: ">"), base, at, to) {
            at = close + 1
            if endsRecord(base, at) {
                isBehindRecord = true
                return at - from
            }
        }
        return to - from
    }

    private func endsRecord(_ base: UnsafePointer<UInt8>, _ end: Int) -> Bool {
        guard !recordEnd.isEmpty else { return true }
        guard end >= recordEnd.count else { return false }
        return UnsafeBufferPointer(start: base + end - recordEnd.count, count: recordEnd.count).elementsEqual(recordEnd)
    }

    /// Names the element the next record will probably be.
    func expectEnd(of tag: UnsafePointer<xmlChar>) {
        guard recordEnd.isEmpty || !XMLToJSON.isEqual(tag, recordEnd[2..<(recordEnd.count - 1)]) else { return }
        recordEnd = Array("</\(XMLToJSON.text(tag))>".utf8)
    }

    /// Keeps the first fatal error.
    func note(_ error: xmlErrorPtr?) {
        guard let error = error?.pointee, error.level == XML_ERR_FATAL, fault == nil else { return }
        let message = error.message.map { String(cString: $0) } ?? "not well-formed"
        // The parser quotes the content behind a colon; names of elements are all a report may show.
        let reason = message.split(whereSeparator: \.isNewline).first.map(String.init) ?? message
        fault = Fault(line: Int(error.line), reason: reason)
    }
}

/// What stands before the root element.
enum XMLProlog {
    /// Place of a DOCTYPE before the root element, `nil` without one; the zero bytes of UTF-16 are looked through.
    static func doctype(_ bytes: [UInt8]) -> Int? {
        var text: [UInt8] = []
        var places: [Int] = []
        for (place, byte) in bytes.enumerated() where byte != 0 {
            text.append(byte)
            places.append(place)
        }
        var at = 0
        while let open = text[at...].firstIndex(of: UInt8(ascii: "<")) {
            let rest = text[(open + 1)...]
            let end: ArraySlice<UInt8>.Index?
            if rest.starts(with: Array("?".utf8)) {
                end = find(Array("?>".utf8), text, open)
            } else if rest.starts(with: Array("!--".utf8)) {
                end = find(Array("-->".utf8), text, open + 4)
            } else {
                return rest.starts(with: Array("!".utf8)) ? places[open] : nil
            }
            guard let end else { return nil }
            at = end
        }
        return nil
    }

    private static func find(_ needle: [UInt8], _ text: [UInt8], _ from: Int) -> Int? {
        var at = from
        while at + needle.count <= text.count {
            if text[at..<(at + needle.count)].elementsEqual(needle) { return at + needle.count }
            at += 1
        }
        return nil
    }
}
