extension RandomCutForest {
    /// Loads a forest that ``encodedState(_:)`` saved.
    ///
    /// Every size, index and link is checked before it is used. O(size of the forest); a compact state takes
    /// O(log sampleSize) times that.
    ///
    /// - Parameter memoryLimit: The most bytes to reserve for the forest: a small file can ask for large trees.
    /// - Throws: `damagedState`, `newerState` or `stateTooLarge`.
    public convenience init(state: [UInt8], memoryLimit: Int = 1 << 30) throws(ForestError) {
        let header = try state.withUnsafeBufferPointer { (bytes) throws(ForestError) in
            try StateHeader(UnsafeRawBufferPointer(bytes), memoryLimit: memoryLimit)
        }
        try self.init(state, header)
    }

    /// Loads a forest that ``encodedState(_:)`` saved, if it is of `configuration`, which bounds its memory.
    ///
    /// - Throws: `damagedState`, also if the configuration is another, or `newerState`.
    public convenience init(state: [UInt8], of configuration: Configuration) throws(ForestError) {
        let header = try state.withUnsafeBufferPointer { (bytes) throws(ForestError) in
            try StateHeader(UnsafeRawBufferPointer(bytes), memoryLimit: .max)
        }
        guard header.configuration == configuration else {
            throw ForestError(.damagedState, "the state is of a forest of another configuration")
        }
        try self.init(state, header)
    }

    private convenience init(_ state: [UInt8], _ header: StateHeader) throws(ForestError) {
        self.init(unfilled: header.configuration)
        try state.withUnsafeBufferPointer { (bytes) throws(ForestError) in
            var reader = StateReader(UnsafeRawBufferPointer(bytes), from: Self.stateHeaderSize)
            try load(header, &reader)
            guard reader.rest == Self.stateChecksumSize else {
                throw reader.damaged("\(reader.rest - Self.stateChecksumSize) bytes are left over")
            }
        }
    }

    private func load(_ header: StateHeader, _ reader: inout StateReader) throws(ForestError) {
        updateCount = header.updateCount
        isLearning = header.flags & 4 == 0
        if header.flags & 8 != 0 {
            let decay = try reader.double()
            guard 0...1 ~= decay else { throw reader.damaged("the time decay is \(decay)") }
            timeDecay = decay
            sampler.state.pointee.ratio = exponential(decay)
        }
        generator.state = header.generator
        sampler.state.pointee.growth = header.growth
        sampler.state.pointee.clock = header.clock
        try loadOrigins(header, &reader)
        try loadShingle(header, &reader)
        let sizes = try loadSizes(header, &reader)
        let targets = try loadTargets(sizes, &reader)
        try loadPoints(header, &reader)
        let builder = TreeBuilder(forest: self, pointCount: header.points)
        if Self.hasWideIndices(points: header.points) {
            try loadTrees(header, sizes, targets, builder, index: UInt32.self, &reader)
        } else {
            try loadTrees(header, sizes, targets, builder, index: UInt16.self, &reader)
        }
        sampler.compareSizes()
        guard builder.restoreUses() else { throw reader.damaged("no tree holds one of the points") }
    }

    /// - Parameter index: What holds the number of a point.
    private func loadTrees<Index: FixedWidthInteger>(
        _ header: StateHeader,
        _ sizes: [Int],
        _ targets: [Double],
        _ builder: TreeBuilder,
        index: Index.Type,
        _ reader: inout StateReader
    ) throws(ForestError) {
        // Cuts of a compact state come from a generator of their own, the same at each load.
        var cuts = ForestGenerator(seed: header.generator.0 ^ header.generator.3)
        for tree in 0..<trees.treeCount {
            guard sizes[tree] > 0 else {
                clear(tree)
                continue
            }
            try builder.readSamples(tree, size: sizes[tree], target: targets[tree], index: index, &reader)
            switch header.form {
            case .full: try builder.readNodes(tree, size: sizes[tree], index: index, &reader)
            case .compact: try builder.growNodes(tree, size: sizes[tree], &cuts, reader)
            }
            // Trees mostly have one size, and a logarithm takes its time.
            normalizers[tree] =
                tree > 0 && sizes[tree] == sizes[tree - 1]
                ? normalizers[tree - 1] : binaryLogarithm(Double(1 + sizes[tree]))
        }
    }

