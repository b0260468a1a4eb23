extension Trees {
    /// The number of samples below a node. Inner nodes keep no masses: O(leaves below it).
    ///
    /// - Parameter pending: Room for as many nodes as the tree is deep.
    func mass(
        _ tree: Int,
        below index: Int,
        _ sampler: Sampler,
        pending: UnsafeMutablePointer<UInt32>
    ) -> Int {
        let nodes = nodes(tree)
        var mass = 0
        var count = 0
        var index = UInt32(truncatingIfNeeded: index)
        while true {
            let node = nodes[Int(index)]
            if node.isLeaf {
                mass += self.mass(tree, node, sampler)
                if count == 0 { return mass }
                count -= 1
                index = pending[count]
            } else {
                // The right child waits while the left one is counted: one for each level at most.
                pending[count] = UInt32(truncatingIfNeeded: 2 * node.pair + 1)
                count += 1
                index = UInt32(truncatingIfNeeded: 2 * node.pair)
            }
        }
    }
}
