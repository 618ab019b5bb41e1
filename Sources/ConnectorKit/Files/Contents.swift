public import ConversationModel

/// Where a platform's exports hold the content of files.
public enum Contents: Sendable {
    /// In a directory beside the records, each under its SHA-256.
    case directory(String)
    /// In pieces that are records of their own.
    case pieces([PieceForm])
}

/// A file's content in pieces, each a record of its own.
public struct PieceForm: Sendable {
    /// A piece to be written.
    public struct Piece: Sendable {
        /// The file's own key, as its record has it.
        public let file: JSONValue
        /// A key for the piece that follows from the file's.
        public let key: String
        /// Its place among the pieces, from 0.
        public let position: Int
        /// Its bytes in base64.
        public let data: String
    }

    /// Export of the files' records.
    let files: String
    /// Export of the pieces.
    let pieces: String
    /// Key of a file under which its pieces are filed.
    let key: String
    /// Member of a piece that holds its bytes in base64.
    let data: String
    /// Member of a piece that says its place.
    let position: String
    /// Member of a file that says by `true` that its bytes are one gzip stream.
    let compressed: String
    /// Bytes of a piece.
    let size: Int
    let row: @Sendable (Piece) -> JSONValue

    /// Creates a form.
    ///
    /// - Parameters:
    ///   - files: Export of the files' records.
    ///   - pieces: Export of the pieces; the files' export joins it as content.
    ///   - key: Key of a file under which its pieces are filed.
    ///   - data: Member of a piece that holds its bytes in base64.
    ///   - position: Member of a piece that says its place.
    ///   - compressed: Member of a file that says by `true` that its bytes are one gzip stream.
    ///   - size: Bytes of a piece.
    ///   - row: The record of a piece.
    public init(
        files: String, pieces: String, key: String, data: String, position: String, compressed: String, size: Int,
        row: @escaping @Sendable (Piece) -> JSONValue
    ) {
        self.files = files
        self.pieces = pieces
        self.key = key
        self.data = data
        self.position = position
        self.compressed = compressed
        self.size = size
        self.row = row
    }
}

extension Platform {
    /// Whether the platform's exports hold the content of files.
    public var keepsContents: Bool { connector.contents != nil }

    /// How the content of files of an export stands in pieces.
    func pieces(of export: Int) -> PieceForm? {
        guard case .pieces(let forms) = connector.contents else { return nil }
        return forms.first { $0.files == connector.exports[export].name }
    }
}

extension NeutralRecord {
    /// SHA-256 of the contents that a record refers to.
    public var contents: [String] {
        guard case .conversation(let conversation) = self else { return [] }
        return conversation.timeline.flatMap(\.attachments).compactMap(\.sha256)
    }
}
