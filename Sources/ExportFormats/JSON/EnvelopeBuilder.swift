extension EnvelopeText {
    /// Gathers what surrounds the records of a document while windows come and go.
    struct Builder {
        static let limit = 16 << 20

        private var bytes: [UInt8] = []
        /// Where in the window copying goes on; `nil` while records pass.
        private var from: Int?
        private var isOverflown = false

        /// Forgets all; with a place, everything from there belongs to the envelope.
        mutating func start(at place: Int?) {
            bytes.removeAll(keepingCapacity: true)
            from = place
            isOverflown = false
        }

        /// Takes what stands before a place.
        mutating func take(_ base: UnsafePointer<UInt8>, _ place: Int) {
            guard let from, place > from else { return }
            if bytes.count + place - from > Self.limit { isOverflown = true }
            if !isOverflown { bytes.append(contentsOf: UnsafeBufferPointer(start: base + from, count: place - from)) }
            self.from = place
        }

        mutating func pause(_ base: UnsafePointer<UInt8>, _ place: Int) {
            take(base, place)
            from = nil
        }

        mutating func resume(at place: Int) { from = place }

        mutating func shift(_ distance: Int) {
            if let from { self.from = from - distance }
        }

        /// The whole text, or `nil` when it grew too large.
        mutating func end(_ base: UnsafePointer<UInt8>, _ place: Int) -> PaddedBytes? {
            pause(base, place)
            guard !isOverflown else { return nil }
            return bytes.withUnsafeBufferPointer { PaddedBytes(copying: $0) }
        }
    }
}
