internal import ConnectorKit

extension PassRequest {
    /// Whether the source's exports can hold contents of files and the destination's can too.
    private var carriesContents: Bool { source.platform.keepsContents && destination.keepsContents }

    /// The request with a scratch directory for contents beside the destination, where any are carried.
    ///
    /// - Throws: `destination/unwritable`.
    func withContents(beside partial: String) throws -> PassRequest {
        guard carriesContents else { return self }
        var request = self
        request.contents = try ContentStore(partial + ".contents")
        return request
    }
}
