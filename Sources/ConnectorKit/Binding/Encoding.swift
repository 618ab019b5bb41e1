internal import ConversationModel

/// What one worker carries while it writes records.
final class Encoding {
    /// Whether the record came from the vendor being written to, so that its extras fit.
    var writesExtras: Bool
    private var parsers: [JSONParser] = []
    private var depth = 0
    /// Reads a value apart from any record, to compare it.
    lazy var comparing = Decoding(connector: "", keepsExtras: false, people: nil)
    /// Whether the conversation being written keeps its first message among the others, as its source did.
    var firstIsInList = false
    /// Whether it is only asked what would be written, while a record is read.
    let isProbe: Bool
    /// The conversation whose entry is being written.
    var parent: UnsafeRawPointer?
    /// The entry whose file is being written, and whether the file must name it.
    var entry: UnsafeRawPointer?
    var namesEntry = false
    /// Whether the destination takes contents of files.
    var writesContents = false
    /// People by id and login, to tell whether a login is still the author's.
    var people: (any PeopleLookup)?
    /// What the entity being written keeps of its own vendor.
    private(set) var extras: JSONView?

    init(writesExtras: Bool, isProbe: Bool = false) {
        self.writesExtras = writesExtras
        self.isProbe = isProbe
    }

    /// Calls `body` with a JSON text that stands in another value; `nil` for text that is no JSON.
    func reading<R>(_ json: String, _ body: (JSONView?) -> R) -> R {
        if parsers.count == depth {
            guard let parser = try? JSONParser() else { return body(nil) }
            parsers.append(parser)
        }
        depth += 1
        defer { depth -= 1 }
        return body(try? parsers[depth - 1].parse(json))
    }

    /// Calls `body` with an entity's extras, or `nil` when there are none that fit.
    func withExtras<R>(_ extras: Extras, _ body: (JSONView?) -> R) -> R {
        let outer = self.extras
        defer { self.extras = outer }
        self.extras = nil
        guard writesExtras, !extras.isEmpty else { return body(nil) }
        if parsers.count == depth {
            guard let parser = try? JSONParser() else { return body(nil) }
            parsers.append(parser)
        }
        depth += 1
        defer { depth -= 1 }
        self.extras = try? parsers[depth - 1].parse(extras.json)
        return body(self.extras)
    }
}

/// How much was written of an object.
enum Said: Int, Comparable {
    /// Nothing but constants and nulls.
    case nothing
    /// Empty lists and words for none.
    case emptiness
    /// Something of the record.
    case value

    static func < (a: Said, b: Said) -> Bool { a.rawValue < b.rawValue }
}

extension ObjectNode {
    /// Writes an entity with what its extras hold for this vendor.
    func encodeEntity(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) {
        guard run.writesExtras, let extrasOffset else {
            encodeObject(root, extras: nil, &out, run)
            return
        }
        let extras = (root + extrasOffset).assumingMemoryBound(to: Extras.self).pointee
        // A noncopyable output cannot be captured by the closure, so the extras are parsed around a pointer to it.
        withUnsafeMutablePointer(to: &out) { pointer in
            run.withExtras(extras) { view in encodeObject(root, extras: view, &pointer.pointee, run) }
        }
    }

    func encodeObject(_ root: UnsafeRawPointer, extras: JSONView?, _ out: inout JSONOutput, _ run: Encoding) {
        out.put(UInt8(ascii: "{"))
        _ = encodeMembers(root, extras: extras, &out, run)
        out.put(UInt8(ascii: "}"))
    }

    /// Writes a group that says at least this much, else nothing.
    func encodeGroup(
        _ root: UnsafeRawPointer, extras: JSONView?, atLeast: Said = .emptiness, _ out: inout JSONOutput,
        _ run: Encoding
    ) -> Said {
        let mark = out.count
        out.put(UInt8(ascii: "{"))
        let said = encodeMembers(root, extras: extras, &out, run)
        guard said >= atLeast else {
            out.truncate(to: mark)
            return .nothing
        }
        out.put(UInt8(ascii: "}"))
        return said
    }

    /// Writes the members; returns the most that any of them says of the record.
    private func encodeMembers(
        _ root: UnsafeRawPointer, extras: JSONView?, _ out: inout JSONOutput, _ run: Encoding
    ) -> Said {
        var node = self
        if let cases, let index = cases.choose(root) { node = cases.nodes[index].node }
        guard let extras else { return node.encodeBound(root, &out, run) }
        let absent = extras.member(Self.absentKey)
        let nulls = extras.member(Self.nullKey)
        var said = Said.nothing
        for slot in node.slots {
            let raw = extras.member(slot.key)
            if slot.part == .alternate {
                guard let raw, slot.stillSays(raw, root, run) else { continue }
                out.put(quotedKey: slot.quotedKey)
                out.put(raw)
                said = .value
                continue
            }
            let wasAbsent = absent.map { $0.contains(slot.keyBytes) } ?? false
            if wasAbsent, node.isSaid(byRivalsOf: slot, extras, absent, root, run) { continue }
            if let nulls, nulls.contains(slot.keyBytes), node.isSaid(byRivalsOf: slot, extras, absent, root, run) {
                out.put(quotedKey: slot.quotedKey)
                out.putNull()
                continue
            }
            said = max(said, encodeSlot(slot, root, raw: raw, wasAbsent: wasAbsent, &out, run))
        }
        if let open = node.openFields, open.encodeMembers(root, extras: extras, &out) { said = .value }
        extras.forEachMember { key, value in
            if let open = node.openFields, open.takes(key, value) || open.holds(key, root) { return true }
            let isOwn = key.first == UInt8(ascii: "#") && Self.ownKeys.contains(String(decoding: key, as: UTF8.self))
            if node.slotIndex(key) == nil, !isOwn {
                out.separate()
                out.put(text: key)
                out.put(UInt8(ascii: ":"))
                out.put(value)
                said = .value
            }
            return true
        }
        return said
    }

