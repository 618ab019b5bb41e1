public import ConversationModel

extension Rule {
    /// A moment in a cell: `2026-02-01 09:00:03`, UTC without saying so, or a form that people see.
    ///
    /// A form in which day and month cannot be told apart is reported and gives no moment.
    public static func cell(_ path: Path, _ property: WritableKeyPath<Root, Instant?>) -> Rule {
        let offset = place(property)
        return Rule(path: path, content: .value { CellTimeNode(offset: offset, path: $0) })
    }
}

/// A moment in a cell.
final class CellTimeNode: ValueNode {
    let offset: Int
    let path: String
    var covers: [Int] { [offset] }
    let narrows = true

    init(offset: Int, path: String) {
        self.offset = offset
        self.path = path
    }

    private func read(_ view: JSONView, _ run: Decoding?) throws(DecodeFault) -> (time: Instant?, exact: Bool) {
        if view.isObject {
            guard let content = Box.content(view) else { return (nil, false) }
            let time = try read(content, run).time
            if let run, let time, let shown = view.member("display_value")?.scalarText { note(shown, time, run) }
            return (time, false)
        }
        if view.isString, !view.bytes.isEmpty, let time = ShownTime(view.string) {
            switch time {
            case .told(let instant): return (instant, false)
            case .ambiguous:
                run?.noteUnknown(path, view)
                return (nil, false)
            }
        }
        let (time, exact) = try InstantCodec.dateTime.read(view)
        return (time, exact)
    }

    /// Learns from a moment that is given twice in which zone people see it; zones are whole quarters of an hour apart.
    private func note(_ shown: String, _ raw: Instant, _ run: Decoding) {
        var seen = Instant(shown)
        if seen == nil, case .told(let told) = ShownTime(shown) { seen = told }
        guard let seen else { return }
        let offset = seen.seconds - raw.seconds
        if offset.magnitude <= 14 * 3600, offset % 900 == 0 { run.displayOffset = offset }
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (time, exact) = try read(view, run)
        if let time { (root + offset).assumingMemoryBound(to: Instant?.self).pointee = time }
        return exact
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let time = (root + offset).assumingMemoryBound(to: Instant?.self).pointee else { return false }
        InstantCodec.dateTime.write(time, &out)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let (time, _) = try? read(view, nil) else { return false }
        return time == (root + offset).assumingMemoryBound(to: Instant?.self).pointee
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let field = (root + offset).assumingMemoryBound(to: Instant?.self)
        guard let time = field.pointee, time.precision != .seconds else { return }
        let cut = time.cut(to: .seconds)
        if cut != time { run.note(name, .narrowed, "\(time) -> \(cut)") }
        field.pointee = cut
    }
}

/// Times as people see them: `13-Jul-2026 10:29:21`, `17.03.2025 06:04`, `3/17/2025 6:04 PM`.
enum ShownTime {
    case told(Instant)
    /// Day and month cannot be told apart.
    case ambiguous

    /// - Returns: `nil` for anything that is no such form; ISO forms are none.
    init?(_ text: String) {
        let parts = text.split(whereSeparator: { $0 == " " || $0 == "\u{A0}" || $0 == "\u{202F}" })
        guard let day = parts.first, parts.count <= 3, let date = Self.date(day),
            let time = Self.time(parts.dropFirst().map(String.init))
        else { return nil }
        switch date {
        case .ambiguous: self = .ambiguous
        case .told(let instant): self = .told(Instant(seconds: instant.seconds + time))
        }
    }

    private static let months = [
        "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
        "dec": 12,
    ]

    private static func date(_ text: Substring) -> ShownTime? {
        guard let separator = text.first(where: { "-/.".contains($0) }) else { return nil }
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[2].count == 4, let year = Int(parts[2]) else { return nil }
        if let month = months[parts[1].prefix(3).lowercased()], let day = Int(parts[0]) {
            return made(year, month, day)
        }
        guard parts[0].count <= 2, parts[1].count <= 2, let first = Int(parts[0]), let second = Int(parts[1]) else {
            return nil
        }
        if first > 12 { return made(year, second, first) }
        if second > 12 { return made(year, first, second) }
        if first == second { return made(year, first, second) }
        return separator == "." ? made(year, second, first) : .ambiguous
    }

    private static func made(_ year: Int, _ month: Int, _ day: Int) -> ShownTime? {
        func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        return Instant("\(year)-\(two(month))-\(two(day))T00:00:00Z").map { .told($0) }
    }

    /// Seconds of the day.
    private static func time(_ parts: [String]) -> Int64? {
        guard let clock = parts.first else { return 0 }
        let numbers = clock.split(separator: ":").map { Int64($0) }
        guard numbers.count == 2 || numbers.count == 3, var hour = numbers[0], let minute = numbers[1], hour < 24,
            minute < 60
        else { return nil }
        let second = numbers.count == 3 ? numbers[2] : 0
        guard let second, second < 61 else { return nil }
        if parts.count == 2 {
            switch parts[1].lowercased() {
            case "am": hour = hour == 12 ? 0 : hour
            case "pm": hour = hour == 12 ? 12 : hour + 12
            default: return nil
            }
        }
        return hour * 3600 + minute * 60 + second
    }
}
