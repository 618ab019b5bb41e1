public import ConversationModel

// A CRM keeps all values of a record in one flat object of texts, the account's own beside the platform's: some are values of
// the model, the rest are custom fields.

extension Rule {
    /// All values of a record in one object: those that a rule names, and all others as custom fields.
    ///
    /// The object is kept as it came for as long as it still says what the record says.
    ///
    /// - Parameters:
    ///   - path: Where the object stands.
    ///   - property: The custom fields.
    ///   - rules: Rules of single members; each path is one key.
    ///   - repeated: Keys whose values may stand beside the object too, with the key there: one that is missing where
    ///     the other is not stays so.
    /// - Returns: The rule.
    public static func propertyBag(
        _ path: Path, _ property: WritableKeyPath<Root, [FieldValue]>, _ rules: [Rule<Root>],
        repeated: [String: String] = [:]
    ) -> Rule where Root: Record {
        let offset = place(property)
        return Rule(
            path: path,
            content: .value { path in
                PropertyBagNode<Root>(
                    offset: offset,
                    members: rules.compactMap { rule in
                        guard let key = rule.path.keys.first, case .value(let make) = rule.content else { return nil }
                        return PropertyBagNode<Root>.Member(
                            key: key, node: make(path + "." + key), isLate: rule.part.isLate)
                    }, repeated: repeated)
            }
        ).late
    }
}

extension Rule {
    /// A stage, told by a table: one of the account's own, which the table does not hold, is past where another member
    /// has any value.
    ///
    /// - Parameters:
    ///   - key: Key of the member.
    ///   - property: The value.
    ///   - table: The stages that every account has.
    ///   - past: What another stage means where there is a sign.
    ///   - sign: Key of the member that is the sign.
    /// - Returns: The rule, for a bag of values.
    public static func stage<Value: Sendable & Hashable>(
        _ key: Path, _ property: WritableKeyPath<Root, Value?>, _ table: ValueTable<Value>, past: Value, sign: String
    ) -> Rule {
        let offset = place(property)
        return Rule(
            path: key,
            content: .value { path in
                StageNode(
                    TableNode(table: table, path: path, offset: offset, omitted: nil, isOptional: true),
                    known: Set(table.rows.map(\.key)), past: past, offset: offset, sign: sign)
            })
    }
}

/// A stage.
final class StageNode<Value: Sendable & Hashable>: ValueNode {
    private let table: TableNode
    private let known: Set<TableKey>
    private let past: Value
    private let offset: Int
    private let sign: String
    var covers: [Int] { table.covers }
    let narrows = true

    init(_ table: TableNode, known: Set<TableKey>, past: Value, offset: Int, sign: String) {
        self.table = table
        self.known = known
        self.past = past
        self.offset = offset
        self.sign = sign
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let exact = try table.decode(view, into: root, run)
        guard let word = view.scalarText, !word.isEmpty, !known.contains(.string(word)),
            run.bag?.member(sign)?.scalarText?.isEmpty == false
        else { return exact }
        (root + offset).assumingMemoryBound(to: Value?.self).pointee = past
        return false
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        table.encode(root, &out, run)
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        table.matches(view, root, run)
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) { table.project(root, name, run) }
}

/// Values of a record in one object of texts.
final class PropertyBagNode<Root: Record>: ValueNode {
    struct Member: Sendable {
        let key: String
        let node: any ValueNode
        let isLate: Bool
    }

    private let offset: Int
    private let members: [Member]
    private let places: [String: Int]
    private let names: [String]
    private let form: FieldForm
    let covers: [Int]
    let narrows = true

    private let repeated: [String: String]

    init(offset: Int, members: [Member], repeated: [String: String]) {
        self.repeated = repeated
        self.offset = offset
        self.members = members
        covers = [offset] + members.flatMap(\.node.covers)
        let places = Dictionary(members.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { a, _ in a })
        self.places = places
        form = .fullTexts(between: ";", besides: { places[$0] != nil })
        let properties = (Root.self as? any Listed.Type)?.properties ?? []
        names = members.map { member in
            properties.first { $0.offset == member.node.covers.first }?.name ?? member.key
        }
    }

