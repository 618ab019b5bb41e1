/// Something a person should see, as data for the report.
///
/// An error ends something, a finding does not.
public struct Finding: Sendable, Equatable {
    /// Stable, bounded label: `reference/dangling`.
    public let code: String
    /// Where it stands.
    public let place: Place
    /// One line for the consultant; no bodies, names or addresses.
    public let summary: String
    /// The next action, when there is one.
    public let hint: String?

    /// Creates a finding.
    public init(_ code: String, place: Place = Place(), summary: String, hint: String? = nil) {
        self.code = code
        self.place = place
        self.summary = summary
        self.hint = hint
    }
}
