import ConversationModel
public import Diagnostics

/// One difference between two mappings, in words, and the first mapping with this difference alone.
public struct MappingDifference: Sendable {
    /// On which side it stands.
    public enum Sign: String, Sendable {
        /// Only the first mapping says it.
        case removed
        /// Only the second mapping says it.
        case added
        /// Both say it, differently.
        case changed
    }

    /// On which side it stands.
    public let sign: Sign
    /// Path in the mapping: `values.status.on_hold`.
    public let path: String
    /// What a person reads.
    public let words: String
    /// Where it stands in the mapping that says it; the second one where both do.
    public let place: Place?
    /// The first mapping with this difference alone; `nil` when that would be no valid mapping.
    public let alone: Mapping?
}

extension Mapping {
    /// What another mapping says differently, in the order of the files.
    ///
    /// Layout, comments and the order of keys make no difference. Tables of people are compared row by row.
    public func differences(to other: Mapping) -> [MappingDifference] {
        var comparison = MappingComparison(self, other)
        comparison.compare([], root?.withResolvedFiles, other.root?.withResolvedFiles)
        return comparison.differences
    }
}

/// Walks two mappings side by side.
private struct MappingComparison {
    private let base: Mapping
    private let baseRoot: JSON5Node
    private var files: [String: [UInt8]]
    private(set) var differences: [MappingDifference] = []

    init(_ base: Mapping, _ other: Mapping) {
        self.base = base
        files = base.fileContents.merging(other.fileContents) { a, _ in a }
        let mark = SourceMark(file: base.layers.last ?? "mapping", line: 1, column: 1)
        baseRoot =
            base.root?.withResolvedFiles
            ?? JSON5Node(
                .object([.init(key: "version", keyMark: mark, node: JSON5Node(.number("1"), at: mark))]), at: mark)
    }

    mutating func compare(_ path: [String], _ a: JSON5Node?, _ b: JSON5Node?) {
        guard a?.canonicalText != b?.canonicalText, path != ["$schema"] else { return }
        if path.count == 2, path[1] == "file", path[0] == "agents" || path[0] == "teams",
            comparePeople(path, a, b)
        {
            return
        }
        switch (a?.value, b?.value) {
        case (.object, .object), (nil, .object), (.object, nil):
            if path.count > 2 || isOneRule(path, a, b) { return note(path, a, b, replacing: b) }
            var keys = (a?.members ?? []).map(\.key)
            keys += (b?.members ?? []).map(\.key).filter { !keys.contains($0) }
            for key in keys { compare(path + [key], a?[key], b?[key]) }
        case (.array, .array), (nil, .array), (.array, nil):
            compareLists(path, a, b)
        default: note(path, a, b, replacing: b)
        }
    }

    /// Sections whose inner objects are tables: each row of them is a difference of its own.
    private static let tabular = ["filter", "values", "tags", "fields", "teams", "agents", "defaults"]

    /// Whether an object is one rule about a person, place or field, whatever it consists of.
    private func isOneRule(_ path: [String], _ a: JSON5Node?, _ b: JSON5Node?) -> Bool {
        guard path.count > 1, let members = (b ?? a)?.members, !members.isEmpty else { return false }
        if !Self.tabular.contains(path[0]) { return a == nil || b == nil }
        return members.allSatisfy { ["id", "name", "action", "file"].contains($0.key) }
    }

    // MARK: Lists

    private mutating func compareLists(_ path: [String], _ a: JSON5Node?, _ b: JSON5Node?) {
        let (before, after) = (a?.elements ?? [], b?.elements ?? [])
        let mark = (b ?? a)?.mark ?? baseRoot.mark
        func list(_ elements: [JSON5Node]) -> JSON5Node? {
            elements.isEmpty ? nil : JSON5Node(.array(elements), at: mark)
        }
        var found = false
        for (index, element) in before.enumerated() {
            let twin = after.first { Self.identity($0) == Self.identity(element) }
            guard twin?.canonicalText != element.canonicalText else { continue }
            var elements = before
            if let twin { elements[index] = twin } else { elements.remove(at: index) }
            note(path, element, twin, replacing: list(elements))
            found = true
        }
        for element in after where !before.contains(where: { Self.identity($0) == Self.identity(element) }) {
            note(path, nil, element, replacing: list(before + [element]))
            found = true
        }
        if !found { note(path, a, b, replacing: b) }
    }

    /// What makes two elements the same one: whom or what an object is about, else the whole.
    private static func identity(_ node: JSON5Node) -> String {
        let names = ["from", "email", "id", "name", "key", "field", "fields", "pattern", "since", "until"]
        let parts = names.compactMap { name in node[name].map { name + $0.canonicalText } }
        return parts.isEmpty ? node.canonicalText : parts.joined(separator: " ")
    }

    // MARK: People

