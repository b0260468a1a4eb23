/// One node of a tree, in eight bytes.
///
/// ```
/// bits  0..31  cut, a Float
/// bits 32..47  dimension
/// bits 48..63  pair
/// ```
/// Siblings lie side by side: the children of a node are the two nodes of its pair, 2·pair and 2·pair + 1, so
/// that a descent goes to 2·pair + (point[dimension] > cut ? 1 : 0) without a choice.
///
/// A leaf's children pair is its own, and its cut is huge: positive in a left leaf, negative in a right one.
/// So a descent that has arrived stays where it is, and eight descents run side by side without a test for
/// the end. Values are limited to ±2¹¹⁵, so cuts from 2¹¹⁶ on are free to hold the index of the leaf's point. The
/// dimension of a leaf holds its mass, up to 255 (which means "255 or more"), so a query needs 256 readable values.
struct Node: Equatable {
    var bits: UInt64

    /// The bits of the Float 2¹¹⁶.
    static let leafCut: UInt32 = 0x7980_0000
    /// Points that leaves can name: up to the bits of infinity.
    static let pointLimit = 0x7F80_0000 - 0x7980_0000
    /// A leaf's mass is counted here up to this; from it on, the sampler's slots are counted.
    static let massLimit = 255

    @inline(__always)
    init(bits: UInt64) {
        self.bits = bits
    }

    @inline(__always)
    init(cut: Float, dimension: Int, pair: Int) {
        bits =
            UInt64(cut.bitPattern) | UInt64(truncatingIfNeeded: dimension) << 32
            | UInt64(truncatingIfNeeded: pair) << 48
    }

    /// A leaf that lies at `index` of its tree.
    @inline(__always)
    init(leafWithPoint point: Int, mass: Int, at index: Int) {
        let cut =
            (Self.leafCut &+ UInt32(truncatingIfNeeded: point)) | UInt32(truncatingIfNeeded: index & 1) << 31
        bits =
            UInt64(cut) | UInt64(truncatingIfNeeded: mass) << 32
            | UInt64(truncatingIfNeeded: index >> 1) << 48
    }

    @inline(__always) var cut: Float { Float(bitPattern: UInt32(truncatingIfNeeded: bits)) }
    @inline(__always) var dimension: Int { Int(truncatingIfNeeded: bits >> 32 & 0xFFFF) }
    @inline(__always) var pair: Int { Int(truncatingIfNeeded: bits >> 48) }
    @inline(__always) var isLeaf: Bool { UInt32(truncatingIfNeeded: bits) & 0x7FFF_FFFF >= Self.leafCut }

    /// The index of a leaf's point.
    @inline(__always) var point: Int {
        Int(truncatingIfNeeded: (UInt32(truncatingIfNeeded: bits) & 0x7FFF_FFFF) &- Self.leafCut)
    }

    /// A leaf's mass, 255 meaning 255 or more.
    @inline(__always) var mass: Int { dimension }

    /// The same node when it lies at `index`: only leaves depend on their place.
    @inline(__always)
    func moved(to index: Int) -> Node {
        let place = UInt64(truncatingIfNeeded: index >> 1) << 48 | UInt64(truncatingIfNeeded: index & 1) << 31
        return Node(bits: isLeaf ? bits & 0x0000_FFFF_7FFF_FFFF | place : bits)
    }
}
