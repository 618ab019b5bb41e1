internal import Diagnostics

/// Cuts JSON of any arrangement into records; JSON Lines take a fast path along the newlines.
///
///     {"a":1}\n{"a":2}                   lines: one record a line
///     [{"a":1},{"a":2}]                  root array: its elements
///     {"tickets":[{..},{..}],"count":2}  envelope: the elements, and {"tickets":[],"count":2} beside them
///     {"docs":{"id1":{..}}}              map: the member values, each with its name
final class JSONRecordReader: RecordReader {
    private let name: String
    private let limits: ReadLimits
    private let tree: PathTree
    private let window: InputWindow
    private var mode: Mode?
    private var isFinished = false
    private var needsFill = true

    private enum Mode {
        case lines(LineCutter)
        case documents(DocumentCutter)
    }

    init(_ source: UnicodeSource, name: String, paths: [RecordPath], limits: ReadLimits) {
        self.name = name
        self.limits = limits
        tree = PathTree(paths)
        window = InputWindow(source, target: limits.batchBytes, offset: source.markBytes)
    }

    func nextBatch() throws -> RecordBatch? {
        if isFinished {
            if let failure = window.failure { throw failure }
            return nil
        }
        if needsFill { window.fill() }
        needsFill = false
        if mode == nil { decideMode() }
        while true {
            let cutter = try scan()
            if window.isAtEnd {
                isFinished = true
                cutter.finish(window)
                if cutter.parts.isEmpty { return try nextBatch() }
                return cutter.parts.batch(name, window.handOver(keeping: window.count))
            }
            let keep = cutter.settle(window)
            if cutter.parts.isWorthABatch {
                needsFill = true
                return cutter.parts.batch(name, window.handOver(keeping: keep))
            }
            window.advance(keeping: keep)
        }
    }

    private func scan() throws -> any RecordCutter {
        if case .lines(let cutter) = mode {
            guard let rest = cutter.cut(window) else { return cutter }
            // A value that spans lines among JSON Lines: go on as documents from there.
            let documents = DocumentCutter(tree, limits: limits, at: rest, line: cutter.line)
            documents.parts = cutter.parts
            mode = .documents(documents)
        }
        guard case .documents(let cutter) = mode else {
            throw MigrationError("internal/fault", recovery: .stopStream, summary: "JSON reader without a mode")
        }
        cutter.cut(window)
        return cutter
    }

    private func decideMode() {
        while true {
            let isFinal = window.isAtEnd || window.count >= 1 << 20
            if let isLines = Self.isLines(window.base, min(window.count, 1 << 20), isFinal, window.isAtEnd, tree) {
                mode =
                    isLines
                    ? .lines(LineCutter(tree.whole, limits: limits))
                    : .documents(DocumentCutter(tree, limits: limits, at: 0, line: 1))
                return
            }
            window.advance(keeping: 0)
        }
    }

    /// Whether the file is JSON Lines of whole records; `nil` when more bytes are needed to tell.
    ///
    /// It is when its first line is one whole object in which no record path leads anywhere, and the next line does not
    /// carry that value on.
    private static func isLines(
        _ base: UnsafePointer<UInt8>, _ count: Int, _ isFinal: Bool, _ isAtEnd: Bool, _ tree: PathTree
    ) -> Bool? {
        guard tree.whole >= 0 else { return false }
        var start = 0
        while start < count, Byte.isBlank(base[start]) || base[start] == Byte.recordSeparator { start += 1 }
        guard start < count else { return isFinal ? false : nil }
        guard base[start] == Byte.openBrace else { return false }
        let newline = ByteScan.find(Byte.newline, base, start, count)
        guard newline != nil || isFinal else { return nil }
        guard newline != nil || isAtEnd else { return false }
        let lineEnd = newline ?? count
        var scanner = ValueScanner(first: base[start])
        var at = start
        guard scanner.advance(base, &at, lineEnd, isAtEnd: true) else {
            return breaksOff(base, start, lineEnd) && isWholeLine(base, lineEnd + 1, count)
        }
        let valueEnd = at
        ByteScan.skipBlanks(base, &at, lineEnd)
        guard at == lineEnd else { return false }
        ByteScan.skipBlanks(base, &at, count)
        guard at < count || isFinal else { return nil }
        if at < count, [Byte.comma, Byte.closeBracket, Byte.closeBrace, Byte.openBracket].contains(base[at]) {
            return false
        }
        guard tree.looksInside else { return true }
        return !leads(JSONSlice(base, start, valueEnd), tree, 0)
    }

    /// Whether a line ends where no document lays a line end: inside a text, or behind a value without a comma.
    private static func breaksOff(_ base: UnsafePointer<UInt8>, _ start: Int, _ lineEnd: Int) -> Bool {
        var end = lineEnd
        while end > start, Byte.isBlank(base[end - 1]) { end -= 1 }
        guard end - start > 1 else { return false }
        return ![Byte.openBracket, Byte.openBrace, Byte.comma, UInt8(ascii: ":")].contains(base[end - 1])
    }

