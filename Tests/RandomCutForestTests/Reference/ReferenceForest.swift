@testable import RandomCutForest

/// A random cut forest written to be read: lists, recursion, nothing kept that could be worked out again.
///
/// It draws from the same generator in the same order as `RandomCutForest`, and so gives the same bits. Rows are
/// Float with internal shingling.
struct ReferenceForest {
    let configuration: RandomCutForest.Configuration
    private(set) var trees: [ReferenceCutTree?]
    private(set) var samples: [ReferenceSample]
    private(set) var updateCount = 0
    private(set) var generator: ForestGenerator
    var isLearning = true
    private var clock: ReferenceClock
    /// The rows that may become part of the next point, oldest first.
    private var rows: [[Float]] = []

    init(_ configuration: RandomCutForest.Configuration) {
        self.configuration = configuration
        trees = Array(repeating: nil, count: configuration.treeCount)
        let sample = ReferenceSample(capacity: configuration.sampleSize)
        samples = Array(repeating: sample, count: configuration.treeCount)
        generator = ForestGenerator(seed: configuration.seed)
        clock = ReferenceClock(timeDecay: configuration.timeDecay)
    }

    var isReady: Bool { isReadyForPoints && rows.count >= configuration.shingleSize - 1 }

    var isReadyForPoints: Bool { updateCount >= configuration.outputAfter && trees[0] != nil }

    /// The newest shingle.
    var lastPoint: [Float]? {
        let count = configuration.shingleSize
        return count > 1 && rows.count == count ? Array(rows.joined()) : nil
    }

    /// The point that a row makes with those before it; nil while the shingle is not full.
    func point(_ row: [Float]) -> [Float]? {
        guard rows.count >= configuration.shingleSize - 1 else { return nil }
        return Array(rows.suffix(configuration.shingleSize - 1).joined()) + row.map(rounded)
    }

    /// A value as the trees see it.
    private func rounded(_ value: Float) -> Float {
        let floor = Float(configuration.noiseFloor)
        var value = value
        if floor > 0, abs(value / floor) < 0x1p23 {
            value = (value / floor).rounded(.toNearestOrAwayFromZero) * floor
        }
        // Adding 0 makes 0 of -0.
        return min(max(value, -Query.limit), Query.limit) + 0
    }

    mutating func setTimeDecay(_ timeDecay: Double) { clock.ratio = exponential(timeDecay) }

    mutating func beginShingle() { rows = [] }

    mutating func update(_ row: [Float], samplingWeight: Double = 1) {
        if isLearning {
            if let point = point(row) { learn(point, samplingWeight) }
            updateCount += 1
        }
        rows.append(row.map(rounded))
        rows = rows.suffix(configuration.shingleSize > 1 ? configuration.shingleSize : 0)
    }

    private mutating func learn(_ point: [Float], _ samplingWeight: Double) {
        if let change = clock.tick(samplingWeight) {
            for tree in samples.indices { samples[tree].rescale(origin: change.origin, scale: change.scale) }
        }
        var offers: [(tree: Int, offer: (slot: Int, value: Float))] = []
        for tree in samples.indices {
            let fraction = configuration.initialAcceptFraction
            if let offer = samples[tree].offer(clock, fraction, &generator) { offers.append((tree, offer)) }
        }
        for (tree, _) in offers {
            trees[tree] = trees[tree]?.inserting(point, &generator) ?? .leaf(point: point, mass: 1)
        }
        for (tree, offer) in offers {
            if let evicted = samples[tree].put(point, offer, clock, &generator) {
                trees[tree] = trees[tree]?.removing(evicted)
            }
        }
    }
}
