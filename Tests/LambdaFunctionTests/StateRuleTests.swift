import Testing

@testable import LambdaFunction

@Suite("The rule of warm models")
struct StateRuleTests {
    @Test(
        "what a Kafka batch means to models that expect offset 10",
        arguments: [
            ([10, 11, 12], 0, false), ([10], 0, false), ([7, 8, 9], 3, false), ([8, 9, 10, 11], 2, false),
            ([11, 12], 0, true), ([500], 0, true), ([8, 9, 12], 2, true), ([], 0, false),
        ] as [([Int64], Int, Bool)]
    )
    func offsets(batch: [Int64], seen: Int, gap: Bool) {
        let rule = StateRule(.offsets(batch), at: .offset(10))
        #expect(rule.seenCount == seen)
        #expect(rule.hasGap == gap)
    }

    @Test(
        "what a Kinesis batch means to models that have seen 4959…9",
        arguments: [
            (["49590338271490256608559692538361571095921575989136588899"], 1, false),
            (
                [
                    "49590338271490256608559692538361571095921575989136588898",
                    "49590338271490256608559692538361571095921575989136588900",
                ], 1, false
            ),
            (["49590338271490256608559692538361571095921575989136588900"], 0, true),
            (["495903382714902566085596925383615710959215759891365888990"], 0, true),
            (["9"], 1, false),
        ]
    )
    func sequences(batch: [String], seen: Int, gap: Bool) {
        let position = StreamPosition.sequence(
            SequenceNumber("49590338271490256608559692538361571095921575989136588899")
        )
        let rule = StateRule(.sequences(batch.map { SequenceNumber($0) }), at: position)
        #expect(rule.seenCount == seen)
        #expect(rule.hasGap == gap)
    }

    @Test("a position of another kind tells nothing")
    func otherKind() {
        for position in [StreamPosition.unordered, .sequence(SequenceNumber("5"))] {
            let rule = StateRule(.offsets([1, 2]), at: position)
            #expect(rule.seenCount == 0 && rule.hasGap)
        }
    }

    @Test("sequence numbers are ordered as numbers, not as texts")
    func order() {
        let ascending = [
            "0", "5", "10", "099", "100", "18446744073709551616",
            "49590338271490256608559692538361571095921575989136588898",
        ]
        let numbers = ascending.map { SequenceNumber($0) }
        #expect(numbers == numbers.sorted())
        #expect(SequenceNumber("007") == SequenceNumber("7"))
    }

    @Test(
        "saved models come back, and damage is noticed",
        arguments: [
            StreamPosition.unordered, .offset(.max),
            .sequence(SequenceNumber("49590338271490256608559692538361571095921575989136588898")),
        ]
    )
    func saved(position: StreamPosition) throws {
        let saved = SavedModels(position: position, state: [1, 2, 3])
        let bytes = saved.encoded
        #expect(try SavedModels(encoded: bytes) == saved)
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 0x10
            #expect(throws: (any Error).self) { try SavedModels(encoded: damaged) }
        }
        #expect(throws: (any Error).self) { try SavedModels(encoded: Array(bytes.dropLast())) }
    }
}
