extension RandomCutForest {
    /// The forest as bytes, see ``StateForm``. O(size of the forest).
    public func encodedState(_ form: StateForm = .full) -> [UInt8] {
        let pointCount = points.liveCount
        return [UInt8](unsafeUninitializedCapacity: largestEncoding(form)) { (buffer, count) in
            guard let start = buffer.baseAddress else { return }
            var writer = StateWriter(UnsafeMutableRawPointer(start))
            writeHeader(form, points: pointCount, &writer)
            writeRows(&writer)
            // The points come before the trees, and their numbers from the trees.
            let numberSize = sequenceNumbers == nil ? 0 : 8
            var pointWriter = StateWriter(writer.skip(pointCount * (4 * points.stride + numberSize)))
            let trees = TreeWriter(self)
            for tree in 0..<self.trees.treeCount {
                if Self.hasWideIndices(points: pointCount) {
                    trees.write(tree, form, index: UInt32.self, &writer)
                } else {
                    trees.write(tree, form, index: UInt16.self, &writer)
                }
            }
            writePoints(trees.order, count: pointCount, &pointWriter)
            var lengthWriter = StateWriter(UnsafeMutableRawPointer(start) + 16)
            lengthWriter.put(UInt64(writer.count + Self.stateChecksumSize))
            writer.put(xxHash64(UnsafeRawBufferPointer(start: start, count: writer.count)))
            count = writer.count
        }
    }

    /// Whether the numbers of so many points need four bytes in a state.
    static func hasWideIndices(points: Int) -> Bool { points > 65_536 }

    /// Whether a state keeps dimensions in one byte each.
    var hasByteDimensions: Bool { points.stride <= 256 }

    /// The bytes that a state takes at most: as many as it takes where no tree holds a point twice.
    private func largestEncoding(_ form: StateForm) -> Int {
        let index = Self.hasWideIndices(points: points.liveCount) ? 4 : 2
        let rows = 8 * (1 + configuration.inputDimensions + origins.held.count)
        var bytes = Self.stateHeaderSize + rows + 4 * configuration.pointDimensions + 12 * trees.treeCount
        bytes += (4 * points.stride + 8) * points.liveCount + Self.stateChecksumSize
        for tree in 0..<trees.treeCount {
            let size = sampler.size(tree)
            bytes += (4 + index) * size
            guard form == .full, size > 0 else { continue }
            bytes += 4 + (2 * size + 62) / 64 * 8 + (4 + (hasByteDimensions ? 1 : 2) + index) * size
        }
        return bytes
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
        writer.put(UInt32(configuration.dimensions))
        writer.put(UInt32(configuration.shingleSize))
        writer.put(UInt32(configuration.treeCount))
        writer.put(UInt32(configuration.sampleSize))
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

    /// Writes the points at some places, then their sequence numbers.
    private func writePoints(_ places: UnsafePointer<UInt32>, count: Int, _ writer: inout StateWriter) {
        for index in 0..<count {
            writer.put(UnsafePointer(points.coordinates(Int(places[index]))), count: points.stride)
        }
        guard let sequenceNumbers else { return }
        for index in 0..<count { writer.put(Int64(sequenceNumbers[Int(places[index])])) }
    }
}
