/// Elements evenly spread over a stream of unknown length: the same stream gives the same sample, memory is bounded.
///
/// Every element is taken until there are too many; then every second one goes, and only every second one is taken from
/// there on, and so forth. Worked values for a limit of 4: a stream of 4 keeps 0 1 2 3, of 5 to 8 keeps 0 2 4 6.
struct EvenSample<Element> {
    private(set) var elements: [(ordinal: Int, element: Element)] = []
    private(set) var seen = 0
    private var stride = 1
    private let limit: Int

    init(limit: Int) { self.limit = max(1, limit) }

    /// Offers the next element; `make` is asked only when it is taken.
    mutating func offer(_ make: @autoclosure () -> Element) {
        defer { seen += 1 }
        guard seen % stride == 0 else { return }
        elements.append((seen, make()))
        if elements.count > limit { thin() }
    }

    /// Drops every second element.
    mutating func thin() {
        stride *= 2
        elements.removeAll { $0.ordinal % stride != 0 }
    }
}

/// The few elements with the highest score, the earlier of equals first.
struct Best<Element> {
    private(set) var elements: [(score: Int, element: Element)] = []
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Offers an element; `make` is asked only when it is among the best.
    ///
    /// - Returns: Whether it was taken.
    @discardableResult
    mutating func offer(score: Int, _ make: @autoclosure () -> Element) -> Bool {
        guard bar.map({ score > $0 }) ?? true else { return false }
        let place = elements.firstIndex { $0.score < score } ?? elements.count
        elements.insert((score, make()), at: place)
        if elements.count > limit { elements.removeLast() }
        return true
    }

    /// The score that an element must exceed to be taken; `nil` while any is.
    var bar: Int? { elements.count < limit ? nil : elements.last?.score }
}
