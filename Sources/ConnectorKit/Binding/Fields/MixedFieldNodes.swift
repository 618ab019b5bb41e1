public import ConversationModel

// Custom fields that a vendor keeps in one object together with values of the model.

extension Rule where Root == Conversation {
    /// Custom fields as an object in which some members are values of the model: `{"priority":"High","plan":"gold"}`.
    ///
    /// A list of pairs of `name` and `value` is read as well, as some sources give the object so.
    ///
    /// - Parameters:
    ///   - path: Where the object stands.
    ///   - property: The custom fields.
    ///   - members: Rules of the members that are no custom fields; each path is one key.
    /// - Returns: The rule.
    public static func fields(
        _ path: Path, _ property: WritableKeyPath<Conversation, [FieldValue]>, besides members: [Rule<Conversation>]
    ) -> Rule {
        let offset = place(property)
        return Rule(
            path: path,
            content: .value { path in
                MixedFieldsNode(
                    offset: offset,
                    members: members.compactMap { rule in
                        guard let key = rule.path.keys.first, case .value(let make) = rule.content else { return nil }
                        return (key, make(path + "." + key))
                    })
            })
    }
}

/// Custom fields beside other values in one object.
final class MixedFieldsNode: ValueNode {
    private let offset: Int
    private let members: [(key: String, node: any ValueNode)]
    private let names: [String]
    private let form: FieldForm
    let covers: [Int]
    let narrows = true

    init(offset: Int, members: [(key: String, node: any ValueNode)]) {
        self.offset = offset
        self.members = members
        covers = [offset] + members.flatMap(\.node.covers)
        let keys = Set(members.map(\.key))
        form = FieldForm(isTaken: { keys.contains($0) })
        names = members.map { member in
            Conversation.properties.first { $0.offset == member.node.covers.first }?.name ?? member.key
        }
    }

    private func member(_ key: UnsafeBufferPointer<UInt8>) -> Int? { members.firstIndex { key.equals($0.key) } }

    /// Calls `body` with each name and value of an object or a list of pairs; returns whether it was an object.
    private func forEach(
        _ view: JSONView, _ body: (UnsafeBufferPointer<UInt8>, JSONView) throws(DecodeFault) -> Void
    ) throws(DecodeFault) -> Bool {
        if view.isNull { return false }
        guard view.isObject || view.isArray else { throw DecodeFault("expected an object, found \(view.kind.noun)") }
        let end = view.next - 1
        var at = view.index + 1
        while at < end {
            if view.isObject {
                let key = view.at(at)
                let value = view.at(at + 1)
                at = value.next
                try body(key.bytes, value)
            } else {
                let pair = view.at(at)
                at = pair.next
                guard let name = pair.member("name"), name.isString, let value = pair.member("value") else { continue }
                try body(name.bytes, value)
            }
        }
        return view.isObject
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        var exact = true
        var fields: [FieldValue] = []
        let isObject = try forEach(view) { key, value throws(DecodeFault) in
            guard let index = member(key) else {
                fields.append(FieldValue(String(decoding: key, as: UTF8.self), value.value))
                return
            }
            do throws(DecodeFault) {
                let isSame = try members[index].node.decode(value, into: root, run)
                exact = exact && isSame && !value.isNull
            } catch {
                throw error.inside(members[index].key)
            }
        }
        root.fields(offset).pointee += fields
        return exact && isObject && view.next > view.index + 2
    }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool {
        var scratch = JSONOutput(capacity: 64)
        let run = Encoding(writesExtras: false)
        return root.fields(offset).isEmpty && !members.contains { $0.node.encode(root, &scratch, run) }
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let start = out.count
        out.put(UInt8(ascii: "{"))
        let opened = out.count
        for member in members {
            let mark = out.count
            out.put(key: member.key)
            if !member.node.encode(root, &out, run) { out.truncate(to: mark) }
        }
        for field in root.fields(offset) {
            out.put(key: field.key)
            out.put(field.value)
        }
        guard out.count > opened else {
            out.truncate(to: start)
            return false
        }
        out.put(UInt8(ascii: "}"))
        return true
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        for (index, member) in members.enumerated() where member.node.narrows {
            member.node.project(root, names[index], run)
        }
        form.cut(&root.fields(offset).pointee, name, run)
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        var fields: [FieldValue] = []
        var said = Set<Int>()
        var isSame = true
        let read: Bool? = try? forEach(view) { key, value throws(DecodeFault) in
            guard let index = member(key) else {
                fields.append(FieldValue(String(decoding: key, as: UTF8.self), value.value))
                return
            }
            said.insert(index)
            isSame = isSame && members[index].node.matches(value, root, run)
        }
        guard read != nil, isSame, fields == root.fields(offset) else { return false }
        // A value that the source did not have may have been given since.
        var scratch = JSONOutput(capacity: 64)
        return !members.indices.contains { !said.contains($0) && members[$0].node.encode(root, &scratch, run) }
    }
}
