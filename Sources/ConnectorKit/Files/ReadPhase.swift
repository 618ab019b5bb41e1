internal import ConversationModel
internal import ExportFormats

/// The passes that a source is read in, in this order; a file that mixes kinds of record is read in several.
public enum ReadPhase: Int, Sendable, Hashable, CaseIterable, Comparable {
    /// Records that belong to others are put aside on disk.
    case children
    /// People, companies, teams and fields.
    case people
    /// Conversations, each with what belongs to it.
    case conversations
    /// What was put aside and not asked for: groups, and records that stand for themselves.
    case gathered
    /// What was put aside, was not asked for and cannot stand for itself: it is only named.
    case orphans

    /// Whether the first comes before the second.
    public static func < (a: ReadPhase, b: ReadPhase) -> Bool { a.rawValue < b.rawValue }
}

extension Platform {
    /// The pass in which records of an export are read.
    func phase(of export: Int) -> ReadPhase {
        if joins.isChild[export] { return .children }
        return coders[export].entities.contains(.conversation) ? .conversations : .people
    }
}

extension FileSource {
    /// Whether any file is read in a pass.
    public func has(_ phase: ReadPhase) -> Bool { files.contains { $0.phases.contains(phase) } }

    /// The source with every file read in every pass that its records may ask for, for files whose beginning deceives.
    public func exhaustive() -> FileSource {
        var copy = self
        copy.files = files.map { file in
            var file = file
            file.phases = Self.possiblePhases(file, platform)
            return file
        }
        copy.isExhaustive = true
        return copy
    }

    static func possiblePhases(_ file: RecognisedFile, _ platform: Platform) -> Set<ReadPhase> {
        Set(file.candidates.flatMap(\.self).map { platform.phase(of: $0) })
    }

    /// The passes that a file is read in: those of the records in its first batch, or all that it may hold where that
    /// does not tell.
    static func phases(of file: RecognisedFile, _ platform: Platform) -> Set<ReadPhase> {
        let possible = possiblePhases(file, platform)
        guard possible.count > 1, let reader = try? file.format.open(file.file), let parser = try? JSONParser(),
            let batch = try? reader.nextBatch()
        else { return possible }
        var met: Set<ReadPhase> = []
        batch.bytes.withBytes { bytes in
            for span in batch.records {
                let text = UnsafeBufferPointer(rebasing: bytes[span.offset..<(span.offset + span.count)])
                guard let view = try? parser.parse(text),
                    let export = file.export(of: view, path: span.path, in: platform)
                else { continue }
                met.insert(platform.phase(of: export))
                if met == possible { return }
            }
        }
        // Dumps of whole tables stand one behind the other in one file, so its beginning says little of the rest.
        if case .xml(_) = file.format, (try? reader.nextBatch()) != nil { return possible }
        return met.isEmpty ? possible : met
    }
}
