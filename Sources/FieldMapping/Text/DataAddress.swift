import CCrypto
import ConversationModel
import Foundation

/// An image that stands in the text itself: `data:image/png;base64,...`.
struct DataAddress {
    private let contentType: String
    private let bytes: Data
    private let address: String

    /// `nil` when the address is none of `data:` with an image in base 64.
    init?(_ address: String) {
        guard address.lowercased().hasPrefix("data:image/"), let comma = address.firstIndex(of: ",") else { return nil }
        let head = address[..<comma].dropFirst(5).split(separator: ";")
        guard head.count > 1, head.last?.lowercased() == "base64", let type = head.first,
            let bytes = Data(
                base64Encoded: String(address[address.index(after: comma)...]), options: .ignoreUnknownCharacters),
            !bytes.isEmpty
        else { return nil }
        contentType = type.lowercased()
        self.bytes = bytes
        self.address = address
    }

    /// The image as a file of an entry; its content stays at hand under its own address.
    func attachment(_ number: Int, entry: String, name: String?) -> Attachment {
        var digest = [UInt8](repeating: 0, count: 32)
        _ = bytes.withUnsafeBytes { deskferry_sha256($0.baseAddress, $0.count, &digest) }
        var file = Attachment()
        file.id = (entry.isEmpty ? "image" : entry) + "-image-\(number)"
        let ending =
            contentType.split(separator: "/").last.map { $0 == "jpeg" ? "jpg" : String($0.prefix { $0 != "+" }) }
            ?? "png"
        let plain = name.map { $0.filter { $0.isLetter || $0.isNumber || " .-_".contains($0) } } ?? ""
        file.name = (plain.isEmpty ? "image-\(number)" : plain) + (plain.contains(".") ? "" : "." + ending)
        file.contentType = contentType
        file.size = Int64(bytes.count)
        file.url = address
        file.sha256 = digest.hex
        file.inline = true
        file.contentID = file.id
        return file
    }
}

extension [UInt8] {
    /// The bytes as lower-case hex.
    var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
