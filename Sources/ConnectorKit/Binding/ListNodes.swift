public import ConversationModel

/// How the elements of a list of texts are written.
public enum TextListForm: Sendable, Hashable {
    /// `["a","b"]`.
    case strings(TextCodec = .text)
    /// One string, cut at a delimiter: `"a b"`.
    case delimited(String)
    /// Objects that hold the text under a key: `[{"name":"a"}]`, with constants beside it when written.
    case objects(key: String, constants: [JSONValue.Member] = [])
    /// One string that is the whole list, as where only one value fits.
    case single(TextCodec = .text)
    /// One string that leads the list; the rest stands elsewhere.
    case first
    /// What stands behind the first: one string cut at a delimiter, or a single one more.
    case rest(String?)
}

extension TextListForm {
    /// Whether only one value fits.
    var isSingle: Bool {
        switch self {
        case .single, .first, .rest: true
        default: false
        }
    }
}

/// A list of texts: tags, addresses, domains.
final class TextListNode: ValueNode {
    var narrows: Bool { true }
    let offset: Int
    var covers: [Int] { [offset] }
    let form: TextListForm
    let writesEmpty: Bool

    init(offset: Int, form: TextListForm, writesEmpty: Bool) {
        self.offset = offset
        self.form = form
        self.writesEmpty = writesEmpty
    }

    private func read(_ view: JSONView) throws(DecodeFault) -> (texts: [String], exact: Bool) {
        var texts: [String] = []
        var exact = true
        switch form {
        case .strings(let codec):
            if view.isNull { return ([], !writesEmpty) }
            guard view.isArray else {
                guard view.isString else { throw DecodeFault("expected a list, found \(view.kind.noun)") }
                return (view.bytes.isEmpty ? [] : [view.string], false)
            }
            let end = view.next - 1
            var at = view.index + 1
            while at < end {
                let element = view.at(at)
                at = element.next
                let (text, isExact) = try codec.read(element)
                if let text { texts.append(text) }
                exact = exact && isExact && text != nil
            }
            return (texts, exact && (writesEmpty || !texts.isEmpty))
        case .delimited(let delimiter):
            if view.isNull { return ([], !writesEmpty) }
            if view.isArray {
                let (texts, _) = try TextListNode(offset: 0, form: .strings(), writesEmpty: true).read(view)
                return (texts, false)
            }
            guard view.isString else { throw DecodeFault("expected text, found \(view.kind.noun)") }
            let whole = view.string
            texts = whole.split(separator: delimiter).map { Self.trimmed($0) }.filter { !$0.isEmpty }
            return (texts, texts.joined(separator: delimiter) == whole && (writesEmpty || !texts.isEmpty))
        case .objects(let key, let constants):
            if view.isNull { return ([], !writesEmpty) }
            guard view.isArray else { throw DecodeFault("expected a list, found \(view.kind.noun)") }
            let end = view.next - 1
            var at = view.index + 1
            while at < end {
                let element = view.at(at)
                at = element.next
                if element.isString {
                    texts.append(element.string)
                    exact = false
                    continue
                }
                guard
                    let (text, isExact) = try element.member(key).map({ view throws(DecodeFault) in
                        try TextCodec.text.read(view)
                    }),
                    let text
                else {
                    exact = false
                    continue
                }
                texts.append(text)
                exact = exact && isExact && element.hasOnlyMembers(key, constants)
            }
            return (texts, exact && (writesEmpty || !texts.isEmpty))
        case .single(let codec):
            let (text, exact) = try codec.read(view)
            return (text.map { [$0] } ?? [], exact)
        case .first, .rest(nil):
            let (text, exact) = try TextCodec.text.read(view)
            return (text.map { [$0] } ?? [], exact)
        case .rest(let delimiter?):
            return try TextListNode(offset: 0, form: .delimited(delimiter), writesEmpty: false).read(view)
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        let (texts, exact) = try read(view)
        let field = (root + offset).assumingMemoryBound(to: [String].self)
        guard !texts.isEmpty else { return exact && field.pointee.isEmpty }
        if case .single = form, !field.pointee.isEmpty {
            return field.pointee.first == texts.first
        }
        switch form {
        case .first: field.pointee.insert(contentsOf: texts, at: 0)
        case .rest:
            field.pointee += texts
            // Without a first one, one of these is written in its place.
            return exact && field.pointee.count > texts.count
        default: field.pointee = texts
        }
        return exact
    }

    /// What of the list stands here.
    private func current(_ root: UnsafeRawPointer) -> [String] {
        let texts = (root + offset).assumingMemoryBound(to: [String].self).pointee
        if case .rest = form { return Array(texts.dropFirst()) }
        return texts
    }

    func isEmpty(_ root: UnsafeRawPointer) -> Bool { current(root).isEmpty }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let texts = current(root)
        if texts.isEmpty, !writesEmpty { return false }
        switch form {
        case .strings(let codec):
            out.put(UInt8(ascii: "["))
            for text in texts {
                out.separate()
                codec.write(text, &out)
            }
            out.put(UInt8(ascii: "]"))
        case .delimited(let delimiter): out.put(texts.joined(separator: delimiter))
        case .objects(let key, let constants):
            out.put(UInt8(ascii: "["))
            for text in texts {
                out.separate()
                out.put(.object(constants + [JSONValue.Member(key, .string(text))]))
            }
            out.put(UInt8(ascii: "]"))
        case .single(let codec):
            guard let first = texts.first else { return false }
            codec.write(first, &out)
        case .first, .rest(nil):
            guard let first = texts.first else { return false }
            out.put(first)
        case .rest(let delimiter?): out.put(texts.joined(separator: delimiter))
        }
        return true
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let field = (root + offset).assumingMemoryBound(to: [String].self)
        switch form {
        case .single where field.pointee.count > 1:
            run.note(name, .dropped, count: field.pointee.count - 1)
            field.pointee.removeSubrange(1...)
        case .rest(nil) where field.pointee.count > 2:
            run.note(name, .dropped, count: field.pointee.count - 2)
            field.pointee.removeSubrange(2...)
        case .delimited(let delimiter), .rest(let delimiter?):
            for index in field.pointee.indices where field.pointee[index].contains(delimiter) {
                field.pointee[index] = field.pointee[index].split(separator: delimiter).joined(separator: "_")
                run.note(name, .converted)
            }
        default: break
        }
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        guard let (texts, _) = try? read(view) else { return false }
        let mine = (root + offset).assumingMemoryBound(to: [String].self).pointee
        switch form {
        case .single, .first: return texts.first == mine.first
        case .rest: return texts == current(root)
        default: return texts == mine
        }
    }
}

