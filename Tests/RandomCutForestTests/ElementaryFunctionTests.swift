import Foundation
import Testing

@testable import RandomCutForest

@Suite("Logarithm and exponential of our own")
struct ElementaryFunctionTests {
    func ulps(_ value: Double, _ reference: Double) -> Double {
        value == reference ? 0 : abs(value - reference) / reference.ulp
    }

    @Test("the logarithm is within 1 ulp of the C library's")
    func logarithm() {
        var generator = ForestGenerator(seed: 1)
        var worst = 0.0
        for _ in 0..<1_000_000 {
            let uniform = generator.uniform()
            let near = 1 + (generator.uniform() - 0.5) * 0x1p-10
            let wide = Double(bitPattern: generator.next() % 0x7FE0_0000_0000_0000 + 0x0010_0000_0000_0000)
            for value in [uniform, near, wide] where value.isFinite {
                worst = max(worst, ulps(naturalLogarithm(value), log(value)))
            }
        }
        #expect(worst <= 1, "\(worst) ulp")
        #expect(naturalLogarithm(1) == 0)
        for value in [
            (0.5).squareRoot(), (2.0).squareRoot(), 2, 0.5, .leastNormalMagnitude, .greatestFiniteMagnitude,
        ] {
            #expect(ulps(naturalLogarithm(value), log(value)) <= 1)
        }
    }

    @Test("the exponential is within 1 ulp of the C library's")
    func exponentials() {
        var generator = ForestGenerator(seed: 2)
        var worst = 0.0
        for _ in 0..<1_000_000 {
            for value in [
                (generator.uniform() - 0.5) * 1400, generator.uniform() - 0.5, generator.uniform() * 1e-3,
            ] {
                worst = max(worst, ulps(exponential(value), exp(value)))
            }
        }
        #expect(worst <= 1, "\(worst) ulp")
        #expect(exponential(0) == 1)
        #expect(exponential(710) == .infinity)
        #expect(exponential(-800) == 0)
        #expect(exponential(.nan).isNaN)
        #expect(ulps(exponential(709.7), exp(709.7)) <= 1)
    }

    @Test("version 1 of the generator gives these numbers for ever")
    func generator() {
        // xoshiro256** seeded by SplitMix64 of 0: known values of the published algorithms.
        var generator = ForestGenerator(seed: 0)
        #expect(generator.state.0 == 0xE220_A839_7B1D_CDAF)
        #expect(generator.state.1 == 0x6E78_9E6A_A1B9_65F4)
        #expect(generator.next() == 0x99EC_5F36_CB75_F2B4)
        #expect(generator.next() == 0xBF6E_1F78_4956_452A)
    }
}
