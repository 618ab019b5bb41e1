import ConversationModel

/// What a custom field becomes, as a mapping names it.
enum FieldForm: String, CaseIterable {
    case text, number, boolean, date, datetime, choice
    case multiChoice = "multi_choice"

    var kind: FieldDefinition.Kind { FieldDefinition.Kind(rawValue: rawValue) ?? .other }
}

/// Turns a field's value into another form; pure, and silent about nothing: each answer says its loss class.
struct FieldConversion: Sendable {
    /// Which of several values stays where only one can.
    enum Pick: String, CaseIterable {
        case first, last
    }

    /// What became of a value.
    enum Outcome: Equatable {
        case unchanged
        case changed(JSONValue, LossClass, detail: String)
        /// It does not fit; the detail says why.
        case unfit(String)
    }

    var form: FieldForm?
    var pattern: DatePattern?
    var zone: Zone?
    var decimalComma = false
    var separator: String?
    var pick = Pick.first
    /// Table of values by their text.
    var values: [String: JSONValue] = [:]
    var otherValue: JSONValue?
    /// Results that more than one row of the table ends in.
    var crowded: Set<JSONValue> = []

    var isIdle: Bool { form == nil && values.isEmpty && otherValue == nil }

    /// Converts a value; `unruled` hears of values that the table does not name.
    func apply(to value: JSONValue, unruled: (String) -> Void) -> Outcome {
        let tabled = table(value, unruled)
        guard let form else { return tabled }
        var input = value
        var lossClass = LossClass.same
        var detail = ""
        switch tabled {
        case .unchanged: break
        case .changed(let changed, let tableClass, let tableDetail):
            (input, lossClass, detail) = (changed, tableClass, tableDetail)
        case .unfit: return tabled
        }
        switch convert(input, to: form) {
        case .unchanged: return tabled
        case .unfit(let reason): return .unfit(reason)
        case .changed(let output, let formClass, let formDetail):
            return .changed(output, max(lossClass, formClass), detail: formDetail.isEmpty ? detail : formDetail)
        }
    }

    // MARK: The table

    private func table(_ value: JSONValue, _ unruled: (String) -> Void) -> Outcome {
        guard !values.isEmpty || otherValue != nil else { return .unchanged }
        guard case .array(let elements) = value else { return row(value, unruled) }
        var output: [JSONValue] = []
        var (lossClass, detail) = (LossClass.same, "")
        for element in elements {
            switch row(element, unruled) {
            case .unchanged, .unfit: if !output.contains(element) { output.append(element) }
            case .changed(let changed, let rowClass, let rowDetail):
                lossClass = max(lossClass, rowClass)
                if detail.isEmpty { detail = rowDetail }
                if output.contains(changed) { lossClass = max(lossClass, .narrowed) } else { output.append(changed) }
            }
        }
        return lossClass == .same ? .unchanged : .changed(.array(output), lossClass, detail: detail)
    }

    private func row(_ value: JSONValue, _ unruled: (String) -> Void) -> Outcome {
        guard let text = Self.text(of: value) else { return .unchanged }
        guard let target = values[text] ?? otherValue else {
            unruled(text)
            return .unchanged
        }
        guard target != value else { return .unchanged }
        return .changed(
            target, crowded.contains(target) ? .narrowed : .converted,
            detail: "\(text) -> \(Self.text(of: target) ?? "")")
    }

    // MARK: The form

    private func convert(_ value: JSONValue, to form: FieldForm) -> Outcome {
        if case .null = value { return .unchanged }
        // An empty text or list says nothing that could be lost; only where nothing is a value of the form it stays.
        if value.saysNothing, form != .text, form != .multiChoice { return .changed(.null, .converted, detail: "") }
        switch form {
        case .text: return text(value)
        case .number: return number(value)
        case .boolean: return boolean(value)
        case .date, .datetime: return date(value, withTime: form == .datetime)
        case .choice: return choice(value)
        case .multiChoice: return choices(value)
        }
    }

