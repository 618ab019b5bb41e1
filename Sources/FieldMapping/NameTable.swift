import ConversationModel

/// Values by name, for tables that every record looks something up in; a name keeps the place that it got first.
struct NameTable<Value: Sendable>: Sendable {
    private var index = NameIndex()
    private(set) var values: [Value] = []

    var isEmpty: Bool { values.isEmpty }

    subscript(_ name: String) -> Value? {
        guard let number = index.number(of: name) else { return nil }
        return values[number]
    }

    /// Takes a value in; one that the name has already is replaced.
    mutating func insert(_ value: Value, for name: String) {
        let number = index.number(taking: name)
        if number == values.count { values.append(value) } else { values[number] = value }
    }
}
