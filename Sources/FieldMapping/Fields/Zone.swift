import ConversationModel
import Foundation

/// A time zone: a name such as `Europe/Berlin`, or a fixed offset such as `+02:00`.
struct Zone: Sendable {
    static let utc = Zone(fixed: 0)

    private let fixed: Int
    private let named: TimeZone?

    private init(fixed: Int, named: TimeZone? = nil) {
        self.fixed = fixed
        self.named = named
    }

    /// `nil` when there is no such zone.
    init?(_ text: String) {
        if text == "UTC" || text == "Z" {
            self = .utc
            return
        }
        let parts = text.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
        if text.hasPrefix("+") || text.hasPrefix("-") {
            guard parts.count == 2, let hours = Int(parts[0]), let minutes = Int(parts[1]), (0..<15).contains(hours),
                (0..<60).contains(minutes)
            else { return nil }
            self.init(fixed: (text.hasPrefix("-") ? -1 : 1) * (hours * 3600 + minutes * 60))
            return
        }
        // Abbreviations such as CST mean several zones; only whole names are taken.
        guard text.contains("/"), let zone = TimeZone(identifier: text) else { return nil }
        self.init(fixed: 0, named: zone)
    }

    /// Seconds by which the zone is ahead of UTC at a moment.
    func offset(at instant: Instant) -> Int {
        named?.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant.seconds))) ?? fixed
    }

    /// The moment at which a clock in the zone shows something.
    ///
    /// An hour that the clocks skip is read as if they had not been moved yet; of one that comes twice, the first is
    /// meant.
    func instant(wall: Int64, precision: Instant.Precision) -> Instant {
        guard named != nil else {
            return Instant(microseconds: wall - Int64(fixed) * 1_000_000, precision: precision)
        }
        let day: Int64 = 86_400_000_000
        let before = offset(at: Instant(microseconds: wall - day))
        let after = offset(at: Instant(microseconds: wall + day))
        let first = Instant(microseconds: wall - Int64(before) * 1_000_000, precision: precision)
        if before == after || offset(at: first) == before { return first }
        let second = Instant(microseconds: wall - Int64(after) * 1_000_000, precision: precision)
        return offset(at: second) == after ? second : first
    }
}
