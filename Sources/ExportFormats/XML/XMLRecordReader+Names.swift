internal import CXML2

extension XMLRecordReader {
    /// Names of the root and of the first element below it, as far as the bytes show them.
    static func firstNames(_ source: any ByteSource, name: String) throws -> (root: String?, child: String?) {
        let reader = try XMLRecordReader(source, name: name, rule: XMLRecords(), limits: ReadLimits())
        var root: String?
        while let (element, depth) = reader.nextElement() {
            guard depth == 0 else { return (root, element) }
            root = element
        }
        return (root, nil)
    }
}
