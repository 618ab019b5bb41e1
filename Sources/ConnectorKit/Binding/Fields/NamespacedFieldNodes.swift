public import ConversationModel

// Custom fields that a vendor keeps apart by who wrote them.

/// How a vendor divides the properties of a record: an object of namespaces, each an object of values.
public struct PropertyForm: Sendable {
    /// Namespaces that say nothing of the record itself, or that rules of their own read.
    public var hidden: Set<String>
    /// Properties of hidden namespaces that are fields after all, as `namespace.name`.
    public var shown: Set<String>
    /// Namespace of fields that come without one.
    public var own: String

    /// Creates the form.
    public init(hidden: Set<String>, shown: Set<String> = [], own: String) {
        self.hidden = hidden
        self.shown = shown
        self.own = own
    }
}

extension Rule where Root == Session {
    /// The properties of a session or of its conversation; those that no rule names are the conversation's fields.
    ///
    /// A field's key is `namespace.name`. The fields of the latest session that has them are the conversation's.
    ///
    /// - Parameters:
    ///   - path: Where the properties stand.
    ///   - form: How they are divided.
    ///   - writesFields: Whether fields are written here; elsewhere they are only read.
    ///   - rules: What single properties mean.
    /// - Returns: The rule.
    public static func properties(
        _ path: Path, _ form: PropertyForm, writesFields: Bool, _ rules: [Rule] = []
    ) -> Rule {
        Rule(
            path: path,
            content: .value { path in
                PropertiesNode(
                    rules: Binding<Session>(rules.map(\.direct)).node(path: path, extrasOffset: nil),
                    fields: NamespacedFieldsNode(form), writesFields: writesFields, isOfSession: true)
            }
        ).following
    }
}

extension Rule where Root == Conversation {
    /// The properties of a conversation; those that no rule names are fields, by `namespace.name`.
    public static func properties(_ path: Path, _ form: PropertyForm, _ rules: [Rule] = []) -> Rule {
        Rule(
            path: path,
            content: .value { path in
                PropertiesNode(
                    rules: Binding<Conversation>(rules.map(\.direct)).node(path: path, extrasOffset: nil),
                    fields: NamespacedFieldsNode(form), writesFields: true, isOfSession: false)
            }
        ).following
    }
}

extension Rule {
    /// The rule as one of properties, which are read and written as a whole.
    fileprivate var direct: Rule {
        var rule = self
        if rule.part == .derived { rule.part = .plain }
        return rule
    }
}

/// Properties by namespace: some have rules, others are fields.
final class PropertiesNode: ConversationSayer, SpokenForSessions {
    private let rules: ObjectNode
    private let fields: NamespacedFieldsNode
    private let writesFields: Bool
    private let isOfSession: Bool
    let sayings: [any ValueNode]
    let covers: [Int]
    var narrows: Bool { !isOfSession }

    init(rules: ObjectNode, fields: NamespacedFieldsNode, writesFields: Bool, isOfSession: Bool) {
        self.rules = rules
        self.fields = fields
        self.writesFields = writesFields
        self.isOfSession = isOfSession
        var sayings: [any ValueNode] = writesFields && isOfSession ? [fields] : []
        var covers = isOfSession ? [] : fields.covers
        rules.forEachValue { value, base in
            covers += value.covers.map { $0 + base }
            if let sayer = value as? any ConversationSayer { sayings += sayer.sayings }
        }
        self.sayings = sayings
        self.covers = covers
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if view.isNull { return false }
        guard view.isObject else { throw DecodeFault("expected an object, found \(view.kind.noun)") }
        let mark = run.residue.count
        let end = view.next - 1
        var at = view.index + 1
        while at < end {
            let key = view.at(at).bytes
            let value = view.at(at + 1)
            at = value.next
            guard let index = rules.slotIndex(key) else { continue }
            let slot = rules.slots[index]
            do {
                switch slot.content {
                case .value(let node): _ = try node.decode(value, into: root, run)
                case .group(let node, let offset):
                    if value.isObject { _ = try node.decodeMembers(value, into: root + offset, run) }
                }
            } catch {
                run.residue.truncate(to: mark)
                throw error.inside(slot.key)
            }
            run.residue.truncate(to: mark)
        }
        guard isOfSession else {
            fields.take(view, replacing: true, root)
            return false
        }
        guard let parent = run.parent else { return false }
        let isLatest = SessionValueNode.isLatest(UnsafeRawPointer(root), before: UnsafeRawPointer(parent))
        fields.take(view, replacing: writesFields && isLatest, parent)
        return false
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        if run.isProbe {
            out.putNull()
            return true
        }
        let start = out.count
        out.put(UInt8(ascii: "{"))
        let opened = out.count
        _ = rules.encodeGroup(root, extras: nil, atLeast: .nothing, &out, run)
        // The rules wrote an object of their own: its members are taken, its braces not.
        out.unwrap(from: opened)
        if writesFields {
            if !isOfSession {
                fields.putMembers(root, &out)
            } else if let parent = run.parent, SessionValueNode.isLatest(root, of: parent) {
                fields.putMembers(parent, &out)
            }
        }
        guard out.count > opened else {
            out.truncate(to: start)
            return false
        }
        out.put(UInt8(ascii: "}"))
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard view.isObject else { return true }
        for slot in rules.slots {
            if let raw = view.member(slot.key), !slot.stillSays(raw, root, run) { return false }
        }
        guard isOfSession else { return fields.holds(view, root, exactly: true) }
        guard let parent = run.parent else { return true }
        return fields.holds(view, parent, exactly: writesFields && SessionValueNode.isLatest(root, of: parent))
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        rules.forEachValue { node, base in
            if node.narrows { node.project(root + base, name, run) }
        }
        fields.project(root, "fields", run)
    }
}

