/// Walks documents of any layout, entering only what record paths lead through; all else is skipped by its brackets.
///
/// Every step either moves on or asks for more bytes without a trace, so that the size of the window never shows.
final class DocumentCutter: RecordCutter {
    private enum Frame {
        /// An object whose members may lead to records.
        case envelope(node: Int)
        /// An array of such objects.
        case envelopes(node: Int)
        /// An array of records.
        case records(PathIndex)
        /// An object of records by name.
        case map(PathIndex)
    }

    private enum Role { case record(PathIndex), member, discarded }

    /// A value whose end was not in the window.
    private struct OpenValue {
        var scanner: ValueScanner
        var role: Role
        var start: Int
        let line: Int
        let byte: Int
        var keyOffset: Int
        let keyCount: Int
        let resumesEnvelope: Bool
    }

    /// Bytes that belong to no document.
    private struct Garbage {
        let line: Int
        let byte: Int
        let reason: String
        /// Goes on at any bracket, or only at one that opens a line.
        let endsAtBracket: Bool
        var isLineStart = false
    }

    var parts = BatchParts()
    private let tree: PathTree
    private let limits: ReadLimits
    private var at: Int
    private var line: Int
    private var lineMark: Int
    private var frames: [Frame] = []
    private var expectsComma = false
    private var open: OpenValue?
    private var garbage: Garbage?
    private var document: Document?
    private var envelope = EnvelopeText.Builder()

    /// The top-level value being walked, unless it is a plain array of records.
    private struct Document {
        var start: Int
        let line: Int
        let byte: Int
        /// It holds records, or could not be one itself; until then all of it is kept.
        var isEnvelope: Bool
        var isDropped = false
    }

    init(_ tree: PathTree, limits: ReadLimits, at: Int, line: Int) {
        self.tree = tree
        self.limits = limits
        self.at = at
        self.line = line
        lineMark = at
    }

    /// Cuts as far as the window goes.
    func cut(_ window: InputWindow) {
        let base = window.base
        let end = window.count
        while true {
            if open != nil, !continueValue(window) { return }
            if garbage != nil, !skipGarbage(window) { return }
            ByteScan.skipBlanks(base, &at, end)
            guard at < end, step(window, base[at]) else { return }
        }
    }

    /// Looks at one byte that is not blank; `false` asks for more bytes.
    private func step(_ window: InputWindow, _ byte: UInt8) -> Bool {
        switch frames.last {
        case nil: startDocument(window, byte)
        case .envelope(let node):
            switch byte {
            case Byte.closeBrace: close(window)
            case Byte.comma: at += 1
            case Byte.quote: return member(window, node: node)
            default: abandon(window, "a member name was expected")
            }
        case .envelopes(let node):
            switch byte {
            case Byte.closeBracket: close(window)
            case Byte.comma: at += 1
            case Byte.openBrace: push(.envelope(node: node))
            case Byte.closeBrace: abandon(window, "an array is closed by '}'")
            default: begin(window, .member)
            }
        case .records(let path):
            switch byte {
            case Byte.closeBracket: close(window)
            case Byte.closeBrace: abandon(window, "an array of records is closed by '}'")
            case Byte.comma:
                at += 1
                expectsComma = false
            default:
                if expectsComma { report(window, at, "a comma is missing between two records") }
                expectsComma = true
                begin(window, .record(path))
            }
        case .map(let path):
            switch byte {
            case Byte.closeBrace: close(window)
            case Byte.comma: at += 1
            case Byte.quote: return mapMember(window, path)
            default: abandon(window, "a member name was expected")
            }
        }
        return true
    }

    private func startDocument(_ window: InputWindow, _ byte: UInt8) {
        switch byte {
        case Byte.recordSeparator: at += 1
        case Byte.openBrace where !tree.looksInside: begin(window, .record(tree.whole))
        case Byte.openBracket where tree.whole >= 0: push(.records(tree.whole))
        case Byte.openBrace, Byte.openBracket:
            let isEnvelope = tree.whole < 0
            document = Document(
                start: at, line: lineNumber(window, at), byte: window.offset + at, isEnvelope: isEnvelope)
            envelope.start(at: isEnvelope ? at : nil)
            push(byte == Byte.openBrace ? .envelope(node: 0) : .envelopes(node: 0))
        default:
            let reason =
                switch byte {
                case 0: "NUL bytes between documents"
                case Byte.closeBrace, Byte.closeBracket: "a bracket is closed that was never opened"
                default: "text between documents is not a JSON object or array"
                }
            garbage = Garbage(
                line: lineNumber(window, at), byte: window.offset + at, reason: reason, endsAtBracket: true)
        }
    }

