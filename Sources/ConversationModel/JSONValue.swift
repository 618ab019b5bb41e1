/// A JSON value with numbers as the text they were written in, so that no id or amount loses a digit.
public enum JSONValue: Sendable, Hashable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number as its text.
    case number(String)
    /// A string.
    case string(String)
    /// A list.
    case array([JSONValue])
    /// Members in their order.
    case object([Member])

    /// One member of an object.
    public struct Member: Sendable, Hashable {
        /// Its key.
        public let key: String
        /// Its value.
        public var value: JSONValue
        /// Creates a member.
        public init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// The value's text when it is a string or a number.
    public var text: String? {
        switch self {
        case .string(let text), .number(let text): text
        default: nil
        }
    }
}

/// One custom field of a record: the source's own key and the value with its JSON type.
public struct FieldValue: Sendable, Hashable {
    /// The source's own key: a field's id, internal name or column.
    public var key: String
    /// The value.
    public var value: JSONValue
    /// Creates a field value.
    public init(_ key: String, _ value: JSONValue) {
        self.key = key
        self.value = value
    }
}

/// Vendor fields that nothing binds, kept so that a round trip to the same vendor loses nothing.
///
/// The text of a JSON object, or empty. Keys stand in the order in which the source gave them.
public struct Extras: Sendable, Hashable {
    /// A JSON object's text, or empty when there is nothing to keep.
    public var json: String
    /// Wraps a JSON object's text.
    public init(json: String = "") { self.json = json }
    /// Whether nothing was kept.
    public var isEmpty: Bool { json.isEmpty }
}

/// Where a record came from.
public struct Origin: Sendable, Hashable {
    /// Name of the connector that read it.
    public var connector: String
    /// Address of the record on its platform.
    public var url: String?
    /// Creates an origin.
    public init(connector: String = "", url: String? = nil) {
        self.connector = connector
        self.url = url
    }
}
