/// How a new point is parted from what a tree holds: drawn before the tree is changed.
struct Separation {
    /// The level of the node that the point is parted from, and which goes down one level; -1 where the point equals
    /// the leaf's.
    var level: Int
    /// Uniform: where in the gaps the cut is.
    var uniform: Double
    var dimension = 0
    var cut: Float = 0
}