    /// Name, colon and first byte of the value after the name at `at`; `nil` asks for more bytes or gave up.
    private func memberValue(_ window: InputWindow) -> (key: Range<Int>, value: Int)? {
        let base = window.base
        let end = window.count
        var here = at + 1
        guard ByteScan.skipString(base, &here, end) else { return nil }
        let key = (at + 1)..<(here - 1)
        ByteScan.skipBlanks(base, &here, end)
        guard here < end else { return nil }
        guard base[here] == Byte.colon else {
            abandon(window, "a colon was expected behind a member name")
            return nil
        }
        here += 1
        ByteScan.skipBlanks(base, &here, end)
        return here < end ? (key, here) : nil
    }

    private func member(_ window: InputWindow, node: Int) -> Bool {
        guard let (key, value) = memberValue(window) else { return garbage != nil }
        let first = window.base[value]
        let name = UnsafeBufferPointer(start: window.base + key.lowerBound, count: key.count)
        if first == Byte.openBrace || first == Byte.openBracket, let child = tree.find(name, below: node) {
            let next = tree.nodes[child]
            at = value
            let isObject = first == Byte.openBrace
            if next.path >= 0, !isObject || next.isMap {
                enterRecords(window, isObject ? .map(next.path) : .records(next.path))
                return true
            }
            if next.path >= 0, next.children.isEmpty {
                leaveOut(window)
                begin(window, .record(next.path), resumesEnvelope: true)
                return true
            }
            push(isObject ? .envelope(node: child) : .envelopes(node: child))
            return true
        }
        guard first != Byte.closeBrace, first != Byte.closeBracket, first != Byte.comma else {
            abandon(window, "a member has no value")
            return true
        }
        at = value
        begin(window, .member)
        return true
    }

    private func mapMember(_ window: InputWindow, _ path: PathIndex) -> Bool {
        guard let (key, value) = memberValue(window) else { return garbage != nil }
        at = value
        begin(window, .record(path), key: key)
        return true
    }

    private func push(_ frame: Frame) {
        frames.append(frame)
        expectsComma = false
        at += 1
    }

    private func enterRecords(_ window: InputWindow, _ frame: Frame) {
        leaveOut(window)
        push(frame)
    }

    /// What follows the bracket at `at` is records: the envelope keeps the bracket and waits for its partner.
    private func leaveOut(_ window: InputWindow) {
        if document?.isEnvelope == false {
            document?.isEnvelope = true
            envelope.start(at: document?.start)
        }
        envelope.pause(window.base, at + 1)
    }

    private func close(_ window: InputWindow) {
        switch frames.popLast() {
        case .records, .map: if document != nil { envelope.resume(at: at) }
        default: break
        }
        at += 1
        expectsComma = true
        guard frames.isEmpty, let document else { return }
        self.document = nil
        if !document.isEnvelope {
            let count = at - document.start
            guard count <= limits.recordBytes else { return report(document.line, document.byte, tooLarge) }
            parts.records.append(
                RecordSpan(
                    offset: document.start, count: count, line: document.line, byte: document.byte, path: tree.whole))
        } else if !document.isDropped {
            guard let bytes = envelope.end(window.base, at) else {
                return report(
                    document.line, document.byte, "what surrounds the records is larger than 16 MB; it was left out")
            }
            parts.envelopes.append(EnvelopeText(bytes: bytes, line: document.line, byte: document.byte))
        }
    }

    private func begin(
        _ window: InputWindow, _ role: Role, key: Range<Int>? = nil, resumesEnvelope: Bool = false
    ) {
        let start = at
        var scanner = ValueScanner(first: window.base[start])
        let line = lineNumber(window, start)
        let isDone = scanner.advance(window.base, &at, window.count, isAtEnd: window.isAtEnd)
        let value = OpenValue(
            scanner: scanner, role: role, start: start, line: line, byte: window.offset &+ start,
            keyOffset: key?.lowerBound ?? 0, keyCount: key?.count ?? 0, resumesEnvelope: resumesEnvelope)
        if isDone { finishValue(value) } else { open = value }
    }

