extension RandomCutForest {
    /// The forest as bytes, see ``StateForm``. O(size of the forest).
    public func encodedState(_ form: StateForm = .full) -> [UInt8] {
        var numbers = [UInt32](repeating: .max, count: points.touchedCount)
        var order: [Int] = []
        order.reserveCapacity(points.liveCount)
        var samples = 0
        for tree in 0..<trees.treeCount {
            for slot in 0..<sampler.size(tree) {
                let point = sampler.point(tree, slot)
                if numbers[point] == .max {
                    numbers[point] = UInt32(order.count)
                    order.append(point)
                }
            }
            samples += sampler.size(tree)
        }
        let dimensions = configuration.inputDimensions + 1
        var most =
            Self.stateHeaderSize + 8 * (dimensions + origins.held.count) + 4 * configuration.pointDimensions
        most +=
            12 * trees.treeCount + 4 * configuration.pointDimensions * order.count + 20 * samples + 8
            * order.count
        return [UInt8](unsafeUninitializedCapacity: most) { (buffer, count) in
            guard let start = buffer.baseAddress else { return }
            var writer = StateWriter(bytes: UnsafeMutableRawPointer(start))
            writeHeader(form, points: order.count, &writer)
            writeRows(&writer)
            for point in order {
                let values = points.coordinates(point)
                for dimension in 0..<points.stride { writer.put(values[dimension]) }
            }
            if let sequenceNumbers {
                for point in order { writer.put(Int64(sequenceNumbers[point])) }
            }
            let wide = order.count > 65_536
            var pending: [Int] = []
            for tree in 0..<trees.treeCount {
                writeTree(tree, form, numbers, wide: wide, &pending, &writer)
            }
            count = writer.count
            writer.count = 16
            writer.put(UInt64(count))
            writer.put(stateChecksum(UnsafeRawBufferPointer(start: start, count: count)))
        }
    }

    private func writeHeader(_ form: StateForm, points: Int, _ writer: inout StateWriter) {
        writer.put(Self.stateMagic)
        writer.put(Self.stateVersion)
        writer.put(form.rawValue)
        writer.put(UInt8(ForestGenerator.version))
        var flags: UInt16 = configuration.shingling == .external ? 1 : 0
        flags |= sequenceNumbers != nil ? 2 : 0
        flags |= isLearning ? 0 : 4
        flags |= timeDecay != configuration.timeDecay ? 8 : 0
        writer.put(flags)
        writer.put(UInt64(0))
        writer.put(UInt64(0))
        for size in [
            configuration.dimensions, configuration.shingleSize, configuration.treeCount,
            configuration.sampleSize,
        ] { writer.put(UInt32(size)) }
        writer.put(configuration.timeDecay)
        writer.put(configuration.initialAcceptFraction)
        writer.put(Int64(configuration.outputAfter))
        writer.put(configuration.noiseFloor)
        writer.put(configuration.seed)
        writer.put(Int64(updateCount))
        writer.put(generator.state.0)
        writer.put(generator.state.1)
        writer.put(generator.state.2)
        writer.put(generator.state.3)
        writer.put(sampler.state.pointee.growth)
        writer.put(sampler.state.pointee.clock)
        writer.put(UInt32(points))
        writer.put(UInt32(shingle.filled))
        writer.put(UInt32(origins.heldRowCount))
        writer.put(UInt32(origins.isSettled ? 1 : 0))
    }

    private func writeRows(_ writer: inout StateWriter) {
        if timeDecay != configuration.timeDecay { writer.put(timeDecay) }
        for value in origins.values { writer.put(value) }
        for value in origins.held { writer.put(value) }
        let whole = shingle.rowSize * shingle.rowCount
        withUnsafeTemporaryAllocation(of: Float.self, capacity: whole) { rows in
            guard let start = rows.baseAddress else { return }
            shingle.writeRows(to: start)
            for index in whole - shingle.rowSize * shingle.filled..<whole { writer.put(rows[index]) }
        }
        for tree in 0..<trees.treeCount { writer.put(sampler.sizes[tree]) }
        for tree in 0..<trees.treeCount { writer.put(sampler.targets[tree]) }
    }

    private func writeTree(
        _ tree: Int,
        _ form: StateForm,
        _ numbers: [UInt32],
        wide: Bool,
        _ pending: inout [Int],
        _ writer: inout StateWriter
    ) {
        let size = sampler.size(tree)
        let values = sampler.values + tree * sampler.groupCount * sampler.groupSize
        for slot in 0..<size { writer.put(values[slot]) }
        for slot in 0..<size { writer.put(index: numbers[sampler.point(tree, slot)], wide: wide) }
        guard form == .full, size > 0 else { return }
        let nodes = trees.nodes(tree)
        pending.append(0)
        while let index = pending.popLast() {
            let node = nodes[index]
            if node.isLeaf {
                writer.put(Self.stateLeaf)
                writer.put(index: numbers[node.point], wide: wide)
            } else {
                writer.put(UInt16(truncatingIfNeeded: node.dimension))
                writer.put(node.cut)
                pending.append(2 * node.pair + 1)
                pending.append(2 * node.pair)
            }
        }
    }
}
