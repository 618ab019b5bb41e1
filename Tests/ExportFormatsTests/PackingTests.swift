import ExportFormats
import Foundation
import Testing

@Suite struct PackingTests {
    @Test(arguments: [
        ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"), ("Zm9vYmE=", "fooba"),
        ("Zm9vYmFy", "foobar"),
    ])
    func base64IsAsTheRFCSays(_ text: String, _ plain: String) {
        #expect(decoded(text) == Array(plain.utf8))
        #expect(Packing.base64(of: Array(plain.utf8)[...]) == text)
    }

    @Test func blanksArePassedOverAndAnythingElseIsRefused() {
        #expect(decoded(" Zm9v\n\t\tYg==\n") == Array("foob".utf8))
        #expect(decoded("Zm9v?") == nil)
        #expect(decoded("Zg==Zg==") == nil)
        #expect(decoded("Z") == nil)
    }

    private func decoded(_ text: String) -> [UInt8]? {
        Array(text.utf8).withUnsafeBufferPointer { Packing.base64($0) }
    }

    private func inflated(_ bytes: [UInt8], limit: Int = 1 << 20) throws -> [UInt8]? {
        var out: [UInt8] = []
        return try Packing.inflate(bytes, limit: limit) { out += Array($0) } ? out : nil
    }

    @Test func storedStreamsUnpackToWhatTheyHold() throws {
        for count in [0, 1, 65_535, 200_000] {
            let content = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            var packer = Packing.StoredGzip()
            var stream = Packing.StoredGzip.head
            var rest = content[...]
            while !rest.isEmpty {
                stream += Array(rest.prefix(60_000)).withUnsafeBytes { packer.block($0) }
                rest = rest.dropFirst(60_000)
            }
            stream += packer.tail()
            #expect(try inflated(stream) == content, "\(count)")
        }
    }

    /// Made by gzip: the words `hello, hello, hello`.
    private let stream = Array(Data(base64Encoded: "H4sIAAAAAAACA8tIzcnJ11HIQKIAn6HKCRMAAAA=") ?? Data())

    @Test func streamsOfOthersUnpackAndCutOnesDoNot() throws {
        #expect(try inflated(stream) == Array("hello, hello, hello".utf8))
        #expect(try inflated(Array(stream.dropLast(9))) == nil)
        #expect(try inflated([1, 2, 3]) == nil)
        #expect(try inflated(stream, limit: 5) == nil)
    }
}
