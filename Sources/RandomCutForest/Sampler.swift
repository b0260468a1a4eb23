import RandomCutForestKernel

/// The time-decayed weighted samples of all trees: which slots hold which points, and which tree takes the
/// next one.
///
/// Each point gets v = E / (w·g(t)), with E exponential of mean 1, w its sampling weight and g(t) = e^(λt); a tree
/// keeps the points of smallest v (Efraimidis and Spirakis 2006; the logarithm of v is the weight that
/// AWS's forests keep). The usual way draws E for every tree and every point. Here nothing is drawn for the
/// trees that do not accept: a full tree with largest value vmax accepts the point at t if E < vmax·w·g(t), which
/// has probability 1 - exp(-vmax·w·g(t)); so, with the clock c(t) = Σ w·g, it accepts at the first t where
/// c(t) ≥ c(t0) + X/vmax with X exponential: one draw and one comparison. The E of that point is then
/// vmax·(target - c(t - 1)), which is what remained of X. The exponential distribution has no memory, so weights and
/// λ may change at any time.
///
/// g and c are scaled down by a power of two when they grow large, and so are the targets; v is scaled up.
struct Sampler {
    let treeCount: Int
    let capacity: Int
    /// Slots whose largest value is kept: 16 of 256, so that a new largest is found among 16 + 16.
    let groupSize: Int
    let groupCount: Int

    /// v by tree and slot.
    private let values: UnsafeMutablePointer<Float>
    /// Indices of points by tree and slot.
    let points: PointNumbers
    /// The largest v of each group of slots, by tree; and where in the group it is.
    let groupMaxima: UnsafeMutablePointer<Float>
    let groupPlaces: UnsafeMutablePointer<UInt8>
    /// Groups of a tree, filled up to a multiple of 8 with zeros.
    let groupStride: Int
    /// The clock at which a full tree accepts; infinite in trees that are not full, and up to a multiple of 4 after
    /// the last tree.
    let targets: UnsafeMutablePointer<Double>
    /// The slot of the largest v, by tree.
    let largest: UnsafeMutablePointer<UInt32>
    /// Slots in use, by tree.
    let sizes: UnsafeMutablePointer<UInt32>
    let state: UnsafeMutablePointer<State>

    struct State: Hashable {
        /// g(t).
        var growth = 1.0
        /// e^λ.
        var ratio: Double
        /// c(t), and c(t - 1).
        var clock = 0.0
        var clockBefore = 0.0
        /// The weight w·g(t) of the present point.
        var pointWeight = 0.0
        var fullTrees = 0
        var areSizesEqual = true
    }

    /// Each tree is to be cleared or restored before it is used.
    init(treeCount: Int, capacity: Int, timeDecay: Double) {
        self.treeCount = treeCount
        self.capacity = capacity
        groupSize = capacity <= 256 ? 16 : 64
        groupCount = (capacity + groupSize - 1) / groupSize
        let slots = treeCount * groupCount * groupSize
        values = .allocate(capacity: slots)
        points = PointNumbers(count: treeCount * capacity, limit: treeCount * capacity)
        groupStride = (groupCount + 7) / 8 * 8
        groupMaxima = .allocate(capacity: treeCount * groupStride)
        groupMaxima.initialize(repeating: 0, count: treeCount * groupStride)
        groupPlaces = .allocate(capacity: treeCount * groupStride)
        groupPlaces.initialize(repeating: 0, count: treeCount * groupStride)
        let filled = (treeCount + 3) / 4 * 4
        targets = .allocate(capacity: filled)
        targets.initialize(repeating: .infinity, count: filled)
        largest = .allocate(capacity: treeCount)
        largest.initialize(repeating: 0, count: treeCount)
        sizes = .allocate(capacity: treeCount)
        sizes.initialize(repeating: 0, count: treeCount)
        state = .allocate(capacity: 1)
        state.initialize(to: State(ratio: exponential(timeDecay)))
    }

    func deallocate() {
        values.deallocate()
        points.deallocate()
        groupMaxima.deallocate()
        groupPlaces.deallocate()
        targets.deallocate()
        largest.deallocate()
        sizes.deallocate()
        state.deallocate()
    }

    /// Whether all trees hold the same number of points.
    var areSizesEqual: Bool { state.pointee.areSizesEqual }

    var isFull: Bool { state.pointee.fullTrees == treeCount }