    private func text(_ value: JSONValue) -> Outcome {
        switch value {
        case .string(let text):
            guard let pattern, let instant = Instant(text) else { return .unchanged }
            let offset = (text.utf8.count > 10 ? zone ?? .utc : .utc).offset(at: instant)
            let written = pattern.write(wall: instant.microseconds + Int64(offset) * 1_000_000, offset: offset)
            guard written != text else { return .unchanged }
            return .changed(
                .string(written), text.utf8.count > 10 && !pattern.hasTime ? .narrowed : .converted, detail: "")
        case .array(let elements):
            var joined = ""
            for (index, element) in elements.enumerated() {
                guard let text = Self.text(of: element) else { return .unfit("is no list of plain values") }
                if index > 0 { joined += separator ?? ", " }
                joined += text
            }
            return .changed(.string(joined), .converted, detail: "")
        case .number(let text): return .changed(.string(text), .converted, detail: "")
        case .bool(let flag): return .changed(.string(flag ? "true" : "false"), .converted, detail: "")
        case .null, .object: return .unfit("is no plain value")
        }
    }

    private func number(_ value: JSONValue) -> Outcome {
        switch value {
        case .number: return .unchanged
        case .bool(let flag): return .changed(.number(flag ? "1" : "0"), .converted, detail: "")
        case .string(let text):
            guard let number = Self.number(text, decimalComma: decimalComma) else { return .unfit("is no number") }
            return .changed(.number(number), .converted, detail: "")
        case .array(let elements): return sole(elements, or: "is a list") { number($0) }
        case .null, .object: return .unfit("is no number")
        }
    }

    private func boolean(_ value: JSONValue) -> Outcome {
        if case .bool = value { return .unchanged }
        if case .array(let elements) = value { return sole(elements, or: "is a list") { boolean($0) } }
        switch Self.text(of: value)?.lowercased() {
        case "true", "yes", "y", "on", "1": return .changed(.bool(true), .converted, detail: "")
        case "false", "no", "n", "off", "0": return .changed(.bool(false), .converted, detail: "")
        default: return .unfit("is neither yes nor no")
        }
    }

    private func date(_ value: JSONValue, withTime: Bool) -> Outcome {
        guard let text = Self.text(of: value) else { return .unfit("is no date") }
        // A day as ISO 8601 writes it is what comes out, whatever the zone.
        if pattern == nil, !withTime, text.utf8.count == 10, case .string = value, Instant(text) != nil {
            return .unchanged
        }
        let source = trimmed(text)
        let reading: DatePattern.Reading
        let hasTime: Bool
        if let pattern {
            guard let found = pattern.read(source) else { return .unfit("is no date of the form in 'format'") }
            reading = found
            hasTime = pattern.hasTime
        } else {
            guard let instant = Instant(source) else { return .unfit("is no ISO 8601 date") }
            let last = source.utf8.last
            let saysZone = last == UInt8(ascii: "Z") || source.utf8.dropFirst(11).contains { $0 == 0x2B || $0 == 0x2D }
            reading = DatePattern.Reading(
                wall: instant.microseconds, offset: saysZone ? 0 : nil, precision: instant.precision)
            hasTime = source.utf8.count > 10
        }
        let instant =
            reading.offset.map {
                Instant(microseconds: reading.wall - Int64($0) * 1_000_000, precision: reading.precision)
            } ?? (zone ?? .utc).instant(wall: reading.wall, precision: reading.precision)
        let written: String
        var lossClass = LossClass.converted
        if withTime {
            written = instant.description
        } else {
            // A day is the day on the wall: of the zone where one is named, else as it was written.
            let wall =
                hasTime && (reading.offset == nil || zone != nil)
                ? instant.microseconds + Int64((zone ?? .utc).offset(at: instant)) * 1_000_000 : reading.wall
            written = String(Instant(microseconds: wall, precision: .seconds).description.prefix(10))
            if hasTime { lossClass = .narrowed }
        }
        return .string(written) == value ? .unchanged : .changed(.string(written), lossClass, detail: "")
    }

    private func choice(_ value: JSONValue) -> Outcome {
        switch value {
        case .array(let elements):
            let texts = elements.compactMap(Self.text(of:))
            return chosen(texts)
        case .string(let text):
            if let separator, text.contains(separator) { return chosen(Self.parts(text, separator)) }
            return .unchanged
        case .number, .bool: return .changed(.string(Self.text(of: value) ?? ""), .converted, detail: "")
        case .null, .object: return .unfit("is no choice")
        }
    }

