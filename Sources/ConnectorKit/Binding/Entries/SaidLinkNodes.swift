public import ConversationModel
internal import ExportFormats
internal import Glibc

extension Rule where Root == Conversation {
    /// A link that only the words of an entry say: the number behind a phrase with which the platform begins its note.
    ///
    /// - Parameters:
    ///   - name: A key beginning with `#`, which no record has.
    ///   - kind: How the two conversations belong together.
    ///   - phrases: The platform's own words up to the number.
    /// - Returns: A rule that is only read.
    public static func saidLink(_ name: Path, _ kind: Link.Kind, behind phrases: [String]) -> Rule {
        Rule(path: name, content: .value { _ in SaidLinkNode(kind, phrases) })
    }
}

/// Finds the link that a platform's note says.
final class SaidLinkNode: FinishingNode {
    private let kind: Link.Kind
    private let phrases: [String]
    var covers: [Int] { [] }

    init(_ kind: Link.Kind, _ phrases: [String]) {
        self.kind = kind
        self.phrases = phrases
    }

    func finish(_ conversation: inout Conversation) {
        guard !conversation.links.contains(where: { $0.kind == kind }) else { return }
        for entry in conversation.timeline.reversed() where !entry.kind.isEvent {
            guard let id = number(in: entry) else { continue }
            conversation.links.append(Link(kind, id))
            return
        }
    }

    private func number(in entry: Entry) -> String? {
        // Plain text beside HTML may be a placeholder.
        guard let body = entry.html ?? entry.text, let phrase = phrases.first(where: { Self.holds(body, $0) }) else {
            return nil
        }
        let text = entry.html == nil ? body : HTMLText.plain(body)
        guard let start = text.firstRange(of: phrase), text[..<start.lowerBound].allSatisfy(\.isWhitespace) else {
            return nil
        }
        let digits = text[start.upperBound...].prefix { $0.isASCII && $0.isNumber }
        return digits.isEmpty ? nil : String(digits)
    }

    /// Whether a text holds another one, byte by byte: every entry of an export is asked.
    private static func holds(_ text: String, _ phrase: String) -> Bool {
        var (text, phrase) = (text, phrase)
        return text.withUTF8 { bytes in
            phrase.withUTF8 { sought in
                guard let text = bytes.baseAddress, let words = sought.baseAddress else { return false }
                var at = 0
                while bytes.count - at >= sought.count, let found = memchr(text + at, Int32(words[0]), bytes.count - at)
                {
                    at = UnsafeRawPointer(found) - UnsafeRawPointer(text)
                    if bytes.count - at >= sought.count, memcmp(text + at, words, sought.count) == 0 { return true }
                    at += 1
                }
                return false
            }
        }
    }
}