    /// Writes the members of a record that has no extras for this vendor.
    private func encodeBound(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Said {
        var said = Said.nothing
        for index in table.indices {
            table[index].use { slot in
                if slot.part == .alternate { return }
                if slot.group != nil {
                    said = max(said, encodeSlot(slot, root, raw: nil, wasAbsent: false, &out, run))
                    return
                }
                let mark = out.count
                out.put(quotedKey: slot.quotedKey)
                if slot.value.encode(root, &out, run) {
                    // Whether a value says anything matters only as long as no other did.
                    if said < .value, slot.part.isOfRecord { said = slot.value.isEmpty(root) ? .emptiness : .value }
                    return
                }
                out.truncate(to: mark)
                if slot.absence == .null {
                    out.put(quotedKey: slot.quotedKey)
                    out.putNull()
                }
            }
        }
        if let openFields, openFields.encodeMembers(root, extras: nil, &out) { said = .value }
        return said
    }

    private func encodeSlot(
        _ slot: Slot, _ root: UnsafeRawPointer, raw: JSONView?, wasAbsent: Bool, _ out: inout JSONOutput,
        _ run: Encoding
    ) -> Said {
        let mark = out.count
        if let group = slot.group {
            out.put(quotedKey: slot.quotedKey)
            let said = group.encodeGroup(
                root + slot.groupOffset, extras: raw?.isObject == true ? raw : nil,
                atLeast: wasAbsent || raw?.isObject == false ? .value : .emptiness, &out, run)
            if said > .nothing { return said }
            if let raw, !raw.isObject {
                out.put(raw)
                return .value
            }
            if let raw, raw.holdsOnlyOwnKeys {
                out.put(raw: "{}")
                return .value
            }
        } else {
            let node = slot.value
            if let raw, node.matches(raw, root, run) {
                out.put(quotedKey: slot.quotedKey)
                out.put(raw)
                return .value
            }
            let isEmpty = node.isEmpty(root)
            if wasAbsent, !slot.part.isOfRecord || node.isIdentity || isEmpty {
                if node is FirstMessageNode { run.firstIsInList = true }
                return .nothing
            }
            out.put(quotedKey: slot.quotedKey)
            if node.encode(root, &out, run) { return !slot.part.isOfRecord ? .nothing : isEmpty ? .emptiness : .value }
        }
        out.truncate(to: mark)
        if slot.absence == .null, !wasAbsent {
            out.put(quotedKey: slot.quotedKey)
            out.putNull()
        }
        return .nothing
    }

    private func isSaid(
        byRivalsOf slot: Slot, _ extras: JSONView, _ absent: JSONView?, _ root: UnsafeRawPointer, _ run: Encoding
    ) -> Bool {
        slots.contains { rival in
            guard slot.rivals.contains(rival.key) else { return false }
            if rival.part == .echo { return !(absent?.contains(rival.keyBytes) ?? false) }
            guard let raw = extras.member(rival.key) else { return false }
            return rival.stillSays(raw, root, run)
        }
    }
}

extension JSONView {
    /// Whether an object of the extras holds nothing of the vendor's.
    fileprivate var holdsOnlyOwnKeys: Bool {
        var only = true
        forEachMember { key, _ in
            only = key.first == UInt8(ascii: "#") && ObjectNode.ownKeys.contains(String(decoding: key, as: UTF8.self))
            return only
        }
        return only
    }

    /// Whether an array holds this string.
    func contains(_ text: [UInt8]) -> Bool {
        var found = false
        text.withUnsafeBufferPointer { wanted in
            forEachElement { element in
                if element.isString, element.bytes.equals(wanted) { found = true }
            }
        }
        return found
    }
}

extension Slot {
    /// Whether JSON that the source had under this key still says what the record says.
    func stillSays(_ raw: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        switch content {
        case .value(let node): return node.matches(raw, root, run)
        case .group(let node, let offset):
            guard raw.isObject else { return false }
            return node.slots.allSatisfy { inner in
                raw.member(inner.key).map { inner.stillSays($0, root + offset, run) } ?? true
            }
        }
    }
}