/// What a list of child structs needs to know of its element type.
protocol ListElement: Sendable, Equatable, Listed {
    init()
}

extension Attachment: ListElement {}
extension Session: ListElement {}
extension Participant: ListElement {}
extension Link: ListElement {}
extension FieldDefinition.Choice: ListElement {}
extension Rating: ListElement {}
extension EmailHeaders: ListElement {}

/// A list of objects, each a struct of its own.
///
/// Elements with extras keep their own; of others a list that would not be written the same is kept whole.
///
/// What runs for every entry is specialised for files, of which most entries have none: a generic class asks the runtime
/// for its types on each call.
final class ObjectListNode<Element: ListElement>: ValueNode {
    var narrows: Bool { true }
    let offset: Int
    let node: ObjectNode
    let writesEmpty: Bool
    private let projection: Projection
    /// Key under which a bare element's value is meant.
    let bareKey: String?
    var covers: [Int] { [offset] }

    init(offset: Int, node: ObjectNode, writesEmpty: Bool, path: String, bareKey: String? = nil) {
        self.bareKey = bareKey
        self.offset = offset
        self.node = node
        self.writesEmpty = writesEmpty
        projection = Projection(node, Element.properties, prefix: path + ".")
    }

    @_specialize(where Element == Attachment)
    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let list = (root + offset).assumingMemoryBound(to: [Element].self)
        if list.pointee.isEmpty { return }
        list.pointee.withUnsafeMutableBufferPointer { elements in
            guard let base = elements.baseAddress else { return }
            for index in 0..<elements.count { projection.apply(UnsafeMutableRawPointer(base + index), run) }
        }
    }

    @_specialize(where Element == Attachment)
    private func read(_ view: JSONView, _ run: Decoding, _ list: inout [Element]) throws(DecodeFault) -> Bool {
        if view.isNull { return !writesEmpty }
        guard view.isArray else { throw DecodeFault("expected a list, found \(view.kind.noun)") }
        let residue = run.residue.count
        let end = view.next - 1
        var at = view.index + 1
        var ordinal = 0
        var isBare = false
        while at < end {
            let element = view.at(at)
            at = element.next
            isBare = isBare || !element.isObject
            do {
                try append(element, run, &list)
            } catch {
                throw error.inside("[\(ordinal)]")
            }
            ordinal += 1
        }
        let leftOver = run.residue.count > residue
        if leftOver { run.residue.truncate(to: residue) }
        return !leftOver && !isBare && (ordinal > 0 || writesEmpty)
    }

    @_specialize(where Element == Attachment)
    private func append(_ view: JSONView, _ run: Decoding, _ list: inout [Element]) throws(DecodeFault) {
        var element = Element()
        var fault: DecodeFault?
        withUnsafeMutableBytes(of: &element) { bytes in
            guard let base = bytes.baseAddress else { return }
            do throws(DecodeFault) {
                if node.extrasOffset != nil {
                    try node.decodeEntity(view, into: base, run)
                } else {
                    if let bareKey, !view.isObject, let slot = node.slots.first(where: { $0.key == bareKey }),
                        case .value(let scalar) = slot.content
                    {
                        _ = try scalar.decode(view, into: base, run)
                        return
                    }
                    guard view.isObject else { throw DecodeFault("expected an object, found \(view.kind.noun)") }
                    _ = try (node.cases.map { $0.node(reading: view, otherwise: node) } ?? node)
                        .decodeMembers(view, into: base, run)
                }
            } catch {
                fault = error
            }
        }
        if let fault { throw fault }
        list.append(element)
    }

    @_specialize(where Element == Attachment)
    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        try read(view, run, &(root + offset).assumingMemoryBound(to: [Element].self).pointee)
    }

    @_specialize(where Element == Attachment)
    func isEmpty(_ root: UnsafeRawPointer) -> Bool {
        (root + offset).assumingMemoryBound(to: [Element].self).pointee.isEmpty
    }

    @_specialize(where Element == Attachment)
    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        let list = (root + offset).assumingMemoryBound(to: [Element].self)
        if list.pointee.isEmpty, !writesEmpty { return false }
        out.put(UInt8(ascii: "["))
        list.pointee.withUnsafeBufferPointer { elements in
            guard let base = elements.baseAddress else { return }
            for index in 0..<elements.count {
                out.separate()
                if node.extrasOffset != nil {
                    node.encodeEntity(UnsafeRawPointer(base + index), &out, run)
                } else {
                    node.encodeObject(UnsafeRawPointer(base + index), extras: nil, &out, run)
                }
            }
        }
        out.put(UInt8(ascii: "]"))
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        var list: [Element] = []
        guard (try? read(view, run.comparing, &list)) != nil else { return false }
        return list == (root + offset).assumingMemoryBound(to: [Element].self).pointee
    }
}

