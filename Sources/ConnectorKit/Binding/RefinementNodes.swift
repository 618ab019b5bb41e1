internal import ConversationModel

extension Rule {
    /// A second value that says more of what a first one only says roughly: why something is on hold.
    ///
    /// It counts where the first value, bound by a rule of its own, was read as `base`.
    ///
    /// - Parameters:
    ///   - path: Where the second value stands.
    ///   - property: The neutral property that both say.
    ///   - base: What the first one says alone.
    ///   - rows: Words of the second value and what both together mean.
    /// - Returns: The rule.
    public static func refinement<Value: Sendable & Hashable>(
        _ path: Path, _ property: WritableKeyPath<Root, Value?>, of base: Value, _ rows: [(word: String, value: Value)]
    ) -> Rule {
        let offset = place(property)
        return Rule(
            path: path, content: .value { _ in RefinementNode<Value>(offset: offset, base: base, rows: rows) }
        ).late
    }
}

/// A value that says more of another one.
final class RefinementNode<Value: Sendable & Hashable>: ValueNode {
    let offset: Int
    let base: Value
    let rows: [(word: String, value: Value)]
    var covers: [Int] { [offset] }

    init(offset: Int, base: Value, rows: [(word: String, value: Value)]) {
        self.offset = offset
        self.base = base
        self.rows = rows
    }

    private func word(_ view: JSONView) -> String? {
        (view.isObject ? Box.content(view) : view)?.scalarText
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let field = (root + offset).assumingMemoryBound(to: Value?.self)
        guard field.pointee == base, let word = word(view), let row = rows.first(where: { $0.word == word }) else {
            return false
        }
        field.pointee = row.value
        return view.isString && rows.first { $0.value == row.value }?.word == word
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let value = (root + offset).assumingMemoryBound(to: Value?.self).pointee
        guard let row = rows.first(where: { $0.value == value }) else { return false }
        out.put(row.word)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        let value = (root + offset).assumingMemoryBound(to: Value?.self).pointee
        let row = word(view).flatMap { word in rows.first { $0.word == word } }
        let refined = rows.contains { $0.value == value }
        // A word that means nothing here stays beside any value that has no word of its own.
        return refined ? row?.value == value : (row == nil || value != base)
    }
}