    /// Compares tables of people row by row; `false` where one side has none or they cannot be read.
    private mutating func comparePeople(_ path: [String], _ a: JSON5Node?, _ b: JSON5Node?) -> Bool {
        guard let a, let nameA = a.text, let nameB = b?.text, let bytesA = files[nameA], let bytesB = files[nameB]
        else {
            return false
        }
        let label = path[0] == "agents" ? "email" : "name"
        var reader = NodeReader(files: { _ in [] })
        let before = PeopleTable.read(bytesA, file: nameA, label: label, &reader)
        let after = PeopleTable.read(bytesB, file: nameB, label: label, &reader)
        guard reader.faults.isEmpty else { return false }
        let what = path[0] == "agents" ? "agent" : "team"
        for (index, row) in before.enumerated() {
            let twin = after.first { $0.identity == row.identity }
            guard twin?.canonicalText != row.canonicalText else { continue }
            var rows = before
            if let twin { rows[index] = twin } else { rows.remove(at: index) }
            noteRow(path, what, row, twin, rows, at: a.mark)
        }
        for row in after where !before.contains(where: { $0.identity == row.identity }) {
            noteRow(path, what, nil, row, before + [row], at: a.mark)
        }
        return true
    }

    private mutating func noteRow(
        _ path: [String], _ what: String, _ a: PeopleRow?, _ b: PeopleRow?, _ rows: [PeopleRow], at mark: SourceMark
    ) {
        let name = "rows-\(differences.count).csv"
        let lines = rows.map { row in
            [
                row.id, row.name, row.email, row.target, row.action.rawValue, row.period.since?.description ?? "",
                row.period.until?.description ?? "",
            ].map(PeopleFile.cell).joined(separator: ",") + "\n"
        }
        files[name] = Array((PeopleTable.columns.joined(separator: ",") + "\n" + lines.joined()).utf8)
        let who = (b ?? a).map { row in row.id.isEmpty ? row.email.isEmpty ? row.name : row.email : row.id } ?? ""
        let times = (b ?? a)?.period.words ?? ""
        let words = MappingWords.people("\(what) '\(who)'\(times)", a?.words, b?.words)
        differences.append(
            MappingDifference(
                sign: a == nil ? .added : b == nil ? .removed : .changed, path: path.joined(separator: "."),
                words: words, place: (b ?? a)?.mark.place,
                alone: mapping(setting: path, to: JSON5Node(.string(name), at: mark))))
    }

    // MARK: Noting

    private mutating func note(_ path: [String], _ a: JSON5Node?, _ b: JSON5Node?, replacing value: JSON5Node?) {
        differences.append(
            MappingDifference(
                sign: a == nil ? .added : b == nil ? .removed : .changed, path: path.joined(separator: "."),
                words: MappingWords.of(path, a, b), place: (b ?? a)?.place, alone: mapping(setting: path, to: value)))
    }

    /// The first mapping with one value replaced.
    private func mapping(setting path: [String], to value: JSON5Node?) -> Mapping? {
        let changed = baseRoot.setting(path[...], to: value)
        let layer = MappingLayer(
            name: base.layers.last.map(fileName) ?? "mapping.json5", bytes: Array(changed.canonicalText.utf8))
        let files = files
        return try? Mapping(layers: [layer]) { name in
            guard let bytes = files[name] else {
                throw MigrationError(
                    "mapping/unreadable", recovery: .fixConfiguration, summary: "'\(name)' is not known")
            }
            return bytes
        }
    }

    /// Names of files are resolved already, so the layer itself lies nowhere.
    private func fileName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}

extension PeopleRow {
    /// Whom the row is about, and for which time.
    fileprivate var identity: String {
        [
            id, id.isEmpty ? email + name.lowercased() : "", period.since?.description ?? "",
            period.until?.description ?? "",
        ]
        .joined(separator: "\u{1}")
    }

    /// What the row decides.
    fileprivate var words: String { action == .map ? "'\(target)'" : action.rawValue }
}

extension Period {
    fileprivate var words: String {
        (since.map { " from \($0.description.prefix(10))" } ?? "")
            + (until.map { " until \($0.description.prefix(10))" } ?? "")
    }
}

extension JSON5Node {
    /// The node with the names of files written out as the reader found them.
    fileprivate var withResolvedFiles: JSON5Node {
        switch value {
        case .object(let members):
            let resolved = members.map { member in
                guard ["file", "restore"].contains(member.key), case .string(let name) = member.node.value,
                    !name.hasPrefix("/")
                else {
                    return Member(key: member.key, keyMark: member.keyMark, node: member.node.withResolvedFiles)
                }
                let folder =
                    member.node.mark.file.lastIndex(of: "/").map { String(member.node.mark.file[...$0]) } ?? ""
                return Member(
                    key: member.key, keyMark: member.keyMark,
                    node: JSON5Node(.string(folder + name), at: member.node.mark))
            }
            return JSON5Node(.object(resolved), at: mark)
        case .array(let elements): return JSON5Node(.array(elements.map(\.withResolvedFiles)), at: mark)
        default: return self
        }
    }

    /// The node with the value at a path of keys replaced, made, or taken out; objects left empty go too.
    fileprivate func setting(_ path: ArraySlice<String>, to new: JSON5Node?) -> JSON5Node {
        guard let key = path.first else { return new ?? self }
        var members = self.members
        let inner = members.first { $0.key == key }?.node
        var value: JSON5Node?
        if path.count == 1 {
            value = new
        } else {
            let changed = (inner ?? JSON5Node(.object([]), at: mark)).setting(path.dropFirst(), to: new)
            value = changed.members.isEmpty ? nil : changed
        }
        if let index = members.firstIndex(where: { $0.key == key }) {
            if let value { members[index].node = value } else { members.remove(at: index) }
        } else if let value {
            members.append(Member(key: key, keyMark: value.mark, node: value))
        }
        return JSON5Node(.object(members), at: mark)
    }
}
