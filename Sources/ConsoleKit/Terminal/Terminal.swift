import Glibc

/// What the program talks to: a person at a terminal, or a file, a pipe, a log.
public struct Terminal: Sendable {
    /// Where text goes.
    public enum Channel: Sendable {
        /// stdout: data.
        case output
        /// stderr: progress and messages.
        case messages
    }

    /// Whether stdout is a terminal.
    public let outputIsTerminal: Bool
    /// Whether stderr is a terminal.
    public let messagesAreTerminal: Bool
    /// Columns; 80 where nothing tells.
    public let columns: Int
    /// Whether decorations outside ASCII come out right.
    public let showsUnicode: Bool
    private let allowsColour: Bool

    /// Looks at the streams and the environment of this process.
    ///
    /// - Parameter noColour: Whether the person asked for no colours.
    public init(noColour: Bool = false) {
        let variable: (String) -> String? = { name in getenv(name).map { String(cString: $0) } }
        self.init(
            outputIsTerminal: isatty(STDOUT_FILENO) == 1, messagesAreTerminal: isatty(STDERR_FILENO) == 1,
            windowColumns: Self.windowColumns(), noColour: noColour, environment: variable)
    }

    /// Decides from what is given, for tests and for streams of another kind.
    ///
    /// - Parameters:
    ///   - outputIsTerminal: Whether stdout is one.
    ///   - messagesAreTerminal: Whether stderr is one.
    ///   - windowColumns: What the terminal says about itself; `nil` asks `COLUMNS`.
    ///   - noColour: Whether the person asked for no colours; `NO_COLOR` and `TERM=dumb` say so too.
    ///   - environment: The variable of a name.
    public init(
        outputIsTerminal: Bool, messagesAreTerminal: Bool, windowColumns: Int? = nil, noColour: Bool = false,
        environment: (String) -> String? = { _ in nil }
    ) {
        self.outputIsTerminal = outputIsTerminal
        self.messagesAreTerminal = messagesAreTerminal
        let told = environment("COLUMNS").flatMap { Int($0) }
        columns = min(max(windowColumns ?? told.flatMap { $0 > 0 ? $0 : nil } ?? 80, 20), 1000)
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment($0) }.first { !$0.isEmpty } ?? ""
        let encoding = locale.lowercased()
        showsUnicode = encoding.hasSuffix("utf-8") || encoding.hasSuffix("utf8") || encoding.contains("utf-8@")
        let refuses = environment("NO_COLOR").map { !$0.isEmpty } ?? false
        allowsColour = !noColour && !refuses && environment("TERM") != "dumb"
    }

    /// Whether a channel is a terminal.
    public func isTerminal(_ channel: Channel) -> Bool {
        channel == .output ? outputIsTerminal : messagesAreTerminal
    }

    /// Whether text on a channel may be coloured.
    public func showsColour(on channel: Channel) -> Bool { allowsColour && isTerminal(channel) }

    /// Colours a text by meaning where the channel shows colours; the text must be safe already.
    public func styled(_ text: String, _ style: Style?, on channel: Channel = .output) -> String {
        guard let style, showsColour(on: channel), !text.isEmpty else { return text }
        return style.start + text + Style.end
    }

    /// Writes all of a text, however often the system takes only a part.
    ///
    /// - Returns: Whether all of it was taken; a reader that went away is not an error.
    @discardableResult
    public static func write(_ text: String, to channel: Channel) -> Bool {
        var text = text
        let descriptor = channel == .output ? STDOUT_FILENO : STDERR_FILENO
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while let start = rest.baseAddress, !rest.isEmpty {
                let count = Glibc.write(descriptor, start, rest.count)
                if count > 0 {
                    rest = UnsafeRawBufferPointer(rebasing: rest[count...])
                } else if errno == EAGAIN {
                    var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&wait, 1, 1000)
                } else if errno != EINTR {
                    return false
                }
            }
            return true
        }
    }

    /// A text in which nothing steers the terminal or turns the reading direction.
    ///
    /// Control characters, also those of the C1 range, line and paragraph separators and direction overrides become
    /// visible escapes (`\n`, `\u{1B}`). Names, subjects and bodies come from strangers: an escape sequence in them
    /// could rewrite what a person sees, or type for them.
    ///
    /// - Parameters:
    ///   - text: What came from outside.
    ///   - keepsLines: Whether line ends stay.
    /// - Returns: The text with escapes; what was safe is unchanged.
    public static func safe(_ text: String, keepsLines: Bool = false) -> String {
        guard text.unicodeScalars.contains(where: isSteering) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            guard isSteering(scalar), !(keepsLines && scalar == "\n") else {
                result.append(scalar)
                continue
            }
            let escape =
                switch scalar {
                case "\n": "\\n"
                case "\r": "\\r"
                case "\t": "\\t"
                default: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
                }
            result.append(contentsOf: escape.unicodeScalars)
        }
        return String(result)
    }

    /// Whether a character steers a terminal instead of showing itself.
    static func isSteering(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x206F, 0x200E, 0x200F, 0x061C, 0xFEFF, 0xFFF9...0xFFFB:
            true
        default: false
        }
    }

    private static func windowColumns() -> Int? {
        for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
            var window = winsize()
            if ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0 { return Int(window.ws_col) }
        }
        return nil
    }
}

/// What a piece of text means; the colour follows.
public enum Style: Sendable, CaseIterable {
    /// It went well.
    case good
    /// It went wrong.
    case bad
    /// Someone should look.
    case warn
    /// Less important than the rest.
    case dim
    /// More important than the rest.
    case strong
    /// Only at the source, or new.
    case added
    /// Only at the destination, or gone.
    case removed
    /// There and different.
    case changed

    var start: String {
        switch self {
        case .good, .added: "\u{1B}[32m"
        case .bad, .removed: "\u{1B}[31m"
        case .warn: "\u{1B}[33m"
        case .dim: "\u{1B}[2m"
        case .strong: "\u{1B}[1m"
        case .changed: "\u{1B}[36m"
        }
    }

    static let end = "\u{1B}[0m"
}
