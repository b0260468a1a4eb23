extension RandomCutForest {
    /// The points that a row reaches in the trees: near neighbours, though not surely the nearest. Learns nothing.
    ///
    /// Each tree gives the point of the leaf that the row descends to; equal points are one neighbour. O(trees · (log
    /// sampleSize + dimensions)).
    ///
    /// - Parameters:
    ///   - row: `dimensions` finite values.
    ///   - limit: The largest distance that is returned, above 0.
    /// - Returns: The nearest first; nil before the forest is ready.
    public func neighbors(
        _ row: [Float],
        within limit: Double = .infinity
    ) throws(ForestError) -> [Neighbor]? {
        try row.withUnsafeBufferPointer { (row) throws(ForestError) in try accept(row) }
        try require(limit: limit)
        return isReady ? queryNeighbors(within: limit) : nil
    }

    /// The points that a whole point reaches in the trees.
    ///
    /// - Parameter point: `dimensions` times `shingleSize` finite values, the oldest row first.
    public func neighbors(
        point: [Float],
        within limit: Double = .infinity
    ) throws(ForestError) -> [Neighbor]? {
        try accept(point: point, missing: [])
        try require(limit: limit)
        return isReadyForPoints ? queryNeighbors(within: limit) : nil
    }

    private func require(limit: Double) throws(ForestError) {
        guard limit > 0 else {
            throw ForestError(.invalidArgument, "the distance limit is \(limit), must be above 0")
        }
    }

    private func queryNeighbors(within limit: Double) -> [Neighbor] {
        var counts: [Int: Int] = [:]
        let (trees, walk) = (trees, walk)
        forEachTree { (lane) in
            let leaf = trees.nodes(walk.tree(lane))[walk.node(lane, walk.depth(lane))]
            counts[leaf.point, default: 0] += 1
        }
        var found: [Neighbor] = []
        for (place, count) in counts {
            let neighbor = neighbor(at: place, treeCount: count)
            if neighbor.distance <= limit { found.append(neighbor) }
        }
        // A dictionary has no order of its own: the coordinates break ties.
        found.sort { $0.isBefore($1) }
        return merged(found)
    }

    private func neighbor(at place: Int, treeCount: Int) -> Neighbor {
        let coordinates = points.coordinates(place)
        var squares = 0.0
        for dimension in 0..<trees.shape.dimensions {
            let difference = Double(coordinates[dimension]) - Double(query.values[dimension])
            squares += difference * difference
        }
        return Neighbor(
            point: (0..<trees.shape.dimensions).map { restored(coordinates[$0], $0) },
            distance: squares.squareRoot(),
            treeCount: treeCount,
            sequenceNumber: sequenceNumbers.map { $0[place] }
        )
    }

    /// Equal points, which lie side by side, as one: trees may hold them in different places.
    private func merged(_ sorted: [Neighbor]) -> [Neighbor] {
        var result: [Neighbor] = []
        for neighbor in sorted {
            if let last = result.last, last.point == neighbor.point {
                result[result.count - 1].treeCount += neighbor.treeCount
                if let number = neighbor.sequenceNumber {
                    result[result.count - 1].sequenceNumber = max(last.sequenceNumber ?? number, number)
                }
            } else {
                result.append(neighbor)
            }
        }
        return result
    }
}

extension RandomCutForest.Neighbor {
    fileprivate func isBefore(_ other: Self) -> Bool {
        if distance != other.distance { return distance < other.distance }
        return point.lexicographicallyPrecedes(other.point)
    }
}
