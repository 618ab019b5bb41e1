import CSQLite
import Diagnostics

/// A prepared statement; prepare it once, run it often.
///
/// Parameters count from 1, columns from 0. Bound values are copied and stay bound until replaced.
public final class Statement {
    private let connection: Connection
    private let handle: OpaquePointer

    init(_ sql: String, on connection: Connection) throws {
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v3(connection.handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        try connection.check(code)
        guard let prepared else {
            throw MigrationError(
                "state/fault", recovery: .stopRun, place: Place(file: connection.path),
                summary: "internal fault: an empty statement")
        }
        self.connection = connection
        handle = prepared
    }

    deinit {
        sqlite3_finalize(handle)
    }

    // MARK: Whole runs

    /// Binds the values and runs the statement to its end.
    @inlinable
    public func run<each Value: SQLiteValue>(_ values: repeat each Value) throws {
        reset()
        try bind(repeat each values)
        while try step() {}
        reset()
    }

    /// Binds the values and hands each row to the body; the statement must not be used inside it.
    @inlinable
    public func forEach<each Value: SQLiteValue>(
        _ values: repeat each Value, row body: (Statement) throws -> Void
    ) throws {
        reset()
        try bind(repeat each values)
        defer { reset() }
        while try step() { try body(self) }
    }

    /// Binds the values and makes a result of the first row; `nil` without one.
    @inlinable
    public func first<each Value: SQLiteValue, Result>(
        _ values: repeat each Value, row body: (Statement) throws -> Result
    ) throws -> Result? {
        reset()
        try bind(repeat each values)
        defer { reset() }
        return try step() ? try body(self) : nil
    }

    /// Binds the values and makes a list of the rows.
    @inlinable
    public func all<each Value: SQLiteValue, Result>(
        _ values: repeat each Value, row body: (Statement) throws -> Result
    ) throws -> [Result] {
        var results: [Result] = []
        try forEach(repeat each values) { results.append(try body($0)) }
        return results
    }

    /// Binds the values to the parameters from 1 on.
    @inlinable
    public func bind<each Value: SQLiteValue>(_ values: repeat each Value) throws {
        var index = 0
        for value in repeat each values {
            index += 1
            try value.bind(to: self, at: index)
        }
    }

    // MARK: Single steps

    /// Goes to the next row; false at the end.
    ///
    /// After an error the statement is reset.
    public func step() throws -> Bool {
        let code = sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        if code == SQLITE_DONE { return false }
        let error = connection.error(code)
        sqlite3_reset(handle)
        throw error
    }

    /// Goes back before the first row; bound values stay.
    public func reset() {
        sqlite3_reset(handle)
    }

    /// Binds an integer.
    public func bind(_ value: Int64, at index: Int) throws {
        try connection.check(sqlite3_bind_int64(handle, Int32(truncatingIfNeeded: index), value))
    }

    /// Binds a number.
    public func bind(_ value: Double, at index: Int) throws {
        try connection.check(sqlite3_bind_double(handle, Int32(truncatingIfNeeded: index), value))
    }

    /// Binds a text; a zero byte in it is kept.
    public func bind(_ value: String, at index: Int) throws {
        var value = value
        try value.withUTF8 { utf8 in
            let count = try size(utf8.count)
            guard let start = utf8.baseAddress, count > 0 else {
                return try connection.check(
                    deskferry_sqlite_bind_text(handle, Int32(truncatingIfNeeded: index), "", 0))
            }
            try start.withMemoryRebound(to: CChar.self, capacity: utf8.count) {
                try connection.check(
                    deskferry_sqlite_bind_text(handle, Int32(truncatingIfNeeded: index), $0, count))
            }
        }
    }

    /// Binds bytes; no bytes are an empty blob, not null.
    public func bind(_ value: UnsafeRawBufferPointer, at index: Int) throws {
        let count = try size(value.count)
        let code =
            count == 0
            ? sqlite3_bind_zeroblob(handle, Int32(truncatingIfNeeded: index), 0)
            : deskferry_sqlite_bind_blob(handle, Int32(truncatingIfNeeded: index), value.baseAddress, count)
        try connection.check(code)
    }

    /// Binds null.
    public func bindNull(at index: Int) throws {
        try connection.check(sqlite3_bind_null(handle, Int32(truncatingIfNeeded: index)))
    }

    // MARK: Columns of the row

    /// Whether the column is null.
    public func isNull(_ column: Int) -> Bool {
        sqlite3_column_type(handle, Int32(truncatingIfNeeded: column)) == SQLITE_NULL
    }

    /// The column as an integer; 0 for null.
    public func int64(_ column: Int) -> Int64 {
        sqlite3_column_int64(handle, Int32(truncatingIfNeeded: column))
    }

    /// The column as an integer of this machine; 0 for null.
    public func int(_ column: Int) -> Int { Int(int64(column)) }

    /// The column as a number; 0 for null.
    public func double(_ column: Int) -> Double {
        sqlite3_column_double(handle, Int32(truncatingIfNeeded: column))
    }

    /// The column as text; empty for null.
    public func string(_ column: Int) -> String {
        let column = Int32(truncatingIfNeeded: column)
        guard let start = sqlite3_column_text(handle, column) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// The column as bytes; none for null.
    public func bytes(_ column: Int) -> [UInt8] {
        withBytes(column) { [UInt8]($0) }
    }

    /// Lends the bytes of the column without a copy; they are valid inside the body only.
    public func withBytes<Result>(_ column: Int, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        let column = Int32(truncatingIfNeeded: column)
        let start = sqlite3_column_blob(handle, column)
        let count = Int(sqlite3_column_bytes(handle, column))
        return try body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
    }

    private func size(_ count: Int) throws -> Int32 {
        guard let size = Int32(exactly: count) else { throw connection.error(SQLITE_TOOBIG) }
        return size
    }
}
