import ConnectorKit
import ConsoleKit
import ConversationModel
import Diagnostics
import FieldMapping
import SyncEngine

/// `mapping diff`: two mappings in words.
enum MappingDiff {
    static let spec = CommandSpec(
        "mapping diff", summary: "say in words what a second mapping does differently",
        discussion: "With a source, each difference says how many records it touches by itself.",
        examples: [
            .init("deskferry mapping diff signed.json5 client.json5", "what changed since the client signed"),
            .init(
                "deskferry mapping diff signed.json5 client.json5 zendesk:export/", "and how many records it touches"),
        ],
        arguments: [
            ArgumentSpec("A", help: "the earlier mapping", completes: .file),
            ArgumentSpec("B", help: "the later mapping", completes: .file),
            ArgumentSpec("SOURCE", help: "CONNECTOR:PATH to count in", isOptional: true, completes: .location),
        ],
        exits: [.done, .usage, .configuration, .sourceUnreadable, .interrupted])

    static func run(_ session: Session) async throws -> ExitCode {
        guard let a = session.command.argument(0) else { throw session.tree.missing("A", of: session.spec) }
        guard let b = session.command.argument(1) else { throw session.tree.missing("B", of: session.spec) }
        let (first, second) = (try Mapping.load(paths: [a]), try Mapping.load(paths: [b]))
        let differences = first.differences(to: second)
        var effect: MappingEffect?
        if let text = session.command.argument(2) {
            let location = try Location(text)
            let source = try FileSource(Platform(location.connector), path: location.path)
            let (hooks, end) = session.hooks("count")
            defer { end() }
            effect = try Engine.effect(of: differences, from: first, to: second, over: source, hooks: hooks)
        }
        let verdict = verdict(a, b, differences, effect)
        if session.wantsJSON {
            Terminal.write(json(differences, effect, verdict).pretty, to: .output)
        } else {
            Terminal.write(text(differences, effect, session.terminal), to: .output)
        }
        Terminal.write(Verdict(.done, verdict).line(for: session.terminal), to: .messages)
        return .done
    }

    private static func verdict(
        _ a: String, _ b: String, _ differences: [MappingDifference], _ effect: MappingEffect?
    ) -> String {
        guard !differences.isEmpty else { return "\(a) and \(b) say the same" }
        let number = differences.count == 1 ? "1 point" : "\(differences.count) points"
        return "\(b) differs from \(a) in \(number)"
            + (effect.map { "; together they touch \(counts($0.total))" } ?? "")
    }

    private static func counts(_ counts: [Entity: Int]) -> String {
        let parts = Entity.allCases.reversed().compactMap { entity -> String? in
            guard let number = counts[entity], number > 0 else { return nil }
            return Figures.count(number) + " " + (number == 1 ? entity.rawValue : entity.plural)
        }
        return parts.isEmpty ? "no records" : parts.joined(separator: ", ")
    }

    private static func text(
        _ differences: [MappingDifference], _ effect: MappingEffect?, _ terminal: Terminal
    ) -> String {
        var text = ""
        for (index, difference) in differences.enumerated() {
            let (sign, style): (String, Style) =
                switch difference.sign {
                case .added: ("+", .added)
                case .removed: ("-", .removed)
                case .changed: ("*", .changed)
                }
            text += terminal.styled(sign, style, on: .output) + " " + Terminal.safe(difference.words)
            if let effect {
                text += effect.touched[index].map { "; touches \(counts($0))" } ?? "; a plan counts what it touches"
            }
            text += "\n"
        }
        return text
    }

    private static func json(
        _ differences: [MappingDifference], _ effect: MappingEffect?, _ verdict: String
    ) -> JSONText {
        func counted(_ counts: [Entity: Int]) -> JSONText {
            .members(Entity.allCases.compactMap { entity in counts[entity].map { (entity.plural, .integer($0)) } })
        }
        return .members([
            ("command", "mapping diff"), ("verdict", .string(verdict)), ("exit", 0),
            (
                "differences",
                .array(
                    differences.enumerated().map { index, difference in
                        .members([
                            ("sign", .string(difference.sign.rawValue)), ("path", .string(difference.path)),
                            ("words", .string(difference.words)),
                            ("place", difference.place.map { .string($0.description) }),
                            ("touches", effect?.touched[index].map(counted)),
                        ])
                    })
            ), ("touches", effect.map { counted($0.total) }),
        ])
    }
}
