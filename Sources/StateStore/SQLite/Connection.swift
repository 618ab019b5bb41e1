import CSQLite
import Diagnostics

/// The handle of an open database file; it outlives every statement prepared on it.
final class Connection {
    let handle: OpaquePointer
    let path: String

    init(path: String, flags: Int32) throws {
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(path, &opened, flags, nil)
        guard let opened else {
            throw Connection.error(code, message: "no memory for a connection", path: path)
        }
        guard code == SQLITE_OK else {
            let error = Connection.error(code, message: String(cString: sqlite3_errmsg(opened)), path: path)
            sqlite3_close_v2(opened)
            throw error
        }
        handle = opened
        self.path = path
        sqlite3_extended_result_codes(handle, 1)
    }

    deinit {
        sqlite3_close_v2(handle)
    }

    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    func check(_ code: Int32) throws {
        guard code == SQLITE_OK else { throw error(code) }
    }

    func error(_ code: Int32) -> MigrationError {
        Connection.error(code, message: String(cString: sqlite3_errmsg(handle)), path: path)
    }

    /// SQLite's own messages name tables and columns, never bound values, so they are safe to show.
    private static func error(_ code: Int32, message: String, path: String) -> MigrationError {
        let (label, recovery, hint): (MigrationError.Code, MigrationError.Recovery, String?) =
            switch code & 0xff {
            case SQLITE_BUSY, SQLITE_LOCKED:
                ("state/busy", .retry(after: nil), "wait for the other process that writes this file, then try again")
            case SQLITE_FULL:
                ("state/disk-full", .stopRun, "make room on the disk; the run can be resumed")
            case SQLITE_CORRUPT, SQLITE_NOTADB:
                ("state/corrupt", .fixConfiguration, "name another file or restore this one from a backup")
            case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH:
                ("state/cannot-open", .fixConfiguration, "check that the folder exists and may be written")
            case SQLITE_READONLY:
                ("state/read-only", .fixConfiguration, "make the file and its folder writable")
            case SQLITE_IOERR:
                ("state/unreadable", .stopRun, "check the disk; the run can be resumed")
            case SQLITE_CONSTRAINT:
                ("state/constraint", .stopRun, nil)
            case SQLITE_TOOBIG:
                ("state/too-big", .skipRecord, nil)
            default:
                ("state/fault", .stopRun, nil)
            }
        return MigrationError(
            label, recovery: recovery, place: Place(file: path.isEmpty ? "temporary database" : path),
            summary: "\(message) (SQLite \(code)); the change was not made", hint: hint)
    }
}
