/// What an insertion changed in its tree.
struct Insertion {
    /// The index of the point that the leaf names: an existing one for a duplicate.
    let point: Int
    /// The level at which a new inner node took another node's place; -1 for a duplicate.
    var level = -1
    /// The index of that place in its tree.
    var node = 0
    /// Where the other node went, one level further down.
    var moved = 0
}
