import Foundation
import Testing

/// Rules of the house that no compiler holds.
@Suite struct HouseTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// What each module may import of the house; arrows run down only.
    static let imports: [String: Set<String>] = {
        let vendor: Set<String> = ["Diagnostics", "ConversationModel", "ConnectorKit"]
        var table: [String: Set<String>] = [
            "Diagnostics": [],
            "ConversationModel": ["Diagnostics"],
            "FieldMapping": ["Diagnostics", "ConversationModel", "ExportFormats", "CCrypto"],
            "StateStore": ["Diagnostics", "CSQLite"],
            "ExportFormats": ["Diagnostics", "CXML2", "CArchive"],
            "ConnectorKit": ["Diagnostics", "ConversationModel", "ExportFormats", "CSimdJSON", "CCrypto"],
            "ConnectorCatalog": ["ConnectorKit"],
            "SyncEngine": ["Diagnostics", "ConversationModel", "FieldMapping", "StateStore", "ConnectorKit"],
            "Reports": ["Diagnostics", "ConversationModel", "ExportFormats", "ConnectorKit", "SyncEngine"],
            "ConsoleKit": ["Diagnostics"],
        ]
        let house = Set(table.keys)
        for name in vendors {
            table[name] = vendor
            table["ConnectorCatalog"]?.insert(name)
        }
        table["deskferry"] = house
        return table
    }()

    static let vendors: [String] =
        (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: "Connectors").path))?
        .filter { !$0.hasPrefix(".") }.sorted() ?? []

    private func files(_ folder: String, _ suffix: String = ".swift") -> [(path: String, text: String)] {
        let base = Self.root.appending(path: folder).path
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: base)) ?? []
        return names.filter { $0.hasSuffix(suffix) }.sorted().compactMap { name in
            (try? String(contentsOfFile: base + "/" + name, encoding: .utf8)).map { (folder + "/" + name, $0) }
        }
    }

    private func module(of path: String) -> String { String(path.split(separator: "/")[1]) }

    @Test func importsRunDownOnly() throws {
        let allowedOutside: Set<String> = ["Foundation", "Glibc", "Synchronization"]
        let sources = files("Sources") + files("Connectors")
        #expect(sources.count > 60)
        for (path, text) in sources where !path.contains("CSimdJSON") {
            let allowed = try #require(Self.imports[module(of: path)], "\(path) lies in no known module")
            for line in text.split(separator: "\n") {
                let words = line.split(separator: " ")
                guard let at = words.firstIndex(of: "import"), at <= 1, words.count == at + 2, !line.hasPrefix(" ")
                else { continue }
                let name = String(words[at + 1])
                #expect(allowed.contains(name) || allowedOutside.contains(name), "\(path) imports \(name)")
            }
        }
    }

    @Test func filesStayShort() {
        for (path, text) in files("Sources") + files("Connectors") + files("Tests") {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
            #expect(lines < 800, "\(path) has \(lines) lines")
        }
    }

    @Test func nothingEndsTheProgramByForce() {
        for (path, text) in files("Sources") + files("Connectors") {
            #expect(!text.contains("try!"), "\(path)")
            #expect(!text.contains("fatalError("), "\(path)")
            #expect(!text.contains("as!"), "\(path)")
        }
    }

    @Test func everyEscapeFromTheConcurrencyCheckSaysWhy() {
        var found = 0
        for (path, text) in files("Sources") + files("Connectors") {
            for line in text.split(separator: "\n")
            where line.contains("@unchecked Sendable") || line.contains("nonisolated(unsafe)") {
                found += 1
                #expect(line.contains("//"), "\(path): \(line)")
            }
        }
        #expect(found <= 8, "there are \(found) of them")
    }

    @Test func noVendorIsNamedOutsideItsFolder() {
        let names = ["kustomer", "livechat", "zendesk", "freshchat", "hubspot", "intercom", "servicenow"]
        for (path, text) in files("Sources") where !path.contains("ConnectorCatalog") && !path.contains("Rehearsal") {
            for (number, line) in text.lowercased().split(separator: "\n", omittingEmptySubsequences: false)
                .enumerated()
            {
                // Examples in help and comments are for people.
                let isExample =
                    line.contains("///") || line.contains("deskferry ") || line.contains("such as")
                    || line.contains("hint:")
                for name in names where !isExample { #expect(!line.contains(name), "\(path):\(number + 1)") }
            }
        }
    }

    @Test func everyConnectorHasItsPapers() {
        #expect(Self.vendors.count >= 4)
        for vendor in Self.vendors {
            let readme = files("Connectors/\(vendor)", "README.md").first?.text ?? ""
            for heading in ["# ", "## What survives", "## What cannot survive"] {
                #expect(readme.contains(heading), "\(vendor): '\(heading)'")
            }
            let fixtures = Self.root.appending(path: "Connectors/\(vendor)/Fixtures").path
            #expect((try? FileManager.default.contentsOfDirectory(atPath: fixtures).isEmpty) == false, "\(vendor)")
            #expect(
                files("Sources/ConnectorCatalog").contains { $0.text.contains("\(vendor)Connector.connector") },
                "\(vendor)")
        }
    }

    @Test func everyTestFolderIsBuilt() throws {
        let package = try String(contentsOf: Self.root.appending(path: "Package.swift"), encoding: .utf8)
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.root.appending(path: "Tests").path)
        for folder in folders where folder.hasSuffix("Tests") {
            #expect(package.contains("\"\(folder)\""), "\(folder)")
        }
    }

    @Test func documentsNameCodeThatExists() throws {
        let code = (files("Sources") + files("Connectors") + files("Tests")).map(\.text).joined(separator: "\n")
        let name = try Regex("`([A-Z][A-Za-z]+)(\\.[a-zA-Z]+)?[^`]*`")
        for (path, text) in files("docs", ".md") where !path.hasSuffix("MAPPING.md") {
            for match in text.matches(of: name) {
                guard let word = match.output[1].substring, word.count > 3 else { continue }
                #expect(
                    code.contains(word) || Self.imports[String(word)] != nil || word.hasPrefix("Connectors"),
                    "\(path): \(word)")
            }
        }
    }
}
