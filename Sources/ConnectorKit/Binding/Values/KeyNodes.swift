public import ConversationModel

// Keys of a vendor whose records are known by 32 hexadecimal digits. An id of another form gets digits that follow from
// it, so that the same record has the same key in every run, and stands beside them as it is:
//
//     "c537bae64f411200adf9f8e18110c76e"     {"@source":"1042","#text":"5b1f…"}
//
// A reference may carry a name for people, which tells who somebody is where no record does.

/// What a key belongs to; ids of different kinds of record never get the same key.
public enum KeyKind: String, Sendable {
    case conversation, contact, agent, team, company, field, tag
    /// An entry or a file; two conversations may use the same ids.
    case entry, file
}

/// How a vendor writes keys and references.
public struct KeyCodec: Sendable {
    let kind: KeyKind
    /// Whether references may be names instead, as in exports for people.
    let readsNames: Bool

    /// Creates a codec.
    ///
    /// - Parameters:
    ///   - kind: What the key belongs to.
    ///   - readsNames: Whether references may be names instead, as in exports for people.
    public init(_ kind: KeyKind, readsNames: Bool = false) {
        self.kind = kind
        self.readsNames = readsNames
    }

    /// Whether a text is a key as the vendor makes them.
    public static func isKey(_ text: String) -> Bool {
        text.utf8.count == 32
            && text.utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x61 && $0 <= 0x66) }
    }

    /// The key of an id that is none.
    func derived(_ id: String, scope: String) -> String {
        var text = kind.rawValue + "\u{0}" + scope + "\u{0}" + id
        let digest = text.withUTF8 { Digest.sha256(UnsafeRawBufferPointer($0)) }
        return Digest.hex(Array(digest.prefix(16)))
    }

    private func scope(_ parent: UnsafeRawPointer?) -> String {
        guard kind == .entry || kind == .file, let parent else { return "" }
        return parent.assumingMemoryBound(to: Conversation.self).pointee.id
    }

    /// What a reference says.
    struct Reading {
        var id: String?
        var name: String?
        var exact = false
    }

    func read(_ view: JSONView, parent: UnsafeRawPointer?) throws(DecodeFault) -> Reading {
        switch view.kind {
        case .null: return Reading(exact: true)
        case .array: throw DecodeFault("expected a key, found \(view.kind.noun)")
        case .object: return try readBox(view, parent: parent)
        default:
            let text = view.scalarText ?? ""
            if text.isEmpty { return Reading() }
            if readsNames, !Self.isKey(text) {
                return Reading(id: Author.namePrefix + text, name: text, exact: view.isString)
            }
            return Reading(id: text, exact: view.isString && Self.isKey(text))
        }
    }

    private func readBox(_ view: JSONView, parent: UnsafeRawPointer?) throws(DecodeFault) -> Reading {
        let raw = (view.member("#text") ?? view.member("value"))?.scalarText.flatMap { $0.isEmpty ? nil : $0 }
        if let source = view.member(Box.original)?.scalarText, !source.isEmpty {
            let exact = raw == derived(source, scope: scope(parent)) && view.memberCount == 2
            return Reading(id: source, exact: exact)
        }
        let name = Box.shown(view)
        if let raw { return Reading(id: raw, name: name) }
        // Without the raw value the key still ends the link.
        if let link = view.member("link")?.scalarText, let key = link.split(separator: "/").last, !key.isEmpty {
            return Reading(id: String(key), name: name)
        }
        guard let name else { return Reading() }
        return Reading(id: Author.namePrefix + name, name: name)
    }

    func write(_ id: String, parent: UnsafeRawPointer?, _ out: inout JSONOutput) {
        if Self.isKey(id) { return out.put(id) }
        if readsNames {
            return out.put(id.hasPrefix(Author.namePrefix) ? String(id.dropFirst(Author.namePrefix.count)) : id)
        }
        out.put(UInt8(ascii: "{"))
        out.put(key: Box.original)
        out.put(id)
        out.put(key: "#text")
        out.put(derived(id, scope: scope(parent)))
        out.put(UInt8(ascii: "}"))
    }
}

extension Rule {
    /// The record's own key.
    ///
    /// - Parameters:
    ///   - path: Where it stands.
    ///   - property: The neutral id.
    ///   - codec: How it is written.
    ///   - isIdentity: Whether the kit makes it up where the source gives none; such an id is not written back there.
    /// - Returns: The rule.
    public static func key(
        _ path: Path, _ property: WritableKeyPath<Root, String>, _ codec: KeyCodec, isIdentity: Bool = false
    ) -> Rule {
        let offset = place(property)
        return Rule(
            path: path,
            content: .value { _ in
                KeyNode(offset: offset, isOptional: false, codec: codec, person: nil, isIdentity: isIdentity)
            })
    }

