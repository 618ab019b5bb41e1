internal import CSimdJSON
internal import Diagnostics

/// Parses one JSON text after another into a tape; one parser a worker.
///
/// simdjson refuses integers beyond 64 bits; such a text is parsed again with those numbers as strings, so that an id of
/// any size keeps its digits.
public final class JSONParser {
    private let handle: OpaquePointer

    /// Creates a parser.
    ///
    /// - Throws: When there is no memory for one.
    public init() throws {
        guard let handle = deskferry_json_parser_create() else {
            throw MigrationError("internal/no-memory", recovery: .stopRun, summary: "no memory for a JSON parser")
        }
        self.handle = handle
    }

    deinit { deskferry_json_parser_destroy(handle) }

    /// Lets the process keep memory that it freed, up to 16 MB; for programs that parse many records, before they begin.
    public static func keepFreedMemory() { deskferry_keep_freed_memory() }

    /// Bytes that must be readable behind a text.
    public static let padding = Int(DESKFERRY_JSON_PADDING)

    /// Why a text is not JSON, in simdjson's words.
    public struct Fault: Error {
        /// The reason.
        public let reason: String
    }

    /// Parses a text that has ``padding`` readable bytes behind it.
    ///
    /// - Parameter text: The bytes; they need not outlive the call.
    /// - Returns: The root value, valid until the next call.
    /// - Throws: ``Fault`` when it is not one whole JSON value in UTF-8.
    public func parse(_ text: UnsafeBufferPointer<UInt8>) throws(Fault) -> JSONView {
        guard let base = text.baseAddress, !text.isEmpty else { throw Fault(reason: "empty text") }
        var tape: UnsafePointer<UInt64>?
        var strings: UnsafePointer<UInt8>?
        let code = deskferry_json_parse(handle, base, text.count, &tape, &strings)
        if code == deskferry_json_number_error() {
            let quoted = Self.quotingHugeIntegers(text)
            if quoted.count > text.count + Self.padding {
                return try quoted.withUnsafeBufferPointer { padded throws(Fault) in
                    try parseOnce(UnsafeBufferPointer(rebasing: padded[..<(quoted.count - Self.padding)]))
                }
            }
        }
        return try view(code, tape, strings)
    }

    /// Parses a text of any origin by copying it behind padding first.
    public func parse(_ text: String) throws(Fault) -> JSONView {
        var padded = Array(text.utf8)
        let count = padded.count
        padded.append(contentsOf: repeatElement(0, count: Self.padding))
        return try padded.withUnsafeBufferPointer { bytes throws(Fault) in
            try parse(UnsafeBufferPointer(rebasing: bytes[..<count]))
        }
    }

    private func parseOnce(_ text: UnsafeBufferPointer<UInt8>) throws(Fault) -> JSONView {
        var tape: UnsafePointer<UInt64>?
        var strings: UnsafePointer<UInt8>?
        let code = deskferry_json_parse(handle, text.baseAddress, text.count, &tape, &strings)
        return try view(code, tape, strings)
    }

    private func view(
        _ code: Int32, _ tape: UnsafePointer<UInt64>?, _ strings: UnsafePointer<UInt8>?
    ) throws(Fault) -> JSONView {
        guard code == 0, let tape, let strings else {
            throw Fault(reason: String(cString: deskferry_json_error_message(code)))
        }
        return JSONView(tape: tape, strings: strings, index: 1)
    }

    /// The text with integers of 19 digits and more in quotes, and padding behind it.
    private static func quotingHugeIntegers(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.count + 64 + padding)
        var at = 0
        while at < text.count {
            let byte = text[at]
            if byte == UInt8(ascii: "\"") {
                let start = at
                at += 1
                while at < text.count, text[at] != UInt8(ascii: "\"") { at += text[at] == UInt8(ascii: "\\") ? 2 : 1 }
                at = min(at + 1, text.count)
                output.append(contentsOf: text[start..<at])
                continue
            }
            guard byte == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else {
                output.append(byte)
                at += 1
                continue
            }
            let start = at
            var isInteger = true
            while at < text.count {
                let next = text[at]
                let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next)
                guard isDigit || "+-.eE".utf8.contains(next) else { break }
                if !isDigit, at > start { isInteger = false }
                at += 1
            }
            let isHuge = isInteger && at - start >= 19
            if isHuge { output.append(UInt8(ascii: "\"")) }
            output.append(contentsOf: text[start..<at])
            if isHuge { output.append(UInt8(ascii: "\"")) }
        }
        output.append(contentsOf: repeatElement(0, count: padding))
        return output
    }
}
