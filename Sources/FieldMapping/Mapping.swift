import Diagnostics
import Foundation

/// One mapping file before it is read.
public struct MappingLayer: Sendable {
    /// Name as the person wrote it; files that the mapping names are looked for beside it.
    public let name: String
    /// The file's bytes.
    public let bytes: [UInt8]

    /// Creates a layer.
    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

/// What a person decided about a migration: one or several mapping files, read, layered and checked.
public struct Mapping: Sendable {
    /// The version of the format that this program reads.
    public static let version = 1

    /// The content of all layers in one stable form, for the caller to hash.
    ///
    /// Layout, comments, key order and quotes make no difference; the content of tables and lists that the
    /// mapping names does.
    public let canonicalText: String
    /// All rules that can be used or stay unused, in the order of the file.
    public let rules: [MappingRule]
    /// Values that rules write, in the order of the file; for holding them against a destination.
    public var writtenValues: [WrittenValue] {
        sections.all.flatMap(\.written).sorted { $0.rule < $1.rule }.map {
            WrittenValue(kind: $0.kind, value: $0.value, rule: rules[$0.rule])
        }
    }
    /// Keys of the sections that are present, in the order in which they are applied.
    public var sectionNames: [String] { sections.all.map { type(of: $0).name } }
    /// Names of the files that were layered, the lowest first.
    public let layers: [String]
    let sections: MappingSections
    /// All layers laid over each other; `nil` without any.
    let root: JSON5Node?
    /// Files that the mapping names, by the name under which they were found.
    let fileContents: [String: [UInt8]]

    /// The mapping that changes nothing.
    public static let empty = Mapping()

    private init() {
        canonicalText = ""
        rules = []
        layers = []
        sections = MappingSections()
        root = nil
        fileContents = [:]
    }

    /// Reads and layers mapping files; a later one wins key by key, a list replaces a list, `null` takes a key back.
    ///
    /// - Parameter paths: Files, the lowest layer first; none gives ``empty``.
    /// - Returns: The mapping.
    /// - Throws: `mapping/invalid` (exit 3) with every fault of every file; its cause is ``MappingFaults``.
    public static func load(paths: [String]) throws -> Mapping {
        var layers: [MappingLayer] = []
        var faults: [MappingFault] = []
        for path in paths {
            do {
                layers.append(MappingLayer(name: path, bytes: try contents(path)))
            } catch {
                faults.append(
                    MappingFault(
                        place: Place(file: path), summary: "the file cannot be read", expected: "a mapping file"))
            }
        }
        return try Mapping(layers: layers, earlier: faults, files: contents)
    }

    /// Reads and layers mappings that are in memory.
    ///
    /// - Parameters:
    ///   - layers: The lowest first.
    ///   - files: Gives the bytes of a table or list that a mapping names.
    /// - Throws: As ``load(paths:)``.
    public init(layers: [MappingLayer], files: @escaping (String) throws -> [UInt8]) throws {
        try self.init(layers: layers, earlier: [], files: files)
    }

    private init(
        layers: [MappingLayer], earlier: [MappingFault], files: @escaping (String) throws -> [UInt8]
    ) throws {
        var faults = earlier
        var merged: JSON5Node?
        for layer in layers {
            do {
                let node = try JSON5.parseLocating(layer.bytes, file: layer.name)
                var reader = NodeReader(files: files)
                _ = Self.read(node, &reader)
                faults += reader.faults
                merged = merged.map { $0.layered(under: node) } ?? node.withoutNulls
            } catch {
                faults.append(
                    MappingFault(
                        place: error.mark.place, summary: error.summary + (error.hint.map { "; " + $0 } ?? "")))
            }
        }
        var reader = NodeReader(files: files)
        if faults.isEmpty, let merged {
            sections = Self.read(merged, &reader)
            faults = reader.faults
        } else {
            sections = MappingSections()
        }
        guard faults.isEmpty else { throw MappingFaults(faults: Self.inOrder(faults)).error }
        rules = reader.rules
        self.layers = layers.map(\.name)
        root = merged
        fileContents = reader.contents
        canonicalText = merged.map { ([$0.canonicalText] + reader.attached).joined(separator: "\n") } ?? ""
    }

    private static func inOrder(_ faults: [MappingFault]) -> [MappingFault] {
        var seen: Set<String> = []
        let files = faults.map { $0.place.file ?? "" }
        return faults.filter { seen.insert($0.description).inserted }.sorted { a, b in
            let (fileA, fileB) = (files.firstIndex(of: a.place.file ?? ""), files.firstIndex(of: b.place.file ?? ""))
            return (fileA ?? 0, a.place.line ?? 0, a.place.column ?? 0) < (
                fileB ?? 0, b.place.line ?? 0, b.place.column ?? 0
            )
        }
    }

    /// Keys at the top of a mapping file.
    static var topKeys: [String] { ["$schema", "version"] + MappingSections.types.map { $0.name } }

    private static func read(_ node: JSON5Node, _ reader: inout NodeReader) -> MappingSections {
        guard case .object = node.value else {
            reader.fault(
                node.mark, "the mapping is \(node.kind)", expected: "an object, '{ version: \(version), ... }'")
            return MappingSections()
        }
        let members = reader.members(node, "mapping", keys: topKeys)
        if let versionNode = members["version"] {
            if versionNode.value != .number(String(version)) {
                let value = versionNode.text.map { "'\($0)'" }
                let isText = if case .string = versionNode.value { true } else { false }
                let found = "'version' is " + (isText ? "the text " : "") + (value ?? versionNode.kind)
                reader.fault(versionNode.mark, found, expected: "the number \(version)")
            }
        } else {
            reader.fault(node.mark, "'version' is missing", expected: "'version: \(version)' at the beginning")
        }
        return MappingSections(members, &reader)
    }

    private static func contents(_ path: String) throws -> [UInt8] {
        Array(try Foundation.Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// The mapping made ready for records.
    ///
    /// - Parameter destination: Its agents and teams, or ``DestinationPeople/unknown``.
    /// - Returns: Functions that map records.
    public func compiled(for destination: DestinationPeople = .unknown) -> CompiledMapping {
        CompiledMapping(self, destination: destination)
    }
}
