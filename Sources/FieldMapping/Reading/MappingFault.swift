public import Diagnostics

/// One fault of a mapping: where, what, what was expected and the nearest valid name.
public struct MappingFault: Sendable, Equatable, CustomStringConvertible {
    /// Where the fault stands.
    public let place: Place
    /// What is wrong; shows names, dates and ids, never an address.
    public let summary: String
    /// What would have been right; empty when the summary says it.
    public let expected: String
    /// The valid name that was probably meant.
    public let nearest: String?

    /// Creates a fault.
    public init(place: Place, summary: String, expected: String = "", nearest: String? = nil) {
        self.place = place
        self.summary = summary
        self.expected = expected
        self.nearest = nearest
    }

    /// The fault on one line.
    ///
    /// `map.json5:3:5: unknown key 'stauts' in 'filter'; expected one of ...; did you mean 'status'?`
    public var description: String {
        "\(place): \(summary)" + (expected.isEmpty ? "" : "; expected \(expected)")
            + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    }
}

/// All faults of a mapping; the cause of an error `mapping/invalid`.
public struct MappingFaults: Error, Sendable, Equatable, CustomStringConvertible {
    /// The faults by file, line and column; at least one.
    public let faults: [MappingFault]

    /// One fault a line.
    public var description: String { faults.map(\.description).joined(separator: "\n") }

    /// The faults as the error that ends a run, exit code 3; its summary has one line a fault.
    public var error: MigrationError {
        let count = faults.count == 1 ? "1 fault" : "\(faults.count) faults"
        let lines = faults.map { "\n  \($0)" }.joined()
        return MigrationError(
            "mapping/invalid", recovery: .fixConfiguration, place: Place(subject: "mapping"),
            summary: "\(count); nothing was read or written\(lines)", cause: self)
    }
}

/// A rule of a mapping that can be used or stay unused.
public struct MappingRule: Sendable, Equatable {
    /// Path in the mapping, or in a table the column and line: `values.status.on_hold`, `agents.match[2]`.
    public let path: String
    /// Where the rule stands.
    public let place: Place
}

/// A value that a rule of a mapping writes.
public struct WrittenValue: Sendable, Equatable {
    /// The kind of value; most are closed lists of neutral names.
    public enum Kind: String, Sendable, CaseIterable {
        /// A conversation's status.
        case status
        /// A conversation's priority.
        case priority
        /// A conversation's channel.
        case channel
        /// An agent's role.
        case role
        /// A tag; the value is its name.
        case tag
        /// A custom field of a conversation; the value is its type.
        case conversationField = "conversation field of type"
        /// A custom field of a contact; the value is its type.
        case contactField = "contact field of type"
        /// A custom field of a company; the value is its type.
        case companyField = "company field of type"
    }

    /// The kind of value.
    public let kind: Kind
    /// The neutral name, type or tag.
    public let value: String
    /// The rule that writes it.
    public let rule: MappingRule
}
