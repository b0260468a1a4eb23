/// Which nodes of a tree are inner ones, as a state keeps it: a bit for each node, level by level.
struct NodeFlags {
    let leafCount: Int
    /// As many as the nodes take.
    let words: StateNumbers<UInt64>
}

extension NodeFlags {
    private var nodeCount: Int { 2 * leafCount - 1 }
    var wordCount: Int { (nodeCount + 63) / 64 }

    /// Bits of the inner nodes among nodes 64 · word and on, the first in the highest bit.
    @inline(__always)
    func reversedInners(_ word: Int) -> UInt64 {
        var bits = words[word].byteSwapped
        bits = bits >> 4 & 0x0F0F_0F0F_0F0F_0F0F | (bits & 0x0F0F_0F0F_0F0F_0F0F) << 4
        bits = bits >> 2 & 0x3333_3333_3333_3333 | (bits & 0x3333_3333_3333_3333) << 2
        return bits >> 1 & 0x5555_5555_5555_5555 | (bits & 0x5555_5555_5555_5555) << 1
    }

    /// Bits of the leaves among nodes 64 · word and on.
    @inline(__always)
    func leaves(_ word: Int) -> UInt64 {
        // The count of nodes is odd, so that the last word has bits left over.
        word < wordCount - 1 ? ~words[word] : ~words[word] & (1 << UInt64(nodeCount % 64) - 1)
    }

    /// Whether there is one inner node less than leaves, and no bit set after the last node's.
    var haveRightCounts: Bool {
        var inners = 0
        for word in 0..<wordCount { inners += words[word].nonzeroBitCount }
        return inners == leafCount - 1 && words[wordCount - 1] >> UInt64(nodeCount % 64) == 0
    }
}