    /// Whether the line that begins here is one whole object: behind a damaged first line it tells JSON Lines.
    private static func isWholeLine(_ base: UnsafePointer<UInt8>, _ start: Int, _ count: Int) -> Bool {
        guard start < count, base[start] == Byte.openBrace,
            let lineEnd = ByteScan.find(Byte.newline, base, start, count)
        else { return false }
        var scanner = ValueScanner(first: base[start])
        var at = start
        guard scanner.advance(base, &at, lineEnd, isAtEnd: true) else { return false }
        ByteScan.skipBlanks(base, &at, lineEnd)
        return at == lineEnd
    }

    /// Whether a record path leads to an array, map or object in this object.
    private static func leads(_ object: JSONSlice, _ tree: PathTree, _ node: Int) -> Bool {
        var found = false
        object.forEachMember { key, value in
            guard !found, let child = tree.find(key.raw, below: node) else { return }
            let next = tree.nodes[child]
            switch value.first {
            case Byte.openBracket:
                found = next.path >= 0
                if !found {
                    value.forEachElement { if $0.first == Byte.openBrace { found = found || leads($0, tree, child) } }
                }
            case Byte.openBrace:
                found = next.path >= 0 && (next.isMap || next.children.isEmpty) || leads(value, tree, child)
            default: break
            }
        }
        return found
    }
}

/// Works through a window and remembers where it stands in it.
protocol RecordCutter: AnyObject {
    var parts: BatchParts { get set }
    /// Prepares for the window to begin at the place returned; everything before it is done with.
    func settle(_ window: InputWindow) -> Int
    /// The file ended: reports what is still open.
    func finish(_ window: InputWindow)
}

/// One record a line.
final class LineCutter: RecordCutter {
    var parts = BatchParts()
    private(set) var line = 1
    private let path: PathIndex
    private let limits: ReadLimits
    private var at = 0
    /// The line is too long, and was reported; nothing of it is kept.
    private var isSkipping = false

    init(_ path: PathIndex, limits: ReadLimits) {
        self.path = path
        self.limits = limits
    }

    /// Cuts all whole lines; returns where a value begins that spans lines, when there is one.
    func cut(_ window: InputWindow) -> Int? {
        let base = window.base
        let end = window.count
        while at < end {
            let newline = ByteScan.find(Byte.newline, base, at, end)
            guard let lineEnd = newline ?? (window.isAtEnd ? end : nil) else { return nil }
            if isSkipping {
                isSkipping = false
            } else if !emit(base, lineEnd, window) {
                return at
            }
            at = newline == nil ? end : lineEnd + 1
            if newline != nil { line += 1 }
        }
        return nil
    }

    @inline(__always)
    private func emit(_ base: UnsafePointer<UInt8>, _ lineEnd: Int, _ window: InputWindow) -> Bool {
        var start = at
        var end = lineEnd
        while start < end, Byte.isBlank(base[start]) || base[start] == Byte.recordSeparator { start &+= 1 }
        while end > start, Byte.isBlank(base[end &- 1]) { end &-= 1 }
        guard start < end else { return true }
        if base[start] == Byte.openBrace, base[end &- 1] == Byte.closeBrace, end &- start <= limits.recordBytes {
            parts.records.append(
                RecordSpan(offset: start, count: end &- start, line: line, byte: window.offset &+ start, path: path))
            return true
        }
        return reject(base, start, end, window)
    }

    @inline(never)
    private func reject(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ window: InputWindow) -> Bool {
        let reason: String
        if end - start > limits.recordBytes {
            reason = "record is larger than \(limits.recordBytes) bytes"
        } else if base[start] == Byte.openBrace || base[start] == Byte.openBracket {
            if end - start == 1 { return false }
            if base[start] == Byte.openBracket, base[end - 1] == Byte.closeBracket {
                parts.records.append(
                    RecordSpan(offset: start, count: end - start, line: line, byte: window.offset + start, path: path))
                return true
            }
            reason = "line ends inside a record"
        } else if base[start] == 0 {
            reason = "NUL bytes instead of a record"
        } else {
            reason = "line is not a JSON object"
        }
        parts.faults.append(RecordFault(line: line, byte: window.offset + start, reason: reason, skipped: end - start))
        return true
    }

    func settle(_ window: InputWindow) -> Int {
        if window.count - at > limits.recordBytes, !isSkipping {
            isSkipping = true
            let reason = "record is larger than \(limits.recordBytes) bytes"
            parts.faults.append(RecordFault(line: line, byte: window.offset + at, reason: reason))
        }
        let keep = isSkipping ? window.count : at
        at = 0
        return keep
    }

    func finish(_ window: InputWindow) {}
}
