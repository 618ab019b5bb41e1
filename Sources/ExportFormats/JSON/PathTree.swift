/// The record paths of a format, merged by their keys.
struct PathTree {
    struct Node {
        var children: [(key: [UInt8], node: Int)] = []
        var path: PathIndex = -1
        var isMap = false
    }

    private(set) var nodes = [Node()]
    /// Index of the empty path; -1 when it is not listed.
    private(set) var whole: PathIndex = -1

    init(_ paths: [RecordPath]) {
        if paths.isEmpty { whole = 0 }
        for (index, path) in paths.enumerated() {
            guard !path.keys.isEmpty else {
                whole = PathIndex(index)
                continue
            }
            var node = 0
            for key in path.keys { node = child(Array(key.utf8), of: node) }
            nodes[node].path = PathIndex(index)
            nodes[node].isMap = path.isMap
        }
    }

    /// There is something to look for inside a top-level object.
    var looksInside: Bool { !nodes[0].children.isEmpty }

    /// The node a member leads to, by its raw name.
    func find(_ key: UnsafeBufferPointer<UInt8>, below node: Int) -> Int? {
        for child in nodes[node].children
        where child.key.count == key.count && child.key.elementsEqual(key) {
            return child.node
        }
        return nil
    }

    private mutating func child(_ key: [UInt8], of node: Int) -> Int {
        if let known = nodes[node].children.first(where: { $0.key == key }) { return known.node }
        nodes.append(Node())
        nodes[node].children.append((key, nodes.count - 1))
        return nodes.count - 1
    }
}
