import Glibc
import Testing

@testable import StateStore

/// A process that was killed and not yet reaped by its parent holds nothing.
@Suite struct ZombieTests {
    @Test func aProcessThatOnlyWaitsToBeReapedIsDead() throws {
        var pid: pid_t = 0
        let arguments: [UnsafeMutablePointer<CChar>?] = [strdup("true"), nil]
        defer { free(arguments[0]) }
        try #require(posix_spawnp(&pid, "true", nil, nil, arguments, environ) == 0)
        var info = siginfo_t()
        // Waits for its end and leaves it unreaped.
        try #require(waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) == 0)
        let mine = ProcessIdentity.current
        let ended = ProcessIdentity(pid: pid, host: mine.host, namespace: mine.namespace)
        #expect(kill(pid, 0) == 0, "it still has its number")
        #expect(mine.knowsAsDead(ended))
        #expect(!mine.knowsAsDead(mine))
        waitpid(pid, nil, 0)
    }
}
