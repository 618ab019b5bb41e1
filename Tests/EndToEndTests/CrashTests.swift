import Foundation
import Testing

/// A run that dies anywhere leaves nothing half done: the same line again ends in the bytes of one clean run.
@Suite struct CrashTests {
    private func clean() throws -> (first: [String: Data], second: [String: Data]) {
        let program = try Program()
        defer { program.clear() }
        #expect(try program.run("migrate zendesk:export intercom:out").exit == 0)
        let first = program.files("out")
        try program.dropLaterSnapshot()
        #expect(try program.run("sync zendesk:export intercom:out").exit == 0)
        return (first, program.files("out"))
    }

    @Test func deathAtAnyPlaceOfAMigrationEndsInTheSameBytes() throws {
        let wanted = try clean().first
        var deaths = 0
        for place in 1... {
            let program = try Program()
            defer { program.clear() }
            let result = try program.run(
                "migrate zendesk:export intercom:out", environment: ["DESKFERRY_CRASH_AT": "*#\(place)"])
            if !result.died { break }
            deaths += 1
            let seen = program.files("out")
            #expect(seen.isEmpty || seen == wanted, "place \(place): half an output stands")
            let again = try program.run("migrate zendesk:export intercom:out")
            #expect(again.exit == 0, "place \(place): \(again.messages)")
            #expect(program.files("out") == wanted, "place \(place)")
            #expect(try program.run("verify zendesk:export intercom:out").exit == 0, "place \(place)")
        }
        #expect(deaths >= 10)
        print("died at \(deaths) places of a migration, each time ended in the same bytes")
    }

    @Test func deathAtAnyPlaceOfADeltaEndsInTheSameBytes() throws {
        let wanted = try clean().second
        var deaths = 0
        for place in 1... {
            let program = try Program()
            defer { program.clear() }
            _ = try program.run("migrate zendesk:export intercom:out")
            try program.dropLaterSnapshot()
            let result = try program.run(
                "sync zendesk:export intercom:out", environment: ["DESKFERRY_CRASH_AT": "*#\(place)"])
            if !result.died { break }
            deaths += 1
            #expect(try program.run("sync zendesk:export intercom:out").exit == 0, "place \(place)")
            #expect(program.files("out") == wanted, "place \(place)")
        }
        #expect(deaths >= 10)
        print("died at \(deaths) places of a delta run, each time ended in the same bytes")
    }
}
