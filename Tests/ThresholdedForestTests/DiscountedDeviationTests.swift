import SeededNumbers
import Testing

@testable import ThresholdedForest

@Suite("The discounted deviation")
struct DiscountedDeviationTests {
    @Test("is what one computes by hand")
    func byHand() {
        var half = DiscountedDeviation(discount: 0.5)
        #expect(half.mean == 0 && half.deviation == 0 && half.count == 0)
        for value in [1.0, 2, 4] { half.update(value) }
        // Weights 1/4, 1/2, 1: (0.25 + 1 + 4) / 1.75 = 3; squares (0.25·4 + 0.5·1 + 1) / 1.75 = 10/7.
        #expect(half.count == 3)
        #expect(abs(half.mean - 3) < 1e-12)
        #expect(abs(half.deviation - (10.0 / 7).squareRoot()) < 1e-12)
        half.reset()
        #expect(half == DiscountedDeviation(discount: 0.5))
    }

    @Test("equals the discounted sums, and keeps its digits where they lose theirs")
    func sums() {
        var generator = SeededGenerator(seed: 1)
        for offset in [0.0, 1.7e9] {
            var found = DiscountedDeviation(discount: 0.01)
            var (weight, sum, squares) = (0.0, 0.0, 0.0)
            for _ in 0..<2000 {
                let value = 5 * generator.normal()
                found.update(value + offset)
                weight = weight * 0.99 + 1
                sum = sum * 0.99 + value
                squares = squares * 0.99 + value * value
            }
            let mean = sum / weight
            #expect(abs(found.mean - offset - mean) < 1e-6)
            #expect(abs(found.deviation - (squares / weight - mean * mean).squareRoot()) < 1e-6)
        }
    }
}