    /// The one that stays; the values that do not are named.
    private func chosen(_ texts: [String]) -> Outcome {
        guard let kept = pick == .first ? texts.first : texts.last else { return .unfit("is an empty list") }
        guard texts.count > 1 else { return .changed(.string(kept), .converted, detail: "") }
        let lost = (pick == .first ? texts.dropFirst() : texts.dropLast()).map { "'\($0)'" }.joined(separator: ", ")
        return .changed(.string(kept), .narrowed, detail: "kept '\(kept)', lost \(lost)")
    }

    private func choices(_ value: JSONValue) -> Outcome {
        switch value {
        case .array: return .unchanged
        case .string(let text):
            let parts = separator.map { Self.parts(text, $0) } ?? (text.isEmpty ? [] : [text])
            return .changed(.array(parts.map(JSONValue.string)), .converted, detail: "")
        case .number, .bool:
            return .changed(.array([.string(Self.text(of: value) ?? "")]), .converted, detail: "")
        case .null, .object: return .unfit("is no choice")
        }
    }

    private func sole(_ elements: [JSONValue], or reason: String, _ body: (JSONValue) -> Outcome) -> Outcome {
        guard let only = elements.first, elements.count == 1 else { return .unfit(reason) }
        if case .unchanged = body(only) { return .changed(only, .converted, detail: "") }
        return body(only)
    }

    // MARK: Plain values

    /// The text of a plain value; `nil` for lists and objects.
    static func text(of value: JSONValue) -> String? {
        switch value {
        case .string(let text), .number(let text): text
        case .bool(let flag): flag ? "true" : "false"
        case .null, .array, .object: nil
        }
    }

    static func parts(_ text: String, _ separator: String) -> [String] {
        text.split(separator: separator, omittingEmptySubsequences: false).map { trimmed($0) }.filter { !$0.isEmpty }
    }

    /// A number as JSON writes it; blanks, apostrophes and the other mark part thousands.
    static func number(_ text: String, decimalComma: Bool) -> String? {
        if isPlainNumber(text, hasDecimals: !decimalComma) { return text }
        let point = UInt8(ascii: decimalComma ? "," : ".")
        let group = UInt8(ascii: decimalComma ? "." : ",")
        var output: [UInt8] = []
        var (digits, hasPoint, isNegative, sinceGroup) = (0, false, false, -1)
        for byte in trimmed(text).utf8 {
            switch byte {
            case 0x30...0x39:
                output.append(byte)
                digits += 1
                if sinceGroup >= 0 { sinceGroup += 1 }
            case UInt8(ascii: "-"), UInt8(ascii: "+"):
                guard output.isEmpty, !isNegative else { return nil }
                isNegative = byte == UInt8(ascii: "-")
            case point where !hasPoint && digits > 0:
                guard sinceGroup == -1 || sinceGroup == 3 else { return nil }
                sinceGroup = -1
                hasPoint = true
                output.append(UInt8(ascii: "."))
            case group, UInt8(ascii: " "), UInt8(ascii: "'"):
                // A mark that does not part thousands is a decimal mark of the other kind.
                guard !hasPoint, digits > 0, sinceGroup == -1 ? digits <= 3 : sinceGroup == 3 else { return nil }
                sinceGroup = 0
            default: return nil
            }
        }
        guard digits > 0, output.last != UInt8(ascii: "."), sinceGroup == -1 || sinceGroup == 3 else { return nil }
        let whole = output.prefix { $0 != UInt8(ascii: ".") }
        let zeros = min(whole.prefix { $0 == 0x30 }.count, whole.count - 1)
        return (isNegative ? "-" : "") + String(decoding: output.dropFirst(zeros), as: UTF8.self)
    }

    /// Whether a text is a number as JSON writes it already, as most are.
    private static func isPlainNumber(_ text: String, hasDecimals: Bool) -> Bool {
        var (digits, decimals, startsWithZero) = (0, -1, false)
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39 where decimals >= 0: decimals += 1
            case 0x30...0x39:
                if digits == 0 { startsWithZero = byte == 0x30 }
                digits += 1
            case UInt8(ascii: ".") where hasDecimals && digits > 0 && decimals < 0: decimals = 0
            default: return false
            }
        }
        return digits > 0 && decimals != 0 && (!startsWithZero || digits == 1)
    }
}
