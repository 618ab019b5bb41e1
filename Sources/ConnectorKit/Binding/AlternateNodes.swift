internal import ConversationModel

extension Rule {
    /// Another place for a whole number that has its own rule: read where that is empty, written only where the source had
    /// it.
    public static func alternate(_ path: Path, _ property: WritableKeyPath<Root, Int64?>) -> Rule {
        let offset = place(property)
        var rule = Rule(
            path: path,
            content: .value { _ in
                FallbackNode(IntegerNode(offset: offset, isOptional: true)) {
                    ($0 + offset).assumingMemoryBound(to: Int64?.self).pointee == nil
                }
            })
        rule.part = .alternate
        return rule
    }
}

/// A value that stands in for another one where that is absent.
final class FallbackNode: ValueNode {
    private let inner: any ValueNode
    private let isMissing: @Sendable (UnsafeRawPointer) -> Bool

    init(_ inner: any ValueNode, isMissing: @escaping @Sendable (UnsafeRawPointer) -> Bool) {
        self.inner = inner
        self.isMissing = isMissing
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if isMissing(root) { _ = try inner.decode(view, into: root, run) }
        return false
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        inner.matches(view, root, run)
    }
}
