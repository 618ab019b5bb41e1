internal import ConversationModel

/// One value of an object, compiled: knows where the value lies in memory and how the vendor writes it.
protocol ValueNode: AnyObject, Sendable {
    /// Reads the value; returns whether writing it again would give the same JSON.
    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool
    /// Writes the value; returns `false` when there is nothing to write.
    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool
    /// Whether the JSON says what the record says, so that its own form can be written again.
    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool
    /// Whether what is written only says that there is nothing: an empty list, the word for none.
    func isEmpty(_ root: UnsafeRawPointer) -> Bool
    /// Whether the value is an id that the kit makes up where the source gives none.
    var isIdentity: Bool { get }
    /// Offsets of the properties that this rule reads and writes.
    var covers: [Int] { get }
    /// Whether ``project(_:_:_:)`` may change anything.
    var narrows: Bool { get }
    /// Cuts the value to what the rule can write, and counts the difference under `name`.
    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting)
}

extension ValueNode {
    func isEmpty(_ root: UnsafeRawPointer) -> Bool { false }
    var isIdentity: Bool { false }
}

/// One key of an object and what belongs to it; a class, so that the hot loops hand on one reference and copy nothing.
final class Slot: Sendable {
    enum Content: Sendable {
        case value(any ValueNode)
        /// An object that is part of the same record; `offset` leads to a nested struct, 0 stays.
        case group(ObjectNode, offset: Int)
    }

    enum Absence: Sendable { case omit, null }

    /// What makes a slot special when JSON is read or written.
    enum Part: Sendable {
        case plain
        /// Read after all others; only fills what they left empty, and is written only when the source had it.
        case alternate
        /// Read after all others and written like any.
        case echo
        /// Written whatever the record says.
        case constant
        /// Read after all others, as it follows from them, and written whatever the record says.
        case derived
    }

    let key: String
    let keyBytes: [UInt8]
    let quotedKey: [UInt8]
    let content: Content
    /// The content again, part by part, as taking an enum apart costs reference counts: the value, which for a group is a
    /// stand-in, or the group.
    let value: any ValueNode
    let group: ObjectNode?
    let groupOffset: Int
    let absence: Absence
    let part: Part
    /// Keys of alternates that say the same; where the source had only one of them, only that one is written.
    let rivals: [String]
    /// Whether the value is only kept for its own vendor, and not even looked at elsewhere.
    let isRepeated: Bool

    init(
        key: String, content: Content, absence: Absence = .omit, part: Part = .plain, rivals: [String] = []
    ) {
        self.rivals = rivals
        switch content {
        case .value(let node):
            value = node
            group = nil
            groupOffset = 0
            isRepeated = node is RepeatedNode
        case .group(let node, let offset):
            value = RepeatedNode()
            group = node
            groupOffset = offset
            isRepeated = false
        }
        self.key = key
        keyBytes = Array(key.utf8)
        var out = JSONOutput(capacity: 64)
        out.put(key)
        out.put(UInt8(ascii: ":"))
        quotedKey = Array(out.bytes)
        self.content = content
        self.absence = absence
        self.part = part
    }
}

/// An object that somebody else keeps alive for as long as it is used, so that using it costs no reference count.
///
/// For loops that run for every value of an export; there the counts of a compiled binding's parts took a tenth of the time.
struct Borrowed<Object: AnyObject & Sendable>: Sendable {
    private let object: Unmanaged<Object>

    init(_ object: Object) { self.object = .passUnretained(object) }

    @inline(__always)
    func use<Result, Fault>(_ body: (Object) throws(Fault) -> Result) throws(Fault) -> Result {
        let result = object._withUnsafeGuaranteedRef { object -> Swift.Result<Result, Fault> in
            do throws(Fault) { return .success(try body(object)) } catch { return .failure(error) }
        }
        return try result.get()
    }
}

