/// Finds keys by their first and last eight bytes and their length; for the keys of one compiled object.
///
/// One multiplication and usually one comparison a look-up; only keys of more than sixteen bytes are looked at themselves.
struct KeyTable: Sendable {
    private struct Place: Sendable {
        var head: UInt64 = 0
        var tail: UInt64 = 0
        var count = -1
        var index = -1
    }

    private let keys: [[UInt8]]
    private let places: [Place]
    private let shift: UInt64

    init(_ keys: [[UInt8]]) {
        self.keys = keys
        var bits: UInt64 = 4
        while 1 << bits < keys.count * 3 { bits += 1 }
        shift = 64 - bits
        let mask = (1 << Int(bits)) - 1
        var places = [Place](repeating: Place(), count: mask + 1)
        for (index, key) in keys.enumerated() {
            // The words are read with the padding that keys from a tape have.
            (key + [UInt8](repeating: 0, count: 8)).withUnsafeBufferPointer { padded in
                guard let base = padded.baseAddress else { return }
                let (head, tail) = Self.words(base, key.count)
                var at = Self.place(head, tail, key.count, 64 - bits)
                while places[at].count >= 0 { at = (at + 1) & mask }
                places[at] = Place(head: head, tail: tail, count: key.count, index: index)
            }
        }
        self.places = places
    }

    /// Index of a key from a tape, behind which eight bytes may be read.
    @inline(__always)
    func index(_ key: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let base = key.baseAddress else { return nil }
        let (head, tail) = Self.words(base, key.count)
        var at = Self.place(head, tail, key.count, shift)
        while true {
            let place = places[at]
            if place.head == head, place.tail == tail, place.count == key.count,
                key.count <= 16 || keys[place.index].withUnsafeBufferPointer({ $0.equals(key) })
            {
                return place.index
            }
            if place.count < 0 { return nil }
            at = (at &+ 1) & (places.count &- 1)
        }
    }

    /// A hash of a key from a tape, behind which eight bytes may be read.
    @inline(__always)
    static func hash(_ key: UnsafeBufferPointer<UInt8>, _ seed: UInt64) -> UInt64 {
        guard let base = key.baseAddress else { return seed }
        var hash = seed ^ UInt64(key.count)
        var at = 0
        while at &+ 8 < key.count {
            let word = UnsafeRawPointer(base + at).loadUnaligned(as: UInt64.self)
            hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash &>> 29
            at &+= 8
        }
        let (last, _) = words(base + at, key.count &- at)
        hash = (hash ^ last) &* 0x9E37_79B9_7F4A_7C15
        return hash ^ (hash &>> 29)
    }

    @inline(__always)
    private static func words(_ base: UnsafePointer<UInt8>, _ count: Int) -> (head: UInt64, tail: UInt64) {
        let head = UnsafeRawPointer(base).loadUnaligned(as: UInt64.self)
        guard count >= 8 else { return (head & ((1 &<< UInt64(8 &* count)) &- 1), 0) }
        return (head, UnsafeRawPointer(base + (count &- 8)).loadUnaligned(as: UInt64.self))
    }

    @inline(__always)
    private static func place(_ head: UInt64, _ tail: UInt64, _ count: Int, _ shift: UInt64) -> Int {
        Int(truncatingIfNeeded: ((head ^ (tail &<< 7) ^ UInt64(count)) &* 0x9E37_79B9_7F4A_7C15) &>> shift)
    }
}
