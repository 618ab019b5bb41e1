public import Diagnostics
import Glibc
import Synchronization

/// Counts signals that ask for an end.
///
/// Atomic and without a lock, so a signal handler may touch it.
private let signalsSeen = Atomic<Int>(0)

/// Whether a person or the system asked for an end.
///
/// The first Ctrl-C (SIGINT, SIGTERM) is noted and acknowledged on stderr; the run looks at ``isRequested`` between
/// pages and batches, finishes what is in flight and saves. The second ends the process at once with exit code 130.
/// Both leave a state that the same command resumes.
public struct InterruptFlag: Sendable {
    /// Installs the handlers; from now on the first signal no longer ends the process.
    public static func install() -> InterruptFlag {
        // Initialises the global here, not inside a handler.
        _ = signalsSeen.load(ordering: .relaxed)
        var action = sigaction()
        action.__sigaction_handler.sa_handler = onInterrupt
        action.sa_flags = SA_RESTART
        sigemptyset(&action.sa_mask)
        // While one is handled the other waits, so that the two never count at the same time on one thread.
        sigaddset(&action.sa_mask, SIGINT)
        sigaddset(&action.sa_mask, SIGTERM)
        sigaction(SIGINT, &action, nil)
        sigaction(SIGTERM, &action, nil)
        return InterruptFlag()
    }

    /// Whether an end was asked for.
    public var isRequested: Bool { signalsSeen.load(ordering: .relaxed) > 0 }

    /// Ends the run between two steps when an end was asked for.
    ///
    /// - Throws: `interrupted/requested`, which gives exit code 130.
    public func check() throws(MigrationError) {
        guard isRequested else { return }
        throw MigrationError(
            "interrupted/requested", recovery: .stopRun, summary: "interrupted; what was done is saved",
            hint: "the same command resumes")
    }
}

/// Runs inside the signal: only an atomic, `write` and `_exit`; constant text, so nothing is allocated.
private func onInterrupt(_ signal: Int32) {
    let saved = errno
    let isFirst = signalsSeen.add(1, ordering: .sequentiallyConsistent).oldValue == 0
    let text: StaticString =
        isFirst
        ? "\ninterrupted: finishing what is in flight and saving; Ctrl-C again stops at once, the same command resumes\n"
        : "\ninterrupted twice: stopped at once; the same command resumes\n"
    _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
    if !isFirst { _exit(130) }
    errno = saved
}
