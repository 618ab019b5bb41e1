import Synchronization

/// Shows progress on stderr; may be told from any task.
///
/// All decisions are ``ProgressState``'s.
public final class ProgressLine: Sendable {
    private let state: Mutex<ProgressState>
    private let clock: @Sendable () -> Duration
    private let write: @Sendable (String) -> Void

    /// Shows progress on the terminal of this process.
    ///
    /// - Parameters:
    ///   - terminal: Decides between a rewritten line and plain lines.
    ///   - isQuiet: Whether only messages are shown.
    public convenience init(terminal: Terminal, isQuiet: Bool) {
        let layout: ProgressState.Layout =
            isQuiet ? .silent : terminal.messagesAreTerminal ? .rewritten(columns: terminal.columns) : .lines
        let start = ContinuousClock.now
        self.init(layout: layout, clock: { start.duration(to: .now) }, write: { Terminal.write($0, to: .messages) })
    }

    /// Shows progress wherever `write` puts it.
    ///
    /// - Parameters:
    ///   - layout: How it is shown.
    ///   - clock: Time since any fixed moment.
    ///   - write: Takes the text; called by one task at a time.
    public init(
        layout: ProgressState.Layout, clock: @escaping @Sendable () -> Duration,
        write: @escaping @Sendable (String) -> Void
    ) {
        state = Mutex(ProgressState(layout: layout))
        self.clock = clock
        self.write = write
    }

    /// Takes an event and shows what is due.
    public func report(_ event: ProgressState.Event) {
        state.withLock { state in
            // Asked for and written inside the lock: lines of two tasks must not cross, and time must not run back.
            let text = state.take(event, at: clock())
            if !text.isEmpty { write(text) }
        }
    }
}
