public import ConversationModel
internal import ExportFormats

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
        guard let body = entry.html ?? entry.text, let phrase = phrases.first(where: body.contains) else { return nil }
        let text = entry.html == nil ? body : HTMLText.plain(body)
        guard let start = text.firstRange(of: phrase), text[..<start.lowerBound].allSatisfy(\.isWhitespace) else {
            return nil
        }
        let digits = text[start.upperBound...].prefix { $0.isASCII && $0.isNumber }
        return digits.isEmpty ? nil : String(digits)
    }
}
