import Diagnostics
import Foundation

/// A process, told apart from others that may use the same ledger.
public struct ProcessIdentity: Sendable, Equatable {
    /// Its number.
    public var pid: Int32
    /// Name of its machine.
    public var host: String
    /// The space in which its number counts: two containers may share a host name and not their process numbers.
    public var namespace: String

    /// Creates an identity.
    public init(pid: Int32, host: String, namespace: String = "") {
        self.pid = pid
        self.host = host
        self.namespace = namespace
    }

    /// This process.
    public static var current: ProcessIdentity {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        var link = [CChar](repeating: 0, count: 256)
        _ = readlink("/proc/self/ns/pid", &link, link.count - 1)
        return ProcessIdentity(pid: getpid(), host: text(name), namespace: text(link))
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether `other` is known from here to be dead; a process elsewhere is not known to be.
    func knowsAsDead(_ other: ProcessIdentity) -> Bool {
        guard host == other.host, namespace == other.namespace else { return false }
        return (kill(other.pid, 0) == -1 && errno == ESRCH) || Self.isZombie(other.pid)
    }

    /// Whether a process ended and only waits for its parent to notice, as happens for long in small containers.
    private static func isZombie(_ pid: Int32) -> Bool {
        let file = open("/proc/\(pid)/stat", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = read(file, &bytes, bytes.count)
        // The state follows the name, which stands in brackets and may itself hold any.
        guard count > 0, let bracket = bytes[..<count].lastIndex(of: UInt8(ascii: ")")), bracket + 2 < count else {
            return false
        }
        return bytes[bracket + 2] == UInt8(ascii: "Z") || bytes[bracket + 2] == UInt8(ascii: "X")
    }
}

/// Who holds a ledger.
public struct LockHolder: Sendable, Equatable {
    /// Its run.
    public let run: RunID
    /// Its process.
    public let process: ProcessIdentity
    /// When it took the lock.
    public let since: Moment
    /// Its last sign of life.
    public let heartbeat: Moment
}

extension Ledger {
    /// Takes the lock that keeps two runs apart.
    ///
    /// A holder whose process is dead on this machine, or that gave no sign of life for `staleAfter`, is taken over; if
    /// it wakes up, its next write throws `lock/lost`.
    ///
    /// - Parameters:
    ///   - run: The run that takes it.
    ///   - now: The time.
    ///   - staleAfter: Silence after which a holder counts as dead.
    ///   - process: The process that takes it.
    /// - Returns: The holder taken over, if there was one.
    /// - Throws: `lock/held`.
    @discardableResult
    public func acquireLock(
        run: RunID, now: Moment = .now, staleAfter: Duration = .seconds(60), process: ProcessIdentity = .current
    ) throws -> LockHolder? {
        CrashPoint.reach("ledger.lock.before")
        let previous = try database.transaction {
            let previous = try lockHolder()
            if let previous, previous.run != run, !process.knowsAsDead(previous.process),
                now - previous.heartbeat < staleAfter
            {
                throw held(by: previous, now: now, staleAfter: staleAfter)
            }
            try database.cached("INSERT OR REPLACE INTO lock VALUES(1, ?, ?, ?, ?, ?, ?)").run(
                run.rawValue, Int64(process.pid), process.host, process.namespace, now.milliseconds, now.milliseconds)
            return previous
        }
        holder = run
        CrashPoint.reach("ledger.lock.after")
        return previous?.run == run ? nil : previous
    }

    /// Gives a sign of life; call it every ten seconds or so.
    ///
    /// - Throws: `lock/lost` when another run took over: stop at once.
    public func heartbeat(now: Moment = .now) throws {
        guard let holder else { return }
        try database.cached("UPDATE lock SET heartbeat = ?2 WHERE run = ?1").run(holder.rawValue, now.milliseconds)
        guard database.changes == 1 else { throw lost(holder) }
    }

    /// Gives the lock back; nothing happens when it was lost or never taken.
    public func releaseLock() throws {
        guard let holder else { return }
        try database.cached("DELETE FROM lock WHERE run = ?1").run(holder.rawValue)
        self.holder = nil
    }

    /// Who holds the ledger, dead or alive; `nil` when nobody does.
    public func lockHolder() throws -> LockHolder? {
        try database.cached("SELECT run, pid, host, namespace, since, heartbeat FROM lock").first { row in
            LockHolder(
                run: RunID(row.string(0)),
                process: ProcessIdentity(
                    pid: Int32(truncatingIfNeeded: row.int64(1)), host: row.string(2), namespace: row.string(3)),
                since: Moment(milliseconds: row.int64(4)), heartbeat: Moment(milliseconds: row.int64(5)))
        }
    }

    /// Stops a run that was taken over while it slept; called inside each writing transaction.
    func requireLock() throws {
        guard let holder else { return }
        let isOurs = try database.cached("SELECT 1 FROM lock WHERE run = ?1").first(holder.rawValue) { _ in true }
        guard isOurs == true else { throw lost(holder) }
    }

    private func held(by holder: LockHolder, now: Moment, staleAfter: Duration) -> MigrationError {
        let age = max(0, (now - holder.heartbeat).components.seconds)
        return MigrationError(
            "lock/held", recovery: .stopRun, place: Place(file: path),
            summary: "run '\(holder.run)' holds the ledger: process \(holder.process.pid) on '\(holder.process.host)' "
                + "since \(holder.since), last sign of life \(age) s ago; nothing was started",
            hint: "wait until it ends or stop it; a silent one is taken over after \(staleAfter.components.seconds) s")
    }

    private func lost(_ holder: RunID) -> MigrationError {
        MigrationError(
            "lock/lost", recovery: .stopRun, place: Place(file: path),
            summary: "run '\(holder)' was silent for too long and another run took over; nothing more was written",
            hint: "let the other run end, then start again")
    }
}