    private func loadOrigins(_ header: StateHeader, _ reader: inout StateReader) throws(ForestError) {
        let size = configuration.inputDimensions
        var values: [Double] = []
        for _ in 0..<size {
            let value = try reader.double()
            guard value.isFinite, header.isSettled || value == 0 else {
                throw reader.damaged("an origin is \(value)")
            }
            values.append(value)
        }
        guard header.isSettled ? header.held == 0 : origins.mayHold(header.held) else {
            throw reader.damaged("\(header.held) rows are held back")
        }
        var held: [Double] = []
        for _ in 0..<header.held * size {
            let value = try reader.double()
            guard value.isFinite else { throw reader.damaged("a value held back is \(value)") }
            held.append(value)
        }
        origins.restore(values: values, isSettled: header.isSettled, held: held)
    }

    private func loadShingle(_ header: StateHeader, _ reader: inout StateReader) throws(ForestError) {
        guard header.filled <= (shingle.rowCount > 1 ? shingle.rowCount : 0) else {
            throw reader.damaged("\(header.filled) rows in a shingle of \(shingle.rowCount)")
        }
        let size = configuration.inputDimensions
        for _ in 0..<header.filled {
            try reader.takeValues(size, to: query.values)
            shingle.append(query.values)
        }
    }

    private func loadSizes(_ header: StateHeader, _ reader: inout StateReader) throws(ForestError) -> [Int] {
        var sizes: [Int] = []
        var empty = 0
        for tree in 0..<trees.treeCount {
            let size = Int(try reader.take(UInt32.self))
            guard size <= trees.sampleSize else { throw reader.damaged("tree \(tree) has \(size) samples") }
            empty += size == 0 ? 1 : 0
            sizes.append(size)
        }
        let samples = sizes.reduce(0, +)
        guard empty == 0 || empty == trees.treeCount && !isReady, samples == 0 || header.isSettled,
            header.points <= samples
        else { throw reader.damaged("the sizes of the trees do not fit") }
        return sizes
    }

    private func loadTargets(_ sizes: [Int], _ reader: inout StateReader) throws(ForestError) -> [Double] {
        var targets: [Double] = []
        let clock = sampler.state.pointee.clock
        for tree in 0..<trees.treeCount {
            let target = try reader.double()
            guard target > clock, target.isFinite == (sizes[tree] == trees.sampleSize) else {
                throw reader.damaged("the target of tree \(tree) is \(target)")
            }
            targets.append(target)
        }
        return targets
    }

    private func loadPoints(_ header: StateHeader, _ reader: inout StateReader) throws(ForestError) {
        try reader.takeValues(header.points * points.stride, to: points.addUncounted(header.points))
        guard let sequenceNumbers else { return }
        for point in 0..<header.points {
            let number = Int(try reader.take(Int64.self))
            guard 0...1 << 53 ~= number else { throw reader.damaged("sequence number \(number)") }
            sequenceNumbers[point] = number
        }
    }
}

extension StateReader {
    /// Reads values as trees may hold them: finite, in range, and not -0.
    fileprivate mutating func takeValues(
        _ count: Int,
        to values: UnsafeMutablePointer<Float>
    ) throws(ForestError) {
        let stored = try take(count, UInt32.self)
        let limit = Query.limit.bitPattern
        var broken: UInt32 = 0
        for index in 0..<count {
            let bits = stored[index]
            broken |= bits & 0x7FFF_FFFF > limit || bits == 0x8000_0000 ? 1 : 0
            values[index] = Float(bitPattern: bits)
        }
        guard broken == 0 else { throw damaged("a value is not finite, too large, or -0") }
    }
}
