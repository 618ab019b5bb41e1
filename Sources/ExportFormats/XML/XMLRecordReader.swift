internal import CXML2
internal import Diagnostics

/// Reads the elements of an XML file that are records, one tree at a time.
///
/// No network, no entities beyond the five predefined ones and character references, no DOCTYPE.
final class XMLRecordReader: RecordReader {
    private static let deepest = 512

    private let name: String
    private let limits: ReadLimits
    private let elements: [[UInt8]]?
    private let feed: XMLFeed
    private let reader: OpaquePointer
    private var output = OutputBytes(capacity: 2 << 20)
    private var parts = BatchParts()
    private var isFinished = false
    private var isOnNextNode = false
    private var line = 1

    init(_ source: any ByteSource, name: String, rule: XMLRecords, limits: ReadLimits) throws {
        self.name = name
        self.limits = limits
        elements = rule.elements?.map { Array($0.utf8) }
        feed = try XMLFeed(source, name: name)
        xmlInitParser()
        let options =
            XML_PARSE_NONET.rawValue | XML_PARSE_HUGE.rawValue | XML_PARSE_NOCDATA.rawValue
            | XML_PARSE_BIG_LINES.rawValue
        let reader = xmlReaderForIO(
            { context, buffer, count in
                guard let context, let buffer else { return -1 }
                return Unmanaged<XMLFeed>.fromOpaque(context).takeUnretainedValue().read(buffer, Int(count))
            }, { _ in 0 }, Unmanaged.passUnretained(feed).toOpaque(), nil, nil, Int32(options))
        guard let reader else {
            throw MigrationError("internal/no-memory", recovery: .stopRun, summary: "no memory for an XML reader")
        }
        self.reader = reader
        xmlTextReaderSetStructuredErrorHandler(
            reader,
            { context, error in
                guard let context else { return }
                Unmanaged<XMLFeed>.fromOpaque(context).takeUnretainedValue().note(error)
            }, Unmanaged.passUnretained(feed).toOpaque())
    }

    deinit { xmlFreeTextReader(reader) }

    func nextBatch() throws -> RecordBatch? {
        while !isFinished {
            let status = isOnNextNode ? 1 : xmlTextReaderRead(reader)
            isOnNextNode = false
            guard status == 1 else {
                isFinished = true
                if status < 0 { noteFault() }
                break
            }
            switch xmlTextReaderNodeType(reader) {
            case Int32(XML_READER_TYPE_DOCUMENT_TYPE.rawValue): throw refusal()
            case Int32(XML_READER_TYPE_ELEMENT.rawValue): element()
            default: break
            }
            if output.count >= limits.batchBytes { return parts.batch(name, output.handOver()) }
        }
        if !parts.isEmpty { return parts.batch(name, output.handOver()) }
        if let failure = feed.failure { throw failure }
        return nil
    }

    /// Moves to the next element; its name and depth.
    func nextElement() -> (name: String, depth: Int)? {
        while xmlTextReaderRead(reader) == 1 {
            guard xmlTextReaderNodeType(reader) == Int32(XML_READER_TYPE_ELEMENT.rawValue) else { continue }
            guard let name = xmlTextReaderConstName(reader) else { return nil }
            return (XMLToJSON.text(name), Int(xmlTextReaderDepth(reader)))
        }
        return nil
    }

    private func element() {
        let depth = xmlTextReaderDepth(reader)
        guard depth < Self.deepest else { return stop("elements are nested deeper than \(Self.deepest)") }
        guard let path = path(depth: depth) else { return }
        let consumed = feed.consumed
        feed.ceiling = consumed > Int.max - limits.recordBytes ? Int.max : consumed + limits.recordBytes
        let node = xmlTextReaderExpand(reader)
        feed.ceiling = Int.max
        guard let node else {
            isFinished = true
            return noteFault()
        }
        line = max(line, Int(xmlGetLineNo(node)))
        if let tag = xmlTextReaderConstName(reader) { feed.expectEnd(of: tag) }
        let start = output.count
        if XMLToJSON.record(node, deepest: Self.deepest, into: &output) {
            parts.records.append(
                RecordSpan(offset: start, count: output.count - start, line: line, byte: consumed, path: path))
        } else {
            output.truncate(to: start)
            parts.faults.append(
                RecordFault(
                    line: line, byte: consumed, reason: "elements of a record are nested deeper than \(Self.deepest)"))
        }
        switch xmlTextReaderNext(reader) {
        case 1: isOnNextNode = true
        case 0: isFinished = true
        default:
            isFinished = true
            noteFault()
        }
    }

    /// Index of the name of the element the reader stands on; `nil` when it is no record.
    private func path(depth: Int32) -> PathIndex? {
        guard let elements else { return depth == 1 ? 0 : nil }
        guard let local = xmlTextReaderConstLocalName(reader), let full = xmlTextReaderConstName(reader) else {
            return nil
        }
        let index = elements.firstIndex { XMLToJSON.isEqual(local, $0) || XMLToJSON.isEqual(full, $0) }
        return index.map { PathIndex($0) }
    }

    private func stop(_ reason: String) {
        isFinished = true
        let line = Int(xmlTextReaderGetParserLineNumber(reader))
        parts.faults.append(
            RecordFault(line: line, byte: feed.consumed, reason: reason + "; the rest of the file was not read"))
    }

    private func noteFault() {
        guard feed.failure == nil else { return }
        guard !feed.hitCeiling else { return stop("record is larger than \(limits.recordBytes) bytes") }
        let line = feed.fault?.line ?? Int(xmlTextReaderGetParserLineNumber(reader))
        let reason = feed.fault?.reason ?? "not well-formed"
        parts.faults.append(
            RecordFault(
                line: max(1, line), byte: feed.consumed,
                reason: "broken XML (\(reason)); the rest of the file was not read"))
    }

    private func refusal() -> MigrationError {
        isFinished = true
        return MigrationError(
            "source/malformed", recovery: .stopStream,
            place: Place(file: name, line: Int(xmlTextReaderGetParserLineNumber(reader))),
            summary: "declares a DOCTYPE, which exports do not need and entity bombs do; reading stopped here",
            hint: "remove the declaration if the file is trusted")
    }
}
