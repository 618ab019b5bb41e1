import Diagnostics
import Foundation

@testable import StateStore

/// A folder of one test, gone with it.
final class Scratch {
    let folder: String
    var ledgerPath: String { folder + "/.deskferry/state.sqlite" }

    init() throws {
        folder = NSTemporaryDirectory() + "/statestore-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func ledger() throws -> Ledger { try Ledger.open(path: ledgerPath) }
}

/// Repeatable randomness: a failing seed is a failing test again.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// The label of the error that the body throws; `nil` when it throws none.
func label(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch let error as MigrationError {
        return error.code.rawValue
    } catch {
        return "\(error)"
    }
}

extension Ledger {
    func begunRun(_ id: String, _ migration: MigrationID, at milliseconds: Int64 = 0) throws -> RunID {
        let run = RunID(id)
        try begin(run, migration: migration, command: "sync", now: Moment(milliseconds: milliseconds))
        return run
    }

    func someMigration() throws -> MigrationID { try migration(source: "neutral:in", destination: "neutral:out") }

    func count(_ table: String) throws -> Int {
        try database.prepare("SELECT count(*) FROM \(table)").first { $0.int(0) } ?? -1
    }
}

func written(_ ids: [String], head: UInt128 = 1) -> Changes {
    var changes = Changes()
    changes.written = ids.map { Changes.Written(Changes.Key("conversation", $0), Fingerprint(head: head, parts: [7])) }
    return changes
}
