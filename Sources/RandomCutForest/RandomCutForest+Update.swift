extension RandomCutForest {
    /// Learns a row.
    ///
    /// - Parameter row: `dimensions` finite values.
    public func update(_ row: UnsafeBufferPointer<Float>) throws(ForestError) {
        try accept(row)
        if !origins.isSettled {
            settleOrigins()
            try accept(row)
        }
        learn(scoring: false)
        countUpdate()
    }

    /// Learns a row.
    ///
    /// - Parameter row: `dimensions` finite values.
    public func update(_ row: [Float]) throws(ForestError) {
        try row.withUnsafeBufferPointer { (row) throws(ForestError) in try update(row) }
    }

    /// Scores a row, then learns it: the same results as ``score(_:)-([Float])`` followed by
    /// ``update(_:)-([Float])``, for little more than the price of the score.
    ///
    /// - Returns: The score, or nil before the forest is ready.
    public func scoreThenUpdate(_ row: UnsafeBufferPointer<Float>) throws(ForestError) -> Double? {
        try accept(row)
        if !origins.isSettled {
            settleOrigins()
            try accept(row)
        }
        let ready = isReady
        let score = learn(scoring: ready)
        countUpdate()
        return ready ? score : nil
    }

    /// Scores a row, then learns it.
    public func scoreThenUpdate(_ row: [Float]) throws(ForestError) -> Double? {
        try row.withUnsafeBufferPointer { (row) throws(ForestError) in try scoreThenUpdate(row) }
    }

    /// Scores a row and, where the score is above `limit`, splits it over the dimensions; then learns the row. The
    /// same results as ``score(_:)-([Float])``, ``attribution(_:)-([Float])`` and ``update(_:)-([Float])`` in turn.
    ///
    /// - Parameter attribution: Gets the parts of a score above `limit`, and is as it was after any other.
    /// - Returns: The score, or nil before the forest is ready.
    public func scoreThenUpdate(
        _ row: [Float],
        attributingAbove limit: Double,
        into attribution: inout Attribution
    ) throws(ForestError) -> Double? {
        try row.withUnsafeBufferPointer { (row) throws(ForestError) in try accept(row) }
        if !origins.isSettled {
            settleOrigins()
            try row.withUnsafeBufferPointer { (row) throws(ForestError) in try accept(row) }
        }
        let ready = isReady
        let score = learn(scoring: ready, attributingAbove: limit)
        countUpdate()
        guard ready else { return nil }
        if score > limit { attributionParts.write(to: &attribution) }
        return score
    }

    /// Learns the query. With `scoring`, one descent through every tree gives the score too; the parts of a score
    /// above `limit` are then in `attributionParts`.
    @discardableResult
    func learn(scoring: Bool, attributingAbove limit: Double = .infinity) -> Double {
        var score = 0.0
        let newest = query.values + (shingle.rowCount - 1) * shingle.rowSize
        if shingle.completes, isLearning {
            var generator = generator
            planUpdate(&generator)
            let point = points.add(query.values)
            // The score must be known before anything is inserted, if it may have to be split.
            let isOneWalk = limit == .infinity || trees.treeCount <= walk.rowLanes
            if scoring, sampler.areSizesEqual, isOneWalk {
                score = insertAndScore(point, attributingAbove: limit, &generator)
            } else {
                if scoring { score = scoreQuery(attributingAbove: limit) }
                insertPlanned(point, &generator)
            }
            finishUpdate(point, &generator)
            self.generator = generator
        } else if scoring {
            score = scoreQuery(attributingAbove: limit)
        }
        shingle.append(newest)
        return score
    }

    private func scoreQuery(attributingAbove limit: Double) -> Double {
        let score = scoreQuery()
        if score > limit { attributeQuery() }
        return score
    }

    /// Finds the trees that take the point.
    @inline(__always)
    private func planUpdate(_ generator: inout ForestGenerator) {
        let sampler = sampler
        let entries = plan.entries
        var count = 0
        sampler.tick(weight: samplingWeight)
        let clock = sampler.state.pointee.clock
        if sampler.isFull {
            count = sampler.findDue(into: plan.due, kernel: usesKernel)
            for index in 0..<count { entries[index] = entry(Int(plan.due[index])) }
        } else {
            let fraction = configuration.initialAcceptFraction
            for tree in 0..<sampler.treeCount {
                if sampler.size(tree) == sampler.capacity {
                    guard sampler.targets[tree] <= clock else { continue }
                    entries[count] = entry(tree)
                } else {
                    guard let offer = sampler.offer(tree, acceptFraction: fraction, &generator) else {
                        continue
                    }
                    let evicted = offer.slot < sampler.size(tree) ? sampler.point(tree, offer.slot) : -1
                    entries[count] = UpdatePlan.Entry(
                        tree: tree,
                        slot: offer.slot,
                        value: offer.value,
                        evicted: evicted,
                        point: -1
                    )
                }
                count += 1
            }
        }
        plan.count = count
    }

    @inline(__always)
    private func entry(_ tree: Int) -> UpdatePlan.Entry {
        let slot = Int(sampler.largest[tree])
        return UpdatePlan.Entry(
            tree: tree,
            slot: slot,
            value: sampler.acceptedValue(tree),
            evicted: sampler.point(tree, slot),
            point: -1
        )
    }

    /// One descent through all trees: the score, and the insertions on the way. Trees of equal size only.
    ///
    /// The trees that take the point are on the first lanes. What they give up for it goes down as a guest, if there
    /// is room.
    @inline(__always)
    private func insertAndScore(
        _ point: Int,
        attributingAbove limit: Double,
        _ generator: inout ForestGenerator
    ) -> Double {
        let (trees, walk) = (trees, walk)
        let planned = plan.count
        plan.bringForward()
        defer { plan.putBack() }
        plan.guestCount = usesKernel && sampler.isFull ? min(planned, walk.guestLanes) : 0
        var sum: Int64 = 0
        var first = 0
        while first < trees.treeCount {
            let lanes = min(walk.rowLanes, trees.treeCount - first)
            let recorded = max(0, min(lanes, planned - first))
            sum += scoreInOrder(from: first, lanes: lanes, recorded: recorded)
            // With a limit there is one walk for all trees, and it has come to where the score is split.
            if limit < .infinity, score(fromSum: sum) > limit { attributeWalk() }
            insert(point, lanes: recorded, from: first, &generator)
            first += lanes
        }
        return score(fromSum: sum)
    }

    /// Splits the score of a walk that has all trees on its lanes, in the plan's order: as ``attributeQuery()``.
    private func attributeWalk() {
        attributionParts.clear()
        let lanes = plan.findLanes(treeCount: trees.treeCount)
        // The parts are sums of Floats: in the trees' own order.
        for tree in 0..<trees.treeCount { attribute(lane: Int(lanes[tree])) }
    }

    /// Puts the point into the trees of the walk's first lanes, those of the plan's entries from `first` on.
    ///
    /// Step by step for all of them: each step mostly waits, for memory or for the one before, and so does not wait
    /// for the tree before as well.
    @inline(__always)
    private func insert(_ point: Int, lanes: Int, from first: Int, _ generator: inout ForestGenerator) {
        let (trees, walk, points, query, kernel) = (trees, walk, points, query, usesKernel)
        let separations = plan.separations
        for lane in 0..<lanes { separations[lane] = trees.drawSeparation(lane, walk, &generator) }
        for lane in 0..<lanes {
            trees.placeCut(lane, &separations[lane], query, walk, points, kernel: kernel)
        }
        for lane in 0..<lanes {
            let insertion = trees.insert(
                lane,
                separations[lane],
                query,
                point,
                walk,
                points,
                kernel: kernel
            )
            plan.entries[first + lane].point = insertion.point
            if lane < plan.guestCount { walk.follow(insertion, guest: lane, trees) }
        }
    }

    /// The sum of the scores of some trees in the plan's order.
    @inline(__always)
    private func scoreInOrder(from first: Int, lanes: Int, recorded: Int) -> Int64 {
        let (trees, walk, points, plan) = (trees, walk, points, plan)
        walk.set(lanes, from: plan.order + first, trees)
        if plan.guestCount > 0 { walk.clearGuests(query) }
        for guest in 0..<plan.guestCount {
            let entry = plan.entries[guest]
            walk.setGuest(guest, entry.tree, points.coordinates(entry.evicted), trees)
        }
        return trees.score(
            query,
            walk,
            lanes: lanes,
            recorded: recorded,
            guests: plan.guestCount,
            points,
            sampler,
            kernel: usesKernel
        )
    }

    /// Descents through the planned trees only.
    @inline(__always)
    private func insertPlanned(_ point: Int, _ generator: inout ForestGenerator) {
        let (trees, walk, points, sampler, query, kernel) = (trees, walk, points, sampler, query, usesKernel)
        plan.guestCount = 0
        var first = 0
        while first < plan.count {
            let lanes = min(walk.rowLanes, plan.count - first)
            for lane in 0..<(lanes + 7) & ~7 {
                walk.set(lane, plan.entries[first + min(lane, lanes - 1)].tree, trees)
            }
            if sampler.size(walk.tree(0)) == 0 {
                // The first point goes to all trees.
                for lane in 0..<lanes {
                    trees.plant(walk.tree(lane), point: point)
                    plan.entries[first + lane].point = point
                }
            } else {
                _ = trees.score(query, walk, lanes: lanes, recorded: lanes, points, sampler, kernel: kernel)
                insert(point, lanes: lanes, from: first, &generator)
            }
            first += lanes
        }
    }

    /// Gives the points their slots, and takes out those that they replace.
    @inline(__always)
    private func finishUpdate(_ point: Int, _ generator: inout ForestGenerator) {
        let (trees, walk, points, sampler, kernel) = (trees, walk, points, sampler, usesKernel)
        let (entries, count) = (plan.entries, plan.count)
        var grown = false
        for index in 0..<count {
            let entry = entries[index]
            points.retain(entry.point)
            let (tree, slot, value) = (entry.tree, entry.slot, entry.value)
            sampler.put(tree, slot: slot, value: value, point: entry.point, kernel: kernel)
            if entry.evicted < 0 {
                grown = true
                normalizers[entry.tree] = binaryLogarithm(Double(1 + sampler.size(entry.tree)))
            }
        }
        // By themselves, so that one logarithm does not wait for another.
        for index in 0..<count { sampler.drawTarget(entries[index].tree, &generator) }
        for guest in 0..<plan.guestCount {
            let evicted = entries[guest].evicted
            let lane = walk.guestLane(guest, trees)
            trees.remove(lane, point: evicted, walk, points, sampler, kernel: kernel)
            points.release(evicted)
        }
        var next = plan.guestCount
        while next < count { next = removeEvicted(from: next) }
        if grown { sampler.compareSizes() }
        points.freeIfUnused(point)
        if let sequenceNumbers {
            for index in 0..<count { sequenceNumbers[entries[index].point] = updateCount }
        }
    }

    /// Takes out what some entries evict, each by a descent of its own, side by side.
    ///
    /// - Returns: The entry to go on with.
    @inline(__always)
    private func removeEvicted(from first: Int) -> Int {
        let (trees, walk, points, sampler, kernel) = (trees, walk, points, sampler, usesKernel)
        let (entries, gone) = (plan.entries, plan.gone)
        let end = min(first + UpdatePlan.removalLanes, plan.count)
        var lanes = 0
        for index in first..<end where entries[index].evicted >= 0 {
            walk.set(lanes, entries[index].tree, trees)
            gone[lanes] = UnsafePointer(points.coordinates(entries[index].evicted))
            lanes += 1
        }
        guard lanes > 0 else { return end }
        trees.descendEach(lanes, gone, walk)
        var lane = 0
        for index in first..<end where entries[index].evicted >= 0 {
            let evicted = entries[index].evicted
            trees.remove(lane, point: evicted, walk, points, sampler, kernel: kernel)
            points.release(evicted)
            lane += 1
        }
        return end
    }
}
