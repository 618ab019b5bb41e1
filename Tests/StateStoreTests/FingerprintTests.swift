import Testing

@testable import StateStore

@Suite struct FingerprintTests {
    private func change(_ old: [UInt64], _ new: [UInt64]) -> Fingerprint.Change {
        Fingerprint.change(from: Fingerprint(head: 1, parts: old), to: Fingerprint(head: 1, parts: new))
    }

    @Test func tellsChangesApart() {
        #expect(Fingerprint.change(from: nil, to: Fingerprint(head: 1)) == .create)
        #expect(Fingerprint.change(from: Fingerprint(head: 1), to: Fingerprint(head: 2)) == .update)
        #expect(change([], []) == .unchanged)
        #expect(change([], [5]) == .append([0]))
        #expect(change([1, 2], [1, 2, 3]) == .append([2]))
        #expect(change([1, 2], [9, 1, 2, 8]) == .append([0, 3]))
        #expect(change([1, 2], [2, 1]) == .update)
        #expect(change([1, 2], [1]) == .update)
        #expect(change([1, 2], [1, 3]) == .update)
        #expect(change([1, 2], [2, 1, 3]) == .update)
        #expect(change([1], [1, 1]) == .append([1]))
    }

    @Test func aChangedHeadIsAnUpdateAlsoWhenEntriesWereAdded() {
        let old = Fingerprint(head: 1, parts: [1])
        #expect(Fingerprint.change(from: old, to: Fingerprint(head: 2, parts: [1, 2])) == .update)
    }

    @Test(arguments: UInt64(1)...200)
    func removingTheAppendedPartsGivesTheOldOnes(seed: UInt64) {
        var random = SeededGenerator(state: seed)
        // Few distinct values, so that equal entries and accidental matches occur.
        let old = (0..<Int.random(in: 0...12, using: &random)).map { _ in UInt64.random(in: 0...5, using: &random) }
        var new = old
        for _ in 0..<Int.random(in: 0...6, using: &random) {
            new.insert(.random(in: 0...5, using: &random), at: .random(in: 0...new.count, using: &random))
        }
        switch change(old, new) {
        case .unchanged: #expect(old == new)
        case .append(let added):
            #expect(!added.isEmpty && added == added.sorted())
            #expect(new.indices.filter { !added.contains($0) }.map { new[$0] } == old)
        case let other: Issue.record("\(old) -> \(new) gave \(other)")
        }
    }

    @Test(arguments: UInt64(1)...200)
    func anythingButAnInsertionIsAnUpdate(seed: UInt64) {
        var random = SeededGenerator(state: seed)
        let old = (0..<Int.random(in: 2...12, using: &random)).map { UInt64($0) }
        var new = old
        switch Int.random(in: 0...2, using: &random) {
        case 0: new.remove(at: .random(in: 0..<new.count, using: &random))
        case 1: new[.random(in: 0..<new.count, using: &random)] = 99
        default: new.swapAt(0, .random(in: 1..<new.count, using: &random))
        }
        for _ in 0..<Int.random(in: 0...4, using: &random) { new.append(.random(in: 100...200, using: &random)) }
        #expect(change(old, new) == .update)
    }

    @Test func seenRecordsCountEachOnce() {
        func known(_ slot: Int) -> KnownRecord {
            KnownRecord(
                fingerprint: Fingerprint(head: 0), destinationDigest: nil, run: RunID("a"), vanishedIn: nil, slot: slot)
        }
        var seen = SeenRecords()
        for slot in [0, 63, 64, 100_000] {
            #expect(!seen.contains(slot: slot))
            let (isNew, isNewAgain) = (seen.insert(known(slot)), seen.insert(known(slot)))
            #expect(isNew && !isNewAgain)
            #expect(seen.contains(slot: slot))
        }
        #expect(seen.count == 4)
        #expect(!seen.contains(slot: 1) && !seen.contains(slot: 65))
    }
}