    /// Reads the members into a record; `false` for what is no object.
    private func read(
        _ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding
    ) throws(DecodeFault) -> Bool {
        guard view.isObject else { return false }
        run.bag = view
        defer { run.bag = nil }
        var fields: [FieldValue] = []
        var late: [(place: Int, value: JSONView)] = []
        let end = view.next - 1
        var at = view.index + 1
        while at < end {
            let key = view.at(at).string
            let value = view.at(at + 1)
            at = value.next
            guard let place = places[key] else {
                if !value.isNull, !(value.isString && value.bytes.isEmpty) {
                    fields.append(FieldValue(key, value.value))
                }
                continue
            }
            if members[place].isLate { late.append((place, value)) } else { try read(value, place, root, run) }
        }
        for (place, value) in late { try read(value, place, root, run) }
        root.fields(offset).pointee += fields
        return true
    }

    private func read(
        _ value: JSONView, _ place: Int, _ root: UnsafeMutableRawPointer, _ run: Decoding
    ) throws(DecodeFault) {
        do {
            _ = try members[place].node.decode(value, into: root, run)
        } catch {
            throw error.inside(members[place].key)
        }
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if view.isNull { return false }
        guard try read(view, into: root, run) else {
            throw DecodeFault("expected an object, found \(view.kind.noun)")
        }
        guard run.keepsExtras else { return false }
        return isWritten(view, root, run)
    }

    /// Whether writing gives the same object again.
    ///
    /// What follows from other values, not all of which are read yet, is asked by itself.
    private func isWritten(_ view: JSONView, _ root: UnsafeMutableRawPointer, _ run: Decoding) -> Bool {
        if repeated.contains(where: { view.member($0.key) == nil && run.whole?.member($0.value)?.isNull == false }) {
            return false
        }
        for member in members where member.isLate {
            run.scratch.truncate(to: 0)
            guard let raw = view.member(member.key) else {
                let isSaid =
                    member.node is DescriptionNode
                    ? DescriptionNode.earliestText(UnsafeRawPointer(root)) != nil
                    : member.node.encode(UnsafeRawPointer(root), &run.scratch, run.probe)
                if isSaid { return false }
                continue
            }
            guard let isExact = try? member.node.decode(raw, into: root, run), isExact else { return false }
        }
        run.scratch.truncate(to: 0)
        run.scratch.put(UInt8(ascii: "{"))
        for member in members {
            if !member.isLate {
                encode(member, UnsafeRawPointer(root), &run.scratch, run.probe)
            } else if let raw = view.member(member.key) {
                run.scratch.put(key: member.key)
                run.scratch.put(raw)
            }
        }
        for field in root.fields(offset).pointee {
            run.scratch.put(key: field.key)
            run.scratch.put(field.value)
        }
        run.scratch.put(UInt8(ascii: "}"))
        return writesSame(view, run)
    }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool { false }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        out.put(UInt8(ascii: "{"))
        for member in members { encode(member, root, &out, run) }
        for field in root.fields(offset) {
            out.put(key: field.key)
            out.put(field.value)
        }
        out.put(UInt8(ascii: "}"))
        return true
    }

    private func encode(_ member: Member, _ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) {
        let mark = out.count
        out.put(key: member.key)
        if !member.node.encode(root, &out, run) { out.truncate(to: mark) }
    }

    /// Values are texts here; other kinds become their text.
    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        for (index, member) in members.enumerated() where member.node.narrows {
            member.node.project(root, names[index], run)
        }
        form.cut(&root.fields(offset).pointee, name, run)
    }

    /// Whether the object as it came still says what the record says: both are written alike.
    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        var fresh = Root()
        fresh.id = root.assumingMemoryBound(to: Root.self).pointee.id
        let isRead = withUnsafeMutablePointer(to: &fresh) { pointer in
            (try? read(view, into: UnsafeMutableRawPointer(pointer), run.comparing)) ?? false
        }
        guard isRead else { return false }
        return withUnsafePointer(to: fresh) { pointer in
            let other = UnsafeRawPointer(pointer)
            var mine = JSONOutput(capacity: 512)
            var theirs = JSONOutput(capacity: 512)
            for member in members where !member.isLate {
                if repeated[member.key] != nil, view.member(member.key) == nil { continue }
                encode(member, root, &mine, run)
                encode(member, other, &theirs, run)
            }
            let fields = root.fields(offset)
            return mine.bytes.equals(theirs.bytes)
                && fields == other.fields(offset)
        }
    }
}