/// A struct that may be absent: a rating, mail headers.
final class OptionalObjectNode<Value: ListElement>: ValueNode {
    var narrows: Bool { true }
    let offset: Int
    var covers: [Int] { [offset] }
    private let projection: Projection
    let node: ObjectNode
    /// Whether what was read says anything; a value that does not is absent and its raw form is kept.
    let isPresent: @Sendable (Value) -> Bool
    /// Key under which a bare value stands, for sources that once gave only that.
    let bareKey: String?
    /// What every value gets that the JSON does not say, such as a rating's scale.
    let mark: (@Sendable (inout Value) -> Void)?

    init(
        offset: Int, node: ObjectNode, path: String, bareKey: String?, mark: (@Sendable (inout Value) -> Void)?,
        isPresent: @escaping @Sendable (Value) -> Bool
    ) {
        projection = Projection(node, Value.properties, prefix: path + ".")
        self.offset = offset
        self.node = node
        self.bareKey = bareKey
        self.mark = mark
        self.isPresent = isPresent
    }

    func project(_ root: UnsafeMutableRawPointer, _ name: String, _ run: Projecting) {
        let field = (root + offset).assumingMemoryBound(to: Value?.self)
        guard var value = field.pointee else { return }
        withUnsafeMutablePointer(to: &value) { projection.apply(UnsafeMutableRawPointer($0), run) }
        field.pointee = value
    }

    private func read(_ view: JSONView, _ run: Decoding, _ value: inout Value) throws(DecodeFault) -> Bool {
        mark?(&value)
        let residue = run.residue.count
        var exact = false
        var fault: DecodeFault?
        withUnsafeMutableBytes(of: &value) { bytes in
            guard let base = bytes.baseAddress else { return }
            do throws(DecodeFault) {
                if view.isObject {
                    exact = try node.decodeMembers(view, into: base, run)
                } else if let bareKey, let slot = node.slots.first(where: { $0.key == bareKey }),
                    case .value(let scalar) = slot.content
                {
                    _ = try scalar.decode(view, into: base, run)
                } else {
                    throw DecodeFault("expected an object, found \(view.kind.noun)")
                }
            } catch {
                fault = error
            }
        }
        run.residue.truncate(to: residue)
        if let fault { throw fault }
        return exact
    }

    func decode(_ view: JSONView, into root: UnsafeMutableRawPointer, _ run: Decoding) throws(DecodeFault) -> Bool {
        if view.isNull { return true }
        var value = Value()
        let exact = try read(view, run, &value)
        guard isPresent(value) else { return false }
        (root + offset).assumingMemoryBound(to: Value?.self).pointee = value
        return exact
    }

    func encode(_ root: UnsafeRawPointer, _ out: inout JSONOutput, _ run: Encoding) -> Bool {
        guard let value = (root + offset).assumingMemoryBound(to: Value?.self).pointee else { return false }
        withUnsafeBytes(of: value) { bytes in
            guard let base = bytes.baseAddress else { return }
            node.encodeObject(base, extras: nil, &out, run)
        }
        return true
    }

    func matches(_ view: JSONView, _ root: UnsafeRawPointer, _ run: Encoding) -> Bool {
        let mine = (root + offset).assumingMemoryBound(to: Value?.self).pointee
        if view.isNull { return mine == nil }
        var value = Value()
        guard (try? read(view, run.comparing, &value)) != nil else { return false }
        return isPresent(value) ? mine == value : mine == nil
    }
}