/// The compiled rules of one object: a dispatch by key for reading, a list in order for writing.
final class ObjectNode: Sendable {
    /// Key under which the extras list bound keys that the source did not have though the writer would write them.
    static let absentKey = "#absent"
    /// Key under which the extras list bound keys that the source had as null though another place said their value.
    static let nullKey = "#null"
    /// Key under which the extras of an entry say that it was read from a log.
    static let logKey = "#log"
    /// Keys of the extras that are the kit's own and no vendor's.
    static let ownKeys: Set<String> = [absentKey, nullKey, logKey, NeutralRecord.exportKey]

    let slots: [Slot]
    /// The slots again, for the loops.
    let table: [Borrowed<Slot>]
    /// Where this object stands in its entity, for losses and messages: `timeline`.
    let path: String
    private let keys: KeyTable
    /// Offset of the extras of an entity of its own; `nil` for groups and plain structs, whose rest goes to their entity.
    let extrasOffset: Int?
    let cases: CaseSet?
    /// Whether extras are written as an object of their own, whichever vendor they came from.
    let bindsExtras: Bool
    /// Takes members that no slot names and that are custom fields by how their names begin.
    let openFields: (any OpenMembersNode)?
    /// What tells the kind of an entry where several fields do, and where it is noted.
    let kinds: KindWordNode?

    init(slots: [Slot], path: String, extrasOffset: Int?, cases: CaseSet? = nil) {
        self.slots = slots
        table = slots.map { Borrowed($0) }
        self.path = path
        let bindsExtras = slots.contains { if case .value(let node) = $0.content { node is ExtrasNode } else { false } }
        self.extrasOffset = bindsExtras ? nil : extrasOffset
        self.bindsExtras = bindsExtras
        kinds =
            slots.lazy.compactMap { if case .value(let node) = $0.content { node as? KindWordNode } else { nil } }
            .first
        self.cases = cases
        openFields =
            slots.lazy.compactMap { slot in
                if case .value(let node) = slot.content { node as? any OpenMembersNode } else { nil }
            }.first
        keys = KeyTable(slots.map(\.keyBytes))
    }

    /// Index of the slot with this key.
    @inline(__always)
    func slotIndex(_ key: UnsafeBufferPointer<UInt8>) -> Int? { keys.index(key) }

    // MARK: Reading

    /// Reads an entity: what nothing binds ends in its extras.
    func decodeEntity(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) {
        guard view.isObject else { throw DecodeFault("expected an object, found \(view.kind.noun)") }
        let node = cases.map { $0.node(reading: view, otherwise: self) } ?? self
        guard run.keepsExtras, let extrasOffset else {
            _ = try node.decodeMembers(view, into: root, run)
            return
        }
        let mark = run.residue.count
        run.residue.put(UInt8(ascii: "{"))
        do {
            _ = try node.decodeMembers(view, into: root, run)
        } catch {
            run.residue.truncate(to: mark)
            throw error
        }
        if run.residue.count > mark + 1 {
            run.residue.put(UInt8(ascii: "}"))
            let kept = UnsafeBufferPointer(rebasing: run.residue.bytes[mark...])
            (root + extrasOffset).assumingMemoryBound(to: Extras.self).pointee = Extras(
                json: String(decoding: kept, as: UTF8.self))
        }
        run.residue.truncate(to: mark)
    }

