import RandomCutForestKernel

/// A random cut forest over a stream of points: how unusual a point is, and in which of its values.
///
/// Two verbs: ``score(_:)-([Float])`` never learns, ``update(_:)-([Float])`` learns. The forest knows no clock, no global
/// randomness and no I/O; the same seed and input give the same bits on every machine. Readiness is explicit:
/// scores are nil until ``isReady``.
///
/// A score is between 0 and log2(1 + sampleSize), about 8 for 256 samples. Usual points score 0.6 to 1, clear outliers
/// 1.5 and more. With T trees of n samples in d dimensions a score or an update takes O(T·(log n + d)) time on
/// data that is not degenerate, and allocates nothing.
///
/// Sources: Guha, Mishra, Roy, Schrijvers, "Robust Random Cut Forest Based Anomaly Detection On
/// Streams", ICML 2016; scores and attribution follow AWS's implementations of it.
///
/// A forest has one owner: it is not Sendable, and no two calls may overlap. So accesses to what every row moves are
/// not checked for that at run time, which would take a twentieth of its time.
public final class RandomCutForest {
    public let configuration: Configuration
    /// Rows learned so far, those that filled the first shingle included.
    @exclusivity(unchecked) public internal(set) var updateCount = 0

    let trees: Trees
    let points: PointStore
    let sampler: Sampler
    let walk: Walk
    let query: Query
    let attributionParts: AttributionParts
    @exclusivity(unchecked) var shingle: Shingle
    @exclusivity(unchecked) var generator: ForestGenerator
    @exclusivity(unchecked) var plan: UpdatePlan
    @exclusivity(unchecked) var origins: Origins {
        didSet { hasOrigins = origins.isSettled && origins.values.contains { $0 != 0 } }
    }
    @exclusivity(unchecked) private(set) var hasOrigins = false
    let noiseFloor: Float
    /// log2(1 + mass) by tree: brings scores of trees of different size to one scale.
    let normalizers: UnsafeMutablePointer<Double>
    /// Whether the hot loops run in the C kernel, which needs AVX2, or in Swift. Both give the same bits; to be set
    /// for measurements and tests only. True has no effect on a processor without AVX2.
    @exclusivity(unchecked) public var usesKernel = forest_kernel_is_supported() {
        didSet { usesKernel = usesKernel && forest_kernel_is_supported() }
    }
    let sequenceNumbers: SequenceNumbers?
    /// The rate at which older points lose weight, now: the configuration's until it is changed.
    public internal(set) var timeDecay: Double
    /// Whether updates are learned; while they are not, they only move the shingle on.
    @exclusivity(unchecked) public internal(set) var isLearning = true
    /// The sampling weight of the row that is being learned.
    @exclusivity(unchecked) var samplingWeight = 1.0
    /// Made when a function first needs it.
    lazy var scratch = FunctionScratch(shape: trees.shape, sampleSize: configuration.sampleSize)

    /// Made when a batch first needs them, one for each part.
    var batches: [BatchScratch] = []

    /// Allocates all memory that the forest will ever use to score and to learn row by row.
    public convenience init(_ configuration: Configuration) throws(ForestError) {
        try configuration.validate()
        self.init(unfilled: configuration)
        for tree in 0..<configuration.treeCount { clear(tree) }
    }

    /// Each tree is still to be cleared or loaded. The configuration is valid.
    init(unfilled configuration: Configuration) {
        self.configuration = configuration
        let treeCount = configuration.treeCount
        let sampleSize = configuration.sampleSize
        let dimensions = configuration.pointDimensions
        trees = Trees(treeCount: treeCount, sampleSize: sampleSize, dimensions: dimensions)
        points = PointStore(stride: dimensions, capacity: treeCount * sampleSize + 1)
        sampler = Sampler(treeCount: treeCount, capacity: sampleSize, timeDecay: configuration.timeDecay)
        walk = Walk(trees: trees)
        query = Query(shape: trees.shape)
        attributionParts = AttributionParts(shape: trees.shape)
        let rowCount = configuration.shingling == .internal ? configuration.shingleSize : 1
        shingle = Shingle(rowSize: configuration.inputDimensions, rowCount: rowCount)
        generator = ForestGenerator(seed: configuration.seed)
        origins = Origins(dimensions: configuration.inputDimensions, outputAfter: configuration.outputAfter)
        noiseFloor = Float(configuration.noiseFloor)
        plan = UpdatePlan(treeCount: treeCount)
        normalizers = .allocate(capacity: treeCount)
        normalizers.initialize(repeating: 0, count: treeCount)
        timeDecay = configuration.timeDecay
        let places = treeCount * sampleSize + 1
        sequenceNumbers = configuration.keepsSequenceNumbers ? SequenceNumbers(capacity: places) : nil
    }

    deinit {
        trees.deallocate()
        points.deallocate()
        sampler.deallocate()
        walk.deallocate()
        query.deallocate()
        attributionParts.deallocate()
        shingle.deallocate()
        plan.deallocate()
        normalizers.deallocate()
        sequenceNumbers?.deallocate()
    }

    /// Makes a tree of nothing, with a sample of nothing.
    func clear(_ tree: Int) {
        trees.clear(tree)
        sampler.clear(tree)
    }

    /// Whether scores are given: `outputAfter` rows were learned, the trees hold a point, and the next row makes a
    /// whole shingle.
    public var isReady: Bool {
        updateCount >= configuration.outputAfter && points.liveCount > 0 && shingle.completes
    }

    /// Whether every tree holds `sampleSize` points.
    public var isFull: Bool { sampler.isFull }

    /// Points that at least one tree holds.
    public var livePointCount: Int { points.liveCount }

    func countUpdate() { if isLearning { updateCount += 1 } }
}
