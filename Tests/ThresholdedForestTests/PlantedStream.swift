import SeededNumbers
import ThresholdedForest

/// A stream of two values: a wave around 100, and noise around half of it. Spikes are planted in one of them.
struct PlantedStream {
    var rows: [[Double]] = []
    /// The rows without spikes.
    var usual: [[Double]] = []

    init(count: Int, seed: UInt64, spikes: [Int: (dimension: Int, height: Double)] = [:]) {
        var generator = SeededGenerator(seed: seed)
        let wave = [0.0, 5, 8.66, 10, 8.66, 5, 0, -5, -8.66, -10, -8.66, -5]
        for index in 0..<count {
            let first = 100 + wave[index % 12] + 0.3 * generator.normal()
            var row = [first, 0.5 * first + 0.3 * generator.normal()]
            usual.append(row)
            if let spike = spikes[index] { row[spike.dimension] += spike.height }
            rows.append(row)
        }
    }

    func process(_ configuration: ThresholdedRandomCutForest.Configuration) throws -> [GradedRow] {
        let forest = try ThresholdedRandomCutForest(configuration)
        return try rows.map { try forest.process($0) }
    }
}
