import ForestTestSupport
import Testing

@testable import RandomCutForest

@Suite(
    "Displacement, density and neighbours of the reference vectors",
    .enabled(if: SharedVectors.arePresent, SharedVectors.absence)
)
struct ProbeParityTests {
    struct Probes: Decodable {
        let probes: [Probe]
    }

    struct Probe: Decodable {
        let t: Int
        let displacementRawMean: Double
        let displacementRawSd: Double
        let densityMean: Double
        let densitySd: Double
        let nearestNeighborL2Mean: Double
        let nearestNeighborL2Sd: Double
    }

    struct ProbeMoments {
        var displacement = Moments()
        var density = Moments()
        var distance = Moments()
    }

    static let seeds = 24

    /// The rule of the vectors with a slack relative to the mean: densities span seven orders of magnitude.
    func agrees(_ ours: Moments, _ mean: Double, _ deviation: Double, slack: Double) -> Bool {
        let variance =
            ours.deviation * ours.deviation / Double(ours.count) + deviation * deviation / 20
        return abs(ours.mean - mean) <= 4 * variance.squareRoot() + slack * abs(mean) + 1e-12
    }

    @Test(
        "agree at probes of a stream",
        arguments: ["s3_sh1_t50", "s3_sh1_t50_n64", "s1_sh8_t50", "s3_sh8_t50", "sd_sh1_t50", "sg_sh1_t50"]
    )
    func stream(name: String) throws {
        let probes = try SharedVectors.json(name + "_probes.json", as: Probes.self).probes
        let points = try SharedVectors.points(name.prefix(2) + "_input.csv")
        let small = name.hasSuffix("n64")
        var moments = Array(repeating: ProbeMoments(), count: probes.count)
        for seed in 0..<Self.seeds {
            let forest = try RandomCutForest(
                .init(
                    dimensions: points[0].count,
                    shingleSize: name.contains("sh8") ? 8 : 1,
                    sampleSize: small ? 64 : 256,
                    timeDecay: small ? 0.01 : 1.0 / 2560,
                    seed: UInt64(seed)
                )
            )
            var next = 0
            for (row, point) in points.enumerated() {
                if next < probes.count, probes[next].t == row {
                    if forest.isReady { try add(point, forest, &moments[next]) }
                    next += 1
                }
                try forest.update(point)
            }
            #expect(next == probes.count)
        }
        var bad: [String] = []
        for (probe, found) in zip(probes, moments) {
            let displacement = (probe.displacementRawMean, probe.displacementRawSd)
            if !agrees(found.displacement, displacement.0, displacement.1, slack: 0.01) {
                bad.append("displacement at \(probe.t): \(found.displacement.mean), \(displacement)")
            }
            // AWS divides by a sample size that is rounded up from 51/50 of it: up to 2 % less.
            let density = (probe.densityMean * 1.01, probe.densitySd)
            if !agrees(found.density, density.0, density.1, slack: 0.015) {
                bad.append("density at \(probe.t): \(found.density.mean), \(density)")
            }
            let distance = (probe.nearestNeighborL2Mean, probe.nearestNeighborL2Sd)
            if !agrees(found.distance, distance.0, distance.1, slack: 0.002) {
                bad.append("distance at \(probe.t): \(found.distance.mean), \(distance)")
            }
        }
        #expect(bad.isEmpty, "\(bad.joined(separator: "\n")) of \(3 * probes.count)")
    }

    private func add(_ point: [Float], _ forest: RandomCutForest, _ moments: inout ProbeMoments) throws {
        let displacement = try #require(try forest.displacement(point))
        #expect(0...1 ~= displacement)
        let raw = forest.displaceQuery { displacement, _, _ in displacement }
        moments.displacement.add(raw)
        let density = try #require(try forest.density(point))
        let parts = zip(density.high, density.low).reduce(0) { $0 + $1.0 + $1.1 }
        #expect(abs(parts - density.value) <= 1e-9 * density.value)
        moments.density.add(density.value)
        let neighbors = try #require(try forest.neighbors(point))
        #expect(neighbors.reduce(0) { $0 + $1.treeCount } == forest.configuration.treeCount)
        moments.distance.add(try #require(neighbors.first).distance)
    }
}