    /// A reference to another record; `person` tells who a name beside it belongs to.
    public static func reference(
        _ path: Path, _ property: WritableKeyPath<Root, String?>, _ codec: KeyCodec, person: Author.Kind? = nil
    ) -> Rule {
        let offset = place(property)
        return Rule(
            path: path,
            content: .value { _ in
                KeyNode(offset: offset, isOptional: true, codec: codec, person: person, isIdentity: false)
            })
    }
}

extension Rule where Root == Conversation {
    /// References to people in one part of the conversation, in one text with commas between; addresses may be among them.
    public static func participantKeys(
        _ path: Path, _ kind: Author.Kind, _ role: Participant.Role, _ codec: KeyCodec
    ) -> Rule {
        Rule(path: path, content: .value { _ in ParticipantKeysNode(kind: kind, role: role, codec: codec) })
    }

    /// A reference to the one conversation that this one belongs with in one way.
    public static func linkKey(_ path: Path, _ kind: Link.Kind, _ codec: KeyCodec) -> Rule {
        Rule(path: path, content: .value { _ in LinkKeyNode(kind: kind, codec: codec) })
    }
}

/// A key or a reference.
final class KeyNode: ValueNode {
    let offset: Int
    let isOptional: Bool
    let codec: KeyCodec
    let person: Author.Kind?
    let isIdentity: Bool
    var covers: [Int] { [offset] }
    let narrows = true

    init(offset: Int, isOptional: Bool, codec: KeyCodec, person: Author.Kind?, isIdentity: Bool) {
        self.offset = offset
        self.isOptional = isOptional
        self.codec = codec
        self.person = person
        self.isIdentity = isIdentity
    }

    private func current(_ root: UnsafeRawPointer) -> String? {
        if isOptional { return (root + offset).assumingMemoryBound(to: String?.self).pointee }
        let id = (root + offset).assumingMemoryBound(to: String.self).pointee
        return id.isEmpty ? nil : id
    }

    private func set(_ id: String, _ root: UnsafeMutableRawPointer) {
        if isOptional {
            (root + offset).assumingMemoryBound(to: String?.self).pointee = id
        } else {
            (root + offset).assumingMemoryBound(to: String.self).pointee = id
        }
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let reading = try codec.read(view, parent: run.parent.map { UnsafeRawPointer($0) })
        guard let id = reading.id else { return reading.exact }
        set(id, root)
        if let person, let name = reading.name {
            run.sightings.append(Sighting(id: id, person: Person(kind: person, name: name, email: nil)))
        }
        return reading.exact
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let id = current(root) else { return false }
        codec.write(id, parent: run.parent, &out)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let reading = try? codec.read(view, parent: run.parent) else { return false }
        return reading.id == current(root) || (reading.id == nil && isIdentity)
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        guard let id = current(UnsafeRawPointer(root)), let clean = CellText.cleaned(id) else { return }
        set(clean, root)
        run.note(name, .converted, "characters that XML cannot hold")
    }
}

/// Somebody's part in a conversation, as its projection asks for it.
protocol ParticipantPart: AnyObject {
    var kind: Author.Kind { get }
    var role: Participant.Role { get }
}

/// References to people in one text, commas between.
final class ParticipantKeysNode: ValueNode, ParticipantPart {
    private let participants = place(\Conversation.participants)
    let kind: Author.Kind
    let role: Participant.Role
    let codec: KeyCodec
    var covers: [Int] { [participants] }

    init(kind: Author.Kind, role: Participant.Role, codec: KeyCodec) {
        self.kind = kind
        self.role = role
        self.codec = codec
    }

    private func read(_ view: JSONView) throws(DecodeFault) -> (people: [Participant], exact: Bool) {
        if view.isNull { return ([], true) }
        let source = view.isObject ? view.member(Box.original)?.scalarText : nil
        let content = view.isObject ? Box.content(view) : view
        guard let text = source ?? content?.scalarText else {
            guard view.isObject else { throw DecodeFault("expected text, found \(view.kind.noun)") }
            return ([], false)
        }
        let people = text.split(separator: ",").compactMap { part -> Participant? in
            let item = Self.trimmed(part)
            guard !item.isEmpty else { return nil }
            if source != nil { return Participant(kind, Self.unescaped(item), role) }
            if item.utf8.contains(UInt8(ascii: "@")) {
                var participant = Participant(kind, "", role)
                participant.email = item
                return participant
            }
            let isName = codec.readsNames && !KeyCodec.isKey(item)
            return Participant(kind, isName ? Author.namePrefix + item : item, role)
        }
        guard !people.isEmpty else { return ([], false) }
        var out = JSONOutput(capacity: 256)
        write(people, &out)
        var again = JSONOutput(capacity: 256)
        again.put(view)
        return (people, out.text == again.text)
    }

