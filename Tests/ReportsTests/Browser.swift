import Foundation
import Glibc

/// A headless Chromium, steered over a pair of pipes by its own protocol: no driver, no library, no port.
///
/// Source: <https://chromedevtools.github.io/devtools-protocol/>.
final class Browser {
    private let process: pid_t
    private let input: Int32
    private let output: Int32
    private let profile: String
    private var buffer: [UInt8] = []
    private var number = 0
    private var session: String?
    private var hasLoaded = false
    /// Everything the page complained of: exceptions, refused scripts, blocked requests.
    private(set) var complaints: [String] = []

    struct Fault: Error, CustomStringConvertible { let description: String }

    /// The program, where this machine has one.
    static let executable: String? = {
        let environment = ProcessInfo.processInfo.environment
        if let given = environment["CHROMIUM"] { return given }
        for folder in (environment["PATH"] ?? "").split(separator: ":") {
            for name in ["chromium", "chromium-browser", "google-chrome"] {
                let path = folder + "/" + name
                if FileManager.default.isExecutableFile(atPath: path) { return path }
            }
        }
        return nil
    }()

    init(width: Int = 1280, height: Int = 900) throws {
        guard let executable = Self.executable else { throw Fault(description: "no Chromium") }
        profile = NSTemporaryDirectory() + "deskferry-browser-" + UUID().uuidString
        var toBrowser: [Int32] = [0, 0]
        var fromBrowser: [Int32] = [0, 0]
        guard pipe(&toBrowser) == 0, pipe(&fromBrowser) == 0 else { throw Fault(description: "no pipe") }
        for descriptor in toBrowser + fromBrowser { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        // The browser wants its ends as 3 and 4; they are moved out of the way first.
        let reads = fcntl(toBrowser[0], F_DUPFD_CLOEXEC, 40)
        let writes = fcntl(fromBrowser[1], F_DUPFD_CLOEXEC, 40)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, reads, 3)
        posix_spawn_file_actions_adddup2(&actions, writes, 4)
        for descriptor: Int32 in [1, 2] {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
        }
        var arguments = [
            executable, "--headless=new", "--disable-gpu", "--remote-debugging-pipe", "--no-first-run",
            "--user-data-dir=" + profile, "--window-size=\(width),\(height)", "about:blank",
        ]
        if getuid() == 0 { arguments.insert("--no-sandbox", at: 1) }
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var id = pid_t()
        let failure = posix_spawn(&id, executable, &actions, nil, &words, environ)
        for descriptor in [toBrowser[0], fromBrowser[1], reads, writes] { close(descriptor) }
        guard failure == 0 else { throw Fault(description: "\(executable) does not start") }
        process = id
        input = toBrowser[1]
        output = fromBrowser[0]
        let target = try call("Target.createTarget", ["url": "about:blank"])["targetId"] ?? ""
        session = try call("Target.attachToTarget", ["targetId": target, "flatten": true])["sessionId"] as? String
        for domain in ["Page", "Runtime", "Log"] { try call(domain + ".enable") }
    }

    deinit {
        kill(process, SIGKILL)
        var status: Int32 = 0
        waitpid(process, &status, 0)
        close(input)
        close(output)
        try? FileManager.default.removeItem(atPath: profile)
    }

    // MARK: Steering

    /// Opens a file and returns once it is loaded and its script has run.
    func open(_ path: String) throws {
        hasLoaded = false
        try call("Page.navigate", ["url": URL(filePath: path).absoluteString])
        while !hasLoaded { try take(next()) }
        guard try evaluate("document.documentElement.dataset.ready") as? String == "true" else {
            throw Fault(description: "the page's script did not come to its end: \(complaints)")
        }
    }

    /// Runs an expression in the page and returns its value.
    @discardableResult
    func evaluate(_ expression: String) throws -> Any? {
        let answer = try call(
            "Runtime.evaluate", ["expression": expression, "returnByValue": true, "awaitPromise": true])
        if let exception = answer["exceptionDetails"] { throw Fault(description: "\(exception)") }
        return (answer["result"] as? [String: Any])?["value"]
    }

    func number(_ expression: String) throws -> Double { (try evaluate(expression) as? NSNumber)?.doubleValue ?? .nan }

    func text(_ expression: String) throws -> String { try evaluate(expression) as? String ?? "" }

    /// Presses the mouse on the middle of an element, as a hand does.
    func click(_ selector: String) throws {
        let place =
            try evaluate(
                """
                (() => { const node = document.querySelector(\(Self.quoted(selector)));
                  node.scrollIntoView({block: "center"}); const box = node.getBoundingClientRect();
                  return [box.x + Math.min(box.width / 2, 60), box.y + box.height / 2]; })()
                """) as? [NSNumber]
        guard let place, place.count == 2 else { throw Fault(description: "nothing at \(selector)") }
        for type in ["mousePressed", "mouseReleased"] {
            try call(
                "Input.dispatchMouseEvent",
                ["type": type, "x": place[0], "y": place[1], "button": "left", "clickCount": 1])
        }
    }

    /// Types letters, one key after the other.
    func type(_ letters: String) throws {
        for letter in letters {
            try call("Input.dispatchKeyEvent", ["type": "keyDown", "text": String(letter), "key": String(letter)])
            try call("Input.dispatchKeyEvent", ["type": "keyUp", "key": String(letter)])
        }
    }

    /// Presses a key that has a name.
    func press(_ key: String, code: Int) throws {
        for type in ["keyDown", "keyUp"] {
            var event: [String: Any] = ["type": type, "key": key, "code": key, "windowsVirtualKeyCode": code]
            if key == "Enter", type == "keyDown" { event["text"] = "\r" }
            try call("Input.dispatchKeyEvent", event)
        }
    }

    func resize(width: Int, height: Int) throws {
        try call(
            "Emulation.setDeviceMetricsOverride",
            ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600])
    }

    static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    // MARK: Protocol

    @discardableResult
    func call(_ method: String, _ parameters: [String: Any] = [:]) throws -> [String: Any] {
        number += 1
        var message: [String: Any] = ["id": number, "method": method, "params": parameters]
        if let session { message["sessionId"] = session }
        var bytes = [UInt8](try JSONSerialization.data(withJSONObject: message)) + [0]
        while !bytes.isEmpty {
            let count = write(input, bytes, bytes.count)
            guard count > 0 else { throw Fault(description: "the browser is gone") }
            bytes.removeFirst(count)
        }
        while true {
            let answer = try next()
            if let id = answer["id"] as? Int, id == number {
                if let error = answer["error"] { throw Fault(description: "\(method): \(error)") }
                return answer["result"] as? [String: Any] ?? [:]
            }
            try take(answer)
        }
    }

    private func take(_ message: [String: Any]) throws {
        guard let event = message["method"] as? String else { return }
        if event == "Page.loadEventFired" { hasLoaded = true }
        if ["Runtime.exceptionThrown", "Log.entryAdded", "Page.javascriptDialogOpening"].contains(event) {
            complaints.append("\(event): \(message["params"] ?? "")")
        }
    }

    private func next() throws -> [String: Any] {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            if let end = buffer.firstIndex(of: 0) {
                let message = Data(buffer[..<end])
                buffer.removeSubrange(...end)
                return try JSONSerialization.jsonObject(with: message) as? [String: Any] ?? [:]
            }
            var wait = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            guard poll(&wait, 1, 60_000) > 0 else { throw Fault(description: "the browser does not answer") }
            let count = read(output, &chunk, chunk.count)
            guard count > 0 else { throw Fault(description: "the browser is gone") }
            buffer += chunk[..<count]
        }
    }
}
