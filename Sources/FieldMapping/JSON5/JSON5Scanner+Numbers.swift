extension JSON5Scanner {
    /// A number as JSON writes it: `+.5` is `0.5`, `5.` is `5`, `0xFF` is `255`.
    mutating func number() throws(JSON5Fault) -> String {
        let start = at
        var text = ""
        if take(UInt8(ascii: "-")) { text = "-" } else { _ = take(UInt8(ascii: "+")) }
        if startsIdentifier {
            throw JSON5Fault(
                mark: mark(at: start), summary: "found '\(try identifier())' behind a sign; expected a finite number")
        }
        let whole = digits()
        if whole == "0", current == UInt8(ascii: "x") || current == UInt8(ascii: "X") {
            advance()
            return text + String(try hexadecimal(from: start))
        }
        if whole.count > 1, whole.hasPrefix("0") {
            throw JSON5Fault(
                mark: mark(at: start), summary: "number begins with 0; expected none", hint: "put quotes round ids")
        }
        text += whole.isEmpty ? "0" : whole
        var fraction = ""
        if take(UInt8(ascii: ".")) { fraction = digits() }
        guard !whole.isEmpty || !fraction.isEmpty else { throw unexpected(expected: "a digit") }
        if !fraction.isEmpty { text += "." + fraction }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            text += "e"
            if take(UInt8(ascii: "-")) { text += "-" } else { _ = take(UInt8(ascii: "+")) }
            let exponent = digits()
            guard !exponent.isEmpty else { throw unexpected(expected: "a digit of the exponent") }
            text += exponent
        }
        guard !startsIdentifier else {
            throw unexpected(expected: "the end of the number", hint: "put quotes round ids")
        }
        return text
    }

    private mutating func digits() -> String {
        var digits = ""
        while startsNumber, let byte = current {
            digits.unicodeScalars.append(Unicode.Scalar(byte))
            advance()
        }
        return digits
    }

    private mutating func hexadecimal(from start: Int) throws(JSON5Fault) -> UInt64 {
        var value: UInt64 = 0
        var count = 0
        while let digit = current.flatMap(Self.hexDigit) {
            count += 1
            guard count <= 16 else {
                throw JSON5Fault(
                    mark: mark(at: start), summary: "hexadecimal number has more than 16 digits; expected fewer")
            }
            value = value << 4 | UInt64(digit)
            advance()
        }
        guard count > 0 else { throw unexpected(expected: "a hexadecimal digit") }
        guard !startsIdentifier else { throw unexpected(expected: "the end of the number") }
        return value
    }
}
