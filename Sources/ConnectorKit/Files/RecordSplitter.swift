/// Takes the records that belong to a record out of its JSON again, when it is written: the inverse of a join.
///
/// Works on the kit's own output, which has no blanks between tokens.
struct RecordSplitter {
    private let plan: JoinPlan
    /// By export: whether its records have a file to be written to.
    private let isWritten: [Bool]

    init(_ plan: JoinPlan, isWritten: [Bool]) {
        self.plan = plan
        self.isWritten = isWritten
    }

    /// Whether records of this export are ever taken apart.
    func splits(_ export: Int) -> Bool {
        !plan.slots[export].isEmpty || plan.filed[export].contains { plan.relations[$0].isGroup }
    }

    /// Appends the record and those inside it to `out`, each whole, and returns where they stand.
    func split(_ json: UnsafeBufferPointer<UInt8>, export: Int, into out: inout [UInt8]) -> [EncodedPiece] {
        var pieces: [EncodedPiece] = []
        let isGroup = plan.filed[export].contains { plan.relations[$0].isGroup }
        append(json, export, isGroup: isGroup, &out, &pieces)
        return pieces
    }

    private func append(
        _ json: UnsafeBufferPointer<UInt8>, _ export: Int, isGroup: Bool, _ out: inout [UInt8],
        _ pieces: inout [EncodedPiece]
    ) {
        var children: [(export: Int, list: Range<Int>)] = []
        let start = out.count
        out.append(UInt8(ascii: "{"))
        forEachMember(json) { key, member, value in
            if let child = child(of: export, key: UnsafeBufferPointer(rebasing: json[key]), isGroup: isGroup) {
                children.append((child, value))
            } else {
                if out.count > start + 1 { out.append(UInt8(ascii: ",")) }
                out.append(contentsOf: json[member])
            }
        }
        out.append(UInt8(ascii: "}"))
        if isGroup {
            out.removeSubrange(start...)
        } else {
            pieces.append(EncodedPiece(export: export, range: start..<out.count))
        }
        for (child, list) in children where isWritten[child] {
            let elements = UnsafeBufferPointer(rebasing: json[list])
            forEachElement(elements) { element in
                append(UnsafeBufferPointer(rebasing: elements[element]), child, isGroup: false, &out, &pieces)
            }
        }
    }

    /// The export whose records stand under a key, given with its quotes.
    private func child(of export: Int, key: UnsafeBufferPointer<UInt8>, isGroup: Bool) -> Int? {
        guard key.count > 2, key[1] == UInt8(ascii: "#") else { return nil }
        let name = String(decoding: key[1..<(key.count - 1)], as: UTF8.self)
        if isGroup, name == Join.groupMember { return export }
        return plan.slots[export].first { $0.member == name }?.child
    }

    // MARK: Walking over compact JSON

    private func forEachMember(
        _ json: UnsafeBufferPointer<UInt8>,
        _ body: (_ key: Range<Int>, _ member: Range<Int>, _ value: Range<Int>) -> Void
    ) {
        var at = 1
        while at < json.count, json[at] != UInt8(ascii: "}") {
            if json[at] == UInt8(ascii: ",") { at += 1 }
            let key = at..<endOfString(json, at)
            let value = (key.upperBound + 1)..<endOfValue(json, key.upperBound + 1)
            body(key, key.lowerBound..<value.upperBound, value)
            at = value.upperBound
        }
    }

    private func forEachElement(_ json: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void) {
        guard json.first == UInt8(ascii: "[") else { return }
        var at = 1
        while at < json.count, json[at] != UInt8(ascii: "]") {
            if json[at] == UInt8(ascii: ",") { at += 1 }
            let end = endOfValue(json, at)
            body(at..<end)
            at = end
        }
    }

    private func endOfString(_ json: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
        var at = start + 1
        while at < json.count, json[at] != UInt8(ascii: "\"") { at += json[at] == UInt8(ascii: "\\") ? 2 : 1 }
        return min(at + 1, json.count)
    }

    private func endOfValue(_ json: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
        var at = start
        var depth = 0
        while at < json.count {
            switch json[at] {
            case UInt8(ascii: "\""): at = endOfString(json, at)
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                at += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return at }
                depth -= 1
                at += 1
            case UInt8(ascii: ","):
                if depth == 0 { return at }
                at += 1
            default: at += 1
            }
            if depth == 0, at < json.count,
                json[at] == UInt8(ascii: ",") || json[at] == UInt8(ascii: "}")
                    || json[at] == UInt8(ascii: "]")
            {
                return at
            }
        }
        return at
    }
}
