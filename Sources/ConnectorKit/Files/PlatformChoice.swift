internal import ExportFormats

/// Which of several platforms gave the files of a location, as far as the files' first bytes tell.
///
/// Every platform is asked about every file. A file speaks for a platform by its ``Evidence``, and as much as its share of
/// the location's files and bytes; so it is not the platform that claims most files, but the one whose records they are.
public struct PlatformChoice: Sendable {
    /// A platform that could have given the files.
    public struct Candidate: Sendable {
        /// The files that it takes.
        public let source: FileSource
        /// How much speaks for it; only compared with that of others.
        let score: Double
        /// Files of the location, those that it does not take among them.
        let fileCount: Int
    }

    /// The platforms that take any file, the likeliest first.
    public let candidates: [Candidate]

    /// Asks platforms about a location.
    ///
    /// - Parameters:
    ///   - platforms: The platforms that are known.
    ///   - path: A file or directory; one that cannot be read is no platform's.
    public init(among platforms: [Platform], path: String) {
        let files = (try? ExportFiles.list(path))?.files ?? []
        let bytes = files.reduce(0) { $0 + $1.size }
        func share(_ file: RecognisedFile) -> Double {
            (1 / Double(files.count) + (bytes == 0 ? 0 : Double(file.size) / Double(bytes))) / 2
        }
        let found = platforms.compactMap { platform -> Candidate? in
            guard let source = try? FileSource(platform, path: path), !source.files.isEmpty else { return nil }
            let score = source.files.reduce(0) { $0 + share($1) * $1.evidence.weight }
            return Candidate(source: source, score: score, fileCount: files.count)
        }
        candidates = found.sorted { $0.score > $1.score }
    }

    /// How much of the likeliest candidate's score another must have to be as likely.
    private static let margin = 0.8

    /// Those that are as likely as the likeliest; where no record is to be seen, all that take a file.
    public var likely: [Candidate] {
        guard let best = candidates.first else { return [] }
        let least = best.seesRecords ? best.score * Self.margin : 0
        return candidates.filter { $0.score >= least }
    }

    /// The platform, where one alone is likely and more than names speaks for it.
    public var decided: Candidate? {
        likely.count == 1 ? likely.first { $0.basis > .name } : nil
    }

    /// Whether nothing but empty files, names and lists without records is there to choose by.
    public var isBlind: Bool { candidates.first.map { !$0.seesRecords } ?? true }
}

extension PlatformChoice.Candidate {
    /// The best that was seen of any file.
    fileprivate var basis: Evidence.Basis { source.files.map(\.evidence.basis).max() ?? .name }
    fileprivate var seesRecords: Bool { basis == .record }

    /// What speaks for the platform, in plain words.
    ///
    /// `5 of 6 files with conversations, users: the records have the keys Acme gives (31 of 33)`.
    public var reason: String {
        let platform = source.platform.connector
        let all = source.files.map(\.evidence)
        var streams: [String] = []
        for name in all.compactMap({ $0.export.map { platform.exports[$0].name } }) where !streams.contains(name) {
            streams.append(name)
        }
        let shown = streams.prefix(6).joined(separator: ", ") + (streams.count > 6 ? " and others" : "")
        let files = "\(all.count) of \(fileCount) \(fileCount == 1 ? "file" : "files")"
        return files + (shown.isEmpty ? "" : " with " + shown) + ": "
            + signs(all, platform.title).joined(separator: "; ")
    }

    private func signs(_ all: [Evidence], _ title: String) -> [String] {
        var signs: [String] = []
        let records = all.filter { $0.basis == .record && $0.keys > 0 }
        let keys = records.reduce(0) { $0 + $1.keys }
        let known = records.reduce(0) { $0 + $1.known }
        if keys > 0 {
            signs.append(
                known * 2 >= keys
                    ? "the records have the keys \(title) gives (\(known) of \(keys))"
                    : "the records have few of the keys \(title) gives (\(known) of \(keys))")
        }
        if records.contains(where: \.isMarked) { signs.append("they say themselves what they are") }
        if all.contains(where: { $0.basis == .record && $0.keys == 0 }) {
            signs.append("the elements are those \(title) gives")
        }
        for (basis, sign) in [
            (Evidence.Basis.envelope, "by the key that records would stand under"), (.name, "by name"),
        ] {
            let count = all.count { $0.basis == basis }
            if count > 0 { signs.append((count == all.count ? "only " : "\(count) of them only ") + sign) }
        }
        return signs
    }
}
