public import ConversationModel

extension Rule where Root == Conversation {
    /// A rating whose fields are the conversation's own; a comment without a mark is kept for its vendor.
    ///
    /// - Parameters:
    ///   - property: The rating.
    ///   - scale: Its best mark.
    ///   - rules: Rules of the rating, the mark first.
    /// - Returns: The rules of the conversation.
    public static func rating(
        _ property: WritableKeyPath<Conversation, Rating?>, scale: Int, fields rules: [Rule<Rating>]
    ) -> [Rule] {
        let offset = place(property)
        let binding = Binding<Rating>(rules)
        return rules.enumerated().map { index, rule in
            let key = rule.path.keys.joined(separator: ".")
            let content = rule.content
            var field = Rule(
                path: rule.path,
                content: .value { path in
                    guard case .value(let make) = content else { return RepeatedNode() }
                    return RatingFieldNode(
                        offset: offset, scale: scale, inner: make(path), key: key, isMark: index == 0,
                        whole: binding.node(path: "rating", extrasOffset: nil))
                })
            field.absence = rule.absence
            // What goes with a mark is read when that is known.
            return index == 0 ? field : field.late
        }
    }
}

/// A field of a conversation's rating.
final class RatingFieldNode: ValueNode {
    private let offset: Int
    private let scale: Int
    private let inner: any ValueNode
    private let key: String
    private let isMark: Bool
    private let whole: ObjectNode
    private let projection: Projection
    var covers: [Int] { [offset] }
    var narrows: Bool { isMark }

    init(offset: Int, scale: Int, inner: any ValueNode, key: String, isMark: Bool, whole: ObjectNode) {
        self.offset = offset
        self.scale = scale
        self.inner = inner
        self.key = key
        self.isMark = isMark
        self.whole = whole
        projection = Projection(whole, Rating.properties, prefix: "rating.")
    }

    private func field(_ root: UnsafeRawPointer) -> Rating? {
        (root + offset).assumingMemoryBound(to: Rating?.self).pointee
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if view.isNull { return true }
        guard var rating = field(root) ?? (isMark ? Rating(score: 0, scale: scale) : nil) else {
            if !run.keepsExtras {
                var key = key
                key.withUTF8 { run.countUnbound(whole, $0, view) }
            }
            return false
        }
        var exact = false
        var fault: DecodeFault?
        withUnsafeMutablePointer(to: &rating) { pointer in
            do throws(DecodeFault) {
                exact = try inner.decode(view, into: UnsafeMutableRawPointer(pointer), run)
            } catch {
                fault = error
            }
        }
        if let fault { throw fault }
        guard rating.score > 0 else { return false }
        (root + offset).assumingMemoryBound(to: Rating?.self).pointee = rating
        return exact
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let rating = field(root) else { return false }
        return withUnsafePointer(to: rating) { inner.encode(UnsafeRawPointer($0), &out, run) }
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let rating = field(root) else { return !isMark || view.isNull || isForeign(view, run) }
        return withUnsafePointer(to: rating) { inner.matches(view, UnsafeRawPointer($0), run) }
    }

    /// Whether a mark means nothing here, so that it stands for no rating.
    private func isForeign(_ view: JSONView, _ run: Encoding) -> Bool {
        var rating = Rating(score: 0, scale: scale)
        return withUnsafeMutablePointer(to: &rating) { pointer in
            _ = try? inner.decode(view, into: UnsafeMutableRawPointer(pointer), run.comparing)
            return pointer.pointee.score == 0
        }
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        guard var rating = field(root) else { return }
        withUnsafeMutablePointer(to: &rating) { projection.apply(UnsafeMutableRawPointer($0), run) }
        (root + offset).assumingMemoryBound(to: Rating?.self).pointee = rating
    }
}
