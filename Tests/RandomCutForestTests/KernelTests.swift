import RandomCutForestKernel
import Testing

@testable import RandomCutForest

@Suite(
    "The C kernel",
    .enabled(if: forest_kernel_is_supported(), "this processor has no AVX2, the Swift path runs alone")
)
struct KernelTests {
    @Test("gives the same bits as the Swift code, for narrow and wide points, few and many trees")
    func sameBits() throws {
        for (dimensions, trees, samples) in [
            (1, 7, 64), (2, 50, 64), (3, 50, 256), (4, 9, 33), (5, 17, 40), (8, 64, 30), (9, 65, 40),
            (32, 100, 64),
            (33, 130, 16), (3, 1, 1), (40, 1, 2), (300, 3, 20),
        ] {
            for stream in InvariantTests.Stream.allCases {
                var generator = ForestGenerator(seed: 21)
                let configuration = RandomCutForest.Configuration(
                    dimensions: dimensions,
                    treeCount: trees,
                    sampleSize: samples,
                    initialAcceptFraction: dimensions % 2 == 0 ? 0.25 : 1,
                    seed: 9
                )
                let (fast, plain) = (try RandomCutForest(configuration), try RandomCutForest(configuration))
                plain.usesKernel = false
                #expect(fast.usesKernel)
                for row in 0..<4 * samples + 20 {
                    let point = InvariantTests().point(stream, dimensions, row, &generator)
                    let score = try fast.scoreThenUpdate(point)
                    #expect(
                        try plain.score(point)?.bitPattern == score?.bitPattern,
                        "\(dimensions) \(stream) \(row)"
                    )
                    try plain.update(point)
                    if row % 16 == 0 {
                        #expect(try fast.attribution(point) == plain.attribution(point))
                    }
                }
                #expect(fast.generator == plain.generator)
                #expect(fast.brokenInvariant() == nil)
                #expect(plain.brokenInvariant() == nil)
            }
        }
    }
}
