import CCrypto
public import ConversationModel

/// Says what threaded conversations hold of which conversations of the source: one line of JSON for each.
///
/// ```
/// {"id":"1001","origins":[{"of":"1001","part":1,"head":"{...}","entries":["10","11","12"],"sessions":[["s1",2],[null,1]],
///                          "ids":{"1002/10":"10"}}]}
/// ```
///
/// `sessions` says of the entries, in their order, how many belong to which session of the source.
public final class ThreadTable: Sendable {
    /// One origin of a threaded conversation; the head still as JSON.
    public struct Row: Sendable {
        /// Id of the conversation of the source.
        public let id: String
        /// Its head as JSON of the neutral model.
        public let head: String
        private let part: Int
        private let entries: [ThreadEntry]
        private let ids: [String: String]

        fileprivate init?(_ node: JSON5Node) {
            guard let id = node["of"]?.text, let head = node["head"]?.text,
                let part = node["part"]?.text.flatMap({ Int($0) })
            else { return nil }
            self.id = id
            self.head = head
            self.part = part
            let sessions = (node["sessions"]?.elements ?? []).flatMap { run -> [String?] in
                let parts = run.elements
                guard parts.count == 2, let count = parts[1].text.flatMap({ Int($0) }), count > 0 else { return [] }
                return [String?](repeating: parts[0].text, count: count)
            }
            entries = (node["entries"]?.elements ?? []).compactMap(\.text).enumerated().map { index, id in
                ThreadEntry(id: id, session: index < sessions.count ? sessions[index] : nil)
            }
            ids = Dictionary(
                (node["ids"]?.members ?? []).compactMap { member in member.node.text.map { (member.key, $0) } },
                uniquingKeysWith: { a, _ in a })
        }

        /// The origin, with its head read.
        public func origin(_ head: Conversation) -> ThreadOrigin {
            ThreadOrigin(head: head, part: part, parts: part, entries: entries, ids: ids)
        }
    }

    private let bytes: [UInt8]
    private let lines: [String: Range<Int>]
    /// Every conversation of the source that the table leads back to.
    public let origins: Set<String>
    let file: String

    /// Reads a table; faults go to the reader.
    init(_ bytes: [UInt8], file: String, _ reader: inout NodeReader) {
        var lines: [String: Range<Int>] = [:]
        var origins: Set<String> = []
        var start = 0
        var number = 1
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            if end > start {
                guard let node = try? JSON5.parse(Array(bytes[start..<end]), file: file), let id = node["id"]?.text,
                    let rows = node["origins"]?.elements, !rows.isEmpty, rows.allSatisfy({ Row($0) != nil })
                else {
                    reader.fault(
                        SourceMark(file: file, line: number, column: 1),
                        "the line says of no conversation what it holds",
                        expected: "a table that '--threads' of an earlier run wrote")
                    break
                }
                lines[id] = start..<end
                origins.formUnion(rows.compactMap { $0["of"]?.text })
            }
            start = end + 1
            number += 1
        }
        self.bytes = bytes
        self.lines = lines
        self.origins = origins
        self.file = file
    }

    /// SHA-256 of the table, for the mapping's text.
    var digest: String {
        var digest = [UInt8](repeating: 0, count: 32)
        _ = bytes.withUnsafeBytes { deskferry_sha256($0.baseAddress, $0.count, &digest) }
        return digest.hex
    }

    /// What a conversation holds; empty when the table does not know it.
    public func rows(of id: String) -> [Row] {
        guard let range = lines[id], let node = try? JSON5.parse(Array(bytes[range]), file: file) else { return [] }
        return (node["origins"]?.elements ?? []).compactMap { Row($0) }
    }

    /// The line of one threaded conversation.
    ///
    /// - Parameters:
    ///   - thread: The conversation and its origins.
    ///   - head: Gives a head as JSON of the neutral model.
    /// - Returns: The line with its end.
    public static func line(_ thread: ThreadedConversation, head: (Conversation) -> String) -> String {
        var text = "{\"id\":" + quotedJSON(thread.conversation.id) + ",\"origins\":["
        for (index, origin) in thread.origins.enumerated() {
            if index > 0 { text += "," }
            text += "{\"of\":" + quotedJSON(origin.head.id) + ",\"part\":\(origin.part)"
            text += ",\"head\":" + quotedJSON(head(origin.head))
            text += ",\"entries\":[" + origin.entries.map { quotedJSON($0.id) }.joined(separator: ",") + "]"
            let runs = sessionRuns(origin.entries)
            if runs.contains(where: { $0.session != nil }) {
                let pairs = runs.map { "[" + ($0.session.map(quotedJSON) ?? "null") + ",\($0.count)]" }
                text += ",\"sessions\":[" + pairs.joined(separator: ",") + "]"
            }
            if !origin.ids.isEmpty {
                let pairs = origin.ids.sorted { $0.key < $1.key }.map {
                    quotedJSON($0.key) + ":" + quotedJSON($0.value)
                }
                text += ",\"ids\":{" + pairs.joined(separator: ",") + "}"
            }
            text += "}"
        }
        return text + "]}\n"
    }

    private static func sessionRuns(_ entries: [ThreadEntry]) -> [(session: String?, count: Int)] {
        var runs: [(session: String?, count: Int)] = []
        for entry in entries {
            if let last = runs.last, last.session == entry.session {
                runs[runs.count - 1].count += 1
            } else {
                runs.append((entry.session, 1))
            }
        }
        return runs
    }
}
