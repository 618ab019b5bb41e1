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

    @Test func aRunThatDiesLeavesTheEarlierTables() throws {
        let program = try Program()
        defer { program.clear() }
        let tables = ["threads.csv", "redirects.csv", "trail.csv"]
        func path(_ table: String) -> String { program.directory + "/" + table }
        func table(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }
        for name in tables { try "earlier\n".write(toFile: path(name), atomically: false, encoding: .utf8) }
        let line =
            "migrate zendesk:export intercom:out --threads threads.csv --redirects redirects.csv --trail trail.csv"
        let result = try program.run(line, environment: ["DESKFERRY_CRASH_AT": "pass.read"])
        #expect(result.died, "\(result.messages)")
        for name in tables { #expect(try table(name) == "earlier\n") }
        #expect(try program.run(line).exit == 0)
        for name in tables { #expect(try table(name).contains("earlier") == false) }
        #expect(try table("redirects.csv").hasPrefix("old_id,old_number,old_url,new_id,new_url\n"))
    }
}