    private func continueValue(_ window: InputWindow) -> Bool {
        guard var value = open else { return true }
        let isDone = value.scanner.advance(window.base, &at, window.count, isAtEnd: window.isAtEnd)
        open = isDone ? nil : value
        if isDone { finishValue(value) }
        return isDone
    }

    private func finishValue(_ value: OpenValue) {
        if case .record = value.role, at &- value.start > limits.recordBytes {
            report(value.line, value.byte, tooLarge)
        } else if case .record(let path) = value.role {
            parts.records.append(
                RecordSpan(
                    offset: value.start, count: at &- value.start, line: value.line, byte: value.byte, path: path,
                    keyOffset: value.keyOffset, keyCount: value.keyCount))
        }
        if value.resumesEnvelope { envelope.resume(at: at - 1) }
    }

    // MARK: what is wrong

    private var tooLarge: String { "record is larger than \(limits.recordBytes) bytes" }

    private func report(_ window: InputWindow, _ place: Int, _ reason: String) {
        report(lineNumber(window, place), window.offset + place, reason)
    }

    private func report(_ line: Int, _ byte: Int, _ reason: String) {
        parts.faults.append(RecordFault(line: line, byte: byte, reason: reason))
    }

    /// Gives a document up and looks for the next one, which must open a line: a bracket inside this one is no record.
    private func abandon(_ window: InputWindow, _ reason: String) {
        frames = []
        document = nil
        envelope.start(at: nil)
        garbage = Garbage(
            line: lineNumber(window, at), byte: window.offset + at,
            reason: reason + "; reading goes on at the next line that opens a document", endsAtBracket: false)
    }

    private func skipGarbage(_ window: InputWindow) -> Bool {
        guard var current = garbage else { return true }
        while at < window.count {
            let byte = window.base[at]
            let isOpening = byte == Byte.openBrace || byte == Byte.openBracket || byte == Byte.recordSeparator
            if isOpening && (current.isLineStart || current.endsAtBracket)
                || byte == Byte.newline && current.endsAtBracket
            {
                finishGarbage(current, window)
                return true
            }
            current.isLineStart = byte == Byte.newline
            at += 1
        }
        garbage = current
        return false
    }

    private func finishGarbage(_ garbage: Garbage, _ window: InputWindow) {
        let skipped = window.offset + at - garbage.byte
        parts.faults.append(
            RecordFault(line: garbage.line, byte: garbage.byte, reason: garbage.reason, skipped: skipped))
        self.garbage = nil
    }

    func finish(_ window: InputWindow) {
        if let garbage { finishGarbage(garbage, window) }
        guard window.failure == nil else { return }
        let total = window.offset + window.count
        if let open {
            let isRecord = if case .record = open.role { true } else { false }
            let what = isRecord ? "a record" : "a value"
            parts.faults.append(
                RecordFault(
                    line: open.line, byte: open.byte, reason: "the file ends inside \(what) that starts here",
                    skipped: total - open.byte))
        } else if !frames.isEmpty {
            let outer = document.map { "a document that starts at line \($0.line)" } ?? "an array of records"
            report(window, window.count, "the file ends inside \(outer)")
        }
    }

    // MARK: windows

    func settle(_ window: InputWindow) -> Int {
        var keep = at
        if let open, case .record = open.role { keep = open.keyCount > 0 ? open.keyOffset : open.start }
        if let document, !document.isEnvelope { keep = document.start }
        if window.count - keep > limits.recordBytes { keep = dropOversized(window) }
        envelope.take(window.base, keep)
        _ = lineNumber(window, max(keep, lineMark))
        lineMark -= keep
        at -= keep
        open?.start -= keep
        open?.keyOffset -= keep
        document?.start -= keep
        envelope.shift(keep)
        return keep
    }

    private func dropOversized(_ window: InputWindow) -> Int {
        if let document, !document.isEnvelope {
            report(document.line, document.byte, tooLarge)
            self.document?.isEnvelope = true
            self.document?.isDropped = true
        } else if let open, case .record = open.role {
            report(open.line, open.byte, tooLarge)
            self.open?.role = .discarded
        } else {
            abandon(window, "a member name is larger than \(limits.recordBytes) bytes")
        }
        return at
    }

    /// The line a place stands in; places only go forward.
    private func lineNumber(_ window: InputWindow, _ place: Int) -> Int {
        if place > lineMark {
            line &+= ByteScan.newlines(window.base, lineMark, place)
            lineMark = place
        }
        return line
    }
}
