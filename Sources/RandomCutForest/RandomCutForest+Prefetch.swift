import RandomCutForestKernel

extension RandomCutForest {
    /// Asks for the forest's memory to be brought near, and does not wait for it.
    ///
    /// For the owner of many forests, before one of them takes some dozens of rows: what these need would else be
    /// fetched from afar piece by piece, each when a walk has come to it. Changes nothing. O(memory)
    public func prefetch() {
        trees.prefetch()
        points.prefetch()
        sampler.prefetch()
    }
}

extension Trees {
    fileprivate func prefetch() {
        let pairs = pairCount * treeCount
        forest_kernel_prefetch(nodes, Int64(2 * pairs * MemoryLayout<Node>.stride))
        forest_kernel_prefetch(boxes, Int64(pairs * shape.stride * MemoryLayout<Float>.stride))
    }
}

extension PointStore {
    fileprivate func prefetch() {
        forest_kernel_prefetch(values, Int64(touchedCount * stride * MemoryLayout<Float>.stride))
        uses.prefetch(count: touchedCount)
    }
}

extension Sampler {
    fileprivate func prefetch() {
        let groups = treeCount * groupCount
        forest_kernel_prefetch(values(0), Int64(groups * groupSize * MemoryLayout<Float>.stride))
        points.prefetch(count: treeCount * capacity)
    }
}

extension PointNumbers {
    fileprivate func prefetch(count: Int) {
        forest_kernel_prefetch(bytes, Int64(count * size))
    }
}
