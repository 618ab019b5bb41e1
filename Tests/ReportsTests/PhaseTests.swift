import ConnectorKit
import Foundation
import SyncEngine
import Synchronization
import Testing

/// Progress of a run, phase by phase, and what an inventory finds in each file.
@Suite struct PhaseTests {
    /// What hooks were told.
    private final class Heard: Sendable {
        private let all = Mutex<[RunProgress]>([])
        var events: [RunProgress] { all.withLock { $0 } }
        var hooks: RunHooks { RunHooks(progress: { event in self.all.withLock { $0.append(event) } }) }
    }

    private func size(_ names: [String], _ sample: Sample) throws -> Int {
        try names.reduce(0) { sum, name in
            let path = sample.directory + "/bundle/\(name).jsonl"
            return sum + (try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0)
        }
    }

    @Test func eachPhaseIsMeasuredAgainstTheFilesThatItReads() async throws {
        let sample = try Sample(hostile: false, broken: 1)
        defer { sample.clear() }
        let heard = Heard()
        _ = try await Engine.plan(sample.runPlan(), hooks: heard.hooks)
        let phases = [
            ("people", try size(["agents", "contacts", "fields"], sample), 4, 0),
            ("conversations", try size(["conversations"], sample), 40, 1),
        ]
        for (name, size, records, quarantined) in phases {
            let events = heard.events.filter { $0.phase == name }
            let (first, last) = (try #require(events.first), try #require(events.last))
            #expect(first.bytesRead == 0 && first.records == 0, "\(name): a phase begins from nothing")
            #expect(events.allSatisfy { $0.bytesTotal == size }, "\(name)")
            #expect(last.bytesRead == size && last.records == records && last.quarantined == quarantined, "\(name)")
            for (earlier, later) in zip(events, events.dropFirst()) { #expect(later.goesOn(from: earlier)) }
        }
        #expect(heard.events.map(\.phase).first == "people")
    }

    @Test func anInventoryIsOnePhaseWithAName() throws {
        let sample = try Sample(hostile: false, broken: 0)
        defer { sample.clear() }
        let heard = Heard()
        let plan = try sample.runPlan()
        let inventory = try Inventory.of(plan.request.source, hooks: heard.hooks)
        #expect(Set(heard.events.map(\.phase)) == ["records"])
        let last = try #require(heard.events.last)
        #expect(last.records == 44 && last.bytesRead == plan.request.source.bytes && last.bytesTotal == last.bytesRead)
        #expect(inventory.report.bytesRead > 0)
        let found = inventory.files.map { $0.found.map { "\($0.count) \($0.stream)" } }
        #expect(Set(found) == [["40 conversations"], ["2 agents"], ["1 contacts"], ["1 fields"]])
    }
}
