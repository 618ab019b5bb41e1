/// A value that a parameter of a ``Statement`` takes.
public protocol SQLiteValue {
    /// Binds the value to a parameter, counted from 1.
    func bind(to statement: Statement, at index: Int) throws
}

extension Int64: SQLiteValue {
    /// Binds an integer.
    public func bind(to statement: Statement, at index: Int) throws { try statement.bind(self, at: index) }
}

extension Int: SQLiteValue {
    /// Binds an integer.
    public func bind(to statement: Statement, at index: Int) throws { try statement.bind(Int64(self), at: index) }
}

extension Double: SQLiteValue {
    /// Binds a number.
    public func bind(to statement: Statement, at index: Int) throws { try statement.bind(self, at: index) }
}

extension String: SQLiteValue {
    /// Binds a text.
    public func bind(to statement: Statement, at index: Int) throws { try statement.bind(self, at: index) }
}

extension [UInt8]: SQLiteValue {
    /// Binds bytes.
    public func bind(to statement: Statement, at index: Int) throws {
        try withUnsafeBytes { try statement.bind($0, at: index) }
    }
}

extension Optional: SQLiteValue where Wrapped: SQLiteValue {
    /// Binds the value or null.
    public func bind(to statement: Statement, at index: Int) throws {
        switch self {
        case .some(let value): try value.bind(to: statement, at: index)
        case .none: try statement.bindNull(at: index)
        }
    }
}