    @inline(__always)
    func size(_ tree: Int) -> Int { Int(sizes[tree]) }

    @inline(__always)
    func point(_ tree: Int, _ slot: Int) -> Int { points[tree * capacity + slot] }

    /// Writes the point of a slot that is in use.
    @inline(__always)
    func setPoint(_ tree: Int, _ slot: Int, _ point: Int) { points[tree * capacity + slot] = point }

    /// Writes the points of the first `count` slots, which are about to be restored.
    @inline(__always)
    func restorePoints(_ tree: Int, count: Int, _ point: (_ slot: Int) -> Int) {
        points.write(from: tree * capacity, count: count, point)
    }

    /// The number of a tree's slots that hold a point. O(capacity).
    func count(_ tree: Int, point: Int) -> Int {
        var count = 0
        for slot in 0..<Int(sizes[tree]) where points[tree * capacity + slot] == point { count += 1 }
        return count
    }

    /// Lets the clock go on to the next point, of sampling weight `weight`.
    @inline(__always)
    func tick(weight: Double) {
        var now = state.pointee
        now.growth *= now.ratio
        if now.growth > 0x1p30 || now.clock > 0x1p40 { rescale(&now) }
        now.pointWeight = weight * now.growth
        now.clockBefore = now.clock
        now.clock += now.pointWeight
        state.pointee = now
    }

    /// Sets the clock to 0, and g to about 1, at the same weights.
    @inline(never)
    private func rescale(_ now: inout State) {
        let scale = Double(sign: .plus, exponent: -Int(now.growth.exponent), significand: 1)
        for tree in 0..<treeCount { targets[tree] = (targets[tree] - now.clock) * scale }
        now.clock = 0
        now.growth *= scale
        let inverse = Float(1 / scale)
        for slot in 0..<treeCount * groupCount * groupSize { values[slot] *= inverse }
        for group in 0..<treeCount * groupStride { groupMaxima[group] *= inverse }
    }

    /// Whether a tree that is not full takes the present point: into which slot, and with what v.
    ///
    /// A tree that declines to grow takes the point all the same, in place of its largest, if v is smaller.
    func offer(
        _ tree: Int,
        acceptFraction: Double,
        _ generator: inout ForestGenerator
    ) -> (slot: Int, value: Float)? {
        let size = Int(sizes[tree])
        let share = Double(size) / Double(capacity)
        let probability = share < acceptFraction ? 1 : 1 - (share - acceptFraction) / (1 - acceptFraction)
        let value = Float(generator.exponential() / state.pointee.pointWeight)
        if probability >= 1 || generator.uniform() < probability { return (size, value) }
        let largestSlot = Int(largest[tree])
        guard value < values(tree)[largestSlot] else { return nil }
        return (largestSlot, value)
    }

    /// Writes the trees that take the present point, in their order, where all trees are full. O(trees)
    ///
    /// - Parameter due: Room for one more than there are trees.
    /// - Returns: How many these are.
    @inline(__always)
    func findDue(into due: UnsafeMutablePointer<UInt32>, kernel: Bool) -> Int {
        let clock = state.pointee.clock
        if kernel {
            return Int(forest_kernel_due(targets, Int32(truncatingIfNeeded: treeCount), clock, due))
        }
        var count = 0
        // Without a branch on whether a tree accepts, target ≤ clock: one in ten does, by chance.
        for tree in 0..<treeCount {
            due[count] = UInt32(truncatingIfNeeded: tree)
            let sign = (clock - targets[tree]).bitPattern >> 63
            count &+= 1 &- Int(truncatingIfNeeded: sign)
        }
        return count
    }

    /// The v of the present point in a full tree that takes it.
    @inline(__always)
    func acceptedValue(_ tree: Int) -> Float {
        let now = state.pointee
        let maximum = Double(values(tree)[Int(largest[tree])])
        return Float(maximum * (targets[tree] - now.clockBefore) / now.pointWeight)
    }

