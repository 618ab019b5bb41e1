import ConversationModel

/// One section of a mapping file: reads itself, and is laid out so that applying it needs no more reading.
protocol MappingSection: Sendable {
    /// The section's key at the top of the file.
    static var name: String { get }
    /// Keys within the section, for messages and for the schema's test.
    static var keys: [String] { get }
    /// Reads the section; faults go to the reader and leave a section without the faulty part.
    init(_ node: JSON5Node, _ reader: inout NodeReader)
    /// Values that rules of the section write, so that they can be held against what a destination can hold.
    var written: [SectionValue] { get }
}

extension MappingSection {
    var written: [SectionValue] { [] }
}

/// A value that a rule writes, by the rule's number.
struct SectionValue: Sendable {
    let kind: WrittenValue.Kind
    let value: String
    let rule: Int

    init(kind: WrittenValue.Kind, value: String, rule: Int) {
        self.kind = kind
        self.value = value
        self.rule = rule
    }

    /// A custom field of this type; `nil` for records that have none.
    init?(field type: FieldDefinition.Kind, of entity: Entity, rule: Int) {
        switch entity {
        case .conversation: kind = .conversationField
        case .contact: kind = .contactField
        case .company: kind = .companyField
        default: return nil
        }
        value = type.rawValue
        self.rule = rule
    }
}

/// All sections that are present, in the order in which they are applied.
///
/// A further section is one more property here, one file beside, and one line in the pipeline of ``CompiledMapping``.
struct MappingSections: Sendable {
    static let types: [any MappingSection.Type] = [
        FilterSection.self, ThreadSection.self, ValueSection.self, TagSection.self, FieldSection.self, TeamSection.self,
        AgentSection.self,
        ContactSection.self, DefaultSection.self, TextSection.self, AttachmentSection.self, PrivacySection.self,
        ProvenanceSection.self,
    ]

    var filter: FilterSection?
    var threading: ThreadSection?
    var values: ValueSection?
    var tags: TagSection?
    var fields: FieldSection?
    var teams: TeamSection?
    var agents: AgentSection?
    var contacts: ContactSection?
    var defaults: DefaultSection?
    var text: TextSection?
    var attachments: AttachmentSection?
    var privacy: PrivacySection?
    var provenance: ProvenanceSection?

    init() {}

    init(_ members: [String: JSON5Node], _ reader: inout NodeReader) {
        func section<Section: MappingSection>(_ type: Section.Type, _ reader: inout NodeReader) -> Section? {
            guard let node = members[Section.name], node.value != .object([]) else { return nil }
            return Section(node, &reader)
        }
        filter = section(FilterSection.self, &reader)
        threading = section(ThreadSection.self, &reader)
        values = section(ValueSection.self, &reader)
        tags = section(TagSection.self, &reader)
        fields = section(FieldSection.self, &reader)
        teams = section(TeamSection.self, &reader)
        agents = section(AgentSection.self, &reader)
        contacts = section(ContactSection.self, &reader)
        defaults = section(DefaultSection.self, &reader)
        text = section(TextSection.self, &reader)
        attachments = section(AttachmentSection.self, &reader)
        privacy = section(PrivacySection.self, &reader)
        provenance = section(ProvenanceSection.self, &reader)
    }

    /// The sections that are present, in the order in which they are applied.
    var all: [any MappingSection] {
        let sections: [(any MappingSection)?] = [
            filter, threading, values, tags, fields, teams, agents, contacts, defaults, text, attachments, privacy,
            provenance,
        ]
        return sections.compactMap(\.self)
    }

    var isEmpty: Bool { all.isEmpty }
}

/// A name, or a pattern with `*` at its beginning, its end or both.
///
/// | pattern | matches |
/// | --- | --- |
/// | `sys_*` | names that begin with `sys_` |
/// | `*_old` | names that end with `_old` |
/// | `*test*` | names that hold `test` |
/// | `*` | all names |
struct NamePattern: Sendable {
    let text: String
    private let literal: String
    private let opensWithStar: Bool
    private let endsWithStar: Bool

    /// `nil` when the text holds no `*` at its ends and so is a plain name.
    init?(_ text: String) {
        guard text.hasPrefix("*") || text.hasSuffix("*") else { return nil }
        self.text = text
        opensWithStar = text.hasPrefix("*")
        endsWithStar = text.hasSuffix("*")
        literal = String(text.drop { $0 == "*" }.reversed().drop { $0 == "*" }.reversed())
    }

    func matches(_ name: String) -> Bool {
        switch (opensWithStar, endsWithStar) {
        case (_, _) where literal.isEmpty: true
        case (true, true): name.contains(literal)
        case (true, false): name.hasSuffix(literal)
        default: name.hasPrefix(literal)
        }
    }

    /// The pattern that says more comes first; the order of the text never matters.
    static func isMoreExact(_ a: NamePattern, _ b: NamePattern) -> Bool {
        (b.literal.utf8.count, a.text) < (a.literal.utf8.count, b.text)
    }
}

/// A set of names and patterns.
struct NameSet: Sendable {
    private(set) var names: Set<String> = []
    private var patterns: [NamePattern] = []

    init(_ texts: some Sequence<String>, patterns allowed: Bool = true) {
        for text in texts {
            if allowed, let pattern = NamePattern(text) { patterns.append(pattern) } else { names.insert(text) }
        }
    }

    func contains(_ name: String) -> Bool { names.contains(name) || patterns.contains { $0.matches(name) } }
}
