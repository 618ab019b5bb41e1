/// Numbers names in the order in which they come, for the few names that records bring again by the million.
///
/// An open table, half empty at least, over a hash that is quick and not keyed: names that were made to collide cost
/// time and nothing else.
public struct NameIndex: Sendable {
    /// The names by their numbers.
    public private(set) var names: [String] = []
    private var slots: [(hash: UInt64, number: Int)] = []

    /// Creates an index without names.
    public init() {}

    /// The number of a name; `nil` when it has none.
    public func number(of name: String) -> Int? {
        guard !slots.isEmpty else { return nil }
        let hash = Self.hash(name)
        let number = slots[slot(of: name, hash)].number
        return number < 0 ? nil : number
    }

    /// The number of a name, which gets the next one when it has none.
    public mutating func number(taking name: String) -> Int {
        if (names.count + 1) * 2 > slots.count { grow() }
        let hash = Self.hash(name)
        let slot = slot(of: name, hash)
        if slots[slot].number < 0 {
            slots[slot] = (hash, names.count)
            names.append(name)
        }
        return slots[slot].number
    }

    /// Where the name stands, or where it would.
    private func slot(of name: String, _ hash: UInt64) -> Int {
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot].number >= 0, slots[slot].hash != hash || names[slots[slot].number] != name {
            slot = (slot + 1) & (slots.count - 1)
        }
        return slot
    }

    private mutating func grow() {
        slots = Array(repeating: (0, -1), count: max(16, slots.count * 2))
        for (number, name) in names.enumerated() {
            let hash = Self.hash(name)
            slots[slot(of: name, hash)] = (hash, number)
        }
    }

    private static func hash(_ name: String) -> UInt64 {
        // Native texts give their bytes away without being copied or counted.
        name.utf8.withContiguousStorageIfAvailable(hash) ?? Array(name.utf8).withUnsafeBufferPointer(hash)
    }

    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash = UInt64(bytes.count)
        var word: UInt64 = 0
        for index in bytes.indices {
            word = word << 8 | UInt64(bytes[index])
            if index & 7 == 7 {
                hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
                word = 0
            }
        }
        hash = (hash ^ (hash >> 32) ^ word) &* 0x9E37_79B9_7F4A_7C15
        return hash ^ (hash >> 32)
    }
}