    /// Reads the members of an object into `root`; returns whether nothing was left over.
    func decodeMembers(
        _ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding
    ) throws(DecodeFault) -> Bool {
        var seen: (UInt64, UInt64) = (0, 0)
        var nulls: (UInt64, UInt64) = (0, 0)
        var exact = true
        let end = view.next - 1
        var at = view.index + 1
        let lateMark = run.late.count
        while at < end {
            let key = view.at(at).bytes
            let value = view.at(at + 1)
            at = value.next
            guard let index = slotIndex(key) else {
                if let openFields, openFields.takes(key, value),
                    openFields.decodeMember(key, value, into: root) || !run.keepsExtras
                {
                    continue
                }
                exact = false
                if run.keepsExtras {
                    run.residue.separate()
                    run.residue.put(text: key)
                    run.residue.put(UInt8(ascii: ":"))
                    run.residue.put(value)
                } else {
                    run.countUnbound(self, key, value)
                }
                continue
            }
            if index < 64 { seen.0 |= 1 << UInt64(index) } else { seen.1 |= 1 << UInt64(index - 64) }
            if value.isNull {
                if index < 64 { nulls.0 |= 1 << UInt64(index) } else { nulls.1 |= 1 << UInt64(index - 64) }
            }
            let isExact = try table[index].use { slot throws(DecodeFault) in
                if slot.isRepeated {
                    if run.keepsExtras { keepRaw(slot, value, run) }
                    return false
                }
                if slot.part.isLate {
                    run.late.append((index, value.index))
                    return true
                }
                return try decodeSlot(slot, value, root, run)
            }
            if !isExact { exact = false }
        }
        if run.late.count > lateMark {
            // In the order of the rules, whatever the order of the keys, so that one may rest on another.
            if run.late.count > lateMark + 1 { run.late[lateMark...].sort { $0.slot < $1.slot } }
            defer { run.late.removeSubrange(lateMark...) }
            var late = lateMark
            while late < run.late.count {
                let (index, place) = run.late[late]
                late += 1
                if try !decodeSlot(slots[index], view.at(place), root, run) { exact = false }
            }
        }
        if run.keepsExtras {
            if try noteAbsent(seen, root, run) { exact = false }
            if noteNull(nulls, root, run) { exact = false }
        }
        return exact
    }

    private func isSeen(_ seen: (UInt64, UInt64), _ index: Int) -> Bool {
        index < 64 ? seen.0 & (1 << UInt64(index)) != 0 : seen.1 & (1 << UInt64(index - 64)) != 0
    }

    /// Reads one member; keeps its raw form when the writer would write another.
    @inline(__always)
    private func decodeSlot(
        _ slot: Slot, _ value: JSONView, _ root: UnsafeMutableRawPointer, _ run: Decoding
    ) throws(DecodeFault) -> Bool {
        if let group = slot.group { return try decodeGroup(slot, group, value, root + slot.groupOffset, run) }
        let mark = run.residue.count
        do {
            let exact = try slot.value.decode(value, into: root, run)
            if exact, !(value.isNull && slot.absence == .omit), slot.part.isKeptRaw == false { return true }
        } catch {
            throw error.inside(slot.key)
        }
        guard run.keepsExtras else { return false }
        run.residue.truncate(to: mark)
        keepRaw(slot, value, run)
        return false
    }

    private func decodeGroup(
        _ slot: Slot, _ node: ObjectNode, _ value: JSONView, _ root: UnsafeMutableRawPointer, _ run: Decoding
    ) throws(DecodeFault) -> Bool {
        guard value.isObject else {
            if value.isNull, slot.absence == .null { return true }
            guard value.isNull || !run.keepsExtras || !value.isArray else {
                throw DecodeFault("expected an object, found \(value.kind.noun)").inside(slot.key)
            }
            if run.keepsExtras { keepRaw(slot, value, run) }
            return false
        }
        let mark = run.residue.count
        if run.keepsExtras {
            run.residue.put(quotedKey: slot.quotedKey)
            run.residue.put(UInt8(ascii: "{"))
        }
        let opened = run.residue.count
        let exact: Bool
        do {
            let target = node.cases.map { $0.node(reading: value, otherwise: node) } ?? node
            exact = try target.decodeMembers(value, into: root, run)
        } catch {
            throw error.inside(slot.key)
        }
        guard run.keepsExtras else { return exact }
        if run.residue.count == opened {
            run.residue.truncate(to: mark)
            // An object that holds nothing is not written again unless the extras hold it.
            if value.next == value.index + 2 {
                keepRaw(slot, value, run)
                return false
            }
            return true
        }
        run.residue.put(UInt8(ascii: "}"))
        return false
    }

