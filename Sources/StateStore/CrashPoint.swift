import Foundation
import Synchronization

/// Named places before and after each durable step, where a rehearsal can let the process die.
///
/// `DESKFERRY_CRASH_AT=ledger.commit.before` ends the process at that place, `name#3` when it is reached the third
/// time, `*#3` at the third place reached whatever its name. The exit code is 137, as after `kill -9`: no clean-up
/// runs. Without the variable a place costs one comparison.
public enum CrashPoint {
    /// Says that the place was reached.
    public static func reach(_ name: StaticString) {
        guard let target else { return }
        guard target.name == "*" || target.name == name.description else { return }
        let isLast = hits.withLock { count in
            count += 1
            return count == target.hit
        }
        if isLast { _exit(137) }
    }

    struct Target: Sendable, Equatable {
        var name: String
        var hit: Int

        init?(_ text: String?) {
            guard let text, !text.isEmpty else { return nil }
            let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
            name = String(parts[0])
            hit = parts.count == 2 ? Int(parts[1]) ?? 1 : 1
        }
    }

    private static let target = Target(ProcessInfo.processInfo.environment["DESKFERRY_CRASH_AT"])
    private static let hits = Mutex(0)
}
