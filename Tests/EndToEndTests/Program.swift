import Foundation

/// The built program, run as a person runs it: in a directory of its own, as a process of its own.
struct Program {
    let directory: String

    /// The bundled export and a later snapshot of it.
    static let demo = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "DemoExport").path

    static let executable: String = {
        let arguments = ProcessInfo.processInfo.arguments
        var places = arguments.indices.dropLast().filter { arguments[$0] == "--test-bundle-path" }.map {
            arguments[$0 + 1]
        }
        places.append(arguments[0])
        places.append(Bundle.main.bundlePath + "/x")
        for place in places {
            let sibling = URL(filePath: place).deletingLastPathComponent().appending(path: "deskferry").path
            if FileManager.default.isExecutableFile(atPath: sibling) { return sibling }
        }
        return "deskferry"
    }()

    init() throws {
        directory = NSTemporaryDirectory() + "deskferry-run-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: Self.demo + "/base", toPath: directory + "/export")
    }

    func clear() { try? FileManager.default.removeItem(atPath: directory) }

    struct Result {
        let exit: Int32
        let died: Bool
        let output: String
        let messages: String

        var json: [String: Any] {
            (try? JSONSerialization.jsonObject(with: Data(output.utf8))) as? [String: Any] ?? [:]
        }

        func count(_ entity: String, _ name: String) -> Int {
            ((json["counts"] as? [String: Any])?[entity] as? [String: Int])?[name] ?? 0
        }
    }

    /// Runs a line, split at blanks.
    func run(_ line: String, environment: [String: String] = [:], interruptAfter: Duration? = nil) throws -> Result {
        let process = Process()
        process.executableURL = URL(filePath: Self.executable)
        process.arguments = line.split(separator: " ").map(String.init)
        process.currentDirectoryURL = URL(filePath: directory)
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let out = directory + "/.out-" + UUID().uuidString
        let messages = out + "-messages"
        for path in [out, messages] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
        process.standardOutput = FileHandle(forWritingAtPath: out)
        process.standardError = FileHandle(forWritingAtPath: messages)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        if interruptAfter != nil { process.interrupt() }
        process.waitUntilExit()
        defer {
            try? FileManager.default.removeItem(atPath: out)
            try? FileManager.default.removeItem(atPath: messages)
        }
        let died = process.terminationReason == .uncaughtSignal || process.terminationStatus == 137
        return Result(
            exit: process.terminationStatus, died: died,
            output: (try? String(contentsOfFile: out, encoding: .utf8)) ?? "",
            messages: (try? String(contentsOfFile: messages, encoding: .utf8)) ?? "")
    }

    /// Puts the later snapshot over the first.
    func dropLaterSnapshot() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: Self.demo + "/later") {
            let target = directory + "/export/" + name
            if FileManager.default.fileExists(atPath: target) { try FileManager.default.removeItem(atPath: target) }
            try FileManager.default.copyItem(atPath: Self.demo + "/later/" + name, toPath: target)
        }
    }

    /// Every file below a directory, by name, with its bytes.
    func files(_ name: String) -> [String: Data] {
        var files: [String: Data] = [:]
        for path in (try? FileManager.default.subpathsOfDirectory(atPath: directory + "/" + name)) ?? [] {
            if let data = FileManager.default.contents(atPath: directory + "/" + name + "/" + path) {
                files[path] = data
            }
        }
        return files
    }

    func write(_ text: String, to name: String) throws {
        let path = directory + "/" + name
        try FileManager.default.createDirectory(
            atPath: URL(filePath: path).deletingLastPathComponent().path, withIntermediateDirectories: true)
        try text.write(toFile: path, atomically: false, encoding: .utf8)
    }
}