/// A conversation's fields as properties of namespaces.
final class NamespacedFieldsNode: ValueNode {
    private static let fields = place(\Conversation.fields)
    private let form: PropertyForm
    var covers: [Int] { [Self.fields] }
    var narrows: Bool { true }

    init(_ form: PropertyForm) { self.form = form }

    private func key(_ namespace: String, _ name: String) -> String? {
        if namespace == form.own { return name }
        let key = namespace + "." + name
        return !form.hidden.contains(namespace) || form.shown.contains(key) ? key : nil
    }

    /// Namespace and name of a field; one whose namespace would be hidden is kept under its whole key.
    private func parts(of key: String) -> (namespace: Substring, name: Substring) {
        let own = (Substring(form.own), Substring(key))
        guard let dot = key.firstIndex(of: ".") else { return own }
        let namespace = key[..<dot]
        let name = key[key.index(after: dot)...]
        let isPlain = !namespace.isEmpty && !name.isEmpty && namespace != form.own
        return isPlain && !form.hidden.contains(String(namespace)) ? (namespace, name) : own
    }

    private func forEach(_ view: JSONView, _ body: (String, JSONView) -> Void) {
        view.forEachMember { namespace, values in
            values.forEachMember { name, value in
                // An empty text is no value.
                if value.isNull || (value.isString && value.bytes.isEmpty) { return true }
                if let key = key(String(decoding: namespace, as: UTF8.self), String(decoding: name, as: UTF8.self)) {
                    body(key, value)
                }
                return true
            }
            return true
        }
    }

    /// Adds the fields of some properties to a conversation's; those that it has are replaced where asked.
    func take(_ view: JSONView, replacing: Bool, _ root: UnsafeMutableRawPointer) {
        let fields = root.fields(Self.fields)
        forEach(view) { key, value in
            if let known = fields.pointee.firstIndex(where: { $0.key == key }) {
                if replacing { fields.pointee[known].value = value.value }
            } else {
                fields.pointee.append(FieldValue(key, value.value))
            }
        }
    }

    /// Whether a conversation still has the fields that properties say.
    func holds(_ view: JSONView, _ root: UnsafeRawPointer, exactly: Bool) -> Bool {
        let fields = root.fields(Self.fields)
        var holds = true
        forEach(view) { key, value in
            guard let known = fields.first(where: { $0.key == key }) else {
                holds = false
                return
            }
            if exactly, known.value != value.value { holds = false }
        }
        return holds
    }

    /// Writes the namespaces as members of the object that stands open.
    func putMembers(_ root: UnsafeRawPointer, _ out: inout JSONOutput) {
        let fields = root.fields(Self.fields)
        var open: Substring?
        for field in fields {
            let parts = parts(of: field.key)
            if parts.namespace != open {
                if open != nil { out.put(UInt8(ascii: "}")) }
                out.put(key: String(parts.namespace))
                out.put(UInt8(ascii: "{"))
                open = parts.namespace
            }
            out.put(key: String(parts.name))
            out.put(field.value)
        }
        if open != nil { out.put(UInt8(ascii: "}")) }
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        take(view, replacing: true, root)
        return false
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool { false }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        holds(view, root, exactly: true)
    }

    /// Properties are texts, flags and whole numbers of 32 bits; those of one namespace stand together.
    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let fields = root.fields(Self.fields)
        FieldForm.scalars.cut(&fields.pointee, name, run)
        var order: [Substring] = []
        for field in fields.pointee {
            let namespace = parts(of: field.key).namespace
            if !order.contains(namespace) { order.append(namespace) }
        }
        guard order.count > 1 else { return }
        let sorted = order.flatMap { namespace in fields.pointee.filter { parts(of: $0.key).namespace == namespace } }
        guard sorted != fields.pointee else { return }
        fields.pointee = sorted
        run.note(name, .converted, "by namespace")
    }
}

extension JSONOutput {
    /// Takes the braces off the object that was written from `start` on, so that its members join the object around it.
    fileprivate mutating func unwrap(from start: Int) {
        let inner = Array(bytes[(start + 1)..<(count - 1)])
        truncate(to: start)
        inner.withUnsafeBufferPointer { put(raw: $0) }
    }
}
