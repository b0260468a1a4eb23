@testable import RandomCutForest

/// Changes saved states at random.
struct StateMutator {
    private var generator: ForestGenerator
    private let states: [[UInt8]]

    init(seed: UInt64, states: [[UInt8]]) {
        generator = ForestGenerator(seed: seed)
        self.states = states
    }

    private mutating func below(_ bound: Int) -> Int { Int(generator.next() % UInt64(bound)) }

    /// A state with one to three changes. With `sealed` its length and checksum are right again.
    mutating func next(sealed: Bool) -> [UInt8] {
        var state = states[below(states.count)]
        for _ in 0...below(3) { change(&state) }
        if sealed { Self.seal(&state) }
        return state
    }

    private mutating func change(_ state: inout [UInt8]) {
        let odd: [UInt8] = [0, 1, 2, 0x7F, 0x80, 0xFE, 0xFF]
        guard !state.isEmpty else { return }
        // Half of them in the header and the counts.
        let place = below(below(2) == 0 ? min(200, state.count) : state.count)
        switch below(16) {
        case 0...4: state[place] ^= 1 << UInt8(below(8))
        case 5...8: state[place] = odd[below(odd.count)]
        case 9...11: state[place] = UInt8(truncatingIfNeeded: generator.next())
        case 12, 13:
            // Some bytes from elsewhere: links and counts that are right, in another place.
            let other = below(state.count)
            for index in 0..<min(1 + below(12), state.count - max(place, other)) {
                state[place + index] = state[other + index]
            }
        case 14: state.removeSubrange(place..<min(place + 1 + below(16), state.count))
        default: state.insert(contentsOf: (0...below(16)).map { _ in odd[below(odd.count)] }, at: place)
        }
    }

    /// Makes length and checksum right again.
    static func seal(_ state: inout [UInt8]) {
        guard state.count >= 32 else { return }
        let count = state.count
        withUnsafeBytes(of: UInt64(count).littleEndian) { state.replaceSubrange(16..<24, with: $0) }
        let sum = state.withUnsafeBytes { xxHash64(UnsafeRawBufferPointer(rebasing: $0.dropLast(8))) }
        withUnsafeBytes(of: sum.littleEndian) { state.replaceSubrange(count - 8..<count, with: $0) }
    }
}
