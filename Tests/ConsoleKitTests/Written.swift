import Synchronization

/// Collects what is written by several tasks.
final class Written: Sendable {
    private let parts = Mutex("")

    var text: String { parts.withLock { $0 } }

    func add(_ part: String) { parts.withLock { $0 += part } }
}
