import BinaryCoding

/// Which entities changed, for whoever stores them.
extension EntityTable {
    struct Changes {
        var changed: [[UInt8]]
        var removed: [[UInt8]]
        var isComplete: Bool
        /// Everything up to here is stored.
        var base: UInt64
    }

    /// What changed after `revision`, up to which everything is stored. O(n + c log c) for c changes.
    mutating func changes(after revision: UInt64) -> Changes {
        let isKnown = revision >= 1 && revision <= self.revision && removals.reaches(revision)
        let base = isKnown ? revision : 0
        if isKnown { removals.forget(upTo: revision) }
        var changed: [Int] = []
        for position in entries.indices {
            entries[position].isKnownOutside = true
            if entries[position].lastUse > base { changed.append(position) }
        }
        changed.sort { entries[$0].lastUse < entries[$1].lastUse }
        return Changes(
            changed: changed.map { entries[$0].name },
            // Dropped, but back again: then it is among the changed.
            removed: isKnown ? removals.names.filter { entry(of: $0) == nil } : [],
            isComplete: !isKnown,
            base: base
        )
    }

    /// A sum over the names of all entities and their last uses: stored entities that do not make it are not
    /// those of the header, but some older, newer or missing. O(n)
    static func digest(of entries: [Entry]) -> UInt64 {
        entries.reduce(0) { sum, entry in
            sum &+ mixed(stableHash(entry.name) ^ mixed(entry.lastUse))
        }
    }

    /// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): a bijection that mixes all bits.
    private static func mixed(_ word: UInt64) -> UInt64 {
        var word = word
        word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
        return word ^ word >> 31
    }
}
