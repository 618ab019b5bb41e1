import ConnectorCatalog
import ConnectorKit
import ConsoleKit
import ConversationModel
import Diagnostics
import FieldMapping
import Foundation
import SyncEngine
import Synchronization

/// What a command has at hand: its arguments, the project file, the terminal.
struct Session {
    let command: ParsedCommand
    let spec: CommandSpec
    let tree: CommandTree
    let project: ProjectFile
    let terminal: Terminal

    init(_ command: ParsedCommand, _ spec: CommandSpec, _ tree: CommandTree) throws {
        self.command = command
        self.spec = spec
        self.tree = tree
        project = try ProjectFile(path: command[Options.project])
        terminal = Terminal(noColour: command[Options.noColour])
    }

    var wantsJSON: Bool { command[Options.json] }
    var statePath: String {
        command.isGiven(Options.state) ? command[Options.state] : project.state ?? command[Options.state]
    }

    func source() throws -> Location { try location(0, "SOURCE", project.source) }
    func destination() throws -> Location { try location(1, "DESTINATION", project.destination) }

    private func location(_ index: Int, _ name: String, _ fallback: String?) throws -> Location {
        guard let text = command.argument(index) ?? fallback else { throw tree.missing(name, of: spec) }
        return try Location(text)
    }

    /// Files of the mapping: those of the command line, or else of the project.
    var mappingPaths: [String] {
        let given = command[Options.mapping]
        return given.isEmpty ? project.mapping : given
    }

    /// The mapping of the command line, or else of the project.
    func mapping() throws -> Mapping {
        let paths = mappingPaths
        return paths.isEmpty ? Mapping.empty : try Mapping.load(paths: paths)
    }

    /// Everything that a run between two locations needs.
    func plan() throws -> RunPlan {
        let (source, destination) = (try source(), try destination())
        let mapping = try mapping()
        var request = PassRequest(
            source: try FileSource(Platform(source.connector), path: source.path),
            destination: Platform(destination.connector), mapping: mapping.compiled(),
            workers: ProcessInfo.processInfo.activeProcessorCount)
        let kinds = command[Options.only]
        if !kinds.isEmpty {
            request.only = Set(kinds.compactMap { kind in Entity.allCases.first { $0.plural == kind.rawValue } })
        }
        request.since = command[Options.since].map { Instant(microseconds: $0.milliseconds * 1000) }
        request.limit = command[Options.limit]
        request.maxErrors = command[Options.maxErrors]
        request.trailFile = command[Options.trail]
        request.redirectFile = command[Options.redirects]
        request.threadFile = command[Options.threads]
        request.scratch = ConnectorCatalog.connector(named: "neutral").map { Platform($0) }
        var text = mapping.canonicalText
        let hash = text.withUTF8 { Digest.hex(Digest.sha256(UnsafeRawBufferPointer($0))) }
        return RunPlan(
            request: request, destinationPath: destination.path, sourceName: source.name,
            destinationName: destination.name, mappingHash: hash, statePath: statePath)
    }

    /// Progress on stderr and Ctrl-C, for the time of a run.
    func hooks(_ name: String, observer: (any RunObserver)? = nil) -> (hooks: RunHooks, end: @Sendable () -> Void) {
        let interrupt = InterruptFlag.install()
        let line = ProgressLine(
            terminal: terminal, isQuiet: command[Options.quiet] || wantsJSON && !terminal.messagesAreTerminal)
        let last = Mutex(RunProgress?.none)
        let hooks = RunHooks(
            progress: { progress in
                // A command may read more than once: what counts from nothing again is another stage.
                let before = last.withLock { last -> RunProgress? in
                    defer { last = progress }
                    return last.flatMap { progress.goesOn(from: $0) ? $0 : nil }
                }
                if before == nil {
                    let total = progress.bytesTotal > 0 ? progress.bytesTotal : nil
                    line.report(.began(stage: "\(name) \(progress.phase)", total: nil, totalBytes: total))
                }
                line.report(
                    .advanced(
                        records: progress.records - (before?.records ?? 0),
                        bytes: progress.bytesRead - (before?.bytesRead ?? 0)))
                let failed = progress.quarantined - (before?.quarantined ?? 0)
                if failed > 0 { line.report(.quarantined(failed)) }
            },
            shouldStop: { interrupt.isRequested }, observer: observer)
        return (hooks, { line.report(.ended) })
    }
}
