/// The stretch of a file a reader looks at; handed out whole as the bytes of a batch, so records are never copied.
final class InputWindow {
    private let source: any ByteSource
    private let target: Int
    private var capacity: Int
    /// The bytes; `PaddedBytes.padding` more may be read behind `count`.
    private(set) var base: UnsafeMutablePointer<UInt8>
    private(set) var count = 0
    private(set) var isAtEnd = false
    /// Why the source could not be read further; what was read before it is still worth looking at.
    private(set) var failure: (any Error)?
    /// Byte of the file that stands first here.
    private(set) var offset: Int

    init(_ source: any ByteSource, target: Int, offset: Int) {
        self.source = source
        self.target = max(1, target)
        self.offset = offset
        capacity = self.target
        base = ByteMemory.allocate(capacity)
    }

    deinit { base.deallocate() }

    /// Reads until the window is full or the file ends; a failure is an end with a reason.
    func fill() {
        while count < capacity, !isAtEnd {
            do {
                let free = UnsafeMutableRawBufferPointer(start: base + count, count: capacity - count)
                let more = try source.read(into: free)
                if more == 0 { isAtEnd = true }
                count += more
            } catch {
                failure = error
                isAtEnd = true
            }
        }
    }

    /// Drops what stands before `keep`, grows when nothing does, and reads on.
    func advance(keeping keep: Int) {
        if keep > 0 {
            base.update(from: base + keep, count: count - keep)
            count -= keep
            offset += keep
        }
        if count * 2 > capacity { reallocate(to: max(capacity * 2, target)) }
        fill()
    }

    /// Gives the bytes away and goes on in new memory with what stands from `keep`.
    func handOver(keeping keep: Int) -> PaddedBytes {
        let tail = count - keep
        let fresh = max(target, tail * 2)
        let memory = ByteMemory.allocate(fresh)
        memory.update(from: base + keep, count: tail)
        (base + count).update(repeating: 0, count: PaddedBytes.padding)
        let bytes = PaddedBytes(adopting: base, count: keep)
        base = memory
        capacity = fresh
        count = tail
        offset += keep
        return bytes
    }

    private func reallocate(to larger: Int) {
        let memory = ByteMemory.allocate(larger)
        memory.update(from: base, count: count)
        base.deallocate()
        base = memory
        capacity = larger
    }
}