    private func keepRaw(_ slot: Slot, _ value: JSONView, _ run: Decoding) {
        run.residue.put(quotedKey: slot.quotedKey)
        run.residue.put(value)
    }

    /// Lists bound keys that the source had as null though another place said their value.
    private func noteNull(_ nulls: (UInt64, UInt64), _ root: UnsafeMutableRawPointer, _ run: Decoding) -> Bool {
        guard nulls != (0, 0) else { return false }
        var found = false
        for index in slots.indices where isSeen(nulls, index) && !slots[index].rivals.isEmpty {
            guard slots[index].absence == .null, case .value(let node) = slots[index].content else { continue }
            run.scratch.truncate(to: 0)
            guard node.encode(UnsafeRawPointer(root), &run.scratch, run.probe) else { continue }
            if !found {
                run.residue.put(key: Self.nullKey)
                run.residue.put(UInt8(ascii: "["))
                found = true
            }
            run.residue.separate()
            run.residue.put(slots[index].key)
        }
        if found { run.residue.put(UInt8(ascii: "]")) }
        return found
    }

    /// Lists bound keys that the source did not have though the writer would write something under them.
    private func noteAbsent(
        _ seen: (UInt64, UInt64), _ root: UnsafeMutableRawPointer, _ run: Decoding
    ) throws(DecodeFault) -> Bool {
        var found = false
        let writing = run.probe
        for index in slots.indices where !isSeen(seen, index) {
            let slot = slots[index]
            // What stands in a file of its own is not missing here.
            guard slot.part != .alternate, slot.keyBytes.first != UInt8(ascii: "#") else { continue }
            var writes = slot.absence == .null
            if !writes {
                switch slot.content {
                case .value(let node):
                    run.scratch.truncate(to: 0)
                    // An id that the kit will make up is not there yet.
                    writes =
                        (node.isIdentity && !(node is FirstMessageNode))
                        || node.encode(UnsafeRawPointer(root), &run.scratch, writing)
                case .group(let node, let offset):
                    run.scratch.truncate(to: 0)
                    writes =
                        node.encodeGroup(UnsafeRawPointer(root) + offset, extras: nil, &run.scratch, writing) > .nothing
                }
            }
            guard writes else { continue }
            if !found {
                run.residue.put(key: Self.absentKey)
                run.residue.put(UInt8(ascii: "["))
                found = true
            }
            run.residue.separate()
            run.residue.put(slot.key)
        }
        if found { run.residue.put(UInt8(ascii: "]")) }
        return found
    }
}

extension Slot.Part {
    var isLate: Bool { self == .alternate || self == .echo || self == .derived }
    var isKeptRaw: Bool { self == .alternate }
    /// Whether what is written under the key comes from the record.
    var isOfRecord: Bool { self == .plain || self == .echo }
}

/// Rule sets of one object told apart by a value in it: a timeline's entries by their type field.
final class CaseSet: Sendable {
    let key: String
    /// The words, and which properties of an entry each of them says itself.
    let nodes: [(raw: [UInt8], node: ObjectNode, says: [Int])]
    /// Which rule set writes this record; `nil` takes the common rules alone.
    let choose: @Sendable (UnsafeRawPointer) -> Int?

    init(
        key: String, nodes: [(raw: [UInt8], node: ObjectNode, says: [Int])],
        choose: @escaping @Sendable (UnsafeRawPointer) -> Int?
    ) {
        self.key = key
        self.nodes = nodes
        self.choose = choose
    }

    func node(reading view: JSONView, otherwise: ObjectNode) -> ObjectNode {
        guard let value = view.member(key), value.isString else { return otherwise }
        let bytes = value.bytes
        for index in nodes.indices where nodes[index].raw.withUnsafeBufferPointer({ $0.equals(bytes) }) {
            return nodes[index].node
        }
        return otherwise
    }
}