    private func current(_ root: UnsafeRawPointer) -> [Participant] {
        (root + participants).assumingMemoryBound(to: [Participant].self).pointee.filter {
            $0.kind == kind && $0.role == role && !($0.id.isEmpty && $0.email == nil)
        }
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (people, exact) = try read(view)
        (root + participants).assumingMemoryBound(to: [Participant].self).pointee += people
        return exact
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let people = current(root)
        guard !people.isEmpty else { return false }
        write(people, &out)
        return true
    }

    private func write(_ people: [Participant], _ out: inout JSONOutput) {
        var keys: [String] = []
        var originals: [String] = []
        var isForeign = false
        for participant in people {
            if participant.id.isEmpty {
                keys.append(participant.email ?? "")
                originals.append(Self.escaped(participant.email ?? ""))
                continue
            }
            let isKey = KeyCodec.isKey(participant.id)
            let isNamed = codec.readsNames && participant.id.hasPrefix(Author.namePrefix)
            isForeign = isForeign || !(isKey || codec.readsNames)
            let name = isNamed ? String(participant.id.dropFirst(Author.namePrefix.count)) : participant.id
            keys.append(isKey || codec.readsNames ? name : codec.derived(participant.id, scope: ""))
            originals.append(Self.escaped(participant.id))
        }
        guard isForeign else { return out.put(keys.joined(separator: ",")) }
        out.put(UInt8(ascii: "{"))
        out.put(key: Box.original)
        out.put(originals.joined(separator: ","))
        out.put(key: "#text")
        out.put(keys.joined(separator: ","))
        out.put(UInt8(ascii: "}"))
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let (people, _) = try? read(view) else { return false }
        return people == current(root)
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    /// Ids may hold the comma that stands between them, and blanks at their ends.
    private static func escaped(_ id: String) -> String {
        guard id.utf8.contains(where: { $0 == 0x2C || $0 == 0x25 || $0 <= 0x20 }) else { return id }
        return id.unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar.value {
            case 0x2C, 0x25, 0...0x20:
                text += "%" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16, uppercase: true)
            default: text.unicodeScalars.append(scalar)
            }
        }
    }

    private static func unescaped(_ text: String) -> String {
        guard text.utf8.contains(0x25) else { return text }
        var result = ""
        var rest = text[...]
        while let next = rest.first {
            if next == "%", let code = UInt32(rest.dropFirst().prefix(2), radix: 16), let scalar = Unicode.Scalar(code)
            {
                result.unicodeScalars.append(scalar)
                rest = rest.dropFirst(3)
            } else {
                result.append(next)
                rest = rest.dropFirst()
            }
        }
        return result
    }
}

/// One way in which conversations belong together, as their projection asks for it.
protocol LinkPart: AnyObject {
    var kind: Link.Kind { get }
}

/// A reference to a conversation that this one belongs with.
final class LinkKeyNode: ValueNode, LinkPart {
    private let links = place(\Conversation.links)
    let kind: Link.Kind
    let codec: KeyCodec
    var covers: [Int] { [links] }

    init(kind: Link.Kind, codec: KeyCodec) {
        self.kind = kind
        self.codec = codec
    }

    private func current(_ root: UnsafeRawPointer) -> String? {
        (root + links).assumingMemoryBound(to: [Link].self).pointee.first { $0.kind == kind }?.id
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let reading = try codec.read(view, parent: nil)
        if let id = reading.id { (root + links).assumingMemoryBound(to: [Link].self).pointee.append(Link(kind, id)) }
        return reading.exact
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let id = current(root) else { return false }
        codec.write(id, parent: nil, &out)
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let reading = try? codec.read(view, parent: nil) else { return false }
        return reading.id == current(root)
    }
}

extension JSONView {
    /// How many members an object has.
    var memberCount: Int {
        var count = 0
        forEachMember { _, _ in
            count += 1
            return true
        }
        return count
    }
}