    /// Puts a point into a slot, a new one while the tree is not full, and finds the new largest.
    @inline(__always)
    func put(_ tree: Int, slot: Int, value: Float, point: Int, kernel: Bool) {
        let slots = values(tree)
        let maxima = groupMaxima + tree * groupStride
        setPoint(tree, slot, point)
        if slot == Int(sizes[tree]) {
            sizes[tree] += 1
            if Int(sizes[tree]) == capacity { state.pointee.fullTrees += 1 }
        }
        let group = slot / groupSize
        let places = groupPlaces + tree * groupStride
        let start = slots + group * groupSize
        let place = Self.replace(start, groupSize, slot - group * groupSize, value, kernel: kernel)
        places[group] = UInt8(truncatingIfNeeded: place)
        let best = Self.replace(maxima, groupStride, group, start[place], kernel: kernel)
        largest[tree] = UInt32(truncatingIfNeeded: best * groupSize + Int(places[best]))
    }

    /// Draws when a tree accepts next, if it is full; to be called once for each point that it takes.
    @inline(__always)
    func drawTarget(_ tree: Int, _ generator: inout ForestGenerator) {
        guard Int(sizes[tree]) == capacity else { return }
        let maximum = Double(values(tree)[Int(largest[tree])])
        targets[tree] = state.pointee.clock + generator.exponential() / maximum
    }

    /// The v of a tree's slots.
    @inline(__always)
    func values(_ tree: Int) -> UnsafeMutablePointer<Float> { values + tree * groupCount * groupSize }

    /// Makes a sample of nothing.
    func clear(_ tree: Int) { clearSlots(tree, from: 0) }

    private func clearSlots(_ tree: Int, from first: Int) {
        (values(tree) + first).initialize(repeating: 0, count: groupCount * groupSize - first)
    }

    /// Takes over the values and points that were written to the first `size` slots of an empty tree.
    ///
    /// - Parameter size: At least 1.
    func restore(_ tree: Int, size: Int, target: Double) {
        clearSlots(tree, from: size)
        let slots = values(tree)
        let maxima = groupMaxima + tree * groupStride
        let places = groupPlaces + tree * groupStride
        for group in 0..<(size + groupSize - 1) / groupSize {
            let inGroup = Self.largest(slots + group * groupSize, groupSize)
            maxima[group] = inGroup.value
            places[group] = UInt8(truncatingIfNeeded: inGroup.index)
        }
        let best = Self.largest(maxima, groupStride)
        largest[tree] = UInt32(truncatingIfNeeded: best.index * groupSize + Int(places[best.index]))
        sizes[tree] = UInt32(truncatingIfNeeded: size)
        if size == capacity { state.pointee.fullTrees += 1 }
        targets[tree] = target
    }

    /// To be called when trees have grown.
    func compareSizes() {
        var equal = true
        for tree in 1..<max(1, treeCount) where sizes[tree] != sizes[0] { equal = false }
        state.pointee.areSizesEqual = equal
    }

    /// Writes one of some numbers, and finds where the largest is.
    @inline(__always)
    private static func replace(
        _ values: UnsafeMutablePointer<Float>,
        _ count: Int,
        _ place: Int,
        _ value: Float,
        kernel: Bool
    ) -> Int {
        if kernel {
            let (count, place) = (Int32(truncatingIfNeeded: count), UInt32(truncatingIfNeeded: place))
            return Int(forest_kernel_replace(values, count, place, value))
        }
        values[place] = value
        return largest(values, count).index
    }

    /// The largest of some numbers, which are not negative, and where it is. `count` is a multiple of 4.
    ///
    /// Numbers that are not negative are in the order of their bits, and differences make masks that compile to selections.
    @inline(__always)
    private static func largest(
        _ values: UnsafeMutablePointer<Float>,
        _ count: Int
    ) -> (value: Float, index: Int) {
        let bits = UnsafeRawPointer(values)
        var best = bits.loadUnaligned(as: SIMD4<Int32>.self)
        var places = SIMD4<Int32>(0, 1, 2, 3)
        var here = places
        var first = 4
        while first < count {
            here &+= 4
            let next = bits.loadUnaligned(fromByteOffset: 4 * first, as: SIMD4<Int32>.self)
            // All ones where the next is larger. A difference of two such numbers does not overflow.
            let larger = (best &- next) &>> 31
            best = best ^ ((best ^ next) & larger)
            places = places ^ ((places ^ here) & larger)
            first += 4
        }
        let (first0, first1) = best[1] > best[0] ? (best[1], places[1]) : (best[0], places[0])
        let (last0, last1) = best[3] > best[2] ? (best[3], places[3]) : (best[2], places[2])
        let (value, place) = last0 > first0 ? (last0, last1) : (first0, first1)
        return (Float(bitPattern: UInt32(bitPattern: value)), Int(place))
    }
}
