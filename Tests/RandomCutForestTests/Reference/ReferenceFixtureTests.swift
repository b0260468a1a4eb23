import Testing

@testable import RandomCutForest

/// Scores that version 1 of the generator and of the forest gave. A number that changes is a changed behaviour:
/// saved forests would go on differently, and results would not repeat. Never write them anew without a reason.
@Suite("Scores of version 1")
struct ReferenceFixtureTests {
    struct Fixture: Sendable, CustomTestStringConvertible {
        var stream: InvariantTests.Stream
        var shape: ReferenceForestTests.Shape
        /// The bits of every 25th score of 400, from the 25th on; then the next number of the generator.
        var numbers: [UInt64]

        var testDescription: String { "\(stream), \(shape.testDescription)" }
    }

    static let fixtures: [Fixture] = [
        Fixture(
            stream: .smooth,
            shape: .init(dimensions: 3, trees: 10, samples: 32),
            numbers: [
                0x3FE4_5F64_94C1_1AB4, 0x3FF3_6166_A1B4_4093, 0x3FE8_8CD6_F66D_8041, 0x3FF1_D4DE_40D6_CBEB,
                0x3FF0_343B_6515_16C0, 0x3FF0_EA62_2F17_4F06, 0x3FF1_A4FE_84F9_B11C, 0x3FE9_585C_CE96_8413,
                0x3FF0_5420_B14B_8DF2, 0x3FF1_5670_6154_E1C2, 0x3FEA_5A68_2CB3_7B1D, 0x3FEB_C91D_FD15_1640,
                0x3FF0_5DB8_0516_26C5, 0x3FF0_EA4F_952E_D926, 0x3FED_3238_AC26_B152, 0x3FEB_2573_5069_0643,
                0xBAAD_A1D4_781B_667B,
            ]
        ),
        Fixture(
            stream: .integers,
            shape: .init(dimensions: 2, trees: 7, samples: 32, acceptFraction: 0.125),
            numbers: [
                0x3FE9_7709_D9C5_5E87, 0x3FF4_04EA_9EF8_14B9, 0x3FEA_BED9_4B01_1CF9, 0x3FF4_ED89_FA52_1119,
                0x3FE8_33D9_46DD_3225, 0x3FEB_C5BD_D79F_1D6D, 0x3FEE_195D_02B2_543F, 0x3FE8_AE55_8747_5A45,
                0x3FEA_69DF_C02C_E3C1, 0x3FEC_C098_B48A_8C48, 0x3FEC_6BBD_78EC_592B, 0x3FE7_055F_E054_55CF,
                0x3FEB_1BD8_1E30_278B, 0x3FED_9EF6_6C32_2D3A, 0x3FEB_EB63_5EB8_9D2B, 0x3FF0_58E7_72FE_191B,
                0x5F1E_0D7B_DE62_72E5,
            ]
        ),
        Fixture(
            stream: .clusters,
            shape: .init(dimensions: 9, trees: 5, samples: 24),
            numbers: [
                0x3FEC_6081_D3B4_29CD, 0x3FF1_AD4A_FFA2_8E72, 0x3FF0_445D_1EE8_A65A, 0x3FF2_1220_29D7_9980,
                0x3FEF_A530_4378_18BD, 0x3FED_A31C_2A5A_B852, 0x3FEF_DE72_D3EB_2ABB, 0x3FF1_7898_E2F7_2944,
                0x3FF1_3B02_6A12_06EF, 0x3FF0_EDE5_3520_B388, 0x3FF2_0A2F_154C_FFA5, 0x3FF1_B935_5FA1_AB36,
                0x3FED_8DBE_A1B2_4590, 0x3FE9_A8A6_756A_C4FB, 0x3FEF_2E83_3A43_1C75, 0x3FED_5912_D8CD_CC6A,
                0x8DA8_F022_8958_856E,
            ]
        ),
        Fixture(
            stream: .powers,
            shape: .init(dimensions: 2, shingle: 4, trees: 5, samples: 24),
            numbers: [
                0x3FE6_6074_FACB_FE6C, 0x3FD8_E22B_3DE4_ED0E, 0x3FDB_4E2E_FEE2_5D5B, 0x3FF3_F6BB_CB73_D8C1,
                0x3FE9_2DEE_A7CA_EDAC, 0x3FD1_4F9D_9A4F_8CF6, 0x3FEC_E3B8_EDB3_BB82, 0x3FDA_3959_CD8B_5E0B,
                0x4001_CF8A_3156_4C1C, 0x3FDB_9689_041C_2543, 0x3FCB_D6C0_7FC8_E3B0, 0x3FD6_07BC_CCB6_E3C8,
                0x3FEC_DB4C_16EA_8C20, 0x3FDA_1356_5EBC_DD55, 0x3FD1_E9BA_E04E_3682, 0x3FD4_956B_F55C_8EC2,
                0xF3B4_3A6D_A063_693D,
            ]
        ),
    ]

    static func numbers(_ fixture: Fixture, kernel: Bool) throws -> [UInt64] {
        let forest = try RandomCutForest(fixture.shape.configuration(seed: 1))
        forest.usesKernel = kernel
        var generator = ForestGenerator(seed: 2)
        var numbers: [UInt64] = []
        for row in 1...400 {
            let point = InvariantTests().point(fixture.stream, fixture.shape.dimensions, row, &generator)
            let score = try forest.scoreThenUpdate(point)
            if row % 25 == 0 { numbers.append(score?.bitPattern ?? 0) }
        }
        return numbers + [forest.generator.next()]
    }

    @Test("come again, from the kernel, from Swift, and from the reference", arguments: fixtures)
    func scores(fixture: Fixture) throws {
        #expect(try Self.numbers(fixture, kernel: true) == fixture.numbers)
        #expect(try Self.numbers(fixture, kernel: false) == fixture.numbers)
        var forest = ReferenceForest(fixture.shape.configuration(seed: 1))
        var generator = ForestGenerator(seed: 2)
        var numbers: [UInt64] = []
        for row in 1...400 {
            let point = InvariantTests().point(fixture.stream, fixture.shape.dimensions, row, &generator)
            if row % 25 == 0 { numbers.append(forest.score(point)?.bitPattern ?? 0) }
            forest.update(point)
        }
        var last = forest.generator
        #expect(numbers + [last.next()] == fixture.numbers)
    }
}
