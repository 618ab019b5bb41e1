import ExportFormats

/// What a reader made of some bytes, as texts.
struct Reading: Equatable {
    var records: [String] = []
    var lines: [Int] = []
    var starts: [Int] = []
    var paths: [Int] = []
    var keys: [String] = []
    var faults: [RecordFault] = []
    var envelopes: [String] = []
    var error: String?
}

/// Hands out bytes in small pieces, as pipes and decompressors do.
final class DrippingSource: ByteSource {
    private let bytes: [UInt8]
    private let most: Int
    private var at = 0
    var position: Int { at }

    init(_ bytes: [UInt8], atMost most: Int) {
        self.bytes = bytes
        self.most = most
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, most, bytes.count - at)
        buffer.copyBytes(from: bytes[at..<(at + count)])
        at += count
        return count
    }
}

extension ExportFormat {
    func read(_ text: String, limits: ReadLimits = ReadLimits()) -> Reading { read(Array(text.utf8), limits: limits) }

    func read(_ bytes: [UInt8], limits: ReadLimits = ReadLimits(), dripping: Int? = nil) -> Reading {
        let source: any ByteSource = dripping.map { DrippingSource(bytes, atMost: $0) } ?? MemorySource(bytes)
        var reading = Reading()
        do {
            let reader = try open(source, name: "file", limits: limits)
            try reading.drain(reader)
        } catch {
            reading.error = "\(error)"
        }
        return reading
    }
}

extension Reading {
    mutating func drain(_ reader: any RecordReader) throws {
        while let batch = try reader.nextBatch() {
            for record in batch.records {
                records.append(batch.bytes.text(record))
                lines.append(record.line)
                starts.append(record.byte)
                paths.append(Int(record.path))
                if record.keyCount > 0 {
                    keys.append(
                        batch.bytes.withBytes {
                            String(decoding: $0[record.keyOffset..<(record.keyOffset + record.keyCount)], as: UTF8.self)
                        })
                }
            }
            faults += batch.faults
            envelopes += batch.envelopes.map(\.bytes.text)
        }
    }
}

/// A small random source that gives the same numbers for the same seed everywhere.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Text of the characters that hurt.
    mutating func nastyText(_ alphabet: [String], upTo length: Int) -> String {
        (0..<Int.random(in: 0...length, using: &self)).map { _ in alphabet.randomElement(using: &self) ?? "" }.joined()
    }
}

/// A JSON string of any text, written the long way round.
func quoted(_ text: String) -> String {
    var output = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": output += "\\\""
        case "\\": output += "\\\\"
        case "\n": output += "\\n"
        case "\r": output += "\\r"
        case "\t": output += "\\t"
        case _ where scalar.value < 0x20:
            let digits = String(scalar.value, radix: 16)
            output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: output.unicodeScalars.append(scalar)
        }
    }
    return output + "\""
}
